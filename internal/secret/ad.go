package secret

import "encoding/binary"

// AD returns associated data that names a kind and its parts so that no two
// different lists give the same bytes: every part is preceded by its length.
func AD(kind string, parts ...string) []byte {
	b := appendPart(nil, "ductape/1")
	b = appendPart(b, kind)
	for _, p := range parts {
		b = appendPart(b, p)
	}
	return b
}

// SecretAD returns the associated data of one version of a secret, bound to what
// else must not change about it: its scope. A sealed value moved to another
// workspace, name or version, or given another scope, does not open.
func SecretAD(workspace, name string, version int, bound ...string) []byte {
	b := binary.BigEndian.AppendUint64(AD("secret", workspace, name), uint64(version))
	for _, p := range bound {
		b = appendPart(b, p)
	}
	return b
}

// DataKeyAD returns the associated data of a workspace's data key of that name
// ("secrets", "sessions").
func DataKeyAD(workspace, name string) []byte { return AD("data key", workspace, name) }

func appendPart(b []byte, p string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(p)))
	return append(b, p...)
}
