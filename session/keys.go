package session

import (
	"context"
	"errors"

	"github.com/ductape-go/ductape"
)

// A Sealer seals bytes, and opens what it sealed when it is given the same
// associated data. It is an alias so that other packages' Sealers are the same type.
type Sealer = interface {
	Seal(plain, ad []byte) ([]byte, error)
	Open(sealed, ad []byte) ([]byte, error)
}

// Keys gives each workspace its key for sessions.
type Keys interface {
	// SessionKey returns the key that signs tokens, at least 32 bytes, and the
	// Sealer of the data in them. It is called for every token that is not
	// known yet, so it keeps them in memory.
	SessionKey(ctx context.Context, workspace string) (signing []byte, seal Sealer, err error)
}

// A Key is one generation of a workspace's key.
type Key struct {
	ID      string // goes into the token's kid
	Signing []byte
	Seal    Sealer
}

// A Ring is a Keys that has been, or may be, rotated: New uses SessionKeys where
// its Keys has them. The first is the one that makes tokens; those of the others
// are accepted until they expire. The last is the oldest, and stays: identifiers
// are made with it.
type Ring interface {
	SessionKeys(ctx context.Context, workspace string) ([]Key, error)
}

func ringOf(k Keys) Ring {
	if r, ok := k.(Ring); ok {
		return r
	}
	return single{k}
}

// firstKey is the kid of a workspace's first generation.
const firstKey = "1"

// single is the Ring of Keys without rotation.
type single struct{ Keys }

func (s single) SessionKeys(ctx context.Context, workspace string) ([]Key, error) {
	signing, seal, err := s.SessionKey(ctx, workspace)
	if err != nil {
		return nil, err
	}
	return []Key{{ID: firstKey, Signing: signing, Seal: seal}}, nil
}

// ring returns the workspace's keys, at least one.
func (s *Service) ring(ctx context.Context, workspace string) ([]Key, error) {
	keys, err := s.keys.SessionKeys(ctx, workspace)
	var e *ductape.Error
	if errors.As(err, &e) {
		return nil, err // it says what is wrong with which key
	}
	if err != nil {
		return nil, internal("the workspace's session key cannot be opened", err)
	}
	if len(keys) == 0 {
		return nil, internal("the workspace has no session key", nil)
	}
	return keys, nil
}
