package ductape

import (
	"encoding/json"
	"iter"
)

// An Action is one endpoint of an App, identified by Tag within it.
type Action struct {
	Tag         string   `json:"tag"`
	Name        string   `json:"name,omitempty"`
	Description string   `json:"description,omitempty"`
	Folder      []string `json:"folder,omitempty"` // OpenAPI tags or Postman folders, outermost first
	Method      string   `json:"method"`           // as sent; those of RFC 9110 in upper case
	Resource    string   `json:"resource"`         // path template: "/v1/customers/{customer}"; may carry a fixed query: "/x?action=y"
	OperationID string   `json:"operation_id,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`  // further names it answers to
	BaseURL     string   `json:"base_url,omitempty"` // set where the endpoint lives on another server than its App

	Params []Param `json:"params,omitempty"`
	Body   *Body   `json:"body,omitempty"` // nil: the action takes none

	// Security lists the alternatives, first preferred; each needs all its
	// members. Nil means the description does not say; an empty, non-nil list
	// or an empty alternative means none is needed.
	Security []SecurityAlternative `json:"security"`

	Responses  []Response `json:"responses,omitempty"`
	Deprecated bool       `json:"deprecated,omitempty"`

	// Edited names the fields, by JSON name, that a person changed by hand, or
	// holds "all" for an action written by hand. A later import keeps them.
	Edited []string `json:"edited,omitempty"`
}

// Summary returns what a listing shows of the action.
func (a *Action) Summary() ActionSummary {
	return ActionSummary{Tag: a.Tag, Name: a.Name, Method: a.Method, Resource: a.Resource, OperationID: a.OperationID, Deprecated: a.Deprecated}
}

// Names yields every name the action answers to: its tag, the operationId, the
// aliases, and "METHOD /path".
func (a *Action) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(a.Tag) {
			return
		}
		if a.OperationID != "" && a.OperationID != a.Tag && !yield(a.OperationID) {
			return
		}
		for _, n := range a.Aliases {
			if !yield(n) {
				return
			}
		}
		yield(a.Method + " " + a.Resource)
	}
}

// An ActionSummary is one line of a listing of actions.
type ActionSummary struct {
	Tag         string `json:"tag"`
	Name        string `json:"name,omitempty"`
	Method      string `json:"method"`
	Resource    string `json:"resource"`
	OperationID string `json:"operation_id,omitempty"`
	Deprecated  bool   `json:"deprecated,omitempty"`
}

// Location is where a value stands in a request.
type Location string

// The places a parameter may stand.
const (
	InPath        Location = "path"
	InQuery       Location = "query"
	InHeader      Location = "header"
	InCookie      Location = "cookie"
	InQueryString Location = "querystring" // the whole query, OpenAPI 3.2
)

// A Param is one path, query, header or cookie parameter of an Action.
type Param struct {
	Name          string          `json:"name"`
	In            Location        `json:"in"`
	Required      bool            `json:"required,omitempty"`
	Style         string          `json:"style,omitempty"`   // empty: the default of its place (OpenAPI 3.2, 4.12)
	Explode       *bool           `json:"explode,omitempty"` // nil: the default of its style
	AllowReserved bool            `json:"allow_reserved,omitempty"`
	ContentType   string          `json:"content_type,omitempty"` // set where the parameter uses `content` instead of `schema`
	Type          string          `json:"type,omitempty"`         // string, integer, number, boolean, array, object; empty when the schema allows several or says nothing
	Format        string          `json:"format,omitempty"`
	Schema        json.RawMessage `json:"schema,omitempty"`
	Default       json.RawMessage `json:"default,omitempty"` // sent when the caller leaves the parameter out; only from descriptions that mean it so (a Postman header)
	Example       json.RawMessage `json:"example,omitempty"` // plain text; of an App read from Postman, with references
	Description   string          `json:"description,omitempty"`
	Deprecated    bool            `json:"deprecated,omitempty"`
}

// A Body is what an Action accepts as its request body.
type Body struct {
	Required bool      `json:"required,omitempty"`
	Contents []Content `json:"contents"` // in the description's order; the first that can be written is used
}

// A Content is one media type of a Body.
type Content struct {
	Type     string              `json:"type"` // media type: "application/json"
	Schema   json.RawMessage     `json:"schema,omitempty"`
	Fields   []Field             `json:"fields,omitempty"`   // top-level properties, through $ref and allOf
	Encoding map[string]Encoding `json:"encoding,omitempty"` // field -> how it is written, forms and multipart
	Example  json.RawMessage     `json:"example,omitempty"`  // JSON; text of other media types as a JSON string; of an App read from Postman, with references
}

// A Field is one top-level property of a body.
type Field struct {
	Name     string `json:"name"`
	Type     string `json:"type,omitempty"`   // string, integer, number, boolean, array, object; empty when open
	Format   string `json:"format,omitempty"` // "binary" marks a file
	Items    string `json:"items,omitempty"`  // array: type of its items, with ":binary" appended for files
	Required bool   `json:"required,omitempty"`
	ReadOnly bool   `json:"read_only,omitempty"`
}

// An Encoding says how one field of a form or multipart body is written
// (OpenAPI 3.2, 4.15).
type Encoding struct {
	ContentType   string            `json:"content_type,omitempty"`
	Style         string            `json:"style,omitempty"`
	Explode       *bool             `json:"explode,omitempty"`
	AllowReserved bool              `json:"allow_reserved,omitempty"`
	Headers       map[string]string `json:"headers,omitempty"` // fixed header values of a multipart part
}

// A SecurityAlternative is a set of auths that are needed together.
type SecurityAlternative []SecurityNeed

// A SecurityNeed is one auth of an alternative.
type SecurityNeed struct {
	Auth   string   `json:"auth"` // tag of an Auth of the App
	Scopes []string `json:"scopes,omitempty"`
}

// A Response is one answer an Action's description announces.
type Response struct {
	Status      string   `json:"status"` // "200", "4XX", "default"
	Description string   `json:"description,omitempty"`
	Types       []string `json:"types,omitempty"` // media types
}
