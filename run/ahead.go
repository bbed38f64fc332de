package run

import (
	"io"
	"sync"
	"time"
)

// An ahead reads an answer of unknown length before it is handed on: most are
// soon at their end, and then one that breaks off is an error and not half an
// answer. One that pauses is handed on with what has come, for nobody can tell
// whether it will ever end: a log that is followed, a list that is watched.
type ahead struct {
	src     io.ReadCloser
	raw     io.Closer // what src reads from: closing it ends a read that waits
	limit   int64
	stopped chan struct{} // closed when nothing is read ahead any more

	mu     sync.Mutex
	buf    []byte
	err    error // the end that was read
	handed bool
}

// readAhead begins to read up to limit bytes.
func readAhead(src io.ReadCloser, raw io.Closer, limit int64) *ahead {
	a := &ahead{src: src, raw: raw, limit: limit, stopped: make(chan struct{})}
	go a.fill()
	return a
}

func (a *ahead) fill() {
	defer close(a.stopped)
	chunk := make([]byte, 4<<10)
	for more := a.limit; more > 0; {
		n, err := a.src.Read(chunk[:min(int64(len(chunk)), more)])
		more = a.took(chunk[:n], err)
	}
}

// took keeps what was read, and says how many bytes more may be read ahead.
func (a *ahead) took(b []byte, err error) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.buf, a.err = append(a.buf, b...), err
	if err != nil || a.handed {
		return 0
	}
	return a.limit - int64(len(a.buf))
}

// wait returns when the answer is here, or so much of it that it is handed on:
// the limit, or what came in the time that it may be held.
func (a *ahead) wait(hold time.Duration) (all []byte, whole bool, err error) {
	timer := time.NewTimer(hold)
	defer timer.Stop()
	select {
	case <-a.stopped:
	case <-timer.C:
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.handed = true
	if a.err == io.EOF {
		return a.buf, true, nil
	}
	return nil, false, a.err
}

// Read gives what has been read ahead, and then the rest as it comes.
func (a *ahead) Read(p []byte) (int, error) {
	if n, err := a.held(p); n > 0 || err != nil {
		return n, err
	}
	<-a.stopped
	if n, err := a.held(p); n > 0 || err != nil {
		return n, err
	}
	return a.src.Read(p)
}

func (a *ahead) held(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := copy(p, a.buf)
	a.buf = a.buf[n:]
	if n > 0 || len(p) == 0 {
		return n, nil
	}
	return 0, a.err
}

// Close ends a read that waits, too.
func (a *ahead) Close() error {
	select {
	case <-a.stopped:
	default:
		a.raw.Close()
		<-a.stopped
	}
	return a.src.Close()
}
