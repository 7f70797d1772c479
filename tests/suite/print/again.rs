//! What is printed again: why, and on which blank.

use super::{data, said, told};
use crate::stock::{balance, is_sound, line, printed_batch};
use crate::support::Desk;

const DATA: [&str; 7] = ["print", "data", "--batch", "1", "-o", "p.xlsx", "--reason"];

#[test]
fn what_was_printed_is_an_event_and_once_more_it_takes_a_reason_and_a_new_blank() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 4);
    said(&desk, 0, &line("stock receive 00000001-00000010 --keeper 李敏 --on 2026-01-05"));
    // Without a blank the data are written, and that is told.
    let first = told(&desk, 0, &[&DATA[..], &["发证"]].concat());
    assert_eq!((&first["rows"], &first["without_blank"], &first["again"]), (&4.into(), &4.into(), &0.into()));
    let refused = said(&desk, 1, &[&DATA[..], &["发证", "--force"]].concat());
    assert!(refused.contains("其中 4 本以前打印过") && refused.contains("--again"), "{refused}");
    said(&desk, 0, &line("stock use 00000001 --batch 1 --on 2026-02-02"));
    // The blanks came after the first print: nothing is used up by it.
    let second = told(&desk, 0, &[&DATA[..], &["空白证书到了", "--again", "--force"]].concat());
    assert_eq!((&second["again"], &second["without_blank"]), (&4.into(), &0.into()));
    assert_eq!(second["spoiled"], serde_json::json!([]));
    let blanks = |name: &str| data(&desk, name).iter().map(|line| line["空白证书编号"].clone()).collect::<Vec<_>>();
    assert_eq!(blanks("p.xlsx"), ["00000001", "00000002", "00000003", "00000004"]);
    assert_eq!(balance(&desk), [10, 6, 4, 0, 0, 0]);
    // One is misprinted: its blank is spoiled, the next in stock takes its place, in one step with the data.
    let one = ["print", "data", "--code", &codes[1], "-o", "one.xlsx", "--reason", "卡纸"];
    assert!(said(&desk, 1, &one).contains("--again"));
    let again = told(&desk, 0, &[&one[..], &["--again"]].concat());
    assert_eq!((&again["again"], &again["spoiled"][0]["kind"]), (&1.into(), &"ordinary".into()));
    assert_eq!(blanks("one.xlsx"), ["00000005"]);
    assert_eq!(balance(&desk), [10, 5, 4, 1, 0, 0]);
    let life = said(&desk, 0, &["ledger", "show", &codes[1]]);
    assert!(life.contains("写出打印数据") && life.contains("卡纸") && life.contains("00000005"), "{life}");
    // An electronic certificate is another medium: no blank is asked of it.
    let electronic =
        ["print", "data", "--code", &codes[1], "-o", "e.xlsx", "--medium", "electronic", "--reason", "电子证书"];
    assert_eq!(told(&desk, 0, &electronic)["again"], 0);
    assert_eq!(blanks("e.xlsx"), [""]);
    assert_eq!(balance(&desk), [10, 5, 4, 1, 0, 0]);
    is_sound(&desk);
}

/// What cannot be written has happened to nobody: no blank is spoiled for it and no print noted.
#[test]
fn where_no_blank_is_left_or_nothing_is_written_nothing_is_noted() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 2);
    said(&desk, 0, &line("stock receive 00000001-00000003 --keeper 李敏 --on 2026-01-05"));
    said(&desk, 0, &line("stock use 00000001 --batch 1 --on 2026-02-02"));
    told(&desk, 0, &[&DATA[..], &["发证"]].concat());
    let entries = || told(&desk, 0, &["audit", "show", "--limit", "1"])["entries"][0]["seq"].clone();
    let before = entries();
    let refused = said(&desk, 1, &[&DATA[..], &["重印", "--again", "--force"]].concat());
    assert!(refused.contains('2') && !refused.contains("打印数据 2 行"), "{refused}");
    said(&desk, 3, &[&DATA[..], &["重印", "--again"]].concat());
    assert_eq!((entries(), balance(&desk)), (before, [3, 1, 2, 0, 0, 0]));
    // A void certificate is left out, and told.
    said(&desk, 0, &["ledger", "void", &codes[0], "--reason", "作废", "--yes"]);
    let left = said(&desk, 1, &[&DATA[..], &["重印", "--again", "--force"]].concat());
    assert!(left.contains("没有写出 1 行") && left.contains("作废"), "{left}");
    assert_eq!(data(&desk, "p.xlsx").len(), 1);
    assert_eq!(balance(&desk), [3, 0, 2, 1, 0, 0]);
    is_sound(&desk);
}

/// New paper of a case that was laid on its blank already is printed on that one.
#[test]
fn a_blank_that_replaced_another_since_is_not_used_up() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 2);
    said(&desk, 0, &line("stock receive 00000001-00000009 --keeper 李敏 --on 2026-01-05"));
    said(&desk, 0, &line("stock use 00000001 --batch 1 --on 2026-02-02"));
    told(&desk, 0, &[&DATA[..], &["发证"]].concat());
    said(&desk, 0, &line("stock spoil 00000002 --again --reason 污损"));
    let one = ["print", "data", "--code", &codes[1], "-o", "one.xlsx", "--reason", "污损重印", "--again"];
    assert_eq!(told(&desk, 0, &one)["spoiled"], serde_json::json!([]));
    assert_eq!(data(&desk, "one.xlsx")[0]["空白证书编号"], "00000003");
    assert_eq!(balance(&desk), [9, 6, 2, 1, 0, 0]);
}
