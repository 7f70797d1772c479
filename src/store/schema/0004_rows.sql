-- Version 4: what is said of rows besides their cells.
-- Never edit this file: append a new one.

-- Belongs to a change as `edit` does. `what`: 'aside', why the row was put aside, or 'note'. Nothing is said where a text is NULL.
CREATE TABLE row_edit (
    change INTEGER NOT NULL REFERENCES change (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    row    INTEGER NOT NULL,
    what   TEXT NOT NULL,
    before TEXT,
    after  TEXT,
    PRIMARY KEY (change, number)
) STRICT, WITHOUT ROWID;
