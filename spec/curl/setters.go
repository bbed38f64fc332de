package curl

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

var flags map[string]func(t *transfer)

var setters map[string]func(t *transfer, w word)

func init() { // they ask isOption, which asks them
	flags = map[string]func(t *transfer){
		"get":       func(t *transfer) { t.get = true },
		"head":      func(t *transfer) { t.head = true },
		"digest":    func(t *transfer) { t.authType(ductape.AuthDigest) },
		"ntlm":      func(t *transfer) { t.authType(ductape.AuthNTLM) },
		"globoff":   func(t *transfer) { t.noGlob = true },
		"negotiate": func(t *transfer) { t.ignored("--negotiate: Kerberos and SPNEGO have no auth here") },
	}
	setters = map[string]func(t *transfer, w word){
		"url":            func(t *transfer, w word) { t.urls = append(t.urls, w) },
		"url-query":      (*transfer).urlQuery,
		"request":        func(t *transfer, w word) { t.method = w.text },
		"header":         (*transfer).header,
		"user-agent":     func(t *transfer, w word) { t.addHeader("User-Agent", w.text) },
		"referer":        func(t *transfer, w word) { t.addHeader("Referer", strings.TrimSuffix(w.text, ";auto")) },
		"range":          func(t *transfer, w word) { t.addHeader("Range", "bytes="+rangeOf(w.text)) },
		"cookie":         (*transfer).cookie,
		"user":           func(t *transfer, w word) { t.authType(ductape.AuthBasic) },
		"oauth2-bearer":  func(t *transfer, w word) { t.authType(ductape.AuthBearer) },
		"aws-sigv4":      func(t *transfer, w word) { t.authType(ductape.AuthAWS) },
		"data":           func(t *transfer, w word) { t.addData(w.text, true) },
		"data-ascii":     func(t *transfer, w word) { t.addData(w.text, true) },
		"data-binary":    func(t *transfer, w word) { t.addData(w.text, false) },
		"data-raw":       func(t *transfer, w word) { t.add(w.text) },
		"data-urlencode": func(t *transfer, w word) { t.add(t.encoded(w.text)) },
		"json":           func(t *transfer, w word) { t.json = true; t.addData(w.text, false) },
		"form":           func(t *transfer, w word) { t.addForm(w.text) },
		"form-string":    (*transfer).addFormString,
		"upload-file":    func(t *transfer, w word) { t.upload, t.filename = true, w.text; t.fromFile() },
	}
}

// rangeOf ends a range that is a number alone with a dash, as curl does.
func rangeOf(text string) string {
	if strings.Trim(text, "0123456789") == "" {
		text += "-"
	}
	return text
}

// authType notes how the user and password go out; basic says least.
func (t *transfer) authType(kind ductape.AuthType) {
	if t.auth == nil || kind != ductape.AuthBasic {
		t.auth = &ductape.Auth{Type: kind}
	}
}

// connection are headers that the connection sets by itself (RFC 9110, 7.6.1).
var connection = words("connection content-length host keep-alive proxy-connection te trailer transfer-encoding upgrade accept-encoding expect")

func (t *transfer) header(w word) {
	name, value, ok := strings.Cut(w.text, ":")
	empty := false
	if !ok {
		name, _, ok = strings.Cut(w.text, ";") // "X-Empty;" sends an empty header
		empty = ok
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(w.text, "@"):
		t.fromFile()
	case !ok, name == "":
		t.warn(optionIncomplete, t.where, "a header that is no Name: value was left out")
	case connection[strings.ToLower(name)]:
		if value != "" {
			t.warn(headerIgnored, t.where, "the header "+strings.Map(printable, name)+" is set by the connection")
		}
	case value == "" && !empty:
		t.ignored("leaving out the header " + name)
	case len(w.shell) > 0 && !sample.IsCredential(name):
		t.noteExpansions("the header "+strings.Map(printable, name), w)
		t.addHeader(name, "")
		t.unknown = append(t.unknown, name)
	default:
		t.addHeader(name, value)
	}
}

func (t *transfer) addHeader(name, value string) {
	if !strings.EqualFold(name, "Cookie") && t.hasHeader(name) {
		t.warn(duplicateHeader, t.where, "the header "+strings.Map(printable, name)+" is given several times")
		return
	}
	t.headers = append(t.headers, sample.Pair{Name: name, Value: value})
}

func (t *transfer) hasHeader(name string) bool {
	return slices.ContainsFunc(t.headers, func(h sample.Pair) bool { return strings.EqualFold(h.Name, name) })
}

func (t *transfer) cookie(w word) {
	if !strings.Contains(w.text, "=") && len(w.shell) == 0 {
		t.fromFile()
		return
	}
	t.addHeader("Cookie", w.text)
}

func (t *transfer) fromFile() {
	t.warn(fileIgnored, t.where, "the content of a file is given by the caller")
}

func (t *transfer) add(text string) { t.data, t.hasData = append(t.data, text), true }

// addData adds a part of the body. "@-" is what the command reads, where the
// text holds that; lines says that its ends of lines go.
func (t *transfer) addData(text string, lines bool) {
	switch {
	case text == "@-" && t.command.hasStdin && lines:
		t.add(strings.NewReplacer("\r", "", "\n", "").Replace(t.command.stdin))
	case text == "@-" && t.command.hasStdin:
		t.add(t.command.stdin)
	case strings.HasPrefix(text, "@"):
		t.file, t.hasData = true, true
		t.fromFile()
	default:
		t.add(text)
	}
}

// encoded reads the forms of --data-urlencode: content, =content, name=content,
// @file, name@file.
func (t *transfer) encoded(text string) string {
	i := strings.IndexAny(text, "=@")
	switch {
	case i < 0:
		return url.QueryEscape(text)
	case text[i] == '@':
		t.fromFile()
		if i == 0 {
			t.file = true
			return ""
		}
		return text[:i] + "="
	case i == 0:
		return url.QueryEscape(text[1:])
	}
	return text[:i+1] + url.QueryEscape(text[i+1:])
}

// urlQuery reads --url-query, which is --data-urlencode for the address; what
// begins with + goes as it is.
func (t *transfer) urlQuery(w word) {
	if rest, ok := strings.CutPrefix(w.text, "+"); ok {
		t.query = append(t.query, rest)
		return
	}
	t.query = append(t.query, t.encoded(w.text))
}
