package openapi

import (
	"regexp/syntax"

	"github.com/ductape-go/ductape/spec/internal/tree"
)

// checkPattern reports a pattern that cannot be compiled here: descriptions
// write ECMA-262, which has more than RE2.
func (r *reader) checkPattern(n tree.Node) { r.checkExpression(n.Text(), n) }

// checkNames does that for the names of patternProperties, which are patterns.
func (r *reader) checkNames(properties tree.Node) {
	for schema := range properties.Members() {
		r.checkExpression(schema.Key(), schema)
	}
}

func (r *reader) checkExpression(text string, n tree.Node) {
	ok, known := r.patterns[text]
	if !known {
		_, err := syntax.Parse(text, syntax.Perl)
		ok = err == nil
		r.patterns[text] = ok
	}
	if !ok {
		r.warn("pattern_unsupported", n, "the pattern "+shorten(text)+" cannot be compiled and is not enforced")
	}
}

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= 80 {
		return text
	}
	return string(runes[:80]) + "..."
}
