-- The same tables and columns stand in migrations/sqlite. Times come from the program's clock.
-- What is put in order is COLLATE "C", so that both databases order it alike.

CREATE TABLE purpose (
    key          TEXT COLLATE "C" PRIMARY KEY,
    clause       TEXT NOT NULL,
    clause_group BIGINT NOT NULL,
    behalf       TEXT NOT NULL CHECK (behalf IN ('institution', 'partner')),
    position     BIGINT NOT NULL,
    term_months  BIGINT NOT NULL CHECK (term_months BETWEEN 1 AND 120),
    titles       JSONB NOT NULL,
    CHECK (clause <> '3.1.11')
);

CREATE TABLE party (
    key        TEXT COLLATE "C" PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('institution', 'partner')),
    names      JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE policy_version (
    id           UUID PRIMARY KEY,
    number       BIGINT NOT NULL UNIQUE CHECK (number >= 1),
    kind         TEXT NOT NULL CHECK (kind IN ('editorial', 'material')),
    published_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE policy_text (
    version_id UUID NOT NULL REFERENCES policy_version (id),
    language   TEXT NOT NULL,
    body       TEXT NOT NULL,
    sha256     BYTEA NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (version_id, language)
);

CREATE TABLE wording (
    id         UUID PRIMARY KEY,
    language   TEXT NOT NULL,
    body       TEXT NOT NULL,
    sha256     BYTEA NOT NULL CHECK (length(sha256) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (sha256, language)
);

CREATE TABLE consent_terms (
    sha256     BYTEA PRIMARY KEY CHECK (length(sha256) = 32),
    body       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE contact (
    id             UUID PRIMARY KEY,
    address        TEXT,
    address_hash   BYTEA NOT NULL CHECK (length(address_hash) = 32),
    address_state  TEXT NOT NULL CHECK (address_state IN ('ok', 'bad', 'erased')),
    name           TEXT,
    given_name     TEXT,
    family_name    TEXT,
    patronymic     TEXT,
    language       TEXT,
    attributes     JSONB NOT NULL,
    external_id    TEXT UNIQUE,
    blocked_at     TIMESTAMPTZ,
    blocked_reason TEXT,
    created_at     TIMESTAMPTZ NOT NULL,
    updated_at     TIMESTAMPTZ NOT NULL,
    CHECK ((address IS NULL) = (address_state = 'erased')),
    CHECK ((blocked_at IS NULL) = (blocked_reason IS NULL))
);
CREATE UNIQUE INDEX contact_by_address ON contact (address_hash) WHERE address IS NOT NULL;

CREATE TABLE contact_tag (
    contact_id UUID NOT NULL REFERENCES contact (id),
    tag        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (contact_id, tag)
);
CREATE INDEX contact_tag_by_tag ON contact_tag (tag, contact_id);

CREATE TABLE import_run (
    id          UUID PRIMARY KEY,
    file_sha256 BYTEA,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    tally       JSONB NOT NULL,
    CHECK ((file_sha256 IS NULL) = (finished_at IS NULL))
);

CREATE TABLE consent_event (
    seq               BIGINT PRIMARY KEY CHECK (seq >= 1),
    id                UUID NOT NULL UNIQUE,
    consent_id        UUID NOT NULL,
    contact_id        UUID NOT NULL REFERENCES contact (id),
    purpose           TEXT COLLATE "C" NOT NULL REFERENCES purpose (key),
    party             TEXT COLLATE "C" NOT NULL REFERENCES party (key),
    state             TEXT NOT NULL CHECK (state IN ('requested', 'given', 'refused', 'renewed', 'withdrawn',
                          'expired', 'invalidated', 'terminated', 'needs_reconfirmation')),
    occurred_at       TIMESTAMPTZ NOT NULL,
    recorded_at       TIMESTAMPTZ NOT NULL,
    actor             TEXT NOT NULL CHECK (actor IN ('subject', 'operator', 'system', 'authority')),
    channel           TEXT NOT NULL CHECK (channel IN ('web_form', 'double_opt_in', 'import', 'api', 'one_click',
                          'link', 'mail', 'phone', 'feedback_loop', 'staff')),
    policy_version_id UUID REFERENCES policy_version (id),
    policy_sha256     BYTEA,
    wording_id        UUID REFERENCES wording (id),
    wording_sha256    BYTEA,
    language          TEXT,
    valid_until       TIMESTAMPTZ,
    address_hash      BYTEA NOT NULL,
    terms_sha256      BYTEA NOT NULL REFERENCES consent_terms (sha256),
    detail            TEXT,
    detail_salt       BYTEA,
    detail_hash       BYTEA NOT NULL,
    prev_hash         BYTEA NOT NULL CHECK (length(prev_hash) = 32),
    hash              BYTEA NOT NULL CHECK (length(hash) = 32),
    CHECK (length(address_hash) = 32 AND length(detail_hash) = 32),
    CHECK ((detail IS NULL) = (detail_salt IS NULL)),
    CHECK ((policy_version_id IS NULL) = (policy_sha256 IS NULL)),
    CHECK ((wording_id IS NULL) = (wording_sha256 IS NULL)),
    CHECK (state NOT IN ('given', 'renewed') OR valid_until IS NOT NULL),
    CHECK (state NOT IN ('given', 'renewed') OR policy_version_id IS NOT NULL OR wording_id IS NOT NULL)
);
CREATE INDEX consent_event_by_contact ON consent_event (contact_id, seq);

CREATE TABLE ledger_head (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    seq       BIGINT NOT NULL,
    hash      BYTEA NOT NULL CHECK (length(hash) = 32),
    signed_at TIMESTAMPTZ NOT NULL,
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL
);

CREATE TABLE consent (
    id          UUID PRIMARY KEY,
    contact_id  UUID NOT NULL REFERENCES contact (id),
    purpose     TEXT COLLATE "C" NOT NULL REFERENCES purpose (key),
    party       TEXT COLLATE "C" NOT NULL REFERENCES party (key),
    state       TEXT NOT NULL CHECK (state IN ('requested', 'given', 'refused', 'renewed', 'withdrawn',
                    'expired', 'invalidated', 'terminated', 'needs_reconfirmation')),
    since       TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ,
    event_seq   BIGINT NOT NULL REFERENCES consent_event (seq),
    UNIQUE (contact_id, purpose, party),
    CHECK (state NOT IN ('given', 'renewed') OR valid_until IS NOT NULL)
);

CREATE TABLE suppression (
    id           UUID PRIMARY KEY,
    address_hash BYTEA NOT NULL CHECK (length(address_hash) = 32),
    reason       TEXT NOT NULL CHECK (reason IN ('hard_bounce', 'soft_bounces', 'complaint', 'erased', 'all_withdrawn', 'staff')),
    scope        TEXT NOT NULL CHECK (scope IN ('all', 'marketing')),
    created_at   TIMESTAMPTZ NOT NULL,
    ends_at      TIMESTAMPTZ,
    UNIQUE (address_hash, reason)
);

-- Contacts whose permission has just shrunk: what running senders must ask about again.
CREATE TABLE permission_change (
    id         UUID PRIMARY KEY,
    contact_id UUID NOT NULL REFERENCES contact (id),
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX permission_change_by_time ON permission_change (changed_at);

CREATE TABLE campaign (
    id             UUID PRIMARY KEY,
    name           TEXT NOT NULL,
    purpose        TEXT COLLATE "C" NOT NULL REFERENCES purpose (key),
    party          TEXT COLLATE "C" NOT NULL REFERENCES party (key),
    sender         JSONB NOT NULL,
    audience       JSONB NOT NULL,
    source         TEXT NOT NULL,
    pace           TEXT,
    planned_at     TIMESTAMPTZ,
    content_sha256 BYTEA NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'finished', 'cancelled')),
    state_since    TIMESTAMPTZ NOT NULL,
    start_at       TIMESTAMPTZ,
    pause_reason   TEXT,
    started_at     TIMESTAMPTZ,
    expand_after   UUID,
    expanded_at    TIMESTAMPTZ,
    created_at     TIMESTAMPTZ NOT NULL,
    CHECK ((state = 'scheduled') <= (start_at IS NOT NULL)),
    CHECK ((state = 'paused') = (pause_reason IS NOT NULL)),
    CHECK (state IN ('draft', 'scheduled', 'cancelled', 'paused') OR started_at IS NOT NULL),
    CHECK (state <> 'finished' OR expanded_at IS NOT NULL)
);

CREATE TABLE campaign_content (
    campaign_id UUID NOT NULL REFERENCES campaign (id),
    language    TEXT NOT NULL,
    subject     TEXT NOT NULL,
    preheader   TEXT,
    html        TEXT,
    plain       TEXT NOT NULL,
    fields_used JSONB NOT NULL,
    fields      JSONB NOT NULL,
    PRIMARY KEY (campaign_id, language)
);

CREATE TABLE campaign_event (
    id          UUID PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaign (id),
    happened_at TIMESTAMPTZ NOT NULL,
    deed        TEXT NOT NULL CHECK (deed IN ('create', 'schedule', 'start', 'pause', 'resume', 'finish', 'cancel')),
    actor       TEXT NOT NULL,
    detail      TEXT
);
CREATE INDEX campaign_event_by_campaign ON campaign_event (campaign_id, happened_at);

CREATE TABLE node (
    id           UUID PRIMARY KEY,
    version      TEXT NOT NULL,
    started_at   TIMESTAMPTZ NOT NULL,
    heartbeat_at TIMESTAMPTZ NOT NULL,
    stopped_at   TIMESTAMPTZ
);

CREATE TABLE delivery (
    id          UUID NOT NULL PRIMARY KEY,
    campaign_id UUID NOT NULL REFERENCES campaign (id),
    contact_id  UUID NOT NULL REFERENCES contact (id),
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'claimed', 'handing', 'sent', 'failed', 'skipped', 'uncertain')),
    reason      TEXT COLLATE "C",
    consent_seq BIGINT REFERENCES consent_event (seq),
    due_at      TIMESTAMPTZ NOT NULL,
    attempts    BIGINT NOT NULL,
    node_id     UUID,
    gate_at     TIMESTAMPTZ NOT NULL,
    state_since TIMESTAMPTZ NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    UNIQUE (campaign_id, contact_id),
    -- An uncertain delivery keeps the node that was lost with it: that node alone may still mend it.
    CHECK (state NOT IN ('claimed', 'handing') OR node_id IS NOT NULL),
    CHECK (node_id IS NULL OR state IN ('claimed', 'handing', 'uncertain')),
    CHECK (state = 'skipped' OR consent_seq IS NOT NULL),
    CHECK (state NOT IN ('skipped', 'failed', 'uncertain') OR reason IS NOT NULL)
);
CREATE INDEX delivery_queued ON delivery (campaign_id, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_held ON delivery (campaign_id, node_id) WHERE node_id IS NOT NULL;
CREATE INDEX delivery_by_contact ON delivery (contact_id);

CREATE TABLE attempt (
    delivery_id UUID NOT NULL REFERENCES delivery (id),
    number      BIGINT NOT NULL CHECK (number >= 1),
    relay       TEXT NOT NULL,
    gate_at     TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ NOT NULL,
    verdict     TEXT NOT NULL,
    stage       TEXT NOT NULL,
    code        BIGINT,
    reply       TEXT,
    body_sha256 BYTEA,
    PRIMARY KEY (delivery_id, number)
);

CREATE TABLE api_token (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    hash       BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);

-- What was consented to is never rewritten: of an event only the detail may go, on erasure.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER consent_event_is_append_only BEFORE DELETE ON consent_event
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_event_is_immutable BEFORE UPDATE ON consent_event
FOR EACH ROW WHEN (NEW.detail IS NOT NULL OR
    (NEW.seq, NEW.id, NEW.consent_id, NEW.contact_id, NEW.purpose, NEW.party, NEW.state,
    NEW.occurred_at, NEW.recorded_at, NEW.actor, NEW.channel, NEW.policy_version_id, NEW.policy_sha256,
    NEW.wording_id, NEW.wording_sha256, NEW.language, NEW.valid_until, NEW.address_hash,
    NEW.terms_sha256, NEW.detail_hash, NEW.prev_hash, NEW.hash) IS DISTINCT FROM
    (OLD.seq, OLD.id, OLD.consent_id, OLD.contact_id, OLD.purpose, OLD.party, OLD.state,
    OLD.occurred_at, OLD.recorded_at, OLD.actor, OLD.channel, OLD.policy_version_id, OLD.policy_sha256,
    OLD.wording_id, OLD.wording_sha256, OLD.language, OLD.valid_until, OLD.address_hash,
    OLD.terms_sha256, OLD.detail_hash, OLD.prev_hash, OLD.hash))
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_event_is_not_emptied BEFORE TRUNCATE ON consent_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_is_immutable BEFORE UPDATE OR DELETE ON policy_version
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_version_is_not_emptied BEFORE TRUNCATE ON policy_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_text_is_immutable BEFORE UPDATE OR DELETE ON policy_text
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER policy_text_is_not_emptied BEFORE TRUNCATE ON policy_text
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER wording_is_immutable BEFORE UPDATE OR DELETE ON wording
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER wording_is_not_emptied BEFORE TRUNCATE ON wording
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_terms_is_immutable BEFORE UPDATE OR DELETE ON consent_terms
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consent_terms_is_not_emptied BEFORE TRUNCATE ON consent_terms
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
