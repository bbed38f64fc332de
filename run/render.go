package run

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/ductape-go/ductape/internal/secret"
)

// render fills the references in the call's input. The session is verified
// first, also when nothing refers to it: a run with a bad token ends here.
func (r *Runner) render(ctx context.Context, run *run) error {
	if ref := run.call.Session; ref != nil {
		s, err := r.cfg.Sessions.Verify(ctx, run.call.Caller.Workspace, run.call.Product, run.call.Env, *ref)
		if err != nil {
			return inStep("render", err)
		}
		run.session = s
		run.rec.Session, run.rec.Identifier = s.ID, s.Identifier
	}
	for i := range run.parts.fields {
		f := &run.parts.fields[i]
		sc := &scope{ctx: ctx, run: run, fromInput: true}
		v, err := placeholder.RenderJSON(nil, f.value, sc, f.where)
		if err != nil {
			return placeholderFault("render", f.where, err)
		}
		f.value, f.secret = v, sc.secrets
	}
	if run.parts.body != nil {
		sc := &scope{ctx: ctx, run: run, fromInput: true}
		v, err := placeholder.RenderJSON(nil, run.parts.body, sc, run.parts.bodyWhere)
		if err != nil {
			return placeholderFault("render", run.parts.bodyWhere, err)
		}
		run.parts.body = v
	}
	return run.parts.check(run.plan)
}

// A scope resolves references for one run. It is where every value that is
// filled in comes from.
type scope struct {
	ctx       context.Context
	run       *run
	fromInput bool // the reference stands in the call's input
	fixed     bool // the base URL and the resource: nothing that a user chooses may stand there
	varies    bool // something that differs between runs was resolved
	secrets   bool // a secret or a credential was resolved
	depth     int  // references inside values of the configuration
}

// Resolve gives a reference's value.
func (s *scope) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	if err := s.permit(ref); err != nil {
		return nil, err
	}
	switch ref.Kind {
	case placeholder.Session:
		s.varies = true
		return s.session(ref)
	case placeholder.Secret:
		return s.secret(ref)
	case placeholder.Auth:
		return s.authField(ref)
	case placeholder.Variable:
		return s.variable(ref)
	case placeholder.Constant:
		return s.constant(ref)
	case placeholder.Input:
		s.varies = true
		return s.input(ref)
	case placeholder.Now:
		s.varies = true
		return jsontext.Value(strconv.FormatInt(s.run.started.UnixMilli(), 10)), nil
	}
	return nil, unresolved("there is nothing called %s here", ref.Text)
}

// permit refuses references where their values could do harm: what users choose
// must not become the structure of a URL, and a secret that a function has
// changed could not be told in a text any more.
func (s *scope) permit(ref placeholder.Ref) error {
	switch ref.Kind {
	case placeholder.Session, placeholder.Input:
		if s.fixed {
			return fmt.Errorf("%s cannot stand in a base URL or a resource; make it a path parameter", ref.Text)
		}
	case placeholder.Secret, placeholder.Auth:
		s.secrets = true
		if s.fromInput && ref.InCall {
			return fmt.Errorf("a call's input cannot put %s into a function", ref.Text)
		}
	}
	return nil
}

func unresolved(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{placeholder.ErrUnresolved}, args...)...)
}

func (s *scope) session(ref placeholder.Ref) (jsontext.Value, error) {
	if s.run.session == nil {
		return nil, unresolved("the call has no session")
	}
	if v, ok := placeholder.Lookup(s.run.session.Data, ref.Path); ok {
		return v, nil
	}
	if _, field := placeholder.Lookup(s.run.session.Data, ref.Path[:1]); !field && len(ref.Path) > 1 && ref.Path[0] == s.run.session.Tag {
		if v, ok := placeholder.Lookup(s.run.session.Data, ref.Path[1:]); ok {
			return v, nil
		}
	}
	return nil, unresolved("the session has no such field")
}

func (s *scope) secret(ref placeholder.Ref) (jsontext.Value, error) {
	if len(ref.Path) != 1 {
		return nil, unresolved("$Secret takes one name, as in $Secret{KEY}")
	}
	v, err := s.run.r.cfg.Secrets.OpenSecret(s.ctx, s.run.call.Caller.Workspace, ref.Path[0], ductape.SecretUse{
		App: s.run.plan.app.Tag, AccessTag: s.run.plan.conn.AccessTag, Env: s.run.plan.connEnv.ProductEnv, FromInput: s.fromInput,
	})
	if err != nil {
		return nil, err
	}
	s.run.opened = append(s.run.opened, v)
	return quote(v.Expose()), nil
}

// maxLooked bounds the bytes that $Input references of one run may read.
const maxLooked = 256 << 20

// maxDepth bounds references inside the configuration's own values: a variable
// that names an auth that names a variable.
const maxDepth = 8

// nested fills the references in a value of the configuration.
func (s *scope) nested(f func(*scope) (jsontext.Value, error)) (jsontext.Value, error) {
	if s.depth >= maxDepth {
		return nil, unresolved("the configuration refers to itself")
	}
	inner := *s
	inner.depth, inner.fromInput, inner.secrets = s.depth+1, false, false
	v, err := f(&inner)
	s.varies, s.secrets = s.varies || inner.varies, s.secrets || inner.secrets
	if err == nil && inner.secrets {
		s.run.remember(v)
	}
	return v, err
}

// remember adds a value that was made of secrets to those that must not show.
func (one *run) remember(v jsontext.Value) {
	text := string(v)
	if v.Kind() == '"' {
		if plain, err := jsontext.AppendUnquote(nil, v); err == nil {
			text = string(plain)
		}
	}
	one.opened = append(one.opened, secret.New(text))
}

func (s *scope) authField(ref placeholder.Ref) (jsontext.Value, error) {
	tag, field := "", ""
	switch len(ref.Path) {
	case 1: // the older form $Auth{field}: the connection's only auth
		if len(s.run.plan.auths) != 1 {
			return nil, unresolved("the connection has %d auths; name one, as in $Auth{tag}{%s}", len(s.run.plan.auths), ref.Path[0])
		}
		for t := range s.run.plan.auths {
			tag = t
		}
		field = ref.Path[0]
	case 2:
		tag, field = ref.Path[0], ref.Path[1]
	}
	t := s.run.plan.auths[tag][field]
	if t == nil {
		return nil, unresolved("the connection %s has no such auth value in %s", s.run.plan.conn.AccessTag, s.run.plan.connEnv.ProductEnv)
	}
	return s.nested(func(in *scope) (jsontext.Value, error) { return t.Eval(in) })
}

func (s *scope) variable(ref placeholder.Ref) (jsontext.Value, error) {
	rest, err := s.ofApp(ref)
	if err != nil {
		return nil, err
	}
	v, ok := s.run.plan.variables[rest[0]]
	if !ok {
		return nil, unresolved("the connection %s sets no variable %q in %s, and it has no default", s.run.plan.conn.AccessTag, rest[0], s.run.plan.connEnv.ProductEnv)
	}
	return s.configured(v, "variables."+rest[0], rest[1:])
}

// configured fills a value of the configuration, and looks into it.
func (s *scope) configured(v valueTemplate, where string, path []string) (jsontext.Value, error) {
	value := v.raw
	if v.refs {
		var err error
		value, err = s.nested(func(in *scope) (jsontext.Value, error) {
			return placeholder.RenderJSON(nil, v.raw, in, where)
		})
		if err != nil {
			return nil, err
		}
	}
	return into(value, path)
}

func (s *scope) constant(ref placeholder.Ref) (jsontext.Value, error) {
	rest, err := s.ofApp(ref)
	if err != nil {
		return nil, err
	}
	v, ok := s.run.plan.constants[rest[0]]
	if !ok {
		return nil, unresolved("the app %s has no constant %q", s.run.plan.app.Tag, rest[0])
	}
	return s.configured(v, "constants."+rest[0], rest[1:])
}

// ofApp checks that a reference names this connection, by its access tag or its
// App's tag, and returns the rest of the path.
func (s *scope) ofApp(ref placeholder.Ref) ([]string, error) {
	if len(ref.Path) < 2 {
		return nil, unresolved("write it with the app, as in $%s{%s}{key}", ref.Kind, s.run.plan.conn.AccessTag)
	}
	if a := ref.Path[0]; a != s.run.plan.conn.AccessTag && a != s.run.plan.app.Tag {
		return nil, unresolved("this run is of %s, not of %q", s.run.plan.conn.AccessTag, a)
	}
	return ref.Path[1:], nil
}

func (s *scope) input(ref placeholder.Ref) (jsontext.Value, error) {
	// Each look-up reads the input from its start.
	if s.run.looked += len(s.run.parts.raw); s.run.looked > maxLooked {
		return nil, fmt.Errorf("the input refers to itself too often for its size")
	}
	v, ok := placeholder.Lookup(s.run.parts.raw, ref.Path)
	if !ok {
		return nil, unresolved("the input has no such part")
	}
	return v, nil
}

func into(v jsontext.Value, path []string) (jsontext.Value, error) {
	if len(path) == 0 {
		return v, nil
	}
	v, ok := placeholder.Lookup(v, path)
	if !ok {
		return nil, unresolved("the value has no such field")
	}
	return v, nil
}

func quote(text string) jsontext.Value {
	v, err := jsontext.AppendQuote(nil, text)
	if err != nil { // invalid UTF-8 is replaced, as in JSON everywhere
		v, _ = jsontext.AppendQuote(nil, fmt.Sprintf("%q", text))
	}
	return v
}
