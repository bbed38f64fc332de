package ductape

import "encoding/json"

// An App is one API: its environments, actions, auths, variables and constants.
// It is identified by Tag within a workspace.
type App struct {
	Tag         string     `json:"tag"`
	Name        string     `json:"name,omitempty"`
	Description string     `json:"description,omitempty"`
	Version     string     `json:"version,omitempty"` // the API's own version, as its description states it
	Source      *Source    `json:"source,omitempty"`  // where the description came from; nil when written by hand
	Envs        []AppEnv   `json:"envs,omitempty"`
	Auths       []Auth     `json:"auths,omitempty"`
	Variables   []Variable `json:"variables,omitempty"`
	Constants   []Constant `json:"constants,omitempty"`
	Settings    Settings   `json:"settings"`

	// Edited names what a person changed by hand ("name", "envs.prd.base_url",
	// "auths.token_access"). A later import keeps it.
	Edited []string `json:"edited,omitempty"`

	// Actions is filled by an importer and empty when an App is read from a
	// store: actions are kept and read one by one.
	Actions []Action `json:"actions,omitempty"`

	// Schemas holds the JSON schemas that actions refer to, by the exact text
	// of their $ref: "#/components/schemas/customer" -> schema.
	// Filled and emptied like Actions.
	Schemas map[string]json.RawMessage `json:"schemas,omitempty"`
}

// Env returns the environment named slug, or nil.
func (a *App) Env(slug string) *AppEnv {
	for i := range a.Envs {
		if a.Envs[i].Slug == slug {
			return &a.Envs[i]
		}
	}
	return nil
}

// Auth returns the auth named tag, or nil.
func (a *App) Auth(tag string) *Auth {
	for i := range a.Auths {
		if a.Auths[i].Tag == tag {
			return &a.Auths[i]
		}
	}
	return nil
}

// A Source says which description an App was read from.
type Source struct {
	Format   string `json:"format"`             // "openapi", "swagger", "postman", "curl" or "har"
	Version  string `json:"version"`            // the format's version: "3.1.0", "2.0", "2.1.0"
	Location string `json:"location,omitempty"` // the file name or URL it was read from
	Digest   string `json:"digest,omitempty"`   // SHA-256 of its bytes, hex
	BaseURL  string `json:"base_url,omitempty"` // the description's first server
}

// An AppEnv is one environment of an App: where it is and what it speaks.
type AppEnv struct {
	Slug         string   `json:"slug"`
	BaseURL      string   `json:"base_url"`
	RequestType  string   `json:"request_type,omitempty"`  // media type of bodies when the action names none; empty means application/json
	AllowPrivate bool     `json:"allow_private,omitempty"` // permits loopback and private addresses
	Hosts        []string `json:"hosts,omitempty"`         // further hosts ("host" or "host:port") that may receive this environment's credentials
}

// An Auth is one way in that an App declares.
type Auth struct {
	Tag         string     `json:"tag"`
	Type        AuthType   `json:"type"`
	Name        string     `json:"name,omitempty"`   // api_key: name of the header, query parameter or cookie
	In          Location   `json:"in,omitempty"`     // api_key: header, query or cookie
	Prefix      string     `json:"prefix,omitempty"` // text before the value, with its space: "Token "; bearer: "Bearer " when empty
	Scheme      string     `json:"scheme,omitempty"` // the description's own name for it, e.g. "basicAuth"
	Description string     `json:"description,omitempty"`
	Flows       []AuthFlow `json:"flows,omitempty"` // oauth2: what the description says of its flows
	OpenIDURL   string     `json:"openid_url,omitempty"`
}

// AuthType names a scheme of authentication.
type AuthType string

// The kinds of Auth. Those the run path cannot apply yet are kept as the
// description gives them, so that nothing is lost between imports.
const (
	AuthBearer      AuthType = "bearer"      // fields: token
	AuthAPIKey      AuthType = "api_key"     // fields: value
	AuthBasic       AuthType = "basic"       // fields: username, password
	AuthOAuth2      AuthType = "oauth2"      // fields: access_token
	AuthOpenID      AuthType = "openid"      // fields: access_token
	AuthDigest      AuthType = "digest"      // fields: username, password
	AuthMutualTLS   AuthType = "mutual_tls"  //
	AuthHawk        AuthType = "hawk"        //
	AuthNTLM        AuthType = "ntlm"        //
	AuthAWS         AuthType = "aws"         //
	AuthOAuth1      AuthType = "oauth1"      //
	AuthJWT         AuthType = "jwt"         //
	AuthEdgeGrid    AuthType = "edgegrid"    //
	AuthCredentials AuthType = "credentials" // any named fields, placed by $Auth references
)

// An AuthFlow is one OAuth 2.0 flow of an Auth.
type AuthFlow struct {
	Grant            string            `json:"grant"` // authorization_code, client_credentials, implicit, password, device_code
	AuthorizationURL string            `json:"authorization_url,omitempty"`
	TokenURL         string            `json:"token_url,omitempty"`
	RefreshURL       string            `json:"refresh_url,omitempty"`
	DeviceURL        string            `json:"device_url,omitempty"`
	Scopes           map[string]string `json:"scopes,omitempty"` // scope -> description
}

// A Variable is a value each connection may set, per environment:
// $Variable{app}{key}.
type Variable struct {
	Key         string          `json:"key"`
	Description string          `json:"description,omitempty"`
	Default     json.RawMessage `json:"default,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Required    bool            `json:"required,omitempty"`
}

// A Constant is a value the App fixes: $Constant{app}{key}.
type Constant struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Settings say how an App wants its requests where its description is silent.
type Settings struct {
	Nesting     Nesting         `json:"nesting,omitempty"`     // nested objects and arrays in forms and deepObject queries; empty means json in forms (the OpenAPI rule), brackets in queries
	Validate    Validation      `json:"validate,omitempty"`    // how much of the input is checked; empty means params
	Idempotency *IdempotencyKey `json:"idempotency,omitempty"` // how the API takes an idempotency key; nil: it takes none
}

// Nesting names a way to write nested values as form fields.
//
//	brackets  a[b]=1, a[]=1&a[]=2   (Rails, PHP)
//	indices   a[b]=1, a[0]=1&a[1]=2 (Stripe)
//	repeat    a[b]=1, a=1&a=2
//	json      a={"b":1}             (the OpenAPI default for forms)
type Nesting string

// The ways to write nested values.
const (
	NestBrackets Nesting = "brackets"
	NestIndices  Nesting = "indices"
	NestRepeat   Nesting = "repeat"
	NestJSON     Nesting = "json"
)

// Validation says how much of a call's input is checked before it is sent.
type Validation string

// The levels of Validation.
const (
	ValidateOff    Validation = "off"    // only what is needed to build the request
	ValidateParams Validation = "params" // presence and type of path, query and header parameters
	ValidateStrict Validation = "strict" // also the body against its schema
)

// An IdempotencyKey says where an API looks for an idempotency key.
type IdempotencyKey struct {
	In     string `json:"in"`               // header or body
	Name   string `json:"name"`             // "Idempotency-Key"
	Quoted bool   `json:"quoted,omitempty"` // sent as a structured-field string, in double quotes (draft-ietf-httpapi-idempotency-key-header-07)
}
