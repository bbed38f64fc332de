//go:build kms

package kms

import (
	"testing"

	"github.com/ductape-go/ductape/internal/secret"
)

// The way through gocloud.dev/secrets, with its local keeper: the clouds' own
// need accounts and are not tried here.
func TestLocalKeeper(t *testing.T) {
	w, err := Open(t.Context(), "base64key://smGbjm71Nxd1Ig5FS0wj9SlbzAIrnolCz9bQQ6uAhl4=", Config{})
	if err != nil {
		t.Fatal(err)
	}
	sealed, _, err := secret.NewDataKey(t.Context(), w, []byte("ad"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := secret.OpenDataKey(t.Context(), w, sealed, []byte("ad")); err != nil {
		t.Error(err)
	}
	if _, err := secret.OpenDataKey(t.Context(), w, sealed, []byte("other")); err == nil {
		t.Error("opens under other associated data")
	}
}
