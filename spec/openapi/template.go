package openapi

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/losses"
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
	paths := indexPathParams(params)
	for _, match := range templateParam.FindAllStringSubmatch(resource, -1) {
		name := match[1]
		if used[name] {
			continue
		}
		used[name] = true
		if i := paths.find(params, name); i >= 0 {
			params[i].Name = name
			continue
		}
		missing = append(missing, ductape.Param{Name: name, In: ductape.InPath, Required: true, Type: "string"})
	}
	queries := map[string]bool{}
	for i := range params {
		queries[params[i].Name] = queries[params[i].Name] || params[i].In == ductape.InQuery
	}
	for _, name := range query {
		if i := paths.find(params, name); i >= 0 && !used[params[i].Name] {
			params[i].Name, params[i].In, queries[name] = name, ductape.InQuery, true
		}
		if !queries[name] {
			missing = append(missing, ductape.Param{Name: name, In: ductape.InQuery, Type: "string"})
		}
	}
	kept := params[:0]
	for _, p := range params {
		if p.In == ductape.InPath && !used[p.Name] {
			r.warn("path_param_unused", op, "the path parameter "+p.Name+" does not occur in the path "+losses.Clip(resource, losses.MaxWhere))
			continue
		}
		kept = append(kept, p)
	}
	r.noteUndescribed(missing, resource, op)
	return append(kept, missing...)
}

// noteUndescribed tells of the parameters that only a path's template names, once
// for each path.
func (r *reader) noteUndescribed(missing []ductape.Param, resource string, op tree.Node) {
	if len(missing) == 0 {
		return
	}
	var names strings.Builder
	for i, p := range missing {
		if names.Len() > losses.MaxWhere {
			names.WriteString(" and " + strconv.Itoa(len(missing)-i) + " more")
			break
		}
		if i > 0 {
			names.WriteString(", ")
		}
		names.WriteString("{" + losses.Clip(p.Name, losses.MaxWhere) + "}")
	}
	it := "it takes"
	if len(missing) > 1 {
		it = "each takes"
	}
	if r.losses.First("path_param_undescribed", resource, names.String()) {
		r.warn("path_param_undescribed", op, "the path has "+names.String()+", which no parameter describes; "+it+" any text")
	}
}

// pathParams finds path parameters: by name, else by the name in other letters
// or with an operator.
type pathParams struct{ byName, like map[string]int }

func indexPathParams(params []ductape.Param) pathParams {
	index := pathParams{map[string]int{}, map[string]int{}}
	for i, p := range params {
		if p.In != ductape.InPath {
			continue
		}
		if _, ok := index.byName[p.Name]; !ok {
			index.byName[p.Name] = i
		}
		index.like[strings.ToLower(strings.Trim(p.Name, "*+"))] = i
	}
	return index
}

// find returns the place of the path parameter that a template means, or -1.
func (index pathParams) find(params []ductape.Param, name string) int {
	if i, ok := index.byName[name]; ok && params[i].In == ductape.InPath {
		return i
	}
	if i, ok := index.like[strings.ToLower(name)]; ok && params[i].In == ductape.InPath {
		return i
	}
	return -1
}
