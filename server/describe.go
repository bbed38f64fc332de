package server

import (
	"github.com/danielgtaylor/huma/v2"
)

// describeRun adds the one endpoint that is not typed, since its answer is the
// API's own, to the description.
func describeRun(api *huma.OpenAPI) {
	text := &huma.Schema{Type: "string"}
	whole := &huma.Schema{Type: "integer"}
	header := func(about string) *huma.Param { return &huma.Param{Description: about, Schema: text} }
	api.AddOperation(&huma.Operation{
		Method: "POST", Path: "/v1/actions/run", OperationID: "run-action", Tags: []string{"actions"},
		Summary: "Run an action by its name",
		Description: "Answers 200 with the API's own body and Content-Type, 204 when it had none. " +
			"With dry_run=true nothing is sent, and the answer is the request that would go out.",
		Parameters: []*huma.Param{{Name: "dry_run", In: "query", Schema: &huma.Schema{Type: "boolean"}}},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{
			Type: "object", Required: []string{"env", "product", "app", "event"}, AdditionalProperties: false,
			Properties: map[string]*huma.Schema{
				"env": text, "product": text, "product_tag": text, "app": text, "event": text, "action": text, "cache": text, "idempotency_key": text,
				"retries": whole, "timeout_ms": whole,
				"input":   {Type: "object", Description: "Structured (query, params, body, headers) or flat"},
				"session": {OneOf: []*huma.Schema{{Type: "object", Required: []string{"tag", "token"}, Properties: map[string]*huma.Schema{"tag": text, "token": text}}, {Type: "string", Description: "tag:token"}}},
			},
		}}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "The API's own answer", Headers: map[string]*huma.Param{
				"Ductape-Run-Id": header("Names the run's record"), "Ductape-Upstream-Status": header("The API's status"),
				"Ductape-Attempts": header("Requests sent"), "Ductape-Cache": header("hit, miss or none"),
			}},
			"204": {Description: "The API answered without a body"},
			"default": {Description: "A problem", Content: map[string]*huma.MediaType{"application/problem+json": {
				Schema: api.Components.Schemas.Schema(problemType, true, "ErrorAnswer"),
			}}},
		},
	})
}

// describeHealth adds the two endpoints that monitors ask, without a key.
func describeHealth(api *huma.OpenAPI) {
	for path, about := range map[string]string{"/healthz": "Say that the process answers", "/readyz": "Say that the store answers too"} {
		api.AddOperation(&huma.Operation{
			Method: "GET", Path: path, OperationID: path[1:], Tags: []string{"health"}, Summary: about, Security: []map[string][]string{},
			Responses: map[string]*huma.Response{
				"200": {Description: "Well", Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{
					Type: "object", Properties: map[string]*huma.Schema{"status": {Type: "string"}},
				}}}},
				"default": {Description: "A problem", Content: map[string]*huma.MediaType{"application/problem+json": {
					Schema: api.Components.Schemas.Schema(problemType, true, "ErrorAnswer"),
				}}},
			},
		})
	}
}
