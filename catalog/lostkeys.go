package catalog

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// A data key that is gone takes with it what it sealed, unless the row is put
// back. So the first key of a workspace is made only where nothing is sealed yet.

// lost is the error for a data key that is gone while something needs it.
func lost(n boxName) *ductape.Error {
	return ductape.NewError(ductape.CodeInternal, "the data key "+quote(n.name)+" of the workspace "+quote(n.workspace)+" is gone, and what it sealed cannot be opened").
		WithHint("put the data folder back from a copy; without one, " + startAfresh(n))
}

func startAfresh(n boxName) string {
	if generationOf(n.name) > 0 {
		return "`ductape secrets delete` the secrets and `ductape products disconnect` the connections that `ductape doctor` names, and set them anew"
	}
	return "end the sessions with `ductape sessions revoke --session ID`, or wait until they have"
}

// mayBegin refuses to make a first data key where something is already sealed.
// Another process may have made the key, and sealed, since it was looked for.
func (k *Keyring) mayBegin(ctx context.Context, n boxName) error {
	needed, err := k.needed(ctx, n)
	if err != nil || !needed {
		return err
	}
	all, err := k.keys.DataKeys(ctx)
	if err != nil {
		return storeError(err, "reading the data keys")
	}
	if slices.ContainsFunc(all, func(d store.DataKey) bool { return d.Workspace == n.workspace && d.Name == n.name }) {
		return nil
	}
	return lost(n)
}

// needed reports whether something is sealed with a first data key, or one after
// it, of that name.
func (k *Keyring) needed(ctx context.Context, n boxName) (bool, error) {
	switch n.name {
	case secretsKey:
		return k.hasSecrets(ctx, n.workspace)
	case sessionsKey:
		return k.hasSessions(ctx, n.workspace)
	}
	return false, nil
}

func (k *Keyring) hasSecrets(ctx context.Context, ws string) (bool, error) {
	s, ok := k.keys.(store.Secrets)
	if !ok {
		return false, nil
	}
	rows, err := s.SecretsSealedBefore(ctx, ws, allDataKeys, 1)
	return len(rows) > 0, storeError(err, "reading the secrets")
}

// hasSessions reports whether the workspace has a later session key, or sessions
// of its own whose token, or refresh token, is still good.
func (k *Keyring) hasSessions(ctx context.Context, ws string) (bool, error) {
	switch _, err := k.keys.DataKey(ctx, ws, sessionsKeyOf(2)); {
	case err == nil:
		return true, nil
	case !isMissing(err):
		return false, storeError(err, "reading a session key")
	}
	s, ok := k.keys.(store.Sessions)
	if !ok {
		return false, nil
	}
	now := time.Now()
	for f := (store.SessionFilter{Now: now, Ended: true, Limit: 1000}); ; {
		rows, err := s.ListSessions(ctx, ws, f)
		if err != nil {
			return false, storeError(err, "reading the sessions")
		}
		if slices.ContainsFunc(rows, func(r store.SessionRow) bool { return ownAndGood(&r, now) }) {
			return true, nil
		}
		if len(rows) < f.Limit {
			return false, nil
		}
		f.Before = rows[len(rows)-1].ID
	}
}

func ownAndGood(r *store.SessionRow, now time.Time) bool {
	return strings.HasPrefix(r.ID, session.OwnID) && r.RevokedAt == nil && (now.Before(r.ExpiresAt) || now.Before(r.RefreshBy))
}
