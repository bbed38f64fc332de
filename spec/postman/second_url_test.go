package postman_test

import (
	"encoding/json"
	"net/url"
	"strings"
)

// An s2url is a URL in parts. A text is cut into them.
type s2url struct {
	protocol, host, port, user string
	path                       []string
	query                      []s2entry
	variable                   []s2entry
	wasText                    bool
}

func (u *s2url) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		var text s2text
		u.wasText = true
		if err := json.Unmarshal(b, &text); err != nil {
			return err
		}
		u.cut(string(text))
		return nil
	}
	var o struct {
		Raw, Protocol, Port s2text
		Host, Path          s2texts
		Query, Variable     s2entries
		Auth                struct{ User s2text }
	}
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	if o.Host == nil && o.Path == nil {
		u.cut(string(o.Raw))
	} else {
		u.host, u.path, u.port = strings.Join(o.Host, "."), o.Path, string(o.Port)
		u.protocol, u.user = strings.TrimRight(string(o.Protocol), ":/"), string(o.Auth.User)
	}
	if o.Query.list != nil || o.Query.text != "" {
		u.query = append(o.Query.list, s2pairs(o.Query.text)...)
	}
	u.variable = o.Variable.list
	if len(u.path) > 1 && u.path[0] == "" { // the text had two slashes
		u.path = u.path[1:]
	}
	return nil
}

// s2texts is a list of texts or {value}, or one text with slashes.
type s2texts []string

func (l *s2texts) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		var one s2text
		err := json.Unmarshal(b, &one)
		if one != "" {
			*l = strings.Split(strings.TrimPrefix(string(one), "/"), "/")
		}
		return err
	}
	var all []json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	*l = s2texts{}
	for _, raw := range all {
		one, o := s2text(""), s2entry{}
		if raw[0] == '{' {
			_ = json.Unmarshal(raw, &o)
			one = o.Value
		} else if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		*l = append(*l, string(one))
	}
	return nil
}

// cut takes the text of a URL apart: [scheme://][user:password@]host[:port][/path][?query][#fragment].
func (u *s2url) cut(text string) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "#")
	text, query, _ := strings.Cut(text, "?")
	u.query = s2pairs(query)
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		u.protocol, text = scheme, rest
	}
	host, path, hasPath := strings.Cut(text, "/")
	if user, h, ok := strings.Cut(host, "@"); ok {
		u.user, host = user, h
	}
	u.host, u.port, _ = strings.Cut(host, ":")
	if hasPath {
		u.path = strings.Split(path, "/")
	}
}

func s2pairs(query string) []s2entry {
	var out []s2entry
	for pair := range strings.SplitSeq(query, "&") {
		if pair != "" {
			k, v, _ := strings.Cut(pair, "=")
			out = append(out, s2entry{Key: s2text(k), Value: s2text(v)})
		}
	}
	return out
}

// s2unescape undoes %XX, which a run writes again.
func s2unescape(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
