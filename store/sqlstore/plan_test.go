package sqlstore

import (
	"strings"
	"testing"

	"github.com/ductape-go/ductape/store"
)

// The statements whose cost must not grow with the size of the catalog or of the
// history: each finds its rows by an index, in order.
func TestStatementsUseIndices(t *testing.T) {
	s, err := OpenMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // a test's
	runs, _ := s.runsQuery(1, store.RunFilter{Product: "p", Env: "e", App: "a", Event: "v", Session: "s", User: "u", Outcome: "error", Before: "b"})
	for _, c := range []struct {
		pool
		text string
		args int
	}{
		{s.read, actionByName, 3},
		{s.read, "SELECT p.tag, a.tag, a.summary" + appsActions + " LIMIT ?", 4},
		{s.read, "SELECT doc, revoked_at FROM api_keys WHERE hash = ?", 1},
		{s.runsRead, runs, 10},
		{s.runsRead, "SELECT started_at, doc FROM runs WHERE ws = ? AND id = ?", 2},
	} {
		err := c.querier().each(t.Context(), func(scan func(...any) error) error {
			var id, parent, x int
			var step string
			if err := scan(&id, &parent, &x, &step); err != nil {
				return err
			}
			if strings.HasPrefix(step, "SCAN") || strings.Contains(step, "TEMP B-TREE") {
				t.Errorf("%s\n%s", step, c.text)
			}
			return nil
		}, "EXPLAIN QUERY PLAN "+c.text, make([]any, c.args)...)
		if err != nil {
			t.Error(err)
		}
	}
}
