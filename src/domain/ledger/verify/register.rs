//! What the chain says must stand in the tables besides the numbers: institutions, cases, how a series is counted, and why
//! numbers are missing.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::series::GapFacts;
use super::{ProblemKind, VerifyReport};
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::ledger::action::{Act, Action, ActionName, SeriesTerms};
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::ledger::case::{CaseId, CaseKind, CaseRequest, CaseState};
use crate::domain::ledger::share::{ShareField, SharedFile};
use crate::domain::ledger::{Holder, SeriesKey, TextsDigest};
use crate::domain::registry::Institution;

/// Digests a record, as the entry that opens a case tells it.
pub fn record_digest(record: &Holder) -> String {
    TextsDigest::of(record.columns().into_iter().map(|(_, text)| text))
}

/// The numbers between which an entry may have left gaps in a series.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToldGaps {
    /// The largest number that was taken before.
    pub above: u32,
    /// The largest one that the entry took.
    pub upto: u32,
}

/// What an entry says of the gaps that it left.
#[derive(Debug)]
struct GapsLeft {
    /// `None` where it does not tell.
    reason: Option<String>,
    /// Where they may be; `None` for anywhere.
    places: Option<BTreeMap<SeriesKey, ToldGaps>>,
}

/// How a series is counted, as far as the chain tells.
#[derive(Debug, Default)]
struct ToldTerms {
    profile: Option<String>,
    range: Option<(u32, u32)>,
}

/// A case as the chain leaves it.
#[derive(Debug)]
struct ToldCase {
    certificate: CertCode,
    kind: CaseKind,
    state: CaseState,
    snapshot: Option<String>,
    request: CaseRequest,
    applied_on: NaiveDate,
    reason: String,
    opened: u64,
    approval: Option<(String, NaiveDate, u64)>,
    withdrawn_on: Option<NaiveDate>,
    ended: Option<u64>,
}

/// A case as its table has it, each column as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    /// The code of its certificate.
    pub certificate: String,
    pub kind: String,
    pub state: String,
    pub snapshot: String,
    pub request: String,
    pub applied_on: String,
    pub reason: String,
    pub opened: u64,
    pub approval: String,
    pub approved_on: Option<String>,
    pub approved: Option<u64>,
    pub withdrawn_on: Option<String>,
    pub ended: Option<u64>,
}

/// An event, a fact or a part of a share as its table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedRow {
    /// What it is about, and which it is.
    pub key: (String, String),
    /// The day of an event, the value of a fact.
    pub value: String,
    pub entry: u64,
}

/// What was noted of each thing, with the entry that tells it.
type ToldNotes = BTreeMap<(String, String), (String, u64)>;

/// The chain's word on everything but the numbers.
#[derive(Debug, Default)]
pub(super) struct Register {
    institutions: BTreeMap<String, Institution>,
    cases: BTreeMap<CaseId, ToldCase>,
    events: ToldNotes,
    facts: ToldNotes,
    shares: ToldNotes,
    series: BTreeMap<SeriesKey, ToldTerms>,
    gaps: BTreeMap<u64, GapsLeft>,
    /// Whether a release that did not tell the series put a backup back.
    has_untold_series: bool,
}

impl Register {
    /// Takes what an entry says.
    pub(super) fn take(&mut self, entry: &AuditEntry, action: &Action) {
        match action {
            Action::InstitutionAdd(Act { after, .. })
            | Action::InstitutionChange(Act { after, .. })
            | Action::InstitutionScope(Act { after, .. })
            | Action::InstitutionMerge(Act { after, .. })
            | Action::InstitutionAbsorb(Act { after, .. })
            | Action::InstitutionCancel(Act { after, .. }) => {
                self.institutions.insert(after.prefix.clone(), after.clone());
            }
            Action::LedgerAllocate(Act { after, .. }) => {
                after.series.iter().for_each(|counted| self.counts(counted.run.series, Some(&after.profile)));
                self.terms(&after.terms);
                self.gaps_of(entry.seq, "-");
            }
            Action::LedgerReserve(Act { object, after, .. }) => {
                self.counts(*object, None);
                self.terms(&after.terms);
                let reason = if entry.reason.is_empty() { ActionName::LedgerReserve.key() } else { &entry.reason };
                self.gaps_of(entry.seq, reason);
            }
            Action::LedgerImport(Act { after, .. }) => {
                after.numbers.iter().for_each(|run| self.counts(run.series, Some(&after.profile)));
                self.terms(&after.terms);
                self.gaps_of(entry.seq, &after.file);
            }
            Action::AuditRestore(Act { after, .. }) => {
                let reason = Some(after.reason.clone()).filter(|reason| !reason.is_empty());
                self.has_untold_series |= reason.is_none();
                after.gaps.iter().for_each(|run| self.counts(run.series, None));
                self.terms(&after.terms);
                self.gaps.insert(entry.seq, GapsLeft { reason, places: None });
            }
            Action::CaseOpen(Act { object, after, .. }) => {
                let told = ToldCase {
                    certificate: after.certificate,
                    kind: after.kind,
                    state: after.state,
                    snapshot: after.snapshot_sha256.clone(),
                    request: after.request.clone(),
                    applied_on: after.applied_on,
                    reason: entry.reason.clone(),
                    opened: entry.seq,
                    approval: None,
                    withdrawn_on: None,
                    ended: None,
                };
                self.cases.insert(*object, told);
            }
            Action::CaseApprove(Act { object, after, .. }) => self.step(*object, |case| {
                case.state = after.state;
                case.approval = Some((after.reference.clone(), after.on, entry.seq));
            }),
            Action::CaseRefuse(Act { object, after, .. }) => self.step(*object, |case| {
                (case.state, case.ended) = (after.state, Some(entry.seq));
            }),
            Action::CaseClose(Act { object, after, .. }) => self.step(*object, |case| {
                (case.state, case.withdrawn_on, case.ended) = (after.state, after.withdrawn_on, Some(entry.seq));
            }),
            Action::EventNote(Act { after, .. }) => {
                let key = (entry.object.clone(), after.event.key().to_string());
                self.events.insert(key, (date::written(after.day), entry.seq));
            }
            Action::FactNote(Act { after, .. }) => {
                let told = after.all().map(|(id, value)| {
                    let key = (entry.object.clone(), id.clone());
                    (key, (value.clone(), entry.seq))
                });
                self.facts.extend(told);
            }
            Action::ShareAdd(Act { after, .. }) | Action::ShareChange(Act { after, .. }) => {
                let told = ShareField::ALL.into_iter().map(|field| (field.key().to_string(), after.text(field)));
                let made = matches!(action, Action::ShareAdd(_)).then(|| ("made".to_string(), entry.seq.to_string()));
                self.shared(entry, told.chain(made));
            }
            Action::ShareEnd(Act { after, .. }) => {
                self.shared(entry, [("ended-on".to_string(), after.on.to_string())]);
            }
            Action::ShareHandOut(Act { after, .. }) => {
                let SharedFile { file, sha256, holds } = after;
                self.shared(entry, [(format!("file {}", entry.seq), format!("{sha256} {file} {holds}"))]);
            }
            _ => {}
        }
    }

    /// Notes where the gaps are that an entry may have left in a series.
    pub(super) fn leave_gap(&mut self, seq: u64, key: SeriesKey, told: ToldGaps) {
        if let Some(places) = self.gaps.get_mut(&seq).and_then(|left| left.places.as_mut()) {
            places.insert(key, told);
        }
    }

    /// Gives the certificate that a case is about.
    pub(super) fn certificate_of(&self, case: CaseId) -> Option<CertCode> {
        self.cases.get(&case).map(|told| told.certificate)
    }

    /// Lists the institutions as they must stand.
    pub(super) fn institutions(&self) -> impl Iterator<Item = &Institution> {
        self.institutions.values()
    }

    /// Tells whether an entry left such a gap, and for that reason.
    pub(super) fn has_left(&self, key: SeriesKey, gap: &GapFacts) -> bool {
        let Some(left) = self.gaps.get(&gap.entry) else { return false };
        let is_within = |told: &ToldGaps| i64::from(told.above) < gap.first && gap.last < i64::from(told.upto);
        left.reason.as_ref().is_none_or(|reason| *reason == gap.reason)
            && left.places.as_ref().is_none_or(|places| places.get(&key).is_some_and(is_within))
    }

    /// Compares how a series is counted; `None` as its profile for one that is not there.
    pub(super) fn compare_terms(&self, key: SeriesKey, profile: &str, range: (i64, i64), report: &mut VerifyReport) {
        let object = || format!("series:{key}");
        let Some(told) = self.series.get(&key) else {
            if !self.has_untold_series {
                report.add(ProblemKind::SeriesDiffers, object(), "+");
            }
            return;
        };
        if told.profile.as_ref().is_some_and(|told| told != profile) {
            report.add(ProblemKind::SeriesDiffers, object(), "profile");
        }
        let Some((first, last)) = told.range else { return };
        for (column, told, stands) in [("first", first, range.0), ("last", last, range.1)] {
            if i64::from(told) != stands {
                report.add(ProblemKind::SeriesDiffers, object(), column);
            }
        }
    }

    /// Compares the cases, column by column.
    pub(super) fn compare_cases(&self, rows: &[CaseRow], report: &mut VerifyReport) {
        let object = |id: CaseId| format!("case:{id}");
        for row in rows {
            match self.cases.get(&row.id) {
                None => report.add(ProblemKind::CaseDiffers, object(row.id), "+"),
                Some(told) => {
                    let differing = told.differing(row);
                    differing.for_each(|column| report.add(ProblemKind::CaseDiffers, object(row.id), column));
                }
            }
        }
        let there: HashSet<CaseId> = rows.iter().map(|row| row.id).collect();
        for id in self.cases.keys().filter(|id| !there.contains(id)) {
            report.add(ProblemKind::CaseDiffers, object(*id), "-");
        }
    }

    /// Compares the events.
    pub(super) fn compare_events(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        compare_notes(&self.events, rows, (ProblemKind::EventDiffers, "day"), report);
    }

    /// Compares the facts.
    pub(super) fn compare_facts(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        compare_notes(&self.facts, rows, (ProblemKind::FactDiffers, "value"), report);
    }

    /// Compares the share register.
    pub(super) fn compare_shares(&self, rows: &[NotedRow], report: &mut VerifyReport) {
        compare_notes(&self.shares, rows, (ProblemKind::ShareDiffers, "value"), report);
    }

    fn shared(&mut self, entry: &AuditEntry, told: impl IntoIterator<Item = (String, String)>) {
        let told = told.into_iter().map(|(which, value)| ((entry.object.clone(), which), (value, entry.seq)));
        self.shares.extend(told);
    }

    fn counts(&mut self, key: SeriesKey, profile: Option<&String>) {
        let told = self.series.entry(key).or_default();
        if profile.is_some() {
            told.profile = profile.cloned();
        }
    }

    fn terms(&mut self, terms: &[SeriesTerms]) {
        for SeriesTerms { series, profile, first, last } in terms {
            self.series.insert(*series, ToldTerms { profile: Some(profile.clone()), range: Some((*first, *last)) });
        }
    }

    fn gaps_of(&mut self, seq: u64, reason: &str) {
        let left = GapsLeft { reason: Some(reason.to_string()), places: Some(BTreeMap::new()) };
        self.gaps.insert(seq, left);
    }

    fn step(&mut self, case: CaseId, step: impl FnOnce(&mut ToldCase)) {
        if let Some(told) = self.cases.get_mut(&case) {
            step(told);
        }
    }
}

/// Compares what was noted with what the chain says of it.
fn compare_notes(notes: &ToldNotes, rows: &[NotedRow], (kind, column): (ProblemKind, &str), report: &mut VerifyReport) {
    let there: BTreeMap<_, _> = rows.iter().map(|row| (&row.key, (&row.value, row.entry))).collect();
    let mut differ = |(about, which): &(String, String), what: &str| {
        report.add(kind, about, format!("{which} {what}"));
    };
    for (key, (value, entry)) in notes {
        match there.get(key) {
            None => differ(key, "-"),
            Some((stands, _)) if *stands != value => differ(key, column),
            Some((_, stands)) if stands != entry => differ(key, "entry"),
            Some(_) => {}
        }
    }
    there.keys().filter(|key| !notes.contains_key(**key)).for_each(|key| differ(key, "+"));
}

impl ToldCase {
    /// Names the columns in which a row says something else.
    fn differing<'a>(&'a self, row: &'a CaseRow) -> impl Iterator<Item = &'static str> + 'a {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        let (reference, approved_on, approved) = match &self.approval {
            None => ("", None, None),
            Some((reference, on, entry)) => (reference.as_str(), Some(*on), Some(*entry)),
        };
        let snapshot = serde_json::from_str::<Holder>(&row.snapshot).ok().map(|record| record_digest(&record));
        let columns = [
            ("certificate", self.certificate.as_str() == row.certificate),
            ("kind", self.kind.key() == row.kind),
            ("state", self.state.key() == row.state),
            ("snapshot", snapshot.is_some_and(|digest| self.snapshot.as_ref().is_none_or(|told| *told == digest))),
            ("request", serde_json::from_str(&row.request).is_ok_and(|request: CaseRequest| request == self.request)),
            ("applied_on", self.applied_on.to_string() == row.applied_on),
            ("reason", self.reason == row.reason),
            ("opened", self.opened == row.opened),
            ("approval", reference == row.approval),
            ("approved_on", day(approved_on) == row.approved_on),
            ("approved", approved == row.approved),
            ("withdrawn_on", day(self.withdrawn_on) == row.withdrawn_on),
            ("ended", self.ended == row.ended),
        ];
        columns.into_iter().filter(|(_, is_same)| !is_same).map(|(column, _)| column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: i64 = 100_000;

    /// Whoever looks through all rows for each case does not come back from here.
    #[test]
    fn cases_that_are_gone_are_told_however_many_there_are() {
        let told = || ToldCase {
            certificate: CertCode::new("S000011084001223000001").unwrap(),
            kind: CaseKind::Revoke,
            state: CaseState::Open,
            snapshot: None,
            request: CaseRequest::Correct(Vec::new()),
            applied_on: NaiveDate::default(),
            reason: String::new(),
            opened: 1,
            approval: None,
            withdrawn_on: None,
            ended: None,
        };
        let row = |id: i64| CaseRow {
            id: CaseId(id),
            certificate: String::new(),
            kind: String::new(),
            state: String::new(),
            snapshot: String::new(),
            request: String::new(),
            applied_on: String::new(),
            reason: String::new(),
            opened: 1,
            approval: String::new(),
            approved_on: None,
            approved: None,
            withdrawn_on: None,
            ended: None,
        };
        let cases = (1..=MANY).map(|id| (CaseId(id), told())).collect();
        let register = Register { cases, ..Register::default() };
        let mut report = VerifyReport::default();
        register.compare_cases(&(MANY + 1..=2 * MANY).map(row).collect::<Vec<_>>(), &mut report);
        assert_eq!(report.counts()[&ProblemKind::CaseDiffers], 2 * MANY as u64);
        let of = |sign: &str| report.problems().iter().filter(|problem| problem.detail == sign).count();
        assert_eq!(of("+"), report.problems().len(), "those past the program come first");
    }
}
