package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// Whatever is asked of another workspace answers as if nothing were there.
func TestWorkspacesAreApart(t *testing.T) {
	ctx := context.Background()
	const other = "other"
	c := shopCatalog(t)
	mustSet(t, c, "K", "value", SecretScope{})
	key, err := c.CreateKey(ctx, ws, "")
	if err != nil {
		t.Fatal(err)
	}
	before, err := c.store.Version(ctx, ws)
	if err != nil {
		t.Fatal(err)
	}
	credential := secretRefs(sealedToken(t, c))[0]
	use := ductape.SecretUse{App: "pets", AccessTag: "pets-app", Env: "prd"}
	for name, try := range map[string]func() error{
		"App":       func() error { _, err := c.App(ctx, other, "pets"); return err },
		"DeleteApp": func() error { return c.DeleteApp(ctx, other, "pets") },
		"Actions":   func() error { _, err := c.Actions(ctx, other, "pets", "", 0); return err },
		"Action":    func() error { _, err := c.Action(ctx, other, "pets", "list_pets"); return err },
		"PutAction": func() error {
			return c.PutAction(ctx, other, "pets", &ductape.Action{Tag: "x", Method: "GET", Resource: "/"})
		},
		"DeleteAction":     func() error { return c.DeleteAction(ctx, other, "pets", "list_pets") },
		"Product":          func() error { _, err := c.Product(ctx, other, "my-product"); return err },
		"DeleteProduct":    func() error { return c.DeleteProduct(ctx, other, "my-product") },
		"PutConnection":    func() error { _, err := c.PutConnection(ctx, other, "my-product", connection("x", nil)); return err },
		"DeleteConnection": func() error { return c.DeleteConnection(ctx, other, "my-product", "pets-app") },
		"PutCache": func() error {
			_, err := c.PutCache(ctx, other, "my-product", ductape.CachePolicy{Tag: "c", Expiry: 1})
			return err
		},
		"DeleteCache": func() error { return c.DeleteCache(ctx, other, "my-product", "products-list") },
		"PutSessionType": func() error {
			_, err := c.PutSessionType(ctx, other, "my-product", ductape.SessionType{Tag: "s", Expiry: 1, Period: "days"})
			return err
		},
		"DeleteSessionType": func() error { return c.DeleteSessionType(ctx, other, "my-product", "user-session") },
		"Secret":            func() error { _, err := c.Secret(ctx, other, "K"); return err },
		"DeleteSecret":      func() error { return c.DeleteSecret(ctx, other, "K") },
		"OpenSecret":        func() error { _, err := c.OpenSecret(ctx, other, "K", use); return err },
		"OpenSecret sealed": func() error { _, err := c.OpenSecret(ctx, other, credential, use); return err },
		"RevokeKey":         func() error { return c.RevokeKey(ctx, other, key.ID) },
		"PutProduct with a foreign app": func() error {
			_, err := c.PutProduct(ctx, other, &ductape.Product{Tag: "p", Envs: []ductape.ProductEnv{{Slug: "dev"}}, Apps: []ductape.Connection{connection("x", nil)}})
			return err
		},
	} {
		var e *ductape.Error
		if err := try(); !errors.As(err, &e) || e.Code == ductape.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, list := range map[string]func() (int, error){
		"Apps":     func() (int, error) { l, err := c.Apps(ctx, other); return len(l), err },
		"Products": func() (int, error) { l, err := c.Products(ctx, other); return len(l), err },
		"Secrets":  func() (int, error) { l, err := c.Secrets(ctx, other); return len(l), err },
		"Keys":     func() (int, error) { l, err := c.Keys(ctx, other); return len(l), err },
	} {
		if n, err := list(); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	// The same names in the other workspace are other things.
	if _, err := c.Import(ctx, other, ImportRequest{Tag: "pets", Location: "p", Data: []byte(petsNext)}); err != nil {
		t.Error(err)
	}
	if _, err := c.PutApp(ctx, other, &ductape.App{Tag: "mail"}); err != nil {
		t.Error(err)
	}
	if _, err := c.SetSecret(ctx, other, "K", secret.New("foreign"), SecretScope{}); err != nil {
		t.Error(err)
	}
	prune := shopRequest("apps: [ { tag: solo } ]")
	prune.Prune = true
	if _, err := c.Apply(ctx, other, prune); err != nil {
		t.Error(err)
	}
	if v, err := c.OpenSecret(ctx, ws, "K", use); err != nil || v.Expose() != "value" {
		t.Errorf("the secret became another's: %v", err)
	}
	if after, err := c.store.Version(ctx, ws); err != nil || after != before {
		t.Errorf("the version moved from %d to %d, %v", before, after, err)
	}
	for _, bad := range []string{"", "a/b", "a b", "../x"} {
		_, err := c.Apply(ctx, bad, shopRequest(shop))
		wantCode(t, err, ductape.CodeUnknownWorkspace)
		_, err = c.SetSecret(ctx, bad, "K", secret.New("x"), SecretScope{})
		wantCode(t, err, ductape.CodeUnknownWorkspace)
		_, err = c.CreateKey(ctx, bad, "")
		wantCode(t, err, ductape.CodeUnknownWorkspace)
	}
}

func TestConcurrentWritersAndReaders(t *testing.T) {
	ctx := context.Background()
	c := shopCatalog(t)
	mustSet(t, c, "K", "value", SecretScope{})
	key, err := c.CreateKey(ctx, ws, "")
	if err != nil {
		t.Fatal(err)
	}
	second, _ := over(t, c.store) // another process, as far as locks go
	second.keyring = c.keyring
	var wg sync.WaitGroup
	work := func(f func(i int) error) {
		wg.Go(func() {
			for i := range 8 {
				if err := f(i); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for n, writer := range []*Catalog{c, second} {
		work(func(i int) error {
			_, err := writer.PutCache(ctx, ws, "my-product", ductape.CachePolicy{Tag: fmt.Sprintf("c-%d-%d", n, i), Expiry: 1})
			return err
		})
		work(func(i int) error {
			_, err := writer.SetSecret(ctx, ws, "K", secret.New(fmt.Sprint("value", i)), SecretScope{})
			return err
		})
		work(func(i int) error {
			_, err := writer.OpenSecret(ctx, ws, "K", ductape.SecretUse{})
			return err
		})
		work(func(i int) error { _, err := writer.Authenticate(ctx, key.Text); return err })
		work(func(i int) error { _, err := writer.Apply(ctx, ws, shopRequest(shop)); return err })
	}
	wg.Wait()
	p, err := c.Product(ctx, ws, "my-product")
	if err != nil || len(p.Caches) != 17 {
		t.Errorf("%d caches, %v", len(p.Caches), err)
	}
	if s, err := c.Secret(ctx, ws, "K"); err != nil || s.Version != 17 {
		t.Errorf("secret: %+v, %v", s, err)
	}
	v, err := c.OpenSecret(ctx, ws, secretRefs(sealedToken(t, c))[0], ductape.SecretUse{AccessTag: "pets-app", Env: "prd"})
	if err != nil || v.Expose() != "plain-literal-token" {
		t.Errorf("credential: %v", err)
	}
}
