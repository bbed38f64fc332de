package openapi

import (
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

func (r *reader) responses(op tree.Node) []ductape.Response {
	var out []ductape.Response
	for written := range r.part(op, "responses").Members() {
		status := written.Key()
		if strings.HasPrefix(status, "x-") {
			continue
		}
		if !isStatus(status) {
			r.warn("response_status_unknown", written, "\""+status+"\" is no status: 200, 2XX or default; it was left out")
			continue
		}
		n := r.resolve(written)
		response := ductape.Response{Status: strings.ToUpper(status), Description: r.text(n.Get("description"))}
		if strings.EqualFold(status, "default") {
			response.Status = "default"
		}
		r.beside(written, n, &response.Description)
		response.Types = r.responseTypes(op, n)
		if links := n.Get("links"); links.Len() > 0 {
			r.warn("link_ignored", links, "links between operations are not carried over")
		}
		out = append(out, response)
	}
	return out
}

// isStatus reports whether a key of the responses is a status, a class of them,
// or default.
func isStatus(s string) bool {
	if strings.EqualFold(s, "default") {
		return true
	}
	if len(s) != 3 || s[0] < '1' || s[0] > '9' {
		return false
	}
	return strings.EqualFold(s[1:], "xx") || strings.Trim(s[1:], "0123456789") == ""
}

func (r *reader) responseTypes(op, n tree.Node) []string {
	if r.v2 {
		if !n.Get("schema").OK() {
			return nil
		}
		return r.mediaTypes(op, "produces")
	}
	var types []string
	for media := range r.part(n, "content").Members() {
		types = append(types, media.Key())
	}
	return types
}

// answer returns the schema of an operation's first success.
func (r *reader) answer(op tree.Node) tree.Node {
	for written := range r.part(op, "responses").Members() {
		if !strings.HasPrefix(written.Key(), "2") {
			continue
		}
		n := r.resolve(written)
		if r.v2 {
			return n.Get("schema")
		}
		for media := range r.part(n, "content").Members() {
			if schema := media.Get("schema"); schema.OK() {
				return schema
			}
		}
		return tree.Node{}
	}
	return tree.Node{}
}
