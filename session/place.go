package session

import (
	"encoding/binary"
	"net/url"
	"strconv"
	"strings"

	"github.com/ductape-go/ductape/store"
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

// bindRow returns associated data for a session's row: what does not change about
// it. Times are kept to the microsecond.
func (p place) bindRow(row *store.SessionRow) []byte {
	return append(p.bind("row v2", row.ID), pack(row.Identifier, strconv.FormatInt(row.StartedAt.UnixMicro(), 10))...)
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
