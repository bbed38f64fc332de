package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

var secretTests = []check{
	{"a secret comes back as it was", secretComesBack},
	{"versions go up by one", secretVersions},
	{"a deleted secret's versions are not used again", secretDeleted},
	{"secrets are listed by their highest version", secretsListed},
	{"what is not there is ErrNotFound", secretNotFound},
	{"every version is kept", secretVersionsKept},
	{"a replaced data key seals no more", secretDataKeyReplaced},
	{"versions are sealed anew", secretsResealed},
	{"the last use is kept", secretUsed},
}

func sealed(name string, version int) *store.SealedSecret {
	at := time.UnixMicro(1_800_000_000_123_456).UTC()
	until := at.Add(time.Hour)
	return &store.SealedSecret{
		Secret: ductape.Secret{
			Key: name, Version: version, Apps: []string{"stripe-app"}, Envs: []string{"dev", "prd"},
			CreatedAt: at, UpdatedAt: at.Add(time.Second), ExpiresAt: &until,
		},
		Sealed:  []byte(fmt.Sprintf("\x00\xff sealed %s %d", name, version)),
		DataKey: "secrets",
	}
}

func secretComesBack(t *testing.T, f fixture) {
	ok(t, f.PutSecret(f.ctx, ws, sealed("KEY", 1)))
	same(t, "secret", must(f.Secret(f.ctx, ws, "KEY"))(t), sealed("KEY", 1))
	plain := &store.SealedSecret{Secret: ductape.Secret{Key: "PLAIN", Version: 1}, Sealed: []byte{1}, DataKey: "secrets"}
	ok(t, f.PutSecret(f.ctx, ws, plain))
	same(t, "without limits", must(f.Secret(f.ctx, ws, "PLAIN"))(t), plain)
}

func secretVersions(t *testing.T, f fixture) {
	for _, wrong := range []int{0, 2, -1} {
		is(t, fmt.Sprint("first version ", wrong), f.PutSecret(f.ctx, ws, sealed("K", wrong)), store.ErrConflict)
	}
	for v := 1; v <= 3; v++ {
		ok(t, f.PutSecret(f.ctx, ws, sealed("K", v)))
		same(t, "highest", must(f.Secret(f.ctx, ws, "K"))(t), sealed("K", v))
		same(t, "last", must(f.LastSecretVersion(f.ctx, ws, "K"))(t), v)
		is(t, "the same again", f.PutSecret(f.ctx, ws, sealed("K", v)), store.ErrConflict)
		is(t, "one left out", f.PutSecret(f.ctx, ws, sealed("K", v+2)), store.ErrConflict)
	}
	same(t, "another's", must(f.LastSecretVersion(f.ctx, ws, "L"))(t), 0)
}

func secretDeleted(t *testing.T, f fixture) {
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 1)))
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 2)))
	ok(t, f.DeleteSecret(f.ctx, ws, "K"))
	gone, err := f.Secret(f.ctx, ws, "K")
	missing(t, "deleted", gone, err)
	is(t, "deleted twice", f.DeleteSecret(f.ctx, ws, "K"), store.ErrNotFound)
	same(t, "listed", len(must(f.Secrets(f.ctx, ws))(t)), 0)
	same(t, "last", must(f.LastSecretVersion(f.ctx, ws, "K"))(t), 2)
	for _, used := range []int{1, 2} {
		is(t, "a used version", f.PutSecret(f.ctx, ws, sealed("K", used)), store.ErrConflict)
	}
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 3)))
	same(t, "made again", must(f.Secret(f.ctx, ws, "K"))(t), sealed("K", 3))
}

func secretsListed(t *testing.T, f fixture) {
	for _, s := range []*store.SealedSecret{sealed("B", 1), sealed("A", 1), sealed("B", 2), sealed("C", 1)} {
		ok(t, f.PutSecret(f.ctx, ws, s))
	}
	ok(t, f.DeleteSecret(f.ctx, ws, "C"))
	same(t, "list", must(f.Secrets(f.ctx, ws))(t), []ductape.Secret{sealed("A", 1).Secret, sealed("B", 2).Secret})
}

func secretNotFound(t *testing.T, f fixture) {
	gone, err := f.Secret(f.ctx, ws, "x")
	missing(t, "Secret", gone, err)
	is(t, "DeleteSecret", f.DeleteSecret(f.ctx, ws, "x"), store.ErrNotFound)
}

func secretVersionsKept(t *testing.T, f fixture) {
	same(t, "none", len(must(f.SecretVersions(f.ctx, ws, "K"))(t)), 0)
	var want []store.SealedSecret
	for v := 1; v <= 3; v++ {
		ok(t, f.PutSecret(f.ctx, ws, sealed("K", v)))
		want = append([]store.SealedSecret{*sealed("K", v)}, want...)
	}
	ok(t, f.PutSecret(f.ctx, ws, sealed("L", 1)))
	ok(t, f.PutSecret(f.ctx, "other", sealed("K", 1)))
	same(t, "versions", must(f.SecretVersions(f.ctx, ws, "K"))(t), want)
}

func secretDataKeyReplaced(t *testing.T, f fixture) {
	put := func(keys ...store.DataKey) {
		t.Helper()
		ok(t, f.ChangeDataKeys(f.ctx, func([]store.DataKey) ([]store.DataKey, error) { return keys, nil }))
	}
	put(store.DataKey{Workspace: ws, Name: "secrets", Sealed: []byte{1}}, store.DataKey{Workspace: "other", Name: "secrets.00009", Sealed: []byte{1}}, store.DataKey{Workspace: ws, Name: "sessions", Sealed: []byte{1}})
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 1)))
	put(store.DataKey{Workspace: ws, Name: "secrets.00002", Sealed: []byte{2}})
	is(t, "the old key", f.PutSecret(f.ctx, ws, sealed("K", 2)), store.ErrConflict)
	s := sealed("K", 2)
	s.DataKey = "secrets.00002"
	ok(t, f.PutSecret(f.ctx, ws, s))
	same(t, "kept", must(f.Secret(f.ctx, ws, "K"))(t), s)
}

func secretsResealed(t *testing.T, f fixture) {
	for _, name := range []string{"A", "B", "C"} {
		ok(t, f.PutSecret(f.ctx, ws, sealed(name, 1)))
		ok(t, f.PutSecret(f.ctx, "other", sealed(name, 1)))
	}
	const next = "secrets.00002"
	old := must(f.SecretsSealedBefore(f.ctx, ws, next, 2))(t)
	same(t, "found", old, []store.SealedSecret{*sealed("A", 1), *sealed("B", 1)})
	version := f.version(t, ws)
	ok(t, f.ResealSecrets(f.ctx, ws, next, []store.Resealed{
		{Key: "A", Version: 1, Was: old[0].Sealed, Sealed: []byte("new")}, {Key: "B", Version: 1, Was: []byte("changed since"), Sealed: []byte("new")},
	}))
	same(t, "the version grew", f.version(t, ws) > version, true)
	same(t, "left", len(must(f.SecretsSealedBefore(f.ctx, ws, next, 9))(t)), 2)
	got := must(f.Secret(f.ctx, ws, "A"))(t)
	same(t, "sealed anew", []string{string(got.Sealed), got.DataKey}, []string{"new", next})
	same(t, "the other workspace's", must(f.Secret(f.ctx, "other", "A"))(t), sealed("A", 1))
	ok(t, f.ChangeDataKeys(f.ctx, func([]store.DataKey) ([]store.DataKey, error) {
		return []store.DataKey{{Workspace: ws, Name: "secrets.00003", Sealed: []byte{3}}}, nil
	}))
	is(t, "by a replaced key", f.ResealSecrets(f.ctx, ws, next, []store.Resealed{{Key: "C", Version: 1, Was: sealed("C", 1).Sealed, Sealed: []byte("x")}}), store.ErrConflict)
	same(t, "before the next", len(must(f.SecretsSealedBefore(f.ctx, ws, "secrets.00003", 9))(t)), 3)
}

func secretUsed(t *testing.T, f fixture) {
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 1)))
	ok(t, f.PutSecret(f.ctx, "other", sealed("K", 1)))
	version := f.version(t, ws)
	at := time.UnixMicro(1_800_000_100_000_000).UTC()
	mark := func(at time.Time) {
		ok(t, f.MarkSecretsUsed(f.ctx, []store.SecretUsed{{Workspace: ws, Key: "K", At: at}, {Workspace: ws, Key: "gone", At: at}}))
	}
	mark(at)
	mark(at.Add(-time.Hour))
	want := sealed("K", 1)
	want.LastUsedAt = &at
	same(t, "used", must(f.Secret(f.ctx, ws, "K"))(t), want)
	same(t, "listed", must(f.Secrets(f.ctx, ws))(t), []ductape.Secret{want.Secret})
	same(t, "in the other workspace", must(f.Secret(f.ctx, "other", "K"))(t), sealed("K", 1))
	same(t, "version", f.version(t, ws), version)
	ok(t, f.DeleteSecret(f.ctx, ws, "K"))
	ok(t, f.PutSecret(f.ctx, ws, sealed("K", 2)))
	same(t, "made again", must(f.Secret(f.ctx, ws, "K"))(t), sealed("K", 2))
}
