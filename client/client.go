// Package client calls a Ductape server. New gives a Client; its Run has the
// shape of run.Runner's, so that a program can be moved from one to the other.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
)

// DefaultURL is where a server listens unless told otherwise.
const DefaultURL = "http://127.0.0.1:4311"

// A Client calls one server with one key. It is safe for concurrent use.
type Client struct {
	url  string
	key  string
	http *http.Client
}

// New returns a client of the server at url, "" meaning DefaultURL, that proves
// itself with key.
func New(url, key string) *Client {
	return NewWith(url, key, &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second},
		// A server does not redirect, and its key goes nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}

// NewWith is New over an HTTP client of the caller's.
func NewWith(url, key string, hc *http.Client) *Client {
	if url == "" {
		url = DefaultURL
	}
	return &Client{url: strings.TrimSuffix(url, "/"), key: key, http: hc}
}

// Run performs one call. Close the result's Body, or Decode it. The error is a
// *ductape.Error with the code the server gave; so is the Body's, of an answer
// that breaks off: what was read until then is not all of it.
func (c *Client) Run(ctx context.Context, call ductape.Call) (*ductape.Result, error) {
	resp, err := c.sendCall(ctx, "/v1/actions/run", call)
	if err != nil {
		return nil, err
	}
	status, _ := strconv.Atoi(resp.Header.Get("Ductape-Upstream-Status"))
	attempts, _ := strconv.Atoi(resp.Header.Get("Ductape-Attempts"))
	id := resp.Header.Get("Ductape-Run-Id")
	if id == "" { // every run has one
		resp.Body.Close()
		return nil, c.stranger(describe(resp)+", no Ductape-Run-Id", nil)
	}
	return &ductape.Result{
		RunID: id, Status: status, Header: resp.Header, Attempts: attempts, Cache: resp.Header.Get("Ductape-Cache"),
		Body: &answerBody{ReadCloser: resp.Body, client: c, ctx: ctx, runID: id},
	}, nil
}

// Preview returns the request a call would send, secrets masked, as the JSON of
// run.Preview. Nothing is sent.
func (c *Client) Preview(ctx context.Context, call ductape.Call) (json.RawMessage, error) {
	resp, err := c.sendCall(ctx, "/v1/actions/run?dry_run=true", call)
	if err != nil {
		return nil, err
	}
	var out json.RawMessage
	return out, c.read(resp, &out)
}

func (c *Client) sendCall(ctx context.Context, path string, call ductape.Call) (*http.Response, error) {
	if len(call.Files) > 0 {
		return c.upload(ctx, path, call)
	}
	raw, err := callJSON(call)
	if err != nil {
		return nil, err
	}
	return c.send(ctx, http.MethodPost, path, written(raw))
}

// Do calls one endpoint of the HTTP API with in as its JSON body, nil for none,
// and reads the answer into out, nil to ignore it. GET /openapi.json lists the
// endpoints.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	resp, err := c.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	return c.read(resp, out)
}

// read reads an answer into out, nil to ignore it. Every answer is JSON but 204,
// which has none.
func (c *Client) read(resp *http.Response, out any) error {
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return unreachable(err)
	}
	if resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if !isJSON(mediaType(resp)) {
		return c.stranger(describe(resp), nil)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil { // its text names Go's types
		return c.stranger(describe(resp)+", but not the JSON that was asked for", err)
	}
	return nil
}

func (c *Client) send(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	switch v := in.(type) {
	case nil:
	case written:
		body = bytes.NewReader(v)
	default:
		raw, err := encode(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, body)
	if err != nil {
		return nil, badURL(c.url, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return c.answer(req)
}

// written is a body that is JSON already.
type written []byte

// encode writes a value as JSON, with <, > and & as they are: the API may be
// given these very bytes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, notJSON(err)
	}
	return b.Bytes(), nil
}

func notJSON(err error) error {
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: "the call cannot be written as JSON: " + err.Error(), Cause: err}
}

func badURL(url string, err error) error {
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: fmt.Sprintf("%q is not the URL of a server", url), Cause: err}
}

// answer sends a request with the key and turns a problem into an error.
func (c *Client) answer(req *http.Request) (*http.Response, error) {
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, unreachable(err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, c.problem(resp)
	}
	return resp, nil
}

func unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &ductape.Error{Code: ductape.CodeCancelled, Message: err.Error(), Cause: err}
	}
	return (&ductape.Error{Code: ductape.CodeUpstreamUnreachable, Message: "the Ductape server does not answer: " + err.Error(), Cause: err}).
		WithHint("is `ductape serve` running, and is the URL right?")
}

// problem reads the error that a server answered with (RFC 9457).
func (c *Client) problem(resp *http.Response) error {
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	if err != nil {
		return unreachable(err)
	}
	var p struct {
		Detail   string
		Code     ductape.Code
		Hint     string
		Step     string
		RunID    string `json:"run_id"`
		Problems []ductape.Problem
		Upstream *struct {
			Status  int
			Headers map[string]string
			Body    json.RawMessage
		}
	}
	if json.Unmarshal(raw, &p) != nil || p.Code == "" {
		return c.stranger(describe(resp), nil)
	}
	e := &ductape.Error{Code: p.Code, Step: p.Step, Message: p.Detail, Hint: p.Hint, Problems: p.Problems, RunID: p.RunID}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		e.RetryAfter = time.Duration(s) * time.Second
	}
	if u := p.Upstream; u != nil {
		e.Upstream = &ductape.Upstream{Status: u.Status, Headers: make(http.Header, len(u.Headers)), Body: u.Body}
		for name, value := range u.Headers {
			e.Upstream.Headers.Set(name, value)
		}
		var text string
		if json.Unmarshal(u.Body, &text) == nil {
			e.Upstream.Body = []byte(text)
		}
	}
	return e
}
