package tree

import (
	"bytes"
	"hash/maphash"
)

// A keySet finds names that occur twice in an object. It keeps the names of all
// open objects on one stack.
type keySet struct {
	stack []keyAt
	seen  map[uint64]int // hash -> place on the stack, for objects with many members
	seed  maphash.Seed
}

type keyAt struct {
	name  []byte
	entry uint32
}

func (k *keySet) open() int { return len(k.stack) }

func (k *keySet) add(name []byte, entry uint32) {
	k.stack = append(k.stack, keyAt{name, entry})
}

// close ends the object opened at mark and appends the entries whose name comes
// again later in it.
func (k *keySet) close(mark int, duplicates []uint32) []uint32 {
	names := k.stack[mark:]
	k.stack = k.stack[:mark]
	if len(names) > 10 {
		return k.closeLarge(names, duplicates)
	}
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			if len(names[i].name) == len(names[j].name) && bytes.Equal(names[i].name, names[j].name) {
				duplicates = append(duplicates, names[i].entry)
				break
			}
		}
	}
	return duplicates
}

func (k *keySet) closeLarge(names []keyAt, duplicates []uint32) []uint32 {
	if k.seen == nil {
		k.seen = map[uint64]int{}
		k.seed = maphash.MakeSeed()
	}
	if len(k.seen) > 4096 {
		k.seen = map[uint64]int{}
	}
	clear(k.seen)
	for i := range names {
		h := maphash.Bytes(k.seed, names[i].name)
		if j, ok := k.seen[h]; ok && bytes.Equal(names[j].name, names[i].name) {
			duplicates = append(duplicates, names[j].entry)
		}
		k.seen[h] = i
	}
	return duplicates
}
