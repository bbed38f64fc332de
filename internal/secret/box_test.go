package secret_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/secret"
)

func masterKey(t testing.TB, fill byte) *secret.MasterKey {
	t.Helper()
	b := bytes.Repeat([]byte{fill}, 32)
	b[0]++
	k, _, err := secret.LoadMasterKey(secret.MasterKeyOptions{Env: hex.EncodeToString(b)})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newBox(t testing.TB) *secret.Box {
	t.Helper()
	_, box, err := masterKey(t, 1).NewDataKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealedValueOpensUnderItsOwnDataOnly(t *testing.T) {
	box := newBox(t)
	ad := secret.SecretAD("w", "KEY", 1)
	sealed, err := box.Seal([]byte("plain"), ad)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := box.Open(sealed, ad); err != nil || string(got) != "plain" {
		t.Fatalf("got %q, %v", got, err)
	}
	for _, other := range [][]byte{nil, {}, secret.SecretAD("x", "KEY", 1), secret.SecretAD("w", "KEZ", 1), secret.SecretAD("w", "KEY", 2), ad[1:]} {
		refused(t, "another ad", box, sealed, other)
	}
	refused(t, "another box", newBox(t), sealed, ad)
}

func TestSealedValueIsWholeOrRefused(t *testing.T) {
	box := newBox(t)
	ad := secret.SecretAD("w", "KEY", 1)
	sealed, err := box.Seal([]byte("a text of some length"), ad)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		for bit := range 8 {
			changed := bytes.Clone(sealed)
			changed[i] ^= 1 << bit
			refused(t, fmt.Sprintf("byte %d bit %d", i, bit), box, changed, ad)
		}
		refused(t, fmt.Sprintf("cut at %d", i), box, sealed[:i], ad)
	}
	refused(t, "one more byte", box, append(bytes.Clone(sealed), 0), ad)
}

func TestSwappedValuesAreRefused(t *testing.T) {
	box := newBox(t)
	a, _ := box.Seal([]byte("a"), secret.SecretAD("w", "A", 1))
	b, _ := box.Seal([]byte("b"), secret.SecretAD("w", "B", 1))
	refused(t, "swapped", box, a, secret.SecretAD("w", "B", 1))
	refused(t, "swapped", box, b, secret.SecretAD("w", "A", 1))
}

func TestSealingTwiceDiffers(t *testing.T) {
	box := newBox(t)
	a, _ := box.Seal([]byte("same"), nil)
	b, _ := box.Seal([]byte("same"), nil)
	if bytes.Equal(a, b) {
		t.Error("equal texts can be told by their sealed values")
	}
}

func TestADIsUnambiguous(t *testing.T) {
	seen := map[string]string{}
	parts := []string{"", "a", "b", "ab", "aa", "\x00", "\x00\x00\x00\x00\x00\x00\x00\x01a"}
	for _, w := range parts {
		for _, n := range parts {
			for v := range 3 {
				ad, say := string(secret.SecretAD(w, n, v)), fmt.Sprintf("%q %q %d", w, n, v)
				if other, ok := seen[ad]; ok {
					t.Errorf("%s and %s have one ad", say, other)
				}
				seen[ad] = say
			}
		}
	}
}

func TestDataKeyOpensUnderItsMasterKey(t *testing.T) {
	m, ad := masterKey(t, 1), secret.DataKeyAD("w", "secrets")
	kept, box, err := m.NewDataKey(ad)
	if err != nil {
		t.Fatal(err)
	}
	sealed, _ := box.Seal([]byte("x"), nil)
	again, err := m.OpenDataKey(kept, ad)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, nil); err != nil || string(got) != "x" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := m.OpenDataKey(kept, secret.DataKeyAD("other", "secrets")); !errors.Is(err, secret.ErrSealed) {
		t.Errorf("moved to another workspace: %v", err)
	}
}

func TestChangedDataKeyIsRefused(t *testing.T) {
	m := masterKey(t, 1)
	kept, _, _ := m.NewDataKey(nil)
	for i := range kept {
		changed := bytes.Clone(kept)
		changed[i] ^= 0x10
		if _, err := m.OpenDataKey(changed, nil); err == nil {
			t.Errorf("byte %d changed and it opens", i)
		}
		if _, err := m.OpenDataKey(kept[:i], nil); !errors.Is(err, secret.ErrSealed) {
			t.Errorf("cut at %d: %v", i, err)
		}
	}
}

func TestWrongMasterKeyNamesBoth(t *testing.T) {
	m, other := masterKey(t, 1), masterKey(t, 2)
	kept, _, _ := m.NewDataKey(nil)
	_, err := other.OpenDataKey(kept, nil)
	if !errors.Is(err, secret.ErrWrongMasterKey) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{m.Fingerprint().String(), other.Fingerprint().String(), secret.EnvMasterKey} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %s", err, want)
		}
	}
}

func TestRewrapKeepsWhatWasSealed(t *testing.T) {
	from, to, ad := masterKey(t, 1), masterKey(t, 2), []byte("ad")
	kept, box, _ := from.NewDataKey(ad)
	sealed, _ := box.Seal([]byte("x"), nil)
	next, err := secret.Rewrap(t.Context(), from, to, kept, ad)
	if err != nil {
		t.Fatal(err)
	}
	again, err := to.OpenDataKey(next, ad)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open(sealed, nil); err != nil || string(got) != "x" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestDeriveTellsUsesApart(t *testing.T) {
	box := newBox(t)
	a, err := box.Derive("a", 32)
	b, _ := box.Derive("b", 32)
	again, _ := box.Derive("a", 32)
	if err != nil || len(a) != 32 || bytes.Equal(a, b) || !bytes.Equal(a, again) {
		t.Errorf("derived %x %x %x, %v", a, b, again, err)
	}
	if _, err := box.Derive("a", 1<<20); err == nil {
		t.Error("more than HKDF gives was given")
	}
}

func TestKeysPrintAsRedacted(t *testing.T) {
	for _, v := range []any{newBox(t), masterKey(t, 1)} {
		for _, f := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
			if got := fmt.Sprintf(f, v); got != secret.Redacted {
				t.Errorf("%s gives %q", f, got)
			}
		}
	}
}

func refused(t *testing.T, why string, box *secret.Box, sealed, ad []byte) {
	t.Helper()
	if got, err := box.Open(sealed, ad); !errors.Is(err, secret.ErrSealed) || got != nil {
		t.Errorf("%s: opened %q, %v", why, got, err)
	}
}

func FuzzOpen(f *testing.F) {
	box := newBox(f)
	sealed, _ := box.Seal([]byte("x"), []byte("ad"))
	f.Add(sealed, []byte("ae"))
	f.Add([]byte{1}, []byte(nil))
	f.Fuzz(func(t *testing.T, b, ad []byte) {
		if bytes.Equal(b, sealed) && string(ad) == "ad" {
			return
		}
		if got, err := box.Open(b, ad); err == nil {
			t.Errorf("%x opened as %q", b, got)
		}
	})
}
