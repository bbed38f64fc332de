package catalog

import (
	"context"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// An ImportRequest asks to import a description as an app.
type ImportRequest struct {
	Tag         string            // tag of the app; empty: from the description's title
	Location    string            // file name or URL, for messages, references, and reading where Data is nil
	Data        []byte            // nil: read Location, which must be in Files or a URL
	Files       map[string][]byte // further files that the description refers to, by location
	Open        Opener            // reads files that are not in Files; nil: there are no others
	Update      bool              // import over an app that is there
	DryRun      bool              // say what would happen
	Prune       bool              // remove what is no longer described
	AcceptHosts []string          // new hosts of the description that may receive existing credentials
}

// An ImportReport says what an import did, or would do.
type ImportReport struct {
	App      string            `json:"app"`
	Format   string            `json:"format"`
	Version  string            `json:"version"`
	Actions  int               `json:"actions"`            // that the app has now
	Added    []Change          `json:"added,omitempty"`    // by a re-import
	Changed  []Change          `json:"changed,omitempty"`  // by a re-import, and how
	Parts    []PlannedChange   `json:"parts,omitempty"`    // by a re-import, of what is not an action: environments, auths, variables, settings
	Removed  []string          `json:"removed,omitempty"`  // no longer described; gone only with Prune
	Pruned   bool              `json:"pruned,omitempty"`   // what is in Removed is gone
	Warnings []ductape.Warning `json:"warnings,omitempty"` // what could not be carried over
	DryRun   bool              `json:"dry_run,omitempty"`
}

// Import reads a description and keeps it as an app. Over an app that is there
// it needs Update, and then keeps what a person edited, removes nothing without
// Prune, and lets no new host receive existing credentials without AcceptHosts.
func (c *Catalog) Import(ctx context.Context, ws string, req ImportRequest) (*ImportReport, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	res, err := c.read(ctx, description{tag: req.Tag, location: req.Location, data: req.Data, files: req.Files, open: req.Open})
	if err != nil {
		return nil, err
	}
	im := &imported{res: res, prune: req.Prune, accepted: set(req.AcceptHosts)}
	if err := c.settle(ctx, ws, im); err != nil {
		return nil, err
	}
	d, err := c.run(ctx, ws, req.DryRun, nil, func(ctx context.Context, d *draft) error {
		d.imports = true
		ad, err := d.app(ctx, res.App.Tag)
		if err != nil {
			return err
		}
		if ad.before != nil && !req.Update {
			return ductape.NewError(ductape.CodeConflict, "there is an app "+quote(ad.tag)+" already").
				WithHint("import over it with --update, or under another tag with --app")
		}
		return im.into(ctx, d, ad)
	})
	if err != nil {
		return nil, err
	}
	im.report.Warnings = append(im.report.Warnings, d.warnings...)
	im.report.DryRun, im.report.Pruned = req.DryRun, req.Prune && len(im.report.Removed) > 0
	return im.report, nil
}

// imported is a description that was read and goes into a draft.
type imported struct {
	res      *spec.Result
	prune    bool
	accepted map[string]bool
	edited   edits // further edits, those of a file
	reset    bool  // the file's edits take the place of the app's
	schemas  bool  // some schema differs from the one that is kept
	kept     map[string]rawJSON
	past     past
	report   *ImportReport
	warnings []ductape.Warning // of the merge, beside those of the reader
}

// into puts the description into the draft of its app. It may run again.
func (im *imported) into(ctx context.Context, d *draft, ad *appDraft) error {
	fresh := im.res.App
	im.report = &ImportReport{App: ad.tag, Format: im.res.Format, Version: im.res.Version}
	if ad.before == nil {
		next := *fresh
		next.Actions, next.Schemas = nil, nil
		ad.after, ad.now = &next, fresh.Actions
		ad.replace, ad.schemas = true, fresh.Schemas
		im.finish(ad)
		return nil
	}
	if err := d.actions(ctx, ad); err != nil {
		return err
	}
	products, err := d.allProducts(ctx)
	if err != nil {
		return err
	}
	m := &merge{
		stored: ad.before, fresh: fresh, prune: im.prune, reset: im.reset, accepted: im.accepted,
		edited: editsOf(ad.before.Edited), uses: usesOf(products, ad.tag), was: ad.was,
	}
	if im.reset {
		m.edited.reset()
	}
	for name := range im.edited {
		m.edited.put(name)
	}
	ad.after = m.app()
	ad.now = m.guardActions(ad.after, m.actions(ad.was))
	ad.replace = im.schemas || !sameActions(ad.was, ad.now)
	ad.schemas = im.allSchemas()
	ad.past = im.past
	im.warnings = m.warnings
	im.compare(ad)
	im.finish(ad)
	return nil
}

func (im *imported) finish(ad *appDraft) {
	im.report.Actions = len(ad.now)
	im.report.Warnings = append(im.res.Warnings[:len(im.res.Warnings):len(im.res.Warnings)], im.warnings...)
}

// compare fills in what the re-import does.
func (im *imported) compare(ad *appDraft) {
	plan := new(Plan)
	if detail := appFields(ad.before, ad.after); len(detail) > 0 {
		plan.add("~", "app", ad.tag, detail...)
	}
	plan.appParts(ad)
	im.report.Parts = plan.Changes
	described := byTag(im.res.App.Actions)
	before := byTag(ad.was)
	for i := range ad.now {
		now := &ad.now[i]
		old := before[now.Tag]
		switch {
		case old == nil:
			im.report.Added = append(im.report.Added, changeOf(now, nil))
		default:
			if detail := im.past.describe(old, now); len(detail) > 0 {
				im.report.Changed = append(im.report.Changed, changeOf(now, detail))
			}
		}
	}
	for i := range ad.was {
		if a := &ad.was[i]; described[a.Tag] == nil && !editsOf(a.Edited)[editedAll] {
			im.report.Removed = append(im.report.Removed, a.Tag)
		}
	}
}

func byTag(actions []ductape.Action) map[string]*ductape.Action {
	out := make(map[string]*ductape.Action, len(actions))
	for i := range actions {
		out[actions[i].Tag] = &actions[i]
	}
	return out
}

// sameActions compares regardless of order, which is that of the tags wherever
// actions are listed.
func sameActions(a, b []ductape.Action) bool {
	if len(a) != len(b) {
		return false
	}
	index := byTag(a)
	for i := range b {
		if old := index[b[i].Tag]; old == nil || !same(old, &b[i]) {
			return false
		}
	}
	return true
}

func set(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out
}
