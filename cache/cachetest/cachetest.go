// Package cachetest is the proof that every cache passes. An implementation's
// test is one call of Run; a new promise of cache.Cache goes in here first.
package cachetest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ductape-go/ductape/cache"
)

// An Opened is an empty cache under test. It holds at least a hundred entries
// of a kilobyte each, and the test that opened it closes it.
type Opened struct {
	Cache cache.Cache

	// Advance moves the cache's clock. When nil, what needs it is skipped with
	// a message.
	Advance func(time.Duration)
}

// Run proves the cache that open returns; open is called once for each subtest
// and cleans up through t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) Opened) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, o Opened)
	}{
		{"a missing key is a miss without an error", testMissing},
		{"what was set comes back byte for byte", testRoundTrip},
		{"an empty value is a hit", testEmptyValue},
		{"the newest value wins", testReplace},
		{"keys that resemble each other do not collide", testKeys},
		{"a value is gone when its time is over", testExpiry},
		{"setting again begins the time anew", testExpiryRenewed},
		{"no time to live means no value", testNoTTL},
		{"delete forgets one key", testDelete},
		{"delete prefix forgets those keys only", testDeletePrefix},
		{"the empty prefix forgets everything", testDeleteAll},
		{"a prefix is text and not a pattern", testPrefixIsText},
		{"many callers at once see whole values", testConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func testMissing(t *testing.T, o Opened) { lacks(t, o, "nothing") }

func testRoundTrip(t *testing.T, o Opened) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	set(t, o, "bytes", all, time.Minute)
	has(t, o, "bytes", all)
}

func testEmptyValue(t *testing.T, o Opened) {
	set(t, o, "empty", nil, time.Minute)
	has(t, o, "empty", nil)
}

func testReplace(t *testing.T, o Opened) {
	set(t, o, "k", []byte("old"), time.Minute)
	set(t, o, "k", []byte("newer and longer"), time.Minute)
	has(t, o, "k", []byte("newer and longer"))
}

func testKeys(t *testing.T, o Opened) {
	keys := []string{"", "a", "A", "a ", " a", "a\x00", "a\n", "a:b", "a:b:", "ä", "a\u0308", "a*", "\xff", "\xfe"}
	for i, k := range keys {
		set(t, o, k, fmt.Appendf(nil, "value %d", i), time.Minute)
	}
	for i, k := range keys {
		has(t, o, k, fmt.Appendf(nil, "value %d", i))
	}
}

func testExpiry(t *testing.T, o Opened) {
	needsClock(t, o)
	set(t, o, "short", []byte("s"), 100*time.Millisecond)
	set(t, o, "long", []byte("l"), time.Hour)
	o.Advance(99 * time.Millisecond)
	has(t, o, "short", []byte("s"))
	o.Advance(2 * time.Millisecond)
	lacks(t, o, "short")
	has(t, o, "long", []byte("l"))
	o.Advance(time.Hour)
	lacks(t, o, "long")
}

func testExpiryRenewed(t *testing.T, o Opened) {
	needsClock(t, o)
	set(t, o, "k", []byte("1"), time.Minute)
	o.Advance(59 * time.Second)
	set(t, o, "k", []byte("2"), time.Minute)
	o.Advance(59 * time.Second)
	has(t, o, "k", []byte("2"))
	set(t, o, "k", []byte("3"), time.Second)
	o.Advance(2 * time.Second)
	lacks(t, o, "k")
}

func testNoTTL(t *testing.T, o Opened) {
	for _, ttl := range []time.Duration{0, -time.Second} {
		set(t, o, "k", []byte("before"), time.Minute)
		set(t, o, "k", []byte("now"), ttl)
		lacks(t, o, "k")
	}
}

func testDelete(t *testing.T, o Opened) {
	set(t, o, "a", []byte("1"), time.Minute)
	set(t, o, "ab", []byte("2"), time.Minute)
	for range 2 { // the second time there is nothing left to delete
		if err := o.Cache.Delete(t.Context(), "a"); err != nil {
			t.Fatalf("Delete: %v", err)
		}
	}
	lacks(t, o, "a")
	has(t, o, "ab", []byte("2"))
}

func testDeletePrefix(t *testing.T, o Opened) {
	for _, k := range []string{"ws1:a", "ws1:b", "ws1:", "ws10:a", "ws2:ws1:"} {
		set(t, o, k, []byte(k), time.Minute)
	}
	deletePrefix(t, o, "ws1:")
	for _, k := range []string{"ws1:a", "ws1:b", "ws1:"} {
		lacks(t, o, k)
	}
	for _, k := range []string{"ws10:a", "ws2:ws1:"} {
		has(t, o, k, []byte(k))
	}
}

func testDeleteAll(t *testing.T, o Opened) {
	set(t, o, "a", []byte("1"), time.Minute)
	set(t, o, "b", []byte("2"), time.Minute)
	deletePrefix(t, o, "")
	lacks(t, o, "a")
	lacks(t, o, "b")
}

func testPrefixIsText(t *testing.T, o Opened) {
	for _, k := range []string{"a*c", "abc", "a[b]c", `a\c`, "a?c"} {
		set(t, o, k, []byte(k), time.Minute)
	}
	for _, prefix := range []string{"a*", "a[b]", `a\`, "a?"} {
		deletePrefix(t, o, prefix)
	}
	has(t, o, "abc", []byte("abc"))
	for _, k := range []string{"a*c", "a[b]c", `a\c`, "a?c"} {
		lacks(t, o, k)
	}
}

func testConcurrent(t *testing.T, o Opened) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			mine := bytes.Repeat([]byte{byte('a' + i)}, 512)
			for n := range 100 {
				key := fmt.Sprint("k", n%10)
				if err := o.Cache.Set(context.Background(), key, mine, time.Minute); err != nil {
					t.Errorf("Set: %v", err)
				}
				got, ok, err := o.Cache.Get(context.Background(), key)
				if err != nil {
					t.Errorf("Get: %v", err)
				}
				if ok && (len(got) != 512 || bytes.Count(got, got[:1]) != 512) {
					t.Errorf("a value is torn: %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func needsClock(t *testing.T, o Opened) {
	t.Helper()
	if o.Advance == nil {
		t.Skip("this cache's clock cannot be moved")
	}
}

func set(t *testing.T, o Opened, key string, value []byte, ttl time.Duration) {
	t.Helper()
	if err := o.Cache.Set(t.Context(), key, value, ttl); err != nil {
		t.Fatalf("Set(%q): %v", key, err)
	}
}

func has(t *testing.T, o Opened, key string, want []byte) {
	t.Helper()
	got, ok, err := o.Cache.Get(t.Context(), key)
	if err != nil || !ok || !bytes.Equal(got, want) {
		t.Errorf("Get(%q) = %q, %v, %v; want %q", key, got, ok, err, want)
	}
}

func lacks(t *testing.T, o Opened, key string) {
	t.Helper()
	if got, ok, err := o.Cache.Get(t.Context(), key); ok || err != nil {
		t.Errorf("Get(%q) = %q, %v, %v; want a miss", key, got, ok, err)
	}
}

func deletePrefix(t *testing.T, o Opened, prefix string) {
	t.Helper()
	if err := o.Cache.DeletePrefix(t.Context(), prefix); err != nil {
		t.Fatalf("DeletePrefix(%q): %v", prefix, err)
	}
}
