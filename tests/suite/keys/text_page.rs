//! The page of bare text: what it shows, row by row, and what it must not hide.

use std::time::Duration;

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg, StoreJob};
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::{GOOD, app_with, press};
use crate::screens::screen;

/// A narrow screen over a row that is wrong in every cell: most of its findings take several rows.
fn narrow() -> App {
    let mut bad = GOOD.map(|_| "不对；也不在任何一个表里，这一格的文字比四十列还要长一些");
    bad[0] = "";
    let mut app = app_with(Lang::Zh, (40, 12), &[bad, GOOD]);
    press(&mut app, "V");
    app
}

/// The rows of the page on the screen, the foot being one row.
fn shown(app: &App) -> Vec<String> {
    let all = screen(app);
    all.lines().take(usize::from(app.size.1) - app.text_foot().len()).map(String::from).collect()
}

#[test]
fn no_row_is_skipped_where_lines_are_broken() {
    let mut app = narrow();
    let mut tall = narrow();
    tall.size.1 = 300;
    let mut all = shown(&tall);
    all.truncate(all.iter().rposition(|row| !row.is_empty()).expect("text") + 1);
    assert!(40 < all.len(), "{}", all.len());
    let mut at = 0;
    for page in 0.. {
        let rows = shown(&app);
        let there = rows.iter().position(String::is_empty).unwrap_or(rows.len());
        assert_eq!(rows[..there], all[at..at + there], "page {page}");
        if at + 1 == all.len() {
            break;
        }
        press(&mut app, "pgdn");
        // One row of each page comes again on the next, and the last row stays in sight.
        at = (at + rows.len() - 1).min(all.len() - 1);
    }
    let rows = shown(&app).len() - 1;
    for (key, by) in [("pgup", rows), ("up", 1), ("ctrl-u", rows / 2), ("pgup", rows)] {
        press(&mut app, key);
        at -= by;
        assert_eq!(shown(&app)[0], all[at], "{key}");
    }
    for (key, by) in [("down", 1), ("ctrl-d", rows / 2)] {
        press(&mut app, key);
        at += by;
        assert_eq!(shown(&app)[0], all[at], "{key}");
    }
    press(&mut app, "home");
    assert_eq!(shown(&app)[0], all[0]);
    press(&mut app, "end");
    assert!(all[all.len() - 5..].contains(&shown(&app)[0]), "the last line from its first row on");
}

#[test]
fn what_must_not_be_missed_is_told_below_the_page() {
    let mut app = app_with(Lang::Zh, (80, 24), &[GOOD]);
    press(&mut app, "V");
    let keys = app.text_foot();
    assert!(!app.text_warns() && screen(&app).trim_end().ends_with(keys[0].trim_end()));
    app.update(Msg::Time(Duration::from_secs(1)));
    press(&mut app, "esc");
    let noted = press(&mut app, "m V");
    assert!(noted.iter().any(|e| matches!(e, Effect::Store { job: StoreJob::NoteUnmask { .. }, .. })));
    assert!(screen(&app).contains(app.locale.text("ui.privacy.unmasked")), "{}", screen(&app));
    let failure = Failure::new(FailureKind::Store, "另一个工作台接管了这个批次", "");
    app.update(Msg::StoreFailed { seq: app.roster.saving().sent, failure });
    assert!(screen(&app).contains(app.locale.text("status.not-saved")), "{}", screen(&app));
    assert!(screen(&app).contains("接管"), "{}", screen(&app));
}
