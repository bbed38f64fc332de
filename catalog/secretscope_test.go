package catalog

import (
	"context"
	"slices"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// Setting a secret again widens nothing that nobody says.
func TestScopeStays(t *testing.T) {
	c, _ := newCatalog(t)
	mustSet(t, c, "K", "one", SecretScope{Apps: []string{"a"}, Envs: []string{"dev"}})
	for i, tt := range []struct{ given, want SecretScope }{
		{SecretScope{}, SecretScope{Apps: []string{"a"}, Envs: []string{"dev"}}},
		{SecretScope{Envs: []string{"prd"}}, SecretScope{Apps: []string{"a"}, Envs: []string{"prd"}}},
		{SecretScope{Apps: []string{}}, SecretScope{Envs: []string{"prd"}}},
		{SecretScope{}, SecretScope{Envs: []string{"prd"}}},
		{SecretScope{Envs: []string{}}, SecretScope{}},
	} {
		s := mustSet(t, c, "K", "next", tt.given)
		if !slices.Equal(s.Apps, tt.want.Apps) || !slices.Equal(s.Envs, tt.want.Envs) {
			t.Errorf("%d: %+v", i, s)
		}
		if v, err := c.OpenSecret(context.Background(), ws, "K", ductape.SecretUse{App: "a", Env: append(s.Envs, "x")[0]}); err != nil || v.Expose() != "next" {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestScopeWarnings(t *testing.T) {
	c := shopCatalog(t)
	s := mustSet(t, c, "K", "v", SecretScope{Apps: []string{"pets", "petz"}, Envs: []string{"dev", "prod"}})
	got, err := c.ScopeWarnings(context.Background(), ws, s)
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	contains(t, got[0].Code+" "+got[0].Where+" "+got[0].Message, `unknown_app apps[1] there is no app "petz" yet; did you mean pets?`)
	contains(t, got[1].Code+" "+got[1].Where+" "+got[1].Message, `unknown_env envs[1] there is no environment "prod" yet`)
}

// Bytes that JSON would change are refused.
func TestSecretsAreText(t *testing.T) {
	ctx := context.Background()
	c, _ := newCatalog(t)
	mustSet(t, c, "K", "ü\x00", SecretScope{})
	_, err := c.SetSecret(ctx, ws, "K", secret.New("\xff\xfeabc"), SecretScope{})
	contains(t, wantCode(t, err, ductape.CodeInvalidInput).Problems[0].Message, "is not UTF-8 text")
	_, err = c.RotateSecret(ctx, ws, "K", Rotation{Value: secret.New("\xff")})
	wantCode(t, err, ductape.CodeInvalidInput)
}

// The parts of a scope are told apart by machines too.
func TestNotAllowedNamesThePart(t *testing.T) {
	c, _ := newCatalog(t)
	mustSet(t, c, "K", "v", SecretScope{Apps: []string{"a"}, Envs: []string{"dev"}})
	for part, use := range map[string]ductape.SecretUse{"apps": {App: "b", Env: "dev"}, "envs": {App: "a", Env: "prd"}} {
		_, err := c.OpenSecret(context.Background(), ws, "K", use)
		e := wantCode(t, err, ductape.CodeSecretNotAllowed)
		if len(e.Problems) != 1 || e.Problems[0].Where != part {
			t.Errorf("%s: %+v", part, e.Problems)
		}
	}
}
