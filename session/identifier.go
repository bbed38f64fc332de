package session

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/ductape-go/ductape/store"
)

// What identifies a user goes into tokens and rows as an identifier: a MAC of it
// under a key of the workspace, the same after every rotation of the signing key.
// A plain hash would not do: user ids are few enough to be tried one by one.
const (
	userPrefix = "usr_"
	userText   = len(userPrefix) + (sha256.Size*8+4)/5
)

// Identifier returns what sessions keep of the value that identifies their user.
// The text is that of the value: of a number, its digits.
func (s *Service) Identifier(ctx context.Context, workspace, value string) (string, error) {
	keys, err := s.ring(ctx, workspace)
	if err != nil {
		return "", err
	}
	return keyed(keys, Identifier(workspace, value)), nil
}

// Identifier returns what sessions kept of the value before there was a key to
// it. Service.Identifier is made of it, so that tokens and rows from then are
// still told to be the same user's.
func Identifier(workspace, value string) string {
	sum := sha256.Sum256(pack("ductape session identifier v1", workspace, value))
	return hex.EncodeToString(sum[:])
}

// keyed makes an identifier of one from before. Its key is derived from the
// oldest of the keys, which stays when others come.
func keyed(keys []Key, plain string) string {
	derive := hmac.New(sha256.New, keys[len(keys)-1].Signing)
	derive.Write([]byte("ductape session identifier v2"))
	mac := hmac.New(sha256.New, derive.Sum(nil))
	mac.Write([]byte(plain))
	return userPrefix + ordered.EncodeToString(mac.Sum(nil))
}

// current is the identifier of today for one that a token or a row holds.
func current(keys []Key, identifier string) string {
	if isPlain(identifier) {
		return keyed(keys, identifier)
	}
	return identifier
}

// isPlain reports whether text looks like an identifier from before.
func isPlain(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(text) == 2*sha256.Size && hex.EncodeToString(b) == text
}

func isKeyed(text string) bool { return len(text) == userText && strings.HasPrefix(text, userPrefix) }

// IdentifiersOf returns what text that a person gave stands for: the value that
// identifies a user, or an identifier as listings show it. There are two where
// sessions may be kept by the identifier from before too. Text that could be
// either is the value where a user has it.
func (s *Service) IdentifiersOf(ctx context.Context, workspace, text string) ([]string, error) {
	keys, err := s.ring(ctx, workspace)
	if err != nil {
		return nil, err
	}
	plain := Identifier(workspace, text)
	all := []string{keyed(keys, plain), plain}
	if !isPlain(text) && !isKeyed(text) {
		return all, nil
	}
	for _, identifier := range all {
		if has, err := s.hasUser(ctx, workspace, identifier); err != nil || has {
			return all, err
		}
	}
	if isPlain(text) {
		return []string{keyed(keys, text), text}, nil
	}
	return []string{text}, nil
}

func (s *Service) hasUser(ctx context.Context, workspace, identifier string) (bool, error) {
	rows, err := s.store.ListSessions(ctx, workspace, store.SessionFilter{Identifier: identifier, Ended: true, Limit: 1, Now: s.now()})
	if err != nil {
		return false, internal("the sessions cannot be read", err)
	}
	return len(rows) > 0, nil
}
