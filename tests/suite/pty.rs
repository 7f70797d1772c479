//! The workbench on a real pseudo-terminal: journeys as a user makes them, and what a lost line or a kill leaves behind.

use std::path::Path;
use std::thread;
use std::time::Duration;

use calamine::{Reader, Xlsx, open_workbook};
use rustix::process::Signal;
use serde_json::Value;
use skillcert::data;

use crate::support::bench::{Bench, place};
use crate::support::{Desk, goods, root};

const SAFE_FIXES: &str = "修正全部可放心修正的问题 10 格";

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
pub fn edit_employer(bench: &mut Bench, row: u32, text: &str) {
    bench.press(&format!("#{row}\r"));
    bench.until("the row", |s| place(s) == format!("{}/120", row - 2));
    bench.press("\x1b[Hlll\r");
    bench.sees(&["Enter"]);
    bench.press("\x15");
    bench.press(text);
    bench.sees(&[text]);
    bench.press("\r");
    bench.sees(&[&format!("修改 所在单位 第{row}行 1 格"), "已保存"]);
}

#[test]
fn import_fix_undo_edit_leave_and_come_back() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["gansu-2024.xlsx", "姓名", "共 120 行", "错误 23", "已保存"]);
    let first = place(&bench.screen());
    bench.press("n");
    bench.until("the next finding", |s| place(s) != first);
    bench.press("X");
    bench.sees(&["预览", "10 格"]);
    bench.press("y");
    let fixed = bench.sees(&[SAFE_FIXES, "已保存"]);
    assert!(!fixed.contains("错误 23"), "{fixed}");
    bench.press("u");
    bench.sees(&["已撤销", "错误 23", "已保存"]);
    bench.press("\x12");
    let redone = bench.sees(&["已重做", "已保存"]);
    assert!(!redone.contains("错误 23"), "{redone}");

    bench.press("#7\r");
    bench.until("row 7", |s| place(s) == "5/120");
    bench.press("\x1b[Hlll\r");
    bench.press("\x15");
    // An input method sends characters, a slow line their bytes one by one.
    for byte in "兰州".as_bytes() {
        bench.send(&[*byte]);
        thread::sleep(Duration::from_millis(3));
    }
    bench.sees(&["兰州"]);
    bench.press("\x1b[200~新\t技术\u{1b}有限公司\r\n\x1b[201~");
    bench.sees(&["兰州新 技术有限公司"]);
    bench.press("\r");
    let edited = bench.sees(&["修改 所在单位 第7行 1 格", "已保存"]);
    let cell = "兰州新 技术有限公司";
    assert!(edited.contains(cell), "{edited}");
    bench.leaves();

    let mut bench = Bench::start(&desk, &[]);
    let resumed = bench.sees(&["接着上次的工作，共 120 行", "已保存"]);
    assert_eq!(place(&resumed), "5/120", "{resumed}");
    assert!(resumed.contains(cell), "{resumed}");
    bench.press("H");
    bench.sees(&["修改记录", "修改 所在单位 第7行", "修正全部可放心修正的问题"]);
    bench.press("\x1b");
    bench.until("the history to close", |s| !s.contains("修改记录"));
    bench.press("u");
    let undone = bench.sees(&["已撤销：修改 所在单位 第7行", "已保存"]);
    assert!(!undone.contains(cell), "{undone}");
    bench.press("u");
    bench.sees(&["错误 23", "已保存"]);
    bench.leaves();
}

#[test]
fn a_clean_roster_is_exported_through_the_pane() {
    let desk = Desk::new();
    let rows = goods(5);
    let file = desk.roster("clean.csv", &rows);
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 5 行", "错误 0", "已保存"]);
    bench.press("e");
    bench.sees(&["clean-上报.xlsx"]);
    bench.press("\r");
    bench.sees(&["已导出 5 行"]);
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
    bench.press("e");
    bench.sees(&["clean-上报.xlsx"]);
    bench.press("\r");
    bench.sees(&["要替换它吗"]);
    bench.press("\x1b");
    bench.until("no question", |s| !s.contains("要替换它吗"));
    assert_eq!(std::fs::read(&target).expect("upload"), before);
    bench.press("\x1b");
    bench.sees(&["张*伟"]);
    bench.leaves();
}

#[test]
fn an_export_with_errors_goes_to_the_first() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 120 行", "已保存"]);
    bench.press("G");
    bench.until("the last row", |s| place(s) == "120/120");
    bench.press("e");
    bench.sees(&["gansu-2024-上报.xlsx", "23"]);
    bench.press("\r");
    let screen = bench.sees(&["不能导出；第一处在第 6 行"]);
    assert_eq!(place(&screen), "4/120");
    assert!(!desk.path("gansu-2024-上报.xlsx").exists());
    bench.leaves();
}

#[test]
fn a_kill_loses_nothing_that_was_saved() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 120 行", "已保存"]);
    edit_employer(&mut bench, 7, "酒泉样例甲公司");
    bench.killed();

    let mut bench = Bench::start(&desk, &[]);
    bench.sees(&["接着上次的工作", "酒泉样例甲公司"]);
    edit_employer(&mut bench, 8, "酒泉样例乙公司");
    bench.press("jj\r\x15");
    bench.press("半途而废");
    bench.sees(&["半途而废"]);
    bench.killed();

    let mut bench = Bench::start(&desk, &[]);
    bench.sees(&["接着上次的工作", "酒泉样例甲公司", "酒泉样例乙公司"]);
    bench.press("\x1b");
    bench.until("no half-typed cell", |s| !s.contains("半途而废"));
    bench.press("H");
    bench.sees(&["修改 所在单位 第7行", "修改 所在单位 第8行"]);
    bench.press("\x1b");
    bench.until("the history to close", |s| !s.contains("修改记录"));
    bench.leaves();
}

#[test]
fn a_lost_line_ends_the_program_and_keeps_the_work() {
    let desk = Desk::new();
    let file = sample(&desk);
    for round in 0..2 {
        let mut bench = Bench::open(&desk, &file);
        bench.sees(&["120 行", "已保存"]);
        let employer = format!("张掖样例{round}公司");
        edit_employer(&mut bench, 9 + round, &employer);
        if round == 0 {
            bench.signal(Signal::HUP);
        } else {
            bench.cut();
        }
        bench.ends_within(Duration::from_secs(2));
        let bench = Bench::start(&desk, &[]);
        bench.sees(&["接着上次的工作", &employer]);
    }
}

#[test]
fn a_window_of_any_size_is_painted() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(60));
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 60 行", "张*伟", "已保存"]);
    for (columns, rows) in [(20, 5), (1, 1), (2, 3), (200, 2), (300, 100), (80, 1)] {
        let before = bench.raw().len();
        bench.resize(columns, rows);
        bench.until("a frame", |_| before < bench.raw().len());
        bench.press("jn\t");
    }
    bench.resize(80, 24);
    // What other sizes left on our parser is wiped by a full repaint.
    bench.press("\x0c");
    bench.sees(&["clean.csv", "/60", "已保存"]);
    bench.leaves();
}

#[test]
fn what_is_looked_up_reaches_the_clipboard_between_two_frames() {
    let desk = Desk::new();
    let mut bench = Bench::open(&desk, &sample(&desk));
    bench.sees(&["已保存"]);
    bench.press("Klzs");
    bench.sees(&["地区", "兰州市"]);
    bench.press("\r");
    bench.sees(&["已复制：兰州市"]);
    let raw = String::from_utf8_lossy(&bench.raw()).into_owned();
    let (before, _) = raw.split_once("\x1b]52;c;5YWw5bee5biC\x07").expect("copied");
    let (begun, ended) = (before.matches("\x1b[?2026h").count(), before.matches("\x1b[?2026l").count());
    assert!(0 < begun && begun == ended, "inside a frame");
    bench.leaves();
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
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 4 行", "^[]0;PWNED", "已保存"]);
    for keys in ["m", "j", "llll", "jm", "\t", "m", "l", "l", "\t", "\x1b", "\x1b[H\r"] {
        bench.press(keys);
    }
    bench.sees(&["Enter"]);
    bench.press("\x1b");
    bench.press("X");
    bench.sees(&["预览"]);
    bench.press("\x1b");
    bench.until("the preview to close", |s| !s.contains("预览"));
    bench.press("/PWNED\r");
    bench.press("&PWNED\r");
    bench.sees(&["筛选出"]);
    let raw = bench.raw();
    bench.leaves();
    for bad in [&b"\x1b]"[..], b"\x07", b"\x08", b"\0", b"\x1b[5;7m", "\u{9b}".as_bytes(), "\u{202E}".as_bytes()] {
        assert!(!raw.windows(bad.len()).any(|w| w == bad), "{bad:?} reached the terminal");
    }
}

#[test]
fn turning_back_from_another_roster_keeps_every_edit_where_it_was_made() {
    let desk = Desk::new();
    let stored = desk.roster("b.csv", &goods(30));
    let bench = Bench::open(&desk, &stored);
    bench.sees(&["共 30 行", "已保存"]);
    bench.leaves();
    let file = sample(&desk);
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 120 行", "已保存"]);
    // The answer of the store and the way back cross; whichever is on screen then, its edits are its own.
    bench.press("o");
    bench.sees(&["b.csv"]);
    bench.press("b.csv\r\x1b\x1b\x1b");
    thread::sleep(Duration::from_millis(300));
    if bench.screen().lines().next().is_some_and(|l| l.contains("gansu-2024")) {
        edit_employer(&mut bench, 7, "敦煌样例公司");
        bench.leaves();
        let mut bench = Bench::start(&desk, &[Path::new("open"), &stored]);
        let other = bench.sees(&["接着上次的工作，共 30 行"]);
        assert!(!other.contains("敦煌样例公司"), "{other}");
        bench.press("H");
        thread::sleep(Duration::from_millis(100));
        assert!(!bench.screen().contains("第7行"), "{}", bench.screen());
    } else {
        bench.leaves();
    }
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["接着上次的工作，共 120 行"]);
    // Going over to a stored roster moves the edits there.
    bench.press("o");
    bench.sees(&["b.csv"]);
    bench.press("b.csv\r");
    bench.sees(&["接着上次的工作，共 30 行", "已保存"]);
    bench.press("\x1b[Hlll\r");
    bench.sees(&["Enter"]);
    bench.press("\x15");
    bench.press("玉门样例公司\r");
    bench.sees(&["修改 所在单位 第2行 1 格", "已保存"]);
    bench.leaves();
    let bench = Bench::open(&desk, &stored);
    bench.sees(&["接着上次的工作，共 30 行", "玉门样例公司"]);
    drop(bench);
    let bench = Bench::open(&desk, &file);
    let screen = bench.sees(&["接着上次的工作，共 120 行"]);
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
    let bench = Bench::open(&desk, &file);
    bench.sees(&["hainan.csv", "1 处用户数据有误", "已保存"]);
    bench.leaves();

    std::fs::remove_dir_all(&folder).expect("removed");
    let bench = Bench::start(&desk, &[]);
    bench.sees(&["hainan-test 不在了", "已保存"]);
    bench.leaves();
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_going_on_paints_it_anew() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(3));
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 3 行", "已保存"]);
    bench.press("M");
    bench.sees(&["鼠标已开"]);
    let stat = format!("/proc/{}/stat", bench.id());
    bench.press("\x1a");
    bench.until("the program to stop", |_| {
        let stat = std::fs::read_to_string(&stat).expect("a process");
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
    });
    bench.until("the terminal to be given back", |_| bench.raw().ends_with(b"\x1b[?25h"));
    let before = bench.count();
    let raw = bench.raw();
    let last = |text: &[u8]| memchr::memmem::rfind(&raw, text);
    assert!(last(b"\x1b[?1000h") < last(b"\x1b[?1000l") && last(b"\x1b[?1049h") < last(b"\x1b[?1049l"));
    bench.signal(Signal::CONT);
    bench.until("the screen again", |s| s.contains("clean.csv") && s.contains("已保存"));
    let after = bench.raw().split_off(before);
    for again in [&b"\x1b[?1049h"[..], b"\x1b[?1000h", b"\x1b[?2004h"] {
        assert!(memchr::memmem::find(&after, again).is_some(), "{again:?}");
    }
    bench.leaves();
}

#[test]
fn the_mouse_points_at_what_is_drawn_and_is_off_at_the_end() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(9));
    let mut bench = Bench::open(&desk, &file);
    bench.sees(&["共 9 行", "已保存"]);
    assert!(!String::from_utf8_lossy(&bench.raw()).contains("\x1b[?1000h"), "off by default");
    bench.press("M");
    bench.sees(&["鼠标已开", "Shift"]);
    // Row 5 of the screen is the fourth row of the roster.
    bench.press("\x1b[<0;10;6M\x1b[<0;10;6m");
    bench.until("the fourth row", |s| place(s) == "4/9");
    bench.press("\x1b[<65;10;6M");
    bench.until("three rows down", |s| place(s) == "7/9");
    bench.press("\x1b[<0;10;4M\x1b[<0;10;4m\x1b[<0;10;4M");
    bench.sees(&["2/9", "Enter 确定"]);
    bench.press("\x1b");
    let footer = bench.until("the footer", |s| s.lines().last().is_some_and(|l| l.contains("帮助")));
    let footer = footer.lines().last().expect("a line").to_string();
    let before = &footer[..footer.find("帮助").expect("help")];
    let column = unicode_width::UnicodeWidthStr::width(before);
    bench.press(&format!("\x1b[<0;{column};24M"));
    bench.sees(&["预览所有"]);
    bench.press("\x1b");
    bench.until("no help", |s| !s.contains("预览所有"));
    // The third line of the export pane: a click goes there, another one turns it.
    bench.press("e");
    bench.sees(&["> 内容"]);
    bench.press("\x1b[<0;10;5M\x1b[<0;10;5m");
    bench.sees(&["> 格式"]);
    bench.press("\x1b");
    let raw = bench.leaves();
    assert!(memchr::memmem::rfind(&raw, b"\x1b[?1000h") < memchr::memmem::rfind(&raw, b"\x1b[?1000l"));
}

#[test]
fn settings_change_keys_and_turn_the_mouse_on_and_the_tour_comes_once() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("state")).expect("folder");
    let config = "mouse = true\ntheme = \"light\"\n[keys]\nquit = [\"Q\", \"ctrl-c\"]\nhelp = \"f2\"\n";
    std::fs::write(desk.path("state/config.toml"), config).expect("written");
    let mut bench = Bench::start(&desk, &[]);
    bench.sees(&["1/5", "屏幕上有什么", "跳过"]);
    assert!(String::from_utf8_lossy(&bench.raw()).contains("\x1b[?1006h"));
    bench.press("\r\r\r\r");
    bench.sees(&["5/5", "F2 列出这里的按键"]);
    bench.press("\r");
    bench.until("the file list", |s| s.contains("选择文件") && !s.contains("5/5"));
    bench.press(":theme\r");
    bench.sees(&["不用颜色"]);
    // What is kept is on disk before the program ends.
    bench.press("\x03");
    assert_eq!(bench.ends_within(crate::support::bench::PATIENCE), 0);
    let kept: Vec<String> = std::fs::read_dir(desk.path("state"))
        .expect("folder")
        .flatten()
        .filter(|e| e.file_name().to_string_lossy().starts_with("skillcert.user-"))
        .map(|e| std::fs::read_to_string(e.path()).expect("text"))
        .collect();
    assert_eq!(kept, ["tour = true\ntheme = \"none\"\n"]);
    let mut bench = Bench::start(&desk, &[]);
    let screen = bench.sees(&["选择文件"]);
    assert!(!screen.contains("1/5"), "{screen}");
    assert!(!String::from_utf8_lossy(&bench.raw()).contains("\x1b[38"), "colours");
    bench.press("\x03");
    assert_eq!(bench.ends_within(crate::support::bench::PATIENCE), 0);
}
