package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what is shown in place of a secret.
const Redacted = "[redacted]"

// A Value holds a secret's text. However it is printed, logged or encoded it
// shows Redacted. The zero Value holds the empty text.
type Value struct {
	// A func, so that a printer that walks unexported fields by reflection,
	// where fmt calls no methods, finds an address and not the text.
	text func() string
}

// New returns a Value that holds s.
func New(s string) Value { return Value{text: func() string { return s }} }

// Expose returns the text. Call it where the text leaves for its one purpose.
func (v Value) Expose() string {
	if v.text == nil {
		return ""
	}
	return v.text()
}

// IsZero reports whether the text is empty.
func (v Value) IsZero() bool { return v.Expose() == "" }

// Equal reports whether both hold the same text, in a time that depends only on
// the lengths.
func (v Value) Equal(w Value) bool {
	return subtle.ConstantTimeCompare([]byte(v.Expose()), []byte(w.Expose())) == 1
}

// String returns Redacted.
func (v Value) String() string { return Redacted }

// GoString returns Redacted.
func (v Value) GoString() string { return Redacted }

// Format writes Redacted for every verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalJSON returns Redacted as a JSON string.
func (v Value) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText returns Redacted.
func (v Value) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns Redacted.
func (v Value) LogValue() slog.Value { return slog.StringValue(Redacted) }

// UnmarshalText takes the text in, so that a request's field may be a Value.
func (v *Value) UnmarshalText(b []byte) error {
	*v = New(string(b))
	return nil
}
