package run

import (
	"strconv"

	"github.com/ductape-go/ductape"
)

// maxProblems is how many problems one answer tells of.
const maxProblems = 100

// A problemList keeps the first problems and counts the others.
type problemList struct {
	problems []ductape.Problem
	more     int // that are not kept
}

// full reports whether further problems are only counted.
func (l *problemList) full() bool { return len(l.problems) >= maxProblems }

func (l *problemList) note(problems ...ductape.Problem) {
	room := min(len(problems), max(0, maxProblems-len(l.problems)))
	l.problems = append(l.problems, problems[:room]...)
	l.more += len(problems) - room
}

// list returns the problems, the last of which says how many more there are.
func (l *problemList) list() []ductape.Problem {
	if l.more == 0 {
		return l.problems
	}
	return append(l.problems[:len(l.problems):len(l.problems)], ductape.Problem{Where: "input", Message: "and " + strconv.Itoa(l.more) + " more"})
}
