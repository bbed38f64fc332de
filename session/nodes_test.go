package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// counted counts the reads of a store's sessions.
type counted struct {
	store.Store
	revoked int
}

func (c *counted) RevokedSessions(ctx context.Context, ws string, now time.Time) ([]string, error) {
	c.revoked++
	return c.Store.RevokedSessions(ctx, ws, now)
}

// Two nodes have one folder. What one revokes the other refuses, and reads the
// database once for it, however many runs there are.
func TestRevocationReachesTheOtherNode(t *testing.T) {
	folder := t.TempDir()
	node := func() (*session.Service, *counted) {
		s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		err = s.Change(t.Context(), "default", func(tx store.Tx) error {
			return tx.PutProduct(t.Context(), &ductape.Product{Tag: scope.Product, Envs: []ductape.ProductEnv{{Slug: scope.Env}}, Sessions: []ductape.SessionType{scope.Type}})
		})
		if err != nil {
			t.Fatal(err)
		}
		c := &counted{Store: s}
		return session.New(session.Config{Store: c, Keys: keys{}, Version: s.Version, Product: s.Product}), c
	}
	here, _ := node()
	there, reads := node()
	for round := range 5 {
		s, err := here.Start(t.Context(), scope, []byte(ana))
		if err != nil {
			t.Fatal(err)
		}
		ref := ductape.SessionRef{Tag: "user-session", Token: s.Token}
		for range 100 {
			if _, err := there.Verify(t.Context(), "default", "my-product", "dev", ref); err != nil {
				t.Fatal(err)
			}
		}
		before := reads.revoked
		if n, err := here.Revoke(t.Context(), "default", s.SessionID, ""); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		begin, runs := time.Now(), 0
		for err == nil && time.Since(begin) < 10*time.Second {
			_, err = there.Verify(t.Context(), "default", "my-product", "dev", ref)
			runs++
		}
		wantCode(t, err, ductape.CodeSessionRevoked)
		t.Logf("round %d: refused after %v and %d runs", round, time.Since(begin), runs)
		if reads.revoked-before != 1 {
			t.Errorf("%d reads of the revoked sessions", reads.revoked-before)
		}
	}
}
