//! The template that is sent out: what is filled in by it comes back clean, and a spreadsheet sees what it can see.

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::support::{Desk, LABELS, good};

#[test]
fn what_is_filled_into_the_template_comes_back_clean() {
    let desk = Desk::new();
    let ran = desk.verb(&["template", "gansu-competition", "--output", "t.xlsx"]);
    assert!(ran.code == 0 && ran.out.contains("11 栏"), "{} {}", ran.out, ran.err);
    let mut book: Xlsx<_> = open_workbook(desk.path("t.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), ["名册", "填写说明"]);
    let labels: Vec<Data> = LABELS.map(|label| Data::String(label.into())).to_vec();
    let sheet = book.worksheet_range("名册").expect("the sheet");
    assert_eq!(sheet.rows().map(<[Data]>::to_vec).collect::<Vec<_>>(), [labels]);
    let notes = book.worksheet_range("填写说明").expect("the notes");
    let told: Vec<String> = notes.rows().flatten().map(ToString::to_string).collect();
    for note in ["11010519491231002X", "居民身份证", "必填"] {
        assert!(told.iter().any(|cell| cell.contains(note)), "{note}");
    }
    assert!(told.iter().any(|cell| cell.starts_with("GS-33 “")), "{told:?}");
    // An empty one has nobody in it, and says so.
    assert_eq!(desk.verb(&["check", "t.xlsx"]).code, 1);
    desk.roster("r.csv", &[good(0)]);
    assert_eq!(desk.verb(&["check", "r.csv"]).code, 0);
}

#[test]
fn a_roster_to_be_numbered_has_no_column_of_codes() {
    let desk = Desk::new();
    let ran = desk.verb(&["template", "gansu-competition", "--output", "t.xlsx", "--to-number"]);
    assert!(ran.code == 0 && ran.out.contains("10 栏"), "{} {}", ran.out, ran.err);
    for (call, code) in [
        (&["template", "gansu-competition", "--output", "t.xlsx"][..], 3),
        (&["template", "gansu-competition", "--output", "t.csv"], 2),
        (&["template", "gansu-competition", "--output", "t.xlsx", "--force"], 0),
    ] {
        assert_eq!(desk.verb(call).code, code, "{call:?}");
    }
}
