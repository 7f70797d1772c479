//! Data that are handed in late (逾期): what bars it, and the explanation that is written of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;

use super::due::write_text;
use super::{Office, Session};
use crate::domain::due::{self, KnownBatch, KnownOutside, KnownThings, Late};
use crate::domain::ledger::event::{DatedEvent, Thing};
use crate::domain::ledger::{Marking, Selection, Status};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::store::{OfDay, StoreError, StoreReader};

impl Office {
    /// Writes the draft of the explanation why data are late: of a batch, or certificates of an institution that belong to none.
    ///
    /// # Errors
    /// Nothing of it is late, or its notice asks for no explanation.
    pub fn draft_lateness(
        &self,
        thing: &Thing,
        why: Option<&str>,
        (path, overwrite): (&Path, bool),
    ) -> Result<(), Failure> {
        let (on, calendar) = (self.today()?, self.calendar());
        let known = match (thing, self.ledger()?) {
            (Thing::Batch(batch), None) => return Err(self.told(&StoreError::NoBatch(*batch))),
            (Thing::Batch(batch), Some(ledger)) => ledger.known_batch(*batch)?,
            (_, None) => KnownThings::default(),
            (_, Some(ledger)) => ledger.with(StoreReader::known_things)?,
        };
        let registry = &known.registry;
        let of_batch = |one: &KnownBatch| (one.profile.clone(), one.file.clone(), one.groups.clone());
        let name = |prefix: &str| registry.get(prefix).map_or_else(|| prefix.to_string(), |one| one.name().to_string());
        let of_none = |one: &KnownOutside| (one.profile.clone(), name(&one.prefix), one.groups.clone());
        let found: Vec<_> = match thing {
            Thing::Batch(_) => known.batches.iter().map(of_batch).collect(),
            Thing::Institution(prefix) if registry.get(prefix).is_none() => {
                return Err(self.unknown_institution(prefix, registry));
            }
            thing => known
                .outside
                .iter()
                .filter(|one| *thing == Thing::Institution(one.prefix.clone()))
                .map(of_none)
                .collect(),
        };
        for (profile, title, groups) in found {
            let profile = self.profile(&profile)?;
            if let Some(late) = due::late((thing, &title, &groups), &profile, &calendar, on) {
                return write_text(self, &self.lateness_page(&late, why, on)?, path, overwrite);
            }
        }
        let named = self.locale().thing(thing);
        Err(Failure::new(FailureKind::Rule, self.locale().fill("due.not-late", &[("thing", &named)]), ""))
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
            ("returned", &late.returned.map(|day| day.to_string()).unwrap_or_default()),
        ];
        page.push(
            locale.fill(if late.returned.is_some() { "lateness.data-returned" } else { "lateness.data" }, &places),
        );
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
        let to_submit = self.with(|store| store.to_submit(selection))?;
        for (from, found) in [(DatedEvent::Issued, &to_submit.first), (DatedEvent::Returned, &to_submit.anew)] {
            for ((profile, start), codes) in found {
                let Some(profile) = office.catalogue().profile(profile) else { continue };
                let asked = due::explained(profile).filter(|deadline| deadline.from == from.key());
                for deadline in asked.filter(|of| of.due(*start, &calendar).is_some_and(|end| end.due < marking.on)) {
                    *owed.entry((deadline.clause.clone(), deadline.late_clause.clone())).or_default() += codes.len();
                }
            }
        }
        let told = owed.iter().map(|((clause, by), n)| {
            office.locale().fill("lateness.owed", &[("n", &n.to_string()), ("clause", clause), ("by", by)])
        });
        let past = if marking.past_deadline { self.stops(&to_submit.first, marking.on).1 } else { String::new() };
        let past = (!past.is_empty()).then(|| office.locale().fill("due.overridden", &[("past", &past)]));
        let told: Vec<String> = past.into_iter().chain(told).collect();
        Ok(Some(told.join(" ")).filter(|told| !told.is_empty()))
    }

    /// Refuses to call certificates submitted after the day from which nothing is accepted, unless somebody has agreed to that
    /// and says why; gives the clauses and days that are overridden so.
    pub(super) fn must_be_accepted(&self, selection: &Selection, marking: &Marking<'_>) -> Result<String, Failure> {
        if marking.status != Status::Submitted {
            return Ok(String::new());
        }
        if marking.past_deadline && marking.reason.trim().is_empty() {
            return Err(self.office.usage("cli.blank-reason", &[]));
        }
        let (told, past) = self.stops(&self.with(|store| store.to_submit(selection))?.first, marking.on);
        if told.is_empty() || marking.past_deadline {
            return Ok(past);
        }
        let locale = self.office.locale();
        let failure = Failure::new(FailureKind::Rule, told.join("\n"), locale.text("due.stopped-hint"));
        Err(Failure { here: locale.text("due.stopped-here").to_string(), ..failure })
    }

    /// Tells which days have passed from which nothing is accepted: in words, and as clauses with their days.
    fn stops(&self, to_submit: &OfDay, on: NaiveDate) -> (Vec<String>, String) {
        let (office, locale, calendar) = (&self.office, self.office.locale(), self.office.calendar());
        let (mut told, mut past) = (Vec::new(), BTreeSet::new());
        for ((profile, issued), codes) in to_submit {
            let Some(profile) = office.catalogue().profile(profile) else { continue };
            for stop in due::hard_stops(profile, *issued, &calendar).filter(|stop| stop.end.due < on) {
                past.insert(format!("{} {}", stop.deadline.clause, stop.end.due));
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
                    let has_passed = second.due < on;
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
        (told, past.into_iter().collect::<Vec<_>>().join(", "))
    }
}
