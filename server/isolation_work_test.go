package server_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
	"github.com/ductape-go/ductape/internal/secret"
)

// fields are the names by what they name.
func (n *names) fields() map[string]*string {
	return map[string]*string{
		"product": &n.product, "app": &n.app, "action": &n.action, "secret": &n.secret, "cache": &n.cache, "session": &n.session,
		"run": &n.run, "keyID": &n.keyID, "sessionID": &n.sessionID, "token": &n.token, "refresh": &n.refresh, "user": &n.user,
	}
}

// with is n with some fields as they are in other.
func (n names) with(other names, fields ...string) names {
	from := other.fields()
	for _, f := range fields {
		*n.fields()[f] = *from[f]
	}
	return n
}

// usedBy lists the fields that a request is made of.
func usedBy(request func(names) (path, body string)) []string {
	var used []string
	plainPath, plainBody := request(names{})
	all := new(names).fields()
	for _, f := range slices.Sorted(maps.Keys(all)) {
		path, body := request(names{}.with(names{"#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#"}, f))
		if path != plainPath || body != plainBody {
			used = append(used, f)
		}
	}
	return used
}

// A rival is a counted world with another workspace in it.
type rival struct {
	*world
	work                 *work
	own, theirs, missing names
}

var (
	ownNames   = names{product: "shop", app: "api", action: "get_item", secret: "TOKEN", cache: "items", session: "visitor"}
	theirNames = names{product: "theirshop", app: "theirapi", action: "their_item", secret: "THEIR_TOKEN", cache: "theircache", session: "theirvisit"}
	// These sort where theirNames do, and are as far from ownNames.
	missingNames = names{product: "theqqshop", app: "theqqapi", action: "theqq_item", secret: "THEQQ_TOKEN", cache: "theqqcache", session: "theqqvisit"}
)

func newRival(t *testing.T, api *api) *rival {
	t.Helper()
	w, did := newCountedWorld(t, api)
	key := w.newKey(ductape.DefaultWorkspace)
	w.key = key.Text
	r := &rival{world: w, work: did}
	r.own = w.furnish(ductape.DefaultWorkspace, key, ownNames)
	r.theirs = w.furnish("other", w.newKey("other"), theirNames)
	r.missing = r.theirs.gone()
	return r
}

// furnish makes one of everything in a workspace.
func (w *world) furnish(workspace string, key *catalog.NewKey, n names) names {
	w.t.Helper()
	ctx := context.Background()
	if _, err := w.Catalog.SetSecret(ctx, workspace, n.secret, secret.New(token), catalog.SecretScope{Apps: []string{n.app}}); err != nil {
		w.t.Fatal(err)
	}
	file := strings.NewReplacer("UPSTREAM", w.api.URL, "PRODUCT", n.product, "APP", n.app,
		"$Secret{TOKEN}", "$Secret{"+n.secret+"}", "get_item", n.action, "tag: items,", "tag: "+n.cache+",", "tag: visitor", "tag: "+n.session).Replace(setUpFile)
	if _, err := w.Catalog.Apply(ctx, workspace, catalog.ApplyRequest{Location: "ductape.yaml", File: []byte(file)}); err != nil {
		w.t.Fatal(err)
	}
	user, err := w.Sessions.Identifier(ctx, workspace, "user of "+workspace)
	if err != nil {
		w.t.Fatal(err)
	}
	n.keyID, n.user = key.ID, user
	r := w.ask(key.Text, "POST", "/v1/sessions/start", sessionOf(n, fmt.Sprintf(`"data":{"user":{"id":%q}}`, "user of "+workspace)))
	s := decode[ductape.StartedSession](w.t, r.body)
	n.sessionID, n.token, n.refresh = s.SessionID, s.Token, s.RefreshToken
	r = w.ask(key.Text, "POST", "/v1/actions/run", runOf(n, fmt.Sprintf(`"session":{"tag":%q,"token":%q}`, n.session, n.token)))
	if n.run = r.header.Get("Ductape-Run-Id"); r.status != 200 || n.run == "" {
		w.t.Fatalf("%d %s", r.status, r.body)
	}
	return n
}

// gone is names of what exists nowhere, of the same kind and length. Its tokens
// have the form of good ones and were signed by nobody.
func (n names) gone() names {
	g := missingNames
	g.run, g.keyID, g.sessionID, g.user = beside(n.run), beside(n.keyID), beside(n.sessionID), beside(n.user)
	forged := base64.RawURLEncoding.EncodeToString(make([]byte, 32))
	g.token = n.token[:strings.LastIndexByte(n.token, '.')+1] + forged
	g.refresh = g.sessionID + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64))
	return g
}

// beside is an id that differs in its last digit.
func beside(id string) string {
	if head, ok := strings.CutSuffix(id, "0"); ok {
		return head + "1"
	}
	return id[:len(id)-1] + "0"
}

// A trace is everything that a caller could tell answers apart by.
type trace struct {
	answer string   // status, headers and body, without what was asked for
	work   []string // what it took
}

// trace asks with the caller's own key.
func (r *rival) trace(method, path, body string) trace {
	r.t.Helper()
	return r.traceWith(r.key, method, path, body)
}

func (r *rival) traceWith(key, method, path, body string) trace {
	r.t.Helper()
	if err := r.Catalog.FlushUses(context.Background()); err != nil {
		r.t.Fatal(err)
	}
	r.work.take()
	a := r.ask(key, method, path, body)
	did := r.work.take()
	for i := range did {
		did[i] = r.hide(did[i])
	}
	header := a.header.Clone()
	header.Del("Date")
	if changing.MatchString(a.body) { // timestamps have no fixed length
		header.Del("Content-Length")
	}
	text := r.hide(fmt.Sprint(a.status, " ", header, "\n", a.body))
	return trace{text, did}
}

// hide takes out of a text what was asked for and what differs each time.
func (r *rival) hide(text string) string {
	for _, n := range []names{r.theirs, r.missing, r.own} {
		for _, f := range []string{"token", "refresh", "user", "run", "keyID", "sessionID"} {
			text = strings.ReplaceAll(text, *n.fields()[f], "Y")
		}
	}
	for _, n := range []names{r.theirs, r.missing} {
		for _, f := range []string{"product", "app", "action", "secret", "cache", "session"} {
			text = strings.ReplaceAll(text, *n.fields()[f], "X")
		}
	}
	return changing.ReplaceAllString(text, "Y")
}

var writes = regexp.MustCompile(`^(Put|Delete|Change|Rotate|Revoke|Keep|Reseal)\w*\[[^\]]*\]( \d+)?$`)

// changed reports whether something was written, or may have been.
func (t trace) changed() bool {
	return slices.ContainsFunc(t.work, writes.MatchString)
}

// Whether a name is another workspace's or nobody's, the work is the same: the
// same calls to the store, of the same shape, and to whatever opens secrets,
// verifies sessions, derives keys, keeps answers or sends; and the same answer,
// with its headers and size. So for every endpoint that the API describes, each
// way to name things to it, and each name alone and all of them together.
func TestAnotherWorkspaceTakesNoOtherWork(t *testing.T) {
	api := newAPI(t)
	theirs, missing := newRival(t, api), newRival(t, api)
	asked := 0
	if reflect.TypeFor[names]().NumField() != len(new(names).fields()) {
		t.Fatal("fields leaves a name out")
	}
	for _, op := range theirs.sorted() {
		if requestOf[op.id] == nil {
			t.Fatalf("say in requestOf how %s is asked about another workspace's things", op.id)
		}
		for i, request := range requestsOf(op) {
			used := usedBy(request)
			if i == 0 && strings.Contains(op.path, "{") && len(used) == 0 {
				t.Errorf("%s: requestOf names nothing in its path", op.id)
			}
			for _, fields := range combinations(used) {
				path, body := request(theirs.own.with(theirs.theirs, fields...))
				a := theirs.trace(op.method, path, body)
				path, body = request(missing.own.with(missing.missing, fields...))
				b := missing.trace(op.method, path, body)
				same(t, fmt.Sprintf("%s, request %d, %v", op.id, i+1, fields), a, b)
				asked++
				if a.changed() || b.changed() {
					theirs, missing = newRival(t, api), newRival(t, api)
				}
			}
		}
	}
	t.Logf("%d requests about another workspace's things and about what is nowhere", asked)
}

func requestsOf(op operation) []func(names) (path, body string) {
	return append([]func(names) (string, string){requestOf[op.id]}, moreRequests[op.id]...)
}

func (r *rival) sorted() []operation {
	all := r.operations()
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.id, b.id) })
	return all
}

// combinations are each field alone, and all together.
func combinations(fields []string) [][]string {
	var all [][]string
	for _, f := range fields {
		all = append(all, []string{f})
	}
	if len(fields) != 1 {
		all = append(all, fields)
	}
	return all
}

func same(t *testing.T, what string, theirs, missing trace) {
	t.Helper()
	if theirs.answer != missing.answer {
		t.Errorf("%s\nabout another workspace's:\n%s\nabout what does not exist:\n%s", what, theirs.answer, missing.answer)
	}
	if !slices.Equal(theirs.work, missing.work) {
		t.Errorf("%s\nwork for another workspace's:\n%s\nfor what does not exist:\n%s", what, strings.Join(theirs.work, "\n"), strings.Join(missing.work, "\n"))
	}
	for _, line := range theirs.work {
		if strings.Contains(line, "[other") {
			t.Errorf("%s: asks the other workspace: %s", what, line)
		}
	}
}
