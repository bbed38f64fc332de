package postman

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// The corpus lies beside the project. Every request of every file is read a
// second time here, by a reader too simple to be wrong in the same way, and
// compared: method, URL, query, headers, body, auth, variables.

const corpus = "../../../shared/corpus/postman"

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
}

// pinned are peers.md 3.3's figures; that survey did not look into the one file
// whose folders are written "items", which Read accepts and which is counted apart.
var (
	pinned      = totals{Files: 78, Old: 6, Requests: 4366, DisabledQuery: 1886, Inheriting: 2144, Raw: 4186, RawNoLanguage: 2175, Urlencoded: 34, Formdata: 23, FileBody: 1, StringURLs: 56, PathVariables: 751, Scripted: 2350, WithVariables: 62, Responses2xx: 263}
	pinnedItems = totals{Files: 1, Requests: 850, DisabledQuery: 266, Inheriting: 850, Urlencoded: 328, PathVariables: 721}
)

func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(corpus, "*.json"))
	if err != nil || len(files) == 0 {
		if os.Getenv("CI") != "" {
			t.Fatalf("no corpus at %s", corpus)
		}
		t.Skipf("no corpus at %s", corpus)
	}
	var sum, items totals
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			into := &sum
			if bytes.Contains(data[:min(len(data), 1<<20)], []byte(`"items"`)) && strings.HasPrefix(filepath.Base(f), "vernig_twilio-postman-collection__Twilio") {
				into = &items
			}
			compare(t, data, into)
		})
	}
	t.Logf("%d files: %+v", len(files), sum)
	t.Logf("with items: %+v", items)
	if sum != pinned {
		t.Errorf("totals changed:\n got %+v\nwant %+v", sum, pinned)
	}
	if items != pinnedItems {
		t.Errorf("totals of the file with items changed:\n got %+v\nwant %+v", items, pinnedItems)
	}
}

// compare reads data both ways.
func compare(t *testing.T, data []byte, sum *totals) {
	app, version, warnings, err := Read(data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	again, _, warnings2, _ := Read(data, Options{})
	if a, b := mustJSON(t, app), mustJSON(t, again); !bytes.Equal(a, b) || !slices.Equal(warnings, warnings2) {
		t.Error("reading twice gives two Apps")
	}
	var doc map[string]any
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &doc); err != nil {
		t.Fatal(err)
	}
	s := &second{doc: doc, sum: sum, app: app, vars: map[string]string{}, used: map[string]bool{}}
	for _, v := range list(doc["variable"]) {
		s.vars[str(v["key"])] = str(v["value"])
	}
	sum.Files++
	if len(s.vars) > 0 {
		sum.WithVariables++
	}
	if version == "2.0.0" {
		sum.Old++
	}
	s.walk(t, doc, doc["auth"])
	sum.Requests += s.n
	if s.n != len(app.Actions) {
		t.Fatalf("%d requests, %d actions", s.n, len(app.Actions))
	}
	tags := map[string]bool{}
	for _, a := range app.Actions {
		if a.Tag == "" || tags[a.Tag] {
			t.Errorf("tag %q is empty or there twice", a.Tag)
		}
		tags[a.Tag] = true
	}
	s.variables(t)
	secrets := map[string]bool{}
	literalSecrets(doc, secrets)
	text := string(mustJSON(t, app)) + string(mustJSON(t, warnings))
	for secret := range secrets {
		if strings.Contains(text, secret) {
			t.Errorf("a secret of %d bytes is in the App or a warning: %.4s…", len(secret), secret)
		}
	}
}

// literalSecrets collects what stands as text in {key, value} entries and auths
// whose names say secret.
func literalSecrets(v any, into map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			literalSecrets(x, into)
		}
	case map[string]any:
		name, value := str(v["key"]), str(v["value"])
		for k, x := range v {
			if text, ok := x.(string); ok && k != "key" && k != "value" {
				noteSecret(k, text, into)
			}
			if k != "response" { // saved answers are not read
				literalSecrets(x, into)
			}
		}
		noteSecret(name, value, into)
	}
}

func noteSecret(name, value string, into map[string]bool) {
	name = strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
	if slices.Contains([]string{"clientsecret", "password", "secret", "xauthyapikey", "xapikey", "accesstoken"}, name) &&
		len(value) >= 12 && !strings.ContainsAny(value, "{<$ ") {
		into[value] = true
	}
}

// second is the second reader.
type second struct {
	doc  map[string]any
	app  *ductape.App
	sum  *totals
	vars map[string]string
	used map[string]bool // variables in paths, queries, headers and bodies
	n    int
}

func list(v any) []map[string]any {
	var out []map[string]any
	all, _ := v.([]any)
	for _, x := range all {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

func str(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

func enabled(v any) []map[string]any {
	return slices.DeleteFunc(list(v), func(m map[string]any) bool { return m["disabled"] == true })
}

func (s *second) walk(t *testing.T, node map[string]any, auth any) {
	items := node["item"]
	if items == nil {
		items = node["items"]
	}
	for _, it := range list(items) {
		inherit := auth
		if it["auth"] != nil {
			inherit = it["auth"]
		}
		if it["event"] != nil {
			s.sum.Scripted++
		}
		if it["item"] != nil || it["items"] != nil {
			s.walk(t, it, inherit)
			continue
		}
		if s.n < len(s.app.Actions) {
			s.request(t, it, inherit, &s.app.Actions[s.n])
		}
		s.n++
	}
}

func (s *second) request(t *testing.T, it map[string]any, auth any, a *ductape.Action) {
	req := it["request"].(map[string]any)
	where := str(it["name"])
	method := strings.ToUpper(str(req["method"]))
	if method == "" {
		method = "GET"
	}
	if a.Method != method {
		t.Errorf("%s: method %s, want %s", where, a.Method, method)
	}
	if req["auth"] != nil {
		auth = req["auth"]
	} else {
		s.sum.Inheriting++
	}
	for _, r := range list(it["response"]) {
		if c := str(r["code"]); c == "201" || c == "202" || c == "204" {
			s.sum.Responses2xx++
		}
	}
	s.url(t, where, req["url"], a)
	header := s.headers(t, where, req, a)
	s.auth(t, where, auth, header, a)
	s.body(t, where, req, a)
}

// url compares the address, the path and the names in the query.
func (s *second) url(t *testing.T, where string, url any, a *ductape.Action) {
	var host, path string
	var query []string
	switch u := url.(type) {
	case string:
		s.sum.StringURLs++
		host, path, _ = strings.Cut(u, "/")
		path = "/" + path
	case map[string]any:
		hosts, _ := u["host"].([]any)
		for _, h := range hosts {
			host += "." + str(h)
		}
		host = strings.TrimPrefix(host, ".")
		if u["protocol"] != nil && host != "" {
			host = str(u["protocol"]) + "://" + host
		}
		segs, _ := u["path"].([]any)
		for i, p := range segs {
			if i > 0 || str(p) != "" || len(segs) == 1 {
				path += "/" + str(p)
			}
		}
		for _, q := range enabled(u["query"]) {
			if str(q["key"]) != "" && !slices.Contains(query, str(q["key"])) {
				query = append(query, str(q["key"]))
				s.note(str(q["value"]))
			}
		}
		if len(enabled(u["query"])) < len(list(u["query"])) {
			s.sum.DisabledQuery++
		}
	}
	if strings.Contains(path, "/:") {
		s.sum.PathVariables++
	}
	s.note(path)
	for name, value := range s.vars {
		if value != "" {
			host = strings.ReplaceAll(host, "{{"+name+"}}", value)
		}
	}
	host = strings.TrimSuffix(host, "/")
	segs := strings.Split(path, "/")
	for i, seg := range segs {
		if strings.HasPrefix(seg, ":") {
			segs[i] = "{" + seg[1:] + "}"
		}
	}
	want := strings.NewReplacer("{{", "{", "}}", "}", "{{$", "{").Replace(strings.Join(segs, "/"))
	got := a.BaseURL
	if got == "" && len(s.app.Envs) > 0 {
		got = s.app.Envs[0].BaseURL
	}
	if strings.Contains(host, "{{") {
		host = ""
		if strings.Contains(got, "$Variable{") {
			got = ""
		}
	}
	if !strings.Contains(host, "://") && host != "" {
		host = "https://" + host
	}
	got += a.Resource
	if want == "" && strings.HasSuffix(got, "/") {
		got = strings.TrimSuffix(got, "/")
	}
	if got != host+want {
		t.Errorf("%s: URL %q, want %q", where, got, host+want)
	}
	var names []string
	for _, p := range a.Params {
		if p.In == ductape.InQuery {
			names = append(names, p.Name)
		}
	}
	if !slices.Equal(names, query) {
		t.Errorf("%s: query %q, want %q", where, names, query)
	}
}

// headers compares the names of headers and returns the credential ones.
func (s *second) headers(t *testing.T, where string, req map[string]any, a *ductape.Action) (credential string) {
	var want []string
	for _, h := range enabled(req["header"]) {
		switch k := strings.ToLower(str(h["key"])); k {
		case "", "content-type":
		case "authorization", "x-authy-api-key":
			credential = str(h["value"])
		default:
			if !slices.Contains(want, k) {
				want = append(want, k)
			}
			s.note(str(h["value"]))
		}
	}
	var got []string
	for _, p := range a.Params {
		if p.In == ductape.InHeader {
			got = append(got, strings.ToLower(p.Name))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: headers %q, want %q", where, got, want)
	}
	return credential
}

// auth compares the kind of the first auth the action needs.
func (s *second) auth(t *testing.T, where string, auth any, header string, a *ductape.Action) {
	m, _ := auth.(map[string]any)
	want := map[string]string{"apikey": "api_key"}[str(m["type"])]
	if want == "" {
		want = str(m["type"])
	}
	if scheme, _, _ := strings.Cut(strings.ToLower(header), " "); header != "" && (want == "" || want == "noauth") {
		want = scheme
		if scheme != "bearer" && scheme != "basic" {
			want = "api_key"
		}
	}
	got := "noauth"
	switch {
	case a.Security == nil:
		got = ""
	case len(a.Security) > 0:
		got = string(s.app.Auth(a.Security[0][0].Auth).Type)
	}
	if got != want {
		t.Errorf("%s: auth %q, want %q (header %q)", where, got, want, header)
	}
}

// body compares the media type and the names of a form's fields.
func (s *second) body(t *testing.T, where string, req map[string]any, a *ductape.Action) {
	body, _ := req["body"].(map[string]any)
	media := ""
	for _, h := range enabled(req["header"]) {
		if strings.EqualFold(str(h["key"]), "Content-Type") {
			media = str(h["value"])
		}
	}
	var want, got string
	var fields []string
	mode := str(body["mode"])
	switch mode {
	case "raw":
		s.sum.Raw++
		raw := strings.TrimSpace(str(body["raw"]))
		options, _ := body["options"].(map[string]any)
		lang, _ := options["raw"].(map[string]any)
		if lang["language"] == nil {
			s.sum.RawNoLanguage++
		}
		s.note(raw)
		switch {
		case raw == "" && (a.Method == "POST" || a.Method == "PUT" || a.Method == "PATCH"):
			want = media
		case raw == "":
		case media != "":
			want = media
		case lang["language"] == "json", raw[0] == '{', raw[0] == '[':
			want = "application/json"
		default:
			want = "text/plain"
		}
	case "urlencoded", "formdata":
		want = "application/x-www-form-urlencoded"
		if mode == "formdata" {
			s.sum.Formdata++
			want = "multipart/form-data"
		} else {
			s.sum.Urlencoded++
		}
		for _, f := range enabled(body[mode]) {
			s.note(str(f["value"]))
			if k := str(f["key"]); k != "" && !slices.Contains(fields, k) {
				fields = append(fields, k)
			}
		}
	case "file":
		s.sum.FileBody++
		want = "application/octet-stream"
		if media != "" {
			want = media
		}
	default:
		if a.Method == "POST" || a.Method == "PUT" || a.Method == "PATCH" {
			want = media
		}
	}
	if a.Body != nil {
		got = a.Body.Contents[0].Type
		var names []string
		for _, f := range a.Body.Contents[0].Fields {
			names = append(names, f.Name)
		}
		if mode != "raw" && !slices.Equal(names, fields) {
			t.Errorf("%s: fields %q, want %q", where, names, fields)
		}
	}
	if got != want {
		t.Errorf("%s: body %q, want %q", where, got, want)
	}
}

// note remembers the variables that a text uses.
func (s *second) note(text string) {
	for name := range s.vars {
		if strings.Contains(text, "{{"+name+"}}") {
			s.used[name] = true
		}
	}
}

// variables compares the App's variables: those with a value that a request
// uses, besides addresses.
func (s *second) variables(t *testing.T) {
	var want, got []string
	for name := range s.used {
		if s.vars[name] != "" {
			want = append(want, name)
		}
	}
	for _, v := range s.app.Variables {
		if v.Description != "address of some actions" {
			got = append(got, v.Key)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("variables %q, want %q", got, want)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
