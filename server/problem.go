package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// An ErrorAnswer is the body of every error (RFC 9457).
type ErrorAnswer struct {
	Type     string            `json:"type" doc:"A stable URI for the kind of problem" example:"urn:ductape:error:invalid_input"`
	Title    string            `json:"title" doc:"The status in words"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail" doc:"What failed and where"`
	Code     ductape.Code      `json:"code" doc:"The stable name of the failure"`
	Hint     string            `json:"hint,omitempty" doc:"What to do about it"`
	Step     string            `json:"step,omitempty" doc:"The step of the run that failed"`
	RunID    string            `json:"run_id,omitempty"`
	Problems []ductape.Problem `json:"problems,omitempty" doc:"Every fault of the input and where it stands"`
	Upstream *UpstreamAnswer   `json:"upstream,omitempty" doc:"The API's own answer, with code upstream_status"`

	retryAfter time.Duration
}

// An UpstreamAnswer is what an API answered.
type UpstreamAnswer struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body,omitempty" doc:"JSON as it came; other text as a string"`
}

// Error makes an ErrorAnswer an error that huma passes on.
func (p *ErrorAnswer) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *ErrorAnswer) GetStatus() int { return p.Status }

// ContentType is the media type of the body.
func (p *ErrorAnswer) ContentType(string) string { return "application/problem+json" }

var errInternal = &ductape.Error{Code: ductape.CodeInternal, Message: "something failed that should not; the server's log has more"}

// problemOf is the one place where errors become answers.
func problemOf(err error) *ErrorAnswer {
	var p *ErrorAnswer
	if errors.As(err, &p) {
		return p
	}
	var e *ductape.Error
	if !errors.As(err, &e) {
		e = errInternal
	}
	p = &ErrorAnswer{
		Type: "urn:ductape:error:" + string(e.Code), Status: e.Code.Status(), Detail: e.Message,
		Code: e.Code, Hint: e.Hint, Step: e.Step, RunID: e.RunID, Problems: e.Problems, retryAfter: e.RetryAfter,
	}
	p.Title = http.StatusText(p.Status)
	if p.Title == "" {
		p.Title = "Client Closed Request"
	}
	if u := e.Upstream; u != nil {
		p.Upstream = &UpstreamAnswer{Status: u.Status, Headers: flatten(u.Headers), Body: bodyJSON(u.Text())}
	}
	return p
}

func flatten(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for name, values := range h {
		out[name] = strings.Join(values, ", ")
	}
	return out
}

// bodyJSON is a body as JSON: as it came where it is JSON, a name that stands twice
// included, else its text.
func bodyJSON(body []byte) json.RawMessage {
	if len(body) == 0 {
		return nil
	}
	if jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)) {
		return body
	}
	text := string(body)
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	quoted, err := jsontext.AppendQuote(nil, text)
	if err != nil {
		return nil
	}
	return json.RawMessage(quoted)
}

// writeProblem answers with an error.
func writeProblem(w http.ResponseWriter, err error) {
	p := problemOf(err)
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	if p.RunID != "" {
		h.Set("Ductape-Run-Id", p.RunID)
	}
	if p.Upstream != nil {
		h.Set("Ductape-Upstream-Status", strconv.Itoa(p.Upstream.Status))
	}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(int64((p.retryAfter+time.Second-1)/time.Second), 10))
	}
	if p.Status == http.StatusUnauthorized && p.Code == ductape.CodeUnauthenticated {
		h.Set("WWW-Authenticate", `Bearer realm="ductape"`)
	}
	body, merr := json.Marshal(p)
	if merr != nil {
		p.Upstream = nil
		body, _ = json.Marshal(p)
	}
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n'))
}

// problemType is how the description learns of ErrorAnswer.
var problemType = reflect.TypeFor[ErrorAnswer]()

func stack() string { return string(debug.Stack()) }
