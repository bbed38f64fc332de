package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

// params reads the parameters of an operation, those of its path included. Of
// Swagger 2.0's, the ones that make up the body come second.
func (r *reader) params(p place, op tree.Node, resource string, query []string) (params []ductape.Param, form []bodyParam) {
	at := map[[2]string]int{}
	from := map[[2]string]int{} // :: parameter -> which list it is of; an operation's replaces its path's
	for level, list := range [...]tree.Node{r.part(p.over, "parameters"), r.part(p.item, "parameters"), r.part(op, "parameters")} {
		for item := range list.Items() {
			n := r.resolve(item)
			in := n.Get("in").Text()
			if r.v2 && (in == "body" || in == "formData") {
				form = r.addBodyParam(form, bodyParam{n, item, level})
				continue
			}
			if r.isAuth(n, op) {
				r.warn("header_ignored", item, "Authorization is set by the operation's auth, not by a parameter")
				continue
			}
			param, ok := r.param(n, item)
			if !ok {
				continue
			}
			key := [2]string{string(param.In), param.Name}
			if i, ok := at[key]; ok {
				if from[key] == level {
					r.warn("param_repeated", item, "the "+string(param.In)+" parameter "+param.Name+" is described twice in one list; the last one is used")
				}
				params[i], from[key] = param, level
				continue
			}
			from[key] = level
			at[key] = len(params)
			params = append(params, param)
		}
	}
	r.checkQueryString(params, op)
	return r.matchTemplate(params, resource, query, op), form
}

// checkQueryString reports a parameter that is the whole query beside others of
// the query (OpenAPI 3.2, 4.12.1).
func (r *reader) checkQueryString(params []ductape.Param, op tree.Node) {
	count := map[ductape.Location]int{}
	for i := range params {
		count[params[i].In]++
	}
	if whole := count[ductape.InQueryString]; whole > 1 || whole == 1 && count[ductape.InQuery] > 0 {
		r.warn("querystring_not_alone", op, "a querystring parameter is the whole query; it cannot be given together with another parameter of the query")
	}
}

func (r *reader) param(n, written tree.Node) (ductape.Param, bool) {
	name := n.Get("name").Scalar()
	in := ductape.Location(n.Get("in").Text())
	switch in {
	case ductape.InPath, ductape.InQuery, ductape.InHeader, ductape.InCookie, ductape.InQueryString:
	default:
		if n.OK() {
			r.warn("param_unknown_place", written, "a parameter stands in path, query, header or cookie, not in \""+string(in)+"\"")
		}
		return ductape.Param{}, false
	}
	if name == "" {
		r.warn("param_without_name", written, "the parameter has no name")
		return ductape.Param{}, false
	}
	if in == ductape.InHeader && reservedHeader(name) && !r.v2 {
		r.warn("header_ignored", written, name+" is set from the body, the answers' types and the auth, not by a parameter (OpenAPI 3.2, 4.12.2)")
		return ductape.Param{}, false
	}
	if in == ductape.InHeader && connectionHeader(name) {
		r.warn("header_ignored", written, name+" is set by the connection, not by a parameter (RFC 9110, 7.6.1)")
		return ductape.Param{}, false
	}
	p := ductape.Param{
		Name: name, In: in, Required: n.Get("required").True() || in == ductape.InPath,
		Description: r.text(n.Get("description")), Deprecated: n.Get("deprecated").True(), AllowReserved: n.Get("allowReserved").True(),
	}
	r.beside(written, n, &p.Description)
	if r.v2 {
		r.formerSchema(&p, n)
	} else {
		r.paramSchema(&p, n)
	}
	if e := r.example(n, ""); e != nil {
		p.Example = e
	}
	if r.v2 && in == ductape.InHeader && reservedHeader(name) {
		r.formerHeader(&p, n)
	}
	return p, true
}

func reservedHeader(name string) bool {
	return strings.EqualFold(name, "Accept") || strings.EqualFold(name, "Content-Type") || strings.EqualFold(name, "Authorization")
}

// connectionHeader names what the connection sets by itself (RFC 9110, 7.6.1).
func connectionHeader(name string) bool {
	switch strings.ToLower(name) {
	case "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade":
		return true
	}
	return false
}

func (r *reader) paramSchema(p *ductape.Param, n tree.Node) {
	schema := n.Get("schema")
	content := r.part(n, "content")
	if content.Len() > 1 || schema.OK() && content.Len() > 0 {
		r.warn("param_content_extra", content, "a parameter has a schema or one media type (OpenAPI 3.2, 4.12.2); the first is used")
	}
	if !schema.OK() {
		for media := range content.Members() {
			p.ContentType = media.Key()
			media = r.resolve(media)
			schema = media.Get("schema")
			if encoding := media.Get("encoding"); encoding.Len() > 0 {
				r.warn("encoding_ignored", encoding, "the encoding of a parameter's fields is not carried over; they are written as a form's are by default")
			}
			p.Example = r.example(media, p.ContentType)
			break
		}
	}
	if p.In == ductape.InQueryString && p.ContentType == "" {
		p.ContentType = "application/x-www-form-urlencoded" // what a query is; content would have to say it
	}
	p.Style = r.style(n.Get("style"), p.In)
	if v, ok := n.Get("explode").Bool(); ok {
		p.Explode = &v
	}
	p.Schema = r.schema(schema)
	k := r.kindOf(schema)
	p.Type, p.Format = k.typ, k.format
	p.Default = fixedValue(p, schema)
	if p.Style == "deepObject" && k.typ == "array" {
		r.nesting.lists = true
	}
}

// fixedValue returns the value of a required query or header parameter that
// allows only one, such as the Action of a query API.
func fixedValue(p *ductape.Param, schema tree.Node) json.RawMessage {
	if !p.Required || p.In != ductape.InQuery && p.In != ductape.InHeader {
		return nil
	}
	if c := schema.Get("const"); c.OK() {
		return c.Raw()
	}
	if values := schema.Get("enum"); values.Len() == 1 {
		for v := range values.Items() {
			return v.Raw()
		}
	}
	return nil
}

// the styles that each place has (OpenAPI 3.2, 4.12.3)
var styles = map[ductape.Location][]string{
	ductape.InPath: {"simple", "label", "matrix"}, ductape.InQuery: {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
	ductape.InHeader: {"simple"}, ductape.InCookie: {"form", "cookie"},
}

// style returns a style of the place, empty for its default. A parameter with
// another could never be written.
func (r *reader) style(n tree.Node, in ductape.Location) string {
	s := n.Text()
	if s == "" || slices.Contains(styles[in], s) {
		return s
	}
	r.warn("style_unknown", n, "there is no style \""+s+"\" in a "+string(in)+"; the default is used")
	return ""
}
