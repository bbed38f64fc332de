package catalog

import (
	"math"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/session"
)

// maxExpiry bounds the expiry of a cache: what fits a time.Duration with room to add.
const maxExpiry = 100 * 365 * 24 * time.Hour

func checkCaches(p *problems, where string, caches []ductape.CachePolicy) {
	seen := map[string]bool{}
	for i, c := range caches {
		w := at(where+".caches", i, c.Tag)
		p.tag(w, "tag", c.Tag, seen)
		if c.Expiry <= 0 || c.Expiry > maxExpiry.Milliseconds() {
			p.add(w+".expiry", "must be a number of milliseconds above 0")
		}
	}
}

// plural brings the singular of a period to the form that is kept.
func plural(period string) string {
	if session.MostOf(period+"s") > 0 {
		return period + "s"
	}
	return period
}

func checkSessions(p *problems, where string, types []ductape.SessionType) {
	seen := map[string]bool{}
	for i, s := range types {
		w := at(where+".sessions", i, s.Tag)
		p.tag(w, "tag", s.Tag, seen)
		for _, x := range session.CheckType(s) {
			p.add(w+"."+x.Where, "%s", x.Message)
		}
		if !s.IsExternal() { // whose tokens have an expiry of their own
			checkExpiry(p, w, s)
		}
		checkSelector(p, w+".selector", s.Selector)
	}
}

func checkExpiry(p *problems, w string, s ductape.SessionType) {
	most := session.MostOf(s.Period)
	if most == 0 {
		p.add(w+".period", "%s", withHint("unknown period "+quote(s.Period), nearest.Hint(s.Period, session.Periods())))
		most = math.MaxInt64
	}
	if s.Expiry <= 0 || s.Expiry > most {
		p.add(w+".expiry", "must be a number of %s above 0, and at most 100 years", orAny(s.Period))
	}
	if s.RefreshExpiry < 0 || s.RefreshExpiry > most {
		p.add(w+".refresh_expiry", "must be a number of %s, 0 for sessions that cannot be refreshed", orAny(s.Period))
	}
}

func checkSelector(p *problems, where, selector string) {
	if selector == "" {
		return
	}
	t := p.template(where, selector)
	if t == nil {
		return
	}
	if !session.Selects(t) {
		p.add(where, "must be a $Session reference, as in $Session{user}{id}, or a function of such")
	}
}
