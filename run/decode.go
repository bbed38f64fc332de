package run

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
)

// decode makes the Result: the API's body, untouched. An answer up to the
// buffer's size is read whole, so that one that breaks off is an error and not
// half an answer; a larger one, a stream by its type, and one of unknown length
// that pauses is handed on as it comes.
func (r *Runner) decode(run *run, resp *http.Response) (*ductape.Result, error) {
	run.rec.Status = resp.StatusCode
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, r.refused(run, resp)
	}
	if resp.ContentLength > r.cfg.Limits.Response {
		resp.Body.Close()
		return nil, tooLarge(r.cfg.Limits.Response)
	}
	raw, unknown := resp.Body, resp.ContentLength < 0
	if err := decompress(resp, r.cfg.Limits.Response); err != nil {
		resp.Body.Close()
		return nil, err
	}
	res := &ductape.Result{RunID: run.id, Status: resp.StatusCode, Header: resp.Header, Attempts: run.rec.Attempts, Cache: "none"}
	body := &limited{r: resp.Body, left: r.cfg.Limits.Response, limit: r.cfg.Limits.Response}
	if isStream(resp.Header) && !run.whole {
		res.Body = body
		return res, nil
	}
	buffer := r.cfg.Limits.Buffer
	if unknown && !run.whole {
		return r.asItComes(run, res, readAhead(body, raw, buffer))
	}
	if run.whole {
		buffer = r.cfg.Limits.Shared
	}
	head, err := readUpTo(body, buffer, resp.ContentLength)
	if err != nil {
		body.Close()
		return nil, brokenBody(run, err)
	}
	if int64(len(head)) == buffer && run.whole {
		body.Close()
		e := fault("decode", ductape.CodeResponseTooLarge, fmt.Sprintf("the answer is larger than the %d bytes that a cached call may have", buffer))
		return nil, e.WithHint("leave out `cache`")
	}
	if int64(len(head)) < buffer {
		body.Close()
		res.Body = newWhole(head)
		return res, nil
	}
	res.Body = &joined{io.MultiReader(bytes.NewReader(head), body), body}
	return res, nil
}

// asItComes hands on an answer whose length is not known.
func (r *Runner) asItComes(run *run, res *ductape.Result, body *ahead) (*ductape.Result, error) {
	all, isWhole, err := body.wait(r.cfg.Limits.Hold)
	if err != nil {
		body.Close()
		return nil, brokenBody(run, err)
	}
	res.Body = body
	if isWhole {
		body.Close()
		res.Body = newWhole(all)
	}
	return res, nil
}

// whole is a body that has been read.
type whole struct {
	bytes.Reader
	bytes []byte
}

func (*whole) Close() error { return nil }

// joined reads what was buffered and then the rest.
type joined struct {
	io.Reader
	io.Closer
}

// readUpTo reads at most limit bytes; want is the announced length or -1.
func readUpTo(r io.Reader, limit, want int64) ([]byte, error) {
	size := int64(512)
	if want >= 0 {
		size = min(want, limit) + 1 // one more, so that the end is seen without growing
	}
	buf := make([]byte, 0, size)
	for {
		if int64(len(buf)) == limit {
			return buf, nil
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):min(int64(cap(buf)), limit)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// isStream reports whether an answer is read piece by piece by nature.
func isStream(h http.Header) bool {
	t, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	media := strings.ToLower(strings.TrimSpace(t))
	switch media {
	case "text/event-stream", "application/stream+json", "multipart/x-mixed-replace",
		"application/vnd.docker.raw-stream", "application/vnd.docker.multiplexed-stream":
		return true
	}
	return isLines(media) || isSequence(media)
}

// limited reads at most so many bytes and then fails.
type limited struct {
	r           io.ReadCloser
	left, limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p[:min(int64(len(p)), l.left+1)])
	if int64(n) > l.left {
		return int(l.left), tooLarge(l.limit)
	}
	l.left -= int64(n)
	return n, err
}

func (l *limited) Close() error { return l.r.Close() }

func tooLarge(limit int64) error {
	return fault("decode", ductape.CodeResponseTooLarge, fmt.Sprintf("the answer is larger than %d bytes", limit))
}

func brokenBody(run *run, err error) error {
	var known *ductape.Error
	if errors.As(err, &known) {
		return known
	}
	e := fault("decode", ductape.CodeUpstreamUnreachable, "the answer of "+run.request.host()+" broke off before its end")
	e.Cause = err
	return e
}

// refused is the error of an answer that is not 2xx: it carries the answer.
func (r *Runner) refused(run *run, resp *http.Response) error {
	defer resp.Body.Close()
	if err := decompress(resp, r.cfg.Limits.Response); err != nil {
		return err
	}
	body, err := readUpTo(resp.Body, r.cfg.Limits.ErrorBody, resp.ContentLength)
	if err != nil {
		return brokenBody(run, err)
	}
	run.rec.BytesIn = int64(len(body))
	e := fault("send", ductape.CodeUpstreamStatus, fmt.Sprintf("%s answered %d %s", run.request.host(), resp.StatusCode, http.StatusText(resp.StatusCode)))
	e.Upstream = &ductape.Upstream{Status: resp.StatusCode, Headers: resp.Header, Body: body}
	if wait, ok := retryAfter(resp.Header, r.cfg.Now()); ok {
		e.RetryAfter = wait
	}
	if isRedirect(resp.StatusCode) {
		e.Hint = "the API redirects to a place that was not followed: " + redirectReason(resp)
	}
	return e
}

// isRedirect reports whether a status sends the request elsewhere (RFC 9110,
// 15.4): 300 offers a choice, and 304 means what the caller has is still good.
func isRedirect(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

func redirectReason(resp *http.Response) string {
	if strings.TrimSpace(resp.Header.Get("Location")) == "" {
		return "it names none"
	}
	return "a request with a body is not sent to another host"
}
