//! The ledger pane: what is asked of the store, what becomes of its answers, and what is asked of the user.

mod allocate;

use std::sync::Arc;

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{
    LedgerAct, LedgerAnswer, LedgerRequest, ListPage, PAGE, RequestKind, SeriesLine,
};
use skillcert::app::ledger::{OpenPage, Tab};
use skillcert::app::msg::{Effect, Msg, ReadEnd};
use skillcert::app::overlay::Overlay;
use skillcert::app::{App, Screen};
use skillcert::domain::ledger::case::{Application, Approval, CaseId, CaseRequest, Item, NewValue, ReissueCause};
use skillcert::domain::ledger::{SeriesKey, SeriesState, Status};
use skillcert::domain::level::Level;
use skillcert::domain::profile::Profile;
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use super::{app, labels, new_app, opened, press, rows, three};
use crate::support::fake_ledger::{Fake, acts, certificate, code, day, key};

/// The pane over a roster, every ask answered.
pub fn pane(lang: Lang, size: (u16, u16), fake: Fake, keys: &str) -> App {
    let mut app = super::app_with(lang, size, &three());
    app.today = day("2026-11-21");
    serve(&mut app, fake, "L");
    if !keys.is_empty() {
        serve(&mut app, fake, keys);
    }
    app
}

fn small(keys: &str) -> App {
    pane(Lang::Zh, (80, 24), Fake::small(), keys)
}

/// Presses keys one by one and answers what they ask; gives the kinds of what was asked.
pub fn serve(app: &mut App, fake: Fake, keys: &str) -> Vec<RequestKind> {
    let mut slots = Vec::new();
    for key in keys.split(' ') {
        let effects = press(app, key);
        slots.extend(fake.serve(app, effects).iter().map(LedgerRequest::kind));
    }
    slots
}

fn ask_of(effects: &[Effect]) -> (u64, &LedgerRequest) {
    let asks: Vec<(u64, &LedgerRequest)> = effects
        .iter()
        .filter_map(|e| if let Effect::Ledger { seq, request: ask } = e { Some((*seq, ask)) } else { None })
        .collect();
    assert_eq!(asks.len(), 1, "{effects:?}");
    asks[0]
}

#[test]
fn it_opens_from_everywhere_and_leads_back() {
    let mut app = app();
    assert!(matches!(ask_of(&press(&mut app, "L")).1, LedgerRequest::Series));
    assert_eq!((app.screen, app.place()), (Screen::Ledger, Place::Series));
    press(&mut app, "esc");
    assert_eq!(app.screen, Screen::Roster);
    // Without a batch, from the file list: by key and by the palette.
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    app.update(Msg::NothingStored);
    press(&mut app, "ctrl-g");
    assert_eq!(app.place(), Place::Series);
    press(&mut app, "esc : '台账' enter");
    assert_eq!(app.place(), Place::Series);
    // Opening it twice does not lose the way back.
    press(&mut app, ": 'show-audit' enter esc");
    assert_eq!((app.screen, app.place()), (Screen::Import, Place::Browser));
}

#[test]
fn a_roster_that_arrives_meanwhile_waits_below() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(None, None);
    press(&mut app, "ctrl-g");
    app.update(opened(&labels(), Some(String::new())));
    let msg = rows(&app, &three());
    app.update(msg);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert_eq!(app.screen, Screen::Ledger);
    press(&mut app, "esc");
    assert_eq!((app.screen, app.place()), (Screen::Roster, Place::Grid));
}

#[test]
fn tabs_ask_for_what_they_show_and_only_once() {
    let mut app = small("");
    let fake = Fake::small();
    for (keys, tab, asked) in [
        ("2", Tab::Certificates, vec![RequestKind::Certificates]),
        ("3", Tab::Cases, vec![RequestKind::Cases]),
        ("4", Tab::Audit, vec![RequestKind::Audit]),
        ("5", Tab::Institutions, vec![RequestKind::Institutions]),
        ("tab", Tab::Series, vec![]),
        ("tab", Tab::Certificates, vec![]),
        ("shift-tab", Tab::Series, vec![]),
        ("shift-tab", Tab::Institutions, vec![]),
        ("2", Tab::Certificates, vec![]),
    ] {
        assert_eq!(serve(&mut app, fake, keys), asked, "{keys}");
        assert_eq!(app.ledger.tab(), tab, "{keys}");
    }
    // On demand everything on screen is read again, the rest when it is looked at.
    assert_eq!(serve(&mut app, fake, "R"), [RequestKind::Certificates]);
    assert_eq!(serve(&mut app, fake, "4"), [RequestKind::Audit]);
}

#[test]
fn an_empty_ledger_is_asked_once_and_has_nothing_to_open() {
    let fake = Fake::empty();
    let mut app = pane(Lang::Zh, (80, 24), fake, "");
    for keys in ["1", "2", "3", "4", "5"] {
        let asked = serve(&mut app, fake, keys);
        assert_eq!(asked.len(), usize::from(keys != "1"), "{keys}");
        assert!(serve(&mut app, fake, "down pgdn G enter").is_empty());
        assert_eq!((app.ledger.content().count(), app.ledger.pages().len()), (0, 0));
        assert_eq!(app.status.text, app.locale.text("status.nothing-chosen"));
    }
    for keys in ["1 r", "2 v", "2 s", "2 c", "2 m", "2 ctrl-y", "3 a", "3 c", "3 x"] {
        assert!(serve(&mut app, fake, keys).is_empty(), "{keys}");
        assert!(app.line_question.is_none() && !app.overlays.is_open(), "{keys}");
    }
}

#[test]
fn five_million_certificates_are_never_held() {
    let fake = Fake { certificates: 5_000_000, ..Fake::small() };
    let mut app = pane(Lang::Zh, (200, 50), fake, "2");
    for keys in std::iter::repeat_n("pgdn", 300).chain(std::iter::repeat_n("G", 100)) {
        serve(&mut app, fake, keys);
        let list = &app.ledger.lists().certificates.found;
        assert!(list.held() <= 5 * PAGE, "{}", list.held());
        let shown = list.current().map(|c| c.code);
        assert!(shown.is_none_or(|c| c == code(list.at)), "{} {shown:?}", list.at);
    }
    assert!(10_000 < app.ledger.lists().certificates.found.at);
    serve(&mut app, fake, "up");
    assert_eq!(
        app.ledger.lists().certificates.found.current().map(|c| c.code),
        Some(code(app.ledger.lists().certificates.found.at))
    );
    // Back at the beginning it is asked for again, and from there on as before.
    assert_eq!(serve(&mut app, fake, "g g"), [RequestKind::Certificates]);
    assert_eq!(app.ledger.lists().certificates.found.current().map(|c| c.code), Some(code(0)));
    serve(&mut app, fake, "enter");
    assert_eq!(app.place(), Place::CertificatePage);
    assert_eq!(serve(&mut app, fake, "esc"), []);
}

#[test]
fn only_the_answer_to_what_is_typed_now_counts() {
    let mut app = small("2 /");
    assert_eq!(app.place(), Place::Find);
    let first = press(&mut app, "S");
    let second = press(&mut app, "'000062010001242J00007'");
    let ((old, old_ask), (new, new_ask)) = (ask_of(&first), ask_of(&second));
    let LedgerRequest::Certificates { query, .. } = new_ask else { panic!("{new_ask:?}") };
    assert_eq!((query.text.as_str(), &query.series), ("S000062010001242J00007", &None));
    let fake = Fake::small();
    assert!(app.update(Msg::Ledger { seq: new, answer: fake.answer(new_ask) }).is_empty());
    assert_eq!(app.ledger.lists().certificates.found.known(), (1, false));
    app.update(Msg::Ledger { seq: old, answer: fake.answer(old_ask) });
    assert_eq!(app.ledger.lists().certificates.found.known(), (1, false), "an answer that is out of date");
    // Nor does an answer come twice, nor one that was never asked for.
    app.update(Msg::Ledger { seq: new, answer: LedgerAnswer::Certificates(ListPage { rows: Vec::new(), next: None }) });
    app.update(Msg::Ledger { seq: 999, answer: LedgerAnswer::Series(Vec::new()) });
    assert_eq!(
        (app.ledger.lists().certificates.found.known(), app.ledger.lists().series.lines.lines().len()),
        ((1, false), 1)
    );
    // The arrows move among what was found while it is typed; Enter keeps it, Escape lets all be listed again.
    serve(&mut app, fake, "backspace down enter");
    assert_eq!((app.place(), app.ledger.lists().certificates.found.at), (Place::Certificates, 1));
    assert_eq!(app.ledger.lists().certificates.found.known().0, 9);
    serve(&mut app, fake, "esc");
    assert_eq!((app.screen, app.ledger.lists().certificates.found.known()), (Screen::Ledger, (PAGE, true)));
    press(&mut app, "esc");
    assert_eq!(app.screen, Screen::Roster);
}

#[test]
fn what_could_not_be_read_is_not_asked_for_ever() {
    let mut app = app();
    let seq = ask_of(&press(&mut app, "L")).0;
    let failure = Failure::new(FailureKind::Store, "坏了", "");
    assert!(app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) }).is_empty());
    assert!(app.status.is_bad && app.status.text.contains("坏了") && app.ledger.has_failed());
    assert!(press(&mut app, "down").is_empty());
    assert!(matches!(ask_of(&press(&mut app, "R")).1, LedgerRequest::Series));
}

#[test]
fn somebody_elses_change_is_read_and_the_cursor_stays_on_its_line() {
    let mut app = small("4 down down");
    let mut fake = Fake::small();
    assert_eq!(app.ledger.lists().audit.entries.current().map(|l| l.entry.seq), Some(128));
    fake.newer = 3;
    let effects = app.update(Msg::StoreChanged);
    assert_eq!(fake.serve(&mut app, effects).len(), 1);
    assert_eq!(
        (app.ledger.lists().audit.entries.at, app.ledger.lists().audit.entries.current().map(|l| l.entry.seq)),
        (5, Some(128))
    );
    // What was on its way told of before the change.
    let old = press(&mut app, "R");
    let new = app.update(Msg::StoreChanged);
    let answer = |effects: &[Effect]| (ask_of(effects).0, Fake { newer: 0, ..fake }.answer(ask_of(effects).1));
    let (seq, answer) = answer(&old);
    assert!(app.update(Msg::Ledger { seq, answer }).is_empty());
    assert_eq!(app.ledger.lists().audit.entries.get(0).map(|l| l.entry.seq), Some(133));
    fake.serve(&mut app, new);
    // A page is read again as well; nothing is, while the pane is not on screen.
    serve(&mut app, fake, "2 enter");
    let effects = app.update(Msg::StoreChanged);
    assert_eq!(
        fake.serve(&mut app, effects).iter().map(LedgerRequest::kind).collect::<Vec<_>>(),
        [RequestKind::Certificate]
    );
    press(&mut app, "esc esc");
    assert!(app.update(Msg::StoreChanged).is_empty());
    assert_eq!(serve(&mut app, fake, "L"), [RequestKind::Certificates]);
}

#[test]
fn a_series_leads_to_its_certificates_and_they_to_their_cases() {
    let mut app = small("");
    let fake = Fake::small();
    assert_eq!(serve(&mut app, fake, "enter"), [RequestKind::Gaps, RequestKind::OfSeries]);
    let Some(OpenPage::Series(page)) = app.ledger.pages().last() else { panic!("no page") };
    assert_eq!((page.gaps.lines().len(), page.certificates.known()), (3, (PAGE, true)));
    assert_eq!(serve(&mut app, fake, "enter"), [RequestKind::Certificate]);
    assert_eq!(serve(&mut app, fake, "G enter"), [RequestKind::Case]);
    assert_eq!((app.place(), app.ledger.pages().len()), (Place::CasePage, 3));
    // Its certificate is the page it came from.
    assert_eq!(serve(&mut app, fake, "enter"), []);
    assert_eq!((app.place(), app.ledger.pages().len()), (Place::CertificatePage, 2));
    serve(&mut app, fake, "esc esc");
    assert_eq!((app.place(), app.screen), (Place::Series, Screen::Ledger));
    for (keys, place) in [("4 enter", Place::DetailPage), ("5 enter", Place::DetailPage), ("3 enter", Place::CasePage)]
    {
        serve(&mut app, fake, keys);
        assert_eq!(app.place(), place, "{keys}");
        serve(&mut app, fake, "down up pgdn G");
        assert!(app.ledger.content().at() < app.ledger.content().count(), "{keys}");
    }
    // A tab's number leads out of a page.
    serve(&mut app, fake, "1");
    assert_eq!((app.place(), app.ledger.pages().len()), (Place::Series, 0));
}

#[test]
fn one_row_is_unmasked_and_only_while_it_is_in_hand() {
    let mut app = small("2 down");
    let fake = Fake::small();
    let masked = app.ledger.content().certificate().expect("in hand").holder.name.clone();
    assert!(masked.contains('*'));
    assert_eq!(serve(&mut app, fake, "m"), [RequestKind::Unmask]);
    let shown = |app: &App| app.ledger.shown(app.ledger.content().certificate().expect("in hand")).holder.name.clone();
    assert_eq!(shown(&app), certificate(1).holder.name);
    serve(&mut app, fake, "down");
    assert!(shown(&app).contains('*') && app.ledger.unmasked().is_none());
    // What comes when the cursor has moved on is not shown either.
    let effects = press(&mut app, "m");
    press(&mut app, "up");
    fake.serve(&mut app, effects);
    assert!(app.ledger.unmasked().is_none() && shown(&app).contains('*'));
    // Twice masks again, without an entry; leaving the pane as well.
    serve(&mut app, fake, "m");
    assert_eq!(serve(&mut app, fake, "m"), []);
    assert!(app.ledger.unmasked().is_none());
    serve(&mut app, fake, "m esc");
    assert!(app.ledger.unmasked().is_none());
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
    let question = asked.question();
    assert!(question.contains(code(1).as_str()) && question.contains("印坏"), "{question}");
    assert!(press(&mut app, "enter").is_empty());
    let effects = press(&mut app, "y");
    assert_eq!(acts(&effects), [LedgerAct::Void { code: code(1), reason: "印坏".into() }]);
    // Once it is done the page is read again.
    let asks = Fake::small().serve(&mut app, effects);
    assert_eq!(asks.iter().map(LedgerRequest::kind).collect::<Vec<_>>(), [RequestKind::Do, RequestKind::Certificate]);
    assert!(app.status.text.contains("131") && !app.status.is_bad);
    // Leaving the first question leaves all; `y` of another question does nothing.
    for leave in ["v esc", "v '印坏' enter esc esc", "s esc", "s enter esc esc", "c esc", "s : 'theme' enter"] {
        assert!(acts(&press(&mut app, leave)).is_empty());
        assert!(app.ledger.form().is_none() && !app.overlays.is_open() && app.line_question.is_none(), "{leave}");
        assert_eq!(app.place(), Place::CertificatePage);
    }
    // What the public can see is revoked, not void.
    let mut app = small("2 v");
    assert_eq!(
        (app.place(), app.status.text.as_str()),
        (Place::Certificates, app.locale.text("status.cannot-be-void"))
    );
    // The look-up over a question leaves the question.
    press(&mut app, "down v ctrl-t esc '印坏' enter");
    assert_eq!(acts(&press(&mut app, "y")).len(), 1);
}

#[test]
fn a_refusal_is_told_and_nothing_else_happens() {
    let mut app = small("2 down v");
    let effects = press(&mut app, "'印坏' enter y");
    let (seq, _) = ask_of(&effects);
    let failure = Failure::new(FailureKind::Store, "已经作废", "");
    assert!(app.update(Msg::Ledger { seq, answer: LedgerAnswer::Failed(failure) }).is_empty());
    assert!(app.status.is_bad && app.status.text.contains("已经作废"));
    // The same may be tried again, and what was typed changed before; Enter alone still does nothing.
    assert_eq!(app.place(), Place::Confirm);
    assert!(acts(&press(&mut app, "enter")).is_empty());
    let effects = press(&mut app, "esc '了' enter y");
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
fn escape_goes_one_question_back_and_nothing_typed_is_lost() {
    // A mark: status, day, reason.
    let mut app = small("2 down down s down enter");
    press(&mut app, "ctrl-u '2026-11-20' enter '照片' esc");
    assert_eq!(typed(&app), "2026-11-20");
    press(&mut app, "esc");
    assert_eq!(chosen(&app), "submitted");
    // Forth again every answer is there, that which was being typed as well.
    press(&mut app, "enter");
    assert_eq!(typed(&app), "2026-11-20");
    press(&mut app, "enter");
    assert_eq!(typed(&app), "照片");
    press(&mut app, "enter");
    assert!(matches!(&acts(&press(&mut app, "y"))[..], [LedgerAct::Mark { reason, .. }] if reason == "照片"));
    // A question that was passed over is passed over backwards; a photo has no value.
    // The help over a question goes and leaves it.
    let mut app = small("2 c enter ? esc G enter esc");
    assert_eq!(chosen(&app), Item::Photo.key());
    // Before the first question about a case comes the one of which kind it is.
    press(&mut app, "esc");
    assert_eq!(chosen(&app), "correct");
    press(&mut app, "esc");
    assert!(app.ledger.form().is_none() && !app.overlays.is_open());
}

#[test]
fn a_status_is_one_that_may_come_next() {
    let options = |app: &App| -> Vec<String> {
        let Some(Overlay::Choose(choose)) = app.overlays.open() else { panic!("no choice") };
        choose.options().iter().map(|(key, _)| key.clone()).collect()
    };
    // The first certificates are published, allocated, exported, returned, void, accepted.
    for (down, expected) in
        [(1, vec!["exported"]), (2, vec!["exported", "submitted", "returned"]), (5, vec!["returned", "published"])]
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
    let mut app = small("2 down down s down enter");
    assert_eq!(app.line_question.as_ref().map(|a| a.prompt.text()), Some("2026-11-21"));
    press(&mut app, "ctrl-u '2026-02-30' enter");
    assert_eq!(app.status.text, app.locale.text("status.no-day"));
    press(&mut app, "ctrl-u '2026-11-20' enter enter");
    let deed = LedgerAct::Mark {
        code: code(2),
        status: Status::Submitted,
        on: day("2026-11-20").expect("day"),
        reason: String::new(),
    };
    assert_eq!(acts(&press(&mut app, "y")), [deed]);
    let mut app = small("2 down down s down down enter enter enter");
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
    let reissue = CaseRequest::Reissue { cause: ReissueCause::Damaged, on: day("2026-11-20").expect("day"), papers };
    let keys = "down enter down enter '身份证；申请表' enter enter ctrl-u '2026-11-20' enter '录入有误' enter y";
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
    let mut app = small("3 x '材料不全' enter");
    assert_eq!(acts(&press(&mut app, "y")), [LedgerAct::Refuse { case: CaseId(6), reason: "材料不全".into() }]);
    for keys in ["3 a", "3 down c", "3 down down x", "3 down down a", "3 down down down c"] {
        let app = small(keys);
        assert!(app.line_question.is_none(), "{keys}");
        assert_eq!(app.status.text, app.locale.text("status.case-not-there"), "{keys}");
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
    let text = include_str!("../../../data/profiles/gansu-competition.toml");
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
    let question = asked.question();
    assert!(question.contains("三级"), "{question}");
    let (year, level) = (Some(25), Level::new(3));
    let reserve = LedgerAct::Reserve { key, year, level, count: 5, reason: "纸质名单".into() };
    assert_eq!(acts(&press(&mut app, "y")), [reserve]);
}

#[test]
fn the_chain_is_verified_on_demand() {
    let mut app = small("4");
    let effects = press(&mut app, "v");
    assert_eq!(app.status.text, app.locale.text("status.verifying"));
    let (seq, ask) = ask_of(&effects);
    let LedgerAnswer::Verified(mut verified) = Fake::small().answer(ask) else { panic!("{ask:?}") };
    verified.problems = vec!["第 7 条的链值不符".into()];
    app.update(Msg::Ledger { seq, answer: LedgerAnswer::Verified(verified) });
    assert!(app.status.is_bad && app.ledger.lists().audit.verified.as_ref().is_some_and(|v| !v.problems.is_empty()));
    serve(&mut app, Fake::small(), "v");
    assert_eq!(app.status.text, app.locale.text("status.chain-whole"));
}

#[test]
fn a_code_is_copied_whole() {
    let mut app = small("2 down");
    let effects = press(&mut app, "ctrl-y");
    assert!(matches!(&effects[..], [Effect::Copy(text)] if text == code(1).as_str()));
    assert!(app.status.text.contains(code(1).as_str()));
}
