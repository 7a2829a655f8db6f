-- Pictures that mail shows and calendar files that it links to. The bytes come last, so that lists do
-- not read past them. A row is public under its name, which nobody guesses.
CREATE TABLE media (
    id          BLOB PRIMARY KEY,
    sha256      BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    public_name TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'gif', 'calendar')),
    file_name   TEXT NOT NULL,
    search      TEXT NOT NULL,
    size        INTEGER NOT NULL CHECK (size BETWEEN 1 AND 5242880),
    width       INTEGER CHECK (width >= 1),
    height      INTEGER CHECK (height >= 1),
    alts        TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    content     BLOB NOT NULL,
    CHECK ((kind = 'calendar') = (width IS NULL)),
    CHECK ((width IS NULL) = (height IS NULL))
) STRICT;
CREATE INDEX media_pictures ON media (id) WHERE width IS NOT NULL;
