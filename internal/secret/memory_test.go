package secret_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/secret"
)

// Whoever writes a text chooses how many ways there are to undo its escapes. All
// of them are looked at, and none takes many times the text.
func TestRedactorOfALargeText(t *testing.T) {
	const size = 1 << 20
	piece := `\u0025%5c%2b+&amp;&#37;\\%26lt;\/+tok_s3cret_value `
	text := strings.Repeat(piece, size/len(piece))
	r := secret.NewRedactor(secret.New("tok_s3cret_value"), secret.New("another one"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := r.String(text)
	runtime.ReadMemStats(&after)
	if strings.Contains(got, "s3cret") || strings.Count(got, secret.Redacted) != size/len(piece) {
		t.Errorf("%d bytes, of which the first are %.100s", len(got), got)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 300 {
		t.Errorf("%d MB were allocated for a text of 1 MB", used)
	}
}
