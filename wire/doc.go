// Package wire turns values into the bytes of a request: OpenAPI parameter
// styles, forms and multipart bodies. It is pure: no I/O, no clock, and no
// randomness but the boundary of a multipart body.
package wire
