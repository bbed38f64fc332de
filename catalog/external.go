package catalog

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// An External reads secrets that are kept elsewhere. *source.Sources is one.
type External interface {
	// Check refuses a reference that the workspace may not use, or that is no
	// reference, with a *ductape.Error.
	Check(workspace, ref string) error
	// Read returns the value that a reference stands for, kept for a while.
	Read(ctx context.Context, workspace, ref string) (secret.Value, error)
}

func (c *Catalog) checkFrom(ws, from string) error {
	if c.external == nil {
		return ductape.NewError(ductape.CodeForbidden, "this server reads no secrets from elsewhere").
			WithHint("the operator allows it with: ductape serve --secret-env-prefix, --secret-files or --secret-vault")
	}
	return c.external.Check(ws, from)
}

// readFrom reads the value of a secret that is kept elsewhere. Whether the
// operator still allows it is asked each time.
func (c *Catalog) readFrom(ctx context.Context, ws string, s *openedSecret) (secret.Value, error) {
	err := c.checkFrom(ws, s.meta.From)
	var v secret.Value
	if err == nil {
		v, err = c.external.Read(ctx, ws, s.meta.From)
	}
	if err == nil && !utf8.ValidString(v.Expose()) {
		err = ductape.NewError(ductape.CodeCredentialMissing, s.meta.From+" is not UTF-8 text, and would be changed on its way").WithHint("keep it as base64 where the API takes that")
	}
	if err == nil && (v.IsZero() || len(v.Expose()) > maxSecret) {
		err = ductape.NewError(ductape.CodeCredentialMissing, s.meta.From+" is empty or longer than a secret may be")
	}
	if err == nil {
		return v, nil
	}
	named := &ductape.Error{Code: ductape.CodeOf(err), Message: "secret " + quote(s.meta.Key) + " could not be read from " + clip(s.meta.From), Cause: err}
	var e *ductape.Error
	if errors.As(err, &e) {
		named.Message, named.Hint = "secret "+quote(s.meta.Key)+": "+e.Message, e.Hint
	}
	return secret.Value{}, named
}
