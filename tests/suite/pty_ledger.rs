//! The ledger in the workbench on a real pseudo-terminal, over a real store.

use crate::support::harness::{Harness, PATIENCE};
use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

/// Runs a verb in the state folder the workbench has.
fn told(desk: &Desk, words: &[&str]) {
    let home = desk.path("state");
    let ran = desk.verb(&[words, &["--home", home.to_str().expect("a path")]].concat());
    assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
}

/// A roster whose rows have the codes of the prefix, the last two of them none where numbers are to be given.
fn roster(desk: &Desk, lacking: bool) -> std::path::PathBuf {
    let mut rows = goods(5);
    rows[3..].iter_mut().filter(|_| lacking).for_each(|row| row[7].clear());
    desk.roster("名册.csv", &rows)
}

fn register(desk: &Desk, prefix: &str, name: &str) {
    told(desk, &["institution", "add", prefix, "--profile", "gansu-competition", "--name", name, "--reason", "备案"]);
}

#[test]
fn a_plan_that_cannot_come_true_stands_there_and_says_why() {
    let desk = Desk::new();
    let file = roster(&desk, true);
    register(&desk, PREFIX, &goods(1)[0][9]);
    told(&desk, &["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--count", "1", "--reason", "x"]);
    std::fs::remove_file(desk.path("state/skillcert.head")).expect("removed");
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["名册.csv", "共 5 行"]);
    workbench.press("A");
    workbench.sees(&["S000062010001242J", "现在不能赋号："]);
    workbench.press("y");
    workbench.sees(&["S000062010001242J", "现在不能赋号："]);
    workbench.press("\x1b");
    workbench.until("the roster", |screen| !screen.contains("现在不能赋号："));
    workbench.leaves();
}

#[test]
fn what_is_registered_counts_in_the_roster_at_once() {
    let desk = Desk::new();
    let file = roster(&desk, false);
    register(&desk, "S000062010009", "天水技能评价站");
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 5 行", "错误 0", "警告 5", "已保存"]);
    workbench.press("L5a");
    workbench.sees(&["登记评价机构", "甘肃"]);
    workbench.press("\r");
    workbench.sees(&["机构备案号"]);
    workbench.press(&format!("{PREFIX}\r"));
    workbench.sees(&["机构名称"]);
    workbench.press(&format!("{}\r", goods(1)[0][9]));
    workbench.sees(&["原因"]);
    workbench.press("\r");
    workbench.sees(&["确定吗"]);
    workbench.press("y");
    workbench.sees(&[PREFIX]);
    workbench.press("\x1b");
    workbench.sees(&["1/5", "警告 0", "Enter 修改"]);
    // Nor can it be had a second time: it is refused where it is typed.
    workbench.press("L5");
    workbench.sees(&["S000062010009"]);
    workbench.press("a");
    workbench.sees(&["登记评价机构"]);
    workbench.press("\r");
    workbench.sees(&["机构备案号"]);
    workbench.press(&format!("{PREFIX}\r"));
    workbench.sees(&["机构备案号", "已有机构"]);
    workbench.press("\x1b\x1b\x1b");
    workbench.leaves();
}

#[test]
fn what_cannot_be_done_is_told_before_its_form() {
    let desk = Desk::new();
    let file = roster(&desk, false);
    let code = goods(1)[0][7].clone();
    register(&desk, PREFIX, &goods(1)[0][9]);
    told(&desk, &["ledger", "import", file.to_str().expect("a path"), "--status", "exported"]);
    told(&desk, &["ledger", "mark", "returned", &code, "--reason", "照片不清楚"]);
    told(&desk, &["institution", "cancel", PREFIX, "--on", "2026-11-20", "--reason", "不再办赛", "--yes"]);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["名册.csv", "共 5 行"]);
    workbench.press("L");
    workbench.sees(&["下一个"]);
    workbench.press("r");
    workbench.sees(&["废置库"]);
    workbench.press("2");
    workbench.sees(&["被退回"]);
    workbench.press("c");
    workbench.sees(&["证书已被退回"]);
    // Only what one at least of those listed may become is offered, with how many may.
    workbench.press("S");
    workbench.sees(&["新状态", "已上报（4 张）", "被退回（4 张）"]);
    workbench.press("\x1b\x1b");
    workbench.leaves();
}

#[test]
fn certificates_are_found_by_an_institution_that_nobody_registered() {
    let desk = Desk::new();
    let file = roster(&desk, false);
    register(&desk, "S000062010009", "天水技能评价站");
    told(&desk, &["ledger", "import", file.to_str().expect("a path"), "--status", "exported"]);
    let institution = goods(1)[0][9].clone();
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["名册.csv", "共 5 行"]);
    workbench.press("L2");
    workbench.sees(&["查找：", "S000062010001242J"]);
    workbench.press(&format!("/{institution}\r"));
    workbench.sees(&[&institution, "S000062010001242J", "1/5"]);
    // What is asked for besides is told where nothing fits all of it.
    workbench.press("/\x1b[F 被退回\r");
    workbench.sees(&["没有同时符合这几项", "被退回", &institution]);
    workbench.press("\x1b\x1b\x1b");
    workbench.leaves();
}

#[test]
fn what_a_shell_brings_appears_in_tabs_that_were_seen_empty() {
    let desk = Desk::new();
    let file = roster(&desk, false);
    register(&desk, PREFIX, &goods(1)[0][9]);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["名册.csv", "共 5 行"]);
    workbench.press("L3");
    workbench.sees(&["还没有个案"]);
    workbench.press("2");
    workbench.sees(&["台账还没有证书"]);
    told(&desk, &["ledger", "import", file.to_str().expect("a path"), "--status", "published"]);
    workbench.sees(&["S000062010001242J", "1/5"]);
    let code = goods(1)[0][7].clone();
    told(&desk, &["case", "open", "revoke", &code, "--authority", "省厅", "--reason", "冒名顶替"]);
    workbench.press("3");
    workbench.sees(&[&code, "1/1"]);
    // Both lists that only grow are narrowed by words, in whatever order, until Esc.
    workbench.press("/0001 冒名\r");
    workbench.sees(&["查找：0001 冒名", &code, "1/1"]);
    workbench.press("/\x15天水\r");
    workbench.sees(&["没有查到"]);
    workbench.press("\x1b");
    workbench.sees(&[&code, "1/1"]);
    workbench.press("4/立案\r");
    workbench.sees(&["查找：立案", "1/1"]);
    workbench.press("\x1b\x1b");
    workbench.leaves();
}

#[test]
fn a_prefix_is_checked_at_its_field_where_no_roster_is_open() {
    let desk = Desk::new();
    register(&desk, PREFIX, "兰州技能评价站");
    let mut workbench = Harness::start(&desk, &[]);
    workbench.sees(&["跳过"]);
    workbench.press("q");
    workbench.sees(&["选择文件"]);
    workbench.press("\x075");
    workbench.sees(&[PREFIX]);
    workbench.press("a");
    workbench.sees(&["所依通知"]);
    // What has just come up takes no answer yet.
    for _ in 0..100 {
        workbench.press("\r");
        if workbench.screen().contains("Enter 下一项") {
            break;
        }
    }
    workbench.sees(&["Enter 下一项"]);
    workbench.press(&format!("{PREFIX}\r"));
    workbench.sees(&["> 机构备案号", "已有机构"]);
    workbench.press("\x1b\x1b\x1b\x03");
    assert_eq!(workbench.ends_within(PATIENCE), 0);
}

/// The front page begins with what presses, the title counts it, and an event that is noted in the pane takes it off.
#[test]
fn what_presses_stands_first_and_goes_once_it_is_noted() {
    let desk = Desk::new();
    let (prefix, name) = ("Y000111020001", "北京样例集团有限公司");
    let mut rows = goods(2);
    for row in &mut rows {
        (row[7], row[8]) = (String::new(), String::new());
        (row[9], row[10]) = (name.into(), name.into());
    }
    let file = desk.roster("名册.csv", &rows);
    told(&desk, &["institution", "add", prefix, "--name", name, "--profile", "beijing"]);
    let file = file.to_str().expect("a path");
    let numbers = ["ledger", "allocate", file, "--profile", "beijing", "--prefix", prefix];
    told(&desk, &[&numbers[..], &["--today", "2026-09-01", "--day-is-right"]].concat());
    told(&desk, &["event", "note", "receipt", prefix, "2026-10-09"]);
    let mut bench = Harness::start(&desk, &[]);
    let screen = bench.sees(&["逾期 2", "BJ-16", "BJ-11", "skillcert 到期 2"]);
    let (due, batches) = (screen.find("逾期 2").expect("a line"), screen.find("在办批次").expect("a block"));
    assert!(due < batches, "{screen}");
    bench.press("gg");
    bench.press("\r");
    bench.sees(&["[6 期限]", "2026-11-05"]);
    bench.press("j");
    bench.press("e");
    bench.sees(&["记事件", prefix, "> 提交证书样本"]);
    bench.press("\r");
    bench.sees(&["> 哪一天"]);
    bench.press("\r");
    bench.sees(&["> 原因"]);
    bench.press("\r");
    bench.sees(&["y "]);
    bench.press("y");
    bench.until("the event noted", |screen| screen.contains("skillcert 到期 1") && !screen.contains("BJ-11"));
    bench.leaves();
    told(&desk, &["ledger", "verify"]);
}
