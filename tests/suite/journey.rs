//! A messy roster of six organisers, from the file to the upload without leaving the program, with the keys counted. The page
//! `docs/journey.md` tells the same beside a spreadsheet.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use calamine::{Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;

use crate::support::harness::Harness;
use crate::support::{Desk, LABELS, good, root};

const SHEETS: usize = 6;
const ROWS: usize = 500;
const EMPLOYERS: [&str; 3] = ["兰州陇原机械有限公司", "天水市麦积技工学校", "白银恒信机电有限公司"];
const SPELLINGS: [&str; 7] = [
    "天水麦积技工学校",
    "天水市麦积技工学校 ",
    "天水市麦积 技工学校",
    "兰州陇原机械有限 公司",
    "兰州市陇原机械有限公司",
    "白银恒信机电有限公司。",
    "白银市恒信机电有限公司",
];

/// Writes a sheet of each organiser: sixty employers in other spellings, 120 days with points, thirty occupations that are not
/// called so, five ID numbers with a slip, five people who stand there twice, and totals below.
fn six_organisers(desk: &Desk) -> PathBuf {
    let mut book = Workbook::new();
    for nth in 0..SHEETS {
        let sheet = book.add_worksheet().set_name(format!("单位{}", nth + 1)).expect("a name");
        for (x, label) in (0u16..).zip(LABELS) {
            sheet.write_string(0, x, label).expect("a label");
        }
        for at in 0..ROWS {
            let i = nth * ROWS + at;
            let mut row = good(if at == 50 && nth != 0 { i - 1 } else { i });
            row[3] = EMPLOYERS[if at == 50 && nth != 0 { i - 1 } else { i } % 3].into();
            match at {
                0..10 => row[3] = SPELLINGS[(nth * 10 + at) % 7].into(),
                10..30 => row[8] = "2024.11.8".into(),
                30..35 => row[4] = "汽车维修员".into(),
                40 if nth < 5 => {
                    let other = if row[2].ends_with('1') { "2" } else { "1" };
                    row[2].replace_range(17.., other);
                }
                _ => {}
            }
            for (x, cell) in (0u16..).zip(&row) {
                sheet.write_string(at as u32 + 1, x, cell).expect("a cell");
            }
        }
        sheet.write_string(ROWS as u32 + 1, 0, "合计").expect("a cell");
        sheet.write_string(ROWS as u32 + 1, 3, ROWS.to_string()).expect("a cell");
    }
    let path = desk.path("six.xlsx");
    book.save(&path).expect("a workbook");
    path
}

/// Whoever presses the keys, and how many were pressed since the last step.
struct Hand {
    workbench: Harness,
    keys: usize,
    steps: Vec<usize>,
}

impl Hand {
    fn press(&mut self, text: &str) {
        self.keys += text.chars().count();
        self.workbench.press(text);
    }

    fn sees(&self, texts: &[&str]) -> String {
        self.workbench.sees(texts)
    }

    /// Waits for a question that came up by itself: nobody has read it at once, and an answer would not count.
    fn reads(&mut self, texts: &[&str]) {
        self.sees(texts);
        thread::sleep(Duration::from_millis(600));
    }

    /// Runs a command by its name.
    fn run(&mut self, name: &str) {
        self.press(":");
        self.sees(&["输入文字缩小范围"]);
        self.press(name);
        self.sees(&[&format!("> {}", title(name)), name]);
        self.press("\r");
    }

    fn done(&mut self) {
        self.steps.push(std::mem::take(&mut self.keys));
    }
}

fn title(name: &str) -> &'static str {
    match name {
        "filter-errors" => "筛选有错的",
        _ => "移出所有显示的行",
    }
}

#[test]
fn six_organisers_come_to_an_upload_without_a_spreadsheet() {
    let desk = Desk::new();
    let file = six_organisers(&desk);
    let mut hand = Hand { workbench: Harness::open(&desk, &file), keys: 0, steps: Vec::new() };
    hand.sees(&["单位6", "501 行"]);
    hand.press("a");
    hand.reads(&["已勾 6 张"]);
    hand.press("\r");
    hand.sees(&["共添加 6 份 3000 行", "错误 139", "已保存"]);
    hand.done();

    // Sixty rows in seven spellings of three employers are three decisions.
    hand.press("lllv");
    hand.sees(&["所在单位：10 个取值"]);
    hand.press("g");
    hand.sees(&["3 组相近写法，3 组未定"]);
    hand.press("\r");
    hand.sees(&["2 组未定"]);
    hand.press("\r");
    hand.sees(&["1 组未定"]);
    hand.press("\r");
    hand.reads(&["合并相近写法 所在单位（60 格）"]);
    hand.press("y");
    hand.sees(&["合并相近写法 所在单位 60 格", "已保存"]);
    hand.done();

    hand.press("X");
    hand.reads(&["（120 格）"]);
    hand.press("y");
    hand.sees(&["错误 10 ", "已保存"]);
    hand.done();

    hand.press("lv");
    hand.sees(&["职业名称：2 个取值", "汽车维修员"]);
    hand.press("je");
    hand.sees(&["Esc 返回"]);
    hand.press("\x15汽车维修工\r");
    hand.reads(&["统一取值 职业名称（30 格）"]);
    hand.press("y");
    hand.sees(&["统一取值 职业名称 30 格", "已保存"]);
    hand.done();

    hand.run("filter-errors");
    hand.sees(&["10/3000 行  筛选：有错"]);
    // The five who stand there twice: the later row of each is proposed to be put aside.
    for (n, way) in [(1, "ggjj"), (2, "jj"), (3, "jj"), (4, "jj"), (5, "j")] {
        hand.press(way);
        hand.press("x");
        hand.sees(&["移出名册：与第51行完全相同", "y 执行"]);
        hand.press("y");
        hand.sees(&[&format!("移出 {n} 行"), "已保存"]);
    }
    hand.done();

    // What only the organisers can answer waits, with a reason.
    hand.run("put-all-aside");
    hand.sees(&["移出名册的原因"]);
    hand.press("号码待核实\r");
    hand.reads(&["移出名册（5 行）"]);
    hand.press("y");
    hand.workbench.until("no error to be left", |screen| {
        let title = screen.lines().next().unwrap_or_default();
        screen.contains("移出 10 行") && screen.contains("已保存") && !title.contains("错误")
    });
    hand.done();

    hand.press("e");
    hand.sees(&["six-上报.xlsx", "另有 10 行已移出名册"]);
    hand.press("\r");
    hand.sees(&["已导出 2990 行"]);
    hand.done();
    let steps = std::mem::take(&mut hand.steps);
    hand.workbench.leaves();

    let mut book: Xlsx<_> = open_workbook(desk.path("six-上报.xlsx")).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let rows: Vec<Vec<String>> = range.rows().skip(1).map(|r| r.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows.len(), 2990);
    assert!(rows.iter().all(|row| EMPLOYERS.contains(&&*row[3]) && row[4] == "汽车维修工" && row[8] == "2024-11-08"));

    for page in ["docs/journey.md", "docs/journey.zh-CN.md"] {
        let text = std::fs::read_to_string(root(page)).expect("the page");
        let told: Vec<usize> = text.lines().filter_map(|l| l.split('|').nth(2)?.trim().parse().ok()).collect();
        let (total, each) = told.split_last().expect("numbers");
        assert_eq!((each, *total), (&steps[..], steps.iter().sum()), "{page}");
    }
}
