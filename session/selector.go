package session

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape/internal/placeholder"
)

// Selects reports whether a template can say who a session's user is: it is one
// reference to the session's data, or a function of such references alone.
func Selects(t *placeholder.Template) bool {
	refs := t.Refs()
	for _, r := range refs {
		if r.Kind != placeholder.Session {
			return false
		}
	}
	return t.Whole() && len(refs) > 0
}

// plainIdentifier returns what the type's selector finds in the data; nothing
// without a selector.
func plainIdentifier(scope Scope, data jsontext.Value) (string, error) {
	typ := scope.Type
	if typ.Selector == "" {
		return "", nil
	}
	t, err := placeholder.Parse(typ.Selector)
	if err != nil {
		return "", wrongType(typ, "selector: "+err.Error())
	}
	if !Selects(t) {
		return "", wrongType(typ, "selector: must be $Session{user}{id} or the like, or a function of such")
	}
	v, err := t.Eval(dataOf{data, typ.Tag})
	wrong := func(message string) error {
		return wrongData(placeOf(t), fmt.Sprintf("%s: the selector %s identifies the user by it", message, typ.Selector))
	}
	switch {
	case errors.Is(err, placeholder.ErrUnresolved):
		return "", wrong("is missing")
	case err != nil:
		return "", wrongData(placeOf(t), "the selector "+typ.Selector+": "+err.Error())
	case v.Kind() == '0':
		return Identifier(scope.Workspace, string(v)), nil
	case v.Kind() != '"':
		return "", wrong("must be text or a number")
	}
	text, err := jsontext.AppendUnquote(nil, v)
	if err != nil || len(text) == 0 {
		return "", wrong("is empty")
	}
	return Identifier(scope.Workspace, string(text)), nil
}

// placeOf is the place of the only reference in a selector, else the data.
func placeOf(t *placeholder.Template) string {
	where, refs := "data", t.Refs()
	if len(refs) != 1 {
		return where
	}
	for _, name := range refs[0].Path {
		where += "." + name
	}
	return where
}

// dataOf resolves references to a session's data.
type dataOf struct {
	data jsontext.Value
	tag  string
}

// Resolve implements placeholder.Resolver.
func (d dataOf) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	v, ok := placeholder.LookupSession(d.data, ref.Path, d.tag)
	if !ok {
		return nil, fmt.Errorf("%w: the session has no such field", placeholder.ErrUnresolved)
	}
	return v, nil
}
