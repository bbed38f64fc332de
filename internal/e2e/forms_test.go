package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// alphabets are what secrets are made of; each is one that some way of writing
// changes.
var alphabets = [][]rune{
	[]rune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), []rune("0123456789abcdef"), []rune("abXY/+=-_~."),
	[]rune(`abXY"\<>&'`), []rune("abXY %+?#&=/:@"), []rune("aéß漢😀bXY"), []rune("abXY:@$"), []rune("abXY{}[]$"),
}

func randomSecret(r *rand.Rand) string {
	letters := alphabets[r.IntN(len(alphabets))]
	var b strings.Builder
	for range 14 + r.IntN(40) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// formsOf are the ways in which a secret may be written. They are made here, from
// the encoders themselves, and not by what redacts.
func formsOf(s string) []string {
	quoted, _ := json.Marshal(s)
	var plain strings.Builder
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	h := hex.EncodeToString([]byte(s))
	all := []string{
		s, h, strings.ToUpper(h), url.QueryEscape(s), url.PathEscape(s), lowerPercent(url.QueryEscape(s)),
		inner(string(quoted)), inner(strings.TrimSpace(plain.String())), inner(fmt.Sprintf("%q", s)), inner(fmt.Sprintf("%+q", s)),
	}
	for before := range 3 { // base64 at each place in a longer text, such as user:password
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString([]byte(strings.Repeat("x", before) + s))
			all = append(all, text[4:len(text)-4])
		}
	}
	return all
}

func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

func lowerPercent(s string) string {
	b := []byte(s)
	for i := range b {
		if i > 0 && b[i-1] == '%' || i > 1 && b[i-2] == '%' {
			b[i] = strings.ToLower(string(b[i]))[0]
		}
	}
	return string(b)
}

// A finder looks for many secrets in all their forms at once.
type finder map[[8]byte][]found

type found struct{ form, secret, channel string }

func (f finder) add(secret, channel string) {
	seen := map[string]bool{}
	for _, form := range formsOf(secret) {
		if !seen[form] {
			seen[form] = true
			k := [8]byte([]byte(form[:8]))
			f[k] = append(f[k], found{form, secret, channel})
		}
	}
}

// in returns the first secret that stands in a text.
func (f finder) in(text string) (found, int, bool) {
	var k [8]byte
	for i := 0; i+8 <= len(text); i++ {
		copy(k[:], text[i:])
		for _, one := range f[k] {
			if strings.HasPrefix(text[i:], one.form) {
				return one, i, true
			}
		}
	}
	return found{}, 0, false
}
