package wire

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/net/http/httpguts"

	"github.com/ductape-go/ductape"
)

// Header returns the text of a header parameter. Nothing is percent-encoded
// (OpenAPI 3.2, appendix D), so control characters are refused instead. The text
// of an undefined value is empty: ask [Omitted] whether to send it at all.
func Header(p *ductape.Param, v jsontext.Value) (string, error) {
	if !httpguts.ValidHeaderFieldName(p.Name) {
		return "", &Error{Param: p.Name, Message: "not a name that a header can have (RFC 9110, 5.1)"}
	}
	if err := checkParam(v); err != nil {
		return "", of(err, p.Name)
	}
	if Omitted(p, v) {
		return "", nil
	}
	w := writer{limit: limitFor(nil, v), sep: ",", names: raw, values: raw, bad: control}
	if err := w.header(p, v); err != nil {
		return "", of(err, p.Name)
	}
	return string(w.dst), nil
}

func (w *writer) header(p *ductape.Param, v jsontext.Value) error {
	if p.ContentType != "" {
		return w.content(p, v)
	}
	st, err := styleOf(p)
	if err != nil {
		return err
	}
	return w.compose(st, p.Name, v)
}

// AppendCookie appends a cookie parameter to the value of a Cookie header, with
// "; " in front when dst is not empty. Style form percent-encodes; style cookie
// (OpenAPI 3.2) writes the text as it is and refuses a semicolon and control
// characters. An undefined value appends nothing.
func AppendCookie(dst []byte, p *ductape.Param, v jsontext.Value) ([]byte, error) {
	if err := checkParam(v); err != nil {
		return dst, of(err, p.Name)
	}
	if Omitted(p, v) {
		return dst, nil
	}
	w := writer{dst: dst, limit: limitFor(dst, v), sep: "; ", names: unreserved, values: unreserved, bad: endsCookie}
	if len(dst) > 0 {
		w.lead = "; "
	}
	if err := w.cookie(p, v); err != nil {
		return dst, of(err, p.Name)
	}
	return w.dst, nil
}

func (w *writer) cookie(p *ductape.Param, v jsontext.Value) error {
	if p.ContentType != "" {
		return w.content(p, v)
	}
	st, err := styleOf(p)
	if err != nil {
		return err
	}
	if st.name == styleCookie {
		w.names, w.values = raw, raw
		if strings.Contains(p.Name, "=") {
			return fail("a cookie's name cannot hold an equals sign", "")
		}
	}
	return w.compose(st, p.Name, v)
}

func endsCookie(c byte) bool { return control(c) || c == ';' }
