package placeholder_test

import (
	"fmt"

	"github.com/ductape-go/ductape/internal/placeholder"
	"github.com/go-json-experiment/json/jsontext"
)

func Example() {
	t, err := placeholder.Parse("Bearer $Secret{KEY}, by $Uppercase($Session{user}{tags}{0})")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ref := range t.Refs() {
		fmt.Println(ref.Kind, ref.Path, ref.Column)
	}
	fmt.Println(t.EvalText(world))
	// Output:
	// Secret [KEY] 8
	// Session [user tags 0] 36
	// Bearer s3cret, by A <nil>
}

func ExampleRenderJSON() {
	body := jsontext.Value(`{"amount": 10.00, "customer": "$Session{user}{id}", "note": "costs $5"}`)
	fmt.Println(placeholder.RenderJSON(nil, body, world, "input.body"))
	_, err := placeholder.RenderJSON(nil, jsontext.Value(`{"items": [{"name": "$Session{nope}"}]}`), world, "input.body")
	fmt.Println(err)
	// Output:
	// {"amount": 10.00, "customer": 42, "note": "costs $5"} <nil>
	// input.body.items[0].name: column 1: $Session{nope}: no such value: does not resolve
}
