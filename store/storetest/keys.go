package storetest

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var keyTests = []check{
	{"a key is found by its hash", keyByHash},
	{"keys are listed", keysListed},
	{"a key is revoked once and stays", keyRevoked},
	{"two keys have two hashes", keyHashTaken},
	{"what is not there is ErrNotFound", keyNotFound},
	{"the first data key stays", dataKeyStays},
	{"data keys change together or not at all", dataKeysChange},
	{"workspaces are listed", workspacesListed},
}

func key(workspace, id string, hash [32]byte) *store.StoredKey {
	return &store.StoredKey{Hash: hash, Key: ductape.Key{
		ID: id, Name: "ci", WorkspaceID: workspace, UserID: "u", PublicKey: "pk_" + id,
		CreatedAt: time.UnixMicro(1_800_000_000_123_456).UTC(),
	}}
}

func keyByHash(t *testing.T, f fixture) {
	for i, w := range []string{ws, "other"} {
		k := key(w, "k", [32]byte{byte(i), 0xff})
		ok(t, f.PutKey(f.ctx, k))
		same(t, "key", must(f.KeyByHash(f.ctx, k.Hash))(t), k)
	}
}

func keysListed(t *testing.T, f fixture) {
	ok(t, f.PutKey(f.ctx, key(ws, "b", [32]byte{1})))
	ok(t, f.PutKey(f.ctx, key(ws, "a", [32]byte{2})))
	ok(t, f.PutKey(f.ctx, key("other", "c", [32]byte{3})))
	same(t, "keys", must(f.Keys(f.ctx, ws))(t), []ductape.Key{key(ws, "a", [32]byte{}).Key, key(ws, "b", [32]byte{}).Key})
}

func keyRevoked(t *testing.T, f fixture) {
	k := key(ws, "k", [32]byte{1})
	ok(t, f.PutKey(f.ctx, k))
	at := time.UnixMicro(1_800_000_001_000_000).UTC()
	ok(t, f.RevokeKey(f.ctx, ws, "k", at))
	ok(t, f.RevokeKey(f.ctx, ws, "k", at.Add(time.Hour)))
	k.RevokedAt = &at
	same(t, "by hash", must(f.KeyByHash(f.ctx, k.Hash))(t), k)
	same(t, "listed", must(f.Keys(f.ctx, ws))(t), []ductape.Key{k.Key})
}

func keyHashTaken(t *testing.T, f fixture) {
	ok(t, f.PutKey(f.ctx, key(ws, "a", [32]byte{1})))
	is(t, "the same hash", f.PutKey(f.ctx, key(ws, "b", [32]byte{1})), store.ErrConflict)
	is(t, "in another workspace", f.PutKey(f.ctx, key("other", "a", [32]byte{1})), store.ErrConflict)
	same(t, "owner", must(f.KeyByHash(f.ctx, [32]byte{1}))(t), key(ws, "a", [32]byte{1}))
}

func keyNotFound(t *testing.T, f fixture) {
	gone, err := f.KeyByHash(f.ctx, [32]byte{9})
	missing(t, "KeyByHash", gone, err)
	is(t, "RevokeKey", f.RevokeKey(f.ctx, ws, "x", time.Unix(1, 0)), store.ErrNotFound)
	none, err := f.DataKey(f.ctx, ws, "secrets")
	missing(t, "DataKey", none, err)
}

func dataKeyStays(t *testing.T, f fixture) {
	for _, offered := range []string{"first", "second"} {
		kept := must(f.PutDataKeyIfAbsent(f.ctx, ws, "secrets", []byte(offered)))(t)
		same(t, "kept", string(kept), "first")
	}
	same(t, "read", string(must(f.DataKey(f.ctx, ws, "secrets"))(t)), "first")
	other := must(f.PutDataKeyIfAbsent(f.ctx, ws, "sessions", []byte("s")))(t)
	same(t, "of another name", string(other), "s")
}

func workspacesListed(t *testing.T, f fixture) {
	f.putApp(t, "catalog", fullApp())
	ok(t, f.PutSecret(f.ctx, "secret", sealed("K", 1)))
	ok(t, f.PutKey(f.ctx, key("key", "k", [32]byte{1})))
	ok(t, f.PutSession(f.ctx, "session", session("s", time.UnixMicro(1))))
	ok(t, f.AppendRuns(f.ctx, runsOf("run", 1)))
	must(f.Version(f.ctx, "only asked for"))(t)
	same(t, "workspaces", must(f.Workspaces(f.ctx))(t), []string{"catalog", "key", "run", "secret", "session"})
}

func dataKeysChange(t *testing.T, f fixture) {
	a, b := store.DataKey{Workspace: "a", Name: "secrets", Sealed: []byte("a")}, store.DataKey{Workspace: "b", Name: "secrets", Sealed: []byte("b")}
	for _, k := range []store.DataKey{b, a} {
		must(f.PutDataKeyIfAbsent(f.ctx, k.Workspace, k.Name, k.Sealed))(t)
	}
	same(t, "all", must(f.DataKeys(f.ctx))(t), []store.DataKey{a, b})
	versions := []int64{f.version(t, "a"), f.version(t, "b")}
	is(t, "refused", f.ChangeDataKeys(f.ctx, func(all []store.DataKey) ([]store.DataKey, error) { return all, store.ErrConflict }), store.ErrConflict)
	ok(t, f.ChangeDataKeys(f.ctx, func(all []store.DataKey) ([]store.DataKey, error) {
		same(t, "given", all, []store.DataKey{a, b})
		return nil, nil
	}))
	same(t, "unchanged", []int64{f.version(t, "a"), f.version(t, "b")}, versions)
	ok(t, f.ChangeDataKeys(f.ctx, func([]store.DataKey) ([]store.DataKey, error) {
		return []store.DataKey{{Workspace: "a", Name: "secrets"}, {Workspace: "b", Name: "secrets", Sealed: []byte("new")}, {Workspace: "c", Name: "x", Sealed: []byte("c")}}, nil
	}))
	same(t, "changed", must(f.DataKeys(f.ctx))(t), []store.DataKey{{Workspace: "b", Name: "secrets", Sealed: []byte("new")}, {Workspace: "c", Name: "x", Sealed: []byte("c")}})
	same(t, "the version grew", f.version(t, "a") > versions[0] && f.version(t, "b") > versions[1], true)
}
