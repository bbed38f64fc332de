// Package curl reads cURL command lines, one or several, into an App with one
// action for each request.
//
// Read is where to start. words.go splits the text the way a shell does,
// option.go knows curl's options, request.go makes the request. What is not
// carried over is a warning, whatever it is. A shell is never run, no file is opened, and
// no credential enters the App.
package curl

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/losses"
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
	var lost losses.List
	in := reading{b: &sample.Builder{Warn: lost.Add}, warn: lost.Add}
	i := 0
	for _, c := range newSplitter(string(data)).commands() {
		if in.command(c, sample.Pointer("", i)) {
			i++
		}
	}
	if in.n == 0 {
		return nil, "", nil, in.nothing(lost.Warnings())
	}
	app = in.b.App(cmp.Or(opt.Tag, in.tag()))
	withoutShell(app)
	sum := sha256.Sum256(data)
	app.Source = &ductape.Source{Format: "curl", Version: "1", Location: opt.Location, Digest: hex.EncodeToString(sum[:])}
	return app, "1", lost.Warnings(), nil
}

// A reading is what is known while commands are read.
type reading struct {
	b    *sample.Builder
	warn func(code, where, message string)
	n    int // requests
}

// command reads one command, and reports whether it counts.
func (in *reading) command(c command, where string) bool {
	c.unprefixed()
	switch {
	case c.isCurl():
		in.curl(&c, where)
	case c.piped && c.cut == "" || len(c.words) == 0 || c.closes():
		return false // it only reads what a command writes
	default:
		in.warn(commandIgnored, where, "only curl is read, not "+c.name())
	}
	return true
}

func (in *reading) curl(c *command, where string) {
	if c.cut != "" {
		in.warn(commandCutOff, where, c.cut+"; what follows may be missing")
	}
	for _, name := range c.set {
		in.warn(shellExpansion, where, "the variable "+name+" that is set for the command is not carried over")
	}
	if c.isPowerShell() {
		in.warn(commandFailed, where, "these are the parameters of PowerShell's Invoke-WebRequest, not curl's")
		return
	}
	for _, t := range transfers(c, where, in.warn) {
		for _, r := range t.requests() {
			if in.b.Add(r) {
				in.n++
			} else {
				in.warn(commandFailed, where, "the URL cannot be read: "+strconv.Quote(redact(r.URL)))
			}
		}
		if len(t.urls) == 0 {
			in.warn(urlMissing, where, "the command names no URL")
		}
	}
}

// tag names the App after its host, if there is one.
func (in *reading) tag() string {
	tag := in.b.Tag()
	if strings.ContainsAny(tag, "$%") {
		return "app"
	}
	return tag
}

// nothing says why the text gave no request.
func (in *reading) nothing(warnings []ductape.Warning) *ductape.Error {
	e := ductape.NewError(ductape.CodeInvalidInput, "read cURL: the text holds no cURL command with a URL").
		WithHint("Paste the whole command, beginning with the word curl")
	for _, w := range warnings {
		e.Problems = append(e.Problems, ductape.Problem{Where: w.Where, Message: w.Message})
		if w.Code == commandCutOff {
			e.Hint = "Close the quote, and paste the whole command"
		}
	}
	return e
}

// redact shows no more of a URL that could not be read than where it leads: what
// comes behind may be secret.
func redact(u string) string {
	base, rest := cutBase(u)
	if i := strings.IndexAny(base, " \t\r\n"); i >= 0 {
		base, rest = base[:i], "/"
	}
	if strings.Contains(base, "@") || len(base) > 80 || sample.IsToken(base) {
		return "…"
	}
	if rest != "" {
		base += "/…"
	}
	return base
}
