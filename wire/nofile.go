package wire

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ductape-go/ductape"
)

// NoFile says why an object that stands where a file must is none: the file it
// names did not come with the call, or it is no file's object at all.
func NoFile(v jsontext.Value, files map[string]ductape.File) error {
	for c := enter(v); ; {
		key, _, ok := c.next()
		if !ok {
			return fail("must be a file", `give it as {"filename", "base64"}, {"text"} or {"file"}, which names a file that comes with the call`)
		}
		switch string(text(key, nil)) {
		case "path":
			return fail("is a path, which nothing here reads", `send the file with the call and name it as {"file": key}, or give its bytes as {"filename", "base64"}`)
		case "file":
			return fail("names no file that came with the call", namesOf(files))
		}
	}
}

// maxNamed bounds the files that a hint names.
const maxNamed = 20

// namesOf is a hint with the keys of the files there are.
func namesOf(files map[string]ductape.File) string {
	if len(files) == 0 {
		return "none came"
	}
	keys := slices.Sorted(maps.Keys(files))
	more := ""
	if len(keys) > maxNamed {
		keys, more = keys[:maxNamed], ", …"
	}
	return "there are " + strings.Join(keys, ", ") + more
}
