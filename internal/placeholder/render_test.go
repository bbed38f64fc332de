package placeholder_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

func TestRenderJSON(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{`{"a": 1.0}`, `{"a": 1.0}`},
		{`{"price": "$5"}`, `{"price": "$5"}`},
		{`{ "$Now" : "$Now", "b":[ "x", "$Session{user}{id}" ,3.10] } `, `{ "$Now" : 1707494400000, "b":[ "x", 42 ,3.10] } `},
		{`"\u0024Session{user}{id}"`, `42`},
		{`{"a":"$$Session{x}","a":"\/ $5"}`, `{"a":"$Session{x}","a":"\/ $5"}`},
		{`"$Session{user}{tags}"`, `["a", "b"]`},
	} {
		got, err := placeholder.RenderJSON(nil, jsontext.Value(c.raw), world, "input")
		if err != nil || string(got) != c.want {
			t.Errorf("%s = %s, %v; want %s", c.raw, got, err, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{`{"a": 1.0}`, `{"a": 1.0}`},
		{`"$Literal{JE5vdw}"`, `"$Now"`},
		{`{ "$Literal{YQ}" : ["mail $Literal{YSJi}", 1.50, "$$Now", "\/ $5"] }`, `{ "$Literal{YQ}" : ["mail a\"b", 1.50, "$Now", "\/ $5"] }`},
		{`["$Now", "$$Now $Now", "$Literal{YQ}$Session{a}", "$Session{", "$Literal{!}"]`, `["$Now", "$$Now $Now", "$Literal{YQ}$Session{a}", "$Session{", "$Literal{!}"]`},
	} {
		if got := placeholder.Plain(jsontext.Value(c.raw)); string(got) != c.want {
			t.Errorf("%s = %s; want %s", c.raw, got, c.want)
		}
	}
}

func TestRenderJSONReturnsTheSameBytes(t *testing.T) {
	raw := jsontext.Value(`{"a": "$5 and $foo"}`)
	got, err := placeholder.RenderJSON(nil, raw, world, "input")
	if err != nil || &got[0] != &raw[0] || len(got) != len(raw) {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestRenderJSONNamesThePlace(t *testing.T) {
	for _, c := range []struct{ raw, want string }{
		{`{"items":[1,2,3,{"name":"x $Session{nope}"}]}`, "input.body.items[3].name: column 3: $Session{nope}: no such value: does not resolve"},
		{`{"a.b":{"":"$Session{}"}}`, `input.body["a.b"][""]: column 9: $Session: a name is missing between { and }`},
		{`"$Session{nope}"`, "input.body: column 1: $Session{nope}: no such value: does not resolve"},
	} {
		_, err := placeholder.RenderJSON(nil, jsontext.Value(c.raw), world, "input.body")
		var place *placeholder.PlaceError
		if !errors.As(err, &place) || err.Error() != c.want {
			t.Errorf("%s: %v", c.raw, err)
		}
	}
}

// One answer holds every fault, up to a hundred.
func TestRenderJSONNamesEveryPlace(t *testing.T) {
	_, err := placeholder.RenderJSON(nil, jsontext.Value(`{"a":"$Session{nope}","b":"$Now","c":["$Add()"]}`), world, "input")
	want := "input.a: column 1: $Session{nope}: no such value: does not resolve; input.c[0]: column 1: $Add takes at least 1 argument, has 0: $Add(n...)"
	var places placeholder.PlaceErrors
	if !errors.As(err, &places) || len(places) != 2 || err.Error() != want || !errors.Is(err, placeholder.ErrUnresolved) {
		t.Errorf("%v", err)
	}
	_, err = placeholder.RenderJSON(nil, jsontext.Value("["+strings.Repeat(`"$Add()",`, 1000)+"1]"), world, "input")
	if !errors.As(err, &places) || len(places) != 100 {
		t.Errorf("%d faults", len(places))
	}
}

func TestRenderJSONIsBounded(t *testing.T) {
	big := strings.Repeat("x", 1<<19)
	for name, c := range map[string]struct{ item, want string }{
		"growth": {`"$Session{big}"`, "grows beyond 1048576 bytes"},
		"steps":  {`"$Length('` + strings.Repeat("y", 600) + `')$Session{small}"`, "takes more than 10000 steps"},
	} {
		raw := "[" + strings.Repeat(c.item+",", 40_000) + "1]"
		_, err := placeholder.RenderJSON(nil, jsontext.Value(raw), session(`{"small":1,"big":"`+big+`"}`), "input")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
}

func TestLookup(t *testing.T) {
	const doc = ` {"a\\\"b": [1, {"x": "\\"}, "\"", "y"], "a": {"b": {"c": null}}, "": 7, "2": {"0": true}, "a": 2} `
	for _, c := range []struct {
		path []string
		want string
	}{
		{[]string{`a\"b`, "0"}, "1"},
		{[]string{`a\"b`, "1", "x"}, `"\\"`},
		{[]string{`a\"b`, "3"}, `"y"`},
		{[]string{"a", "b"}, `{"c": null}`},
		{[]string{"a", "b", "c"}, "null"},
		{[]string{""}, "7"},
		{[]string{"2", "0"}, "true"},
		{[]string{`a\"b`, "4"}, ""},
		{[]string{`a\"b`, "01"}, ""},
		{[]string{`a\"b`, "-1"}, ""},
		{[]string{"a", "b", "c", "d"}, ""},
		{[]string{"nope"}, ""},
	} {
		got, ok := placeholder.Lookup(jsontext.Value(doc), c.path)
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%q = %s, %v; want %s", c.path, got, ok, c.want)
		}
	}
}

func TestLookupSession(t *testing.T) {
	for _, c := range []struct{ data, path, want string }{
		{`{"user":{"id":"42"}}`, "user id", `"42"`},
		{`{"user":{"id":"42"}}`, "login user id", `"42"`},
		{`{"user":{"id":"42"},"login":{"user":{}}}`, "login user id", ""}, // a field of the data comes first
		{`{"user":{"id":"42"},"login":{"x":1}}`, "login x", "1"},
		{`{"user":{"id":"42"}}`, "other user id", ""},
		{`{"user":{"id":"42"}}`, "login", ""},
	} {
		got, ok := placeholder.LookupSession(jsontext.Value(c.data), strings.Fields(c.path), "login")
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%s in %s is %s, %v; want %s", c.path, c.data, got, ok, c.want)
		}
	}
}
