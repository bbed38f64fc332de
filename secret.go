package ductape

import "time"

// A Secret is what may be known of a secret: never its value.
type Secret struct {
	Key       string     `json:"key"`
	Version   int        `json:"version"`
	Apps      []string   `json:"apps,omitempty"` // tags of the apps it may be used for; empty: all
	Envs      []string   `json:"envs,omitempty"` // product environments it may be used in; empty: all
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`

	From          string     `json:"from,omitempty"`           // where its value is read from: "env:NAME", "file:/path", "vault:path#field"; empty: kept here
	PreviousUntil *time.Time `json:"previous_until,omitempty"` // until when $Secret{KEY@n} may still mean the versions before it; nil: not at all
	LastUsedAt    *time.Time `json:"last_used_at,omitempty"`   // to the hour; nil: never
}

// A Key lets a program in. Its text is shown once, when it is made.
type Key struct {
	ID          string     `json:"id"`
	Name        string     `json:"name,omitempty"`
	WorkspaceID string     `json:"workspace_id"`
	UserID      string     `json:"user_id"`
	PublicKey   string     `json:"public_key"`
	CreatedAt   time.Time  `json:"created_at"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`
}

// A SecretUse says what a secret is opened for. Its scope is judged by it.
type SecretUse struct {
	App       string // tag of the App
	AccessTag string // access tag of the connection
	Env       string // environment of the product
	FromInput bool   // the reference stands in a call's input: the secret's scope must name the app
}
