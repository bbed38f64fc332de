package cli

import (
	"errors"
	"testing"
)

// Names that say their place and names that do not may be mixed.
func TestPairForms(t *testing.T) {
	for _, test := range []struct {
		pairs []string
		want  string
	}{
		{[]string{"params.id=1", "headers.X-A=1"}, `{"params":{"id":"1"},"headers":{"X-A":"1"}}`},
		{[]string{"id=1", "headers.X-A=1"}, `{"id":"1","headers:X-A":"1"}`},
		{[]string{"headers.X-A=1", "metadata.plan=pro", "body.tags[1]=b", "body.a.b:=2"}, `{"headers:X-A":"1","metadata":{"plan":"pro"},"body:tags":[null,"b"],"body:a":{"b":2}}`},
		{[]string{"metadata.plan=pro", "metadata.size:=2"}, `{"metadata":{"plan":"pro","size":2}}`},
		{[]string{"query.a=1", "headers:X=2"}, `{"query:a":"1","headers:X":"2"}`},
		{[]string{"query=cats", "limit:=3"}, `{"query":"cats","limit":3}`},
		{[]string{"body[0]=x", "query.a=1"}, `{"body":["x"],"query":{"a":"1"}}`},
	} {
		got, _, err := parsePairs(test.pairs)
		if err != nil || string(got) != test.want {
			t.Errorf("%v: %s, %v; want %s", test.pairs, got, err, test.want)
		}
	}
	var wrong *usageError
	if _, _, err := parsePairs([]string{"id=1", "headers.X=1", "headers.X=2"}); !errors.As(err, &wrong) {
		t.Errorf("two values for one place: %v", err)
	}
}
