// Package catalog is the control path: it imports descriptions, connects
// products, keeps secrets and keys, and applies a ductape.yaml. The rules live
// here; a store only keeps rows. Start with New, then Catalog.Apply.
//
// It promises:
//   - every save is checked whole before anything is written, and an error
//     lists every problem with its place;
//   - a save happens entirely or not at all;
//   - no connection is left pointing at an app, environment or auth that is not
//     there;
//   - what a person edited survives an import (ductape.App.Edited);
//   - the value of a secret leaves only through OpenSecret. A credential
//     written literally into a connection is sealed on the way in, and its
//     place is taken by a reference.
package catalog
