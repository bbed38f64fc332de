package judge

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

func init() {
	openapi3filter.RegisterBodyDecoder("application/x-www-form-urlencoded", decodeForm)
	openapi3filter.RegisterBodyDecoder("multipart/form-data", decodeMultipart)
	openapi3filter.RegisterBodyDecoder("text/json", openapi3filter.JSONBodyDecoder)
	openapi3filter.RegisterBodyDecoder("*/*", decodeOther)
}

// decodeOther reads a media type that the judge does not know as text, if it may
// be text.
func decodeOther(body io.Reader, header http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	for _, shape := range shapes(schema.Value, 0) {
		if shape.permits("string") {
			return openapi3filter.PlainBodyDecoder(body, header, schema, encoding)
		}
	}
	return nil, fmt.Errorf("unsupported content type %q", header.Get("Content-Type"))
}

// decodeForm reads a form as the judge does, and where the judge reads less than
// the form says, with brackets.
func decodeForm(body io.Reader, header http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	all, err := fields(string(data))
	if err != nil {
		return nil, err
	}
	v, err := openapi3filter.UrlencodedBodyDecoder(bytes.NewReader(data), header, schema, encoding)
	if err == nil && saysAll(v, all, encoding) {
		return v, nil
	}
	root := &node{}
	for _, f := range all {
		if err := root.addField(f, encoding); err != nil {
			return nil, err
		}
	}
	return valueOf(root, schema.Value), nil
}

// saysAll reports whether a value has every field of a form, none of them in the
// style deepObject: of those the judge leaves out what it cannot read.
func saysAll(v any, all []field, encoding openapi3filter.EncodingFn) bool {
	object, _ := v.(map[string]any)
	for _, f := range all {
		if object[f.name] == nil || deep(encoding(f.name)) {
			return false
		}
	}
	return true
}

// addField adds a field as its encoding says (OpenAPI 3.2, 4.15).
func (n *node) addField(f field, encoding openapi3filter.EncodingFn) error {
	path, e := pathOf(f.name, encoding)
	how := reading{list: !deep(e), json: !styled(e)}
	parts := []string{f.raw}
	if sm := e.SerializationMethod(); sm.Style == openapi3.SerializationForm && !sm.Explode {
		parts = strings.Split(f.raw, ",")
	}
	for _, raw := range parts {
		text, err := url.QueryUnescape(raw)
		if err != nil {
			return err
		}
		n.add(path, text, how)
	}
	return nil
}

// pathOf is where a field belongs, and its encoding. Brackets mean something only
// in the style deepObject.
func pathOf(name string, encoding openapi3filter.EncodingFn) ([]string, *openapi3.Encoding) {
	path := bracketed(name)
	if e := encoding(path[0]); deep(e) {
		return path, e
	}
	return []string{name}, encoding(name)
}

func deep(e *openapi3.Encoding) bool {
	return e != nil && e.Style == openapi3.SerializationDeepObject
}

// styled reports whether the rules of a query apply, not those of media types.
func styled(e *openapi3.Encoding) bool {
	return e != nil && (e.Style != "" || e.Explode != nil || e.AllowReserved)
}

// decodeMultipart is decodeForm for parts.
func decodeMultipart(body io.Reader, header http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	root, all, err := parts(data, header, encoding)
	if err != nil {
		return nil, err
	}
	v, err := openapi3filter.MultipartBodyDecoder(bytes.NewReader(data), header, schema, encoding)
	if err == nil && saysAll(v, all, encoding) {
		return v, nil
	}
	return valueOf(root, schema.Value), nil
}

func parts(data []byte, header http.Header, encoding openapi3filter.EncodingFn) (*node, []field, error) {
	_, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		return nil, nil, err
	}
	root, all := &node{}, []field(nil)
	for r := multipart.NewReader(bytes.NewReader(data), params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			return root, all, nil
		}
		if err != nil {
			return nil, nil, err
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, err
		}
		path, e := pathOf(part.FormName(), encoding)
		mediaType := cmp.Or(before(part.Header.Get("Content-Type"), ";"), "text/plain")
		if !styled(e) && !e.AllowsContentType(mediaType) {
			return nil, nil, fmt.Errorf("part %s is %s, not %s", part.FormName(), mediaType, e.ContentType)
		}
		root.add(path, string(text), reading{list: !deep(e), json: strings.HasSuffix(mediaType, "json")})
		all = append(all, field{name: part.FormName()})
	}
}

// A nested parameter is one of which the judge reads less than a request holds:
// in the style deepObject, more than an object of plain values; in the style form
// and exploded, an object, whose members may have any name.
type nested struct {
	openapi3.Parameter
	root *node // nil: the request has none
}

// apart takes the nested parameters from the others.
func apart(query string, params openapi3.Parameters) (plain openapi3.Parameters, out []nested, err error) {
	all, err := fields(query)
	if err != nil {
		return nil, nil, err
	}
	for _, ref := range params {
		p, root, flat := ref.Value, (*node)(nil), true
		switch {
		case p.In != openapi3.ParameterInQuery || p.Schema == nil:
		case p.Style == openapi3.SerializationDeepObject:
			root, flat, err = under(p.Name, all)
			flat = flat && p.Schema.Value.Type.Is("object")
		case spread(p):
			root, err = members(p, params, all)
			flat = false
		}
		if err != nil {
			return nil, nil, err
		}
		if flat {
			plain = append(plain, ref)
		} else {
			out = append(out, nested{*p, root})
		}
	}
	return plain, out, nil
}

// under reads the fields under a parameter's name. Flat says that each is name[x].
func under(name string, all []field) (root *node, flat bool, err error) {
	flat = true
	for _, f := range all {
		rest, found := strings.CutPrefix(f.name, name)
		if !found || rest != "" && rest[0] != '[' {
			continue
		}
		text, err := url.QueryUnescape(f.raw)
		if err != nil {
			return nil, false, err
		}
		if root == nil {
			root = &node{}
		}
		path := bracketed(rest)[1:]
		flat = flat && len(path) == 1 && path[0] != ""
		root.add(path, text, reading{})
	}
	return root, flat, nil
}

// spread reports whether the members of a parameter stand in the query on their
// own.
func spread(p *openapi3.Parameter) bool {
	sm, err := p.SerializationMethod()
	return err == nil && sm.Style == openapi3.SerializationForm && sm.Explode && p.Schema.Value.Type.Is("object")
}

// members reads such a parameter: the fields that are no other parameter's.
func members(p *openapi3.Parameter, params openapi3.Parameters, all []field) (*node, error) {
	var root *node
	for _, f := range all {
		head := bracketed(f.name)[0]
		if params.GetByInAndName(p.In, f.name) != nil || params.GetByInAndName(p.In, head) != nil {
			continue
		}
		text, err := url.QueryUnescape(f.raw)
		if err != nil {
			return nil, err
		}
		if root == nil {
			root = &node{}
		}
		root.add([]string{f.name}, text, reading{list: true})
	}
	return root, nil
}

// compare lets the judge validate such a parameter. It takes a decoder of values
// for parameters that have a media type only.
func (p nested) compare(in openapi3filter.RequestValidationInput) error {
	schema := p.Schema.Value
	p.Content, p.Schema = openapi3.NewContentWithSchema(schema, []string{"application/json"}), nil
	in.QueryParams, in.ParamDecoder = url.Values{}, func(*openapi3.Parameter, []string) (any, *openapi3.Schema, error) {
		return valueOf(p.root, schema), schema, nil
	}
	if p.root != nil {
		in.QueryParams.Set(p.Name, "")
	}
	return openapi3filter.ValidateParameter(context.Background(), &in, &p.Parameter)
}
