package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// An ApplyRequest asks to bring the workspace to what a ductape.yaml says.
type ApplyRequest struct {
	Location string            // of the file, for messages
	File     []byte            // the file
	Files    map[string][]byte // the descriptions that it imports (Imports) and the files they refer to, by location
	Open     Opener            // reads files that are not in Files; nil: there are no others
	Prune    bool              // remove what the file does not name
	DryRun   bool              // only plan
}

// Apply brings the workspace to what a ductape.yaml says, all of it or nothing,
// and returns what that changed. Applying the same file again changes nothing.
//
// What the file does not name stays, and is listed as kept, unless Prune is
// set: that removes it, or takes a value back to what the description says or
// to its default. Where the file names environments of an imported app, those are laid
// over the imported ones of the same slug, field by field; an imported one that
// it does not name stays only if its base URL is a real place.
func (c *Catalog) Apply(ctx context.Context, ws string, req ApplyRequest) (*Plan, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	f, err := readFile(req.File)
	if err != nil {
		return nil, inFile(req.Location, err)
	}
	a := &application{file: f, prune: req.Prune}
	if err := c.readImports(ctx, ws, a, req); err != nil {
		return nil, inFile(req.Location, err)
	}
	if err := c.sealAll(ctx, ws, a); err != nil {
		return nil, err
	}
	d, err := c.run(ctx, ws, req.DryRun, a.creds, a.build)
	if err != nil {
		return nil, inFile(req.Location, err)
	}
	return c.report(ctx, ws, a, d, req.DryRun)
}

// inFile names the file in an error's message.
func inFile(location string, err error) error {
	var e *ductape.Error
	if location == "" || !errors.As(err, &e) || e.Code != ductape.CodeInvalidInput {
		return err
	}
	named := *e
	named.Message = location + ": " + e.Message
	return &named
}

// An application is a file on its way into the workspace.
type application struct {
	file    *file
	prune   bool
	imports map[string]*imported // by tag of the app
	conns   map[string][]ductape.Connection
	creds   credentials
}

// readImports reads the descriptions, reporting all that cannot be read.
func (c *Catalog) readImports(ctx context.Context, ws string, a *application, req ApplyRequest) error {
	a.imports = map[string]*imported{}
	var p problems
	for _, f := range a.file.Apps {
		if f.Import == "" {
			continue
		}
		res, err := c.read(ctx, description{tag: f.Tag, location: f.Import, files: req.Files, open: req.Open})
		if err != nil {
			p.add("apps."+f.Tag+".import", "%s", messageOf(err))
			continue
		}
		if len(f.Envs) > 0 {
			dropPlaceholders(res, f)
		}
		im := &imported{res: res, prune: a.prune, reset: a.prune, accepted: set(f.AcceptHosts), edited: f.names()}
		if err := c.settle(ctx, ws, im); err != nil {
			return err
		}
		a.imports[f.Tag] = im
	}
	return p.err("the file")
}

func messageOf(err error) string {
	var e *ductape.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	return withHint(e.Message, e.Hint)
}

// dropPlaceholders removes imported environments that are no real place and
// that the file does not name.
func dropPlaceholders(res *spec.Result, f fileApp) {
	res.App.Envs = slices.DeleteFunc(res.App.Envs, func(e ductape.AppEnv) bool {
		return isPlaceholderHost(filledBase(res.App, e.BaseURL)) && find(f.Envs, e.Slug, func(e fileEnv) string { return e.Slug }) == nil
	})
}

// sealAll takes the literal credentials out of the file's connections.
func (c *Catalog) sealAll(ctx context.Context, ws string, a *application) error {
	a.conns = map[string][]ductape.Connection{}
	for _, f := range a.file.Products {
		sealed, creds, err := c.seal(ctx, ws, f.Tag, f.Apps)
		if err != nil {
			return err
		}
		if err := c.checkKept(ctx, ws, f.Tag, f.Apps); err != nil {
			return err
		}
		a.conns[f.Tag], a.creds = sealed, append(a.creds, creds...)
	}
	return nil
}

func (a *application) build(ctx context.Context, d *draft) error {
	for i := range a.file.Apps {
		if err := a.app(ctx, d, &a.file.Apps[i]); err != nil {
			return err
		}
	}
	for i := range a.file.Products {
		if err := a.product(ctx, d, &a.file.Products[i]); err != nil {
			return err
		}
	}
	return a.others(ctx, d)
}

// report finishes the plan of what was, or would be, done.
func (c *Catalog) report(ctx context.Context, ws string, a *application, d *draft, dry bool) (*Plan, error) {
	plan := planOf(d)
	plan.DryRun = dry
	plan.sealed(a.creds)
	plan.Warnings = append(plan.Warnings, lookalikes(d, a.creds)...)
	for tag, im := range a.imports {
		if left := a.unanswered(tag, im.res.Warnings); len(left) > 0 {
			plan.Imports = putMap(plan.Imports, tag, left)
		}
		for _, w := range im.warnings {
			w.Where = "apps." + tag + "." + w.Where
			plan.Warnings = append(plan.Warnings, w)
		}
	}
	if err := c.warnOfSecrets(ctx, ws, d, plan); err != nil {
		return nil, err
	}
	sortWarnings(plan.Warnings)
	return plan, nil
}

// unanswered leaves out warnings of a server that is no URL where the file says
// what the environment's base URL is.
func (a *application) unanswered(tag string, list []ductape.Warning) []ductape.Warning {
	f := find(a.file.Apps, tag, func(f fileApp) string { return f.Tag })
	return filter(list, func(w ductape.Warning) bool {
		e := find(f.Envs, strings.TrimPrefix(w.Where, "/envs/"), func(e fileEnv) string { return e.Slug })
		return w.Code != warnBaseURLUnusable || e == nil || e.BaseURL == nil
	})
}

func putMap[V any](m map[string]V, k string, v V) map[string]V {
	if m == nil {
		m = map[string]V{}
	}
	m[k] = v
	return m
}
