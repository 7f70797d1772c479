-- Version 3: batches that hold the rows of several files or sheets.
-- Times are UTC, as SQLite's strftime writes them. Never edit this file: append a new one.

-- The files that were added to a batch; the first one is told by the batch's own row. Their rows stand in the blocks from
-- `first_block` on, laid out in the columns of the batch; `columns` are those of the file. `batch_columns` is how many columns
-- the batch had before.
CREATE TABLE part (
    batch         INTEGER NOT NULL REFERENCES batch (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL CHECK (0 < number),
    added_at      TEXT NOT NULL,
    path          BLOB NOT NULL,
    file          TEXT NOT NULL,
    size          INTEGER NOT NULL,
    modified      INTEGER NOT NULL,
    sha256        TEXT,
    sheet         TEXT NOT NULL,
    encoding      TEXT NOT NULL,
    header_row    INTEGER NOT NULL,
    date_1904     INTEGER NOT NULL,
    columns       TEXT NOT NULL,
    beside        TEXT NOT NULL,
    batch_columns INTEGER NOT NULL,
    first_block   INTEGER NOT NULL,
    first_row     INTEGER NOT NULL,
    row_count     INTEGER NOT NULL,
    PRIMARY KEY (batch, number)
) STRICT;

CREATE TABLE part_skipped (
    batch  INTEGER NOT NULL,
    part   INTEGER NOT NULL,
    line   INTEGER NOT NULL,
    count  INTEGER NOT NULL,
    reason TEXT NOT NULL,
    text   TEXT NOT NULL,
    PRIMARY KEY (batch, part, line),
    FOREIGN KEY (batch, part) REFERENCES part (batch, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
