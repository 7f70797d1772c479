//! The tour: when it comes, how it is left, and that it comes once.

use std::path::PathBuf;

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg, ReadEnd};
use skillcert::app::overlay::{Overlay, PAGES};
use skillcert::words::Lang;

use super::{labels, new_app, opened, press, rows, three};
use crate::screens::screen;

fn page(app: &App) -> Option<usize> {
    if let Some(Overlay::Tour(tour)) = app.overlays.open() { Some(tour.page()) } else { None }
}

fn remembered(effects: &[Effect]) -> bool {
    effects.iter().any(|e| matches!(e, Effect::Remember { name: "tour", .. }))
}

fn first_start() -> App {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.is_new = true;
    app.start(None, None);
    assert!(page(&app).is_none(), "there may be work to go on with");
    app.update(Msg::NothingStored);
    app
}

#[test]
fn a_first_start_shows_five_screens_once() {
    let mut app = first_start();
    for n in 0..PAGES.len() {
        assert_eq!(page(&app), Some(n));
        assert!(!remembered(&press(&mut app, "down")));
        let effects = press(&mut app, if n == 1 { "left right right" } else { "enter" });
        assert_eq!(remembered(&effects), n + 1 == PAGES.len());
    }
    assert_eq!(page(&app), None);
    let effects = press(&mut app, ": 'tour' enter right esc");
    assert!(page(&app).is_none() && !remembered(&effects));
    app.start(None, None);
    app.update(Msg::NothingStored);
    assert_eq!(page(&app), None);
}

#[test]
fn one_key_skips_it_and_leaves_what_is_below() {
    for key in ["esc", "q"] {
        let mut app = first_start();
        let effects = press(&mut app, key);
        assert!(page(&app).is_none() && remembered(&effects), "{key}");
        assert!(!effects.iter().any(|e| matches!(e, Effect::Quit)), "{key}");
    }
}

#[test]
fn whoever_opens_a_file_gets_one_line_instead() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.is_new = true;
    app.start(Some(PathBuf::from("/data/名册.csv")), None);
    app.update(opened(&labels(), None));
    let msg = rows(&app, &three());
    app.update(msg);
    let effects = app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert!(page(&app).is_none() && remembered(&effects));
    assert!(app.status.text.contains("共 3 行；第一次用：按 ? 看按键，: tour 看导览"), "{}", app.status.text);
}

#[test]
fn its_texts_name_keys_that_work() {
    for lang in [Lang::Zh, Lang::En] {
        let app = new_app(lang, (80, 24));
        for (_, text, _) in PAGES {
            let text = app.told(text, &[]);
            assert!(3 <= text.lines().count() && !text.contains('{'), "{text}");
        }
    }
}

/// A page that is about the roster names its keys, wherever it is read; those of the file list differ.
#[test]
fn its_texts_name_the_keys_of_the_place_that_they_are_about() {
    let mut over_files = first_start();
    press(&mut over_files, "right right right");
    let mut over_roster = super::app_with(Lang::Zh, (80, 24), &three());
    press(&mut over_roster, ": 'tour' enter right right right");
    for app in [&over_files, &over_roster] {
        assert_eq!(page(app), Some(3));
        let text = screen(app);
        assert!(text.contains("在名册里按 L 打开台账") && !text.contains("Ctrl-G"), "{text}");
    }
}

#[test]
fn what_is_wrong_with_the_settings_is_told_beside_the_tour_and_after_it() {
    let mut app = first_start();
    let trouble = format!("一处有误。第一处：{}", "这里写的不是一个数，".repeat(12));
    app.update(Msg::Trouble(trouble.clone()));
    app.update(Msg::NothingStored);
    let flat = |app: &App| screen(app).replace(['\n', ' '], "");
    assert!(flat(&app).contains(&trouble) && flat(&app).contains("1/5"), "{}", screen(&app));
    press(&mut app, "right");
    assert_eq!(page(&app), Some(1));
    press(&mut app, "esc");
    assert_eq!(page(&app), None);
    assert_eq!((app.status.text.as_str(), app.status.is_bad), (trouble.as_str(), true));
}
