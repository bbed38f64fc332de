package sample

import "github.com/ductape-go/ductape"

// A Pair is a name and a value.
type Pair struct{ Name, Value string }

// A Request is one request as it was sent, without variables. Of an App made of
// Requests the examples are plain text, as nothing in them refers to anything;
// defaults, which runs fill in, are escaped.
type Request struct {
	Name      string
	Where     string // its place, for warnings
	Method    string
	URL       string
	Template  string          // path with {parameters}; empty: the path of URL as it is
	Params    []ductape.Param // of Template
	Headers   []Pair
	Auth      *ductape.Auth                   // credentials that are in neither URL nor headers; nil: none
	Defaults  func(header, value string) bool // whether a header is sent unless the caller says otherwise; nil: always
	Body      *Body
	More      []*Body // what else was sent so: its fields are put together
	Responses []ductape.Response
}

// A Body is the body of a Request: text, or the fields of a form.
type Body struct {
	Type   string // media type; empty: the Content-Type header, else by its look
	Text   string
	Binary bool // its content is not known
	Form   []Field
	IsForm bool
}
