package session_test

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// hs256 signs as the workspace would: the worst that a forger could have.
func hs256(header, payload string) string {
	key, _, _ := keys{}.SessionKey(context.Background(), "default")
	return hs256By(key, header, payload)
}

func hs256By(key []byte, header, payload string) string {
	text := b64([]byte(header)) + "." + b64([]byte(payload))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return text + "." + b64(mac.Sum(nil))
}

func TestOtherAlgorithms(t *testing.T) {
	w := newWorld()
	_, payload := decode(t, w.start(t, ana).Token)
	body := b64([]byte(payload))
	key, _, _ := keys{}.SessionKey(t.Context(), "default")

	text512 := b64([]byte(`{"alg":"HS512","typ":"JWT"}`)) + "." + body
	mac := hmac.New(sha512.New, key)
	mac.Write([]byte(text512))

	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	textRSA := b64([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." + body
	sum := sha256.Sum256([]byte(textRSA))
	signature, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	good := hs256(`{"alg":"HS256","typ":"JWT"}`, payload)
	parts := strings.Split(good, ".")
	for name, token := range map[string]string{
		"none":            b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + body + ".",
		"None":            b64([]byte(`{"alg":"None","typ":"JWT"}`)) + "." + body + "." + b64([]byte("x")),
		"none, HS256 mac": hs256(`{"alg":"none","typ":"JWT"}`, payload),
		"HS512":           text512 + "." + b64(mac.Sum(nil)),
		"RS256":           textRSA + "." + b64(signature),
		"RS256, HMAC":     hs256(`{"alg":"RS256","typ":"JWT"}`, payload),
		"no typ":          hs256(`{"alg":"HS256"}`, payload),
		"other typ":       hs256(`{"alg":"HS256","typ":"at+jwt"}`, payload),
		"unknown crit":    hs256(`{"alg":"HS256","typ":"JWT","crit":["x"],"x":1}`, payload),
		"unknown kid":     hs256(`{"alg":"HS256","kid":"k9","typ":"JWT"}`, payload),
		"JSON form":       `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"no signature":    parts[0] + "." + parts[1],
		"empty":           "..",
		"64 KB":           good + strings.Repeat("A", 64<<10),
		"own key":         hs256(`{"alg":"HS256","typ":"JWT","jwk":{"kty":"oct","k":"AAAA"}}`, strings.Replace(payload, "ses_", "sex_", 1)),
	} {
		_, err := w.verify(t, token)
		if ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.verify(t, good); err != nil {
		t.Error(err)
	}
}

// The sealed data is bound to the token it was sealed for, even against one who
// could sign.
func TestSealedDataStaysInItsToken(t *testing.T) {
	w := newWorld()
	_, payload := decode(t, w.start(t, ana).Token)
	const header = `{"alg":"HS256","typ":"JWT"}`
	for name, change := range map[string]func(string) string{
		"jti":      func(s string) string { return strings.Replace(s, `"jti":"ses_`, `"jti":"ses_x`, 1) },
		"no jti":   func(s string) string { return strings.Replace(s, `"jti"`, `"jtx"`, 1) },
		"iss":      func(s string) string { return strings.Replace(s, `"iss":"ductape"`, `"iss":"else"`, 1) },
		"twice":    func(s string) string { return strings.Replace(s, `"iss"`, `"iss":"x","iss"`, 1) },
		"no data":  func(s string) string { return strings.Replace(s, `"data"`, `"datx"`, 1) },
		"not JSON": func(s string) string { return s[1:] },
	} {
		_, err := w.verify(t, hs256(header, change(payload)))
		if ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere := strings.Replace(payload, "my-product/dev", "my-product/prd", 1)
	_, err := w.Verify(t.Context(), "default", "my-product", "prd", ductape.SessionRef{Tag: "user-session", Token: hs256(header, elsewhere)})
	wantCode(t, err, ductape.CodeSessionInvalid)
}
