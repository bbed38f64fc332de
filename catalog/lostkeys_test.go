package catalog

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// tampered is a catalog over a file that a test changes with SQL. Fresh is
// another process on the same file.
func tampered(t *testing.T) (c *Catalog, exec func(string), fresh func() *Catalog) {
	t.Helper()
	c, s, db := onFile(t)
	exec = func(text string) {
		t.Helper()
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	return c, exec, func() *Catalog {
		return New(Config{Store: s, Keyring: NewKeyring(s, c.keyring.master()), Now: c.now})
	}
}

// A data key that is gone is missed by name and not made anew beside the rows
// that it sealed.
func TestLostDataKeyIsMissed(t *testing.T) {
	ctx := context.Background()
	for name, key := range map[string]string{"the first": "secrets", "a later one": "secrets.00002"} {
		t.Run(name, func(t *testing.T) {
			c, exec, fresh := tampered(t)
			mustSet(t, c, "OLD", "value-of-old", SecretScope{})
			if key != "secrets" {
				if _, err := c.RotateDataKey(ctx, ws); err != nil {
					t.Fatal(err)
				}
			}
			exec("DELETE FROM data_keys WHERE name LIKE 'secrets%'")
			for what, try := range map[string]func(c *Catalog) error{
				"open": func(c *Catalog) error { _, err := c.OpenSecret(ctx, ws, "OLD", ductape.SecretUse{}); return err },
				"set": func(c *Catalog) error {
					_, err := c.SetSecret(ctx, ws, "NEW", secret.New("x"), SecretScope{})
					return err
				},
				"rotate": func(c *Catalog) error { _, err := c.RotateDataKey(ctx, ws); return err },
			} {
				e := wantCode(t, try(fresh()), ductape.CodeInternal)
				missing := key
				if what != "open" {
					missing = "secrets"
				}
				contains(t, what+": "+e.Message, `the data key "`+missing+`" of the workspace "default" is gone`)
				contains(t, what+": "+e.Hint, "from a copy", "doctor")
			}
			if _, err := c.SetSecret(ctx, ws, "NEW", secret.New("x"), SecretScope{}); err == nil {
				t.Error("a process that still has the key in memory seals with it")
			}
			if all, err := c.store.DataKeys(ctx); err != nil || len(all) != 0 {
				t.Errorf("data keys were made: %v, %v", all, err)
			}
			contains(t, strings.Join(faults(t, fresh()), "\n"), `default OLD 1: the data key "`+key+`" that sealed it is not there`)
			// Without a copy, what it sealed is deleted, and there is a way on.
			again := fresh()
			if err := again.DeleteSecret(ctx, ws, "OLD"); err != nil {
				t.Fatal(err)
			}
			mustSet(t, again, "NEW", "new", SecretScope{})
		})
	}
}

func TestLostSessionKeyIsMissed(t *testing.T) {
	ctx := context.Background()
	c, exec, fresh := tampered(t)
	if _, err := c.keyring.SessionKeys(ctx, ws); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	row := &store.SessionRow{ID: "ses_1", Product: "p", Env: "dev", Tag: "t", StartedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour)}
	if err := c.store.PutSession(ctx, ws, row); err != nil {
		t.Fatal(err)
	}
	exec("DELETE FROM data_keys")
	missed := func(why string) {
		t.Helper()
		_, err := fresh().keyring.SessionKeys(ctx, ws)
		e := wantCode(t, err, ductape.CodeInternal)
		contains(t, why+": "+e.Message, `the data key "sessions" of the workspace "default" is gone`)
		contains(t, e.Hint, "sessions revoke")
		contains(t, strings.Join(faults(t, fresh()), "\n"), "default sessions 0: the data key is gone")
	}
	missed("a session is active")
	if _, err := c.store.RevokeSessions(ctx, ws, "ses_1", "", now); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RotateSessionKey(ctx, ws); err != nil {
		t.Fatal(err)
	}
	exec("DELETE FROM data_keys WHERE name='sessions'")
	missed("a later key is there")
	exec("DELETE FROM data_keys")
	if _, err := fresh().keyring.SessionKeys(ctx, ws); err != nil {
		t.Errorf("nothing needs it any more: %v", err)
	}
}
