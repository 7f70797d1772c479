//! What the ledger knows reaches the roster on screen, and is asked again for what is edited.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::msg::{Effect, KnownAsk, Msg, ReadEnd};
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::{Holder, Known, KnownCertificate, Status};
use skillcert::locale::Lang;

use super::{GOOD, app_with, labels, new_app, opened, press, rows};

fn known(code: &str, name: &str, person: &str) -> Arc<Known> {
    let certificate = KnownCertificate {
        code: CertCode::new(code).expect("a code"),
        status: Status::Published,
        holder: Holder { name: name.into(), id_number: person.into(), ..Holder::default() },
        person: person.into(),
        row: None,
        file: String::new(),
    };
    Arc::new(Known::new(Some(7), [certificate]))
}

fn found(app: &App) -> Vec<&'static str> {
    app.batch.as_ref().expect("batch").findings().iter().map(|f| f.rule.spec().code).collect()
}

fn asks(effects: &[Effect]) -> Vec<(u64, &KnownAsk)> {
    let ask = |effect| match effect {
        &Effect::AskKnown { job, ref ask } => Some((job, ask)),
        _ => None,
    };
    effects.iter().filter_map(ask).collect()
}

#[test]
fn the_ledger_is_asked_once_every_row_is_there() {
    let mut app = new_app(Lang::Zh, (120, 40));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), None));
    let arrive = rows(&app, &[GOOD]);
    assert!(asks(&app.update(arrive)).is_empty());
    let done = app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    assert!(matches!(asks(&done)[..], [(1, KnownAsk::All(roster))] if roster.len() == 1));
    assert_eq!(found(&app), [""; 0]);
    app.update(Msg::LedgerKnown { job: 9, known: known(GOOD[7], "李娜", "620102198805120027") });
    assert_eq!(found(&app), [""; 0], "an answer about another file");
    app.update(Msg::LedgerKnown { job: 1, known: known(GOOD[7], "李娜", "620102198805120027") });
    assert_eq!(found(&app), ["U04"]);
}

#[test]
fn an_edited_code_or_number_is_asked_for() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let column = |label: &str| labels().iter().position(|l| l == label).expect("a column");
    app.grid.column = column("证书编号");
    let effects = press(&mut app, "enter ctrl-u 's000062010001242j00009' enter");
    let wanted = "S000062010001242J00009".to_string();
    assert!(
        matches!(asks(&effects)[..], [(1, KnownAsk::Some { codes, id_numbers })]
            if *codes == [wanted.clone()] && id_numbers.is_empty()),
        "{effects:?}"
    );
    app.update(Msg::LedgerKnown { job: 1, known: known(&wanted, "李娜", "620102198805120027") });
    assert_eq!(found(&app), ["C09", "U04"]);
    let effects = press(&mut app, "u");
    assert_eq!((asks(&effects).len(), found(&app)), (1, vec![]));
    app.grid.column = column("姓名");
    let effects = press(&mut app, "enter ctrl-u '李娜' enter");
    assert!(asks(&effects).is_empty(), "{effects:?}");
}
