package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/cli"
)

func stranger(t *testing.T) *shell {
	return &shell{t: t, folder: filepath.Join(t.TempDir(), "data"), env: map[string]string{}}
}

// shop has a product, an app, a connection, a cache and a session type.
func shop(t *testing.T, base string) *shell {
	s := stranger(t)
	file := filepath.Join(t.TempDir(), "pets.json")
	text := `{"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"servers":[{"url":"` + base + `"}],"paths":{"/pets/{id}":{"get":{"operationId":"getPet","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"ok"}}}}}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.must("", "import", file, "--app", "pets")
	s.must("", "apps", "auth", "set", "pets", "token", "--type", "bearer")
	s.must("", "apps", "env", "set", "pets", "dev", "--base-url", base)
	s.must("", "products", "set", "shop", "--envs", "dev,prd")
	s.must("", "products", "connect", "shop", "pets-here", "--app", "pets", "--env", "dev", "--auth", "token.token=$Secret{PETS_KEY}")
	s.must("", "caches", "set", "-p", "shop", "answers", "--expiry", "60s")
	return s
}

func TestCompletesNames(t *testing.T) {
	s := shop(t, "https://api.example.com")
	s.must("horse-staple", "secrets", "set", "PETS_KEY")
	for line, want := range map[string]string{
		"run -p ":                          "shop",
		"run -p shop -e ":                  "dev\nprd",
		"run -p shop -e dev ":              "pets-here",
		"run -p shop -e dev pets-here ":    "get_pet",
		"run -p shop --cache ":             "answers",
		"apps show ":                       "pets",
		"actions show pets ":               "get_pet",
		"secrets rotate ":                  "PETS_KEY",
		"caches delete -p shop ":           "answers",
		"products disconnect shop ":        "pets-here",
		"products connect shop new --env ": "dev\nprd",
		"run -p nothing ":                  "",
		"actions show nothing ":            "",
	} {
		args := append([]string{"__complete", "--data", s.folder}, strings.Split(line, " ")...)
		got := complete(s, args...)
		if names, _, _ := strings.Cut(got, ":"); strings.TrimSpace(names) != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	absent := stranger(t)
	complete(absent, "__complete", "--data", absent.folder, "run", "-p", "")
	if _, err := os.Stat(absent.folder); err == nil {
		t.Error("completion made a folder")
	}
}

func TestDoctorFindsWhatKeepsRunsFromWorking(t *testing.T) {
	s := shop(t, "https://api.example.com")
	doctor := func(want string) {
		t.Helper()
		if code, out, errs := s.run("", "doctor"); code == 0 != strings.HasPrefix(want, "ok") || !strings.Contains(out, want) {
			t.Errorf("%d: %q is not said in\n%s%s", code, want, out, errs)
		}
	}
	doctor("FAIL  connection shop/pets-here in dev: the secret PETS_KEY is not set")
	s.must("horse-staple", "secrets", "set", "PETS_KEY", "--envs", "prd")
	doctor("the secret PETS_KEY is not for the environment dev, only for prd")
	s.must("horse-staple", "secrets", "set", "PETS_KEY", "--apps", "pets", "--envs", "dev")
	doctor("ok    connection shop/pets-here in dev: https://api.example.com")
	s.must("", "apps", "env", "set", "pets", "dev", "--base-url", "http://127.0.0.1:9")
	doctor("is a private address")
}

func TestErrorsAreJSON(t *testing.T) {
	s := stranger(t)
	s.must("", "products", "set", "shop")
	for _, args := range [][]string{{"nonsense", "--json"}, {"runs", "--nonsense", "--json"}, {"--json", "runs", "show"}, {"--json", "import", "nofile"}, {"--json", "apply", "-f", "."}} {
		code, _, errs := s.run("", args...)
		var out struct {
			Error struct{ Code, Message string } `json:"error"`
		}
		if err := json.Unmarshal([]byte(errs), &out); err != nil || code == 0 || out.Error.Code == "" || out.Error.Code == "internal" {
			t.Errorf("%v: %d, %v: %s", args, code, err, errs)
		}
	}
	if out := s.must("", "--json", "--version"); !json.Valid([]byte(out)) {
		t.Errorf("--version: %s", out)
	}
}

func TestMessagesNameFlags(t *testing.T) {
	s := stranger(t)
	s.must("", "products", "set", "shop")
	for line, want := range map[string]string{
		"caches list":                       "missing -p PRODUCT",
		"sessions types delete T":           "missing -p PRODUCT",
		"run -p shop pets get_pet":          "missing -e ENV",
		"sessions revoke":                   "--session or --user",
		"apply -f .":                        "is a folder",
		"run -p s -e dev a b --input {\n]":  "line 2, column 1",
		"run -p s -e dev a b --timeout 1ns": "under a millisecond",
	} {
		args := strings.Split(line, " ")
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "\\n", "\n")
		}
		if code, _, errs := s.run("", args...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: %d %s; want %q", line, code, errs, want)
		}
	}
}

func TestDryRunLeavesNothing(t *testing.T) {
	s := stranger(t)
	file := filepath.Join(t.TempDir(), "ductape.yaml")
	if err := os.WriteFile(file, []byte("products:\n  - tag: shop\n    envs: [dev]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := s.run("", "apply", "-f", file, "--dry-run")
	if code != 0 || !strings.Contains(out, "Nothing was changed") || strings.Contains(errs, "master key") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(s.folder); err == nil {
		t.Error("a dry run made a folder")
	}
}

func complete(s *shell, args ...string) string {
	var stdout, stderr bytes.Buffer
	cli.Main(cli.Process{Args: args, Version: "test", Getenv: func(n string) string { return s.env[n] }, Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr})
	return stdout.String()
}
