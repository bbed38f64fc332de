package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec"
)

// maxFetches bounds how many further URLs one description may make us read.
const maxFetches = 500

// A description is what is read: its bytes, and the way to the files that it
// refers to.
type description struct {
	tag, location string
	data          []byte
	files         map[string][]byte
}

// read turns a description into an app. It writes nothing.
func (c *Catalog) read(ctx context.Context, d description) (*spec.Result, error) {
	open := c.opener(ctx, d.files)
	if d.data == nil {
		data, err := open(d.location)
		if err != nil {
			return nil, unreadable(d.location, err)
		}
		d.data = data
	}
	res, err := spec.Read(spec.Source{Location: d.location, Data: d.data, Open: open}, spec.Options{Tag: d.tag})
	if err != nil {
		return nil, err
	}
	if d.tag != "" {
		res.App.Tag = d.tag
	}
	usableEnvs(res)
	return res, nil
}

func unreadable(location string, err error) error {
	var e *ductape.Error
	if errors.As(err, &e) {
		return err
	}
	return &ductape.Error{Code: ductape.CodeInvalidInput, Message: "cannot read the description " + quote(location) + ": " + err.Error(), Cause: err}
}

// opener reads the files that came with a request, and URLs where that is
// allowed. It never reads the disk.
func (c *Catalog) opener(ctx context.Context, files map[string][]byte) func(string) ([]byte, error) {
	fetches := 0
	return func(location string) ([]byte, error) {
		if data, ok := files[location]; ok {
			return data, nil
		}
		if !isURL(location) {
			return nil, errors.New("the file was not sent along")
		}
		if c.fetch == nil {
			return nil, errors.New("reading descriptions from URLs is switched off; give the file itself")
		}
		if fetches++; fetches > maxFetches {
			return nil, fmt.Errorf("more than %d URLs in one description", maxFetches)
		}
		return c.fetch(ctx, location)
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
		res.Warnings = append(res.Warnings, ductape.Warning{Code: "base_url_unusable", Where: "/envs/" + e.Slug,
			Message: "the server " + quote(hideUser(e.BaseURL)) + " is no absolute http or https URL; set base_url of the environment " + e.Slug})
		e.BaseURL = ""
	}
}
