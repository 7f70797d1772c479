//! What the ledger knows reaches the roster on screen, and is asked again for what is edited.

use std::sync::Arc;

use skillcert::app::App;
use skillcert::app::ledger::request::LedgerRequest;
use skillcert::app::msg::{Effect, Msg, ReadEnd, StoreJob, ToCompare, WrittenFile};
use skillcert::app::overlay::Overlay;
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::code::CertCode;
use skillcert::domain::ledger::{BatchId, Holder, KnownCertificate, KnownCertificates, Status, UploadChanges};
use skillcert::domain::registry::{DatedName, Institution, Registry};
use skillcert::domain::rules::Tables;
use skillcert::domain::sheet::Field;
use skillcert::failure::{Failure, FailureKind};
use skillcert::words::Lang;

use crate::support::fake_ledger::Fake;

use super::{GOOD, app_with, labels, new_app, opened, press, rows, with};

fn known(code: &str, name: &str, person: &str) -> Arc<KnownCertificates> {
    let certificate = KnownCertificate {
        code: CertCode::new(code).expect("a code"),
        status: Status::Published,
        status_on: "2026-11-20".parse().ok(),
        why: String::new(),
        again: None,
        holder: Holder { name: name.into(), id_number: person.into(), ..Holder::default() },
        person: person.into(),
        row: None,
        file: String::new(),
    };
    Arc::new(KnownCertificates::new(Some(BatchId(7)), [certificate]))
}

fn found(app: &App) -> Vec<&'static str> {
    app.roster.batch().expect("batch").findings().iter().map(|f| f.rule.spec().code).collect()
}

fn asks(effects: &[Effect]) -> Vec<(u64, &ToCompare)> {
    let ask = |effect| match effect {
        &Effect::Compare { job, ref what } => Some((job, what)),
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
    assert!(matches!(asks(&done)[..], [(1, ToCompare::All(roster))] if roster.len() == 1));
    assert_eq!(found(&app), [""; 0]);
    app.update(Msg::Compared { job: 9, is_all: true, known: Some(known(GOOD[7], "李娜", "620102198805120027")) });
    assert_eq!(found(&app), [""; 0], "an answer about another file");
    app.update(Msg::Compared { job: 1, is_all: true, known: Some(known(GOOD[7], "李娜", "620102198805120027")) });
    assert_eq!(found(&app), ["U04"]);
}

#[test]
fn an_edited_code_or_number_is_asked_for() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let column = |label: &str| labels().iter().position(|l| l == label).expect("a column");
    app.roster.go_to_column(column("证书编号"));
    let effects = press(&mut app, "enter ctrl-u 's000062010001242j00009' enter");
    let wanted = "S000062010001242J00009".to_string();
    assert!(
        matches!(asks(&effects)[..], [(1, ToCompare::Some { codes, id_numbers })]
            if *codes == [wanted.clone()] && id_numbers.is_empty()),
        "{effects:?}"
    );
    // A number that the ledger never gave, and has given since.
    let never = KnownCertificates::new(Some(BatchId(7)), []).without(CertCode::new(&wanted));
    app.update(Msg::Compared { job: 1, is_all: false, known: Some(Arc::new(never)) });
    assert_eq!(found(&app), ["C09", "U10"]);
    app.update(Msg::Compared { job: 1, is_all: false, known: Some(known(&wanted, "李娜", "620102198805120027")) });
    assert_eq!(found(&app), ["C09", "U04"]);
    let effects = press(&mut app, "u");
    assert_eq!((asks(&effects).len(), found(&app)), (1, vec![]));
    app.roster.go_to_column(column("姓名"));
    let effects = press(&mut app, "enter ctrl-u '李娜' enter");
    assert!(asks(&effects).is_empty(), "{effects:?}");
}

#[test]
fn the_decoder_asks_the_ledger_once_for_each_whole_code() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let fake = Fake::small();
    let asked = |effects: &[Effect]| {
        let decodes = |e: &&Effect| matches!(e, Effect::Ledger { request: LedgerRequest::Decode(_), .. });
        effects.iter().filter(decodes).count()
    };
    let held = |app: &App| {
        let Some(Overlay::Decoder(pane)) = app.overlays.open() else { panic!("no decoder") };
        pane.held().map(|held| (held.code, held.holder.name.clone()))
    };
    let effects = press(&mut app, "=");
    assert_eq!(asked(&effects), 1);
    fake.serve(&mut app, effects);
    let (code, name) = held(&app).expect("a certificate");
    assert!(code.as_str() == GOOD[7] && name.contains('*'), "{name}");
    // A code that is no longer there has no certificate, and an answer about it comes too late.
    let effects = press(&mut app, "end backspace");
    assert_eq!((asked(&effects), held(&app)), (0, None));
    let first = press(&mut app, "1");
    let second = press(&mut app, "backspace 2");
    assert_eq!([asked(&first), asked(&second)], [1, 1]);
    fake.serve(&mut app, first);
    assert_eq!(held(&app), None);
    fake.serve(&mut app, second);
    assert_eq!(held(&app).map(|(code, _)| code.to_string()), Some("S000062010001242J00002".to_string()));
}

#[test]
fn the_decoder_takes_the_first_key_as_a_new_text() {
    let typed = |keys: &str| {
        let mut app = app_with(Lang::Zh, (80, 24), &[GOOD]);
        press(&mut app, keys);
        let Some(Overlay::Decoder(pane)) = app.overlays.open() else { panic!("no decoder") };
        pane.prompt().text().to_string()
    };
    assert_eq!(typed("="), GOOD[7]);
    assert_eq!(typed("= Y 0"), "Y0");
    assert_eq!(typed("= home delete Y"), GOOD[7].replacen('S', "Y", 1));
    assert_eq!(typed("= left backspace 9"), [&GOOD[7][..20], "9", &GOOD[7][21..]].concat());
    assert_eq!(typed("= backspace 9"), [&GOOD[7][..21], "9"].concat());
    assert_eq!(typed("= delete"), "");
}

#[test]
fn a_row_that_is_unmasked_is_an_order_to_the_store() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let noted = |effects: &[Effect]| {
        let note = |e: &&Effect| matches!(e, Effect::Store { job: StoreJob::NoteUnmask { row: 0 }, .. });
        effects.iter().filter(note).count()
    };
    assert_eq!(noted(&press(&mut app, "m")), 1);
    assert_eq!(noted(&press(&mut app, "m")), 0, "masking it again shows nothing");
}

#[test]
fn what_the_ledger_could_not_note_of_an_export_is_told() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let exported = |noted| {
        Msg::Exported(WrittenFile { path: "/data/x.xlsx".into(), rows: 1, left_out: 0, noted, warnings: Vec::new() })
    };
    app.update(exported(Ok(UploadChanges { marked: 5, ..UploadChanges::default() })));
    assert!(!app.status.is_bad && app.status.text.ends_with("台账记为已导出 5 张"), "{}", app.status.text);
    app.update(exported(Ok(UploadChanges { marked: 5, unknown: 1, ..UploadChanges::default() })));
    assert!(app.status.text.ends_with("台账记为已导出 5 张；台账里没有其中 1 行的编号"), "{}", app.status.text);
    // As the office words it: the file is there, and how to have it noted.
    let failure = Failure::new(FailureKind::Store, "/data/x.xlsx 已写好；没有记下：磁盘已满", "请补记。");
    app.update(exported(Err(failure)));
    let parts = ["/data/x.xlsx", "磁盘已满", "请补记"];
    assert!(app.status.is_bad && parts.iter().all(|t| app.status.text.contains(t)), "{}", app.status.text);
}

#[test]
fn a_registry_that_others_change_is_checked_with_at_once() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    assert_eq!(found(&app), [""; 0]);
    let tables = |all: Vec<Institution>| Arc::new(Tables { registry: Registry::new(all), ..data::tables([]) });
    let names = vec![DatedName { name: "别的组委会".into(), from: None, to: None }];
    let profile = "gansu-competition".to_string();
    let one = Institution { prefix: GOOD[7][..13].into(), profile, names, ..Institution::default() };
    app.update(Msg::RegistryChanged(tables(vec![one])));
    assert_eq!(found(&app), ["I01"]);
    app.update(Msg::RegistryChanged(tables(Vec::new())));
    assert_eq!(found(&app), [""; 0]);
}

/// A change of the certificates is asked about once the answers under way are there, and what is no longer so is forgotten.
#[test]
fn certificates_that_others_change_are_asked_for_again() {
    let mut app = app_with(Lang::Zh, (120, 40), &[GOOD]);
    let answer = |known| Msg::Compared { job: 1, is_all: true, known };
    let theirs = || Some(known(GOOD[7], "李娜", "620102198805120027"));
    assert!(asks(&app.update(answer(theirs()))).is_empty());
    assert_eq!(found(&app), ["U04"]);
    let is_about_all = |effects: &[Effect]| matches!(asks(effects)[..], [(1, ToCompare::All(_))]);
    assert!(is_about_all(&app.update(Msg::LedgerChanged)));
    assert!(asks(&app.update(Msg::LedgerChanged)).is_empty(), "one is under way");
    assert!(is_about_all(&app.update(answer(None))), "the answer may be of before the second change");
    assert_eq!(found(&app), ["U04"], "a ledger that cannot be read changes nothing");
    assert!(asks(&app.update(answer(Some(Arc::default())))).is_empty());
    assert_eq!(found(&app), [""; 0]);

    // What is typed while everything is asked about is not lost by the older answer.
    app.update(Msg::LedgerChanged);
    app.roster.go_to_column(labels().iter().position(|l| l == "证书编号").expect("a column"));
    press(&mut app, "enter ctrl-u 'S000062010001242J00009' enter");
    let typed = Some(known("S000062010001242J00009", "李娜", "620102198805120027"));
    app.update(Msg::Compared { job: 1, is_all: false, known: typed });
    assert_eq!(found(&app), ["U04"]);
    assert!(is_about_all(&app.update(answer(Some(Arc::default())))));
    assert_eq!(found(&app), ["U04"]);
}

/// An institution is registered by somebody.
fn registered(prefix: &str, name: &str) -> Msg {
    let names = vec![DatedName { name: name.into(), from: None, to: None }];
    let one =
        Institution { prefix: prefix.into(), profile: "gansu-competition".into(), names, ..Institution::default() };
    Msg::RegistryChanged(Arc::new(Tables { registry: Registry::new([one]), ..data::tables([]) }))
}

/// The registry may change while a batch is being read, whose reading began with the one before.
#[test]
fn a_registry_that_changes_while_a_roster_is_read_is_not_missed() {
    let changed = || registered(&GOOD[7][..13], "别的组委会");
    for before_the_head in [true, false] {
        let mut app = new_app(Lang::Zh, (120, 40));
        app.start(Some("/data/名册.csv".into()), None);
        if before_the_head {
            app.update(changed());
        }
        app.update(opened(&labels(), None));
        if !before_the_head {
            app.update(changed());
        }
        let arrive = rows(&app, &[GOOD]);
        app.update(arrive);
        app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
        assert_eq!(found(&app), ["I01"], "{before_the_head}");
    }
}

/// What is told as mended is cells, as a change tells them, and numbers that are given, registered or told of by the ledger leave it
/// as it is.
#[test]
fn mended_counts_cells_and_not_what_the_ledger_says() {
    let twice = with(&[(Field::IssueDate, "2099/1/1"), (Field::Code, "")]);
    let other = [
        (Field::Name, "李娜"),
        (Field::IdNumber, "620102198805120027"),
        (Field::Code, "S000062010001242J00003"),
        (Field::IssueDate, "2024/11/8"),
    ];
    let mut app = app_with(Lang::Zh, (120, 40), &[twice, with(&other)]);
    let mended = |app: &App| app.roster.batch().map(Batch::mended).map(|m| (m.gone, m.found));
    let of_row = app.roster.batch().expect("batch").findings().of_row(0).iter();
    assert_eq!(of_row.filter(|f| f.field == Field::IssueDate).count(), 2, "{:?}", found(&app));
    // The code that is still to be given is none of them.
    assert_eq!(mended(&app), Some((0, 2)));
    app.roster.go_to_column(Field::IssueDate.index());
    press(&mut app, "enter ctrl-u '2024-11-08' enter");
    assert_eq!(mended(&app), Some((1, 2)));
    press(&mut app, "X y");
    assert!(app.status.text.contains("1 格"), "{}", app.status.text);
    assert_eq!(mended(&app), Some((2, 2)));
    app.roster.go_to_column(Field::Code.index());
    press(&mut app, "g g enter 'S000062010001242J00009' enter");
    assert_eq!(mended(&app), Some((2, 2)));
    let before = found(&app).len();
    app.update(Msg::Compared {
        job: 1,
        is_all: true,
        known: Some(known("S000062010001242J00003", "王五", "620102198805120035")),
    });
    assert!(before < found(&app).len(), "the ledger says something");
    assert_eq!(mended(&app), Some((2, 2)));
    for (prefix, name) in [("S000062010009", "别的组委会"), (&GOOD[7][..13], "别的组委会")] {
        let before = found(&app).len();
        app.update(registered(prefix, name));
        assert!(before < found(&app).len(), "the registry says something: {:?}", found(&app));
        assert_eq!(mended(&app), Some((2, 2)), "{prefix}");
        app.update(Msg::RegistryChanged(Arc::new(data::tables([]))));
    }
    press(&mut app, "enter ctrl-u 坏 enter");
    assert_eq!(mended(&app), Some((2, 2)), "what is spoilt since is told by what is left");
}
