-- Version 12: how the certificates of each batch stand, counted when they change, so that what is due of thousands of batches is told
-- without reading every certificate. Never edit this file: append a new one.

-- Certificates of one series, status and issue date: since when the first of them stands so, and the ends of their serials.
CREATE TABLE batch_count (
    batch        INTEGER NOT NULL,
    status       TEXT NOT NULL,
    series       INTEGER NOT NULL,
    issue_date   TEXT NOT NULL,
    since        TEXT NOT NULL,
    certificates INTEGER NOT NULL CHECK (0 < certificates),
    first        INTEGER NOT NULL,
    last         INTEGER NOT NULL CHECK (first <= last),
    PRIMARY KEY (batch, status, series, issue_date)
) STRICT, WITHOUT ROWID;

-- The batches that are to be counted before the transaction ends; empty when it has.
CREATE TABLE batch_to_count (batch INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER certificate_new_counts AFTER INSERT ON certificate
WHEN NEW.batch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batch_to_count WHERE batch = NEW.batch)
BEGIN INSERT INTO batch_to_count VALUES (NEW.batch); END;

CREATE TRIGGER certificate_changed_counts AFTER UPDATE OF status, status_on, batch, assessment ON certificate
WHEN NEW.batch IS NOT NULL AND NOT EXISTS (SELECT 1 FROM batch_to_count WHERE batch = NEW.batch)
BEGIN INSERT INTO batch_to_count VALUES (NEW.batch); END;

INSERT INTO batch_count
    SELECT g.batch, g.status, g.series, a.issue_date, min(g.since), sum(g.certificates), min(g.first), max(g.last)
    FROM (SELECT batch, status, id >> 30 AS series, assessment, min(status_on) AS since, count(*) AS certificates,
                 min(id) & 1073741823 AS first, max(id) & 1073741823 AS last
          FROM certificate WHERE batch IS NOT NULL GROUP BY batch, status, assessment, id >> 30) g
    JOIN assessment a ON a.id = g.assessment GROUP BY g.batch, g.status, g.series, a.issue_date;
