package catalog

import (
	"context"
	"testing"
)

func TestApplyIsIdempotent(t *testing.T) {
	c, _ := newCatalog(t)
	first := mustApply(t, c, shopRequest(shop))
	t.Log("\n" + first.String())
	if first.Empty() {
		t.Fatal("the first apply changed nothing")
	}
	version, err := c.store.Version(context.Background(), ws)
	if err != nil {
		t.Fatal(err)
	}
	second := mustApply(t, c, shopRequest(shop))
	if !second.Empty() {
		t.Errorf("the second apply has changes:\n%s", second)
	}
	if v, _ := c.store.Version(context.Background(), ws); v != version {
		t.Errorf("the second apply moved the version from %d to %d", version, v)
	}
}
