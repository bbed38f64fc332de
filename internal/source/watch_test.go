package source

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

// What is in use is read again before it is too old, so that no run waits; what
// is not is forgotten.
func TestReadOnASchedule(t *testing.T) {
	w := newWorld(t)
	w.vault.set("stripe", map[string]any{"key": "one"})
	const ref = "vault:secret/stripe#key"
	want := func(value string, code ductape.Code, asked int64) {
		t.Helper()
		v, err := w.Read(t.Context(), ws, ref)
		if v.Expose() != value || ductape.CodeOf(err) != code || w.vault.asked.Load() != asked {
			t.Errorf("%q, %v, asked %d times; want %q, %q, %d", v.Expose(), err, w.vault.asked.Load(), value, code, asked)
		}
	}
	tick := func(after time.Duration) {
		w.clock.add(after)
		w.refresh(t.Context(), 30*time.Second)
	}
	want("one", "", 1)
	w.vault.set("stripe", map[string]any{"key": "two"})
	tick(29 * time.Second)
	want("one", "", 1) // it is good for another tick
	tick(30 * time.Second)
	want("two", "", 2) // and this was read by the schedule
	w.vault.set("stripe", nil)
	tick(time.Minute)
	want("", ductape.CodeCredentialMissing, 3)
	w.vault.set("stripe", map[string]any{"key": "three"})
	tick(time.Minute)
	want("three", "", 4)
	tick(16 * time.Minute) // nobody asked for it
	if _, kept := w.kept.values.Load(ref); kept || w.kept.n != 0 {
		t.Errorf("kept: %v, %d", kept, w.kept.n)
	}
	if w.vault.asked.Load() != 4 {
		t.Errorf("asked %d times", w.vault.asked.Load())
	}
}
