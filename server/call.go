package server

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/decoder"
	"github.com/ductape-go/ductape/internal/nearest"
)

// callFields are the names a call may have. product_tag and action are older
// names of product and event.
var callFields = []string{"env", "product", "product_tag", "app", "event", "action", "input", "cache", "retries", "session", "idempotency_key", "timeout_ms"}

// decodeCall reads a call. The input stays the bytes it was.
func decodeCall(raw []byte) (ductape.Call, error) {
	d := callDecoder{dec: decoder.Of(raw), raw: raw}
	defer d.dec.Free()
	if err := d.object(); err != nil {
		return ductape.Call{}, notACall(err)
	}
	if len(d.problems) > 0 {
		e := ductape.NewError(ductape.CodeInvalidInput, "the call is not valid; nothing was sent")
		e.Problems = d.problems
		return ductape.Call{}, e
	}
	return d.call, nil
}

func badCall(where, message string) error {
	e := ductape.NewError(ductape.CodeInvalidInput, "the request's body is not a call; nothing was sent")
	e.Problems = []ductape.Problem{{Where: where, Message: message}}
	return e.WithHint(`send JSON such as {"env":"dev","product":"my-product","app":"stripe-app","event":"create_customer","input":{"body":{}}}`)
}

// notACall says where in its text a call goes wrong. A name that stands twice is
// the caller's to mend where it stands, and says nothing of the call's shape.
func notACall(err error) error {
	var at *jsontext.SyntacticError
	if !errors.As(err, &at) || at.JSONPointer == "" {
		return badCall("body", err.Error())
	}
	p := ductape.Problem{Where: placeOf(at.JSONPointer), Message: "is not JSON: " + at.Err.Error()}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		p.Message = "is a duplicate: the name stands twice in its object, and readers differ on which one counts"
	}
	e := ductape.NewError(ductape.CodeInvalidInput, "the call is not valid; nothing was sent")
	e.Problems = []ductape.Problem{p}
	return e
}

// placeOf writes a JSON pointer as places in an input are written.
func placeOf(p jsontext.Pointer) string {
	var b strings.Builder
	for name := range p.Tokens() {
		switch _, err := strconv.ParseUint(name, 10, 32); {
		case err == nil:
			b.WriteString("[" + name + "]")
		case b.Len() > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

type callDecoder struct {
	dec      *decoder.Decoder
	raw      []byte
	call     ductape.Call
	problems []ductape.Problem
}

func (d *callDecoder) problem(where, message string) {
	d.problems = append(d.problems, ductape.Problem{Where: where, Message: message})
}

func (d *callDecoder) object() error {
	tok, err := d.dec.ReadToken()
	if err != nil {
		return fmt.Errorf("is not JSON: %w", err)
	}
	if tok.Kind() != '{' {
		return fmt.Errorf("must be a JSON object")
	}
	for d.dec.PeekKind() != '}' {
		name, err := d.dec.ReadValue()
		if err != nil {
			return fmt.Errorf("is not JSON: %w", err)
		}
		field := plainText(name)
		value, err := d.dec.ReadValue()
		if err != nil {
			return fmt.Errorf("is not JSON: %w", err)
		}
		d.field(field, value)
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return fmt.Errorf("is not JSON: %w", err)
	}
	if rest := bytes.TrimSpace(d.raw[d.dec.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("has more after its end")
	}
	return nil
}

func (d *callDecoder) field(name string, value jsontext.Value) {
	if value.Kind() == 'n' {
		return
	}
	switch name {
	case "env":
		d.text(name, value, &d.call.Env)
	case "product", "product_tag":
		d.text(name, value, &d.call.Product)
	case "app":
		d.text(name, value, &d.call.App)
	case "event", "action":
		d.text(name, value, &d.call.Event)
	case "cache":
		d.text(name, value, &d.call.Cache)
	case "idempotency_key":
		d.text(name, value, &d.call.IdempotencyKey)
	case "input":
		end := d.dec.InputOffset()
		d.call.Input = jsontext.Value(d.raw[end-int64(len(value)) : end : end])
	case "session":
		d.session(value)
	case "retries":
		d.call.Retries = int(d.whole(name, value))
	case "timeout_ms":
		d.call.TimeoutMS = d.whole(name, value)
	default:
		message := "is not a field of a call"
		if near := nearest.Nearest(name, callFields, 1); len(near) > 0 {
			message += "; did you mean " + near[0] + "?"
		}
		d.problem(name, message)
	}
}

func (d *callDecoder) text(name string, value jsontext.Value, to *string) {
	if value.Kind() != '"' {
		d.problem(name, "must be a string")
		return
	}
	text := plainText(value)
	if *to != "" && *to != text {
		d.problem(name, "is given twice, with different values")
		return
	}
	*to = text
}

// plainText is what a JSON string that the decoder has read says.
func plainText(value jsontext.Value) string {
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1])
	}
	text, _ := jsontext.AppendUnquote(nil, value)
	return string(text)
}

func (d *callDecoder) whole(name string, value jsontext.Value) int64 {
	n, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 32)
	if err != nil {
		d.problem(name, "must be a whole number")
	}
	return n
}

func (d *callDecoder) session(value jsontext.Value) {
	ref := new(ductape.SessionRef)
	if err := ref.UnmarshalJSON(value); err != nil || ref.Tag == "" || ref.Token == "" {
		d.problem("session", `must be {"tag": …, "token": …} or "tag:token"`)
		return
	}
	d.call.Session = ref
}
