-- The same tables and columns stand in migrations/sqlite.

-- What staff type when they look for somebody (domain::finding): beginnings, each a range of one
-- index. SQLite has a full-text index instead.
CREATE TABLE contact_find (
    contact_id UUID PRIMARY KEY REFERENCES contact (id),
    address    TEXT COLLATE "C" NOT NULL,
    external   TEXT COLLATE "C",
    find_1     TEXT COLLATE "C",
    find_2     TEXT COLLATE "C",
    find_3     TEXT COLLATE "C"
);
CREATE INDEX contact_find_by_address ON contact_find (address, contact_id);
CREATE INDEX contact_find_by_external ON contact_find (external, contact_id) WHERE external IS NOT NULL;
CREATE INDEX contact_find_by_1 ON contact_find (find_1, contact_id) WHERE find_1 IS NOT NULL;
CREATE INDEX contact_find_by_2 ON contact_find (find_2, contact_id) WHERE find_2 IS NOT NULL;
CREATE INDEX contact_find_by_3 ON contact_find (find_3, contact_id) WHERE find_3 IS NOT NULL;

-- Who stood in a file that was brought in.
CREATE TABLE contact_import (
    import_id  UUID NOT NULL REFERENCES import_run (id),
    contact_id UUID NOT NULL REFERENCES contact (id),
    PRIMARY KEY (import_id, contact_id)
);

CREATE INDEX contact_blocked ON contact (id) WHERE blocked_at IS NOT NULL;
CREATE INDEX contact_bad ON contact (id) WHERE address_state = 'bad';

CREATE TABLE contact_note (
    id         UUID PRIMARY KEY,
    contact_id UUID NOT NULL REFERENCES contact (id),
    author     TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX contact_note_by_contact ON contact_note (contact_id, id);

CREATE TABLE segment (
    id          UUID PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL UNIQUE,
    description TEXT NOT NULL,
    audience    JSONB NOT NULL,
    revision    BIGINT NOT NULL CHECK (revision >= 1),
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    updated_at  TIMESTAMPTZ NOT NULL
);

-- A file that staff bring in: first read without storing (checking, ready), then for good.
CREATE TABLE import_job (
    id          UUID PRIMARY KEY,
    state       TEXT NOT NULL CHECK (state IN ('checking', 'ready', 'running', 'finished', 'failed', 'cancelled')),
    file_name   TEXT NOT NULL,
    octets      BIGINT NOT NULL CHECK (octets >= 0),
    how         JSONB NOT NULL,
    found       JSONB,
    checked     JSONB,
    octets_read BIGINT NOT NULL CHECK (octets_read >= 0),
    tally       JSONB NOT NULL,
    failure     TEXT,
    run_id      UUID REFERENCES import_run (id),
    created_by  TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    begun_at    TIMESTAMPTZ NOT NULL,
    alive_at    TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CHECK ((state IN ('finished', 'failed', 'cancelled')) = (ended_at IS NOT NULL))
);

-- Names line and column of what was refused, never a cell.
CREATE TABLE import_reject (
    job_id   UUID NOT NULL REFERENCES import_job (id),
    number   BIGINT NOT NULL CHECK (number >= 1),
    line     BIGINT NOT NULL,
    place    TEXT,
    code     TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
);
