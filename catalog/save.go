package catalog

import (
	"context"
	"errors"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// build prepares a change. It may run again, so it must begin from its inputs
// each time.
type build func(ctx context.Context, d *draft) error

// save prepares, checks and writes one change, all of it or none. The
// credentials that its connections refer to are kept first, and forgotten
// again when the change fails.
func (c *Catalog) save(ctx context.Context, ws string, creds credentials, f build) (*draft, error) {
	defer c.lock(ws)()
	missing, err := c.missing(ctx, ws, creds)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 { // nothing is sealed for a change that cannot be
		if _, err := c.rehearse(ctx, ws, f); err != nil {
			return nil, err
		}
	}
	added, err := c.keepCredentials(ctx, ws, missing)
	if err != nil {
		return nil, err
	}
	var d *draft
	err = c.change(ctx, ws, func(tx store.Tx) error {
		d = &draft{r: tx}
		if err := d.prepare(ctx, f); err != nil {
			return err
		}
		return d.write(ctx, tx)
	})
	if err != nil && !errors.Is(err, errUnchanged) {
		if ductape.CodeOf(err) != ductape.CodeInternal { // it may have happened all the same
			c.forget(ctx, ws, added)
		}
		return nil, err
	}
	c.forget(ctx, ws, d.replaced())
	return d, nil
}

// rehearse prepares and checks a change that is not written.
func (c *Catalog) rehearse(ctx context.Context, ws string, f build) (*draft, error) {
	if err := checkWorkspace(ws); err != nil {
		return nil, err
	}
	d := &draft{r: storeReader{c.store, ws}}
	return d, d.prepare(ctx, f)
}

// run rehearses or saves.
func (c *Catalog) run(ctx context.Context, ws string, dry bool, creds credentials, f build) (*draft, error) {
	if dry {
		return c.rehearse(ctx, ws, f)
	}
	return c.save(ctx, ws, creds, f)
}

func (d *draft) prepare(ctx context.Context, f build) error {
	if err := f(ctx, d); err != nil {
		return err
	}
	return d.check(ctx)
}
