-- Campaigns while they are being written. The id is that of the campaign that it is or will be: the
-- campaign itself comes to be when it is started, with its content compiled.
CREATE TABLE draft (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    body       TEXT NOT NULL,
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    updated_by TEXT NOT NULL,
    stage      TEXT NOT NULL CHECK (stage IN ('editing', 'submitted', 'returned', 'approved')),
    stage_at   TEXT,
    stage_by   TEXT,
    seal       BLOB CHECK (length(seal) = 32),
    CHECK ((stage = 'editing') = (stage_at IS NULL)),
    CHECK ((stage_at IS NULL) = (stage_by IS NULL)),
    CHECK ((stage IN ('submitted', 'approved')) = (seal IS NOT NULL))
) STRICT;

-- Whoever wrote on a draft: they cannot approve it.
CREATE TABLE draft_author (
    draft_id BLOB NOT NULL REFERENCES draft (id),
    author   TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (draft_id, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_event (
    id          BLOB PRIMARY KEY,
    draft_id    BLOB NOT NULL REFERENCES draft (id),
    happened_at TEXT NOT NULL,
    deed        TEXT NOT NULL CHECK (deed IN ('create', 'copy', 'open', 'submit', 'reopen', 'void', 'send_back',
                    'approve', 'comment', 'start', 'undo', 'test')),
    actor       TEXT NOT NULL,
    revision    INTEGER NOT NULL CHECK (revision >= 1),
    said        TEXT,
    CHECK (deed <> 'comment' OR said IS NOT NULL)
) STRICT;
CREATE INDEX draft_event_by_draft ON draft_event (draft_id, happened_at);

-- Test mails wait here for an engine. They are no deliveries: no contact gets one.
CREATE TABLE test_send (
    id           BLOB PRIMARY KEY,
    campaign_id  BLOB NOT NULL,
    source       TEXT NOT NULL,
    requested_at TEXT NOT NULL,
    requested_by TEXT NOT NULL
) STRICT;
CREATE INDEX test_send_by_campaign ON test_send (campaign_id, requested_at);
CREATE INDEX test_send_by_actor ON test_send (requested_by, requested_at);

CREATE TABLE test_mail (
    id          BLOB PRIMARY KEY,
    send_id     BLOB NOT NULL REFERENCES test_send (id),
    address     TEXT NOT NULL,
    language    TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sent', 'failed')),
    state_since TEXT NOT NULL,
    reason      TEXT,
    CHECK ((state = 'failed') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX test_mail_by_send ON test_mail (send_id);
CREATE INDEX test_mail_open ON test_mail (state, state_since) WHERE state IN ('queued', 'claimed');

-- A start can be taken back as long as nothing has left.
CREATE TABLE campaign_event_with_undo (
    id          BLOB PRIMARY KEY,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    happened_at TEXT NOT NULL,
    deed        TEXT NOT NULL CHECK (deed IN ('create', 'schedule', 'start', 'pause', 'resume', 'finish', 'cancel',
                    'undo')),
    actor       TEXT NOT NULL,
    detail      TEXT
) STRICT;
INSERT INTO campaign_event_with_undo (id, campaign_id, happened_at, deed, actor, detail)
    SELECT id, campaign_id, happened_at, deed, actor, detail FROM campaign_event;
DROP TABLE campaign_event;
ALTER TABLE campaign_event_with_undo RENAME TO campaign_event;
CREATE INDEX campaign_event_by_campaign ON campaign_event (campaign_id, happened_at);
