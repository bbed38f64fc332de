package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/nearest"
	"github.com/ductape-go/ductape/store"
)

// maxTypes bounds how many products' types of one version are remembered.
const maxTypes = 10_000

// types knows the session types of products, as of a version of their workspace.
type types struct {
	product func(ctx context.Context, workspace, tag string) (*ductape.Product, error)
	mu      sync.Mutex
	known   map[productAt][]ductape.SessionType
}

type productAt struct {
	workspace, product string
	version            int64
}

// find returns the type of a place; false when there is none of that tag.
func (t *types) find(ctx context.Context, p place, version int64) (typ ductape.SessionType, ok bool, err error) {
	all, err := t.of(ctx, productAt{p.workspace, p.product, version})
	if err != nil {
		return typ, false, internal("the product's session types cannot be read", err)
	}
	for _, typ := range all {
		if typ.Tag == p.tag {
			return typ, true, nil
		}
	}
	return typ, false, nil
}

// unknownType is the error for a tag that is none of the product's types.
func (s *Service) unknownType(ctx context.Context, p place, version int64) error {
	all, err := s.types.of(ctx, productAt{p.workspace, p.product, version})
	if err != nil {
		return internal("the product's session types cannot be read", err)
	}
	return UnknownType(p.product, p.tag, all)
}

// UnknownType is the error, unknown_session, for a tag that is none of a
// product's session types.
func UnknownType(product, tag string, types []ductape.SessionType) error {
	var names []string
	for _, t := range types {
		names = append(names, t.Tag)
	}
	e := ductape.NewError(ductape.CodeUnknownSession, fmt.Sprintf("%s has no session type %q", product, tag))
	if near := nearest.Nearest(tag, names, 1); len(near) > 0 {
		e.Hint = "did you mean " + near[0] + "?"
	}
	return e
}

func (t *types) of(ctx context.Context, at productAt) ([]ductape.SessionType, error) {
	if t.product == nil {
		return nil, nil
	}
	t.mu.Lock()
	all, ok := t.known[at]
	t.mu.Unlock()
	if ok {
		return all, nil
	}
	p, err := t.product(ctx, at.workspace, at.product)
	if errors.Is(err, store.ErrNotFound) {
		p, err = &ductape.Product{}, nil
	}
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= maxTypes {
		t.known = map[productAt][]ductape.SessionType{}
	}
	t.known[at] = p.Sessions
	return p.Sessions, nil
}
