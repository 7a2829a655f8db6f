-- Who works here, how they sign in and what they did. The same tables and columns stand in
-- migrations/sqlite.

CREATE TABLE staff_user (
    id            UUID PRIMARY KEY,
    address       TEXT NOT NULL,
    address_key   TEXT COLLATE "C" NOT NULL UNIQUE,
    name          TEXT COLLATE "C" NOT NULL,
    language      TEXT NOT NULL,
    roles         JSONB NOT NULL,
    password_hash TEXT,
    totp_secret   BYTEA,
    totp_step     BIGINT,
    disabled_at   TIMESTAMPTZ,
    created_at    TIMESTAMPTZ NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    CHECK ((totp_secret IS NULL) = (totp_step IS NULL))
);

-- Links with which a person sets a password, once.
CREATE TABLE staff_link (
    token_hash BYTEA PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id    UUID NOT NULL REFERENCES staff_user (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);
CREATE INDEX staff_link_by_user ON staff_link (user_id);

CREATE TABLE recovery_code (
    user_id   UUID NOT NULL REFERENCES staff_user (id),
    code_hash BYTEA NOT NULL CHECK (length(code_hash) = 32),
    used_at   TIMESTAMPTZ,
    PRIMARY KEY (user_id, code_hash)
);

-- Who a person is at an OpenID provider.
CREATE TABLE staff_identity (
    issuer  TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES staff_user (id),
    PRIMARY KEY (issuer, subject)
);

CREATE TABLE staff_session (
    id         UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    user_id    UUID NOT NULL REFERENCES staff_user (id),
    state      TEXT NOT NULL CHECK (state IN ('code_due', 'open', 'ended')),
    agent      TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at    TIMESTAMPTZ NOT NULL,
    proved_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX staff_session_by_user ON staff_session (user_id, created_at);

-- Wrong passwords and codes in a row, by account: a keyed hash, so that guesses at accounts that do
-- not exist are counted alike.
CREATE TABLE sign_in_failure (
    account_hash BYTEA PRIMARY KEY CHECK (length(account_hash) = 32),
    failures     BIGINT NOT NULL CHECK (failures >= 1),
    last_at      TIMESTAMPTZ NOT NULL
);

CREATE TABLE staff_action (
    id          UUID PRIMARY KEY,
    happened_at TIMESTAMPTZ NOT NULL,
    user_id     UUID REFERENCES staff_user (id),
    actor       TEXT NOT NULL,
    deed        TEXT NOT NULL,
    subject     TEXT,
    detail      JSONB
);
CREATE INDEX staff_action_by_user ON staff_action (user_id, id);
