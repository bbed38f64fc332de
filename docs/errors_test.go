//go:generate go test . -update

// Package docs_test keeps the tables of the documentation equal to the code.
package docs_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

var update = flag.Bool("update", false, "write errors.md anew")

const (
	begin = "<!-- table: go test ./docs -update -->\n"
	end   = "<!-- end of table -->\n"
)

// TestErrors compares the table in errors.md with the codes of the root package
// and what meanings says of them. With -update it writes the table.
func TestErrors(t *testing.T) {
	page, err := os.ReadFile("errors.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := bytes.Cut(page, []byte(begin))
	_, tail, closed := bytes.Cut(rest, []byte(end))
	if !found || !closed {
		t.Fatalf("errors.md lacks the lines %q and %q", begin, end)
	}
	want := string(head) + begin + table(t, codes(t)) + end + string(tail)
	if *update {
		if err := os.WriteFile("errors.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Error("errors.md does not say what the code does; write its table anew: go test ./docs -update")
	}
}

// codes reads the constants of type Code from error.go, in their order.
func codes(t *testing.T) []ductape.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../error.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []ductape.Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !isCode(spec.Type) {
			return true
		}
		for _, v := range spec.Values {
			text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, ductape.Code(text))
		}
		return false
	})
	if len(found) < 30 {
		t.Fatalf("only %d codes found in error.go", len(found))
	}
	return found
}

func isCode(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "Code"
}

// table writes the rows, by status, and fails where code and meanings differ.
func table(t *testing.T, codes []ductape.Code) string {
	t.Helper()
	slices.SortStableFunc(codes, func(a, b ductape.Code) int { return cmp.Compare(a.Status(), b.Status()) })
	var b strings.Builder
	b.WriteString("\n| code | status | what happened | what to do |\n|---|---|---|---|\n")
	for _, c := range codes {
		m, ok := meanings[c]
		if !ok {
			t.Errorf("code %s has no meaning: add it to meanings_test.go", c)
		}
		fmt.Fprintf(&b, "| <a id=%q></a>`%s` | %s | %s | %s |\n", string(c), c, status(c), m.what, m.do)
	}
	b.WriteString("\n")
	for c := range meanings {
		if !slices.Contains(codes, c) {
			t.Errorf("meanings_test.go explains %s, which is no code", c)
		}
	}
	return b.String()
}

func status(c ductape.Code) string {
	s := c.Status()
	if text := http.StatusText(s); text != "" {
		return strconv.Itoa(s) + " " + text
	}
	return strconv.Itoa(s)
}
