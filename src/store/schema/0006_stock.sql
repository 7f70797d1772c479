-- Version 6: blank certificates.
-- Days are YYYY-MM-DD. Never edit this file: append a new one.

-- Everything that happened to blanks, each row to a run of them that stood the same: `before` is the row by which they came to
-- stand so, nothing for those received from outside. Every blank has one way: it is received once, and nothing happens twice to
-- what a row left. `certificate` is the one that the first blank is used for; the next blank is used for the next one.
CREATE TABLE blank_move (
    id          INTEGER PRIMARY KEY,
    entry       INTEGER NOT NULL REFERENCES audit (seq),
    kind        TEXT NOT NULL CHECK (kind IN ('ordinary', 'competition')),
    first       INTEGER NOT NULL CHECK (0 <= first),
    last        INTEGER NOT NULL CHECK (first <= last AND last <= 99999999),
    state       TEXT NOT NULL CHECK (state IN ('stock', 'used', 'spoiled', 'destroyed', 'lost')),
    keeper      TEXT NOT NULL CHECK (keeper <> ''),
    place       TEXT NOT NULL,
    certificate INTEGER REFERENCES certificate (id) CHECK ((certificate IS NOT NULL) = (state = 'used')),
    day         TEXT NOT NULL CHECK (day IS date(day)),
    before      INTEGER REFERENCES blank_move (id) CHECK (before IS NOT NULL OR state = 'stock')
) STRICT;

CREATE INDEX blank_move_received ON blank_move (kind, first) WHERE before IS NULL;
CREATE INDEX blank_move_after ON blank_move (before, first) WHERE before IS NOT NULL;
CREATE INDEX blank_move_by_entry ON blank_move (entry);

-- How every blank stands, in runs: by which row, and for which certificate the first is used. It follows from the rows above and
-- is kept by them alone.
CREATE TABLE blank (
    kind        TEXT NOT NULL,
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL CHECK (first <= last),
    move        INTEGER NOT NULL REFERENCES blank_move (id),
    certificate INTEGER REFERENCES certificate (id),
    PRIMARY KEY (kind, first)
) STRICT, WITHOUT ROWID;

CREATE INDEX blank_of_certificate ON blank (certificate) WHERE certificate IS NOT NULL;

-- How many a keeper has had and where they are: nothing is unaccounted for at any time.
CREATE TABLE blank_balance (
    kind      TEXT NOT NULL,
    keeper    TEXT NOT NULL,
    received  INTEGER NOT NULL DEFAULT 0,
    came      INTEGER NOT NULL DEFAULT 0,
    went      INTEGER NOT NULL DEFAULT 0,
    stock     INTEGER NOT NULL DEFAULT 0 CHECK (0 <= stock),
    used      INTEGER NOT NULL DEFAULT 0 CHECK (0 <= used),
    spoiled   INTEGER NOT NULL DEFAULT 0 CHECK (0 <= spoiled),
    destroyed INTEGER NOT NULL DEFAULT 0 CHECK (0 <= destroyed),
    lost      INTEGER NOT NULL DEFAULT 0 CHECK (0 <= lost),
    PRIMARY KEY (kind, keeper),
    CHECK (received + came - went = stock + used + spoiled + destroyed + lost)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER blank_move_no_update BEFORE UPDATE ON blank_move
BEGIN SELECT RAISE(ABORT, 'what happened to a blank is never changed'); END;
CREATE TRIGGER blank_move_no_delete BEFORE DELETE ON blank_move
BEGIN SELECT RAISE(ABORT, 'what happened to a blank stays known'); END;

CREATE TRIGGER blank_move_in_order BEFORE INSERT ON blank_move
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM blank_move)
BEGIN SELECT RAISE(ABORT, 'what happens to blanks is appended at the end'); END;
CREATE TRIGGER blank_move_received_once BEFORE INSERT ON blank_move
WHEN NEW.before IS NULL AND NEW.first <= (SELECT last FROM blank_move WHERE before IS NULL AND kind = NEW.kind
                                          AND first <= NEW.last ORDER BY first DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a blank is received once'); END;
CREATE TRIGGER blank_move_once BEFORE INSERT ON blank_move
WHEN NEW.first <= (SELECT last FROM blank_move WHERE before = NEW.before AND first <= NEW.last ORDER BY first DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a blank has one way'); END;
CREATE TRIGGER blank_move_goes_on BEFORE INSERT ON blank_move
WHEN NEW.before IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM blank_move b WHERE b.id = NEW.before AND b.kind = NEW.kind AND b.first <= NEW.first
     AND NEW.last <= b.last AND b.day <= NEW.day
     AND b.state || ' ' || NEW.state IN ('stock stock', 'stock used', 'stock spoiled', 'stock lost', 'used used',
                                         'used spoiled', 'lost spoiled', 'spoiled destroyed'))
BEGIN SELECT RAISE(ABORT, 'a blank that is used, spoiled, destroyed or lost is not used again'); END;
CREATE TRIGGER blank_move_of_certificates BEFORE INSERT ON blank_move
WHEN NEW.certificate IS NOT NULL AND NEW.last - NEW.first + 1 <>
    (SELECT count(*) FROM certificate WHERE id BETWEEN NEW.certificate AND NEW.certificate + NEW.last - NEW.first)
BEGIN SELECT RAISE(ABORT, 'a blank is used for a certificate that there is'); END;
-- Those of the run itself are laid beside other certificates by the new row.
CREATE TRIGGER blank_move_one_each BEFORE INSERT ON blank_move
WHEN NEW.certificate <= (SELECT certificate + last - first FROM blank
                         WHERE certificate <= NEW.certificate + NEW.last - NEW.first
                           AND NOT (kind = NEW.kind AND NEW.first <= first AND last <= NEW.last)
                         ORDER BY certificate DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a certificate has one blank'); END;

CREATE TRIGGER blank_move_stands AFTER INSERT ON blank_move
BEGIN
    INSERT INTO blank SELECT kind, NEW.last + 1, last, move, certificate + NEW.last + 1 - first FROM blank
        WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND NEW.last < last
          AND first = (SELECT max(first) FROM blank WHERE kind = NEW.kind AND first <= NEW.first);
    UPDATE blank SET last = NEW.first - 1
        WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND NEW.first <= last
          AND first = (SELECT max(first) FROM blank WHERE kind = NEW.kind AND first < NEW.first);
    DELETE FROM blank WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND first = NEW.first;
    INSERT INTO blank VALUES (NEW.kind, NEW.first, NEW.last, NEW.id, NEW.certificate);
END;

CREATE TRIGGER blank_move_balances AFTER INSERT ON blank_move
BEGIN
    INSERT INTO blank_balance (kind, keeper) VALUES (NEW.kind, NEW.keeper) ON CONFLICT DO NOTHING;
    UPDATE blank_balance SET
        received = received + n * (was IS NULL),
        came = came + n * (was IS NOT NULL AND former <> keeper),
        stock = stock + n * ((NEW.state = 'stock') - (former = keeper AND was IS 'stock')),
        used = used + n * ((NEW.state = 'used') - (former = keeper AND was IS 'used')),
        spoiled = spoiled + n * ((NEW.state = 'spoiled') - (former = keeper AND was IS 'spoiled')),
        destroyed = destroyed + n * ((NEW.state = 'destroyed') - (former = keeper AND was IS 'destroyed')),
        lost = lost + n * ((NEW.state = 'lost') - (former = keeper AND was IS 'lost'))
    FROM (SELECT NEW.last - NEW.first + 1 AS n, (SELECT state FROM blank_move WHERE id = NEW.before) AS was,
                 coalesce((SELECT keeper FROM blank_move WHERE id = NEW.before), '') AS former)
    WHERE kind = NEW.kind AND keeper = NEW.keeper;
    UPDATE blank_balance SET
        went = went + n,
        stock = stock - n * (was = 'stock'),
        used = used - n * (was = 'used'),
        spoiled = spoiled - n * (was = 'spoiled'),
        destroyed = destroyed - n * (was = 'destroyed'),
        lost = lost - n * (was = 'lost')
    FROM (SELECT NEW.last - NEW.first + 1 AS n, state AS was, keeper AS former FROM blank_move WHERE id = NEW.before)
    WHERE kind = NEW.kind AND keeper = former AND former <> NEW.keeper;
END;
