package har

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	hex32  = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	base62 = "Zx9Qw2Er7Ty4Ui1Op6As3Df"
)

// archive is a HAR file of entries.
func archive(entries ...string) []byte {
	return []byte(`{"log":{"version":"1.2","entries":[` + strings.Join(entries, ",") + `]}}`)
}

func entry(method, url, header, value string) string {
	return fmt.Sprintf(`{"request":{"method":%q,"url":%q,"headers":[{"name":%q,"value":%q}]}}`, method, url, header, value)
}

// What looks like a credential, by its name or by itself, is in no App and in no
// warning, however often it came, and the report says that it was there.
func TestNoCredentialIsKept(t *testing.T) {
	for _, c := range []struct{ entry, secret string }{
		{entry("GET", "https://a.test/t", "DD-APPLICATION-KEY", hex32), hex32},
		{entry("GET", "https://a.test/t", "X-AIO-Key", "hunter2"), "hunter2"},
		{entry("GET", "https://a.test/t", "X-Signature", "hunter2"), "hunter2"},
		{entry("GET", "https://a.test/t", "X-Thing", base62), base62},
		{entry("GET", "https://a.test/t?appid="+hex32, "Accept", "*/*"), hex32},
		{entry("GET", "https://a.test/t?sig=hunter2", "Accept", "*/*"), "hunter2"},
		{entry("GET", "https://a.test/bot123456:ABC-DEF1234ghIkl/getMe", "Accept", "*/*"), "ABC-DEF"},
		{entry("GET", "https://a.test/hooks/"+hex32, "Accept", "*/*"), hex32},
		{entry("GET", "https://a.test/keys/sk_"+base62, "Accept", "*/*"), base62},
	} {
		app, _, warnings, err := Read(archive(c.entry, c.entry), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.entry, err)
			continue
		}
		kept, err := json.Marshal([]any{app.Actions, app.Auths, app.Envs, warnings})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(kept), c.secret) || strings.Contains(string(kept), strings.ToLower(strings.ReplaceAll(c.secret, "-", "_"))) {
			t.Errorf("%s: kept in %s", c.entry, kept)
		}
		if len(warnings) == 0 || len(app.Actions) != 1 {
			t.Errorf("%s: %s", c.entry, kept)
		}
	}
}
