//! A year of blank certificates in the workbench on a real pseudo-terminal, over a real store: the demand and the order of January,
//! the receipt, two print runs with spoilage, the stocktake of June with a difference, a correction on new paper, the next demand.

use serde_json::Value;

use crate::support::harness::Harness;
use crate::support::{Desk, goods};

const PREFIX: &str = "S000044012001";
const NAME: &str = "广州样例技师学院";

/// Runs a verb in the state folder the workbench has.
#[track_caller]
fn told(desk: &Desk, words: &[&str]) -> String {
    let home = desk.path("state");
    let ran = desk.verb(&[words, &["--home", home.to_str().expect("a path")]].concat());
    assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
    ran.out
}

/// A roster of so many people whose certificates get their numbers on a day.
fn issued(desk: &Desk, file: &str, people: std::ops::Range<usize>, on: &str) {
    let mut rows = goods(people.end).split_off(people.start);
    for row in &mut rows {
        (row[6], row[7], row[8]) = ("3".into(), String::new(), on.into());
        (row[9], row[10]) = (NAME.into(), NAME.into());
    }
    desk.roster(file, &rows);
    let call = ["ledger", "allocate", file, "--profile", "guangdong-technical", "--prefix", PREFIX, "--today", on];
    told(desk, &[&call[..], &["--day-is-right", "--output", &format!("{file}.up.csv")]].concat());
}

/// Books something in the tab: which act, by its place in the list, then each field with what is typed into it.
#[track_caller]
fn book(bench: &mut Harness, act: usize, fields: &[(&str, &str)], then: &str) {
    bench.press("a");
    bench.sees(&["做什么", "空白证书入库"]);
    (0..act).for_each(|_| bench.press("j"));
    bench.press("\r");
    for (label, typed) in fields {
        bench.sees(&[&format!("> {label}")]);
        if !typed.is_empty() {
            bench.press(&format!("\x15{typed}"));
        }
        bench.press("\r");
    }
    bench.sees(&["确定吗"]);
    bench.press("y");
    bench.sees(&[then]);
}

const RECEIVE: usize = 0;
const USE: usize = 4;
const SPOIL: usize = 5;
const COUNT: usize = 7;
const CLOSE: usize = 8;
const DEMAND: usize = 9;

#[test]
fn a_year_of_blanks_is_kept_at_the_workbench() {
    let desk = Desk::new();
    told(&desk, &["institution", "add", PREFIX, "--name", NAME, "--profile", "guangdong-technical"]);
    issued(&desk, "spring.csv", 0..6, "2026-03-02");
    issued(&desk, "autumn.csv", 6..10, "2026-09-01");
    let mut bench = Harness::start(&desk, &[]);
    bench.sees(&["在办批次"]);
    bench.press("L7");
    bench.sees(&["[7 空白证书]", "还没有空白证书"]);
    // January: what the year needs, and what came of the order.
    let demand = [
        ("类别", ""),
        ("年份", "2026"),
        ("预计合格人数", "0/0/10/0/0"),
        ("机构", ""),
        ("预计废证率", ""),
        ("库存日期", ""),
        ("订购日期", "2026-01-23"),
        ("原因", ""),
    ];
    book(&mut bench, DEMAND, &demand, "空白证书");
    let receive = [
        ("类别", ""),
        ("号码段", "00011881-00011900"),
        ("保管人", "李敏"),
        ("存放地点", "三号柜"),
        ("日期", "2026-02-02"),
        ("原因", "送货单9号"),
    ];
    book(&mut bench, RECEIVE, &receive, "入库 20、库存 20");
    // Spring: six certificates, one of them spoiled over it and printed again.
    let print = [
        ("类别", ""),
        ("起号", "00011881"),
        ("给谁打印", "批次 1"),
        ("打印损耗", ""),
        ("日期", "2026-03-03"),
        ("原因", ""),
    ];
    book(&mut bench, USE, &print, "库存 14、已用 6");
    let spoil = [("类别", ""), ("号码", "00011883")];
    bench.press("a");
    bench.sees(&["做什么"]);
    (0..SPOIL).for_each(|_| bench.press("j"));
    bench.press("\r");
    for (label, typed) in spoil {
        bench.sees(&[&format!("> {label}")]);
        if !typed.is_empty() {
            bench.press(&format!("\x15{typed}"));
        }
        bench.press("\r");
    }
    bench.sees(&["> 已对上的证书"]);
    bench.press("j");
    bench.press("\r");
    for (label, typed) in [("日期", "2026-03-03"), ("原因", "卡纸")] {
        bench.sees(&[&format!("> {label}")]);
        bench.press(&format!("\x15{typed}"));
        bench.press("\r");
    }
    bench.sees(&["确定吗"]);
    bench.press("y");
    bench.sees(&["库存 13、已用 6、损耗 1"]);
    // June: one is missing, which must be explained.
    let count = [
        ("类别", ""),
        ("点到的号码", "00011888-00011890 00011892-00011900"),
        ("只盘谁的", ""),
        ("机构", ""),
        ("日期", "2026-06-30"),
        ("原因", ""),
    ];
    book(&mut bench, COUNT, &count, "账上 13 张，点到 12 张，差 -1");
    let close = [("第几次盘点", "1"), ("日期", "2026-06-30"), ("原因", "搬柜时夹带")];
    book(&mut bench, CLOSE, &close, "库存 12、已用 6、损耗 1、丢失 1");
    // Autumn: the second run goes past the one that is lost.
    let print = [
        ("类别", ""),
        ("起号", "00011888"),
        ("给谁打印", "批次 2"),
        ("打印损耗", ""),
        ("日期", "2026-09-02"),
        ("原因", ""),
    ];
    book(&mut bench, USE, &print, "库存 8、已用 10、损耗 1、丢失 1");
    // A correction, once it is agreed to, takes new paper.
    for status in ["submitted", "accepted", "published"] {
        told(&desk, &["ledger", "mark", status, "--batch", "1", "--date", "2026-09-10", "--yes"]);
    }
    let code = format!("{PREFIX}263000001");
    let open = ["case", "open", "correct", &code, "--set", "姓名=张玮", "--reason", "录错", "--on", "2026-11-16"];
    told(&desk, &open);
    told(&desk, &["case", "approve", "1", "--reference", "穗人社更1号", "--on", "2026-11-17"]);
    let print = [
        ("类别", ""),
        ("起号", "00011893"),
        ("给谁打印", "个案 1"),
        ("打印损耗", ""),
        ("日期", "2026-11-20"),
        ("原因", ""),
    ];
    book(&mut bench, USE, &print, "库存 7、已用 10、损耗 2、丢失 1");
    let demand = [
        ("类别", ""),
        ("年份", "2027"),
        ("预计合格人数", "0/0/12/0/0"),
        ("机构", ""),
        ("预计废证率", ""),
        ("库存日期", ""),
        ("订购日期", ""),
        ("原因", ""),
    ];
    book(&mut bench, DEMAND, &demand, "库存 7、已用 10");
    bench.press("G");
    bench.press("\r");
    bench.sees(&["空白证书入库", "李敏"]);
    bench.leaves();

    let noted = |year: &str| -> Value {
        serde_json::from_str(&told(&desk, &["stock", "demand", "--year", year, "--format", "json"])).expect("JSON")
    };
    assert_eq!((&noted("2026")["sum"]["order"], &noted("2027")["sum"]["order"]), (&10.into(), &5.into()));
    let due = desk.verb(&["due", "--on", "2026-12-01", "--home", &desk.name("state"), "--format", "json"]).out;
    let due: Value = serde_json::from_str(&due).expect("JSON");
    let of =
        |clause: &str| due["items"].as_array().expect("items").iter().find(|item| item["clause"] == clause).cloned();
    assert_eq!(of("GD-14").expect("the next stocktake")["due"], "2026-12-30");
    let life = told(&desk, &["stock", "show", "00011881"]);
    assert!(life.contains("损耗（2026-11-20 起）") && life.contains(&code), "{life}");
    told(&desk, &["ledger", "verify"]);
}
