package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
	"github.com/ductape-go/ductape/store"
)

// A planKey names what a plan is for.
type planKey struct{ workspace, product, env, app, event string }

// resolve finds the compiled plan of the call, compiling it when it is new or
// the catalog has changed. After the first run of an action it reads no
// database.
func (r *Runner) resolve(ctx context.Context, run *run) (*plan, error) {
	c := run.call
	key := planKey{c.Caller.Workspace, c.Product, c.Env, c.App, c.Event}
	version, err := r.cfg.Catalog.Version(ctx, key.workspace)
	if err != nil {
		return nil, readFault(err)
	}
	if p, ok := r.plans.get(key); ok && p.version == version {
		return p, nil
	}
	p, err := r.find(ctx, key)
	if err != nil {
		return nil, err
	}
	p.version = version
	r.plans.put(key, p)
	return p, nil
}

// find reads what the names stand for and compiles it.
func (r *Runner) find(ctx context.Context, key planKey) (*plan, error) {
	product, err := r.product(ctx, key)
	if err != nil {
		return nil, err
	}
	if err := checkEnv(product, key.env); err != nil {
		return nil, err
	}
	conn, connEnv, err := connection(product, key)
	if err != nil {
		return nil, err
	}
	app, err := r.cfg.Catalog.App(ctx, key.workspace, conn.App)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault("resolve", ductape.CodeNotConnected, fmt.Sprintf("%s is connected to the app %q, which does not exist", conn.AccessTag, conn.App)).
			WithHint("import the app again, or change the connection")
	} else if err != nil {
		return nil, readFault(err)
	}
	appEnv := app.Env(connEnv.AppEnv)
	if appEnv == nil {
		return nil, fault("resolve", ductape.CodeUnknownEnv, fmt.Sprintf("the app %s has no environment %q, which %s names for %s", app.Tag, connEnv.AppEnv, conn.AccessTag, key.env))
	}
	action, err := r.action(ctx, key, app.Tag)
	if err != nil {
		return nil, err
	}
	p, err := compile(product, conn, connEnv, app, appEnv, action)
	if err != nil {
		return nil, err
	}
	// Schemas are read as they are needed. They outlive the call that compiled
	// the plan, so they are not read under its context.
	p.schemaOf = func(ref string) (json.RawMessage, bool) {
		raw, err := r.cfg.Catalog.Schema(context.Background(), key.workspace, app.Tag, ref)
		return raw, err == nil
	}
	if app.Settings.Validate == ductape.ValidateStrict {
		p.schemas = schema.NewSet(versionOf(app), p.schemaOf)
	}
	return p, nil
}

func versionOf(app *ductape.App) string {
	if app.Source == nil {
		return ""
	}
	return app.Source.Version
}

func (r *Runner) product(ctx context.Context, key planKey) (*ductape.Product, error) {
	p, err := r.cfg.Catalog.Product(ctx, key.workspace, key.product)
	if err == nil {
		return p, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, readFault(err)
	}
	all, err := r.cfg.Catalog.Products(ctx, key.workspace)
	if err != nil {
		return nil, readFault(err)
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Tag
	}
	return nil, unknown(ductape.CodeUnknownProduct, fmt.Sprintf("there is no product %q", key.product), key.product, names)
}

func checkEnv(p *ductape.Product, slug string) error {
	names := make([]string, 0, len(p.Envs))
	for _, e := range p.Envs {
		if e.Slug == slug {
			if e.IsActive() {
				return nil
			}
			return fault("resolve", ductape.CodeEnvInactive, fmt.Sprintf("the environment %q of %s is not active", slug, p.Tag)).
				WithHint("set `active: true` for it")
		}
		names = append(names, e.Slug)
	}
	return unknown(ductape.CodeUnknownEnv, fmt.Sprintf("%s has no environment %q", p.Tag, slug), slug, names)
}

func connection(p *ductape.Product, key planKey) (*ductape.Connection, *ductape.ConnectionEnv, error) {
	names := make([]string, 0, len(p.Apps))
	for i := range p.Apps {
		conn := &p.Apps[i]
		names = append(names, conn.AccessTag)
		if conn.AccessTag != key.app {
			continue
		}
		for j := range conn.Envs {
			if conn.Envs[j].ProductEnv == key.env {
				return conn, &conn.Envs[j], nil
			}
		}
		return nil, nil, fault("resolve", ductape.CodeNotConnected, fmt.Sprintf("%s is not connected to %s in %s", p.Tag, key.app, key.env)).
			WithHint("add an entry with `product_env: " + key.env + "` to the connection")
	}
	return nil, nil, unknown(ductape.CodeNotConnected, fmt.Sprintf("%s has no app connected as %q", p.Tag, key.app), key.app, names)
}

func (r *Runner) action(ctx context.Context, key planKey, app string) (*ductape.Action, error) {
	a, err := r.cfg.Catalog.Action(ctx, key.workspace, app, key.event)
	if err == nil {
		return a, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, readFault(err)
	}
	all, err := r.cfg.Catalog.Actions(ctx, key.workspace, app, "", 0)
	if err != nil {
		return nil, readFault(err)
	}
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Tag
	}
	e := unknown(ductape.CodeUnknownAction, fmt.Sprintf("%s (app %s) has no action %q", key.app, app, key.event), key.event, names)
	if e.Hint == "" {
		e.Hint = "`ductape actions list " + app + "` lists them"
	}
	return nil, e
}

func readFault(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return ended("resolve", err)
	}
	return &ductape.Error{Step: "resolve", Code: ductape.CodeInternal, Message: "the catalog could not be read", Cause: err}
}
