//! The summary of a roster: what it holds and what is wrong with it, and no person in it.

use serde_json::{Value, json};

use skillcert::app::command::Place;
use skillcert::app::msg::{Effect, ExportWhat};
use skillcert::app::overlay::Overlay;
use skillcert::app::{App, Screen};
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use crate::keys::values::serve;
use crate::keys::{app_with, press, with};
use crate::support::{Desk, good, goods};

fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(6);
    rows[1] = good(0);
    (rows[1][4], rows[1][7]) = ("焊工".into(), String::new());
    rows[2][6] = "高级工".into();
    rows[3][8] = "2024-12-01".into();
    rows[4][2] = "620102199001011000".into();
    desk.roster("r.csv", &rows);
    desk
}

fn lines(json: &Value, by: &str) -> Value {
    let tables = json["tables"].as_array().expect("tables");
    let table = tables.iter().find(|table| table["by"] == by).expect(by);
    let lines = table["lines"].as_array().expect("lines").iter();
    lines.map(|line| json!([line["text"], line["rows"], line["errors"]])).collect()
}

#[test]
fn rows_people_and_what_is_wrong_are_counted() {
    let ran = desk().verb(&["summary", "r.csv", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(ran.code, 0, "{}", ran.err);
    // One person has two rows; one has no code.
    assert_eq!([&json["row_count"], &json["people"], &json["rows_without_code"]], [&json!(6), &json!(5), &json!(1)]);
    assert_eq!(lines(&json, "month"), json!([["2024-11", 5, json["rows_with_errors"]], ["2024-12", 1, 0]]));
    let occupations = lines(&json, "occupation");
    assert_eq!((&occupations[0][1], &occupations[1][0]), (&json!(5), &json!("焊工")));
    // A level counts as one, however it is written.
    let levels = lines(&json, "level");
    assert!(levels.as_array().expect("levels").iter().any(|line| line[0] == "三级/高级工"), "{levels}");
    assert!(lines(&json, "rule").as_array().expect("rules").iter().any(|line| line[0] == "R01"));
}

#[test]
fn the_text_has_bars_and_names_nobody() {
    let desk = desk();
    let ran = desk.verb(&["summary", "r.csv"]);
    assert!(ran.code == 0 && ran.out.contains("6 行，5 人；"), "{}", ran.out);
    assert!(ran.out.contains("按单位\n") && ran.out.contains("##############################\n"), "{}", ran.out);
    for row in goods(6) {
        assert!(!ran.out.contains(&row[0]) && !ran.out.contains(&row[2]), "{}", ran.out);
    }
    let several = desk.verb(&["summary", "r.csv", "r.csv"]);
    assert!(several.code == 2 && several.err.contains("skillcert merge"), "{}", several.err);
}

#[test]
fn the_table_opens_in_a_spreadsheet() {
    let desk = desk();
    let ran = desk.verb(&["summary", "r.csv", "--format", "xlsx", "--output", "s.xlsx"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(desk.path("s.xlsx")).expect("a workbook");
    let sheet = calamine::Reader::worksheet_range(&mut book, "汇总").expect("the sheet");
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!((rows[0].join(" "), rows[2].join(" ")), ("统计 名称 行数 有错误".into(), " 人数 5 ".into()));
    assert!(rows.iter().any(|row| row[0] == "按职业" && row[1] == "焊工" && row[2] == "1"));
}

fn lines_on_screen(app: &App) -> Vec<(String, u32, u32)> {
    let Some(Overlay::Summary(pane)) = app.overlays.open() else { panic!("closed") };
    (0..pane.count())
        .filter_map(|at| pane.line(at))
        .map(|(_, line)| (line.text.to_string(), line.rows, line.errors))
        .collect()
}

#[test]
fn a_line_on_the_screen_leads_to_its_rows_and_all_of_it_is_written() {
    let wrong = ("三级/高级工", "2024-02-30");
    let row = |level, day| with(&[(Field::Level, level), (Field::IssueDate, day)]);
    let all = [row("三级/高级工", "2024-11-05"), row("高级工", "2024-11-06"), row(wrong.0, wrong.1)];
    let mut app = app_with(Lang::Zh, (80, 24), &all);
    serve(&mut app, "_");
    assert_eq!(app.place(), Place::Summary);
    let lines = lines_on_screen(&app);
    assert_eq!((&*lines[0].0, lines[0].1), ("三级/高级工", 3), "a level counts as one, however it is written");
    let month = lines.iter().position(|line| line.0 == "2024-11").expect("a month");
    assert_eq!(lines[month].1, 2);
    press(&mut app, "down ".repeat(month).trim_end());
    press(&mut app, "enter");
    assert_eq!((app.place(), app.roster.grid().is_filtered()), (Place::Grid, true));
    let shown = app.roster.grid().shown.as_ref().expect("a filter").in_file_order().clone();
    assert_eq!(shown, [0, 1], "{}", app.status.text);
    serve(&mut app, "F _");
    press(&mut app, "end enter");
    assert!(app.roster.grid().conditions().iter().any(skillcert::domain::selection::Condition::is_of_findings));
    serve(&mut app, "_");
    press(&mut app, "e");
    assert_eq!((app.screen, app.export.what()), (Screen::Export, ExportWhat::Summary));
    assert!(app.export.path().text().ends_with("-汇总.xlsx"), "{}", app.export.path().text());
    let effects = press(&mut app, "enter");
    assert!(effects.iter().any(|e| matches!(e, Effect::Export(job) if job.what == ExportWhat::Summary)), "{effects:?}");
}

#[test]
fn line_by_line_a_line_is_chosen_and_the_file_written() {
    let desk = desk();
    let script = "summary\nwrite-summary\n2\n\nsummary\n1\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "r.csv"], script);
    for said in ["6 行，5 人", "按等级：", "r-汇总.csv", "write-summary"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let written = std::fs::read_to_string(desk.path("r-汇总.csv")).expect("the file");
    assert!(written.contains("按职业,焊工,1,"), "{written}");
}
