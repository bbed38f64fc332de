package postman

import (
	"slices"
	"testing"

	"github.com/ductape-go/ductape"
)

func one(t *testing.T, request string) (ductape.Action, []ductape.Warning) {
	t.Helper()
	app, _, warnings, err := Read([]byte(`{"info":{"name":"pm","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"variable":[{"key":"cv","value":"CV"}],"item":[{"name":"x","request":`+request+`}]}`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return app.Actions[0], warnings
}

// A part of a JSON type is sent as the JSON that its text spells, not as a string.
func TestPartOfJSON(t *testing.T) {
	form := func(value string) string {
		return `{"method":"POST","url":"https://a.test/x","body":{"mode":"formdata","formdata":[{"key":"meta","type":"text","value":` + value + `,"contentType":"application/json"}]}}`
	}
	a, _ := one(t, form(`"{\"a\":1.50,\"b\":\"{{cv}}\"}"`))
	if got := string(a.Body.Contents[0].Example); got != `{"meta":{"a":1.50,"b":"$Variable{pm}{cv}"}}` {
		t.Errorf("got %s", got)
	}
	a, warnings := one(t, form(`"hello"`))
	if got := string(a.Body.Contents[0].Example); got != `{"meta":"hello"}` || !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == bodyNotJSON }) {
		t.Errorf("got %s, %v", got, warnings)
	}
}

func TestEmptyQueryValue(t *testing.T) {
	a, _ := one(t, `{"method":"GET","url":"https://a.test/x?e=&f=1"}`)
	if len(a.Params) != 2 || string(a.Params[0].Example) != `""` {
		t.Errorf("%+v", a.Params)
	}
}

func TestDigestIsReported(t *testing.T) {
	_, warnings := one(t, `{"method":"GET","url":"https://a.test/x","auth":{"type":"digest","digest":[{"key":"username","value":"{{u}}"}]}}`)
	if !slices.ContainsFunc(warnings, func(w ductape.Warning) bool { return w.Code == authUnsupported }) {
		t.Errorf("%v", warnings)
	}
}
