//! A picture of every place where keys are taken, at both sizes people have and in both languages.

use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::msg::Msg;
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use super::{browser, screen};
use crate::by_hand::header_rows;
use crate::keys::batches;
use crate::keys::lookup::prepared;
use crate::keys::pane::{pane, serve};
use crate::keys::today::today;
use crate::keys::values::serve as serve_work;
use crate::keys::{app_with, labels, new_app, opened, press, rows, three};
use crate::support::fake_ledger::Fake;

/// Goes to a place.
pub fn shown(place: Place, lang: Lang, size: (u16, u16)) -> App {
    let roster = |keys: &str| {
        let mut app = app_with(lang, size, &three());
        let msg = prepared(&app);
        app.update(msg);
        press(&mut app, keys);
        app
    };
    let ledger = |keys: &str| pane(lang, size, Fake { certificates: 100_100, ..Fake::small() }, keys);
    let values = |keys: &str| {
        let names = ["天水麦积技工学校", "天水市麦积技工学校", "天水麦积技工学校 ", "兰州陇原机械有限公司", ""];
        let of = |name: &'static str| {
            let mut row = three()[0];
            row[Field::Employer.index()] = name;
            row
        };
        let mut app = app_with(lang, size, &names.map(of));
        app.roster.go_to_column(Field::Employer.index());
        serve_work(&mut app, keys);
        app
    };
    match place {
        Place::Browser => browser(lang, size),
        Place::Today => today(lang, size),
        Place::Batches => {
            let mut app = roster("B");
            app.update(Msg::Batches(Ok(batches::lines())));
            press(&mut app, "tab down");
            app
        }
        Place::Sheets => {
            let mut app = crate::sheets::choosing(lang, size);
            press(&mut app, "down space up");
            app
        }
        Place::Versions => batches::other_content(lang, size),
        Place::Header => {
            let mut app = browser(lang, size);
            press(&mut app, "百 enter");
            app.update(header_rows(2));
            press(&mut app, "down");
            app
        }
        Place::Columns => {
            let mut app = new_app(lang, size);
            app.start(Some("/data/名册.csv".into()), None);
            let mut heads = labels();
            heads[0] = "谁".into();
            app.update(opened(&heads, None));
            let msg = rows(&app, &three());
            app.update(msg);
            app
        }
        Place::Grid => roster("n"),
        Place::Record => roster("n tab"),
        Place::Findings => roster("tab tab"),
        Place::Export => roster("e"),
        Place::Prompt => roster("/ 张"),
        Place::Help => roster("?"),
        Place::Palette => roster(": x"),
        Place::Preview => roster("X"),
        Place::History => roster("n n x y H"),
        Place::Confirm => ledger("2 down v '印坏' enter"),
        Place::Lookup => roster("K l z s down"),
        Place::Decoder => roster("n ="),
        Place::Series => ledger("down"),
        Place::Certificates => ledger("2 down"),
        Place::Find => ledger("2 / S"),
        Place::Cases => ledger("3 down"),
        Place::Audit => ledger("4 v down"),
        Place::Institutions => ledger("5 down"),
        Place::Deadlines => ledger("6 down"),
        Place::DeadlinePage => ledger("6 enter down"),
        Place::Stock => ledger("7 down"),
        Place::BlankPage => ledger("7 down enter down"),
        Place::Shares => ledger("8 down"),
        Place::Screening => ledger("9 down"),
        Place::SeriesPage => ledger("enter down"),
        Place::CertificatePage => ledger("2 enter"),
        Place::CasePage => ledger("3 enter"),
        Place::DetailPage => ledger("4 enter"),
        Place::ImportFacts => roster("I down"),
        Place::Choose => ledger("2 down s"),
        Place::Text => roster("n V"),
        Place::Tour => roster(": t o u r enter"),
        Place::Values => values("v down space"),
        Place::ValueLine => values("v e"),
        Place::ValueGroups => values("v g right"),
        Place::Summary => values("_ down down"),
        Place::Forms => ledger("3 b"),
        Place::FormPage => ledger("3 b enter right"),
        Place::Checklist => ledger("5 t down"),
        Place::HandIns => ledger("2 down O"),
        Place::Statistics => ledger("T down"),
        Place::PaperLine => ledger("3 b enter w"),
        Place::Replace => values("* '第(\\d+' down down right enter"),
        Place::Plan => {
            let mut roster = three();
            roster[1][Field::Code.index()] = "";
            roster[2][Field::Code.index()] = "";
            let mut app = app_with(lang, size, &roster);
            serve(&mut app, Fake::small(), "A down");
            app
        }
    }
}

#[test]
fn every_place_at_both_sizes_in_both_languages() {
    for place in Place::ALL {
        for (lang, code) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            for (columns, lines) in [(80, 24), (200, 50)] {
                let app = shown(place, lang, (columns, lines));
                assert_eq!(app.place(), place, "{code} {columns}x{lines}");
                let name = format!("{place:?}-{columns}x{lines}-{code}").to_lowercase();
                insta::with_settings!({ snapshot_path => "../../snapshots/places", prepend_module_to_snapshot => false }, {
                    insta::assert_snapshot!(name, screen(&app));
                });
            }
        }
    }
}
