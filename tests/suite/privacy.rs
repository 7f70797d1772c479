//! Nothing personal stays where nobody asked for it: on the screen, behind it, and in what the program leaves or tells.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg, ReadEnd, StoreJob};
use skillcert::domain::sheet::Field;
use skillcert::formats::limits::Limits;
use skillcert::formats::sniff::FileKind;
use skillcert::formats::workbook::WorkbookReader;
use skillcert::words::Lang;

use crate::keys::{GOOD, app_with, labels, new_app, opened, press, rows, three};
use crate::pty::{sample, secrets};
use crate::screens::screen as screen_text;
use crate::support::harness::{Harness, place};
use crate::support::{Desk, goods, root};

fn seconds(app: &mut App, seconds: u64) -> Vec<Effect> {
    app.update(Msg::Time(Duration::from_secs(seconds)))
}

fn app() -> App {
    app_with(Lang::Zh, (100, 30), &three())
}

fn shows(app: &App, text: &str) -> bool {
    screen_text(app).contains(text)
}

fn notes(effects: &[Effect]) -> usize {
    effects.iter().filter(|e| matches!(e, Effect::Store { job: StoreJob::NoteUnmask { .. }, .. })).count()
}

#[test]
fn an_unmasked_row_is_masked_again_by_itself() {
    let mut app = app();
    seconds(&mut app, 100);
    assert_eq!(notes(&press(&mut app, "m")), 1);
    assert!(shows(&app, GOOD[0]) && shows(&app, "正显示个人信息"));
    seconds(&mut app, 129);
    assert!(shows(&app, GOOD[0]));
    assert_eq!(app.privacy.wakes_at(), Some(Duration::from_secs(130)));
    assert_eq!(seconds(&mut app, 130).len(), 0);
    assert!(!shows(&app, GOOD[0]) && !shows(&app, "正显示个人信息"));
    // Off the row and back: masked, and each unmasking is noted.
    assert_eq!(notes(&press(&mut app, "m")), 1);
    press(&mut app, "j k");
    assert!(!shows(&app, GOOD[0]));
    // Another pane is another place.
    press(&mut app, "m L esc");
    assert!(!shows(&app, GOOD[0]) && !app.privacy.is_unmasked());
    // By its own key.
    press(&mut app, "m m");
    assert!(!shows(&app, GOOD[0]));
}

#[test]
fn whatever_shows_a_masked_cell_whole_is_noted() {
    let mut app = app();
    assert_eq!(notes(&press(&mut app, "enter")), 1, "a name that is typed into");
    press(&mut app, "esc");
    assert_eq!(notes(&press(&mut app, "m enter")), 1, "once for a row that is unmasked");
    press(&mut app, "esc m");
    assert_eq!(notes(&press(&mut app, "right right right enter esc")), 0, "an employer is nobody's own");
}

#[test]
fn what_is_typed_into_is_masked_while_nobody_types() {
    let mut app = app();
    seconds(&mut app, 100);
    assert_eq!(notes(&press(&mut app, "enter")), 1);
    assert!(shows(&app, GOOD[0]) && app.privacy.is_unmasked());
    seconds(&mut app, 120);
    assert_eq!(notes(&press(&mut app, "'甲'")), 0, "it was in sight all the time");
    assert_eq!(app.privacy.wakes_at(), Some(Duration::from_secs(150)));
    seconds(&mut app, 149);
    assert!(shows(&app, "张伟甲"));
    assert_eq!(seconds(&mut app, 150).len(), 0);
    assert!(!shows(&app, "张伟") && !app.privacy.is_unmasked());
    // A key of the line shows it again, which is an entry of its own; the key is not lost.
    assert_eq!(notes(&press(&mut app, "left")), 1);
    assert!(shows(&app, "张伟甲"));
    assert_eq!(notes(&press(&mut app, "乙")), 0);
    // A blank screen covers it, and what brings the screen back does not show it.
    press(&mut app, "ctrl-x x");
    assert!(!app.privacy.is_blank() && !shows(&app, "张伟"));
    assert_eq!(notes(&press(&mut app, "丙")), 1);
    assert!(shows(&app, "张伟乙丙甲"));
    // What stands there masked is put into the cell whole.
    press(&mut app, "ctrl-x x");
    assert_eq!(notes(&press(&mut app, "enter")), 0);
    assert_eq!(app.roster.batch().expect("batch").roster().cell(0, Field::Name), "张伟乙丙甲");
    // The row's own time may end first: the line is still being typed into.
    press(&mut app, "m enter");
    seconds(&mut app, 170);
    press(&mut app, "丁");
    seconds(&mut app, 185);
    assert!(app.roster.grid().unmasked.is_none() && shows(&app, "张伟乙丙甲丁"));
    // An employer is nobody's own.
    press(&mut app, "esc right right right enter");
    seconds(&mut app, 500);
    assert!(shows(&app, GOOD[3]));
}

#[test]
fn what_was_half_typed_comes_back_masked_and_the_first_key_shows_it() {
    let json = |effect: &Effect| if let Effect::SaveView(json) = effect { Some(json.clone()) } else { None };
    let stored = press(&mut app(), "enter '甲'").iter().rev().find_map(json);
    let mut app = new_app(Lang::Zh, (100, 30));
    app.start(None, None);
    app.update(opened(&labels(), stored));
    let rows = rows(&app, &three());
    app.update(rows);
    assert_eq!(notes(&app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }))), 0);
    assert_eq!(app.roster.edit().map(|edit| edit.prompt.text()), Some("张伟甲"));
    assert!(!shows(&app, "张伟") && !app.privacy.is_unmasked());
    assert_eq!(notes(&press(&mut app, "乙")), 1);
    assert!(shows(&app, "张伟甲乙"));
}

#[test]
fn the_decoder_loses_a_number_it_was_lent() {
    let mut app = app();
    press(&mut app, "home right right =");
    assert!(!shows(&app, GOOD[2]), "masked");
    press(&mut app, "esc m =");
    assert!(shows(&app, GOOD[2]));
    seconds(&mut app, 30);
    assert!(!shows(&app, GOOD[2]));
    press(&mut app, "esc =");
    assert!(!shows(&app, GOOD[2]));
}

#[test]
fn an_idle_screen_goes_blank_and_the_key_that_wakes_it_does_nothing_else() {
    let mut app = app();
    seconds(&mut app, 5);
    press(&mut app, "right right right enter '甲'");
    let before = screen_text(&app);
    seconds(&mut app, 604);
    assert_eq!(screen_text(&app), before);
    assert_eq!(app.privacy.wakes_at(), Some(Duration::from_secs(605)));
    seconds(&mut app, 605);
    let blank = screen_text(&app);
    assert_eq!(blank.trim(), "屏幕已隐藏，按任意键回到原处");
    assert_eq!(app.privacy.wakes_at(), None, "nothing more happens by itself");
    // What goes on below does not bring it back.
    app.update(Msg::Saved(app.roster.saving().sent));
    app.update(Msg::Resize(100, 30));
    assert_eq!(screen_text(&app), blank);
    let enter = skillcert::app::key::Chord::read("enter").expect("a key");
    for (now, wake) in [(5000, Msg::Paste("乙".into())), (10_000, Msg::Key(enter))] {
        seconds(&mut app, now);
        assert!(app.privacy.is_blank());
        app.update(wake);
        assert_eq!(screen_text(&app), before);
    }
    assert_eq!(app.privacy.wakes_at(), Some(Duration::from_secs(10_600)));
    press(&mut app, "enter");
    assert!(shows(&app, "公司甲"));
}

#[test]
fn the_screen_goes_blank_at_once_for_whoever_leaves() {
    let mut app = app();
    press(&mut app, "m ctrl-x");
    assert!(app.privacy.is_blank() && !app.privacy.is_unmasked());
    press(&mut app, "j");
    assert_eq!(app.roster.grid().at, 0);
    assert!(!shows(&app, GOOD[0]));
}

/// On a real line: masks and blanks without a key, sends nothing before, and leaves nothing behind the screen.
#[test]
fn the_line_shows_nothing_of_anybody_once_time_has_passed() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("state")).expect("made");
    std::fs::write(desk.path("state/config.toml"), "unmask_seconds = 2\nidle_minutes = 0.1\n").expect("written");
    let mut bench = Harness::open(&desk, &sample(&desk));
    bench.sees(&["120 行", "已保存"]);
    bench.press("#3\r");
    bench.until("row 3", |s| place(s) == "1/120");
    let before = bench.count();
    bench.press("m");
    let shown = bench.has_shown("正显示个人信息");
    let name = secrets().into_iter().find(|s| shown.contains(s)).expect("a name");
    bench.until("the row to be masked", |s| !s.contains(&name));
    assert!(bench.count() - before < 1200, "more than the row was sent, twice");
    let blank = bench.until("the screen to go blank", |s| s.contains("按任意键回到原处"));
    assert_eq!(blank.trim(), "屏幕已隐藏，按任意键回到原处");
    let idle = bench.count();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(bench.count(), idle);
    bench.press("j");
    bench.until("the same place", |s| place(s) == "1/120");
    bench.press("Gggjjj");
    bench.press("\x18");
    bench.sees(&["按任意键回到原处"]);
    let at_blank = bench.raw();
    bench.press(" q");
    assert_eq!(bench.ends_within(crate::support::harness::PATIENCE), 0);
    let at_end = bench.raw();
    // A terminal without an alternate screen keeps what scrolls off, and what stands there in the end.
    for raw in [at_blank, at_end] {
        let text = String::from_utf8_lossy(&raw).replace("\x1b[?1049h", "").replace("\x1b[?1049l", "");
        let mut terminal = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 1000);
        terminal.process(text.as_bytes());
        let mut kept = terminal.screen().contents();
        for back in 1..=1000 {
            terminal.screen_mut().set_scrollback(back);
            kept += &terminal.screen().contents();
        }
        for masked in ["张*", "李*", "王*", "1990", &name] {
            assert!(!kept.contains(masked), "{masked} in {kept}");
        }
    }
}

const NAME: &str = "欧阳朝霞";

/// The rosters of whoever is called so: a good one, and one with an error in the person's row.
fn planted() -> (Vec<Vec<String>>, String) {
    let mut rows = goods(40);
    rows[5][0] = NAME.into();
    rows[6][8] = "2024.11.8".into();
    let id = rows[5][2].clone();
    (rows, id)
}

/// Lists the files below a folder that hold a text, as it stands or inside a JSON.
fn holders(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holders(&path, secret));
        } else if memchr::memmem::find(&std::fs::read(&path).expect("readable"), secret.as_bytes()).is_some() {
            found.push(path);
        }
    }
    found
}

/// A workbench in which a row was unmasked, edited, searched and looked into is killed: its words are where they must be,
/// in the roster and the store, and nowhere else.
#[test]
fn nothing_personal_is_left_about_by_a_workbench_that_is_killed() {
    let desk = Desk::new();
    let (rows, id) = planted();
    let file = desk.roster("r.csv", &rows);
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 40 行", "已保存"]);
    bench.press("/");
    bench.press(&format!("{NAME}\r"));
    bench.until("the row", |s| place(s) == "6/40");
    bench.press("m");
    bench.sees(&[NAME]);
    bench.press("Yr");
    bench.sees(&["已复制"]);
    bench.press("e\t\r");
    bench.sees(&["已导出"]);
    let id_of = bench.id();
    for about in ["cmdline", "comm"] {
        let told = std::fs::read(format!("/proc/{id_of}/{about}")).expect("known");
        assert!([NAME, &id].iter().all(|s| memchr::memmem::find(&told, s.as_bytes()).is_none()), "{about}");
    }
    let limits = std::fs::read_to_string(format!("/proc/{id_of}/limits")).expect("known");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    let raw = String::from_utf8_lossy(&bench.raw()).into_owned();
    bench.killed();
    for title in ["\x1b]0;", "\x1b]1;", "\x1b]2;", "\x1bk"] {
        assert!(!raw.contains(title), "a window title");
    }
    for secret in [NAME, &id] {
        let mut found = holders(desk.folder.path(), secret);
        found.retain(|path| !path.starts_with(desk.path("state/skillcert.sqlite3")));
        // The list of findings is asked for, by name, and holds only rows with findings.
        assert_eq!(found, std::slice::from_ref(&file), "{secret}");
    }
}

/// Killed at any moment while it writes: what is left is the roster, or a file that nobody else can read.
#[test]
fn nothing_personal_is_left_about_by_an_export_that_is_killed() {
    let desk = Desk::new();
    let file = desk.roster("r.csv", &goods(3000));
    for pause in (0..120).step_by(10) {
        let temporary = desk.path("tmp");
        std::fs::create_dir_all(&temporary).expect("made");
        let mut command = desk.command(&["export", "r.csv", "--force", "--output", "a.xlsx"]);
        let mut child = command.env("TMPDIR", &temporary).spawn().expect("started");
        std::thread::sleep(Duration::from_millis(pause));
        // It may have ended before.
        let _ = child.kill();
        child.wait().expect("ended");
        for entry in std::fs::read_dir(desk.folder.path()).expect("a folder").flatten() {
            let (name, mode) = (entry.file_name(), entry.metadata().expect("about").permissions().mode());
            let name = name.to_str().expect("a name");
            let ours = ["a.xlsx", "a.xlsx.manifest.json"].contains(&name) || name.starts_with(".skillcert-");
            assert!(ours || ["r.csv", "tmp", "home", "state"].contains(&name), "{name}");
            assert!(!ours || mode.trailing_zeros() >= 6, "{name} {mode:o}");
        }
        assert_eq!(std::fs::read_dir(&temporary).expect("a folder").count(), 0);
    }
    assert!(file.exists());
}

/// Everybody on the machine can read the arguments of a process.
#[test]
fn a_child_is_not_told_by_its_arguments_what_a_sheet_is_called() {
    let desk = Desk::new();
    let script = desk.put("child", format!("#!/bin/sh\nprintf '%s\\n' \"$@\" > {}\n", desk.path("told").display()));
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).expect("mode");
    let book = root("data/samples/gansu-2024.xlsx");
    drop(WorkbookReader::open(&script, &book, FileKind::Xlsx, (Some(NAME), Limits::default())));
    let told = std::fs::read_to_string(desk.path("told")).expect("told");
    assert_eq!(told, "__read-workbook\nxlsx\n");
    // The name arrives all the same.
    let ran = desk.verb(&["check", book.to_str().expect("a path"), "--sheet", NAME, "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("no-sheet") && ran.out.contains("获奖选手"), "{}", ran.out);
    let ran = desk.verb(&["check", book.to_str().expect("a path"), "--sheet", "获奖选手", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
}

/// What stands in columns that are not imported is shown as a sample: whoever it speaks of is masked there, too.
#[test]
fn remarks_show_neither_telephone_numbers_nor_whose_they_are() {
    let desk = Desk::new();
    let rows = goods(3);
    let remarks = ["联系人王小明 电话 138-0013-8002", "家里 (0931) 886 7002", "138 0013 8003"];
    let mut text = format!("{},备注,家庭住址\n", labels().join(","));
    for (row, remark) in rows.iter().zip(remarks) {
        text += &format!("{},{remark},兰州市样例路2号 0931-8867003\n", row.join(","));
    }
    let file = desk.put("remarks.csv", text.into_bytes());
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 3 行", "已保存"]);
    // What is sent is looked at, not the screen: wide enough for every column.
    bench.resize(200, 50);
    for keys in ["\t", "j", "\x1b", "C", "\x1b", "o", "\x1b"] {
        bench.press(keys);
        bench.count();
    }
    let sent = String::from_utf8_lossy(&bench.raw()).into_owned();
    assert!(
        sent.contains("备注") && sent.contains("138-****-*002") && sent.contains("样例路2号 "),
        "{}",
        bench.screen()
    );
    for secret in ["138-0013-8002", "王小明", "886 7002", "138 0013", "0931-8867003"] {
        assert!(!sent.contains(secret), "{secret} was sent");
    }
    bench.press("q");
    bench.ends_within(crate::support::harness::PATIENCE);
}
