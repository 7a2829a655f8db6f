-- The same tables and columns stand in migrations/postgres. Times come from the program's clock.

CREATE TABLE purpose (
    key          TEXT PRIMARY KEY,
    clause       TEXT NOT NULL,
    clause_group INTEGER NOT NULL,
    behalf       TEXT NOT NULL CHECK (behalf IN ('institution', 'partner')),
    position     INTEGER NOT NULL,
    term_months  INTEGER NOT NULL CHECK (term_months BETWEEN 1 AND 120),
    titles       TEXT NOT NULL,
    CHECK (clause <> '3.1.11')
) STRICT;

CREATE TABLE party (
    key        TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('institution', 'partner')),
    names      TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE policy_version (
    id           BLOB PRIMARY KEY,
    number       INTEGER NOT NULL UNIQUE CHECK (number >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('editorial', 'material')),
    published_at TEXT NOT NULL
) STRICT;

CREATE TABLE policy_text (
    version_id BLOB NOT NULL REFERENCES policy_version (id),
    language   TEXT NOT NULL,
    body       TEXT NOT NULL,
    sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (version_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE wording (
    id         BLOB PRIMARY KEY,
    language   TEXT NOT NULL,
    body       TEXT NOT NULL,
    sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
    created_at TEXT NOT NULL,
    UNIQUE (sha256, language)
) STRICT;

CREATE TABLE consent_terms (
    sha256     BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    body       TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE contact (
    id             BLOB PRIMARY KEY,
    address        TEXT,
    address_hash   BLOB NOT NULL CHECK (length(address_hash) = 32),
    address_state  TEXT NOT NULL CHECK (address_state IN ('ok', 'bad', 'erased')),
    name           TEXT,
    given_name     TEXT,
    family_name    TEXT,
    patronymic     TEXT,
    language       TEXT,
    attributes     TEXT NOT NULL,
    external_id    TEXT UNIQUE,
    blocked_at     TEXT,
    blocked_reason TEXT,
    created_at     TEXT NOT NULL,
    updated_at     TEXT NOT NULL,
    CHECK ((address IS NULL) = (address_state = 'erased')),
    CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL))
) STRICT;
CREATE UNIQUE INDEX contact_by_address ON contact (address_hash) WHERE address IS NOT NULL;

CREATE TABLE contact_tag (
    contact_id BLOB NOT NULL REFERENCES contact (id),
    tag        TEXT NOT NULL,
    PRIMARY KEY (contact_id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_tag_by_tag ON contact_tag (tag, contact_id);

CREATE TABLE import_run (
    id          BLOB PRIMARY KEY,
    file_sha256 BLOB,
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    tally       TEXT NOT NULL,
    CHECK ((file_sha256 IS NULL) = (finished_at IS NULL))
) STRICT;

CREATE TABLE consent_event (
    seq               INTEGER PRIMARY KEY CHECK (seq >= 1),
    id                BLOB NOT NULL UNIQUE,
    consent_id        BLOB NOT NULL,
    contact_id        BLOB NOT NULL REFERENCES contact (id),
    purpose           TEXT NOT NULL REFERENCES purpose (key),
    party             TEXT NOT NULL REFERENCES party (key),
    state             TEXT NOT NULL CHECK (state IN ('requested', 'given', 'refused', 'renewed', 'withdrawn',
                          'expired', 'invalidated', 'terminated', 'needs_reconfirmation')),
    occurred_at       TEXT NOT NULL,
    recorded_at       TEXT NOT NULL,
    actor             TEXT NOT NULL CHECK (actor IN ('subject', 'operator', 'system', 'authority')),
    channel           TEXT NOT NULL CHECK (channel IN ('web_form', 'double_opt_in', 'import', 'api', 'one_click',
                          'link', 'mail', 'phone', 'feedback_loop', 'staff')),
    policy_version_id BLOB REFERENCES policy_version (id),
    policy_sha256     BLOB,
    wording_id        BLOB REFERENCES wording (id),
    wording_sha256    BLOB,
    language          TEXT,
    valid_until       TEXT,
    address_hash      BLOB NOT NULL,
    terms_sha256      BLOB NOT NULL REFERENCES consent_terms (sha256),
    detail            TEXT,
    detail_salt       BLOB,
    detail_hash       BLOB NOT NULL,
    prev_hash         BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash              BLOB NOT NULL CHECK (length(hash) = 32),
    CHECK (length(address_hash) = 32 AND length(detail_hash) = 32),
    CHECK ((detail IS NULL) = (detail_salt IS NULL)),
    CHECK ((policy_version_id IS NULL) = (policy_sha256 IS NULL)),
    CHECK ((wording_id IS NULL) = (wording_sha256 IS NULL)),
    CHECK (state NOT IN ('given', 'renewed') OR valid_until IS NOT NULL),
    CHECK (state NOT IN ('given', 'renewed') OR policy_version_id IS NOT NULL OR wording_id IS NOT NULL)
) STRICT;
CREATE INDEX consent_event_by_contact ON consent_event (contact_id, seq);

CREATE TABLE ledger_head (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    seq       INTEGER NOT NULL,
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    signed_at TEXT NOT NULL,
    public_key BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TABLE consent (
    id          BLOB PRIMARY KEY,
    contact_id  BLOB NOT NULL REFERENCES contact (id),
    purpose     TEXT NOT NULL REFERENCES purpose (key),
    party       TEXT NOT NULL REFERENCES party (key),
    state       TEXT NOT NULL CHECK (state IN ('requested', 'given', 'refused', 'renewed', 'withdrawn',
                    'expired', 'invalidated', 'terminated', 'needs_reconfirmation')),
    since       TEXT NOT NULL,
    valid_until TEXT,
    event_seq   INTEGER NOT NULL REFERENCES consent_event (seq),
    UNIQUE (contact_id, purpose, party),
    CHECK (state NOT IN ('given', 'renewed') OR valid_until IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (
    id           BLOB PRIMARY KEY,
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    reason       TEXT NOT NULL CHECK (reason IN ('hard_bounce', 'soft_bounces', 'complaint', 'erased', 'all_withdrawn', 'staff')),
    scope        TEXT NOT NULL CHECK (scope IN ('all', 'marketing')),
    created_at   TEXT NOT NULL,
    ends_at      TEXT,
    UNIQUE (address_hash, reason)
) STRICT;

-- Contacts whose permission has just shrunk: what running senders must ask about again.
CREATE TABLE permission_change (
    id         BLOB PRIMARY KEY,
    contact_id BLOB NOT NULL REFERENCES contact (id),
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX permission_change_by_time ON permission_change (changed_at);

CREATE TABLE campaign (
    id             BLOB PRIMARY KEY,
    name           TEXT NOT NULL,
    purpose        TEXT NOT NULL REFERENCES purpose (key),
    party          TEXT NOT NULL REFERENCES party (key),
    sender         TEXT NOT NULL,
    audience       TEXT NOT NULL,
    source         TEXT NOT NULL,
    pace           TEXT,
    planned_at     TEXT,
    content_sha256 BLOB NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled')),
    state_since    TEXT NOT NULL,
    start_at       TEXT,
    pause_reason   TEXT,
    started_at     TEXT,
    expand_after   BLOB,
    expanded_at    TEXT,
    created_at     TEXT NOT NULL,
    CHECK ((state = 'scheduled') <= (start_at IS NOT NULL)),
    CHECK ((state = 'paused') = (pause_reason IS NOT NULL)),
    CHECK (state IN ('draft', 'scheduled', 'cancelled', 'paused') OR started_at IS NOT NULL),
    CHECK (state <> 'finished' OR expanded_at IS NOT NULL)
) STRICT;

CREATE TABLE campaign_content (
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    language    TEXT NOT NULL,
    subject     TEXT NOT NULL,
    preheader   TEXT,
    html        TEXT,
    plain       TEXT NOT NULL,
    fields_used TEXT NOT NULL,
    fields      TEXT NOT NULL,
    PRIMARY KEY (campaign_id, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_event (
    id          BLOB PRIMARY KEY,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    happened_at TEXT NOT NULL,
    deed        TEXT NOT NULL CHECK (deed IN ('create', 'schedule', 'start', 'pause', 'resume', 'finish', 'cancel')),
    actor       TEXT NOT NULL,
    detail      TEXT
) STRICT;
CREATE INDEX campaign_event_by_campaign ON campaign_event (campaign_id, happened_at);

CREATE TABLE node (
    id           BLOB PRIMARY KEY,
    version      TEXT NOT NULL,
    started_at   TEXT NOT NULL,
    heartbeat_at TEXT NOT NULL,
    stopped_at   TEXT
) STRICT;

CREATE TABLE delivery (
    id          BLOB NOT NULL PRIMARY KEY,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    contact_id  BLOB NOT NULL REFERENCES contact (id),
    state       TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'handing', 'sent', 'failed', 'skipped', 'uncertain')),
    reason      TEXT,
    consent_seq INTEGER REFERENCES consent_event (seq),
    due_at      TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    node_id     BLOB,
    gate_at     TEXT NOT NULL,
    state_since TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    UNIQUE (campaign_id, contact_id),
    -- An uncertain delivery keeps the node that was lost with it: that node alone may still mend it.
    CHECK (state NOT IN ('claimed', 'handing') OR node_id IS NOT NULL),
    CHECK (node_id IS NULL OR state IN ('claimed', 'handing', 'uncertain')),
    CHECK (state = 'skipped' OR consent_seq IS NOT NULL),
    CHECK (state NOT IN ('skipped', 'failed', 'uncertain') OR reason IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_queued ON delivery (campaign_id, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_held ON delivery (campaign_id, node_id) WHERE node_id IS NOT NULL;
CREATE INDEX delivery_by_contact ON delivery (contact_id);

CREATE TABLE attempt (
    delivery_id BLOB NOT NULL REFERENCES delivery (id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    relay       TEXT NOT NULL,
    gate_at     TEXT NOT NULL,
    ended_at    TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    stage       TEXT NOT NULL,
    code        INTEGER,
    reply       TEXT,
    body_sha256 BLOB,
    PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_token (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT;

-- What was consented to is never rewritten: of an event only the detail may go, on erasure.
CREATE TRIGGER consent_event_is_append_only BEFORE DELETE ON consent_event
BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;
CREATE TRIGGER consent_event_is_immutable BEFORE UPDATE ON consent_event
WHEN NEW.detail IS NOT NULL OR
    (NEW.seq, NEW.id, NEW.consent_id, NEW.contact_id, NEW.purpose, NEW.party, NEW.state,
    NEW.occurred_at, NEW.recorded_at, NEW.actor, NEW.channel, NEW.policy_version_id, NEW.policy_sha256,
    NEW.wording_id, NEW.wording_sha256, NEW.language, NEW.valid_until, NEW.address_hash,
    NEW.terms_sha256, NEW.detail_hash, NEW.prev_hash, NEW.hash) IS NOT
    (OLD.seq, OLD.id, OLD.consent_id, OLD.contact_id, OLD.purpose, OLD.party, OLD.state,
    OLD.occurred_at, OLD.recorded_at, OLD.actor, OLD.channel, OLD.policy_version_id, OLD.policy_sha256,
    OLD.wording_id, OLD.wording_sha256, OLD.language, OLD.valid_until, OLD.address_hash,
    OLD.terms_sha256, OLD.detail_hash, OLD.prev_hash, OLD.hash)
BEGIN SELECT RAISE(ABORT, 'consent_event is append-only'); END;
CREATE TRIGGER policy_version_is_immutable BEFORE UPDATE ON policy_version
BEGIN SELECT RAISE(ABORT, 'policy_version is append-only'); END;
CREATE TRIGGER policy_version_is_kept BEFORE DELETE ON policy_version
BEGIN SELECT RAISE(ABORT, 'policy_version is append-only'); END;
CREATE TRIGGER policy_text_is_immutable BEFORE UPDATE ON policy_text
BEGIN SELECT RAISE(ABORT, 'policy_text is append-only'); END;
CREATE TRIGGER policy_text_is_kept BEFORE DELETE ON policy_text
BEGIN SELECT RAISE(ABORT, 'policy_text is append-only'); END;
CREATE TRIGGER wording_is_immutable BEFORE UPDATE ON wording
BEGIN SELECT RAISE(ABORT, 'wording is append-only'); END;
CREATE TRIGGER wording_is_kept BEFORE DELETE ON wording
BEGIN SELECT RAISE(ABORT, 'wording is append-only'); END;
CREATE TRIGGER consent_terms_is_immutable BEFORE UPDATE ON consent_terms
BEGIN SELECT RAISE(ABORT, 'consent_terms is append-only'); END;
CREATE TRIGGER consent_terms_is_kept BEFORE DELETE ON consent_terms
BEGIN SELECT RAISE(ABORT, 'consent_terms is append-only'); END;
