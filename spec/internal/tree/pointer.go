package tree

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")
	escapeToken   = strings.NewReplacer("~", "~0", "/", "~1")
)

// EscapeToken writes a member's name as one token of a JSON pointer (RFC 6901,
// section 3).
func EscapeToken(name string) string {
	if !strings.ContainsAny(name, "~/") {
		return name
	}
	return escapeToken.Replace(name)
}

// Pointer returns the value a JSON pointer names (RFC 6901), or no value.
func (d *Doc) Pointer(pointer string) Node {
	if n, ok := d.pointer[pointer]; ok {
		return n
	}
	n := d.walk(pointer)
	if d.pointer == nil {
		d.pointer = map[string]Node{}
	}
	d.pointer[pointer] = n
	return n
}

func (d *Doc) walk(pointer string) Node {
	n := d.Root()
	if pointer == "" {
		return n
	}
	rest, ok := strings.CutPrefix(pointer, "/")
	if !ok {
		return Node{}
	}
	for token := range strings.SplitSeq(rest, "/") {
		if n = n.Step(token); !n.OK() {
			return n
		}
	}
	return n
}

// Step returns the member or item that one token of a JSON pointer names, or no
// value.
func (n Node) Step(token string) Node {
	name := unescapeToken.Replace(token)
	if n.IsArray() {
		return n.item(name)
	}
	return n.Find(name)
}

func (n Node) item(index string) Node {
	want, err := strconv.Atoi(index)
	if err != nil {
		return Node{}
	}
	i := 0
	for item := range n.Items() {
		if i == want {
			return item
		}
		i++
	}
	return Node{}
}

// Pointer returns the JSON pointer to the node.
func (n Node) Pointer() string {
	if n.Doc == nil {
		return ""
	}
	return n.Doc.pointerTo(n.at, math.MaxInt)
}

// PointerStart returns the JSON pointer to the node, whole up to size bytes. A
// longer one may be cut anywhere behind them.
func (n Node) PointerStart(size int) string {
	if n.Doc == nil {
		return ""
	}
	return n.Doc.pointerTo(n.at, size)
}

func (d *Doc) pointerTo(target uint32, size int) string {
	var b strings.Builder
	for at := uint32(0); at != target && b.Len() <= size; {
		i, index := d.childBefore(at, target)
		for d.entries[i].next <= target {
			i = d.entries[i].next
			index++
		}
		d.passed(at, i, index)
		b.WriteByte('/')
		if d.entries[i].key != 0 {
			b.WriteString(EscapeToken(unquote(shortened(Node{d, i}.quotedKey(), size))))
		} else {
			b.WriteString(strconv.Itoa(index))
		}
		at = i
	}
	return b.String()
}

// shortened cuts a quoted text that is far longer than size, behind more than
// size bytes of what it says and not within an escape, of which the longest is 12
// bytes for 4.
func shortened(quoted []byte, size int) []byte {
	if len(quoted)/12 <= size {
		return quoted
	}
	end := 1
	for end < len(quoted)-1 && (end <= 12*size || !utf8.RuneStart(quoted[end])) {
		switch {
		case quoted[end] != '\\':
			end++
		case quoted[end+1] == 'u':
			end += 6
		default:
			end += 2
		}
	}
	return append(slices.Clip(quoted[:end]), '"')
}

// A child is one of a container's children, and the how-manieth.
type child struct {
	at    uint32
	index int
}

// childBefore returns a child of a container to begin the search for target at:
// where the last search ended, so that the pointers of many children, asked for
// in order, are found in one pass.
func (d *Doc) childBefore(container, target uint32) (at uint32, index int) {
	if last, ok := d.last[container]; ok && last.at <= target {
		return last.at, last.index
	}
	return container + 1, 0
}

const fewChildren = 64 // that are searched from the first one

func (d *Doc) passed(container, at uint32, index int) {
	if index < fewChildren {
		return
	}
	if d.last == nil {
		d.last = map[uint32]child{}
	}
	d.last[container] = child{at, index}
}

// EachParent yields every object that has a member called name which is a
// string, and that member.
func (d *Doc) EachParent(name string, yield func(parent, value Node)) {
	var open []uint32
	for i := range d.entries {
		at := uint32(i)
		for len(open) > 0 && d.entries[open[len(open)-1]].next <= at {
			open = open[:len(open)-1]
		}
		if d.src[d.entries[i].start] == '"' {
			if d.keyIs(&d.entries[i], name) {
				yield(Node{d, open[len(open)-1]}, Node{d, at})
			}
			continue
		}
		open = append(open, at)
	}
}
