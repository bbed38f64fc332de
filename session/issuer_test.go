package session_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/session"
)

const jwksURL = "https://issuer.example/.well-known/jwks.json"

// An issuer is an OpenID provider in this process.
type issuer struct {
	t     testing.TB
	keys  map[string]crypto.Signer // kid -> key
	algs  map[string]jose.SignatureAlgorithm
	extra []jose.JSONWebKey // published too
	mu    sync.Mutex
	reads int
	fail  error
}

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func newIssuer(t testing.TB) *issuer {
	is := &issuer{t: t, keys: map[string]crypto.Signer{}, algs: map[string]jose.SignatureAlgorithm{}}
	is.add("rsa", jose.RS256)
	is.add("ec", jose.ES256)
	is.add("ed", jose.EdDSA)
	return is
}

// add makes a key.
func (is *issuer) add(kid string, alg jose.SignatureAlgorithm) {
	var k crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		k, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		k, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.EdDSA:
		_, k, err = ed25519.GenerateKey(rand.Reader)
	default:
		k = rsaKey()
	}
	if err != nil {
		is.t.Fatal(err)
	}
	is.mu.Lock()
	defer is.mu.Unlock()
	is.keys[kid], is.algs[kid] = k, alg
}

func (is *issuer) remove(kid string) {
	is.mu.Lock()
	defer is.mu.Unlock()
	delete(is.keys, kid)
}

func (is *issuer) set() jose.JSONWebKeySet {
	set := jose.JSONWebKeySet{Keys: is.extra}
	for kid, k := range is.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{KeyID: kid, Key: k.Public(), Use: "sig"})
	}
	return set
}

func (is *issuer) fetch(_ context.Context, url string, _ bool) ([]byte, error) {
	is.mu.Lock()
	defer is.mu.Unlock()
	is.reads++
	if url != jwksURL {
		return nil, errors.New("no such page")
	}
	if is.fail != nil {
		return nil, is.fail
	}
	return json.Marshal(is.set())
}

func (is *issuer) failWith(err error) {
	is.mu.Lock()
	defer is.mu.Unlock()
	is.fail = err
}

func (is *issuer) fetched() int {
	is.mu.Lock()
	defer is.mu.Unlock()
	return is.reads
}

// token signs claims with a key.
func (is *issuer) token(kid string, claims map[string]any) string {
	return is.signed(kid, is.algs[kid], is.keys[kid], claims, "JWT")
}

func (is *issuer) signed(kid string, alg jose.SignatureAlgorithm, key any, claims map[string]any, typ string) string {
	is.t.Helper()
	opts := (&jose.SignerOptions{}).WithHeader("kid", kid)
	if typ != "" {
		opts = opts.WithType(jose.ContentType(typ))
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, opts)
	if err != nil {
		is.t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		is.t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		is.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		is.t.Fatal(err)
	}
	return text
}

// foreign is a world whose product takes tokens of an issuer.
type foreign struct {
	*world
	*issuer
	typ      ductape.SessionType
	products int // how often the product was read
}

func newForeign(t testing.TB) *foreign {
	f := &foreign{world: newWorld(), issuer: newIssuer(t)}
	f.typ = ductape.SessionType{Tag: "login", Issuer: "https://issuer.example/", Audience: "my-api", JWKSURL: jwksURL}
	f.Service = f.service()
	return f
}

// service is of another process.
func (f *foreign) service() *session.Service {
	return session.New(session.Config{
		Store: f.rows, Keys: keys{}, Version: f.rows.Version, Now: f.clock,
		Fetch: f.fetch,
		Product: func(context.Context, string, string) (*ductape.Product, error) {
			f.products++
			return &ductape.Product{Tag: "my-product", Sessions: []ductape.SessionType{userSession, f.typ}}, nil
		},
		Secret: func(_ context.Context, ws, env, key string) (string, error) {
			if ws == "default" && env == "dev" && key == "SHARED" {
				return shared, nil
			}
			return "", ductape.NewError(ductape.CodeUnknownSecret, "there is no secret "+key)
		},
	})
}

// clock is read behind runs too.
func (f *foreign) clock() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// advance moves the clock.
func (f *foreign) advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

const shared = "a secret of at least 32 bytes, shared"

// retype changes the session type, as saving the product does.
func (f *foreign) retype(change func(*ductape.SessionType)) {
	change(&f.typ)
	f.rows.version++
}

func (f *foreign) claims(more map[string]any) map[string]any {
	c := map[string]any{
		"iss": "https://issuer.example/", "aud": "my-api", "sub": "auth0|42", "iat": f.now.Unix(), "exp": f.now.Add(time.Hour).Unix(),
		"user": map[string]any{"id": "u_1"}, "jti": "1",
	}
	maps.Copy(c, more)
	return c
}

func (f *foreign) check(token string) (*session.Verified, error) {
	return f.Verify(context.Background(), "default", "my-product", "dev", ductape.SessionRef{Tag: "login", Token: token})
}

func TestTokensFromElsewhere(t *testing.T) {
	f := newForeign(t)
	f.add("ps", jose.PS256)
	f.retype(func(*ductape.SessionType) {})
	for _, kid := range []string{"rsa", "ec", "ed", "ps"} {
		v, err := f.check(f.token(kid, f.claims(nil)))
		if err != nil {
			t.Errorf("%s: %v", kid, err)
			continue
		}
		if v.Tag != "login" || v.Identifier != keyedID("default", "auth0|42") || !strings.HasPrefix(v.ID, "ext_") ||
			!strings.Contains(string(v.Data), `"user":{"id":"u_1"}`) || v.ExpiresAt.Unix() != f.now.Add(time.Hour).Unix() {
			t.Errorf("%s: %+v", kid, v)
		}
	}
	if f.fetched() != 1 {
		t.Errorf("the keys were read %d times", f.fetched())
	}
	f.retype(func(typ *ductape.SessionType) { typ.Selector = "$Session{user}{id}" })
	if v, err := f.check(f.token("ec", f.claims(nil))); err != nil || v.Identifier != keyedID("default", "u_1") {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := f.Start(t.Context(), session.Scope{Workspace: "default", Product: "my-product", Env: "dev", Type: f.typ}, nil); ductape.CodeOf(err) != ductape.CodeInvalidInput {
		t.Error(err)
	}
	own := f.start(t, ana) // the product's other type is as it was
	if _, err := f.verify(t, own.Token); err != nil {
		t.Error(err)
	}
	_, err := f.check(own.Token)
	wantCode(t, err, ductape.CodeSessionInvalid)
}

// Bad claims of RFC 7519, section 4.1, and RFC 8725, section 3.
func TestClaimsOfTokensFromElsewhere(t *testing.T) {
	f := newForeign(t)
	at := func(d time.Duration) int64 { return f.now.Add(d).Unix() }
	without := func(name string) map[string]any {
		c := f.claims(nil)
		delete(c, name)
		return c
	}
	for name, c := range map[string]struct {
		claims map[string]any
		code   ductape.Code
	}{
		"good":                  {f.claims(nil), ""},
		"aud of several":        {f.claims(map[string]any{"aud": []string{"other", "my-api"}}), ""},
		"fractions":             {f.claims(map[string]any{"exp": float64(at(time.Hour)) + 0.5, "iat": float64(at(-time.Hour)) + 0.5}), ""},
		"clock a little ahead":  {f.claims(map[string]any{"iat": at(30 * time.Second), "nbf": at(30 * time.Second)}), ""},
		"no iat":                {without("iat"), ""},
		"iss":                   {f.claims(map[string]any{"iss": "https://issuer.example"}), ductape.CodeSessionInvalid},
		"no iss":                {without("iss"), ductape.CodeSessionInvalid},
		"aud":                   {f.claims(map[string]any{"aud": "my-api-2"}), ductape.CodeSessionInvalid},
		"aud of several others": {f.claims(map[string]any{"aud": []string{"a", "b"}}), ductape.CodeSessionInvalid},
		"aud a number":          {f.claims(map[string]any{"aud": 1}), ductape.CodeSessionInvalid},
		"no aud":                {without("aud"), ductape.CodeSessionInvalid},
		"expired":               {f.claims(map[string]any{"exp": at(0)}), ductape.CodeSessionExpired},
		"no exp":                {without("exp"), ductape.CodeSessionInvalid},
		"exp as text":           {f.claims(map[string]any{"exp": "9999999999"}), ductape.CodeSessionInvalid},
		"exp too far":           {f.claims(map[string]any{"exp": 1e300}), ductape.CodeSessionInvalid},
		"nbf":                   {f.claims(map[string]any{"nbf": at(2 * time.Minute)}), ductape.CodeSessionInvalid},
		"iat":                   {f.claims(map[string]any{"iat": at(2 * time.Minute)}), ductape.CodeSessionInvalid},
		"no sub":                {without("sub"), ductape.CodeSessionInvalid},
		"sub a number":          {f.claims(map[string]any{"sub": 42}), ductape.CodeSessionInvalid},
	} {
		if _, err := f.check(f.token("ec", c.claims)); ductape.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.rows.kept) != 1 {
		t.Errorf("%d sessions are kept of one jti", len(f.rows.kept))
	}
}

func TestForgedTokensFromElsewhere(t *testing.T) {
	f := newForeign(t)
	payload, _ := json.Marshal(f.claims(nil))
	public, err := x509.MarshalPKIXPublicKey(rsaKey().Public())
	if err != nil {
		t.Fatal(err)
	}
	pemText := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	mac := func(header string, key []byte) string {
		text := b64([]byte(header)) + "." + b64(payload)
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return text + "." + b64(h.Sum(nil))
	}
	good := strings.Split(f.token("rsa", f.claims(nil)), ".")
	stranger := newIssuer(t)
	f.add("ec384", jose.ES384)
	for name, token := range map[string]string{
		"none":                    b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64(payload) + ".",
		"none, with a signature":  b64([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + b64(payload) + "." + good[2],
		"HS256 by the public PEM": mac(`{"alg":"HS256","kid":"rsa","typ":"JWT"}`, pemText),
		"HS256 by the public DER": mac(`{"alg":"HS256","kid":"rsa","typ":"JWT"}`, public),
		"HS256 by the modulus":    mac(`{"alg":"HS256","kid":"rsa","typ":"JWT"}`, rsaKey().N.Bytes()),
		"HS256 without a key":     mac(`{"alg":"HS256","typ":"JWT"}`, nil),
		"RS256 that is a MAC":     mac(`{"alg":"RS256","kid":"rsa","typ":"JWT"}`, pemText),
		"a stranger's key":        stranger.token("ec", f.claims(nil)),
		"a stranger's, by jwk":    f.signed("ec", jose.ES256, jose.JSONWebKey{Key: stranger.keys["ec"]}, f.claims(nil), "JWT"),
		"kid of another type":     f.signed("ec", jose.RS256, rsaKey(), f.claims(nil), "JWT"),
		"an algorithm not listed": f.token("ec384", f.claims(nil)),
		"RS512, not listed":       f.signed("rsa", jose.RS512, rsaKey(), f.claims(nil), "JWT"),
		"a logout token":          f.signed("ec", jose.ES256, f.keys["ec"], f.claims(nil), "logout+jwt"),
		"crit":                    b64([]byte(`{"alg":"RS256","kid":"rsa","crit":["exp"],"exp":1}`)) + "." + good[1] + "." + good[2],
		"b64":                     b64([]byte(`{"alg":"RS256","kid":"rsa","b64":true}`)) + "." + good[1] + "." + good[2],
		"alg twice":               b64([]byte(`{"alg":"RS256","alg":"RS256","kid":"rsa"}`)) + "." + good[1] + "." + good[2],
		"another payload":         good[0] + "." + b64([]byte(`{"iss":"https://issuer.example/"}`)) + "." + good[2],
		"no signature":            good[0] + "." + good[1] + ".",
		"two parts":               good[0] + "." + good[1],
		"five parts":              strings.Join(good, ".") + ".a.a",
		"empty":                   "..",
		"too long":                strings.Join(good, ".") + strings.Repeat("A", 64<<10),
	} {
		if _, err := f.check(token); ductape.CodeOf(err) != ductape.CodeSessionInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, typ := range []string{"", "jwt", "at+jwt", "application/at+jwt"} {
		if _, err := f.check(f.signed("ec", jose.ES256, f.keys["ec"], f.claims(nil), typ)); err != nil {
			t.Errorf("typ %q: %v", typ, err)
		}
	}
	if _, err := f.check(strings.Join(good, ".")); err != nil {
		t.Error(err)
	}
}

func TestKeysGivenWithTheType(t *testing.T) {
	f := newForeign(t)
	der, err := x509.MarshalPKIXPublicKey(f.keys["ec"].Public())
	if err != nil {
		t.Fatal(err)
	}
	pemJSON, _ := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	set, _ := json.Marshal(f.set())
	hs := f.signed("any", jose.HS256, []byte(shared), f.claims(nil), "JWT")
	for name, c := range map[string]struct {
		keys   string
		token  string
		refuse string
	}{
		"PEM":    {string(pemJSON), f.token("ec", f.claims(nil)), hs},
		"JWKS":   {string(set), f.token("rsa", f.claims(nil)), hs},
		"secret": {`"$Secret{SHARED}"`, hs, f.token("rsa", f.claims(nil))},
	} {
		f.retype(func(typ *ductape.SessionType) { typ.JWKSURL, typ.Keys = "", json.RawMessage(c.keys) })
		if problems := session.CheckType(f.typ); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		if _, err := f.check(c.token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := f.check(c.refuse)
		wantCode(t, err, ductape.CodeSessionInvalid)
	}
	f.retype(func(typ *ductape.SessionType) { typ.Keys = json.RawMessage(`"$Secret{GONE}"`) })
	_, err = f.check(hs)
	wantCode(t, err, ductape.CodeUnknownSecret)
	if f.fetched() != 0 {
		t.Errorf("keys were fetched %d times", f.fetched())
	}
}
