package run

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ductape-go/ductape"
)

// RunAppender keeps records. store.Runs is one.
type RunAppender interface {
	AppendRuns(ctx context.Context, runs []ductape.RunRecord) error
}

// A Queue is a Recorder that writes in batches behind the runs. It is bounded:
// when the store falls behind, Record waits, and nothing is dropped. A record
// is kept at most FlushEvery after its run ended; a process that is killed
// loses those it had not written yet. Close writes the rest.
type Queue struct {
	store RunAppender
	log   *slog.Logger
	batch sync.Mutex // held while a batch is written
	mu    sync.Mutex
	room  sync.Cond // signalled when the pending records have been taken
	wake  chan struct{}
	stop  chan struct{}
	done  chan struct{}

	pending []ductape.RunRecord
	spare   []ductape.RunRecord
	closed  bool
}

// FlushEvery is the longest a finished run waits to be written.
const FlushEvery = 100 * time.Millisecond

const (
	queueSize    = 8192
	flushAt      = 1024
	closingTries = 5
	retryWrites  = 200 * time.Millisecond
)

// NewQueue returns a Queue that writes to the store until Close.
func NewQueue(store RunAppender, log *slog.Logger) *Queue {
	q := &Queue{store: store, log: log, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{})}
	q.room.L = &q.mu
	go q.write()
	return q
}

// Record adds a record, waiting for room when the queue is full.
func (q *Queue) Record(rec ductape.RunRecord) {
	q.mu.Lock()
	for len(q.pending) >= queueSize && !q.closed {
		q.room.Wait()
	}
	q.pending = append(q.pending, rec)
	n := len(q.pending)
	q.mu.Unlock()
	if n == flushAt {
		select {
		case q.wake <- struct{}{}:
		default:
		}
	}
}

// Close writes what is left and ends.
func (q *Queue) Close() error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return nil
	}
	q.closed = true
	q.room.Broadcast()
	q.mu.Unlock()
	close(q.stop)
	<-q.done
	return nil
}

// Flush writes every record added before it.
func (q *Queue) Flush() { q.flush() }

func (q *Queue) write() {
	defer close(q.done)
	tick := time.NewTicker(FlushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-q.wake:
		case <-q.stop:
			q.flush()
			return
		}
		q.flush()
	}
}

func (q *Queue) flush() {
	q.batch.Lock()
	defer q.batch.Unlock()
	q.mu.Lock()
	batch := q.pending
	q.pending, q.spare = q.spare[:0], nil
	q.mu.Unlock()
	if len(batch) > 0 {
		q.keep(batch)
	}
	clear(batch) // let go of the texts
	q.mu.Lock()
	q.spare = batch[:0]
	q.room.Broadcast()
	q.mu.Unlock()
}

// keep writes a batch, trying again until the store takes it: meanwhile the
// queue fills and runs wait. Only a Queue that is being closed gives up, after
// a few tries.
func (q *Queue) keep(batch []ductape.RunRecord) {
	for try := 1; ; try++ {
		err := q.store.AppendRuns(context.Background(), batch)
		if err == nil {
			return
		}
		q.log.Error("run records could not be written", "records", len(batch), "try", try, "error", err)
		if q.closing() && try >= closingTries {
			return
		}
		time.Sleep(retryWrites)
	}
}

func (q *Queue) closing() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}
