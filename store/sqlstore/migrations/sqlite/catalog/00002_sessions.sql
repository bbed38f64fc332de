-- +goose Up
-- seen_at is the last start or refresh; NULL in rows of before: their start.
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;

CREATE INDEX sessions_by_end ON sessions (workspace, expires_at);
CREATE INDEX sessions_by_revoked ON sessions (workspace, revoked_at) WHERE revoked_at IS NOT NULL;

-- +goose Down
DROP INDEX sessions_by_revoked;
DROP INDEX sessions_by_end;
ALTER TABLE sessions DROP COLUMN seen_at;
