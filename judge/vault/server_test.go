package vault

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "root" // the operator's token

// program is Vault, built by TestMain.
var program string

func TestMain(m *testing.M) {
	code, err := build(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func build(m *testing.M) (int, error) {
	folder, err := os.MkdirTemp("", "vault-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // left in the temporary folder
	program = filepath.Join(folder, "vault")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir, cmd.Stdout, cmd.Stderr = "server", os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return 1, fmt.Errorf("build Vault: %w", err)
	}
	return m.Run(), nil
}

// A server is a Vault of its own, with a KV version 2 at secret/ and transit at
// transit/.
type server struct {
	URL   string
	t     *testing.T
	token string // of whoever do asks for
	share string // opens the seal
}

func newServer(t *testing.T) *server {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe() // it ends when this does
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = in.Close(), cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s := &server{URL: strings.TrimSpace(line), t: t}
	s.begin()
	return s
}

// begin does what an operator does with a new Vault.
func (s *server) begin() {
	s.t.Helper()
	var made struct {
		Keys  []string `json:"keys"`
		Token string   `json:"root_token"`
	}
	if err := json.Unmarshal(s.do("PUT", "sys/init", fields{"secret_shares": 1, "secret_threshold": 1}), &made); err != nil {
		s.t.Fatal(err)
	}
	s.share, s.token = made.Keys[0], made.Token
	s.seal(false)
	s.do("POST", "auth/token/create", fields{"id": root, "policies": []string{"root"}})
	s.token = root
	s.mount("secret", "kv", "2")
	s.mount("transit", "transit", "")
}

func (s *server) mount(path, kind, version string) {
	s.t.Helper()
	in := fields{"type": kind}
	if version != "" {
		in["options"] = fields{"version": version}
	}
	s.do("POST", "sys/mounts/"+path, in)
}

// grant returns a token that may do the given things and no others; a path that
// ends in a slash is for all below it.
func (s *server) grant(token string, may ...string) string {
	s.t.Helper()
	var policy strings.Builder
	for _, m := range may {
		what, where, _ := strings.Cut(m, " ")
		if strings.HasSuffix(where, "/") {
			where += "*"
		}
		fmt.Fprintf(&policy, "path %q { capabilities = [%q] }\n", where, what)
	}
	name := strings.ReplaceAll(token, ".", "-")
	s.do("PUT", "sys/policies/acl/"+name, fields{"policy": policy.String()})
	s.do("POST", "auth/token/create", fields{"id": token, "policies": []string{name}, "no_default_policy": true})
	return token
}

func (s *server) revoke(token string) {
	s.t.Helper()
	s.do("POST", "auth/token/revoke", fields{"token": token})
}

func (s *server) seal(sealed bool) {
	s.t.Helper()
	if sealed {
		s.do("PUT", "sys/seal", nil)
		return
	}
	s.do("PUT", "sys/unseal", fields{"key": s.share})
}

type fields map[string]any

// do asks Vault as its operator.
func (s *server) do(method, path string, in fields) []byte {
	s.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.URL+"/v1/"+path, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Vault-Token", s.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %d %s %v", method, path, resp.StatusCode, answer, err)
	}
	return answer
}

// put writes a version of a secret.
func (s *server) put(path string, data fields) {
	s.t.Helper()
	s.do("POST", "secret/data/"+path, fields{"data": data})
}
