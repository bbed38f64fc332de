package egress

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/ductape-go/ductape"
)

// A Failure says what an error of Do, or of reading an answer's body, means for
// whoever may ask again.
type Failure struct {
	Code ductape.Code

	// BeforeSend says that nothing can have been processed, so that even a POST
	// may be sent again: DNS, connect or the TLS handshake failed, no complete
	// header block was written, or HTTP/2 says that the stream was not
	// processed. It is never set once a redirect has been followed.
	BeforeSend bool

	Timeout   bool // a time limit was reached: the context's deadline or one of Config
	Cancelled bool // the context was cancelled
	Blocked   bool // an address, URL or redirect was refused; asking again will not help
	Redirect  bool // a redirect was refused, or there were too many; asking again will not help

	Message string // for people; holds no query, password or header
	Trip    Trip   // what was on the wire
}

// Classify says what err means. A nil error gives the zero Failure.
func Classify(err error) Failure {
	var f *fault
	switch {
	case err == nil:
		return Failure{}
	case errors.As(err, &f):
		return f.failure
	case errors.Is(err, context.Canceled):
		return Failure{Code: ductape.CodeCancelled, Cancelled: true, Message: "cancelled"}
	case isTimeout(err):
		return Failure{Code: ductape.CodeUpstreamTimeout, Timeout: true, Message: "the answer took too long"}
	}
	return Failure{Code: ductape.CodeUpstreamUnreachable, Message: reason(err)}
}

// A fault is the cause of every error of Do.
type fault struct {
	failure Failure
	err     error // nil where a rule of this package refused
}

func (f *fault) Error() string { return f.failure.Message }
func (f *fault) Unwrap() error { return f.err }

func (f *fault) wrap(hint string) *ductape.Error {
	return &ductape.Error{Code: f.failure.Code, Message: f.failure.Message, Hint: hint, Cause: f}
}

// fault makes the error of a hop that brought no answer.
func (t *tracker) fault(req *http.Request, err error) error {
	ended := req.Context().Err()
	f := Failure{
		BeforeSend: t.unsent(ended != nil) || (t.redirects == 0 && unprocessed(err)),
		Trip:       t.trip(),
	}
	var blocked *blockedError
	switch {
	case errors.As(err, &blocked):
		return f.blocked(req, blocked, err)
	case errors.Is(ended, context.Canceled):
		f.Code, f.Cancelled, f.Message = ductape.CodeCancelled, true, "cancelled"
	case ended != nil || isTimeout(err):
		f.Code, f.Timeout, f.Message = ductape.CodeUpstreamTimeout, true, "timed out: "+phase(f.BeforeSend)
	default:
		f.Code, f.Message = ductape.CodeUpstreamUnreachable, reason(err)
	}
	f.Message = req.URL.Host + ": " + f.Message
	return (&fault{failure: f, err: err}).wrap("")
}

func phase(beforeSend bool) string {
	if beforeSend {
		return "no connection"
	}
	return "no answer"
}

func (f Failure) blocked(req *http.Request, b *blockedError, err error) error {
	f.Code, f.Blocked = ductape.CodeBlockedAddress, true
	f.Message = fmt.Sprintf("%s: %s", req.URL.Host, b.Error())
	hint := ""
	if b.private {
		hint = "set `allow_private: true` on the app environment to permit loopback and private addresses"
	}
	return (&fault{failure: f, err: err}).wrap(hint)
}

// refused makes the error of a redirect that is not followed.
func (t *tracker) refused(f Failure) error {
	f.Code, f.Redirect, f.Trip = ductape.CodeUpstreamUnreachable, true, t.trip()
	if f.Blocked {
		f.Code = ductape.CodeBlockedAddress
	}
	return (&fault{failure: f}).wrap("")
}

func invalidURL(reason string) error {
	return (&fault{failure: Failure{
		Code: ductape.CodeInvalidInput, BeforeSend: true, Blocked: true, Message: "the URL cannot be called: " + reason,
	}}).wrap("check the base_url of the app environment")
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout())
}
