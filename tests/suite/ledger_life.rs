//! Looking into a ledger: findings of a roster, searching, a whole life, the yearly ledger.

use serde_json::Value;

use crate::support::raw_ledger::Ledger;
use crate::support::{Desk, found, good, resident};

struct Home {
    desk: Desk,
    ledger: Ledger,
}

impl Home {
    fn new() -> Home {
        let desk = Desk::new();
        let ledger = Ledger::sound(&desk.path("state"));
        Home { desk, ledger }
    }

    fn run(&self, arguments: &[&str]) -> crate::support::Ran {
        let mut all = vec!["--home", self.ledger.home.to_str().expect("a path")];
        all.extend(arguments);
        self.desk.verb(&all)
    }
}

/// A row of a person of the ledger, with a code.
fn row(i: usize, code: &str) -> Vec<String> {
    let mut row = good(i);
    row[7] = code.to_string();
    row
}

#[test]
fn a_roster_is_compared_with_the_ledger() {
    let home = Home::new();
    let rows = [
        // Number 4 belongs to person 4, number 5 to somebody else, 3 is void; person 6 holds number 6.
        row(4, "S000062010001242J00004"),
        row(300, "S000062010001242J00005"),
        row(3, "S000062010001242J00003"),
        row(6, "S000062010001242J00777"),
        row(200, "S000062010001242J00200"),
    ];
    let file = home.desk.roster("名册.csv", &rows);
    let checked = home.run(&["check", file.to_str().expect("a path"), "--format", "json"]);
    let json: Value = serde_json::from_str(&checked.out).expect("JSON");
    let rules: Vec<(u64, String)> = found(&json).into_iter().map(|(row, rule, _)| (row, rule)).collect();
    let ours = |rule: &str| rules.iter().filter(|(_, r)| r == rule).map(|(row, _)| *row).collect::<Vec<_>>();
    assert_eq!((ours("U04"), ours("U05"), ours("U06")), (vec![3], vec![4], vec![5]), "{}", checked.out);
    let message = json["findings"].as_array().expect("findings").iter().find(|f| f["rule"] == "U04").expect("U04");
    assert!(message["message"].as_str().expect("words").contains("第 1 批 名册.csv"), "{message}");
    let out = home.desk.path("out.csv");
    let exported = home.run(&["export", file.to_str().expect("a path"), "--output", out.to_str().expect("a path")]);
    assert_eq!(exported.code, 1, "{}", exported.err);
    // The same without a ledger.
    assert_eq!(home.desk.json(&file, &[]).0, 0);
}

#[test]
fn a_damaged_ledger_is_told_and_stops_no_check() {
    let home = Home::new();
    std::fs::write(home.ledger.home.join("skillcert.sqlite3"), "no database at all, only words").expect("written");
    let file = home.desk.roster("名册.csv", &[good(1)]);
    let checked = home.run(&["check", file.to_str().expect("a path")]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert!(checked.err.contains("skillcert.sqlite3"), "{}", checked.err);
}

#[test]
fn show_finds_by_code_name_initials_and_number() {
    let home = Home::new();
    let lines = |term: &str, more: &[&str]| {
        let ran = home.run(&[&["ledger", "show", term][..], more].concat());
        assert!(!ran.out.contains(&resident(2)), "not masked: {}", ran.out);
        ran.out
            .lines()
            .map(|l| l.split("  ").next().expect("a code").get(17..).unwrap_or("more").to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines("s0000 62010001232", &[]), ["00005", "00006", "00007", "00008"]);
    assert_eq!(lines("张刚", &["--status", "published"]), ["00007"]);
    assert_eq!(lines("ZN", &["--limit", "3"]), ["00001", "00004", "00007", "more"]);
    assert_eq!(lines(&resident(2), &[]), ["00002"]);
    assert_eq!(
        lines("zg", &["--batch", "1", "--limit", "99"]),
        ["00002", "00005", "00008", "00011", "00014", "00017", "00020"]
    );
    for quiet in [&[][..], &["-q"]] {
        let nothing = home.run(&[&["ledger", "show", "欧阳"], quiet].concat());
        assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
        // That nothing was found is told by the exit code, the words are a note.
        assert_eq!(nothing.err.contains("欧阳"), quiet.is_empty(), "{quiet:?}: {}", nothing.err);
        // A part of a code is looked for, a whole one is a name that nothing has.
        let part = home.run(&[&["ledger", "show", "S000062010001249"], quiet].concat());
        assert_eq!(part.code, 1, "{}", part.err);
        let code = "S000062010001242J09999";
        let unknown = home.run(&[&["ledger", "show", code], quiet].concat());
        let void = home.run(&["ledger", "void", code, "--yes", "--reason", "x"]);
        assert_eq!((unknown.code, unknown.out.as_str(), void.code), (2, "", 2));
        let first = unknown.err.lines().next().expect("words");
        assert!(first.contains(code) && void.err.contains(first), "{}: {}", unknown.err, void.err);
    }
}

#[test]
fn show_tells_the_whole_life() {
    let home = Home::new();
    let db = &home.ledger.db;
    db.execute_batch(
        "INSERT INTO change (batch, seq, title, user, time, applied) VALUES (1, 1, '修改 姓名', 'li', '2026-11-21T07:30:00Z', 1);
         INSERT INTO edit VALUES (1, 0, 1, 'name', '张小那', '张小刚'), (1, 1, 9, 'name', '甲', '乙');",
    )
    .expect("a change");
    let told = home.run(&["ledger", "show", "S000062010001242J00002"]);
    assert_eq!(told.code, 0, "{}", told.err);
    for words in
        ["已导出", "名册导入", "修改这一行", "张*那 -> 张*刚", "赋号", "审计第 1 条", "甲公司 -> 乙公司", "上报.xlsx"]
    {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert!(!told.out.contains('乙') || !told.out.contains("甲 -> 乙"), "another row's change: {}", told.out);
    let places: Vec<usize> = ["名册导入", "修改这一行", "赋号", "导出上报文件"]
        .iter()
        .map(|w| told.out.find(w).expect("an event"))
        .collect();
    assert!(places.is_sorted(), "{}", told.out);
    let whole =
        home.run(&["ledger", "show", "S000062010001242J00002", "--unmask", "--reason", "x", "--format", "json"]);
    let json: Value = serde_json::from_str(&whole.out).expect("JSON");
    assert_eq!(json["certificate"]["record"]["id_number"], resident(2).as_str());
    assert_eq!(json["events"].as_array().expect("events").len(), 5);
}

#[test]
fn the_yearly_ledger_holds_every_number_of_the_year() {
    let home = Home::new();
    home.ledger.db.execute("UPDATE certificate SET employer = '=1+1' WHERE serial = 6", []).expect("a formula");
    let book = |year: &str, file: &str, more: &[&str]| {
        let file = home.desk.path(file);
        let call = ["ledger", "export", "--year", year, "--output", file.to_str().expect("a path")];
        home.run(&[&call[..], more].concat())
    };
    let written = book("2024", "2024.csv", &["--reason", "年报"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let text = std::fs::read_to_string(home.desk.path("2024.csv")).expect("the file");
    assert_eq!(text.lines().count(), 26);
    assert!(!text.contains(&resident(2)) && text.contains("'=1+1"), "{text}");
    let second = text.lines().find(|l| l.contains("J00002")).expect("number 2");
    for cell in ["已导出", "2026-11-21", "名册.csv", "wang"] {
        assert!(second.contains(cell), "{cell}: {second}");
    }
    let third = text.lines().find(|l| l.contains("J00003")).expect("number 3");
    assert!(third.contains("作废") && third.contains("打错"), "{third}");
    let old = book("2023", "2023.csv", &["--unmask", "--reason", "x"]);
    assert_eq!(old.code, 0, "{}", old.err);
    let text = std::fs::read_to_string(home.desk.path("2023.csv")).expect("the file");
    assert_eq!(text.lines().count(), 6, "a line for the gap and four numbers");
    assert!(text.lines().nth(1).expect("a line").contains("1-4") && text.contains(&resident(105)), "{text}");
    let (count, action, after): (i64, String, String) = home
        .ledger
        .db
        .query_row(
            "SELECT seq, action, after FROM audit WHERE action LIKE 'ledger.%' ORDER BY seq DESC LIMIT 1",
            [],
            |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
        )
        .expect("an entry");
    // That it shows personal data whole is an entry before it is written, and whom it went to one behind.
    assert_eq!((count, action.as_str()), (9, "ledger.year-export"));
    let after: Value = serde_json::from_str(&after).expect("JSON");
    assert!(after["head"].as_str().expect("a head").starts_with("8:") && after["masked"] == false, "{after}");
    assert!(old.err.contains(after["sha256"].as_str().expect("a digest")), "{}", old.err);
    assert_eq!(home.run(&["ledger", "verify"]).code, 1, "the formula was put in by hand");
    home.ledger.db.execute("UPDATE certificate SET employer = '甲公司' WHERE serial = 6", []).expect("as it was");
    assert_eq!(home.run(&["ledger", "verify"]).code, 0);
    assert_eq!(book("2024", "2024.csv", &[]).code, 3, "an existing file stays");
    assert_eq!(book("2022", "2022.csv", &[]).code, 1);
    let sheet = book("2024", "2024.xlsx", &[]);
    assert_eq!(sheet.code, 0, "{}", sheet.err);
    assert!(!home.desk.path("2022.csv").exists());
}

#[test]
fn the_yearly_ledger_keeps_why_a_certificate_came_back() {
    let home = Home::new();
    let code = "S000062010001242J00002";
    for (status, reason) in
        [("submitted", "首次上报"), ("returned", "照片不清楚"), ("exported", "换了照片"), ("submitted", "")]
    {
        let why = if reason.is_empty() { &[][..] } else { &["--reason", reason] };
        let marked = home.run(&[&["ledger", "mark", status, code][..], why].concat());
        assert_eq!(marked.code, 0, "{}", marked.err);
    }
    let file = home.desk.path("2024.csv");
    let written = home.run(&["ledger", "export", "--year", "2024", "--output", file.to_str().expect("a path")]);
    assert_eq!(written.code, 0, "{}", written.err);
    let text = std::fs::read_to_string(file).expect("the file");
    let line = text.lines().find(|l| l.contains(code)).expect("the number");
    assert!(line.contains("已上报") && line.contains("照片不清楚"), "{line}");
    assert_eq!(home.run(&["ledger", "verify"]).code, 0);
    let log = home.run(&["audit", "show"]).out;
    assert!(log.contains("导出年度台账"), "{log}");
}

#[test]
fn a_status_is_named_in_words_and_a_refusal_says_which_it_was() {
    let home = Home::new();
    let code = |n: u32| format!("S000062010001242J{n:05}");
    let (one, two) = (code(4), code(5));
    // What help and lists show may be typed.
    let ran = home.run(&["ledger", "show", "--status", "作废"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let named: Vec<String> = (4..=9).map(code).collect();
    let many: Vec<&str> = ["ledger", "mark", "已公布"].into_iter().chain(named.iter().map(String::as_str)).collect();
    let ran = home.run(&many);
    assert_ne!(ran.err.lines().next(), Some("命令行有误："), "{}", ran.err);
    // Of each reason one line, however many it is true of.
    let told: Vec<&str> = ran.out.lines().collect();
    assert!(told.len() <= 3, "{}", ran.out);
    let ran = home.run(&["ledger", "mark", "预留", &one, &two]);
    assert_eq!(ran.code, 2, "no status that is given by hand: {}", ran.err);
}
