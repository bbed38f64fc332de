// Package spec turns the bytes of an API's description into a ductape.App:
// OpenAPI and Swagger, JSON or YAML, Postman collections, cURL command lines,
// HAR files.
//
// Start with Read, which finds out what the bytes are. It does no I/O of its own
// (Source.Open reads the files a description refers to), is the same every time
// for the same bytes, and fails only on what is no description: everything it
// could not carry over is a warning with its place. Codes lists the warnings.
package spec

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/curl"
	"github.com/ductape-go/ductape/spec/har"
	"github.com/ductape-go/ductape/spec/internal/losses"
	"github.com/ductape-go/ductape/spec/internal/tree"
	"github.com/ductape-go/ductape/spec/openapi"
	"github.com/ductape-go/ductape/spec/postman"
)

// MaxSize is the largest description that is read, in bytes.
const MaxSize = 64 << 20

// A Source is the bytes of a description and the way to reach the files it
// refers to.
type Source struct {
	Location string // file name or URL: for messages, relative references and relative server URLs
	Data     []byte // not changed, and shared with the App: leave it alone while the App is in use

	// Open reads a file or URL that a $ref names; the location is already
	// resolved against Location. With nil, such references become warnings.
	Open func(location string) ([]byte, error)

	// Moved says where a redirect led from a location, which Open read or Data
	// came from: what a file refers to is relative to where it was found (RFC
	// 3986, 5.1.3). Empty or nil: to nowhere else.
	Moved func(location string) string
}

// Options say how to read a description.
type Options struct {
	Tag string // tag of the app; empty: derived from the description's title
}

// A Result is what a description gave.
type Result struct {
	App      *ductape.App
	Format   string // "openapi", "swagger", "postman", "curl" or "har"
	Version  string // the format's version: "3.1.0"
	Warnings []ductape.Warning
}

// Read reads a description. Its errors are *ductape.Error with the code
// invalid_input and a hint.
func Read(src Source, opt Options) (*Result, error) {
	in, err := look(src.Data)
	if err != nil {
		return nil, about(src.Location, err)
	}
	read := map[string]func(input, Source, Options) (*Result, error){
		"openapi": readOpenAPI, "swagger": readOpenAPI, "postman": readPostman, "curl": readCurl, "har": readHAR,
	}[in.format]
	res, err := read(in, src, opt)
	if err != nil {
		return nil, about(src.Location, err)
	}
	res.Format = in.format
	res.Version = cmp.Or(res.Version, in.version)
	sum := sha256.Sum256(src.Data)
	res.App.Source = &ductape.Source{Format: in.format, Version: res.Version, Location: src.Location, Digest: hex.EncodeToString(sum[:])}
	if len(res.App.Envs) > 0 {
		res.App.Source.BaseURL = res.App.Envs[0].BaseURL
	}
	return res, nil
}

func readOpenAPI(in input, src Source, opt Options) (*Result, error) {
	app, version, warnings, err := openapi.Read(in.doc, openapi.Options{Tag: opt.Tag, Location: src.Location, Open: src.Open, Moved: src.Moved})
	if err != nil {
		return nil, err
	}
	return &Result{App: app, Version: version, Warnings: warnings}, nil
}

func readPostman(in input, src Source, opt Options) (*Result, error) {
	app, version, warnings, err := postman.Read(in.doc.Root().Raw(), postman.Options{Tag: opt.Tag, Location: src.Location})
	if err != nil {
		return nil, err
	}
	return &Result{App: app, Version: version, Warnings: append(warnings, repairs(in.doc)...)}, nil
}

func readCurl(_ input, src Source, opt Options) (*Result, error) {
	app, version, warnings, err := curl.Read(src.Data, curl.Options{Tag: opt.Tag, Location: src.Location})
	if err != nil {
		return nil, err
	}
	return &Result{App: app, Version: version, Warnings: warnings}, nil
}

func readHAR(in input, src Source, opt Options) (*Result, error) {
	app, version, warnings, err := har.Read(in.doc.Root().Raw(), har.Options{Tag: opt.Tag, Location: src.Location})
	if err != nil {
		return nil, err
	}
	return &Result{App: app, Version: version, Warnings: append(warnings, repairs(in.doc)...)}, nil
}

// repairs turns what was mended in a document's text into warnings.
func repairs(doc *tree.Doc) []ductape.Warning {
	var out losses.List
	for _, r := range doc.Repairs {
		out.Add(r.Code, r.Where, r.Message)
	}
	return out.Warnings()
}

// about names the description in an error's message.
func about(location string, err error) error {
	var e *ductape.Error
	if location == "" || !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Message = fmt.Sprintf("%s: %s", location, e.Message)
	return &named
}
