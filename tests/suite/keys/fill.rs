//! Filling and pasting: what goes into which cells, what stays, and what finds no place.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::msg::Msg;
use skillcert::app::overlay::Overlay;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::{app_with, cell, press, with};
use crate::screens::screen;

fn employers(names: &[&'static str]) -> App {
    let rows: Vec<_> = names.iter().map(|name| with(&[(Field::Employer, *name)])).collect();
    let mut app = app_with(Lang::Zh, (80, 24), &rows);
    app.roster.go_to_column(Field::Employer.index());
    app
}

fn cells(app: &App, field: Field) -> Vec<String> {
    (0..app.roster.batch().expect("a batch").roster().len()).map(|row| cell(app, row, field)).collect()
}

/// How many cells the preview would change, and its remark.
fn previewed(app: &App) -> (usize, &str) {
    let Some(Overlay::Preview(pane)) = app.overlays.open() else { panic!("closed: {}", app.status.text) };
    (pane.preview().change.edits.len(), &pane.preview().note)
}

fn paste(app: &mut App, text: &str) {
    app.update(Msg::Paste(text.to_string()));
}

/// What is typed into a cell that has no room for it is read below.
#[test]
fn what_is_typed_is_seen_in_full() {
    let mut app = employers(&["甲厂"]);
    let long = "甘肃省第三届机械制造行业职业技能大赛组委会办公室";
    press(&mut app, &format!("enter ctrl-u '{long}'"));
    let text = screen(&app);
    assert!(text.lines().any(|line| line.contains("所在单位：") && line.contains(long)), "{text}");
}

/// A number that everybody has of their own becomes a duplicate.
#[test]
fn filling_one_number_into_several_rows_says_what_it_becomes() {
    let other = with(&[(Field::Code, ""), (Field::IdNumber, "620102198805120027"), (Field::Employer, "甲厂")]);
    let mut app = app_with(Lang::Zh, (80, 24), &[with(&[]), other]);
    for (field, is_told) in [(Field::Code, true), (Field::Employer, false), (Field::IdNumber, true)] {
        app.roster.go_to_column(field.index());
        press(&mut app, "g g D");
        let (n, note) = previewed(&app);
        assert_eq!((n, note.contains("就是重号")), (1, is_told), "{field:?}: {note}");
        press(&mut app, "esc");
    }
}

#[test]
fn filling_is_about_blank_cells_or_all_and_leaves_rows_put_aside() {
    let mut app = employers(&["甲厂", "", "乙厂", "", "丙厂"]);
    press(&mut app, "G - '重复' enter g g");
    press(&mut app, "d");
    let (n, note) = previewed(&app);
    assert!(n == 2 && note.contains("另有 1 格已有内容不动") && note.contains("移出名册的 1 行不动"), "{n} {note}");
    press(&mut app, "tab");
    assert!(previewed(&app).0 == 3 && previewed(&app).1.contains("改为只填空格"), "{}", previewed(&app).1);
    press(&mut app, "tab y");
    assert_eq!(cells(&app, Field::Employer), ["甲厂", "甲厂", "乙厂", "甲厂", "丙厂"]);
    // Everywhere means all; without blank cells there is no choice.
    press(&mut app, "u g g D");
    assert_eq!(previewed(&app).0, 3);
    press(&mut app, "y u g g j j d");
    assert_eq!(previewed(&app).0, 1);
    press(&mut app, "tab");
    assert!(app.status.is_bad && previewed(&app).0 == 1, "{}", app.status.text);
    press(&mut app, "esc c '丁厂' enter");
    assert_eq!(previewed(&app).0, 4, "a whole column is set in the rows that are left");
}

#[test]
fn a_cell_takes_the_text_above_it() {
    let mut app = employers(&["甲厂", "乙厂", ""]);
    press(&mut app, "j - '重复' enter G a");
    assert_eq!(cells(&app, Field::Employer), ["甲厂", "乙厂", "甲厂"], "past a row put aside");
    press(&mut app, "u g g a");
    assert_eq!((cells(&app, Field::Employer)[2].as_str(), app.status.is_bad), ("", true), "{}", app.status.text);
}

#[test]
fn a_pasted_block_goes_down_and_across_and_says_what_finds_no_place() {
    let mut app = employers(&["甲厂", "乙厂", "丙厂", "丁厂"]);
    press(&mut app, "j j - '重复' enter g g j");
    paste(&mut app, "一\n二\r\n三\n");
    let (n, note) = previewed(&app);
    assert!(n == 2 && note.contains("1 行没有地方粘贴") && note.contains("移出名册的 1 行"), "{n} {note}");
    press(&mut app, "y");
    assert_eq!(cells(&app, Field::Employer), ["甲厂", "一", "丙厂", "二"]);
    press(&mut app, "u");
    assert_eq!(cells(&app, Field::Employer)[1], "乙厂", "one step");
    // Typed into: one line goes into the cell, several are a block; whoever does not want it goes on typing.
    press(&mut app, "g g enter");
    paste(&mut app, "分厂\n");
    assert_eq!(app.place(), Place::Prompt);
    paste(&mut app, "一\t焊工\n二\t电工");
    assert_eq!(previewed(&app).0, 4);
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Prompt);
    paste(&mut app, "一\t焊工\n二\t电工");
    press(&mut app, "y");
    assert_eq!(app.place(), Place::Grid);
    assert_eq!([cell(&app, 0, Field::Employer), cell(&app, 1, Field::Occupation)], ["一", "电工"]);
    // Columns that are not there are told, too, and names are masked.
    press(&mut app, "end");
    paste(&mut app, "甲\t乙\t丙");
    assert!(previewed(&app).1.contains("2 栏没有地方粘贴"), "{}", previewed(&app).1);
    press(&mut app, "esc home");
    paste(&mut app, "欧阳锋\n洪七公");
    assert!(!screen(&app).contains("欧阳锋") && screen(&app).contains("[洪*公]"), "{}", screen(&app));
}
