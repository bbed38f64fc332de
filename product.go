package ductape

import (
	"encoding/json"
	"time"
)

// A Product is what the developer builds. It is identified by Tag within a
// workspace.
type Product struct {
	Tag      string        `json:"tag"`
	Name     string        `json:"name,omitempty"`
	Envs     []ProductEnv  `json:"envs"`
	Apps     []Connection  `json:"apps,omitempty"`
	Caches   []CachePolicy `json:"caches,omitempty"`
	Sessions []SessionType `json:"sessions,omitempty"`
}

// A ProductEnv is one environment of a Product: dev, staging, prd.
type ProductEnv struct {
	Slug   string `json:"slug"`
	Name   string `json:"name,omitempty"`
	Active *bool  `json:"active,omitempty"` // nil means active
}

// IsActive reports whether runs are allowed in the environment.
func (e ProductEnv) IsActive() bool { return e.Active == nil || *e.Active }

// A Connection is a Product's use of an App, under an access tag.
type Connection struct {
	AccessTag string          `json:"access_tag"`
	App       string          `json:"app"` // tag of the App
	Envs      []ConnectionEnv `json:"envs"`
}

// A ConnectionEnv joins one environment of the Product to one of the App, with
// the values that hold there. Values may contain references such as
// $Secret{KEY}.
type ConnectionEnv struct {
	ProductEnv string                       `json:"product_env"`
	AppEnv     string                       `json:"app_env"`
	Auth       map[string]map[string]string `json:"auth,omitempty"`      // auth tag -> field -> value
	Variables  map[string]json.RawMessage   `json:"variables,omitempty"` // key -> value
}

// A CachePolicy is a named time to live of a Product's cached answers.
type CachePolicy struct {
	Tag    string `json:"tag"`
	Name   string `json:"name,omitempty"`
	Expiry int64  `json:"expiry"` // milliseconds
}

// TTL returns the policy's expiry.
func (c CachePolicy) TTL() time.Duration { return time.Duration(c.Expiry) * time.Millisecond }

// A SessionType describes the sessions of one kind that a Product starts.
type SessionType struct {
	Tag           string `json:"tag"`
	Name          string `json:"name,omitempty"`
	Selector      string `json:"selector,omitempty"`       // what identifies the user: $Session{user}{id}, or a function of such
	Expiry        int64  `json:"expiry,omitempty"`         // in periods
	Period        string `json:"period,omitempty"`         // seconds, minutes, hours, days, weeks, months
	RefreshExpiry int64  `json:"refresh_expiry,omitempty"` // in periods; zero: sessions cannot be refreshed

	Schema json.RawMessage `json:"schema,omitempty"` // JSON Schema that the data must fit

	// Tokens of another issuer (Auth0, Keycloak, Firebase) serve as sessions
	// where Issuer is set: their claims are the data, and Selector, else sub,
	// identifies the user. Expiry and Period are then left out: a token has its
	// own. Keys come from JWKSURL or are given in Keys, one of the two.
	Issuer       string          `json:"issuer,omitempty"`        // exact iss
	Audience     string          `json:"audience,omitempty"`      // that aud must hold; required with Issuer
	JWKSURL      string          `json:"jwks_url,omitempty"`      // where the issuer publishes its keys
	Keys         json.RawMessage `json:"keys,omitempty"`          // a JWKS object; or text: PEM, or $Secret{KEY} for HS256
	Algorithms   []string        `json:"algorithms,omitempty"`    // that are accepted; empty: RS256, PS256, ES256, EdDSA
	AllowPrivate bool            `json:"allow_private,omitempty"` // JWKSURL may be a private address, and plain http
}

// IsExternal reports whether the type's tokens are made elsewhere.
func (t SessionType) IsExternal() bool { return t.Issuer != "" }
