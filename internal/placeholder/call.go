package placeholder

import (
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A call is one evaluation of a function, with its arguments evaluated.
type call struct {
	e    *evaluator
	n    *node
	args []jsontext.Value
}

// fail returns an error about argument i, from 1; 0 for none in particular.
func (c *call) fail(i int, format string, args ...any) error {
	column := c.n.column
	if i > 0 {
		column = c.n.args[i-1].column
	}
	return &EvalError{Function: c.n.fn.name, Argument: i, Column: column, Message: fmt.Sprintf(format, args...)}
}

func (n *node) fail(format string, args ...any) error {
	e := &EvalError{Column: n.column, Message: fmt.Sprintf(format, args...)}
	switch n.kind {
	case refNode:
		e.Ref = n.ref.Text
	case callNode:
		e.Function = n.fn.name
	}
	return e
}

// failed gives an error of an Evaluation its place.
func (n *node) failed(err error) error {
	if err == nil {
		return nil
	}
	e := n.fail("%v", err).(*EvalError)
	e.Cause = err
	return e
}

// null is the error of a null that would have to be text.
func (n *node) null() error {
	err := n.fail("is null, which is no text; $Default(..., other) says what to use then").(*EvalError)
	err.Cause = ErrUnresolved
	return err
}

func (c *call) wrongType(i int, want string) error {
	return c.fail(i, "must be %s, is %s", want, typeName(c.args[i-1]))
}

func typeName(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		return "text"
	case '0':
		return "a number"
	case '[':
		return "an array"
	case '{':
		return "an object"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "not a value"
}

// text returns argument i, from 1, which must be text.
func (c *call) text(i int) (string, error) {
	v := c.args[i-1]
	if v.Kind() != '"' {
		return "", c.wrongType(i, "text")
	}
	text, err := unquote(v)
	if err != nil {
		return "", c.fail(i, "is no valid text")
	}
	return text, nil
}

// array returns the members of argument i, from 1, which must be an array.
func (c *call) array(i int) ([]jsontext.Value, error) {
	if c.args[i-1].Kind() != '[' {
		return nil, c.wrongType(i, "an array")
	}
	items, err := members(c.args[i-1])
	if err != nil {
		return nil, c.fail(i, "is no valid array")
	}
	return items, c.e.step(c.n, len(items))
}

func evalSize(c *call) (jsontext.Value, error) {
	if c.args[0].Kind() != '{' {
		return nil, c.wrongType(1, "an object")
	}
	items, err := members(c.args[0])
	if err != nil {
		return nil, c.fail(1, "is no valid object")
	}
	return integer(len(items) / 2), nil
}

func evalLength(c *call) (jsontext.Value, error) {
	switch c.args[0].Kind() {
	case '[':
		items, err := c.array(1)
		return integer(len(items)), err
	case '"':
		text, err := c.text(1)
		return integer(utf8.RuneCountInString(text)), err
	}
	return nil, c.wrongType(1, "an array or text")
}
