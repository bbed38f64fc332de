package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/ductape-go/ductape/store"
)

// A pool is connections to one database for one purpose, with its prepared
// statements.
type pool struct {
	*sql.DB
	d     dialect
	path  string    // for messages
	stmts *sync.Map // :: text -> *sql.Stmt
}

// prepare returns the statement, prepared once for the pool.
func (p pool) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := p.stmts.Load(text); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.PrepareContext(ctx, p.d.bind(text))
	if err != nil {
		return nil, p.d.explain(err, p)
	}
	if old, raced := p.stmts.LoadOrStore(text, s); raced {
		return old.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// A querier runs statements, in a transaction or on their own.
type querier struct {
	pool
	tx *txState // nil: on their own
}

// txState is an open transaction; it is used by one goroutine at a time.
type txState struct {
	*sql.Tx
	stmts map[string]*sql.Stmt
	wrote bool // something changed
}

func (p pool) querier() querier { return querier{pool: p} }

func (q querier) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if q.tx == nil {
		return q.prepare(ctx, text)
	}
	if s := q.tx.stmts[text]; s != nil {
		return s, nil
	}
	s, err := q.stmtInTx(ctx, text)
	if err != nil {
		return nil, q.d.explain(err, q.pool)
	}
	q.tx.stmts[text] = s
	return s, nil
}

// stmtInTx takes what the pool has prepared. It must not prepare for the pool:
// the transaction may hold its only connection.
func (q querier) stmtInTx(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := q.stmts.Load(text); ok {
		return q.tx.StmtContext(ctx, s.(*sql.Stmt)), nil
	}
	return q.tx.PrepareContext(ctx, q.d.bind(text))
}

// exec returns how many rows changed.
func (q querier) exec(ctx context.Context, text string, args ...any) (int64, error) {
	s, err := q.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, q.d.explain(err, q.pool)
	}
	n, err := res.RowsAffected()
	if q.tx != nil && n > 0 {
		q.tx.wrote = true
	}
	return n, err
}

// must is exec for statements that change a row that has to be there.
func (q querier) must(ctx context.Context, text string, args ...any) error {
	n, err := q.exec(ctx, text, args...)
	if err == nil && n == 0 {
		return store.ErrNotFound
	}
	return err
}

// row reads one row into dest; store.ErrNotFound when there is none.
func (q querier) row(ctx context.Context, dest []any, text string, args ...any) error {
	s, err := q.stmt(ctx, text)
	if err != nil {
		return err
	}
	err = s.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	if err != nil {
		return q.d.explain(err, q.pool)
	}
	return nil
}

// each calls f for every row; f scans it.
func (q querier) each(ctx context.Context, f func(scan func(dest ...any) error) error, text string, args ...any) error {
	s, err := q.stmt(ctx, text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return q.d.explain(err, q.pool)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		if err := f(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return q.d.explain(err, q.pool)
	}
	return nil
}

// transact runs f in one transaction: all of it or nothing, also when f panics.
func (p pool) transact(ctx context.Context, f func(q querier) error) error {
	tx, err := p.BeginTx(ctx, nil)
	if err != nil {
		return p.d.explain(err, p)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if err := f(querier{pool: p, tx: &txState{Tx: tx, stmts: map[string]*sql.Stmt{}}}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return p.d.explain(err, p)
	}
	return nil
}
