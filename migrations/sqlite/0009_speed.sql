-- Whether a campaign runs is asked for every message. Its row holds the whole source, behind which
-- the state would have to be read.
CREATE INDEX campaign_by_state ON campaign (state, id);
