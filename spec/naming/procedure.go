package naming

import "strings"

// areProcedures reports whether an API is one of procedures, not of things:
// several paths without parameters, each called with POST ("/users/info").
func areProcedures(ops []Operation) bool {
	for _, op := range ops {
		if op.Method != "POST" || strings.ContainsRune(op.Path, '{') {
			return false
		}
	}
	return len(ops) >= 5
}

// namesProcedure reports whether a path of such an API is the name of what is
// done: "/messages/info", "/storeDetail", and not "/payments".
func namesProcedure(segments []segment) bool {
	last := segments[len(segments)-1].words
	return isPhrase(last) || !isPluralWords(last) && len(segments)+len(last) > 2
}

// isPhrase reports whether words can only be what is done, with what it is done
// to: "remove contact", "get updates".
func isPhrase(words []string) bool {
	words = splitVerb(words)
	return len(words) > 1 && (verbs[words[0]] && !alsoNouns[words[0]] || reads[words[0]])
}

// verbs that begin a path of one phrase: GET /listOrganisms
var reads = set("get list fetch find search retrieve lookup")

// splitVerb divides "get3ds" where a digit follows the verb.
func splitVerb(words []string) []string {
	if len(words) == 0 {
		return words
	}
	if rest, ok := strings.CutPrefix(words[0], "get"); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return append([]string{"get", rest}, words[1:]...)
	}
	return words
}
