//! Numbering (赋号): a batch seen as rows that ask the ledger for numbers, and what the numbers change in it.

mod route;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::batch::{Batch, asked};
use super::code::{CertCode, PREFIX_LENGTH, decode};
use super::date::{self, DateReading};
use super::fact::Route;
use super::ledger::adopt::Issued;
use super::ledger::plan::{self, NumberRequest, Plan, PlanWish, Planned, RowOrder, RowRefusal, Setting};
use super::ledger::{Holder, KnownCertificate, SeriesState, Status};
use super::level::{self, Level, LevelReading};
use super::registry::{Institution, Registry};
use super::roster::{Change, RowId};
use super::rules::{Detail, Finding, RuleId, Severity};
use super::sheet::Field;
use super::sound::spelled;
use super::text;
use super::upload::{self, Upload};

use route::Issuer;

/// Gives the prefix of the institution with a name, as the registry has it.
pub type PrefixOf<'a> = dyn Fn(&str, NaiveDate) -> Result<String, RowRefusal> + 'a;

/// The columns an error in which keeps a row from its number: they say whose it is and in which series.
const DECISIVE: [Field; 4] = [Field::Name, Field::IdType, Field::IdNumber, Field::Level];

/// Plans numbers for the rows of a batch that have none.
///
/// The prefix is the registry's for the row's institution, else the one that is given, else the one that all codes of the
/// batch with that institution share, else the one under which the profile has all such bodies issue. A row whose institution is registered under another prefix than the one that is given
/// gets no number. `reserved` are the codes to be given where no new ones are.
///
/// A row of somebody who may hold the certificate, or with an error that can wait, is left out unless the wish says otherwise:
/// a number that was given is never taken back.
pub fn plan(
    batch: &Batch,
    wish: PlanWish,
    prefix: Option<&str>,
    known: &PrefixOf<'_>,
    (series, reserved): (&[SeriesState], Option<&[CertCode]>),
) -> Plan {
    let context = batch.context();
    let regions = |table: &str, code: &str| context.tables.regions.name(table, code);
    let reads = |code: CertCode| decode(&context.profile.layout, code.as_str(), &regions).complete();
    let written = written_codes(batch);
    let (profile, written) = (&context.profile, &written);
    let setting = Setting { profile, series, reserved, written, reads: &reads, today: context.today };
    plan::plan(&requests(batch, wish, prefix, known), &setting)
}

/// Lists the codes that stand in a batch, each with the first line that has it.
fn written_codes(batch: &Batch) -> HashMap<CertCode, u32> {
    let mut written = HashMap::new();
    for (row, cell) in (0..batch.roster().len()).map(|row| (row, batch.roster().cell(row, Field::Code))) {
        if let Some(code) = CertCode::new(&asked(Field::Code, cell)) {
            written.entry(code).or_insert_with(|| batch.roster().line(row));
        }
    }
    written
}

/// Lists every row of a batch as a request.
fn requests<'a>(
    batch: &'a Batch,
    wish: PlanWish,
    prefix: Option<&str>,
    known: &PrefixOf<'_>,
) -> Vec<NumberRequest<'a>> {
    let roster = batch.roster();
    let field = batch.context().sheet.institution_field();
    let registry = &batch.context().tables.registry;
    let from_codes = prefixes_in(batch);
    let shared = shared_prefix(batch);
    let issuer = Issuer::of(batch);
    let find = |name: &str, day: NaiveDate, has_no_own: bool| -> Result<Arc<str>, RowRefusal> {
        let unknown = || RowRefusal::UnknownInstitution(name.to_string(), None);
        // Who issues decides before the name does: the clause is what the clerk has to know.
        if let Some(given) = prefix {
            issuer.must_fit(given)?;
        }
        let named = if name.is_empty() { Err(unknown()) } else { known(name, day) };
        let found: Arc<str> = match (named, prefix) {
            (Ok(own), Some(given)) if own != given => return Err(RowRefusal::OtherPrefix(own)),
            (Ok(own), _) => Arc::from(own),
            // What is given says which of several it is, and helps where the name says nothing.
            (Err(RowRefusal::UnknownInstitution(..) | RowRefusal::SeveralInstitutions), Some(given)) => {
                Arc::from(given)
            }
            (Err(RowRefusal::UnknownInstitution(..)), None) => {
                let of_codes = from_codes.get(name);
                let of_body = issuer.prefix(registry);
                let of_all = shared.as_ref().filter(|_| has_no_own && of_codes.is_none()).or(of_body.as_ref());
                match of_codes.and_then(Option::as_ref).or(of_all) {
                    Some(only) => Arc::clone(only),
                    None => return Err(not_named(registry, name, day)),
                }
            }
            (Err(refusal), _) => return Err(refusal),
        };
        issuer.must_fit(&found)?;
        match registry.get(&found).and_then(|institution| institution.retired.as_ref()) {
            Some(retired) => Err(RowRefusal::Retired(retired.on)),
            None => Ok(found),
        }
    };
    let mut prefixes: HashMap<(&str, NaiveDate, bool), Result<Arc<str>, RowRefusal>> = HashMap::new();
    let mut prefix_of = |name: &'a str, day: NaiveDate, has_no_own: bool| -> Result<Arc<str>, RowRefusal> {
        prefixes.entry((name, day, has_no_own)).or_insert_with(|| find(name, day, has_no_own)).clone()
    };
    let stamped_by = batch.context().profile.organisations.issuer_number.as_ref();
    let route = batch.context().known().route;
    let has_no_own = |row| {
        if let Some(route) = route {
            return stamped_by.is_some() && route == Route::Committee;
        }
        let issuer = roster.cell(row, Field::IssuingBody);
        stamped_by.is_some_and(|number| number.words.iter().any(|word| issuer.contains(word.as_str())))
    };
    // The day that the certificate will bear; where the row has none that reads, it gets no number anyway.
    let (today, is_stamped) = (batch.context().today, !batch.context().profile.numbering.issue_date_clause.is_empty());
    let day_of = |row| match date::read(roster.cell(row, Field::IssueDate)) {
        DateReading::Iso(day) | DateReading::Other(day) if !is_stamped => day,
        _ => today,
    };
    let mut held = held_rows(batch);
    let request = |row: RowId| {
        let doubts = held.remove(&row).into_iter().chain(error_of(batch, row, is_stamped));
        let (overruled, doubts): (Vec<_>, Vec<_>) = doubts.partition(|doubt| wish.overrules(doubt));
        let institution = roster.cell(row, field).trim();
        let prefix = match faulty(batch, row) {
            _ if !batch.kind_of(row).has_code() => Err(other_kind(batch, row)),
            _ if !roster.cell(row, Field::Code).trim().is_empty() => Err(RowRefusal::HasCode),
            Some(field) => Err(RowRefusal::Faulty(field)),
            None if institution.is_empty() && prefix.is_none() => Err(RowRefusal::NoInstitution),
            None => prefix_of(institution, day_of(row), has_no_own(row)),
        };
        let level = level_of(roster.cell(row, Field::Level));
        NumberRequest {
            row,
            prefix,
            level,
            issue_date: roster.cell(row, Field::IssueDate),
            doubt: doubts.into_iter().next(),
            overruled: overruled.into_iter().next(),
            sort: sort_key(batch, row, wish.order),
        }
    };
    roster.left().map(request).collect()
}

/// Tells that a row is for a certificate without a code, and by which clause.
fn other_kind(batch: &Batch, row: RowId) -> RowRefusal {
    let kind = batch.kind_of(row);
    RowRefusal::OtherKind(kind, batch.context().profile.certificate_kinds.clause_of(kind).to_string())
}

/// Tells why nobody in the registry has a name on a day, as far as the registry tells.
fn not_named(registry: &Registry, name: &str, day: NaiveDate) -> RowRefusal {
    let later = registry.institutions().find_map(|one| {
        let from = one.names.iter().find(|named| named.name == name)?.from.filter(|from| day < *from)?;
        let before = one.name_on(day).unwrap_or_default();
        Some(RowRefusal::NamedLater(name.to_string(), one.prefix.clone(), from, before.to_string()))
    });
    let like = || {
        let names = || registry.institutions().map(Institution::name).filter(|named| !named.is_empty());
        // What was typed on behind a name is far from it by letters.
        let holds = names().find(|named| !name.is_empty() && (named.contains(name) || name.contains(named)));
        let is_near = |named: &&str| 2 * strsim::levenshtein(name, named) <= name.chars().count();
        let found = holds.or_else(|| text::nearest(name, names()).into_iter().find(is_near));
        RowRefusal::UnknownInstitution(name.to_string(), found.map(String::from))
    };
    later.unwrap_or_else(like)
}

/// Lists the names of institutions in a batch, each once: those in 评价机构, else those in 发证机构.
pub fn institutions(batch: &Batch) -> BTreeSet<&str> {
    let roster = batch.roster();
    let name = |row| {
        let cells = [Field::Institution, Field::IssuingBody].map(|field| roster.cell(row, field).trim());
        cells.into_iter().find(|name| !name.is_empty())
    };
    roster.left().filter_map(name).collect()
}

/// Finds the first decisive column of a row that has an error.
fn faulty(batch: &Batch, row: RowId) -> Option<Field> {
    let found = batch.findings().of_row(row).iter();
    found.filter(|f| f.severity() == Severity::Error).map(|f| f.field).find(|field| DECISIVE.contains(field))
}

/// Finds an error of a row that its number neither depends on nor mends.
fn error_of(batch: &Batch, row: RowId, is_stamped: bool) -> Option<RowRefusal> {
    let is_mended = |f: &&Finding| f.field == Field::Code || (is_stamped && f.field == Field::IssueDate);
    let mut found = batch.findings().of_row(row).iter();
    let error = found.find(|f| f.severity() == Severity::Error && !is_mended(f))?;
    Some(RowRefusal::HasError(error.field))
}

/// Lists the rows of those who may hold the certificate already, with what they hold. Both rows of a pair are in doubt: which
/// is the right one, only the documents say.
fn held_rows(batch: &Batch) -> HashMap<RowId, RowRefusal> {
    let mut held = HashMap::new();
    let line = |row| batch.roster().line(row);
    let known = batch.context().known();
    // What was given to the same row of a batch beside it is no finding, and no number is given a second time.
    for row in batch.roster().left().filter(|_| !known.same_people.is_empty()) {
        let cell = |field| batch.roster().cell(row, field);
        let person = asked(Field::IdNumber, cell(Field::IdNumber));
        let level = level_of(cell(Field::Level));
        let is_it = |certificate: &&KnownCertificate| {
            known.is_beside(certificate)
                && !matches!(certificate.status, Status::Void | Status::Revoked | Status::Reserved)
                && level_of(&certificate.holder.level) == level
        };
        if let Some(certificate) = known.of_person(&person).map(|(_, certificate)| certificate).find(is_it) {
            held.insert(row, RowRefusal::AwardOnRecord(certificate.code));
        }
    }
    for finding in batch.findings().iter() {
        let pair = match (finding.rule, finding.detail) {
            (RuleId::AwardOnRecord, Detail::Certificate(place)) => {
                let certificate = batch.context().known().at(place);
                // What the ledger has counts most.
                certificate.map(|c| held.insert(finding.row, RowRefusal::AwardOnRecord(c.code)));
                continue;
            }
            (RuleId::AwardTwice, Detail::Row(other)) => (other, RowRefusal::AwardTwice as fn(u32) -> RowRefusal),
            (RuleId::IdTwoNames, Detail::Row(other)) => (other, RowRefusal::IdTwoNames as fn(u32) -> RowRefusal),
            _ => continue,
        };
        let (other, why) = pair;
        held.entry(finding.row).or_insert_with(|| why(line(other)));
        held.entry(other).or_insert_with(|| why(line(finding.row)));
    }
    held
}

/// What becomes of 发证日期 where the number stamps it (BJ-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restamp {
    /// How many rows have another text there now.
    pub rows: usize,
    /// Those texts, each once; an empty one stands for an empty cell.
    pub from: BTreeSet<String>,
    pub to: NaiveDate,
}

impl Restamp {
    /// Tells whether a day goes that somebody wrote: what fills an empty cell takes nothing.
    pub fn writes_over(&self) -> bool {
        self.from.iter().any(|text| !text.is_empty())
    }
}

/// Tells which days a plan writes over; nothing where it writes over none.
pub fn restamp(batch: &Batch, plan: &Plan) -> Option<Restamp> {
    let to = plan.rows.iter().find_map(|p| p.issue_date)?;
    let day = to.to_string();
    let texts = plan.rows.iter().filter(|p| p.issue_date.is_some());
    let other: Vec<&str> =
        texts.map(|p| batch.roster().cell(p.row, Field::IssueDate).trim()).filter(|text| *text != day).collect();
    let from = other.iter().map(|text| String::from(*text)).collect();
    (!other.is_empty()).then_some(Restamp { rows: other.len(), from, to })
}

/// Tells how many errors a batch has once a plan is carried out: such a one is not exported.
pub fn errors_left(batch: &Batch, plan: &Plan) -> usize {
    let mut numbered = batch.clone();
    numbered.apply(change(batch, plan, ""));
    numbered.findings().count(Severity::Error)
}

/// Finds the prefix under which bodies without a number of their own issue (SC-17), where only one is registered.
fn shared_prefix(batch: &Batch) -> Option<Arc<str>> {
    let context = batch.context();
    let of_profile = context.tables.registry.institutions().filter(|one| one.profile == context.profile.id);
    let mut shared = of_profile.filter(|one| context.profile.layout.is_shared(&one.prefix));
    shared.next().filter(|_| shared.next().is_none()).map(|one| Arc::from(one.prefix.as_str()))
}

/// Lists the prefixes that codes of the batch tell: for each institution the only one there is, `None` for several.
fn prefixes_in(batch: &Batch) -> BTreeMap<&str, Option<Arc<str>>> {
    let roster = batch.roster();
    let field = batch.context().sheet.institution_field();
    let mut found: BTreeMap<&str, Option<Arc<str>>> = BTreeMap::new();
    for row in roster.left() {
        let wrong =
            batch.findings().of_row(row).iter().any(|f| f.field == Field::Code && f.severity() == Severity::Error);
        let Some(code) = CertCode::new(roster.cell(row, Field::Code)).filter(|_| !wrong) else { continue };
        let prefix = &code.as_str()[..PREFIX_LENGTH];
        let known = found.entry(roster.cell(row, field).trim()).or_insert_with(|| Some(Arc::from(prefix)));
        if known.as_deref().is_some_and(|other| other != prefix) {
            *known = None;
        }
    }
    found
}

/// Reads a cell as a level, as the upload file would write it.
fn level_of(cell: &str) -> Option<Level> {
    match level::read(cell) {
        LevelReading::Exact(l) | LevelReading::Short(l) | LevelReading::Other(l) => Some(l),
        LevelReading::Qualification(_) | LevelReading::Outside | LevelReading::Several | LevelReading::Unknown => None,
    }
}

fn sort_key(batch: &Batch, row: RowId, order: RowOrder) -> String {
    let cell = |field| batch.roster().cell(row, field);
    match order {
        RowOrder::Roster => String::new(),
        RowOrder::Name => format!("{}\0{}", spelled(cell(Field::Name)), cell(Field::Name)),
        RowOrder::IdNumber => cell(Field::IdNumber).to_string(),
        RowOrder::Occupation => {
            let level = level_of(cell(Field::Level)).map_or(9, Level::digit);
            format!("{}\0{}\0{level}", spelled(cell(Field::Occupation)), cell(Field::Occupation))
        }
    }
}

/// Gives what a plan changes in the rows: the codes, and 发证日期 where the profile stamps it (BJ-17).
pub fn change(batch: &Batch, plan: &Plan, title: &str) -> Change {
    let stamped: HashMap<_, Arc<str>> = plan
        .rows
        .iter()
        .filter_map(|p| p.issue_date)
        .map(|day| (day, Arc::from(day.format("%Y-%m-%d").to_string())))
        .collect();
    let cells = plan.rows.iter().flat_map(|p| {
        let date =
            p.issue_date.and_then(|day| stamped.get(&day)).map(|text| (p.row, Field::IssueDate, Arc::clone(text)));
        [Some((p.row, Field::Code, Arc::from(p.code.as_str()))), date].into_iter().flatten()
    });
    Change { lasting: true, ..batch.change(title, cells) }
}

/// Gives what a row says of its holder, in the form of the upload file.
pub fn holder(batch: &Batch, row: RowId) -> Holder {
    let upload = upload::of(batch);
    let cell = |field: Field| upload.cell(row, field).into_owned();
    let level = batch.roster().cell(row, Field::Level);
    Holder {
        name: cell(Field::Name),
        id_type: cell(Field::IdType),
        id_number: cell(Field::IdNumber),
        employer: cell(Field::Employer),
        occupation: cell(Field::Occupation),
        work_type: cell(Field::WorkType),
        level: level_of(level).map_or_else(|| level.to_string(), |l| l.digit().to_string()),
        issue_date: cell(Field::IssueDate),
        institution: cell(Field::Institution),
        issuing_body: cell(Field::IssuingBody),
    }
}

/// Gives what a planned row will say of its holder.
pub fn planned_holder(batch: &Batch, planned: &Planned) -> Holder {
    let mut holder = holder(batch, planned.row);
    if let Some(day) = planned.issue_date {
        holder.issue_date = day.format("%Y-%m-%d").to_string();
    }
    holder
}

/// Lists the rows of a file that have a code, with what they say of the holder.
pub fn coded_rows(upload: Upload<'_>) -> Vec<(RowId, CertCode, Holder)> {
    let batch = upload.batch();
    let code = |row| CertCode::new(batch.roster().cell(row, Field::Code));
    upload.row_ids().filter_map(|row| code(row).map(|code| (row, code, holder(batch, row)))).collect()
}

/// Lists the rows of a file whose numbers were issued before.
pub fn issued_rows(batch: &Batch) -> impl Iterator<Item = Issued<'_>> {
    let roster = batch.roster();
    let is_wrong = move |row| {
        let found = batch.findings().of_row(row).iter();
        // Twice in the file is told by the line it stands at first, and what the ledger says of it by the ledger: the
        // paper list of a reserved run fills it.
        found.into_iter().any(|f| {
            let is_told_elsewhere =
                matches!(f.rule, RuleId::CodeTwice | RuleId::CodeOfAnother | RuleId::CodeNotInForce);
            f.field == Field::Code && f.severity() == Severity::Error && !is_told_elsewhere
        })
    };
    // What has no code has no number that could be adopted.
    (0..roster.len()).filter(move |row| batch.kind_of(*row).has_code()).map(move |row| Issued {
        line: roster.line(row),
        code: roster.cell(row, Field::Code).trim(),
        is_wrong: is_wrong(row),
    })
}

#[cfg(test)]
mod tests;
