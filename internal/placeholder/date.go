package placeholder

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxMillis is the farthest time from 1970 that JavaScript's Date knows
// (ECMAScript 2025, section 21.4.1.1), in milliseconds.
const maxMillis = 8_640_000_000_000_000

func evalDateformat(c *call) (jsontext.Value, error) {
	at, err := c.date(1)
	if err != nil {
		return nil, err
	}
	pattern, err := c.text(2)
	if err != nil {
		return nil, err
	}
	return quote(formatDate(at, pattern)), nil
}

// date returns argument i, from 1: ISO 8601 text, or milliseconds since 1970.
func (c *call) date(i int) (time.Time, error) {
	if c.args[i-1].Kind() == '0' {
		ms, err := c.integer(i)
		if err != nil {
			return time.Time{}, err
		}
		if ms > maxMillis || ms < -maxMillis {
			return time.Time{}, c.fail(i, "must be milliseconds since 1970, at most %d", int64(maxMillis))
		}
		return time.UnixMilli(int64(ms)).UTC(), nil
	}
	text, err := c.text(i)
	if err != nil {
		return time.Time{}, c.wrongType(i, "a date: ISO 8601 text or milliseconds")
	}
	at, ok := parseDate(strings.TrimSpace(text))
	if !ok {
		return at, c.fail(i, "is no date: write ISO 8601, such as 2024-02-09T15:30:00Z, or milliseconds since 1970")
	}
	return at, nil
}

var (
	days = []string{"2006-01-02", "20060102", "2006-01", "2006"}
	// time.Parse takes fractions of a second without being told.
	clocks = []string{"15:04:05", "15:04", "150405", "1504", "15"}
	zones  = []string{"", "Z07:00", "Z0700", "Z07"}
)

// parseDate reads ISO 8601: a day and, after T or a space, a time with or
// without an offset. Without one it is UTC.
func parseDate(text string) (time.Time, bool) {
	day, clock := text, ""
	if i := strings.IndexAny(text, "Tt "); i >= 0 {
		day, clock = text[:i], text[i+1:]
		if clock == "" {
			return time.Time{}, false
		}
	}
	for _, layout := range days {
		on, err := time.Parse(layout, day)
		if err != nil {
			continue
		}
		if clock == "" {
			return on, true
		}
		return parseClock(on, clock)
	}
	return time.Time{}, false
}

func parseClock(on time.Time, clock string) (time.Time, bool) {
	prefix := on.Format("2006-01-02T")
	clock = strings.ToUpper(clock)
	for _, layout := range clocks {
		for _, zone := range zones {
			if at, err := time.Parse("2006-01-02T"+layout+zone, prefix+clock); err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// datePieces are the pieces of a pattern and Go's layouts for them; of those
// with the same beginning the longer come first.
var datePieces = []struct{ piece, layout string }{
	{"YYYY", "2006"},
	{"YY", "06"},
	{"MMMM", "January"},
	{"MMM", "Jan"},
	{"MM", "01"},
	{"M", "1"},
	{"DD", "02"},
	{"D", "2"},
	{"dddd", "Monday"},
	{"ddd", "Mon"},
	{"HH", "15"},
	{"H", ""},
	{"hh", "03"},
	{"h", "3"},
	{"mm", "04"},
	{"m", "4"},
	{"ss", "05"},
	{"s", "5"},
	{"A", "PM"},
	{"a", "pm"},
}

// formatDate writes at in a pattern. What is no piece stands for itself, and so
// does everything in brackets.
func formatDate(at time.Time, pattern string) string {
	var b strings.Builder
	for pattern != "" {
		if inside, after, ok := bracketed(pattern); ok {
			b.WriteString(inside)
			pattern = after
			continue
		}
		piece := nextPiece(pattern)
		if piece < 0 {
			b.WriteByte(pattern[0])
			pattern = pattern[1:]
			continue
		}
		b.WriteString(formatPiece(at, datePieces[piece].piece, datePieces[piece].layout))
		pattern = pattern[len(datePieces[piece].piece):]
	}
	return b.String()
}

func bracketed(pattern string) (inside, after string, ok bool) {
	if pattern[0] != '[' {
		return "", "", false
	}
	return strings.Cut(pattern[1:], "]")
}

func nextPiece(pattern string) int {
	for i := range datePieces {
		if strings.HasPrefix(pattern, datePieces[i].piece) {
			return i
		}
	}
	return -1
}

func formatPiece(at time.Time, piece, layout string) string {
	if piece == "H" { // Go has no hour of 24 without a leading zero
		return string(integer(at.Hour()))
	}
	return at.Format(layout)
}
