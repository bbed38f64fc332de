package catalog

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// An operationId by which programs call stays a name after it changed, through
// later imports too, and the report says what changed.
func TestImportKeepsTheOldOperationID(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	get := func(text string) *ImportReport {
		t.Helper()
		report, err := c.Import(ctx, ws, ImportRequest{Tag: "pets", Location: "pets.json", Data: []byte(text), Update: true})
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	get(petstore)
	renamed := strings.Replace(petstore, `"operationId": "getPet"`, `"operationId": "fetchPet"`, 1)
	report := get(renamed)
	if len(report.Changed) != 1 || !slices.Contains(report.Changed[0].Detail, "operation_id: getPet → fetchPet") {
		t.Errorf("changed: %+v", report.Changed)
	}
	if again := get(renamed); len(again.Changed) > 0 {
		t.Errorf("imported again: %+v", again.Changed)
	}
	a, err := c.Action(ctx, ws, "pets", "getPet")
	if err != nil || a.Tag != "get_pet" || a.OperationID != "fetchPet" {
		t.Errorf("getPet is %+v, %v", a, err)
	}
	taken := strings.Replace(renamed, `"operationId": "listPets"`, `"operationId": "getPet"`, 1)
	get(taken)
	if a, err := c.Action(ctx, ws, "pets", "getPet"); err != nil || a.Resource != "/pets" {
		t.Errorf("getPet, described anew, is %+v, %v", a, err)
	}
}

func TestDeleteSecretInUse(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(shop))
	mustSet(t, c, "PETS_KEY", "one", SecretScope{})
	mustSet(t, c, "UNUSED", "one", SecretScope{})
	e := wantCode(t, c.DeleteSecret(ctx, ws, "PETS_KEY"), ductape.CodeConflict)
	contains(t, e.Message+e.Hint, "my-product/pets-app (dev)", "ductape secrets set PETS_KEY")
	if err := c.DeleteSecret(ctx, ws, "UNUSED"); err != nil {
		t.Error(err)
	}
	if e := wantCode(t, c.DeleteSecret(ctx, ws, "XYZZY"), ductape.CodeUnknownSecret); strings.Contains(e.Hint, "set it with") {
		t.Error(e.Hint)
	}
}
