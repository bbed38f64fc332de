package naming

// Another returns the most guessable name of an operation that is not taken,
// for one whose own name belongs to another already.
func Another(op Operation, taken func(name string) bool) string {
	n := newNamer([]Operation{op})
	p := parsePath(op.Path)
	n.note(op, p)
	names := n.candidates(op, p, true)
	for _, name := range names {
		if name != "" && !taken(name) {
			return name
		}
	}
	known := map[string]bool{}
	for {
		name := numbered(names, known, map[string]int{})
		if !taken(name) {
			return name
		}
		known[name] = true
	}
}
