package source

import (
	"context"
	"slices"
	"strings"

	"github.com/ductape-go/ductape/internal/secret"
)

// ours are variables that no prefix opens: they are the server's own secrets.
var ours = []string{secret.EnvMasterKey, secret.EnvNextMasterKey, "DUCTAPE_KEY", "VAULT_TOKEN"}

func (s *Sources) env(name string) (reader, error) {
	switch {
	case !isVariable(name):
		return nil, invalid("env: needs the name of a variable, such as env:DUCTAPE_SECRET_STRIPE")
	case s.cfg.EnvPrefix == "" || s.cfg.Getenv == nil:
		return nil, forbidden("secrets may not be read from the server's environment", "the operator allows it with: ductape serve --secret-env-prefix DUCTAPE_SECRET_")
	case !strings.HasPrefix(name, s.cfg.EnvPrefix) || isOurs(name):
		return nil, forbidden("the server's variable "+name+" may not be read", "names of secrets begin with "+s.cfg.EnvPrefix)
	}
	return func(context.Context) (secret.Value, error) {
		text := s.cfg.Getenv(name)
		if text == "" {
			return secret.Value{}, missing("the server's variable " + name + " is not set")
		}
		return secret.New(text), nil
	}, nil
}

func isOurs(name string) bool {
	return slices.ContainsFunc(ours, func(o string) bool { return strings.EqualFold(name, o) })
}

// isVariable reports whether s is a name as IEEE 1003.1, 8.1 has it.
func isVariable(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
