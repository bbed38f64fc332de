// Package tree is a light view of a JSON document: one pass over the bytes finds
// where each value begins and ends, and nothing else is made until it is asked
// for. A value stays the bytes it was, so number text, key order and whole
// schemas pass through untouched.
//
// Start with Parse. It accepts what real files hold (a byte order mark, control
// characters and broken UTF-8 inside strings, repeated keys), repairs it and
// says so in Doc.Repairs. It takes 16 bytes for each value of the document.
package tree

// MaxDepth is how deep values may be nested.
const MaxDepth = 500

// A Doc is one parsed document.
type Doc struct {
	Repairs []Repair

	src     []byte
	entries []entry
	index   map[uint32]map[string]uint32 // objects with many members: entry -> key -> entry
	pointer map[string]Node              // what Pointer found
	last    map[uint32]child             // of wide containers: the child whose pointer was last asked for
}

// An entry is one value, its place in the bytes and in the tree.
type entry struct {
	start, end uint32 // the value's bytes
	next       uint32 // the entry behind the value and all inside it
	key        uint32 // where the member's name opens; 0 for other values
}

// A Repair is something that was mended so that the document could be read.
type Repair struct {
	Code    string // duplicate_key, control_character, trailing_text, yaml_repaired
	Where   string // JSON pointer, empty when it concerns the text as a whole
	Message string
}

// A SyntaxError says where a document stops being JSON.
type SyntaxError struct {
	Offset, Line, Column int
	Message              string
	Truncated            bool // the text ends too early
}

func (e *SyntaxError) Error() string {
	return "line " + itoa(e.Line) + ", column " + itoa(e.Column) + ": " + e.Message
}
