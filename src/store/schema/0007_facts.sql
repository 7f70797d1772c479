-- Version 7: facts of institutions, batches and cases, and files that belong to them.
-- Never edit this file: append a new one.

-- The latest word on each: what it is about as the audit chain names it, and an empty value where it was taken back.
CREATE TABLE fact (
    about TEXT NOT NULL CHECK (about GLOB 'institution:?*' OR about GLOB 'batch:[1-9]*' OR about GLOB 'case:[1-9]*'),
    fact  TEXT NOT NULL CHECK (fact <> ''),
    value TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES audit (seq),
    PRIMARY KEY (about, fact)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact
BEGIN SELECT RAISE(ABORT, 'a fact that was noted is taken back by a later word, never deleted'); END;
