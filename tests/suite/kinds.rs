//! Certificates without a code of 22 characters (SC-01 to SC-05, SC-10, SC-40): told apart, checked, never numbered nor uploaded.

use serde_json::Value;

use crate::support::{Desk, goods};

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// The ledger holds, and what stands is what the chain says.
#[track_caller]
fn is_sound(desk: &Desk) {
    said(desk, 0, &["ledger", "verify"]);
}

const HEADER: &str = "姓名,证件类型,证件号码,所在单位,职业名称,工种/职业方向,职业技能等级,证书编号,发证日期,评价机构,发证机构,证书类型\n";
const COMMITTEE: &str = "四川省样例职业技能大赛组委会";
const STAMPED: &str = "四川省样例职业技能大赛组委会(四川省职业技能鉴定指导中心代章)";

/// A row: the person, the occupation, the level, the number, the issuing body and the kind.
fn row(i: usize, occupation: &str, level: &str, [code, body, kind]: [&str; 3]) -> String {
    let person = &goods(i + 1)[i];
    let (name, number) = (&person[0], &person[2]);
    format!(
        "{name},201,{number},成都样例机械有限公司,{occupation},--,{level},{code},2021-11-08,{COMMITTEE},{body},{kind}\n"
    )
}

/// Three rows: one of each kind, none with a number of ours.
fn mixed() -> String {
    let rows = [
        row(0, "电工", "3", ["", STAMPED, "职业技能等级证书"]),
        row(1, "川菜制作", "", ["专项2021-0007", "四川省职业技能鉴定指导中心", "专项职业能力证书"]),
        row(2, "焊工", "3", ["", "四川省样例厅", "职业资格证书"]),
    ];
    HEADER.to_string() + &rows.concat()
}

fn rules(desk: &Desk, file: &str) -> Vec<String> {
    let ran = desk.verb(&["check", file, "--profile", "sichuan-competition", "--format", "json"]);
    let page: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
    let findings = page["findings"].as_array().expect("findings").iter();
    findings.map(|f| format!("{} {} {}", f["row"], f["rule"], f["clause"]).replace('"', "")).collect()
}

#[test]
fn a_row_is_held_to_what_its_own_kind_asks_for() {
    let desk = Desk::new();
    desk.put("mixed.csv", mixed());
    assert_eq!(rules(&desk, "mixed.csv"), ["2 R01 SC-14"], "only the level certificate lacks its number");
    let wrong = [
        row(0, "川菜制作", "3", ["", "四川省职业技能鉴定指导中心", "专项职业能力证书"]),
        row(1, "川菜制作", "", ["", "成都样例公司", "专项能力证书"]),
        row(2, "电工", "3", ["S000051009999213J00001", STAMPED, "结业证书"]),
    ];
    desk.put("wrong.csv", HEADER.to_string() + &wrong.concat());
    assert_eq!(rules(&desk, "wrong.csv"), ["2 K01 SC-04", "3 K02 SC-10", "4 K05 SC-01"]);
}

#[test]
fn lists_of_ones_own_say_which_kind_an_occupation_asks_for() {
    let desk = Desk::new();
    let tables = desk.folder("state/tables");
    std::fs::write(tables.join("qualifications.csv"), "职业名称\n电工\n").expect("written");
    std::fs::write(tables.join("special_skills.csv"), "专项职业能力\n焊工\n").expect("written");
    desk.put("mixed.csv", mixed());
    let home = desk.name("state");
    let call = ["check", "mixed.csv", "--profile", "sichuan-competition", "--home", &home];
    let told = desk.verb(&call).out;
    assert!(told.contains("K03") && told.contains("SC-02") && told.contains("K04") && told.contains("SC-03"), "{told}");
}

#[test]
fn such_rows_get_no_number_and_are_not_uploaded_and_both_is_said_by_clause() {
    let desk = Desk::new();
    desk.put("mixed.csv", mixed());
    let call = [
        "ledger",
        "allocate",
        "mixed.csv",
        "--profile",
        "sichuan-competition",
        "--prefix",
        "S000051009999",
        "--output",
        "up.csv",
    ];
    let ran = desk.verb(&[&call[..7], &["--lang", "en"]].concat());
    let told_of = ran.out + &ran.err;
    assert!(told_of.contains("SC-10") && told_of.contains("SC-05"), "{told_of}");
    let shown = told(&desk, 0, &["ledger", "show", "S000051009999"]);
    assert_eq!(shown["certificates"].as_array().map(Vec::len), Some(1), "{shown}");
    let exported = said(&desk, 0, &["export", "--batch", "1", "--output", "up.csv"]);
    assert!(exported.contains("SC-10") && exported.contains("SC-05"), "{exported}");
    let file = std::fs::read_to_string(desk.path("up.csv")).expect("a file");
    assert_eq!(file.lines().count(), 2, "{file}");
    assert!(!file.contains("专项"), "{file}");
    let form = said(
        &desk,
        0,
        &["form", "show", "sichuan-other-certificates", "--batch", "1", "--set", "organiser=四川省样例协会"],
    );
    assert!(form.contains("川菜制作") && form.contains("专项2021-0007") && form.contains("职业资格证书"), "{form}");
    assert!(!form.contains("电工"), "{form}");
    let write = ["form", "write", "sichuan-other-certificates", "--batch", "1", "-o", "other.xlsx", "--blanks"];
    said(&desk, 0, &[&write[..], &["--set", "organiser=四川省样例协会"]].concat());
    crate::forms::reviewed::is_reviewed(&desk, "sichuan-other-certificates", "other.xlsx");
    is_sound(&desk);
}

#[test]
fn a_batch_may_be_of_one_kind_by_its_fact() {
    let desk = Desk::new();
    let plain: String =
        mixed().lines().map(|line| line.rsplit_once(',').expect("a column").0.to_string() + "\n").collect();
    desk.put("plain.csv", plain);
    let call = ["ledger", "allocate", "plain.csv", "--profile", "sichuan-competition", "--prefix", "S000051009999"];
    desk.verb(&call);
    said(&desk, 0, &["fact", "set", "1", "certificate-kind=专项职业能力证书"]);
    let listed = told(&desk, 0, &["fact", "list", "1"]).to_string();
    assert!(listed.contains("SC-40"), "{listed}");
    let nothing = said(&desk, 1, &["export", "--batch", "1", "--output", "up.csv"]);
    assert!(nothing.contains("SC-10"), "{nothing}");
    assert!(!desk.path("up.csv").exists());
    let planned =
        desk.verb(&["ledger", "allocate", "--batch", "1", "--prefix", "S000051009999", "--dry-run", "--lang", "en"]);
    assert!((planned.out.clone() + &planned.err).contains("SC-10"), "{}{}", planned.out, planned.err);
}

/// The bridge from the summary to the upload's columns takes only what may be numbered.
#[test]
fn the_bridge_to_the_upload_leaves_other_kinds_out() {
    let desk = Desk::new();
    desk.put("mixed.csv", mixed());
    said(&desk, 0, &["institution", "add", "S000051009999", "--name", COMMITTEE, "--profile", "sichuan-competition"]);
    let call = ["ledger", "allocate", "mixed.csv", "--profile", "sichuan-competition", "--prefix", "S000051009999"];
    desk.verb(&call);
    let bodies = [format!("evaluation-body={COMMITTEE}"), format!("issuing-body-name={STAMPED}")];
    let write = ["form", "write", "sichuan-upload-11", "--batch", "1", "-o", "up.xlsx", "--blanks"];
    let sets = ["--set", "issue-day=2021-11-08", "--set", &bodies[0], "--set", &bodies[1]];
    said(&desk, 0, &[&write[..], &sets].concat());
    let ran = desk.verb(&["check", "up.xlsx", "--profile", "sichuan-competition", "--format", "json"]);
    let page: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
    assert_eq!(page["row_count"], 1, "{page}");
}
