package egress_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/egress"
)

// The rival of BenchmarkDo is the transport alone, in the same run.
func BenchmarkDo(b *testing.B) {
	s := newServer(b, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	c := newClient(b, egress.Config{})
	p := egress.Policy{AllowPrivate: true, Credentials: ours}
	bare := &http.Transport{DisableCompression: true}
	b.Cleanup(bare.CloseIdleConnections)
	bench := func(send func(*http.Request) (*http.Response, error)) func(b *testing.B) {
		return func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req, err := http.NewRequestWithContext(b.Context(), "POST", s.URL+"/x?a=1", strings.NewReader("body"))
				if err != nil {
					b.Fatal(err)
				}
				resp, err := send(req)
				if err != nil {
					b.Fatal(err)
				}
				readAll(b, resp)
			}
		}
	}
	b.Run("egress", bench(func(r *http.Request) (*http.Response, error) { return c.Do(r, p) }))
	b.Run("transport", bench(bare.RoundTrip))
}
