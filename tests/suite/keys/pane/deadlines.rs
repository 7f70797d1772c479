//! Deadlines in the ledger pane: the list, the page that counts, and the form that notes an event.

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{Bars, LedgerAct, LedgerAnswer, LedgerRequest, RequestKind};
use skillcert::app::msg::Msg;
use skillcert::app::{App, Screen};
use skillcert::domain::ledger::event::{DatedEvent, NotedEvent, Thing};
use skillcert::domain::ledger::{BatchId, Status};
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::acts::press;
use super::{ask_of, pane, serve, small};
use crate::keys::press as unanswered;
use crate::screens::screen;
use crate::support::fake_ledger::{Fake, acts, day};

#[test]
fn the_worst_stands_first_and_a_key_shows_how_it_was_counted() {
    let mut app = small("6");
    assert_eq!(app.place(), Place::Deadlines);
    let painted = screen(&app);
    let first = painted.lines().find(|line| line.contains("> ")).expect("a line").to_string();
    assert!(first.contains("逾期") && first.contains("2026-10-19") && first.contains("BJ-16"), "{painted}");
    assert!(painted.contains("等事件") && painted.contains("收到备案回执"), "{painted}");
    assert_eq!(serve(&mut app, Fake::small(), "enter"), [RequestKind::Counted]);
    assert_eq!(app.place(), Place::DeadlinePage);
    let counted = screen(&app);
    assert!(counted.contains("2026-09-01 星期二  起算的一天，不计入"), "{counted}");
    press(&mut app, "G");
    assert!(screen(&app).contains("2026-10-19 星期一  第 30 天"), "{}", screen(&app));
    press(&mut app, "esc esc");
    assert_eq!(app.screen, Screen::Roster);
}

#[test]
fn an_event_is_noted_where_it_belongs_and_taken_back_with_a_reason() {
    // The institution waits for its receipt: that is what is proposed.
    let mut app = small("6 down down down");
    press(&mut app, "e");
    let painted = screen(&app);
    assert!(painted.contains("机构 Y000111020001") && painted.contains("> 收到备案回执"), "{painted}");
    press(&mut app, "enter ctrl-u '2026-11-22' enter");
    assert!(screen(&app).contains("2026-11-22"), "a day to come is asked for again: {}", screen(&app));
    press(&mut app, "ctrl-u '2026-11-20' enter '补记' enter");
    let noted = LedgerAct::NoteEvent {
        thing: Thing::Institution("Y000111020001".into()),
        event: DatedEvent::Receipt,
        day: day("2026-11-20"),
        reason: "补记".into(),
    };
    assert_eq!(acts(&press(&mut app, "y")), [noted]);
    // Of a batch only what happens to batches; an empty day takes it back, and that is said why.
    let mut app = small("6");
    press(&mut app, "e");
    let painted = screen(&app);
    let form: String = painted.lines().filter(|line| line.starts_with('│')).collect();
    assert!(painted.contains("批次 3") && form.contains("数据上传") && form.contains("可查询"), "{painted}");
    // What its notice does not speak of is no choice, nor what happens to institutions.
    assert!(!form.contains("实施方案") && !form.contains("备案回执"), "{painted}");
    press(&mut app, "enter ctrl-u enter enter");
    assert_eq!(app.status.text, app.locale.text("status.answer-needed"));
    press(&mut app, "'记错了' enter");
    let taken = acts(&press(&mut app, "y"));
    let [LedgerAct::NoteEvent { thing, day: None, reason, .. }] = &taken[..] else { panic!("{taken:?}") };
    assert_eq!((thing, reason.as_str()), (&Thing::Batch(BatchId(3)), "记错了"));
    // An institution that no deadline is about is in the registry.
    let mut app = small("5");
    press(&mut app, "e");
    assert!(screen(&app).contains("记事件"), "{}", screen(&app));
    // Nothing is noted of a series.
    let mut app = small("1");
    assert!(unanswered(&mut app, "e").is_empty());
}

/// What was refused is done when it is asked for once more and said why.
/// What is noted already is told, and its day is what is mended; of a case and of a batch it is noted where these are.
#[test]
fn an_event_that_is_noted_is_told_and_mended() {
    let mut app = small("6");
    let asked = unanswered(&mut app, "e");
    let (seq, ask) = ask_of(&asked);
    let LedgerRequest::Bars { kind, subject, .. } = ask else { panic!("{ask:?}") };
    let noted = |event, on| NotedEvent { thing: Thing::Batch(BatchId(3)), event, day: day(on).expect("a day") };
    let bars = Bars { noted: vec![noted(DatedEvent::Uploaded, "2026-11-03")], ..Bars::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(*kind, *subject, bars) });
    let painted = screen(&app);
    assert!(painted.contains("数据上传（已记 2026-11-03）"), "{painted}");
    press(&mut app, "enter");
    assert!(screen(&app).contains("2026-11-03"), "{}", screen(&app));
    for (to, what) in [("2 down", "批次 3"), ("3", "个案 ")] {
        let mut app = small(to);
        press(&mut app, "e");
        assert!(screen(&app).contains(what) && app.place() == Place::Choose, "{to}: {}", screen(&app));
    }
}

#[test]
fn the_list_of_deadlines_is_searched() {
    let mut app = small("6");
    press(&mut app, "/");
    let effects = press(&mut app, "'bj-11' enter");
    Fake::small().serve(&mut app, effects);
    let painted = screen(&app);
    assert!(painted.contains("BJ-11") && !painted.contains("BJ-16"), "{painted}");
    serve(&mut app, Fake::small(), "esc");
    assert!(screen(&app).contains("BJ-16"), "{}", screen(&app));
}

#[test]
fn a_mark_past_the_last_day_is_asked_for_again_and_done_with_a_reason() {
    let mut app = small("2 down down s enter enter enter");
    let effects = press(&mut app, "y");
    let (seq, _) = ask_of(&effects);
    let done = acts(&effects);
    let [LedgerAct::Mark { status: Status::Submitted, insists: false, .. }] = &done[..] else { panic!("{done:?}") };
    let failure = Failure { here: "写明原因".into(), ..Failure::new(FailureKind::Rule, "已过 2026-06-30", "x") };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) });
    assert!(app.status.text.contains("2026-06-30"), "{}", app.status.text);
    press(&mut app, "'市中心同意受理' enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::Mark { reason, insists: true, .. }] = &done[..] else { panic!("{done:?}") };
    assert_eq!(reason, "市中心同意受理");
    // What is refused for another cause is not insisted on: its last day has not been told yet.
    let mut app = small("2 down down s enter enter enter");
    let (seq, _) = ask_of(&press(&mut app, "y"));
    let failure = Failure::new(FailureKind::Rule, "别的原因", "x");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) });
    press(&mut app, "'再试' enter");
    let done = acts(&press(&mut app, "y"));
    assert!(matches!(&done[..], [LedgerAct::Mark { insists: false, .. }]), "{done:?}");
}

/// The explanation that BJ-21 asks for is drafted where the batch is in hand.
#[test]
fn an_explanation_of_lateness_is_drafted_by_a_key() {
    for keys in ["6", "6 enter", "2 down"] {
        let mut app = small(keys);
        press(&mut app, "w");
        let painted = screen(&app);
        assert!(painted.contains("写迟报说明 批次 3") && painted.contains("> 原因"), "{keys}: {painted}");
        press(&mut app, "'系统停机' enter");
        assert!(screen(&app).contains("迟报说明-批次3.txt"), "{keys}: {}", screen(&app));
        let effects = press(&mut app, "enter");
        let (seq, LedgerRequest::Draft { thing, why, file }) = ask_of(&effects) else { panic!("{keys}: {effects:?}") };
        assert_eq!((thing, why.as_deref()), (&Thing::Batch(BatchId(3)), Some("系统停机")));
        assert!(file.is_absolute() || file.starts_with(app.import.folder()), "{keys}: {file:?}");
        app.update(Msg::Ledger { seq, answer: LedgerAnswer::Drafted("已写好".into()) });
        assert_eq!((app.status.text.as_str(), app.status.is_bad), ("已写好", false), "{keys}");
    }
    // A file that is there is not written over: another name is asked for.
    let mut app = small("6");
    press(&mut app, "w");
    let (seq, _) = ask_of(&press(&mut app, "enter enter"));
    app.update(Msg::Ledger {
        seq, answer: LedgerAnswer::Failed(Failure::new(FailureKind::File, "文件已存在", ""))
    });
    assert!(app.place() == Place::Prompt && screen(&app).contains("迟报说明-批次3.txt"), "{}", screen(&app));
    // What is no batch is late with nothing.
    let mut app = small("6 down down down");
    assert!(unanswered(&mut app, "w").is_empty() && app.ledger.form().is_none());
}

#[test]
fn the_title_says_how_many_press() {
    let mut app = small("6");
    assert!(!screen(&app).contains("到期 3"));
    app.update(Msg::Pressing(3));
    let painted = screen(&app);
    assert!(painted.lines().next().expect("a title").contains("skillcert 到期 3"), "{painted}");
    press(&mut app, "esc");
    assert!(screen(&app).lines().next().expect("a title").contains("skillcert 到期 3"));
}

/// Whose rows these are is more than how many deadlines press.
#[test]
fn the_badge_pushes_no_file_name_out_of_the_title() {
    let mut told = Vec::new();
    for width in 40..=120 {
        let mut app = pane(Lang::Zh, (width, 24), Fake::small(), "1");
        press(&mut app, "esc");
        assert_eq!(app.screen, Screen::Roster);
        let title =
            |app: &App| screen(app).lines().next().expect("a title").trim_start_matches("skillcert").to_string();
        let before = title(&app);
        app.update(Msg::Pressing(12));
        let after = title(&app);
        let kept = after.trim_start().trim_start_matches("到期 12").trim_start();
        assert_eq!(kept.split_whitespace().next(), before.split_whitespace().next(), "{width}: {after}");
        told.push(after.contains("到期 12"));
    }
    assert!(told[80 - 40], "at 80 columns there is room for it");
}
