package egress

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/ductape-go/ductape"
)

// Fetch reads the document at address, which may be at most maxBytes long, and
// returns it with the URL it came from in the end. It takes as long as ctx
// allows.
//
// Errors are *ductape.Error: those of Do, upstream_status when the answer is
// not a 2xx, and response_too_large.
func (c *Client) Fetch(ctx context.Context, address string, maxBytes int64, p Policy) (body []byte, finalURL string, err error) {
	u, err := url.Parse(address)
	if err != nil { // its text holds the address
		return nil, "", invalidURL("it is not a URL")
	}
	req := (&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{
		"Accept":          {"application/json, application/yaml;q=0.9, */*;q=0.8"},
		"Accept-Encoding": {"identity"},
	}}).WithContext(ctx)
	resp, err := c.Do(req, p)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	if err := acceptable(resp); err != nil {
		return nil, "", err
	}
	if body, err = read(resp, maxBytes); err != nil {
		return nil, "", err
	}
	return body, resp.Request.URL.String(), nil
}

func acceptable(resp *http.Response) error {
	host := resp.Request.URL.Host
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return &ductape.Error{
			Code:     ductape.CodeUpstreamStatus,
			Message:  fmt.Sprintf("%s answered %d instead of the document", host, resp.StatusCode),
			Upstream: &ductape.Upstream{Status: resp.StatusCode, Headers: resp.Header},
		}
	}
	if coding := resp.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return ductape.NewError(ductape.CodeUpstreamUnreachable, fmt.Sprintf("%s sent the document compressed, though asked not to", host)).
			WithHint("download the document and import the file")
	}
	return nil
}

func read(resp *http.Response, maxBytes int64) ([]byte, error) {
	tooLarge := resp.ContentLength > maxBytes
	var body []byte
	if !tooLarge {
		var err error
		if body, err = io.ReadAll(io.LimitReader(resp.Body, maxBytes+1)); err != nil {
			f := Classify(err)
			f.Message, f.Trip = resp.Request.URL.Host+": "+f.Message, TripOf(resp)
			return nil, (&fault{failure: f, err: err}).wrap("")
		}
		tooLarge = int64(len(body)) > maxBytes
	}
	if tooLarge {
		return nil, ductape.NewError(ductape.CodeResponseTooLarge,
			fmt.Sprintf("the document at %s is larger than %d bytes", resp.Request.URL.Host, maxBytes))
	}
	return body, nil
}
