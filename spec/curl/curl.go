// Package curl reads cURL command lines, one or several, into an App with one
// action for each request.
//
// Read is where to start. words.go splits the text the way a shell does,
// option.go knows curl's options. A shell is never run, no file is opened, and
// no credential enters the App.
package curl

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// Options say what the commands do not.
type Options struct {
	Tag      string // tag of the App; empty: the name in the host
	Location string // file the commands were read from
}

// Read returns the App that command lines make. The version is that of the
// format, "1". An error is a *ductape.Error: the text holds no cURL command.
func Read(data []byte, opt Options) (app *ductape.App, version string, warnings []ductape.Warning, err error) {
	seen := map[ductape.Warning]bool{}
	warn := func(code, where, message string) {
		w := ductape.Warning{Code: code, Where: where, Message: message}
		if !seen[w] {
			seen[w] = true
			warnings = append(warnings, w)
		}
	}
	b := &sample.Builder{Warn: warn}
	n := 0
	for i, args := range commands(string(data)) {
		where := sample.Pointer("", i)
		for _, t := range transfers(args, where, warn) {
			for _, r := range t.requests() {
				if b.Add(r) {
					n++
				} else {
					warn(commandFailed, where, "the URL cannot be read: "+strconv.Quote(redact(r.URL)))
				}
			}
			if len(t.urls) == 0 {
				warn(urlMissing, where, "the command names no URL")
			}
		}
	}
	if n == 0 {
		return nil, "", nil, ductape.NewError(ductape.CodeInvalidInput, "read cURL: the text holds no cURL command with a URL").
			WithHint("Paste the whole command, beginning with the word curl")
	}
	app = b.App(cmp.Or(opt.Tag, b.Tag()))
	sum := sha256.Sum256(data)
	app.Source = &ductape.Source{Format: "curl", Version: "1", Location: opt.Location, Digest: hex.EncodeToString(sum[:])}
	return app, "1", warnings, nil
}

// redact cuts a URL that could not be read before anything that may be secret.
func redact(u string) string {
	for i, c := range u {
		if c == '?' || c == '@' || i > 80 {
			return "…"
		}
	}
	return u
}
