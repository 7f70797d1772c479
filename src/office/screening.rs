//! Screening (筛查) over the ledger and a batch: lists what asks for a second look, and refuses nothing (BJ-69).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{Office, Purpose, RosterReading, Session};
use crate::data::watched_in;
use crate::domain::batch::{Batch, all_asked, asked};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::date;
use crate::domain::fact::YES;
use crate::domain::ledger::screening::{
    HeldCertificate, SameDay, SameDays, ScreeningFinding, ScreeningLimits, Watched, bursts,
};
use crate::domain::ledger::{BatchId, KnownCertificate};
use crate::domain::roster::{RowId, RowWhat};
use crate::domain::rules::typed_code;
use crate::domain::sheet::Field;
use crate::failure::Failure;
use crate::store::StoreReader;

/// What was found, and from how many on.
#[derive(Debug, Clone)]
pub struct Screening {
    pub limits: ScreeningLimits,
    pub findings: Vec<ScreeningFinding>,
}

impl Office {
    /// Gives from how many on something is doubtful.
    pub fn screening_limits(&self) -> ScreeningLimits {
        let settings = self.settings();
        ScreeningLimits {
            day_levels: settings.person_day_levels,
            day_occupations: settings.person_day_occupations,
            burst: settings.day_certificates,
            burst_days: settings.burst_days,
        }
    }

    /// Screens the ledger.
    pub fn screen(&self, limits: ScreeningLimits) -> Result<Screening, Failure> {
        let Some(ledger) = self.ledger()? else { return Ok(Screening { limits, findings: Vec::new() }) };
        let mut findings: Vec<ScreeningFinding> =
            ledger.with(|reader| reader.same_days(limits))?.into_iter().map(masked).collect();
        for (prefix, institution, days) in ledger.with(StoreReader::days_of_institutions)? {
            findings.extend(burst_findings((&prefix, &institution), &days, limits));
        }
        for (what, fact, value) in [
            (Watched::ExceptionalPromotion, Watched::ExceptionalPromotion.key(), YES),
            (Watched::DirectRecognition, "evaluation-method", "direct"),
        ] {
            let found = ledger.with(|reader| reader.batches_with(fact, value))?;
            let told = |(batch, file)| ScreeningFinding::Watched { what, batch, file, lines: Vec::new() };
            findings.extend(found.into_iter().map(told));
        }
        Ok(Screening { limits, findings })
    }
}

impl Session {
    /// Screens a batch, with what the ledger has of its people.
    ///
    /// # Errors
    /// There is no such batch.
    pub fn screen_batch(
        &self,
        id: BatchId,
        limits: ScreeningLimits,
        tell: &mut dyn FnMut(String),
    ) -> Result<Screening, Failure> {
        let stored = self.batch(id)?;
        let batch = self.reopen(&stored, &RosterReading::default(), Purpose::Look, tell)?;
        let known = Arc::new(self.office.known(Some(id), || all_asked(batch.roster()))?);
        let mut by_person: BTreeMap<String, Vec<HeldCertificate>> = BTreeMap::new();
        let mut days: HashMap<(String, String), BTreeMap<NaiveDate, u64>> = HashMap::new();
        for row in batch.roster().left() {
            let held = held(&batch, row);
            if let (Some(day), name) = (held.day.parse().ok(), institution(&batch, row)) {
                let prefix = held.code.map(|code| code.as_str()[..PREFIX_LENGTH].to_string()).unwrap_or_default();
                *days.entry((prefix, name)).or_default().entry(day).or_default() += 1;
            }
            // What a number was given to is no second certificate.
            if !held.person.is_empty() {
                by_person.entry(held.person.clone()).or_default().push(held);
            }
        }
        let mut same_days = SameDays::new(limits);
        for (person, own) in by_person {
            let others: Vec<HeldCertificate> = known
                .of_person(&person)
                .filter(|(_, one)| own.iter().all(|held| held.code != Some(one.code)))
                .map(|(_, one)| held_before(&person, one))
                .collect();
            own.into_iter().chain(others).for_each(|one| same_days.take(one));
        }
        let mut findings: Vec<ScreeningFinding> = same_days.finish().into_iter().map(masked).collect();
        let mut days: Vec<_> = days.into_iter().collect();
        days.sort_by(|(a, _), (b, _)| a.cmp(b));
        for ((prefix, name), days) in days {
            let days: Vec<(NaiveDate, u64)> = days.into_iter().collect();
            findings.extend(burst_findings((&prefix, &name), &days, limits));
        }
        findings.extend(self.watched(id, &batch, &stored.origin.file)?);
        Ok(Screening { limits, findings })
    }

    /// Lists what of a batch is watched: by its facts, and by what rows say beside the form.
    fn watched(&self, id: BatchId, batch: &Batch, file: &str) -> Result<Vec<ScreeningFinding>, Failure> {
        let facts = self.with(|store| store.facts(&crate::domain::ledger::event::Thing::Batch(id)))?;
        let says = |fact: &str, value: &str| facts.get(fact).is_some_and(|noted| noted == value);
        let beside: Vec<usize> = {
            let columns = &batch.roster().columns.source;
            (0..columns.len()).filter(|at| columns[*at].field.is_none()).collect()
        };
        let mut lines: BTreeMap<Watched, Vec<u32>> = BTreeMap::new();
        for row in batch.roster().left() {
            let cells = beside.iter().map(|at| batch.roster().source_cell(row, *at));
            let note = batch.roster().said(row, RowWhat::Note).map_or("", |note| note);
            let mut found: Vec<Watched> = cells.chain([note]).flat_map(watched_in).collect();
            found.sort_unstable();
            found.dedup();
            for what in found {
                lines.entry(what).or_default().push(batch.roster().line(row));
            }
        }
        let found = Watched::ALL.into_iter().filter_map(|what| {
            let is_noted = match what {
                Watched::ExceptionalPromotion => says(what.key(), YES),
                Watched::DirectRecognition => says("evaluation-method", "direct"),
            };
            let lines = lines.remove(&what).unwrap_or_default();
            let file = file.to_string();
            (is_noted || !lines.is_empty()).then_some(ScreeningFinding::Watched { what, batch: id, file, lines })
        });
        Ok(found.collect())
    }
}

fn burst_findings(
    (prefix, institution): (&str, &str),
    days: &[(NaiveDate, u64)],
    limits: ScreeningLimits,
) -> Vec<ScreeningFinding> {
    let told = |(from, to, certificates)| ScreeningFinding::Burst {
        prefix: prefix.to_string(),
        institution: institution.to_string(),
        from,
        to,
        certificates,
    };
    bursts(days, limits).into_iter().map(told).collect()
}

fn institution(batch: &Batch, row: RowId) -> String {
    batch.roster().cell(row, batch.context().sheet().institution_field()).trim().to_string()
}

/// Gives what a row is for.
fn held(batch: &Batch, row: RowId) -> HeldCertificate {
    let cell = |field: Field| batch.roster().cell(row, field);
    let written =
        |field: Field| crate::domain::upload::written(batch.context(), field, cell(field).trim()).into_owned();
    HeldCertificate {
        person: asked(Field::IdNumber, cell(Field::IdNumber)).into_owned(),
        name: cell(Field::Name).trim().to_string(),
        day: date::written(batch.context().date(cell(Field::IssueDate)).day()),
        level: written(Field::Level),
        occupation: cell(Field::Occupation).trim().to_string(),
        code: typed_code(cell(Field::Code)),
        line: Some(batch.roster().line(row)),
    }
}

/// Gives what the ledger has of a person.
fn held_before(person: &str, one: &KnownCertificate) -> HeldCertificate {
    let cell = |field: Field| one.holder.cell(field).unwrap_or_default().to_string();
    HeldCertificate {
        person: person.to_string(),
        name: cell(Field::Name),
        day: cell(Field::IssueDate),
        level: cell(Field::Level),
        occupation: cell(Field::Occupation),
        code: Some(one.code),
        line: None,
    }
}

/// Gives what was found of a person with what is theirs masked: nobody is shown whole where they are only looked at again.
fn masked(one: SameDay) -> ScreeningFinding {
    let (person, name) = (Field::IdNumber.masked(&one.person), Field::Name.masked(&one.name));
    ScreeningFinding::SameDay(SameDay { person, name, ..one })
}
