package postman_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/ductape-go/ductape/spec/postman"
)

// The corpus lies beside the project. Every request of every file is read a
// second time (second_test.go), by a reader too simple to be wrong in the same
// way, and compared: method, URL, query, headers, body, auth, variables.

// totals are what the corpus holds, counted by the second reader.
type totals struct {
	Files, Old, Requests           int // Old: files of format 2.0
	DisabledQuery, Inheriting      int // requests with disabled query parameters; without an auth of their own
	Raw, RawNoLanguage             int
	Urlencoded, Formdata, FileBody int
	StringURLs, PathVariables      int // requests with :name segments
	Scripted                       int // items with scripts
	WithVariables                  int // files that declare variables
	Responses2xx                   int // example responses 201, 202, 204
	SameEndpoint                   int // requests on a method and address that another has already
	Counters                       int // tags that a number tells apart

	Compared compared
}

// compared counts what was compared: requests in each aspect, then values.
type compared struct {
	Method, URL, Headers, Body, Auth              int
	DisabledQuery, Inheriting, Raw, RawNoLanguage int

	QueryValues, HeaderValues, PathVariables, JSONBodies, FormFields, GraphQL, AuthAttributes int
	Variables                                                                                 int // declared
	References, Environment, Dynamic                                                          int // uses of variables: with a value, of the environment, dynamic
}

// pinned are peers.md 3.3's figures; that survey did not look into the one file
// whose folders are written "items", which Read accepts and which is counted apart.
var (
	pinned = totals{
		Files: 78, Old: 6, Requests: 4366, DisabledQuery: 1886, Inheriting: 2144, Raw: 4186, RawNoLanguage: 2175, Urlencoded: 34, Formdata: 23, FileBody: 1, StringURLs: 56, PathVariables: 751, Scripted: 2350, WithVariables: 62, Responses2xx: 263, SameEndpoint: 2060, Counters: 2,
		Compared: compared{
			Method: 4366, URL: 4366, Headers: 4366, Body: 4366, Auth: 4366, DisabledQuery: 1886, Inheriting: 2144, Raw: 4186, RawNoLanguage: 2175,
			QueryValues: 274, HeaderValues: 5849, PathVariables: 932, JSONBodies: 3122, FormFields: 108, AuthAttributes: 4252, Variables: 231, References: 17, Environment: 2575, Dynamic: 267,
		},
	}
	pinnedItems = totals{
		Files: 1, Requests: 850, DisabledQuery: 266, Inheriting: 850, Urlencoded: 328, PathVariables: 721, SameEndpoint: 0,
		Compared: compared{
			Method: 850, URL: 850, Headers: 850, Body: 850, Auth: 850, DisabledQuery: 266, Inheriting: 850,
			PathVariables: 1213, FormFields: 241, AuthAttributes: 1700, Environment: 155,
		},
	}
)

func TestCorpus(t *testing.T) {
	root := os.Getenv("DUCTAPE_CORPUS")
	if root == "" {
		root = "../../../shared/corpus"
	}
	files, err := filepath.Glob(filepath.Join(root, "postman", "*.json"))
	if err != nil || len(files) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatalf("no corpus at %s", root)
		}
		t.Skipf("no corpus at %s", root)
	}
	var sum, items totals
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			into := &sum
			if strings.HasPrefix(filepath.Base(f), "vernig_twilio-postman-collection__Twilio") {
				into = &items
			}
			compare(t, data, into)
		})
	}
	check(t, sum, pinned)
	check(t, items, pinnedItems)
}

// check: the totals are the known ones, every request was compared in every
// aspect, and no fewer values than there are.
func check(t *testing.T, sum, want totals) {
	t.Helper()
	if sum != want {
		t.Errorf("totals changed:\n got %+v\nwant %+v", sum, want)
	}
	c := sum.Compared
	for name, aspect := range map[string][2]int{
		"method":                      {c.Method, want.Requests},
		"URL":                         {c.URL, want.Requests},
		"headers":                     {c.Headers, want.Requests},
		"body":                        {c.Body, want.Requests},
		"auth":                        {c.Auth, want.Requests},
		"disabled query parameters":   {c.DisabledQuery, want.DisabledQuery},
		"inherited auth":              {c.Inheriting, want.Inheriting},
		"raw body":                    {c.Raw, want.Raw},
		"raw body without a language": {c.RawNoLanguage, want.RawNoLanguage},
	} {
		if aspect[0] < aspect[1] {
			t.Errorf("%s: compared in %d requests, want %d", name, aspect[0], aspect[1])
		}
	}
	t.Logf("%d files, %d requests; compared: %+v", sum.Files, sum.Requests, c)
}

// TestSecondReader reads the collections of the golden files both ways: they
// have what the corpus has not, GraphQL and all kinds of auth among it.
func TestSecondReader(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	var sum totals
	for _, f := range files {
		if filepath.Base(f) == "lenient.txtar" { // wrong types, which these structs do not take
			continue
		}
		t.Run(filepath.Base(f), func(t *testing.T) {
			ar, err := txtar.ParseFile(f)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, ar.Files[0].Data, &sum)
		})
	}
	t.Logf("%+v", sum)
	if sum.Compared.GraphQL == 0 || sum.Compared.AuthAttributes == 0 || sum.Compared.Dynamic == 0 {
		t.Error("nothing of GraphQL, auths or dynamic variables was compared")
	}
}

// compare reads data both ways.
func compare(t *testing.T, data []byte, sum *totals) {
	app, version, warnings, err := postman.Read(data, postman.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, _, warnings2, _ := postman.Read(data, postman.Options{})
	if a, b := toJSON(t, app), toJSON(t, again); !bytes.Equal(a, b) || !slices.Equal(warnings, warnings2) {
		t.Error("reading twice gives two Apps")
	}
	var wrapped struct{ Collection json.RawMessage }
	var doc s2doc
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	s := &s2reading{app: app, sum: sum, warnings: map[string]map[string]bool{}}
	if json.Unmarshal(data, &wrapped) == nil && wrapped.Collection != nil {
		data, s.base = wrapped.Collection, "/collection"
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		if s.warnings[w.Where] == nil {
			s.warnings[w.Where] = map[string]bool{}
		}
		s.warnings[w.Where][w.Code] = true
		if w.Where == "" {
			s.messages = append(s.messages, w.Message)
		}
	}
	sum.Files++
	if len(doc.Variable.list) > 0 {
		sum.WithVariables++
	}
	if version == "2.0.0" {
		sum.Old++
	}
	top := s2place{at: s.base, scope: s.declare(nil, doc.Variable, s.base+"/variable")}
	top.behavior(&doc)
	top.auth = doc.Auth.or(nil, s.base+"/auth", top.scope)
	s.scripts(t, &doc, s.base)
	if doc.Event != nil {
		sum.Scripted--
	}
	s.walk(t, &doc, top)
	sum.Requests += s.n
	if s.n != len(app.Actions) {
		t.Fatalf("%d requests, %d actions", s.n, len(app.Actions))
	}
	s.tags(t)
	s.variables(t)
	literals(t, data, string(toJSON(t, app))+string(toJSON(t, warnings)))
}

// tags are unique, with a number where no word tells two requests apart. Several
// requests on one method and address are all there.
func (s *s2reading) tags(t *testing.T) {
	tags, endpoints := map[string]bool{}, map[string]bool{}
	for _, a := range s.app.Actions {
		if a.Tag == "" || tags[a.Tag] {
			t.Errorf("tag %q is empty or there twice", a.Tag)
		}
		tags[a.Tag] = true
		endpoint := a.Method + " " + a.BaseURL + a.Resource
		if endpoints[endpoint] {
			s.sum.SameEndpoint++
		}
		endpoints[endpoint] = true
		if base := strings.TrimRight(a.Tag, "0123456789"); base != a.Tag && tags[strings.TrimSuffix(base, "_")] {
			s.sum.Counters++
		}
	}
}

// literals: no text of a {key, value} entry or auth whose name says secret is
// in what was read.
func literals(t *testing.T, data []byte, read string) {
	var doc any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	secrets := map[string]bool{}
	literalSecrets(doc, secrets)
	for secret := range secrets {
		if strings.Contains(read, secret) {
			t.Errorf("a secret of %d bytes is in the App or a warning: %.4s…", len(secret), secret)
		}
	}
}

// literalSecrets collects them; saved answers are not read.
func literalSecrets(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			literalSecrets(x, into)
		}
	case map[string]any:
		name, _ := v["key"].(string)
		value, _ := v["value"].(string)
		noteSecret(name, value, into)
		for k, x := range v {
			if text, ok := x.(string); ok && k != "key" && k != "value" {
				noteSecret(k, text, into)
			}
			if k != "response" {
				literalSecrets(x, into)
			}
		}
	}
}

func noteSecret(name, value string, into map[string]bool) {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	if slices.Contains([]string{"clientsecret", "password", "secret", "xauthyapikey", "xapikey", "accesstoken"}, name) &&
		len(value) >= 12 && !strings.ContainsAny(value, "{<$ ") {
		into[value] = true
	}
}

func toJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
