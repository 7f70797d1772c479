//! Blank certificates whose books are put right: stocktakes as of a day, found again, withdrawn; receipts taken back; what is moved
//! on over several occupations; the demand of several institutions.

use serde_json::{Value, json};

use crate::stock::{balance, is_sound, line, printed_batch, said, told};
use crate::support::{Desk, goods};

/// The runs of a list, as texts.
fn runs(list: &Value) -> Vec<String> {
    let of = |run: &Value| format!("{}-{}", run["first"], run["last"]).replace('"', "");
    list.as_array().expect("runs").iter().map(of).collect()
}

#[test]
fn certificates_of_several_occupations_move_on_by_one() {
    let desk = Desk::new();
    let mut rows = goods(20);
    for (at, row) in rows.iter_mut().enumerate() {
        row[4] = ["电工", "焊工", "车工"][(at * 5 + at / 4) % 3].into();
        row[5] = "--".into();
        row[6] = ["三级", "四级", "二级"][at % 3].into();
        row[7].clear();
        row[8] = "2026-01-30".into();
        row[9] = "广州样例技师学院".into();
        row[10] = "广州样例技师学院".into();
    }
    desk.roster("mixed.csv", &rows);
    let name = ["--name", "广州样例技师学院", "--profile", "guangdong-technical"];
    said(&desk, 0, &[&["institution", "add", "S000044012001"], &name[..]].concat());
    said(&desk, 0, &line("stock receive 00011881-00012000 --keeper Li --on 2026-01-05"));
    let call = "ledger allocate mixed.csv --profile guangdong-technical --prefix S000044012001 --blanks 00011881";
    said(&desk, 0, &[&line(call)[..], &line("--today 2026-01-30 --day-is-right --output up.csv")].concat());
    let order = || {
        let shown = told(&desk, 0, &line("stock list --state used"));
        let mut all = Vec::new();
        for piece in shown["blanks"].as_array().expect("blanks") {
            let first: u32 = piece["first"].as_str().and_then(|first| first.parse().ok()).expect("a number");
            for at in 0..piece["count"].as_u64().expect("a count") as u32 {
                let life = told(&desk, 0, &["stock", "show", &format!("{:08}", first + at)]);
                let steps = life["blanks"][0]["steps"].as_array().expect("steps").clone();
                all.push((first + at, steps.last().expect("a step")["code"].as_str().expect("a code").to_string()));
            }
        }
        all
    };
    let before = order();
    said(&desk, 0, &line("stock spoil 00011885 --shift --reason jam"));
    let expected: Vec<(u32, String)> =
        before.iter().map(|(number, code)| (number + u32::from(11885 <= *number), code.clone())).collect();
    assert_eq!(order(), expected);
    is_sound(&desk);
}

#[test]
fn a_stocktake_of_a_day_loses_only_what_nobody_has_seen_since() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 2);
    said(&desk, 0, &line("stock receive 00000001-00000100 --keeper Li --on 2026-01-05"));
    // Received later: it is none of the books of June 30.
    said(&desk, 0, &line("stock receive 00000101-00000200 --keeper Li --on 2026-07-05"));
    let counted = told(&desk, 1, &line("stock count --number 00000001-00000090 --on 2026-06-30"));
    assert_eq!((&counted["held"], runs(&counted["missing"])), (&json!(100), vec!["00000091-00000100".into()]));
    // One is used since, five are found by a later count.
    said(&desk, 0, &["stock", "use", "00000091", &codes[0], "--on", "2026-07-10"]);
    told(&desk, 1, &line("stock count --number 00000001-00000090,00000092-00000096,00000101-00000200 --on 2026-08-01"));
    let said_so = said(&desk, 0, &line("stock close 1 --reason looked --on 2026-08-02"));
    assert!(said_so.contains("4 lost: 00000097-00000100"), "{said_so}");
    assert!(said_so.contains("not lost 00000091: used since 2026-07-10"), "{said_so}");
    assert!(said_so.contains("not lost 00000092-00000096: found at stocktake 2"), "{said_so}");
    // The later one has nothing left to lose.
    let said_so = said(&desk, 0, &line("stock close 2 --reason looked --on 2026-08-02"));
    assert!(said_so.contains("nothing is lost"), "{said_so}");
    assert_eq!(balance(&desk), [200, 195, 1, 0, 0, 4]);
    // Two of them turn up: a later stocktake brings them back.
    let found = "stock count --number 00000001-00000090,00000092-00000098,00000101-00000200 --on 2026-09-01";
    told(&desk, 1, &line(found));
    let said_so = said(&desk, 0, &line("stock close 3 --reason found --on 2026-09-01"));
    assert!(said_so.contains("2 found again"), "{said_so}");
    assert_eq!(balance(&desk), [200, 197, 1, 0, 0, 2]);
    let life = said(&desk, 0, &line("stock show 00000097"));
    assert!(life.contains("lost at stocktake 1") && life.contains("found again at stocktake 3"), "{life}");
    is_sound(&desk);
}

#[test]
fn a_wrong_stocktake_is_withdrawn_and_what_it_changed_stands_again() {
    let desk = Desk::new();
    printed_batch(&desk, 1);
    let deadline = || {
        let due = told(&desk, 1, &line("due --on 2026-07-02"));
        let all = due["items"].as_array().expect("items").iter().find(|item| item["clause"] == "GD-14");
        all.map(|item| item["due"].clone())
    };
    said(&desk, 0, &line("stock receive 00000001-00000100 --keeper Li --on 2026-01-05"));
    told(&desk, 0, &line("stock count --number 00000001-00000100 --on 2026-05-30"));
    told(&desk, 1, &line("stock count --number 00000001-00000010 --on 2026-06-30"));
    said(&desk, 0, &line("stock close 2 --reason looked --on 2026-06-30"));
    assert_eq!((balance(&desk)[1], deadline()), (10, Some(json!("2026-12-30"))));
    said(&desk, 2, &line("stock take-back --count 2"));
    let back = said(&desk, 0, &line("stock take-back --count 2 --reason wrong-list --on 2026-07-01"));
    assert!(back.contains("90 in stock again: 00000011-00000100"), "{back}");
    assert_eq!((balance(&desk)[1], deadline()), (100, Some(json!("2026-11-30"))));
    said(&desk, 1, &line("stock take-back --count 2 --reason again"));
    // An open one does not stay for ever.
    told(&desk, 1, &line("stock count --number 00000001 --on 2026-07-01"));
    said(&desk, 0, &line("stock take-back --count 3 --reason wrong-list"));
    said(&desk, 1, &line("stock close 3 --reason x"));
    assert_eq!(told(&desk, 0, &line("stock show"))["open_counts"], json!([]));
    // A note is no stocktake: it goes back behind none.
    let institution = "S000044012001";
    said(&desk, 1, &["event", "note", "counted", institution, "2026-05-01"]);
    said(&desk, 0, &["event", "take-back", "counted", institution, "--reason", "x"]);
    assert_eq!(deadline(), Some(json!("2026-11-30")));
    is_sound(&desk);
}

#[test]
fn a_mistyped_receipt_is_taken_back_and_its_numbers_come_again() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 1);
    said(&desk, 0, &line("stock receive 00012001-00120500 --keeper Li --on 2026-01-05"));
    said(&desk, 0, &["stock", "use", "00012001", &codes[0], "--on", "2026-02-01"]);
    let refused = said(&desk, 1, &line("stock take-back 00012001-00120500 --reason typo"));
    assert!(refused.contains("Something happened to 00012001"), "{refused}");
    said(&desk, 2, &line("stock take-back 00012501-00120500"));
    said(&desk, 0, &line("stock take-back 00012501-00120500 --reason typo"));
    assert_eq!(balance(&desk), [500, 499, 1, 0, 0, 0]);
    said(&desk, 1, &line("stock show 00012501"));
    // It never was, on no day.
    let demand = told(&desk, 0, &line("stock demand --year 2027 --estimate 3=1 --as-of 2026-01-31"));
    assert_eq!(demand["stock"], json!(500));
    said(&desk, 0, &line("stock receive 00020001-00020100 --keeper Li --on 2026-01-06"));
    said(&desk, 1, &line("stock receive 00012400-00012600 --keeper Li --on 2026-01-06"));
    is_sound(&desk);
}

#[test]
fn the_stock_is_subtracted_once_and_a_retired_institution_counts_no_more() {
    let desk = Desk::new();
    printed_batch(&desk, 1);
    said(&desk, 0, &line("stock receive 00000001-00000130 --keeper Li --on 2026-01-05"));
    for (institution, estimate) in [("S000044012001", "3=100"), ("Y000111020001", "3=200")] {
        let call =
            ["stock", "demand", "--year", "2027", "--institution", institution, "--estimate", estimate, "--note"];
        told(&desk, 0, &call);
    }
    let sum = || told(&desk, 0, &line("stock demand --year 2027"))["sum"].clone();
    assert_eq!((&sum()["passes"], &sum()["stock"], &sum()["order"]), (&json!(300), &json!(130), &json!(170)));
    said(&desk, 0, &line("institution cancel Y000111020001 --on 2026-11-01 --reason x --yes"));
    assert_eq!((&sum()["passes"], &sum()["order"]), (&json!(100), &json!(0)));
    said(&desk, 2, &line("stock demand --year 2027 --estimate 5=40,五级=200"));
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_comes_near() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 1);
    said(&desk, 0, &line("stock receive 00000001-00000010 --keeper 李敏敏 --on 2026-01-05 --kind 普通"));
    for call in [
        "stock count --number 00000001 --keeper 李敏",
        "stock list --keeper 李敏",
        "stock hand-over --all-of 李敏 --to 王",
    ] {
        let refused = said(&desk, 2, &line(call));
        assert!(refused.contains("李敏敏"), "{call}: {refused}");
    }
    let long = "李".repeat(101);
    said(&desk, 2, &["stock", "receive", "00000011", "--keeper", &long]);
    said(&desk, 2, &line("stock receive 00000011 --keeper 李 --on 0026-11-21"));
    let refused = said(&desk, 1, &["stock", "use", "00000001", &codes[0], "--on", "2026-01-29"]);
    assert!(refused.contains("got its number on 2026-01-30"), "{refused}");
    let refused = said(&desk, 1, &line("stock spoil 00000001 --again --reason x"));
    assert!(refused.contains("No certificate is printed on 00000001"), "{refused}");
    said(&desk, 2, &line("stock destroy --all --witness 赵静"));
    said(&desk, 2, &line("stock compare nothing.csv --keeper 李敏"));
    // What somebody has in hand is not given to another by drawing it once more.
    said(&desk, 0, &line("stock draw 00000001-00000005 --to 甲 --on 2026-01-06 --kind 普通"));
    let refused = said(&desk, 1, &line("stock draw 00000005-00000006 --to 乙 --on 2026-01-06"));
    assert!(refused.contains("甲 has drawn 00000005"), "{refused}");
    said(&desk, 0, &line("stock return 00000005 --on 2026-01-07"));
    said(&desk, 0, &line("stock draw 00000005-00000006 --to 乙 --on 2026-01-08"));
    // A difference is not explained before it was found.
    said(&desk, 1, &line("stock count --number 00000001-00000004 --number 00000005-00000009 --on 2026-11-20"));
    let refused = said(&desk, 1, &line("stock close 1 --reason 缺 --on 2026-11-19"));
    assert!(refused.contains("2026-11-20"), "{refused}");
    // What is needed belongs to somebody, and an order to the year whose day it is nearest to.
    let refused = said(&desk, 2, &line("stock demand --year 2027 --estimate 3=100 --note"));
    assert!(refused.contains("--institution"), "{refused}");
    let order = |code: i32, year: &str, day: &str| {
        let call =
            format!("stock demand --year {year} --institution S000044012001 --estimate 3=100 --note --ordered {day}");
        said(&desk, code, &line(&call))
    };
    order(2, "2027", "2026-06-20");
    order(0, "2027", "2026-11-20");
}

/// Other systems head the column in their own words.
#[test]
fn a_list_of_blanks_is_read_under_the_headings_that_there_are() {
    let desk = Desk::new();
    said(&desk, 0, &line("stock receive 00000001-00000003 --keeper 李敏"));
    for heading in ["空白证书号", "证书流水号", "流水号", "号码"] {
        desk.put("list.csv", format!("{heading},状态\n00000001,库存\n00000002,库存\n00000003,库存\n"));
        said(&desk, 0, &line("stock compare list.csv"));
    }
}

#[test]
fn the_life_of_a_blank_says_what_happened_to_it() {
    let desk = Desk::new();
    printed_batch(&desk, 3);
    said(&desk, 0, &line("stock receive 00000001-00000010 --keeper Li --on 2026-01-05"));
    said(&desk, 0, &line("stock use 00000001 --batch 1 --spoiled 00000002 --reason jam --on 2026-02-01"));
    let good = said(&desk, 0, &line("stock show 00000001"));
    assert!(!good.contains("jam"), "{good}");
    said(&desk, 0, &line("stock spoil 00000003 --again --reason crease --on 2026-02-01"));
    let place = said(&desk, 0, &line("stock show 00000005"));
    assert!(place.contains("used in place of a spoiled one") && !place.contains("crease"), "{place}");
    said(&desk, 0, &line("stock destroy --all --witness Zhao --record R-1 --on 2026-03-01"));
    let gone = said(&desk, 0, &line("stock show 00000002"));
    assert!(gone.contains("Witness: Zhao") && gone.contains("Record: R-1"), "{gone}");
    let life = told(&desk, 0, &line("stock show 00000002"));
    let last = life["blanks"][0]["steps"].as_array().expect("steps").last().cloned().expect("a step");
    assert_eq!((&last["witness"], &last["record"]), (&json!("Zhao"), &json!("R-1")));
}
