// Package sample holds what importers of sample requests share: Postman
// collections, cURL command lines and HAR files show requests that were sent,
// and an App is what they have in common.
//
//   - Parse reads JSON leniently and keeps the order of members.
//   - Auths collects the ways in; Lift decides which headers and query
//     parameters are credentials.
//   - Bases decides which server is the App's and which actions live elsewhere.
//   - Tags names the actions.
//   - JSONContent, FormContent and TextContent make bodies.
//
// The rule they keep: a credential's value never enters an App.
package sample
