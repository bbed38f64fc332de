package catalog

import (
	"strconv"
	"strings"
	"time"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/secret"
	"github.com/ductape-go/ductape/store"
)

// A secretRef is what stands in $Secret{…}: a key, which means its latest
// version, or "key@2", which means that one. Keys hold no @.
type secretRef struct {
	key     string
	version int // 0: the latest
}

// parseSecretRef reads a reference. One whose version is no number names a key
// that cannot be there.
func parseSecretRef(text string) secretRef {
	i := strings.LastIndexByte(text, '@')
	if i < 0 {
		return secretRef{key: text}
	}
	n, err := strconv.Atoi(text[i+1:])
	if err != nil || n < 1 || strconv.Itoa(n) != text[i+1:] {
		return secretRef{key: text}
	}
	return secretRef{text[:i], n}
}

// pick returns the version that a reference means, of all there are, newest
// first, and until when it may be used; nil: for as long as it is the latest.
func (r secretRef) pick(rows []store.SealedSecret) (row *store.SealedSecret, until *time.Time, err error) {
	if r.version == 0 || r.version == rows[0].Version {
		return &rows[0], nil, nil
	}
	if r.version > rows[0].Version {
		return nil, nil, noVersion(r)
	}
	for i := range rows {
		row := &rows[i]
		if row.Version == r.version {
			return row, until, nil
		}
		if row.PreviousUntil == nil {
			return nil, nil, replaced(r, rows[0].Version)
		}
		if until == nil || row.PreviousUntil.Before(*until) {
			until = row.PreviousUntil
		}
	}
	return nil, nil, noVersion(r)
}

func noVersion(r secretRef) *ductape.Error {
	return ductape.NewError(ductape.CodeUnknownSecret, "secret "+quote(r.key)+" has no version "+strconv.Itoa(r.version)).
		WithHint("its versions: ductape secrets describe " + clip(r.key))
}

func replaced(r secretRef, by int) error {
	e := ductape.NewError(ductape.CodeSecretExpired, "version "+strconv.Itoa(r.version)+" of secret "+quote(r.key)+" was replaced by version "+strconv.Itoa(by)+" and may no longer be used")
	return e.WithHint("refer to $Secret{" + r.key + "} for the latest")
}

// secretAD is what a sealed value is bound to: its workspace, key and version,
// and whatever limits its use. Who can write to the database can thus neither
// move a value nor widen its scope.
func secretAD(ws string, s *ductape.Secret) []byte {
	var bound []string
	add := func(what string, values ...string) {
		if len(values) > 0 {
			bound = append(append(bound, what, strconv.Itoa(len(values))), values...)
		}
	}
	add("apps", s.Apps...)
	add("envs", s.Envs...)
	if s.ExpiresAt != nil {
		add("expires", s.ExpiresAt.UTC().Format(time.RFC3339Nano))
	}
	if s.From != "" {
		add("from", s.From)
	}
	if s.PreviousUntil != nil {
		add("previous", s.PreviousUntil.UTC().Format(time.RFC3339Nano))
	}
	return secret.SecretAD(ws, s.Key, s.Version, bound...)
}
