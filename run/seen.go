package run

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// see adds a text to those that must not show.
func (one *run) see(text string) {
	if _, known := one.known[text]; known || text == "" {
		return
	}
	if one.known == nil {
		one.known = map[string]struct{}{}
	}
	one.known[text] = struct{}{}
	one.short = one.short || len(text) < secret.MinLength
	one.opened = append(one.opened, secret.New(text))
}

// remember adds a value that was made of secrets: its text, and that of every
// member it has.
func (one *run) remember(v jsontext.Value) {
	if v.Kind() == '{' || v.Kind() == '[' {
		one.see(string(v))
	}
	dec := jsontext.NewDecoder(bytes.NewReader(v), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		within, n := dec.StackIndex(dec.StackDepth())
		tok, err := dec.ReadToken()
		if err != nil { // the end
			return
		}
		isName := within == '{' && n%2 == 0
		if (tok.Kind() == '"' || tok.Kind() == '0') && !isName {
			one.see(tok.String())
		}
	}
}

// filled is told of a whole text in which a secret stands. It remembers the text
// where the secret is too short to be told in it, and where it is base64 the text
// that it stands for, since a file may be given so.
func (one *run) filled(where string, v jsontext.Value) {
	one.secretAt = append(one.secretAt, stepsOf(where))
	if one.short {
		one.remember(v)
	}
	if v.Kind() != '"' {
		return
	}
	text, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return
	}
	plain := strings.TrimRight(fileLetters.Replace(string(text)), "=")
	if decoded, err := base64.RawStdEncoding.DecodeString(plain); err == nil && utf8.Valid(decoded) {
		one.see(string(decoded))
	}
}

// fileLetters brings both alphabets of base64 to one, as the base64 of a file
// is read.
var fileLetters = strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "")

// seeSegments remembers the parts of a URL that its template does not spell: a
// secret too short to be told in them may be there.
func (one *run) seeSegments(text, template string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("/?&=.:@", r) }) {
		if !strings.Contains(template, part) {
			one.see(part)
		}
	}
}

// discreet takes out of problems what they tell of a text that a secret was filled
// into: how long it is, or what it nearly is. The problems become its own.
func (one *run) discreet(problems []ductape.Problem) []ductape.Problem {
	for i := range problems {
		p := &problems[i]
		at := stepsOf(p.Where)
		for _, place := range one.secretAt {
			switch {
			case beginsWith(at, place):
				p.Message = untold
			case beginsWith(place, at):
				p.Message, _, _ = strings.Cut(p.Message, "; nearest: ")
			}
		}
	}
	return problems
}

const untold = "is not what its schema asks for; of a text with a secret in it no more is told"

// stepsOf takes a place apart, however its names are quoted.
func stepsOf(place string) []string {
	return strings.FieldsFunc(place, func(r rune) bool { return strings.ContainsRune(`.[]"\ `, r) })
}

func beginsWith(place, outer []string) bool {
	return len(place) >= len(outer) && slices.Equal(place[:len(outer)], outer)
}
