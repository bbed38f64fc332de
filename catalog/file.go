package catalog

import (
	"slices"

	"github.com/ductape-go/ductape"
)

// A file is a ductape.yaml (DESIGN 5.3). Names that begin with "x-" are the
// writer's own, for anchors and the like, and are not read.
type file struct {
	Apps     []fileApp     `json:"apps"`
	Products []fileProduct `json:"products"`
}

// A fileApp is an app as a file describes it: over its description where
// Import names one, else by itself.
type fileApp struct {
	Tag         string             `json:"tag"`
	Import      string             `json:"import"`
	AcceptHosts []string           `json:"accept_hosts"` // new hosts of the description that may receive existing credentials
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Version     string             `json:"version"`
	Envs        []fileEnv          `json:"envs"`
	Auths       []ductape.Auth     `json:"auths"`
	Variables   []ductape.Variable `json:"variables"`
	Constants   []ductape.Constant `json:"constants"`
	Settings    fileSettings       `json:"settings"`
	Actions     []fileAction       `json:"actions"`
}

// A fileEnv names only what it sets: the rest stays as the description has it.
type fileEnv struct {
	Slug         string    `json:"slug"`
	BaseURL      *string   `json:"base_url"`
	RequestType  *string   `json:"request_type"`
	AllowPrivate *bool     `json:"allow_private"`
	Hosts        *[]string `json:"hosts"`
}

type fileSettings struct {
	Nesting     *ductape.Nesting        `json:"nesting"`
	Validate    *ductape.Validation     `json:"validate"`
	Idempotency *ductape.IdempotencyKey `json:"idempotency"`
}

// A fileAction names only what it sets.
type fileAction struct {
	Tag         string                         `json:"tag"`
	Name        string                         `json:"name"`
	Description string                         `json:"description"`
	Folder      []string                       `json:"folder"`
	Method      string                         `json:"method"`
	Resource    string                         `json:"resource"`
	BaseURL     string                         `json:"base_url"`
	Aliases     []string                       `json:"aliases"`
	Params      []ductape.Param                `json:"params"`
	Body        *fileBody                      `json:"body"`
	Security    *[]ductape.SecurityAlternative `json:"security"`
}

// A fileBody is a body; Type is short for one content of that media type.
type fileBody struct {
	Required bool              `json:"required"`
	Type     string            `json:"type"`
	Contents []ductape.Content `json:"contents"`
}

// A fileProduct is a Product. Active is left to its environments.
type fileProduct struct {
	Tag      string                `json:"tag"`
	Name     string                `json:"name"`
	Envs     []ductape.ProductEnv  `json:"envs"`
	Apps     []ductape.Connection  `json:"apps"`
	Caches   []ductape.CachePolicy `json:"caches"`
	Sessions []ductape.SessionType `json:"sessions"`
}

func readFile(data []byte) (*file, error) {
	f := new(file)
	if err := decodeYAML(data, f); err != nil {
		return nil, err
	}
	var p problems
	checkFileTags(f, &p)
	if err := p.err("the file"); err != nil {
		return nil, err
	}
	return f, nil
}

// checkFileTags finds what later steps, which work by tag, could not see.
func checkFileTags(f *file, p *problems) {
	if len(f.Apps) == 0 && len(f.Products) == 0 {
		p.add("file", "names no apps and no products")
	}
	seen := map[string]bool{}
	for i, a := range f.Apps {
		p.tag(at("apps", i, a.Tag), "tag", a.Tag, seen)
		checkFileApp(a, at("apps", i, a.Tag), p)
	}
	seen = map[string]bool{}
	for i, pr := range f.Products {
		p.tag(at("products", i, pr.Tag), "tag", pr.Tag, seen)
	}
}

func checkFileApp(a fileApp, where string, p *problems) {
	seen := map[string]bool{}
	for i, e := range a.Envs {
		p.tag(at(where+".envs", i, e.Slug), "slug", e.Slug, seen)
	}
	seen = map[string]bool{}
	for i, x := range a.Actions {
		p.tag(at(where+".actions", i, x.Tag), "tag", x.Tag, seen)
	}
}

// Imports returns the descriptions that a ductape.yaml names, each once, so
// that whoever holds the file can read them for ApplyRequest.Files.
func Imports(data []byte) ([]string, error) {
	f, err := readFile(data)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range f.Apps {
		if a.Import != "" && !slices.Contains(out, a.Import) {
			out = append(out, a.Import)
		}
	}
	return out, nil
}
