//! Workbenches on one ledger: what each takes, what the others see of it, and what the pane says of it all.

use std::path::{Path, PathBuf};

use skillcert::domain::ledger::{SeriesKey, Status};
use skillcert::store::{StatePaths, Store};

use crate::support::harness::Harness;
use crate::support::{Desk, goods};

const SERIES: &str = "S000062010001242J*****";
const YES: &str = "y 赋号";

/// A state folder in which the institution of the rosters is on record.
fn desk() -> Desk {
    let desk = Desk::new();
    let name = &goods(1)[0][9];
    let profile = "gansu-competition";
    let add = ["institution", "add", "S000062010001", "--name", name, "--profile", profile, "--reason", "备案"];
    let ran = desk.verb(&[&["--home", "state"], &add[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    desk
}

/// A roster without numbers, of people of its own.
fn roster(desk: &Desk, name: &str, from: usize, count: usize) -> PathBuf {
    let mut rows = goods(from + count).split_off(from);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster(name, &rows)
}

fn code(serial: u32) -> String {
    SERIES.replace("*****", &format!("{serial:05}"))
}

fn store(desk: &Desk) -> Store {
    Store::open(&StatePaths::at(&desk.path("state")).unwrap(), "test", "test").unwrap()
}

/// Opens a roster and asks for numbers.
fn planned(desk: &Desk, file: &Path, rows: usize) -> Harness {
    let mut bench = Harness::open(desk, file);
    bench.sees(&[&format!("共 {rows} 行"), "已保存"]);
    bench.press("A");
    bench.sees(&[&format!("{rows} 行得号"), SERIES, YES]);
    bench
}

#[test]
fn two_workbenches_that_take_numbers_at_once_get_different_ones() {
    let desk = desk();
    let files = [roster(&desk, "a.csv", 0, 5), roster(&desk, "b.csv", 5, 5)];
    let mut benches = files.each_ref().map(|file| planned(&desk, file, 5));
    // Both have seen a plan of the same numbers.
    benches.iter_mut().for_each(|bench| bench.press("y"));
    for bench in &mut benches {
        let screen = bench.until("an answer", |s| s.contains("赋号不能撤销") || s.contains("重新排的号"));
        if screen.contains("重新排的号") {
            bench.sees(&["6-10", YES]);
            // A plan that comes up by itself is answered by no key that was on its way.
            std::thread::sleep(std::time::Duration::from_millis(600));
            bench.press("y");
        }
    }
    let again = benches.iter().filter(|b| String::from_utf8_lossy(&b.raw()).contains("重新排的号")).count();
    assert_eq!(again, 1, "one of the two plans was overtaken");
    let mut first = Vec::new();
    for bench in &mut benches {
        bench.sees(&["赋号不能撤销", "已保存"]);
        bench.press("\x1b[H0lllllll");
        let screen = bench.until("a code", |s| s.contains(&code(1)) || s.contains(&code(6)));
        let from = if screen.contains(&code(1)) { 1 } else { 6 };
        assert!((from..from + 5).all(|serial| screen.contains(&code(serial))), "{screen}");
        first.push(from);
        bench.press("u");
        bench.sees(&["赋过的号不能撤销", &code(from)]);
    }
    first.sort_unstable();
    assert_eq!(first, [1, 6]);
    for bench in benches {
        bench.leaves();
    }
    let store = store(&desk);
    let key = SeriesKey::read(SERIES).unwrap();
    let state = store.series_state(key).unwrap().unwrap();
    assert_eq!((state.high, state.used, state.gaps), (10, 10, 0));
    let mut people: Vec<String> = Vec::new();
    for serial in 1..=10 {
        let certificate = store.certificate(key.code(serial).unwrap()).unwrap().unwrap();
        assert_eq!(certificate.status, Status::Allocated);
        people.push(certificate.holder.id_number);
    }
    let mut wanted: Vec<String> = goods(10).into_iter().map(|row| row[2].clone()).collect();
    people.sort();
    wanted.sort();
    assert_eq!(people, wanted, "each of the ten has one number");
    assert_eq!(desk.verb(&["--home", "state", "ledger", "verify"]).code, 0);
    // What was given stands in the roster when it comes back.
    let mut bench = Harness::open(&desk, &files[0]);
    bench.sees(&["接着上次的工作", "已保存"]);
    bench.press("u");
    bench.sees(&["赋过的号不能撤销"]);
    bench.leaves();
}

#[test]
fn a_ledger_on_screen_follows_what_others_do() {
    let desk = desk();
    let mut watching = Harness::start(&desk, &[]);
    watching.sees(&["跳过"]);
    watching.press("q\x07");
    watching.sees(&["台账还没有序列"]);
    let mut bench = planned(&desk, &roster(&desk, "a.csv", 0, 5), 5);
    bench.press("y");
    bench.sees(&["赋号不能撤销", "已保存"]);
    // Without a key.
    watching.sees(&[SERIES, "99994"]);
    watching.press("2");
    watching.sees(&[&code(5), "已赋号"]);
    let void = ["--home", "state", "ledger", "void", &code(5), "--yes", "--reason", "印坏"];
    assert_eq!(desk.verb(&void).code, 0);
    watching.sees(&[&code(5), "作废"]);
    bench.leaves();
}

#[test]
fn the_pane_tells_of_a_certificate_what_the_store_has_of_it() {
    let desk = desk();
    let mut bench = planned(&desk, &roster(&desk, "a.csv", 0, 5), 5);
    bench.press("y");
    bench.sees(&["赋号不能撤销", "已保存"]);
    // A file with the numbers in it is noted.
    bench.press("e");
    bench.sees(&["a-上报.xlsx"]);
    bench.press("\r");
    bench.until("the export", |s| s.contains("已导出 5 行"));
    let exported = |serial| {
        let certificate = store(&desk).certificate(SeriesKey::read(SERIES)?.code(serial)?).unwrap();
        certificate.map(|c| c.status)
    };
    assert_eq!((exported(1), exported(5)), (Some(Status::Exported), Some(Status::Exported)));
    // The decoder knows whose prefix it is and whose number.
    let full = &goods(1)[0][0];
    bench.press("#2\r=");
    bench.sees(&["评价机构：", "台账：", "已导出", "a.csv"]);
    bench.press("\x1b");
    bench.until("the decoder to close", |s| !s.contains("台账："));
    bench.press("L2");
    bench.sees(&["[2 证书]", &format!("> {}", code(1)), "已导出"]);
    assert!(!bench.screen().contains(full));
    bench.press("m");
    bench.sees(&[full]);
    bench.press("m");
    bench.until("the mask", |s| !s.contains(full));
    bench.press("\r");
    bench.sees(&["名册导入", "赋号", "查看个人信息"]);
    // Sent back, and what the rules of cases refuse.
    bench.press("s");
    bench.sees(&["被退回"]);
    bench.press("\x1b[B\x1b[B\r");
    bench.press("\r");
    bench.press("照片不清楚\r");
    bench.sees(&["办理后记入审计"]);
    bench.press("y");
    bench.sees(&["已办理", "被退回", "照片不清楚"]);
    bench.press("4");
    bench.sees(&["登记状态", "查看个人"]);
    bench.press("v");
    bench.sees(&["审计链完整"]);
    bench.press("5");
    bench.sees(&["S000062010001"]);
    bench.press("1r");
    bench.sees(&["数量"]);
    bench.press("3\r");
    bench.press("纸质名单\r");
    bench.press("y");
    bench.sees(&["已办理", " 3 "]);
    bench.press("\x1b");
    bench.leaves();
    let key = SeriesKey::read(SERIES).unwrap();
    let state = store(&desk).series_state(key).unwrap().unwrap();
    assert_eq!((state.high, state.reserved), (8, 3));
    let verified = desk.verb(&["--home", "state", "ledger", "verify"]);
    assert_eq!(verified.code, 0, "{}", verified.out);
}

#[test]
fn whoever_shows_personal_data_whole_leaves_an_entry() {
    let desk = desk();
    let mut bench = planned(&desk, &roster(&desk, "a.csv", 0, 2), 2);
    bench.press("y");
    bench.sees(&["赋号不能撤销", "已保存"]);
    bench.press("m");
    bench.sees(&[&goods(1)[0][0], "已保存"]);
    bench.leaves();
    let code = code(1);
    for verb in [
        &["ledger", "show", code.as_str(), "--unmask", "--reason", "x"][..],
        &["ledger", "show", "张", "--unmask", "--reason", "x"],
        &["ledger", "export", "--year", "2024", "--output", "t.xlsx", "--unmask", "--reason", "归档"],
        &["case", "list", "--unmask", "--reason", "x"],
    ] {
        let ran = desk.verb(&[&["--home", "state"], verb].concat());
        assert_eq!(ran.code, 0, "{verb:?} {}", ran.err);
    }
    let entries = store(&desk).entries_before(None, 100).unwrap();
    let mut noted: Vec<&str> =
        entries.iter().filter(|e| e.action == "audit.unmask").map(|e| e.object.as_str()).collect();
    noted.reverse();
    assert_eq!(noted, ["batch:1 0", &format!("certificate:{code}"), "ledger", "ledger", "case"]);
}

#[test]
fn the_decoder_tells_what_the_ledger_has_of_a_few_codes() {
    let desk = desk();
    let file = roster(&desk, "a.csv", 0, 2);
    let ran = desk.verb(&["--home", "state", "ledger", "allocate", file.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let (name, code) = (&goods(1)[0][0], code(1));
    let ran = desk.verb(&["--home", "state", "decode", &code]);
    assert!(ran.out.contains("已赋号") && ran.out.contains("a.csv") && !ran.out.contains(name), "{}", ran.out);
    let lines = |count: usize| {
        let input = format!("{code}\n").repeat(count);
        let ran = desk.verb_with_input(&["--home", "state", "decode", "--format", "json"], input.as_bytes());
        assert_eq!(ran.out.lines().count(), count);
        ran.out.lines().filter(|line| line.contains("\"ledger\":{")).count()
    };
    assert_eq!([lines(3), lines(1000), lines(1001)], [3, 1000, 0]);
}
