package catalog

import (
	"context"
	"encoding/json"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// A Sample is a valid input of an action, in the structured form.
type Sample struct {
	Input   json.RawMessage `json:"input"`
	Warning string          `json:"warning,omitempty"` // what of it the description does not accept, where no better was found
}

// Sample makes a valid input of an action: from the description's examples where
// it gives some, else from its schemas. With all, optional parameters and fields
// are in it too.
func (c *Catalog) Sample(ctx context.Context, ws, app, name string, all bool) (*Sample, error) {
	a, err := c.Action(ctx, ws, app, name)
	if err != nil {
		return nil, err
	}
	of, err := c.App(ctx, ws, app)
	if err != nil {
		return nil, err
	}
	input, err := schema.ActionInput(a, sourceVersion(of), func(ref string) (json.RawMessage, bool) {
		raw, err := c.store.Schema(ctx, ws, app, ref)
		return raw, err == nil
	}, schema.SampleOptions{All: all, References: of.Source != nil && of.Source.Format == "postman"})
	s := &Sample{Input: json.RawMessage(input)}
	if err != nil {
		s.Warning = err.Error()
	}
	return s, nil
}

func sourceVersion(a *ductape.App) string {
	if a.Source == nil {
		return ""
	}
	return a.Source.Version
}
