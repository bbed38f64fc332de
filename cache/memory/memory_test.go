package memory_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ductape-go/ductape/cache/cachetest"
	"github.com/ductape-go/ductape/cache/memory"
)

func TestMemoryIsACache(t *testing.T) {
	cachetest.Run(t, func(t *testing.T) cachetest.Opened {
		var passed atomic.Int64
		start := time.Now()
		c := open(t, memory.Config{Now: func() time.Time { return start.Add(time.Duration(passed.Load())) }})
		return cachetest.Opened{Cache: c, Advance: func(d time.Duration) { passed.Add(int64(d)) }}
	})
}

func TestMemoryStaysWithinItsBound(t *testing.T) {
	const bound = 1 << 20
	c := open(t, memory.Config{MaxBytes: bound})
	value := make([]byte, 4<<10)
	for i := range 2000 { // eight times the bound
		if err := c.Set(t.Context(), fmt.Sprint("key", i), value, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.Bytes(); got > bound || got < bound/2 {
		t.Errorf("holds %d bytes, want at most %d and at least half of it", got, bound)
	}
}

func TestAValueTooLargeIsNotKept(t *testing.T) {
	c := open(t, memory.Config{MaxBytes: 1 << 20})
	for _, tc := range []struct {
		size int
		kept bool
	}{{1 << 10, true}, {1<<16 - 512, true}, {1 << 16, false}, {1 << 21, false}} {
		if err := c.Set(t.Context(), "k", []byte("an older value"), time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := c.Set(t.Context(), "k", make([]byte, tc.size), time.Hour); err != nil {
			t.Fatal(err)
		}
		got, ok, _ := c.Get(t.Context(), "k")
		if ok != tc.kept || (ok && len(got) != tc.size) {
			t.Errorf("%d bytes: kept %v (%d bytes), want %v", tc.size, ok, len(got), tc.kept)
		}
	}
}

func TestAWrongBoundIsRefused(t *testing.T) {
	if _, err := memory.New(memory.Config{MaxBytes: -1}); err == nil {
		t.Error("a negative bound was accepted")
	}
}

func TestAHitAllocatesNothing(t *testing.T) {
	c := open(t, memory.Config{})
	ctx := t.Context()
	if err := c.Set(ctx, "k", []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { _, _, _ = c.Get(ctx, "k") }); n != 0 {
		t.Errorf("a hit allocates %v times", n)
	}
}

func BenchmarkHit(b *testing.B) {
	c := open(b, memory.Config{})
	if err := c.Set(b.Context(), "k", make([]byte, 1024), time.Hour); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, _ := c.Get(b.Context(), "k"); !ok {
			b.Fatal("miss")
		}
	}
}

func open(t testing.TB, cfg memory.Config) *memory.Cache {
	t.Helper()
	c, err := memory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
