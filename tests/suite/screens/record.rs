//! The record and the cell under the cursor are read to their ends, however long they are.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::msg::{Msg, ReadEnd};
use skillcert::domain::roster::BlockBuilder;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::screen;
use crate::keys::{GOOD, app_with, labels, new_app, opened, press};

/// A roster of one row with columns that the form does not have.
fn with_kept(size: (u16, u16), row: &[&str; 11], kept: &[(&str, &str)]) -> App {
    let mut app = new_app(Lang::Zh, size);
    app.start(Some("/data/名册.csv".into()), None);
    let all: Vec<String> = labels().into_iter().chain(kept.iter().map(|(label, _)| (*label).to_string())).collect();
    app.update(opened(&all, None));
    let mut builder = BlockBuilder::new();
    row.iter().copied().chain(kept.iter().map(|(_, cell)| *cell)).for_each(|cell| builder.cell(cell));
    builder.end_row(0);
    let block = Arc::new(builder.finish(1));
    let report = app.roster.batch().map(|b| b.checker().check_block(&block)).unwrap_or_default();
    app.update(Msg::Rows { job: 1, block, report: Box::new(report), skipped: Vec::new() });
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    app.update(Msg::Saved(app.roster.saving().sent));
    app
}

fn employed(by: &str) -> [&str; 11] {
    let mut row: [&str; 11] = GOOD;
    row[Field::Employer.index()] = by;
    row
}

/// The record's pane alone: the grid above it scrolls by itself.
fn pane(app: &App) -> String {
    let text = screen(app);
    text[text.find("单条").unwrap_or(0)..].to_string()
}

fn more(app: &App) -> bool {
    screen(app).contains("下面还有")
}

#[test]
fn the_record_goes_on_to_the_columns_behind_the_form_and_back() {
    let long = "免考，已与单位核对过".repeat(9);
    let kept = [("备注", long.as_str()), ("家庭住址", "兰州市城关区"), ("班级", "2024级2班末尾")];
    let mut app = with_kept((80, 24), &GOOD, &kept);
    press(&mut app, "tab");
    assert_eq!(app.place(), Place::Record);
    assert!(more(&app) && !screen(&app).contains("2024级2班末尾"), "{}", screen(&app));
    let first = pane(&app);
    press(&mut app, "end");
    assert!(!more(&app) && screen(&app).contains("2024级2班末尾"), "{}", pane(&app));
    let last = pane(&app);
    press(&mut app, "down");
    assert_eq!(pane(&app), last, "it ends there");
    press(&mut app, "home");
    assert_eq!(pane(&app), first);
    // Line by line likewise, and back without a key that does nothing.
    let mut seen = vec![pane(&app)];
    loop {
        press(&mut app, "down");
        if seen.last() == Some(&pane(&app)) {
            break;
        }
        seen.push(pane(&app));
    }
    assert_eq!(seen.last(), Some(&last));
    seen.pop();
    while let Some(before) = seen.pop() {
        press(&mut app, "up");
        assert_eq!(pane(&app), before);
    }
    // What is typed is seen where it is typed.
    press(&mut app, "end");
    press(&mut app, "e '改成这样'");
    assert!(screen(&app).contains("改成这样"), "{}", screen(&app));
}

#[test]
fn a_cell_that_is_higher_than_the_pane_is_read_through() {
    let long = format!("{}末尾", "兰州陇原机械有限公司".repeat(70));
    for size in [(80, 24), (40, 10), (200, 50)] {
        let mut app = app_with(Lang::Zh, size, &[employed(&long)]);
        press(&mut app, "tab");
        let mut was_seen = false;
        for _ in 0..200 {
            was_seen |= screen(&app).contains("末尾");
            press(&mut app, "down");
        }
        assert!(was_seen && app.roster.grid().field() == Field::IssuingBody, "{}", screen(&app));
        press(&mut app, "home");
        assert!(screen(&app).contains("张*") && app.roster.grid().column == 0, "{}", screen(&app));
    }
}

#[test]
fn a_cell_without_findings_goes_on_over_the_lines_that_are_free() {
    let mut app = app_with(Lang::Zh, (80, 24), &[GOOD]);
    press(&mut app, "end");
    let text = screen(&app);
    let under: String = text.lines().rev().skip(1).take(3).collect::<Vec<_>>().into_iter().rev().collect();
    let under: String = under.split_whitespace().collect();
    assert!(under.contains(GOOD[10]), "{text}");
    // What finds no room there either goes on in the status line while that has nothing else to say.
    let mut app = app_with(Lang::Zh, (40, 24), &[GOOD]);
    press(&mut app, "end");
    let text = screen(&app);
    assert!(
        text.contains("代章)") && !text.lines().any(|line| line.starts_with("发证机构") && line.contains('~')),
        "{text}"
    );
}
