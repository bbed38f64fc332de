package openapi_test

import (
	"fmt"
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
