package ductape

import "time"

// A StartedSession is a new session: the token that runs carry, and the one
// that renews it.
type StartedSession struct {
	Token        string    `json:"token"`
	RefreshToken string    `json:"refreshToken,omitempty"`
	SessionID    string    `json:"sessionId"`
	ExpiresAt    time.Time `json:"expiresAt"`
}
