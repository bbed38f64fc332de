package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/ductape-go/ductape/internal/secret"
)

const text = "s3cr3t-Text/42"

// holder has a Value where fmt can call its methods and where it cannot.
type holder struct {
	Open   secret.Value
	Ptr    *secret.Value
	closed secret.Value
	list   []secret.Value
	byName map[string]secret.Value
}

func newHolder() holder {
	v := secret.New(text)
	return holder{v, &v, v, []secret.Value{v}, map[string]secret.Value{"a": v}}
}

func TestPrintingNeverShowsTheText(t *testing.T) {
	v := secret.New(text)
	h := newHolder()
	for _, verb := range "vsdqxXtbcoOUeEfFgGpT" {
		for _, flags := range []string{"", "+", "#", "-20", ".5", " ", "0"} {
			f := "%" + flags + string(verb)
			for _, arg := range []any{v, &v, h, &h, h.list, h.byName, []any{v}} {
				hidden(t, f, fmt.Sprintf(f, arg))
			}
		}
	}
	for _, s := range []string{fmt.Sprint(v), fmt.Sprintln(h), v.String(), v.GoString(), fmt.Errorf("x: %v", v).Error()} {
		hidden(t, "print", s)
	}
	if got := fmt.Sprintf("%s", v); got != secret.Redacted {
		t.Errorf("%%s gives %q", got)
	}
}

func TestEncodingNeverShowsTheText(t *testing.T) {
	h := newHolder()
	one, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	two, err := jsonv2.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	type doc struct{ V secret.Value }
	x, err := xml.Marshal(doc{h.Open})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{one, two, x} {
		hidden(t, "encoded", string(b))
		if !strings.Contains(string(b), secret.Redacted) {
			t.Errorf("%s does not say %s", b, secret.Redacted)
		}
	}
}

func TestLoggingNeverShowsTheText(t *testing.T) {
	h := newHolder()
	var b bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(handler).Info("m", "v", h.Open, "p", h.Ptr, "h", h, "l", h.list, slog.Group("g", "v", h.Open))
	}
	hidden(t, "log", b.String())
}

func TestExposeIsTheWayBack(t *testing.T) {
	if got := secret.New(text).Expose(); got != text {
		t.Errorf("got %q", got)
	}
	var zero secret.Value
	if zero.Expose() != "" || !zero.IsZero() {
		t.Error("the zero Value is not empty")
	}
	if !secret.New("a").Equal(secret.New("a")) || secret.New("a").Equal(secret.New("b")) || zero.Equal(secret.New("a")) {
		t.Error("Equal is wrong")
	}
	var in struct{ V secret.Value }
	if err := json.Unmarshal([]byte(`{"V":"abc"}`), &in); err != nil || in.V.Expose() != "abc" {
		t.Errorf("decoded %q, %v", in.V.Expose(), err)
	}
}

func hidden(t *testing.T, how, got string) {
	t.Helper()
	for _, form := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%X", text), text[:6]} {
		if strings.Contains(got, form) {
			t.Errorf("%s shows the text: %s", how, got)
		}
	}
}
