package cli

import (
	"encoding/json"
	"testing"
)

func TestPutBody(t *testing.T) {
	for _, c := range []struct{ contentType, body, want string }{
		{"application/json", `{"a": 1.0}`, `{"output":{"a":1.0}}`},
		{"text/html", `{"a": 1.0}`, `{"output":{"a":1.0}}`},
		{"application/json", "<html>", `{"output":"\u003chtml\u003e"}`},
		{"application/json", "\xef\xbb\xbf[1]", `{"output":[1]}`},
		{"application/json; charset=iso-8859-1", "\"caf\xe9\"", `{"output":"café"}`},
		{"text/plain", "café", `{"output":"café"}`},
		{"text/plain; charset=iso-8859-1", "caf\xe9", `{"output":"café"}`},
		{"text/plain; charset=utf-16le", "\xe9\x00a\x00", `{"output":"éa"}`},
		{"text/plain; charset=iso-8859-1", "café", `{"output":"café"}`},
		{"text/plain", "caf\xe9", `{"output":null,"output_base64":"Y2Fm6Q=="}`},
		{"text/plain; charset=nonsense", "caf\xe9", `{"output":null,"output_base64":"Y2Fm6Q=="}`},
		{"text/plain; charset=shift_jis", "\xff\xff", `{"output":null,"output_base64":"//8="}`},
		{"application/octet-stream", "\x00\x01\xff", `{"output":null,"output_base64":"AAH/"}`},
		{"", "\x00", `{"output":null,"output_base64":"AA=="}`},
	} {
		out := map[string]any{}
		putBody(out, "output", []byte(c.body), c.contentType)
		if got, err := json.Marshal(out); err != nil || string(got) != c.want {
			t.Errorf("%s %q: %s, %v", c.contentType, c.body, got, err)
		}
	}
}
