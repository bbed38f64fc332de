package auth

import (
	"fmt"
	"io"
	"log/slog"
)

const redactedText = "[redacted]"

// redacted is embedded in whatever holds a value. Format comes before every
// other way package fmt has of printing a struct, so no verb reaches the fields.
type redacted struct{}

func (redacted) Format(s fmt.State, _ rune)   { _, _ = io.WriteString(s, redactedText) }
func (redacted) LogValue() slog.Value         { return slog.StringValue(redactedText) }
func (redacted) MarshalText() ([]byte, error) { return []byte(redactedText), nil }

// Format prints [redacted], whatever the verb.
func (Values) Format(s fmt.State, verb rune) { redacted{}.Format(s, verb) }

// LogValue logs [redacted].
func (Values) LogValue() slog.Value { return redacted{}.LogValue() }

// MarshalText encodes as [redacted].
func (Values) MarshalText() ([]byte, error) { return redacted{}.MarshalText() }
