package run_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/run"
)

// holding is a world whose connection has variables, and whose app a constant,
// that hold a secret, at different depths.
func holding(t *testing.T) *world {
	w := newWorld(t)
	w.secret("KQ", "sk_s3cret.value")
	w.app.Constants = append(w.app.Constants, ductape.Constant{Key: "deep", Value: json.RawMessage(`["x", {"k": "v-$Variable{api}{region}"}]`)})
	v := w.pro.Apps[0].Envs[0].Variables
	v["region"] = json.RawMessage(`"$Secret{KQ}"`)
	v["auth"] = json.RawMessage(`"$Auth{token_access}{token}"`)
	v["deeper"] = json.RawMessage(`"$Constant{api}{deep}"`)
	v["plain"] = json.RawMessage(`"eu"`)
	w.save()
	return w
}

// What holds a secret, at whatever depth, may stand in a call's input only where
// the secret itself may: not in a function, which would change it so that nobody
// can tell it in a text.
func TestFunctionsDoNotChangeWhatHoldsASecret(t *testing.T) {
	w := holding(t)
	for _, ref := range []string{"$Variable{api}{region}", "$Variable{sample}{region}", "$Variable{api}{auth}", "$Variable{api}{deeper}", "$Constant{api}{deep}"} {
		for _, form := range []string{"$Join($Split(%s,''),'.')", "$Uppercase(%s)", "$Substring(%s, 1)", "$Length(%s)", "$Length{%s}", "$Filter([%s], '!=', 'x')", "$Default(%s, 'x')", "$Concat(['x', {a: [%s]}], '')", "$Replace(%s, 's3cret', '')"} {
			value := marshal(t, fmt.Sprintf(form, ref))
			for event, input := range map[string]string{
				"create_thing": `{"body":{"v":` + value + `}}`, "get_thing": `{"params":{"id":` + value + `},"query":{"q":"1"}}`,
				"public": `{"query":{"q":` + value + `},"headers":{"X-A":` + value + `}}`,
			} {
				got := w.refused(w.call(event, input), ductape.CodeInvalidPlaceholder)
				if !strings.Contains(got, "into a function") || strings.Contains(strings.ToLower(got), "s3cret.") {
					t.Errorf("%s of %s: %s", event, value, got)
				}
			}
		}
	}
	if got := w.sent("create_thing", `{"body":{"v":"$Uppercase($Variable{api}{plain})","w":"a $Variable{api}{region}"}}`); !strings.Contains(got, `{"v":"EU","w":"a sk_s3cret.value"}`) {
		t.Error(got)
	}
}

// shown is everything that a call shows: its dry run, its error, its record.
func (w *world) shown(call ductape.Call) string {
	w.t.Helper()
	p, err := w.Runner.Preview(context.Background(), call)
	out := fmt.Sprintf("%+v %v", p, err)
	if p != nil {
		out = fmt.Sprintf("%+v", *p)
	}
	_, err = w.runCall(call)
	return out + fmt.Sprintf("\n%v\n%+v", err, w.record())
}

// What functions of the saved configuration make of a secret is a secret too.
func TestDerivedSecretsDoNotShow(t *testing.T) {
	w := newWorld(t)
	w.secret("KQ", "sk_s3cret.value")
	w.app.Envs[0].BaseURL = w.api.URL + "/$Uppercase($Secret{KQ})"
	w.app.Actions = append(w.app.Actions,
		ductape.Action{Tag: "derived", Method: "GET", Resource: "/r/$Replace($Secret{KQ}, 's3cret', 'hidden')/$Variable{api}{part}", Params: []ductape.Param{
			{Name: "X-Pre", In: ductape.InHeader, Default: json.RawMessage(`"a $Substring($Secret{KQ}, 3, 9)"`)},
			{Name: "parts", In: ductape.InQuery, Default: json.RawMessage(`"$Split($Secret{KQ}, '_')"`)},
			{Name: "n", In: ductape.InQuery, Type: "integer"},
		}})
	w.pro.Apps[0].Envs[0].Variables["part"] = json.RawMessage(`"p-$Concat(['x', $Auth{token_access}{token}], '')"`)
	w.save()
	made := []string{"SK_S3CRET", "S3CRET.VALUE", "sk_hidden", "hidden.value", "s3cret", "xtok_", "[sk"}
	for name, input := range map[string]string{"sent": `{}`, "refused": `{"query":{"n":"$Variable{api}{part}"}}`} {
		got := w.shown(w.call("derived", input))
		for _, m := range made {
			if strings.Contains(got, m) {
				t.Errorf("%s shows %s:\n%s", name, m, got)
			}
		}
		if name == "sent" && !strings.Contains(got, "/[redacted]/r/[redacted]/") {
			t.Error(got)
		}
	}
	// A base URL that a secret makes no URL is not quoted.
	w.secret("KQ", "user:p4ss@word/x")
	w.app.Envs[0].BaseURL = "http://$Secret{KQ}"
	w.save()
	if got := w.shown(w.call("derived", `{}`)); strings.Contains(got, "word/x") || strings.Contains(got, "p4ss") {
		t.Error(got)
	}
}

// Short secrets are hidden where they stand alone, and by the text around them.
func TestShortSecretsDoNotShow(t *testing.T) {
	w := newWorld(t)
	w.scoped("PIN", "q7")
	w.app.Actions = append(w.app.Actions, ductape.Action{
		Tag: "pinned", Method: "POST", Resource: "/pin/$Secret{PIN}/in$Secret{PIN}side/{id}", Body: &ductape.Body{Contents: []ductape.Content{{Type: "application/json"}}},
		Params: []ductape.Param{{Name: "id", In: ductape.InPath}},
	})
	w.save()
	got := w.shown(w.call("pinned", `{"params":{"id":"x$Secret{PIN}y"},"body":{"pin":"$Secret{PIN}","also":["ab$Secret{PIN}","c$Secret{PIN}c"]},"headers":{"X-Pin":"z$Secret{PIN}"},"query":{"n":"$Secret{PIN}"}}`))
	if strings.Contains(got, "q7") && !onlyInID(got, "q7") {
		t.Error(got)
	}
	if !strings.Contains(got, "/pin/[redacted]/[redacted]/[redacted]") {
		t.Error(got)
	}
}

// onlyInID reports whether a text stands only in run ids, which are by chance.
func onlyInID(text, s string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" :{}\n", r) }) {
		if strings.Contains(word, s) && !strings.HasPrefix(word, "run_") {
			return false
		}
	}
	return true
}

// A file may be given as base64: what a secret stands for in it is one too.
func TestSecretsAsFilesDoNotShow(t *testing.T) {
	w := newWorld(t)
	w.scoped("B64", "dXNlcjpwNHNzdzByZCE_")
	for _, value := range []string{"$Secret{B64}", "YWJj$Secret{B64}", "$Secret{B64}YWJj"} {
		for event, body := range map[string]string{"upload": `{"f":{"filename":"x","base64":"` + value + `"}}`, "raw": `{"filename":"x","base64":"` + value + `"}`} {
			got := w.shown(w.call(event, `{"body":`+body+`}`))
			if strings.Contains(got, "p4ssw0rd") || !strings.Contains(got, "[redacted]") {
				t.Errorf("%s: %s", value, got)
			}
		}
	}
}

// A header that was filled with a secret of several words shows none of them.
func TestHeadersWithASecretOfSeveralWords(t *testing.T) {
	w := newWorld(t)
	w.scoped("LONGSP", "correct horse battery")
	got := w.shown(w.call("public", `{"headers":{"X-Custom":"a$Secret{LONGSP}","X-Key":"key $Secret{LONGSP}"}}`))
	for _, word := range []string{"correct", "horse", "battery"} {
		if strings.Contains(got, word) {
			t.Errorf("%s shows in %s", word, got)
		}
	}
}

// A call's references are bounded together, wherever they stand.
func TestReferencesOfACallAreBoundedTogether(t *testing.T) {
	w := newWorld(t)
	w.pro.Apps[0].Envs[0].Variables["long"] = json.RawMessage(`"` + strings.Repeat("x", 10_000) + `"`)
	for i := range 5 {
		w.pro.Apps[0].Envs[0].Variables[fmt.Sprint("v", i)] = json.RawMessage(`"` + strings.Repeat(fmt.Sprintf("$Variable{api}{v%d}", i+1), 50) + `"`)
	}
	w.pro.Apps[0].Envs[0].Variables["v5"] = json.RawMessage(`"x"`)
	w.save()
	many := make([]string, 600)
	for i := range many {
		many[i] = fmt.Sprintf(`"q%d":"%s"`, i, strings.Repeat("$Variable{api}{long}", 60))
	}
	for name, input := range map[string]string{
		"queries":   `{"query":{` + strings.Join(many, ",") + `}}`,
		"headers":   `{"headers":{` + strings.ReplaceAll(strings.Join(many, ","), `"q`, `"X-`) + `}}`,
		"functions": `{"query":{` + strings.ReplaceAll(strings.Join(many, ","), "$Variable{api}{long}", "$Length($Variable{api}{long})") + `}}`,
		"variables": `{"query":{"a":"$Variable{api}{v0}"}}`,
	} {
		got := w.refused(w.call("public", input), ductape.CodeInvalidPlaceholder)
		if !strings.Contains(got, "more to fill in than is allowed") || len(got) > 2000 {
			t.Errorf("%s: %.500s", name, got)
		}
	}
}

// A run whose time is over says so, whoever noticed it.
func TestTimeIsOverEverywhere(t *testing.T) {
	w := holding(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(context.DeadlineExceeded)
	_, err := w.Run(ctx, w.call("create_thing", `{"body":{"v":"$Variable{api}{plain}"}}`))
	if ductape.CodeOf(err) != ductape.CodeUpstreamTimeout {
		t.Errorf("%v", err)
	}
	gone, leave := context.WithCancel(context.Background())
	leave()
	if _, err := w.Run(gone, w.call("create_thing", `{}`)); ductape.CodeOf(err) != ductape.CodeCancelled {
		t.Errorf("%v", err)
	}
}

// One answer names every reference that cannot be filled, and what else is wrong.
func TestEveryFaultOfTheReferencesIsReported(t *testing.T) {
	w := newWorld(t)
	call := w.call("get_thing", `{"params":{"id":"$Uppercase("},"query":{"limit":"$Concat(['x'], '')","q":"$Session{nope}"},"headers":{"X-Trace":"$Secret{NOPE}"}}`)
	got := w.refused(call, ductape.CodeInvalidPlaceholder)
	for _, want := range []string{"input.params.id: column 12", "input.query.q: column 1: $Session{nope}", "input.headers.X-Trace: ", "input.query.limit: must be an integer"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	got = w.refused(w.call("create_thing", `{"body":{"a":"$Session{x}","b":["$Add()","$Now"]}}`), ductape.CodeUnresolvedPlaceholder)
	if !strings.Contains(got, "input.body.a: ") || !strings.Contains(got, "input.body.b[0]: ") || strings.Contains(got, "b[1]") {
		t.Error(got)
	}
}

// So does the answer to a call that cannot be bound.
func TestBrokenPlaceholdersBesideOtherFaults(t *testing.T) {
	w := newWorld(t)
	got := w.refused(w.call("get_thing", `{"query":{"q":["$Trim("],"r":"$Session{x}"},"headers":{"X-Trace":"$Uppercase(5)"}}`), ductape.CodeInvalidInput)
	for _, want := range []string{"input.params.id: is required", "input.query.q[0]: column 7", "input.headers.X-Trace: column 12"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if strings.Contains(got, "input.query.r") {
		t.Error(got)
	}
	got = w.refused(w.call("update_thing", `{"body":{"a":"$Add()"}}`), ductape.CodeInvalidInput)
	if !strings.Contains(got, "input.body.a: column 1") {
		t.Error(got)
	}
	many := strings.Repeat(`"$Add()",`, 500)
	if n := strings.Count(w.refused(w.call("public", `{"query":{"a":[`+many+`1],"b":[`+many+`1]}}`), ductape.CodeInvalidPlaceholder), "at least"); n > 200 {
		t.Errorf("%d problems", n)
	}
}

// slow are secrets that are there when the run is over, and then fail as a store
// does.
type slow struct{}

func (slow) OpenSecret(ctx context.Context, _, _ string, _ ductape.SecretUse) (secret.Value, error) {
	<-ctx.Done()
	return secret.Value{}, ductape.NewError(ductape.CodeInternal, "reading the secret: the store failed")
}

func TestTimeIsOverWhileASecretIsOpened(t *testing.T) {
	w := newWorld(t)
	w.secret("K", "v")
	r := run.New(run.Config{Catalog: w.Store, Secrets: slow{}, Sessions: w.Sessions, Limits: run.Limits{Run: 1}})
	for _, input := range []string{`{"body":{"v":"$Secret{K}"}}`, `{}`} {
		_, err := r.Run(context.Background(), w.call("create_thing", input))
		if got := ductape.CodeOf(err); got != ductape.CodeUpstreamTimeout {
			t.Errorf("%s: %v", got, err)
		}
	}
}

// A parameter's default is the App's own configuration, not the caller's.
func TestDefaultsAreConfiguration(t *testing.T) {
	w := newWorld(t)
	w.app.Actions = append(w.app.Actions, ductape.Action{Tag: "filled", Method: "GET", Resource: "/f", Params: []ductape.Param{
		{Name: "q", In: ductape.InQuery, Default: json.RawMessage(`"$Lowercase($Secret{API_TOKEN})"`)},
	}})
	w.save()
	if got := w.sent("filled", `{}`); !strings.Contains(got, "/f?q=tok_s3cret_value") {
		t.Error(got)
	}
	w.app.Actions[len(w.app.Actions)-1].Params[0].Default = json.RawMessage(`"$Secret{NOPE}$Session{x}"`)
	w.save()
	w.refused(w.call("filled", `{}`), ductape.CodeUnknownSecret)
	w.app.Actions[len(w.app.Actions)-1].Params[0].Default = json.RawMessage(`"$Session{x}"`)
	w.save()
	if got := w.refused(w.call("filled", `{}`), ductape.CodeUnresolvedPlaceholder); !strings.Contains(got, "apps.sample.actions.filled.params.q.default: column 1") {
		t.Error(got)
	}
}

// A secret that is not there does not resolve, so that $Default gives the other
// value; one that may not be used stays an error.
func TestDefaultOfASecret(t *testing.T) {
	w := newWorld(t)
	v := w.pro.Apps[0].Envs[0].Variables
	v["region"] = json.RawMessage(`"$Default($Secret{NONE}, 'eu')"`)
	w.save()
	if got := w.sent("create_thing", `{"body":{"v":"$Variable{api}{region}"}}`); !strings.HasSuffix(got, `{"v":"eu"}`) {
		t.Error(got)
	}
	v["region"] = json.RawMessage(`"$Secret{NONE}"`)
	w.save()
	w.refused(w.call("create_thing", `{"body":{"v":"$Variable{api}{region}"}}`), ductape.CodeUnknownSecret)

	w.secretFor("NONE", "of another app", "other")
	v["region"] = json.RawMessage(`"$Default($Secret{NONE}, 'eu')"`)
	w.save()
	w.refused(w.call("create_thing", `{"body":{"v":"$Variable{api}{region}"}}`), ductape.CodeSecretNotAllowed)
}

// What is filled into the query of a base URL or a resource is part of one URL:
// no blank of it ends the request line.
func TestQueryOfBaseURLIsEscaped(t *testing.T) {
	w := newWorld(t)
	w.secret("KQ", `a b "<é>" %41{c}`)
	w.app.Envs[0].BaseURL = w.api.URL + "/base?key=$Secret{KQ}"
	w.save()
	if _, err := w.run("get_thing", `{"params":{"id":"1"}}`); err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(w.api.requests()[0], "\n")
	if !strings.HasSuffix(line, "?key=a%20b%20%22%3C%C3%A9%3E%22%20%41{c}") {
		t.Error(line)
	}
}
