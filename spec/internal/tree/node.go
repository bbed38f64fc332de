package tree

import (
	"bytes"
	"iter"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// A Node is one value of a document. The zero Node is no value: it answers every
// question with nothing, so that a chain of Get needs no checks between.
type Node struct {
	Doc *Doc
	at  uint32
}

// Root returns the document's value.
func (d *Doc) Root() Node { return Node{Doc: d} }

// Size returns the length of the document's text in bytes.
func (d *Doc) Size() int { return len(d.src) }

// OK reports whether the node is a value.
func (n Node) OK() bool { return n.Doc != nil }

// ID tells the nodes of one document apart.
func (n Node) ID() uint32 { return n.at }

// Holds reports whether the node is other, or other stands inside it.
func (n Node) Holds(other Node) bool {
	return n.OK() && n.Doc == other.Doc && n.at <= other.at && other.at < n.entry().next
}

// Kind returns the first byte of the value, one of { [ " t f n; 0 for a number
// and 255 where there is no value.
func (n Node) Kind() byte {
	if n.Doc == nil {
		return 255
	}
	switch c := n.Doc.src[n.entry().start]; c {
	case '{', '[', '"', 't', 'f', 'n':
		return c
	}
	return 0
}

func (n Node) entry() *entry { return &n.Doc.entries[n.at] }

// IsObject reports whether the node is an object.
func (n Node) IsObject() bool { return n.Kind() == '{' }

// IsArray reports whether the node is an array.
func (n Node) IsArray() bool { return n.Kind() == '[' }

// IsString reports whether the node is a string.
func (n Node) IsString() bool { return n.Kind() == '"' }

// Raw returns the bytes of the value, part of the document's text.
func (n Node) Raw() []byte {
	if n.Doc == nil {
		return nil
	}
	e := n.entry()
	return n.Doc.src[e.start:e.end:e.end]
}

// Span returns where the value's bytes begin and end in the document's text.
func (n Node) Span() (start, end int) {
	e := n.entry()
	return int(e.start), int(e.end)
}

// Key returns the name of the member that holds the node, "" for other values.
func (n Node) Key() string {
	if n.Doc == nil {
		return ""
	}
	return unquote(n.quotedKey())
}

func (n Node) quotedKey() []byte {
	k := n.entry().key
	if k == 0 {
		return nil
	}
	return quotedAt(n.Doc.src, int(k))
}

// quotedAt returns the string literal that opens at i.
func quotedAt(src []byte, i int) []byte {
	for j := i + 1; ; j++ {
		switch src[j] {
		case '"':
			return src[i : j+1]
		case '\\':
			j++
		}
	}
}

// keyIs reports whether the entry's name is exactly name, which needs no escape.
func (d *Doc) keyIs(e *entry, name string) bool {
	end := int(e.key) + 1 + len(name)
	return e.key != 0 && end < len(d.src) && d.src[end] == '"' && string(d.src[e.key+1:end]) == name
}

// KeyIs reports whether the node is the member called name.
func (n Node) KeyIs(name string) bool {
	return n.Doc != nil && n.Doc.keyIs(n.entry(), name)
}

// Get returns the member called name of an object.
func (n Node) Get(name string) Node {
	if n.Kind() != '{' {
		return Node{}
	}
	end := n.entry().next
	for i := n.at + 1; i < end; i = n.Doc.entries[i].next {
		if n.Doc.keyIs(&n.Doc.entries[i], name) {
			return Node{n.Doc, i}
		}
	}
	return Node{}
}

// Find returns the member called name, which may need escapes, through an index
// that is made on first use: for large objects and many look-ups.
func (n Node) Find(name string) Node {
	if n.Kind() != '{' {
		return Node{}
	}
	names, ok := n.Doc.index[n.at]
	if !ok {
		names = map[string]uint32{}
		for m := range n.Members() {
			names[m.Key()] = m.at
		}
		if n.Doc.index == nil {
			n.Doc.index = map[uint32]map[string]uint32{}
		}
		n.Doc.index[n.at] = names
	}
	if at, ok := names[name]; ok {
		return Node{n.Doc, at}
	}
	return Node{}
}

// Members yields the values of an object, each with its Key, in order.
func (n Node) Members() iter.Seq[Node] { return n.children('{') }

// Items yields the values of an array, in order.
func (n Node) Items() iter.Seq[Node] { return n.children('[') }

func (n Node) children(kind byte) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if n.Kind() != kind {
			return
		}
		end := n.entry().next
		for i := n.at + 1; i < end; i = n.Doc.entries[i].next {
			if !yield(Node{n.Doc, i}) {
				return
			}
		}
	}
}

// Len returns the number of members or items.
func (n Node) Len() int {
	count := 0
	if k := n.Kind(); k != '{' && k != '[' {
		return 0
	}
	end := n.entry().next
	for i := n.at + 1; i < end; i = n.Doc.entries[i].next {
		count++
	}
	return count
}

// Text returns a string's text, and "" for anything else.
func (n Node) Text() string {
	if n.Kind() != '"' {
		return ""
	}
	return unquote(n.Raw())
}

// Scalar returns the text of a string, number or truth value: what a person who
// wrote `version: 1.0` means.
func (n Node) Scalar() string {
	switch n.Kind() {
	case '"':
		return n.Text()
	case 0, 't', 'f':
		return string(n.Raw())
	}
	return ""
}

// Bool returns the truth value, also where it was written as a string.
func (n Node) Bool() (value, ok bool) {
	switch n.Scalar() {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// True reports whether the value is true.
func (n Node) True() bool {
	v, _ := n.Bool()
	return v
}

// Texts returns the strings of an array.
func (n Node) Texts() []string {
	var out []string
	for item := range n.Items() {
		if s := item.Scalar(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func unquote(b []byte) string {
	if len(b) < 2 {
		return ""
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b[1 : len(b)-1])
	}
	out, err := jsontext.AppendUnquote(nil, b)
	if err != nil && !utf8.Valid(out) {
		return strconv.Quote(string(b))
	}
	return string(out)
}
