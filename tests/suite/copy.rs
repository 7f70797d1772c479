//! What is copied, masked as it is shown, and where it goes when the terminal takes nothing.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use skillcert::app::App;
use skillcert::app::msg::{Effect, Msg};
use skillcert::words::Lang;

use crate::keys::{GOOD, app_with, press, three};
use crate::pty::sample;
use crate::support::Desk;
use crate::support::harness::Harness;

fn copied(app: &mut App, keys: &str) -> String {
    let effects = press(app, keys);
    let copied = effects.into_iter().filter_map(|e| if let Effect::Copy(text) = e { Some(text) } else { None });
    copied.collect::<Vec<_>>().join("|")
}

#[test]
fn cells_rows_codes_and_findings_are_copied_as_they_are_shown() {
    let mut app = app_with(Lang::Zh, (100, 30), &three());
    assert_eq!(copied(&mut app, "Y y"), "张*");
    assert_eq!(copied(&mut app, "right right Y y"), "110105********002X");
    let row = copied(&mut app, "Y r");
    assert!(row.starts_with("张*\t201\t110105********002X\t") && row.split('\t').count() == 11, "{row}");
    assert_eq!(copied(&mut app, "Y c"), GOOD[7]);
    assert!(app.status.text.contains(GOOD[7]));
    assert_eq!(copied(&mut app, "m Y y"), GOOD[2]);
    assert!(copied(&mut app, "Y r").starts_with("张伟\t201\t11010519491231002X\t"));
    press(&mut app, "m");

    let list = copied(&mut app, "Y e");
    let lines: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert!(!lines.is_empty() && lines.iter().all(|parts| parts.len() == 4), "{list}");
    assert!(lines.iter().any(|parts| parts[..2] == ["3", "发证日期"]), "{list}");
    assert!(!list.contains(GOOD[0]) && !list.contains(GOOD[2]), "{list}");
}

#[test]
fn nothing_copied_is_said_and_hostile_cells_become_visible() {
    let mut rows = three();
    rows[0][3] = "甲\u{1b}]52;c;eA==\u{7}\t公司\u{202E}";
    rows[0][7] = "";
    let mut app = app_with(Lang::Zh, (100, 30), &rows);
    assert_eq!(copied(&mut app, "Y c"), "");
    assert_eq!(app.status.text, app.locale.text("copy.nothing"));
    assert!(!press(&mut app, "Y f").iter().any(|e| matches!(e, Effect::KeepCopy { .. })));
    assert_eq!(copied(&mut app, "right right right Y y"), "甲^[]52;c;eA==^G\\t公司<U+202E>");
}

#[test]
fn what_no_terminal_takes_goes_to_a_file() {
    let mut app = app_with(Lang::Zh, (100, 30), &three());
    let text = copied(&mut app, "Y r");
    for effects in [app.update(Msg::NotCopied), press(&mut app, "Y f")] {
        let kept = effects.iter().find_map(|e| match e {
            Effect::KeepCopy { folder, text } => Some((folder.clone(), text.clone())),
            _ => None,
        });
        assert_eq!(kept, Some((PathBuf::from("/data"), text.clone())));
    }
    app.update(Msg::CopyKept(Ok("/data/copy.txt".into())));
    assert!(app.status.text.contains("/data/copy.txt"));
}

#[test]
fn a_real_line_gets_the_clipboard_and_the_file_is_the_users_own() {
    let desk = Desk::new();
    let mut bench = Harness::open(&desk, &sample(&desk));
    bench.sees(&["120 行", "已保存"]);
    bench.press("Yr");
    bench.sees(&["已复制"]);
    bench.until("the clipboard", |_| String::from_utf8_lossy(&bench.raw()).contains("\x1b]52;c;"));
    bench.press("Yf");
    // Where the line breaks depends on how long the folder's name is.
    bench.until("whose it is", |screen| screen.split_whitespace().collect::<String>().contains("只有本人可读"));
    bench.leaves();
    let is_copy = |path: &PathBuf| path.extension().is_some_and(|e| e == "txt");
    let files: Vec<PathBuf> =
        std::fs::read_dir(desk.folder.path()).expect("a folder").flatten().map(|e| e.path()).filter(is_copy).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].metadata().expect("about").permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&files[0]).expect("text");
    assert!(text.contains("********") && text.contains('\t'), "{text}");
}

#[test]
fn what_was_copied_goes_from_the_status_line_when_it_is_masked_again() {
    let mut app = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "m Y y");
    let name = three()[0][0];
    assert!(app.status.text.contains(name), "{}", app.status.text);
    app.update(Msg::Time(Duration::from_secs(31)));
    assert!(!app.status.text.contains(name), "{}", app.status.text);
    // What was copied masked may stay, in one line.
    press(&mut app, "Y r");
    let text = app.status.text.clone();
    assert!(!text.contains('\t') && text.contains("张*"), "{text}");
    app.update(Msg::Time(Duration::from_secs(62)));
    assert_eq!(app.status.text, text);
}
