package sample

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

func (a *built) body() {
	if a.Body == nil {
		a.contentType()
		return
	}
	media := a.media
	if media == "" {
		media = a.Body.Type
	}
	c := a.scrubbed(a.Body, media)
	a.action.Body = BodyOf(c)
	if a.media != "" && a.Body.IsForm && bareType(c.Type) != bareType(a.media) {
		a.Warn(CodeHeaderIgnored, a.Where, "the body is sent as "+c.Type+", not as its Content-Type says")
	}
	for _, more := range a.More {
		addContent(a.action.Body, a.scrubbed(more, more.Type))
	}
}

// contentType keeps a Content-Type that no body has.
func (a *built) contentType() {
	if a.media != "" {
		a.header("Content-Type", a.media)
	}
}

func (a *built) scrubbed(b *Body, media string) ductape.Content {
	c, secret := a.content(b, media)
	if secret {
		a.Warn(CodeSecretDropped, a.Where, "a credential in the body's example is not kept")
	}
	return c
}

// addContent adds the fields of a further content to that of its type.
func addContent(b *ductape.Body, c ductape.Content) {
	i := slices.IndexFunc(b.Contents, func(o ductape.Content) bool { return bareType(o.Type) == bareType(c.Type) })
	if i < 0 {
		b.Contents = append(b.Contents, c)
		return
	}
	to := &b.Contents[i]
	at := map[string]int{} // :: name -> index in to.Fields
	for i, f := range to.Fields {
		at[f.Name] = i
	}
	for _, f := range c.Fields {
		k, known := at[f.Name]
		switch {
		case !known:
			to.Fields = append(to.Fields, f)
			if e, ok := c.Encoding[f.Name]; ok {
				if to.Encoding == nil {
					to.Encoding = map[string]ductape.Encoding{}
				}
				to.Encoding[f.Name] = e
			}
		case to.Fields[k] != f:
			to.Fields[k] = ductape.Field{Name: f.Name} // of any type
		}
	}
	if to.Example == nil {
		to.Example = c.Example
	}
}

func bareType(media string) string {
	media, _, _ = strings.Cut(strings.ToLower(media), ";")
	return strings.TrimSpace(media)
}

const formType = "application/x-www-form-urlencoded"

func (a *built) content(b *Body, media string) (ductape.Content, bool) {
	bare := bareType(media)
	isJSON := IsJSONType(bare)
	switch {
	case b.IsForm:
		if bare != formType {
			media = "multipart/form-data" // without the boundary
		}
		return FormContent(media, a.fields(b.Form))
	case b.Binary:
		if strings.HasPrefix(bare, "multipart/") {
			media = bare
		}
		if media == "" {
			media = "application/octet-stream"
		}
		return ductape.Content{Type: media}, false
	case bare == formType:
		return FormContent(media, formFields(b.Text))
	case isJSON || media == "":
		v, err := Parse([]byte(b.Text))
		if err == nil && (isJSON || v.Kind == Object || v.Kind == Array) {
			if media == "" {
				media = "application/json"
			}
			return JSONContent(media, v)
		}
		if isJSON {
			a.Warn(CodeBodyNotJSON, a.Where, "the body is not JSON")
		} else {
			media = "text/plain"
		}
	}
	return TextContent(media, b.Text)
}

// fields reads the fields of a JSON type.
func (a *built) fields(fs []Field) []Field {
	fs = slices.Clone(fs)
	for i := range fs {
		if !fs[i].ReadJSON() {
			a.Warn(CodeBodyNotJSON, a.Where, "the field "+string(Quote(fs[i].Name))+" is not JSON; it is sent as a JSON string")
		}
	}
	return fs
}

func formFields(text string) []Field {
	var fs []Field
	for pair := range strings.SplitSeq(strings.TrimSpace(text), "&") {
		k, v, _ := strings.Cut(pair, "=")
		fs = append(fs, Field{Name: unquery(k), Value: unquery(v)})
	}
	return fs
}
