// Package store says what must be kept, in small interfaces. Rules live above
// it, in run and catalog: a store only keeps rows. Package storetest is the
// proof every implementation passes.
//
// Every method takes the workspace; a store never answers with another
// workspace's row. Methods return an error wrapping ErrNotFound when the row is
// not there.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/ductape-go/ductape"
)

// ErrNotFound says that the row is not there.
var ErrNotFound = errors.New("not found")

// ErrDamaged says that a row cannot be read: something other than a store wrote it,
// or it was cut.
var ErrDamaged = errors.New("damaged")

// ErrConflict says that a row changed since it was read.
var ErrConflict = errors.New("changed by someone else")

// A Store keeps everything.
type Store interface {
	Catalog
	Secrets
	Keys
	Runs
	Sessions
	// Ping reports whether the store answers.
	Ping(ctx context.Context) error
	Close() error
}

// Catalog reads what has been set up. An App comes without its actions and
// schemas, which are read one by one, so that a large description costs nothing
// to the runs that do not use it.
type Catalog interface {
	// Version returns a number that grows with every change of the workspace's
	// catalog, secrets or keys, by this process or another. It is cheap enough
	// for every run: a change of another process may be seen up to 5 ms late.
	Version(ctx context.Context, workspace string) (int64, error)

	App(ctx context.Context, workspace, tag string) (*ductape.App, error)
	Apps(ctx context.Context, workspace string) ([]*ductape.App, error)
	// Action finds an action by any of its names (Action.Names).
	Action(ctx context.Context, workspace, app, name string) (*ductape.Action, error)
	// Actions lists summaries in order of tag. After is the tag to begin behind,
	// empty for the first page; limit 0 means all.
	Actions(ctx context.Context, workspace, app, after string, limit int) ([]ductape.ActionSummary, error)
	// FullActions yields every action of the app, in order of tag.
	FullActions(ctx context.Context, workspace, app string) ([]ductape.Action, error)
	// Schema returns the schema kept under the text of its $ref.
	Schema(ctx context.Context, workspace, app, ref string) ([]byte, error)

	Product(ctx context.Context, workspace, tag string) (*ductape.Product, error)
	Products(ctx context.Context, workspace string) ([]*ductape.Product, error)

	// Change runs f in one transaction: all of it happens or none, and the
	// catalog's version grows once. Reads through tx see its own writes.
	Change(ctx context.Context, workspace string, f func(tx Tx) error) error
}

// A Tx is an open change of one workspace's catalog.
type Tx interface {
	App(ctx context.Context, tag string) (*ductape.App, error)
	Apps(ctx context.Context) ([]*ductape.App, error)
	// PutApp creates or replaces an app. With app.Actions nil, its actions and
	// schemas stay as they are; otherwise they are replaced by app.Actions and
	// app.Schemas, and only rows that differ are written.
	PutApp(ctx context.Context, app *ductape.App) error
	DeleteApp(ctx context.Context, tag string) error
	Action(ctx context.Context, app, name string) (*ductape.Action, error)
	FullActions(ctx context.Context, app string) ([]ductape.Action, error)
	PutAction(ctx context.Context, app string, action *ductape.Action) error
	DeleteAction(ctx context.Context, app, tag string) error

	Product(ctx context.Context, tag string) (*ductape.Product, error)
	Products(ctx context.Context) ([]*ductape.Product, error)
	PutProduct(ctx context.Context, product *ductape.Product) error
	DeleteProduct(ctx context.Context, tag string) error
}

// A SealedSecret is a secret as it is kept: its value sealed.
type SealedSecret struct {
	ductape.Secret
	Sealed  []byte
	DataKey string // name of the data key that sealed it; empty means "secrets", the first
}

// A SecretUsed says when a secret was last used.
type SecretUsed struct {
	Workspace, Key string
	At             time.Time
}

// A Resealed is a secret's version sealed anew: Was must be what is kept.
type Resealed struct {
	Key     string
	Version int
	Was     []byte
	Sealed  []byte
}

// Secrets keeps sealed secrets, every version of them.
type Secrets interface {
	// PutSecret writes version s.Version. It returns ErrConflict unless that is
	// one more than the highest version ever used for the key, deleted or not,
	// and when the workspace has a later data key than s.DataKey: one whose name
	// begins with "secrets" and sorts behind it.
	PutSecret(ctx context.Context, workspace string, s *SealedSecret) error
	// Secret returns the highest version that is not deleted.
	Secret(ctx context.Context, workspace, key string) (*SealedSecret, error)
	// SecretVersions returns every version that is kept, newest first, none when
	// the secret is not there.
	SecretVersions(ctx context.Context, workspace, key string) ([]SealedSecret, error)
	// LastSecretVersion returns the highest version ever used, 0 for none.
	LastSecretVersion(ctx context.Context, workspace, key string) (int, error)
	Secrets(ctx context.Context, workspace string) ([]ductape.Secret, error)
	DeleteSecret(ctx context.Context, workspace, key string) error

	// SecretsSealedBefore returns up to limit versions, of any secret, that a data
	// key sealed whose name sorts before dataKey.
	SecretsSealedBefore(ctx context.Context, workspace, dataKey string, limit int) ([]SealedSecret, error)
	// ResealSecrets replaces the sealed values of versions in one transaction.
	// Those that are no longer as they were are left alone. It returns ErrConflict
	// when the workspace has a later data key than dataKey.
	ResealSecrets(ctx context.Context, workspace, dataKey string, rows []Resealed) error
	// MarkSecretsUsed keeps when secrets were last used; an earlier time than the
	// kept one changes nothing. It does not grow the catalog's version.
	MarkSecretsUsed(ctx context.Context, used []SecretUsed) error
}

// A DataKey is a workspace's sealed data key.
type DataKey struct {
	Workspace, Name string
	Sealed          []byte
}

// A StoredKey is a key as it is kept: the SHA-256 of its text.
type StoredKey struct {
	ductape.Key
	Hash [32]byte
}

// Keys keeps who may come in.
type Keys interface {
	PutKey(ctx context.Context, k *StoredKey) error
	// KeyByHash finds a key, revoked or not, in any workspace.
	KeyByHash(ctx context.Context, hash [32]byte) (*StoredKey, error)
	Keys(ctx context.Context, workspace string) ([]ductape.Key, error)
	RevokeKey(ctx context.Context, workspace, id string, at time.Time) error

	// DataKey returns the sealed data key kept under name ("secrets",
	// "sessions"), or ErrNotFound.
	DataKey(ctx context.Context, workspace, name string) ([]byte, error)
	// PutDataKeyIfAbsent keeps the sealed data key unless there is one, and
	// returns the one that is kept.
	PutDataKeyIfAbsent(ctx context.Context, workspace, name string, sealed []byte) ([]byte, error)
	// DataKeys returns the data keys of every workspace, in order of workspace and
	// name.
	DataKeys(ctx context.Context) ([]DataKey, error)
	// ChangeDataKeys gives f all data keys, writes what it returns, and nothing
	// else happens meanwhile, here or in another process. A key that is returned
	// without Sealed is removed. The versions of the workspaces grow. An error of
	// f changes nothing.
	ChangeDataKeys(ctx context.Context, f func(all []DataKey) ([]DataKey, error)) error
	// Workspaces lists the workspaces that have anything.
	Workspaces(ctx context.Context) ([]string, error)
}

// A RunFilter narrows a listing of runs. Zero fields do not narrow.
type RunFilter struct {
	Product, Env, App, Event string
	Outcome                  string // "ok", a code, or "error" for all that failed
	Session                  string
	User                     string // hash of what identifies the session's user, hex
	Before                   string // id to begin before, for the next page
	Limit                    int    // zero means 50; at most 1000
}

// Runs keeps what happened.
type Runs interface {
	// AppendRuns writes a batch in one transaction.
	AppendRuns(ctx context.Context, runs []ductape.RunRecord) error
	// RunByID finds one run.
	RunByID(ctx context.Context, workspace, id string) (*ductape.RunRecord, error)
	// Runs lists, newest first.
	Runs(ctx context.Context, workspace string, filter RunFilter) ([]ductape.RunRecord, error)
	// DeleteRunsBefore removes the runs of every workspace that began before t
	// and returns how many there were.
	DeleteRunsBefore(ctx context.Context, t time.Time) (int64, error)
}

// A SessionRow is what is kept of a session: never its data.
type SessionRow struct {
	ID         string
	Product    string
	Env        string
	Tag        string
	Identifier string // hash of the selector's value, hex; empty without a selector
	Refresh    []byte // SHA-256 of the current refresh token; nil: cannot be refreshed
	Sealed     []byte // the user data, sealed, for a refresh
	StartedAt  time.Time
	SeenAt     time.Time // last start or refresh
	ExpiresAt  time.Time
	RefreshBy  time.Time // zero: cannot be refreshed
	RevokedAt  *time.Time
}

// Sessions keeps who has a session, so that it can be refreshed and revoked.
type Sessions interface {
	PutSession(ctx context.Context, workspace string, s *SessionRow) error
	// KeepSession keeps a session unless it is there; then its expiry and SeenAt
	// only grow. It returns the row as it is now.
	KeepSession(ctx context.Context, workspace string, s *SessionRow) (*SessionRow, error)
	Session(ctx context.Context, workspace, id string) (*SessionRow, error)
	// RotateSession replaces the refresh hash old by next, the expiries and
	// SeenAt, and returns ErrConflict when the kept hash is not old or the session
	// was revoked: a new expiry would take it off the list of revoked ones that
	// others have read.
	RotateSession(ctx context.Context, workspace, id string, old, next []byte, seen, expires, refreshBy time.Time) error
	// RevokeSessions revokes by id, or all of an identifier when id is empty,
	// grows the catalog's version, and returns how many were revoked.
	RevokeSessions(ctx context.Context, workspace, id, identifier string, at time.Time) (int64, error)
	// RevokedSessions lists the ids of revoked sessions that have not expired.
	RevokedSessions(ctx context.Context, workspace string, now time.Time) ([]string, error)
	// ListSessions lists sessions, newest first: those that are neither expired
	// nor revoked, or, with f.Ended, all.
	ListSessions(ctx context.Context, workspace string, f SessionFilter) ([]SessionRow, error)
	// SessionUsers lists who had sessions, last seen first. Sessions without an
	// identifier are nobody's.
	SessionUsers(ctx context.Context, workspace string, f SessionFilter) ([]SessionUser, error)
	// SessionDays counts by day from since until f.Now, in order; days without
	// any are left out.
	SessionDays(ctx context.Context, workspace string, f SessionFilter, since time.Time) ([]SessionDay, error)
	// CountSessions returns how many are active.
	CountSessions(ctx context.Context, workspace string, f SessionFilter) (int64, error)
}

// A SessionFilter narrows a listing of sessions. Empty texts do not narrow.
type SessionFilter struct {
	Product, Env, Tag, Identifier string
	Now                           time.Time // by which it is judged what has expired
	Ended                         bool      // list those too that expired or were revoked
	Before                        string    // id, or identifier of a user, to begin behind
	Limit                         int       // zero means 50; at most 1000
}

// A SessionUser is what is known of all sessions of one user.
type SessionUser struct {
	Identifier string
	Sessions   int64 // how many there were
	Active     int64 // how many are neither expired nor revoked
	FirstAt    time.Time
	SeenAt     time.Time // last start or refresh
}

// A SessionDay counts what happened to sessions on one day of UTC. A session
// ends once: revoked before its expiry, or expired.
type SessionDay struct {
	Day                       time.Time // its first moment
	Started, Expired, Revoked int64
}
