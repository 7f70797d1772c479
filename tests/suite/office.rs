//! The office: acts that both fronts have through it.

use std::sync::mpsc::channel;

use skillcert::app::ledger::request::{LedgerAct, LedgerAnswer, LedgerRequest, Reached};
use skillcert::app::ledger::{FormKind, FormSubject};
use skillcert::app::msg::{Effect, Msg};
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::case::{Application, CaseId, CaseRequest, Item, NewValue, WhyCaseRefused};
use skillcert::domain::ledger::{BatchId, Marking, Selection, SeriesKey, Status};
use skillcert::domain::profile_choice::OpenedFile;
use skillcert::domain::roster::{CellEdit, Change};
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::office::{BatchNews, CaseRefused, InHand, Opening, RosterReading};
use skillcert::tui::{LoopEvent, Setup, Workers};

use skillcert::data;

use crate::support::{Desk, TODAY, goods};

const CODE: &str = "S000062010001242J00001";

/// A home whose registry knows the committee under one name, with published certificates.
fn registered() -> Desk {
    registered_as("甘肃省第三届机械制造行业职业技能大赛组委会(办公室)")
}

fn registered_as(name: &str) -> Desk {
    let desk = Desk::new();
    let roster = desk.roster("r.csv", &goods(3));
    let add = desk.verb(&["institution", "add", "S000062010001", "--profile", "gansu-competition", "--name", name]);
    assert_eq!(add.code, 0, "{}", add.err);
    let import = desk.verb(&[
        "ledger".as_ref(),
        "import".as_ref(),
        roster.as_os_str(),
        "--status".as_ref(),
        "published".as_ref(),
    ]);
    assert_eq!(import.code, 0, "{}{}", import.out, import.err);
    desk
}

fn application(institution: &str) -> Application {
    let value = NewValue { item: Item::Field(Field::Institution), to: institution.into() };
    Application {
        request: CaseRequest::Correct(vec![value]),
        applied_on: TODAY.parse().expect("a day"),
        reason: "笔误".into(),
    }
}

/// Does something to the ledger as the workbench does it.
pub fn at_the_workbench(desk: &Desk, act: LedgerAct) -> Result<u64, Failure> {
    match answered_at_the_workbench(desk, LedgerRequest::Do(act)) {
        LedgerAnswer::Done(entry, ..) => Ok(entry),
        LedgerAnswer::Refused(refused) => Err(refused.why),
        LedgerAnswer::Failed(failure) => Err(failure),
        other => panic!("{other:?}"),
    }
}

/// Gives what the workbench is answered.
fn answered_at_the_workbench(desk: &Desk, request: LedgerRequest) -> LedgerAnswer {
    let office = desk.office();
    let (to, from) = channel();
    let setup = Setup { today: office.today().expect("a day"), profile: None, office };
    let workers = Workers::start(desk.office().locale(), setup, to).expect("workers");
    workers.take(Effect::Ledger { seq: 1, request });
    workers.finish();
    let answers = from.into_iter().filter_map(|event| match event {
        LoopEvent::Msg(Msg::Ledger { seq: 1, answer }) => Some(answer),
        _ => None,
    });
    let mut answers = answers.collect::<Vec<_>>();
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

/// Each front made its own idea of what a record is checked with, without the registry, and let any name pass.
#[test]
fn a_correction_to_a_name_that_the_registry_does_not_know_is_refused_by_every_front() {
    let desk = registered();
    let code = CertCode::new(CODE).expect("a code");
    let refused = desk.office().sign_on("test").expect("a store").open_case(code, &application("别的组委会"));
    let Err(CaseRefused::Rule(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.why, WhyCaseRefused::Value(Field::Institution, "I01"), "{refusal:?}");

    let ran = desk.verb(&[
        "--lang",
        "zh",
        "case",
        "open",
        "correct",
        CODE,
        "--set",
        "institution=别的组委会",
        "--reason",
        "笔误",
    ]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("I01"), "{}", ran.err);

    let act = LedgerAct::Open { code, application: application("别的组委会") };
    let refused = at_the_workbench(&desk, act).expect_err("a name that is not registered");
    assert!(refused.message.contains("I01"), "{refused}");
    let listed = desk.verb(&["case", "list", "--format", "json"]);
    assert!(listed.out.contains("\"cases\":[]"), "nothing was opened: {}", listed.out);
}

/// Both fronts say how far an act reaches as the office finds it.
#[test]
fn the_workbench_is_told_how_far_an_act_reaches() {
    let desk = registered();
    let act = |code: &str| LedgerAct::Mark {
        code: CertCode::new(code).expect("a code"),
        status: Status::Published,
        on: TODAY.parse().expect("a day"),
        reason: String::new(),
        insists: false,
    };
    let reach = |act| match answered_at_the_workbench(&desk, LedgerRequest::Reach(act)) {
        LedgerAnswer::Reached(reach) => reach,
        other => panic!("{other:?}"),
    };
    assert_eq!(reach(act(CODE)), Reached::default(), "it is published by now");
    let key = SeriesKey::read("S000062010001242J*****").expect("a key");
    let reserve = LedgerAct::Reserve { key, year: None, level: None, count: 2, reason: "x".into() };
    let reached = reach(reserve);
    let told = &reached.facts[0].to;
    assert_eq!((told.as_str(), reached.warning.as_str()), ("第 4 至 5 号", ""));
    let ran = desk.verb(&[
        "ledger",
        "reserve",
        "S000062010001",
        "--year",
        "24",
        "--level",
        "2",
        "--count",
        "2",
        "--reason",
        "x",
        "--dry-run",
    ]);
    assert!(ran.out.contains(told), "{}{}", ran.out, ran.err);
}

/// A form asks as the notice has it, whatever else of the ledger the workbench has looked at.
#[test]
fn the_workbench_is_told_by_which_rules_a_case_is_judged() {
    let desk = registered();
    let subject = FormSubject::Certificate(CertCode::new(CODE).expect("a code"), Status::Published);
    let request = LedgerRequest::Bars { kind: FormKind::Open, subject, text: String::new() };
    let LedgerAnswer::Barred(_, _, bars) = answered_at_the_workbench(&desk, request) else { panic!("not answered") };
    let rules = bars.rules.expect("the rules");
    assert_eq!(rules.profile().id, "gansu-competition");
    assert!(rules.tables().registry.get("S000062010001").is_some(), "the registry is among them");
}

/// What was right when it was agreed to is checked again when it takes effect.
#[test]
fn an_approved_correction_is_not_closed_by_any_front_once_the_registry_knows_another_name() {
    let desk = registered_as("别的组委会");
    let session = desk.office().sign_on("test").expect("a store");
    let code = CertCode::new(CODE).expect("a code");
    let case = session.open_case(code, &application("别的组委会")).expect("the registered name").case.id;
    assert_eq!(case, CaseId(1));
    let approve = desk.verb(&["case", "approve", "1", "--reference", "甘职鉴〔2026〕1号"]);
    assert_eq!(approve.code, 0, "{}", approve.err);
    let change = ["institution", "change", "S000062010001", "--name", "第三个组委会", "--from", "2024-01-01"];
    let change = desk.verb(&[&change[..], &["--reason", "更名"]].concat());
    assert_eq!(change.code, 0, "{}", change.err);

    let ran = desk.verb(&["--lang", "zh", "case", "close", "1", "--yes"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("I01"), "{}", ran.err);
    let act = LedgerAct::Close { case, withdrawn_on: None, reason: String::new() };
    let refused = at_the_workbench(&desk, act).expect_err("a name that is not registered any more");
    assert!(refused.message.contains("I01"), "{refused}");
    let shown = desk.verb(&["case", "show", "1", "--format", "json"]);
    assert!(shown.out.contains("\"state\":\"approved\""), "nothing was closed: {}", shown.out);
}

/// The command line refused a day to come, the pane let it pass.
#[test]
fn a_mark_on_a_day_to_come_is_refused_by_every_front() {
    let desk = registered();
    let session = desk.office().sign_on("test").expect("a store");
    let selection = Selection::Codes(vec![CertCode::new(CODE).expect("a code")]);
    let on = "2026-11-22".parse().expect("a day");
    for status in [Status::Submitted, Status::Void] {
        let refused = session.mark(&selection, &Marking::new(status, on, "x")).expect_err("a day to come");
        assert_eq!(refused.kind, FailureKind::Usage, "{refused}");
        assert!(refused.message.contains("2026-11-22"), "{refused}");
    }
    let ran = desk.verb(&["ledger", "void", CODE, "--date", "2026-11-22", "--reason", "x"]);
    assert!(ran.code == 2 && ran.err.contains("2026-11-22"), "{}", ran.err);
    let code = CertCode::new(CODE).expect("a code");
    let act = LedgerAct::Mark { code, status: Status::Submitted, on, reason: "x".into(), insists: false };
    let refused = at_the_workbench(&desk, act).expect_err("a day to come");
    assert!(refused.message.contains("2026-11-22"), "{refused}");
}

/// The day from which nothing is accepted bars every front, and a reason lets it through.
#[test]
fn what_is_too_late_is_refused_by_every_front_and_done_with_a_reason() {
    let desk = Desk::new();
    let (prefix, name) = ("Y000111020001", "北京样例集团有限公司");
    let mut rows = goods(2);
    for row in &mut rows {
        (row[7], row[8]) = (String::new(), String::new());
        (row[9], row[10]) = (name.into(), name.into());
    }
    desk.roster("r.csv", &rows);
    for call in [
        &["institution", "add", prefix, "--name", name, "--profile", "beijing"][..],
        &[
            "ledger",
            "allocate",
            "r.csv",
            "--profile",
            "beijing",
            "--prefix",
            prefix,
            "--today",
            "2026-01-30",
            "--day-is-right",
        ],
        &["ledger", "mark", "exported", "--batch", "1"],
    ] {
        let ran = desk.verb(call);
        assert_eq!(ran.code, 0, "{call:?}: {}{}", ran.out, ran.err);
    }
    let code = CertCode::new("Y000111020001262000001").expect("a code");
    let on = TODAY.parse().expect("a day");
    let act =
        |reason: &str, insists| LedgerAct::Mark { code, status: Status::Submitted, on, reason: reason.into(), insists };
    // A reason alone is no consent: nobody has been told yet.
    for act in [act("", false), act("交了", false), act(" ", true)] {
        let refused = at_the_workbench(&desk, act).expect_err("too late");
        assert_eq!(refused.kind, FailureKind::Rule, "{refused}");
        let tells = ["2026-06-30", "BJ-22", "2026-08-19"];
        assert!(
            tells.iter().all(|word| refused.message.contains(word)) && refused.here.contains("原因"),
            "{refused:?}"
        );
    }
    at_the_workbench(&desk, act("市中心同意受理", true)).expect("done");
    let ran = desk.verb(&["ledger", "mark", "submitted", "Y000111020001262000002"]);
    assert!(ran.code == 1 && ran.err.contains("--past-deadline"), "{}", ran.err);
}

/// Only the fronts knew that what comes back comes with a reason.
#[test]
fn what_needs_a_reason_is_refused_without_one_by_the_office() {
    let desk = registered();
    let session = desk.office().sign_on("test").expect("a store");
    let code = CertCode::new(CODE).expect("a code");
    let on = TODAY.parse().expect("a day");
    for status in Status::ALL.into_iter().filter(|s| s.needs_reason()) {
        let selection = Selection::Codes(vec![code]);
        let refused = session.mark(&selection, &Marking::new(status, on, " ")).expect_err("no reason");
        assert_eq!(refused.kind, FailureKind::Usage, "{refused}");
        let act = LedgerAct::Mark { code, status, on, reason: String::new(), insists: false };
        assert_eq!(at_the_workbench(&desk, act).expect_err("no reason"), refused);
    }
    let opened = session.open_case(
        code,
        &Application {
            request: CaseRequest::Correct(vec![NewValue { item: Item::Field(Field::Name), to: "王小明".into() }]),
            ..application("")
        },
    );
    let case = opened.expect("a case").case.id;
    let Err(CaseRefused::Rule(refusal)) = session.refuse_case(case, " ") else { panic!("no reason") };
    assert_eq!(refusal.why, WhyCaseRefused::NoReason);
}

/// The command line did not open such a batch at all, the workbench took another profile.
#[test]
fn a_batch_whose_profile_is_gone_is_looked_at_under_another_and_handed_in_under_none() {
    let desk = Desk::new();
    let folder = desk.path("home/.local/share/skillcert/profiles");
    std::fs::create_dir_all(&folder).expect("made");
    let own = data::template("hainan-test").replace("values = [\"00\"]", "values = [\"46\"]");
    std::fs::write(folder.join("hainan.toml"), own).expect("written");
    let mut rows = goods(1);
    rows[0][7] = "S000046010001242000001".into();
    desk.roster("hainan.csv", &rows);
    let kept = desk.verb(&["ledger", "allocate", &desk.name("hainan.csv"), "--profile", "hainan-test"]);
    let listed = desk.verb(&["batch", "list"]);
    assert!(listed.out.contains("某省职业技能等级证书"), "{}{}{}", listed.out, kept.out, kept.err);
    std::fs::remove_dir_all(&folder).expect("removed");

    let looked = desk.verb(&["--lang", "zh", "check", "--batch", "1", "--format", "json"]);
    assert!(looked.err.contains("hainan-test 不在了"), "{} {}", looked.code, looked.err);
    assert!(looked.out.contains("\"profile\":"), "{}", looked.out);
    let target = desk.name("out.csv");
    for handed_in in [
        &["export", "--batch", "1", "--output", &target][..],
        &["export", "--batch", "1", "--output", &target, "--masked"],
        &["ledger", "allocate", "--batch", "1"],
    ] {
        let ran = desk.verb(&[&["--lang", "zh"], handed_in].concat());
        assert!(ran.code == 2 && ran.err.contains("hainan-test"), "{handed_in:?}: {} {}", ran.code, ran.err);
        assert!(!desk.path("out.csv").exists(), "{handed_in:?}");
    }
    let named = ["export", "--batch", "1", "--output", &target, "--masked", "--profile", "gansu-competition"];
    let named = desk.verb(&named);
    assert_eq!(named.code, 0, "{}", named.err);
}

/// Somebody else has held the batch for a moment: a step on the picture from before would be stored on top of another one.
#[test]
fn a_change_of_a_batch_that_was_changed_meanwhile_is_refused_and_the_stored_steps_are_told() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("r.csv", &rows);
    let give = ["ledger", "allocate", "r.csv", "--profile", "gansu-competition", "--prefix", "S000062010001"];
    let given = desk.verb(&give);
    assert_eq!(given.code, 0, "{}", given.err);
    let change = |after: &str| {
        let edit = CellEdit { row: 0, field: Field::Employer, before: "甲".into(), after: after.into() };
        Change { title: "t".into(), edits: vec![edit], ..Change::default() }
    };
    let [first, second] = ["a", "b"].map(|what| desk.office().sign_on(what).expect("a store"));
    let (mut mine, mut theirs) = (InHand::default(), InHand::default());
    mine.go_on(&first, BatchId(1)).expect("claimed");
    theirs.go_on(&second, BatchId(1)).expect("watched");
    theirs.take_over(&second).expect("taken over");
    theirs.record(&second, &change("乙")).expect("stored");
    theirs.discard(&second).expect("left");
    let refused = mine.record(&first, &change("丙")).expect_err("refused");
    assert!(refused.message.contains("被别人改过"), "{refused}");
    let news = mine.give_up(&first).expect("told");
    let [BatchNews::Steps(steps, applied), BatchNews::Held(None)] = &news[..] else { panic!("{news:?}") };
    assert_eq!((steps.last().map(|step| &*step.edits[0].after), *applied), (Some("乙"), steps.len()));
    mine.record(&first, &change("丙")).expect("stored");
    assert!(mine.give_up(&first).expect("asked").is_empty(), "nothing to give up");
}

/// The digest tells whether a file is the one that a batch was made of: that of other rows would lead to the wrong batch.
#[test]
fn a_file_that_is_written_over_while_it_is_read_has_no_digest() {
    for written_over in [None, Some("before it is a batch"), Some("while it is read")] {
        let is_written_over = |when: &str| written_over.is_some_and(|over| over.starts_with(when));
        let desk = Desk::new();
        let path = desk.roster("r.csv", &goods(3));
        let office = desk.office();
        let seen = office.seen(&path);
        let opened = office.open_roster(&path, "r.csv", &RosterReading::default(), false, &mut |_| ());
        let Ok(Opening::Roster(file)) = opened else { panic!("not opened") };
        let opened = OpenedFile {
            origin: file.origin().clone(),
            columns: file.columns().clone(),
            profile: file.context().profile().id.clone(),
            profile_by: Some(file.chosen_by()),
            fingerprint: file.fingerprint().to_string(),
            matched: None,
            seen,
        };
        if is_written_over("before") {
            desk.roster("r.csv", &goods(5));
        }
        let session = desk.office().sign_on("a").expect("a store");
        let mut hand = InHand::default();
        hand.create(&session, &path, opened).expect("made");
        if is_written_over("while") {
            desk.roster("r.csv", &goods(4));
        }
        hand.complete(&session, 0).expect("whole");
        assert_eq!(
            session.batch(BatchId(1)).expect("a batch").sha256.is_some(),
            written_over.is_none(),
            "{written_over:?}"
        );
    }
}
