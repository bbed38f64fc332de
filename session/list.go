package session

import (
	"context"
	"fmt"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// maxPage is the most that one page of a listing holds.
const maxPage = 1000

// An Active is what may be known of a session that is neither expired nor
// revoked: never its data or its tokens.
type Active struct {
	SessionID  string     `json:"sessionId"`
	Product    string     `json:"product"`
	Env        string     `json:"env"`
	Tag        string     `json:"tag"`
	Identifier string     `json:"identifier,omitempty"`
	StartedAt  time.Time  `json:"startedAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	RefreshBy  *time.Time `json:"refreshBy,omitempty"` // nil: cannot be refreshed
}

// List returns the active sessions, newest first. Empty fields of the filter do
// not narrow; Now is the service's clock.
func (s *Service) List(ctx context.Context, workspace string, f store.SessionFilter) ([]Active, error) {
	if f.Limit < 0 || f.Limit > maxPage {
		return nil, ductape.NewError(ductape.CodeInvalidInput, fmt.Sprintf("limit: must be between 0 and %d", maxPage))
	}
	f.Now = s.now()
	rows, err := s.store.ActiveSessions(ctx, workspace, f)
	if err != nil {
		return nil, internal("the sessions cannot be listed", err)
	}
	list := make([]Active, len(rows))
	for i := range rows {
		list[i] = active(&rows[i])
	}
	return list, nil
}

func active(row *store.SessionRow) Active {
	a := Active{
		SessionID:  row.ID,
		Product:    row.Product,
		Env:        row.Env,
		Tag:        row.Tag,
		Identifier: row.Identifier,
		StartedAt:  row.StartedAt,
		ExpiresAt:  row.ExpiresAt,
	}
	if !row.RefreshBy.IsZero() {
		a.RefreshBy = &row.RefreshBy
	}
	return a
}
