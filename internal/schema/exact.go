package schema

import (
	"math/big"
	"strconv"
	"strings"
)

// What a number may need at most: more is not worked with, as 1e1000000000 would
// take all memory.
const (
	maxDigits   = 1000
	maxExponent = 400
)

// exact returns a JSON number as it is, and false when it is too long to work
// with.
func exact(text string) (*big.Rat, bool) {
	if !tractable(text) {
		return nil, false
	}
	return new(big.Rat).SetString(strings.TrimSpace(text))
}

func tractable(text string) bool {
	if len(text) > maxDigits {
		return false
	}
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return true
	}
	exponent, err := strconv.Atoi(strings.TrimSpace(text[at+1:]))
	return err == nil && exponent <= maxExponent && exponent >= -maxExponent
}

// numberText writes a number without loss, as far as decimals go.
func numberText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(30), "0")
}
