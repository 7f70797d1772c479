-- Version 1: who is working, batches with their imported rows, the change log and the screen state.
-- Times are UTC, as SQLite's strftime writes them. Never edit this file: append a new one.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per open store. `started` tells a process from a later one with the same number.
CREATE TABLE session (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    pid     INTEGER NOT NULL,
    started INTEGER,
    user    TEXT NOT NULL,
    host    TEXT NOT NULL,
    since   TEXT NOT NULL,
    what    TEXT NOT NULL
) STRICT;

CREATE TABLE batch (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at TEXT NOT NULL,
    path       BLOB NOT NULL,
    file       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    sha256     TEXT,
    sheet      TEXT NOT NULL,
    encoding   TEXT NOT NULL,
    header_row INTEGER NOT NULL,
    date_1904  INTEGER NOT NULL,
    profile    TEXT NOT NULL,
    columns    TEXT NOT NULL,
    complete   INTEGER NOT NULL DEFAULT 0,
    closed     INTEGER NOT NULL DEFAULT 0,
    row_count  INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX batch_by_digest ON batch (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX batch_by_path ON batch (path, size, modified);

CREATE TABLE block (
    batch  INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (batch, number)
) STRICT;

CREATE TABLE skipped (
    batch  INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    line   INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    reason TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (batch, line)
) STRICT, WITHOUT ROWID;

-- applied: 1 in force, 0 undone. The undone ones always stand after those in force.
CREATE TABLE change (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    batch   INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    seq     INTEGER NOT NULL,
    title   TEXT NOT NULL,
    user    TEXT NOT NULL,
    time    TEXT NOT NULL,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
    UNIQUE (batch, seq)
) STRICT;

CREATE TABLE edit (
    change INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    row    INTEGER NOT NULL,
    field  TEXT NOT NULL,
    before TEXT NOT NULL,
    after  TEXT NOT NULL,
    PRIMARY KEY (change, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (
    batch INTEGER PRIMARY KEY REFERENCES batch (id) ON DELETE CASCADE,
    state TEXT NOT NULL
) STRICT;

-- The one session that may change a batch.
CREATE TABLE claim (
    batch   INTEGER PRIMARY KEY REFERENCES batch (id) ON DELETE CASCADE,
    session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    since   TEXT NOT NULL
) STRICT;

CREATE INDEX claim_by_session ON claim (session);
