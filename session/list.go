package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxPage is the most that one page of a listing holds; defaultPage is how many
// it holds unless somebody says.
const (
	maxPage     = 1000
	defaultPage = 50
)

// An Info is what may be known of a session: never its data or its tokens.
type Info struct {
	SessionID  string     `json:"sessionId"`
	Product    string     `json:"product"`
	Env        string     `json:"env"`
	Tag        string     `json:"tag"`
	Identifier string     `json:"identifier,omitempty"` // of the user (Service.Identifier)
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
// Empty fields of the filter do not narrow; Now is the service's clock. With
// identifiers, those of IdentifiersOf, it lists one user's. The error is
// invalid_input for a limit out of bounds and a Before that is no session's id.
func (s *Service) List(ctx context.Context, workspace string, f store.SessionFilter, identifiers ...string) ([]Info, error) {
	if err := checkLimit(f.Limit); err != nil {
		return nil, err
	}
	if err := s.checkBefore(ctx, workspace, f.Before); err != nil {
		return nil, err
	}
	f.Now = s.now()
	rows, err := paged(f, identifiers, func(f store.SessionFilter) ([]store.SessionRow, error) {
		return s.store.ListSessions(ctx, workspace, f)
	}, newestFirst)
	if err != nil {
		return nil, internal("the sessions cannot be listed", err)
	}
	list := make([]Info, len(rows))
	for i := range rows {
		list[i] = info(&rows[i], f.Now)
	}
	return list, nil
}

// paged is one page of what several identifiers have, in the order that compare
// gives; f's own identifier is used where there are none.
func paged[T any](f store.SessionFilter, identifiers []string, read func(store.SessionFilter) ([]T, error), compare func(a, b T) int) ([]T, error) {
	if len(identifiers) == 0 {
		return read(f)
	}
	all := []T{}
	for _, f.Identifier = range identifiers {
		some, err := read(f)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, compare)
	return all[:min(len(all), cmp.Or(f.Limit, defaultPage))], nil
}

func newestFirst(a, b store.SessionRow) int {
	return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(b.ID, a.ID))
}

// checkBefore refuses to begin a page behind a session that is not there.
func (s *Service) checkBefore(ctx context.Context, workspace, id string) error {
	if id == "" {
		return nil
	}
	_, err := s.store.Session(ctx, workspace, id)
	if errors.Is(err, store.ErrNotFound) {
		return noSuchPage("is no session's id", "give the sessionId that the page before ended with")
	}
	if err != nil {
		return internal("the session cannot be read", err)
	}
	return nil
}

func noSuchPage(message, hint string) error {
	e := ductape.NewError(ductape.CodeInvalidInput, "the page cannot be found").WithHint(hint)
	e.Problems = []ductape.Problem{{Where: "before", Message: message}}
	return e
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
	Identifier string    `json:"identifier"` // Service.Identifier
	Sessions   int64     `json:"sessions"`   // how many there were
	Active     int64     `json:"active"`
	FirstAt    time.Time `json:"firstAt"`
	SeenAt     time.Time `json:"seenAt"` // last start or refresh
}

// Users returns who had sessions, last seen first; with identifiers, those of
// IdentifiersOf, what is known of one user. Its errors are those of List.
func (s *Service) Users(ctx context.Context, workspace string, f store.SessionFilter, identifiers ...string) ([]User, error) {
	if err := checkLimit(f.Limit); err != nil {
		return nil, err
	}
	f.Now = s.now()
	if f.Before != "" {
		if has, err := s.hasUser(ctx, workspace, f.Before); err != nil {
			return nil, err
		} else if !has {
			return nil, noSuchPage("is no user's identifier", "give the identifier that the page before ended with")
		}
	}
	rows, err := paged(f, identifiers, func(f store.SessionFilter) ([]store.SessionUser, error) {
		return s.store.SessionUsers(ctx, workspace, f)
	}, func(a, b store.SessionUser) int { return b.SeenAt.Compare(a.SeenAt) })
	if err != nil {
		return nil, internal("the users cannot be listed", err)
	}
	list := make([]User, len(rows))
	for i, u := range rows {
		list[i] = User(u)
	}
	if len(identifiers) > 0 && len(list) > 1 {
		return []User{one(list, identifiers[0])}, nil
	}
	return list, nil
}

// one is what is known of a user in all.
func one(list []User, identifier string) User {
	sum := User{Identifier: identifier, FirstAt: list[0].FirstAt, SeenAt: list[0].SeenAt}
	for _, u := range list {
		sum.Sessions, sum.Active = sum.Sessions+u.Sessions, sum.Active+u.Active
		if u.FirstAt.Before(sum.FirstAt) {
			sum.FirstAt = u.FirstAt
		}
	}
	return sum
}
