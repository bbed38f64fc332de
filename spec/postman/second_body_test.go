package postman_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// An s2body is a request's body, or the text of one.
type s2body struct {
	Mode       s2text    `json:"mode"`
	Raw        s2text    `json:"raw"`
	Urlencoded s2entries `json:"urlencoded"`
	Formdata   s2entries `json:"formdata"`
	GraphQL    struct {
		Query     s2text          `json:"query"`
		Variables json.RawMessage `json:"variables"`
		Operation s2text          `json:"operationName"`
	} `json:"graphql"`
	File     json.RawMessage `json:"file"`
	Disabled bool            `json:"disabled"`
	Options  struct {
		Raw struct {
			Language string `json:"language"`
		} `json:"raw"`
	} `json:"options"`
}

func (o *s2body) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		o.Mode = "raw"
		return json.Unmarshal(b, &o.Raw)
	}
	type plain s2body
	return json.Unmarshal(b, (*plain)(o))
}

// mode is the kind of body: the one it names, else the one that is there.
func (o *s2body) mode() string {
	switch {
	case o == nil || o.Disabled:
		return ""
	case o.Mode != "":
		return string(o.Mode)
	case o.Raw != "":
		return "raw"
	case o.Urlencoded.list != nil:
		return "urlencoded"
	case o.Formdata.list != nil:
		return "formdata"
	}
	return ""
}

// empty reports whether a body of that mode shows nothing.
func (o *s2body) empty(mode string) bool {
	entries := o.Urlencoded
	switch mode {
	case "raw":
		return strings.TrimSpace(string(o.Raw)) == ""
	case "graphql":
		return false
	case "file":
		return true
	case "formdata":
		entries = o.Formdata
	}
	return entries.text == "" && !slices.ContainsFunc(entries.list, func(e s2entry) bool { return e.Key != "" && e.Disabled != "true" })
}

// body compares the kind of the body and all that is in it. Unless keeps says
// otherwise, Postman sends none with some methods.
func (q *s2request) body(keeps bool) {
	o := q.req.Body
	mode := o.mode()
	if unsent := mode != "" && !keeps && slices.Contains(strings.Fields("GET COPY HEAD PURGE UNLOCK"), q.action.Method); unsent {
		empty := o.empty(mode)
		if empty == q.says("body_unsent", q.at+"/body") {
			q.errorf("a body that is not sent: reported %v, empty %v", !empty, empty)
		}
		if mode == "raw" {
			q.countRaw(o)
		}
		mode = ""
	}
	q.sum.Compared.Body++
	if mode == "raw" && strings.TrimSpace(string(o.Raw)) == "" {
		q.countRaw(o)
		mode = ""
	}
	takes := slices.Contains([]string{"POST", "PUT", "PATCH"}, q.action.Method) && !(o != nil && o.Disabled)
	bodyless := mode == "" && !(takes && q.media != "" && !strings.Contains(q.media, "{{"))
	if bodyless != (q.action.Body == nil) {
		q.errorf("body %+v, want none: %v", q.action.Body, bodyless)
		return
	}
	q.contentType(bodyless)
	if bodyless {
		return
	}
	c := &q.action.Body.Contents[0]
	switch mode {
	case "raw":
		q.countRaw(o)
		q.raw(o, c)
	case "urlencoded":
		q.sum.Urlencoded++
		q.form(mode, "application/x-www-form-urlencoded", o.Urlencoded, c)
	case "formdata":
		q.sum.Formdata++
		q.form(mode, "multipart/form-data", o.Formdata, c)
	case "graphql":
		q.graphQL(o, c)
	default: // a file is the caller's; a body that is not shown has no example
		if mode == "file" {
			q.sum.FileBody++
		}
		if mode == "file" && q.media == "" && c.Type != "application/octet-stream" || c.Example != nil || c.Fields != nil {
			q.errorf("body %+v, want a file or nothing", c)
		}
	}
}

func (q *s2request) countRaw(o *s2body) {
	q.sum.Raw++
	if o.Options.Raw.Language == "" {
		q.sum.RawNoLanguage++
		q.sum.Compared.RawNoLanguage++
	}
	q.sum.Compared.Raw++
}

// raw: the type is the header's, else the language's, else JSON where it reads
// as JSON, XML where it begins with <, and text. JSON is compared token by
// token, numbers as they are written; anything else as text.
func (q *s2request) raw(o *s2body, c *ductape.Content) {
	at, raw := q.at+"/body/raw", string(o.Raw)
	tokens, err := s2tokens(s2json(raw))
	media, _, _ := strings.Cut(q.media, ";")
	if media == "" || strings.Contains(media, "{{") {
		media = map[string]string{"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript", "text": "text/plain"}[o.Options.Raw.Language]
		switch {
		case media != "":
		case err == nil:
			media = "application/json"
		case strings.HasPrefix(strings.TrimSpace(raw), "<"):
			media = "application/xml"
		default:
			media = "text/plain"
		}
		if c.Type != media {
			q.errorf("body type %q, want %q", c.Type, media)
		}
	}
	isJSON := strings.HasSuffix(media, "json")
	switch {
	case strings.HasPrefix(media, "application/x-www-form-urlencoded"):
		var fields s2entries
		for _, e := range s2pairs(strings.TrimSpace(raw)) {
			e.Key, e.Value = s2text(s2unescape(strings.ReplaceAll(string(e.Key), "+", " "))), s2text(s2unescape(strings.ReplaceAll(string(e.Value), "+", " ")))
			fields.list = append(fields.list, e)
		}
		q.fields("body", fields, c, func(int) string { return q.at + "/body" })
	case isJSON && err == nil:
		q.json(raw, tokens, c, at)
	default:
		if isJSON && !q.says("body_not_json", at) {
			q.errorf("the body is no JSON (%v), and nothing says so", err)
		}
		q.text("body", s2string(c.Example), raw, at)
	}
}

// text compares text of a body. What looks like a credential is replaced, and
// reported.
func (q *s2request) text(what, example, text, at string) {
	got, want := q.got(example), q.want(text, at)
	if before, after, removed := strings.Cut(got, "[removed]"); removed && q.says("secret_dropped", at) && len(s2names(text)) == 0 {
		if strings.HasPrefix(want, before) && strings.HasSuffix(want, after) {
			return
		}
	}
	if got != want {
		q.errorf("%s: %q, want %q", what, got, want)
	}
}

// form compares a form: names in order, texts, files, types of parts.
func (q *s2request) form(mode, media string, all s2entries, c *ductape.Content) {
	if !strings.HasPrefix(c.Type, media) {
		q.errorf("body type %q, want %q", c.Type, media)
	}
	at := q.at + "/body/" + mode
	if all.text != "" {
		all.list = s2pairs(all.text)
	}
	q.fields(mode, all, c, func(i int) string { return at + "/" + strconv.Itoa(i) })
}

func (q *s2request) fields(what string, all s2entries, c *ductape.Content, at func(int) string) {
	var names []string
	count, texts := map[string]int{}, map[string][]string{}
	files := map[string]bool{}
	places := map[string][]string{}
	for i, e := range all.list {
		if e.Disabled == "true" || e.Key == "" {
			continue
		}
		name := q.name(string(e.Key), at(i))
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
		if e.ContentType != "" && c.Encoding[name].ContentType != string(e.ContentType) {
			q.errorf("%s: part %s has type %q, want %q", what, name, c.Encoding[name].ContentType, e.ContentType)
		}
		if e.Type == "file" {
			files[name] = true
			var many []string
			if json.Unmarshal(e.Src, &many) == nil && len(many) > 1 {
				count[name]++
			}
			continue
		}
		texts[name] = append(texts[name], string(e.Value))
		places[name] = append(places[name], at(i))
	}
	q.fieldTypes(what, names, count, files, c)
	var examples map[string]json.RawMessage
	if c.Example != nil {
		if err := json.Unmarshal(c.Example, &examples); err != nil {
			q.errorf("%s: example %v", what, err)
		}
	}
	for _, name := range names {
		q.fieldValues(what+" "+name, examples[name], texts[name], places[name])
		delete(examples, name)
	}
	if len(examples) > 0 {
		q.errorf("%s: examples of no field: %v", what, examples)
	}
	q.sum.Compared.FormFields += len(names)
}

func (q *s2request) fieldTypes(what string, names []string, count map[string]int, files map[string]bool, c *ductape.Content) {
	if len(names) != len(c.Fields) {
		q.errorf("%s: %d fields, want %q", what, len(c.Fields), names)
		return
	}
	for i, f := range c.Fields {
		want := ductape.Field{Name: names[i], Type: "string"}
		if files[f.Name] {
			want.Format = "binary"
		}
		if count[f.Name] > 1 { // a name that comes again is an array
			want.Items = strings.TrimSuffix("string:"+want.Format, ":")
			want.Type, want.Format = "array", ""
		}
		if c.Encoding[f.Name].ContentType == "application/json" && f.Type != "array" { // its value is compared as JSON
			want.Type = f.Type
		}
		if f != want {
			q.errorf("%s: field %+v, want %+v", what, f, want)
		}
	}
}

// fieldValues compares the texts of one field of a form.
func (q *s2request) fieldValues(what string, raw json.RawMessage, texts, at []string) {
	all := []json.RawMessage{raw}
	if len(texts) > 1 {
		if err := json.Unmarshal(raw, &all); err != nil || len(all) != len(texts) {
			q.errorf("%s: example %s, want %q", what, raw, texts)
			return
		}
	}
	for i, text := range texts {
		if all[i] == nil {
			q.errorf("%s: no example, want %q", what, text)
			continue
		}
		if s2string(all[i]) == "[removed]" { // reported for the form as a whole
			form := at[i][:strings.LastIndex(at[i], "/")]
			if len(s2names(text)) > 0 || !q.says("secret_dropped", form) && !q.says("secret_dropped", at[i]) && !q.says("secret_dropped", at[i]+"/raw") {
				q.errorf("%s: %q is removed, and nothing says so", what, text)
			}
			continue
		}
		if all[i][0] != '"' {
			q.fieldJSON(what, string(all[i]), text)
			continue
		}
		q.text(what, s2string(all[i]), text, at[i])
	}
}

// fieldJSON: a part of a JSON type is the JSON that its text spells.
func (q *s2request) fieldJSON(what, have, text string) {
	got, err := s2tokens(have)
	want, err2 := s2tokens(text)
	if err != nil || err2 != nil || !slices.Equal(got, want) {
		q.errorf("%s: %s, want %s", what, have, text)
	}
}

// graphQL: the JSON {query, variables, operationName} that carries it.
func (q *s2request) graphQL(o *s2body, c *ductape.Content) {
	at, want := q.at+"/body/graphql", o.GraphQL
	var got struct {
		Query     string
		Variables json.RawMessage
		Operation s2text `json:"operationName"`
	}
	if err := json.Unmarshal(c.Example, &got); err != nil || c.Type != "application/json" && q.media == "" {
		q.errorf("GraphQL: %v, type %q", err, c.Type)
	}
	q.text("GraphQL query", got.Query, string(want.Query), at+"/query")
	if got.Operation != want.Operation {
		q.errorf("GraphQL operation %q, want %q", got.Operation, want.Operation)
	}
	variables := s2string(want.Variables)
	if strings.TrimSpace(variables) == "" || q.says("body_not_json", at+"/variables") {
		if got.Variables != nil {
			q.errorf("GraphQL variables %s, want none", got.Variables)
		}
		q.sum.Compared.GraphQL++
		return
	}
	tokens, err := s2tokens(s2json(variables))
	have, err2 := s2tokens(string(got.Variables))
	if err != nil || err2 != nil || len(tokens) != len(have) {
		q.errorf("GraphQL variables %s, want %s", got.Variables, variables)
		return
	}
	for i, w := range tokens {
		text, isText := w.(string)
		g, _ := have[i].(string)
		if key, isKey := strings.CutPrefix(text, s2key); isKey {
			w = s2key + q.name(key, at+"/variables")
		}
		if isText && !strings.HasPrefix(text, s2key) {
			q.text("GraphQL variable", g, text, at+"/variables")
		} else if have[i] != w {
			q.errorf("GraphQL variables: %v, want %v", have[i], w)
		}
	}
	q.sum.Compared.GraphQL++
}
