-- Who works here, how they sign in and what they did. The same tables and columns stand in
-- migrations/postgres.

CREATE TABLE staff_user (
    id            BLOB PRIMARY KEY,
    address       TEXT NOT NULL,
    address_key   TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    language      TEXT NOT NULL,
    roles         TEXT NOT NULL,
    password_hash TEXT,
    totp_secret   BLOB,
    totp_step     INTEGER,
    disabled_at   TEXT,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL,
    CHECK ((totp_secret IS NULL) = (totp_step IS NULL))
) STRICT;

-- Links with which a person sets a password, once.
CREATE TABLE staff_link (
    token_hash BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    BLOB NOT NULL REFERENCES staff_user (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;
CREATE INDEX staff_link_by_user ON staff_link (user_id);

CREATE TABLE recovery_code (
    user_id   BLOB NOT NULL REFERENCES staff_user (id),
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    used_at   TEXT,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Who a person is at an OpenID provider.
CREATE TABLE staff_identity (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES staff_user (id),
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_session (
    id         BLOB PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    user_id    BLOB NOT NULL REFERENCES staff_user (id),
    state      TEXT NOT NULL CHECK (state IN ('code_due', 'open', 'ended')),
    agent      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    proved_at  TEXT NOT NULL
) STRICT;
CREATE INDEX staff_session_by_user ON staff_session (user_id, created_at);

-- Wrong passwords and codes in a row, by account: a keyed hash, so that guesses at accounts that do
-- not exist are counted alike.
CREATE TABLE sign_in_failure (
    account_hash BLOB PRIMARY KEY CHECK (length(account_hash) = 32),
    failures     INTEGER NOT NULL CHECK (failures >= 1),
    last_at      TEXT NOT NULL
) STRICT;

CREATE TABLE staff_action (
    id          BLOB PRIMARY KEY,
    happened_at TEXT NOT NULL,
    user_id     BLOB REFERENCES staff_user (id),
    actor       TEXT NOT NULL,
    deed        TEXT NOT NULL,
    subject     TEXT,
    detail      TEXT
) STRICT;
CREATE INDEX staff_action_by_user ON staff_action (user_id, id);
