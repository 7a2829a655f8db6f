-- The same tables and columns stand in migrations/postgres.

-- What staff type when they look for somebody (domain::finding). A B-tree of names in no order
-- costs an import several times its own work here, so it is SQLite's full-text index, which appends;
-- PostgreSQL has a table of beginnings. The words hold the contact's id, by which the row is found.
CREATE VIRTUAL TABLE contact_find USING fts5(contact_id UNINDEXED, words, detail = none,
    prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 0');

-- Who stood in a file that was brought in.
CREATE TABLE contact_import (
    import_id  BLOB NOT NULL REFERENCES import_run (id),
    contact_id BLOB NOT NULL REFERENCES contact (id),
    PRIMARY KEY (import_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_blocked ON contact (id) WHERE blocked_at IS NOT NULL;
CREATE INDEX contact_bad ON contact (id) WHERE address_state = 'bad';

CREATE TABLE contact_note (
    id         BLOB PRIMARY KEY,
    contact_id BLOB NOT NULL REFERENCES contact (id),
    author     TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX contact_note_by_contact ON contact_note (contact_id, id);

CREATE TABLE segment (
    id          BLOB PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    audience    TEXT NOT NULL,
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    created_by  TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL
) STRICT;

-- A file that staff bring in: first read without storing (checking, ready), then for good.
CREATE TABLE import_job (
    id          BLOB PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('checking', 'ready', 'running', 'finished', 'failed', 'cancelled')),
    file_name   TEXT NOT NULL,
    octets      INTEGER NOT NULL CHECK (octets >= 0),
    how         TEXT NOT NULL,
    found       TEXT,
    checked     TEXT,
    octets_read INTEGER NOT NULL CHECK (octets_read >= 0),
    tally       TEXT NOT NULL,
    failure     TEXT,
    run_id      BLOB REFERENCES import_run (id),
    created_by  TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    begun_at    TEXT NOT NULL,
    alive_at    TEXT NOT NULL,
    ended_at    TEXT,
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((state IN ('finished', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
) STRICT;

-- Names line and column of what was refused, never a cell.
CREATE TABLE import_reject (
    job_id   BLOB NOT NULL REFERENCES import_job (id),
    number   INTEGER NOT NULL CHECK (number >= 1),
    line     INTEGER NOT NULL,
    place    TEXT,
    code     TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
