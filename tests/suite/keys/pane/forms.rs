//! Forms of the ledger: all fields on one page, faults at their field, and what a yes does laid out in two columns.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::ledger::FormQuestion;
use skillcert::app::ledger::request::{Bars, LedgerAct, LedgerAnswer, LedgerRequest, Reached, RefusedAct};
use skillcert::app::msg::Msg;
use skillcert::app::overlay::Overlay;
use skillcert::domain::ledger::Status;
use skillcert::domain::ledger::case::{CaseKind, CaseRequest, Day, WhyCaseRefused};
use skillcert::failure::{Failure, FailureKind};

use super::super::{context_under, press as unanswered};
use super::acts::press;
use super::{ask_of, small};
use crate::screens::screen;
use crate::support::fake_ledger::{Fake, acts, day};

/// Begins a case about the first certificate under a notice.
fn under(profile: &str, keys: &str) -> App {
    let mut app = small("2");
    let effects = unanswered(&mut app, "c");
    let (seq, request) = ask_of(&effects);
    let LedgerRequest::Bars { kind, subject, .. } = request else { panic!("{request:?}") };
    let bars = Bars { rules: Some(Arc::new(context_under(profile))), ..Bars::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(*kind, *subject, bars) });
    press(&mut app, keys);
    app
}

#[test]
fn papers_are_ticked_and_columns_offered_as_the_notice_has_them() {
    // Nothing else of the ledger is known yet: the series of the certificate above all.
    let mut app = under("guangdong-technical", "down enter enter");
    let Some(Overlay::Choose(papers)) = app.overlays.open() else { panic!("typed:\n{}", screen(&app)) };
    let listed: Vec<&str> = papers.options().iter().map(|(paper, _)| paper.as_str()).collect();
    let papers = ["证书遗失、损坏补发证明申请表", "申请人身份证原件"];
    assert_eq!(listed, papers);
    let painted = screen(&app);
    assert!(painted.contains("[ ] 申请人身份证原件") && painted.contains("Space 勾选"), "{painted}");
    // Nothing ticked is no answer; a tick goes and comes back.
    press(&mut app, "enter");
    assert!(line_of(&app, "│   ! ").contains("未交验“证书遗失、损坏补发证明申请表”"), "{}", screen(&app));
    // Nor is half of them.
    press(&mut app, "space enter");
    assert!(line_of(&app, "│   ! ").contains("未交验“申请人身份证原件”"), "{}", screen(&app));
    // What was ticked stays.
    press(&mut app, "down space");
    assert!(screen(&app).contains("[x] 申请人身份证原件"));
    press(&mut app, "enter");
    assert!(screen(&app).contains(&format!("> {}", app.locale.text("ui.ledger.label.applied"))));
    press(&mut app, "enter");
    assert!(screen(&app).contains("> 补（换）发日期"), "{}", screen(&app));
    press(&mut app, "'2026-11-20' enter");
    assert!(line_of(&app, "│   ! ").contains("补发日期早于申请日期"), "{}", screen(&app));
    press(&mut app, "backspace '1'");
    assert!(!screen(&app).contains("早于"), "{}", screen(&app));
    let done = acts(&press(&mut app, "enter '遗失' enter y"));
    let [LedgerAct::Open { application, .. }] = &done[..] else { panic!("{done:?}") };
    let CaseRequest::Reissue { papers: shown, .. } = &application.request else { panic!("{done:?}") };
    assert_eq!(*shown, papers);
    // Nothing can be corrected there in principle: that is told, and nothing of single columns.
    let mut app = under("guangdong-technical", "enter");
    let painted = screen(&app);
    assert!(painted.contains("GD-52：原则上不受理证书信息修改") && !painted.contains("只能更正"), "{painted}");
    // A letter ends nothing that is being filled in.
    assert!(press(&mut app, "q").is_empty() && !painted.contains("q 退出"), "{painted}");
    assert_eq!(app.place(), Place::Choose);
    let app = under("beijing", "enter");
    let Some(Overlay::Choose(columns)) = app.overlays.open() else { panic!("no choice") };
    let listed: Vec<&str> = columns.options().iter().map(|(column, _)| column.as_str()).collect();
    assert_eq!(listed, ["name", "id-number", "photo"]);
    assert!(screen(&app).contains("BJ-24"), "{}", screen(&app));
}

#[test]
fn a_corrected_value_is_checked_at_its_field() {
    let mut app = under("beijing", "enter down enter");
    let masked = crate::support::fake_ledger::certificate(0).holder.masked().id_number;
    assert!(line_of(&app, "│ > ").contains(&masked), "as in the list behind it:\n{}", screen(&app));
    press(&mut app, "enter");
    assert!(screen(&app).contains(app.locale.text("status.answer-needed")), "{}", screen(&app));
    press(&mut app, "'11010519491231002' enter");
    assert!(line_of(&app, "│   ! ").contains("D03"), "{}", screen(&app));
    press(&mut app, "'X'");
    assert!(!screen(&app).contains("D03"), "gone once it is mended:\n{}", screen(&app));
    press(&mut app, "enter");
    assert!(line_of(&app, "│ > ").contains("2026-11-21"), "{}", screen(&app));
}

/// Gives how far an answer is from the one that is proposed.
fn chosen_place(app: &App, answer: &str) -> usize {
    let Some(Overlay::Choose(choose)) = app.overlays.open() else { panic!("no choice") };
    choose.options().iter().position(|(key, _)| key == answer).expect("an answer") - choose.at()
}

/// The lines of the screen that name a field, without the frame.
fn line_of(app: &App, label: &str) -> String {
    let painted = screen(app);
    let found = painted.lines().find(|line| line.starts_with('│') && line.contains(label));
    found.unwrap_or_else(|| panic!("no {label}:\n{painted}")).to_string()
}

#[test]
fn a_form_shows_all_its_fields_and_is_gone_through_both_ways() {
    let mut app = small("2 c enter enter");
    assert_eq!(app.place(), Place::Prompt);
    for key in ["column", "value", "applied", "reason"] {
        let key = format!("ui.ledger.label.{key}");
        let label = app.locale.text(&key);
        assert!(screen(&app).contains(label), "{label}:\n{}", screen(&app));
    }
    press(&mut app, "'章伟' down");
    assert!(line_of(&app, "│ > ").contains("2026-11-21"), "{}", screen(&app));
    assert!(screen(&app).contains("章伟"), "what was answered stays in sight:\n{}", screen(&app));
    press(&mut app, "up");
    assert!(line_of(&app, "│ > ").contains("章伟"), "{}", screen(&app));
    // At the first field that is typed there may be a list before it; at the first of all nothing is before.
    let mut app = small("2 down v");
    press(&mut app, "up");
    assert_eq!(app.place(), Place::Prompt, "it is not left by going up");
}

#[test]
fn a_fault_stands_at_its_field_until_it_is_mended() {
    let mut app = small("2 down down s enter ctrl-u '2026-02-30' enter");
    let fault = app.locale.text("status.no-day").to_string();
    let painted = screen(&app);
    let lines: Vec<&str> = painted.lines().collect();
    let here = lines.iter().position(|line| line.starts_with("│ > ")).expect("a field");
    assert!(lines[here].contains("2026-02-30"), "{painted}");
    assert!(lines[here + 1].contains(&fault), "{painted}");
    press(&mut app, "backspace");
    assert!(!screen(&app).contains(&fault), "{}", screen(&app));
    assert_eq!(app.status.text, "");
}

#[test]
fn what_is_proposed_gives_way_to_what_is_typed_and_is_kept_by_a_move() {
    let day = |keys: &str| {
        let mut app = small("2 down down s enter");
        assert!(app.line_question.as_ref().is_some_and(|ask| ask.prompt.is_chosen()), "shown as what gives way");
        press(&mut app, keys);
        app.line_question.map(|ask| ask.prompt.text().to_string())
    };
    assert_eq!(day("'2026-11-20'").as_deref(), Some("2026-11-20"));
    assert_eq!(day("backspace '0'").as_deref(), Some("2026-11-20"));
    assert_eq!(day("end left delete '0'").as_deref(), Some("2026-11-20"));
    // Nor is what was accepted as it stood the user's own text; what was typed is gone on with.
    assert_eq!(day("enter shift-tab '2026-11-20'").as_deref(), Some("2026-11-20"));
    assert_eq!(day("'2026-11-1' esc s '9'").as_deref(), Some("2026-11-19"));
}

#[test]
fn a_question_before_a_deed_says_in_two_columns_what_becomes_of_what() {
    let mut app = small("2 down down s enter");
    press(&mut app, "enter '补报' enter");
    let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
    let (from, to) = (app.locale.status(Status::Exported), app.locale.status(Status::Submitted));
    let facts: Vec<_> = asked.facts().iter().map(|fact| (fact.from.as_deref(), fact.to.as_str())).collect();
    assert_eq!(facts[1..], [(Some(from), to), (None, "2026-11-21"), (None, "补报")]);
    let painted = screen(&app);
    assert!(painted.contains(&format!("{from} -> {to}")), "{painted}");
    assert!(!asked.question().contains('；'), "no paragraph: {}", asked.question());
    // Each in a line of its own, and all values begin in the same column.
    let at = |text: &str| painted.lines().find_map(|line| line.find(text)).expect("a line");
    let columns = |text: &str| painted.lines().find(|l| l.contains(text)).map(|l| l[..at(text)].chars().count());
    assert!(columns("2026-11-21").is_some() && columns("补报").is_some(), "{painted}");
}

#[test]
fn all_that_a_search_finds_is_marked_at_once() {
    let mut app = small("2 / 'S000062010001242J0000' enter S");
    let Some(Overlay::Choose(choose)) = app.overlays.open() else { panic!("no choice") };
    let keys: Vec<&str> = choose.options().iter().map(|(key, _)| key.as_str()).collect();
    // What nobody in the list may become is not offered, and what undoes is the last.
    assert_eq!(keys, ["submitted", "accepted", "published", "returned"]);
    assert!(screen(&app).contains("已公布（12 张）"), "{}", screen(&app));
    let at = keys.iter().position(|key| *key == "submitted").expect("a status");
    press(&mut app, &format!("{}enter enter '重新上报' enter", "down ".repeat(at)));
    let wanted = LedgerAct::MarkFound {
        text: "S000062010001242J0000".into(),
        status: Status::Submitted,
        on: day("2026-11-21").expect("a day"),
        reason: "重新上报".into(),
        insists: false,
    };
    let effects = press(&mut app, "y");
    assert_eq!(acts(&effects), [wanted]);
    // A list by the status of before does not have them any more: where they are is told.
    Fake::small().serve(&mut app, effects);
    assert!(app.status.text.contains("现在是“已上报”，查找“已上报”可看到"), "{}", app.status.text);
    assert!(screen(&small("2")).contains("S 标记列出的"), "{}", screen(&small("2")));
}

#[test]
fn what_is_known_of_a_prefix_is_filled_in_and_one_that_is_pasted_whole_is_taken() {
    for typed in ["010077", "S000062010077"] {
        let mut app = small("5 a enter");
        assert!(line_of(&app, "│ > ").contains("S000062"), "{}", screen(&app));
        press(&mut app, &format!("'{typed}' enter"));
        assert_eq!(app.form_fields()[1].fact.to, "S000062010077", "{typed}");
    }
    // Where a notice leaves the first places open, it is told what they are.
    let mut app = small("5 a");
    let at = chosen_place(&app, "beijing");
    press(&mut app, &format!("{}enter", "down ".repeat(at)));
    assert!(screen(&app).contains("Y/S 评价机构类别代码、4 位"), "{}", screen(&app));
}

#[test]
fn what_is_marked_is_counted_before_and_told_where_the_list_is_empty_behind() {
    let mut app = small("2 / 'S000062010001242J0000' enter");
    let effects = unanswered(&mut app, "S");
    let (seq, request) = ask_of(&effects);
    let LedgerRequest::Bars { kind, subject, .. } = request else { panic!("{request:?}") };
    let takers = vec![(Status::Submitted, 40)];
    let bars = Bars { found: Some(40), takers, ..Bars::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(*kind, *subject, bars) });
    assert!(screen(&app).contains("列出的 40 张证书"), "{}", screen(&app));
    press(&mut app, "enter enter '上报' enter");
    let effects = press(&mut app, "y");
    Fake::small().serve(&mut app, effects);
    // Nothing fits the search any more.
    let effects = app.update(Msg::StoreChanged);
    Fake::empty().serve(&mut app, effects);
    assert!(screen(&app).contains("不再符合这次查找"), "{}", screen(&app));
    press(&mut app, "/ 'x'");
    assert!(!screen(&app).contains("不再符合这次查找"), "{}", screen(&app));
}

#[test]
fn the_first_letter_takes_the_place_of_what_was_searched_for() {
    let text = |keys: &str| small(keys).ledger.lists().certificates.search.text().to_string();
    assert_eq!(text("2 / 'S0000' enter / 'Y'"), "Y");
    assert_eq!(text("2 / 'S0000' enter / end '6'"), "S00006");
}

#[test]
fn enter_is_offered_where_it_opens_something() {
    let mut app = small("2 enter");
    assert!(!screen(&app).contains("Enter 打开"), "a line of its life:\n{}", screen(&app));
    press(&mut app, "enter");
    assert_eq!(app.status.text, app.locale.text("status.nothing-behind"));
    press(&mut app, "G");
    assert!(screen(&app).contains("Enter 打开"), "its case:\n{}", screen(&app));
}

#[test]
fn what_a_notice_asks_for_is_named_at_its_field_and_not_left_empty() {
    let mut app = under("guangdong-technical", "down down enter");
    for field in ["宣布无效的机关", "取消待遇日期"] {
        let painted = screen(&app);
        if painted.contains("可空") {
            continue;
        }
        assert!(line_of(&app, "│ > ").contains(field), "{painted}");
        press(&mut app, "enter");
        assert!(line_of(&app, "│   ! ").contains("须"), "{}", screen(&app));
        press(&mut app, if field.contains("日期") { "'2026-11-01' enter" } else { "'省厅' enter" });
    }
    // Where no notice asks for it, it may be empty, and that is said.
    assert!(screen(&small("2 c down down enter")).contains("可空"));
    // The authority is asked for by one notice at least, else this tells nothing.
    let demanded = context_under("guangdong-technical").profile().revocation.authority;
    assert!(demanded && !screen(&under("guangdong-technical", "down down enter")).contains("可空"));
}

#[test]
fn an_approval_before_the_application_is_refused_at_its_field() {
    let mut app = small("3 down a '文号' enter '2026-11-20' enter");
    assert!(line_of(&app, "│   ! ").contains("批准日期早于申请日期"), "{}", screen(&app));
    press(&mut app, "ctrl-u '2026-11-21' enter");
    assert_eq!(app.place(), Place::Confirm);
}

#[test]
fn what_would_be_refused_leads_to_the_field_it_is_about() {
    let refused = |why: WhyCaseRefused| RefusedAct {
        question: FormQuestion::of_refusal(&why),
        why: Failure::new(FailureKind::Rule, "早了", ""),
    };
    let before = || WhyCaseRefused::Before(Day::Application, Day::Benefits);
    let keys = "down down enter '省厅' enter '2026-11-01' enter enter '冒名' enter";
    // Before anybody is asked whether all is right.
    let mut app = small("2 c");
    let effects = unanswered(&mut app, keys);
    let (seq, _) = ask_of(&effects);
    let reached = Reached { refused: Some(refused(before())), ..Reached::default() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Reached(reached) });
    assert_eq!(app.place(), Place::Prompt);
    assert!(line_of(&app, "│ > ").contains("申请日期"), "{}", screen(&app));
    assert!(line_of(&app, "│   ! ").contains("早了"), "{}", screen(&app));
    // And after the yes, where it was done otherwise meanwhile; what is about no field leads to the last one.
    for (why, field) in [(before(), "申请日期"), (WhyCaseRefused::SentBack, "原因")] {
        let mut app = small("2 c");
        let effects = press(&mut app, &format!("{keys} y"));
        let (seq, _) = ask_of(&effects);
        app.update(Msg::Ledger { seq, answer: LedgerAnswer::Refused(refused(why)) });
        assert!(!app.overlays.is_open());
        assert!(line_of(&app, "│ > ").contains(field), "{}", screen(&app));
        assert!(line_of(&app, "│   ! ").contains("早了"), "{}", screen(&app));
        // What was answered behind it is still there.
        assert_eq!(
            acts(&press(&mut app, &format!("{} y", if field == "原因" { "enter" } else { "enter enter" }))).len(),
            1
        );
    }
}

#[test]
fn each_form_that_is_left_is_kept() {
    let mut app = small("2 down v");
    press(&mut app, "'印坏' esc down s enter esc");
    press(&mut app, "up v");
    assert_eq!(app.line_question.as_ref().map(|ask| ask.prompt.text()), Some("印坏"), "{}", screen(&app));
    press(&mut app, "esc down s");
    assert_eq!(app.place(), Place::Prompt, "the status is answered already:\n{}", screen(&app));
}

#[test]
fn opening_a_case_is_not_told_as_what_it_asks_for() {
    let keys = "down down enter '省厅' enter '2026-11-01' enter enter '冒名' enter";
    let needs = |profile| CaseKind::Revoke.needs_approval(context_under(profile).profile());
    for profile in ["guangdong-technical", "beijing"] {
        let app = under(profile, keys);
        let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked:\n{}", screen(&app)) };
        assert!(asked.question().starts_with("立案：撤销"), "{}", asked.question());
        assert_eq!(asked.question().contains("待批准"), needs(profile), "{profile}: {}", asked.question());
    }
    let mut app = under("guangdong-technical", keys);
    let effects = press(&mut app, "y");
    Fake::small().serve(&mut app, effects);
    assert!(app.status.text.contains("已立案：个案 7"), "{}", app.status.text);
}

#[test]
fn a_day_is_read_in_any_form_that_can_be_one_day_only() {
    for typed in ["20261120", "2026.11.20", "2026/11/20", "2026年11月20日"] {
        let mut app = small("2 down down s enter");
        press(&mut app, &format!("ctrl-u '{typed}'"));
        assert!(screen(&app).contains("读作 2026-11-20"), "{typed}:\n{}", screen(&app));
        press(&mut app, "enter");
        assert_eq!(app.form_fields()[1].fact.to, "2026-11-20", "{typed}");
    }
    let mut app = small("2 down down s enter ctrl-u '11/10/2026' enter");
    assert_eq!(app.status.text, app.locale.text("status.no-day"));
    press(&mut app, "ctrl-u '20261135' enter");
    assert_eq!(app.status.text, app.locale.text("status.no-day"));
}

#[test]
fn keys_that_can_do_nothing_are_not_offered() {
    let offered = |keys: &str, what: &str| {
        let painted = screen(&small(keys));
        painted.lines().last().is_some_and(|line| line.contains(what))
    };
    // Newest first: 6 approved, 5 open, 4 refused.
    assert!(!offered("3", "a 批准") && offered("3", "c 办结"));
    assert!(offered("3 down", "a 批准") && !offered("3 down", "c 办结"));
    let closed = "3 down down";
    assert!(!offered(closed, "a 批准") && !offered(closed, "c 办结") && !offered(closed, "x 不予办理"));
    // The fifth certificate is void, the third exported.
    assert!(offered("2 down down", "s 标记") && !offered("2 down down down down", "s 标记 "));
}

#[test]
fn a_list_that_a_key_asked_for_is_answered_at_once() {
    let mut app = small("2");
    let time = |app: &mut App, ms| drop(app.update(Msg::Time(std::time::Duration::from_millis(ms))));
    time(&mut app, 5_000);
    let effects = unanswered(&mut app, "c");
    time(&mut app, 5_040);
    Fake::small().serve(&mut app, effects);
    time(&mut app, 5_450);
    press(&mut app, "enter");
    assert_ne!(app.status.text, app.locale.text("status.too-early"));
    assert!(screen(&app).contains("更正项"), "{}", screen(&app));
    // One that comes long after is a surprise.
    let mut app = small("2");
    time(&mut app, 5_000);
    let effects = unanswered(&mut app, "c");
    time(&mut app, 9_000);
    Fake::small().serve(&mut app, effects);
    press(&mut app, "enter");
    assert_eq!(app.status.text, app.locale.text("status.too-early"));
}
