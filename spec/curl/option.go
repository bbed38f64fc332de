package curl

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A transfer is what one command asks for, or one part of it before --next.
type transfer struct {
	where   string
	warn    func(code, where, message string)
	urls    []string
	method  string
	headers []sample.Pair
	data    []string // parts of the body, joined by &
	hasData bool
	file    bool // the body, or a part of it, is a file
	json    bool
	get     bool // -G: the data goes into the query
	head    bool
	upload  bool
	form    []sample.Field
	auth    *ductape.Auth
}

var long = map[string]string{ // :: short option -> its long name
	"X": "request", "H": "header", "d": "data", "F": "form", "u": "user", "b": "cookie", "A": "user-agent", "e": "referer",
	"G": "get", "I": "head", "T": "upload-file", "k": "insecure", "L": "location", "o": "output", "O": "remote-name", "s": "silent",
	"S": "show-error", "v": "verbose", "i": "include", "f": "fail", "g": "globoff", "N": "no-buffer", "m": "max-time", "x": "proxy",
	"w": "write-out", "c": "cookie-jar", "E": "cert", "K": "config", "D": "dump-header", "r": "range", "U": "proxy-user", "C": "continue-at",
	":": "next", "0": "http1.0", "1": "tlsv1", "4": "ipv4", "6": "ipv6", "#": "progress-bar", "z": "time-cond", "y": "speed-time", "Y": "speed-limit",
	"Z": "parallel", "n": "netrc", "q": "disable", "j": "junk-session-cookies", "J": "remote-header-name", "R": "remote-time",
	"a": "append", "t": "telnet-option", "P": "ftp-port", "Q": "quote", "h": "help", "V": "version", "p": "proxytunnel", "l": "list-only", "M": "manual",
}

// taking are the options that take a value, besides those that set handles.
var taking = []string{
	"output", "max-time", "proxy", "write-out", "cookie-jar", "cert", "config", "dump-header", "range", "proxy-user", "continue-at",
	"time-cond", "speed-time", "speed-limit", "telnet-option", "ftp-port", "quote", "connect-timeout", "retry", "retry-delay", "retry-max-time", "key",
	"cacert", "capath", "cert-type", "key-type", "pass", "ciphers", "resolve", "connect-to", "interface", "limit-rate", "max-filesize", "max-redirs",
	"noproxy", "socks5", "socks4", "socks5-hostname", "unix-socket", "dns-servers", "tls-max", "proto", "proto-redir", "proto-default", "trace",
	"trace-ascii", "stderr", "etag-save", "etag-compare", "keepalive-time", "local-port", "netrc-file", "output-dir", "create-file-mode", "expect100-timeout",
	"rate", "variable", "url-query", "request-target", "hostpubmd5", "pinnedpubkey", "service-name", "delegation", "curves", "alt-svc", "hsts", "doh-url",
}

// harmless are the options that say how to show or wait, not what to send.
var harmless = []string{
	"location", "output", "remote-name", "silent", "show-error", "verbose", "include", "fail", "fail-with-body", "globoff", "no-buffer",
	"compressed", "progress-bar", "no-progress-meter", "write-out", "dump-header", "remote-header-name", "remote-time", "http1.1", "http1.0", "http2",
	"http2-prior-knowledge", "http3", "ipv4", "ipv6", "trace", "trace-ascii", "stderr", "max-time", "connect-timeout", "parallel", "basic", "location-trusted", "anyauth", "tlsv1", "tlsv1.2", "tlsv1.3", "no-keepalive", "keepalive-time", "styled-output", "max-redirs", "output-dir", "create-dirs", "disable", "tr-encoding", "path-as-is",
}

// transfers reads the words of one command.
func transfers(args []string, where string, warn func(code, where, message string)) []*transfer {
	t := &transfer{where: where, warn: warn}
	all := []*transfer{t}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		value := func() string {
			if i+1 < len(args) {
				i++
				return args[i]
			}
			return ""
		}
		switch {
		case arg == "--next" || arg == "-:":
			t = &transfer{where: where, warn: warn}
			all = append(all, t)
		case strings.HasPrefix(arg, "--") && len(arg) > 2:
			name, v, has := strings.Cut(arg[2:], "=")
			if has {
				value = func() string { return v }
			}
			t.option(name, value)
		case len(arg) > 1 && arg[0] == '-':
			t.cluster(arg[1:], value)
		case arg == ">" || arg == "2>" || arg == "<":
			value()
		case arg == "-" || strings.HasPrefix(arg, "2>") || strings.HasPrefix(arg, ">"):
		default:
			t.urls = append(t.urls, arg)
		}
	}
	return all
}

// cluster reads short options written together: -sSLd value, -XPOST.
func (t *transfer) cluster(s string, next func() string) {
	for s != "" {
		name := long[s[:1]]
		s = s[1:]
		if name == "" {
			continue
		}
		rest := s
		taken := t.option(name, func() string {
			if rest == "" {
				return next()
			}
			return strings.TrimPrefix(rest, "=")
		})
		if taken {
			return
		}
	}
}

// option applies one option and reports whether it took a value.
func (t *transfer) option(name string, value func() string) (took bool) {
	if set, ok := setters[name]; ok {
		set(t, value())
		return true
	}
	if set, ok := flags[name]; ok {
		set(t)
		return false
	}
	if took = slices.Contains(taking, name); took {
		value()
	}
	if !slices.Contains(harmless, name) {
		t.warn(optionIgnored, t.where, "not carried over: --"+strings.Map(printable, name))
	}
	return took
}

func printable(r rune) rune {
	if r <= ' ' || r > '~' {
		return -1
	}
	return r
}

var flags = map[string]func(t *transfer){
	"get":    func(t *transfer) { t.get = true },
	"head":   func(t *transfer) { t.head = true },
	"digest": func(t *transfer) { t.authType(ductape.AuthDigest) },
	"ntlm":   func(t *transfer) { t.authType(ductape.AuthNTLM) },
}

var setters = map[string]func(t *transfer, v string){
	"url":        func(t *transfer, v string) { t.urls = append(t.urls, v) },
	"request":    func(t *transfer, v string) { t.method = v },
	"header":     (*transfer).header,
	"user-agent": func(t *transfer, v string) { t.headers = append(t.headers, sample.Pair{Name: "User-Agent", Value: v}) },
	"referer": func(t *transfer, v string) {
		t.headers = append(t.headers, sample.Pair{Name: "Referer", Value: strings.TrimSuffix(v, ";auto")})
	},
	"cookie":         (*transfer).cookie,
	"user":           func(t *transfer, v string) { t.authType(ductape.AuthBasic) },
	"oauth2-bearer":  func(t *transfer, v string) { t.authType(ductape.AuthBearer) },
	"aws-sigv4":      func(t *transfer, v string) { t.authType(ductape.AuthAWS) },
	"data":           (*transfer).addData,
	"data-ascii":     (*transfer).addData,
	"data-binary":    (*transfer).addData,
	"data-raw":       (*transfer).add,
	"data-urlencode": (*transfer).addEncoded,
	"json":           func(t *transfer, v string) { t.json = true; t.addData(v) },
	"form":           (*transfer).addForm,
	"form-string": func(t *transfer, v string) {
		k, val, _ := strings.Cut(v, "=")
		t.form = append(t.form, sample.Field{Name: k, Value: val})
	},
	"upload-file": func(t *transfer, v string) { t.upload = true; t.fromFile() },
}

// authType notes how the user and password go out; basic says least.
func (t *transfer) authType(kind ductape.AuthType) {
	if t.auth == nil || kind != ductape.AuthBasic {
		t.auth = &ductape.Auth{Type: kind}
	}
}

func (t *transfer) header(v string) {
	name, value, ok := strings.Cut(v, ":")
	if !ok {
		name, _, ok = strings.Cut(v, ";") // "X-Empty;" sends an empty header
	}
	if !ok || strings.HasPrefix(v, "@") {
		t.warn(optionIgnored, t.where, "a header that is no Name: value")
		return
	}
	if value = strings.TrimSpace(value); value != "" || strings.HasSuffix(v, ";") {
		t.headers = append(t.headers, sample.Pair{Name: strings.TrimSpace(name), Value: value})
	}
}

func (t *transfer) cookie(v string) {
	if !strings.Contains(v, "=") {
		t.fromFile()
		return
	}
	t.headers = append(t.headers, sample.Pair{Name: "Cookie", Value: v})
}

func (t *transfer) fromFile() {
	t.warn(fileIgnored, t.where, "the content of a file is given by the caller")
}

func (t *transfer) add(v string) { t.data, t.hasData = append(t.data, v), true }

func (t *transfer) addData(v string) {
	if strings.HasPrefix(v, "@") {
		t.file, t.hasData = true, true
		t.fromFile()
		return
	}
	t.add(v)
}

// addEncoded reads the forms of --data-urlencode: content, =content,
// name=content, @file, name@file.
func (t *transfer) addEncoded(v string) {
	i := strings.IndexAny(v, "=@")
	switch {
	case i < 0:
		t.add(url.QueryEscape(v))
	case v[i] == '@':
		t.fromFile()
		if t.hasData = true; i > 0 {
			t.add(v[:i] + "=")
		} else {
			t.file = true
		}
	case i == 0:
		t.add(url.QueryEscape(v[1:]))
	default:
		t.add(v[:i+1] + url.QueryEscape(v[i+1:]))
	}
}

// addForm reads name=content;type=…, name=@file, name=<file.
func (t *transfer) addForm(v string) {
	name, content, _ := strings.Cut(v, "=")
	f := sample.Field{Name: name, Value: content}
	if i := strings.Index(content, ";type="); i >= 0 {
		f.ContentType, _, _ = strings.Cut(content[i+len(";type="):], ";")
		f.Value = content[:i]
	}
	if i := strings.Index(f.Value, ";filename="); i >= 0 {
		f.Value = f.Value[:i]
	}
	switch {
	case strings.HasPrefix(f.Value, "@"):
		f.File, f.Value = true, ""
	case strings.HasPrefix(f.Value, "<"):
		f.Value = ""
		t.fromFile()
	default:
		f.Value = strings.Trim(f.Value, `"`)
	}
	t.form = append(t.form, f)
}

// requests makes one request for each URL.
func (t *transfer) requests() []sample.Request {
	var out []sample.Request
	for _, u := range t.urls {
		if t.get && len(t.data) > 0 {
			sep := "?"
			if strings.Contains(u, "?") {
				sep = "&"
			}
			u += sep + strings.Join(t.data, "&")
		}
		r := sample.Request{Where: t.where, Method: t.verb(), URL: u, Headers: t.headers, Auth: t.auth, Body: t.body()}
		if t.json {
			r.Headers = append(slices.Clip(r.Headers), sample.Pair{Name: "Content-Type", Value: "application/json"}, sample.Pair{Name: "Accept", Value: "application/json"})
		}
		out = append(out, r)
	}
	return out
}

func (t *transfer) verb() string {
	m := strings.ToUpper(strings.Map(printable, t.method))
	switch {
	case m != "":
		return m
	case t.head:
		return "HEAD"
	case t.upload:
		return "PUT"
	case (t.hasData || len(t.form) > 0) && !t.get:
		return "POST"
	}
	return "GET"
}

func (t *transfer) body() *sample.Body {
	switch {
	case len(t.form) > 0:
		return &sample.Body{Type: "multipart/form-data", Form: t.form, IsForm: true}
	case t.upload:
		return &sample.Body{Binary: true}
	case !t.hasData || t.get:
		return nil
	}
	b := &sample.Body{Type: "application/x-www-form-urlencoded", Text: strings.Join(t.data, "&"), Binary: t.file && len(t.data) == 0}
	if s := strings.TrimSpace(b.Text); strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
		b.Type = "" // curl would call it a form, but the API reads JSON
	}
	return b
}
