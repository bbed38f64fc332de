package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/schema"
)

// maxSchema is how large a session type's schema may be, in bytes.
const maxSchema = 64 << 10

// checkSchema says why a text is no JSON Schema that data can be held against;
// nil when it is one.
func checkSchema(raw json.RawMessage) []ductape.Problem {
	problem := func(format string, args ...any) []ductape.Problem {
		return []ductape.Problem{{Where: "schema", Message: fmt.Sprintf(format, args...)}}
	}
	if len(raw) > maxSchema {
		return problem("is %d bytes; at most %d are read", len(raw), maxSchema)
	}
	if reason := unreadable(jsontext.Value(raw)); reason != "" {
		return problem("%s", reason)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		return problem("is no valid JSON: %s", reason(err))
	}
	c := jsonschema.NewCompiler()
	c.UseLoader(noLoader{})
	c.AssertFormat()
	if err := c.AddResource(schemaAt, doc); err != nil {
		return problem("is no JSON Schema: %s", plain(err))
	}
	if _, err := c.Compile(schemaAt); err != nil {
		return problem("is no JSON Schema: %s", plain(err))
	}
	return nil
}

// schemaAt is the name of a schema while it is compiled; nothing is read there.
const schemaAt = "schema:///session"

// noLoader refuses every reference to another document.
type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, errors.New("only references into the schema itself are followed, such as #/$defs/name")
}

// plain puts the faults of a schema on one line, without the name it was compiled
// under and without those that only hold others.
func plain(err error) string {
	var fault *jsonschema.SchemaValidationError
	text := err.Error()
	if errors.As(err, &fault) {
		text = fault.Err.Error()
	}
	var parts []string
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(strings.TrimSpace(line), "- ")
		if !strings.HasSuffix(line, " failed") && !strings.HasPrefix(line, "jsonschema validation failed") {
			parts = append(parts, line)
		}
	}
	return strings.ReplaceAll(strings.Join(parts, "; "), schemaAt, "")
}

// unreadable finds what cannot be worked with: broken JSON, names that are there
// twice, numbers whose exact value would take all memory, references other than
// paths into the schema.
func unreadable(raw jsontext.Value) string {
	if k := raw.Kind(); k != '{' && k != 't' && k != 'f' {
		return "must be an object"
	}
	dec := jsontext.NewDecoder(strings.NewReader(string(raw)))
	for {
		v, err := dec.ReadToken()
		switch {
		case err != nil && dec.StackDepth() == 0 && dec.InputOffset() > 0 && errors.Is(err, io.EOF):
			return ""
		case err != nil:
			return "is no valid JSON: " + reason(err)
		case v.Kind() == '0' && !workable(v.String()):
			return "holds a number that is too long to work with"
		case v.Kind() == '"' && isName(dec) && foreign[v.String()]:
			return v.String() + " is not followed; use $ref with a path into the schema, such as #/$defs/name"
		}
	}
}

// foreign are the keywords whose meaning depends on more than a path.
var foreign = map[string]bool{"$anchor": true, "$dynamicRef": true, "$dynamicAnchor": true, "$recursiveRef": true, "$recursiveAnchor": true}

// isName reports whether the string just read is a name in an object.
func isName(dec *jsontext.Decoder) bool {
	kind, n := dec.StackIndex(dec.StackDepth())
	return kind == '{' && n%2 == 1
}

// workable reports whether a number's exact value is small enough to compute
// with.
func workable(number string) bool {
	digits, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	n, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
	return len(digits) <= 400 && (exponent == "" || err == nil && n >= -400 && n <= 400)
}

type schemaOf struct{ workspace, text string }

// fits holds data against the type's schema.
func (s *Service) fits(workspace string, typ ductape.SessionType, data jsontext.Value) []ductape.Problem {
	if len(typ.Schema) == 0 {
		return nil
	}
	at := schemaOf{workspace, string(typ.Schema)}
	v, ok := s.schemas.GetIfPresent(at)
	if !ok {
		v = schema.Compile(typ.Schema, "", into(typ.Schema))
		s.schemas.Set(at, v)
	}
	return v.Validate(data, "data")
}

// into resolves references into a schema: #, and # with a JSON pointer (RFC 6901).
func into(raw json.RawMessage) schema.Resolve {
	return func(ref string) (json.RawMessage, bool) {
		pointer, ok := strings.CutPrefix(ref, "#")
		if !ok {
			return nil, false
		}
		if pointer == "" {
			return raw, true
		}
		var path []string
		for token := range jsontext.Pointer(pointer).Tokens() {
			path = append(path, token)
		}
		v, ok := placeholder.Lookup(jsontext.Value(raw), path)
		return json.RawMessage(v), ok
	}
}
