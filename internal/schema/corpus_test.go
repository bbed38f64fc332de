package schema_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/schema"
	"github.com/ductape-go/ductape/spec"
)

// unsampled are the operations of the corpus for which no sample is found that
// their description accepts; a warning says so.
var unsampled []string

// Every sample of the corpus, with what is required and with everything, is one
// that a strict check accepts.
func TestCorpusSamplesAreStrict(t *testing.T) {
	dir := os.Getenv("DUCTAPE_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the corpus is missing: %v", err)
		}
		t.Skip("the corpus is missing; set DUCTAPE_CORPUS to its folder")
	}
	n := 0
	var warned []string
	for _, file := range []string{
		"adyen_checkout_v71.yaml", "docker_engine_v28_swagger2.yaml", "figma.yaml", "paypal_orders_v2.json", "twilio_v2010.json",
		"digitalocean_multifile/DigitalOcean-public.v2.yaml",
	} {
		app := importFile(t, filepath.Join(dir, "openapi", filepath.FromSlash(file)))
		set := schema.NewSet(app.Source.Version, func(ref string) (json.RawMessage, bool) {
			s, ok := app.Schemas[ref]
			return s, ok
		})
		for i := range app.Actions {
			for _, all := range []bool{false, true} {
				n++
				if warns := strict(t, set, &app.Actions[i], all); warns {
					warned = append(warned, file+" "+app.Actions[i].Tag)
				}
			}
		}
	}
	if !slices.Equal(slices.Compact(warned), unsampled) {
		t.Errorf("without a sample: %q, want %q", warned, unsampled)
	}
	t.Logf("%d samples, %d of them with a warning", n, len(warned))
}

func importFile(t *testing.T, path string) *ductape.App {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	res, err := spec.Read(spec.Source{Location: path, Data: data, Open: os.ReadFile}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res.App
}

// strict checks one sample, and reports whether it came with a warning.
func strict(t *testing.T, set *schema.Set, a *ductape.Action, all bool) (warns bool) {
	t.Helper()
	in, err := set.ActionInput(a, schema.SampleOptions{All: all})
	var e *ductape.Error
	if errors.As(err, &e) {
		return true
	}
	sent, err := placeholder.RenderJSON(nil, in, nil, "input")
	if err != nil {
		t.Errorf("%s: %v", a.Tag, err)
		return false
	}
	problems := set.CheckInput(a, sent)
	var parts struct {
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(sent, &parts); err != nil {
		t.Fatal(err)
	}
	if a.Body != nil && len(parts.Body) > 0 {
		problems = append(problems, set.Unknown(&a.Body.Contents[0], jsontext.Value(parts.Body), "input.body")...)
	}
	if len(problems) > 0 {
		t.Errorf("%s (all: %v): %v", a.Tag, all, problems)
	}
	return false
}
