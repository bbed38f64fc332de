package postman_test

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// The second reader: encoding/json into these structs, and one file for each
// aspect (second_*_test.go). It calls nothing of the reader but Read. Where a
// rule of the reader depends on what looks like a secret, it takes the reader's
// word only together with its warning at that very place.

// An s2doc is a collection, a folder or an item.
type s2doc struct {
	Name     s2text    `json:"name"`
	Item     []s2doc   `json:"item"`
	Items    []s2doc   `json:"items"` // what some generators write
	Request  *s2req    `json:"request"`
	Auth     *s2auth   `json:"auth"`
	Variable s2entries `json:"variable"`
	Event    []struct {
		Listen   string `json:"listen"`
		Disabled bool   `json:"disabled"`
		Script   struct {
			Exec json.RawMessage `json:"exec"`
		} `json:"script"`
	} `json:"event"`
	Profile  map[string]any `json:"protocolProfileBehavior"`
	Response []struct {
		Code s2text `json:"code"`
	} `json:"response"`
}

// UnmarshalJSON leaves what is no object empty.
func (d *s2doc) UnmarshalJSON(b []byte) error {
	type plain s2doc
	if b[0] != '{' {
		return nil
	}
	return json.Unmarshal(b, (*plain)(d))
}

func (d *s2doc) isFolder() bool { return d.Item != nil || d.Items != nil }

// children returns the items and the name of the member that holds them.
func (d *s2doc) children() ([]s2doc, string) {
	if d.Item != nil {
		return d.Item, "/item/"
	}
	return d.Items, "/items/"
}

// An s2req is a request, or the text of its URL.
type s2req struct {
	Method  s2text         `json:"method"`
	URL     s2url          `json:"url"`
	Header  s2entries      `json:"header"`
	Body    *s2body        `json:"body"`
	Auth    *s2auth        `json:"auth"`
	Profile map[string]any `json:"protocolProfileBehavior"`
}

func (r *s2req) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, &r.URL)
	}
	type plain s2req
	return json.Unmarshal(b, (*plain)(r))
}

// An s2text is a string, or the JSON of another value; null is empty.
type s2text string

func (t *s2text) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	case string(b) == "null":
		return nil
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, b)
	*t = s2text(compact.String())
	return err
}

// An s2entry is one {key, value} of a query, header, form, auth or variable list.
type s2entry struct {
	Key         s2text          `json:"key"`
	ID          s2text          `json:"id"`
	Value       s2text          `json:"value"`
	Type        s2text          `json:"type"`
	Disabled    s2text          `json:"disabled"`
	Src         json.RawMessage `json:"src"`
	ContentType s2text          `json:"contentType"`
}

// s2entries is a list of entries, an object (format 2.0), or a text that the
// place it stands in reads.
type s2entries struct {
	list []s2entry
	text string
}

func (e *s2entries) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, &e.text)
	case '[':
		return json.Unmarshal(b, &e.list)
	case '{':
		return s2members(b, func(name string, value s2text) {
			e.list = append(e.list, s2entry{Key: s2text(name), Value: value})
		})
	}
	return nil
}

// s2members calls f with the members of an object in their order.
func s2members(b []byte, f func(name string, value s2text)) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var value s2text
		if err := dec.Decode(&value); err != nil {
			return err
		}
		f(name.(string), value)
	}
	return nil
}

// A s2reading is one collection, read both ways.
type s2reading struct {
	app      *ductape.App
	warnings map[string]map[string]bool // :: pointer -> codes
	messages []string                   // of the warnings without a place
	sum      *totals
	base     string // of pointers
	declared []*s2variable
	n        int // requests met
}

// says reports whether the reader warned of code at a place.
func (s *s2reading) says(code, at string) bool { return s.warnings[at][code] }

// An s2place is what a request inherits.
type s2place struct {
	at     string
	folder []string
	auth   *s2auth // nil: none in sight
	scope  s2scope
	keeps  bool // bodies go with every method
	script bool // a script runs before each request
}

// behavior notes what changes how the requests of a doc are sent.
func (p *s2place) behavior(d *s2doc) {
	p.script = p.script || d.scripted("prerequest")
	if v, ok := d.Profile["disableBodyPruning"]; ok {
		p.keeps = v == true
	}
}

// walk meets every request in order.
func (s *s2reading) walk(t *testing.T, d *s2doc, p s2place) {
	items, member := d.children()
	for i := range items {
		it, in := &items[i], p
		in.at = p.at + member + strconv.Itoa(i)
		if !it.isFolder() && it.Request == nil {
			if !s.says("item_ignored", in.at) {
				t.Errorf("%s: neither a folder nor a request, and nothing says so", in.at)
			}
			continue
		}
		in.scope = s.declare(p.scope, it.Variable, in.at+"/variable")
		in.auth = it.Auth.or(p.auth, in.at+"/auth", in.scope)
		in.behavior(it)
		s.scripts(t, it, in.at)
		if it.isFolder() {
			in.folder = append(append([]string{}, p.folder...), strings.TrimSpace(string(it.Name)))
			s.walk(t, it, in)
			continue
		}
		if s.n < len(s.app.Actions) {
			s.request(t, it, in, &s.app.Actions[s.n])
		}
		s.n++
	}
}

// scripts: a script is reported where it stands, and so is what changes the way
// Postman sends.
func (s *s2reading) scripts(t *testing.T, d *s2doc, at string) {
	if d.Event != nil {
		s.sum.Scripted++
	}
	scripted := d.scripted("")
	if scripted != s.says("script_ignored", at+"/event") {
		t.Errorf("%s: scripts %v, reported %v", at, scripted, !scripted)
	}
	delete(d.Profile, "disableBodyPruning")
	if len(d.Profile) > 0 != s.says("behavior_ignored", at+"/protocolProfileBehavior") {
		t.Errorf("%s: protocolProfileBehavior %v is not reported, or is without being there", at, d.Profile)
	}
}

// scripted reports whether a doc has a script that listens so; "" is any.
func (d *s2doc) scripted(listen string) bool {
	scripted := false
	for _, e := range d.Event {
		var lines []string
		_ = json.Unmarshal(e.Script.Exec, &lines) // a text is no list
		scripted = scripted || (listen == "" || e.Listen == listen) && !e.Disabled && (strings.TrimSpace(strings.Join(lines, "")) != "" || len(lines) == 0 && len(e.Script.Exec) > 2 && e.Script.Exec[0] == '"')
	}
	return scripted
}

// request compares one request in every aspect.
func (s *s2reading) request(t *testing.T, it *s2doc, p s2place, a *ductape.Action) {
	q := &s2request{s2reading: s, t: t, req: it.Request, action: a, scope: p.scope, at: p.at + "/request", where: string(it.Name), scripted: p.script}
	if q.req.Auth == nil {
		s.sum.Inheriting++
	}
	for _, r := range it.Response {
		if r.Code == "201" || r.Code == "202" || r.Code == "204" {
			s.sum.Responses2xx++
		}
	}
	if a.Name != strings.TrimSpace(string(it.Name)) || strings.Join(a.Folder, "\x00") != strings.Join(p.folder, "\x00") {
		q.errorf("name %q in %q, want it in %q", a.Name, a.Folder, p.folder)
	}
	q.method()
	q.url()
	auth := q.req.Auth.or(p.auth, q.at+"/auth", p.scope)
	q.headers()
	q.auth(auth)
	q.body(p.keeps)
	q.leftovers()
}
