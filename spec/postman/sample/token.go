package sample

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	uuid    = regexp.MustCompile(`^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	longHex = regexp.MustCompile(`^[0-9a-fA-F]{20,}$`)
	chunk   = regexp.MustCompile(`[0-9A-Za-z]+`)
	email   = regexp.MustCompile(`^[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}$`)
)

// maxToken bounds how much of a text is looked at closely.
const maxToken = 1 << 12

// IsToken reports whether text has the look of a credential: the shape of a
// well-known one, or a long piece of it in which digits, capitals and small
// letters follow each other as chance has it (hex, base32, base62, base64). A
// UUID, a date, a version or words joined by hyphens have not.
func IsToken(text string) bool {
	if len(text) < 16 {
		return false
	}
	if secretText.MatchString(text) {
		return true
	}
	text = text[:min(len(text), maxToken)]
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`"',;()<>&`, r) }) {
		if !IsUUID(word) && !strings.Contains(word, "://") && isRandom(word) {
			return true
		}
	}
	return false
}

// HoldsSecret reports whether a text holds a well-known credential, or is an
// address that opens the way by a token in its path.
func HoldsSecret(text string) bool {
	if _, found := Scrub(text); found {
		return true
	}
	_, tokens := CutTokens(text)
	return len(tokens) > 0 && strings.Contains(text, "://")
}

// IsUUID reports whether text is a UUID (RFC 9562), which tells one of many
// from the others and opens nothing.
func IsUUID(text string) bool { return uuid.MatchString(text) }

func isEmail(text string) bool { return email.MatchString(strings.TrimSpace(text)) }

func isRandom(word string) bool {
	whole := strings.Join(chunk.FindAllString(word, -1), "")
	if len(whole) >= 32 && len(whole)*5 >= len(word)*4 && changes(whole)*3 >= len(whole) {
		return true
	}
	return slices.ContainsFunc(chunk.FindAllString(word, -1), isRandomChunk)
}

// isRandomChunk looks at letters and digits that stand together. Where words
// stand together, their kinds change seldom: at a capital, or before a number.
func isRandomChunk(s string) bool {
	if len(s) < 16 {
		return false
	}
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, s), "0")
	switch n := changes(s); {
	case digits == len(s):
		return false
	case longHex.MatchString(s):
		return n*6 >= len(s)
	case digits >= 3:
		return n*4 >= len(s)
	default:
		return n*3 >= len(s)
	}
}

// changes counts where one kind of character follows another, but for a capital
// that begins a word.
func changes(s string) int {
	kind := func(c byte) int {
		switch {
		case c >= '0' && c <= '9':
			return 0
		case c >= 'A' && c <= 'Z':
			return 1
		}
		return 2
	}
	n := 0
	for i := 1; i < len(s); i++ {
		if from, to := kind(s[i-1]), kind(s[i]); from != to && (from != 1 || to != 2) {
			n++
		}
	}
	return n
}

var (
	botToken  = regexp.MustCompile(`^(bot)([0-9]{3,}(?::|%3[Aa]).+)$`) // Telegram: /bot<token>/method
	parameter = regexp.MustCompile(`\{[^{}]*\}`)
	opaque    = regexp.MustCompile(`^[0-9A-Za-z_~.-]{7,}$`)
)

// hooks are segments of paths behind which a segment is what opens the way.
var hooks = []string{"hook", "hooks", "webhook", "webhooks", "services", "token", "tokens", "secret", "secrets", "key", "keys", "invite", "reset", "verify", "confirm", "activate", "magic", "unsubscribe", "catch"}

// A Path finds the credentials in the segments of one path, which it is given in
// order. The zero value is before the first.
type Path struct{ hooked bool }

// Cut divides a segment that holds a credential: what stands before it, and
// whether there is one.
func (p *Path) Cut(segment string) (lead string, found bool) {
	hooked := p.hooked
	p.hooked = hooked || slices.Contains(hooks, strings.ToLower(segment))
	plain := segment
	if s, err := url.PathUnescape(segment); err == nil {
		plain = s
	}
	if m := botToken.FindStringSubmatch(segment); m != nil {
		return m[1], true
	}
	if IsToken(plain) {
		return "", true
	}
	return "", hooked && (IsUUID(plain) || isOpaque(plain))
}

// isOpaque tells what no person wrote: letters and digits together, or a long
// row of capitals.
func isOpaque(s string) bool {
	letters := strings.ContainsFunc(s, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' })
	digits := strings.ContainsFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
	return opaque.MatchString(s) && letters && (digits || len(s) >= 16 && strings.ToUpper(s) == s)
}

// CutTokens makes parameters of the segments of a path template that hold a
// credential, and returns their names: token, token_2.
func CutTokens(template string) (path string, names []string) {
	segments := strings.Split(template, "/")
	taken := map[string]bool{}
	for _, m := range parameter.FindAllString(template, -1) {
		taken[strings.Trim(m, "{}")] = true
	}
	var p Path
	n := 0 // the last number put to a name
	for i, s := range segments {
		if strings.ContainsAny(s, "{}") {
			continue
		}
		lead, found := p.Cut(s)
		if !found {
			continue
		}
		name := numbered(&n)
		for taken[name] {
			name = numbered(&n)
		}
		names = append(names, name)
		segments[i] = lead + "{" + name + "}"
	}
	return strings.Join(segments, "/"), names
}

// numbered returns the next of token, token_2, token_3.
func numbered(n *int) string {
	if *n++; *n > 1 {
		return "token_" + strconv.Itoa(*n)
	}
	return "token"
}
