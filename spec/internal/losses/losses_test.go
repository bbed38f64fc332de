package losses

import (
	"strconv"
	"strings"
	"testing"
)

func TestWarningsAreBoundedAndCounted(t *testing.T) {
	var l List
	for i := range maxOfCode + 2000 {
		l.Add("many", strconv.Itoa(i), "text")
		l.Add("many", strconv.Itoa(i), "text") // said already
	}
	l.Add("other", strings.Repeat("é", 1000), strings.Repeat("x", 5000))
	all := l.Warnings()
	if len(all) != maxOfCode+2 {
		t.Fatalf("%d warnings", len(all))
	}
	if last := all[len(all)-1]; last.Code != "many" || last.Message != "and 2000 more" {
		t.Errorf("the last is %v", last)
	}
	if w := all[maxOfCode]; w.Where != strings.Repeat("é", MaxWhere/2)+"…" || len(w.Message) != maxMessage+len("…") {
		t.Errorf("%d bytes of place, %d of message", len(w.Where), len(w.Message))
	}
}

func TestWarningsAreBoundedInBytes(t *testing.T) {
	var l List
	for i := range 100_000 {
		l.Add("code"+strconv.Itoa(i%50), strconv.Itoa(i), strings.Repeat("x", 5000))
	}
	size := 0
	for _, w := range l.Warnings() {
		size += len(w.Where) + len(w.Message)
	}
	if size > maxBytes+10_000 {
		t.Errorf("%d bytes", size)
	}
}

func TestClipCutsBetweenCharacters(t *testing.T) {
	for in, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abcd…", "abcé": "abc…", "abcde€": "abcd…"} {
		if got := Clip(in, 4); got != want {
			t.Errorf("Clip(%q) = %q, want %q", in, got, want)
		}
	}
}
