package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	mock "github.com/stripe/stripe-mock/embedded"
	stripe "github.com/stripe/stripe-mock/server"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
)

var update = flag.Bool("update", false, "write testdata anew")

const operations = 594

// open returns a Ductape that has Stripe as an app, and what the import said.
func open(t *testing.T) (*embedded.Ductape, *catalog.ImportReport) {
	t.Helper()
	d, err := embedded.Open(t.Context(), embedded.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, importStripe(t, d, catalog.ImportRequest{})
}

func importStripe(t *testing.T, d *embedded.Ductape, req catalog.ImportRequest) *catalog.ImportReport {
	t.Helper()
	req.Tag, req.Location, req.Data = "stripe", "spec3.json", mock.OpenAPISpec
	report, err := d.Catalog.Import(t.Context(), ductape.DefaultWorkspace, req)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// names returns "METHOD path -> tag" of every action, sorted.
func names(t *testing.T, d *embedded.Ductape) []string {
	t.Helper()
	var list []string
	for after := ""; ; {
		page, err := d.Catalog.Actions(t.Context(), ductape.DefaultWorkspace, "stripe", after, 200)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, a := range page {
			list = append(list, fmt.Sprintf("%s %s -> %s", a.Method, a.Resource, a.Tag))
		}
		after = page[len(page)-1].Tag
	}
	slices.Sort(list)
	return list
}

// Callers write these names down: they must not change from one version to the
// next, for the same description.
func TestNames(t *testing.T) {
	d, report := open(t)
	got := names(t, d)
	if len(got) != operations || report.Actions != operations {
		t.Errorf("%d actions are kept and %d reported, not %d", len(got), report.Actions, operations)
	}
	if n := operationsIn(t, mock.OpenAPISpec); n != operations {
		t.Errorf("the description itself has %d operations, not %d", n, operations)
	}
	golden(t, filepath.Join("testdata", "names.golden"), strings.Join(got, "\n")+"\n")
}

// operationsIn counts them by no code of ours.
func operationsIn(t *testing.T, spec []byte) (n int) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(spec, &doc); err != nil {
		t.Fatal(err)
	}
	for _, item := range doc.Paths {
		for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"} {
			if _, ok := item[method]; ok {
				n++
			}
		}
	}
	return n
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for _, line := range was {
		if !slices.Contains(is, line) {
			t.Errorf("gone: %s", line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			t.Errorf("new:  %s", line)
		}
	}
	t.Error("if that is meant: go test . -update")
}

// The names that a person would guess.
func TestGuessedNames(t *testing.T) {
	d, _ := open(t)
	for name, want := range map[string]string{
		"create_customer":        "POST /v1/customers",
		"list_customers":         "GET /v1/customers",
		"get_customer":           "GET /v1/customers/{customer}",
		"update_customer":        "POST /v1/customers/{customer}",
		"delete_customer":        "DELETE /v1/customers/{customer}",
		"search_customers":       "GET /v1/customers/search",
		"create_payment_intent":  "POST /v1/payment_intents",
		"capture_payment_intent": "POST /v1/payment_intents/{intent}/capture",
		"PostCustomers":          "POST /v1/customers", // the raw operationId
		"GET /v1/customers":      "GET /v1/customers",
	} {
		a, err := d.Catalog.Action(t.Context(), ductape.DefaultWorkspace, "stripe", name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := a.Method + " " + a.Resource; got != want {
			t.Errorf("%s is %s, not %s", name, got, want)
		}
	}
}

func TestImportTwiceIsTheSame(t *testing.T) {
	d, _ := open(t)
	before := names(t, d)
	report := importStripe(t, d, catalog.ImportRequest{Update: true})
	if n := len(report.Added) + len(report.Changed) + len(report.Removed); n != 0 {
		t.Errorf("the second import changed %d actions: %+v", n, report)
	}
	if after := names(t, d); !slices.Equal(before, after) {
		t.Error("the second import gave other names")
	}
}

// seen is the last request that stripe-mock got.
type seen struct {
	method, path, query, contentType, auth string
}

// connect starts stripe-mock in the process, and connects a product to it.
func connect(t *testing.T) (*embedded.Ductape, *seen) {
	t.Helper()
	spec, err := stripe.LoadSpec(mock.OpenAPISpec, "")
	if err != nil {
		t.Fatal(err)
	}
	fixtures, err := stripe.LoadFixtures(mock.OpenAPIFixtures, "")
	if err != nil {
		t.Fatal(err)
	}
	stub, err := stripe.NewStubServer(fixtures, spec, false, false)
	if err != nil {
		t.Fatal(err)
	}
	last := new(seen)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*last = seen{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Content-Type"), r.Header.Get("Authorization")}
		stub.HandleRequest(w, r)
	}))
	t.Cleanup(srv.Close)

	d, err := embedded.Open(t.Context(), embedded.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	applyFile(t, d, srv.URL)
	return d, last
}

// applyFile applies the demo's ductape.yaml, at another address, and with its
// credential as text: there is no secret here to name.
func applyFile(t *testing.T, d *embedded.Ductape, base string) {
	t.Helper()
	file, err := os.ReadFile("ductape.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(defaultBase, base, "$Secret{STRIPE_TEST_KEY}", "sk_test_123").Replace(string(file))
	if _, err := d.Catalog.Apply(t.Context(), ductape.DefaultWorkspace, catalog.ApplyRequest{
		Location: "ductape.yaml", File: []byte(text), Files: map[string][]byte{"./stripe.json": mock.OpenAPISpec},
	}); err != nil {
		t.Fatal(err)
	}
}

// TestCalls sends calls of different shapes; stripe-mock checks each against
// Stripe's own schemas and answers 400 where one does not fit.
func TestCalls(t *testing.T) {
	d, last := connect(t)
	for _, c := range []struct {
		name, event, input string
		want               seen
	}{
		{"no input", "list_customers", `{}`, seen{method: "GET", path: "/v1/customers"}},
		{"numbers in the query", "list_customers", `{"query":{"limit":3}}`, seen{method: "GET", path: "/v1/customers", query: "limit=3"}},
		{"an object in the query", "list_customers", `{"created":{"gte":1700000000}}`, seen{method: "GET", path: "/v1/customers", query: "created%5Bgte%5D=1700000000"}},
		{"an array in the query", "get_customer", `{"customer":"cus_1","expand":["default_source","sources"]}`, seen{method: "GET", path: "/v1/customers/cus_1", query: "expand%5B0%5D=default_source&expand%5B1%5D=sources"}},
		{"a form", "create_customer", `{"body":{"email":"john@example.com","name":"John Doe"}}`, seen{method: "POST", path: "/v1/customers"}},
		{"a flat form", "create_customer", `{"email":"john@example.com"}`, seen{method: "POST", path: "/v1/customers"}},
		{"nested objects", "create_customer", `{"body":{"address":{"city":"Paris","line1":"1 rue de l'Été"},"metadata":{"a b":"c&d=e"}}}`, seen{method: "POST", path: "/v1/customers"}},
		{"arrays of objects", "create_invoice_preview", `{"body":{"currency":"usd","invoice_items":[{"amount":100,"currency":"usd"},{"amount":200,"currency":"usd","discountable":false}]}}`, seen{method: "POST", path: "/v1/invoices/create_preview"}},
		{"booleans and arrays", "create_payment_intent", `{"body":{"amount":2000,"currency":"usd","confirm":false,"payment_method_types":["card","link"],"automatic_payment_methods":{"enabled":true}}}`, seen{method: "POST", path: "/v1/payment_intents"}},
		{"an optional form left out", "capture_payment_intent", `{"params":{"intent":"pi_1"}}`, seen{method: "POST", path: "/v1/payment_intents/pi_1/capture"}},
		{"a path and a form", "capture_payment_intent", `{"params":{"intent":"pi_1"},"body":{"amount_to_capture":750}}`, seen{method: "POST", path: "/v1/payment_intents/pi_1/capture"}},
		{"delete", "delete_customer", `{"params":{"customer":"cus_1"}}`, seen{method: "DELETE", path: "/v1/customers/cus_1"}},
		{"search", "search_customers", `{"query:query":"email:'a@b.c'"}`, seen{method: "GET", path: "/v1/customers/search", query: "query=email%3A%27a%40b.c%27"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			*last = seen{}
			res, err := run(t.Context(), d, c.event, c.input)
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid(res) {
				t.Errorf("the answer is not JSON: %s", res)
			}
			c.want.auth, c.want.contentType = "Bearer sk_test_123", last.contentType
			if *last != c.want {
				t.Errorf("stripe-mock saw %+v,\nnot %+v", *last, c.want)
			}
		})
	}
}

// Refused input reaches nobody.
func TestRefused(t *testing.T) {
	d, last := connect(t)
	for event, input := range map[string]string{
		"get_customer":          `{}`,
		"update_customer":       `{"params":{"customer":".."}}`,
		"list_customers":        `{"query":{"limit":"many"}}`,
		"create_customr":        `{}`,
		"delete_customer":       `{"params":{"customer":null}}`,
		"create_payment_intent": `{"body":{"amount":`,
	} {
		*last = seen{}
		if _, err := run(t.Context(), d, event, input); err == nil {
			t.Errorf("%s %s was accepted", event, input)
		}
		if *last != (seen{}) {
			t.Errorf("%s %s was sent: %+v", event, input, *last)
		}
	}
}

func run(ctx context.Context, d *embedded.Ductape, event, input string) ([]byte, error) {
	res, err := d.Run(ctx, ductape.Call{
		Product: "my-product", Env: "dev", App: "stripe-app", Event: event, Input: json.RawMessage(input),
	})
	if err != nil {
		return nil, err
	}
	return res.Bytes()
}
