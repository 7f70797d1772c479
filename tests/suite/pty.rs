//! The workbench on a real pseudo-terminal: journeys as a user makes them, and what a lost line or a kill leaves behind.

use std::path::Path;
use std::thread;
use std::time::Duration;

use calamine::{Reader, Xlsx, open_workbook};
use rustix::process::Signal;
use serde_json::Value;
use skillcert::data;

use crate::support::harness::{Harness, place};
use crate::support::{Desk, goods, root};

const SAFE_FIXES: &str = "全部放心修正 10 格";

pub fn sample(desk: &Desk) -> std::path::PathBuf {
    desk.put("gansu-2024.xlsx", std::fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample"))
}

/// Names and ID numbers of the sample roster.
pub fn secrets() -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(root("data/samples/gansu-2024.xlsx")).expect("sample");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let rows: Vec<Vec<String>> = range.rows().map(|r| r.iter().map(ToString::to_string).collect()).collect();
    let head = rows.iter().position(|r| r.iter().any(|c| c.contains("身份证号码"))).expect("a header");
    let column = |label: &str| rows[head].iter().position(|c| c.contains(label)).expect("a column");
    let columns = [column("姓 名"), column("身份证号码")];
    let cells = rows[head + 1..].iter().flat_map(|row| columns.map(|c| row[c].trim().to_string()));
    let mut secrets: Vec<String> = cells.filter(|cell| 1 < cell.chars().count()).collect();
    secrets.sort();
    secrets.dedup();
    assert!(100 < secrets.len());
    secrets
}

/// Goes to a row and to the column 所在单位 and types a text into the cell.
pub fn edit_employer(workbench: &mut Harness, row: u32, text: &str) {
    workbench.press(&format!("#{row}\r"));
    workbench.until("the row", |s| place(s) == format!("{}/120", row - 2));
    workbench.press("\x1b[Hlll\r");
    workbench.sees(&["Enter"]);
    workbench.press("\x15");
    workbench.press(text);
    workbench.sees(&[text]);
    workbench.press("\r");
    workbench.sees(&[&format!("修改 所在单位 第{row}行 1 格"), "已保存"]);
}

#[test]
fn import_fix_undo_edit_leave_and_come_back() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["甘肃竞赛（按编号）", "姓名", "共 120 行", "错误 24", "已保存"]);
    let first = place(&workbench.screen());
    workbench.press("n");
    workbench.until("the next finding", |s| place(s) != first);
    workbench.press("X");
    workbench.sees(&["预览", "10 格"]);
    workbench.press("y");
    let fixed = workbench.sees(&[SAFE_FIXES, "已保存"]);
    assert!(!fixed.contains("错误 24"), "{fixed}");
    workbench.press("u");
    workbench.sees(&["已撤销", "错误 24", "已保存"]);
    workbench.press("\x12");
    let redone = workbench.sees(&["已重做", "已保存"]);
    assert!(!redone.contains("错误 24"), "{redone}");

    workbench.press("#7\r");
    workbench.until("row 7", |s| place(s) == "5/120");
    workbench.press("\x1b[Hlll\r");
    workbench.press("\x15");
    // An input method sends characters, a slow line their bytes one by one.
    for byte in "兰州".as_bytes() {
        workbench.send(&[*byte]);
        thread::sleep(Duration::from_millis(3));
    }
    workbench.sees(&["兰州"]);
    workbench.press("\x1b[200~新\t技术\u{1b}有限公司\r\n\x1b[201~");
    workbench.sees(&["兰州新 技术有限公司"]);
    workbench.press("\r");
    let edited = workbench.sees(&["修改 所在单位 第7行 1 格", "已保存"]);
    let cell = "兰州新 技术有限公司";
    assert!(edited.contains(cell), "{edited}");
    workbench.leaves();

    let mut workbench = Harness::resumed(&desk);
    let resumed = workbench.sees(&["接着上次的工作，共 120 行", "已保存"]);
    assert_eq!(place(&resumed), "5/120", "{resumed}");
    assert!(resumed.contains(cell), "{resumed}");
    workbench.press("H");
    workbench.sees(&["修改记录", "修改 所在单位 第7行", "全部放心修正"]);
    workbench.press("\x1b");
    workbench.until("the history to close", |s| !s.contains("修改记录"));
    workbench.press("u");
    let undone = workbench.sees(&["已撤销：修改 所在单位 第7行", "已保存"]);
    assert!(!undone.contains(cell), "{undone}");
    workbench.press("u");
    workbench.sees(&["错误 24", "已保存"]);
    workbench.leaves();
}

#[test]
fn a_clean_roster_is_exported_through_the_pane() {
    let desk = Desk::new();
    let rows = goods(5);
    let file = desk.roster("clean.csv", &rows);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 5 行", "错误 0", "已保存"]);
    workbench.press("e");
    workbench.sees(&["clean-上报.xlsx"]);
    workbench.press("\r");
    workbench.sees(&["已导出 5 行"]);
    let target = desk.path("clean-上报.xlsx");
    let mut book: Xlsx<_> = open_workbook(&target).expect("workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let codes: Vec<String> = range.rows().skip(1).map(|r| r[7].to_string()).collect();
    assert_eq!(codes, rows.iter().map(|r| r[7].clone()).collect::<Vec<_>>());
    let manifest = std::fs::read(desk.path("clean-上报.xlsx.manifest.json")).expect("manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("json");
    // The name is that of the system's list, whatever the environment says.
    let me = std::process::Command::new("id").arg("-un").output().expect("id");
    let me = String::from_utf8_lossy(&me.stdout).trim().to_string();
    assert_eq!((&manifest["rows"], &manifest["user"]), (&5.into(), &me.into()));
    // A second time it asks; no leaves the file alone.
    let before = std::fs::read(&target).expect("upload");
    workbench.press("e");
    workbench.sees(&["clean-上报.xlsx"]);
    workbench.press("\r");
    workbench.sees(&["已存在"]);
    workbench.press("\x1b");
    workbench.until("no question", |s| !s.contains("已存在"));
    assert_eq!(std::fs::read(&target).expect("upload"), before);
    workbench.press("\x1b");
    workbench.sees(&["张*伟"]);
    workbench.leaves();
}

#[test]
fn an_export_with_errors_goes_to_the_first() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 120 行", "已保存"]);
    workbench.press("G");
    workbench.until("the last row", |s| place(s) == "120/120");
    workbench.press("e");
    workbench.sees(&["gansu-2024-上报.xlsx", "24"]);
    workbench.press("\r");
    let screen = workbench.sees(&["不能导出；第一处在第 6 行"]);
    assert_eq!(place(&screen), "4/120");
    assert!(!desk.path("gansu-2024-上报.xlsx").exists());
    workbench.leaves();
}

#[test]
fn a_kill_loses_nothing_that_was_saved() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 120 行", "已保存"]);
    edit_employer(&mut workbench, 7, "酒泉样例甲公司");
    workbench.killed();

    let mut workbench = Harness::resumed(&desk);
    workbench.sees(&["接着上次的工作", "酒泉样例甲公司"]);
    edit_employer(&mut workbench, 8, "酒泉样例乙公司");
    workbench.press("jj\r\x15");
    workbench.press("半途而废");
    workbench.sees(&["半途而废"]);
    workbench.killed();

    let mut workbench = Harness::resumed(&desk);
    workbench.sees(&["接着上次的工作", "酒泉样例甲公司", "酒泉样例乙公司"]);
    workbench.press("\x1b");
    workbench.until("no half-typed cell", |s| !s.contains("半途而废"));
    workbench.press("H");
    workbench.sees(&["修改 所在单位 第7行", "修改 所在单位 第8行"]);
    workbench.press("\x1b");
    workbench.until("the history to close", |s| !s.contains("修改记录"));
    workbench.leaves();
}

#[test]
fn a_lost_line_ends_the_program_and_keeps_the_work() {
    let desk = Desk::new();
    let file = sample(&desk);
    for round in 0..2 {
        let mut workbench = Harness::open(&desk, &file);
        workbench.sees(&["/120", "已保存"]);
        let employer = format!("张掖样例{round}公司");
        edit_employer(&mut workbench, 9 + round, &employer);
        if round == 0 {
            workbench.signal(Signal::HUP);
        } else {
            workbench.cut();
        }
        workbench.ends_within(Duration::from_secs(2));
        let workbench = Harness::resumed(&desk);
        workbench.sees(&["接着上次的工作", &employer]);
    }
}

#[test]
fn a_window_of_any_size_is_painted() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(60));
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 60 行", "张*伟", "已保存"]);
    for (columns, rows) in [(20, 5), (1, 1), (2, 3), (200, 2), (300, 100), (80, 1)] {
        let before = workbench.raw().len();
        workbench.resize(columns, rows);
        workbench.until("a frame", |_| before < workbench.raw().len());
        workbench.press("jn\t");
    }
    workbench.resize(80, 24);
    // What other sizes left on our parser is wiped by a full repaint.
    workbench.press("\x0c");
    workbench.sees(&["clean.csv", "/60", "已保存"]);
    workbench.leaves();
}

#[test]
fn what_is_looked_up_reaches_the_clipboard_between_two_frames() {
    let desk = Desk::new();
    let mut workbench = Harness::open(&desk, &sample(&desk));
    workbench.sees(&["已保存"]);
    workbench.press("Klzs");
    workbench.sees(&["地区", "兰州市"]);
    workbench.press("\r");
    workbench.sees(&["已复制：兰州市"]);
    let raw = String::from_utf8_lossy(&workbench.raw()).into_owned();
    let (before, _) = raw.split_once("\x1b]52;c;5YWw5bee5biC\x07").expect("copied");
    let (begun, ended) = (before.matches("\x1b[?2026h").count(), before.matches("\x1b[?2026l").count());
    assert!(0 < begun && begun == ended, "inside a frame");
    workbench.leaves();
}

#[test]
fn hostile_cells_are_shown_never_sent() {
    let desk = Desk::new();
    let mut rows = goods(4);
    let bad = "\u{1b}]0;PWNED\u{7}\u{1b}[5;7mx\u{8}\u{9b}2J\u{202E}\0y";
    rows[0][0] = bad.into();
    rows[1][3] = bad.into();
    rows[2][2] = bad.into();
    rows[3][10] = bad.into();
    let file = desk.put("a\u{1b}]0;PWNED\u{7}.csv", crate::support::text(",", &rows));
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 4 行", "^[]0;PWNED", "已保存"]);
    for keys in ["m", "j", "llll", "jm", "\t", "m", "l", "l", "\t", "\x1b", "\x1b[H\r"] {
        workbench.press(keys);
    }
    workbench.sees(&["Enter"]);
    workbench.press("\x1b");
    workbench.press("X");
    workbench.sees(&["预览"]);
    workbench.press("\x1b");
    workbench.until("the preview to close", |s| !s.contains("预览"));
    workbench.press("/PWNED\r");
    workbench.press("&PWNED\r");
    workbench.sees(&["筛选出"]);
    let raw = workbench.raw();
    workbench.leaves();
    for bad in [&b"\x1b]"[..], b"\x07", b"\x08", b"\0", b"\x1b[5;7m", "\u{9b}".as_bytes(), "\u{202E}".as_bytes()] {
        assert!(!raw.windows(bad.len()).any(|w| w == bad), "{bad:?} reached the terminal");
    }
}

#[test]
fn turning_back_from_another_roster_keeps_every_edit_where_it_was_made() {
    let desk = Desk::new();
    let stored = desk.roster("b.csv", &goods(30));
    let workbench = Harness::open(&desk, &stored);
    workbench.sees(&["共 30 行", "已保存"]);
    workbench.leaves();
    let file = sample(&desk);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 120 行", "已保存"]);
    // The answer of the store and the way back cross; whichever is on screen then, its edits are its own.
    workbench.press("o");
    workbench.sees(&["b.csv"]);
    workbench.press("b.csv\r\x1b\x1b\x1b");
    thread::sleep(Duration::from_millis(300));
    if workbench.screen().lines().next().is_some_and(|l| l.contains("gansu-2024")) {
        edit_employer(&mut workbench, 7, "敦煌样例公司");
        workbench.leaves();
        let mut workbench = Harness::start(&desk, &[Path::new("open"), &stored]);
        let other = workbench.sees(&["接着上次的工作，共 30 行"]);
        assert!(!other.contains("敦煌样例公司"), "{other}");
        workbench.press("H");
        thread::sleep(Duration::from_millis(100));
        assert!(!workbench.screen().contains("第7行"), "{}", workbench.screen());
    } else {
        // Backed out twice where nothing is left to leave, every command is listed.
        if workbench.screen().contains("输入文字缩小范围") {
            workbench.press("\x1b");
        }
        workbench.leaves();
    }
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["接着上次的工作，共 120 行"]);
    // Going over to a stored roster moves the edits there.
    workbench.press("o");
    workbench.sees(&["b.csv"]);
    workbench.press("b.csv\r");
    workbench.sees(&["接着上次的工作，共 30 行", "已保存"]);
    workbench.press("\x1b[Hlll\r");
    workbench.sees(&["Enter"]);
    workbench.press("\x15");
    workbench.press("玉门样例公司\r");
    workbench.sees(&["修改 所在单位 第2行 1 格", "已保存"]);
    workbench.leaves();
    let workbench = Harness::open(&desk, &stored);
    workbench.sees(&["动过 1 格，接着做", "玉门样例公司"]);
    drop(workbench);
    let workbench = Harness::open(&desk, &file);
    let screen = workbench.sees(&["接着上次的工作，共 120 行"]);
    assert!(!screen.contains("玉门样例公司"), "{screen}");
}

#[test]
fn the_users_profiles_are_used_and_their_trouble_is_told() {
    let desk = Desk::new();
    let folder = desk.path("state/profiles");
    std::fs::create_dir_all(&folder).expect("made");
    let own = data::template("hainan-test").replace("values = [\"00\"]", "values = [\"46\"]");
    std::fs::write(folder.join("hainan.toml"), own).expect("written");
    std::fs::write(folder.join("wrong.toml"), "id = 1\n").expect("written");
    let mut rows = goods(2);
    rows[0][7] = "S000046010001242000001".into();
    rows[1][7] = "S000046010001242000002".into();
    let file = desk.roster("hainan.csv", &rows);
    let workbench = Harness::open(&desk, &file);
    workbench.sees(&["hainan.csv", "自备的数据文件有 1 处错误", "已保存"]);
    workbench.leaves();

    std::fs::remove_dir_all(&folder).expect("removed");
    let workbench = Harness::resumed(&desk);
    workbench.sees(&["hainan-test 不在了", "已保存"]);
    workbench.leaves();
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_going_on_paints_it_anew() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(3));
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 3 行", "已保存"]);
    workbench.press("M");
    workbench.sees(&["鼠标已开"]);
    let stat = format!("/proc/{}/stat", workbench.id());
    workbench.press("\x1a");
    workbench.until("the program to stop", |_| {
        let stat = std::fs::read_to_string(&stat).expect("a process");
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
    });
    workbench.until("the terminal to be given back", |_| workbench.raw().ends_with(b"\x1b[?25h"));
    let before = workbench.count();
    let raw = workbench.raw();
    let last = |text: &[u8]| memchr::memmem::rfind(&raw, text);
    assert!(last(b"\x1b[?1000h") < last(b"\x1b[?1000l") && last(b"\x1b[?1049h") < last(b"\x1b[?1049l"));
    workbench.signal(Signal::CONT);
    workbench.until("the screen again", |s| s.contains("clean.csv") && s.contains("已保存"));
    let after = workbench.raw().split_off(before);
    for again in [&b"\x1b[?1049h"[..], b"\x1b[?1000h", b"\x1b[?2004h"] {
        assert!(memchr::memmem::find(&after, again).is_some(), "{again:?}");
    }
    workbench.leaves();
}

#[test]
fn the_mouse_points_at_what_is_drawn_and_is_off_at_the_end() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(9));
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 9 行", "已保存"]);
    assert!(!String::from_utf8_lossy(&workbench.raw()).contains("\x1b[?1000h"), "off by default");
    workbench.press("M");
    workbench.sees(&["鼠标已开", "Shift"]);
    // Line 7 of the screen is the fourth row of the roster.
    workbench.press("\x1b[<0;10;7M\x1b[<0;10;7m");
    workbench.until("the fourth row", |s| place(s) == "4/9");
    workbench.press("\x1b[<65;10;7M");
    workbench.until("three rows down", |s| place(s) == "7/9");
    workbench.press("\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<0;10;5M");
    workbench.sees(&["2/9", "Enter 确定"]);
    workbench.press("\x1b");
    let footer = workbench.until("the footer", |s| s.lines().last().is_some_and(|l| l.contains("帮助")));
    let footer = footer.lines().last().expect("a line").to_string();
    let before = &footer[..footer.find("帮助").expect("help")];
    let column = unicode_width::UnicodeWidthStr::width(before);
    workbench.press(&format!("\x1b[<0;{column};24M"));
    workbench.sees(&["预览所有"]);
    workbench.press("\x1b");
    workbench.until("no help", |s| !s.contains("预览所有"));
    // The third line of the export pane: a click goes there, another one turns it.
    workbench.press("e");
    workbench.sees(&["> 内容"]);
    workbench.press("\x1b[<0;10;5M\x1b[<0;10;5m");
    workbench.sees(&["> 格式"]);
    workbench.press("\x1b");
    let raw = workbench.leaves();
    assert!(memchr::memmem::rfind(&raw, b"\x1b[?1000h") < memchr::memmem::rfind(&raw, b"\x1b[?1000l"));
}

#[test]
fn settings_change_keys_and_turn_the_mouse_on_and_the_tour_comes_once() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("state")).expect("folder");
    let config = "mouse = true\ntheme = \"light\"\n[keys]\nquit = [\"Q\", \"ctrl-c\"]\nhelp = \"f2\"\n";
    std::fs::write(desk.path("state/config.toml"), config).expect("written");
    let mut workbench = Harness::start(&desk, &[]);
    workbench.sees(&["1/5", "屏幕上有什么", "跳过"]);
    assert!(String::from_utf8_lossy(&workbench.raw()).contains("\x1b[?1006h"));
    workbench.press("\r\r\r\r");
    workbench.sees(&["5/5", "F2 列出这里的按键"]);
    workbench.press("\r");
    workbench.until("the file list", |s| s.contains("选择文件") && !s.contains("5/5"));
    workbench.press(":theme\r");
    workbench.sees(&["不用颜色"]);
    // What is kept is on disk before the program ends.
    workbench.press("\x03");
    assert_eq!(workbench.ends_within(crate::support::harness::PATIENCE), 0);
    let kept: Vec<String> = std::fs::read_dir(desk.path("state"))
        .expect("folder")
        .flatten()
        .filter(|e| e.file_name().to_string_lossy().starts_with("skillcert.user-"))
        .map(|e| std::fs::read_to_string(e.path()).expect("text"))
        .collect();
    assert_eq!(kept, ["tour = true\ntheme = \"none\"\n"]);
    let mut workbench = Harness::start(&desk, &[]);
    let screen = workbench.sees(&["选择文件"]);
    assert!(!screen.contains("1/5"), "{screen}");
    assert!(!String::from_utf8_lossy(&workbench.raw()).contains("\x1b[38"), "colours");
    workbench.press("\x03");
    assert_eq!(workbench.ends_within(crate::support::harness::PATIENCE), 0);
}

/// Who starts without a file sees what there is to go on with, and is one key away from it, from the files and from the ledger.
#[test]
fn the_front_page_shows_what_there_is_and_leads_there() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 120 行", "已保存"]);
    edit_employer(&mut workbench, 7, "酒泉样例甲公司");
    let mut other = Harness::start(&desk, &[]);
    other.sees(&["在办批次", "120 行", &workbench.id(), "在做", "还没有备份过"]);
    other.press("o");
    other.sees(&["选择文件"]);
    other.press("\x1b");
    other.sees(&["在办批次"]);
    other.press("L");
    other.sees(&["台账还没有序列"]);
    other.press("\x1b");
    other.sees(&["在办批次"]);
    workbench.leaves();
    other.press("R");
    other.until("nobody else to work on it", |screen| !screen.contains("在做") && screen.contains("已改 "));
    other.press("\r");
    other.sees(&["接着上次的工作", "酒泉样例甲公司"]);
    other.leaves();
}
