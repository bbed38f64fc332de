package catalog

import (
	"context"
	"strconv"

	"github.com/ductape-go/ductape/session"
)

// sessionsKeyOf names the data key of a generation: "sessions", "sessions/2", …
func sessionsKeyOf(generation int) string {
	if generation <= 1 {
		return sessionsKey
	}
	return sessionsKey + "/" + strconv.Itoa(generation)
}

// A sessionRing is a workspace's session keys as of a version of its catalog.
type sessionRing struct {
	version int64
	keys    []session.Key // the latest first
}

// SessionKeys returns the keys of the workspace's sessions: first the one that
// makes tokens, then those of before, whose tokens are good until they expire.
// It reads the store when the workspace's version has changed.
func (k *Keyring) SessionKeys(ctx context.Context, ws string) ([]session.Key, error) {
	if k == nil {
		_, err := k.box(ctx, ws, sessionsKey) // says so
		return nil, err
	}
	version, versioned, err := k.version(ctx, ws)
	if err != nil {
		return nil, storeError(err, "reading the catalog's version")
	}
	if kept, ok := k.rings.load(ws); ok && versioned && kept.version == version {
		return kept.keys, nil
	}
	generations, err := k.sessionGenerations(ctx, ws)
	if err != nil {
		return nil, err
	}
	keys := make([]session.Key, 0, generations)
	for g := generations; g >= 1; g-- {
		key, err := k.sessionKeyOf(ctx, ws, g)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if versioned {
		k.rings.store(ws, &sessionRing{version, keys}, 0)
	}
	return keys, nil
}

// version is read before the keys, so that a change meanwhile is read again.
func (k *Keyring) version(ctx context.Context, ws string) (n int64, ok bool, err error) {
	v, ok := k.keys.(interface {
		Version(ctx context.Context, workspace string) (int64, error)
	})
	if !ok {
		return 0, false, nil
	}
	n, err = v.Version(ctx, ws)
	return n, true, err
}

// sessionGenerations returns how many there are, at least one: the first is made
// when it is first asked for.
func (k *Keyring) sessionGenerations(ctx context.Context, ws string) (int, error) {
	for g := 2; ; g++ {
		_, err := k.keys.DataKey(ctx, ws, sessionsKeyOf(g))
		if isMissing(err) {
			return g - 1, nil
		}
		if err != nil {
			return 0, storeError(err, "reading a session key")
		}
	}
}

func (k *Keyring) sessionKeyOf(ctx context.Context, ws string, generation int) (session.Key, error) {
	box, err := k.box(ctx, ws, sessionsKeyOf(generation))
	if err != nil {
		return session.Key{}, err
	}
	signing, err := box.Derive("session signing HS256", 32)
	if err != nil {
		return session.Key{}, internalError(err)
	}
	return session.Key{ID: sessionKeyID(generation), Signing: signing, Seal: box}, nil
}

// sessionKeyID is the kid of a generation's tokens.
func sessionKeyID(generation int) string { return strconv.Itoa(generation) }

// RotateSessionKey makes the next session key, with which every process signs
// from now on, and returns its id. Tokens made before stay good until they
// expire. Of two that rotate at once, both return the same id.
func (c *Catalog) RotateSessionKey(ctx context.Context, ws string) (id string, err error) {
	if err := checkWorkspace(ws); err != nil {
		return "", err
	}
	defer c.lock(ws)()
	if _, err := c.keyring.box(ctx, ws, sessionsKey); err != nil { // the first, where there is none yet
		return "", err
	}
	generations, err := c.keyring.sessionGenerations(ctx, ws)
	if err != nil {
		return "", err
	}
	if _, err := c.keyring.box(ctx, ws, sessionsKeyOf(generations+1)); err != nil {
		return "", err
	}
	return sessionKeyID(generations + 1), nil
}

var _ session.Ring = (*Keyring)(nil)
