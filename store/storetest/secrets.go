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
}

func sealed(name string, version int) *store.SealedSecret {
	at := time.UnixMicro(1_800_000_000_123_456).UTC()
	until := at.Add(time.Hour)
	return &store.SealedSecret{
		Secret: ductape.Secret{Key: name, Version: version, Apps: []string{"stripe-app"}, Envs: []string{"dev", "prd"},
			CreatedAt: at, UpdatedAt: at.Add(time.Second), ExpiresAt: &until},
		Sealed: []byte(fmt.Sprintf("\x00\xff sealed %s %d", name, version)),
	}
}

func secretComesBack(t *testing.T, f fixture) {
	ok(t, f.PutSecret(f.ctx, ws, sealed("KEY", 1)))
	same(t, "secret", must(f.Secret(f.ctx, ws, "KEY"))(t), sealed("KEY", 1))
	plain := &store.SealedSecret{Secret: ductape.Secret{Key: "PLAIN", Version: 1}, Sealed: []byte{1}}
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
