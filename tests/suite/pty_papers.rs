//! A batch on its way out in the workbench on a real pseudo-terminal, over a real store: what the notice demands is noted, a form is
//! looked at and written, a checklist ticked, the upload file written, the submission noted, the reply read back.

use crate::support::harness::Harness;
use crate::support::{Desk, goods};

const PREFIX: &str = "S000062010001";

/// Runs a verb in the state folder the workbench has.
#[track_caller]
fn told(desk: &Desk, words: &[&str]) -> String {
    let home = desk.path("state");
    let ran = desk.verb(&[words, &["--home", home.to_str().expect("a path")]].concat());
    assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
    ran.out
}

/// Answers the fields of a form in their order: a label, and what is typed into it.
#[track_caller]
fn answer(bench: &mut Harness, fields: &[(&str, &str)]) {
    for (label, typed) in fields {
        bench.sees(&[&format!("> {label}")]);
        if !typed.is_empty() {
            bench.press(&format!("\x15{typed}"));
        }
        bench.press("\r");
    }
}

#[test]
fn a_batch_goes_out_and_comes_back_without_the_shell() {
    let desk = Desk::new();
    let mut rows = goods(4);
    let institution = rows[0][9].clone();
    rows.iter_mut().for_each(|row| row[7].clear());
    let file = desk.roster("名册.csv", &rows);
    told(&desk, &["institution", "add", PREFIX, "--profile", "gansu-competition", "--name", &institution]);
    told(&desk, &["institution", "add", "S000052010001", "--profile", "guizhou", "--name", "贵阳样例评价站"]);
    let numbers = ["ledger", "allocate", "名册.csv", "--profile", "gansu-competition", "--prefix", PREFIX];
    told(&desk, &[&numbers[..], &["--day-is-right"]].concat());

    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["名册.csv", "缺资料 10"]);
    bench.press("e");
    bench.sees(&["通知要求的资料缺 6 项", "GS-01", "F7"]);
    // What is missing is noted from here; the first of it is proposed.
    bench.press("\x1b[18~");
    bench.sees(&["记资料", "GS-01"]);
    bench.press("\r");
    bench.sees(&["> 内容"]);
    bench.press("甘肃省人社厅\r");
    bench.sees(&["确定吗"]);
    bench.press("y");
    bench.sees(&["通知要求的资料缺 5 项"]);
    let facts = ["notice-number=甘人社〔2024〕1号", "notice-date=2024-05-06", "award-number=甘人社〔2024〕9号"];
    let more = ["award-date=2024-11-01", "authorisation-number=甘人社〔2024〕2号", "authorisation-date=2024-03-04"];
    told(&desk, &[&["fact", "set", "1"], &facts[..], &more[..], &["plan-year=2025"]].concat());
    bench.press("\x1b");
    bench.sees(&["1/4"]);

    // A form: looked at masked, then written whole, which is said why.
    bench.press("b");
    bench.sees(&["批次 1", "发放登记表", "BJ-68"]);
    bench.press("j");
    bench.press("\r");
    bench.sees(&["姓名和号码遮盖着"]);
    bench.press("w");
    bench.sees(&["写到哪个文件"]);
    let form = desk.name("核对.xlsx");
    bench.press(&format!("\x15{form}\r"));
    bench.sees(&["留空就遮盖着写"]);
    bench.press("核对\r");
    bench.sees(&["写在"]);
    assert!(desk.path("核对.xlsx").is_file());
    bench.press("\x1b");
    bench.sees(&["可填"]);
    bench.press("\x1b");
    bench.sees(&["1/4"]);

    // What an institution hands in for its filing is ticked.
    bench.press("L5");
    bench.sees(&["S000052010001"]);
    bench.press("gg");
    bench.press("t");
    bench.sees(&["材料清单", "[ ] 纸质"]);
    bench.press("j");
    bench.press(" ");
    bench.sees(&["[x] 纸质", "已勾上"]);
    bench.press("\x1b");
    bench.sees(&["[5 机构]"]);
    bench.press("\x1b");
    bench.sees(&["1/4"]);

    // The upload file; what disagrees and does not keep it from being written is told with it.
    bench.press("e");
    bench.sees(&["资料还有", "GS-03"]);
    bench.press("\r");
    bench.sees(&["已导出", "GS-03"]);
    bench.press("O");
    bench.sees(&["还没有上报过", "已导出 4"]);
    bench.press("a");
    answer(&mut bench, &[("日期", ""), ("报到", "甘肃省平台"), ("回执号", "R-17"), ("原因", "")]);
    bench.sees(&["确定吗"]);
    bench.press("y");
    bench.sees(&["已记上报 4 个"]);

    let reply = format!("证书编号,审核状态,退回原因\n{PREFIX}242J00001,通过,\n{PREFIX}242J00002,退回,照片不清\n");
    let reply = desk.put("回执.csv", reply);
    bench.press("O");
    bench.sees(&["R-17", "甘肃省平台"]);
    bench.press("r");
    answer(&mut bench, &[("文件", &reply.to_string_lossy()), ("日期", "")]);
    bench.sees(&["确定吗", "照片不清"]);
    bench.press("y");
    bench.sees(&["已办理"]);
    bench.press("O");
    bench.sees(&["照片不清", "被退回 1"]);
    bench.press("\x1b");
    // The list of batches is narrowed to what came back.
    bench.press("B");
    bench.sees(&["名册.csv"]);
    bench.press("\x1b[17~\x1b[17~\x1b[17~");
    bench.sees(&["只看被退回的", "名册.csv", "被退回 1"]);
    bench.press("\x1b");
    bench.press("L");
    bench.press("T");
    bench.sees(&["发证汇总", "共 4 张"]);
    bench.press("\x1b\x1b");
    bench.leaves();
    told(&desk, &["ledger", "verify"]);
}
