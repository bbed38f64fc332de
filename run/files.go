package run

import (
	"fmt"
	"maps"
	"slices"
)

// unsentFiles reports the files that came with the call and do not go out: nothing
// names them, or the body is of a media type that holds none. Media is empty where
// there is no body.
func (b *builder) unsentFiles(media string, body *payload) {
	for _, key := range slices.Sorted(maps.Keys(b.run.call.Files)) {
		switch {
		case body != nil && slices.Contains(body.files, key):
		case b.full():
			b.more++
		case media == "":
			b.problem("files."+key, "came with the call and is not sent: there is no body")
		case isJSON(media) || media == formType:
			b.problem("files."+key, "came with the call and is not sent: "+media+" holds no files")
		default:
			b.problem("files."+key, fmt.Sprintf(`came with the call and is not sent: nothing in the body is {"file": %q}`, key))
		}
	}
}
