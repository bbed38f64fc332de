package catalog

import (
	"context"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func TestMessagesOfFilesThatAreNoYAML(t *testing.T) {
	for file, want := range map[string]string{
		"":                                "file: the file is empty",
		"# nothing\n":                     "file: the file is empty",
		"apps:\n  - envs: [a\n    b: c\n": "line 2, column ",
	} {
		_, err := readFile([]byte(file))
		e := wantCode(t, err, ductape.CodeInvalidInput)
		text := e.Problems[0].Where + ": " + e.Problems[0].Message
		if !strings.Contains(text, want) || strings.Contains(text, "go-yaml") {
			t.Errorf("%q: %s", file, text)
		}
	}
}

func TestImportsThatCannotBeReadNameTheFile(t *testing.T) {
	c, _ := newCatalog(t)
	_, err := c.Apply(context.Background(), ws, ApplyRequest{Location: "ductape.yaml", File: []byte("apps: [ { tag: pets, import: ./none.json } ]")})
	e := wantCode(t, err, ductape.CodeInvalidInput)
	contains(t, e.Message+e.Problems[0].Where, "ductape.yaml: the file has 1 problem", "apps.pets.import")
}

// A server that is no URL is not told of where the file says what it is.
func TestBaseURLOfTheFileAnswersTheWarning(t *testing.T) {
	c, _ := newCatalog(t)
	apply := func(env string) *Plan {
		return mustApply(t, c, ApplyRequest{
			File:  []byte("apps: [ { tag: pets, import: ./pets.json" + env + " } ]"),
			Files: map[string][]byte{"./pets.json": []byte(strings.Replace(petstore, "https://pets.acme.io/v1", "ftp://pets", 1))},
		})
	}
	if plan := apply(""); !strings.Contains(plan.String(), warnBaseURLUnusable) {
		t.Errorf("without: %s", plan)
	}
	if plan := apply(", envs: [ { slug: prd, base_url: 'https://pets.acme.io' } ]"); strings.Contains(plan.String(), warnBaseURLUnusable) {
		t.Errorf("with: %s", plan)
	}
}
