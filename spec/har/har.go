// Package har reads HAR 1.2 files, what a browser or proxy recorded, into an App.
//
// Read is where to start. Entries of one method, host and path template become
// one action, the fields of their bodies put together: segments that are numbers,
// UUIDs or other identifiers are its parameters (template.go). Credentials and
// cookies are lifted out, and what a page loads to show itself is dropped.
package har

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// Options say what the file does not.
type Options struct {
	Tag      string // tag of the App; empty: the name in the host
	Location string // file the archive was read from
}

// Read returns the App that an archive's entries make, and the archive's
// version ("1.2"). An error is a *ductape.Error: the text is no archive, or
// holds no request to an API.
func Read(data []byte, opt Options) (app *ductape.App, version string, warnings []ductape.Warning, err error) {
	doc, rest, err := sample.ParseFirst(data)
	if err != nil {
		return nil, "", nil, notJSON(err)
	}
	log := doc.Get("log")
	if log.Get("entries").Kind != sample.Array {
		return nil, "", nil, refuse("it has no log.entries", "Save the network log as HAR from the browser's developer tools")
	}
	r := &reader{groups: map[string]*group{}, headers: map[sample.Pair]int{}}
	if len(rest) > 0 {
		r.warn(trailingText, "", "text after the archive is ignored")
	}
	for i, e := range log.Get("entries").Items {
		r.entry(e, sample.Pointer("/log/entries", i))
	}
	if r.assets > 0 {
		r.warn(assetsDropped, "/log/entries", strconv.Itoa(r.assets)+" entries")
	}
	if r.preflights > 0 {
		r.warn(preflightsLeft, "/log/entries", strconv.Itoa(r.preflights)+" entries")
	}
	if len(r.browser) > 0 {
		r.warn(headersDropped, "/log/entries", strings.Join(r.browser, ", "))
	}
	b := &sample.Builder{Warn: r.warn}
	for _, g := range r.order {
		if g.differ > 0 {
			r.warn(requestsMerged, g.first.Where, "of the requests of this method and path, "+strconv.Itoa(g.differ)+" have another query or body than the first: their parameters and fields are put together, and it gives the example")
		}
		b.Add(g.request(r.repeated))
	}
	if len(r.order) == 0 {
		return nil, "", nil, refuse("no entry is a request to an API", "Record again while the page or program talks to the API")
	}
	version = cmp.Or(log.Get("version").Text(), "1.2")
	app = b.App(cmp.Or(opt.Tag, b.Tag()))
	sum := sha256.Sum256(data)
	app.Source = &ductape.Source{Format: "har", Version: version, Location: opt.Location, Digest: hex.EncodeToString(sum[:])}
	return app, version, r.losses.Warnings(), nil
}

func notJSON(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refuse("the JSON ends before it is complete", "The file was cut off: save it again")
	case errors.Is(err, io.EOF):
		return refuse("the text is empty", "Save the network log as HAR again")
	case errors.Is(err, sample.ErrDepth):
		return refuse("the JSON nests deeper than "+strconv.Itoa(sample.MaxDepth)+" levels", "No archive is that deep: check where the file comes from")
	}
	return refuse("the text is not JSON", "Save the network log as HAR from the browser's developer tools")
}

func refuse(message, hint string) error {
	return ductape.NewError(ductape.CodeInvalidInput, "read HAR: "+message).WithHint(hint)
}
