package judge

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// kin-openapi reads a form only as far as OpenAPI defines it, which is not far
// enough for Stripe's: a list, or lists and objects inside an object, under
// names with brackets. What follows reads those names, in the simplest way and
// without the code that wrote them, so that the judge can judge the values.

// A node is what a form says under one name: texts, or nodes with names of their
// own. The items of a list have the names 0, 1, 2 …
type node struct {
	texts   []string
	how     reading
	names   []string
	members map[string]*node
}

// A reading says what texts may be besides plain values. In the style deepObject,
// they are neither.
type reading struct {
	list bool // a text for each item
	json bool // what nests is JSON
}

// add puts a text where a path of names leads. The empty name is that of the
// next item of a list.
func (n *node) add(path []string, text string, how reading) {
	if len(path) == 0 {
		n.texts, n.how = append(n.texts, text), how
		return
	}
	name := path[0]
	if name == "" {
		name = n.item(path[1:])
	}
	n.member(name).add(path[1:], text, how)
}

// item is the name of the list's item that "[]" means: the last one, unless that
// has what follows already: a[][b]=1&a[][c]=2&a[][b]=3 are two items.
func (n *node) item(rest []string) string {
	last := len(n.names) - 1
	if last >= 0 && len(rest) > 0 && !n.members[n.names[last]].has(rest) {
		return n.names[last]
	}
	return strconv.Itoa(last + 1)
}

func (n *node) has(path []string) bool {
	for _, name := range path {
		if n = n.members[name]; n == nil {
			return false
		}
	}
	return true
}

func (n *node) member(name string) *node {
	if n.members == nil {
		n.members = map[string]*node{}
	}
	if n.members[name] == nil {
		n.members[name] = &node{}
		n.names = append(n.names, name)
	}
	return n.members[name]
}

// items returns the parts of a list, nil where the names are not 0, 1, 2 …
func (n *node) items() []*node {
	var out []*node
	for i := range n.names {
		item := n.members[strconv.Itoa(i)]
		if item == nil {
			return nil
		}
		out = append(out, item)
	}
	return out
}

// bracketed splits a name: a[b][] is a, b and the empty name.
func bracketed(name string) []string {
	head, rest, found := strings.Cut(name, "[")
	if !found || !strings.HasSuffix(rest, "]") {
		return []string{name}
	}
	return append([]string{head}, strings.Split(strings.TrimSuffix(rest, "]"), "][")...)
}

// A field is one name=value of a form or a query. The name is unescaped.
type field struct{ name, raw string }

func fields(form string) ([]field, error) {
	var out []field
	for one := range strings.SplitSeq(form, "&") {
		if one == "" {
			continue
		}
		raw, value, _ := strings.Cut(one, "=")
		name, err := url.QueryUnescape(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, field{name, value})
	}
	return out, nil
}

func TestBrackets(t *testing.T) {
	for _, tc := range []struct{ form, want string }{
		{"a[b]=1&a[c]=2", "a{b=1 c=2}"},
		{"a[0]=1&a[1]=2", "a{0=1 1=2}"},
		{"a[]=1&a[]=2", "a{0=1 1=2}"},
		{"a=1&a=2", "a=1,2"},
		{"a[0][b]=1&a[0][c]=2&a[1][b]=3", "a{0{b=1 c=2} 1{b=3}}"},
		{"a[][b]=1&a[][c]=2&a[][b]=3", "a{0{b=1 c=2} 1{b=3}}"},
		{"a%5Bb%5D%5B%5D=1", "a{b{0=1}}"},
		{"a[b=1&c]=2", "a[b=1 c]=2"},
	} {
		all, err := fields(tc.form)
		if err != nil {
			t.Fatal(err)
		}
		root := &node{}
		for _, f := range all {
			root.add(bracketed(f.name), f.raw, reading{})
		}
		if got := strings.TrimSuffix(strings.TrimPrefix(root.String(), "{"), "}"); got != tc.want {
			t.Errorf("%s is read as %s, want %s", tc.form, got, tc.want)
		}
	}
}

func (n *node) String() string {
	if len(n.members) == 0 {
		return "=" + strings.Join(n.texts, ",")
	}
	var parts []string
	for _, name := range n.names {
		parts = append(parts, name+n.members[name].String())
	}
	return "{" + strings.Join(parts, " ") + "}"
}
