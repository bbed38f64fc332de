package source

import (
	"context"
	"time"
)

// Watch reads the values that are in use again, on a schedule, until ctx ends: a
// run finds them read and does not wait. Call it once.
func (s *Sources) Watch(ctx context.Context) {
	every := s.cfg.Fresh / 2
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.refresh(ctx, every)
		case <-ctx.Done():
			return
		}
	}
}

// refresh reads again what is due within ahead, and forgets what nobody has asked
// for as long as a last value is used.
func (s *Sources) refresh(ctx context.Context, ahead time.Duration) {
	now := s.cfg.Now()
	s.kept.values.Range(func(key, value any) bool {
		ref, e := key.(string), value.(*entry)
		switch {
		case ctx.Err() != nil:
			return false
		case now.Sub(time.Unix(0, e.used.Load())) > s.cfg.Stale:
			s.drop(ref)
		case !now.Add(ahead).Before(e.next):
			select {
			case <-s.reread(ctx, ref, e.again):
			case <-ctx.Done():
			}
		}
		return true
	})
}

func (s *Sources) drop(ref string) {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if _, had := s.kept.values.LoadAndDelete(ref); had {
		s.kept.n--
	}
}
