package placeholder

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	maxSteps  = 10_000  // of one evaluation
	maxOutput = 1 << 20 // bytes of any value made on the way, and of the result
	stepBytes = 512     // bytes that a function reads for one step
)

// Eval fills the template and returns a JSON value: that of the placeholder
// when the template is exactly one, else a JSON string. The value may be shared
// and must not be changed. Its error is an *EvalError.
func (t *Template) Eval(r Resolver) (jsontext.Value, error) {
	v, _, err := t.eval(r)
	return v, err
}

// eval also returns how many steps it took.
func (t *Template) eval(r Resolver) (v jsontext.Value, steps int, err error) {
	if t.literal() {
		if t.value == nil {
			return nil, 0, &EvalError{Column: 1, Message: "the text is not valid UTF-8"}
		}
		return t.value, 0, nil
	}
	var few [8]jsontext.Value
	values, filled, err := t.fill(few[:0], r)
	if err != nil {
		return nil, filled.steps, err
	}
	if t.Whole() {
		return values[0], filled.steps, nil
	}
	v, err = t.quoted(values, filled.size)
	return v, filled.steps, err
}

// quoted writes the template's text and values as a JSON string.
func (t *Template) quoted(values []jsontext.Value, size int) (v jsontext.Value, err error) {
	out := append(make([]byte, 0, size+2), '"')
	for i := range t.parts {
		if t.parts[i].node == nil {
			out = append(out, t.parts[i].quoted...)
			continue
		}
		if out, err = appendInside(out, values[i]); err != nil {
			return nil, t.parts[i].node.fail("%v", err)
		}
		if len(out) > maxOutput {
			return nil, t.parts[i].node.fail("the text grows beyond %d bytes", maxOutput)
		}
	}
	return append(out, '"'), nil
}

// EvalText fills the template and returns text, for headers and URLs: strings as
// they are, numbers exactly as written, true and false, objects and arrays as
// compact JSON. null is unresolved. Its error is an *EvalError.
func (t *Template) EvalText(r Resolver) (string, error) {
	if text, ok := t.Static(); ok {
		return text, nil
	}
	var few [8]jsontext.Value
	values, filled, err := t.fill(few[:0], r)
	if err != nil {
		return "", err
	}
	if t.Whole() && values[0].Kind() == 'n' {
		return "", t.parts[0].node.null()
	}
	var b strings.Builder
	b.Grow(filled.size)
	for i := range t.parts {
		if t.parts[i].node == nil {
			b.WriteString(t.parts[i].text)
			continue
		}
		if err := writeText(&b, values[i]); err != nil {
			return "", t.parts[i].node.fail("%v", err)
		}
	}
	return b.String(), nil
}

// filled says what filling took.
type filled struct {
	size  int // about how many bytes the whole takes
	steps int
}

// fill evaluates each placeholder, in the order of the parts.
func (t *Template) fill(values []jsontext.Value, r Resolver) (_ []jsontext.Value, f filled, err error) {
	var e *evaluator
	defer func() {
		if f.steps = len(t.parts); e != nil {
			f.steps += e.steps
		}
	}()
	for i := range t.parts {
		n := t.parts[i].node
		if n == nil {
			values = append(values, nil)
			f.size += len(t.parts[i].quoted)
			continue
		}
		v, err := n.resolveOr(&e, r)
		if err == nil && v.Kind() == 'n' && len(t.parts) > 1 {
			err = n.null()
		}
		if err != nil {
			return nil, f, err
		}
		values = append(values, v)
		if f.size += len(v); f.size > maxOutput {
			return nil, f, n.fail("the text grows beyond %d bytes", maxOutput)
		}
	}
	return values, f, nil
}

// resolveOr resolves a reference at once. Only other nodes need an evaluator,
// which is made for the first of them.
func (n *node) resolveOr(e **evaluator, r Resolver) (jsontext.Value, error) {
	if n.kind == refNode {
		return n.resolve(r)
	}
	if *e == nil {
		*e = &evaluator{r: r}
	}
	return (*e).node(n)
}

func (n *node) resolve(r Resolver) (jsontext.Value, error) {
	v, err := r.Resolve(n.ref)
	if err == nil && len(v) == 0 {
		err = ErrUnresolved
	}
	if err != nil {
		return nil, &EvalError{Ref: n.ref.Text, Column: n.column, Message: err.Error(), Cause: err}
	}
	if len(v) > maxOutput {
		return nil, n.fail("the value is larger than %d bytes", maxOutput)
	}
	return v, nil
}

// An evaluator walks over the nodes of one template and counts its steps.
type evaluator struct {
	r     Resolver
	steps int
}

func (e *evaluator) step(n *node, cost int) error {
	if e.steps += cost; e.steps > maxSteps {
		return n.fail("takes more than %d steps", maxSteps)
	}
	return nil
}

func (e *evaluator) node(n *node) (jsontext.Value, error) {
	if err := e.step(n, 1); err != nil {
		return nil, err
	}
	switch n.kind {
	case refNode:
		return n.resolve(e.r)
	case callNode:
		return e.call(n)
	case arrayNode, objectNode:
		return e.members(n)
	}
	return n.literal, nil
}

func (e *evaluator) members(n *node) (jsontext.Value, error) {
	open, end := byte('['), byte(']')
	if n.kind == objectNode {
		open, end = '{', '}'
	}
	out := []byte{open}
	for i := range n.args {
		if i > 0 {
			out = append(out, ',')
		}
		if n.kind == objectNode {
			out = append(append(out, n.keys[i]...), ':')
		}
		v, err := e.node(&n.args[i])
		if err != nil {
			return nil, err
		}
		if out = append(out, v...); len(out) > maxOutput {
			return nil, n.fail("the value grows beyond %d bytes", maxOutput)
		}
	}
	return append(out, end), nil
}

func (e *evaluator) call(n *node) (jsontext.Value, error) {
	if n.fn.lazy != nil {
		return n.fn.lazy(e, n)
	}
	c := &call{e: e, n: n, args: make([]jsontext.Value, len(n.args))}
	for i := range n.args {
		v, err := e.node(&n.args[i])
		if err != nil {
			return nil, err
		}
		if err := e.step(n, len(v)/stepBytes); err != nil {
			return nil, err
		}
		c.args[i] = v
	}
	v, err := n.fn.eval(c)
	if err == nil && len(v) > maxOutput {
		return nil, c.fail(0, "the result is larger than %d bytes", maxOutput)
	}
	return v, err
}

// evalDefault takes the other value where the first is null or unresolved.
func evalDefault(e *evaluator, n *node) (jsontext.Value, error) {
	v, err := e.node(&n.args[0])
	if errors.Is(err, ErrUnresolved) || err == nil && v.Kind() == 'n' {
		return e.node(&n.args[1])
	}
	return v, err
}

// appendInside appends v to the inside of a JSON string.
func appendInside(out []byte, v jsontext.Value) ([]byte, error) {
	switch v.Kind() {
	case '"':
		return append(out, v[1:len(v)-1]...), nil
	case '{', '[':
		text, err := compact(v)
		if err != nil {
			return nil, err
		}
		q := quote(string(text))
		return append(out, q[1:len(q)-1]...), nil
	}
	return append(out, v...), nil
}

func writeText(b *strings.Builder, v jsontext.Value) error {
	switch v.Kind() {
	case '"':
		if bytes.IndexByte(v, '\\') < 0 {
			b.Write(v[1 : len(v)-1])
			return nil
		}
		text, err := jsontext.AppendUnquote(nil, v)
		b.Write(text)
		return err
	case '{', '[':
		text, err := compact(v)
		b.Write(text)
		return err
	}
	b.Write(v)
	return nil
}
