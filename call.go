package ductape

import (
	"encoding/json"
	"strings"
)

// A Call asks for one run of an Action by name.
type Call struct {
	Env     string `json:"env"`     // environment of the product: "dev"
	Product string `json:"product"` // tag of the product
	App     string `json:"app"`     // access tag of the connection
	Event   string `json:"event"`   // tag of the action

	// Input is what to send: a value that encodes to a JSON object, an Input,
	// or the JSON itself as json.RawMessage. Nil sends nothing.
	//
	// An object whose keys are only query, params, body and headers is taken as
	// structured; any other is flat, and each key goes where the action's
	// description has it.
	Input any `json:"input,omitempty"`

	Cache          string      `json:"cache,omitempty"`           // tag of a cache of the product
	Retries        int         `json:"retries,omitempty"`         // attempts after the first
	Session        *SessionRef `json:"session,omitempty"`         // whose data fills $Session references
	IdempotencyKey string      `json:"idempotency_key,omitempty"` // makes a POST or PATCH safe to repeat, where the API takes one
	TimeoutMS      int64       `json:"timeout_ms,omitempty"`      // milliseconds for the whole run; zero: the server's limit

	// Files are the files that Input refers to as {"file": key}.
	Files map[string]File `json:"-"`

	// Caller is who asks. Whoever checked the key sets it; it is never read
	// from the outside.
	Caller Caller `json:"-"`
}

// A Caller is who makes a Call. The zero value is the default workspace.
type Caller struct {
	Workspace string
	KeyID     string
}

// An Input is the structured form of a Call's input. Zero fields are left out.
type Input struct {
	Query   any `json:"query,omitempty"`
	Params  any `json:"params,omitempty"`
	Body    any `json:"body,omitempty"`
	Headers any `json:"headers,omitempty"`
}

// A SessionRef names a session by its type's tag and its token.
type SessionRef struct {
	Tag   string `json:"tag"`
	Token string `json:"token"`
}

// UnmarshalJSON accepts {"tag":…,"token":…} and the text "tag:token".
func (s *SessionRef) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var text string
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
		s.Tag, s.Token, _ = strings.Cut(text, ":")
		return nil
	}
	type plain SessionRef
	return json.Unmarshal(b, (*plain)(s))
}
