package placeholder

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const maxFaults = 100 // of one document that are reported

// HasRefs reports whether a JSON document could hold a placeholder. False means
// that it holds none for sure.
func HasRefs(raw jsontext.Value) bool {
	return bytes.IndexByte(raw, '$') >= 0 || bytes.Contains(raw, []byte(`\u0024`))
}

// RenderJSON fills the templates of a JSON document: its string values, never
// its keys. It returns raw itself when nothing changes. Otherwise the result is
// built in what dst has left after its length, and every byte that is no
// template stays as it was.
//
// Where names the document in errors: an error of the template at items[3].name
// in "input.body" is a *PlaceError whose Where is "input.body.items[3].name".
// Several are PlaceErrors.
func RenderJSON(dst []byte, raw jsontext.Value, r Resolver, where string) (jsontext.Value, error) {
	return renderJSON(nil, dst, raw, r, where)
}

// RenderJSON is the function RenderJSON within the bounds of the Evaluation.
func (ev *Evaluation) RenderJSON(raw jsontext.Value, r Resolver, where string) (jsontext.Value, error) {
	return renderJSON(ev, nil, raw, r, where)
}

func renderJSON(ev *Evaluation, dst []byte, raw jsontext.Value, r Resolver, where string) (jsontext.Value, error) {
	if !HasRefs(raw) {
		return raw, nil
	}
	if ev == nil {
		ev = new(Evaluation)
	}
	d := &document{raw: raw, out: dst[len(dst):], r: r, where: where, ev: ev}
	d.dec = jsontext.NewDecoder(bytes.NewBuffer(raw), lenient...)
	return d.render()
}

// Plain returns a JSON document in which every string that holds no placeholder
// is the text it stands for: without $Literal{...} and doubled $. The others stay
// as they are, and so do its keys. It is raw itself when nothing changes.
func Plain(raw jsontext.Value) jsontext.Value {
	if !HasRefs(raw) {
		return raw
	}
	d := &document{raw: raw, plain: true}
	d.dec = jsontext.NewDecoder(bytes.NewBuffer(raw), lenient...)
	if v, err := d.render(); err == nil {
		return v
	}
	return raw
}

// A document is a JSON document while its strings are filled.
type document struct {
	raw    jsontext.Value
	dec    *jsontext.Decoder
	out    []byte
	copied int  // bytes of raw that out stands for
	plain  bool // only what holds no placeholder is read
	ev     *Evaluation
	r      Resolver
	where  string
	faults PlaceErrors
}

func (d *document) render() (jsontext.Value, error) {
	for {
		kind := d.dec.PeekKind()
		if kind != '"' || d.atKey() {
			if _, err := d.dec.ReadToken(); err != nil {
				return nil, fmt.Errorf("%s: %w", d.where, err)
			}
		} else if err := d.text(); err != nil {
			return nil, err
		}
		if d.dec.StackDepth() == 0 {
			break
		}
	}
	if d.faults != nil {
		return nil, d.faults.one()
	}
	if d.copied == 0 {
		return d.raw, nil
	}
	return append(d.out, d.raw[d.copied:]...), nil
}

// atKey reports whether the next token is the name of an object's member.
func (d *document) atKey() bool {
	kind, n := d.dec.StackIndex(d.dec.StackDepth())
	return kind == '{' && n%2 == 0
}

// text fills the string that comes next. One that cannot be filled is noted, and
// the rest looked at, so that one answer holds every fault.
func (d *document) text() error {
	v, err := d.dec.ReadValue()
	if err != nil {
		return fmt.Errorf("%s: %w", d.where, err)
	}
	if !HasRefs(v) {
		return nil
	}
	filled, err := d.fill(v)
	if err != nil {
		if d.faults = append(d.faults, &PlaceError{Where: d.place(), Err: err}); d.ev.ends(err) || len(d.faults) == maxFaults {
			return d.faults.one()
		}
		return nil
	}
	end := int(d.dec.InputOffset())
	if filled != nil && d.faults == nil {
		d.out = append(d.out, d.raw[d.copied:end-len(v)]...)
		d.out = append(d.out, filled...)
		d.copied = end
	}
	return nil
}

// fill returns nil when the string stays as it is.
func (d *document) fill(v jsontext.Value) (jsontext.Value, error) {
	text, err := unquote(v)
	if err != nil {
		return nil, &SyntaxError{Column: 1, Message: "is no valid text"}
	}
	t, err := parse(text)
	if d.plain && (err != nil || !t.literal()) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if same, ok := t.Static(); ok && same == text {
		return nil, nil
	}
	if d.plain {
		return t.value, nil
	}
	secrets := d.ev.secrets
	filled, err := t.eval(d.ev, d.r)
	if err == nil && d.ev.secrets != secrets && d.ev.Filled != nil {
		d.ev.Filled(d.place(), filled)
	}
	return filled, err
}

// place returns where the last value stands: input.body.items[3].name.
func (d *document) place() string {
	var b strings.Builder
	b.WriteString(d.where)
	depth := 0
	for name := range d.dec.StackPointer().Tokens() {
		depth++
		kind, _ := d.dec.StackIndex(depth)
		switch {
		case kind == '[':
			b.WriteString("[" + name + "]")
		case strings.ContainsAny(name, `.[]"`) || name == "":
			b.WriteString("[" + strconv.Quote(name) + "]")
		default:
			b.WriteString("." + name)
		}
	}
	return b.String()
}
