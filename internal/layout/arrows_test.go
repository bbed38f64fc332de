package layout

import (
	"slices"
	"strings"
	"testing"
)

// leaves are the packages that do one thing and know nothing of the runs and
// catalogs they are used for.
var leaves = []string{"auth", "cache", "egress", "spec", "wire", "internal/decoder", "internal/nearest", "internal/placeholder", "internal/schema", "internal/secret"}

// small are the leaves that other leaves may lean on.
var small = []string{".", "internal/decoder", "internal/nearest", "internal/placeholder", "internal/schema", "internal/secret"}

// choosers are the packages that pick implementations.
var choosers = []string{"embedded", "internal/cli", "cmd/ductape"}

// arrows lists, for every folder, the folders of this module that it may
// import, besides folders below itself. "." is the root package, the nouns; "*" is any. A
// folder that is not here fails the test: whoever adds one says where it stands.
var arrows = map[string][]string{
	".": {},

	"auth":         small,
	"cache":        small,
	"egress":       small,
	"spec":         small,
	"wire":         small,
	"client":       {"."},
	"store":        {"."},
	"session":      with(small, "store"),
	"run":          with(small, "auth", "cache", "egress", "wire", "store", "session"),
	"catalog":      with(small, "auth", "spec", "spec/naming", "store", "session"),
	"server":       with(small, "run", "catalog", "session", "store"),
	"embedded":     with(small, "run", "catalog", "session", "store", "store/sqlstore", "cache", "cache/memory", "egress", "auth", "spec", "wire", "internal/source", "internal/kms"),
	"internal/cli": {"*"},
	"cmd/ductape":  {"internal/cli"},

	"cache/cachetest": {".", "cache"},
	"cache/memory":    {".", "cache"},
	"store/sqlstore":  {".", "store"},
	"store/storetest": {".", "store"},

	"spec/internal/tree":   {},
	"spec/internal/load":   {".", "spec/internal/tree"},
	"spec/internal/losses": {"."},
	"spec/naming":          {"."},
	"spec/openapi":         with(small, "spec/naming", "spec/internal/load", "spec/internal/losses", "spec/internal/tree"),
	"spec/postman":         with(small, "spec/naming", "spec/internal/load", "spec/internal/losses", "spec/internal/tree"),
	"spec/postman/sample":  with(small, "spec/naming"),
	"spec/curl":            with(small, "spec/naming", "spec/postman/sample", "spec/internal/load", "spec/internal/losses", "spec/internal/tree"),
	"spec/har":             with(small, "spec/naming", "spec/postman/sample", "spec/internal/load", "spec/internal/losses", "spec/internal/tree"),

	"internal/decoder":     {},
	"internal/nearest":     {},
	"internal/placeholder": {"."},
	"internal/schema":      {".", "internal/nearest", "internal/placeholder"},
	"internal/secret":      {"."},
	"internal/source":      {".", "internal/secret"},
	"internal/kms":         {".", "internal/secret"},
	"internal/deps":        {},
	"internal/e2e":         {}, // only tests, which are free
	"internal/layout":      {},
}

func with(list []string, more ...string) []string { return append(slices.Clone(list), more...) }

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		allowed, listed := arrows[p.folder]
		if !listed {
			t.Errorf("%s: nobody listed this folder; say in arrows_test.go what it may import", p.folder)
			continue
		}
		for _, imported := range p.own {
			if !mayImport(p.folder, imported, allowed) {
				t.Errorf("%s must not import %s", p.folder, imported)
			}
		}
	}
}

func mayImport(from, to string, allowed []string) bool {
	if from != "." && strings.HasPrefix(to, from+"/") {
		return true
	}
	return slices.Contains(allowed, to) || slices.Contains(allowed, "*") && !strings.HasPrefix(to, "cmd/")
}

// The table itself must keep the rules that hold for whole groups.
func TestTable(t *testing.T) {
	for folder, allowed := range arrows {
		for _, to := range allowed {
			if _, listed := arrows[to]; !listed && to != "*" {
				t.Errorf("%s may import %s, which is not listed", folder, to)
			}
			if leaf := leafOf(folder); leaf != "" && leafOf(to) != leaf && !slices.Contains(small, to) {
				t.Errorf("%s is a leaf and may not import %s", folder, to)
			}
			if implementation(to) && !slices.Contains(choosers, folder) {
				t.Errorf("%s may not choose an implementation: %s", folder, to)
			}
			if strings.HasPrefix(folder, "store") && strings.HasPrefix(to, "run") {
				t.Errorf("%s may not know of %s", folder, to)
			}
		}
	}
}

func leafOf(folder string) string {
	for _, l := range leaves {
		if folder == l || strings.HasPrefix(folder, l+"/") {
			return l
		}
	}
	return ""
}

func implementation(folder string) bool {
	return folder == "store/sqlstore" || folder == "cache/memory"
}

// The nouns are for everybody, so they bring nothing along.
func TestNounsImportTheStandardLibraryOnly(t *testing.T) {
	for _, p := range packages(t) {
		if p.folder == "." && len(p.foreign) > 0 {
			t.Errorf("the root package imports %v", p.foreign)
		}
	}
}

// A database driver or another large part stays where it was chosen.
func TestForeignPartsStayInTheirRoom(t *testing.T) {
	rooms := map[string][]string{
		"modernc.org/sqlite":               {"store/sqlstore"},
		"github.com/pressly/goose":         {"store/sqlstore"},
		"github.com/maypok86/otter":        {"cache/memory", "session"}, // session keeps tokens it has verified
		"github.com/danielgtaylor/huma":    {"server"},
		"github.com/spf13/cobra":           {"internal/cli"},
		"github.com/tink-crypto/tink-go":   {"internal/secret"},
		"code.dny.dev/ssrf":                {"egress"},
		"gocloud.dev":                      {"internal/kms"}, // and there behind the tag kms
		"github.com/stripe/stripe-mock":    {},
		"github.com/getkin/kin-openapi":    {},
		"github.com/mccutchen/go-httpbin":  {},
		"github.com/rogpeppe/go-internal/": {},
	}
	for _, p := range packages(t) {
		for _, imported := range p.foreign {
			for prefix, where := range rooms {
				if strings.HasPrefix(imported, prefix) && !slices.Contains(where, p.folder) && p.folder != "internal/deps" {
					t.Errorf("%s imports %s, which belongs to %v", p.folder, imported, where)
				}
			}
		}
	}
}
