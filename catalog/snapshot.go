package catalog

import (
	"maps"
	"sync/atomic"
)

// A snapshot is a map that is read far more often than written: reading takes
// no lock and allocates nothing, writing copies the map.
type snapshot[K comparable, V any] struct {
	current atomic.Pointer[map[K]V]
}

func (s *snapshot[K, V]) load(k K) (v V, ok bool) {
	if m := s.current.Load(); m != nil {
		v, ok = (*m)[k]
	}
	return v, ok
}

// store puts v under k. Past most entries it begins anew; 0 means no bound.
func (s *snapshot[K, V]) store(k K, v V, most int) {
	for {
		old := s.current.Load()
		next := make(map[K]V)
		if old != nil && (most == 0 || len(*old) < most) {
			maps.Copy(next, *old)
		}
		next[k] = v
		if s.current.CompareAndSwap(old, &next) {
			return
		}
	}
}

// drop forgets what is under k.
func (s *snapshot[K, V]) drop(k K) {
	for {
		old := s.current.Load()
		if old == nil {
			return
		}
		next := maps.Clone(*old)
		delete(next, k)
		if s.current.CompareAndSwap(old, &next) {
			return
		}
	}
}
