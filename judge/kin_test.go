package judge

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// A tally counts what became of the operations of some descriptions.
type tally struct {
	operations int
	noSample   int // the description gives no sample that it accepts
	unjudged   int // kin-openapi cannot judge the operation
	valid      int
	failures   []string // refused by the judge, or by our own run, with the reason
	unsampled  []string
	skipped    []string
}

func (c *tally) add(o tally) {
	c.operations += o.operations
	c.noSample += o.noSample
	c.unjudged += o.unjudged
	c.valid += o.valid
	c.failures = append(c.failures, o.failures...)
	c.unsampled = append(c.unsampled, o.unsampled...)
	c.skipped = append(c.skipped, o.skipped...)
}

// share is how many of the judged requests are valid.
func (c *tally) share() float64 {
	judged := c.valid + len(c.failures)
	if judged == 0 {
		return 1
	}
	return float64(c.valid) / float64(judged)
}

func (c *tally) String() string {
	return fmt.Sprintf("%s operations: %s valid, %s not: %.2f %% of those judged; %s without a sample, %s that the judge cannot read",
		thousands(c.operations), thousands(c.valid), thousands(len(c.failures)), 100*c.share(), thousands(c.noSample), thousands(c.unjudged))
}

// An upstream answers every request and keeps the last.
type upstream struct {
	mu   sync.Mutex
	last *http.Request
	body []byte
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	u.mu.Lock()
	u.last, u.body = r, body
	u.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// take returns the last request, as it came.
func (u *upstream) take() *http.Request {
	u.mu.Lock()
	defer u.mu.Unlock()
	r := u.last.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(u.body))
	return r
}

// Samples hold what is required, or all there is.
var (
	requiredOnly = schema.SampleOptions{}
	everything   = schema.SampleOptions{All: true}
)

// judgeApp runs a sample of every action of an app and lets kin-openapi compare
// what arrives with the description. The tallies are in the order of opts.
func judgeApp(t *testing.T, name string, app *ductape.App, doc *openapi3.T, opts []schema.SampleOptions) []tally {
	u := &upstream{}
	s := httptest.NewServer(u)
	defer s.Close()
	w := newWorld(t, app, s.URL, "")
	defer w.Ductape.Close()
	var out []tally
	for _, opt := range opts {
		j := judge{world: w, upstream: u, doc: doc, name: name, former: app.Source.Format == "swagger", opt: opt}
		for i := range app.Actions {
			j.operation(&app.Actions[i])
		}
		out = append(out, j.tally)
	}
	return out
}

type judge struct {
	*world
	upstream *upstream
	doc      *openapi3.T
	name     string
	former   bool // Swagger 2.0
	opt      schema.SampleOptions
	tally    tally
}

func (j *judge) line(a *ductape.Action, why string) string {
	return fmt.Sprintf("%s\t%s %s\t%s", j.name, a.Method, a.Resource, oneLine(why))
}

func (j *judge) operation(a *ductape.Action) {
	j.tally.operations++
	route, path := j.route(a)
	if route == nil {
		j.tally.unjudged++
		j.tally.skipped = append(j.tally.skipped, j.line(a, "the judge has no such operation"))
		return
	}
	input, err := j.schemas.ActionInput(a, j.opt)
	if err != nil {
		j.tally.noSample++
		j.tally.unsampled = append(j.tally.unsampled, j.line(a, err.Error()))
		return
	}
	if problems := j.schemas.CheckInput(a, input); len(problems) > 0 {
		j.tally.failures = append(j.tally.failures, j.line(a, fmt.Sprintf("strict: %v | input %s", problems, input)))
		return
	}
	if why := undefined(a, input); why != "" {
		j.tally.unjudged++
		j.tally.skipped = append(j.tally.skipped, j.line(a, why))
		return
	}
	err = j.send(a, input, route, path)
	if err != nil && cannot(err) {
		j.tally.unjudged++
		j.tally.skipped = append(j.tally.skipped, j.line(a, err.Error()))
		return
	}
	if err != nil {
		j.tally.failures = append(j.tally.failures, j.line(a, err.Error()+" | input "+string(input)))
		return
	}
	j.tally.valid++
}

// route finds an action in the judge's reading of the description, by its path,
// else by its operationId: AWS's paths have a fragment that tells them apart.
func (j *judge) route(a *ductape.Action) (*routers.Route, string) {
	for _, path := range []string{a.Resource, before(a.Resource, "?"), strings.TrimSuffix(before(a.Resource, "?"), "/")} {
		if item := j.doc.Paths.Value(path); item != nil {
			if op := item.GetOperation(a.Method); op != nil && (a.OperationID == "" || op.OperationID == a.OperationID) {
				return j.routeTo(a, path, item, op)
			}
		}
	}
	if a.OperationID == "" {
		return nil, ""
	}
	for path, item := range j.doc.Paths.Map() {
		if op := item.GetOperation(a.Method); op != nil && op.OperationID == a.OperationID {
			return j.routeTo(a, path, item, op)
		}
	}
	return nil, ""
}

func (j *judge) routeTo(a *ductape.Action, path string, item *openapi3.PathItem, op *openapi3.Operation) (*routers.Route, string) {
	readableItem := *item
	readableItem.Parameters = j.readable(path, item.Parameters)
	readableOp := *op
	readableOp.Parameters = j.readable(path, op.Parameters)
	readableOp.Security = &openapi3.SecurityRequirements{} // not what is judged
	route := &routers.Route{Spec: j.doc, Path: path, PathItem: &readableItem, Method: a.Method, Operation: &readableOp, Server: &openapi3.Server{URL: "/"}}
	return route, before(before(path, "?"), "#")
}

func before(text, mark string) string {
	text, _, _ = strings.Cut(text, mark)
	return text
}

func (j *judge) send(a *ductape.Action, input []byte, route *routers.Route, path string) error {
	res, err := j.call(a, input)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	if _, err := res.Bytes(); err != nil {
		return err
	}
	req := j.upstream.take()
	if err := j.compare(req, route, path); err != nil {
		return err
	}
	return same(input, req.Header.Get("Content-Type"), req.Body)
}

// compare lets the judge speak. It may panic over what it cannot read.
func (j *judge) compare(req *http.Request, route *routers.Route, path string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the judge panics: %v", p)
		}
	}()
	params, err := pathParams(path, req.URL, enums(route))
	if err != nil {
		return err
	}
	readable, hard, err := j.apart(req, route)
	if err != nil {
		return err
	}
	in := &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: readable, QueryParams: req.URL.Query(),
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true, KeepValidatedValue: true, RegexCompiler: lenientPattern},
	}
	in.Options.SchemaValidationOptions = []openapi3.SchemaValidationOption{openapi3.SetSchemaRegexCompiler(lenientPattern)}
	if j.doc.IsOpenAPI31OrLater() {
		in.Options.SchemaValidationOptions = append(in.Options.SchemaValidationOptions, openapi3.EnableJSONSchema2020())
	}
	for _, p := range hard {
		if err := p.compare(*in); err != nil {
			return named(err)
		}
	}
	return named(openapi3filter.ValidateRequest(context.Background(), in))
}

// apart returns a route without the parameters that the judge cannot read, and
// these.
func (j *judge) apart(req *http.Request, route *routers.Route) (*routers.Route, []nested, error) {
	item, op, out := *route.PathItem, *route.Operation, *route
	params := slices.Clip(op.Parameters)
	for _, p := range item.Parameters {
		if op.Parameters.GetByInAndName(p.Value.In, p.Value.Name) == nil {
			params = append(params, p)
		}
	}
	plain, hard, err := apart(req.URL.RawQuery, params)
	item.Parameters, op.Parameters = nil, plain
	out.PathItem, out.Operation = &item, &op
	return &out, hard, err
}

// named says in one line which part of a request the judge refuses, and why.
func named(err error) error {
	var re *openapi3filter.RequestError
	if errors.As(err, &re) && re.Err != nil {
		what := "body"
		if re.Parameter != nil {
			what = re.Parameter.In + " " + re.Parameter.Name
		}
		return fmt.Errorf("%s: %s: %s", what, re.Reason, reason(re.Err))
	}
	return err
}

// reason is the innermost fault the judge names.
func reason(err error) string {
	var path []string
	for {
		var se *openapi3.SchemaError
		if !errors.As(err, &se) {
			return strings.Join(path, "/") + ": " + err.Error()
		}
		path = append(path, se.JSONPointer()...)
		if se.Origin == nil {
			return strings.Join(path, "/") + ": " + se.SchemaField + " " + se.Reason
		}
		err = se.Origin
	}
}

// enums returns the patterns of path parameters that have few values: they tell
// where a parameter ends that follows another.
func enums(route *routers.Route) map[string]string {
	out := map[string]string{}
	for _, p := range append(slices.Clip(route.PathItem.Parameters), route.Operation.Parameters...) {
		if p.Value.In != "path" || p.Value.Schema == nil || len(p.Value.Schema.Value.Enum) == 0 {
			continue
		}
		var values []string
		for _, v := range p.Value.Schema.Value.Enum {
			values = append(values, regexp.QuoteMeta(url.PathEscape(fmt.Sprint(v))))
		}
		out[p.Value.Name] = "(" + strings.Join(values, "|") + ")"
	}
	return out
}

// pathParams reads the values back out of the path.
func pathParams(template string, u *url.URL, enums map[string]string) (map[string]string, error) {
	var names []string
	var pattern strings.Builder
	pattern.WriteString("^")
	for rest := template; ; {
		before, after, found := strings.Cut(rest, "{")
		pattern.WriteString(regexp.QuoteMeta(before))
		name, end, closed := strings.Cut(after, "}")
		if !found || !closed {
			break
		}
		names = append(names, name)
		pattern.WriteString(cmp.Or(enums[name], "([^/]*?)"))
		rest = end
	}
	re, err := regexp.Compile(pattern.String() + "/?$")
	if err != nil {
		return nil, err
	}
	values := re.FindStringSubmatch(u.EscapedPath())
	if values == nil {
		if values = re.FindStringSubmatch(u.Path); values == nil {
			return nil, fmt.Errorf("path %s does not match the template", u.EscapedPath())
		}
	}
	out := map[string]string{}
	for i, name := range names {
		if out[name], err = url.PathUnescape(values[i+1]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// lenientPattern accepts everything where a pattern is not RE2.
func lenientPattern(expr string) (openapi3.RegexMatcher, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return regexp.MustCompile(""), nil
	}
	return re, nil
}
