//! What the screens look like: every place at the sizes people have ([`places`]), and here what else there is to see.

mod ledger;
pub mod places;
mod record;
mod told;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use skillcert::app::App;
use skillcert::app::msg::{FolderEntry, Msg, ReadEnd};
use skillcert::data::Background;
use skillcert::tui::{SignWidth, Theme, draw};
use skillcert::words::Lang;
use unicode_width::UnicodeWidthStr;

use crate::keys::lookup::prepared;
use crate::keys::{app_with, labels, new_app, opened, press, rows, three};

/// What a terminal of today shows.
pub fn theme_of(background: Background) -> Theme {
    Theme { signs: SignWidth::Narrow, whole_row: true, ..Theme::new(background) }
}

/// Draws and gives the screen as text; the cell behind a wide character holds nothing of its own.
pub fn screen(app: &App) -> String {
    let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).expect("terminal");
    terminal.draw(|frame| draw(frame, app, theme_of(Background::Dark))).expect("draw");
    screen_text(terminal.backend().buffer())
}

/// Draws and looks at nothing: that there is a screen is enough.
pub fn painted(app: &App) {
    screen(app);
}

fn screen_text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line += symbol;
            x += (symbol.width() as u16).max(1);
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

fn caret(app: &App) -> Option<(u16, u16)> {
    let mut terminal = Terminal::new(TestBackend::new(app.size.0, app.size.1)).expect("terminal");
    terminal.draw(|frame| draw(frame, app, theme_of(Background::None))).expect("draw");
    let at = terminal.backend().cursor_position();
    terminal.backend().cursor_visible().then_some((at.x, at.y))
}

fn shot(name: &str, app: &App) {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, screen(app));
    });
}

fn app(size: (u16, u16)) -> App {
    app_with(Lang::Zh, size, &three())
}

fn browser(lang: Lang, size: (u16, u16)) -> App {
    let mut app = new_app(lang, size);
    app.start(None, None);
    app.update(Msg::NothingStored);
    let entry = |name: &str, is_folder, size| FolderEntry {
        name: name.into(),
        is_folder,
        size,
        changed: "2026-11-20".into(),
        is_ours: false,
    };
    let entries = vec![
        entry("2024年", true, 0),
        entry("机械制造大赛名册.xlsx", false, 48_213),
        entry("百万行.csv", false, 198_213_000),
    ];
    app.update(Msg::Folder { path: "/data/大赛".into(), entries });
    app
}

#[test]
fn the_roster_at_80x24() {
    let mut app = app((80, 24));
    shot("roster", &app);
    press(&mut app, "n n x");
    shot("preview-fix", &app);
    press(&mut app, "y tab m");
    shot("record-unmasked", &app);
    press(&mut app, "tab");
    shot("findings", &app);
    press(&mut app, "esc H");
    shot("history", &app);
    press(&mut app, "esc X");
    shot("preview-all", &app);
    press(&mut app, "esc e");
    shot("export", &app);
}

#[test]
fn the_roster_in_english() {
    shot("roster-english", &app_with(Lang::En, (80, 24), &three()));
}

#[test]
fn the_decoder() {
    let mut small = app((80, 24));
    press(&mut small, "j =");
    assert!(caret(&small).is_some_and(|(_, y)| y == 2));
    press(&mut small, "ctrl-u 'S0000O2010001242J00001'");
    shot("decoder-wrong", &small);
    press(&mut small, "ctrl-u '620102199003077731'");
    shot("decoder-resident", &small);
    let mut wide = app((200, 50));
    press(&mut wide, "= ctrl-u 's000062010001242j00001'");
    shot("decoder-wide", &wide);
    press(&mut wide, "enter");
    assert!(screen(&wide).contains("S000062010001242J00001"));
    press(&mut wide, "esc");
    assert!(!wide.overlays.is_open());
}

#[test]
fn one_line_at_30x5() {
    shot("small", &app((30, 5)));
}

#[test]
fn the_palette() {
    let mut app = app((80, 24));
    press(&mut app, ": 填");
    shot("palette", &app);
}

#[test]
fn the_look_up() {
    let mut app = app((80, 24));
    press(&mut app, "K");
    shot("lookup-preparing", &app);
    let msg = prepared(&app);
    app.update(msg);
    press(&mut app, "l z s down");
    assert_eq!(caret(&app), Some((12, 2)));
    press(&mut app, "ctrl-u 'GS-14'");
    shot("lookup-clause", &app);
}

#[test]
fn the_look_up_at_200x50() {
    let mut app = app_with(Lang::En, (200, 50), &three());
    let msg = prepared(&app);
    app.update(msg);
    press(&mut app, "K '211'");
    shot("lookup-wide", &app);
}

#[test]
fn the_narrowed_browser() {
    let mut app = browser(Lang::Zh, (80, 24));
    press(&mut app, "百");
    shot("browser-narrowed", &app);
}

#[test]
fn the_cursor_stands_at_the_caret() {
    let mut app = app((80, 24));
    assert_eq!(caret(&app), None);
    press(&mut app, "enter");
    // Gutter 6, the cell's mark 1, two wide characters 4.
    assert_eq!(caret(&app), Some((11, 3)));
    press(&mut app, "left");
    assert_eq!(caret(&app), Some((9, 3)));
    press(&mut app, "esc /");
    assert!(caret(&app).is_some_and(|(_, y)| y == 22));
    press(&mut app, "esc end enter");
    let (x, y) = caret(&app).expect("caret");
    assert!(x < 80 && y == 3);
}

/// What is mended is counted against what was found at the import, undone as well; a filter leaves what is least asked for no room.
#[test]
fn the_strip_tells_how_the_batch_stands() {
    let mut app = app((80, 24));
    let strip = |app: &App| screen(app).lines().nth(1).unwrap_or_default().trim_end().to_string();
    let before = strip(&app);
    assert!(before.starts_with("共 3 行  已改 0/4 格  !4  ███") && before.ends_with("有编号 3 行"), "{before}");
    press(&mut app, "X y");
    let after = strip(&app);
    assert!(!after.contains("已改 0/4") && after.contains("/4 格  !"), "{after}");
    while app.roster.batch().is_some_and(|batch| batch.history().undoable().is_some()) {
        press(&mut app, "u");
    }
    assert_eq!(strip(&app), before);
    app.size = (80, 11);
    assert!(!strip(&app).contains("已改"), "a low screen has no line for it");
    app.size = (80, 24);
    press(&mut app, "&");
    app.update(skillcert::app::msg::Msg::Paste("所在单位=兰州陇原机械有限公司".into()));
    press(&mut app, "enter");
    let filtered = strip(&app);
    assert!(filtered.contains("3/3 行") && filtered.contains("兰州陇原机械有限公司"), "{filtered}");
}

/// At 80 columns everything is told in few words, and of it only the filter gives way.
#[test]
fn the_strip_of_a_narrow_screen_leaves_nothing_out() {
    for lang in [Lang::Zh, Lang::En] {
        let mut app = app_with(lang, (80, 24), &three());
        let strip = |app: &App| screen(app).lines().nth(1).unwrap_or_default().trim_end().to_string();
        press(&mut app, "j - '重复报名' enter");
        press(&mut app, "end left left left");
        press(&mut app, "&");
        app.update(Msg::Paste("所在单位=兰州陇原机械有限公司".into()));
        press(&mut app, "enter");
        let column = app.roster.grid().place_of_field(skillcert::domain::sheet::Field::Level);
        press(&mut app, "home");
        (0..column).for_each(|_| drop(press(&mut app, "right")));
        press(&mut app, "s");
        let text = strip(&app);
        assert!(text.width() <= 80, "{text}");
        let words: &[&str] = match lang {
            Lang::Zh => &["行", "已改 ", "!", "█", "编号 ", "移出 1 行", "职业技能~升序", "筛选：", "…"],
            Lang::En => &["rows", "mended ", "!", "█", "coded", "1 aside", "职业技能~ up", "Filter: ", "…"],
        };
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
    // That none has a number is told as well.
    let blank = crate::keys::with(&[(skillcert::domain::sheet::Field::Code, "")]);
    let text = screen(&app_with(Lang::Zh, (80, 24), &[blank]));
    assert!(text.contains("有编号 0 行"), "{text}");
}

/// Of the file its end stays, and under which notice the rows are judged is read whole.
#[test]
fn the_english_title_tells_file_and_profile() {
    let mut app = app_with(Lang::En, (80, 24), &three());
    app.update(Msg::Held { switched: 1, holder: Some("li".into()) });
    let title = screen(&app).lines().next().unwrap_or_default().to_string();
    assert!(title.contains(".csv") && title.contains("Gansu") && title.contains("read only"), "{title}");
    for profile in skillcert::data::profiles() {
        assert!(profile.short_en.width() <= 10, "{}", profile.short_en);
    }
}

/// Row, pane, filter and half-typed text, and where all of it stood on the screen.
#[test]
fn the_screen_comes_back_as_it_was_left() {
    let roster: Vec<[&str; 11]> = std::iter::repeat_n(three(), 40).flatten().collect();
    let all_but_status = |app: &App| {
        let text = screen(app);
        let lines: Vec<&str> = text.lines().collect();
        lines[..lines.len() - 2].join("\n")
    };
    for keys in [
        "5 0 j 5 k end left left",
        "G 9 k end left left left left",
        "n f 3 0 j 7 k right right",
        "G 9 k tab",
        "G 9 k tab tab j j",
        "1 0 0 G 4 k right right right enter 半 途",
    ] {
        for size in [(80, 24), (200, 50)] {
            let mut left = app_with(Lang::Zh, size, &roster);
            press(&mut left, keys);
            let mut back = new_app(Lang::Zh, size);
            back.start(None, None);
            back.update(opened(&labels(), Some(left.roster.view().to_json())));
            // The rows come block by block.
            for block in roster.chunks(50) {
                let msg = rows(&back, block);
                back.update(msg);
            }
            back.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
            assert_eq!(all_but_status(&back), all_but_status(&left), "{keys}");
        }
    }
}

#[test]
fn no_size_panics() {
    let keys = [
        "K",
        "K l",
        "K tab",
        "enter ctrl-t l",
        "",
        "n",
        "tab",
        "tab tab",
        "enter",
        "/ 甲",
        "?",
        ":",
        "X",
        "H",
        "e",
        "e tab down down down",
        "o",
        "C",
        "=",
        "= ctrl-u 'Y0000520020083000001'",
    ];
    for keys in keys {
        let mut app = app((80, 24));
        let msg = prepared(&app);
        app.update(msg);
        if !keys.is_empty() {
            press(&mut app, keys);
        }
        let sizes = (1..=20).flat_map(|w| (1..=20).map(move |h| (w, h)));
        for (w, h) in sizes.chain([(40, 10), (41, 11), (159, 12), (160, 10), (1, 200), (500, 1), (300, 100)]) {
            app.update(Msg::Resize(w, h));
            screen(&app);
            // The terminal may be smaller than we were told for a moment.
            let mut terminal = Terminal::new(TestBackend::new(w.div_ceil(2), h.div_ceil(2))).expect("terminal");
            terminal.draw(|frame| draw(frame, &app, theme_of(Background::None))).expect("draw");
        }
    }
}

#[test]
fn hostile_text_never_reaches_the_terminal() {
    let mut roster = three();
    roster[0][0] = "\x1b[2J\u{202E}";
    roster[1][3] = "甲\u{7}\r\n乙";
    let mut app = app_with(Lang::Zh, (80, 24), &roster);
    for keys in ["n", "tab", "j j j", "enter", "esc m"] {
        press(&mut app, keys);
        let text = screen(&app);
        assert!(text.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202E}')));
    }
}

/// Nothing but the text, from the first column on: what a terminal copies of it is what was meant.
#[test]
fn a_page_of_bare_text_has_whole_lines() {
    let mut app = app((80, 24));
    press(&mut app, "j V");
    let record = screen(&app);
    assert!(record.starts_with("姓名：李*刚\n") && record.contains("\n发证日期：2024/11/8\n"), "{record}");
    assert!(!record.contains(['|', '+']) && !record.contains("skillcert"), "{record}");
    press(&mut app, "tab");
    let findings = screen(&app);
    assert!(findings.lines().next().is_some_and(|l| l.starts_with("3  证件号码  D05  ")), "{findings}");
    press(&mut app, "tab down");
    assert!(screen(&app).starts_with("S000062010001242J00002\nS000062010001242J00003\n"), "{}", screen(&app));
    press(&mut app, "G tab esc m V");
    assert!(screen(&app).contains("姓名：李小刚"));
    // It is masked again as the grid is.
    app.update(Msg::Time(std::time::Duration::from_secs(40)));
    assert!(screen(&app).contains("姓名：李*刚"));
    press(&mut app, "esc tab tab V");
    assert_eq!(screen(&app), findings);
}

#[test]
fn the_tour() {
    let mut app = browser(Lang::Zh, (80, 24));
    press(&mut app, ": 'tour' enter");
    shot("tour-first", &app);
    press(&mut app, "right right right right");
    shot("tour-last", &app);
    let mut app = app_with(Lang::En, (80, 24), &three());
    press(&mut app, ": 'tour' enter right right");
    shot("tour-english", &app);
    // In a low window its text is scrolled.
    app.update(Msg::Resize(40, 10));
    press(&mut app, "down down");
    shot("tour-small", &app);
}
