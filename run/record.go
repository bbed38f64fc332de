package run

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
)

// fail records a run that did not succeed, and returns its error with the run's
// id. What is kept and what is shown holds no secret that the run has seen.
func (one *run) fail(err error) error {
	defer one.alarm.end()
	err = one.orEnded(err)
	var e *ductape.Error
	if !errors.As(err, &e) {
		e = &ductape.Error{Code: ductape.CodeInternal, Message: "something failed that should not", Cause: err}
	}
	shown := *e
	shown.RunID = one.id
	if one.secretsSeen() {
		hide := one.redactor()
		shown.Message = hide.String(shown.Message)
		shown.Problems = nil
		for _, p := range e.Problems {
			shown.Problems = append(shown.Problems, ductape.Problem{Where: p.Where, Message: hide.String(p.Message)})
		}
		shown.Upstream = one.hideIn(e.Upstream, hide)
	}
	one.rec.Outcome, one.rec.Step, one.rec.Message = shown.Code, shown.Step, firstMessage(&shown)
	one.tie()
	one.write()
	return &shown
}

// tieWait is how long a refused run may take to find out whose it was.
const tieWait = time.Second

// tie gives the record of a run that was refused before its session was verified,
// or because of it, the session that its token can be trusted to belong to. It
// does so also when the caller has gone away.
func (one *run) tie() {
	ref := one.call.Session
	if ref == nil || one.session != nil || one.quiet || one.r.cfg.Sessions == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(one.alarm), tieWait)
	defer cancel()
	one.rec.Session, one.rec.Identifier = one.r.cfg.Sessions.Whose(ctx, one.call.Caller.Workspace, one.call.Product, one.call.Env, *ref)
}

// secretsSeen reports whether the run has held anything that must not show.
func (one *run) secretsSeen() bool {
	return len(one.opened) > 0 || one.credential != nil && len(one.credential.values) > 0
}

func (one *run) redact(text string) string { return one.redactor().String(text) }

func (one *run) redactor() *secret.Redactor { return secret.NewRedactor(one.held()...) }

// held is what the run has held that must not show.
func (one *run) held() []secret.Value {
	values := slices.Clip(one.opened)
	if one.credential != nil {
		values = append(values, one.credential.values...)
	}
	return values
}

// hideIn returns what the API answered without what we gave it to keep: an API
// that refuses a credential may repeat it, and errors are logged. Of a body that
// was cut, so much more is cut that no part of a secret stands at its end.
func (one *run) hideIn(u *ductape.Upstream, hide *secret.Redactor) *ductape.Upstream {
	if u == nil {
		return nil
	}
	body := hide.Bytes(u.Body)
	if int64(len(u.Body)) == one.r.cfg.Limits.ErrorBody {
		body = body[:max(0, len(body)-one.longestForm())]
	}
	return &ductape.Upstream{Status: u.Status, Headers: hide.Header(u.Headers), Body: body}
}

// longestForm is how many bytes the longest writing of what the run has held may
// take: six for a byte, as in \u0041.
func (one *run) longestForm() int {
	longest := 0
	for _, v := range one.held() {
		longest = max(longest, 6*len(v.Expose()))
	}
	return longest
}

func firstMessage(e *ductape.Error) string {
	if len(e.Problems) > 0 {
		return e.Problems[0].Where + ": " + e.Problems[0].Message
	}
	return e.Message
}

// finish records a run that succeeded: at once when its answer has been read,
// else when the caller has read or closed it.
func (one *run) finish(res *ductape.Result) *ductape.Result {
	res.RunID = one.id
	one.rec.Outcome = ductape.OutcomeOK
	if w, ok := res.Body.(*whole); ok {
		one.rec.BytesIn = int64(len(w.bytes))
		one.write()
		one.alarm.end()
		return res
	}
	res.Body = &recorded{ReadCloser: res.Body, run: one}
	return res
}

// recorded counts what is read of an answer and records the run at its end.
type recorded struct {
	io.ReadCloser
	run  *run
	done bool
}

func (b *recorded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.run.rec.BytesIn += int64(n)
	if err != nil && err != io.EOF {
		err = brokenBody(b.run, err)
		b.run.rec.Outcome, b.run.rec.Step, b.run.rec.Message = ductape.CodeOf(err), "decode", brokeOff(err)
	}
	return n, err
}

// brokeOff is what is recorded of an answer whose rest could not be handed on.
func brokeOff(err error) string {
	if ductape.CodeOf(err) != ductape.CodeResponseTooLarge {
		return "the answer broke off"
	}
	return "the answer is larger than it may be"
}

func (b *recorded) Close() error {
	err := b.ReadCloser.Close()
	if !b.done {
		b.done = true
		b.run.write()
		b.run.alarm.end()
	}
	return err
}

// write hands the record over.
func (one *run) write() {
	one.rec.DurationUS = one.r.cfg.Now().Sub(one.started).Microseconds()
	if q := one.request; q != nil {
		one.rec.Method = q.method
		one.rec.URL = q.url.Scheme + "://" + q.url.Host + q.url.EscapedPath()
		if q.body != nil {
			one.rec.BytesOut = max(0, q.body.length)
		}
	}
	if one.secretsSeen() {
		one.rec.URL = one.redact(one.rec.URL)
	}
	if one.r.cfg.Recorder != nil && !one.quiet {
		one.clip()
		one.r.cfg.Recorder.Record(one.rec)
	}
}

// What a record keeps of a text, in bytes: names are refused where they are longer,
// and a URL or a message may be as long as the call.
const (
	keptName = 512
	keptText = 4096
)

// clip keeps a record small, whatever the call says: many of them wait to be
// written. It comes after redaction, which could not tell a part of a secret.
func (one *run) clip() {
	rec := &one.rec
	for _, name := range []*string{&rec.Product, &rec.Env, &rec.App, &rec.Event} {
		*name = clipped(*name, keptName)
	}
	rec.URL, rec.Message = clipped(rec.URL, keptText), clipped(rec.Message, keptText)
}

func clipped(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
