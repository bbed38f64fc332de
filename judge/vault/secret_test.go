package vault

import (
	"testing"
	"time"

	"github.com/ductape-go/ductape"
)

// reads is all that a server's token needs.
const reads = "read secret/data/shop/"

const missing, unreachable = ductape.CodeCredentialMissing, ductape.CodeUpstreamUnreachable

// minute is how long a value is kept before it is read anew.
const minute = time.Minute

func newReader(t *testing.T, s *server, token string) *world {
	t.Helper()
	w := newWorld(t, s, token)
	w.mustOpen("")
	t.Cleanup(w.close)
	w.apply()
	return w
}

// A run sends what Vault has, and no copy of it is kept in the data folder.
func TestSecretInARun(t *testing.T) {
	s := newServer(t)
	s.put("shop/stripe", fields{"key": "sk_one", "count": 1234567890123456, "nested": fields{"a": []int{1}}})
	s.put("shop/deep/er%20one", fields{"key": "sk_deep"})
	w := newReader(t, s, s.grant("token-reads", reads))
	for ref, want := range map[string]string{
		"vault:secret/shop/stripe#key":      "sk_one",
		"vault:secret/shop/stripe#count":    "1234567890123456", // from 2^53 on, Vault itself rounds
		"vault:secret/shop/stripe#nested":   `{"a":[1]}`,
		"vault:secret/shop/deep/er one#key": "sk_deep",
	} {
		if err := w.from(ref); err != nil {
			t.Fatalf("%s: %v", ref, err)
		}
		w.pass(minute)
		w.wants("Bearer "+want, "", "")
	}
	for _, ref := range []string{"vault:secret/other#key", "vault:sys/seal-status#sealed", "vault:secret/shop/../other#key"} {
		if err := w.from(ref); err == nil {
			t.Errorf("%s is allowed", ref)
		}
	}
}

func TestNewVersionsAndDeletedOnes(t *testing.T) {
	s := newServer(t)
	s.put("shop/stripe", fields{"key": "sk_one"})
	w := newReader(t, s, s.grant("token-reads", reads))
	if err := w.from("vault:secret/shop/stripe#key"); err != nil {
		t.Fatal(err)
	}
	w.wants("Bearer sk_one", "", "")
	s.put("shop/stripe", fields{"key": "sk_two"})
	w.wants("Bearer sk_one", "", "") // kept for a minute
	w.pass(minute)
	w.wants("Bearer sk_two", "", "")
	s.do("DELETE", "secret/data/shop/stripe", nil)
	w.pass(minute)
	w.wants("", missing, "deleted")
	s.do("POST", "secret/undelete/shop/stripe", fields{"versions": []int{2}})
	w.pass(minute)
	w.wants("Bearer sk_two", "", "")
	s.do("PUT", "secret/destroy/shop/stripe", fields{"versions": []int{2}})
	w.pass(minute)
	w.wants("", missing, "deleted")
	s.do("DELETE", "secret/metadata/shop/stripe", nil)
	w.pass(minute)
	w.wants("", missing, "nothing at secret/shop/stripe")
	s.put("shop/stripe", fields{"other": "sk_three"})
	w.pass(minute)
	w.wants("", missing, "no such field")
}

func TestAbsentPathsAndEngines(t *testing.T) {
	s := newServer(t)
	s.mount("first", "kv", "1")
	s.do("POST", "first/data/shop", fields{"key": "sk_first"}) // a version 1 has no data/ of its own
	for ref, part := range map[string]string{
		"vault:secret/shop/none#key": "nothing at secret/shop/none",
		"vault:gone/shop/none#key":   "gone/shop/none",
		"vault:first/shop#key":       "not from a KV version 2 engine",
	} {
		w := newWorld(t, s, root)
		w.cfg.External.VaultPrefix = ref[len("vault:") : len(ref)-len("#key")]
		w.mustOpen("")
		w.apply()
		if err := w.from(ref); err != nil {
			t.Fatal(err)
		}
		w.wants("", missing, part)
		w.close()
	}
}

// A token that is wrong, may not read there, or was revoked.
func TestTokens(t *testing.T) {
	s := newServer(t)
	s.put("shop/stripe", fields{"key": "sk_one"})
	revoked := s.grant("token-reads", reads)
	for name, token := range map[string]string{
		"no such token": "token-none-such",
		"another path":  s.grant("token-elsewhere", "read secret/data/elsewhere/"),
		"list only":     s.grant("token-lists", "list secret/data/shop/"),
	} {
		w := newReader(t, s, token)
		if err := w.from("vault:secret/shop/stripe#key"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.wants("", missing, "Vault does not let the server read")
	}
	w := newReader(t, s, revoked)
	if err := w.from("vault:secret/shop/stripe#key"); err != nil {
		t.Fatal(err)
	}
	w.wants("Bearer sk_one", "", "")
	s.revoke(revoked)
	w.pass(minute)
	w.wants("", missing, "Vault does not let the server read") // at once, not the last value
}

// While Vault is sealed the last value is used on, for 15 minutes.
func TestSealedVault(t *testing.T) {
	s := newServer(t)
	s.put("shop/stripe", fields{"key": "sk_one"})
	w := newReader(t, s, s.grant("token-reads", reads))
	if err := w.from("vault:secret/shop/stripe#key"); err != nil {
		t.Fatal(err)
	}
	w.wants("Bearer sk_one", "", "")
	s.seal(true)
	w.pass(minute)
	w.wants("Bearer sk_one", "", "")
	w.pass(16 * minute)
	w.wants("", unreachable, "Vault answered 503")
	s.seal(false)
	w.pass(minute)
	w.wants("Bearer sk_one", "", "")
}
