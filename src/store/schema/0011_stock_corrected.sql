-- Version 11: a use, a spoilage or a destruction of blanks that was noted by mistake is corrected.
-- Days are YYYY-MM-DD. Never edit this file: append a new one.

-- A row that corrects the one before it names the row as which the blanks stand again: as if the wrong one had never been, and
-- since the day since which they had stood so.
ALTER TABLE blank_move ADD COLUMN restores INTEGER REFERENCES blank_move (id)
    CHECK (restores IS NULL OR (before IS NOT NULL AND withdrawn = 0 AND state IN ('stock', 'used', 'spoiled')));

DROP TRIGGER blank_move_goes_on;

CREATE TRIGGER blank_move_goes_on BEFORE INSERT ON blank_move
WHEN NEW.before IS NOT NULL AND NEW.restores IS NULL AND NOT EXISTS
    (SELECT 1 FROM blank_move b WHERE b.id = NEW.before AND b.kind = NEW.kind AND b.first <= NEW.first
     AND NEW.last <= b.last AND b.day <= NEW.day
     AND b.state || ' ' || NEW.state IN ('stock stock', 'stock used', 'stock spoiled', 'stock lost', 'used used',
                                         'used spoiled', 'lost spoiled', 'lost stock', 'spoiled destroyed')
     AND b.withdrawn = 0
     AND (NEW.withdrawn = 0 OR (b.before IS NULL AND b.keeper = NEW.keeper)))
BEGIN SELECT RAISE(ABORT, 'a blank that is used, spoiled, destroyed or lost is not used again'); END;
-- `b` is what they stand by, `o` what that restores where it is a correction itself, `p` what was before that, and `r` what that
-- restores in its turn.
CREATE TRIGGER blank_move_corrects BEFORE INSERT ON blank_move
WHEN NEW.restores IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM blank_move b JOIN blank_move o ON o.id = coalesce(b.restores, b.id)
     JOIN blank_move p ON p.id = o.before JOIN blank_move r ON r.id = coalesce(p.restores, p.id)
     WHERE b.id = NEW.before AND b.kind = NEW.kind AND b.first <= NEW.first AND NEW.last <= b.last
       AND o.state IN ('used', 'spoiled', 'destroyed') AND r.id = NEW.restores AND r.state = NEW.state
       AND r.keeper = NEW.keeper AND r.place = NEW.place AND r.day = NEW.day
       AND NEW.certificate IS r.certificate + NEW.first - r.first)
BEGIN SELECT RAISE(ABORT, 'a correction has blanks stand as they stood before'); END;

CREATE INDEX blank_move_restored ON blank_move (restores, id) WHERE restores IS NOT NULL;
