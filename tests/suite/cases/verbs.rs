//! The verbs of cases, with the built program.

use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use skillcert::data;
use skillcert::domain::ledger::Status;
use skillcert::store::{StatePaths, Store};

use super::{certificate, insert};
use crate::support::{Desk, Ran, TODAY};

/// A desk whose ledger holds a published certificate of Beijing and one of Guangdong.
pub fn desk() -> Desk {
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

pub const BEIJING: &str = "S000011084001223000001";
pub const GUANGDONG: &str = "S000044012001253000001";

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
fn who_decides_sees_where_a_masked_correction_changes() {
    let desk = desk();
    case(&desk, &["open", "correct", BEIJING, "--set", "姓名=李大刚", "--reason", "登记时写错"]);
    let shown = case(&desk, &["show", "1"]).1;
    assert!(shown.contains("李*刚（改第2字）") && !shown.contains('大'), "{shown}");
    let shown = case(&desk, &["show", "1", "--unmask", "--reason", "核对"]).1;
    assert!(shown.contains("李小刚") && shown.contains("李大刚") && !shown.contains("改第"), "{shown}");
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
    // The table is what one asks for the consent with.
    let (code, _, err) = case(&desk, &export);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = case(&desk, &["close", "1"]);
    assert!(code == 1 && err.contains("BJ-26"), "{err}");
    ok(&["approve", "1", "--reference", "京鉴函〔2026〕5号", "--on", TODAY]);
    ok(&["close", "1", "--yes"]);
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
    assert_eq!((&manifest["cases"][0]["state"], &manifest["rows"]), (&"open".into(), &1.into()));
    assert_eq!(manifest["audit"]["count"], 3);

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
    for words in ["类别：更正", "照片：p.jpg", "已批准 -> 已办结"] {
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
fn only_what_is_online_is_repeated_in_the_table() {
    let desk = Desk::new();
    let store = Store::open(&StatePaths::at(&desk.path("state")).expect("places"), "wang", "test").expect("a store");
    let of = data::profile("beijing").expect("a profile");
    insert(&store, "beijing", &certificate(&of, BEIJING, "2022-11-08", Status::Accepted));
    drop(store);
    let open = ["open", "correct", BEIJING, "--set", "姓名=张玮", "--reason", "登记时写错"];
    assert_eq!(case(&desk, &open).0, 0);
    let target = desk.path("更正.csv");
    let export = ["export", "1", "--output", target.to_str().expect("a path")];
    let (code, _, err) = case(&desk, &export);
    assert!(code == 1 && !target.exists(), "{err}");
    assert!(err.contains("网站上查不到") && err.contains("已受理") && err.contains("BJ-60"), "{err}");
    assert_eq!(ledger(&desk, &["mark", "published", BEIJING, "--yes"]).code, 0);
    assert_eq!(case(&desk, &export).0, 0);
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
    // Without a table for the request the row would go out as if the consent were there.
    let (code, _, err) = run(&["export", "1", "--output", desk.path("early.csv").to_str().expect("a path")]);
    assert!(code == 1 && err.contains("还没有批准"), "{err}");
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
    assert_eq!(run(&["close", "1", "--withdrawn", "2026-11-20", "--yes"]).0, 0);
    assert!(run(&["show", "1"]).1.contains("证书收回日期：2026-11-20"));
    let (code, _, err) = run(&["open", "reissue", BEIJING, "--cause", "lost", "--reason", "x"]);
    assert!(code == 1 && err.contains("已撤销"), "{err}");
    assert_eq!(run(&["close", "1"]).0, 1);
    let life = ledger(&desk, &["show", BEIJING]);
    assert!(life.out.contains("取消待遇日期：2026-10-30"), "{}", life.out);
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
