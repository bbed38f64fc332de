package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// curl -d says application/x-www-form-urlencoded unless told otherwise.
func TestWhatCurlSends(t *testing.T) {
	w := newWorld(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.http.URL+"/v1/secrets/NEW", strings.NewReader(`{"value":"a value"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+w.key)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 200 {
		t.Error(resp.Status)
	}
}
