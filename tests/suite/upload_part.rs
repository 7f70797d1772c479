//! The rows without errors as an upload file of their own (只导出没有错误的行), while the others go back.

use std::fs;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::Value;
use skillcert::app::msg::{Effect, ExportWhat};
use skillcert::domain::sheet::Field;
use skillcert::domain::upload::UploadPart;
use skillcert::words::Lang;

use crate::keys::{GOOD, app_with, press, three};
use crate::screens::screen;
use crate::support::harness::Harness;
use crate::support::{Desk, good, goods, root};

/// Five rows, the second and the fourth with an error.
fn mixed() -> Vec<Vec<String>> {
    let mut rows = goods(5);
    rows[1][Field::Name.index()].clear();
    rows[3][Field::IdNumber.index()] = "620102199001010012".into();
    rows
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[test]
fn rows_with_errors_stay_behind_and_are_counted() {
    let desk = Desk::new();
    let rows = mixed();
    desk.roster("r.csv", &rows);
    assert_eq!(desk.verb(&["export", "r.csv", "--output", "whole.xlsx"]).code, 1);
    let ran = desk.verb(&["export", "r.csv", "--without-errors", "--output", "part.xlsx", "--quiet"]);
    // The file is there, and so are errors.
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("另有 2 行有错误，没有写入"), "{}", ran.err);
    let mut book: Xlsx<_> = open_workbook(desk.path("part.xlsx")).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let written: Vec<String> = range.rows().skip(1).map(|row| row[Field::Code.index()].to_string()).collect();
    assert_eq!(written, [0, 2, 4].map(|i: usize| rows[i][Field::Code.index()].clone()));
    let manifest = json(&fs::read_to_string(desk.path("part.xlsx.manifest.json")).expect("a manifest"));
    assert_eq!((&manifest["rows"], &manifest["rows_left_out"]), (&3.into(), &2.into()));
    let (_, found) = desk.json(&desk.path("part.xlsx"), &[]);
    assert_eq!(found["summary"]["severities"]["error"], 0, "{found}");

    // Of what was written the manifest tells, not of what was not.
    let (_, whole) = desk.json(&desk.path("r.csv"), &[]);
    let all = whole["summary"]["severities"]["warning"].as_u64().expect("a number");
    let sum = |kind: &Value| kind.as_object().expect("counts").values().filter_map(Value::as_u64).sum::<u64>();
    assert!(sum(&manifest["warnings"]) <= all);

    // Without an error it is the whole file; with errors in every row there is none.
    desk.roster("good.csv", &goods(3));
    assert_eq!(desk.verb(&["export", "good.csv", "--without-errors", "--output", "good.xlsx"]).code, 0);
    let mut bad = goods(2);
    bad.iter_mut().for_each(|row| row[Field::Name.index()].clear());
    desk.roster("bad.csv", &bad);
    let ran = desk.verb(&["export", "bad.csv", "--without-errors", "--output", "bad.xlsx"]);
    assert_eq!(ran.code, 1);
    assert!(!desk.path("bad.xlsx").exists() && ran.err.contains("第 2 行"), "{}", ran.err);
    assert_eq!(desk.verb(&["export", "r.csv", "--without-errors", "--masked", "--output", "x.csv"]).code, 2);
}

#[test]
fn of_two_people_with_one_code_neither_leaves() {
    let desk = Desk::new();
    desk.put("r.csv", fs::read(root("tests/fixtures/one-code-two-people.csv")).expect("a fixture"));
    let (code, found) = desk.json(&desk.path("r.csv"), &[]);
    let of_code: Vec<(u64, &str)> = found["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["rule"] == "U01")
        .map(|f| (f["row"].as_u64().expect("a row"), f["message"].as_str().expect("a sentence")))
        .collect();
    assert_eq!(code, 1);
    assert_eq!(
        of_code,
        [(4, "证书编号与第 7 行相同，一证一号，请核实"), (7, "证书编号与第 4 行相同，一证一号，请核实")]
    );
    assert_eq!(desk.verb(&["export", "r.csv", "--without-errors", "--output", "part.csv"]).code, 1);
    let part = fs::read_to_string(desk.path("part.csv")).expect("a file");
    assert_eq!(part.lines().count(), 1 + 10);
    assert!(!part.contains("赵强") && !part.contains("吴刚"), "{part}");

    // A line that was pasted twice is one person: one of the two leaves.
    let mut rows = goods(3);
    rows.push(rows[1].clone());
    desk.roster("copy.csv", &rows);
    assert_eq!(desk.verb(&["export", "copy.csv", "--without-errors", "--output", "once.csv"]).code, 1);
    let part = fs::read_to_string(desk.path("once.csv")).expect("a file");
    assert_eq!(part.matches(&rows[1][Field::Code.index()]).count(), 1, "{part}");
    assert_eq!(part.lines().count(), 1 + 3);
    let found = |file: &str| desk.json(&desk.path(file), &[]).1["summary"]["rules"]["U01"].clone();
    assert_eq!(found("copy.csv"), 1);
    // A column that the form does not know counts too, also where a check keeps no text.
    let noted = |(i, line): (usize, &str)| if i == 0 { format!("{line},备注\n") } else { format!("{line},{i}\n") };
    let text: String =
        fs::read_to_string(desk.path("copy.csv")).expect("a file").lines().enumerate().map(noted).collect();
    desk.put("noted.csv", text);
    assert_eq!(found("noted.csv"), 2);
    assert_eq!(desk.verb(&["export", "noted.csv", "--without-errors", "--output", "none.csv"]).code, 1);
    assert_eq!(fs::read_to_string(desk.path("none.csv")).expect("a file").lines().count(), 1 + 2);
}

#[test]
fn running_numbers_count_what_the_file_holds() {
    let desk = Desk::new();
    desk.put("s.xlsx", fs::read(root("data/samples/sichuan-summary-2021.xlsx")).expect("a sample"));
    let ran = desk.verb(&["export", "s.xlsx", "--without-errors", "--output", "part.csv"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let text = fs::read_to_string(desk.path("part.csv")).expect("a file");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let numbers: Vec<String> = reader.records().map(|r| r.expect("a record")[0].to_string()).collect();
    assert_eq!(numbers, (1..=35).map(|n| n.to_string()).collect::<Vec<_>>());
}

#[test]
fn only_what_is_in_the_file_is_exported_in_the_ledger() {
    let desk = Desk::new();
    desk.folder("state");
    let rows = goods(3);
    desk.roster("known.csv", &rows);
    let import = ["--home", "state", "ledger", "import", "known.csv", "--status", "returned", "--reason", "退回"];
    assert_eq!(desk.verb(&import).code, 0);
    let mut again = rows.clone();
    again[1][Field::Employer.index()].clear();
    let file = desk.roster("again.csv", &again);
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 3 行", "已保存"]);
    bench.press("e\x1b[C");
    bench.sees(&["没有错误的 2 行会写入，有错误的 1 行留下"]);
    bench.press("\r");
    bench.sees(&["已导出 2 行，有错误的 1 行没有写入"]);
    bench.leaves();
    let listed = |status: &str| {
        let told = desk.verb(&["--home", "state", "ledger", "show", "S", "--status", status, "--format", "json"]).out;
        rows.iter().map(|row| told.contains(&row[Field::Code.index()])).collect::<Vec<_>>()
    };
    assert_eq!((listed("exported"), listed("returned")), (vec![true, false, true], vec![false, true, false]));
}

/// Six rows that were submitted, of which the second and the fifth came back and were mended.
fn returned(desk: &Desk) -> Vec<Vec<String>> {
    let mut rows = goods(6);
    desk.folder("state");
    desk.roster("known.csv", &rows);
    let told = |words: &[&str]| {
        let ran = desk.verb(&[&["--home", "state"], words].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
    };
    told(&["ledger", "import", "known.csv", "--status", "submitted"]);
    for i in [1, 4] {
        told(&["ledger", "mark", "returned", &rows[i][Field::Code.index()], "--reason", "单位有误"]);
        rows[i][Field::Employer.index()] = "兰州另一家机械有限公司".into();
    }
    rows
}

fn codes(desk: &Desk, file: &str) -> Vec<String> {
    let text = fs::read_to_string(desk.path(file)).expect("a file");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    reader.records().map(|r| r.expect("a record")[Field::Code.index()].to_string()).collect()
}

#[test]
fn what_came_back_goes_out_again_alone() {
    let desk = Desk::new();
    let mut rows = returned(&desk);
    desk.roster("mended.csv", &rows);
    let export = |file: &str, part: &str, to: &str| {
        desk.verb(&["--home", "state", "export", file, "--rows", part, "--output", to])
    };
    let ran = export("mended.csv", "returned", "back.csv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("另有 4 行不在这次导出的范围里"), "{}", ran.err);
    assert_eq!(codes(&desk, "back.csv"), [1, 4].map(|i: usize| rows[i][Field::Code.index()].clone()));
    let manifest = json(&fs::read_to_string(desk.path("back.csv.manifest.json")).expect("a manifest"));
    assert_eq!((&manifest["part"], &manifest["rows"]), (&"returned".into(), &2.into()));
    assert_eq!((&manifest["rows_left_out"], &manifest["rows_not_chosen"]), (&0.into(), &4.into()));

    // All were exported at some time: there is nothing new, until a row comes to it.
    let ran = export("mended.csv", "unexported", "new.csv");
    assert!(ran.code == 1 && !desk.path("new.csv").exists(), "{}", ran.err);
    assert!(ran.err.contains("每一行都已导出过"), "{}", ran.err);
    rows.push(good(6));
    desk.roster("longer.csv", &rows);
    assert_eq!(export("longer.csv", "unexported", "new.csv").code, 0);
    assert_eq!(codes(&desk, "new.csv"), [rows[6][Field::Code.index()].clone()]);

    // An error of a row that is not asked for stops nothing; one of a row that is stops the file.
    rows[0][Field::Name.index()].clear();
    desk.roster("other.csv", &rows);
    assert_eq!(export("other.csv", "returned", "again.csv").code, 0);
    rows[4][Field::WorkType.index()].clear();
    desk.roster("own.csv", &rows);
    let ran = export("own.csv", "returned", "none.csv");
    assert!(ran.code == 1 && !desk.path("none.csv").exists(), "{}", ran.err);
    assert!(ran.err.contains("还有 1 处错误") && ran.err.contains("第 6 行"), "{}", ran.err);
    let ran = desk.verb(&["export", "mended.csv", "--rows", "returned", "--output", "unknown.csv"]);
    assert!(ran.code == 1 && ran.err.contains("没有一行是被退回的"), "without a ledger: {}", ran.err);
    for more in [&["--masked"][..], &["--without-errors"]] {
        let call = ["export", "mended.csv", "--rows", "returned", "--output", "x.csv"];
        assert_eq!(desk.verb(&[&call[..], more].concat()).code, 2);
    }
}

#[test]
fn the_ledger_notes_only_what_came_back_and_was_written() {
    let desk = Desk::new();
    let rows = returned(&desk);
    let file = desk.roster("mended.csv", &rows);
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 6 行", "已保存"]);
    bench.press("e\x1b[C\x1b[C");
    bench.sees(&["mended-上报-退回.xlsx", "会写入 2 行，其余 4 行不在其中"]);
    bench.press("\r");
    bench.sees(&["已导出 2 行", "台账记为已导出 2 张"]);
    bench.leaves();
    let listed = |status: &str| {
        let told = desk.verb(&["--home", "state", "ledger", "show", "S", "--status", status, "--format", "json"]).out;
        let is_told = |row: &&Vec<String>| told.contains(&row[Field::Code.index()]);
        rows.iter().filter(is_told).count()
    };
    assert_eq!((listed("exported"), listed("submitted"), listed("returned")), (2, 4, 0));
}

#[test]
fn a_filter_is_heeded_only_where_it_is_asked_for() {
    let mut app = app_with(Lang::Zh, (100, 30), &three());
    let row = app.roster.batch().map(|batch| batch.roster().cell(0, Field::Code).to_string()).expect("a batch");
    press(&mut app, "e");
    assert!(!screen(&app).contains("筛选只管显示"), "{}", screen(&app));
    press(&mut app, "esc");
    press(&mut app, &format!("& '{row}' enter e"));
    assert!(screen(&app).contains("筛选只管显示"), "{}", screen(&app));
    press(&mut app, "right right right right");
    assert_eq!(app.export.what(), ExportWhat::UploadShown);
    let shown = screen(&app);
    assert!(shown.contains("会写入 1 行，其余 2 行不在其中") && !shown.contains("筛选只管显示"), "{shown}");
    assert!(app.export.path().text().ends_with("名册-上报-筛选.xlsx"), "{}", app.export.path().text());
    let effects = press(&mut app, "enter");
    let part = effects.iter().find_map(|e| if let Effect::Export(job) = e { Some(job.part.clone()) } else { None });
    assert_eq!(part, Some(UploadPart::Shown([0].as_slice().into())), "{effects:?}");
}

#[test]
fn what_was_handed_in_leaves_only_as_it_is_on_record() {
    for (status, code) in [("exported", 0), ("returned", 0), ("submitted", 1), ("accepted", 1), ("published", 1)] {
        let desk = Desk::new();
        let rows = goods(3);
        desk.roster("known.csv", &rows);
        let import = ["ledger", "import", "known.csv", "--status", status, "--reason", "旧表"];
        assert_eq!(desk.verb(&import).code, 0);
        let mut edited = rows.clone();
        edited[1][Field::Employer.index()] = "兰州另一家机械有限公司".into();
        desk.roster("edited.csv", &edited);
        let ran = desk.verb(&["export", "edited.csv", "--output", "whole.csv"]);
        assert_eq!(ran.code, code, "{status}: {}", ran.err);
        assert_eq!(desk.path("whole.csv").exists(), code == 0, "{status}");
        if code == 0 {
            continue;
        }
        assert!(ran.err.contains("第 3 行“所在单位”") && ran.err.contains("更正个案"), "{status}: {}", ran.err);
        assert_eq!(desk.verb(&["export", "edited.csv", "--without-errors", "--output", "part.csv"]).code, 1);
        let part = fs::read_to_string(desk.path("part.csv")).expect("a file");
        assert!(part.lines().count() == 3 && !part.contains("另一家"), "{part}");
        // As it is on record it may go out again.
        desk.roster("same.csv", &rows);
        assert_eq!(desk.verb(&["export", "same.csv", "--output", "same.xlsx"]).code, 0, "{status}");
    }
}

#[test]
fn what_is_handed_in_while_the_workbench_stands_open_counts() {
    let desk = Desk::new();
    desk.folder("state");
    let rows = goods(3);
    desk.roster("known.csv", &rows);
    assert_eq!(desk.verb(&["--home", "state", "ledger", "import", "known.csv", "--status", "exported"]).code, 0);
    let mut edited = rows.clone();
    edited[1][Field::Employer.index()] = "兰州另一家机械有限公司".into();
    let file = desk.roster("edited.csv", &edited);
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 3 行", "已保存"]);
    let code = &rows[1][Field::Code.index()];
    assert_eq!(desk.verb(&["--home", "state", "ledger", "mark", "submitted", code]).code, 0);
    bench.press("e\r");
    bench.sees(&["更正个案"]);
    bench.press("\x1b");
    bench.sees(&["行号"]);
    bench.leaves();
    assert!(!desk.path("edited-上报.xlsx").exists());
}

#[test]
fn the_workbench_offers_it_beside_the_whole() {
    let mut roster = three();
    roster[1][Field::Name.index()] = "";
    let mut app = app_with(Lang::Zh, (100, 30), &roster);
    press(&mut app, "e right");
    assert_eq!(app.export.what(), ExportWhat::UploadPart);
    assert!(app.export.path().text().ends_with("名册-上报-无错误.xlsx"), "{}", app.export.path().text());
    assert!(screen(&app).contains("行留下"), "{}", screen(&app));
    let effects = press(&mut app, "enter");
    assert!(matches!(&effects[..], [Effect::Export(job)] if job.what == ExportWhat::UploadPart), "{effects:?}");
    // Where every row has an error there is nothing to write: one is taken to the first.
    let mut bad = GOOD;
    bad[Field::Name.index()] = "";
    let mut app = app_with(Lang::Zh, (100, 30), &[bad]);
    let effects = press(&mut app, "e right enter");
    assert!(!effects.iter().any(|e| matches!(e, Effect::Export(_))) && app.status.is_bad, "{effects:?}");
}
