package placeholder

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Eval fills the template and returns a JSON value: that of the placeholder
// when the template is exactly one, else a JSON string. The value may be shared
// and must not be changed. Its error is an *EvalError.
func (t *Template) Eval(r Resolver) (jsontext.Value, error) { return t.eval(nil, r) }

// Eval is Template.Eval within the bounds of the Evaluation.
func (ev *Evaluation) Eval(t *Template, r Resolver) (jsontext.Value, error) { return t.eval(ev, r) }

func (t *Template) eval(ev *Evaluation, r Resolver) (jsontext.Value, error) {
	if t.literal() {
		if t.value == nil {
			return nil, &EvalError{Column: 1, Message: "the text is not valid UTF-8"}
		}
		return t.value, nil
	}
	var few [8]jsontext.Value
	values, size, err := t.fill(few[:0], ev, r)
	if err != nil {
		return nil, err
	}
	if t.Whole() {
		return values[0], nil
	}
	return t.quoted(values, size)
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
func (t *Template) EvalText(r Resolver) (string, error) { return t.evalText(nil, r) }

// EvalText is Template.EvalText within the bounds of the Evaluation.
func (ev *Evaluation) EvalText(t *Template, r Resolver) (string, error) { return t.evalText(ev, r) }

func (t *Template) evalText(ev *Evaluation, r Resolver) (string, error) {
	if text, ok := t.Static(); ok {
		return text, nil
	}
	var few [8]jsontext.Value
	values, size, err := t.fill(few[:0], ev, r)
	if err != nil {
		return "", err
	}
	if t.Whole() && values[0].Kind() == 'n' {
		return "", t.parts[0].node.null()
	}
	var b strings.Builder
	b.Grow(size)
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

// fill evaluates each placeholder, in the order of the parts. The size is about
// how many bytes the whole takes.
func (t *Template) fill(values []jsontext.Value, ev *Evaluation, r Resolver) (_ []jsontext.Value, size int, err error) {
	var e *evaluator
	for i := range t.parts {
		n := t.parts[i].node
		if n == nil {
			values = append(values, nil)
			size += len(t.parts[i].quoted)
			continue
		}
		v, err := n.evaluate(&e, ev, r)
		if err == nil && v.Kind() == 'n' && len(t.parts) > 1 {
			err = n.null()
		}
		if err != nil {
			return nil, size, err
		}
		values = append(values, v)
		if size += len(v); size > maxOutput {
			return nil, size, n.fail("the text grows beyond %d bytes", maxOutput)
		}
	}
	return values, size, nil
}

// evaluate gives the value of a placeholder and counts it. Only functions need
// an evaluator, which is made for the first of them.
func (n *node) evaluate(e **evaluator, ev *Evaluation, r Resolver) (v jsontext.Value, err error) {
	if n.kind == refNode {
		v, err = n.reference(ev, r)
	} else {
		if *e == nil {
			*e = newEvaluator(ev, r)
		}
		v, err = (*e).derive(n)
	}
	if err != nil || ev == nil {
		return v, err
	}
	return v, n.failed(ev.give(len(v)))
}

// reference resolves a reference that stands in no function.
func (n *node) reference(ev *Evaluation, r Resolver) (jsontext.Value, error) {
	if ev != nil {
		if err := ev.spend(1); err != nil {
			return nil, n.failed(err)
		}
	}
	return n.resolve(r)
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

// An evaluator walks over the nodes of one template.
type evaluator struct {
	r   Resolver
	ev  *Evaluation
	own Evaluation // for a template that is filled by itself
}

func newEvaluator(ev *Evaluation, r Resolver) *evaluator {
	e := &evaluator{r: r, ev: ev}
	if ev == nil {
		e.ev = &e.own
	}
	return e
}

func (e *evaluator) step(n *node, cost int) error { return n.failed(e.ev.spend(cost)) }

// derive evaluates a placeholder, and tells who wants to know when it was made
// of secrets.
func (e *evaluator) derive(n *node) (jsontext.Value, error) {
	before := e.ev.secrets
	v, err := e.node(n)
	if err == nil && e.ev.secrets != before && e.ev.Derived != nil {
		e.ev.Derived(v)
	}
	return v, err
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
	if err != nil {
		return nil, err
	}
	if len(v) > maxOutput {
		return nil, c.fail(0, "the result is larger than %d bytes", maxOutput)
	}
	return v, e.step(n, len(v)/stepBytes)
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
