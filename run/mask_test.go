package run

import (
	"slices"
	"testing"
)

// Only the name of a scheme is shown before a credential; the first word of a
// credential with spaces in it is a part of the credential.
func TestMasked(t *testing.T) {
	for value, want := range map[string]string{
		"Bearer abc": "Bearer [redacted]", "Basic dTpw": "Basic [redacted]", "token abc": "token [redacted]",
		"correct horse": "[redacted]", "?%%+a&&//a##   ?@b?": "[redacted]", "abc": "[redacted]", "": "[redacted]",
		"AWS4-HMAC-SHA256 Credential=x/y": "AWS4-HMAC-SHA256 [redacted]",
	} {
		if got := masked([]string{value}); !slices.Equal(got, []string{want}) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
