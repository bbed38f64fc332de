package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/ductape-go/ductape/bench/exchange"
)

// description is the upstream's: the same request as JSON and as a form.
const description = `openapi: 3.0.3
info: { title: Bench, version: "1" }
servers: [ { url: %[1]s } ]
paths:
  /v1/customers:
    post:
      operationId: create_customer
      security: [ { bearerAuth: [] } ]
      requestBody: { content: { %[2]s: { schema: { type: object, properties: { email: { type: string }, name: { type: string }, metadata: { type: object } } } } } }
      responses: { "200": { description: OK, content: { application/json: { schema: { type: object } } } } }
components: { securitySchemes: { bearerAuth: { type: http, scheme: bearer } } }
`

// setUp is the ductape.yaml: an app for each format, and a cache.
const setUp = `apps:
  - tag: json
    import: ./json.yaml
    envs: [ { slug: dev, base_url: "%[1]s", allow_private: true } ]
    auths: [ { tag: token_access, type: bearer } ]
  - tag: form
    import: ./form.yaml
    settings: { nesting: brackets }
    envs: [ { slug: dev, base_url: "%[1]s", allow_private: true } ]
    auths: [ { tag: token_access, type: bearer } ]
products:
  - tag: shop
    envs: [dev]
    apps:
      - { access_tag: json, app: json, envs: [ { product_env: dev, app_env: dev, auth: { token_access: { token: '$Secret{BENCH_TOKEN}' } } } ] }
      - { access_tag: form, app: form, envs: [ { product_env: dev, app_env: dev, auth: { token_access: { token: '$Secret{BENCH_TOKEN}' } } } ] }
    caches: [ { tag: hour, expiry: 3600000 } ]
`

// setUpDuctape makes a data folder with the app, the product, the secret and a
// key, by the command line, and returns the key's text.
func setUpDuctape(ctx context.Context, program, folder, upstream string) (key string, err error) {
	files := map[string]string{
		"json.yaml":    fmt.Sprintf(description, upstream, exchange.JSONType),
		"form.yaml":    fmt.Sprintf(description, upstream, exchange.FormType),
		"ductape.yaml": fmt.Sprintf(setUp, upstream),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	ductape := func(stdin string, args ...string) ([]byte, error) {
		return output(ctx, folder, stdin, ownEnv, program, append(args, "--data", "data")...)
	}
	if _, err := ductape(exchange.Token, "secrets", "set", "BENCH_TOKEN"); err != nil {
		return "", err
	}
	if _, err := ductape("", "apply", "-f", "ductape.yaml"); err != nil {
		return "", err
	}
	out, err := ductape("", "keys", "create", "--json")
	if err != nil {
		return "", err
	}
	var made struct{ Key string }
	if err := json.Unmarshal(out, &made); err != nil || made.Key == "" {
		return "", fmt.Errorf("keys create printed no key: %.200s", out)
	}
	return made.Key, nil
}

// ownEnv keeps the user's own settings out of what is measured.
var ownEnv = []string{"DUCTAPE_URL=", "DUCTAPE_KEY=", "DUCTAPE_MASTER_KEY="}

// callOf is the body of POST /v1/actions/run.
func callOf(app, cache string) string {
	call := `{"env":"dev","product":"shop","app":"` + app + `","event":"create_customer","input":{"body":` + exchange.JSON + `}`
	if cache != "" {
		call += `,"cache":"` + cache + `"`
	}
	return call + "}"
}

// caddyConfig is a reverse proxy and nothing else: no admin endpoint, no log, no
// TLS, HTTP/1.1.
func caddyConfig(addr, upstream string) string {
	return fmt.Sprintf(`{
  "admin": {"disabled": true, "config": {"persist": false}},
  "logging": {"logs": {"default": {"writer": {"output": "discard"}, "level": "ERROR"}}},
  "apps": {"http": {"servers": {"bench": {
    "listen": [%q], "protocols": ["h1"], "automatic_https": {"disable": true},
    "routes": [{"handle": [{"handler": "reverse_proxy", "upstreams": [{"dial": %q}],
      "transport": {"protocol": "http", "compression": false, "keep_alive": {"max_idle_conns_per_host": 256}}}]}]
  }}}}
}`, addr, upstream)
}

// freeAddress is one that nothing listens on now: Caddy cannot say which port
// it got.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
