// Package postman reads Postman collections, 2.1 and 2.0, into an App.
//
// Read is where to start. It keeps every request as an action, in the order of
// the collection, and lists what it could not carry over.
//
// The rules:
//   - What Postman would not send is not there: disabled entries, disabled
//     bodies. What a script would do is reported, never run.
//   - A collection variable with a value becomes a Variable of the App, and the
//     text that uses it a reference. One without a value becomes input.
//   - Enabled headers are sent unless the caller says otherwise (Default);
//     query parameters and bodies are examples.
//   - A Content-Type is the body's type, or a header where there is no body.
//   - No credential's value enters the App, nor that of a variable made of one.
package postman

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/naming"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// Options say what the collection does not.
type Options struct {
	Tag      string // tag of the App; empty: the collection's name
	Location string // file name or URL the collection was read from
}

// Read returns the App that a collection describes and the version of its
// format ("2.1.0"). An error is a *ductape.Error: the text is no collection of
// a version that can be read.
func Read(data []byte, opt Options) (app *ductape.App, version string, warnings []ductape.Warning, err error) {
	doc, rest, err := sample.ParseFirst(data)
	if err != nil {
		return nil, "", nil, notJSON(data, err)
	}
	base := ""
	if c := doc.Get("collection"); c.Kind == sample.Object && !doc.Has("item") {
		doc, base = c, "/collection"
	}
	version, err = versionOf(doc)
	if err != nil {
		return nil, version, nil, err
	}
	r := newReader(doc, appTag(doc, opt))
	if len(rest) > 0 {
		r.warn(trailingText, "", "text after the collection is ignored")
	}
	if v := unknownVersion(doc); v != "" {
		r.warn(versionUnknown, base+"/info/schema", "version "+quoted(v)+" of the format is not known; it is read as "+version)
	}
	r.read(doc, base)
	if len(r.app.Actions) == 0 {
		r.warn(operationsMissing, base, "the collection has no requests; there is nothing to call")
	}
	sum := sha256.Sum256(data)
	r.app.Source = &ductape.Source{Format: "postman", Version: version, Location: opt.Location, Digest: hex.EncodeToString(sum[:])}
	return r.app, version, r.losses.Warnings(), nil
}

func notJSON(data []byte, err error) error {
	e := ductape.NewError(ductape.CodeInvalidInput, "read collection: the text is not JSON")
	e.Cause = err
	switch {
	case len(strings.TrimSpace(strings.TrimPrefix(string(data[:min(len(data), 512)]), "\xef\xbb\xbf"))) == 0 && len(data) <= 512, errors.Is(err, io.EOF):
		e.Message = "read collection: the text is empty"
		return e.WithHint("Export the collection again, as Collection v2.1")
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Message = "read collection: the JSON ends before it is complete"
		return e.WithHint("The file was cut off: download or export it again")
	case errors.Is(err, sample.ErrDepth):
		e.Message = "read collection: the JSON nests deeper than 512 levels"
		return e.WithHint("No collection is that deep: check where the file comes from")
	}
	return e.WithHint("Export the collection from Postman as Collection v2.1 (JSON)")
}

// versionOf tells the version of a collection by its schema, else its shape.
func versionOf(doc sample.Value) (string, error) {
	schema := doc.Get("info").Get("schema").Text()
	switch {
	case doc.Kind != sample.Object:
		return "", refuse("a collection is a JSON object", "Export the collection from Postman as Collection v2.1")
	case strings.Contains(schema, "/v1."), doc.Has("requests") && !doc.Has("item"), doc.Has("collections") && !doc.Has("item"):
		return "1.0.0", refuse("collections of format 1.0 cannot be read", "Import the file in Postman and export it as Collection v2.1, or use: npx postman-collection-transformer convert -i FILE -o OUT -j 1.0.0 -p 2.1.0")
	case doc.Has("values") && !doc.Has("item"):
		return "", refuse("this is a Postman environment, not a collection", "Import the collection; set the environment's values as variables of the connection")
	case !doc.Has("item") && !doc.Has("items") && !(doc.Has("info") && strings.Contains(schema, "collection")):
		return "", refuse("no collection: it has no item list", "Export the collection from Postman as Collection v2.1")
	case strings.Contains(schema, "/v2.0."):
		return "2.0.0", nil
	}
	return "2.1.0", nil
}

var schemaVersion = regexp.MustCompile(`/v([0-9][0-9A-Za-z.-]*)`)

// unknownVersion returns the version that a collection's schema names, where it
// is none that is known.
func unknownVersion(doc sample.Value) string {
	m := schemaVersion.FindStringSubmatch(doc.Get("info").Get("schema").Text())
	if m == nil || m[1] == "2.0.0" || m[1] == "2.1.0" {
		return ""
	}
	return m[1]
}

func refuse(message, hint string) error {
	return ductape.NewError(ductape.CodeInvalidInput, "read collection: "+message).WithHint(hint)
}

// appTag is the tag asked for, else the collection's name, else the file's.
func appTag(doc sample.Value, opt Options) string {
	file := strings.TrimSuffix(path.Base(opt.Location), path.Ext(opt.Location))
	title := cmp.Or(strings.TrimSpace(doc.Get("info").Get("name").Text()), file)
	return cmp.Or(opt.Tag, naming.Tag(title))
}
