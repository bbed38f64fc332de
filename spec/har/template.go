package har

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// identifier is a segment that names one of many: a number, a UUID, a long hex
// text, a ULID, or an identifier with a prefix and digits such as cus_N1a2b3c4d5.
var identifier = regexp.MustCompile(`^(?:[0-9]+|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}|[0-9A-HJKMNP-TV-Z]{26})$`)

var prefixed = regexp.MustCompile(`^[a-z]{2,5}_[0-9A-Za-z]{8,}$`)

func isIdentifier(s string) bool {
	return identifier.MatchString(s) || prefixed.MatchString(s) && strings.ContainsAny(s[strings.IndexByte(s, '_'):], "0123456789")
}

// templateOf makes a template of a path: identifiers become parameters, named
// after the segment before them, and so do credentials, of which nothing is kept.
func templateOf(path string) (template string, params []ductape.Param, secret bool) {
	segments := strings.Split(path, "/")
	used := map[string]int{}
	before := ""
	var tokens sample.Path
	for i, s := range segments {
		lead, isToken := tokens.Cut(s)
		if !isIdentifier(s) && !isToken {
			segments[i] = strings.NewReplacer("{", "%7B", "}", "%7D").Replace(s)
			before = s
			continue
		}
		name := "id"
		if words := naming.Words(before); len(words) > 0 {
			words[len(words)-1] = naming.Singular(words[len(words)-1])
			name = strings.Join(words, "_") + "_id"
		}
		if isToken && !isIdentifier(s) {
			name = "token"
		}
		if used[name]++; used[name] > 1 {
			name += "_" + strconv.Itoa(used[name])
		}
		segments[i] = lead + "{" + name + "}"
		p := ductape.Param{Name: name, In: ductape.InPath, Required: true}
		if secret = secret || isToken; !isToken {
			p.Example = sample.Quote(s)
		}
		params = append(params, p)
	}
	if template = strings.Join(segments, "/"); template == "" {
		template = "/"
	}
	return template, params, secret
}

// shape is a template without the names of its parameters.
func shape(template string) string {
	var b strings.Builder
	for s := range strings.SplitSeq(template, "/") {
		if lead, _, found := strings.Cut(s, "{"); found {
			s = lead + "{}"
		}
		b.WriteString("/" + s)
	}
	return b.String()
}
