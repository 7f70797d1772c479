//! Forms of the ledger: all fields on one page, faults at their field, and what a yes does laid out in two columns.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::ledger::request::{Bars, LedgerAct, LedgerAnswer, LedgerRequest};
use skillcert::app::msg::Msg;
use skillcert::app::overlay::Overlay;
use skillcert::domain::ledger::Status;
use skillcert::domain::ledger::case::CaseRequest;

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
    assert!(line_of(&app, "│   ! ").contains(app.locale.text("status.answer-needed")), "{}", screen(&app));
    press(&mut app, "space space space down space");
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
    assert!(screen(&app).contains(&fault), "2026-02-3 is no day either");
    press(&mut app, "backspace '20'");
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
    assert_eq!(keys, Status::BY_HAND.map(Status::key));
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
    let bars = Bars { found: Some(40), ..Bars::default() };
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
