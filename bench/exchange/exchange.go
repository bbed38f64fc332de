// Package exchange is the one request and answer that is measured, as the
// upstream sees it. It imports nothing, so that the rival stays small.
package exchange

// What goes to the upstream, and what it answers. JSON and Form say the same.
const (
	Path     = "/v1/customers"
	Token    = "tok_bench_4f1d9c0a7b"
	JSONType = "application/json"
	FormType = "application/x-www-form-urlencoded"
	JSON     = `{"email":"john@example.com","name":"John Doe","metadata":{"plan":"pro","seats":5}}`
	Form     = "email=john%40example.com&name=John+Doe&metadata%5Bplan%5D=pro&metadata%5Bseats%5D=5"
	Answer   = `{"id":"cus_4QFJOjw2pOmAGJ","object":"customer","created":1700000000,"email":"john@example.com","name":"John Doe","livemode":false,"metadata":{"plan":"pro","seats":"5"}}`
)
