package postman_test

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// An s2credential is a credential in a header or the query, which became an auth.
type s2credential struct{ header, query, value, at string }

// auth compares all that the action needs: the auth in force and the
// credentials lifted out of the request. Postman's auth replaces a header of
// the same name (reported), except where it has no credential.
func (q *s2request) auth(own *s2auth) {
	q.sum.Compared.Auth++
	if q.req.Auth == nil {
		q.sum.Compared.Inheriting++
	}
	var wanted []func(ductape.Auth) string
	if own != nil && own.kind != "noauth" {
		stoodIn := slices.ContainsFunc(q.lifted, func(c s2credential) bool {
			return own.empty() && c.header != "" && strings.EqualFold(c.header, own.header())
		})
		if !stoodIn {
			wanted = append(wanted, func(a ductape.Auth) string { return q.sameAuth(a, own) })
		}
	}
	for _, c := range q.lifted {
		if own != nil && c.header != "" && strings.EqualFold(c.header, own.header()) && !own.empty() {
			if !q.says("header_overridden", c.at) {
				q.errorf("the header %s is overridden by the auth, and nothing says so", c.header)
			}
			continue
		}
		wanted = append(wanted, func(a ductape.Auth) string { return q.sameCredential(a, c) })
	}
	security := q.action.Security
	if len(wanted) == 0 {
		if none := own != nil || len(q.app.Auths) > 0 && !q.scripted || q.abroad(); len(security) != 0 || (security != nil) != none {
			q.errorf("security %v, want none (said so: %v)", security, none)
		}
		return
	}
	if len(security) != 1 {
		q.errorf("security %v, want one alternative of %d auths", security, len(wanted))
		return
	}
	q.needs(security[0], wanted)
}

// needs: the auths stand in order; one that is there already is not repeated.
func (q *s2request) needs(have ductape.SecurityAlternative, wanted []func(ductape.Auth) string) {
	n := 0
	for i, fits := range wanted {
		if n < len(have) {
			a := q.app.Auth(have[n].Auth)
			if a == nil {
				q.errorf("no auth %q", have[n].Auth)
				return
			}
			why := fits(*a)
			if why == "" {
				n++
				continue
			}
			if n == 0 {
				q.errorf("auth %+v: %s", *a, why)
				continue
			}
		}
		if again := slices.ContainsFunc(have[:n], func(h ductape.SecurityNeed) bool { return fits(*q.app.Auth(h.Auth)) == "" }); !again {
			q.errorf("auth %d of %d is missing in %v", i+1, len(wanted), have)
		}
	}
	if n < len(have) {
		q.errorf("the action needs %v, want %d of them", have, n)
	}
}

// sameCredential compares an App's auth with a credential lifted out of a
// header or the query: its kind, its place, and the variables it comes from. A
// literal one is reported where it stood.
func (q *s2request) sameCredential(a ductape.Auth, c s2credential) string {
	value := strings.TrimSpace(c.value)
	want := ductape.Auth{Type: ductape.AuthAPIKey, In: ductape.InHeader, Name: c.header}
	word, rest, two := strings.Cut(value, " ")
	switch {
	case c.query != "":
		want.In, want.Name = ductape.InQuery, c.query
	case !strings.EqualFold(c.header, "Authorization"):
	case two && strings.EqualFold(word, "Bearer"):
		want, value = ductape.Auth{Type: ductape.AuthBearer}, rest
	case two && strings.EqualFold(word, "Basic"):
		want, value = ductape.Auth{Type: ductape.AuthBasic}, rest
	case two && strings.EqualFold(word, "Digest"):
		want, value = ductape.Auth{Type: ductape.AuthDigest}, rest
	case two && !strings.Contains(word, "{"):
		want.Prefix, value = word+" ", rest
	}
	if a.Type != want.Type || a.In != want.In || !strings.EqualFold(a.Name, want.Name) || a.Prefix != want.Prefix {
		return "want " + string(want.Type) + " " + string(want.In) + " " + want.Name + " " + want.Prefix
	}
	for _, v := range s2names(value) {
		if !strings.Contains(a.Description, "{{"+v+"}}") {
			return "it comes from {{" + v + "}}, which is lost"
		}
	}
	if value != "" && len(s2names(value)) == 0 && !q.says("secret_dropped", c.at) && !strings.HasPrefix(value, "<") {
		return c.header + c.query + " is dropped, and nothing says so"
	}
	return ""
}

// abroad reports whether the action goes to another site than the App.
func (q *s2request) abroad() bool {
	here, there := q.app.Envs[0].BaseURL, q.action.BaseURL
	return strings.Contains(there, "://") && !strings.ContainsAny(there, "{$") && s2site(here) != s2site(there)
}

// s2site is the end of a host: enough of it for the collections that are read.
func s2site(base string) string {
	_, host, _ := strings.Cut(base, "://")
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}
