package ductape

import (
	"errors"
	"net/http"
	"strings"
	"time"
)

// Code is the stable name of a failure. Codes are part of the HTTP contract.
type Code string

// The codes, grouped as the HTTP statuses they map to (Code.Status).
const (
	CodeInvalidInput          Code = "invalid_input"
	CodeInvalidPlaceholder    Code = "invalid_placeholder"
	CodeUnresolvedPlaceholder Code = "unresolved_placeholder"

	CodeUnauthenticated  Code = "unauthenticated"
	CodeForbidden        Code = "forbidden"
	CodeSecretNotAllowed Code = "secret_not_allowed"

	CodeUnknownWorkspace Code = "unknown_workspace"
	CodeUnknownProduct   Code = "unknown_product"
	CodeUnknownApp       Code = "unknown_app"
	CodeUnknownEnv       Code = "unknown_env"
	CodeEnvInactive      Code = "env_inactive"
	CodeNotConnected     Code = "not_connected"
	CodeUnknownAction    Code = "unknown_action"
	CodeUnknownCache     Code = "unknown_cache"
	CodeUnknownSecret    Code = "unknown_secret"
	CodeUnknownSession   Code = "unknown_session"
	CodeNotFound         Code = "not_found"

	CodeMethodNotAllowed Code = "method_not_allowed"

	CodeSessionInvalid Code = "session_invalid"
	CodeSessionExpired Code = "session_expired"
	CodeSessionRevoked Code = "session_revoked"

	CodeCredentialMissing Code = "credential_missing"
	CodeNeedsReauth       Code = "needs_reauth"
	CodeSecretExpired     Code = "secret_expired"
	CodeConflict          Code = "conflict"

	CodeUpstreamStatus Code = "upstream_status"

	CodeRateLimited Code = "rate_limited"

	CodeUpstreamUnreachable Code = "upstream_unreachable"
	CodeBlockedAddress      Code = "blocked_address"
	CodeResponseTooLarge    Code = "response_too_large"

	CodeCircuitOpen Code = "circuit_open"
	CodeOverloaded  Code = "overloaded"

	CodeUpstreamTimeout Code = "upstream_timeout"

	CodeCancelled Code = "cancelled"
	CodeInternal  Code = "internal"
)

var statusOf = map[Code]int{
	CodeInvalidInput:          http.StatusBadRequest,
	CodeInvalidPlaceholder:    http.StatusBadRequest,
	CodeUnresolvedPlaceholder: http.StatusBadRequest,
	CodeUnauthenticated:       http.StatusUnauthorized,
	CodeForbidden:             http.StatusForbidden,
	CodeSecretNotAllowed:      http.StatusForbidden,
	CodeUnknownWorkspace:      http.StatusNotFound,
	CodeUnknownProduct:        http.StatusNotFound,
	CodeUnknownApp:            http.StatusNotFound,
	CodeUnknownEnv:            http.StatusNotFound,
	CodeEnvInactive:           http.StatusNotFound,
	CodeNotConnected:          http.StatusNotFound,
	CodeUnknownAction:         http.StatusNotFound,
	CodeUnknownCache:          http.StatusNotFound,
	CodeUnknownSecret:         http.StatusNotFound,
	CodeUnknownSession:        http.StatusNotFound,
	CodeNotFound:              http.StatusNotFound,
	CodeMethodNotAllowed:      http.StatusMethodNotAllowed,
	CodeSessionInvalid:        http.StatusUnauthorized,
	CodeSessionExpired:        http.StatusUnauthorized,
	CodeSessionRevoked:        http.StatusUnauthorized,
	CodeCredentialMissing:     http.StatusConflict,
	CodeNeedsReauth:           http.StatusConflict,
	CodeSecretExpired:         http.StatusConflict,
	CodeConflict:              http.StatusConflict,
	CodeUpstreamStatus:        http.StatusFailedDependency,
	CodeRateLimited:           http.StatusTooManyRequests,
	CodeUpstreamUnreachable:   http.StatusBadGateway,
	CodeBlockedAddress:        http.StatusBadGateway,
	CodeResponseTooLarge:      http.StatusBadGateway,
	CodeCircuitOpen:           http.StatusServiceUnavailable,
	CodeOverloaded:            http.StatusServiceUnavailable,
	CodeUpstreamTimeout:       http.StatusGatewayTimeout,
	CodeCancelled:             499,
	CodeInternal:              http.StatusInternalServerError,
}

// Status returns the HTTP status that carries the code.
func (c Code) Status() int {
	if s, ok := statusOf[c]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// An Error is a failure a person can act on. Every error that leaves the
// public packages is one, or wraps one.
type Error struct {
	Code       Code          // stable name
	Step       string        // which step of a run failed: resolve, bind, …; empty outside a run
	Message    string        // what failed and where; never holds a secret
	Hint       string        // what to do about it, where known
	Problems   []Problem     // every fault found in the input, with its place
	Upstream   *Upstream     // the API's answer, with CodeUpstreamStatus
	RunID      string        // the run that failed; empty when none was begun
	RetryAfter time.Duration // how long to wait before asking again; zero when unknown
	Cause      error         // for errors.Is; its text is not shown to callers
}

// A Problem is one fault of the input and where it stands.
type Problem struct {
	Where   string `json:"where"` // "input.params.productId"
	Message string `json:"message"`
}

// An Upstream is the answer of an API that refused a request.
type Upstream struct {
	Status  int
	Headers http.Header
	Body    []byte // at most the limit of error bodies, 1 MB by default
}

// Text is the body in UTF-8, without a byte order mark. What is neither UTF-8 nor
// in a charset that its Content-Type names and Decode reads stays as it came.
func (u *Upstream) Text() []byte {
	text, err := jsonText(u.Body, u.Headers.Get("Content-Type"))
	if err != nil {
		return u.Body
	}
	return text
}

// NewError returns an Error with a code and a message.
func NewError(code Code, message string) *Error { return &Error{Code: code, Message: message} }

// WithHint returns e with a hint.
func (e *Error) WithHint(hint string) *Error {
	e.Hint = hint
	return e
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, p := range e.Problems {
		b.WriteString("; ")
		b.WriteString(p.Where)
		b.WriteString(": ")
		b.WriteString(p.Message)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain, CodeInternal when
// there is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
