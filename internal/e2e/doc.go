// Package e2e holds the tests that need the real binary: it is built once,
// started as a process of its own, killed and started again, and driven through
// the command line, the Go client and the TypeScript client against an API that
// writes down what it gets.
//
// The tests run when DUCTAPE_E2E or CI is set, and then none of them may skip;
// `make test` sets it. Without it they skip, since they need Node.js.
package e2e
