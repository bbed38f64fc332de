package run

import (
	"sync"
	"sync/atomic"
)

// plans keeps compiled plans. Readers share no lock; when it holds too many it
// starts again, which costs each action one more compile.
type plans struct {
	m sync.Map // :: planKey -> *plan
	n atomic.Int64
}

const maxPlans = 20_000

func (p *plans) get(key planKey) (*plan, bool) {
	v, ok := p.m.Load(key)
	if !ok {
		return nil, false
	}
	return v.(*plan), true
}

func (p *plans) put(key planKey, v *plan) {
	if p.n.Load() >= maxPlans {
		p.m.Clear()
		p.n.Store(0)
	}
	if _, had := p.m.Swap(key, v); !had {
		p.n.Add(1)
	}
}
