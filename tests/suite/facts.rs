//! Facts of institutions, batches and cases, through the shell: noted, refused, taken back, listed with what is missing.

use serde_json::Value;
use skillcert::domain::ledger::verify::VerifyReport;
use skillcert::store::{StatePaths, StoreReader};

use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";
const CODE: &str = "S000062010001242J00001";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[arguments, &["--format", "json"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// Gives the value of a fact as it is listed.
fn value(list: &Value, id: &str) -> Value {
    let facts = list["facts"].as_array().expect("facts");
    facts.iter().find(|fact| fact["id"] == id).map_or(Value::Null, |fact| fact["value"].clone())
}

/// A batch with numbers, a registered institution and a case.
fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    let add = ["institution", "add", PREFIX, "--name", "样例大赛组委会", "--profile", "gansu-competition"];
    said(&desk, 0, &add);
    said(&desk, 0, &["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", PREFIX]);
    for status in ["exported", "submitted"] {
        said(&desk, 0, &["ledger", "mark", status, CODE]);
    }
    said(&desk, 0, &["case", "open", "correct", CODE, "--set", "name=张新", "--reason", "错"]);
    desk
}

#[test]
fn facts_are_noted_together_and_the_latest_word_counts() {
    let desk = desk();
    let set = [
        "fact",
        "set",
        "1",
        "award-number= 甘人社通〔2025〕1号 ",
        "奖励决定日期=2025年11月20日",
        "route=组委会名义、代章",
    ];
    let noted = told(&desk, &set);
    assert!(noted["entry"].is_u64() && noted["thing"] == "batch:1", "{noted}");
    assert_eq!(told(&desk, &set)["entry"], Value::Null, "it stands so already");
    let list = told(&desk, &["fact", "list", "batch:1"]);
    assert_eq!(value(&list, "award-number"), "甘人社通〔2025〕1号");
    assert_eq!((value(&list, "award-date"), value(&list, "route")), ("2025-11-20".into(), "committee".into()));
    said(&desk, 0, &["fact", "set", "#1", "award-date=2025-11-21", "award-number=", "--reason", "写错了"]);
    let list = told(&desk, &["fact", "list", "1", "--all"]);
    assert_eq!((value(&list, "award-date"), value(&list, "award-number")), ("2025-11-21".into(), "".into()));
    said(
        &desk,
        0,
        &["fact", "set", PREFIX, "credit-code=91350100m000100y43", "body-nature=院校", "联系电话=0931-8867002"],
    );
    said(&desk, 0, &["fact", "set", "case:1", "collection=EMS", "checked-online-on=2026-11-20"]);
    let list = told(&desk, &["fact", "list", PREFIX]);
    assert_eq!(
        (value(&list, "credit-code"), value(&list, "body-nature")),
        ("91350100M000100Y43".into(), "school".into())
    );
    assert_eq!(value(&told(&desk, &["fact", "list", "个案 1"]), "collection"), "ems");
    // The chain tells all of it, and what stands is what it says.
    let (_, report) = StoreReader::open(&StatePaths::at(&desk.path("home/.local/share/skillcert")).expect("a folder"))
        .expect("opened")
        .expect("a store")
        .verify()
        .expect("read");
    assert_eq!(report, VerifyReport::default());
    let life = said(&desk, 0, &["ledger", "show", CODE]);
    assert!(life.contains("facts noted"), "{life}");
}

#[test]
fn what_is_no_value_is_told_and_nothing_of_the_call_is_noted() {
    let desk = desk();
    let refused =
        said(&desk, 2, &["fact", "set", PREFIX, "address=样例路1号", "credit-code=91350100M000100Y44", "telephone=x"]);
    assert!(
        refused.contains("should be 3") && refused.contains("takes a telephone number"),
        "every one is told: {refused}"
    );
    assert_eq!(value(&told(&desk, &["fact", "list", PREFIX, "--all"]), "address"), "");
    for (call, word) in [
        (&["fact", "set", "1", "award-numbr=x"][..], "award-number"),
        (&["fact", "set", "1", "award-number"], "FACT=VALUE"),
        (&["fact", "set", "1", "award-number=a", "奖励决定文号=b"], "twice"),
        (&["fact", "set", "1", "plan-year=26"], "four digits"),
        (&["fact", "set", "1", "route=邮寄"], "one of"),
        (&["fact", "set", "1", "organiser=a\u{202E}b"], "U+202E"),
        (&["fact", "set", "9", "organiser=x"], "9"),
        (&["fact", "set", "case:9", "papers=x"], "9"),
        (&["fact", "set", "S000062010002", "address=x"], "institution list"),
        (&["fact", "list", "样例"], "case:3"),
        (&["fact", "list", "batch:0"], "case:3"),
    ] {
        let refused = said(&desk, 2, call);
        assert!(refused.contains(word), "{call:?}: {refused}");
    }
    let chain = told(&desk, &["audit", "show", "--limit", "99"]);
    assert!(chain["entries"].as_array().expect("entries").iter().all(|entry| entry["action"] != "fact.note"));
}

#[test]
fn what_is_somebodys_is_masked_until_a_reason_is_given() {
    let desk = desk();
    said(&desk, 0, &["fact", "set", PREFIX, "contact-name=欧阳建国", "mobile=13800138002", "address=样例路1号"]);
    for call in [&["fact", "list", PREFIX][..], &["fact", "list", PREFIX, "--format", "csv"], &["audit", "show"]] {
        let shown = said(&desk, 0, call);
        assert!(!shown.contains("欧阳建国") && !shown.contains("13800138002"), "{call:?}: {shown}");
    }
    let whole = said(&desk, 0, &["fact", "list", PREFIX, "--unmask", "--reason", "来函核对"]);
    assert!(whole.contains("欧阳建国") && whole.contains("13800138002"), "{whole}");
    let chain = told(&desk, &["audit", "show", "--limit", "1"]);
    assert_eq!(
        (&chain["entries"][0]["action"], &chain["entries"][0]["object"]),
        (&"audit.unmask".into(), &format!("institution:{PREFIX}").into())
    );
}

/// A backup carries the facts, and a copy that is put back has them as they stood then.
#[test]
fn a_backup_carries_the_facts() {
    let desk = desk();
    said(&desk, 0, &["fact", "set", "1", "organiser=样例省人社厅"]);
    said(&desk, 0, &["backup", "--output", "b.zip"]);
    said(&desk, 0, &["fact", "set", "1", "organiser=别处"]);
    said(&desk, 0, &["restore", "b.zip", "--yes"]);
    assert_eq!(value(&told(&desk, &["fact", "list", "1"]), "organiser"), "样例省人社厅");
}

/// A desk with one batch of a contest in Gansu that has numbers; nothing is noted of it.
fn contest() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(2);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    said(&desk, 0, &["institution", "add", PREFIX, "--name", &rows[0][9], "--profile", "gansu-competition"]);
    said(&desk, 0, &["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", PREFIX]);
    desk
}

/// Runs a verb as a process of its own: the desk's own way notes what is demanded before it exports.
#[track_caller]
fn bare(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let home = desk.name("home/.local/share/skillcert");
    let ran = desk.run(&[&["--home", &home, "--lang", "en"], arguments].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[test]
fn an_export_is_refused_by_clause_until_the_facts_are_noted() {
    let desk = contest();
    let listed = told(&desk, &["batch", "show", "1"]);
    assert_eq!(listed["batch"]["lacking"], 6, "{listed}");
    assert!(said(&desk, 0, &["batch", "list"]).contains("6 required facts missing"));
    let export = ["export", "--batch", "1", "--output", "up.csv"];
    let refused = bare(&desk, 1, &export);
    for words in ["“number of the award decision” is missing (GS-02)", "GS-01", "fact set 1"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    assert!(!desk.path("up.csv").exists());
    let facts =
        ["organiser=样例省人社厅", "notice-number=〔2024〕1号", "notice-date=2024-01-02", "award-date=2024-11-01"];
    said(&desk, 0, &[&["fact", "set", "1"], &facts[..]].concat());
    let refused = bare(&desk, 1, &export);
    assert!(refused.contains("GS-02") && !refused.contains("GS-01"), "{refused}");
    said(&desk, 0, &["fact", "set", "1", "award-number=〔2024〕9号", "plan-year=2023"]);
    // City contests follow as far as they go: a reason is enough, and is noted.
    let refused = bare(&desk, 1, &export);
    assert!(refused.contains("GS-04") && refused.contains("GS-07 leaves room"), "{refused}");
    let written = bare(&desk, 0, &[&export[..], &["--reason", "市级竞赛"]].concat());
    assert!(written.contains("disagrees with the year of the codes, 2024 (GS-03)"), "{written}");
    assert!(desk.path("up.csv").exists());
    let chain = told(&desk, &["audit", "show", "--limit", "1"]);
    assert_eq!(
        (&chain["entries"][0]["action"], &chain["entries"][0]["reason"]),
        (&"ledger.export".into(), &"市级竞赛".into())
    );
}

#[test]
fn numbers_are_not_taken_for_a_file_that_could_not_be_written_and_a_bare_file_is_told() {
    let desk = contest();
    let mut rows: Vec<Vec<String>> = (5..7).map(crate::support::good).collect();
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("b.csv", &rows);
    let call =
        ["ledger", "allocate", "b.csv", "--profile", "gansu-competition", "--prefix", PREFIX, "--output", "up.csv"];
    let refused = bare(&desk, 1, &call);
    assert!(refused.contains("GS-02") && refused.contains("without --output"), "{refused}");
    assert_eq!(told(&desk, &["batch", "list"])["batches"].as_array().map(Vec::len), Some(1), "nothing was kept");
    desk.roster("c.csv", &goods(2));
    let written = bare(&desk, 0, &["export", "c.csv", "--output", "c-up.csv"]);
    assert!(written.contains("no batch of the store"), "{written}");
}

#[test]
fn a_checklist_wants_each_item_in_its_own_forms() {
    let desk = Desk::new();
    desk.roster("s.csv", &goods(2));
    said(&desk, 0, &["institution", "add", "S000052010001", "--name", "样例公司", "--profile", "guizhou"]);
    let list = told(&desk, &["checklist", "S000052010001"]);
    let lists = list["lists"].as_array().expect("lists");
    assert_eq!((&lists[0]["id"], &lists[0]["left"], &lists[0]["copies"]), (&"filing".into(), &30.into(), &2.into()));
    assert_eq!(lists[0]["to"].as_array().map(Vec::len), Some(2), "both addressees are named");
    let ids: Vec<&str> = lists.iter().map(|list| list["id"].as_str().expect("an id")).collect();
    assert_eq!(ids, ["filing", "conditions-social"], "an S institution is no employer");
    desk.put("report.pdf", "%PDF-1.7");
    let attach = format!("report.pdf={}", desk.name("report.pdf"));
    let tick = ["checklist", "S000052010001", "--tick", "report.paper", "--attach", &attach];
    assert_eq!(told(&desk, &tick)["lists"][0]["left"], 28);
    let refused = said(&desk, 2, &["checklist", "S000052010001", "--tick", "report.excel"]);
    assert!(refused.contains("not wanted in that form") && refused.contains("filing.report.pdf"), "{refused}");
    desk.put("report.pdf", "%PDF-1.7 other");
    let changed = said(&desk, 1, &["checklist", "S000052010001"]);
    assert!(changed.contains("changed since it was attached"), "{changed}");
    std::fs::remove_file(desk.path("report.pdf")).expect("removed");
    assert!(said(&desk, 1, &["checklist", "S000052010001"]).contains("not there any more"));
    let back = ["checklist", "S000052010001", "--untick", "report.pdf", "--untick", "report.paper"];
    assert_eq!(told(&desk, &back)["lists"][0]["left"], 30);
}

/// A row of the summary's upload table under Sichuan: who issues, and with which prefix.
fn sichuan(desk: &Desk, file: &str, (from, count): (usize, usize), (institution, body): (&str, &str)) {
    let mut rows: Vec<Vec<String>> = (from..from + count).map(crate::support::good).collect();
    for row in &mut rows {
        row[7].clear();
        row[8] = "2026-11-20".into();
        row[9] = institution.into();
        row[10] = body.into();
    }
    desk.roster(file, &rows);
}

/// SC-08, SC-09: who issues decides positions 10 to 13; two contests under 9999 are one series.
#[test]
fn the_route_decides_the_number_of_the_institution() {
    let desk = Desk::new();
    let (shared, filed) = ("S000051009999", "S000051001234");
    said(&desk, 0, &["institution", "add", shared, "--name", "甲大赛组委会", "--profile", "sichuan-competition"]);
    said(&desk, 0, &["institution", "add", filed, "--name", "丙技师学院", "--profile", "sichuan-competition"]);
    let stamped = "乙大赛组委会（四川省职业技能鉴定指导中心代章）";
    sichuan(&desk, "a.csv", (0, 3), ("甲大赛组委会", "甲大赛组委会（四川省职业技能鉴定指导中心代章）"));
    sichuan(&desk, "b.csv", (10, 2), ("乙大赛组委会", stamped));
    sichuan(&desk, "c.csv", (20, 2), ("丙技师学院", "丙技师学院"));
    for (file, n) in [("a.csv", "1"), ("b.csv", "2"), ("c.csv", "3")] {
        said(&desk, 0, &["ledger", "allocate", file, "--profile", "sichuan-competition"]);
        let route = if n == "3" { "route=filed" } else { "route=committee" };
        said(
            &desk,
            0,
            &[
                "fact",
                "set",
                n,
                "contest-class=class-two",
                route,
                "approval-number=川〔2026〕1号",
                "approval-date=2026-11-01",
            ],
        );
    }
    let codes = |n: &str| -> Vec<String> {
        let out = format!("up{n}.csv");
        bare(&desk, 0, &["export", "--batch", n, "--output", &out]);
        let written = std::fs::read_to_string(desk.path(&out)).expect("written");
        written.lines().skip(1).map(|line| line.split(',').nth(7).expect("a code").to_string()).collect()
    };
    let serials =
        |n: &str| -> Vec<String> { codes(n).iter().map(|code| code[9..13].to_string() + " " + &code[17..]).collect() };
    assert_eq!(serials("1"), ["9999 00001", "9999 00002", "9999 00003"]);
    assert_eq!(serials("2"), ["9999 00004", "9999 00005"]);
    assert_eq!(serials("3"), ["1234 00001", "1234 00002"]);
    for n in ["1", "2", "3"] {
        let page = desk.verb(&["check", "--batch", n, "--format", "json"]).out;
        assert!(!page.contains("\"I01\"") && !page.contains("\"O03\""), "{n}: {page}");
    }
    // The other way about each row is told.
    said(&desk, 0, &["fact", "set", "1", "route=filed"]);
    said(&desk, 0, &["fact", "set", "3", "route=committee"]);
    for n in ["1", "3"] {
        let page = desk.verb(&["check", "--batch", n, "--format", "json"]).out;
        assert!(page.contains("\"O03\""), "{n}: {page}");
    }
}
