package schema

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText bounds a string that is made, in characters.
const maxText = 20_000

// stringOf makes a text: of its format, its pattern, and its length.
func (m *maker) stringOf(sh *shape, variant int) string {
	if text := formatText(sh.formatName(), variant); text != "" && sh.lengthFits(text) && m.matches(sh, text) {
		return text
	}
	for _, pattern := range sh.patterns {
		m.steps += 1 + (len(pattern)+sh.minLength)/costly
		if m.spent() {
			break
		}
		if text, ok := generate(pattern, sh.minLength, sh.maxLength, variant); ok && m.matches(sh, text) {
			return text
		}
	}
	return sh.plainText(variant)
}

func (sh *shape) formatName() string {
	if sh.format == "" && sh.contentEncoding == "base64" {
		return "byte"
	}
	return sh.format
}

func (m *maker) matches(sh *shape, text string) bool {
	for _, p := range sh.patterns {
		if !m.set.pattern(p).MatchString(text) {
			return false
		}
	}
	return true
}

func (sh *shape) lengthFits(text string) bool {
	n := utf8.RuneCountInString(text)
	return n >= sh.minLength && (sh.maxLength < 0 || n <= sh.maxLength)
}

// plainText is the word string, as long as it has to be.
func (sh *shape) plainText(variant int) string {
	text := "string"
	if variant > 0 {
		number := strconv.Itoa(variant)
		if sh.maxLength >= 0 && len(text)+len(number) > sh.maxLength {
			text = text[:max(0, min(len(text), sh.maxLength-len(number)))]
		}
		text += number
	}
	if short := sh.minLength - len(text); short > 0 {
		text += strings.Repeat("x", min(short, maxText))
	}
	if sh.maxLength >= 0 && len(text) > sh.maxLength {
		text = text[:sh.maxLength]
	}
	return text
}

// formatText is an example of a format, empty for one that is not known.
// Addresses and names are those set apart for examples (RFC 2606, 5737, 3849).
func formatText(format string, variant int) string {
	i := variant % 60
	switch format {
	case "date-time":
		return fmt.Sprintf("2024-01-15T09:30:%02dZ", i)
	case "date":
		return fmt.Sprintf("2024-01-%02d", 1+(14+variant)%28)
	case "time":
		return fmt.Sprintf("09:30:%02dZ", i)
	case "duration":
		return fmt.Sprintf("P%dD", variant+1)
	case "uuid", "guid":
		return fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012x", 0x70867728950e+variant)
	case "email", "idn-email":
		return numbered("jane", variant, "@example.com")
	case "uri", "url", "iri":
		return numbered("https://example.com/", variant, "")
	case "uri-reference", "iri-reference", "uri-template":
		return numbered("/example", variant, "")
	case "hostname", "idn-hostname":
		return numbered("host", variant, ".example.com")
	}
	return otherFormatText(format, variant)
}

func otherFormatText(format string, variant int) string {
	i := variant % 200
	switch format {
	case "ipv4", "ip":
		return fmt.Sprintf("192.0.2.%d", i+1)
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", variant+1)
	case "cidr":
		return fmt.Sprintf("192.0.2.%d/32", i+1)
	case "byte", "base64", "base64url":
		return []string{"ZXhhbXBsZQ==", "c2FtcGxl", "dmFsdWU=", "dGV4dA=="}[variant%4]
	case "json-pointer":
		return numbered("/example", variant, "")
	case "relative-json-pointer":
		return strconv.Itoa(variant)
	case "regex":
		return numbered("[a-z]", variant, "")
	case "int32", "int64", "integer", "number", "decimal", "double", "float", "money", "unix-time", "timestamp":
		return strconv.Itoa(variant + 1)
	}
	return ""
}

func numbered(before string, i int, after string) string {
	if i == 0 {
		return before + after
	}
	return before + strconv.Itoa(i) + after
}
