//! The share register and what is screened in the ledger pane: registered and ended by keys, shown in full.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::ledger::request::{LedgerAct, LedgerRequest};
use skillcert::app::ledger::shares::ShareAct;
use skillcert::app::msg::{Msg, ReadEnd};
use skillcert::domain::ledger::BatchId;
use skillcert::domain::ledger::event::DatedEvent;
use skillcert::domain::ledger::share::{ShareField, ShareId, ShareState};
use skillcert::words::Lang;

use super::acts::press;
use super::{ask_of, serve, small};
use crate::keys::{labels, opened, rows, three};
use crate::screens::screen;
use crate::support::fake_ledger::{Fake, acts, day};

#[test]
fn a_share_is_registered_by_keys_and_one_that_would_have_expired_is_not() {
    let mut app = small("8");
    assert_eq!(app.place(), Place::Shares);
    let painted = screen(&app);
    assert!(painted.contains("已过期") && painted.contains("待补") && painted.contains("区人社局就业科"), "{painted}");
    press(&mut app, "a '某局' enter '帮扶' enter '核对' enter '李主任' enter '2026-11-20' enter");
    assert!(app.status.text.contains("BJ-31"), "{}", app.status.text);
    press(&mut app, "ctrl-u '2026-12-31' enter enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::Share(act)] = &done[..] else { panic!("{done:?}") };
    let ShareAct::Add { terms, .. } = &**act else { panic!("{act:?}") };
    assert_eq!((terms.receiver.as_str(), terms.scope.as_str(), terms.expires), ("某局", "", day("2026-12-31")));
    assert!(terms.missing().is_empty());
}

/// What an entry lacks is said by a key; what stands in it already is proposed.
#[test]
fn an_entry_that_lacks_something_is_completed_by_keys() {
    let mut app = small("8");
    let lacking = app.ledger.lists().shares.lines.lines().iter().position(|line| line.state == ShareState::Incomplete);
    (0..lacking.expect("one that lacks something")).for_each(|_| drop(press(&mut app, "down")));
    let id = app.ledger.lists().shares.lines.current().expect("an entry").share.id;
    press(&mut app, "e ctrl-u '某局' enter enter ctrl-u '核对' enter enter ctrl-u '2026-12-31' enter enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::Share(act)] = &done[..] else { panic!("{done:?}: {}", screen(&app)) };
    let ShareAct::Change { share, parts, .. } = &**act else { panic!("{act:?}") };
    let said = |field| parts.iter().find(|(of, _)| *of == field).map(|(_, typed)| typed.as_str());
    assert_eq!(*share, id);
    assert_eq!((said(ShareField::Receiver), said(ShareField::Expires)), (Some("某局"), Some("2026-12-31")));
    assert!(said(ShareField::Purpose).is_some_and(|purpose| !purpose.is_empty()), "what stands there stays: {parts:?}");
}

#[test]
fn a_share_is_ended_with_a_day_and_a_reason() {
    let mut app = small("8");
    press(&mut app, "down x enter '对方已销毁' enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::Share(act)] = &done[..] else { panic!("{done:?}") };
    let ShareAct::End { share, reason, .. } = &**act else { panic!("{act:?}") };
    assert_eq!((*share, reason.as_str()), (ShareId(1), "对方已销毁"));
}

#[test]
fn what_is_screened_is_listed_and_shown_with_its_codes() {
    let mut app = small("9");
    let painted = screen(&app);
    assert!(painted.contains("同日多证") && painted.contains("集中发证"), "{painted}");
    press(&mut app, "enter");
    let painted = screen(&app);
    assert!(painted.contains("S000062010001243J00001") && painted.contains("BJ-69"), "{painted}");
}

#[test]
fn an_order_to_put_things_right_names_its_paper() {
    let mut app = small("5");
    press(&mut app, "e");
    let all = screen(&app);
    let at = all.lines().filter(|line| line.contains("责令整改")).count();
    assert_eq!(at, 1, "{all}");
    // Up from the first line is the last: the acceptance, before it the order.
    press(&mut app, "end up enter '2026-11-10' enter");
    press(&mut app, "enter");
    assert!(screen(&app).contains("原因"), "the paper is asked for: {}", screen(&app));
    press(&mut app, "'京整〔2026〕3号' enter");
    let done = acts(&press(&mut app, "y"));
    let [LedgerAct::NoteEvent { event, day: noted, reason, .. }] = &done[..] else { panic!("{done:?}") };
    assert_eq!((*event, *noted, reason.as_str()), (DatedEvent::Rectifying, day("2026-11-10"), "京整〔2026〕3号"));
}

/// The batch that is open is screened by a key of the tab, or from the roster by name; the same key goes back to the ledger.
#[test]
fn the_batch_that_is_open_is_screened_by_a_key() {
    let screened = |app: &App| app.ledger.lists().screening.of;
    let mut app = super::new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), Some(String::new())));
    let read = rows(&app, &three());
    app.update(read);
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    serve(&mut app, Fake::small(), "L 9");
    assert!(screen(&app).contains("筛查台账") && screened(&app).is_none(), "{}", screen(&app));
    let effects = crate::keys::press(&mut app, "b");
    let (_, LedgerRequest::Screening(of)) = ask_of(&effects) else { panic!("{effects:?}") };
    assert_eq!((*of, screened(&app)), (Some(BatchId(7)), Some(BatchId(7))));
    assert!(app.ledger.lists().screening.lines.lines().is_empty(), "what was found in the ledger is out of sight");
    Fake::small().serve(&mut app, effects);
    assert!(screen(&app).contains("筛查批次 7") && screen(&app).contains("同日多证"), "{}", screen(&app));
    serve(&mut app, Fake::small(), "b");
    assert!(screen(&app).contains("筛查台账"), "{}", screen(&app));
    serve(&mut app, Fake::small(), "esc : '筛查本批' enter");
    assert_eq!((app.place(), screened(&app)), (Place::Screening, Some(BatchId(7))));
    // Without a batch there is none to screen.
    let app = small("9 b");
    assert_eq!(app.status.text, app.locale.text("status.no-batch-to-screen"));
}
