package run

import (
	"context"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/placeholder"
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
	return run.fill(ctx)
}

// fill fills the references of every part, and reports all that is wrong with
// them in one answer.
func (one *run) fill(ctx context.Context) error {
	var faults fillFaults
	for i := range one.parts.fields {
		f := &one.parts.fields[i]
		if !placeholder.HasRefs(f.value) || faults.ended {
			continue
		}
		sc := one.scope(ctx)
		sc.fromInput = !f.preset
		v, err := one.eval.RenderJSON(f.value, sc, one.placeOf(f))
		if f.unfilled = err != nil; f.unfilled {
			faults.add(one.placeOf(f), err)
			continue
		}
		f.value, f.filled, f.secret = v, true, sc.secrets
	}
	if body := one.parts.body; body != nil && placeholder.HasRefs(body) && !faults.ended {
		sc := one.scope(ctx)
		sc.fromInput = true
		v, err := one.eval.RenderJSON(body, sc, one.parts.bodyWhere)
		faults.add(one.parts.bodyWhere, err)
		one.parts.body = v
	}
	wrong := one.parts.wrong(one.plan)
	if err := faults.err("render", wrong); err != nil {
		return err
	}
	return invalid("render", wrong)
}

// placeOf names a field in errors about its references: a default's place is in
// the App.
func (one *run) placeOf(f *field) string {
	if f.preset {
		return "apps." + one.plan.app.Tag + ".actions." + one.plan.action.Tag + ".params." + f.name + ".default"
	}
	return f.where
}

// scope returns a scope for values of the configuration.
func (one *run) scope(ctx context.Context) *scope {
	if one.eval == nil {
		one.eval = placeholder.NewEvaluation(ctx)
		one.eval.Derived = one.remember
		one.eval.Filled = one.filled
	}
	return &scope{ctx: ctx, run: one}
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
}

// Resolve gives a reference's value. What holds a secret, at whatever depth of
// the configuration, may stand in a call's input where a secret may.
func (s *scope) Resolve(ref placeholder.Ref) (jsontext.Value, error) {
	if err := s.permit(ref); err != nil {
		return nil, err
	}
	before := s.run.eval.Secrets()
	v, err := s.value(ref)
	if s.run.eval.Secrets() == before {
		return v, err
	}
	s.secrets = true
	if s.fromInput && ref.InCall {
		return nil, fmt.Errorf("a call's input cannot put %s into a function: it holds a secret", ref.Text)
	}
	return v, err
}

func (s *scope) value(ref placeholder.Ref) (jsontext.Value, error) {
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
	if v, ok := placeholder.LookupSession(s.run.session.Data, ref.Path, s.run.session.Tag); ok {
		return v, nil
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
	if ductape.CodeOf(err) == ductape.CodeUnknownSecret { // which $Default is for; not for one that is out of scope or expired
		return nil, fmt.Errorf("%w: %w", placeholder.ErrUnresolved, err)
	}
	if err != nil {
		return nil, err
	}
	s.run.eval.MarkSecret()
	s.run.see(v.Expose())
	return quote(v.Expose()), nil
}

// maxLooked bounds the bytes that $Input references of one run may read.
const maxLooked = 256 << 20

// nested fills the references in a value of the configuration.
func (s *scope) nested(f func(*scope) (jsontext.Value, error)) (jsontext.Value, error) {
	inner := *s
	inner.fromInput, inner.secrets = false, false
	v, err := s.run.eval.Nested(func() (jsontext.Value, error) { return f(&inner) })
	s.varies, s.secrets = s.varies || inner.varies, s.secrets || inner.secrets
	return v, err
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
	v, err := s.nested(func(in *scope) (jsontext.Value, error) { return s.run.eval.Eval(t, in) })
	if err != nil {
		return nil, err
	}
	s.run.eval.MarkSecret()
	if !publicField(field) {
		s.run.remember(v)
	}
	return v, nil
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
			return s.run.eval.RenderJSON(v.raw, in, where)
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

// input gives another part of the call's input, which is no template: references
// in it stand for themselves. Text that was written so that it is none, with
// $Literal{...} or a doubled $, is that text.
func (s *scope) input(ref placeholder.Ref) (jsontext.Value, error) {
	// Each look-up reads the input from its start.
	if s.run.looked += len(s.run.parts.raw); s.run.looked > maxLooked {
		return nil, fmt.Errorf("the input refers to itself too often for its size")
	}
	v, ok := placeholder.Lookup(s.run.parts.raw, ref.Path)
	if !ok {
		return nil, unresolved("the input has no such part")
	}
	return placeholder.Plain(v), nil
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
