package catalog

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
)

// maxProblems bounds how many faults one error lists.
const maxProblems = 100

// problems collects every fault of an input with its place.
type problems struct {
	list []ductape.Problem
	more int
}

func (p *problems) add(where, format string, args ...any) {
	if len(p.list) >= maxProblems {
		p.more++
		return
	}
	p.list = append(p.list, ductape.Problem{Where: where, Message: fmt.Sprintf(format, args...)})
}

// err returns one invalid_input error that lists them all, or nil.
func (p *problems) err(what string) error {
	if len(p.list) == 0 {
		return nil
	}
	list := p.list
	if p.more > 0 {
		list = append(list[:len(list):len(list)], ductape.Problem{Where: what, Message: fmt.Sprintf("%d more problems", p.more)})
	}
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: what + " has " + count(len(p.list)+p.more, "problem"), Problems: list}
}

// join makes a place of parts: join("apps", "stripe", "envs").
func join(parts ...string) string {
	var b strings.Builder
	for _, s := range parts {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s)
	}
	return b.String()
}

// at names a member of a list by its tag, or by its place where it has none.
func at(list string, index int, tag string) string {
	if tag == "" {
		return list + "[" + strconv.Itoa(index) + "]"
	}
	return list + "." + clip(tag)
}

func quote(s string) string { return strconv.Quote(clip(s)) }

// clip keeps hostile names out of messages.
func clip(s string) string {
	const most = 128
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
