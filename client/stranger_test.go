package client_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/client"
)

// answering is something that is no Ductape server and says yes to everything.
func answering(t *testing.T, status int, typ, body string) (*client.Client, string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = []string{typ}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return client.New(strings.Replace(s.URL, "//", "//me:hunter2@", 1), "k"), s.URL
}

// A proxy's or a login page's answer is nobody's output.
func TestAnswersOfStrangers(t *testing.T) {
	for name, a := range map[string]struct {
		status    int
		typ, body string
		run       bool // only a run can tell
	}{
		"a login page":         {200, "text/html", "<form>", false},
		"nothing":              {200, "", "", false},
		"text called JSON":     {200, "application/json", "<form>", false},
		"JSON of another kind": {200, "application/json", `"hello"`, false},
		"no JSON at all":       {200, "application/json", ``, false},
		"an object":            {200, "application/json", `{"ok":true}`, true},
		"204":                  {204, "", "", true},
		"a redirect":           {302, "text/html", "elsewhere", false},
		"a gateway":            {502, "text/html", "bad", false},
	} {
		c, _ := answering(t, a.status, a.typ, a.body)
		_, err := c.Run(t.Context(), call("echo", nil))
		estranged(t, name+": run", err)
		if a.run {
			continue
		}
		_, err = c.Apps(t.Context())
		estranged(t, name+": apps", err)
		_, err = c.Action(t.Context(), "a", "b")
		estranged(t, name+": action", err)
		if a.typ != "application/json" {
			_, err = c.Preview(t.Context(), call("echo", nil))
			estranged(t, name+": preview", err)
			estranged(t, name+": delete", c.Do(t.Context(), http.MethodDelete, "/v1/apps/a", nil, nil))
		}
	}
}

func estranged(t *testing.T, where string, err error) {
	t.Helper()
	var e *ductape.Error
	if !errors.As(err, &e) || e.Code != ductape.CodeInternal || !strings.Contains(e.Message, "not an answer of") {
		t.Errorf("%s: %#v", where, err)
		return
	}
	if !strings.Contains(e.Hint, "http://me:xxxxx@127.0.0.1") || strings.Contains(e.Message+e.Hint, "hunter2") {
		t.Errorf("%s: the hint is %q", where, e.Hint)
	}
	if strings.Contains(e.Message, "Go ") || strings.Contains(e.Message, "ductape.") {
		t.Errorf("%s: speaks of Go: %q", where, e.Message)
	}
}
