package run

import (
	"mime"
	"strings"
)

// mediaType splits a Content-Type. Most have no parameters and are in small
// letters, and need no parsing; one that cannot be parsed is taken whole.
func mediaType(text string) (media string, params map[string]string) {
	if strings.Trim(text, plainMedia) == "" {
		return text, nil
	}
	media, params, err := mime.ParseMediaType(text)
	if err != nil {
		return strings.ToLower(text), nil
	}
	return media, params
}

const plainMedia = "abcdefghijklmnopqrstuvwxyz0123456789/.+-"
