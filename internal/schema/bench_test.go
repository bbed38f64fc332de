package schema_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

func BenchmarkBody(b *testing.B) {
	set := schema.NewSet("3.1.0", nil)
	content := &ductape.Content{Type: "application/json", Schema: raw(`{"type":"object","required":["email"],"properties":{"email":{"type":"string","format":"email"},"name":{"type":"string"},"address":{"type":"object","properties":{"city":{"type":"string"}}}}}`)}
	value := jsontext.Value(`{"email":"jane@example.com","name":"Jane","address":{"city":"Lagos"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if p := set.Body(content, value, "input.body"); p != nil {
			b.Fatal(p)
		}
	}
}
