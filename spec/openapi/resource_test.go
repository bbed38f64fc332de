package openapi_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/ductape-go/ductape/spec"
)

// Nothing is fetched that the description holds under its $id or $self.
func TestIDsBeforeTheNetwork(t *testing.T) {
	text := `{"openapi":"3.2.0","$self":"https://self.example/api","info":{"title":"t","version":"1"},"servers":[{"url":"https://a.example"}],
"paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"anyOf":[{"$ref":"https://schemas.example/root#/$defs/x"},
{"$ref":"https://schemas.example/root#/none"},{"$ref":"https://self.example/api#/components/schemas/Root"},{"$ref":"https://other.example/x"}]}}}},"responses":{}}}},
"components":{"schemas":{"Root":{"$id":"https://schemas.example/root","$defs":{"x":{"type":"string"}}}}}}`
	var asked []string
	_, err := spec.Read(spec.Source{Location: "api.json", Data: []byte(text), Open: func(location string) ([]byte, error) {
		asked = append(asked, location)
		return nil, fmt.Errorf("not there")
	}}, spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(asked) != "[https://other.example/x]" {
		t.Errorf("asked for %v", asked)
	}
}

// Each $id is as long as all those around it, resolved; they take no memory out
// of proportion.
func TestManyLongIDs(t *testing.T) {
	long := strings.Repeat("x", 100_000) + "/"
	text := `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}},"responses":{}}}},"components":{"schemas":{"S":{"$id":"` + long +
		`","anyOf":[` + strings.TrimSuffix(strings.Repeat(`{"$id":"y"},`, 50_000), ",") + `]}}}}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := spec.Read(spec.Source{Data: []byte(text)}, spec.Options{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 200*uint64(len(text)) {
		t.Errorf("%d bytes took %d", len(text), used)
	}
}
