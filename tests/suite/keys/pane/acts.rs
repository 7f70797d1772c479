//! What the user has done in the ledger, question by question: numbers made void and reserved, statuses, cases.

use std::sync::Arc;

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{Bars, LedgerAct, LedgerAnswer, LedgerRequest, Reached, RequestKind, SeriesLine};
use skillcert::app::msg::{Effect, Msg};
use skillcert::app::overlay::{Fact, Overlay};
use skillcert::app::{App, Screen};
use skillcert::domain::ledger::case::{Application, Approval, CaseId, CaseRequest, Item, NewValue, ReissueCause};
use skillcert::domain::ledger::{SeriesKey, SeriesState, Status};
use skillcert::domain::level::Level;
use skillcert::domain::profile::Profile;
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::super::press as unanswered;
use super::{ask_of, pane, serve, small};
use crate::support::fake_ledger::{Fake, acts, code, day, key};

/// Presses keys; how far something reaches, and that nothing stands against it, is told at once. Gives what the outside must do besides.
pub fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut others = Vec::new();
    for key in keys.split(' ') {
        let (reaches, rest): (Vec<_>, Vec<_>) = unanswered(app, key).into_iter().partition(is_told);
        Fake::small().serve(app, reaches);
        others.extend(rest);
    }
    others
}

/// Tells whether something is asked beside what is done.
fn is_told(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Ledger { request: LedgerRequest::Reach(_) | LedgerRequest::Bars { .. } | LedgerRequest::Judge(_), .. }
    )
}

#[test]
fn a_number_is_made_void_only_with_a_reason_and_a_yes() {
    // The second certificate is allocated.
    let mut app = small("2 down enter v");
    assert_eq!(app.place(), Place::Prompt);
    press(&mut app, "enter");
    assert_eq!((app.place(), app.status.text.as_str()), (Place::Prompt, app.locale.text("status.answer-needed")));
    press(&mut app, "'印坏' enter");
    let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
    let (question, facts) = (asked.question(), asked.facts());
    assert!(
        question.contains(code(1).as_str()) && facts[0].to == "张*伟" && facts[1].to == "印坏",
        "{question} {facts:?}"
    );
    assert!(press(&mut app, "enter").is_empty());
    let effects = press(&mut app, "y");
    assert_eq!(acts(&effects), [LedgerAct::Void { code: code(1), reason: "印坏".into() }]);
    // Once it is done the page is read again.
    let asks = Fake::small().serve(&mut app, effects);
    assert_eq!(asks.iter().map(LedgerRequest::kind).collect::<Vec<_>>(), [RequestKind::Do, RequestKind::Certificate]);
    assert!(app.status.text.contains("131") && !app.status.is_bad);
    // Leaving the first question leaves all; `y` of another question does nothing.
    for leave in ["v esc", "v '印坏' enter esc esc", "s esc", "s enter esc", "c esc", "s shift-tab : 'theme' enter"] {
        assert!(acts(&press(&mut app, leave)).is_empty());
        assert!(app.ledger.form().is_none() && !app.overlays.is_open() && app.line_question.is_none(), "{leave}");
        assert_eq!(app.place(), Place::CertificatePage);
    }
    // What the public can see is revoked, not void.
    let mut app = small("2 v");
    assert_eq!(app.place(), Place::Certificates);
    assert!(app.status.is_bad && app.status.text.contains("不能作废：立案撤销"), "{}", app.status.text);
    // The look-up over a question leaves the question.
    press(&mut app, "down v ctrl-t esc '印坏' enter");
    assert_eq!(acts(&press(&mut app, "y")).len(), 1);
}

#[test]
fn the_question_says_how_far_it_reaches() {
    let mut app = small("2 down v");
    let effects = unanswered(&mut app, "'印坏' enter");
    let (seq, LedgerRequest::Reach(act)) = ask_of(&effects) else { panic!("{effects:?}") };
    assert_eq!(*act, LedgerAct::Void { code: code(1), reason: "印坏".into() });
    let fact = |what: &str, from: &str, to: &str| Fact { what: what.into(), from: Some(from.into()), to: to.into() };
    let facts = vec![fact("新状态", "已导出", "作废"), fact("原因", "", "印坏了")];
    let warning = "其中 1 张已导出或已报送。".to_string();
    assert!(
        app.update(Msg::Ledger { seq, answer: LedgerAnswer::Reached(Reached { facts, warning, refused: None }) })
            .is_empty()
    );
    let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
    // What is found out stands in the table, in place of what was only answered; the sentence is not told twice.
    let told: Vec<String> = asked.facts().iter().map(Fact::told).collect();
    assert_eq!(told, ["已导出 -> 作废", " -> 印坏了", "张*伟"]);
    let question = asked.question();
    assert!(question.starts_with("其中 1 张") && question.matches(code(1).as_str()).count() == 1, "{question}");
    // What comes when something else is asked says nothing there.
    let effects = unanswered(&mut app, "esc enter");
    let (seq, _) = ask_of(&effects);
    press(&mut app, "esc");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Reached(Reached::default()) });
    assert!(!app.overlays.is_open());
}

#[test]
fn nothing_is_done_before_it_is_told_how_far_it_reaches() {
    let mut app = small("2 down v");
    let effects = unanswered(&mut app, "'印坏' enter");
    let (seq, _) = ask_of(&effects);
    let awaited = app.locale.text("status.reach-awaited").to_string();
    for keys in ["y", "enter", "right enter"] {
        assert!(unanswered(&mut app, keys).is_empty(), "{keys}");
        let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("{keys}: not asked") };
        assert_eq!(asked.question(), awaited, "{keys}");
        assert!(app.is_busy() && !app.status.text.is_empty(), "{keys}");
    }
    unanswered(&mut app, "y");
    assert_eq!(app.status.text, awaited);
    // A yes that was chosen before it is told is none.
    unanswered(&mut app, "right");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Reached(Reached::default()) });
    assert!(unanswered(&mut app, "enter").is_empty() && !app.is_busy());
    assert_eq!(acts(&unanswered(&mut app, "y")), [LedgerAct::Void { code: code(1), reason: "印坏".into() }]);
    // Where it cannot be found out, the question before is there again.
    let mut app = small("2 down v");
    let effects = unanswered(&mut app, "'印坏' enter");
    let failure = Failure::new(FailureKind::Store, "正忙", "");
    app.update(Msg::Ledger { seq: ask_of(&effects).0, answer: LedgerAnswer::Failed(failure) });
    assert!(!app.overlays.is_open() && app.status.text.contains("正忙"), "{}", app.status.text);
    assert_eq!(typed(&app), "印坏");
    assert_eq!(acts(&press(&mut app, "enter y")).len(), 1);
}

#[test]
fn a_refusal_is_told_and_nothing_else_happens() {
    let mut app = small("2 down v");
    let effects = press(&mut app, "'印坏' enter y");
    let (seq, _) = ask_of(&effects);
    let failure = Failure::new(FailureKind::Store, "已经作废", "");
    let effects = app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) });
    assert!(effects.is_empty(), "{effects:?}");
    assert!(app.status.is_bad && app.status.text.contains("已经作废"));
    // Nobody is asked the same again: the last field is there, with the sentence.
    assert_eq!((app.place(), typed(&app)), (Place::Prompt, "印坏"));
    let effects = press(&mut app, "'了' enter y");
    assert_eq!(acts(&effects), [LedgerAct::Void { code: code(1), reason: "印坏了".into() }]);
    // Whoever is elsewhere when the refusal comes is asked nothing.
    press(&mut app, "esc");
    let failure = Failure::new(FailureKind::Store, "已经作废", "");
    app.update(Msg::Ledger { seq: ask_of(&effects).0, answer: LedgerAnswer::Failed(failure) });
    assert!(app.screen == Screen::Roster && !app.overlays.is_open() && app.ledger.form().is_none());
    // What is done is not asked for any more.
    let mut app = small("2 down v");
    serve(&mut app, Fake::small(), "'印坏' enter y");
    assert!(!app.overlays.is_open() && app.ledger.form().is_none());
}

/// The line that is being typed.
fn typed(app: &App) -> &str {
    app.line_question.as_ref().map_or("no question", |ask| ask.prompt.text())
}

/// What stands under the cursor of a list.
fn chosen(app: &App) -> &str {
    let Some(Overlay::Choose(choose)) = app.overlays.open() else { panic!("no choice") };
    &choose.options()[choose.at()].0
}

#[test]
fn escape_leaves_a_form_and_nothing_typed_is_lost() {
    // A mark: status, day, reason. Who is not sure is at the last field again.
    let mut app = small("2 down down s enter");
    press(&mut app, "ctrl-u '2026-11-20' enter '照片' enter esc");
    assert_eq!(typed(&app), "照片");
    // From the last field one key leads out, and what was filled in is there when the same is begun anew.
    press(&mut app, "esc");
    assert!(app.ledger.form().is_none() && !app.overlays.is_open() && app.line_question.is_none());
    assert_eq!((app.place(), app.status.text.as_str()), (Place::Certificates, app.locale.text("status.form-kept")));
    press(&mut app, "s");
    assert_eq!(typed(&app), "照片");
    // The field before has a key of its own, in lines and in lists.
    press(&mut app, "shift-tab");
    assert_eq!(typed(&app), "2026-11-20");
    press(&mut app, "shift-tab");
    assert_eq!(chosen(&app), "submitted");
    press(&mut app, "shift-tab");
    assert!(app.status.is_bad && chosen(&app) == "submitted", "there is none before the first");
    // Forth again every answer is there.
    press(&mut app, "tab tab enter");
    assert!(matches!(&acts(&press(&mut app, "y"))[..], [LedgerAct::Mark { reason, .. }] if reason == "照片"));
    // What was filled in for one certificate is not for another.
    press(&mut app, "down down down s");
    assert_eq!(chosen(&app), "published");
    // A form that nothing was typed into is left without a word.
    press(&mut app, "esc");
    assert!(app.status.text.is_empty(), "{}", app.status.text);
    // A question that was passed over is passed over backwards; a photo has no value.
    // The help over a question goes and leaves it.
    let mut app = small("2 c enter ? esc G enter shift-tab");
    assert_eq!(chosen(&app), Item::Photo.key());
    // Before the first question about a case comes the one of which kind it is.
    press(&mut app, "shift-tab");
    assert_eq!(chosen(&app), "correct");
    press(&mut app, "esc");
    assert!(app.ledger.form().is_none() && !app.overlays.is_open());
}

#[test]
fn what_stands_against_it_is_told_before_the_form() {
    let refused = || Bars { refused: Some(Failure::new(FailureKind::Rule, "不用立案", "")), ..Bars::default() };
    let barred = || Bars { choices: vec![("correct".into(), "同类的个案没有办结".into())], ..Bars::default() };
    let asked = |app: &mut App, keys: &str| {
        let effects = unanswered(app, keys);
        let (seq, request) = ask_of(&effects);
        let LedgerRequest::Bars { kind, subject, .. } = request else { panic!("{effects:?}") };
        assert!((!app.overlays.is_open() && app.line_question.is_none()), "nothing is asked before");
        (seq, *kind, *subject)
    };
    let mut app = small("2 down down");
    let (seq, kind, subject) = asked(&mut app, "c");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(kind, subject, refused()) });
    assert!((!app.overlays.is_open() && app.line_question.is_none()) && app.status.text.contains("不用立案"));
    // What cannot be chosen says why, and is not taken.
    let (seq, kind, subject) = asked(&mut app, "c");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(kind, subject, barred()) });
    assert_eq!(chosen(&app), "reissue");
    press(&mut app, "up enter");
    assert!(app.status.text.contains("没有办结") && chosen(&app) == "correct", "{}", app.status.text);
    press(&mut app, "esc");
    // Whoever went on to something else is asked nothing.
    let (seq, kind, subject) = asked(&mut app, "S");
    press(&mut app, "?");
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Barred(kind, subject, barred()) });
    assert!(app.ledger.form().is_none());
}

#[test]
fn a_day_that_cannot_be_is_told_at_its_field() {
    // The third certificate was exported on a day of its own.
    let mut app = small("2 down down s enter");
    for (day, key) in [("2026-11-22", "ledger.future"), ("2020-01-01", "ledger.before-status")] {
        press(&mut app, &format!("ctrl-u '{day}' enter"));
        let told = app.locale.text(key).split(['{', '}']).max_by_key(|part| part.len()).unwrap_or_default().to_string();
        assert!(app.status.is_bad && app.status.text.contains(told.trim()), "{day}: {}", app.status.text);
        assert_eq!(typed(&app), day);
    }
}

#[test]
fn a_status_is_one_that_may_come_next() {
    let options = |app: &App| -> Vec<String> {
        let Some(Overlay::Choose(choose)) = app.overlays.open() else { panic!("no choice") };
        choose.options().iter().map(|(key, _)| key.clone()).collect()
    };
    // The first certificates are published, allocated, exported, returned, void, accepted.
    for (down, expected) in
        [(1, vec!["exported"]), (2, vec!["submitted", "returned"]), (5, vec!["published", "returned"])]
    {
        let mut app = small("2");
        for _ in 0..down {
            press(&mut app, "down");
        }
        press(&mut app, "s");
        assert_eq!(options(&app), expected);
    }
    for down in ["2 s", "2 down down down down s"] {
        let app = small(down);
        assert_eq!(app.status.text, app.locale.text("status.no-next-status"));
    }
    // The day is today unless told otherwise; what is sent back needs a reason, the rest need none.
    let mut app = small("2 down down s enter");
    assert_eq!(app.line_question.as_ref().map(|a| a.prompt.text()), Some("2026-11-21"));
    press(&mut app, "ctrl-u '2026-02-30' enter");
    assert_eq!(app.status.text, app.locale.text("status.no-day"));
    press(&mut app, "ctrl-u '2026-11-20' enter enter");
    let deed = LedgerAct::Mark {
        code: code(2),
        status: Status::Submitted,
        on: day("2026-11-20").expect("day"),
        reason: String::new(),
        insists: false,
    };
    assert_eq!(acts(&press(&mut app, "y")), [deed]);
    let mut app = small("2 down down s down enter enter enter");
    assert_eq!(app.status.text, app.locale.text("status.answer-needed"));
    press(&mut app, "'照片不清楚' enter");
    assert!(matches!(&acts(&press(&mut app, "y"))[..], [LedgerAct::Mark { status: Status::Returned, .. }]));
}

#[test]
fn a_case_is_opened_question_by_question() {
    let opened = |keys: &str| {
        let mut app = small("2 c");
        let acts = acts(&press(&mut app, keys));
        let [LedgerAct::Open { code: of, application }] = &acts[..] else { panic!("{acts:?}") };
        let Application { request, applied_on, reason } = application;
        assert_eq!((*of, reason.as_str(), Some(*applied_on)), (code(0), "录入有误", day("2026-11-21")));
        request.clone()
    };
    let corrected = |item, to: &str| CaseRequest::Correct(vec![NewValue { item, to: to.into() }]);
    let name = opened("enter enter '章伟' enter enter '录入有误' enter y");
    assert!(name == corrected(Item::Field(Field::Name), "章伟"));
    let id = opened("enter down down enter '11010519491231002X' enter enter '录入有误' enter y");
    assert!(id == corrected(Item::Field(Field::IdNumber), "11010519491231002X"));
    // A photo has no new value to type.
    assert!(opened("enter G enter enter '录入有误' enter y") == corrected(Item::Photo, ""));
    let papers = vec!["身份证".to_string(), "申请表".to_string()];
    let reissue = CaseRequest::Reissue { cause: ReissueCause::Damaged, on: day("2026-11-21").expect("day"), papers };
    let keys = "down enter down enter '身份证；申请表' enter enter ctrl-u '2026-11-21' enter '录入有误' enter y";
    assert!(opened(keys) == reissue);
    let revoke = |benefits_cancelled_on| CaseRequest::Revoke { authority: "省厅".into(), benefits_cancelled_on };
    let keys = "down down enter '省厅' enter '2026-11-01' enter enter '录入有误' enter y";
    assert!(opened(keys) == revoke(day("2026-11-01")));
    assert!(opened("down down enter '省厅' enter enter enter '录入有误' enter y") == revoke(None));
    // A void number takes no case.
    let app = small("2 down down down down c");
    assert!(!app.overlays.is_open() && app.status.text == app.locale.text("status.no-case"));
}

#[test]
fn a_case_goes_forward_only() {
    // Newest first: 6 approved, 5 open, 4 refused, 3 closed, 2 approved, 1 open.
    let mut app = small("3 down a '京人社更〔2026〕13号' enter");
    assert_eq!(app.line_question.as_ref().map(|a| a.prompt.text()), Some("2026-11-21"));
    press(&mut app, "enter");
    let approval = Approval { reference: "京人社更〔2026〕13号".into(), on: day("2026-11-21").expect("day") };
    let approve = LedgerAct::Approve { case: CaseId(5), approval };
    assert_eq!(acts(&press(&mut app, "y")), [approve]);
    // The sixth is a revocation: it is asked when the paper was taken back. The second is none.
    for (keys, case, withdrawn_on) in [
        ("3 enter c '2026-11-19' enter '已办' enter", 6, day("2026-11-19")),
        ("3 enter c enter '已办' enter", 6, None),
        ("3 down down down down c '已办' enter", 2, None),
    ] {
        let mut app = small(keys);
        let close = LedgerAct::Close { case: CaseId(case), withdrawn_on, reason: "已办".into() };
        assert_eq!(acts(&press(&mut app, "y")), [close], "{keys}");
    }
    // What is agreed to is seen before: each field, what stands there and what is to.
    for (keys, first) in [
        ("3 down down down down down a '文号' enter enter", ("姓名", "张* -> 章*")),
        ("3 down down down down c '已办' enter", ("补（换）发日期", "2026-11-21")),
        ("3 down down down down down x '不符' enter", ("姓名", "张* -> 章*")),
    ] {
        let app = small(keys);
        let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked: {keys}") };
        let facts: Vec<_> = asked.facts().iter().map(|fact| (fact.what.as_str(), fact.to.as_str())).collect();
        assert_eq!(facts[1], first, "{keys}");
    }
    let mut app = small("3 x '材料不全' enter");
    assert_eq!(acts(&press(&mut app, "y")), [LedgerAct::Refuse { case: CaseId(6), reason: "材料不全".into() }]);
    for keys in ["3 a", "3 down c", "3 down down x", "3 down down a", "3 down down down c"] {
        let app = small(keys);
        assert!(app.line_question.is_none(), "{keys}");
        assert!(app.status.is_bad && app.status.text.starts_with("这个个案"), "{keys} {}", app.status.text);
    }
    // Only what is to be done is listed on demand.
    let app = small("3 f");
    assert_eq!(app.ledger.lists().cases.lines.known(), (4, false));
}

#[test]
fn no_more_is_reserved_than_is_left() {
    let mut app = small("r");
    for (typed, key) in [("x", "status.no-count"), ("0", "status.no-count"), ("99999", "status.more-than-left")] {
        press(&mut app, &format!("ctrl-u '{typed}' enter"));
        assert_eq!((app.place(), app.status.text.as_str()), (Place::Prompt, app.locale.text(key)), "{typed}");
    }
    press(&mut app, "ctrl-u '20' enter '纸质名单' enter");
    let reserve = LedgerAct::Reserve { key: key(0), year: None, level: None, count: 20, reason: "纸质名单".into() };
    assert_eq!(acts(&press(&mut app, "y")), [reserve]);
    let full = Fake { certificates: 99_999, ..Fake::small() };
    let app = pane(Lang::Zh, (80, 24), full, "r");
    assert!(app.line_question.is_none() && app.status.text == app.locale.text("status.series-full"));
}

/// A series over several levels has no level of its own: the codes that are reserved need one.
#[test]
fn what_a_series_leaves_open_is_asked_for() {
    let mut app = small("");
    let text = include_str!("../../../../data/profiles/gansu-competition.toml");
    let scope = text.replace("scope = [\"prefix\", \"year\", \"level\"]", "scope = [\"prefix\"]");
    let shared = Profile::parse(&scope).expect("a profile");
    let (key, _) = SeriesKey::of(&shared, code(0)).expect("a series");
    app.profiles = vec![Arc::new(shared)];
    let effects = press(&mut app, "R");
    let (seq, _) = ask_of(&effects);
    let state = SeriesState {
        key,
        profile: "gansu-competition".into(),
        first: 1,
        last: 99,
        high: 1,
        used: 1,
        reserved: 0,
        void: 0,
        gaps: 0,
    };
    let line = SeriesLine { state, institution: String::new() };
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Series(vec![line]) });
    press(&mut app, "r ctrl-u 'x' enter");
    assert_eq!(app.status.text, app.locale.text("status.no-year"));
    press(&mut app, "ctrl-u '2025' enter");
    press(&mut app, "down down enter '5' enter '纸质名单' enter");
    let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
    assert!(asked.facts().iter().any(|fact| fact.to.contains("三级")), "{:?}", asked.facts());
    let (year, level) = (Some(25), Level::new(3));
    let reserve = LedgerAct::Reserve { key, year, level, count: 5, reason: "纸质名单".into() };
    assert_eq!(acts(&press(&mut app, "y")), [reserve]);
}
