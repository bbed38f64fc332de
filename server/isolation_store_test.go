package server_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// Work is what a request made the parts behind the server do, in order: who was
// asked, about which names, how many rows came, and whether anything was there.
// Two requests with the same work take the same time, whatever the machine does
// meanwhile.
type work struct {
	mu    sync.Mutex
	lines []string
}

func (w *work) add(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

// take returns what was done since the last take.
func (w *work) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	lines := w.lines
	w.lines = nil
	return lines
}

// done notes a call that answers with nothing but an error.
func (w *work) done(name string, err error, args ...any) error {
	w.add(fmt.Sprint(name, args, class(err)))
	return err
}

// told notes a call and how much it answered.
func told[T any](w *work, name string, args ...any) func(T, error) (T, error) {
	return func(v T, err error) (T, error) {
		w.add(fmt.Sprint(name, args, rows(v), class(err)))
		return v, err
	}
}

func rows(v any) string {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Slice:
		return fmt.Sprintf(" %d rows", r.Len())
	case reflect.Int, reflect.Int64:
		return fmt.Sprintf(" %d", r.Int())
	}
	return ""
}

func class(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, store.ErrNotFound):
		return " not found"
	case ductape.CodeOf(err) != ductape.CodeInternal:
		return " " + string(ductape.CodeOf(err))
	}
	return " failed"
}

// A countedStore is a Store whose work is counted. It names its methods one by
// one, so that a new one does not compile before it is counted too.
type countedStore struct {
	in   store.Store
	work *work
}

var _ store.Store = (*countedStore)(nil)

func (c *countedStore) Close() error { return c.in.Close() }

func (c *countedStore) Change(ctx context.Context, workspace string, f func(tx store.Tx) error) error {
	return c.work.done("Change", c.in.Change(ctx, workspace, func(tx store.Tx) error {
		return f(&countedTx{tx, c.work})
	}), workspace)
}

func (c *countedStore) ChangeDataKeys(ctx context.Context, f func(all []store.DataKey) ([]store.DataKey, error)) error {
	return c.work.done("ChangeDataKeys", c.in.ChangeDataKeys(ctx, f))
}

func (c *countedStore) Version(ctx context.Context, workspace string) (int64, error) {
	return told[int64](c.work, "Version", workspace)(c.in.Version(ctx, workspace))
}

func (c *countedStore) App(ctx context.Context, workspace, tag string) (*ductape.App, error) {
	return told[*ductape.App](c.work, "App", workspace, tag)(c.in.App(ctx, workspace, tag))
}

func (c *countedStore) Apps(ctx context.Context, workspace string) ([]*ductape.App, error) {
	return told[[]*ductape.App](c.work, "Apps", workspace)(c.in.Apps(ctx, workspace))
}

func (c *countedStore) Action(ctx context.Context, workspace, app, name string) (*ductape.Action, error) {
	return told[*ductape.Action](c.work, "Action", workspace, app, name)(c.in.Action(ctx, workspace, app, name))
}

func (c *countedStore) Actions(ctx context.Context, workspace, app, after string, limit int) ([]ductape.ActionSummary, error) {
	return told[[]ductape.ActionSummary](c.work, "Actions", workspace, app, after, limit)(c.in.Actions(ctx, workspace, app, after, limit))
}

func (c *countedStore) FullActions(ctx context.Context, workspace, app string) ([]ductape.Action, error) {
	return told[[]ductape.Action](c.work, "FullActions", workspace, app)(c.in.FullActions(ctx, workspace, app))
}

func (c *countedStore) Schema(ctx context.Context, workspace, app, ref string) ([]byte, error) {
	return told[[]byte](c.work, "Schema", workspace, app, ref)(c.in.Schema(ctx, workspace, app, ref))
}

func (c *countedStore) Product(ctx context.Context, workspace, tag string) (*ductape.Product, error) {
	return told[*ductape.Product](c.work, "Product", workspace, tag)(c.in.Product(ctx, workspace, tag))
}

func (c *countedStore) Products(ctx context.Context, workspace string) ([]*ductape.Product, error) {
	return told[[]*ductape.Product](c.work, "Products", workspace)(c.in.Products(ctx, workspace))
}

func (c *countedStore) PutSecret(ctx context.Context, workspace string, s *store.SealedSecret) error {
	return c.work.done("PutSecret", c.in.PutSecret(ctx, workspace, s), workspace)
}

func (c *countedStore) Secret(ctx context.Context, workspace, key string) (*store.SealedSecret, error) {
	return told[*store.SealedSecret](c.work, "Secret", workspace, key)(c.in.Secret(ctx, workspace, key))
}

func (c *countedStore) SecretVersions(ctx context.Context, workspace, key string) ([]store.SealedSecret, error) {
	return told[[]store.SealedSecret](c.work, "SecretVersions", workspace, key)(c.in.SecretVersions(ctx, workspace, key))
}

func (c *countedStore) LastSecretVersion(ctx context.Context, workspace, key string) (int, error) {
	return told[int](c.work, "LastSecretVersion", workspace, key)(c.in.LastSecretVersion(ctx, workspace, key))
}

func (c *countedStore) Secrets(ctx context.Context, workspace string) ([]ductape.Secret, error) {
	return told[[]ductape.Secret](c.work, "Secrets", workspace)(c.in.Secrets(ctx, workspace))
}

func (c *countedStore) DeleteSecret(ctx context.Context, workspace, key string) error {
	return c.work.done("DeleteSecret", c.in.DeleteSecret(ctx, workspace, key), workspace, key)
}

func (c *countedStore) SecretsSealedBefore(ctx context.Context, workspace, dataKey string, limit int) ([]store.SealedSecret, error) {
	return told[[]store.SealedSecret](c.work, "SecretsSealedBefore", workspace, dataKey, limit)(c.in.SecretsSealedBefore(ctx, workspace, dataKey, limit))
}

func (c *countedStore) ResealSecrets(ctx context.Context, workspace, dataKey string, rows []store.Resealed) error {
	return c.work.done("ResealSecrets", c.in.ResealSecrets(ctx, workspace, dataKey, rows), workspace, dataKey)
}

func (c *countedStore) MarkSecretsUsed(ctx context.Context, used []store.SecretUsed) error {
	return c.work.done("MarkSecretsUsed", c.in.MarkSecretsUsed(ctx, used))
}

func (c *countedStore) PutKey(ctx context.Context, k *store.StoredKey) error {
	return c.work.done("PutKey", c.in.PutKey(ctx, k))
}

func (c *countedStore) KeyByHash(ctx context.Context, hash [32]byte) (*store.StoredKey, error) {
	return told[*store.StoredKey](c.work, "KeyByHash")(c.in.KeyByHash(ctx, hash))
}

func (c *countedStore) Keys(ctx context.Context, workspace string) ([]ductape.Key, error) {
	return told[[]ductape.Key](c.work, "Keys", workspace)(c.in.Keys(ctx, workspace))
}

func (c *countedStore) RevokeKey(ctx context.Context, workspace, id string, at time.Time) error {
	return c.work.done("RevokeKey", c.in.RevokeKey(ctx, workspace, id, at), workspace, id)
}

func (c *countedStore) DataKey(ctx context.Context, workspace, name string) ([]byte, error) {
	return told[[]byte](c.work, "DataKey", workspace, name)(c.in.DataKey(ctx, workspace, name))
}

func (c *countedStore) PutDataKeyIfAbsent(ctx context.Context, workspace, name string, sealed []byte) ([]byte, error) {
	return told[[]byte](c.work, "PutDataKeyIfAbsent", workspace, name)(c.in.PutDataKeyIfAbsent(ctx, workspace, name, sealed))
}

func (c *countedStore) DataKeys(ctx context.Context) ([]store.DataKey, error) {
	return told[[]store.DataKey](c.work, "DataKeys")(c.in.DataKeys(ctx))
}

func (c *countedStore) Workspaces(ctx context.Context) ([]string, error) {
	return told[[]string](c.work, "Workspaces")(c.in.Workspaces(ctx))
}

func (c *countedStore) AppendRuns(ctx context.Context, runs []ductape.RunRecord) error {
	return c.work.done("AppendRuns", c.in.AppendRuns(ctx, runs))
}

func (c *countedStore) RunByID(ctx context.Context, workspace, id string) (*ductape.RunRecord, error) {
	return told[*ductape.RunRecord](c.work, "RunByID", workspace, id)(c.in.RunByID(ctx, workspace, id))
}

func (c *countedStore) Runs(ctx context.Context, workspace string, filter store.RunFilter) ([]ductape.RunRecord, error) {
	return told[[]ductape.RunRecord](c.work, "Runs", workspace)(c.in.Runs(ctx, workspace, filter))
}

func (c *countedStore) DeleteRunsBefore(ctx context.Context, t time.Time) (int64, error) {
	return told[int64](c.work, "DeleteRunsBefore")(c.in.DeleteRunsBefore(ctx, t))
}

func (c *countedStore) PutSession(ctx context.Context, workspace string, s *store.SessionRow) error {
	return c.work.done("PutSession", c.in.PutSession(ctx, workspace, s), workspace)
}

func (c *countedStore) KeepSession(ctx context.Context, workspace string, s *store.SessionRow) (*store.SessionRow, error) {
	return told[*store.SessionRow](c.work, "KeepSession", workspace)(c.in.KeepSession(ctx, workspace, s))
}

func (c *countedStore) Session(ctx context.Context, workspace, id string) (*store.SessionRow, error) {
	return told[*store.SessionRow](c.work, "Session", workspace, id)(c.in.Session(ctx, workspace, id))
}

func (c *countedStore) RotateSession(ctx context.Context, workspace, id string, old, next []byte, seen, expires, refreshBy time.Time) error {
	return c.work.done("RotateSession", c.in.RotateSession(ctx, workspace, id, old, next, seen, expires, refreshBy), workspace, id)
}

func (c *countedStore) RevokeSessions(ctx context.Context, workspace, id, identifier string, at time.Time) (int64, error) {
	return told[int64](c.work, "RevokeSessions", workspace, id, identifier)(c.in.RevokeSessions(ctx, workspace, id, identifier, at))
}

func (c *countedStore) RevokedSessions(ctx context.Context, workspace string, now time.Time) ([]string, error) {
	return told[[]string](c.work, "RevokedSessions", workspace)(c.in.RevokedSessions(ctx, workspace, now))
}

func (c *countedStore) ListSessions(ctx context.Context, workspace string, f store.SessionFilter) ([]store.SessionRow, error) {
	return told[[]store.SessionRow](c.work, "ListSessions", workspace)(c.in.ListSessions(ctx, workspace, f))
}

func (c *countedStore) SessionUsers(ctx context.Context, workspace string, f store.SessionFilter) ([]store.SessionUser, error) {
	return told[[]store.SessionUser](c.work, "SessionUsers", workspace)(c.in.SessionUsers(ctx, workspace, f))
}

func (c *countedStore) SessionDays(ctx context.Context, workspace string, f store.SessionFilter, since time.Time) ([]store.SessionDay, error) {
	return told[[]store.SessionDay](c.work, "SessionDays", workspace)(c.in.SessionDays(ctx, workspace, f, since))
}

func (c *countedStore) CountSessions(ctx context.Context, workspace string, f store.SessionFilter) (int64, error) {
	return told[int64](c.work, "CountSessions", workspace)(c.in.CountSessions(ctx, workspace, f))
}

func (c *countedStore) Ping(ctx context.Context) error {
	return c.work.done("Ping", c.in.Ping(ctx))
}

// A countedTx is an open change whose work is counted.
type countedTx struct {
	in   store.Tx
	work *work
}

func (t *countedTx) App(ctx context.Context, tag string) (*ductape.App, error) {
	return told[*ductape.App](t.work, "App", tag)(t.in.App(ctx, tag))
}

func (t *countedTx) Apps(ctx context.Context) ([]*ductape.App, error) {
	return told[[]*ductape.App](t.work, "Apps")(t.in.Apps(ctx))
}

func (t *countedTx) PutApp(ctx context.Context, app *ductape.App) error {
	return t.work.done("PutApp", t.in.PutApp(ctx, app))
}

func (t *countedTx) DeleteApp(ctx context.Context, tag string) error {
	return t.work.done("DeleteApp", t.in.DeleteApp(ctx, tag), tag)
}

func (t *countedTx) Action(ctx context.Context, app, name string) (*ductape.Action, error) {
	return told[*ductape.Action](t.work, "Action", app, name)(t.in.Action(ctx, app, name))
}

func (t *countedTx) FullActions(ctx context.Context, app string) ([]ductape.Action, error) {
	return told[[]ductape.Action](t.work, "FullActions", app)(t.in.FullActions(ctx, app))
}

func (t *countedTx) PutAction(ctx context.Context, app string, action *ductape.Action) error {
	return t.work.done("PutAction", t.in.PutAction(ctx, app, action), app)
}

func (t *countedTx) DeleteAction(ctx context.Context, app, tag string) error {
	return t.work.done("DeleteAction", t.in.DeleteAction(ctx, app, tag), app, tag)
}

func (t *countedTx) Product(ctx context.Context, tag string) (*ductape.Product, error) {
	return told[*ductape.Product](t.work, "Product", tag)(t.in.Product(ctx, tag))
}

func (t *countedTx) Products(ctx context.Context) ([]*ductape.Product, error) {
	return told[[]*ductape.Product](t.work, "Products")(t.in.Products(ctx))
}

func (t *countedTx) PutProduct(ctx context.Context, product *ductape.Product) error {
	return t.work.done("PutProduct", t.in.PutProduct(ctx, product))
}

func (t *countedTx) DeleteProduct(ctx context.Context, tag string) error {
	return t.work.done("DeleteProduct", t.in.DeleteProduct(ctx, tag), tag)
}
