//! How columns are shown: width, order, which are hidden, how many stay in place, and that it is there again.

use skillcert::app::App;
use skillcert::app::command::Command;
use skillcert::app::roster::view::View;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::{app_with, press, three};
use crate::screens::screen;

fn head(app: &App) -> String {
    let all = screen(app);
    all.lines().find(|line| line.contains("行号")).unwrap_or_else(|| panic!("no head:\n{all}")).to_string()
}

#[test]
fn columns_are_moved_hidden_widened_and_frozen_and_stored_with_the_view() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    app.roster.go_to_column(Field::Employer.index());
    let before = app.roster.grid().fields.clone();
    press(&mut app, "[ [");
    let fields = &app.roster.grid().fields;
    assert_eq!((fields[1], app.roster.grid().field()), (Field::Employer, Field::Employer));
    assert!(head(&app).contains("姓名") && head(&app).find("所在单位") < head(&app).find("证件类型"), "{}", head(&app));
    press(&mut app, "> > g l l g h");
    assert!(app.status.text.contains("证件类型已隐藏") && !head(&app).contains("证件类型"), "{}", head(&app));
    assert_eq!((app.roster.grid().look.frozen(), app.roster.grid().look.width_of(Field::Employer)), (2, 28));
    // The columns up to the frozen one stay when the last is gone to.
    press(&mut app, "end");
    assert!(head(&app).contains("姓名") && head(&app).contains("所在单位"), "{}", head(&app));
    press(&mut app, "home");
    let (left, frozen) = (app.roster.grid().left, app.roster.grid().look.frozen());
    assert_eq!(left, frozen, "the first columns are in sight again: {}", head(&app));
    press(&mut app, "end");
    let stored = app.roster.view().to_json();
    assert!(stored.contains("\"hidden\":[\"id-type\"]") && View::from_json(&stored) == app.roster.view(), "{stored}");
    assert_eq!(View::from_json(r#"{"row":1,"column":2}"#).columns, View::default().columns, "as it was written before");
    press(&mut app, "g a");
    assert!(head(&app).contains("证件类型") || app.roster.grid().fields.contains(&Field::IdType));
    app.order(Command::ResetColumns);
    assert_eq!(app.roster.grid().fields, before);
    assert!(!app.roster.view().to_json().contains("columns"), "what is as usual is not stored");
    // The last one stays.
    for _ in 0..before.len() {
        press(&mut app, "home g h");
    }
    assert_eq!((app.roster.grid().fields.len(), app.status.is_bad), (1, true), "{}", app.status.text);
}

#[test]
fn whoever_is_led_to_a_hidden_column_sees_it() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    let field = app.roster.batch().expect("a batch").findings().iter().next().expect("a finding").field;
    app.roster.go_to_field(field);
    press(&mut app, "g h");
    assert!(!app.roster.grid().fields.contains(&field));
    press(&mut app, "home");
    for _ in 0..20 {
        press(&mut app, "n");
    }
    assert!(app.roster.grid().fields.contains(&field), "{}", app.status.text);
}
