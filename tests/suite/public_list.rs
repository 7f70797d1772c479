//! The public list: what everybody may see of a roster, and nothing that could be taken for more.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use skillcert::app::Screen;
use skillcert::app::msg::{Effect, ExportWhat};
use skillcert::words::Lang;

use crate::cli::workbook;
use crate::keys::{app_with, press, three};
use crate::support::{Desk, LABELS, goods};

/// A roster with an error, a column of telephone numbers, and a cell that a spreadsheet would calculate.
fn roster(desk: &Desk) -> Vec<Vec<String>> {
    let mut rows = goods(4);
    rows[1][8] = "2024.11.8".into();
    rows[2][3] = "=1+1".into();
    let mut text = LABELS.join(",") + ",联系电话\n";
    for row in &rows {
        text += &format!("{},13912345678\n", row.join(","));
    }
    desk.put("名册.csv", text);
    rows
}

fn masked(row: &[String]) -> Vec<String> {
    let mut row = row.to_vec();
    let name: Vec<char> = row[0].chars().collect();
    row[0] = if name.len() == 2 { format!("{}*", name[0]) } else { format!("{}*{}", name[0], name[2]) };
    row[2] = format!("{}********{}", &row[2][..6], &row[2][14..]);
    row[7] = format!("{}*****", &row[7][..17]);
    row
}

#[test]
fn it_masks_people_leaves_out_what_is_not_asked_and_is_no_upload_table() {
    let desk = Desk::new();
    let rows = roster(&desk);
    for (name, formula) in [("名单-公示.csv", "'=1+1"), ("名单-公示.xlsx", "=1+1")] {
        let ran = desk.verb(&["export", "名册.csv", "--masked", "--output", name]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("公示名单") && ran.err.contains("处错误"), "{}", ran.err);
        let path = desk.path(name);
        let mode = fs::metadata(&path).expect("written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let table: Vec<Vec<String>> = if name.ends_with("csv") {
            let text = fs::read_to_string(&path).expect("text");
            let lines = text.trim_start_matches('\u{feff}').lines();
            lines.map(|line| line.split(',').map(String::from).collect()).collect()
        } else {
            workbook(&path)
        };
        assert_eq!(table[0].len(), LABELS.len(), "a column nobody asked for");
        assert_eq!(
            (&*table[0][0], &*table[0][2], &*table[0][3], &*table[0][7]),
            ("姓名（已打码）", "证件号码（已打码）", "所在单位", "证书编号（已打码）")
        );
        for (found, row) in table[1..].iter().zip(&rows) {
            let mut expected = masked(row);
            // Written as the upload file would have it.
            expected[6].clone_from(&found[6]);
            expected[8] = "2024-11-08".into();
            if expected[3].starts_with('=') {
                expected[3] = formula.into();
            }
            assert_eq!(found, &expected);
        }
        assert_eq!(table.len(), rows.len() + 1);
        // Whoever takes it for a roster is told that it is none.
        let checked = desk.verb(&["check", name, "--format", "json"]);
        assert_ne!(checked.code, 0);

        let manifest = fs::read(desk.path(&format!("{name}.manifest.json"))).expect("a manifest");
        let manifest: Value = serde_json::from_slice(&manifest).expect("json");
        assert_eq!(manifest["schema"], "skillcert-public-1");
        assert_eq!((&manifest["not_for_upload"], &manifest["rows"]), (&json!(true), &json!(4)));
        assert_eq!(
            manifest["masked"],
            json!([
                { "column": "姓名", "clause": "GS-46" },
                { "column": "证件号码", "clause": "GS-46" },
                { "column": "证书编号", "clause": "" }
            ])
        );
        assert_eq!(manifest["left_out"], json!([{ "column": "联系电话", "clause": "" }]));
        // No second time without being told, and never over the roster.
        assert_eq!(desk.verb(&["export", "名册.csv", "--masked", "--output", name]).code, 3);
    }
    let over = desk.verb(&["export", "名册.csv", "--masked", "--force", "--output", "名册.csv"]);
    assert_eq!(over.code, 2, "{}", over.err);
}

#[test]
fn the_workbench_offers_it_whatever_errors_there_are() {
    let mut app = app_with(Lang::Zh, (100, 30), &three());
    press(&mut app, "e");
    assert_eq!(app.screen, Screen::Export);
    // The summary and the two lists that organisers fill in stand behind it.
    press(&mut app, "left left left left");
    assert_eq!(app.export.what(), ExportWhat::Public);
    assert!(app.export.path().text().ends_with("名册-公示.xlsx"), "{}", app.export.path().text());
    press(&mut app, "right left");
    let effects = press(&mut app, "enter");
    let jobs: Vec<_> =
        effects.iter().filter_map(|e| if let Effect::Export(job) = e { Some(job) } else { None }).collect();
    assert!(matches!(&jobs[..], [job] if job.what == ExportWhat::Public));
}

#[test]
fn the_ledger_takes_no_note_of_it() {
    let desk = Desk::new();
    desk.roster("r.csv", &goods(3));
    assert_eq!(desk.verb(&["ledger", "import", "r.csv"]).code, 0);
    let before = desk.verb(&["audit", "show", "--format", "json"]).out;
    let ran = desk.verb(&["export", "r.csv", "--masked", "--output", "p.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(desk.verb(&["audit", "show", "--format", "json"]).out, before);
}
