package auth

import "net/http"

// none is the credential of AuthCredentials: its fields reach the request
// through $Auth references in the call or the App, not by a rule of their own.
type none struct{}

func (none) Apply(*http.Request) error                 { return nil }
func (none) Names() (headers, query, cookies []string) { return nil, nil, nil }
