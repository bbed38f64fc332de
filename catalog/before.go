package catalog

import (
	"bytes"
	"encoding/json"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/internal/schema"
)

// before is what the kept schemas of an app were, where a description that is
// imported over it says otherwise.
type before struct {
	read  func(ref string) (rawJSON, error)
	fresh map[string]rawJSON
	was   map[string]rawJSON // by $ref; nil: there was none
}

// compare fills in was: of the description's own schemas those that differ, and
// those that only what is kept refers to.
func (b *before) compare(stored []ductape.Action) error {
	for ref, now := range b.fresh {
		old, err := b.read(ref)
		if err != nil && !isMissing(err) {
			return storeError(err, "reading a schema")
		}
		if err != nil || !sameText(old, now) {
			b.was[ref] = old
		}
	}
	for i := range stored {
		text, err := json.Marshal(&stored[i])
		if err != nil {
			return internalError(err)
		}
		if err := b.gone(refsIn(text)); err != nil {
			return err
		}
	}
	for _, old := range b.was {
		if err := b.gone(refsIn(old)); err != nil {
			return err
		}
	}
	return nil
}

// gone adds schemas that were there and are no longer described, and those that
// they lead to.
func (b *before) gone(todo []string) error {
	for len(todo) > 0 {
		ref := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		_, described := b.fresh[ref]
		if _, known := b.was[ref]; known || described {
			continue
		}
		old, err := b.read(ref)
		if isMissing(err) {
			continue
		}
		if err != nil {
			return storeError(err, "reading a schema")
		}
		b.was[ref] = old
		todo = append(todo, refsIn(old)...)
	}
	return nil
}

func sameText(a, b rawJSON) bool { return bytes.Equal(a, b) || same(a, b) }

// past sets the schemas of old beside those of now.
func (b *before) past(version string) past {
	return past{old: schema.NewSet(version, b.old), now: schema.NewSet(version, b.now), touched: b.touched()}
}

func (b *before) old(ref string) (rawJSON, bool) {
	if old, ok := b.was[ref]; ok {
		return old, old != nil
	}
	return b.now(ref)
}

// now resolves a reference after the import: what is no longer described stays
// for the actions that stay.
func (b *before) now(ref string) (rawJSON, bool) {
	if now, ok := b.fresh[ref]; ok {
		return now, true
	}
	old, ok := b.was[ref]
	return old, ok
}

// differs lists the references that the description describes otherwise.
func (b *before) differs() []string {
	var refs []string
	for ref := range b.was {
		if _, ok := b.fresh[ref]; ok {
			refs = append(refs, ref)
		}
	}
	return refs
}

// touched lists the references whose schema differs, and all that lead to one.
func (b *before) touched() map[string]bool {
	todo := b.differs()
	if len(todo) == 0 {
		return nil
	}
	from := map[string][]string{} // who refers to it
	for ref, text := range b.fresh {
		for _, to := range refsIn(text) {
			from[to] = append(from[to], ref)
		}
	}
	touched := map[string]bool{}
	for len(todo) > 0 {
		ref := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !touched[ref] {
			touched[ref] = true
			todo = append(todo, from[ref]...)
		}
	}
	return touched
}
