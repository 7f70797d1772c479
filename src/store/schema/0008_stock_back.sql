-- Version 8: blanks whose receipt is taken back, and lost ones that are found again.
-- Days are YYYY-MM-DD. Never edit this file: append a new one.

-- A row that takes a receipt back, or a part of it to which nothing has happened: the blanks never came, and their numbers may be
-- received again.
ALTER TABLE blank_move ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0
    CHECK (withdrawn = 0 OR (withdrawn = 1 AND state = 'stock' AND before IS NOT NULL));

DROP TRIGGER blank_move_received_once;
DROP TRIGGER blank_move_goes_on;
DROP TRIGGER blank_move_stands;
DROP TRIGGER blank_move_balances;

CREATE TRIGGER blank_move_received_once BEFORE INSERT ON blank_move
WHEN NEW.before IS NULL AND NEW.first <= (SELECT last FROM blank WHERE kind = NEW.kind AND first <= NEW.last
                                          ORDER BY first DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'a blank is received once'); END;
CREATE TRIGGER blank_move_goes_on BEFORE INSERT ON blank_move
WHEN NEW.before IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM blank_move b WHERE b.id = NEW.before AND b.kind = NEW.kind AND b.first <= NEW.first
     AND NEW.last <= b.last AND b.day <= NEW.day
     AND b.state || ' ' || NEW.state IN ('stock stock', 'stock used', 'stock spoiled', 'stock lost', 'used used',
                                         'used spoiled', 'lost spoiled', 'lost stock', 'spoiled destroyed')
     AND b.withdrawn = 0
     AND (NEW.withdrawn = 0 OR (b.before IS NULL AND b.keeper = NEW.keeper)))
BEGIN SELECT RAISE(ABORT, 'a blank that is used, spoiled, destroyed or lost is not used again'); END;

CREATE TRIGGER blank_move_stands AFTER INSERT ON blank_move
BEGIN
    INSERT INTO blank SELECT kind, NEW.last + 1, last, move, certificate + NEW.last + 1 - first FROM blank
        WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND NEW.last < last
          AND first = (SELECT max(first) FROM blank WHERE kind = NEW.kind AND first <= NEW.first);
    UPDATE blank SET last = NEW.first - 1
        WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND NEW.first <= last
          AND first = (SELECT max(first) FROM blank WHERE kind = NEW.kind AND first < NEW.first);
    DELETE FROM blank WHERE NEW.before IS NOT NULL AND kind = NEW.kind AND first = NEW.first;
    INSERT INTO blank SELECT NEW.kind, NEW.first, NEW.last, NEW.id, NEW.certificate WHERE NEW.withdrawn = 0;
END;

CREATE TRIGGER blank_move_balances AFTER INSERT ON blank_move
BEGIN
    INSERT INTO blank_balance (kind, keeper) VALUES (NEW.kind, NEW.keeper) ON CONFLICT DO NOTHING;
    UPDATE blank_balance SET
        received = received + n * ((was IS NULL) - NEW.withdrawn),
        came = came + n * (was IS NOT NULL AND former <> keeper),
        stock = stock + n * ((NEW.state = 'stock' AND NEW.withdrawn = 0) - (former = keeper AND was IS 'stock')),
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
