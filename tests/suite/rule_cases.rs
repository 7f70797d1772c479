//! Every rule against its own case file in `tests/cases/rules`, and the batch against itself.
//!
//! A case is a clean row of the Gansu form with some cells set otherwise. `finds` lists everything the check must find, as
//! `D05@证件号码`, with `2:` before it for the second row; `fix` and `safety` are those of the file's own rule, absent where
//! it must offer none; `says` is the Chinese sentence shown with it.

// Helpers of tests fail as tests do.
#![allow(clippy::expect_used, clippy::panic)]

mod acts;
mod batches;
mod filed;
mod offered;
mod safe;
mod sound;
mod sound_people;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::Deserialize;
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::{BatchId, Holder, KnownCertificate, KnownCertificates, Status};
use skillcert::domain::level::Level;
use skillcert::domain::registry::Registry;
use skillcert::domain::roster::{BlockBuilder, MarkKind, Origin};
use skillcert::domain::rules::{
    CheckContext, Finding, Fix, RULES, RuleId, Safety, ScopeRow, Severity, TableFault, Tables, cleaned_id_number,
};
use skillcert::domain::sheet::{ColumnMap, Field, SheetSpec};
use skillcert::words::{Lang, Locale};

use filed::Filed;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    case: Vec<Case>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Case {
    note: String,
    /// The profile; Gansu's where none is named.
    profile: String,
    /// The form; the profile's upload form where none is named.
    form: String,
    /// Cells of the only row.
    set: BTreeMap<String, String>,
    /// Cells of each row, where a case needs several.
    rows: Vec<BTreeMap<String, String>>,
    /// What the importer noted: `1@姓名=merged`.
    marks: Vec<String>,
    /// Cells of the only row in columns that the form does not have.
    aside: BTreeMap<String, String>,
    /// Cells beyond the header, in the last row.
    surplus: Vec<String>,
    /// The user's occupation names, each with its code where it has one: `电工 6-31-01-03`.
    occupations: Vec<String>,
    /// The limit of certificates on one day, where it is not the usual one.
    day_certificates: u16,
    /// The work types that the user's catalogue names, each with its occupation where it has one: `汽车维修工 汽车机械维修工`.
    work_types: Vec<String>,
    /// The user's occupations with access control.
    controlled: Vec<String>,
    /// The user's occupations with a qualification, and special skills on record.
    qualifications: Vec<String>,
    special_skills: Vec<String>,
    registry: Vec<Filed>,
    /// The user's scope: institution, occupation, work type, levels, separated by `|`.
    scope: Vec<String>,
    /// Certificates of the ledger: code and status, then the columns of its record by their labels; `batch` and `row` (from
    /// 1) where it was given to a row, `on` and `why` of its status. The roster itself is batch 1.
    ledger: Vec<BTreeMap<String, String>>,
    /// Codes of series of the ledger that it never gave.
    not_given: Vec<String>,
    finds: Vec<String>,
    fix: Option<String>,
    safety: Option<String>,
    says: Option<String>,
}

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));

/// Three invented people with computed check digits.
const PEOPLE: [(&str, &str); 3] =
    [("张伟", "62010219900307123X"), ("李娜", "620102198805120027"), ("王小刚", "620502199211030186")];

pub(crate) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a real day")
}

pub(crate) fn context(tables: Arc<Tables>) -> CheckContext {
    context_of("gansu-competition", "", tables)
}

/// A context of a profile and one of its forms, the upload form where none is named.
fn context_of(profile: &str, form: &str, tables: Arc<Tables>) -> CheckContext {
    let profile = data::profile(profile).unwrap_or_else(|| panic!("no profile {profile}"));
    let sheet = data::sheet(if form.is_empty() { profile.upload_sheet() } else { form }).expect("the form");
    CheckContext::new(profile, sheet, tables, today())
}

/// What is the same in every clean row of a profile: code without its serial, date, institution, issuing body.
fn clean_texts(profile: &str) -> [&'static str; 4] {
    let committee = "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)";
    match profile {
        "gansu-competition" => [
            "S000062010001242J",
            "2024-11-08",
            committee,
            "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)(甘肃省职业技能鉴定指导中心代章)",
        ],
        "sichuan-competition" => [
            "S000051009999212J",
            "2021-11-08",
            "四川省样例职业技能大赛组委会",
            "四川省样例职业技能大赛组委会（四川省职业技能鉴定指导中心代章）",
        ],
        "guangdong-technical" => ["S000044012001252", "2025-11-07", "样例技师学院", "样例技师学院"],
        "beijing" => ["S000011084001222", "2022-11-08", "样例技能培训学校", "样例技能培训学校"],
        "guizhou" => ["Y000052002008202", "2020-11-06", "贵州样例机械有限公司", "贵州样例机械有限公司"],
        _ => ["S000023001234252", "2025-11-07", "样例技能培训学校", "样例技能培训学校"],
    }
}

/// A clean row of a profile, by column of its form.
fn clean_row(context: &CheckContext, i: usize) -> Vec<String> {
    let (name, id) = PEOPLE[i % PEOPLE.len()];
    let [code, day, institution, issuing_body] = clean_texts(&context.profile().id);
    let serial = format!("{:0width$}", i + 1, width = 22 - code.len());
    let is_woman = id.as_bytes()[16] % 2 == 0;
    let text = |field: Field| match field {
        Field::Name | Field::OldName => name,
        Field::IdType => "201",
        Field::IdNumber | Field::OldIdNumber => id,
        Field::Employer if context.profile().id == "guizhou" => institution,
        Field::Employer => "兰州陇原机械有限公司",
        Field::Occupation => "汽车维修工",
        Field::WorkType => "汽车机械维修工",
        Field::Level => "2",
        Field::Code | Field::OldCode => code,
        Field::IssueDate => day,
        Field::Institution => institution,
        Field::IssuingBody => issuing_body,
        Field::Sex if is_woman => "女",
        Field::Sex => "男",
        Field::ContestClass => "省级一类",
        Field::Award => "金奖/第一名",
    };
    let of = |field: Field| match field {
        Field::Code | Field::OldCode => format!("{code}{serial}"),
        field => text(field).to_string(),
    };
    context.sheet().columns.iter().map(|column| of(column.field)).collect()
}

fn labels(sheet: &SheetSpec) -> Vec<String> {
    sheet.columns.iter().map(|column| column.label.clone()).collect()
}

fn column_of(sheet: &SheetSpec, label: &str) -> usize {
    sheet.columns.iter().position(|c| c.label == label).unwrap_or_else(|| panic!("no column {label}"))
}

fn mark_kind(name: &str) -> MarkKind {
    match name {
        "number" => MarkKind::Number,
        "long-number" => MarkKind::LongNumber,
        "date" => MarkKind::Date,
        "error" => MarkKind::Error,
        "formula" => MarkKind::FormulaWithoutValue,
        "bad-bytes" => MarkKind::BadBytes,
        "merged" => MarkKind::Merged,
        "open-quote" => MarkKind::OpenQuote,
        other => panic!("no mark {other}"),
    }
}

fn tables_of(case: &Case) -> Arc<Tables> {
    let lists = [&case.controlled, &case.qualifications, &case.special_skills, &case.scope];
    let mut names = lists.into_iter().chain([&case.occupations, &case.work_types]);
    if names.all(Vec::is_empty) && case.registry.is_empty() && case.day_certificates == 0 {
        return Arc::clone(&TABLES);
    }
    let mut tables = data::tables([]);
    for listed in &case.occupations {
        let (name, code) = listed.split_once(' ').unwrap_or((listed, ""));
        tables.occupations.insert(name.to_string());
        if !code.is_empty() {
            tables.occupation_codes.insert(name.to_string(), code.to_string());
        }
    }
    if case.day_certificates != 0 {
        tables.doubt.day_certificates = case.day_certificates;
    }
    for listed in &case.work_types {
        let (occupation, name) = listed.split_once(' ').unwrap_or(("", listed));
        tables.work_types.insert(name.to_string());
        if !occupation.is_empty() {
            tables.work_types_of.entry(occupation.to_string()).or_default().insert(name.to_string());
        }
    }
    tables.controlled.extend(case.controlled.iter().cloned());
    tables.qualifications.extend(case.qualifications.iter().cloned());
    tables.special_skills.extend(case.special_skills.iter().cloned());
    tables.scope.extend(case.scope.iter().map(|row| {
        let parts: Vec<&str> = row.split('|').collect();
        let levels = parts[3].bytes().filter_map(|digit| Level::new(digit - b'0')).collect();
        let [institution, occupation, work_type] = [parts[0], parts[1], parts[2]].map(String::from);
        ScopeRow { institution, occupation, work_type, levels, ..ScopeRow::default() }
    }));
    let standings = case.registry.iter().map(|filed| (filed.prefix.clone(), filed.standing())).collect();
    tables.registry = Registry::new(case.registry.iter().map(Filed::institution)).with_standings(standings);
    Arc::new(tables)
}

/// What the ledger of a case knows; the records are those of the case's clean rows where they say nothing else.
fn known_of(case: &Case, context: &CheckContext) -> KnownCertificates {
    let certificate = |entry: &BTreeMap<String, String>| {
        let given = |key: &str| entry.get(key).cloned().unwrap_or_default();
        let number = |key: &str| given(key).parse::<i64>().ok();
        let row = number("row").unwrap_or(1) as usize - 1;
        let clean = clean_row(context, row);
        let text = |field: Field| {
            let Some(column) = context.sheet().columns.iter().position(|c| c.field == field) else {
                return String::new();
            };
            entry.get(&context.sheet().columns[column].label).unwrap_or(&clean[column]).clone()
        };
        let id_number = text(Field::IdNumber);
        KnownCertificate {
            code: CertCode::new(&text(Field::Code)).expect("a code"),
            status: Status::read(&given("status")).expect("a status"),
            status_on: given("on").parse().ok(),
            again: None,
            why: given("why"),
            person: cleaned_id_number(&id_number).into_owned(),
            row: number("batch").map(|batch| (BatchId(batch), row as u32)),
            file: number("batch").map_or(String::new(), |_| "去年.xlsx".to_string()),
            holder: Holder {
                name: text(Field::Name),
                id_type: text(Field::IdType),
                id_number,
                employer: text(Field::Employer),
                occupation: text(Field::Occupation),
                work_type: text(Field::WorkType),
                level: text(Field::Level),
                issue_date: text(Field::IssueDate),
                institution: text(Field::Institution),
                issuing_body: text(Field::IssuingBody),
            },
        }
    };
    let not_given = case.not_given.iter().filter_map(|code| CertCode::new(code));
    KnownCertificates::new(Some(BatchId(1)), case.ledger.iter().map(certificate)).without(not_given)
}

fn batch_of(case: &Case) -> Batch {
    let tables = tables_of(case);
    let profile = if case.profile.is_empty() { "gansu-competition" } else { &case.profile };
    let context = context_of(profile, &case.form, tables);
    let sheet = Arc::clone(context.sheet());
    let rows = if case.rows.is_empty() { std::slice::from_ref(&case.set) } else { &case.rows[..] };
    let marks: Vec<(usize, usize, MarkKind)> = case
        .marks
        .iter()
        .map(|m| {
            let (row, rest) = m.split_once('@').expect("row@label=mark");
            let (label, mark) = rest.split_once('=').expect("row@label=mark");
            (row.parse::<usize>().expect("a row number") - 1, column_of(&sheet, label), mark_kind(mark))
        })
        .collect();
    let mut block = BlockBuilder::new();
    for (i, set) in rows.iter().enumerate() {
        let mut cells = clean_row(&context, i);
        for (label, text) in set {
            cells[column_of(&sheet, label)].clone_from(text);
        }
        for (column, text) in cells.iter().enumerate() {
            block.cell(text);
            if let Some((_, _, kind)) = marks.iter().find(|(row, c, _)| (*row, *c) == (i, column)) {
                block.mark(*kind);
            }
        }
        case.aside.values().for_each(|text| block.cell(text));
        if i + 1 == rows.len() {
            case.surplus.iter().for_each(|text| block.cell(text));
        }
        block.end_row(i as u32);
    }
    let labels: Vec<String> = labels(&sheet).into_iter().chain(case.aside.keys().cloned()).collect();
    let columns = ColumnMap::matched(&labels, &sheet);
    let known = known_of(case, &context);
    let mut batch = Batch::new(Origin::default(), columns, 2, context);
    batch.check_and_append(Arc::new(block.finish(rows.len() as u32)));
    batch.set_known(Arc::new(known));
    batch
}

fn named(sheet: &SheetSpec, finding: &Finding) -> String {
    let row = if finding.row == 0 { String::new() } else { format!("{}:", finding.row + 1) };
    format!("{row}{}@{}", finding.rule.spec().code, sheet.label(finding.field))
}

fn case_files() -> Vec<(PathBuf, String, CaseFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rules");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the case folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let code = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let file = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (path, code, file)
        })
        .collect()
}

/// Runs one case; returns what is not as it should be.
fn faults(case: &Case, rule: RuleId, locales: &[Locale; 2], safeties: &mut BTreeSet<&'static str>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut batch = batch_of(case);
    let sheet = Arc::clone(batch.context().sheet());
    let findings: Vec<Finding> = batch.findings().iter().copied().collect();
    let mut found: Vec<String> = findings.iter().map(|f| named(&sheet, f)).collect();
    let mut wanted = case.finds.clone();
    found.sort();
    wanted.sort();
    if found != wanted {
        faults.push(format!("found {found:?}, expected {wanted:?}"));
    }
    for finding in &findings {
        if !finding.rule.spec().reads.contains(&finding.field) {
            faults.push(format!("{} stands in a column it does not read", named(&sheet, finding)));
        }
        for (locale, masked) in locales.iter().flat_map(|l| [(l, true), (l, false)]) {
            let sentence = locale.finding(&batch, finding, masked);
            if sentence.contains('{') || sentence.contains("“”") || sentence.contains("()") {
                faults.push(format!("a place is not filled: {sentence}"));
            }
            let cell = batch.roster().cell(finding.row, finding.field);
            if masked && finding.field.is_personal() && 3 < cell.chars().count() && sentence.contains(cell) {
                faults.push(format!("not masked: {sentence}"));
            }
        }
        // A fix that the rule calls safe may be one to look at for this cell, never the other way round.
        let promised = finding.rule.fix_safeties();
        let unpromised = |f: &Fix| !promised.contains(&Safety::Safe) && !promised.contains(&f.safety);
        if let Some(fix) = batch.fix(finding).filter(unpromised) {
            faults.push(format!("{} offers a fix that is {}", named(&sheet, finding), fix.safety.key()));
        }
    }
    let own: Vec<Finding> = findings.into_iter().filter(|f| f.rule == rule).collect();
    let Some(first) = own.first().copied() else {
        if case.fix.is_some() || case.says.is_some() {
            faults.push(format!("no {} to fix", rule.spec().code));
        }
        return faults;
    };
    if let Some(says) = &case.says {
        let sentence = locales[0].finding(&batch, &first, true);
        if sentence != *says {
            faults.push(format!("says {sentence}"));
        }
    }
    let fix = batch.fix(&first);
    let offered = fix.as_ref().map(|f| (f.to.as_str(), f.safety.key()));
    let expected = case.fix.as_deref().zip(case.safety.as_deref());
    if offered != expected {
        faults.push(format!("offers {offered:?}, expected {expected:?}"));
    }
    if let Some(fix) = fix {
        safeties.insert(fix.safety.key());
        let change = batch.change("fix", [(first.row, fix.field, Arc::from(fix.to.as_str()))]);
        batch.apply(change);
        let still = |f: &&Finding| (f.rule, f.field) == (first.rule, first.field);
        if let Some(f) = batch.findings().of_row(first.row).iter().find(still) {
            faults.push(format!("{} is still found after its fix", named(&sheet, f)));
        }
    }
    faults
}

#[test]
fn rules_find_what_their_cases_say_and_nothing_else() {
    let locales = [Locale::load(Lang::Zh), Locale::load(Lang::En)];
    let mut faulty = Vec::new();
    for (path, code, file) in case_files() {
        let Some(rule) = RuleId::find(&code).filter(|r| r.spec().code == code) else {
            faulty.push(format!("{}: no such rule", path.display()));
            continue;
        };
        let mut safeties = BTreeSet::new();
        for (i, case) in file.case.iter().enumerate() {
            for fault in faults(case, rule, &locales, &mut safeties) {
                faulty.push(format!("{code} case {} {:?} {}: {fault}", i + 1, case.set, case.note));
            }
        }
        let promised: BTreeSet<&str> = rule.fix_safeties().iter().map(|s| s.key()).collect();
        let may_show = |s: &&str| promised.contains(*s) || promised.contains(Safety::Safe.key());
        if !promised.is_subset(&safeties) || !safeties.iter().all(may_show) {
            faulty.push(format!("{code}: the cases show fixes {safeties:?}, the rule says {promised:?}"));
        }
        let own = |f: &String| f.rsplit(':').next().is_some_and(|f| f.starts_with(&code));
        if !file.case.iter().any(|c| c.finds.iter().any(own)) || !file.case.iter().any(|c| !c.finds.iter().any(own)) {
            faulty.push(format!("{code}: needs a good and a bad case"));
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
}

#[test]
fn every_rule_has_cases_and_a_page_in_both_languages() {
    let with_cases: BTreeSet<String> = case_files().into_iter().map(|(_, code, _)| code).collect();
    let rules: BTreeSet<String> = RULES.iter().map(|r| r.code.to_string()).collect();
    assert_eq!(with_cases, rules);
    for lang in [Lang::Zh, Lang::En] {
        let locale = Locale::load(lang);
        let tables = TableFault::ALL.map(|fault| fault.code().to_string());
        let pages: BTreeSet<&String> = rules.iter().chain(&tables).collect();
        assert_eq!(locale.rule_codes(), pages.into_iter().collect::<Vec<_>>(), "{lang:?}");
        for code in &tables {
            let page = locale.rule(code).expect("a page");
            let texts = [&page.title, &page.message, &page.why, &page.bad, &page.good, &page.todo];
            assert!(texts.iter().all(|t| !t.is_empty()) && page.fix.is_empty(), "{code}: a part");
        }
        for spec in RULES {
            let page = locale.rule(spec.code).expect("a page");
            let texts = [&page.title, &page.message, &page.why, &page.bad, &page.good];
            assert!(texts.iter().all(|t| !t.is_empty()), "{}: an empty part", spec.code);
            assert_eq!(page.fix.is_empty(), spec.id.fix_safeties().is_empty(), "{}: fix", spec.code);
        }
    }
}

/// DOMAIN: what the upload refuses or gets wrong is an error, what only a person can judge a warning. A table that may lack
/// an entry never makes an error.
#[test]
fn severities_are_those_of_the_domain_report() {
    let of =
        |wanted: Severity| -> Vec<&str> { RULES.iter().filter(|r| r.severity == wanted).map(|r| r.code).collect() };
    assert_eq!(of(Severity::Notice), ["A07", "P02", "V01", "V02"]);
    assert_eq!(
        of(Severity::Warning),
        [
            "A04", "B01", "B02", "B03", "B04", "C04", "C08", "C10", "C11", "C12", "D04", "D07", "D11", "G03", "I02",
            "I04", "K02", "K03", "K04", "K05", "L03", "L05", "N01", "N03", "N04", "O01", "O02", "O03", "O04", "P01",
            "R03", "T02", "U02", "U03", "U06", "U09", "U10", "W04", "W05", "W06", "W07", "W08", "W11", "W13", "W14",
            "W16"
        ]
    );
}
