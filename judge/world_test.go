package judge

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/internal/schema"
	"github.com/ductape-go/ductape/spec"
	"github.com/ductape-go/ductape/store"
)

var update = flag.Bool("update", false, "write the lists in testdata")

// A world is a Ductape with one app, connected to an API on loopback.
type world struct {
	*embedded.Ductape
	app     *ductape.App
	schemas *schema.Set
}

// readApp reads a description, and the files beside it.
func readApp(location string, data []byte) (*ductape.App, error) {
	res, err := spec.Read(spec.Source{Location: location, Data: data, Open: os.ReadFile}, spec.Options{Tag: "api"})
	if err != nil {
		return nil, err
	}
	return res.App, nil
}

// newWorld connects an app to an API at base. Every action goes there, with the
// token if there is one.
func newWorld(t testing.TB, app *ductape.App, base, token string) *world {
	t.Helper()
	ctx := context.Background()
	d, err := embedded.Open(ctx, embedded.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	connection := ductape.ConnectionEnv{ProductEnv: "test", AppEnv: "test"}
	app.Envs = []ductape.AppEnv{{Slug: "test", BaseURL: base, AllowPrivate: true}}
	app.Auths, app.Variables = nil, nil
	if token != "" {
		app.Auths = []ductape.Auth{{Tag: "token", Type: ductape.AuthBearer}}
		connection.Auth = map[string]map[string]string{"token": {"token": token}}
	}
	for i := range app.Actions {
		app.Actions[i].BaseURL, app.Actions[i].Security = "", nil
	}
	product := &ductape.Product{
		Tag: "judge", Envs: []ductape.ProductEnv{{Slug: "test"}},
		Apps: []ductape.Connection{{AccessTag: "api", App: "api", Envs: []ductape.ConnectionEnv{connection}}},
	}
	err = d.Store.Change(ctx, ductape.DefaultWorkspace, func(tx store.Tx) error {
		if err := tx.PutApp(ctx, app); err != nil {
			return err
		}
		return tx.PutProduct(ctx, product)
	})
	if err != nil {
		t.Fatal(err)
	}
	set := schema.NewSet(app.Source.Version, func(ref string) (json.RawMessage, bool) {
		raw, ok := app.Schemas[ref]
		return raw, ok
	})
	return &world{Ductape: d, app: app, schemas: set}
}

// call runs an action with an input.
func (w *world) call(a *ductape.Action, input []byte) (*ductape.Result, error) {
	return w.Run(context.Background(), ductape.Call{Product: "judge", Env: "test", App: "api", Event: a.Tag, Input: json.RawMessage(input)})
}

// corpus returns the folder of real descriptions. Without it a test is skipped,
// but fails in CI.
func corpus(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("DUCTAPE_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no corpus: %v", err)
		}
		t.Skipf("no corpus (set DUCTAPE_CORPUS): %v", err)
	}
	return folder
}

// golden compares lines with a list in testdata: which operations there are, the
// first two columns. The judge does not always name the same of several reasons.
func golden(t *testing.T, name string, lines []string) {
	t.Helper()
	got, path := listing(lines), filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(operations(got), operations(string(want))) {
		t.Errorf("%s is no longer true; look at the difference and run with -update\ngot:\n%s", path, got)
	}
}

var (
	place      = regexp.MustCompile(`^(query|path|header|body) [^\s:]+`)
	schemaName = regexp.MustCompile(` #/\S+`)
)

// kind is a reason without what differs from one operation to the next.
func kind(why string) string {
	parts := strings.FieldsFunc(place.ReplaceAllString(schemaName.ReplaceAllString(before(why, " | "), ""), "$1 …"), func(r rune) bool { return r == ':' || r == ';' })
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return strings.TrimSpace(strings.Join(parts, ":"))
}

// listing is the text of a list: how many there are of each reason, then all.
func listing(lines []string) string {
	lines = slices.Sorted(slices.Values(lines))
	counts := map[string]int{}
	for _, line := range lines {
		why := line[strings.LastIndexByte(line, '\t')+1:]
		counts[kind(why)]++
	}
	var b strings.Builder
	for _, why := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "# %d: %s\n", counts[why], why)
	}
	for _, line := range lines {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// operations are the first two columns of a list.
func operations(list string) []string {
	var out []string
	for line := range strings.Lines(list) {
		if columns := strings.SplitN(line, "\t", 3); len(columns) == 3 {
			out = append(out, columns[0]+" "+columns[1])
		}
	}
	return out
}

// documented checks that the documentation says a figure.
func documented(t *testing.T, figure string) {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "docs", "fidelity.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), figure) {
		t.Errorf("docs/fidelity.md does not say: %s", figure)
	}
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// oneLine shortens a reason for a list.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}
