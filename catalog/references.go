package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/spec"
)

const warnReferenceLiteral = "reference_literal"

// literalReferences makes plain text of the references that a description holds
// where values are filled in. A description is not the operator's: it may refer
// to the App's own variables, which an importer makes of the description's, and
// to the time, but never to a secret, a credential or a user's session.
func literalReferences(res *spec.Result) {
	l := literals{res: res}
	app := res.App
	for i := range app.Envs {
		l.base(&app.Envs[i].BaseURL, "/envs/"+app.Envs[i].Slug)
	}
	if app.Source != nil {
		l.base(&app.Source.BaseURL, "/source")
	}
	for i := range app.Actions {
		a := &app.Actions[i]
		l.base(&a.BaseURL, "/actions/"+a.Tag)
		l.text(&a.Resource, "/actions/"+a.Tag)
		for j := range a.Params {
			l.json(&a.Params[j].Default, "/actions/"+a.Tag+"/params/"+a.Params[j].Name, l.permitted)
		}
	}
	// A variable's default stands for itself: it refers to nothing.
	none := func(placeholder.Ref) bool { return false }
	for i := range app.Variables {
		l.json(&app.Variables[i].Default, "/variables/"+app.Variables[i].Key, none)
	}
	for i := range app.Constants {
		l.json(&app.Constants[i].Value, "/constants/"+app.Constants[i].Key, none)
	}
}

type literals struct{ res *spec.Result }

// permitted reports whether a description may hold a reference.
func (l *literals) permitted(ref placeholder.Ref) bool {
	switch ref.Kind {
	case placeholder.Now:
		return true
	case placeholder.Variable:
		return ref.Path[0] == l.res.App.Tag && find(l.res.App.Variables, ref.Path[1], variableKey) != nil
	case placeholder.Constant:
		return ref.Path[0] == l.res.App.Tag && find(l.res.App.Constants, ref.Path[1], constantKey) != nil
	}
	return false
}

// base is text for a base URL, where a description may say nothing but the App's
// own values: what a function makes of them could lead anywhere, at any time.
func (l *literals) base(s *string, where string) {
	t, err := placeholder.Parse(baseReference.ReplaceAllString(*s, ""))
	if err == nil {
		if _, static := t.Static(); static {
			l.text(s, where)
			return
		}
	}
	*s = l.escaped(*s, where)
}

func (l *literals) text(s *string, where string) { *s = l.literal(*s, where, l.permitted) }

// literal returns a text as it is, or, where it holds what it may not, so that
// it stands for itself.
func (l *literals) literal(s, where string, may func(placeholder.Ref) bool) string {
	t, err := placeholder.Parse(s)
	if err == nil {
		refused := false
		for _, ref := range t.Refs() {
			refused = refused || !may(ref)
		}
		if !refused {
			return s
		}
	}
	return l.escaped(s, where)
}

func (l *literals) escaped(s, where string) string {
	l.res.Warnings = append(l.res.Warnings, ductape.Warning{
		Code: warnReferenceLiteral, Where: where,
		Message: fmt.Sprintf("%s would be filled in here; a description may not refer to it, so it is sent as it is written", quote(clip(s))),
	})
	return placeholder.Escape(s)
}

// json does the same for the texts of a JSON value.
func (l *literals) json(raw *json.RawMessage, where string, may func(placeholder.Ref) bool) {
	if len(*raw) == 0 || !placeholder.HasRefs(jsontext.Value(*raw)) {
		return
	}
	out, err := l.rewritten(*raw, where, may)
	if err != nil { // no JSON: nothing that could be filled in
		*raw = nil
		return
	}
	*raw = out
}

func (l *literals) rewritten(raw []byte, where string, may func(placeholder.Ref) bool) ([]byte, error) {
	dec := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.PreserveRawStrings(true))
	for {
		kind, n := dec.StackIndex(dec.StackDepth())
		tok, err := dec.ReadToken()
		if err != nil {
			if dec.StackDepth() == 0 && out.Len() > 0 {
				return bytes.TrimSpace(out.Bytes()), nil
			}
			return nil, err
		}
		isName := kind == '{' && n%2 == 0
		if tok.Kind() == '"' && !isName {
			tok = jsontext.String(l.literal(tok.String(), where, may))
		}
		if err := enc.WriteToken(tok); err != nil {
			return nil, err
		}
	}
}
