//! Terminals that do not mark what is pasted: it comes as keys, all at once, and must not be taken for commands or answers. And
//! terminals that do not answer, which must not be waited for with a whole processor.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use skillcert::app::App;
use skillcert::app::command::{Command, Place};
use skillcert::app::key::{Chord, Key};
use skillcert::app::msg::{Effect, Msg};
use skillcert::words::Lang;

use crate::keys::{GOOD, app_with, new_app};
use crate::screens::places::shown;
use crate::screens::screen;
use crate::support::harness::{Harness, place};
use crate::support::{Desk, good, goods};

const PASTED: &str = "daily report\n";

/// What the terminal sends for a text.
fn keys(text: &str) -> Vec<Chord> {
    let of = |c: char| match c {
        '\n' => Chord::of(Key::Enter),
        '\t' => Chord::of(Key::Tab),
        c => Chord::char(c),
    };
    text.chars().map(of).collect()
}

#[test]
fn in_every_place_it_is_text_where_text_is_typed_and_nothing_elsewhere() {
    for at in Place::ALL {
        for lang in [Lang::Zh, Lang::En] {
            let mut app = shown(at, lang, (80, 24));
            let steps = |app: &skillcert::app::App| app.roster.batch().map(|b| b.history().applied().len());
            let was = steps(&app);
            for pasted in [PASTED, "yy\n\nqdDxXyA\ny", "甲\t乙\n丙"] {
                let effects = app.update(Msg::Burst(keys(pasted)));
                assert_eq!((app.place(), steps(&app)), (at, was), "{at:?} {pasted:?}");
                if at.takes_text() {
                    let is_quiet = |e: &skillcert::app::msg::Effect| !format!("{e:?}").starts_with("Store");
                    assert!(effects.iter().all(is_quiet), "{at:?}: {effects:?}");
                } else {
                    assert_eq!(effects.len(), 0, "{at:?}: {effects:?}");
                    let told =
                        app.locale.text("status.burst-nowhere").split('{').next().unwrap_or_default().to_string();
                    let told: String = told.chars().take(20).collect();
                    let is_told = screen(&app).contains(told.trim()) || matches!(at, Place::Tour | Place::Text);
                    assert!(is_told, "{at:?}:\n{}", screen(&app));
                }
            }
            if !at.takes_text() {
                // Whatever was pasted, nothing but the line that says so has changed.
                let mut other = shown(at, lang, (80, 24));
                other.update(Msg::Burst(keys("甲乙")));
                assert_eq!(screen(&app), screen(&other), "{at:?}");
            }
        }
    }
}

#[test]
fn in_no_place_is_a_question_answered_by_a_key_that_came_with_another() {
    let mut asked = Vec::new();
    for at in Place::ALL {
        let app = shown(at, Lang::Zh, (80, 24));
        for key in [Chord::char('y'), Chord::char('ｙ'), Chord::of(Key::Enter)] {
            let of = |command: Command| command.is_answer() && command.spec().is_in(at);
            let bound = app.keymap.bindings();
            let answers = |chord: Chord| bound.iter().any(|(p, row, c)| *p == at && row[..] == [chord] && of(*c));
            if !answers(key.folded()) {
                continue;
            }
            asked.push(at);
            let mut app = shown(at, Lang::Zh, (80, 24));
            let effects = app.update(Msg::HastyKey(key));
            assert_eq!((app.place(), effects.len()), (at, 0), "{at:?} {key}: {effects:?}");
            assert!(screen(&app).contains("没有算数"), "{at:?} {key}:\n{}", screen(&app));
        }
    }
    asked.dedup();
    let all = [
        Place::Export,
        Place::Preview,
        Place::Confirm,
        Place::Plan,
        Place::Choose,
        Place::Sheets,
        Place::Versions,
        Place::Columns,
        Place::Batches,
    ];
    assert!(all.iter().all(|place| asked.contains(place)), "{asked:?}");
}

/// The question for the profile of a file comes up once the file has been looked at: an Enter that was on its way by then picks
/// no notice, which would be remembered.
#[test]
fn what_came_up_by_itself_is_answered_by_no_key_that_was_on_its_way() {
    let time = |app: &mut App, ms| drop(app.update(Msg::Time(Duration::from_millis(ms))));
    let enter = |app: &mut App| app.update(Msg::Key(Chord::of(Key::Enter)));
    let mut app = new_app(Lang::Zh, (80, 24));
    let effects = app.start(Some("/data/名册.csv".into()), None);
    let job = effects.iter().find_map(|e| if let Effect::Read(job) = e { Some(job.job) } else { None }).expect("a job");
    time(&mut app, 7_000);
    app.update(Msg::Profiles { job });
    assert_eq!(app.place(), Place::Choose);
    for ms in [7_000, 7_499] {
        time(&mut app, ms);
        assert_eq!((enter(&mut app).len(), app.place()), (0, Place::Choose), "{ms}");
        assert_eq!(app.status.text, app.locale.text("status.too-early"));
    }
    // Moving about is no answer, and who has had time to read answers.
    assert!(app.update(Msg::Key(Chord::of(Key::Down))).is_empty());
    time(&mut app, 7_500);
    let effects = enter(&mut app);
    assert!(effects.iter().any(|e| matches!(e, Effect::Read(job) if job.is_answered)), "{effects:?}");
    // So it is with the lists that ask about a file.
    let mut app = new_app(Lang::Zh, (80, 24));
    let effects = app.start(Some("/data/名册.xlsx".into()), None);
    let job = effects.iter().find_map(|e| if let Effect::Read(job) = e { Some(job.job) } else { None }).expect("a job");
    time(&mut app, 7_000);
    app.update(crate::sheets::listed(job));
    assert_eq!(app.place(), Place::Sheets);
    time(&mut app, 7_200);
    assert_eq!((enter(&mut app).len(), app.place()), (0, Place::Sheets));
    assert_eq!(app.status.text, app.locale.text("status.too-early"));
    time(&mut app, 7_500);
    assert!(enter(&mut app).iter().any(|e| matches!(e, Effect::Read(job) if job.sheet.is_some())));
    // What a key brings up is answered as soon as it is there.
    let mut app = app_with(Lang::Zh, (80, 24), &[GOOD]);
    time(&mut app, 9_000);
    app.update(Msg::Key(Chord::char('P')));
    enter(&mut app);
    assert_ne!(app.place(), Place::Choose);
}

/// Sends a text as a slow line does, byte by byte.
fn trickle(workbench: &mut Harness, text: &str) {
    for byte in text.as_bytes() {
        workbench.send(&[*byte]);
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_line_pasted_without_marks_changes_no_cell_and_writes_no_file() {
    let desk = Desk::new();
    let mut rows = goods(12);
    rows[3][8] = "2024.11.8".into();
    let file = desk.roster("名册.csv", &rows);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 12 行", "已保存"]);
    let at = place(&workbench.screen());
    let refused = "当作粘贴";
    for is_slow in [false, true] {
        // The roster, the question before fixes, the list of findings.
        for way in ["", "X", "\t\t"] {
            workbench.press(way);
            if way == "X" {
                workbench.sees(&["预览"]);
            }
            let text = "daily report\rey\ry\r";
            if is_slow {
                trickle(&mut workbench, text);
            } else {
                workbench.send(text.as_bytes());
            }
            workbench.sees(&[refused]);
            let screen = workbench.screen();
            assert_eq!(screen.contains("预览"), way == "X", "{screen}");
            workbench.press(if way.is_empty() { "jk" } else { "\x1b" });
            workbench.until("the roster as it was", |s| !s.contains("预览") && !s.contains(refused));
        }
    }
    assert_eq!(place(&workbench.screen()), at);
    // A cell takes it as text; the end of the line is none of Enter.
    workbench.press("\x1b[Hlll\r\x15");
    trickle(&mut workbench, "玉门样例公司\r二分厂\r");
    workbench.sees(&["玉门样例公司 二分厂"]);
    workbench.press("\r");
    workbench.sees(&["修改 所在单位", "1 格", "已保存"]);
    // And the file list narrows by it.
    workbench.press("o");
    workbench.sees(&["名册.csv", "KB"]);
    workbench.send("qdelete\r".as_bytes());
    workbench.sees(&["qdelete"]);
    workbench.press("\x1b\x1b");
    workbench.press("\x03");
    workbench.ends_within(Duration::from_secs(20));
    let files: Vec<String> = std::fs::read_dir(desk.folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("名册"))
        .collect();
    assert_eq!(files, ["名册.csv"]);
}

#[test]
fn an_answer_together_with_the_question_is_none() {
    let desk = Desk::new();
    let mut rows = goods(5);
    rows[2][8] = "2024.11.8".into();
    let file = desk.roster("名册.csv", &rows);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 5 行", "已保存"]);
    // A key held for a moment and Enter at once: no text, and still no answer.
    workbench.press("X");
    workbench.sees(&["预览"]);
    workbench.send(b"\x1b[C\r");
    workbench.sees(&["预览", "没有算数"]);
    workbench.press("y");
    workbench.sees(&["全部放心修正 1 格", "已保存"]);
    workbench.leaves();
}

/// Waits for a while; tells how much of a processor the program took meanwhile.
fn idles(workbench: &Harness, told: &str) {
    let before = workbench.cpu_time();
    let start = Instant::now();
    thread::sleep(Duration::from_secs(2));
    let took = workbench.cpu_time().saturating_sub(before);
    assert!(took < start.elapsed() / 20, "{told}: {took:?}");
}

#[test]
fn a_terminal_that_answers_nothing_and_a_line_that_stands_still_cost_no_processor() {
    let desk = Desk::new();
    let rows: Vec<_> = (0..200).map(good).collect();
    let file = desk.roster("名册.csv", &rows);
    let mut workbench = Harness::start(&desk, &[Path::new("open"), &file]);
    workbench.sees(&["共 200 行", "已保存"]);
    workbench.answer_nothing();
    workbench.resize(200, 50);
    let asked = |w: &Harness| memchr::memmem::find_iter(&w.raw(), b"\x1b[5n").count();
    let before = asked(&workbench);
    for key in ["G", "gg", "G", "gg"] {
        workbench.press(key);
        thread::sleep(Duration::from_millis(300));
        if before < asked(&workbench) {
            break;
        }
    }
    assert!(before < asked(&workbench), "the terminal was never asked");
    // Longer than anybody's patience.
    thread::sleep(Duration::from_secs(2));
    idles(&workbench, "an answer is missing");
    workbench.signal(Signal::TSTP);
    thread::sleep(Duration::from_millis(500));
    workbench.signal(Signal::CONT);
    thread::sleep(Duration::from_secs(2));
    idles(&workbench, "after it was suspended");
    workbench.stop_reading();
    // More than the line holds while nobody reads it.
    for _ in 0..8 {
        workbench.press("Ggg");
    }
    thread::sleep(Duration::from_secs(2));
    idles(&workbench, "the line stands still");
    workbench.read_on();
    workbench.press("j");
    workbench.leaves();
}

#[test]
fn whoever_is_ended_without_a_word_gives_the_terminal_back_in_words() {
    let desk = Desk::new();
    let file = desk.roster("名册.csv", &goods(5));
    // What cannot be allocated aborts; where the system itself has no memory it kills.
    for signal in [Signal::ABORT, Signal::KILL] {
        let mut workbench = Harness::open(&desk, &file);
        workbench.sees(&["共 5 行", "已保存"]);
        workbench.signal(signal);
        workbench.ends_within(Duration::from_secs(20));
        workbench.sees(&["已保存的都在"]);
        let left = workbench.left_as_found();
        assert!(!left.contains("姓名") && !left.contains("panicked"), "{left}");
    }
    // One that has given the terminal back leaves it alone.
    let workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 5 行", "已保存"]);
    workbench.signal(Signal::TSTP);
    workbench.until("the shell's screen", |s| !s.contains("姓名"));
    let before = workbench.raw().len();
    workbench.signal(Signal::KILL);
    thread::sleep(Duration::from_millis(500));
    assert_eq!(workbench.raw().len(), before);
}
