package source

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// A Config says what the operator allows. The zero value allows nothing.
type Config struct {
	EnvPrefix string // "env:NAME" may name the variables that begin so; empty: none
	Folder    string // "file:/path" may name files in it; empty: none
	Vault     *Vault // nil: "vault:path#field" is refused

	// Workspaces that may use references; nil: the default workspace only. All of
	// them share what the operator allows.
	Workspaces []string

	Getenv func(string) string // the server's environment; nil: "env:" is refused
	Fresh  time.Duration       // how long a value is used before it is read again; zero: 1 minute
	Stale  time.Duration       // how long the last value is used when it cannot be read; zero: 15 minutes
	Log    *slog.Logger        // nil: slog.Default
	Now    func() time.Time    // nil: time.Now
}

// A Doer sends a request, as *http.Client does.
type Doer interface {
	Do(req *http.Request) (*http.Response, error)
}

// Sources reads references. It is safe for concurrent use.
type Sources struct {
	cfg  Config
	kept kept
}

// New returns Sources that allow what cfg says.
func New(cfg Config) *Sources {
	if cfg.Fresh <= 0 {
		cfg.Fresh = time.Minute
	}
	if cfg.Stale <= 0 {
		cfg.Stale = 15 * time.Minute
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Workspaces == nil {
		cfg.Workspaces = []string{ductape.DefaultWorkspace}
	}
	return &Sources{cfg: cfg}
}

// maxRef bounds a reference's text, in bytes.
const maxRef = 1024

// Check refuses what is no reference, and one that the operator does not allow
// the workspace.
func (s *Sources) Check(workspace, ref string) error {
	_, err := s.resolve(workspace, ref)
	return err
}

// Read returns the value of a reference. Errors are *ductape.Error:
// invalid_input and forbidden as Check has them, credential_missing when there is
// no value, upstream_unreachable when Vault does not answer.
func (s *Sources) Read(ctx context.Context, workspace, ref string) (secret.Value, error) {
	read, err := s.resolve(workspace, ref)
	if err != nil {
		return secret.Value{}, err
	}
	return s.keep(ctx, ref, read)
}

// A reader reads one reference's value.
type reader func(ctx context.Context) (secret.Value, error)

// resolve judges a reference and returns what reads it.
func (s *Sources) resolve(workspace, ref string) (reader, error) {
	if !slices.Contains(s.cfg.Workspaces, workspace) {
		return nil, forbidden("this workspace may not use secrets that are kept elsewhere", "--secret-workspaces names those that may")
	}
	if len(ref) > maxRef || strings.ContainsFunc(ref, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, invalid("the reference is longer than " + strconv.Itoa(maxRef) + " bytes or holds control characters")
	}
	kind, rest, _ := strings.Cut(ref, ":")
	switch kind {
	case "env":
		return s.env(rest)
	case "file":
		return s.file(rest)
	case "vault":
		return s.vault(rest)
	}
	return nil, invalid(strconv.Quote(ref) + " is not env:NAME, file:/path or vault:path#field")
}

func invalid(message string) error { return ductape.NewError(ductape.CodeInvalidInput, message) }

func forbidden(message, hint string) error {
	return ductape.NewError(ductape.CodeForbidden, message).WithHint(hint)
}

func missing(message string) error {
	return ductape.NewError(ductape.CodeCredentialMissing, message)
}
