-- +goose Up
-- data_key names the data key that sealed the value.
ALTER TABLE secrets ADD COLUMN data_key TEXT NOT NULL DEFAULT 'secrets';

-- When a secret was last used, to the hour. Apart from secrets, so that noting it
-- neither changes what was sealed nor grows the catalog's version.
CREATE TABLE secret_uses (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    used_at   BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE secret_uses;
ALTER TABLE secrets DROP COLUMN data_key;
