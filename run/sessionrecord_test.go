package run_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/embedded"
	"github.com/ductape-go/ductape/store"
)

// Whatever ended a run, its record is its session's where the session's token was
// signed here, and nobody's where it was not.
func TestRefusedRunsAreTiedToTheirSession(t *testing.T) {
	now := time.Now()
	w := newWorldWith(t, embedded.Config{Now: func() time.Time { return now }})
	ref := w.startSession("dev", `{"user":{"id":"42"}}`)
	good := w.call("get_thing", `{"params":{"id":"1"}}`)
	good.Session = ref
	if _, err := w.runCall(good); err != nil {
		t.Fatal(err)
	}
	user, err := w.Sessions.Identifier(context.Background(), ductape.DefaultWorkspace, "42")
	if err != nil {
		t.Fatal(err)
	}
	mine := w.record()
	if mine.Session == "" || mine.Identifier != user {
		t.Fatalf("%+v", mine)
	}
	at := strings.LastIndexByte(ref.Token, '.') + 1
	forged := ref.Token[:at] + strings.Repeat("A", len(ref.Token)-at)
	for name, c := range map[string]struct {
		change func(*ductape.Call)
		code   ductape.Code
		tied   bool
	}{
		"unknown action":    {func(c *ductape.Call) { c.Event = "no_such" }, ductape.CodeUnknownAction, true},
		"unknown product":   {func(c *ductape.Call) { c.Product = "no_such" }, ductape.CodeUnknownProduct, true},
		"unknown env":       {func(c *ductape.Call) { c.Env = "no_such" }, ductape.CodeUnknownEnv, true},
		"another env":       {func(c *ductape.Call) { c.Env = "prd" }, ductape.CodeSessionInvalid, true},
		"not connected":     {func(c *ductape.Call) { c.App = "no_such" }, ductape.CodeNotConnected, true},
		"names nothing":     {func(c *ductape.Call) { c.Event = "" }, ductape.CodeInvalidInput, true},
		"bad input":         {func(c *ductape.Call) { c.Input = []byte(`{"query":{}}`) }, ductape.CodeInvalidInput, true},
		"unknown type":      {func(c *ductape.Call) { c.Session.Tag = "no_such" }, ductape.CodeUnknownSession, true},
		"unresolved":        {func(c *ductape.Call) { c.Input = []byte(`{"params":{"id":"$Session{none}"}}`) }, ductape.CodeUnresolvedPlaceholder, true},
		"forged":            {func(c *ductape.Call) { c.Session.Token = forged }, ductape.CodeSessionInvalid, false},
		"forged, no action": {func(c *ductape.Call) { c.Session.Token, c.Event = forged, "no_such" }, ductape.CodeUnknownAction, false},
		"no token":          {func(c *ductape.Call) { c.Session.Token = "" }, ductape.CodeSessionInvalid, false},
		"no session":        {func(c *ductape.Call) { c.Session, c.Event = nil, "no_such" }, ductape.CodeUnknownAction, false},
		"another workspace": {func(c *ductape.Call) { c.Caller.Workspace = "other" }, ductape.CodeUnknownProduct, false},
	} {
		call := good
		copied := *ref
		call.Session = &copied
		c.change(&call)
		w.refusedAs(t, name, call, c.code)
		w.isTied(t, name, call.Caller.Workspace, mine, c.tied)
	}

	now = now.Add(2 * time.Hour)
	w.refusedAs(t, "expired", good, ductape.CodeSessionExpired)
	w.isTied(t, "expired", "", mine, true)
	now = now.Add(-2 * time.Hour)
	if _, err := w.Sessions.Revoke(context.Background(), ductape.DefaultWorkspace, mine.Session, ""); err != nil {
		t.Fatal(err)
	}
	w.refusedAs(t, "revoked", good, ductape.CodeSessionRevoked)
	w.isTied(t, "revoked", "", mine, true)
}

func (w *world) refusedAs(t *testing.T, name string, call ductape.Call, code ductape.Code) {
	t.Helper()
	if _, err := w.runCall(call); ductape.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", name, err, code)
	}
}

// isTied looks at the latest record of a workspace.
func (w *world) isTied(t *testing.T, name, workspace string, to ductape.RunRecord, want bool) {
	t.Helper()
	if workspace == "" {
		workspace = ductape.DefaultWorkspace
	}
	w.Queue.Flush()
	runs, err := w.Store.Runs(context.Background(), workspace, store.RunFilter{Limit: 1})
	if err != nil || len(runs) != 1 {
		t.Fatalf("%s: %d runs, %v", name, len(runs), err)
	}
	session, user := "", ""
	if want {
		session, user = to.Session, to.Identifier
	}
	if rec := runs[0]; rec.Outcome == ductape.OutcomeOK || rec.Session != session || rec.Identifier != user {
		t.Errorf("%s: tied to %q of %q, want %q of %q (%s)", name, rec.Session, rec.Identifier, session, user, rec.Outcome)
	}
}

// A session's data is sealed. What is wrong with a value that was filled in is
// said without the value: the answer is logged, and the record is kept.
func TestRefusedRunsDoNotTellTheSessionsData(t *testing.T) {
	w := newWorld(t)
	w.app.Actions[1].Params = append(w.app.Actions[1].Params, ductape.Param{Name: "n", In: ductape.InQuery, Type: "integer"})
	w.save()
	call := w.call(w.app.Actions[1].Tag, `{"params":{"id":"1"},"query":{"n":"$Session{user}{name}"}}`)
	call.Session = w.startSession("dev", `{"user":{"id":"42","name":"Gwendolyn"}}`)
	_, err := w.runCall(call)
	if ductape.CodeOf(err) != ductape.CodeInvalidInput || strings.Contains(fmt.Sprintf("%+v", err), "Gwendolyn") || !strings.Contains(fmt.Sprint(err, w.record()), "must be an integer") {
		t.Errorf("%v", err)
	}
	if r := w.record(); strings.Contains(fmt.Sprintf("%+v", r), "Gwendolyn") {
		t.Errorf("%+v", r)
	}
}
