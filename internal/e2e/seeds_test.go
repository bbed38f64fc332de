package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sdk is the TypeScript client's folder, with the harness that runs the seeds.
var sdk = filepath.Join("..", "..", "sdk", "typescript")

// seedSecrets are the values the set-up in testdata/seeds refers to.
var seedSecrets = map[string]string{
	"AUTH_TEST": "auth-test-0123", "AUTH_LIVE": "auth-live-0123", "STRIPE_TEST": "sk_test_0123", "STRIPE_LIVE": "sk_live_0123",
	"HUBSPOT": "hub-0123", "SHOPIFY": "shpat_0123", "INTERNAL": "pass:w0rd", "ANALYTICS": "visitor-0123", "PRODUCTS": "prod-0123",
}

// calls are the requests that the calls of the second and third document make.
// The last is cached, so that only the first of them reaches the API.
var calls = []string{
	"POST /stripe-test/v1/customers\nAuthorization: Bearer sk_test_0123\nContent-Type: application/x-www-form-urlencoded\n\nemail=john%40example.com&name=John+Doe",
	"POST /stripe-live/v1/payment_intents\nAuthorization: Bearer sk_live_0123\nContent-Type: application/x-www-form-urlencoded\n\namount=2000&currency=usd&customer=cus_123",
	"GET /hubspot-test/crm/v3/contacts/search?email=jane%40example.com&limit=10&hapikey=hub-0123",
	"GET /shopify-test/products/12345\nX-Shopify-Access-Token: shpat_0123",
	"GET /internal-live/users/456\nAuthorization: Basic " + base64.StdEncoding.EncodeToString([]byte("gateway:pass:w0rd")) + "\nX-Request-Id: req_abc123",
	"GET /analytics-live/users/u-77/stats\nCookie: visitor=visitor-0123",
	"GET /products-live/products?category=electronics\nX-Api-Key: Token prod-0123",
}

// Every TypeScript block of the seed documents runs as written, and the API
// sees what each call says.
func TestSeeds(t *testing.T) {
	need(t)
	seeds := seedsFolder(t)
	buildSDK(t)
	up := newUpstream(t, nil)
	b := newBox(t)
	b.setUpSeeds(up.URL)
	k := b.newKey()
	sessions := map[string]string{
		"my-product/dev/session-tag": b.startSession("my-product", "dev", "session-tag"),
		"dashboard/prd/user-session": b.startSession("dashboard", "prd", "user-session"),
	}
	s := b.serve("127.0.0.1:0")

	out := runHarness(t, seeds, s.url(), k, sessions)
	checkBlocks(t, out)
	signup := "POST /auth-test/signup?userId=123\nAuthorization: auth-test-0123\nContent-Type: application/json\n\n" + `{"email":"user@example.com"}`
	want := append([]string{signup}, calls...)
	want = append(want, calls[:len(calls)-1]...)
	compare(t, up.requests(), want)

	s.stop()
	if code := s.wait(); code != 0 {
		t.Errorf("serve ended with %d\n%s", code, s.output)
	}
	b.checkSeedRecords()
}

func seedsFolder(t *testing.T) string {
	folder := os.Getenv("DUCTAPE_SEEDS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "seeds")
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the seed documents are missing: %v", err)
		}
		t.Skipf("the seed documents are not here (%v); DUCTAPE_SEEDS names another folder", err)
	}
	return folder
}

// buildSDK installs and builds the TypeScript client and its tests.
func buildSDK(t *testing.T) {
	steps := [][]string{{"npm", "run", "build"}, {"npm", "run", "build:test"}}
	if _, err := os.Stat(filepath.Join(sdk, "node_modules", "typescript")); err != nil {
		steps = append([][]string{{"npm", "ci", "--no-audit", "--no-fund"}}, steps...)
	}
	for _, step := range steps {
		cmd := exec.Command(step[0], step[1:]...)
		cmd.Dir = sdk
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(step, " "), err, out)
		}
	}
}

func (b *box) setUpSeeds(upstream string) {
	b.t.Helper()
	folder := b.t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "seeds"))); err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(folder, "ductape.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("UPSTREAM"), []byte(upstream)), 0o600); err != nil {
		b.t.Fatal(err)
	}
	for name, value := range seedSecrets {
		b.cli(value, "secrets", "set", name)
	}
	b.cli("", "apply", "-f", file)
	if again := b.cli("", "apply", "-f", file, "--json"); strings.Contains(again, `"action":"+"`) {
		b.t.Errorf("a second apply adds something: %s", again)
	}
}

func (b *box) startSession(product, env, tag string) string {
	b.t.Helper()
	out := b.cli(`{"user":{"id":"u-77","name":"Ada"}}`, "sessions", "start", "-p", product, "-e", env, tag, "--json")
	return decode[struct{ Token string }](b.t, out).Token
}

func runHarness(t *testing.T, seeds, url string, k key, sessions map[string]string) string {
	t.Helper()
	tokens, err := json.Marshal(sessions)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "dist-test/seeds-run.mjs")
	cmd.Dir = sdk
	cmd.Env = append(environment(), "DUCTAPE_SEEDS="+seeds, "DUCTAPE_TEST_URL="+url, "DUCTAPE_TEST_KEY="+k.Key, "DUCTAPE_TEST_WORKSPACE="+k.WorkspaceID,
		"DUCTAPE_TEST_USER="+k.UserID, "DUCTAPE_TEST_PUBLIC_KEY="+k.PublicKey, "DUCTAPE_TEST_SESSIONS="+string(tokens))
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(2*limit, func() { cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the harness: %v\n%s%s", err, out.String(), errOut.String())
	}
	return out.String()
}

// checkBlocks wants every block to have passed, and none to be missing.
func checkBlocks(t *testing.T, out string) {
	t.Helper()
	var runs, blocks int
	for line := range strings.Lines(out) {
		o := decode[struct {
			File  string
			Index int
			Kind  string
			OK    bool
			Error string
		}](t, line)
		blocks++
		if o.Kind == "run" {
			runs++
		}
		if !o.OK {
			t.Errorf("block %d of %s: %s", o.Index, o.File, o.Error)
		}
	}
	if blocks != 26 || runs < 15 {
		t.Errorf("%d blocks, %d of them run; the documents have 26, with 15 calls", blocks, runs)
	}
}

func compare(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("the API saw %d requests, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("request %d:\n%s\n\nwant:\n%s", i, got[i], want[i])
		}
	}
}

// checkSeedRecords wants a record of each call, all good, one from the cache.
func (b *box) checkSeedRecords() {
	b.t.Helper()
	text := b.cli("", "runs", "--limit", "100", "--json")
	records := decode[[]struct{ Outcome, Cache, Event string }](b.t, text)
	if len(records) != 15 {
		b.t.Errorf("%d records of 15 calls", len(records))
	}
	count := map[string]int{}
	for _, r := range records {
		count[fmt.Sprint(r.Outcome, " ", r.Cache)]++
	}
	if count["ok none"] != 13 || count["ok miss"] != 1 || count["ok hit"] != 1 {
		b.t.Errorf("records: %v", count)
	}
	for name, value := range seedSecrets {
		if strings.Contains(text, value) {
			b.t.Errorf("the records hold the value of %s", name)
		}
	}
}
