-- +goose Up

CREATE TABLE run_workspaces (
    ws   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- One row for each run, as narrow as it can be: started_at in microseconds since
-- 1970, and doc as runcodec.go writes it. Rows are in order of writing, which
-- makes appending cheap.
CREATE TABLE runs (
    n          INTEGER PRIMARY KEY,
    ws         BIGINT NOT NULL,
    id         TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    doc        TEXT NOT NULL
);

CREATE UNIQUE INDEX runs_by_id ON runs (ws, id);

-- Where the runs of a batch stand, and when they began: what an index on
-- started_at would tell, at the price of one row for a batch.
CREATE TABLE run_batches (
    b       INTEGER PRIMARY KEY,
    n_first BIGINT NOT NULL,
    n_last  BIGINT NOT NULL,
    oldest  BIGINT NOT NULL,
    newest  BIGINT NOT NULL
);

CREATE INDEX run_batches_by_oldest ON run_batches (oldest);

-- +goose Down
DROP TABLE run_batches;
DROP TABLE runs;
DROP TABLE run_workspaces;
