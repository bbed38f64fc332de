package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// maxFetches and maxReading bound how many further URLs one description may make
// us read, and for how long. Large ones are spread over more than a thousand.
const (
	maxFetches = 5000
	maxReading = 10 * time.Minute
)

// A Fetcher reads what is at a URL, and says from which URL it came in the end:
// a redirect may have led elsewhere.
type Fetcher func(ctx context.Context, url string) (data []byte, finalURL string, err error)

// A description is what is read: its bytes, and the way to the files that it
// refers to.
type description struct {
	tag, location string
	data          []byte
	files         map[string][]byte
	open          Opener
}

// An Opener reads a file by its location, for a caller that may reach the disk.
type Opener func(location string) ([]byte, error)

// read turns a description into an app. It writes nothing.
func (c *Catalog) read(ctx context.Context, d description) (*spec.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, maxReading)
	defer cancel()
	moved := map[string]string{}
	open := c.opener(ctx, d.files, d.open, moved)
	if d.data == nil {
		data, err := open(d.location)
		if err != nil {
			return nil, unreadable(d.location, err)
		}
		d.data = data
	}
	res, err := spec.Read(spec.Source{Location: d.location, Data: d.data, Open: open, Moved: func(l string) string { return moved[l] }}, spec.Options{Tag: d.tag})
	if err != nil {
		return nil, err
	}
	if d.tag != "" {
		res.App.Tag = d.tag
	}
	usableEnvs(res)
	literalReferences(res)
	return res, nil
}

func unreadable(location string, err error) error {
	var e *ductape.Error
	if errors.As(err, &e) {
		return err
	}
	if strings.Contains(location, "://") {
		location = hideUser(location)
	}
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: "cannot read the description " + quote(location) + ": " + err.Error(), Cause: err}
}

// opener reads the files that came with a request, what the caller's own Opener
// reaches, and URLs where that is allowed, noting in moved where redirects led.
// By itself it never reads the disk.
func (c *Catalog) opener(ctx context.Context, files map[string][]byte, local Opener, moved map[string]string) Opener {
	fetches, size := 0, 0
	return func(location string) ([]byte, error) {
		if data, ok := files[location]; ok {
			return data, nil
		}
		if !isURL(location) && local != nil {
			return local(location)
		}
		if !isURL(location) {
			return nil, errors.New("the file is missing beside the description, or was not sent along")
		}
		if c.fetch == nil {
			return nil, errors.New("reading descriptions from URLs is switched off; give the file itself")
		}
		if fetches++; fetches > maxFetches {
			return nil, fmt.Errorf("more than %d URLs in one description", maxFetches)
		}
		data, final, err := c.fetch(ctx, location)
		moved[location] = final
		var e *ductape.Error
		if errors.As(err, &e) && e.Code == ductape.CodeBlockedAddress {
			blocked := *e
			blocked.Hint = "descriptions are not read from private addresses: download it and import the file"
			return nil, &blocked
		}
		if size += len(data); size > spec.MaxSize {
			return nil, fmt.Errorf("the URLs of one description hold more than %d bytes", spec.MaxSize)
		}
		return data, err
	}
}

// Gather reads a description and every file that it refers to, by location, so
// that they can be sent to a server that cannot reach the disk. What is a URL
// is left to the server.
func Gather(location string, open Opener) (map[string][]byte, error) {
	files := map[string][]byte{}
	if isURL(location) {
		return files, nil
	}
	data, err := open(location)
	if err != nil {
		return nil, err
	}
	files[location] = data
	if !refersOut(data) {
		return files, nil
	}
	collect := func(ref string) ([]byte, error) {
		if isURL(ref) {
			return nil, errors.New("read by the server")
		}
		b, err := open(ref)
		if err == nil {
			files[ref] = b
		}
		return b, err
	}
	// What is wrong with the description, the server says.
	_, _ = spec.Read(spec.Source{Location: location, Data: data, Open: collect}, spec.Options{})
	return files, nil
}

// refersOut reports whether a description may refer to another file: whether some
// $ref does not plainly begin with "#". It tells without reading all of it.
func refersOut(data []byte) bool {
	if bytes.Contains(data, []byte(`\u0024ref`)) {
		return true
	}
	for {
		i := bytes.Index(data, []byte("$ref"))
		if i < 0 {
			return false
		}
		data = bytes.TrimLeft(data[i+len("$ref"):], "\"' \t\r\n:")
		if len(data) == 0 || data[0] != '#' {
			return true
		}
	}
}

func isURL(location string) bool {
	return strings.HasPrefix(location, "http://") || strings.HasPrefix(location, "https://")
}

// usableEnvs empties base URLs that no request could go to: they are to be set
// by hand.
func usableEnvs(res *spec.Result) {
	for i := range res.App.Envs {
		e := &res.App.Envs[i]
		var p problems
		if e.BaseURL == "" {
			continue
		}
		if checkBaseURL(&p, "", e.BaseURL); len(p.list) == 0 {
			continue
		}
		res.Warnings = append(res.Warnings, ductape.Warning{
			Code: warnBaseURLUnusable, Where: "/envs/" + e.Slug,
			Message: "the server " + quote(hideUser(e.BaseURL)) + " is no absolute http or https URL; set base_url of the environment " + e.Slug,
		})
		e.BaseURL = ""
	}
}
