package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ductape-go/ductape"
)

// askWhy bounds asking the server why an answer broke off.
const askWhy = 5 * time.Second

// An answerBody tells why an answer breaks off. The status and the headers are
// gone by then, so the server can only cut the connection; the run's record says
// the rest.
type answerBody struct {
	io.ReadCloser
	client *Client
	ctx    context.Context
	runID  string
	err    error // of an earlier Read
}

func (b *answerBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF && !errors.Is(err, http.ErrBodyReadAfterClose) {
		b.err = b.broken(err)
		err = b.err
	}
	return n, err
}

// broken is the error that the run ended with, as the server would have answered
// it before the first byte.
func (b *answerBody) broken(cause error) error {
	if err := b.ctx.Err(); err != nil {
		return &ductape.Error{Code: ductape.CodeCancelled, Message: err.Error(), RunID: b.runID, Cause: cause}
	}
	e := &ductape.Error{Code: ductape.CodeUpstreamUnreachable, Message: "the answer broke off before its end", RunID: b.runID, Cause: cause}
	if b.runID == "" {
		return e
	}
	e.Hint = "`ductape runs show " + b.runID + "` says what became of it"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), askWhy)
	defer cancel()
	var rec ductape.RunRecord
	if b.client.Do(ctx, http.MethodGet, "/v1/runs/"+url.PathEscape(b.runID), nil, &rec) != nil || rec.Outcome == "" || rec.Outcome == ductape.OutcomeOK {
		return e
	}
	e.Code, e.Step = rec.Outcome, rec.Step
	if e.Code == ductape.CodeResponseTooLarge {
		e.Message = "the answer is larger than the server passes on"
		e.Hint = "ask the API for less at a time"
	}
	return e
}
