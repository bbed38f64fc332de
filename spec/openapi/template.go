package openapi

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/tree"
)

var (
	// plainTemplate finds parameters written with an operator: "{key+}", "{+path}".
	plainTemplate = regexp.MustCompile(`\{\+?([^{}/+*?&]+)[+*]?\}`)
	// queryTemplate finds query parameters written as RFC 6570 has them: "{?limit,page}".
	queryTemplate = regexp.MustCompile(`\{[?&]([^{}/]+)\}`)
	templateParam = regexp.MustCompile(`\{([^{}/]+)\}`)
)

// template returns the path to send and the names of the query parameters that
// were part of it: "/uploads?convert={convert}" is "/uploads" with convert. A
// query with fixed values stays.
func template(path string) (resource string, query []string) {
	for _, match := range queryTemplate.FindAllStringSubmatch(path, -1) {
		for name := range strings.SplitSeq(match[1], ",") {
			query = append(query, strings.Trim(name, " *"))
		}
	}
	path = queryTemplate.ReplaceAllString(path, "")
	path = plainTemplate.ReplaceAllString(path, "{$1}")
	path, rest, _ := strings.Cut(path, "?")
	var fixed []string
	for pair := range strings.SplitSeq(rest, "&") {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case strings.Contains(value, "{"):
			query = append(query, name)
		case pair != "":
			fixed = append(fixed, pair)
		}
	}
	resource = "/" + strings.TrimPrefix(path, "/")
	if len(fixed) > 0 {
		resource += "?" + strings.Join(fixed, "&")
	}
	return resource, query
}

// matchTemplate makes the path parameters those of the path's template, and adds
// the query parameters that only the template names.
func (r *reader) matchTemplate(params []ductape.Param, resource string, query []string, op tree.Node) []ductape.Param {
	var missing []ductape.Param
	used := map[string]bool{}
	for _, match := range templateParam.FindAllStringSubmatch(resource, -1) {
		name := match[1]
		if used[name] {
			continue
		}
		used[name] = true
		if i := pathParam(params, name); i >= 0 {
			params[i].Name = name
			continue
		}
		missing = append(missing, ductape.Param{Name: name, In: ductape.InPath, Required: true, Type: "string"})
	}
	for _, name := range query {
		if i := pathParam(params, name); i >= 0 && !used[params[i].Name] {
			params[i].Name, params[i].In = name, ductape.InQuery
		}
		if !slices.ContainsFunc(params, func(p ductape.Param) bool { return p.In == ductape.InQuery && p.Name == name }) {
			missing = append(missing, ductape.Param{Name: name, In: ductape.InQuery, Type: "string"})
		}
	}
	kept := params[:0]
	for _, p := range params {
		if p.In == ductape.InPath && !used[p.Name] {
			r.warn("path_param_unused", op, "the path parameter "+p.Name+" does not occur in the path "+resource)
			continue
		}
		kept = append(kept, p)
	}
	for _, p := range missing {
		r.warn("path_param_undescribed", op, "the path has {"+p.Name+"}, which no parameter describes; it takes any text")
	}
	return append(kept, missing...)
}

// pathParam finds the path parameter a template means: by its name, else by its
// name in other letters or with an operator.
func pathParam(params []ductape.Param, name string) int {
	like := -1
	for i, p := range params {
		switch {
		case p.In != ductape.InPath:
		case p.Name == name:
			return i
		case strings.EqualFold(strings.Trim(p.Name, "*+"), name):
			like = i
		}
	}
	return like
}
