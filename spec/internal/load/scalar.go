package load

import (
	"math/big"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

func validUTF8(b []byte) bool { return utf8.Valid(b) }

// scalar writes a scalar as YAML 1.2's core schema reads it (YAML 1.2.2, section
// 10.3.2), numbers with the text they have. What JSON cannot write as a number
// (leading zeros, infinities) stays text.
func (c *converter) scalar(n *yaml.Node) {
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || n.Style&yaml.TaggedStyle != 0 && n.ShortTag() == "!!str" {
		c.quote(n.Value)
		return
	}
	switch v := n.Value; v {
	case "", "~", "null", "Null", "NULL":
		c.out = append(c.out, "null"...)
	case "true", "True", "TRUE":
		c.out = append(c.out, "true"...)
	case "false", "False", "FALSE":
		c.out = append(c.out, "false"...)
	default:
		if number := jsonNumber(v); number != "" {
			c.out = append(c.out, number...)
			return
		}
		c.quote(v)
	}
}

// jsonNumber returns the JSON text of a YAML number, or "" for other text.
func jsonNumber(v string) string {
	if c := v[0]; c != '-' && c != '+' && c != '.' && (c < '0' || c > '9') {
		return ""
	}
	if isJSONNumber(v) {
		return v
	}
	if strings.HasPrefix(v, "0x") || strings.HasPrefix(v, "0o") {
		if n, ok := new(big.Int).SetString(v, 0); ok && len(v) <= 40 && !strings.Contains(v, "_") {
			return n.String()
		}
		return ""
	}
	// "+1", ".5", "-.5" and "1." lack only what JSON insists on
	sign, rest := "", v
	if rest[0] == '+' || rest[0] == '-' {
		sign, rest = strings.TrimPrefix(rest[:1], "+"), rest[1:]
	}
	if strings.HasPrefix(rest, ".") && rest != "." {
		rest = "0" + rest
	} else if strings.HasSuffix(rest, ".") {
		rest += "0"
	}
	if rest != "" && isJSONNumber(sign+rest) {
		return sign + rest
	}
	return ""
}

func isJSONNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole := leadingDigits(s)
	if whole == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	s = s[whole:]
	if strings.HasPrefix(s, ".") {
		digits := leadingDigits(s[1:])
		if digits == 0 {
			return false
		}
		s = s[1+digits:]
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		s = s[1:]
		if s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		digits := leadingDigits(s)
		return digits > 0 && digits == len(s)
	}
	return s == ""
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
