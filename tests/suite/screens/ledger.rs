//! What the ledger pane looks like beside the pictures of its places ([`super::places`]): pages of what they do not show, every
//! question, and what an empty ledger says.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use skillcert::app::App;
use skillcert::app::ledger::request::LedgerAnswer;
use skillcert::app::msg::{Effect, Msg};
use skillcert::app::overlay::Overlay;
use skillcert::data::Background;
use skillcert::domain::sheet::Field;
use skillcert::tui::draw;
use skillcert::words::Lang;
use unicode_width::UnicodeWidthStr;

use super::{caret, screen, shot, theme_of};
use crate::keys::pane::{pane, serve};
use crate::keys::{app_with, press, three};
use crate::support::fake_ledger::Fake;

/// What is on screen after so many keys, by the name of its picture.
const VIEWS: [(&str, &str); 4] = [
    ("certificate-page", "2 enter G"),
    ("entry-page", "4 enter down"),
    ("institution-page", "5 enter down"),
    ("retired-page", "5 down enter"),
];

/// The keys to every list and page.
const EVERYWHERE: [&str; 11] = [
    "down",
    "2 down",
    "3 down",
    "4 v down",
    "5",
    "enter down",
    "2 enter G",
    "3 enter",
    "4 enter down",
    "5 enter down",
    "5 down enter",
];

fn ledger(size: (u16, u16), keys: &str) -> App {
    // Two series, so that one has all kinds of numbers and the other no registered institution.
    pane(Lang::Zh, size, Fake { certificates: 100_100, ..Fake::small() }, keys)
}

#[test]
fn pages_of_other_things() {
    for (tail, size) in [("", (80, 24)), ("-wide", (200, 50))] {
        for (name, keys) in VIEWS {
            shot(&format!("ledger-{name}{tail}"), &ledger(size, keys));
        }
    }
}

#[test]
fn the_lists_in_english() {
    shot("ledger-english", &pane(Lang::En, (80, 24), Fake::small(), ""));
}

#[test]
fn an_empty_ledger_says_what_to_do() {
    for (name, keys) in [("series", ""), ("certificates", "2"), ("cases", "3"), ("audit", "4"), ("institutions", "5")] {
        shot(&format!("ledger-empty-{name}"), &pane(Lang::Zh, (80, 24), Fake::empty(), keys));
    }
    let fake = Fake::small();
    assert!(screen(&pane(Lang::Zh, (80, 24), fake, "2 / Y")).contains("没有查到"));
    assert!(screen(&pane(Lang::Zh, (80, 24), Fake { cases: 0, ..fake }, "3 f")).contains("没有未办完的个案"));
    // Before the answer is here nothing is said to be empty.
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    let effects = press(&mut app, "L");
    assert!(screen(&app).contains("正在读取"));
    let Some(Effect::Ledger { seq, .. }) = effects.first() else { panic!("{effects:?}") };
    let failure = skillcert::failure::Failure::new(skillcert::failure::FailureKind::Store, "坏了", "");
    app.update(Msg::Ledger { seq: *seq, answer: LedgerAnswer::Failed(failure) });
    assert!(screen(&app).contains("按 R"));
}

#[test]
fn the_questions() {
    let mut app = ledger((80, 24), "2 / S");
    assert!(caret(&app).is_some_and(|(_, y)| y == 2));
    serve(&mut app, Fake::small(), "esc esc down enter s");
    shot("ledger-choose", &app);
    press(&mut app, "esc v enter");
    shot("ledger-ask", &app);
    let line = |y: u16| screen(&app).lines().nth(usize::from(y)).is_some_and(|line| line.starts_with("│ > "));
    assert!(caret(&app).is_some_and(|(_, y)| line(y)), "{}", screen(&app));
    serve(&mut app, Fake::small(), "'印坏' enter");
    shot("ledger-confirm", &app);
}

#[test]
fn another_order_of_numbers_is_planned_anew() {
    let mut rows = three();
    rows[1][Field::Code.index()] = "";
    rows[2][Field::Code.index()] = "";
    let mut app = app_with(Lang::Zh, (80, 24), &rows);
    serve(&mut app, Fake::small(), "A down");
    press(&mut app, "s");
    assert!(screen(&app).contains("按姓名") && screen(&app).contains("正在排号"));
}

#[test]
fn unmasked_data_is_on_screen_in_one_row_only() {
    let app = ledger((80, 24), "2 down");
    let full = crate::support::fake_ledger::certificate(1).holder;
    assert!(!screen(&app).contains(&full.id_number));
    let mut app = ledger((80, 24), "2 down m");
    assert_eq!(screen(&app).matches(full.id_number.as_str()).count(), 1);
    assert!(screen(&app).contains(&full.name));
    press(&mut app, "down");
    assert!(!screen(&app).contains(&full.id_number));
}

#[test]
fn no_line_is_wider_than_the_screen_and_no_size_panics() {
    let questions = ["2 down v", "2 down s", "2 c", "2 /", "2 down v 'x' enter", "r '5' enter 'x' enter"];
    for keys in EVERYWHERE.into_iter().chain(questions) {
        let mut app = ledger((80, 24), keys);
        let sizes = (1..=12).flat_map(|w| (1..=12).map(move |h| (w * 7, h * 3)));
        for (w, h) in sizes.chain([(40, 10), (41, 11), (69, 15), (70, 14), (110, 12), (500, 1), (300, 100)]) {
            let effects = app.update(Msg::Resize(w, h));
            Fake::small().serve(&mut app, effects);
            assert!(screen(&app).lines().all(|line| line.width() <= usize::from(w)), "{keys} {w}x{h}");
            let mut terminal = Terminal::new(TestBackend::new(w.div_ceil(2), h.div_ceil(2))).expect("terminal");
            terminal.draw(|frame| draw(frame, &app, theme_of(Background::None))).expect("draw");
        }
    }
}

/// The pane's own signs are ASCII: a terminal without box drawing (TERM=linux) and one with wide signs show the same.
#[test]
fn its_own_signs_are_ascii() {
    let app = pane(Lang::En, (200, 50), Fake::small(), "");
    let han = |c: char| skillcert::domain::text::is_han(c) || "（）".contains(c);
    let mut terminal = Terminal::new(TestBackend::new(200, 50)).expect("terminal");
    let theme = skillcert::tui::Theme::new(Background::Dark);
    terminal.draw(|frame| draw(frame, &app, theme)).expect("draw");
    assert!(super::screen_text(terminal.backend().buffer()).chars().all(|c| c.is_ascii() || han(c)));
}

#[test]
fn a_registration_is_repeated_in_short_words_before_it_is_made() {
    for (lang, begins, labels) in [
        (Lang::En, "Register an institution. This is entered", ["Notice", "Prefix", "Name", "Reason"]),
        (Lang::Zh, "登记评价机构。办理后", ["所依通知", "机构备案号", "机构名称", "原因"]),
    ] {
        let mut app = pane(lang, (80, 24), Fake::small(), "5");
        serve(&mut app, Fake::small(), "a enter '010077' enter '甲' enter 'why' enter");
        let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
        assert!(asked.question().starts_with(begins), "{}", asked.question());
        let profile = &app.roster.batch().as_ref().expect("a roster").context().profile();
        let answers = [app.locale.profile_name(profile), "S000062010077", "甲", "why"];
        let facts: Vec<_> = asked.facts().iter().map(|fact| (fact.what.as_str(), fact.to.as_str())).collect();
        assert_eq!(facts, labels.into_iter().zip(answers).collect::<Vec<_>>());
    }
}

#[test]
fn the_end_is_the_last_line_and_the_title_tells_how_many_there_are() {
    let mut app = ledger((80, 24), "4");
    assert!(screen(&app).contains("1/130") && !screen(&app).contains("130+"), "{}", screen(&app));
    serve(&mut app, Fake::small(), "G");
    assert!(screen(&app).contains("130/130"), "{}", screen(&app));
    let mut app = ledger((80, 24), "enter");
    let painted = screen(&app);
    assert!(!painted.lines().next().is_some_and(|title| title.contains('+')), "{painted}");
    // Of a very long list a part is read on at a time, and that is said.
    serve(&mut app, Fake { certificates: 100_100, ..Fake::small() }, "esc 2 G");
    assert!(app.status.text.contains("再按一次"), "{}", app.status.text);
    assert!(5_000 <= app.ledger.content().at(), "{}", app.ledger.content().at());
}

#[test]
fn an_id_number_that_was_searched_for_does_not_stay_on_the_screen() {
    let mut app = ledger((80, 24), "2 / '620102196808089994'");
    assert!(screen(&app).contains("620102196808089994"), "while it is typed:\n{}", screen(&app));
    serve(&mut app, Fake::small(), "enter");
    assert!(!screen(&app).contains("620102196808089994"), "{}", screen(&app));
    assert!(screen(&app).contains("620102"), "{}", screen(&app));
    // What is no number of a person stays as it was typed.
    serve(&mut app, Fake::small(), "/ 'S000062010001242J00001' enter");
    assert!(
        screen(&app).lines().nth(2).is_some_and(|line| line.contains("S000062010001242J00001")),
        "{}",
        screen(&app)
    );
}

#[test]
fn a_page_says_how_many_lines_follow() {
    let app = ledger((80, 16), "2 enter");
    assert!(screen(&app).contains("下面还有"), "{}", screen(&app));
    let app = ledger((80, 50), "2 enter");
    assert!(!screen(&app).contains("下面还有"), "{}", screen(&app));
}

#[test]
fn a_list_has_the_columns_it_has_room_for() {
    let app = ledger((120, 35), "2");
    let painted = screen(&app);
    assert!(
        painted.contains("发证日期") && painted.contains("所在单位") && painted.contains("2024-11-08"),
        "{painted}"
    );
    assert!(!screen(&ledger((80, 24), "2")).contains("所在单位"));
}
