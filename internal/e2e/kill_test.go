package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/client"
)

// rounds is how often the server is killed.
const rounds = 40

// A SIGKILL in the middle of writes loses no change that was acknowledged. The
// moment is a number of acknowledgements, never a time: while it is reached,
// the other writers are somewhere in their requests.
func TestKillWhileWriting(t *testing.T) {
	b := newBox(t)
	up := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q", r.Header.Get("Authorization"))
	})
	k := b.newKey()
	a := &acknowledged{last: map[string]int{}}
	addr := "127.0.0.1:0"
	for round := range rounds {
		s := b.serve(addr)
		addr = s.addr // the next server takes the same port
		a.check(t, s.client(k), fmt.Sprintf("round %d", round))
		a.write(s, s.client(k), up.URL, 1+rand.IntN(12))
	}
	s := b.serve(addr)
	a.check(t, s.client(k), "at the end")
	t.Logf("%d changes were acknowledged in %d rounds", a.count(), rounds)
	s.stop()
	if code := s.wait(); code != 0 {
		t.Errorf("serve ended with %d", code)
	}
}

// acknowledged is what the server said was kept: for each resource, the number
// of the last change. The change after it may or may not be there.
type acknowledged struct {
	mu    sync.Mutex
	last  map[string]int // "secret 3" -> 17
	total int
}

func (a *acknowledged) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.total
}

func (a *acknowledged) next(what string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last[what] + 1
}

func (a *acknowledged) ack(what string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last[what] = n
	a.total++
}

// writers is how many of each kind write at once.
const writers = 3

// write changes things from several sides until so many changes have been
// acknowledged, and kills the server at that moment.
func (a *acknowledged) write(s *served, c *client.Client, upstream string, until int) {
	acks := make(chan struct{}, 1)
	var all sync.WaitGroup
	for i := range writers {
		for _, put := range []func(*client.Client, string, int, int) error{putSecret, putApp, putProduct} {
			all.Go(func() { a.writeOn(c, put, upstream, i, acks, s.ended) })
		}
	}
	for range until {
		select {
		case <-acks:
		case <-s.ended:
		}
	}
	s.kill()
	all.Wait()
}

func (a *acknowledged) writeOn(c *client.Client, put func(*client.Client, string, int, int) error, upstream string, i int, acks chan<- struct{}, ended <-chan struct{}) {
	what := nameOf(put(nil, "", i, 0))
	for {
		n := a.next(what)
		if err := put(c, upstream, i, n); err != nil {
			return // killed in the middle: not acknowledged
		}
		a.ack(what, n)
		select {
		case acks <- struct{}{}:
		case <-ended:
			return
		}
	}
}

// A name is what a put without a client answers: what it would change.
type name string

func (n name) Error() string { return string(n) }

func nameOf(err error) string { return string(err.(name)) }

func putSecret(c *client.Client, _ string, i, n int) error {
	if c == nil {
		return name(fmt.Sprintf("secret %d", i))
	}
	return c.Do(context.Background(), "PUT", fmt.Sprintf("/v1/secrets/S%d", i), map[string]string{"value": value(i, n)}, nil)
}

func value(i, n int) string { return fmt.Sprintf("secret-%d-version-%06d", i, n) }

func putApp(c *client.Client, upstream string, i, n int) error {
	if c == nil {
		return name(fmt.Sprintf("app %d", i))
	}
	app := ductape.App{
		Name: fmt.Sprint(n), Envs: []ductape.AppEnv{{Slug: "prd", BaseURL: upstream, AllowPrivate: true}},
		Auths:   []ductape.Auth{{Tag: "bearer", Type: ductape.AuthBearer}},
		Actions: []ductape.Action{{Tag: "echo", Method: "GET", Resource: "/echo"}, {Tag: fmt.Sprintf("act_%d", n), Method: "GET", Resource: "/act"}},
	}
	return c.Do(context.Background(), "PUT", fmt.Sprintf("/v1/apps/app%d", i), app, nil)
}

// putProduct connects the app of the same number, with the secret of the same
// number. Until the app is there the product is refused, and is tried again.
func putProduct(c *client.Client, upstream string, i, n int) error {
	if c == nil {
		return name(fmt.Sprintf("product %d", i))
	}
	product := ductape.Product{Name: fmt.Sprint(n), Envs: []ductape.ProductEnv{{Slug: "prd"}}, Apps: []ductape.Connection{{
		AccessTag: "api", App: fmt.Sprintf("app%d", i), Envs: []ductape.ConnectionEnv{{
			ProductEnv: "prd", AppEnv: "prd", Auth: map[string]map[string]string{"bearer": {"token": fmt.Sprintf("$Secret{S%d}", i)}},
		}},
	}}}
	for {
		err := c.Do(context.Background(), "PUT", fmt.Sprintf("/v1/products/product%d", i), product, nil)
		if code := ductape.CodeOf(err); err == nil || code == ductape.CodeUpstreamUnreachable || code == ductape.CodeInternal {
			return err
		}
	}
}

// check wants each acknowledged change, or the one after it, to be there and to
// work.
func (a *acknowledged) check(t *testing.T, c *client.Client, when string) {
	t.Helper()
	for i := range writers {
		for _, kind := range []string{"secret", "app", "product"} {
			what := fmt.Sprintf("%s %d", kind, i)
			n := a.last[what]
			got, err := kept(c, kind, strconv.Itoa(i))
			if n == 0 && ductape.CodeOf(err).Status() == http.StatusNotFound {
				continue // never acknowledged, and not there
			}
			if err != nil {
				t.Fatalf("%s: %s: %v", when, what, err)
			}
			if got != n && got != n+1 {
				t.Fatalf("%s: %s is at change %d, acknowledged was %d", when, what, got, n)
			}
			a.last[what] = got
		}
		a.checkRun(t, c, i, when)
	}
}

// checkRun runs a product's action, when all it needs is there, and wants the
// secret's newest version to reach the API, opened.
func (a *acknowledged) checkRun(t *testing.T, c *client.Client, i int, when string) {
	t.Helper()
	version := a.last[fmt.Sprintf("secret %d", i)]
	if version == 0 || a.last[fmt.Sprintf("product %d", i)] == 0 {
		return
	}
	res, err := c.Run(context.Background(), ductape.Call{Env: "prd", Product: fmt.Sprintf("product%d", i), App: "api", Event: "echo"})
	if err != nil {
		t.Fatalf("%s: run: %v", when, err)
	}
	var got string
	if err := res.Decode(&got); err != nil {
		t.Fatalf("%s: run: %v", when, err)
	}
	if want := "Bearer " + value(i, version); got != want {
		t.Fatalf("%s: the API got %q, want %q", when, got, want)
	}
}

// kept returns the number of the change that is there.
func kept(c *client.Client, kind, number string) (n int, err error) {
	ctx := context.Background()
	switch kind {
	case "secret":
		var s ductape.Secret
		err = c.Do(ctx, "GET", "/v1/secrets/S"+number, nil, &s)
		return s.Version, err
	case "app":
		var app ductape.App
		if err = c.Do(ctx, "GET", "/v1/apps/app"+number, nil, &app); err == nil {
			_, err = fmt.Sscan(app.Name, &n)
		}
		if err == nil { // its actions came with it
			err = c.Do(ctx, "GET", fmt.Sprintf("/v1/apps/app%s/actions/act_%d", number, n), nil, nil)
		}
		return n, err
	default:
		var p ductape.Product
		if err = c.Do(ctx, "GET", "/v1/products/product"+number, nil, &p); err == nil {
			_, err = fmt.Sscan(p.Name, &n)
		}
		return n, err
	}
}
