package placeholder

import (
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// onText makes a function of one that takes text and gives text.
func onText(f func(string) string) func(c *call) (jsontext.Value, error) {
	return func(c *call) (jsontext.Value, error) {
		text, err := c.text(1)
		if err != nil {
			return nil, err
		}
		return quote(f(text)), nil
	}
}

func evalConcat(c *call) (jsontext.Value, error) {
	items, err := c.array(1)
	if err != nil {
		return nil, err
	}
	return c.joined(items)
}

// joined writes items as one text with argument 2 between them.
func (c *call) joined(items []jsontext.Value) (jsontext.Value, error) {
	sep, err := c.text(2)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		switch item.Kind() {
		case '"', '0':
		default:
			return nil, c.fail(1, "member %d must be text or a number, is %s", i, typeName(item))
		}
		if err := writeText(&b, item); err != nil {
			return nil, c.fail(1, "member %d is no valid text", i)
		}
		if b.Len() > maxOutput {
			return nil, c.fail(0, "the result is larger than %d bytes", maxOutput)
		}
	}
	return quote(b.String()), nil
}

// evalSubstring counts code points. Negative positions count from the end, and
// those outside the text mean its beginning or its end.
func evalSubstring(c *call) (jsontext.Value, error) {
	text, err := c.text(1)
	if err != nil {
		return nil, err
	}
	runes := []rune(text)
	from, err := c.integer(2)
	if err != nil {
		return nil, err
	}
	to := len(runes)
	if len(c.args) == 3 {
		if to, err = c.integer(3); err != nil {
			return nil, err
		}
	}
	from, to = position(from, len(runes)), position(to, len(runes))
	return quote(string(runes[from:max(from, to)])), nil
}

func position(i, length int) int {
	if i < 0 {
		i += length
	}
	return min(max(i, 0), length)
}

func evalReplace(c *call) (jsontext.Value, error) {
	text, err := c.text(1)
	if err != nil {
		return nil, err
	}
	find, err := c.text(2)
	if err != nil {
		return nil, err
	}
	with, err := c.text(3)
	if err != nil {
		return nil, err
	}
	if find == "" {
		return nil, c.fail(2, "must not be empty")
	}
	if len(text)+strings.Count(text, find)*(len(with)-len(find)) > maxOutput {
		return nil, c.fail(0, "the result is larger than %d bytes", maxOutput)
	}
	return quote(strings.ReplaceAll(text, find, with)), nil
}

// evalSplit takes the text apart; at every character when the separator is empty.
func evalSplit(c *call) (jsontext.Value, error) {
	text, err := c.text(1)
	if err != nil {
		return nil, err
	}
	sep, err := c.text(2)
	if err != nil {
		return nil, err
	}
	pieces := strings.Split(text, sep)
	if err := c.e.step(c.n, len(pieces)); err != nil {
		return nil, err
	}
	quoted := make([]jsontext.Value, len(pieces))
	for i, piece := range pieces {
		quoted[i] = quote(piece)
	}
	return array(quoted), nil
}

// evalPick takes a member of an array or a character of text.
func evalPick(c *call) (jsontext.Value, error) {
	i, err := c.integer(2)
	if err != nil {
		return nil, err
	}
	switch c.args[0].Kind() {
	case '[':
		items, err := c.array(1)
		if err != nil {
			return nil, err
		}
		if i < 0 || i >= len(items) {
			return nil, c.fail(2, "%d is out of range: there are %s", i, plural(len(items), "member"))
		}
		return items[i], nil
	case '"':
		text, err := c.text(1)
		if err != nil {
			return nil, err
		}
		if i < 0 || i >= utf8.RuneCountInString(text) {
			return nil, c.fail(2, "%d is out of range: there are %s", i, plural(utf8.RuneCountInString(text), "character"))
		}
		return quote(string([]rune(text)[i])), nil
	}
	return nil, c.wrongType(1, "text or an array")
}
