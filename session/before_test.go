package session_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
	"github.com/ductape-go/ductape/store"
)

// packed is how associated data is joined.
func packed(parts ...string) (b []byte) {
	for _, part := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(part))), part...)
	}
	return b
}

// asBefore turns a session into one of the time before identifiers had a key,
// rows were bound to their columns and tokens had a kid and a time to refresh.
func (w *world) asBefore(t *testing.T, s *ductape.StartedSession, user string) (token, refresh string) {
	t.Helper()
	row := w.rows.kept["default/"+s.SessionID]
	signing, seal, _ := keys{}.SessionKey(t.Context(), "default")
	row.Identifier = session.Identifier("default", user)
	row.Sealed, _ = seal.Seal([]byte(`{"user":{"id":"`+user+`"}}`), packed("ductape session v1", "row", "default", "my-product", "dev", "user-session", s.SessionID))
	derive := hmac.New(sha256.New, signing)
	derive.Write([]byte("ductape session refresh v1"))
	mac := hmac.New(sha256.New, derive.Sum(nil))
	mac.Write(packed("ductape session v1", "refresh", "default", "my-product", "dev", "user-session", s.SessionID))
	random := make([]byte, 32)
	mac.Write(random)
	refresh = s.SessionID + "." + b64(mac.Sum(random))
	sum := sha256.Sum256([]byte(refresh))
	row.Refresh = sum[:]
	_, payload := decode(t, s.Token)
	return hs256(`{"alg":"HS256","typ":"JWT"}`, strings.Replace(payload, keyedID("default", user), row.Identifier, 1)), refresh
}

// Sessions from before go on, and are their users' still.
func TestSessionsFromBefore(t *testing.T) {
	w := newWorld()
	old, recent := w.start(t, `{"user":{"id":"u_1"}}`), w.start(t, `{"user":{"id":"u_1"}}`)
	w.start(t, `{"user":{"id":"bob"}}`)
	token, refresh := w.asBefore(t, old, "u_1")
	want := keyedID("default", "u_1")
	v, err := w.verify(t, token)
	if err != nil || v.Identifier != want {
		t.Fatalf("%+v, %v", v, err)
	}
	if id, user := w.Whose(t.Context(), "default", "my-product", "dev", ductape.SessionRef{Tag: "user-session", Token: token}); id != old.SessionID || user != want {
		t.Error(id, user)
	}
	who, err := w.IdentifiersOf(t.Context(), "default", "u_1")
	if err != nil || len(who) != 2 || who[0] != want {
		t.Fatal(who, err)
	}
	for _, text := range []string{want, who[1]} { // as listings show them
		again, err := w.IdentifiersOf(t.Context(), "default", text)
		if err != nil || again[0] != text && again[0] != want {
			t.Error(text, again, err)
		}
	}
	list, err := w.List(t.Context(), "default", store.SessionFilter{}, who...)
	if err != nil || len(list) != 2 || list[0].SessionID != max(old.SessionID, recent.SessionID) {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err = w.List(t.Context(), "default", store.SessionFilter{Limit: 1}, who...); err != nil || len(list) != 1 {
		t.Errorf("a page of one: %+v, %v", list, err)
	}
	renewed, err := w.Refresh(t.Context(), scope, refresh)
	if err != nil {
		t.Fatal(err)
	}
	if _, payload := decode(t, renewed.Token); !strings.Contains(payload, want) {
		t.Errorf("%s names another than %s", payload, want)
	}
	if n, err := w.Revoke(t.Context(), "default", "", who...); n != 2 || err != nil {
		t.Errorf("%d ended, %v", n, err)
	}
}

// A row from before whose identifier was changed is not another user's.
func TestTamperedRowFromBefore(t *testing.T) {
	for _, identifier := range []string{"", "abc", session.Identifier("default", "bob"), keyedID("default", "bob")} {
		w := newWorld()
		s := w.start(t, ana)
		_, refresh := w.asBefore(t, s, "u_1")
		w.rows.kept["default/"+s.SessionID].Identifier = identifier
		_, err := w.Refresh(t.Context(), scope, refresh)
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
}

// Whoever can write to the database makes no session another user's, no older and
// no longer.
func TestTamperedRow(t *testing.T) {
	for name, change := range map[string]func(*store.SessionRow){
		"identifier":   func(r *store.SessionRow) { r.Identifier = keyedID("default", "bob") },
		"an old one":   func(r *store.SessionRow) { r.Identifier = session.Identifier("default", "bob") },
		"no user":      func(r *store.SessionRow) { r.Identifier = "" },
		"product":      func(r *store.SessionRow) { r.Product = "other" },
		"env":          func(r *store.SessionRow) { r.Env = "prd" },
		"tag":          func(r *store.SessionRow) { r.Tag = "other" },
		"started":      func(r *store.SessionRow) { r.StartedAt = r.StartedAt.Add(time.Second) },
		"data":         func(r *store.SessionRow) { r.Sealed[20] ^= 1 },
		"data cut":     func(r *store.SessionRow) { r.Sealed = r.Sealed[:len(r.Sealed)-1] },
		"another's":    func(r *store.SessionRow) { r.ID = "ses_other" },
		"refresh time": func(r *store.SessionRow) { r.RefreshBy = r.RefreshBy.AddDate(10, 0, 0) },
	} {
		w := newWorld()
		s := w.start(t, ana)
		change(w.rows.kept["default/"+s.SessionID])
		want := ductape.CodeSessionInvalid
		if name == "refresh time" {
			w.now, want = w.now.AddDate(0, 0, 31), ductape.CodeSessionExpired
		}
		_, err := w.Refresh(t.Context(), scope, s.RefreshToken)
		if ductape.CodeOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without the workspace's key nobody can try which user a token is of.
func TestIdentifiersNeedTheKey(t *testing.T) {
	plain := sha256.Sum256(packed("ductape session identifier v1", "default", "u_1"))
	_, payload := decode(t, newWorld().start(t, ana).Token)
	if strings.Contains(payload, session.Identifier("default", "u_1")) || strings.Contains(payload, b64(plain[:])) {
		t.Error(payload)
	}
	w := newWorld()
	k := &ring{ids: []string{"1"}}
	w.Service = w.another(k)
	before, err := w.Identifier(t.Context(), "default", "u_1")
	k.ids = []string{"2", "1"}
	after, rerr := w.Identifier(t.Context(), "default", "u_1")
	if err != nil || rerr != nil || before != after || before == keyedID("default", "u_1") {
		t.Errorf("%s, after a rotation %s, %v, %v", before, after, err, rerr)
	}
	if a, b := keyedID("default", "u_1"), keyedID("other", "u_1"); a == b || !strings.HasPrefix(a, "usr_") || len(a) != 56 {
		t.Error(a, b)
	}
}

func TestTokenTooLong(t *testing.T) {
	_, err := newWorld().verify(t, strings.Repeat("a", 70_000))
	wantCode(t, err, ductape.CodeSessionInvalid)
	if !strings.Contains(err.Error(), "70000 bytes") || !strings.Contains(err.Error(), "65536") {
		t.Error(err)
	}
}

func TestPagesBehindNothing(t *testing.T) {
	w := newWorld()
	w.start(t, ana)
	_, err := w.List(t.Context(), "default", store.SessionFilter{Before: "nope"})
	wantCode(t, err, ductape.CodeInvalidInput)
	_, err = w.Users(t.Context(), "default", store.SessionFilter{Before: "nope"})
	wantCode(t, err, ductape.CodeInvalidInput)
	_, err = w.Revoke(t.Context(), "default", "nope")
	wantCode(t, err, ductape.CodeUnknownSession)
}
