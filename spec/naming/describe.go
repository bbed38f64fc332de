package naming

import "strings"

// describe names an operation by verb and resource. With guess, words stand in
// the number a person expects (create_customer); without, as in the path.
func (n *namer) describe(op Operation, p path, guess bool) string {
	segments := p.segments
	last := len(segments) - 1
	if last < 0 {
		return n.verb(op, true) + "_root"
	}
	if name, ok := n.actionOn(op, segments, guess); ok {
		return name
	}
	if n.procedures && namesProcedure(segments) {
		return join("", resource(segments, true, guess))
	}
	item := segments[last].param != ""
	verb := n.verb(op, item)
	many := verb == "list" || !item && verb != "create" && verb != "add"
	return join(verb, unrepeated(verb, segments[0].words, resource(segments, many, guess)))
}

// actionOn names an operation whose path says what is done, and reports whether
// it does.
func (n *namer) actionOn(op Operation, segments []segment, guess bool) (string, bool) {
	last := len(segments) - 1
	if last > 1 && segments[last].param != "" && op.Method == "POST" && isPhrase(segments[last-1].words) {
		last-- // POST /groups/{group}/removeContact/{contact}
	}
	words := segments[last].words
	switch {
	case segments[last].param != "", !segments[last].verb && (n.undoes(op) || n.isNoun(op, words)):
		return "", false
	case last == 0: // POST /validateAddress
		return strings.Join(splitVerb(words), "_"), true
	}
	return n.act(op, segments[:last], words, guess), true
}

// isNoun reports whether the last words of a path are a thing, not what is done.
func (n *namer) isNoun(op Operation, words []string) bool {
	return !isVerb(words, op.Method, n.isThing(op.Path)) || n.isRead(op, words) || n.isState(op.Path)
}

// undoes reports whether an operation takes back what a POST or PUT to the same
// path does: DELETE /commits/{commit}/approve.
func (n *namer) undoes(op Operation) bool {
	m := n.verbsOf[op.Path]
	return op.Method != "POST" && op.Method != "GET" && m["POST"] || op.Method == "DELETE" && m["PUT"]
}

// unrepeated leaves out a path's first word where that is the verb itself:
// GET /get/delay is get_delay. The lists of /lists/{list} are a thing.
func unrepeated(verb string, first, words []string) []string {
	if len(words) > 1 && len(first) > 0 && first[0] == verb && words[0] == verb {
		return words[1:]
	}
	return words
}

// isThing reports whether something can be read, replaced or deleted at path.
func (n *namer) isThing(path string) bool {
	m := n.verbsOf[path]
	return m["POST"] && (m["GET"] || m["PUT"] || m["DELETE"] || m["PATCH"])
}

// isState reports whether path is read and changed in parts: GET and PATCH
// /settings/open open nothing.
func (n *namer) isState(path string) bool { return n.verbsOf[path]["GET"] && n.verbsOf[path]["PATCH"] }

// isRead reports whether an operation reads a thing whose word is also a verb: /block
// where there is /block/{id}.
func (n *namer) isRead(op Operation, words []string) bool {
	return (op.Method == "GET" || op.Method == "HEAD" || op.Method == "OPTIONS") && len(words) == 1 && !alsoNouns[words[0]] && !reads[words[0]] && n.collections[strings.TrimSuffix(op.Path, "/")]
}

// act names an operation whose path ends in what is done:
// POST /payment_intents/{intent}/capture is capture_payment_intent.
func (n *namer) act(op Operation, on []segment, words []string, guess bool) string {
	item := on[len(on)-1].param != ""
	many := !item && (op.Method == "GET" && op.Listing != Single || isMany(words[0]))
	name := resource(on, many, guess)
	if !hasParam(on) && !isPluralWords(on[len(on)-1].words) && !guessable(words) {
		return join(strings.Join(name, "_"), words) // POST /auth/login is auth_login
	}
	return join(words[0], extend(name, words[1:]))
}

// extend appends words, without repeating the word they begin with:
// sources/{source}/source_transactions is source_transactions.
func extend(out, words []string) []string {
	if n := len(out); n > 0 && len(words) > 1 && out[n-1] == words[0] {
		words = words[1:]
	}
	return append(out, words...)
}

// guessable reports whether a path's closing verb is one that people put before
// the thing: search, create.
func guessable(words []string) bool {
	switch words[0] {
	case "search", "find", "create", "list", "delete", "update", "get":
		return true
	}
	return len(words) > 1
}

func isMany(verb string) bool {
	switch verb {
	case "search", "list", "bulk", "batch", "count", "query", "export", "import", "reorder":
		return true
	}
	return false
}

func hasParam(segments []segment) bool {
	for _, s := range segments {
		if s.param != "" {
			return true
		}
	}
	return false
}

func onlyParams(segments []segment) bool {
	for _, s := range segments {
		if s.param == "" {
			return false
		}
	}
	return true
}

// verb says what a method does to an item or a collection.
func (n *namer) verb(op Operation, item bool) string {
	methods := n.verbsOf[op.Path]
	switch op.Method {
	case "GET":
		if n.lists(op, item) {
			return "list"
		}
		return "get"
	case "POST":
		return n.post(op, item, methods)
	case "PUT":
		if methods["PATCH"] || item && methods["POST"] {
			return "replace"
		}
		return "update"
	case "PATCH":
		return "update"
	}
	return Snake(op.Method)
}

// lists reports whether a GET answers a collection: what the answer's schema
// says, else whether the path ends in a plural.
func (n *namer) lists(op Operation, item bool) bool {
	below := n.collections[strings.TrimSuffix(op.Path, "/")]
	if item {
		return below && op.Listing == List
	}
	p := parsePath(op.Path)
	plural := len(p.segments) > 0 && isPluralWords(p.segments[len(p.segments)-1].words)
	switch {
	case below && (plural || op.Listing == Unknown || n.verbsOf[op.Path]["POST"]):
		return true // whatever the schema of the answer says: it is often that of one thing
	case op.Listing != Unknown:
		return op.Listing == List
	}
	return plural
}

// post tells creation from update: POST to an item, or to a thing of which
// there is one (GET answers a single one), changes it. A parameter under which
// things are listed and read, /objects/{type} and /objects/{type}/{id}, is no item.
func (n *namer) post(op Operation, item bool, methods map[string]bool) string {
	item = item && !(n.listing[op.Path] == List && n.collections[strings.TrimSuffix(op.Path, "/")])
	changes := item || methods["GET"] && n.listing[op.Path] == Single
	switch {
	case changes && !methods["PUT"] && !methods["PATCH"]:
		return "update"
	case item:
		return "post" // beside PUT or PATCH of the same thing: whatever it means, it creates none
	}
	return "create"
}

// resource returns the words of what a path stands for. Words before a parameter
// are one thing of many ("customers/{customer}" is customer); the last word is
// singular unless many are meant; other words stay.
func resource(segments []segment, many, guess bool) []string {
	var out []string
	for i, s := range segments {
		switch {
		case s.param != "":
			continue
		case !guess && i >= len(segments)-2:
			out = append(out, s.words...)
		case i+1 < len(segments) && segments[i+1].param != "" && !(many && onlyParams(segments[i+1:])):
			out = extend(repeated(out, segments, i), singularWords(s.words))
		case i == len(segments)-1 && !many:
			out = extend(repeated(out, segments, i), singularWords(s.words))
		default:
			out = extend(repeated(out, segments, i), s.words)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, s := range segments { // only parameters: "/{bucket}/{key}"
		name := strings.TrimSuffix(s.param, "_id")
		if name != "" {
			out = append(out, name)
		}
	}
	return out
}

// repeated leaves out the word before a segment that only says it again:
// "news/news" and "property/properties". What stands under a parameter is
// another thing: "lists/{list}/lists".
func repeated(out []string, segments []segment, i int) []string {
	if i == 0 || len(out) == 0 || len(segments[i].words) != 1 || len(segments[i-1].words) == 0 {
		return out
	}
	if last := out[len(out)-1]; last == segments[i].words[0] || last == Singular(segments[i].words[0]) {
		return out[:len(out)-1]
	}
	return out
}

func join(first string, rest []string) string {
	if first == "" {
		return strings.Join(rest, "_")
	}
	if len(rest) == 0 {
		return first
	}
	return first + "_" + strings.Join(rest, "_")
}
