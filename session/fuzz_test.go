package session_test

import (
	"crypto/rand"
	"testing"

	"github.com/ductape-go/ductape"
)

// FuzzVerify has keys of its own in every process: the tokens that the fuzzer
// hands from one to the other are good in neither.
func FuzzVerify(f *testing.F) {
	w := newWorld()
	w.Service = w.another(&ring{ids: []string{rand.Text()}})
	s := w.start(f, ana)
	f.Add(s.Token)
	f.Add(s.RefreshToken[1:])
	f.Add(hs256(`{"alg":"HS256","typ":"JWT"}`, `{"iss":"ductape"}`))
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if token == s.Token {
			return
		}
		_, err := w.verify(t, token)
		wantCode(t, err, ductape.CodeSessionInvalid)
		_, err = w.Refresh(t.Context(), scope, token)
		wantCode(t, err, ductape.CodeSessionInvalid)
	})
}

// FuzzSigned reads payloads that are signed well, so that the fuzzer gets behind
// the signature.
func FuzzSigned(f *testing.F) {
	w := newWorld()
	f.Add(`{"alg":"HS256","typ":"JWT"}`, `{"iss":"ductape","aud":"default/my-product/dev/user-session","jti":"x","exp":1e18,"data":"AAAA"}`)
	f.Fuzz(func(t *testing.T, header, payload string) {
		if _, err := w.verify(t, hs256(header, payload)); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Fatalf("%q %q: %v", header, payload, err)
		}
	})
}

func FuzzStart(f *testing.F) {
	f.Add(ana)
	f.Add(`{"user":{"id":1.5e3}} `)
	f.Fuzz(func(t *testing.T, data string) {
		w := newWorld()
		s, err := w.Start(t.Context(), scope, []byte(data))
		if err != nil {
			wantCode(t, err, ductape.CodeInvalidInput)
			return
		}
		if _, err := w.verify(t, s.Token); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkVerifyKnown(b *testing.B) {
	w := newWorld()
	token := w.start(b, ana).Token
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.verify(b, token); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyNew(b *testing.B) {
	w := newWorld()
	token := w.start(b, ana).Token
	b.ReportAllocs()
	for b.Loop() {
		w.rows.version++ // forgets what is known
		if _, err := w.verify(b, token); err != nil {
			b.Fatal(err)
		}
	}
}
