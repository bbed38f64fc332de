package docs_test

import "github.com/ductape-go/ductape"

// meaning is what a code tells a reader.
type meaning struct{ what, do string }

const reserved = "Nothing gives this code yet; it is reserved."

// meanings explains every code. The table in errors.md is made of it.
var meanings = map[ductape.Code]meaning{
	ductape.CodeInvalidInput:          {"The call, file or description is not valid. `problems` lists every fault with its place. Nothing was sent.", "Mend each place that `problems` names."},
	ductape.CodeInvalidPlaceholder:    {"A reference or function is written wrongly.", "The message has the column. To send the text itself, double the `$`."},
	ductape.CodeUnresolvedPlaceholder: {"A reference has no value: a field the session lacks, a variable that is not set.", "Give the value, or say `$Default(reference, other)`."},

	ductape.CodeUnauthenticated:  {"The key is missing, unknown or revoked.", "Send `Authorization: Bearer KEY`; `ductape keys create` makes a key."},
	ductape.CodeForbidden:        {"The key may not do this.", "Use a key of the workspace it is about."},
	ductape.CodeSecretNotAllowed: {"The secret's scope does not name this app or environment; in a call's input it must name the app.", "Widen the scope: `ductape secrets set KEY --apps … --envs …`."},

	ductape.CodeUnknownWorkspace: {"There is no such workspace.", "`default` exists from the start."},
	ductape.CodeUnknownProduct:   {"There is no such product.", "`ductape products list`. The hint has the nearest names."},
	ductape.CodeUnknownApp:       {"There is no such app.", "`ductape apps list`."},
	ductape.CodeUnknownEnv:       {"The product has no such environment.", "Add it under `envs` of the product."},
	ductape.CodeEnvInactive:      {"The environment is set to inactive.", "Set `active: true`, or run in another."},
	ductape.CodeNotConnected:     {"The product has no connection of that access tag, or none in that environment.", "Add it under `apps` of the product."},
	ductape.CodeUnknownAction:    {"The app has no action of that name.", "`ductape actions list APP`. The hint has the nearest names."},
	ductape.CodeUnknownCache:     {"The product has no such cache.", "Add it under `caches` of the product."},
	ductape.CodeUnknownSecret:    {"There is no such secret.", "`ductape secrets set KEY`."},
	ductape.CodeUnknownSession:   {"The product has no such session type, or there is no such session.", "Add the type under `sessions` of the product."},
	ductape.CodeNotFound:         {"There is nothing at this path, or nothing of this id.", "`GET /openapi.json` lists the paths."},

	ductape.CodeMethodNotAllowed: {"The path is there, but takes another method.", "The header `Allow` and the hint list those it takes."},

	ductape.CodeSessionInvalid: {"The token is not one of ours, was changed, or is for another workspace, product, environment or tag. Nothing was sent.", "Start a session in this environment."},
	ductape.CodeSessionExpired: {"The session's time is over. Nothing was sent.", "Refresh it, or start another."},
	ductape.CodeSessionRevoked: {"The session was revoked. Nothing was sent.", "Start another."},

	ductape.CodeCredentialMissing: {"The connection has no value for the auth that the action needs, in this environment.", "Give it under `auth` of the connection's environment."},
	ductape.CodeNeedsReauth:       {"The credential needs its owner's consent anew. " + reserved, "Let the owner connect again."},
	ductape.CodeSecretExpired:     {"The secret's time is over.", "`ductape secrets set KEY` with a fresh value."},
	ductape.CodeConflict:          {"It is there already, is in use, or changed meanwhile.", "The message says which; read it again, then repeat."},

	ductape.CodeUpstreamStatus: {"The API answered with a status that is not 2xx. `upstream` has status, headers and body.", "Read `upstream`; it is the API's own word."},

	ductape.CodeRateLimited: {"Too many calls. " + reserved, "Wait as long as `Retry-After` says."},

	ductape.CodeUpstreamUnreachable: {"The API gave no answer: no address, no connection, TLS refused, or an answer cut short.", "Is `base_url` right? Allow `retries`."},
	ductape.CodeBlockedAddress:      {"The address is private, loopback, link-local or metadata, and not permitted. Nothing was sent.", "For an API of your own network: `allow_private: true` on the app's environment."},
	ductape.CodeResponseTooLarge:    {"The answer is over the limit.", "Ask for less of it at a time."},

	ductape.CodeCircuitOpen: {"The API has failed too often lately. " + reserved, "Wait as long as `Retry-After` says."},
	ductape.CodeOverloaded:  {"The server or its store cannot take more now.", "Repeat a little later."},

	ductape.CodeUpstreamTimeout: {"The API took longer than an attempt or the run may.", "Raise `timeout_ms`, or allow `retries`. The API may have done the work all the same."},

	ductape.CodeCancelled: {"The caller went away or gave up before the end.", "The API may have done the work all the same."},
	ductape.CodeInternal:  {"A fault of Ductape's own or of its store.", "Do what the hint says; without one, see the server's log, and report it with the run's id."},
}
