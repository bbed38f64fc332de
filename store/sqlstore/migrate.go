package sqlstore

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"github.com/ductape-go/ductape"
)

//go:embed migrations
var migrations embed.FS

// migrateTries is how often a migration is begun again: processes that open one
// new folder at the same time all begin it, and one of them gets through.
const migrateTries = 10

// migrate brings the tables of set ("catalog", "runs") to this program's
// version. It refuses a newer one.
func migrate(ctx context.Context, p pool, set string) error {
	files, err := fs.Sub(migrations, "migrations/"+p.d.name+"/"+set)
	if err != nil {
		return err
	}
	m, err := goose.NewProvider(p.d.goose, p.DB, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	for range migrateTries {
		var pending bool
		if pending, err = pendingIn(ctx, m, p); err == nil && !pending {
			return nil
		}
		if ductape.CodeOf(err) == ductape.CodeConflict || ctx.Err() != nil {
			return err
		}
		if err == nil {
			_, err = m.Up(ctx)
		}
	}
	return fmt.Errorf("prepare the tables of %s: %w", p.path, p.d.explain(err, p))
}

func pendingIn(ctx context.Context, m *goose.Provider, p pool) (bool, error) {
	have, err := m.GetDBVersion(ctx)
	if err != nil {
		return false, err
	}
	sources := m.ListSources()
	want := sources[len(sources)-1].Version
	if have > want {
		e := ductape.NewError(ductape.CodeConflict,
			fmt.Sprintf("%s was written by a newer ductape (tables of version %d; this program knows %d)", p.path, have, want))
		return false, e.WithHint("use the newer ductape, or another data folder")
	}
	return have < want, nil
}
