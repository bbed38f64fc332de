package storetest

import (
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var textTests = []check{
	{"odd characters in ids come back and are told apart", oddIDs},
}

// odd are ids that quoting, patterns, collations or normalising might confuse.
var odd = []string{
	" ", "a", "A", "a ", " a", "ä", "a\u0308", "é'", `"`, "'; DROP TABLE apps; --", "%", "_", "?", "$1", "\\", "\n", "\x1f", "\x1fp=a",
	"😀", "漢字", "\u202e", "a/b", "a|b", "null", "0", "00", "1e0", "ﬁ", "ß", "ss", strings.Repeat("x", 4000),
}

func oddIDs(t *testing.T, f fixture) {
	for i, id := range odd {
		f.putApp(t, ws, &ductape.App{Tag: id, Name: id, Actions: []ductape.Action{{Tag: id, Aliases: []string{"alias " + id}}}})
		f.putProduct(t, ws, &ductape.Product{Tag: id, Name: id})
		ok(t, f.PutSecret(f.ctx, ws, sealed(id, 1)))
		ok(t, f.PutKey(f.ctx, key(ws, id, [32]byte{byte(i)})))
		ok(t, f.PutSession(f.ctx, ws, session(id, sessionStart)))
		run := runsOf(ws, 1)[0]
		run.ID, run.Event = id, id
		ok(t, f.AppendRuns(f.ctx, []ductape.RunRecord{run}))
		f.putApp(t, id, &ductape.App{Tag: "in", Name: id})
	}
	for _, id := range odd {
		same(t, "app", must(f.App(f.ctx, ws, id))(t).Name, id)
		same(t, "action", must(f.Action(f.ctx, ws, id, "alias "+id))(t).Tag, id)
		same(t, "product", must(f.Product(f.ctx, ws, id))(t).Name, id)
		same(t, "secret", must(f.Secret(f.ctx, ws, id))(t), sealed(id, 1))
		same(t, "session", must(f.Session(f.ctx, ws, id))(t), session(id, sessionStart))
		same(t, "run", must(f.RunByID(f.ctx, ws, id))(t).Event, id)
		found := must(f.Runs(f.ctx, ws, store.RunFilter{Event: id}))(t)
		if len(found) != 1 || found[0].ID != id {
			t.Errorf("event %q finds %d runs", id, len(found))
		}
		same(t, "workspace", must(f.App(f.ctx, id, "in"))(t).Name, id)
	}
	same(t, "apps", len(must(f.Apps(f.ctx, ws))(t)), len(odd))
	same(t, "keys", len(must(f.Keys(f.ctx, ws))(t)), len(odd))
}
