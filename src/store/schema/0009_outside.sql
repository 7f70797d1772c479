-- Version 9: certificates that belong to no batch and still wait for something: those that `ledger import` took in.
-- Never edit this file: append a new one.

CREATE INDEX certificate_outside ON certificate (series, status, assessment, status_on)
    WHERE batch IS NULL AND status IN ('allocated', 'exported', 'submitted', 'accepted', 'returned');
