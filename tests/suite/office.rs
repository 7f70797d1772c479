//! The office: acts that both fronts have through it.

use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::case::{Application, CaseRequest, Item, NewValue, WhyCaseRefused};
use skillcert::domain::ledger::{Marking, Selection, Status};
use skillcert::domain::sheet::Field;
use skillcert::failure::FailureKind;
use skillcert::office::CaseRefused;

use crate::support::{Desk, TODAY, goods};

const CODE: &str = "S000062010001242J00001";

/// A home whose registry knows the committee under one name, with published certificates.
fn registered() -> Desk {
    let desk = Desk::new();
    let name = "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)";
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
    let listed = desk.verb(&["case", "list", "--format", "json"]);
    assert!(listed.out.contains("\"cases\":[]"), "nothing was opened: {}", listed.out);
}

/// The command line refused a day to come, the pane let it pass.
#[test]
fn a_mark_on_a_day_to_come_is_refused_by_every_front() {
    let desk = registered();
    let session = desk.office().sign_on("test").expect("a store");
    let selection = Selection::Codes(vec![CertCode::new(CODE).expect("a code")]);
    let on = "2026-11-22".parse().expect("a day");
    for status in [Status::Submitted, Status::Void] {
        let refused = session.mark(&selection, &Marking { status, on, reason: "x" }).expect_err("a day to come");
        assert_eq!(refused.kind, FailureKind::Usage, "{refused}");
        assert!(refused.message.contains("2026-11-22"), "{refused}");
    }
    let ran = desk.verb(&["ledger", "void", CODE, "--date", "2026-11-22", "--reason", "x"]);
    assert!(ran.code == 2 && ran.err.contains("2026-11-22"), "{}", ran.err);
}
