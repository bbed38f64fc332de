package wire

import (
	"github.com/ductape-go/ductape"
)

// The styles of OpenAPI 3.2, 4.12.3, and one more for Swagger 2.0's
// `collectionFormat: tsv`, which OpenAPI 3 dropped.
const (
	styleForm   = "form"
	styleSimple = "simple"
	styleLabel  = "label"
	styleMatrix = "matrix"
	styleSpace  = "spaceDelimited"
	stylePipe   = "pipeDelimited"
	styleTab    = "tabDelimited"
	styleDeep   = "deepObject"
	styleCookie = "cookie"
)

// A style says how the parts of a value are put together.
type style struct {
	name    string
	lead    string // before the first part
	sep     string // between parts that explode
	delim   byte   // between items that do not
	named   bool   // the parameter's name goes in front
	bare    bool   // a named empty value goes without its equals sign
	explode bool
}

// styleOf resolves the style of a parameter and its defaults: form in a query
// and a cookie, simple in a path and a header; exploded only for form and
// cookie (OpenAPI 3.2, 4.12.2.2).
func styleOf(p *ductape.Param) (style, error) {
	name := p.Style
	if name == "" {
		name = defaultStyle(p.In)
	}
	st := style{name: name, sep: ",", delim: ',', explode: name == styleForm || name == styleCookie}
	if p.Explode != nil {
		st.explode = *p.Explode
	}
	if !st.stands(p.In) {
		return st, &Error{Param: p.Name, Message: "style " + name + " is not defined for a " + string(p.In) + " parameter"}
	}
	switch name {
	case styleMatrix:
		st.lead, st.sep, st.named, st.bare = ";", ";", true, true
	case styleLabel:
		st.lead, st.sep = ".", "."
	case styleSpace:
		st.delim = ' '
	case stylePipe:
		st.delim = '|'
	case styleTab:
		st.delim = '\t'
	}
	switch p.In {
	case ductape.InQuery:
		st.named, st.sep = true, "&"
	case ductape.InCookie:
		st.named, st.sep = true, "; "
	}
	return st, nil
}

// between is the delimiter of exploded parts where it can be escaped in their
// data: a comma or a semicolon. A dot is unreserved (RFC 6570, 3.2.5), and in a
// query the alphabets have no ampersand.
func (st style) between() byte {
	if st.sep == "," || st.sep == ";" {
		return st.sep[0]
	}
	return 0
}

func defaultStyle(in ductape.Location) string {
	if in == ductape.InPath || in == ductape.InHeader {
		return styleSimple
	}
	return styleForm
}

// stands reports whether the style may be used in a place. The delimited ones
// are let through everywhere but in cookies, since Swagger 2.0 had them there.
func (st style) stands(in ductape.Location) bool {
	switch st.name {
	case styleMatrix, styleLabel:
		return in == ductape.InPath
	case styleSimple:
		return in == ductape.InPath || in == ductape.InHeader
	case styleForm:
		return in == ductape.InQuery || in == ductape.InCookie
	case styleDeep:
		return in == ductape.InQuery
	case styleCookie:
		return in == ductape.InCookie
	case styleSpace, stylePipe, styleTab:
		return in != ductape.InCookie
	}
	return false
}
