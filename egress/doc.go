// Package egress is the only package that dials out. Start with New and
// Client.Do; Fetch reads a description from a URL; Classify says what an error
// means for whoever may ask again.
//
// It promises that
//   - no connection is made to an address that the policy does not permit:
//     every address is judged after DNS, at the moment of dialing, so redirects
//     and names that change their answer are covered (guard.go);
//   - credentials do not leave the origin they were meant for, and TLS is
//     always verified (redirect.go);
//   - errors say whether the request may have been processed, and hold neither
//     queries nor passwords (fault.go).
//
// # What net/http repeats by itself
//
// http.Transport sends a request again, without telling, in these cases only
// (net/http of Go 1.26: persistConn.shouldRetryRequest, Request.isReplayable,
// http2shouldRetryRequest). All need a connection that was kept from an earlier
// request, or HTTP/2, and a body that is absent or has a GetBody:
//   - nothing of the request had been written: any method;
//   - HTTP/2 says that the stream was not processed (REFUSED_STREAM, GOAWAY) or
//     broke the protocol: any method;
//   - the connection ended before the first byte of an answer, the request
//     being a GET, HEAD, OPTIONS or TRACE, or carrying an Idempotency-Key or
//     X-Idempotency-Key header.
//
// So a POST without such a header is never repeated once a byte of it is out,
// nor is a PUT or DELETE. What was repeated is counted in Trip.
package egress
