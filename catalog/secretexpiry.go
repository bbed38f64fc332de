package catalog

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ductape-go/ductape"
)

// WarnBefore is how long before a secret expires its uses warn of it.
const WarnBefore = 7 * 24 * time.Hour

// ExpiryWarning says when a secret that expires soon, or has expired, does so; ""
// for one that does not.
func ExpiryWarning(s *ductape.Secret, now time.Time) string {
	if s.ExpiresAt == nil {
		return ""
	}
	switch left := s.ExpiresAt.Sub(now); {
	case left <= 0:
		return fmt.Sprintf("secret %s expired on %s", s.Key, s.ExpiresAt.UTC().Format(time.RFC3339))
	case left <= WarnBefore:
		return fmt.Sprintf("secret %s expires in %s", s.Key, about(left))
	}
	return ""
}

// about names a time in its largest unit, rounded down.
func about(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return count(int(d/(24*time.Hour)), "day")
	case d >= time.Hour:
		return count(int(d/time.Hour), "hour")
	}
	return "less than an hour"
}

// Warnings gathers what is to be said of the secrets that one request opens.
type Warnings struct {
	context.Context
	mu   sync.Mutex
	list []string
}

type warningsKey struct{}

// WatchSecrets returns a context that gathers the warnings of the secrets that
// are opened under it. A run that uses a credential opened within the second
// before opens none, so it may go without.
func WatchSecrets(ctx context.Context) *Warnings { return &Warnings{Context: ctx} }

// Value implements context.Context.
func (w *Warnings) Value(key any) any {
	if key == (warningsKey{}) {
		return w
	}
	return w.Context.Value(key)
}

// List returns the warnings, each once.
func (w *Warnings) List() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.list)
}

func (w *Warnings) add(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.list, text) {
		w.list = append(w.list, text)
	}
}

// A warned says which day a secret was last warned of in the log.
type warned struct {
	mu   sync.Mutex
	days map[useKey]int64
}

func (w *warned) first(k useKey, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	day := now.Unix() / 86400
	if w.days == nil {
		w.days = map[useKey]int64{}
	}
	if last, ok := w.days[k]; ok && last == day {
		return false
	}
	w.days[k] = day
	return true
}

// warn tells the request, and once a day the log, of a secret that expires soon
// and of a pinned version that ends.
func (c *Catalog) warn(ctx context.Context, ws string, s *openedSecret, now time.Time) {
	text := ExpiryWarning(&s.meta, now)
	if text == "" && s.until != nil {
		text = fmt.Sprintf("version %d of secret %s was replaced and ends in %s", s.ref.version, s.ref.key, about(s.until.Sub(now)))
	}
	if text == "" {
		return
	}
	if w, ok := ctx.Value(warningsKey{}).(*Warnings); ok {
		w.add(text)
	}
	if c.warned.first(useKey{ws, s.meta.Key}, now) {
		c.logger().Warn(text, "workspace", ws)
	}
}
