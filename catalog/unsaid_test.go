package catalog

import (
	"context"
	"strings"
	"testing"
)

const saidOnce = `
apps:
  - tag: pets
    import: ./pets.json
    settings: { validate: strict }
    envs:
      - { slug: prd, base_url: https://pets.acme.io/v1, allow_private: true }
      - { slug: dev, base_url: http://127.0.0.1:9999, allow_private: true }
  - tag: own
    settings: { validate: strict }
    envs: [ { slug: prd, base_url: https://own.acme.io, allow_private: true, request_type: text/plain } ]
products:
  - tag: shop
    name: Shop
    envs: [ { slug: prd, active: false } ]
`

const saidLess = `
apps:
  - tag: pets
    import: ./pets.json
    envs:
      - { slug: prd }
      - { slug: dev, base_url: http://127.0.0.1:9999 }
  - tag: own
    envs: [ { slug: prd, base_url: https://own.acme.io } ]
products:
  - tag: shop
    envs: [ prd ]
`

// What the file no longer says stays and is listed; prune takes it back.
func TestApplyTakesBackWhatIsNoLongerSaid(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(saidOnce))
	kept := mustApply(t, c, shopRequest(saidLess))
	for _, want := range []string{
		"app pets settings.validate strict", "env pets/prd allow_private true", "env pets/dev allow_private true",
		"app own settings.validate strict", "env own/prd allow_private true", "env own/prd request_type",
		"product shop name", "environment shop/prd active false",
	} {
		contains(t, kept.String(), "= "+want+": not in the file, kept")
	}
	if !kept.Empty() {
		t.Errorf("changed without prune:\n%s", kept)
	}
	req := shopRequest(saidLess)
	req.Prune = true
	pruned := mustApply(t, c, req)
	contains(t, pruned.String(), "allow_private: true → false", "prd (inactive) → prd", "settings.validate: strict")
	for _, tag := range []string{"pets", "own"} {
		a, err := c.App(ctx, ws, tag)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range a.Envs {
			if e.AllowPrivate || e.RequestType == "text/plain" {
				t.Errorf("%s: %+v", tag, e)
			}
		}
		if a.Settings.Validate != "" || strings.Contains(strings.Join(a.Edited, " "), "allow_private") {
			t.Errorf("%s: %+v, edited %q", tag, a.Settings, a.Edited)
		}
	}
	p, err := c.Product(ctx, ws, "shop")
	if err != nil || p.Name != "" || !p.Envs[0].IsActive() {
		t.Errorf("product %+v, %v", p, err)
	}
	if again := mustApply(t, c, req); !again.Empty() || len(again.Kept) > 0 {
		t.Errorf("pruned again:\n%s", again)
	}
}

// An app that was imported by itself may be named in a file without its import.
func TestAllowPrivateOfAnAppImportedElsewhere(t *testing.T) {
	c, _ := newCatalog(t)
	mustApply(t, c, shopRequest(saidOnce))
	less := edited(t, saidLess, "    import: ./pets.json\n", "")
	contains(t, mustApply(t, c, shopRequest(less)).String(), "= env pets/prd allow_private true", "= env pets/dev allow_private true")
	req := shopRequest(less)
	req.Prune = true
	contains(t, mustApply(t, c, req).String(), "allow_private: true → false")
	if again := mustApply(t, c, req); !again.Empty() {
		t.Errorf("pruned again:\n%s", again)
	}
}
