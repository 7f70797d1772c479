-- Version 5: what starts and ends deadlines and stands nowhere else, and how the certificates of batches stand.
-- Days are YYYY-MM-DD. Never edit this file: append a new one.

-- The latest word on each: what it is about as the audit chain names it, and an empty day where it was taken back.
CREATE TABLE event (
    about TEXT NOT NULL CHECK (about GLOB 'institution:?*' OR about GLOB 'batch:[1-9]*' OR about GLOB 'case:[1-9]*'),
    event TEXT NOT NULL CHECK (event <> ''),
    day   TEXT NOT NULL CHECK (day = '' OR day IS date(day)),
    entry INTEGER NOT NULL REFERENCES audit (seq),
    PRIMARY KEY (about, event)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event that was noted is taken back by a later word, never deleted'); END;

-- How many certificates of a batch stand how, told without reading the certificates themselves: the front page waits for it.
CREATE INDEX certificate_of_batch ON certificate (batch, status, assessment, series, status_on) WHERE batch IS NOT NULL;
