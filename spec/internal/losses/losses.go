// Package losses collects the warnings of one description, so that what it
// cannot carry over takes little memory however much that is. Start with
// List.Add. A warning is never dropped in silence: what is beyond the bounds is
// counted, and List.Warnings says so.
package losses

import (
	"hash/maphash"
	"strconv"
	"unicode/utf8"

	"github.com/ductape-go/ductape"
)

// The bounds of one description's warnings, in bytes but for maxOfCode.
const (
	MaxWhere   = 300
	maxMessage = 1000
	maxOfCode  = 5000
	maxBytes   = 1 << 20
)

// A List is the warnings of one description. The zero value is ready.
type List struct {
	kept  []ductape.Warning
	codes []string       // that have more than is kept, in order of appearance
	more  map[string]int // :: code -> warnings that are not kept
	count map[string]int // :: code -> warnings that are
	bytes int
	seed  maphash.Seed
	seen  map[uint64]bool
}

// Add adds a warning, unless it is there.
func (l *List) Add(code, where, message string) {
	l.AddAt(code, where, func() string { return where }, message)
}

// AddAt is Add for a place that is costly to write: id tells it from others.
func (l *List) AddAt(code, id string, where func() string, message string) {
	if !l.First(code, id, message) {
		return
	}
	if l.count[code] >= maxOfCode || l.bytes >= maxBytes {
		l.skip(code)
		return
	}
	w := ductape.Warning{Code: code, Where: Clip(where(), MaxWhere), Message: Clip(message, maxMessage)}
	l.count[code]++
	l.bytes += len(w.Where) + len(w.Message)
	l.kept = append(l.kept, w)
}

// First reports whether nothing with these words was asked about, or added,
// before.
func (l *List) First(words ...string) bool {
	if l.seen == nil {
		l.seed, l.seen = maphash.MakeSeed(), map[uint64]bool{}
		l.count, l.more = map[string]int{}, map[string]int{}
	}
	var h maphash.Hash
	h.SetSeed(l.seed)
	for _, word := range words {
		_, _ = h.WriteString(word) // never fails
		_ = h.WriteByte(0)
	}
	sum := h.Sum64()
	known := l.seen[sum]
	l.seen[sum] = true
	return !known
}

func (l *List) skip(code string) {
	if l.more[code] == 0 {
		l.codes = append(l.codes, code)
	}
	l.more[code]++
}

// Warnings returns what was added and, of each code that there was no room for,
// how many more there are.
func (l *List) Warnings() []ductape.Warning {
	all := l.kept
	for _, code := range l.codes {
		all = append(all[:len(all):len(all)], ductape.Warning{Code: code, Message: "and " + strconv.Itoa(l.more[code]) + " more"})
	}
	return all
}

// Clip returns at most size bytes of a text, and … for the rest. It cuts between
// characters, and what it returns holds no longer text in memory.
func Clip(text string, size int) string {
	if len(text) <= size {
		return text
	}
	end := size
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
