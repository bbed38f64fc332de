package har

import (
	"net/url"
	"slices"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/spec/internal/losses"
	"github.com/ductape-go/ductape/spec/postman/sample"
)

// A reader is one reading of one archive.
type reader struct {
	groups     map[string]*group // :: method, host and path template -> its entries
	order      []*group
	headers    map[sample.Pair]int // how often a header came with that value
	assets     int
	preflights int
	browser    []string // headers of the browser's own, each once
	losses     losses.List
}

// A group is what entries of one method and path template have in common.
type group struct {
	first     sample.Request
	sent      int    // entries
	rawQuery  string // of the first
	differ    int    // entries whose query or body is not that of the first
	base      string
	query     []sample.Pair
	queries   map[string]bool // names in query
	headers   map[string]bool // lower-case names in first.Headers
	responses []ductape.Response
}

func (r *reader) warn(code, where, message string) {
	r.losses.Add(code, where, message)
}

// repeated reports whether a header came with the same value more than once: it
// says something of the API rather than of one request.
func (r *reader) repeated(name, value string) bool {
	return strings.EqualFold(name, "Accept") || r.headers[sample.Pair{Name: strings.ToLower(name), Value: value}] > 1
}

func (r *reader) entry(e sample.Value, at string) {
	req, res := e.Get("request"), e.Get("response")
	u, err := url.Parse(req.Get("url").Text())
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		r.warn(entryUnread, at, "no http URL")
		return
	}
	method := strings.ToUpper(req.Get("method").Text())
	if method == "" || strings.ContainsFunc(method, func(c rune) bool { return (c < 'A' || c > 'Z') && c != '-' }) {
		r.warn(entryUnread, at, "no usable method")
		return
	}
	headers := pairs(req.Get("headers"))
	switch {
	case method == "OPTIONS" && slices.ContainsFunc(headers, func(h sample.Pair) bool { return strings.EqualFold(h.Name, "Access-Control-Request-Method") }):
		r.preflights++
		return
	case isAsset(e, u.Path):
		r.assets++
		return
	}
	template, params, secret := templateOf(u.EscapedPath())
	base := u.Scheme + "://" + u.Host
	key := method + " " + base + shape(template)
	g := r.groups[key]
	if g == nil {
		if u.User != nil { // keep that there was one, not who
			u.User = url.UserPassword("user", "password")
			base = u.Scheme + "://user:password@" + u.Host
		}
		g = &group{
			base: base, queries: map[string]bool{}, headers: map[string]bool{},
			first: sample.Request{Where: at, Method: method, Template: template, Params: params},
		}
		if secret {
			r.warn(secretDropped, at, "a part of the path looks like a secret and is not kept")
		}
		r.groups[key] = g
		r.order = append(r.order, g)
	}
	u.RawQuery = withQueryString(u.RawQuery, pairs(req.Get("queryString")))
	g.addQuery(u.RawQuery)
	other := g.sent > 0 && u.RawQuery != g.rawQuery
	if g.sent++; g.sent == 1 {
		g.rawQuery = u.RawQuery
	}
	for _, h := range headers {
		r.headers[sample.Pair{Name: strings.ToLower(h.Name), Value: h.Value}]++
	}
	r.addHeaders(g, headers, len(req.Get("cookies").Items) > 0)
	if g.addBody(r.body(req.Get("postData"), at)) || other {
		g.differ++
	}
	g.addResponse(res)
}

func pairs(v sample.Value) []sample.Pair {
	var out []sample.Pair
	for _, x := range v.Items {
		if name := x.Get("name").Text(); name != "" {
			out = append(out, sample.Pair{Name: name, Value: x.Get("value").Text()})
		}
	}
	return out
}

// withQueryString adds the parameters that stand in the list alone, as programs
// write one, to the query of the URL (HAR 1.2, queryString).
func withQueryString(raw string, list []sample.Pair) string {
	inURL := map[string]bool{}
	for pair := range strings.SplitSeq(raw, "&") {
		name, _, _ := strings.Cut(pair, "=")
		inURL[name], inURL[unescaped(name)] = true, true
	}
	for _, p := range list {
		if inURL[p.Name] || inURL[unescaped(p.Name)] {
			continue
		}
		if raw != "" {
			raw += "&"
		}
		raw += url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
	}
	return raw
}

func unescaped(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// addQuery adds the parameters whose names are new.
func (g *group) addQuery(raw string) {
	fresh := map[string]bool{}
	for pair := range strings.SplitSeq(raw, "&") {
		k, v, _ := strings.Cut(pair, "=")
		if k == "" || g.queries[k] && !fresh[k] {
			continue
		}
		g.queries[k], fresh[k] = true, true
		g.query = append(g.query, sample.Pair{Name: k, Value: v})
	}
}

// noise are headers that a browser adds of its own.
var noise = []string{
	"user-agent", "accept-language", "accept-encoding", "referer", "origin", "priority", "dnt", "cache-control", "pragma",
	"upgrade-insecure-requests", "connection", "if-none-match", "if-modified-since", "te", "save-data", "x-client-data", "content-length", "host", "range",
}

// maxNames bounds how many headers a warning names.
const maxNames = 100

func (r *reader) addHeaders(g *group, headers []sample.Pair, cookies bool) {
	if cookies {
		headers = append(slices.Clip(headers), sample.Pair{Name: "Cookie", Value: "recorded"})
	}
	for _, h := range headers {
		lower := strings.ToLower(h.Name)
		if strings.HasPrefix(lower, "sec-") || slices.Contains(noise, lower) {
			if !slices.Contains(r.browser, lower) && len(r.browser) < maxNames {
				r.browser = append(r.browser, lower)
			}
			continue
		}
		if g.headers[lower] || lower[0] == ':' {
			continue
		}
		g.headers[lower] = true
		g.first.Headers = append(g.first.Headers, h)
	}
}

func (g *group) addResponse(v sample.Value) {
	status := v.Get("status").Text()
	if len(status) != 3 || status[0] < '1' || status[0] > '5' {
		return
	}
	i := slices.IndexFunc(g.responses, func(r ductape.Response) bool { return r.Status == status })
	if i < 0 {
		i = len(g.responses)
		g.responses = append(g.responses, ductape.Response{Status: status, Description: v.Get("statusText").Text()})
	}
	media := mediaOf(v)
	if media != "" && media != "x-unknown" && !slices.Contains(g.responses[i].Types, media) {
		g.responses[i].Types = append(g.responses[i].Types, media)
	}
}

func mediaOf(response sample.Value) string {
	media, _, _ := strings.Cut(response.Get("content").Get("mimeType").Text(), ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// request returns the group as one request.
func (g *group) request(defaults func(header, value string) bool) sample.Request {
	r := g.first
	r.Defaults, r.Responses = defaults, g.responses
	pairs := make([]string, len(g.query))
	for i, q := range g.query {
		pairs[i] = q.Name + "=" + q.Value
	}
	r.URL = g.base + "/?" + strings.Join(pairs, "&")
	return r
}

// isAsset tells what a page loads to show itself.
func isAsset(e sample.Value, path string) bool {
	if slices.Contains([]string{"image", "stylesheet", "script", "font", "media", "manifest"}, e.Get("_resourceType").Text()) {
		return true
	}
	media := mediaOf(e.Get("response"))
	for _, prefix := range []string{"image/", "font/", "audio/", "video/", "text/css", "text/javascript", "application/javascript", "application/x-javascript", "application/font", "application/x-font", "application/wasm", "application/vnd.ms-fontobject"} {
		if strings.HasPrefix(media, prefix) {
			return true
		}
	}
	dot := strings.LastIndexByte(path, '.')
	return dot >= 0 && media == "" && slices.Contains([]string{"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "mjs", "woff", "woff2", "ttf", "otf", "map", "mp4"}, strings.ToLower(path[dot+1:]))
}
