package layout

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		want := "Package " + p.name + " "
		if p.name == "main" {
			want = "Command "
		}
		if p.folder != "internal/deps" && !strings.HasPrefix(p.doc, want) {
			t.Errorf("%s: its comment must begin with %q", p.folder, want)
		}
	}
}

// A name that says nothing draws in everything.
func TestNoFolderIsNamedForNothing(t *testing.T) {
	for _, p := range packages(t) {
		for _, part := range append(strings.Split(p.folder, "/"), p.name) {
			if slices.Contains([]string{"util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "shared"}, part) {
				t.Errorf("%s: %q does not say what is in it", p.folder, part)
			}
		}
	}
}

// dialers are the names that lead out to the network.
var dialers = map[string][]string{
	"net":        {"Dial", "DialTimeout", "DialTCP", "DialUDP", "Dialer"},
	"net/http":   {"Client", "Transport", "DefaultClient", "DefaultTransport", "Get", "Head", "Post", "PostForm"},
	"crypto/tls": {"Dial", "DialWithDialer", "Dialer"},
}

// DESIGN section 7: every dial is checked, so egress is the only package that
// dials. The client and the command line ask our own server, which whoever
// starts them names.
func TestOnlyEgressDials(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains([]string{"egress", "client", "internal/cli"}, p.folder) {
			continue
		}
		for _, f := range p.files {
			for _, use := range dials(f) {
				t.Errorf("%s: %s.%s: only egress may go out", p.fset.Position(use.Pos()), use.X, use.Sel.Name)
			}
		}
	}
}

func dials(f *ast.File) (found []*ast.SelectorExpr) {
	names := map[string][]string{} // name in this file -> what dials
	for _, spec := range f.Imports {
		full := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if forbidden, ok := dialers[full]; ok {
			names[name] = forbidden
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(names[x.Name], sel.Sel.Name) {
				found = append(found, sel)
			}
		}
		return true
	})
	return found
}
