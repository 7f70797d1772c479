//! Cases (更正、补发、撤销): the tables under `tests/cases/cases` against the domain and through the store, and the verbs of the
//! built program.

pub mod verbs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::Deserialize;
use skillcert::data;
use skillcert::domain::code::CertCode;
use skillcert::domain::date;
use skillcert::domain::ledger::adopt::{AdoptLeave, Issued};
use skillcert::domain::ledger::case::{
    Application, Approval, Case, CaseContext as Judge, CaseFilter, CaseId, CaseKind, CaseRefusal, CaseRequest,
    CaseState, Item, NewValue, ReissueCause, may_approve, may_close, may_open, may_refuse, outcome,
};
use skillcert::domain::ledger::{Certificate, Holder, SeriesKey, Status};
use skillcert::domain::profile::Profile;
use skillcert::domain::rules::{CheckContext, Tables, fault_of_change};
use skillcert::domain::sheet::Field;
use skillcert::store::{AdoptFile, StatePaths, Store, StoreError};

use crate::support::{TODAY, root};

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    profile: String,
    code: String,
    issue_date: String,
    case: Vec<Row>,
}

/// What is asked of the certificate, and what comes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    note: String,
    #[serde(default = "published")]
    status: String,
    #[serde(default)]
    earlier: Vec<Wish>,
    #[serde(flatten)]
    wish: Wish,
    refused: Option<String>,
    /// The clause of the refusal, `?` for whichever the form sets.
    #[serde(default)]
    clause: String,
    #[serde(default)]
    after: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Wish {
    set: Option<BTreeMap<String, String>>,
    photo: Option<String>,
    reissue: Option<NaiveDay>,
    #[serde(default = "lost")]
    cause: String,
    #[serde(default)]
    papers: Vec<String>,
    revoke: Option<Revoke>,
    #[serde(default = "reason")]
    reason: String,
    #[serde(default = "applied_on")]
    applied_on: NaiveDay,
    approve: Option<Consent>,
    withdrawn: Option<NaiveDay>,
    /// What is said at the end.
    #[serde(default)]
    end_reason: String,
    /// closed or refused; an earlier case without it stays open.
    #[serde(default)]
    end: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    benefits: Option<NaiveDay>,
    #[serde(default)]
    authority: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    reference: String,
    on: NaiveDay,
}

type NaiveDay = String;

fn published() -> String {
    "published".into()
}

fn lost() -> String {
    "lost".into()
}

fn reason() -> String {
    "登记时写错".into()
}

fn applied_on() -> NaiveDay {
    "2026-11-01".into()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn case_files() -> Vec<(String, CaseFile)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root("tests/cases/cases"))
        .expect("the folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("a readable file");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    };
    paths.iter().map(read).collect()
}

impl Wish {
    fn application(&self) -> Application {
        let request = if let Some(on) = &self.reissue {
            let cause = ReissueCause::read(&self.cause).expect("a cause");
            CaseRequest::Reissue { on: day(on), cause, papers: self.papers.clone() }
        } else if let Some(revoke) = &self.revoke {
            let benefits_cancelled_on = revoke.benefits.as_deref().map(day);
            CaseRequest::Revoke { benefits_cancelled_on, authority: revoke.authority.clone() }
        } else {
            let set = self.set.iter().flatten().map(|(key, to)| {
                let item = Item::read(key).unwrap_or_else(|| panic!("{key}"));
                NewValue { item, to: to.clone() }
            });
            let photo = self.photo.iter().map(|to| NewValue { item: Item::Photo, to: to.clone() });
            CaseRequest::Correct(set.chain(photo).collect())
        };
        Application { request, applied_on: day(&self.applied_on), reason: self.reason.clone() }
    }

    fn approval(&self) -> Option<Approval> {
        self.approve.as_ref().map(|a| Approval { reference: a.reference.clone(), on: day(&a.on) })
    }
}

fn context(profile: &str) -> CheckContext {
    let profile = data::profile(profile).expect("a profile");
    let sheet = data::sheet(profile.upload_sheet()).expect("a form");
    CheckContext::new(profile, sheet, Arc::clone(&TABLES), day(TODAY))
}

fn certificate(profile: &Profile, code: &str, issue_date: &str, status: Status) -> Certificate {
    let code = CertCode::new(code).expect("a code");
    let (series, serial) = SeriesKey::of(profile, code).expect("a series");
    let holder = Holder {
        name: "李小刚".into(),
        id_type: "201".into(),
        id_number: "11010519491231002X".into(),
        employer: "某某机械有限公司".into(),
        occupation: "电工".into(),
        work_type: profile.empty_work_type.text.clone(),
        level: "3".into(),
        issue_date: issue_date.into(),
        institution: "某某技工学校".into(),
        issuing_body: "某某技工学校".into(),
    };
    Certificate {
        code,
        series,
        serial,
        status,
        holder,
        status_on: TODAY.parse().ok(),
        row: None,
        taken: 1,
        reissued_on: None,
    }
}

/// Puts a certificate into a store's file. The ledger's own import will do this once it is there.
fn insert(store: &Store, profile: &str, certificate: &Certificate) {
    let profile = data::profile(profile).expect("a profile");
    let (status, on) = (certificate.status, day(TODAY));
    let file = AdoptFile { name: "issued.csv", sha256: "", profile: &profile, status, on, reason: "" };
    let (code, holder) = (certificate.code.to_string(), certificate.holder.clone());
    let adopted = store.adopt(
        &file,
        [Issued { line: 2, code: &code, is_wrong: false }].into_iter(),
        &|_| holder.clone(),
        AdoptLeave::Any,
    );
    assert_eq!(adopted.expect("adopted").new, 1);
}

/// A certificate with its cases, kept by nothing but the domain.
struct Plain<'a> {
    context: &'a CheckContext,
    certificate: Certificate,
    cases: Vec<Case>,
}

impl Plain<'_> {
    fn judged(&self, ask: impl FnOnce(&Judge) -> Result<(), CaseRefusal>) -> Result<(), CaseRefusal> {
        let code = self.certificate.code;
        let fault = |before: &Holder, after: &Holder| fault_of_change(self.context, code, before, after);
        ask(&Judge { profile: self.context.profile(), today: self.context.today(), fault: &fault })
    }

    fn open(&mut self, application: &Application) -> Result<CaseId, CaseRefusal> {
        self.judged(|desk| may_open(application, &self.certificate, &self.cases, desk))?;
        let id = CaseId(self.cases.len() as i64 + 1);
        self.cases.push(Case {
            id,
            code: self.certificate.code,
            state: CaseState::Open,
            application: application.clone(),
            snapshot: self.certificate.holder.clone(),
            approval: None,
            withdrawn_on: None,
        });
        Ok(id)
    }

    fn approve(&mut self, id: CaseId, approval: &Approval) -> Result<(), CaseRefusal> {
        let at = id.0 as usize - 1;
        self.judged(|desk| may_approve(&self.cases[at], approval, desk))?;
        self.cases[at].state = CaseState::Approved;
        self.cases[at].approval = Some(approval.clone());
        Ok(())
    }

    fn refuse(&mut self, id: CaseId, reason: &str) -> Result<(), CaseRefusal> {
        let at = id.0 as usize - 1;
        may_refuse(&self.cases[at], reason)?;
        self.cases[at].state = CaseState::Refused;
        Ok(())
    }

    fn close(&mut self, id: CaseId, withdrawn_on: Option<NaiveDate>, reason: &str) -> Result<(), CaseRefusal> {
        let at = id.0 as usize - 1;
        let others: Vec<Case> = self.cases.iter().filter(|c| c.id != id).cloned().collect();
        self.judged(|desk| may_close(&self.cases[at], withdrawn_on, reason, &self.certificate, &others, desk))?;
        self.certificate = outcome(&self.cases[at], &self.certificate, self.context.profile());
        self.cases[at].state = CaseState::Closed;
        self.cases[at].withdrawn_on = withdrawn_on;
        Ok(())
    }
}

fn refusal<T>(done: Result<T, StoreError>) -> Result<T, CaseRefusal> {
    done.map_err(|e| match e {
        StoreError::Case(refusal) => refusal,
        other => panic!("{other}"),
    })
}

/// Takes every step of a wish in the domain and in the store; both must answer alike.
fn take(wish: &Wish, plain: &mut Plain, store: &Store, to_the_end: bool) -> Result<(), CaseRefusal> {
    fn both<T: PartialEq + std::fmt::Debug>(
        a: Result<T, CaseRefusal>,
        b: &Result<T, CaseRefusal>,
    ) -> Result<T, CaseRefusal> {
        assert_eq!(&a, b, "the domain and the store differ");
        a
    }
    let (application, context) = (wish.application(), plain.context);
    let code = plain.certificate.code;
    let id = both(plain.open(&application), &refusal(store.open_case(code, &application, context)))?;
    if let Some(approval) = wish.approval() {
        both(plain.approve(id, &approval), &refusal(store.approve_case(id, &approval, "", context)))?;
    }
    if wish.end == "refused" {
        both(plain.refuse(id, "撤回"), &refusal(store.refuse_case(id, "撤回")))?;
    } else if to_the_end || wish.end == "closed" {
        let withdrawn = wish.withdrawn.as_deref().map(day);
        let reason = &wish.end_reason;
        let closed = store.close_case(id, withdrawn, reason, context);
        both(plain.close(id, withdrawn, reason), &refusal(closed))?;
    }
    Ok(())
}

/// Runs one row of a table; tells what is not as it should be.
fn fault_of_row(file: &CaseFile, row: &Row) -> Option<String> {
    let context = context(&file.profile);
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&StatePaths::at(folder.path()).expect("places"), "wang", "test").expect("a store");
    let status = Status::read(&row.status).unwrap_or_else(|| panic!("{}", row.status));
    let certificate = certificate(context.profile(), &file.code, &file.issue_date, status);
    insert(&store, &file.profile, &certificate);
    let mut plain = Plain { context: &context, certificate, cases: Vec::new() };
    for wish in &row.earlier {
        if let Err(refusal) = take(wish, &mut plain, &store, false) {
            return Some(format!("an earlier case is refused: {refusal:?}"));
        }
    }
    let done = take(&row.wish, &mut plain, &store, true);
    let (found, _) = store.certificate_with_profile(plain.certificate.code).expect("the certificate");
    assert_eq!(Certificate { taken: 1, ..found.clone() }, plain.certificate, "{}", row.note);
    let stored: Vec<Case> =
        store.cases(&CaseFilter::default()).expect("cases").into_iter().rev().map(|c| c.case).collect();
    assert_eq!(stored, plain.cases, "{}", row.note);
    match (done, &row.refused) {
        (Err(refusal), None) => Some(format!("refused: {refusal:?}")),
        (Ok(()), Some(key)) => Some(format!("not refused as {key}")),
        (Err(refusal), Some(key)) => {
            let as_told = refusal.why.key() == key && (row.clause == "?" || refusal.clause == row.clause);
            (!as_told).then(|| format!("refused: {refusal:?}, not {key} {}", row.clause))
        }
        (Ok(()), None) => {
            let value = |key: &str| match key {
                "status" => found.status.key().to_string(),
                "reissued-on" => date::written(found.reissued_on),
                key => Field::read(key).and_then(|f| found.holder.cell(f)).unwrap_or("?").to_string(),
            };
            let wrong = row.after.iter().find(|(key, wanted)| value(key) != **wanted);
            let idle = row.after.is_empty().then(|| "the row asks for nothing".to_string());
            wrong.map(|(key, wanted)| format!("{key} is {}, not {wanted}", value(key))).or(idle)
        }
    }
}

#[test]
fn the_rules_of_cases_are_those_of_the_notices() {
    let mut faulty = Vec::new();
    let mut ends: BTreeMap<(String, CaseKind), BTreeSet<bool>> = BTreeMap::new();
    for (name, file) in case_files() {
        for row in &file.case {
            let kind = row.wish.application().request.kind();
            ends.entry((name.clone(), kind)).or_default().insert(row.refused.is_some());
            faulty.extend(fault_of_row(&file, row).map(|fault| format!("{name}: {}: {fault}", row.note)));
        }
    }
    assert!(faulty.is_empty(), "{}", faulty.join("\n"));
    assert_eq!(ends.len(), 9, "three kinds in three files");
    for (of, ends) in ends {
        assert!(ends.contains(&false), "{of:?} has no accepted example");
        assert!(ends.contains(&true) || of == ("silent".into(), CaseKind::Reissue), "{of:?} has no refused example");
    }
}
