//! The front page by keys: what stands on it, and where Enter leads.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::import::{NextStep, TodayBackup, TodayBatch, TodayDue, TodayFacts, TodayLine};
use skillcert::app::ledger::request::SeriesLine;
use skillcert::app::msg::{Effect, Msg};
use skillcert::domain::due::Standing;
use skillcert::domain::ledger::{BatchId, SeriesKey, SeriesState};
use skillcert::words::Lang;

use super::{batches, new_app, press};
use crate::screens::screen;

/// A page of which each block has something.
pub fn facts() -> TodayFacts {
    let held = |n: i64| (n == 3).then(|| "li（主机 pc-2，进程 77，10:02 起）".to_string());
    let one = |line: skillcert::app::import::BatchLine| TodayBatch {
        mended: line.errors.map(|_| (14, 26)),
        holder: held(line.batch.0),
        line,
    };
    let state = |key: &str, used: u32, last: u32| SeriesState {
        key: SeriesKey::read(key).expect("a key"),
        profile: "gansu-competition".into(),
        first: 1,
        last,
        high: used + 1,
        used,
        reserved: 0,
        void: 1,
        gaps: 0,
    };
    let line = |state| SeriesLine { state, institution: "甘肃样例职业技能评价中心".into() };
    TodayFacts {
        others: 0,
        due: vec![TodayDue {
            standing: Standing::Overdue,
            day: "2026-11-12".into(),
            left: "已过 9 天".into(),
            told: "BJ-16 提交证书数据  批次 3 九月.xlsx".into(),
        }],
        due_counts: "逾期 1，待办 2，预计 1".into(),
        batches: batches::lines().into_iter().filter(|line| !line.is_archived).map(one).collect(),
        latest: Some(BatchId(3)),
        series: vec![
            line(state("S000062010001263J*****", 9, 99_999)),
            line(state("S000062010001264J*****", 119, 99_999)),
        ],
        cases: 2,
        shares: 0,
        backup: Some(TodayBackup { when: Some("2026-11-01 10:00".into()), days: 20, is_old: true }),
    }
}

/// The page as it stands when the workbench has begun.
pub fn today(lang: Lang, size: (u16, u16)) -> App {
    let mut app = new_app(lang, size);
    assert!(app.start_today().iter().any(|effect| matches!(effect, Effect::Today)));
    assert_eq!(app.place(), Place::Today);
    app.update(Msg::Today(Ok(Some(Box::new(facts())))));
    app
}

#[test]
fn the_batch_in_hand_last_is_one_key_away() {
    let mut app = today(Lang::Zh, (80, 24));
    let lines = app.import.today().expect("facts").lines(24);
    assert_eq!(lines[app.import.at()], TodayLine::Batch(1));
    let opens = press(&mut app, "enter");
    assert!(matches!(opens.as_slice(), [Effect::Resume { batch: Some(BatchId(3)), .. }]), "{opens:?}");
}

#[test]
fn enter_leads_where_the_line_is_about_and_esc_back() {
    for (line, place) in
        [(TodayLine::Due(0), Place::Deadlines), (TodayLine::Series(0), Place::Series), (TodayLine::Cases, Place::Cases)]
    {
        let mut app = today(Lang::Zh, (80, 24));
        let at = app.import.today().expect("facts").lines(24).iter().position(|l| *l == line).expect("a line");
        press(&mut app, "g g");
        (0..at).for_each(|_| drop(press(&mut app, "down")));
        press(&mut app, "enter");
        assert_eq!(app.place(), place);
        press(&mut app, "esc");
        assert_eq!(app.place(), Place::Today);
    }
    let mut app = today(Lang::Zh, (80, 24));
    let backs_up = press(&mut app, "G enter");
    assert!(backs_up.iter().any(|effect| matches!(effect, Effect::BackUp)), "{backs_up:?}");
}

/// A bar says nothing without what a full one is.
#[test]
fn the_heading_of_the_series_says_what_a_full_bar_is() {
    let app = today(Lang::Zh, (80, 24));
    assert!(screen(&app).contains("今年的编号（满格 200 个号）"), "{}", screen(&app));
}

/// What is exported without errors is told so, a batch in which nothing was found has a bar too, and names use what room there is.
#[test]
fn a_batch_is_told_with_a_bar_and_whether_it_is_exported() {
    for size in [(80, 24), (200, 50)] {
        let mut app = today(Lang::Zh, size);
        let mut told = facts();
        told.batches.truncate(1);
        let one = &mut told.batches[0];
        (one.line.errors, one.mended, one.line.exported) = (Some(0), Some((0, 0)), Some("2026-11-02 09:00".into()));
        one.line.file = "甘肃省第三届机械制造行业职业技能大赛名册.xlsx".into();
        app.update(Msg::Today(Ok(Some(Box::new(told)))));
        let text = screen(&app);
        let line = text.lines().find(|line| line.contains("已导出")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("已导出") && !line.contains("错误 0") && line.contains("░░░░"), "{text}");
        if size.0 == 200 {
            assert!(line.contains("职业技能大赛名册.xlsx"), "{text}");
        }
    }
}

/// The errors come first, then the numbers; what was changed after its file was written is not done.
#[test]
fn what_is_to_be_done_with_a_batch_next_is_told() {
    let exported = || Some("2026-11-02 09:00".to_string());
    let steps = [
        (None, None, None, false, NextStep::Open, "错误 ?"),
        (Some(3), Some(0), None, false, NextStep::Mend(3), "错误 3"),
        (Some(8), Some(5), exported(), false, NextStep::Mend(8), "错误 8"),
        (Some(5), Some(5), None, false, NextStep::Number(5), "待编号 5"),
        (Some(0), Some(5), exported(), false, NextStep::Number(5), "待编号 5"),
        (Some(0), None, None, false, NextStep::Export, "可导出"),
        (Some(0), Some(0), exported(), true, NextStep::ExportAnew, "导出后改过"),
        (Some(0), Some(0), exported(), false, NextStep::Nothing, "已导出"),
    ];
    for (errors, unnumbered, exported, is_changed_since, step, words) in steps {
        let mut app = today(Lang::Zh, (80, 24));
        let mut told = facts();
        told.batches.truncate(1);
        let line = &mut told.batches[0].line;
        (line.errors, line.unnumbered, line.exported, line.is_changed_since) =
            (errors, unnumbered, exported, is_changed_since);
        assert_eq!(told.batches[0].next_step(), step);
        app.update(Msg::Today(Ok(Some(Box::new(told)))));
        assert!(screen(&app).contains(words), "{words}: {}", screen(&app));
    }
    let mut told = facts();
    told.batches.truncate(1);
    let line = &mut told.batches[0].line;
    (line.errors, line.unnumbered, line.is_outdated) = (Some(3), Some(0), true);
    let mut app = today(Lang::Zh, (80, 24));
    app.update(Msg::Today(Ok(Some(Box::new(told)))));
    // Above the batches stands what is due.
    press(&mut app, "home down down");
    assert!(screen(&app).contains("错误 3?"), "{}", screen(&app));
    assert!(screen(&app).contains("机构登记之后改过"), "{}", screen(&app));
}

#[test]
fn files_and_batches_are_one_key_away_and_esc_leads_back() {
    let mut app = today(Lang::Zh, (80, 24));
    press(&mut app, "o");
    assert_eq!(app.place(), Place::Browser);
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Today);
    press(&mut app, "B");
    assert_eq!(app.place(), Place::Batches);
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Today, "back to where it was asked for");
    press(&mut app, "esc");
    assert!(app.status.text.contains('q'), "{}", app.status.text);
}

#[test]
fn where_there_is_nothing_to_go_on_with_files_are_listed() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start_today();
    press(&mut app, "enter");
    app.update(Msg::Today(Ok(None)));
    assert_eq!(app.place(), Place::Browser);
    // Who has turned to something else meanwhile is not led away from it.
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start_today();
    press(&mut app, "B");
    app.update(Msg::Today(Ok(None)));
    assert_eq!(app.place(), Place::Batches);
}

#[test]
fn where_the_page_cannot_be_read_the_last_batch_is_opened_as_ever() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start_today();
    let failure = skillcert::failure::Failure::new(skillcert::failure::FailureKind::Store, "x", "");
    let effects = app.update(Msg::Today(Err(failure)));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Resume { batch: None, .. })), "{effects:?}");
}
