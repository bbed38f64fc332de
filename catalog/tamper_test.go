package catalog

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store/sqlstore"
)

// Whoever can write to the database file can neither read a secret nor make
// another be used in its place: every change below, made with SQL, is found.
func TestTamperedFile(t *testing.T) {
	ctx := context.Background()
	c, s, db := onFile(t)
	later := c.now().Add(time.Hour)
	mustSet(t, c, "A", "value-of-a", SecretScope{Apps: []string{"a"}, ExpiresAt: &later})
	mustRotate(t, c, "A", "second-of-a", time.Hour)
	mustSet(t, c, "B", "value-of-b", SecretScope{Apps: []string{"b"}})
	mustSet(t, c, "A-", "value-of-a-", SecretScope{})
	if _, err := c.SetSecret(ctx, "other", "A", secret.New("of-other"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	sealed := blob(t, db, "SELECT sealed FROM secrets WHERE workspace='default' AND name='A' AND version=2")
	dataKey := blob(t, db, "SELECT sealed FROM data_keys WHERE workspace='default'")

	// A row that is gone is as one that never was: the version before it is used,
	// as after a backup is put back.
	type change struct {
		name, sql string
		args      []any
		removes   bool
	}
	const thisRow = " WHERE workspace='default' AND name='A' AND version=2"
	changes := []change{
		{"another version's value", "UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE workspace='default' AND name='A' AND version=1)" + thisRow, nil, false},
		{"another secret's value", "UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE workspace='default' AND name='B')" + thisRow, nil, false},
		{"another workspace's value", "UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE workspace='other' AND name='A')" + thisRow, nil, false},
		{"another secret's row", "UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE name='B'), doc=(SELECT doc FROM secrets WHERE name='B')" + thisRow, nil, false},
		{"a wider scope", "UPDATE secrets SET doc=CAST(replace(CAST(doc AS TEXT), '\"apps\":[\"a\"]', '\"apps\":[\"a\",\"x\"]') AS BLOB)" + thisRow, nil, false},
		{"no scope", "UPDATE secrets SET doc=CAST(replace(CAST(doc AS TEXT), '\"apps\":[\"a\"],', '') AS BLOB)" + thisRow, nil, false},
		{"a longer grace", "UPDATE secrets SET doc=CAST(replace(CAST(doc AS TEXT), '\"previous_until\":\"2026', '\"previous_until\":\"2099') AS BLOB)" + thisRow, nil, false},
		{"a place to read from", "UPDATE secrets SET doc=CAST(replace(CAST(doc AS TEXT), '\"apps\"', '\"from\":\"env:HOME\",\"apps\"') AS BLOB)" + thisRow, nil, false},
		{"another key's name", "UPDATE secrets SET name='C'" + thisRow, nil, true},
		{"another version's row", "UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE workspace='default' AND name='A' AND version=1), doc=(SELECT doc FROM secrets WHERE workspace='default' AND name='A' AND version=1)" + thisRow, nil, false},
		{"empty", "UPDATE secrets SET sealed=x''" + thisRow, nil, false},
		{"another workspace's data key", "UPDATE data_keys SET sealed=(SELECT sealed FROM data_keys WHERE workspace='other') WHERE workspace='default'", nil, false},
	}
	for i := range sealed {
		flipped := slices.Clone(sealed)
		flipped[i] ^= 1 << (i % 8)
		changes = append(changes, change{"a bit", "UPDATE secrets SET sealed=?" + thisRow, []any{flipped}, false})
		changes = append(changes, change{"cut", "UPDATE secrets SET sealed=?" + thisRow, []any{sealed[:i]}, false})
	}
	for i := range dataKey {
		flipped := slices.Clone(dataKey)
		flipped[i] ^= 1 << (i % 8)
		changes = append(changes, change{"a bit of the data key", "UPDATE data_keys SET sealed=? WHERE workspace='default'", []any{flipped}, false})
		changes = append(changes, change{"the data key cut", "UPDATE data_keys SET sealed=? WHERE workspace='default'", []any{dataKey[:i]}, false})
	}
	kept := rows(t, db)
	for _, ch := range changes {
		if _, err := db.Exec(ch.sql, ch.args...); err != nil {
			t.Fatalf("%s: %v", ch.name, err)
		}
		fresh := New(Config{Store: s, Keyring: NewKeyring(s, c.keyring.master()), Now: c.now})
		for _, use := range []ductape.SecretUse{{App: "a"}, {App: "b"}, {App: "x"}} {
			for _, key := range []string{"A", "A@2", "C"} {
				v, err := fresh.OpenSecret(ctx, ws, key, use)
				if err == nil && !(ch.removes && v.Expose() == "value-of-a") {
					t.Errorf("%s: %s opens to %q for %s", ch.name, key, v.Expose(), use.App)
				}
			}
		}
		restore(t, db, kept)
	}
	t.Logf("%d changes", len(changes))
	fresh := New(Config{Store: s, Keyring: NewKeyring(s, c.keyring.master()), Now: c.now})
	opens(t, fresh, "A", "second-of-a")
	opens(t, fresh, "A@1", "value-of-a")
}

// A row whose document cannot be read is named wherever it is met, and can be
// deleted.
func TestDamagedRow(t *testing.T) {
	ctx := context.Background()
	c, _, db := onFile(t)
	mustSet(t, c, "A", "value-of-a", SecretScope{})
	mustSet(t, c, "B", "value-of-b", SecretScope{})
	if _, err := db.Exec("UPDATE secrets SET doc=x'7b' WHERE name='A'"); err != nil {
		t.Fatal(err)
	}
	_, listed := c.Secrets(ctx, ws)
	_, opened := c.OpenSecret(ctx, ws, "A", ductape.SecretUse{App: "a"})
	for _, err := range []error{listed, opened} {
		var e *ductape.Error
		if !errors.As(err, &e) || !strings.Contains(e.Message, `version 1 of secret "A": damaged`) || e.Hint == "" {
			t.Errorf("%v", err)
		}
	}
	if err := c.DeleteSecret(ctx, ws, "A"); err != nil {
		t.Error(err)
	}
	if all, err := c.Secrets(ctx, ws); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}

// onFile is a catalog over a store in a file, and the file, to be changed with SQL.
func onFile(t *testing.T) (*Catalog, *sqlstore.Store, *sql.DB) {
	t.Helper()
	folder := t.TempDir()
	s, err := sqlstore.OpenSQLite(t.Context(), folder, sqlstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	db, err := sql.Open("sqlite", filepath.Join(folder, "ductape.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c, _ := over(t, s)
	return c, s, db
}

func blob(t *testing.T, db *sql.DB, text string) (b []byte) {
	t.Helper()
	if err := db.QueryRow(text).Scan(&b); err != nil {
		t.Fatal(err)
	}
	return b
}

type secretRow struct {
	workspace, name string
	version         int
	sealed, doc     []byte
	dataKey         string
}

type keptRows struct {
	secrets []secretRow
	keys    [][3]any
}

// rows is all there is of secrets and data keys.
func rows(t *testing.T, db *sql.DB) (k keptRows) {
	t.Helper()
	found, err := db.Query("SELECT workspace, name, version, sealed, doc, data_key FROM secrets")
	if err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		var r secretRow
		if err := found.Scan(&r.workspace, &r.name, &r.version, &r.sealed, &r.doc, &r.dataKey); err != nil {
			t.Fatal(err)
		}
		k.secrets = append(k.secrets, r)
	}
	if found, err = db.Query("SELECT workspace, name, sealed FROM data_keys"); err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		var workspace, name string
		var sealed []byte
		if err := found.Scan(&workspace, &name, &sealed); err != nil {
			t.Fatal(err)
		}
		k.keys = append(k.keys, [3]any{workspace, name, sealed})
	}
	return k
}

func restore(t *testing.T, db *sql.DB, k keptRows) {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	do := func(text string, args ...any) {
		if _, err := tx.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	do("DELETE FROM secrets")
	do("DELETE FROM data_keys")
	for _, r := range k.secrets {
		do("INSERT INTO secrets (workspace, name, version, sealed, doc, data_key) VALUES (?, ?, ?, ?, ?, ?)", r.workspace, r.name, r.version, r.sealed, r.doc, r.dataKey)
	}
	for _, r := range k.keys {
		do("INSERT INTO data_keys (workspace, name, sealed) VALUES (?, ?, ?)", r[0], r[1], r[2])
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
