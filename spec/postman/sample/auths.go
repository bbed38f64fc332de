package sample

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
)

// Auths collects the auths of an App. Equal ones share an entry; the zero value
// is empty and ready.
type Auths struct {
	List  []ductape.Auth
	uses  []string         // per entry: the variables its secret comes from
	alike map[string][]int // :: shape -> entries that differ in their variables only
	taken map[string]int   // :: tag -> the last number put to it
}

// Add returns the tag of the auth that equals a, adding it if there is none.
// uses names the variables its secret comes from; empty when it was a literal
// or missing, which equals any. attributes ("region: eu-west-1") are what else
// sets it apart. a.Tag is ignored.
func (s *Auths) Add(a ductape.Auth, uses []string, attributes ...string) string {
	used := strings.Join(uses, ", ")
	shape := shapeOf(a) + strings.Join(attributes, "\n")
	for _, i := range s.alike[shape] {
		if used != "" && s.uses[i] != "" && used != s.uses[i] {
			continue
		}
		if s.uses[i] == "" && used != "" {
			s.uses[i], s.List[i].Description = used, a.Description
		}
		return s.List[i].Tag
	}
	if s.alike == nil {
		s.alike, s.taken = map[string][]int{}, map[string]int{}
	}
	a.Tag = s.free(a, uses, attributes)
	s.taken[a.Tag] = 1
	s.alike[shape] = append(s.alike[shape], len(s.List))
	s.List = append(s.List, a)
	s.uses = append(s.uses, used)
	return a.Tag
}

// shapeOf spells what makes two auths the same way in.
func shapeOf(a ductape.Auth) string {
	name := a.Name
	if a.In == ductape.InHeader {
		name = strings.ToLower(name)
	}
	return fmt.Sprintf("%q %q %q %q %q %+q", a.Type, name, a.In, a.Prefix, a.OpenIDURL, a.Flows)
}

// free names an auth after its type, then also after its header, its own name
// in the description, the variable it uses or an attribute.
func (s *Auths) free(a ductape.Auth, uses, attributes []string) string {
	tags := []string{string(a.Type)}
	if a.Name == "Cookie" {
		tags = []string{"cookie"}
	}
	if a.Name != "" && a.Type == ductape.AuthAPIKey {
		tags = append(tags, "api_key_"+naming.Snake(a.Name))
	}
	if !strings.HasPrefix(a.Scheme, strings.ReplaceAll(tags[0], "_", "")) {
		tags = append(tags, naming.Snake(a.Scheme))
	}
	words := attributeWords(attributes)
	if len(uses) > 0 && slices.Contains(s.uses, strings.Join(uses, ", ")) {
		words = append(words, uses[0])
	} else if len(uses) > 0 {
		words = append([]string{uses[0]}, words...)
	}
	for _, w := range words {
		tags = append(tags, tags[0]+"_"+naming.Snake(w))
	}
	for _, t := range tags {
		if t != "" && s.taken[t] == 0 {
			return t
		}
	}
	for {
		s.taken[tags[0]]++
		if t := tags[0] + "_" + strconv.Itoa(s.taken[tags[0]]); s.taken[t] == 0 {
			return t
		}
	}
}

// attributeWords lists the values of attributes that can be part of a name.
func attributeWords(attributes []string) []string {
	var words []string
	for _, attribute := range attributes {
		_, value, _ := strings.Cut(attribute, ": ")
		if value != "true" && value != "false" && len(value) <= 40 && naming.Snake(value) != "" {
			words = append(words, value)
		}
	}
	return words
}

// HeaderAuth returns the auth that a credential in a header is, and the
// credential's text without its prefix.
func HeaderAuth(name, value string) (ductape.Auth, string) {
	if strings.EqualFold(name, "Cookie") {
		return ductape.Auth{Type: ductape.AuthAPIKey, Name: "Cookie", In: ductape.InHeader}, value
	}
	if !strings.EqualFold(name, "Authorization") {
		return ductape.Auth{Type: ductape.AuthAPIKey, Name: name, In: ductape.InHeader}, value
	}
	scheme, rest, spaced := strings.Cut(strings.TrimSpace(value), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(scheme) {
	case "bearer":
		return ductape.Auth{Type: ductape.AuthBearer}, rest
	case "basic":
		return ductape.Auth{Type: ductape.AuthBasic}, rest
	case "digest":
		return ductape.Auth{Type: ductape.AuthDigest}, rest
	case "aws4-hmac-sha256":
		return ductape.Auth{Type: ductape.AuthAWS}, rest
	}
	a := ductape.Auth{Type: ductape.AuthAPIKey, Name: "Authorization", In: ductape.InHeader}
	if spaced && isWord(scheme) {
		a.Prefix = scheme + " "
		return a, rest
	}
	return a, value
}

// isWord tells a scheme such as Token from the beginning of a credential.
func isWord(s string) bool {
	return len(s) <= 24 && !strings.ContainsFunc(s, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' && r != '-' })
}
