package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/ductape-go/ductape"
)

// Apps lists the workspace's apps, without their actions.
func (c *Client) Apps(ctx context.Context) ([]ductape.App, error) {
	var out []ductape.App
	return out, c.Do(ctx, http.MethodGet, "/v1/apps", nil, &out)
}

// Actions lists an app's actions.
func (c *Client) Actions(ctx context.Context, app string) ([]ductape.ActionSummary, error) {
	var out []ductape.ActionSummary
	return out, c.Do(ctx, http.MethodGet, "/v1/apps/"+url.PathEscape(app)+"/actions", nil, &out)
}

// Action describes one action, by any of its names.
func (c *Client) Action(ctx context.Context, app, action string) (*ductape.Action, error) {
	out := new(ductape.Action)
	return out, c.Do(ctx, http.MethodGet, "/v1/apps/"+url.PathEscape(app)+"/actions/"+url.PathEscape(action), nil, out)
}

// Products lists the workspace's products.
func (c *Client) Products(ctx context.Context) ([]ductape.Product, error) {
	var out []ductape.Product
	return out, c.Do(ctx, http.MethodGet, "/v1/products", nil, &out)
}

// StartSession begins a session of a product's environment with the user's
// data, which runs that carry its token can refer to.
func (c *Client) StartSession(ctx context.Context, product, env, tag string, data any) (*ductape.StartedSession, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, &ductape.Error{Code: ductape.CodeInvalidInput, Message: "the session's data cannot be written as JSON: " + err.Error(), Cause: err}
	}
	in := map[string]any{"product": product, "env": env, "tag": tag, "data": json.RawMessage(raw)}
	out := new(ductape.StartedSession)
	return out, c.Do(ctx, http.MethodPost, "/v1/sessions/start", in, out)
}

// Runs lists the latest runs, newest first. The query may hold product, env,
// app, event, outcome, session, before and limit.
func (c *Client) Runs(ctx context.Context, query url.Values) ([]ductape.RunRecord, error) {
	var out []ductape.RunRecord
	return out, c.Do(ctx, http.MethodGet, "/v1/runs?"+query.Encode(), nil, &out)
}
