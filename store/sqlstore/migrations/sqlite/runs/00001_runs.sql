-- +goose Up

CREATE TABLE run_workspaces (
    ws   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- One row for each run, as narrow as it can be: started_at in microseconds since
-- 1970, and doc as runcodec.go writes it.
CREATE TABLE runs (
    ws         BIGINT NOT NULL,
    id         TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    doc        TEXT NOT NULL,
    PRIMARY KEY (ws, id)
) WITHOUT ROWID;

CREATE INDEX runs_by_start ON runs (started_at);

-- +goose Down
DROP TABLE runs;
DROP TABLE run_workspaces;
