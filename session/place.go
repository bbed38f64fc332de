package session

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
)

// A place is where a session belongs.
type place struct{ workspace, product, env, tag string }

// audience returns the aud of the place's tokens. The names are escaped, so that
// no two places share one.
func (p place) audience() string {
	names := []string{p.workspace, p.product, p.env, p.tag}
	for i := range names {
		names[i] = url.PathEscape(names[i])
	}
	return strings.Join(names, "/")
}

// bind returns associated data for what belongs to a session, with its use.
func (p place) bind(use, id string) []byte {
	return pack("ductape session v1", use, p.workspace, p.product, p.env, p.tag, id)
}

// pack joins parts so that no two lists of parts give the same bytes.
func pack(parts ...string) []byte {
	var b []byte
	for _, part := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

// Identifier returns what a session keeps of the value that identifies its user:
// a hash, in hex. The text is that of the value: of a number, its digits.
func Identifier(workspace, value string) string {
	sum := sha256.Sum256(pack("ductape session identifier v1", workspace, value))
	return hex.EncodeToString(sum[:])
}
