//! Cases (更正、补发、撤销): the tables under `tests/cases/cases` against the domain and through the store, and the verbs of the
//! built program.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use skillcert::data;
use skillcert::domain::code::CertCode;
use skillcert::domain::date;
use skillcert::domain::ledger::adopt::Issued;
use skillcert::domain::ledger::case::{
    Application, Approval, Case, CaseContext as Judge, CaseFilter, CaseId, CaseKind, CaseRefusal, CaseRequest,
    CaseState, Item, NewValue, ReissueCause, may_approve, may_close, may_open, may_refuse, outcome,
};
use skillcert::domain::ledger::{Certificate, Holder, SeriesKey, Status};
use skillcert::domain::profile::Profile;
use skillcert::domain::rules::{CheckContext, Tables, fault_of_change};
use skillcert::domain::sheet::Field;
use skillcert::store::{AdoptFile, StatePaths, Store, StoreError};

use crate::support::{Desk, Ran, TODAY, root};

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
    let adopted =
        store.adopt(&file, [Issued { line: 2, code: &code, is_wrong: false }].into_iter(), &|_| holder.clone(), false);
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

/// A desk whose ledger holds a published certificate of Beijing and one of Guangdong.
fn desk() -> Desk {
    let desk = Desk::new();
    let store = Store::open(&StatePaths::at(&desk.path("state")).expect("places"), "wang", "test").expect("a store");
    for (profile, code, issued) in
        [("beijing", BEIJING, "2022-11-08"), ("guangdong-technical", GUANGDONG, "2025-11-08")]
    {
        let of = data::profile(profile).expect("a profile");
        insert(&store, profile, &certificate(&of, code, issued, Status::Published));
    }
    desk
}

const BEIJING: &str = "S000011084001223000001";
const GUANGDONG: &str = "S000044012001253000001";

/// Runs `case WORDS…`; gives the exit code, stdout and stderr.
fn case(desk: &Desk, words: &[&str]) -> (i32, String, String) {
    let home = desk.path("state");
    let ran = desk.verb(&[&["case"], words, &["--home", home.to_str().expect("a path")]].concat());
    (ran.code, ran.out, ran.err)
}

fn ledger(desk: &Desk, words: &[&str]) -> Ran {
    let home = desk.path("state");
    desk.verb(&[&["ledger"], words, &["--home", home.to_str().expect("a path")]].concat())
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

fn workbook(path: &Path) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_correction_goes_from_the_request_to_its_row() {
    let desk = desk();
    let ok = |words: &[&str]| {
        let (code, out, err) = case(&desk, words);
        assert_eq!(code, 0, "{words:?}: {out}{err}");
        out
    };
    let opened = ok(&[
        "open",
        "correct",
        "s000011084001223000001",
        "--set",
        "姓名=张玮",
        "--photo",
        "p.jpg",
        "--reason",
        "登记时写错",
    ]);
    assert!(opened.contains("个案 1") && opened.contains("BJ-57") && opened.contains("BJ-58"), "{opened}");
    let (code, _, err) = case(&desk, &["close", "1"]);
    assert!(code == 1 && err.contains("BJ-26"), "{err}");
    let target = desk.path("更正.xlsx");
    let export = ["export", "1", "--output", target.to_str().expect("a path")];
    let (code, _, err) = case(&desk, &export);
    assert!(code == 1 && err.contains("BJ-26") && !target.exists(), "{err}");
    ok(&["approve", "1", "--reference", "京鉴函〔2026〕5号", "--on", TODAY]);
    let (code, _, err) = case(&desk, &export);
    assert_eq!(code, 0, "{err}");
    ok(&["close", "1"]);
    let after = desk.path("after.csv");
    assert_eq!(case(&desk, &["export", "1", "--output", after.to_str().expect("a path")]).0, 0);

    let text = |text: &str| Data::String(text.into());
    let form = data::sheet("beijing-correction-14").expect("the form");
    let labels: Vec<Data> = form.columns.iter().map(|c| text(&c.label)).collect();
    let row = [
        BEIJING,
        "11010519491231002X",
        "李小刚",
        "张玮",
        "201",
        "11010519491231002X",
        "某某机械有限公司",
        "电工",
        "——",
        "3",
        BEIJING,
        "2022-11-08",
        "某某技工学校",
        "某某技工学校",
    ];
    assert_eq!(workbook(&target), [labels, row.map(text).to_vec()]);
    let csv = std::fs::read_to_string(&after).expect("written");
    assert_eq!(csv.lines().nth(1), Some(row.join(",").as_str()), "the same once the record has changed");
    let manifest = json(&std::fs::read_to_string(desk.path("更正.xlsx.manifest.json")).expect("a manifest"));
    assert_eq!((&manifest["purpose"], &manifest["sheet"]), (&"correction".into(), &"beijing-correction-14".into()));
    assert_eq!((&manifest["cases"][0]["state"], &manifest["rows"]), (&"approved".into(), &1.into()));
    assert_eq!(manifest["audit"]["count"], 4);

    let page = ok(&["show", "1"]);
    for part in ["李*刚", "110105********002X", "京鉴函〔2026〕5号", "登记时写错", "已办结"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("李小刚") && !page.contains("张玮"), "{page}");
    let whole = ok(&["show", "1", "--unmask", "--reason", "x", "--lang", "en"]);
    assert!(whole.contains("李小刚 → 张玮") && whole.contains("closed") && !whole.contains("case."), "{whole}");
    let masked = ok(&["show", "1", "--format", "json"]);
    assert!(!masked.contains("张玮") && !masked.contains("11010519491231002X"), "{masked}");
    let shown = json(&ok(&["show", "1", "--format", "json", "--unmask", "--reason", "x"]));
    assert_eq!((&shown["state"], &shown["kind"]), (&"closed".into(), &"correct".into()));
    assert_eq!((&shown["snapshot"]["name"], &shown["request"]["values"][0]["to"]), (&"李小刚".into(), &"张玮".into()));
    assert_eq!(shown["steps"].as_array().map(Vec::len), Some(3));

    let (code, _, err) =
        case(&desk, &["open", "correct", BEIJING, "--set", "id-number=11010519491231010X", "--reason", "x"]);
    assert!(code == 1 && err.contains("BJ-25") && err.contains("姓名") && err.contains("个案 1"), "{err}");
    let verified = ledger(&desk, &["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.out);
    let life = ledger(&desk, &["show", BEIJING]).out;
    for words in ["种类: 更正", "照片: p.jpg", "已批准 -> 已办结"] {
        assert!(life.contains(words), "{words}: {life}");
    }
}

#[test]
fn an_old_copy_that_was_put_back_is_told_and_takes_no_change() {
    let desk = desk();
    let file = desk.path("state/skillcert.sqlite3");
    let old = std::fs::read(&file).expect("the store");
    let open = ["open", "correct", GUANGDONG, "--set", "employer=广州某某机械有限公司", "--reason", "x"];
    assert_eq!(case(&desk, &open).0, 0);
    std::fs::write(&file, &old).expect("put back");
    let verified = ledger(&desk, &["verify", "--format", "json"]);
    // The old copy is whole in itself: only the end noted outside tells.
    let told = json(&verified.out);
    assert!(
        verified.code == 1 && told["problems"] == Value::Array(Vec::new()) && told["noted_head"].is_string(),
        "{told}"
    );
    assert_eq!(case(&desk, &open).0, 4);
    let state = desk.path("state");
    let institution = [
        "institution",
        "add",
        &BEIJING[..13],
        "--profile",
        "beijing",
        "--name",
        "甲校",
        "--home",
        state.to_str().expect("a path"),
    ];
    for ran in [ledger(&desk, &["void", GUANGDONG, "--reason", "x"]), desk.verb(&institution)] {
        assert_eq!(ran.code, 4, "{}", ran.err);
    }
    std::fs::remove_file(desk.path("state/skillcert.head")).expect("removed");
    assert_eq!(ledger(&desk, &["verify"]).code, 1);
}

#[test]
fn guangdong_hands_its_row_in_again_and_gives_a_proof() {
    let desk = desk();
    let run = |words: &[&str]| case(&desk, words);
    let (code, out, err) = run(&[
        "open",
        "correct",
        GUANGDONG,
        "--set",
        "employer=广州某某机械有限公司",
        "--reason",
        "x",
        "--format",
        "json",
    ]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(json(&out)["id"], 1);
    assert_eq!(run(&["approve", "1", "--reference", "粤人社函〔2026〕12号"]).0, 0);
    let target = desk.path("again.xlsx");
    let path = target.to_str().expect("a path");
    let (code, _, err) = run(&["export", "1", "--output", path]);
    assert_eq!(code, 0, "{err}");
    let rows = workbook(&target);
    assert_eq!((rows.len(), rows[1].len()), (2, 11), "the upload form as it is");
    assert_eq!(rows[1][3], Data::String("广州某某机械有限公司".into()));
    let manifest = json(&std::fs::read_to_string(desk.path("again.xlsx.manifest.json")).expect("a manifest"));
    assert_eq!((&manifest["purpose"], &manifest["clause"]), (&"resubmit".into(), &"GD-53".into()));
    assert_eq!(manifest["cases"][0]["reference"], "粤人社函〔2026〕12号");
    assert_eq!(run(&["export", "1", "--output", path]).0, 3, "a file that is there stays");
    assert_eq!(run(&["export", "1", "--output", path, "--force"]).0, 0);

    let lost = ["open", "reissue", GUANGDONG, "--cause", "lost", "--reason", "搬家遗失"];
    let (code, _, err) = run(&lost);
    assert!(code == 1 && err.contains("GD-49") && err.contains("申请表"), "{err}");
    let papers = ["--paper", "证书遗失、损坏补发证明申请表", "--paper", "申请人身份证原件"];
    let (code, out, err) = run(&[&lost[..], &papers].concat());
    assert!(code == 0 && out.contains("GD-48") && out.contains("不另编号"), "{out}{err}");
    assert_eq!(run(&["export", "2", "--output", desk.path("no.csv").to_str().expect("a path")]).0, 1);
    let list = json(&run(&["list", "--open", "--kind", "reissue", "--format", "json"]).1);
    assert_eq!(list["cases"].as_array().map(Vec::len), Some(1));
    assert_eq!(run(&["refuse", "2", "--reason", "已找回"]).0, 0);
    assert_eq!(run(&["list", "--open"]).1.lines().count(), 1);
    assert_eq!(run(&["list", "--code", GUANGDONG]).1.lines().count(), 2);
    assert_eq!(run(&["list", "--code", BEIJING]).1, "没有个案\n");
}

#[test]
fn a_revocation_ends_a_certificate_for_good() {
    let desk = desk();
    let run = |words: &[&str]| case(&desk, words);
    let revoke = ["open", "revoke", BEIJING, "--reason", "弄虚作假", "--on", "2026-11-01"];
    for (more, clause) in [(&[][..], "BJ-28"), (&["--benefits-cancelled", "2026-11-02"], "BJ-28")] {
        let (code, _, err) = run(&[&revoke[..], more].concat());
        assert!(code == 1 && err.contains(clause), "{err}");
    }
    assert_eq!(run(&[&revoke[..], &["--benefits-cancelled", "2026-10-30"]].concat()).0, 0);
    assert_eq!(run(&["approve", "1", "--reference", "5号", "--on", "2026-11-20"]).0, 0);
    assert_eq!(run(&["close", "1", "--withdrawn", "2026-11-20"]).0, 0);
    assert!(run(&["show", "1"]).1.contains("证书收回日期：2026-11-20"));
    let (code, _, err) = run(&["open", "reissue", BEIJING, "--cause", "lost", "--reason", "x"]);
    assert!(code == 1 && err.contains("已撤销"), "{err}");
    assert_eq!(run(&["close", "1"]).0, 1);
    let life = ledger(&desk, &["show", BEIJING]);
    assert!(life.out.contains("取消待遇日期: 2026-10-30"), "{}", life.out);
}

#[test]
fn what_is_typed_wrong_is_told_and_changes_nothing() {
    let desk = desk();
    for (words, wanted) in [
        (&["open", "correct", BEIJING, "--set", "name", "--reason", "x"][..], 2),
        (&["open", "correct", BEIJING, "--set", "颜色=红", "--reason", "x"], 2),
        (&["open", "correct", "S0000", "--set", "name=张玮", "--reason", "x"], 2),
        (&["open", "correct", "S000011084001223000009", "--set", "name=张玮", "--reason", "x"], 2),
        (&["open", "correct", BEIJING, "--set", "name=张玮", "--reason", " "], 2),
        (&["open", "correct", BEIJING, "--set", "name=张玮", "--reason", "x", "--on", "gestern"], 2),
        (&["open", "correct", BEIJING, "--set", "name=\u{1b}[31m张", "--reason", "x"], 1),
        (&["open", "reissue", BEIJING, "--reason", "x"], 2),
        (&["open", "reissue", BEIJING, "--cause", "eaten", "--reason", "x"], 2),
        (&["open", "nonsense", BEIJING], 2),
        (&["open"], 2),
        (&["approve", "1"], 2),
        (&["approve", "1", "--reference", "5号"], 2),
        (&["refuse", "1"], 2),
        (&["close", "x"], 2),
        (&["show", "99"], 2),
        (&["list", "--kind", "nonsense"], 2),
        (&["export", "1", "--output", "x.doc"], 2),
        (&["nonsense"], 2),
        (&[], 2),
    ] {
        let (code, out, err) = case(&desk, words);
        assert_eq!(code, wanted, "{words:?}: {out}{err}");
        assert!(out.is_empty() && !err.trim().is_empty() && !err.contains('\u{1b}'), "{words:?}: {out}{err}");
    }
    assert_eq!(case(&desk, &["list"]).1, "没有个案\n");
}
