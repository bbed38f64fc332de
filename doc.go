// Package ductape holds the nouns of Ductape: what an App, an Action, a
// Product, a Call and a Result are. It does no I/O and imports only the
// standard library.
//
// # Which package do I want
//
//   - To call APIs from a Go program, with everything inside the process:
//     package embedded.
//   - To call APIs through a running server: package client.
//   - To see what one call goes through: package run, starting at run.Run.
//   - To read an API description: package spec.
//
// # The words
//
// A Workspace is the tenant. An App is one API. An Action is one endpoint of an
// App. A Product connects to Apps, once, with credentials for each of its
// environments. A Call asks for an Action by name; a Run is one execution of
// it; a Result is its answer.
package ductape

// DefaultWorkspace is the workspace that exists from the start.
const DefaultWorkspace = "default"
