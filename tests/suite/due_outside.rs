//! What is due of certificates that belong to no batch: those that were taken into the ledger as they were.

use std::fs;

use crate::due::{brief, said, told};
use crate::support::{Desk, goods};

/// The competitions of 2020 and 2021: 31 July 2022 was a Sunday, and is not put off.
#[test]
fn what_had_to_be_handed_in_by_one_day_is_refused_from_the_next() {
    let desk = Desk::new();
    let mut rows = goods(2);
    for (row, (serial, issued)) in rows.iter_mut().zip([(1, "2021-12-01"), (2, "2022-09-01")]) {
        row[7] = format!("S000051009999{}3J0000{serial}", &issued[2..4]);
        row[8] = issued.into();
        (row[9], row[10]) = ("样例竞赛组委会".into(), "四川省职业技能鉴定指导中心（代章）".into());
    }
    desk.roster("old.csv", &rows);
    let call = ["ledger", "import", "old.csv", "--profile", "sichuan-competition", "--status", "exported"];
    said(&desk, 0, &[&call[..], &["--yes"]].concat());
    // They belong to no batch: the institution has them to hand in.
    let typo = said(&desk, 2, &["due", "--institution", "S000051009998"]);
    assert!(typo.contains("S000051009999") || typo.contains("not in the registry"), "{typo}");
    let list = told(&desk, 1, &["due"]);
    assert_eq!(brief(&list), ["SC-33 too-late 2022-07-31"]);
    let item = &list["items"][0];
    assert_eq!((&item["thing"], &item["outside"]), (&"institution:S000051009999".into(), &true.into()));
    assert_eq!(item["certificates"], 2);
    let codes = [rows[0][7].clone(), rows[1][7].clone()];
    let shown = |code: &str| said(&desk, 0, &["ledger", "show", code]);
    assert!(shown(&codes[0]).contains("SC-33"), "{}", shown(&codes[0]));
    let mark = |code: i32, row: usize| said(&desk, code, &["ledger", "mark", "submitted", &codes[row]]);
    let refused = mark(1, 0);
    for word in ["SC-33", "2022-07-31", "--past-deadline"] {
        assert!(refused.contains(word), "{word}: {refused}");
    }
    mark(0, 1);
    let list = told(&desk, 1, &["due"]);
    assert_eq!(
        (brief(&list), &list["items"][0]["certificates"]),
        (vec!["SC-33 too-late 2022-07-31".into()], &1.into())
    );
    assert!(!shown(&codes[1]).contains("SC-33"), "{}", shown(&codes[1]));
    // What is long online waits for nothing.
    rows.truncate(1);
    (rows[0][7], rows[0][8]) = ("S000051009999203J00009".into(), "2020-12-01".into());
    desk.roster("older.csv", &rows);
    let call = ["ledger", "import", "older.csv", "--profile", "sichuan-competition", "--status", "published"];
    said(&desk, 0, &[&call[..], &["--yes"]].concat());
    assert!(!shown(&rows[0][7]).contains("SC-33"), "{}", shown(&rows[0][7]));
}

/// BJ-21 asks for an explanation of these as of any others.
#[test]
fn the_lateness_of_imported_certificates_is_explained_for_their_institution() {
    let desk = Desk::new();
    let mut rows = goods(1);
    (rows[0][7], rows[0][8]) = ("S000011084001254000001".into(), "2025-08-29".into());
    rows[0][5] = "——".into();
    (rows[0][9], rows[0][10]) = ("北京样例集团有限公司".into(), "北京样例集团有限公司".into());
    desk.roster("old.csv", &rows);
    let add = ["institution", "add", "S000011084001", "--name", "北京样例集团有限公司", "--profile", "beijing"];
    said(&desk, 0, &add);
    let call = ["ledger", "import", "old.csv", "--profile", "beijing", "--status", "exported"];
    said(&desk, 0, &[&call[..], &["--yes"]].concat());
    let list = told(&desk, 1, &["due", "--institution", "S000011084001"]);
    assert!(brief(&list).iter().any(|line| line.starts_with("BJ-22 too-late 2026-01-29")), "{list}");
    let draft = |code: i32, prefix: &str| {
        said(
            &desk,
            code,
            &["lateness", "--institution", prefix, "--reason", "系统停机", "--output", "late.txt", "--force"],
        )
    };
    draft(0, "S000011084001");
    let page = fs::read_to_string(desk.path("late.txt")).expect("written");
    for word in ["北京样例集团有限公司", "2025-08-29", "系统停机"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(draft(2, "S000011084002").contains("S000011084001"));
    let nothing = Desk::new();
    said(&nothing, 0, &add);
    said(&nothing, 1, &["lateness", "--institution", "S000011084001", "--output", "late.txt"]);
}
