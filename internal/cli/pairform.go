package cli

// A givenValue is one NAME=VALUE of the command line.
type givenValue struct {
	name  string
	path  []any
	value any
}

// places are the words that may stand in front of a name.
var places = map[any]bool{"query": true, "params": true, "headers": true, "body": true}

// inPlace reports whether the name says where its value goes: headers.X-Trace.
func (g *givenValue) inPlace() bool {
	if len(g.path) < 2 || !places[g.path[0]] {
		return false
	}
	_, named := g.path[1].(string)
	return named
}

// oneForm writes names that say their place as keys of the flat form,
// "headers:X-Trace", where other names do not say theirs: an input has one form.
func oneForm(given []givenValue) {
	bare := false
	for i := range given {
		first, _ := given[i].path[0].(string)
		bare = bare || !places[first]
	}
	for i := range given {
		if g := &given[i]; bare && g.inPlace() {
			key := g.path[0].(string) + ":" + g.path[1].(string)
			g.path = append([]any{key}, g.path[2:]...)
		}
	}
}
