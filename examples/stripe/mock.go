package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/stripe/stripe-mock/embedded"
)

// defaultBase is what ductape.yaml has as the base_url of dev.
const defaultBase = "http://127.0.0.1:12111"

// writeFiles puts Stripe's description and ductape.yaml into the work folder.
// The address differs from the file's only where its port was taken.
func writeFiles(sh *shell, addr string) error {
	if err := os.WriteFile(filepath.Join(sh.work, "stripe.json"), embedded.OpenAPISpec, 0o644); err != nil {
		return err
	}
	file, err := os.ReadFile(filepath.Join(sh.example, "ductape.yaml"))
	if err != nil {
		return err
	}
	file = bytes.ReplaceAll(file, []byte(defaultBase), []byte("http://"+addr))
	return os.WriteFile(filepath.Join(sh.work, "ductape.yaml"), file, 0o644)
}

// freeAddr returns the wanted address, or one with a free port where another
// program has it.
func freeAddr(wanted string) (string, error) {
	l, err := net.Listen("tcp", wanted)
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return "", err
		}
	}
	return l.Addr().String(), l.Close()
}

// waitFor returns when url answers, whatever it says.
func waitFor(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			return resp.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", url, err)
		case <-tick.C:
		}
	}
}

// createKey makes a key for the TypeScript program. Only its beginning is shown.
func createKey(sh *shell) (string, error) {
	sh.mask = regexp.MustCompile(`dk_.{4}[^"]*`)
	out, err := sh.run("ductape", "keys", "create", "--name", "demo", "--json")
	if err != nil {
		return "", err
	}
	var made struct{ Key string }
	if err := json.Unmarshal([]byte(out), &made); err != nil {
		return "", fmt.Errorf("read the answer of ductape keys create: %w", err)
	}
	return made.Key, nil
}

// expect fails unless a command worked and said what it should.
func expect(out string, err error, want ...string) error {
	if err != nil {
		return err
	}
	for _, w := range want {
		if !strings.Contains(out, w) {
			return fmt.Errorf("the output lacks %q", w)
		}
	}
	return nil
}

// withoutServer drops what points commands at a server.
func withoutServer(env []string) []string {
	var kept []string
	for _, v := range env {
		if !strings.HasPrefix(v, "DUCTAPE_") {
			kept = append(kept, v)
		}
	}
	return kept
}
