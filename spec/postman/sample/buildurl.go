package sample

import (
	"net/url"
	"strings"

	"github.com/ductape-go/ductape"
)

// path makes parameters of what in the path opens the way.
func (a *built) path() {
	resource, names := CutTokens(a.action.Resource)
	for _, name := range names {
		a.action.Params = append(a.action.Params, ductape.Param{Name: name, In: ductape.InPath, Required: true})
		a.Warn(CodeSecretDropped, a.Where, "a part of the path looks like a secret and is not kept: give {"+name+"}")
	}
	a.action.Resource = resource
}

// query adds the query's parameters; credentials become auths.
func (a *built) query(u *url.URL) {
	at := map[string]int{} // :: name -> index in the action's Params
	values := map[string][]string{}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		k, v, _ := strings.Cut(pair, "=")
		name, value := unquery(k), unquery(v)
		if name == "" {
			continue
		}
		verdict := a.judge(ductape.InQuery, name, value)
		if verdict == Lift && IsLiteral(value) {
			a.lift(ductape.Auth{Type: ductape.AuthAPIKey, Name: name, In: ductape.InQuery}, value)
			continue
		}
		if _, again := at[name]; !again {
			at[name] = len(a.action.Params)
			a.action.Params = append(a.action.Params, ductape.Param{Name: name, In: ductape.InQuery})
		}
		if verdict != Drop {
			values[name] = append(values[name], value)
		}
	}
	for name, i := range at {
		p := &a.action.Params[i]
		if vs := values[name]; len(vs) > 1 {
			p.Type, p.Example = "array", Strings(vs)
		} else if len(vs) == 1 {
			p.Example = Quote(vs[0])
		}
	}
}

func unquery(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}

// judge is Judge, and says what is dropped.
func (a *built) judge(in ductape.Location, name, value string) Verdict {
	verdict := Judge(in, name, value)
	if verdict == Drop {
		a.Warn(CodeSecretDropped, a.Where, "the value of "+string(Quote(name))+" looks like a secret and is not kept")
	}
	return verdict
}
