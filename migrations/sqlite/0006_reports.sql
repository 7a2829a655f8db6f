-- The same tables and columns stand in migrations/postgres.

-- What has ended for good is in exactly one of these, in the order in which it ended: what counts a
-- campaign reads only what is new, and each number of a report leads to its people.
-- All columns that counting asks for are in the index, so that no row is fetched for it.
CREATE INDEX delivery_sent ON delivery (campaign_id, state, state_since, id) WHERE state = 'sent';
CREATE INDEX delivery_apart ON delivery (campaign_id, state, reason, state_since, id, node_id)
    WHERE state IN ('failed', 'skipped', 'uncertain') AND node_id IS NULL;
-- People of one domain, for the same.
CREATE INDEX contact_by_domain ON contact (substr(address, instr(address, '@') + 1), id)
    WHERE address IS NOT NULL;

CREATE INDEX campaign_by_phase ON campaign (state, state_since);
CREATE INDEX campaign_by_plan ON campaign (start_at) WHERE state = 'scheduled';
CREATE INDEX campaign_by_start ON campaign (started_at) WHERE started_at IS NOT NULL;
CREATE INDEX campaign_by_purpose ON campaign (purpose, started_at) WHERE started_at IS NOT NULL;

-- How many deliveries a campaign has; when its figures were found complete after its end.
CREATE TABLE campaign_progress (
    campaign_id BLOB PRIMARY KEY REFERENCES campaign (id),
    written     INTEGER NOT NULL CHECK (written >= 0),
    settled_at  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_unsettled ON campaign_progress (campaign_id) WHERE settled_at IS NULL;
INSERT INTO campaign_progress (campaign_id, written)
    SELECT campaign_id, count(*) FROM delivery GROUP BY campaign_id;

-- Ended deliveries that stand in campaign_figure: of each state and reason those up to a place in
-- the order in which they ended. The reason of what was sent is ''.
CREATE TABLE campaign_fold (
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    state       TEXT NOT NULL CHECK (state IN ('sent', 'failed', 'skipped', 'uncertain')),
    reason      TEXT NOT NULL,
    n           INTEGER NOT NULL CHECK (n >= 1),
    upto        TEXT NOT NULL,
    upto_id     BLOB NOT NULL,
    PRIMARY KEY (campaign_id, state, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_figure (
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    dimension   TEXT NOT NULL CHECK (dimension IN ('domain', 'language', 'moment')),
    key         TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('sent', 'failed', 'skipped', 'uncertain')),
    n           INTEGER NOT NULL CHECK (n >= 1),
    PRIMARY KEY (campaign_id, dimension, key, state)
) STRICT, WITHOUT ROWID;

-- Who left by the link of which message.
CREATE TABLE departure (
    delivery_id BLOB PRIMARY KEY REFERENCES delivery (id),
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    contact_id  BLOB NOT NULL REFERENCES contact (id),
    left_at     TEXT NOT NULL,
    channel     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX departure_by_campaign ON departure (campaign_id, left_at, delivery_id);

-- Up to where the ledger was searched for departures.
CREATE TABLE departure_search (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO departure_search (id, seq) VALUES (1, 0);
