package sqlstore

import (
	"os"
)

// stampFile tells other processes that the catalog changed. Each change appends
// a byte, because a file's time is too coarse to tell two changes apart.
const stampFile = "catalog.stamp"

// stampLimit is the length at which the stamp begins again, in bytes.
const stampLimit = 1 << 20

type stamp struct {
	path string
	file *os.File
}

// stampState is what is compared: two of them differ when something changed.
type stampState struct{ size, modified int64 }

func openStamp(path string) (stamp, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	return stamp{path: path, file: f}, err
}

func (s stamp) state() (stampState, error) {
	info, err := os.Stat(s.path)
	if err != nil {
		return stampState{}, err
	}
	return stampState{info.Size(), info.ModTime().UnixNano()}, nil
}

func (s stamp) mark() error {
	if info, err := s.file.Stat(); err == nil && info.Size() >= stampLimit {
		if err := s.file.Truncate(0); err != nil {
			return err
		}
	}
	_, err := s.file.Write([]byte{'.'})
	return err
}
