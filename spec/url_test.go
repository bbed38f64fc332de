package spec_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/spec"
)

// A site is a server of descriptions, which writes down what it is asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newSite(t *testing.T, h http.Handler) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// files serves texts by their paths; one that begins with "-> " is a redirect.
func files(texts map[string]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := texts[r.URL.Path]
		to, moved := strings.CutPrefix(text, "-> ")
		switch {
		case !ok:
			http.NotFound(w, r)
		case moved:
			http.Redirect(w, r, to, http.StatusFound)
		default:
			_, _ = w.Write([]byte(text))
		}
	})
}

// importURL reads a description as the catalog does: every byte through egress,
// which lets the private address of one site through and no other.
func importURL(t *testing.T, home *site, location string) (*spec.Result, error) {
	t.Helper()
	out, err := egress.New(egress.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	moved := map[string]string{}
	open := func(location string) ([]byte, error) {
		policy := egress.Policy{AllowPrivate: strings.HasPrefix(location, home.URL+"/")}
		data, final, err := out.Fetch(context.Background(), location, spec.MaxSize, policy)
		moved[location] = final
		return data, err
	}
	data, err := open(location)
	if err != nil {
		t.Fatal(err)
	}
	return spec.Read(spec.Source{Location: location, Data: data, Open: open, Moved: func(l string) string { return moved[l] }}, spec.Options{})
}

const urlHead = "openapi: 3.0.3\ninfo: {title: Tree, version: '1'}\nservers: [{url: https://api.example}]\n"

func TestImportOverURL(t *testing.T) {
	home := newSite(t, files(map[string]string{
		"/v1/openapi.yaml": urlHead + `
paths:
  /pets: {$ref: paths/pets.yaml}
  /owners: {$ref: ./paths/../paths/owners.yaml#/owners}
  /absolute: {$ref: /shared/path.json}
  /above: {$ref: ../../../../shared/path.json}
  /moved: {$ref: old/path.yaml}
`,
		"/v1/paths/pets.yaml":     "get:\n  operationId: listPets\n  parameters: [{$ref: ../params.yaml#/limit}]\npost:\n  operationId: createPet\n  requestBody: {content: {application/json: {schema: {$ref: ../schemas/pet.yaml}}}}\n",
		"/v1/paths/owners.yaml":   "owners:\n  get: {operationId: listOwners, parameters: [{$ref: '../openapi2.yaml#/components/parameters/page'}]}\n",
		"/v1/openapi2.yaml":       "components: {parameters: {page: {name: page, in: query, schema: {type: integer}}}}\n",
		"/v1/params.yaml":         "limit: {name: limit, in: query, schema: {type: integer}}\n",
		"/v1/schemas/pet.yaml":    "type: object\nproperties:\n  name: {type: string}\n  owner: {$ref: owner.yaml}\n",
		"/v1/schemas/owner.yaml":  "type: object\nproperties:\n  pets: {type: array, items: {$ref: pet.yaml}}\n",
		"/shared/path.json":       `{"get":{"operationId":"shared"}}`,
		"/v1/old/path.yaml":       "-> /v2/new/path.yaml",
		"/v2/new/path.yaml":       "get:\n  operationId: moved\n  parameters: [{$ref: param.yaml}]\n",
		"/v2/new/param.yaml":      "{name: from_v2, in: query, schema: {type: string}}\n",
		"/v1/old/param.yaml":      "{name: from_v1, in: query, schema: {type: string}}\n",
		"/latest":                 "-> /v1/openapi.yaml",
		"/v1/schemas/unused.yaml": "{}",
	}))
	for _, location := range []string{"/v1/openapi.yaml", "/latest"} {
		res, err := importURL(t, home, home.URL+location)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"list_pets": "limit", "create_pet": "", "list_owners": "page", "shared": "", "moved": "from_v2"}
		for _, a := range res.App.Actions {
			param := ""
			if len(a.Params) > 0 {
				param = a.Params[0].Name
			}
			if want[a.Tag] != param {
				t.Errorf("%s: %s has the parameter %q, want %q", location, a.Tag, param, want[a.Tag])
			}
		}
		if len(res.App.Actions) != 6 || res.App.Source.Location != home.URL+location {
			t.Errorf("%s: %d actions from %s", location, len(res.App.Actions), res.App.Source.Location)
		}
		for _, w := range res.Warnings {
			if w.Code == "ref_not_found" || w.Code == "ref_circular" {
				t.Errorf("%s: %v", location, w)
			}
		}
		checkApp(t, res.App)
	}
	if slices.Contains(home.requests(), "/v1/schemas/unused.yaml") {
		t.Error("a file that nothing refers to was read")
	}
}

// What cannot be reached is a warning with its place and the reason; the rest
// imports. Another host is asked only as far as egress lets us.
func TestImportOverURLRefused(t *testing.T) {
	other := newSite(t, files(map[string]string{"/x.yaml": "{}"}))
	home := newSite(t, files(map[string]string{
		"/a/openapi.yaml": urlHead + `
paths:
  /here: {get: {operationId: here}}
  /missing: {$ref: paths/missing.yaml}
  /broken: {$ref: broken.yaml}
  /empty: {$ref: 'here.yaml#/nothing'}
  /other: {$ref: '` + other.URL + `/x.yaml'}
  /sneaky: {$ref: redirect.yaml}
  /metadata: {$ref: 'http://169.254.169.254/latest/meta-data'}
  /disk: {$ref: 'file:///etc/passwd.yaml'}
  /circle: {$ref: circle1.yaml}
`,
		"/a/broken.yaml":   "a: [1\nb: }",
		"/a/here.yaml":     "{}",
		"/a/redirect.yaml": "-> " + other.URL + "/x.yaml",
		"/a/circle1.yaml":  "$ref: circle2.yaml\n",
		"/a/circle2.yaml":  "$ref: circle1.yaml\n",
	}))
	// Redirects to another host are judged like any request, so the one that
	// leaves the site is followed only because its policy allows private ones.
	res, err := importURL(t, home, home.URL+"/a/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(res.App.Actions) != 1 {
		t.Errorf("%d actions, want the one that is there", len(res.App.Actions))
	}
	for path, why := range map[string]string{
		"missing": "answered 404", "broken": "could not be read", "empty": "nothing is found at", "other": "blocked_address",
		"metadata": "blocked_address", "disk": "refers to URLs only", "circle": "leads back to itself",
	} {
		if !slices.ContainsFunc(res.Warnings, func(w ductape.Warning) bool {
			at := strings.HasPrefix(w.Where, "/paths/~1"+path) || path == "circle" && w.Code == "ref_circular" && w.Where != ""
			return at && strings.Contains(w.Message, why)
		}) {
			t.Errorf("%s: no warning says %q: %v", path, why, res.Warnings)
		}
	}
	if asked := other.requests(); len(asked) > 1 {
		t.Errorf("another host was asked for %v", asked)
	}
}

// The corpus's description of thousands of files is the same over HTTP as from
// the disk.
func TestCorpusOverURL(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of files over HTTP")
	}
	dir := filepath.Join(corpus(t), "digitalocean_multifile")
	home := newSite(t, http.FileServer(http.Dir(dir)))
	res, err := importURL(t, home, home.URL+"/DigitalOcean-public.v2.yaml")
	if err != nil {
		t.Fatal(err)
	}
	disk := importFile(t, filepath.Join(dir, "DigitalOcean-public.v2.yaml"))
	disk.App.Source, res.App.Source = nil, nil
	if !reflect.DeepEqual(res, disk) {
		t.Error("the App differs from that of the files")
	}
	asked := home.requests()
	slices.Sort(asked)
	if again := len(asked) - len(slices.Compact(slices.Clone(asked))); again > 0 {
		t.Errorf("%d files were asked for twice", again)
	}
	for _, p := range asked {
		if u, err := url.Parse(p); err != nil || strings.Contains(u.Path, "..") {
			t.Errorf("asked for %s", p)
		}
	}
	t.Logf("%d files", len(asked))
}
