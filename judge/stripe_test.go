package judge

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"testing"

	"github.com/stripe/stripe-mock/embedded"
	"github.com/stripe/stripe-mock/server"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// stripeMock starts stripe-mock in this process. It prints every request, which
// goes nowhere.
func stripeMock(t *testing.T) string {
	t.Helper()
	silence(t)
	description, err := server.LoadSpec(embedded.OpenAPISpec, "")
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := server.LoadFixtures(embedded.OpenAPIFixtures, "")
	if err != nil {
		t.Fatal(err)
	}
	stub, err := server.NewStubServer(fixtures, description, false, false)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", stub.HandleRequest)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func silence(t *testing.T) {
	t.Helper()
	nowhere, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = nowhere
	t.Cleanup(func() {
		os.Stdout = stdout
		if err := nowhere.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestStripeMock sends a sample of every operation of Stripe's own description
// to Stripe's own mock, which checks each against it.
func TestStripeMock(t *testing.T) {
	app, err := readApp("stripe.json", embedded.OpenAPISpec)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, app, stripeMock(t), "sk_test_123")
	for _, mode := range []struct {
		name, says string
		opt        schema.SampleOptions
	}{{"required", "what is required", requiredOnly}, {"all", "all", everything}} {
		t.Run(mode.name, func(t *testing.T) {
			accepted := 0
			var refused []string
			for i := range w.app.Actions {
				a := &w.app.Actions[i]
				if why := w.tryStripe(a, mode.opt); why != "" {
					refused = append(refused, fmt.Sprintf("%s\t%s %s\t%s", a.Tag, a.Method, a.Resource, why))
					continue
				}
				accepted++
			}
			t.Logf("stripe-mock, %s: %d of %d operations accepted", mode.name, accepted, len(w.app.Actions))
			documented(t, fmt.Sprintf("with %s: %d of %d accepted", mode.says, accepted, len(w.app.Actions)))
			golden(t, "stripe-"+mode.name+".golden", refused)
		})
	}
}

// tryStripe returns why an operation was refused, empty when it was not.
func (w *world) tryStripe(a *ductape.Action, opt schema.SampleOptions) string {
	input, err := w.schemas.ActionInput(withoutExpand(a), opt)
	if err != nil {
		return "sample: " + oneLine(err.Error())
	}
	res, err := w.call(a, input)
	var e *ductape.Error
	switch {
	case errors.As(err, &e) && e.Upstream != nil:
		return fmt.Sprintf("%d: %s", e.Upstream.Status, oneLine(string(e.Upstream.Body)))
	case err != nil:
		return "run: " + oneLine(err.Error())
	}
	if _, err := res.Bytes(); err != nil {
		return "answer: " + oneLine(err.Error())
	}
	return ""
}

// withoutExpand leaves out the parameter that names which ids to replace by what
// they stand for: the mock knows only a few names, and says 500 to others.
func withoutExpand(a *ductape.Action) *ductape.Action {
	changed := *a
	changed.Params = slices.DeleteFunc(slices.Clone(a.Params), func(p ductape.Param) bool { return p.Name == "expand" })
	if a.Body != nil {
		body := *a.Body
		body.Contents = slices.Clone(body.Contents)
		for i := range body.Contents {
			body.Contents[i].Schema = dropProperty(body.Contents[i].Schema, "expand")
		}
		changed.Body = &body
	}
	return &changed
}

func dropProperty(schema json.RawMessage, name string) json.RawMessage {
	var s map[string]json.RawMessage
	var properties map[string]json.RawMessage
	if json.Unmarshal(schema, &s) != nil || json.Unmarshal(s["properties"], &properties) != nil {
		return schema
	}
	delete(properties, name)
	s["properties"], _ = json.Marshal(properties)
	out, _ := json.Marshal(s)
	return out
}
