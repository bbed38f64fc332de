package vault

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The root module has tests for a Vault that is there; this is one.
func TestOfTheRootModule(t *testing.T) {
	s := newServer(t)
	s.put("stripe", fields{"key": "value-from-real-kv"})
	s.put("gone", fields{"key": "x"})
	s.do("DELETE", "secret/data/gone", nil)
	s.do("POST", "transit/keys/ductape", nil)
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-run", "^TestReal", "./internal/source", "./internal/kms")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "DUCTAPE_TEST_VAULT_ADDR="+s.URL)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Count(string(out), "--- PASS: TestReal") != 2 {
		t.Errorf("%v\n%s", err, out)
	}
}
