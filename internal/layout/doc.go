// Package layout proves that the house stands as it was drawn: its tests read
// every package of the module and fail on an import that goes the wrong way, on
// a folder that nobody listed, on a package that does not say what it is for,
// and on a way out to the network beside egress. Begin with the table in
// arrows_test.go.
package layout
