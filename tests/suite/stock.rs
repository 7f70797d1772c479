//! Blank certificates, through the shell: the worked example, what is refused, print runs with spoilage, stocktakes, comparison,
//! demand, and the new paper of a case.

use serde_json::{Value, json};
use skillcert::domain::ledger::verify::VerifyReport;
use skillcert::store::{StatePaths, StoreReader};

use crate::stock_taken_back::agreed;
use crate::support::{Desk, goods};

const BEIJING: &str = "Y000111020001";
const GUANGDONG: &str = "S000044012001";

/// Runs a verb that must end with a code, with `--yes` where it asks.
#[track_caller]
pub fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[&*agreed(arguments), &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
pub fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&*agreed(arguments), &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// A line of arguments with blanks between.
pub fn line(text: &str) -> Vec<&str> {
    text.split(' ').collect()
}

/// A batch of certificates in Beijing, and an institution in Guangdong; gives their codes in the order of the roster.
pub fn printed_batch(desk: &Desk, count: usize) -> Vec<String> {
    let mut rows = goods(count);
    for row in &mut rows {
        row[7].clear();
        row[8].clear();
        row[9] = "北京样例集团有限公司".into();
        row[10] = "北京样例集团有限公司".into();
    }
    desk.roster("beijing.csv", &rows);
    said(desk, 0, &["institution", "add", BEIJING, "--name", "北京样例集团有限公司", "--profile", "beijing"]);
    said(desk, 0, &["institution", "add", GUANGDONG, "--name", "广州样例技师学院", "--profile", "guangdong-technical"]);
    let call = ["ledger", "allocate", "beijing.csv", "--profile", "beijing", "--prefix", BEIJING];
    said(desk, 0, &[&call[..], &["--today", "2026-01-30", "--day-is-right", "--output", "up.csv"]].concat());
    let shown = told(desk, 0, &["ledger", "show", BEIJING, "--limit", "1000"]);
    let codes = shown["certificates"].as_array().expect("certificates").iter();
    codes.map(|c| c["code"].as_str().expect("a code").into()).collect()
}

/// Gives the balance of all keepers of ordinary blanks.
pub fn balance(desk: &Desk) -> [u64; 6] {
    let page = told(desk, 0, &["stock", "show"]);
    let sum = |key: &str| {
        page["balances"].as_array().expect("balances").iter().map(|of| of[key].as_u64().expect("a number")).sum()
    };
    ["received", "stock", "used", "spoiled", "destroyed", "lost"].map(sum)
}

#[track_caller]
pub fn is_sound(desk: &Desk) {
    let places = StatePaths::at(&desk.folder("home/.local/share/skillcert")).expect("places");
    let (_, report): (_, VerifyReport) =
        StoreReader::open(&places).expect("open").expect("store").verify().expect("read");
    assert!(report.is_sound(), "{:?}", report.problems());
}

/// AFTER.md B, number by number.
#[test]
fn the_worked_example_comes_out_as_it_is_written() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 300);
    let receive = |range, on| {
        line(&format!("stock receive {range} --keeper 李敏 --place 三号柜 --on {on}"))
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let run = |code, arguments: &[String]| said(&desk, code, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    run(0, &receive("00011881-00012000", "2026-01-05"));
    assert_eq!(balance(&desk), [120, 120, 0, 0, 0, 0]);
    run(0, &receive("00012001-00012500", "2026-02-02"));
    assert_eq!(balance(&desk)[1], 620);
    // 300 good ones from 00011881 on, with 6 spoiled.
    let spoiled = "00011900,00011950,00012000-00012002,00012100";
    let print = format!("stock use 00011881 --batch 1 --spoiled {spoiled} --reason 卡纸 --on 2026-03-02");
    let printed = told(&desk, 0, &line(&print));
    let pairs = printed["pairs"].as_array().expect("pairs");
    assert_eq!(
        (pairs.len(), &pairs[0]["number"], &pairs[299]["number"]),
        (300, &json!("00011881"), &json!("00012186"))
    );
    assert!(pairs.iter().zip(&codes).all(|(pair, code)| pair["code"] == code.as_str()), "in the order of the roster");
    assert!(pairs.iter().all(|pair| pair["number"] != "00011900" && pair["number"] != "00012001"));
    assert_eq!(balance(&desk), [620, 314, 300, 6, 0, 0]);
    let page = told(&desk, 0, &line("stock show --from 2026-01-01 --to=2026-06-30"));
    let spoilage = &page["spoilage"][0];
    assert_eq!(
        (&spoilage["good"], &spoilage["spoiled"], &spoilage["per_cent"]),
        (&json!(300), &json!(6), &json!("1.96"))
    );
    // The six are destroyed before a witness; none of them is ever used again.
    said(&desk, 0, &line("stock destroy --all --witness 赵静 --record 2026-1 --on 2026-03-09"));
    assert_eq!(balance(&desk), [620, 314, 300, 0, 6, 0]);
    let refused = said(&desk, 1, &line("stock use 00012001 --batch 1"));
    assert!(refused.contains("no certificate to be printed"), "{refused}");
    let refused = said(&desk, 1, &line("stock spoil 00012001 --reason x"));
    assert!(refused.contains("00012001 was destroyed and cannot be used"), "{refused}");
    // One is missing at the stocktake.
    let list = "00012187-00012300\n00012302-00012500\n";
    let count = line("stock count - --on 2026-06-30 --institution S000044012001 --format json");
    let counted = desk.verb_with_input(&count, list.as_bytes());
    assert_eq!(counted.code, 1, "{}{}", counted.out, counted.err);
    let counted: Value = serde_json::from_str(&counted.out).expect("JSON");
    assert_eq!((&counted["held"], &counted["counted"]), (&json!(314), &json!(313)));
    assert_eq!(counted["missing"], json!([{ "first": "00012301", "last": "00012301" }]));
    assert_eq!((&counted["closed"], balance(&desk)[1]), (&Value::Null, 314), "it is not closed before it is explained");
    let of_count = |list: &Value| {
        let all = list["items"].as_array().expect("items").iter().find(|item| item["clause"] == "GD-14");
        all.map(|item| format!("{} {}", item["standing"], item["due"]).replace('"', ""))
    };
    // Never counted so far, it counts from the first receipt.
    assert_eq!(of_count(&told(&desk, 1, &line("due --on 2026-07-01"))), Some("due 2026-07-05".into()));
    said(&desk, 2, &line("stock close 1 --reason"));
    said(&desk, 0, &["stock", "close", "1", "--reason", "搬柜时夹带，找不到", "--on", "2026-06-30"]);
    assert_eq!(balance(&desk), [620, 313, 300, 0, 6, 1]);
    said(&desk, 1, &line("stock close 1 --reason x"));
    assert_eq!(of_count(&told(&desk, 1, &line("due --on 2026-07-01"))), Some("due 2026-12-30".into()));
    // 415 passes, 313 in stock.
    let estimate = "5=40,4=200,3=150,2=20,1=5";
    let demand = told(&desk, 0, &line(&format!("stock demand --year 2027 --estimate {estimate}")));
    assert_eq!((&demand["passes"], &demand["stock"], &demand["order"]), (&json!(415), &json!(313), &json!(102)));
    is_sound(&desk);
}

#[test]
fn each_refusal_has_its_sentence() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 3);
    let (one, two) = (codes[0].as_str(), codes[1].as_str());
    said(&desk, 0, &line("stock receive 00011881-00012000 --keeper 李敏"));
    said(&desk, 0, &["stock", "use", "00011881", one]);
    said(&desk, 0, &line("stock spoil 00011882 00011883 --reason 卡纸"));
    said(&desk, 0, &line("stock destroy 00011883 --witness 赵静"));
    said(&desk, 0, &["ledger", "void", two, "--reason", "x", "--yes"]);
    for (code, call, zh, en) in [
        (
            1,
            "receive 00011990-00012500".to_string(),
            "00011990-00012000 已经入过库",
            "00011990-00012000 were received before",
        ),
        (1, "receive 00011881-00012000".into(), "已经入过库", "were received before"),
        (
            2,
            "receive 0012001-00012500".into(),
            "“0012001”不是空白证书的号码",
            "“0012001” is no number of a blank certificate",
        ),
        (2, "receive 000120011-000120019".into(), "不是空白证书的号码", "is no number"),
        (2, "receive 00012500-00012001".into(), "止号比起号小", "ends before it begins"),
        (2, "receive 00012001 --on 2026-11-22".into(), "2026-11-22", "2026-11-22"),
        (1, format!("use 00012001 {}", codes[2]), "00012001 没有入过库", "00012001 was never received"),
        (
            1,
            format!("use 00011881 {}", codes[2]),
            &format!("00011881 已经用于证书 {one}"),
            &format!("00011881 is used for certificate {one}"),
        ),
        (1, format!("use 00011884 {one}"), "已经印在空白证书 00011881 上", "is printed on blank 00011881"),
        (1, format!("use 00011884 {two}"), "不打印", "nothing is printed for it"),
        (
            1,
            format!("use 00011882 {}", codes[2]),
            "00011882 已登记损耗，不能再用",
            "00011882 is spoiled and cannot be used",
        ),
        (
            1,
            format!("use 00011883 {}", codes[2]),
            "00011883 已经销毁，不能再用",
            "00011883 was destroyed and cannot be used",
        ),
        (
            1,
            "destroy 00011884 --witness 赵静".into(),
            "没有登记损耗，不能销毁",
            "is not spoiled and cannot be destroyed",
        ),
        (1, "return 00011884".into(), "不是领出来的", "was not drawn"),
        (1, "draw 00011884 --to=李敏".into(), "已经在 李敏 手里", "李敏 has 00011884 already"),
        (1, "spoil 00011884 --reason x --on 2026-11-20".into(), "不能早于这一天", "cannot be earlier"),
        (2, "spoil 00011884 00011884 --reason x".into(), "写了两次", "named twice"),
        (
            1,
            "spoil 00011885 --again --reason x".into(),
            "00011885 上没有印证书",
            "No certificate is printed on 00011885",
        ),
        (1, "use 00012000 --batch 1 --spoiled 00012000 --reason x".into(), "只有 0 张", "the keeper has 0"),
        (2, "hand-over --all-of 无人 --to=赵静".into(), "“无人”名下没有空白证书", "no blanks of “无人”"),
        (2, "close 7 --reason x".into(), "没有第 7 次盘点", "no stocktake 7"),
        (1, "show 00012001".into(), "00012001 没有入过库", "00012001 was never received"),
        (2, "demand --year 2027 --estimate 三级=多".into(), "不是“等级=人数”", "is not LEVEL=N"),
        (2, "use 00011884 --case 7".into(), "7", "7"),
    ] {
        let call: Vec<&str> = std::iter::once("stock").chain(line(&call)).collect();
        for (lang, words) in [("zh", zh), ("en", en)] {
            let ran = desk.verb(&[&call[..], &["--lang", lang]].concat());
            assert_eq!(ran.code, code, "{call:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(words), "{call:?}: {}", ran.err);
            assert!(!ran.err.contains("stock.") && !ran.err.contains('{'), "{call:?}: {}", ran.err);
        }
    }
    // Nothing of it was done.
    assert_eq!(balance(&desk), [120, 117, 1, 1, 1, 0]);
    is_sound(&desk);
}

/// A certificate on a spoiled blank gets the next free one behind; the rest is renumbered only where that is asked for.
#[test]
fn spoiled_ones_are_passed_over_one_by_one_and_the_rest_moves_on_only_when_asked() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 10);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 王强"));
    said(&desk, 0, &line("stock use 00000101 --batch 1"));
    let on = |code: &str| told(&desk, 0, &["ledger", "show", code])["blank"]["number"].as_str().map(String::from);
    let all = || codes.iter().map(|code| on(code).unwrap_or_default()).collect::<Vec<_>>();
    let run = |from: u32| (from..).take(10).map(|n| format!("{n:08}")).collect::<Vec<_>>();
    assert_eq!(all(), run(101));
    let freed = said(&desk, 0, &line("stock spoil 00000103 --reason 卡纸"));
    assert!(freed.contains("Now without a blank: ") && freed.contains(&codes[2]), "{freed}");
    assert_eq!(on(&codes[2]), None);
    // Whoever prints it again names the blank; the others stay.
    said(&desk, 0, &["stock", "use", "00000111", &codes[2]]);
    said(&desk, 0, &line("stock spoil 00000105 --again --reason 卡纸"));
    let mut wanted = run(101);
    (wanted[2], wanted[4]) = ("00000111".into(), "00000112".into());
    assert_eq!(all(), wanted);
    // Asked for, those behind move on: the one on 00000102 goes to 00000104, and so on.
    said(&desk, 0, &line("stock spoil 00000102 --shift --reason 卡纸"));
    let places = [101, 104, 112, 106, 113, 107, 108, 109, 110, 111].map(|n: u32| format!("{n:08}"));
    assert_eq!(all(), places);
    let page = told(&desk, 0, &line("stock show"));
    assert_eq!((&page["spoilage"][0]["good"], &page["spoilage"][0]["spoiled"]), (&json!(10), &json!(3)));
    let life = told(&desk, 0, &line("stock show 00000104"));
    let steps = life["blanks"][0]["steps"].as_array().expect("steps");
    let told: Vec<&str> = steps.iter().map(|step| step["action"].as_str().expect("an action")).collect();
    assert_eq!(told, ["stock.receive", "stock.use", "stock.spoil"]);
    assert_eq!((steps[1]["code"].as_str(), steps[2]["code"].as_str()), (Some(&*codes[3]), Some(&*codes[1])));
    is_sound(&desk);
}

#[test]
fn a_reissue_and_a_correction_ask_for_a_new_blank_and_spoil_the_old_one() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 3);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 王强"));
    said(&desk, 0, &line("stock use 00000101 --batch 1"));
    for status in ["submitted", "accepted", "published"] {
        said(
            &desk,
            0,
            &[
                "ledger",
                "mark",
                status,
                "--batch",
                "1",
                "--date",
                "2026-11-20",
                "--reason",
                "x",
                "--past-deadline",
                "--yes",
            ],
        );
    }
    said(&desk, 0, &["case", "open", "reissue", &codes[0], "--cause", "damaged", "--reason", "污损", "--paper", "x"]);
    let early = said(&desk, 1, &line("stock use 00000104 --case 1"));
    assert!(early.contains("neither approved nor closed"), "{early}");
    let closed = said(&desk, 0, &["case", "close", "1", "--reason", "补发", "--yes"]);
    assert!(closed.contains("printed on blank 00000101") && closed.contains("--case 1"), "{closed}");
    assert_eq!(told(&desk, 0, &line("case show 1"))["blank_to_replace"], "00000101");
    let done = said(&desk, 0, &line("stock use 00000104 --case 1"));
    assert!(done.contains("Used 00000104") && done.contains("00000101"), "{done}");
    assert_eq!(told(&desk, 0, &line("case show 1"))["blank_to_replace"], Value::Null);
    let again = said(&desk, 1, &line("stock use 00000105 --case 1"));
    assert!(again.contains("printed on 00000104"), "{again}");
    let shown = told(&desk, 0, &["ledger", "show", &codes[0]]);
    assert_eq!(shown["blank"], json!({ "kind": "ordinary", "number": "00000104", "to_spoil": false }));
    let used: Vec<&Value> =
        shown["events"].as_array().expect("events").iter().filter(|e| e["action"] == "stock.use").collect();
    assert_eq!(used.len(), 2);
    let fact =
        used[1]["facts"].as_array().expect("facts").iter().find(|fact| fact["key"] == "blank").expect("the blank");
    assert_eq!((&fact["before"], &fact["after"]), (&json!("00000101"), &json!("00000104")));
    // What a reissue replaced was not spoiled in printing.
    let page = told(&desk, 0, &line("stock show"));
    assert_eq!((&page["spoilage"][0]["good"], &page["spoilage"][0]["spoiled"]), (&json!(4), &json!(0)));
    assert_eq!(balance(&desk), [50, 46, 3, 1, 0, 0]);
    // A correction, once it is agreed to.
    said(&desk, 0, &["case", "open", "correct", &codes[1], "--set", "姓名=张玮", "--reason", "错"]);
    let approved = said(&desk, 0, &["case", "approve", "2", "--reference", "京人社更12号"]);
    assert!(approved.contains("printed on blank 00000102"), "{approved}");
    said(&desk, 0, &line("stock use 00000105 --case 2"));
    said(&desk, 0, &["case", "open", "revoke", &codes[2], "--benefits-cancelled", "2026-11-01", "--reason", "x"]);
    let refused = said(&desk, 1, &line("stock use 00000106 --case 3"));
    assert!(refused.contains("is a revocation"), "{refused}");
    is_sound(&desk);
}

#[test]
fn a_list_that_cannot_be_read_names_its_cell_and_notes_nothing() {
    let desk = Desk::new();
    printed_batch(&desk, 1);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 王强 --on 2026-01-05"));
    desk.put("found.csv", "号码,数\n00000101-00000149,49\n150,1\n");
    let refused = said(&desk, 3, &line("stock count found.csv"));
    assert!(refused.contains("found.csv, row 3, column 1") && refused.contains("“150”"), "{refused}");
    desk.put("empty.csv", "起号,止号\n");
    said(&desk, 2, &line("stock count empty.csv"));
    desk.put("other.csv", "起号,止号,状态\n00000101,00000150,神隐\n");
    let refused = said(&desk, 3, &line("stock compare other.csv"));
    assert!(refused.contains("row 2, column 3"), "{refused}");
    assert!(told(&desk, 0, &line("stock show"))["open_counts"].as_array().expect("counts").is_empty());
    // Scanned, doubled, with another's among them.
    desk.put("scan.txt", "00000101\n00000102\n00000102\n00000104-00000150\n00000900\n");
    let counted = told(&desk, 1, &line("stock count scan.txt --on 2026-06-30"));
    assert_eq!(counted["missing"], json!([{ "first": "00000103", "last": "00000103" }]));
    assert_eq!(counted["surplus"], json!([{ "first": "00000900", "last": "00000900" }]));
    assert_eq!(counted["doubled"], json!([{ "first": "00000102", "last": "00000102" }]));
    // What was used before the count is closed was not lost.
    said(&desk, 0, &line("stock spoil 00000103 --reason 找到，已污损"));
    let closed = said(&desk, 0, &line("stock close 1 --reason 已找到"));
    assert!(closed.contains("nothing is lost"), "{closed}");
    // Only one keeper's.
    said(&desk, 0, &line("stock draw 00000101-00000102 00000104-00000110 --to=赵静"));
    let even = told(
        &desk,
        0,
        &line("stock count --number 00000101,00000102,00000104-00000110 --keeper 赵静 --institution S000044012001"),
    );
    assert_eq!((&even["held"], even["closed"].is_null()), (&json!(9), false));
    // What one keeper has is no stocktake of the institution.
    assert_eq!(told(&desk, 0, &line("event list"))["events"][0]["day"], json!("2026-06-30"));
    is_sound(&desk);
}

#[test]
fn our_own_list_is_read_back_and_another_systems_is_held_against_it() {
    let desk = Desk::new();
    let codes = printed_batch(&desk, 2);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 王强"));
    said(&desk, 0, &line("stock receive 00000101-00000110 --kind competition --keeper 王强"));
    said(&desk, 0, &["stock", "use", "00000101", &codes[0]]);
    said(&desk, 0, &line("stock spoil 00000102 --reason 卡纸"));
    let list = desk.verb(&line("stock list --format csv"));
    assert!(list.out.contains("普通空白证书,00000101,00000101,1,已用,王强"), "{}", list.out);
    desk.put("ours.csv", &list.bytes);
    let same = told(&desk, 0, &line("stock compare ours.csv"));
    assert_eq!((&same["same"], &same["states"][0]["ours"]), (&json!(true), &json!(48)));
    said(&desk, 0, &line("stock compare ours.csv --kind competition"));
    // The alliance still has the used one in stock.
    desk.put("theirs.csv", "first,last\n00000101,00000101\n00000103,00000150\n");
    let differ = told(&desk, 1, &line("stock compare theirs.csv"));
    let stock = &differ["states"][0];
    assert_eq!((&stock["ours"], &stock["theirs"]), (&json!(48), &json!(49)));
    assert_eq!(stock["only_theirs"], json!([{ "first": "00000101", "last": "00000101" }]));
    let both = told(&desk, 0, &line("stock show 00000101"));
    assert_eq!(both["blanks"].as_array().expect("both kinds").len(), 2);
}

#[test]
fn demands_of_several_institutions_add_up_and_meet_the_deadline() {
    let desk = Desk::new();
    printed_batch(&desk, 1);
    said(&desk, 0, &line("stock receive 00000101-00000150 --keeper 王强 --on 2026-01-02"));
    let of = |institution: &str, more: &str| {
        let call =
            format!("stock demand --year 2026 --estimate 三级=60,二级=10 --institution {institution} --note{more}");
        told(&desk, 0, &line(&call))
    };
    assert_eq!(of(BEIJING, "")["order"], 70, "at the end of the year before there were none");
    assert_eq!(of(GUANGDONG, " --as-of 2026-01-05 --allowance 10 --ordered 2026-01-20")["order"], 27);
    // A later word takes the place of the first.
    assert_eq!(of(BEIJING, " --as-of 2026-01-05")["order"], 20);
    let all = told(&desk, 0, &line("stock demand --year 2026"));
    assert_eq!((all["demands"].as_array().expect("demands").len(), &all["sum"]["order"]), (2, &json!(97)));
    assert_eq!(all["sum"]["estimates"][2], json!({ "level": 3, "passes": 120 }));
    let table = said(&desk, 0, &line("stock demand --year 2026"));
    assert!(table.contains("Total") && table.contains("97"), "{table}");
    let events = told(&desk, 0, &line("event list"));
    assert_eq!(
        events["events"][0],
        json!({ "thing": format!("institution:{GUANGDONG}"), "event": "ordered", "day": "2026-01-20" })
    );
    said(&desk, 2, &line("stock demand --year 2026 --estimate 三级=1 --note --ordered 2026-01-20"));
    // The site may always expect some to be spoiled.
    desk.put("home/.local/share/skillcert/config.toml", "blank_allowance = 10\n");
    let spoiled = told(&desk, 0, &line("stock demand --year 2026 --estimate 三级=60 --institution Y000111020001"));
    assert_eq!((&spoiled["allowance"], &spoiled["order"]), (&json!(10), &json!(66)));
    is_sound(&desk);
}

/// Numbers and blanks are given in one moment, or neither is.
#[test]
fn numbers_are_given_together_with_the_blanks_that_are_printed() {
    let desk = Desk::new();
    printed_batch(&desk, 1);
    let mut rows = goods(4).split_off(1);
    for row in &mut rows {
        (row[7], row[8]) = (String::new(), String::new());
        (row[9], row[10]) = ("北京样例集团有限公司".into(), "北京样例集团有限公司".into());
    }
    desk.roster("more.csv", &rows);
    let give = |code: i32, more: &str| {
        let call = format!(
            "ledger allocate more.csv --profile beijing --prefix {BEIJING} --today 2026-02-02 --day-is-right {more}"
        );
        let ran = desk.verb(&line(&call));
        assert_eq!(ran.code, code, "{call}: {}{}", ran.out, ran.err);
        ran.out + &ran.err
    };
    let numbers = || told(&desk, 0, &line("ledger series"))["series"][0]["high"].clone();
    let before = numbers();
    assert!(give(1, "--blanks 00000101").contains("00000101 没有入过库"));
    said(&desk, 0, &line("stock receive 00000101-00000102 --keeper 王强 --on 2026-02-01"));
    assert!(give(1, "--blanks 00000101").contains("只有 2 张"));
    give(2, "--blanks 101");
    assert_eq!((numbers(), balance(&desk)), (before, [2, 2, 0, 0, 0, 0]), "nothing was taken");
    said(&desk, 0, &line("stock receive 00000110-00000120 --keeper 王强 --on 2026-02-01"));
    said(&desk, 0, &line("stock spoil 00000102 --reason 受潮 --on 2026-02-01"));
    let tried = give(0, "--blanks 00000101 --dry-run");
    assert!(tried.contains("00000101、00000110-00000111"), "{tried}");
    assert_eq!(balance(&desk), [13, 12, 0, 1, 0, 0]);
    let done = give(0, "--blanks 00000101 --format json");
    // Behind it the shell says which days are written.
    let done = done.lines().next().expect("a document");
    let done: Value = serde_json::from_str(done).unwrap_or_else(|e| panic!("{e}: {done}"));
    let runs = json!([{ "first": "00000101", "last": "00000101" }, { "first": "00000110", "last": "00000111" }]);
    assert_eq!(done["blanks"], runs);
    let on = |row: usize| {
        let code = done["rows"][row]["code"].as_str().expect("a code").to_string();
        told(&desk, 0, &["ledger", "show", &code])["blank"]["number"].clone()
    };
    assert_eq!([0, 1, 2].map(on), ["00000101", "00000110", "00000111"].map(Value::from));
    assert_eq!(
        [0, 1, 2].map(|row| done["rows"][row]["blank"].clone()),
        ["00000101", "00000110", "00000111"].map(Value::from)
    );
    assert_eq!(balance(&desk), [13, 9, 3, 1, 0, 0]);
    is_sound(&desk);
}

/// SC-13: competition certificates have blanks of their own; others are used where somebody insists, and it is said.
#[test]
fn blanks_of_the_other_kind_are_told() {
    let desk = Desk::new();
    let mut rows = goods(1);
    (rows[0][7], rows[0][8]) = ("S000051009999263J00001".into(), "2026-03-02".into());
    (rows[0][9], rows[0][10]) = ("样例竞赛组委会".into(), "四川省职业技能鉴定指导中心（代章）".into());
    desk.roster("old.csv", &rows);
    let import = ["ledger", "import", "old.csv", "--profile", "sichuan-competition", "--status", "published"];
    said(&desk, 0, &import);
    let code = rows[0][7].as_str();
    said(&desk, 0, &line("stock receive 00000101-00000102 --keeper 王强 --on 2026-11-20"));
    said(&desk, 0, &line("stock receive 00000201-00000202 --keeper 王强 --kind competition --on 2026-11-20"));
    let other = said(&desk, 0, &["stock", "use", "00000101", code]);
    assert!(other.contains("SC-13") && other.contains("competition blanks"), "{other}");
    said(&desk, 0, &["stock", "spoil", "00000101", "--reason", "用错"]);
    let own = said(&desk, 0, &["stock", "use", "00000201", code, "--kind", "competition"]);
    assert!(!own.contains("SC-13"), "{own}");
    let desk = Desk::new();
    let ours = printed_batch(&desk, 1).remove(0);
    said(&desk, 0, &line("stock receive 00000201-00000202 --keeper 王强 --kind competition --on 2026-11-20"));
    let other = said(&desk, 0, &["stock", "use", "00000202", &ours, "--kind", "competition"]);
    assert!(other.contains("on ordinary blanks"), "{other}");
}

/// A number of eight digits that is typed into the decoder is found where it is.
#[test]
fn the_decoder_tells_where_a_blank_is() {
    let desk = Desk::new();
    let nowhere = said(&desk, 0, &["decode", "00011953"]);
    assert!(!nowhere.contains("李敏"), "{nowhere}");
    said(&desk, 0, &line("stock receive 00011881-00012000 --keeper 李敏 --place 保险柜 --on 2026-11-20"));
    let found = said(&desk, 0, &["decode", "00011953"]);
    assert!(found.contains("李敏") && found.contains("保险柜"), "{found}");
    for printed in ["NO.00011953", "No. 00011953", "№00011953"] {
        assert!(said(&desk, 0, &["decode", printed]).contains("李敏"), "{printed}");
    }
    let told = told(&desk, 0, &["decode", "00011953"]);
    assert_eq!(
        told["ledger"]["blanks"][0],
        json!({ "kind": "ordinary", "state": "stock", "keeper": "李敏", "place": "保险柜" })
    );
}
