-- Version 10: the share register: to whom personal data was given outside the upload.
-- Days are YYYY-MM-DD, empty where nothing is said. Never edit this file: append a new one.

-- The latest word on each part, and the entry that says it.
CREATE TABLE share (
    id       INTEGER PRIMARY KEY CHECK (0 < id),
    receiver TEXT NOT NULL,
    purpose  TEXT NOT NULL,
    scene    TEXT NOT NULL,
    scope    TEXT NOT NULL,
    approver TEXT NOT NULL,
    expires  TEXT NOT NULL CHECK (expires = '' OR expires IS date(expires)),
    made     INTEGER NOT NULL REFERENCES audit (seq),
    entry    INTEGER NOT NULL REFERENCES audit (seq),
    ended_on TEXT NOT NULL DEFAULT '' CHECK (ended_on = '' OR ended_on IS date(ended_on)),
    ended    INTEGER REFERENCES audit (seq)
) STRICT;

CREATE TRIGGER share_no_delete BEFORE DELETE ON share
BEGIN SELECT RAISE(ABORT, 'what was shared stays known'); END;

-- The files that were handed out, each by the entry that says so.
CREATE TABLE share_file (
    share  INTEGER NOT NULL REFERENCES share (id),
    entry  INTEGER NOT NULL REFERENCES audit (seq),
    file   TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    holds  TEXT NOT NULL,
    PRIMARY KEY (share, entry)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER share_file_no_delete BEFORE DELETE ON share_file
BEGIN SELECT RAISE(ABORT, 'what was shared stays known'); END;
CREATE TRIGGER share_file_no_update BEFORE UPDATE ON share_file
BEGIN SELECT RAISE(ABORT, 'what was shared stays known'); END;
