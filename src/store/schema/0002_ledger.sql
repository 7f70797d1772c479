-- Version 2: the institution registry, the ledger of certificate numbers, cases, and the audit chain.
-- Times are UTC, as SQLite's strftime writes them; days are YYYY-MM-DD. Never edit this file: append a new one.

-- Append only: each entry carries the hash of the one before it.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    time     TEXT NOT NULL,
    user     TEXT NOT NULL,
    action   TEXT NOT NULL,
    object   TEXT NOT NULL,
    before   TEXT NOT NULL,
    after    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT;

CREATE INDEX audit_by_object ON audit (object);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END;
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN SELECT RAISE(ABORT, 'an audit entry is appended at the end'); END;

-- The registry. An institution is never deleted: its prefix is retired.
CREATE TABLE institution (
    prefix         TEXT PRIMARY KEY CHECK (length(prefix) = 13),
    profile        TEXT NOT NULL,
    kind           TEXT NOT NULL,
    filed_on       TEXT,
    contact        TEXT NOT NULL,
    retired_on     TEXT,
    retired_reason TEXT NOT NULL DEFAULT '',
    successor      TEXT REFERENCES institution (prefix)
) STRICT, WITHOUT ROWID;

CREATE TABLE institution_name (
    prefix     TEXT NOT NULL REFERENCES institution (prefix),
    number     INTEGER NOT NULL,
    name       TEXT NOT NULL,
    valid_from TEXT,
    valid_to   TEXT,
    PRIMARY KEY (prefix, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE institution_seal (
    prefix          TEXT NOT NULL REFERENCES institution (prefix),
    number          INTEGER NOT NULL,
    name            TEXT NOT NULL,
    used_from       TEXT,
    electronic_from TEXT,
    PRIMARY KEY (prefix, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE institution_scope (
    prefix          TEXT NOT NULL REFERENCES institution (prefix),
    number          INTEGER NOT NULL,
    occupation      TEXT NOT NULL,
    occupation_code TEXT NOT NULL,
    work_type       TEXT NOT NULL,
    levels          TEXT NOT NULL,
    standard        TEXT NOT NULL,
    PRIMARY KEY (prefix, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER institution_no_delete BEFORE DELETE ON institution
BEGIN SELECT RAISE(ABORT, 'an institution is never deleted'); END;
CREATE TRIGGER institution_stays_retired BEFORE UPDATE ON institution
WHEN OLD.retired_on IS NOT NULL AND (NEW.retired_on IS NOT OLD.retired_on OR NEW.prefix <> OLD.prefix)
BEGIN SELECT RAISE(ABORT, 'a retired prefix stays retired'); END;

-- What is counted separately. `high` is the largest serial taken and only grows.
CREATE TABLE series (
    id      INTEGER PRIMARY KEY CHECK (0 < id AND id < 4294967296),
    key     TEXT NOT NULL UNIQUE CHECK (length(key) = 22),
    profile TEXT NOT NULL,
    first   INTEGER NOT NULL CHECK (0 <= first),
    last    INTEGER NOT NULL,
    high    INTEGER NOT NULL CHECK (first - 1 <= high AND high < 1073741824)
) STRICT;

CREATE TRIGGER series_no_delete BEFORE DELETE ON series
BEGIN SELECT RAISE(ABORT, 'a series is never deleted'); END;
CREATE TRIGGER series_only_grows BEFORE UPDATE ON series
WHEN NEW.high < OLD.high OR NEW.key <> OLD.key OR NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a series only grows'); END;

-- Which numbers an audit entry is about, as runs of a series: the life of a certificate is found here, and what was given to
-- the rows of a batch. `gives`: 1 where the entry made numbers for our own use, 0 where it only tells what became of them.
CREATE TABLE touched (
    series INTEGER NOT NULL REFERENCES series (id),
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL CHECK (first <= last),
    entry  INTEGER NOT NULL REFERENCES audit (seq),
    batch  INTEGER REFERENCES batch (id),
    gives  INTEGER NOT NULL CHECK (gives IN (0, 1)),
    PRIMARY KEY (series, first, entry)
) STRICT, WITHOUT ROWID;

CREATE INDEX touched_by_batch ON touched (batch) WHERE batch IS NOT NULL;

CREATE TRIGGER touched_no_delete BEFORE DELETE ON touched
BEGIN SELECT RAISE(ABORT, 'what happened to a number stays known'); END;
CREATE TRIGGER touched_not_retired BEFORE INSERT ON touched
WHEN NEW.gives AND EXISTS (SELECT 1 FROM series s JOIN institution i ON i.prefix = substr(s.key, 1, 13)
                           WHERE s.id = NEW.series AND i.retired_on IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a retired prefix issues no numbers'); END;

-- Serials up to `high` of which nothing is known but why. A later import may fill one, or a part of it.
CREATE TABLE gap (
    series INTEGER NOT NULL REFERENCES series (id),
    first  INTEGER NOT NULL,
    last   INTEGER NOT NULL CHECK (first <= last),
    entry  INTEGER NOT NULL REFERENCES audit (seq),
    reason TEXT NOT NULL CHECK (reason <> ''),
    PRIMARY KEY (series, first)
) STRICT, WITHOUT ROWID;

-- The assessments (认定) that certificates come of: one stands once for all whose certificates say the same of it. The first
-- says nothing and is that of a number without a holder.
CREATE TABLE assessment (
    id           INTEGER PRIMARY KEY,
    occupation   TEXT NOT NULL,
    work_type    TEXT NOT NULL,
    level        TEXT NOT NULL,
    issue_date   TEXT NOT NULL,
    institution  TEXT NOT NULL,
    issuing_body TEXT NOT NULL,
    UNIQUE (occupation, work_type, level, issue_date, institution, issuing_body)
) STRICT;

INSERT INTO assessment VALUES (1, '', '', '', '', '', '');

CREATE TRIGGER assessment_no_delete BEFORE DELETE ON assessment
BEGIN SELECT RAISE(ABORT, 'what certificates say is never deleted'); END;
CREATE TRIGGER assessment_no_update BEFORE UPDATE ON assessment
BEGIN SELECT RAISE(ABORT, 'what many certificates say is never changed for all of them'); END;

-- One row per number ever taken. That none is taken twice is said by the primary key, which is made of the series and the
-- serial, and by the UNIQUE code; that none is set free again by the triggers below.
CREATE TABLE certificate (
    id           INTEGER PRIMARY KEY CHECK (0 < serial),
    series       INTEGER NOT NULL GENERATED ALWAYS AS (id >> 30) VIRTUAL REFERENCES series (id),
    serial       INTEGER NOT NULL GENERATED ALWAYS AS (id & 1073741823) VIRTUAL,
    code         TEXT NOT NULL UNIQUE CHECK (length(code) = 22),
    -- Written out: a list would be sorted anew for every row that is written.
    status       TEXT NOT NULL CHECK (status = 'allocated' OR status = 'exported' OR status = 'submitted'
                                      OR status = 'accepted' OR status = 'returned' OR status = 'published'
                                      OR status = 'reserved' OR status = 'void' OR status = 'revoked'),
    status_on    TEXT NOT NULL,
    -- The batch is there as long as a run in `touched` names it; a second index over every certificate would say no more.
    batch        INTEGER,
    row          INTEGER CHECK ((row IS NULL) = (batch IS NULL)),
    -- The entry that took the number, which also stands in `touched`. It is written after the certificates it tells the digest of.
    taken        INTEGER NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    pinyin       TEXT NOT NULL DEFAULT '',
    id_type      TEXT NOT NULL DEFAULT '',
    id_number    TEXT NOT NULL DEFAULT '',
    employer     TEXT NOT NULL DEFAULT '',
    assessment   INTEGER NOT NULL DEFAULT 1 REFERENCES assessment (id),
    reissued_on  TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX certificate_by_id_number ON certificate (id_number) WHERE id_number <> '';
-- Both by the first letters and by the name, whose letters are known: one index is written for every certificate, not two.
CREATE INDEX certificate_by_name ON certificate (pinyin, name) WHERE name <> '';
-- The few that stand for nobody: a series counts its certificates without reading them.
CREATE INDEX certificate_without_holder ON certificate (series, status) WHERE status IN ('reserved', 'void');

CREATE TRIGGER certificate_no_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'a number once taken is never set free'); END;
CREATE TRIGGER certificate_keeps_number BEFORE UPDATE OF id, code, taken ON certificate
WHEN NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.taken <> OLD.taken
BEGIN SELECT RAISE(ABORT, 'a certificate keeps its number'); END;
CREATE TRIGGER certificate_stays_ended BEFORE UPDATE OF status ON certificate
WHEN OLD.status IN ('void', 'revoked') AND NEW.status <> OLD.status
BEGIN SELECT RAISE(ABORT, 'a void or revoked certificate stays so'); END;

-- Cases (更正, 补发, 撤销). `snapshot` is the record as it was when the case was opened (BJ-60), `request` what was asked for;
-- both are JSON.
CREATE TABLE case_file (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('correct', 'reissue', 'revoke')),
    state        TEXT NOT NULL CHECK (state IN ('open', 'approved', 'closed', 'refused')),
    certificate  INTEGER NOT NULL REFERENCES certificate (id),
    snapshot     TEXT NOT NULL,
    request      TEXT NOT NULL,
    applied_on   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    opened       INTEGER NOT NULL REFERENCES audit (seq),
    approval     TEXT NOT NULL DEFAULT '',
    approved_on  TEXT,
    approved     INTEGER REFERENCES audit (seq),
    withdrawn_on TEXT,
    ended        INTEGER REFERENCES audit (seq),
    CHECK ((approved IS NULL) = (approved_on IS NULL)),
    CHECK ((ended IS NULL) = (state IN ('open', 'approved')))
) STRICT;

CREATE INDEX case_by_certificate ON case_file (certificate);
-- Of each kind a certificate has one case at a time.
CREATE UNIQUE INDEX case_one_at_a_time ON case_file (certificate, kind) WHERE state IN ('open', 'approved');

CREATE TRIGGER case_no_delete BEFORE DELETE ON case_file
BEGIN SELECT RAISE(ABORT, 'a case is never deleted'); END;
CREATE TRIGGER case_keeps_request
BEFORE UPDATE OF id, kind, certificate, snapshot, request, applied_on, reason, opened ON case_file
BEGIN SELECT RAISE(ABORT, 'what a case was opened for is never changed'); END;
CREATE TRIGGER case_only_goes_on BEFORE UPDATE ON case_file
WHEN OLD.state IN ('closed', 'refused') OR (OLD.state = 'approved' AND NEW.state = 'open')
BEGIN SELECT RAISE(ABORT, 'a case only goes on'); END;

-- A change that gave numbers cannot be undone; it names the entry that took them.
ALTER TABLE change ADD COLUMN allocation INTEGER REFERENCES audit (seq);
-- The cells of such a change, packed: there are as many as numbers, and they are read together. Those of others stand in edit.
ALTER TABLE change ADD COLUMN packed BLOB CHECK (packed IS NULL OR allocation IS NOT NULL);
-- 1: an undone step that a later one replaced. Nothing shows it any more, the audit chain still does.
ALTER TABLE change ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1));
