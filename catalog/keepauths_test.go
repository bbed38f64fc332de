package catalog

import (
	"context"
	"strings"
	"testing"
)

// An auth of a collection keeps its tag whatever requests come or go: a
// connection's value stays that of the header it was given for.
func TestImportKeepsTheTagsOfAuths(t *testing.T) {
	request := func(name, header string) string {
		return `{"name":"` + name + `","request":{"method":"GET","url":"https://api.example.com/` + name + `","auth":{"type":"apikey","apikey":[{"key":"key","value":"` + header + `"},{"key":"value","value":"{{v}}"},{"key":"in","value":"header"}]}}}`
	}
	collection := func(items ...string) string {
		return `{"info":{"name":"Keys","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[` + strings.Join(items, ",") + `]}`
	}
	ctx := context.Background()
	c, _ := newCatalog(t)
	headers := func(text string) map[string]string {
		t.Helper()
		if _, err := c.Import(ctx, ws, ImportRequest{Tag: "keys", Location: "keys.json", Data: []byte(text), Update: true}); err != nil {
			t.Fatal(err)
		}
		app, err := c.App(ctx, ws, "keys")
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, a := range app.Auths {
			out[a.Name] = a.Tag
		}
		for _, name := range []string{"a", "b"} {
			action, err := c.Action(ctx, ws, "keys", name)
			if err != nil {
				t.Fatal(err)
			}
			if tag := out["X-"+strings.ToUpper(name)]; len(action.Security) != 1 || action.Security[0][0].Auth != tag {
				t.Errorf("%s needs %v, not %s", name, action.Security, tag)
			}
		}
		return out
	}
	first := headers(collection(request("a", "X-A"), request("c", "X-A"), request("b", "X-B")))
	if first["X-A"] == "" || first["X-B"] == "" || first["X-A"] == first["X-B"] {
		t.Fatal(first)
	}
	again := headers(collection(request("n", "X-N"), request("b", "X-B"), request("d", "X-B"), request("e", "X-B"), request("a", "X-A")))
	if again["X-A"] != first["X-A"] || again["X-B"] != first["X-B"] {
		t.Errorf("%v became %v", first, again)
	}
	if n := again["X-N"]; n == "" || n == again["X-A"] || n == again["X-B"] {
		t.Errorf("the new one: %v", again)
	}
}
