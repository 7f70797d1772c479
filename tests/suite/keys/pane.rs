//! The ledger pane: what is asked of the store, and what becomes of its answers.

mod acts;
mod allocate;
mod deadlines;
mod facts;
mod forms;
mod papers;
mod proof;
mod reply;
mod shares;
mod stock;
mod tabs;

use skillcert::app::command::Place;
use skillcert::app::ledger::request::{LedgerAnswer, LedgerRequest, ListPage, PAGE, RequestKind};
use skillcert::app::ledger::{OpenPage, Tab};
use skillcert::app::msg::{Effect, Msg, ReadEnd};
use skillcert::app::overlay::Overlay;
use skillcert::app::{App, Screen};
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::{Lang, Locale};

use super::{app, labels, new_app, opened, press, rows, three};
use crate::support::fake_ledger::{Fake, certificate, code, day};

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

/// Gives the one thing that is asked of the ledger; how far it reaches is asked beside it.
fn ask_of(effects: &[Effect]) -> (u64, &LedgerRequest) {
    let asks: Vec<(u64, &LedgerRequest)> = effects
        .iter()
        .filter_map(|e| if let Effect::Ledger { seq, request: ask } = e { Some((*seq, ask)) } else { None })
        .collect();
    let (reach, others): (Vec<_>, Vec<_>) =
        asks.into_iter().partition(|(_, ask)| matches!(ask, LedgerRequest::Reach(_)));
    assert!(reach.len() <= 1 && others.len() <= 1, "{effects:?}");
    *others.first().or(reach.first()).unwrap_or_else(|| panic!("{effects:?}"))
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
        ("6", Tab::Deadlines, vec![RequestKind::Deadlines]),
        ("7", Tab::Stock, vec![RequestKind::Stock]),
        ("8", Tab::Shares, vec![RequestKind::Shares]),
        ("9", Tab::Screening, vec![RequestKind::Screening]),
        ("tab", Tab::Series, vec![]),
        ("tab", Tab::Certificates, vec![]),
        ("shift-tab", Tab::Series, vec![]),
        ("shift-tab", Tab::Screening, vec![]),
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
    assert!(app.update(Msg::Ledger { seq: new, answer: fake.answer(new_ask, &app.locale) }).is_empty());
    assert_eq!(app.ledger.lists().certificates.found.known(), (1, false));
    app.update(Msg::Ledger { seq: old, answer: fake.answer(old_ask, &app.locale) });
    assert_eq!(app.ledger.lists().certificates.found.known(), (1, false), "an answer that is out of date");
    // Nor does an answer come twice, nor one that was never asked for.
    app.update(Msg::Ledger {
        seq: new,
        answer: LedgerAnswer::Certificates(ListPage { rows: Vec::new(), next: None }, Vec::new()),
    });
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
fn a_tab_that_was_seen_empty_shows_what_others_bring() {
    let mut app = pane(Lang::Zh, (80, 24), Fake::empty(), "");
    for tab in ["1", "2", "3", "4", "5"] {
        serve(&mut app, Fake::empty(), tab);
        assert_eq!(app.ledger.content().count(), 0, "{tab}");
        let effects = app.update(Msg::StoreChanged);
        assert_eq!(Fake::small().serve(&mut app, effects).len(), 1, "{tab}");
        assert_ne!(app.ledger.content().count(), 0, "{tab}");
        // And what has gone again is gone.
        let effects = app.update(Msg::StoreChanged);
        assert_eq!(Fake::empty().serve(&mut app, effects).len(), 1, "{tab}");
        assert_eq!(app.ledger.content().count(), 0, "{tab}");
    }
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
    let answer = |effects: &[Effect]| {
        (ask_of(effects).0, Fake { newer: 0, ..fake }.answer(ask_of(effects).1, &Locale::load(Lang::Zh)))
    };
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
fn a_case_is_unmasked_for_whoever_decides() {
    let mut app = small("3 enter");
    let fake = Fake::small();
    let told = |app: &App| app.ledger.shown_case(app.ledger.content().case().expect("in hand")).request[0].1.clone();
    assert_eq!(serve(&mut app, fake, "m"), [RequestKind::UnmaskCase]);
    assert_eq!(told(&app), "张伟 -> 章伟");
    assert!(app.ledger.unmasked().is_some());
    // The question shows it as the page does.
    serve(&mut app, fake, "esc G m a '12号' enter enter");
    let Some(Overlay::Confirm(asked)) = app.overlays.open() else { panic!("not asked") };
    assert!(asked.facts().iter().any(|fact| fact.to == "张伟 -> 章伟"), "{:?}", asked.facts());
    serve(&mut app, fake, "esc esc m");
    assert!(app.ledger.unmasked().is_none());
    assert_eq!(told(&app), "张* -> 章*");
}

#[test]
fn the_chain_is_verified_on_demand() {
    let mut app = small("4");
    let effects = press(&mut app, "v");
    assert_eq!(app.status.text, app.locale.text("status.verifying"));
    let (seq, ask) = ask_of(&effects);
    let LedgerAnswer::Verified(mut verified) = Fake::small().answer(ask, &app.locale) else { panic!("{ask:?}") };
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
