package catalog

import (
	"context"
	"encoding/json"
	"maps"

	"github.com/go-json-experiment/json/jsontext"
)

type rawJSON = json.RawMessage

// settle compares the description's schemas with the kept ones, and gathers
// those that actions need which are kept though they are no longer described.
// A store replaces an app's schemas together.
func (c *Catalog) settle(ctx context.Context, ws string, im *imported) error {
	fresh := im.res.App
	stored, err := c.store.FullActions(ctx, ws, fresh.Tag)
	if isMissing(err) || err == nil && len(stored) == 0 {
		return nil
	}
	if err != nil {
		return storeError(err, "reading the actions of "+quote(fresh.Tag))
	}
	kept, err := c.store.App(ctx, ws, fresh.Tag)
	if err != nil {
		return storeError(err, "reading the app "+quote(fresh.Tag))
	}
	keepAuths(kept.Auths, fresh)
	keepTags(stored, fresh.Actions)
	b := &before{read: func(ref string) (rawJSON, error) { return c.store.Schema(ctx, ws, fresh.Tag, ref) }, fresh: fresh.Schemas, was: map[string]rawJSON{}}
	if err := b.compare(stored); err != nil {
		return err
	}
	im.schemas = len(b.differs()) > 0
	im.past = b.past(sourceVersion(fresh))
	described := byTag(fresh.Actions)
	im.kept = map[string]rawJSON{}
	for i := range stored {
		if described[stored[i].Tag] != nil && len(stored[i].Edited) == 0 {
			continue
		}
		text, err := json.Marshal(&stored[i])
		if err != nil {
			return internalError(err)
		}
		if err := c.gather(ctx, ws, im, text); err != nil {
			return err
		}
	}
	return nil
}

// gather adds the kept schemas that text refers to and the description lacks,
// and those they refer to.
func (c *Catalog) gather(ctx context.Context, ws string, im *imported, text []byte) error {
	todo := refsIn(text)
	for len(todo) > 0 {
		ref := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if im.res.App.Schemas[ref] != nil || im.kept[ref] != nil {
			continue
		}
		schema, err := c.store.Schema(ctx, ws, im.res.App.Tag, ref)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return storeError(err, "reading a schema")
		}
		im.kept[ref] = schema
		todo = append(todo, refsIn(schema)...)
	}
	return nil
}

// refsIn lists the values of "$ref" in a JSON text.
func refsIn(text []byte) []string {
	var refs []string
	walkText(text, func(at jsontext.Pointer, value string) {
		if at.LastToken() == "$ref" {
			refs = append(refs, value)
		}
	})
	return refs
}

func (im *imported) allSchemas() map[string]rawJSON {
	all := map[string]rawJSON{}
	maps.Copy(all, im.kept)
	maps.Copy(all, im.res.App.Schemas)
	return all
}
