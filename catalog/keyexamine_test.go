package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape/internal/secret"
)

func faults(t *testing.T, c *Catalog) []string {
	t.Helper()
	r, err := c.ExamineSeals(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, f := range r.Faults {
		out = append(out, fmt.Sprintf("%s %s %d: %s", f.Workspace, f.Key, f.Version, f.Problem))
	}
	slices.Sort(out)
	return out
}

// What was changed in the file with SQL is found, and named by its key.
func TestExamineSeals(t *testing.T) {
	ctx := context.Background()
	c, s, db := onFile(t)
	for _, key := range []string{"A", "B", "C"} {
		mustSet(t, c, key, "value-of-"+key, SecretScope{Apps: []string{"a"}})
	}
	mustRotate(t, c, "A", "second-of-A", time.Hour)
	mustSet(t, c, "GONE", "x", SecretScope{})
	if err := c.DeleteSecret(ctx, ws, "GONE"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SetSecret(ctx, "other", "A", secret.New("of-other"), SecretScope{}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RotateDataKey(ctx, "other"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.keyring.SessionKey(ctx, ws); err != nil {
		t.Fatal(err)
	}
	if _, err := c.RotateSessionKey(ctx, ws); err != nil {
		t.Fatal(err)
	}
	const (
		flip  = "UPDATE secrets SET sealed=CAST(substr(sealed,1,30)||x'00'||substr(sealed,32) AS BLOB)"
		cut   = "UPDATE secrets SET sealed=CAST(substr(sealed,1,length(sealed)-1) AS BLOB)"
		a2    = " WHERE workspace='default' AND name='A' AND version=2"
		does  = "does not open: the row was changed, cut or moved"
		dkey  = "the data key does not open: it was changed or moved"
		wrong = "wrong master key"
	)
	kept := rows(t, db)
	for name, tt := range map[string]struct {
		sql  string
		want []string
	}{
		"nothing":                 {"", nil},
		"a bit":                   {flip + a2, []string{"default A 2: " + does}},
		"an old version":          {flip + " WHERE workspace='default' AND name='A' AND version=1", []string{"default A 1: " + does}},
		"all":                     {flip, []string{"default A 1: " + does, "default A 2: " + does, "default B 1: " + does, "default C 1: " + does, "other A 1: " + does}},
		"cut":                     {cut + a2, []string{"default A 2: " + does}},
		"empty":                   {"UPDATE secrets SET sealed=x''" + a2, []string{"default A 2: " + does}},
		"rows swapped":            {"UPDATE secrets SET version=7 WHERE name='B'; UPDATE secrets SET name='B' WHERE name='C'; UPDATE secrets SET name='C', version=1 WHERE version=7", []string{"default B 1: " + does, "default C 1: " + does}},
		"moved to a workspace":    {"UPDATE secrets SET workspace='other' WHERE workspace='default' AND name='B'", []string{"other B 1: the data key \"secrets\" that sealed it is not there", "other B 1: the row was moved there"}},
		"another workspace's row": {"UPDATE secrets SET sealed=(SELECT sealed FROM secrets WHERE workspace='other'), data_key=(SELECT data_key FROM secrets WHERE workspace='other')" + a2, []string{"default A 2: the data key \"secrets.00002\" that sealed it is not there"}},
		"another name":            {"UPDATE secrets SET name='Z'" + a2, []string{"default A 2: the newest version is gone, and version 1", "default Z 2: does not open", "default Z 2: the row was moved there"}},
		"the newest deleted":      {"DELETE FROM secrets" + a2, []string{"default A 2: the newest version is gone, and version 1 is used in its place"}},
		"a wider scope":           {"UPDATE secrets SET doc=CAST(replace(CAST(doc AS TEXT), '\"apps\":[\"a\"]', '\"apps\":[\"x\"]') AS BLOB)" + a2, []string{"default A 2: " + does}},
		"another data key's name": {"UPDATE secrets SET data_key='zzzzzzzzzz' WHERE workspace='default' AND name='B'", []string{"default B 1: " + does}},
		"a document that is none": {"UPDATE secrets SET doc=x'7b'" + a2, []string{"default  0: the rows of secrets cannot be read"}},
		"a data key":              {"UPDATE data_keys SET sealed=CAST(substr(sealed,1,30)||x'00'||substr(sealed,32) AS BLOB) WHERE name='sessions/2'", []string{"default sessions/2 0: " + dkey}},
		"a data key's header":     {"UPDATE data_keys SET sealed=CAST(x'01ffffffff'||substr(sealed,6) AS BLOB) WHERE name='sessions'", []string{"default sessions 0: the data key does not open: " + wrong}},
		"a data key moved":        {"UPDATE data_keys SET sealed=(SELECT sealed FROM data_keys WHERE name='sessions') WHERE name='sessions/2'", []string{"default sessions/2 0: " + dkey}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := db.Exec(tt.sql); err != nil {
				t.Fatal(err)
			}
			defer restore(t, db, kept)
			fresh := New(Config{Store: s, Keyring: NewKeyring(s, c.keyring.master()), Now: c.now})
			got := faults(t, fresh)
			ok := len(got) == len(tt.want)
			for i := range got {
				ok = ok && strings.HasPrefix(got[i], tt.want[i])
			}
			if !ok {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			lacks(t, "the report", []byte(strings.Join(got, "\n")), "value-of")
		})
	}
}

// What takes too long is cut off, and the report says so.
func TestExamineSealsInTime(t *testing.T) {
	c, _ := newCatalog(t)
	for i := range 10 {
		mustSet(t, c, fmt.Sprint("K", i), "value", SecretScope{})
	}
	ctx, cancel := context.WithCancel(context.Background())
	var last, total int
	r, err := c.ExamineSeals(ctx, func(done, of int) {
		last, total = done, of
		if done == 4 {
			cancel()
		}
	})
	if err != nil || r.Secrets != 4 || r.Left != 6 || r.DataKeys != 1 || len(r.Faults) != 0 || last != 4 || total != 10 {
		t.Errorf("%+v, %v, %d of %d", r, err, last, total)
	}
}
