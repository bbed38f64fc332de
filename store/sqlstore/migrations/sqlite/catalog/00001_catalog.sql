-- +goose Up
-- Times are microseconds since 1970, NULL for none. A doc is what codec.go writes.

CREATE TABLE workspaces (
    workspace TEXT NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE apps (
    workspace TEXT NOT NULL,
    tag       TEXT NOT NULL,
    doc       BLOB NOT NULL,
    PRIMARY KEY (workspace, tag)
);

CREATE TABLE products (
    workspace TEXT NOT NULL,
    tag       TEXT NOT NULL,
    doc       BLOB NOT NULL,
    PRIMARY KEY (workspace, tag)
);

-- summary is what a listing shows; digest tells whether doc differs.
CREATE TABLE actions (
    workspace TEXT NOT NULL,
    app       TEXT NOT NULL,
    tag       TEXT NOT NULL,
    digest    BLOB NOT NULL,
    summary   BLOB NOT NULL,
    doc       BLOB NOT NULL,
    PRIMARY KEY (workspace, app, tag)
);

-- Every name an action answers to. Where two share a name the lower place in
-- Action.Names wins, then the lower tag.
CREATE TABLE action_names (
    workspace TEXT NOT NULL,
    app       TEXT NOT NULL,
    name      TEXT NOT NULL,
    place     BIGINT NOT NULL,
    tag       TEXT NOT NULL,
    PRIMARY KEY (workspace, app, name, place, tag)
) WITHOUT ROWID;

CREATE INDEX action_names_by_tag ON action_names (workspace, app, tag);

CREATE TABLE schemas (
    workspace TEXT NOT NULL,
    app       TEXT NOT NULL,
    ref       TEXT NOT NULL,
    digest    BLOB NOT NULL,
    doc       BLOB NOT NULL,
    PRIMARY KEY (workspace, app, ref)
);

CREATE TABLE secrets (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    version   BIGINT NOT NULL,
    sealed    BLOB NOT NULL,
    doc       BLOB NOT NULL,
    PRIMARY KEY (workspace, name, version)
);

-- The highest version ever used of a secret; stays when the secret is deleted.
CREATE TABLE secret_versions (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (workspace, name)
) WITHOUT ROWID;

-- "keys" and "key" are words of some SQL dialects.
CREATE TABLE api_keys (
    workspace  TEXT NOT NULL,
    id         TEXT NOT NULL,
    hash       BLOB NOT NULL UNIQUE,
    doc        BLOB NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (workspace, id)
);

CREATE TABLE data_keys (
    workspace TEXT NOT NULL,
    name      TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (workspace, name)
);

CREATE TABLE sessions (
    workspace  TEXT NOT NULL,
    id         TEXT NOT NULL,
    product    TEXT NOT NULL,
    env        TEXT NOT NULL,
    tag        TEXT NOT NULL,
    identifier TEXT NOT NULL,
    refresh    BLOB,
    sealed     BLOB,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    refresh_by BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (workspace, id)
);

CREATE INDEX sessions_by_start ON sessions (workspace, started_at, id);
CREATE INDEX sessions_by_identifier ON sessions (workspace, identifier, started_at) WHERE identifier <> '';
CREATE INDEX sessions_revoked ON sessions (workspace, expires_at) WHERE revoked_at IS NOT NULL;

-- +goose Down
DROP TABLE sessions;
DROP TABLE data_keys;
DROP TABLE api_keys;
DROP TABLE secret_versions;
DROP TABLE secrets;
DROP TABLE schemas;
DROP TABLE action_names;
DROP TABLE actions;
DROP TABLE products;
DROP TABLE apps;
DROP TABLE workspaces;
