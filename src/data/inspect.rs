//! A close look at one data file of the user's, beyond what its reading needs.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;

use super::catalogue::{Catalogue, form_file, read_text};
use super::certificate::{certificate_clauses, certificate_faults, kind_faults};
use super::problem::{DataFault, DataProblem};
use super::user_tables::UserTables;
use crate::domain::calendar::Calendar;
use crate::domain::code::{ReadingState, SegmentReader, decode};
use crate::domain::fact::{FactDef, ThingKind};
use crate::domain::ledger::case::CaseKind;
use crate::domain::ledger::event::DatedEvent;
use crate::domain::profile::{Deadline, Profile};
use crate::domain::sheet::SheetSpec;

/// Looks at a profile, a form or a table: whether it reads, and whether what it names is there and agrees with itself.
///
/// `program` is our own binary, which reads workbooks as a child process. A problem that is no warning makes the file, or
/// the row it names, stay out.
pub fn inspect(path: &Path, catalogue: &Catalogue, program: &Path) -> Vec<DataProblem> {
    let mut problems = Vec::new();
    if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("toml")) {
        UserTables::default().read(path, program, &mut problems);
        return problems;
    }
    let text = match read_text(path) {
        Ok(text) => text,
        Err(problem) => return vec![problem],
    };
    // Only a form has columns or a layout; whatever else does not read is told as the profile it most likely should be.
    let is_form = text.parse::<toml::Table>().is_ok_and(|t| t.contains_key("column") || t.contains_key("layout"));
    if is_form {
        match form_file(path, &text) {
            Ok((sheet, form)) => {
                let of_fields =
                    form.iter().flat_map(|form| form.layout.fields.iter().map(|field| field.clause.as_str()));
                let clauses = form.iter().map(|form| form.clause.as_str()).chain(of_fields);
                let clauses = clauses.chain(sheet.iter().flat_map(form_clauses)).collect();
                problems.extend(unknown_clauses(path, clauses));
            }
            Err(problem) => problems.push(problem),
        }
        return problems;
    }
    match catalogue.profile_of(path, &text) {
        Ok(profile) => inspect_profile(path, &text, &profile, catalogue, &mut problems),
        Err(problem) => problems.push(problem),
    }
    problems
}

fn inspect_profile(path: &Path, text: &str, profile: &Profile, catalogue: &Catalogue, problems: &mut Vec<DataProblem>) {
    let tables = catalogue.tables();
    let same_file = |other: &Path| other.canonicalize().is_ok_and(|o| path.canonicalize().is_ok_and(|p| p == o));
    if let Some(other) = catalogue.source(&profile.id).and_then(|s| s.file.as_deref()).filter(|f| !same_file(f)) {
        let fault = DataFault::IdTwice(profile.id.clone(), other.to_path_buf());
        problems.push(DataProblem::of_key(path, text, "id", None, fault));
    }
    for (nth, segment) in profile.layout.segments().iter().enumerate() {
        if let SegmentReader::Region { table, closed } = &segment.reader
            && !tables.regions.has(table)
        {
            let fault = DataFault::NoRegions(table.clone(), *closed);
            problems.push(DataProblem::of_key(path, text, "segment", Some(nth), fault));
        }
    }
    for (nth, example) in profile.examples.iter().enumerate() {
        let decoding = decode(&profile.layout, &example.code, &|table, code| tables.regions.name(table, code));
        let completed = profile.short_forms.iter().find_map(|form| form.completed(&example.code));
        let doubtful = decoding.readings.iter().any(|r| matches!(r.state, ReadingState::Doubtful(_)));
        if example.reads && (example.warns && !doubtful || example.proposal.is_some())
            || !example.reads && completed != example.proposal
        {
            let fault = DataFault::ExampleDetails(example.code.clone());
            problems.push(DataProblem::of_key(path, text, "example", Some(nth), fault));
        }
        if decoding.complete() != example.reads {
            let fault = DataFault::Example(example.code.clone(), example.reads);
            problems.push(DataProblem::of_key(path, text, "example", Some(nth), fault));
        }
    }
    for nth in 0..profile.deadlines.len() {
        let faults = deadline_faults(profile, nth).into_iter();
        problems.extend(faults.map(|(key, fault)| DataProblem::of_member(path, text, ("deadline", nth), key, fault)));
    }
    for nth in 0..profile.facts.len() {
        let faults = fact_faults(profile, nth).into_iter();
        problems.extend(faults.map(|(key, fault)| DataProblem::of_member(path, text, ("fact", nth), key, fault)));
    }
    let faults = certificate_faults(profile, catalogue).into_iter().chain(kind_faults(profile));
    problems.extend(faults.map(|(steps, fault)| {
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        DataProblem::of_path(path, text, &steps, fault)
    }));
    let clauses = profile_clauses(profile).into_iter().chain(certificate_clauses(profile)).collect();
    problems.extend(unknown_clauses(path, clauses));
    let others = catalogue.profiles.iter().filter(|p| p.id != profile.id && fixed(p) == fixed(profile));
    let others: Vec<String> = others.map(|p| p.id.clone()).collect();
    if !others.is_empty() {
        problems.push(DataProblem::of_file(path, DataFault::SameCodes(others)));
    }
}

/// Tells what of a deadline is nothing that there is, each with the key it stands under: of such a one nothing would ever be due.
fn deadline_faults(profile: &Profile, nth: usize) -> Vec<(&'static str, DataFault)> {
    let deadline = &profile.deadlines[nth];
    let mut faults = Vec::new();
    let mut must_be = |key: &'static str, named: &str, known: Vec<&str>| {
        if !named.is_empty() && !known.contains(&named) {
            let known = known.into_iter().map(String::from).collect();
            faults.push((key, DataFault::UnknownName(named.to_string(), known)));
        }
    };
    let events = || DatedEvent::ALL.iter().map(|event| event.key());
    must_be("from", &deadline.from, events().chain(Deadline::NO_EVENTS).collect());
    must_be("until", &deadline.until, events().collect());
    must_be("of_case", &deadline.of_case, CaseKind::ALL.iter().map(|kind| kind.key()).collect());
    let others = profile.deadlines.iter().enumerate().filter(|(at, _)| *at != nth);
    must_be("or_after", &deadline.or_after, others.map(|(_, other)| other.clause.as_str()).collect());
    // Any day will do: what can be counted from one can be from every other.
    let is_counted = deadline.due(NaiveDate::default(), &Calendar::new([])).is_some();
    let is_of_a_day = Deadline::NO_EVENTS.contains(&deadline.from.as_str());
    let has_length = deadline.length != 0;
    if !is_counted || deadline.is_fixed() != is_of_a_day || deadline.is_fixed() == has_length {
        faults.push((if deadline.is_fixed() { "on" } else { "length" }, DataFault::NoDeadline));
    }
    faults
}

/// Tells what of a demanded fact is nothing that there is, each with the key it stands under.
fn fact_faults(profile: &Profile, nth: usize) -> Vec<(&'static str, DataFault)> {
    let demand = &profile.facts[nth];
    let known: Vec<FactDef> =
        ThingKind::ALL.into_iter().flat_map(|kind| super::facts_of(kind, Some(profile))).collect();
    let mut faults = Vec::new();
    let mut must_be = |key: &'static str, named: &str, known: Vec<String>| {
        if !known.iter().any(|known| known == named) {
            faults.push((key, DataFault::UnknownValue(named.to_string(), known)));
        }
    };
    let ids = || known.iter().map(|def| def.id.clone()).collect();
    must_be("id", &demand.id, ids());
    let of_it = known.iter().find(|def| def.id == demand.id && !def.choices.is_empty());
    if !demand.must_be.is_empty() {
        of_it.into_iter().for_each(|def| must_be("must_be", &demand.must_be, def.choices.clone()));
    }
    if let Some(when) = &demand.when {
        must_be("when", &when.fact, ids());
        let choices = known.iter().find(|def| def.id == when.fact && !def.choices.is_empty());
        choices.into_iter().for_each(|def| must_be("when", &when.is, def.choices.clone()));
    }
    for choice in demand.among.iter().flat_map(|of| &of.choices) {
        must_be("among", choice, of_it.map_or_else(Vec::new, |def| def.choices.clone()));
    }
    faults
}

/// Lists the fixed segments: two profiles with the same ones claim the same codes.
fn fixed(profile: &Profile) -> Vec<(usize, BTreeSet<&str>)> {
    let segments = profile.layout.segments().iter();
    let values = segments.filter_map(|s| match &s.reader {
        SegmentReader::Fixed { values, .. } => Some((s.from, values.iter().map(String::as_str).collect())),
        _ => None,
    });
    values.collect()
}

fn profile_clauses(profile: &Profile) -> BTreeSet<&str> {
    let segments = profile.layout.segments().iter().flat_map(|s| match &s.reader {
        SegmentReader::Ranges { category_clause, .. } => vec![s.clause.as_str(), category_clause],
        _ => vec![s.clause.as_str()],
    });
    let words = &profile.words;
    let (correction, reissue, revocation) = (&profile.correction, &profile.reissue, &profile.revocation);
    segments
        .chain([profile.empty_work_type.clause.as_str(), &profile.year.clause, &profile.organisations.clause])
        .chain([words.occupation_clause.as_str(), &words.employer_clause])
        .chain([correction.clause.as_str(), correction.approval_clause(), correction.only_one_clause()])
        .chain([correction.resubmit_clause.as_str(), &reissue.clause, reissue.papers_clause()])
        .chain([revocation.clause.as_str(), &revocation.withdraw_clause])
        .chain(profile.columns.values().map(String::as_str))
        .chain(correction.attach.iter().map(|a| a.clause.as_str()))
        .chain(profile.notes.iter().map(|n| n.clause.as_str()))
        .chain(profile.examples.iter().map(|e| e.clause.as_str()))
        .chain(profile.deadlines.iter().flat_map(|d| [d.clause.as_str(), &d.late_clause]))
        .chain([profile.blanks.spoilage_clause.as_str(), &profile.blanks.spoiled_clause])
        .chain(profile.facts.iter().flat_map(|f| [f.clause.as_str(), &f.room_clause]))
        .chain(profile.checklists.iter().map(|list| list.clause.as_str()))
        .collect()
}

fn form_clauses(sheet: &SheetSpec) -> BTreeSet<&str> {
    let columns = sheet.columns.iter().flat_map(|c| [c.clause.as_str(), &c.elsewhere]);
    columns.chain([sheet.clause.as_str(), &sheet.elsewhere]).collect()
}

fn unknown_clauses(path: &Path, clauses: BTreeSet<&str>) -> Option<DataProblem> {
    let is_unknown = |id: &&str| !id.is_empty() && super::clause(id).is_none();
    let unknown: Vec<String> = clauses.into_iter().filter(is_unknown).map(String::from).collect();
    (!unknown.is_empty()).then(|| DataProblem::of_file(path, DataFault::UnknownClauses(unknown)))
}
