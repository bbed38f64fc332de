package postman

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// body sets what the action takes as its body.
func (t *target) body(v sample.Value) {
	at := t.at + "/body"
	if v.Kind == sample.String { // older exports: the raw text itself
		v = sample.Value{Kind: sample.Object, Members: []sample.Member{{Name: "raw", Value: v}}}
	}
	var c *ductape.Content
	if !v.Get("disabled").True() {
		c = t.content(v, at)
	}
	if c != nil && !t.keeps && slices.Contains(bodiless, t.action.Method) {
		if c.Example != nil || c.Fields != nil {
			t.warn(bodyUnsent, at, "Postman sends no body with "+t.action.Method)
		}
		c = nil
	}
	if c != nil {
		t.action.Body = sample.BodyOf(*c)
	}
	t.keepContentType(c)
}

// bodiless are the methods that Postman sends without the request's body, unless
// disableBodyPruning says otherwise.
var bodiless = []string{"GET", "COPY", "HEAD", "PURGE", "UNLOCK"}

func (t *target) content(v sample.Value, at string) *ductape.Content {
	switch mode := modeOf(v); mode {
	case "raw":
		return t.raw(v, at)
	case "urlencoded":
		return t.urlencoded(v.Get(mode), at+"/urlencoded")
	case "formdata":
		return t.formdata(v.Get(mode), at+"/formdata")
	case "graphql":
		return t.graphQL(v.Get(mode), at+"/graphql")
	case "file":
		return &ductape.Content{Type: t.mediaOr("application/octet-stream")}
	}
	return t.declared()
}

// modeOf returns the body's mode, else the one whose content is there.
func modeOf(v sample.Value) string {
	modes := []string{"raw", "urlencoded", "formdata", "graphql", "file"}
	if m := v.Get("mode").Text(); slices.Contains(modes, m) {
		return m
	}
	for _, m := range modes {
		if v.Has(m) && !v.Get(m).IsNull() {
			return m
		}
	}
	return ""
}

func (t *target) mediaOr(fallback string) string {
	if t.media != "" && !strings.Contains(t.media, "{{") {
		return t.media
	}
	return fallback
}

// declared is the content of a request that names a media type but shows no
// body: methods that usually have one take it.
func (t *target) declared() *ductape.Content {
	if t.media == "" || strings.Contains(t.media, "{{") || !slices.Contains([]string{"POST", "PUT", "PATCH"}, t.action.Method) {
		return nil
	}
	return &ductape.Content{Type: t.media}
}

var languages = map[string]string{ // :: options.raw.language -> media type
	"json": "application/json", "xml": "application/xml", "html": "text/html", "javascript": "application/javascript", "text": "text/plain",
}

func (t *target) raw(v sample.Value, at string) *ductape.Content {
	raw := text(v.Get("raw"))
	if strings.TrimSpace(raw) == "" {
		return t.declared()
	}
	media := t.mediaOr(languages[v.Get("options").Get("raw").Get("language").Text()])
	example, isJSON := sample.Value{}, false
	if media == "" || isJSONType(media) || media == "text/plain" && t.media == "" {
		example, isJSON = t.jsonExample(raw, at+"/raw")
	}
	switch {
	case media == "" && isJSON:
		media = "application/json"
	case media == "" && strings.HasPrefix(strings.TrimSpace(raw), "<"):
		media = "application/xml"
	case media == "":
		media = "text/plain"
	}
	var c ductape.Content
	var secret bool
	switch {
	case isJSON && isJSONType(media):
		c, secret = sample.JSONContent(media, example)
	case isForm(media):
		c, secret = sample.FormContent(media, t.formFieldsOf(raw, at))
	default:
		if isJSONType(media) {
			t.warn(bodyNotJSON, at+"/raw", "the example is not JSON")
		}
		c, secret = sample.TextContent(media, t.vars.fill(t.scope, raw, at+"/raw").text)
	}
	t.secretIn(secret, at+"/raw")
	return &c
}

func (t *target) secretIn(found bool, at string) {
	if found {
		t.warn(secretDropped, at, "a credential in the example is not kept")
	}
}

func isJSONType(media string) bool { return sample.IsJSONType(media) }

func isForm(media string) bool {
	return strings.HasPrefix(strings.ToLower(media), "application/x-www-form-urlencoded")
}

// formFieldsOf reads the fields of a form that was written as raw text.
func (t *target) formFieldsOf(raw, at string) []sample.Field {
	var fs []sample.Field
	for _, q := range parseQuery(strings.TrimSpace(raw)) {
		fs = append(fs, sample.Field{Name: formText(q.Get("key").Text()), Value: t.vars.fill(t.scope, formText(q.Get("value").Text()), at).text})
	}
	return fs
}

// formText decodes a name or value of a form.
func formText(s string) string { return unescape(strings.ReplaceAll(s, "+", " ")) }

func (t *target) urlencoded(v sample.Value, at string) *ductape.Content {
	media := t.mediaOr("application/x-www-form-urlencoded")
	if !isForm(media) {
		media = "application/x-www-form-urlencoded"
	}
	fields := t.formFields(v, at)
	if v.Kind == sample.String {
		fields = t.formFieldsOf(v.Text(), at)
	}
	c, secret := sample.FormContent(media, fields)
	t.secretIn(secret, at)
	return &c
}

func (t *target) formdata(v sample.Value, at string) *ductape.Content {
	c, secret := sample.FormContent("multipart/form-data", t.formFields(v, at))
	t.secretIn(secret, at)
	return &c
}

// formFields reads the enabled entries of a form.
func (t *target) formFields(v sample.Value, at string) []sample.Field {
	var fs []sample.Field
	for i, e := range pairs(v) {
		if e.Get("disabled").True() {
			continue
		}
		f := sample.Field{Name: t.name(e.Get("key").Text(), sample.Pointer(at, i)), File: e.Get("type").Text() == "file", ContentType: e.Get("contentType").Text()}
		if v, ok := t.jsonField(f, e, sample.Pointer(at, i)); ok {
			f.JSON = &v
		} else if !f.File {
			f.Value = t.vars.fill(t.scope, text(e.Get("value")), sample.Pointer(at, i)).text
		}
		fs = append(fs, f)
		if src := e.Get("src"); f.File && src.Kind == sample.Array && len(src.Items) > 1 {
			fs = append(fs, f)
		}
	}
	return fs
}

// jsonField reads a field of a JSON type, which is sent as the JSON that it is.
func (t *target) jsonField(f sample.Field, e sample.Value, at string) (sample.Value, bool) {
	if f.File || !isJSONType(f.ContentType) {
		return sample.Value{}, false
	}
	v, ok := t.jsonExample(text(e.Get("value")), at)
	if !ok {
		t.warn(bodyNotJSON, at, "the field "+quoted(f.Name)+" is not JSON; it is sent as a JSON string")
	}
	return v, ok
}

// graphQL makes the JSON that carries a GraphQL query.
func (t *target) graphQL(v sample.Value, at string) *ductape.Content {
	if v.Kind == sample.String {
		if p, err := sample.Parse([]byte(v.Text())); err == nil && p.Kind == sample.Object {
			v = p
		} else {
			v = sample.Value{Kind: sample.Object, Members: []sample.Member{{Name: "query", Value: v}}}
		}
	}
	query := t.vars.fill(t.scope, v.Get("query").Text(), at+"/query").text
	body := sample.Value{Kind: sample.Object, Members: []sample.Member{{Name: "query", Value: sample.Value{Kind: sample.String, Literal: query}}}}
	if op := v.Get("operationName").Text(); op != "" {
		body.Members = append(body.Members, sample.Member{Name: "operationName", Value: sample.Value{Kind: sample.String, Literal: op}})
	}
	if raw := text(v.Get("variables")); strings.TrimSpace(raw) != "" {
		vars, ok := t.jsonExample(raw, at+"/variables")
		if !ok || vars.Kind != sample.Object {
			t.warn(bodyNotJSON, at+"/variables", "the variables of the query are no JSON object; they are left out")
		} else {
			body.Members = append(body.Members, sample.Member{Name: "variables", Value: vars})
		}
	}
	media := t.mediaOr("application/json")
	if !isJSONType(media) {
		media = "application/json"
	}
	c, secret := sample.JSONContent(media, body)
	t.secretIn(secret, at)
	return &c
}
