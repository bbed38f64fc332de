package postman_test

import (
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
)

// An s2request is one request being compared.
type s2request struct {
	*s2reading
	t      *testing.T
	req    *s2req
	action *ductape.Action
	scope  s2scope
	at     string
	where  string // name of the request, for messages

	scripted bool // a script runs before it, which may set the auth

	media   string           // of the Content-Type header
	mediaAt string           // its place
	lifted  []s2credential   // credentials that are no parameters
	met     map[string][]int // :: location -> indices of the parameters met
}

func (q *s2request) errorf(format string, args ...any) {
	q.t.Helper()
	q.t.Errorf("%s (%s): "+format, append([]any{q.at, q.where}, args...)...)
}

// method is in capitals; Postman takes GET where none is named.
func (q *s2request) method() {
	want := strings.ToUpper(strings.TrimSpace(string(q.req.Method)))
	if want == "" {
		want = "GET"
	}
	if q.action.Method != want {
		q.errorf("method %s, want %s", q.action.Method, want)
	}
	q.sum.Compared.Method++
}

// param returns the parameter of a place and name, nil where there is none, and
// notes that it was met. Names of headers are alike in any case.
func (q *s2request) param(in ductape.Location, name string) *ductape.Param {
	for i := range q.action.Params {
		p := &q.action.Params[i]
		if p.In == in && (p.Name == name || in == ductape.InHeader && strings.EqualFold(p.Name, name)) {
			if q.met == nil {
				q.met = map[string][]int{}
			}
			q.met[string(in)] = append(q.met[string(in)], i)
			return p
		}
	}
	return nil
}

// leftovers: the action has no parameter that the request has not, and those of
// one place stand in the request's order.
func (q *s2request) leftovers() {
	met := map[int]bool{}
	for in, order := range q.met {
		last := -1
		for _, i := range order {
			if i < last && !met[i] {
				q.errorf("%s parameters are out of order: %s", in, q.action.Params[i].Name)
			}
			last = max(last, i)
			met[i] = true
		}
	}
	for i, p := range q.action.Params {
		if !met[i] {
			q.errorf("%s parameter %q is not in the request", p.In, p.Name)
		}
	}
}
