package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/auth"
	"github.com/ductape-go/ductape/egress"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/secret"
)

// A credential is what a run proves itself with. It is applied in send, on
// every attempt: a signature or a timestamp must be fresh.
type credential struct {
	auths  []appliedAuth
	names  egress.Credentials // what the auths may set, which no other host may receive
	values []secret.Value     // every value in it, for redaction
	id     string             // tells whose it is: part of a cache key, never shown
}

type appliedAuth struct {
	auth ductape.Auth
	auth.Credential
	from string // where it came from, for a dry run
}

// A keptCredential is a credential that does not differ between runs.
type keptCredential struct {
	*credential
	until time.Time
}

// keepCredential is how long a credential is used before its secrets are opened
// again: an expiry is noticed this late at most. A change is noticed at once,
// since it makes a new plan.
const keepCredential = time.Second

// authenticate gets the credential of the plan. What the caller set in the
// input wins over it.
func (r *Runner) authenticate(ctx context.Context, run *run) (*credential, error) {
	plan := run.plan
	if plan.missing != "" && !run.parts.authorized(plan) {
		return nil, fault("authenticate", ductape.CodeCredentialMissing, fmt.Sprintf("%s needs %s, and the connection %s has no values for it in %s", plan.action.Tag, plan.missing, plan.conn.AccessTag, plan.connEnv.ProductEnv)).
			WithHint("add them under `auth` of the connection in ductape.yaml")
	}
	if len(plan.apply) == 0 {
		return &credential{}, nil
	}
	if kept := plan.kept.Load(); kept != nil && run.started.Before(kept.until) {
		return kept.credential, nil
	}
	c, varies, err := r.open(ctx, run)
	if err != nil {
		return nil, err
	}
	if !varies {
		plan.kept.Store(&keptCredential{c, run.started.Add(keepCredential)})
	}
	return c, nil
}

// open evaluates the connection's values and makes a credential of them.
func (r *Runner) open(ctx context.Context, run *run) (*credential, bool, error) {
	c := &credential{}
	var id strings.Builder
	varies := false
	for _, a := range run.plan.apply {
		values := make(auth.Values, len(run.plan.auths[a.Tag]))
		var refs []string
		for field, t := range run.plan.auths[a.Tag] {
			sc := run.scope(ctx)
			text, err := run.eval.EvalText(t, sc)
			if err != nil {
				return nil, false, placeholderFault("authenticate", fmt.Sprintf("products.%s.apps.%s.envs.%s.auth.%s.%s", run.plan.product.Tag, run.plan.conn.AccessTag, run.plan.connEnv.ProductEnv, a.Tag, field), err)
			}
			varies = varies || sc.varies
			values[field] = text
			if !publicField(field) {
				c.values = append(c.values, secret.New(text), secret.New(bare(text)))
			}
			refs = append(refs, shownRefs(t)...)
		}
		made, err := auth.New(a, values)
		if err != nil {
			return nil, false, inStep("authenticate", err)
		}
		if user, ok := values["username"]; ok {
			c.values = append(c.values, secret.New(user+":"+values["password"]))
		}
		c.auths = append(c.auths, appliedAuth{a, made, origin(run.plan, a.Tag, refs)})
		headers, query, cookies := made.Names()
		c.names.Headers = append(c.names.Headers, headers...)
		c.names.Query = append(c.names.Query, query...)
		c.names.Cookies = append(c.names.Cookies, cookies...)
		writeID(&id, a.Tag, values)
	}
	c.values = append(c.values, run.opened...)
	c.id = digest(id.String())
	return c, varies, nil
}

// writeID adds an auth and its values, in a fixed order and so that two
// different credentials cannot be written alike.
func writeID(id *strings.Builder, tag string, values auth.Values) {
	fmt.Fprintf(id, "%q", tag)
	for _, field := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(id, "%q%q", field, values[field])
	}
}

// bare is a token without the word that people paste before it.
func bare(text string) string {
	if _, token, ok := strings.Cut(text, " "); ok {
		return token
	}
	return text
}

// publicField names the credential fields that are no secrets.
func publicField(field string) bool { return field == "username" }

// shownRefs are the references of a value. A literal that is kept sealed is
// shown as what it was.
func shownRefs(t *placeholder.Template) []string {
	var out []string
	for _, ref := range t.Refs() {
		if ref.Kind == placeholder.Secret && strings.HasPrefix(ref.Path[0], "connection/") {
			out = append(out, "a literal value, kept sealed")
			continue
		}
		out = append(out, ref.Text)
	}
	return out
}

func origin(p *plan, tag string, refs []string) string {
	from := fmt.Sprintf("auth %s of connection %s in %s", tag, p.conn.AccessTag, p.connEnv.ProductEnv)
	if len(refs) > 0 {
		slices.Sort(refs)
		from += " (" + strings.Join(slices.Compact(refs), ", ") + ")"
	}
	return from
}

// applyTo puts the credential on one attempt.
func (c *credential) applyTo(req *http.Request) error {
	for _, a := range c.auths {
		if err := a.Apply(req); err != nil {
			return inStep("send", err)
		}
	}
	return nil
}

// authorized reports whether the caller has set a credential outright.
func (p *parts) authorized(plan *plan) bool {
	for i := range p.fields {
		f := &p.fields[i]
		if f.in == ductape.InHeader && strings.EqualFold(f.name, "Authorization") {
			return true
		}
		for _, a := range plan.app.Auths {
			if a.Type == ductape.AuthAPIKey && a.In == f.in && strings.EqualFold(a.Name, f.name) {
				return true
			}
		}
	}
	return false
}
