//! Data that are handed in late (逾期): what bars it, and the explanation that is written of it.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::due::write_text;
use super::{Office, Session};
use crate::domain::due::{self, Late};
use crate::domain::ledger::{BatchId, Marking, Selection, Status};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::store::StoreError;

impl Office {
    /// Writes the draft of the explanation why data of a batch are late.
    ///
    /// # Errors
    /// Nothing of it is late, or its notice asks for no explanation.
    pub fn draft_lateness(
        &self,
        batch: BatchId,
        why: Option<&str>,
        (path, overwrite): (&Path, bool),
    ) -> Result<(), Failure> {
        let on = self.today()?;
        let ledger = self.ledger()?.ok_or_else(|| self.told(&StoreError::NoBatch(batch)))?;
        let known = ledger.known_batch(batch)?;
        let found = known.batches.first().ok_or_else(|| self.told(&StoreError::NoBatch(batch)))?;
        let profile = self.profile(&found.profile)?;
        let late = due::late(found, &profile, &self.calendar(), on);
        let none = || self.locale().fill("due.not-late", &[("batch", &batch.to_string())]);
        let late = late.ok_or_else(|| Failure::new(FailureKind::Rule, none(), ""))?;
        write_text(self, &self.lateness_page(&late, why, on)?, path, overwrite)
    }

    fn lateness_page(&self, late: &Late<'_>, why: Option<&str>, on: NaiveDate) -> Result<String, Failure> {
        let (locale, registry) = (self.report_locale(), self.registry()?);
        let deadline = late.deadline;
        let named = |prefix: &String| {
            let name = registry.get(prefix).map(|one| one.name().to_string());
            let told = name.map_or_else(|| prefix.clone(), |name| format!("{name} {prefix}"));
            text::visible(&told).into_owned()
        };
        let institutions: Vec<String> = late.prefixes.iter().map(named).collect();
        let day = late.handed_in.unwrap_or(on);
        let passed = (day - late.end.due).num_days().to_string();
        let mut page = vec![locale.text("lateness.title").to_string(), String::new()];
        let places = [
            ("thing", &*locale.thing(&late.thing)),
            ("file", &text::visible(&late.file)),
            ("institutions", &institutions.join(locale.text("finding.comma"))),
            ("issued", &late.issued.to_string()),
            ("n", &late.count.to_string()),
        ];
        page.push(locale.fill("lateness.data", &places));
        let places = [
            ("due", &*late.end.due.to_string()),
            ("clause", &deadline.clause),
            ("length", &locale.deadline_length(deadline)),
        ];
        page.push(locale.fill("lateness.due", &places));
        let key = if late.handed_in.is_some() { "lateness.handed-in" } else { "lateness.open" };
        page.push(locale.fill(key, &[("day", &day.to_string()), ("n", &passed)]));
        let blank = locale.text("lateness.to-fill-in");
        let lines = |why: &str| why.lines().map(text::visible).collect::<Vec<_>>().join("\n    ");
        let why = why.map_or_else(|| blank.to_string(), lines);
        page.push(locale.fill("lateness.why", &[("why", &why)]));
        page.push(locale.fill("lateness.measures", &[("what", blank)]));
        page.extend(["lateness.who", "lateness.seal"].map(|key| locale.text(key).to_string()));
        if let Some(clause) = self.catalogue().clause(&deadline.late_clause) {
            let places = [("clause", &*deadline.late_clause), ("quote", &clause.quote)];
            page.extend([String::new(), locale.fill("lateness.clause", &places)]);
        }
        Ok(page.join("\n") + "\n")
    }
}

impl Session {
    /// Tells how many certificates would be handed in so late that it must be explained in writing, and by which clauses;
    /// nothing where none would.
    pub fn lateness_owed(&self, selection: &Selection, marking: &Marking<'_>) -> Result<Option<String>, Failure> {
        if marking.status != Status::Submitted {
            return Ok(None);
        }
        let (office, calendar) = (&self.office, self.office.calendar());
        let mut owed: BTreeMap<(String, String), usize> = BTreeMap::new();
        for ((profile, issued), codes) in self.with(|store| store.to_submit(selection))? {
            let Some(profile) = office.catalogue().profile(&profile) else { continue };
            let Some(deadline) = due::explained(profile) else { continue };
            if deadline.due(issued, &calendar).is_some_and(|end| end.due < marking.on) {
                *owed.entry((deadline.clause.clone(), deadline.late_clause.clone())).or_default() += codes.len();
            }
        }
        let told = owed.iter().map(|((clause, by), n)| {
            office.locale().fill("lateness.owed", &[("n", &n.to_string()), ("clause", clause), ("by", by)])
        });
        Ok(Some(told.collect::<Vec<_>>().join(" ")).filter(|told| !told.is_empty()))
    }

    /// Refuses to call certificates submitted after the day from which nothing is accepted, unless somebody has agreed to that
    /// and says why.
    pub(super) fn must_be_accepted(&self, selection: &Selection, marking: &Marking<'_>) -> Result<(), Failure> {
        if marking.status != Status::Submitted {
            return Ok(());
        }
        if marking.past_deadline {
            let is_blank = marking.reason.trim().is_empty();
            return if is_blank { Err(self.office.usage("cli.blank-reason", &[])) } else { Ok(()) };
        }
        let (office, locale, calendar) = (&self.office, self.office.locale(), self.office.calendar());
        let mut told = Vec::new();
        for ((profile, issued), codes) in self.with(|store| store.to_submit(selection))? {
            let Some(profile) = office.catalogue().profile(&profile) else { continue };
            for stop in due::hard_stops(profile, issued, &calendar).filter(|stop| stop.end.due < marking.on) {
                let places = [
                    ("issued", &*issued.to_string()),
                    ("n", &codes.len().to_string()),
                    ("due", &stop.end.due.to_string()),
                    ("clause", &stop.deadline.clause),
                    ("name", locale.deadline_name(stop.deadline)),
                    ("length", &locale.deadline_length(stop.deadline)),
                ];
                told.push(locale.fill("due.stopped", &places));
                if let Some((second, from)) = stop.second.and_then(|second| Some((second, second.start?))) {
                    let has_passed = second.due < marking.on;
                    let how = if has_passed { "due.stopped-second-passed" } else { "due.stopped-second-open" };
                    let places = [
                        ("clause", &*stop.deadline.or_after),
                        ("from", &from.to_string()),
                        ("day", &second.due.to_string()),
                        ("how", locale.text(how)),
                    ];
                    told.push(locale.fill("due.stopped-second", &places));
                }
            }
        }
        if told.is_empty() {
            return Ok(());
        }
        let failure = Failure::new(FailureKind::Rule, told.join("\n"), locale.text("due.stopped-hint"));
        Err(Failure { here: locale.text("due.stopped-here").to_string(), ..failure })
    }
}
