package sample

import (
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
)

// A Verdict is what becomes of a value that stood in a request.
type Verdict int

// The verdicts.
const (
	Keep      Verdict = iota // it says something of the API
	OnlyShown                // it belongs to one request: an example, never sent by itself
	Drop                     // it must not be kept, and an Auth has no place for it
	Lift                     // it is a credential, which belongs in an Auth
)

// Judge says what becomes of the value of a header or query parameter, by its
// name and by its look.
func Judge(in ductape.Location, name, value string) Verdict {
	_, wellKnown := Scrub(value)
	switch {
	case IsCredential(name) || in == ductape.InHeader && isCredentialHeader(name):
		return Lift
	case !IsLiteral(value):
		return Keep
	case IsSecretName(name):
		if IsToken(value) && !isSignature(name) {
			return Lift
		}
		return Drop
	case wellKnown:
		return Lift
	case in == ductape.InHeader && isEmail(value):
		return Drop
	case IsUUID(value):
		return judgeUUID(in, name)
	case !IsToken(value):
		return Keep
	case isSuspect(name) || in == ductape.InHeader && !isTold(name):
		return Lift
	}
	return Drop
}

// IsSecretVariable reports whether a variable of that name and value is a
// secret.
func IsSecretVariable(name, value string) bool {
	return IsSecretName(name) || IsLiteral(value) && isSuspect(name) && IsToken(value)
}

// judgeUUID: some keys are UUIDs, most UUIDs are the names of things.
func judgeUUID(in ductape.Location, name string) Verdict {
	switch {
	case isSuspect(name):
		return Lift
	case isTold(name), in == ductape.InQuery:
		return OnlyShown
	}
	return Lift
}

// words of a name, without the x of X-Name.
func wordsOf(name string) []string {
	w := naming.Words(name[:min(len(name), maxName)])
	if len(w) > 1 && w[0] == "x" {
		w = w[1:]
	}
	return w
}

func has(words []string, any ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(any, w) })
}

// isCredentialHeader is wider than IsCredential: what ends in key or token, or
// speaks of auth or a session, is a credential in a header.
func isCredentialHeader(name string) bool {
	w := wordsOf(name)
	if len(w) == 0 || isPassing(w) {
		return false
	}
	last := w[len(w)-1]
	switch {
	case has(w, "auth", "authentication", "authorization"):
		return !slices.Contains([]string{"type", "method", "scheme", "mode", "version", "provider", "level"}, last)
	case has(w, "session", "sid", "sessionid"):
		return last == "session" || last == "id" || last == "sid" || last == "sessionid"
	}
	return slices.Contains([]string{"key", "token", "secret", "password", "passwd", "pwd", "passphrase", "jwt", "credential", "credentials", "apikey"}, last)
}

// isPassing tells keys and tokens that open nothing: they name a request, a
// place in a list, a thing that is kept.
func isPassing(w []string) bool {
	return has(w, "idempotency", "idempotent", "page", "next", "continuation", "cursor", "sync", "sort", "order", "partition", "cache", "surrogate", "routing", "public", "primary", "foreign", "group", "websocket", "start", "range", "object", "row")
}

// isTold tells names of what tells one request or thing from another.
func isTold(name string) bool {
	w := wordsOf(name)
	return isPassing(w) || has(w, "trace", "traceparent", "tracestate", "traceid", "span", "spanid", "request", "requestid", "correlation", "etag", "match", "md5", "sha1", "sha256", "checksum", "digest", "hash", "id", "ids", "uuid", "guid", "nonce")
}

// isSignature tells what is made anew for each request, so that no connection
// can hold it.
func isSignature(name string) bool { return has(wordsOf(name), "signature", "sig", "hmac") }

// isSuspect reports whether a value of that name is a credential where it looks
// like one.
func isSuspect(name string) bool {
	w := wordsOf(name)
	if len(w) == 0 || isPassing(w) {
		return false
	}
	joined := strings.Join(w, "")
	return slices.Contains([]string{"appid", "applicationid", "clientid", "accountsid", "code", "sid"}, joined) ||
		has(w, "key", "keys", "token", "secret", "auth", "authentication", "authorization", "signature", "sig", "hmac", "session", "sessionid", "password", "pass", "passwd", "pwd", "credential", "credentials", "apikey", "appkey", "jwt", "bearer") ||
		strings.HasSuffix(joined, "key") || strings.HasSuffix(joined, "token") || strings.HasSuffix(joined, "secret") || strings.HasSuffix(joined, "applicationid")
}
