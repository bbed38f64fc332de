package session

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxPage is the most that one page of a listing holds.
const maxPage = 1000

// An Info is what may be known of a session: never its data or its tokens.
type Info struct {
	SessionID  string     `json:"sessionId"`
	Product    string     `json:"product"`
	Env        string     `json:"env"`
	Tag        string     `json:"tag"`
	Identifier string     `json:"identifier,omitempty"` // hash of what identifies the user
	State      State      `json:"state"`
	StartedAt  time.Time  `json:"startedAt"`
	SeenAt     time.Time  `json:"seenAt"` // last start or refresh
	ExpiresAt  time.Time  `json:"expiresAt"`
	RefreshBy  *time.Time `json:"refreshBy,omitempty"` // nil: cannot be refreshed
	RevokedAt  *time.Time `json:"revokedAt,omitempty"`
}

// A State says whether a session's token is good.
type State string

// The states.
const (
	Active  State = "active"
	Expired State = "expired" // it may yet be refreshed
	Revoked State = "revoked"
)

// List returns sessions, newest first: the active ones or, with f.Ended, all.
// Empty fields of the filter do not narrow; Now is the service's clock.
func (s *Service) List(ctx context.Context, workspace string, f store.SessionFilter) ([]Info, error) {
	if err := checkLimit(f.Limit); err != nil {
		return nil, err
	}
	f.Now = s.now()
	rows, err := s.store.ListSessions(ctx, workspace, f)
	if err != nil {
		return nil, internal("the sessions cannot be listed", err)
	}
	list := make([]Info, len(rows))
	for i := range rows {
		list[i] = info(&rows[i], f.Now)
	}
	return list, nil
}

func checkLimit(limit int) error {
	if limit < 0 || limit > maxPage {
		return ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("limit: must be between 0 and %d", maxPage))
	}
	return nil
}

func info(row *store.SessionRow, now time.Time) Info {
	i := Info{
		SessionID:  row.ID,
		Product:    row.Product,
		Env:        row.Env,
		Tag:        row.Tag,
		Identifier: row.Identifier,
		State:      Active,
		StartedAt:  row.StartedAt,
		SeenAt:     row.SeenAt,
		ExpiresAt:  row.ExpiresAt,
		RevokedAt:  row.RevokedAt,
	}
	switch {
	case row.RevokedAt != nil:
		i.State = Revoked
	case !now.Before(row.ExpiresAt):
		i.State = Expired
	}
	if !row.RefreshBy.IsZero() {
		i.RefreshBy = &row.RefreshBy
	}
	return i
}

// A User is what is known of all sessions of one user.
type User struct {
	Identifier string    `json:"identifier"` // hash of what identifies the user
	Sessions   int64     `json:"sessions"`   // how many there were
	Active     int64     `json:"active"`
	FirstAt    time.Time `json:"firstAt"`
	SeenAt     time.Time `json:"seenAt"` // last start or refresh
}

// Users returns who had sessions, last seen first.
func (s *Service) Users(ctx context.Context, workspace string, f store.SessionFilter) ([]User, error) {
	if err := checkLimit(f.Limit); err != nil {
		return nil, err
	}
	f.Now = s.now()
	rows, err := s.store.SessionUsers(ctx, workspace, f)
	if err != nil {
		return nil, internal("the users cannot be listed", err)
	}
	list := make([]User, len(rows))
	for i, u := range rows {
		list[i] = User(u)
	}
	return list, nil
}

// IdentifierOf returns what text that a person gave stands for: the hash of the
// selector's value, or the hash itself as listings show it. Text that could be
// either is the value where a user has it.
func (s *Service) IdentifierOf(ctx context.Context, workspace, text string) (string, error) {
	hashed := Identifier(workspace, text)
	if text == "" || !isIdentifier(text) {
		return hashed, nil
	}
	rows, err := s.store.ListSessions(ctx, workspace, store.SessionFilter{Identifier: hashed, Ended: true, Limit: 1, Now: s.now()})
	if err != nil {
		return "", internal("the sessions cannot be read", err)
	}
	if len(rows) > 0 {
		return hashed, nil
	}
	return text, nil
}

// isIdentifier reports whether text looks like an Identifier.
func isIdentifier(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(text) == 64 && hex.EncodeToString(b) == text
}
