package sample

import (
	"cmp"
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
	from  []origin         // per entry of List
	alike map[string][]int // :: shape -> entries that differ in their variables only
	taken map[string]int   // :: tag -> the last number put to it
}

// An origin is what else is known of an auth: the variables its secret comes
// from, and attributes that no field holds.
type origin struct{ uses, attributes []string }

func (o origin) used() string { return strings.Join(o.uses, ", ") }

// Add returns the tag of the auth that equals a, adding it if there is none.
// uses names the variables its secret comes from; empty when it was a literal
// or missing, which equals any. attributes ("region: eu-west-1") are what else
// sets it apart. a.Tag is ignored.
func (s *Auths) Add(a ductape.Auth, uses []string, attributes ...string) string {
	o := origin{uses, attributes}
	shape := shapeOf(a) + strings.Join(attributes, "\n")
	for _, i := range s.alike[shape] {
		used := s.from[i].used()
		if len(uses) > 0 && used != "" && used != o.used() {
			continue
		}
		if used == "" && len(uses) > 0 {
			s.from[i].uses, s.List[i].Description = uses, a.Description
		}
		return s.List[i].Tag
	}
	if s.alike == nil {
		s.alike = map[string][]int{}
	}
	s.alike[shape] = append(s.alike[shape], len(s.List))
	return s.append(a, o)
}

func (s *Auths) append(a ductape.Auth, o origin) string {
	if s.taken == nil {
		s.taken = map[string]int{}
	}
	a.Tag = s.free(a, o)
	s.taken[a.Tag] = 1
	s.List, s.from = append(s.List, a), append(s.from, o)
	return a.Tag
}

// Settle names the auths anew, those first that most of the actions need, so that
// no name depends on the order of the requests: what a connection holds for a tag
// must not go another way after the next import.
func (s *Auths) Settle(actions []ductape.Action) {
	needed := map[string]int{} // :: tag -> how often
	for i := range actions {
		for _, alternative := range actions[i].Security {
			for _, n := range alternative {
				needed[n.Auth]++
			}
		}
	}
	order := make([]int, len(s.List))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := s.List[i], s.List[j]
		return cmp.Or(needed[b.Tag]-needed[a.Tag], strings.Compare(shapeOf(a), shapeOf(b)),
			strings.Compare(s.from[i].used(), s.from[j].used()), slices.Compare(s.from[i].attributes, s.from[j].attributes))
	})
	var anew Auths
	tags := map[string]string{} // :: tag -> the new one
	for _, i := range order {
		tags[s.List[i].Tag] = anew.append(s.List[i], s.from[i])
	}
	for i := range s.List {
		s.List[i].Tag = tags[s.List[i].Tag]
	}
	for i := range actions {
		for _, alternative := range actions[i].Security {
			for k := range alternative {
				alternative[k].Auth = tags[alternative[k].Auth]
			}
		}
	}
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
func (s *Auths) free(a ductape.Auth, o origin) string {
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
	words := attributeWords(o.attributes)
	if len(o.uses) > 0 && slices.ContainsFunc(s.from, func(other origin) bool { return other.used() == o.used() }) {
		words = append(words, o.uses[0])
	} else if len(o.uses) > 0 {
		words = append([]string{o.uses[0]}, words...)
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
