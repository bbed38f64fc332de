package sqlstore

import (
	"context"
	"errors"
	"strings"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/store"
)

// runChunk is how many runs one statement writes at most. More gains nothing
// measurable. What is left of a batch goes by the smaller ones: a statement of
// its own costs a row three times what its part of a chunk does.
const runChunk = 64

const runColumns = 4

var insertRuns = []struct {
	rows int
	text string
}{{runChunk, insertOf(runChunk)}, {16, insertOf(16)}, {4, insertOf(4)}, {1, insertOf(1)}}

func insertOf(rows int) string {
	return "INSERT INTO runs (ws, id, started_at, doc) VALUES (?, ?, ?, ?)" +
		strings.Repeat(", (?, ?, ?, ?)", rows-1) + " ON CONFLICT (ws, id) DO NOTHING"
}

// AppendRuns writes a batch in one transaction. A run that is there already
// stays as it is, so that a batch may be tried again.
func (s *Store) AppendRuns(ctx context.Context, runs []ductape.RunRecord) error {
	if len(runs) == 0 {
		return nil
	}
	fresh := map[string]int64{}
	err := s.runsWrite.transact(ctx, func(q querier) error { return s.appendRuns(ctx, q, runs, fresh) })
	if err != nil {
		return aboutErr(err, "keep %d runs", len(runs))
	}
	for workspace, id := range fresh {
		s.workspaceIDs.put(workspace, id)
	}
	return nil
}

func (s *Store) appendRuns(ctx context.Context, q querier, runs []ductape.RunRecord, fresh map[string]int64) error {
	var before int64
	if err := q.row(ctx, []any{&before}, lastRun); err != nil {
		return err
	}
	if err := s.insertRuns(ctx, q, runs, fresh); err != nil {
		return err
	}
	return noteBatch(ctx, q, runs, before)
}

func (s *Store) insertRuns(ctx context.Context, q querier, runs []ductape.RunRecord, fresh map[string]int64) error {
	args := make([]any, 0, runChunk*runColumns)
	docs := encodeRuns(runs)
	for i := range runs {
		r := &runs[i]
		ws, err := s.workspaceIDs.assign(ctx, q, r.Workspace, fresh)
		if err != nil {
			return err
		}
		args = append(args, ws, r.ID, r.StartedAt.UnixMicro(), docs[i])
		if len(args) < cap(args) {
			continue
		}
		if err := writeRows(ctx, q, args); err != nil {
			return err
		}
		args = args[:0]
	}
	return writeRows(ctx, q, args)
}

// writeRows writes up to a chunk of rows, by the largest statements that fit.
func writeRows(ctx context.Context, q querier, args []any) error {
	for _, insert := range insertRuns {
		for n := insert.rows * runColumns; len(args) >= n; args = args[n:] {
			if _, err := q.exec(ctx, insert.text, args[:n]...); err != nil {
				return err
			}
		}
	}
	return nil
}

// RunByID finds one run.
func (s *Store) RunByID(ctx context.Context, workspace, id string) (*ductape.RunRecord, error) {
	q := s.runsRead.querier()
	ws, err := s.workspaceIDs.find(ctx, q, workspace)
	if err != nil {
		return about((*ductape.RunRecord)(nil), err, "run %q", id)
	}
	r := &ductape.RunRecord{ID: id, Workspace: workspace}
	var at int64
	var doc string
	err = q.row(ctx, []any{&at, &doc}, "SELECT started_at, doc FROM runs WHERE ws = ? AND id = ?", ws, id)
	if err == nil {
		err = decodeRun(r, at, doc)
	}
	if err != nil {
		return about((*ductape.RunRecord)(nil), err, "run %q", id)
	}
	return r, nil
}

// Runs lists, newest first.
func (s *Store) Runs(ctx context.Context, workspace string, f store.RunFilter) ([]ductape.RunRecord, error) {
	q, all := s.runsRead.querier(), []ductape.RunRecord{}
	ws, err := s.workspaceIDs.find(ctx, q, workspace)
	if errors.Is(err, store.ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return about(all, err, "runs")
	}
	text, args := s.runsQuery(ws, f)
	err = q.each(ctx, func(scan func(...any) error) error {
		r := ductape.RunRecord{Workspace: workspace}
		var at int64
		var doc string
		err := scan(&r.ID, &at, &doc)
		if err == nil {
			err = decodeRun(&r, at, doc)
		}
		all = append(all, r)
		return err
	}, text, args...)
	return about(all, err, "runs")
}

// runsQuery builds the statement of a filter: the workspace's runs from the
// newest backwards, with a search in each doc for each field that narrows.
func (s *Store) runsQuery(ws int64, f store.RunFilter) (string, []any) {
	text, args := "SELECT id, started_at, doc FROM runs WHERE ws = ?", []any{ws}
	if f.Before != "" {
		text, args = text+" AND id < ?", append(args, f.Before)
	}
	narrow := func(field byte, v, test string) {
		if v == "" {
			return
		}
		text += " AND " + s.runsRead.d.position + "(doc, ?) " + test
		args = append(args, string(append(appendText(nil, field, v), separator)))
	}
	narrow(fProduct, f.Product, "> 0")
	narrow(fEnv, f.Env, "> 0")
	narrow(fApp, f.App, "> 0")
	narrow(fEvent, f.Event, "> 0")
	narrow(fSession, f.Session, "> 0")
	narrow(fUser, shortHash(f.User), "> 0")
	if f.Outcome == "error" {
		narrow(fOutcome, string(ductape.OutcomeOK), "= 0")
	} else {
		narrow(fOutcome, f.Outcome, "> 0")
	}
	return text + " ORDER BY id DESC LIMIT ?", append(args, pageSize(f.Limit))
}

// pageSize applies the limits that the filters of package store state.
func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, 1000)
}
