package docs_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/auth"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

// The example of ductape-yaml.md is one that apply takes, and its table has every
// field of every auth.
func TestDuctapeYAML(t *testing.T) {
	text, err := os.ReadFile("ductape-yaml.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	file, after, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("there is no YAML")
	}
	d, err := embedded.Open(context.Background(), embedded.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	description := `{"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"paths":{"/a":{"get":{"responses":{}}}}}`
	plan, err := d.Catalog.Apply(context.Background(), ductape.DefaultWorkspace, catalog.ApplyRequest{File: []byte(file), Files: map[string][]byte{"./shop.json": []byte(description)}})
	if err != nil || plan.Empty() {
		t.Errorf("%+v, %v", plan, err)
	}
	for _, kind := range []ductape.AuthType{ductape.AuthBearer, ductape.AuthAPIKey, ductape.AuthBasic, ductape.AuthOAuth2, ductape.AuthOpenID} {
		for _, f := range auth.Fields(kind) {
			row := after[strings.Index(after, "`"+string(kind)+"`"):]
			if row, _, _ = strings.Cut(row, "\n"); !strings.Contains(row, "`"+f.Name+"`") {
				t.Errorf("%s: the table lacks %s", kind, f.Name)
			}
		}
	}
}
