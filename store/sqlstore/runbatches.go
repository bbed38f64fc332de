package sqlstore

import (
	"context"
	"time"

	"github.com/ductape-go/ductape"
)

const (
	lastRun    = "SELECT COALESCE(MAX(n), 0) FROM runs"
	insertNote = "INSERT INTO run_batches (n_first, n_last, oldest, newest) VALUES (?, ?, ?, ?)"
)

// noteBatch notes where the runs that were just written stand: behind before.
// Writers come one after another, so nothing else stands there.
func noteBatch(ctx context.Context, q querier, runs []ductape.RunRecord, before int64) error {
	var last int64
	if err := q.row(ctx, []any{&last}, lastRun); err != nil || last == before {
		return err
	}
	oldest, newest := runs[0].StartedAt.UnixMicro(), runs[0].StartedAt.UnixMicro()
	for i := range runs {
		at := runs[i].StartedAt.UnixMicro()
		oldest, newest = min(oldest, at), max(newest, at)
	}
	_, err := q.exec(ctx, insertNote, before+1, last, oldest, newest)
	return err
}

// deleteChunk is how many batches are cleaned up in one transaction, so that
// appending does not wait for a large clean-up.
const deleteChunk = 16

// DeleteRunsBefore removes the runs of every workspace that began before t.
func (s *Store) DeleteRunsBefore(ctx context.Context, t time.Time) (int64, error) {
	var total int64
	for {
		var deleted, batches int64
		err := s.runsWrite.transact(ctx, func(q querier) (err error) {
			deleted, batches, err = deleteChunkBefore(ctx, q, t.UnixMicro())
			return err
		})
		if err != nil || batches == 0 {
			return about(total, err, "delete runs")
		}
		total += deleted
	}
}

// deleteChunkBefore cleans up some batches, and returns how many runs went and
// how many batches were looked at.
func deleteChunkBefore(ctx context.Context, q querier, t int64) (deleted, batches int64, err error) {
	type batch struct{ b, first, last, newest int64 }
	var all []batch
	err = q.each(ctx, func(scan func(...any) error) error {
		var x batch
		err := scan(&x.b, &x.first, &x.last, &x.newest)
		all = append(all, x)
		return err
	}, "SELECT b, n_first, n_last, newest FROM run_batches WHERE oldest < ? ORDER BY oldest LIMIT ?", t, deleteChunk)
	if err != nil {
		return 0, 0, err
	}
	for _, x := range all {
		n, err := q.exec(ctx, "DELETE FROM runs WHERE n >= ? AND n <= ? AND started_at < ?", x.first, x.last, t)
		if err != nil {
			return 0, 0, err
		}
		deleted += n
		if x.newest < t {
			_, err = q.exec(ctx, "DELETE FROM run_batches WHERE b = ?", x.b)
		} else { // what is left of it began at t or later
			_, err = q.exec(ctx, "UPDATE run_batches SET oldest = ? WHERE b = ?", t, x.b)
		}
		if err != nil {
			return 0, 0, err
		}
	}
	return deleted, int64(len(all)), nil
}
