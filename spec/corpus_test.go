package spec_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// corpus returns the folder of vendors' descriptions, which are not part of the
// repository.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DUCTAPE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "corpus")
	}
	dir = filepath.Join(dir, "openapi")
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the corpus is missing: %v", err)
		}
		t.Skip("the corpus is missing; set DUCTAPE_CORPUS to its folder")
	}
	return dir
}

// The numbers of operations were counted by a few lines of another language's
// YAML reader.
func TestCorpus(t *testing.T) {
	dir := corpus(t)
	for _, c := range []struct {
		file, format string
		operations   int
		tags         []string
	}{
		{"adyen_checkout_v71.yaml", "openapi", 28, []string{"create_payment", "create_payment_capture", "list_stored_payment_methods", "validate_shopper_id"}},
		{"docker_engine_v28_swagger2.yaml", "swagger", 107, []string{"container_list", "container_create", "image_build"}},
		{"figma.yaml", "openapi", 47, []string{"get_file", "get_team_components"}},
		{"paypal_orders_v2.json", "openapi", 8, []string{"orders_create", "orders_capture"}},
		{"twilio_v2010.json", "openapi", 197, []string{"create_message", "list_message", "fetch_call"}},
		{"digitalocean_multifile/DigitalOcean-public.v2.yaml", "openapi", 659, []string{"droplets_create", "kubernetes_list_clusters"}},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			res := importFile(t, filepath.Join(dir, filepath.FromSlash(c.file)))
			if res.Format != c.format || len(res.App.Actions) != c.operations {
				t.Errorf("got %s with %d operations, want %s with %d", res.Format, len(res.App.Actions), c.format, c.operations)
			}
			for _, tag := range c.tags {
				if !hasAction(res.App, tag) {
					t.Errorf("no action %s", tag)
				}
			}
			checkApp(t, res.App)
			again := importFile(t, filepath.Join(dir, filepath.FromSlash(c.file)))
			if !reflect.DeepEqual(res, again) {
				t.Error("a second import gives another App")
			}
			for _, w := range res.Warnings {
				if w.Code == "ref_not_found" {
					t.Errorf("%s: %s", w.Where, w.Message)
				}
			}
		})
	}
}

// Docker's description says the type of the archive to build from in a header
// parameter, which Swagger 2.0 allows.
func TestDockerBuild(t *testing.T) {
	res := importFile(t, filepath.Join(corpus(t), "docker_engine_v28_swagger2.yaml"))
	for _, a := range res.App.Actions {
		if a.Tag == "image_build" && (a.Body == nil || a.Body.Contents[0].Type != "application/x-tar") {
			t.Errorf("image_build sends %+v", a.Body)
		}
	}
}

func importFile(t *testing.T, path string) *spec.Result {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	res, err := spec.Read(spec.Source{Location: filepath.ToSlash(path), Data: data, Open: os.ReadFile}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func hasAction(app *ductape.App, tag string) bool {
	for _, a := range app.Actions {
		if a.Tag == tag {
			return true
		}
	}
	return false
}

// checkApp proves what every App promises: unique tags and names, valid JSON,
// and a schema for every reference.
func checkApp(t testing.TB, app *ductape.App) {
	t.Helper()
	seen := map[string]string{}
	for _, a := range app.Actions {
		if a.Tag == "" || a.Method == "" || a.Resource == "" || a.Resource[0] != '/' {
			t.Errorf("action without tag, method or resource: %+v", a)
		}
		for _, name := range append([]string{a.Tag, a.OperationID}, a.Aliases...) {
			if name == "" {
				continue
			}
			if other, ok := seen[name]; ok && other != a.Method+" "+a.Resource+a.Tag {
				t.Errorf("%s names both %s and %s %s", name, other, a.Method, a.Resource)
			}
			seen[name] = a.Method + " " + a.Resource + a.Tag
		}
		for _, p := range a.Params {
			checkSchema(t, app, p.Schema)
			checkJSON(t, p.Example)
			checkJSON(t, p.Default)
		}
		if a.Body != nil {
			for _, c := range a.Body.Contents {
				checkSchema(t, app, c.Schema)
				checkJSON(t, c.Example)
			}
		}
	}
	for _, schema := range app.Schemas {
		checkSchema(t, app, schema)
	}
	if _, err := json.Marshal(app); err != nil {
		t.Error(err)
	}
}

func checkJSON(t testing.TB, raw []byte) {
	t.Helper()
	if len(raw) > 0 && !jsontext.Value(raw).IsValid() {
		t.Errorf("not JSON: %s", raw)
	}
}

// checkSchema looks for references with a reader of its own.
func checkSchema(t testing.TB, app *ductape.App, raw []byte) {
	t.Helper()
	checkJSON(t, raw)
	if !bytes.Contains(raw, []byte(`"$ref"`)) {
		return
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Error(err)
	}
	checkRefs(t, app, value)
}

func checkRefs(t testing.TB, app *ductape.App, value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			checkRefs(t, app, item)
		}
	case map[string]any:
		for key, member := range v {
			if ref, ok := member.(string); ok && key == "$ref" {
				if _, ok := app.Schemas[ref]; !ok {
					t.Errorf("no schema is kept under %s", ref)
				}
			}
			if key != "example" && key != "examples" && key != "default" && key != "enum" && key != "const" || isSchema(member) {
				checkRefs(t, app, member)
			}
		}
	}
}

// isSchema tells a property called "default" from the keyword of that name.
func isSchema(v any) bool {
	m, ok := v.(map[string]any)
	_, typed := m["type"].(string)
	return ok && typed
}
