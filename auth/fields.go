package auth

import "github.com/ductape-go/ductape"

// A Field is one value that a scheme takes.
type Field struct {
	Name        string   // canonical name
	Aliases     []string // other names it may be given under
	Optional    bool     // may be left out or empty
	Description string   // one line, for people
}

func (f Field) names() []string { return append([]string{f.Name}, f.Aliases...) }

// A scheme is one row of the table that New, Fields and the docs go by.
type scheme struct {
	kind   ductape.AuthType
	fields []Field
}

var schemes = []scheme{
	{ductape.AuthBearer, []Field{
		{Name: "token", Aliases: []string{"access_token", "value"}, Description: "the token, with or without its prefix"},
	}},
	{ductape.AuthAPIKey, []Field{
		{Name: "value", Aliases: []string{"key", "token", "api_key"}, Description: "the key"},
	}},
	{ductape.AuthBasic, []Field{
		{Name: "username", Description: "the user name, without a colon"},
		{Name: "password", Optional: true, Description: "the password; empty where the API takes its key as the user name"},
	}},
	{ductape.AuthOAuth2, []Field{
		{Name: "access_token", Aliases: []string{"token", "value"}, Description: "the access token"},
	}},
	{ductape.AuthOpenID, []Field{
		{Name: "access_token", Aliases: []string{"token", "value"}, Description: "the access token"},
	}},
	{ductape.AuthCredentials, nil},
}

// Fields returns the values that a scheme takes, in the order people give them.
// It is empty for credentials, which take any names, and for the schemes that
// cannot be applied yet. The result must not be changed.
func Fields(t ductape.AuthType) []Field {
	for _, s := range schemes {
		if s.kind == t {
			return s.fields
		}
	}
	return nil
}

func supported() []string {
	names := make([]string, len(schemes))
	for i, s := range schemes {
		names[i] = string(s.kind)
	}
	return names
}
