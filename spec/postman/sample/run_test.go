package sample_test

import (
	"context"
	"log/slog"
	"regexp"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/store"
)

const collection = `{"info":{"name":"pm","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
"variable":[{"key":"cv","value":"CV"}],
"item":[{"name":"send","request":{"method":"POST","url":"https://api.example.com/t?q={{cv}}&e=",
"header":[{"key":"X-A","value":"{{cv}} $Now"}],
"body":{"mode":"raw","raw":"{\"b\":\"{{cv}}\",\"t\":\"{{$timestamp}}\",\"l\":\"$Session{x}\"}","options":{"raw":{"language":"json"}}}}}]}`

const har = `{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"https://api.example.com/t?q=%24Now",
"headers":[{"name":"Content-Type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"q\":\"$Session{x} $$Now\"}"}}}]}}`

const openapi = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://api.example.com"}],"paths":{"/t":{"post":{"operationId":"send",
"parameters":[{"name":"q","in":"query","required":true,"schema":{"type":"string"},"example":"$Now"}],
"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object"},"example":{"q":"$Session{x} $$Now"}}}}}}}}`

// TestSamplesAsTheyAreSent runs the sample of an action: what goes out is what
// the description shows.
func TestSamplesAsTheyAreSent(t *testing.T) {
	for _, c := range []struct{ name, description, url, body string }{
		{"postman", collection, `^https://api\.example\.com/t\?q=CV&e=$`, `^\{"b":"CV","t":"[0-9]{10}","l":"\$Session\{x\}"\}$`},
		{"cURL", `curl 'https://api.example.com/t?q=%24Now' -H 'Content-Type: application/json' -d '{"q":"$Session{x} $$Now"}'`, `^https://api\.example\.com/t\?q=%24Now$`, `^\{"q":"\$Session\{x\} \$\$Now"\}$`},
		{"cURL, a part", `curl https://api.example.com/t -F 'meta={"a":1.50};type=application/json'`, `/t$`, `(?s)application/json\r\n\r\n\{"a":1\.50\}\r\n`},
		{"HAR", har, `^https://api\.example\.com/t\?q=%24Now$`, `^\{"q":"\$Session\{x\} \$\$Now"\}$`},
		{"OpenAPI", openapi, `^https://api\.example\.com/t\?q=%24Now$`, `^\{"q":"\$Session\{x\} \$\$Now"\}$`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, tag := connected(t, c.description)
			s, err := d.Catalog.Sample(t.Context(), ductape.DefaultWorkspace, "api", tag, true)
			if err != nil || s.Warning != "" {
				t.Fatal(err, s)
			}
			p, err := d.Runner.Preview(t.Context(), ductape.Call{Product: "p", Env: "dev", App: "api", Event: tag, Input: s.Input})
			if err != nil {
				t.Fatalf("%s: %v", s.Input, err)
			}
			if !regexp.MustCompile(c.url).MatchString(p.URL) || !regexp.MustCompile(c.body).MatchString(p.Body) {
				t.Errorf("the sample %s is sent as %s %s", s.Input, p.URL, p.Body)
			}
		})
	}
}

// connected imports a description and connects a product to it. It returns the
// tag of the only action.
func connected(t *testing.T, description string) (*embedded.Ductape, string) {
	t.Helper()
	d, err := embedded.Open(t.Context(), embedded.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Catalog.Import(t.Context(), ductape.DefaultWorkspace, catalog.ImportRequest{Tag: "api", Location: "description", Data: []byte(description)}); err != nil {
		t.Fatal(err)
	}
	actions, err := d.Catalog.Actions(t.Context(), ductape.DefaultWorkspace, "api", "", 0)
	if err != nil || len(actions) != 1 {
		t.Fatal(err, actions)
	}
	product := &ductape.Product{
		Tag: "p", Envs: []ductape.ProductEnv{{Slug: "dev"}},
		Apps: []ductape.Connection{{AccessTag: "api", App: "api", Envs: []ductape.ConnectionEnv{{ProductEnv: "dev", AppEnv: "prd"}}}},
	}
	err = d.Store.Change(context.Background(), ductape.DefaultWorkspace, func(tx store.Tx) error { return tx.PutProduct(context.Background(), product) })
	if err != nil {
		t.Fatal(err)
	}
	return d, actions[0].Tag
}
