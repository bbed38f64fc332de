package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// putBody puts a body under a name: as it came where it is JSON, else its text.
// Bytes that are no text stand in base64 under name_base64, and name is null.
func putBody(out map[string]any, name string, b []byte, contentType string) {
	text, ok := textOf(b, contentType)
	bare := bytes.TrimPrefix(text, []byte("\uFEFF"))
	switch {
	case !ok:
		out[name], out[name+"_base64"] = nil, base64.StdEncoding.EncodeToString(b)
	case json.Valid(bare):
		out[name] = json.RawMessage(bare)
	default:
		out[name] = string(text)
	}
}

// textOf is a body's text in UTF-8, read in the charset that its Content-Type
// names where it is not UTF-8 already.
func textOf(b []byte, contentType string) ([]byte, bool) {
	if isText(b) {
		return b, true
	}
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] == "" {
		return nil, false
	}
	encoding, _ := charset.Lookup(params["charset"])
	if encoding == nil {
		return nil, false
	}
	text, err := encoding.NewDecoder().Bytes(b)
	return text, err == nil && isText(text) && !bytes.ContainsRune(text, utf8.RuneError)
}

func isText(b []byte) bool { return utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 }
