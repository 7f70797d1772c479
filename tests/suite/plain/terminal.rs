//! The conversation on a pseudo-terminal: by asking for it, and by a terminal that takes no screens.

use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::thread;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::pty::sample;
use crate::support::harness::{Looks, PATIENCE, type_nothing_at_the_end};
use crate::support::{Desk, PROGRAM, TODAY};

/// Talks on a terminal of a kind; each answer is given once its question is there. Gives every byte that came.
fn talked(desk: &Desk, term: &str, arguments: &[&str], turns: &[(&str, &str)]) -> Vec<u8> {
    let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(arguments);
    command.env_clear();
    command.cwd(desk.folder.path());
    let home = desk.path("state");
    for (name, value) in [("TERM", term), ("SKILLCERT_TODAY", TODAY), ("SKILLCERT_HOME", home.to_str().expect("UTF-8"))]
    {
        command.env(name, value);
    }
    let mut child = pair.slave.spawn_command(command).expect("started");
    drop(pair.slave);
    let mut keys = pair.master.take_writer().expect("writer");
    let mut from = pair.master.try_clone_reader().expect("reader");
    let seen = Arc::<Mutex<Vec<u8>>>::default();
    let to = Arc::clone(&seen);
    let reader = thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            to.lock().expect("seen").extend_from_slice(&buffer[..count]);
        }
    });
    for (question, answer) in turns {
        let mut looks = Looks::within(PATIENCE);
        let is_asked = || String::from_utf8_lossy(&seen.lock().expect("seen")).ends_with(&format!("{question}\r\n> "));
        while !is_asked() {
            let so_far = String::from_utf8_lossy(&seen.lock().expect("seen")).into_owned();
            assert!(looks.wait(), "waited for {question}:\n{so_far}");
        }
        keys.write_all(answer.as_bytes()).and_then(|()| keys.flush()).expect("typed");
    }
    assert_eq!(child.wait().expect("ended").exit_code(), 0);
    type_nothing_at_the_end(&*pair.master);
    drop((keys, pair.master));
    reader.join().expect("reader");
    let bytes = seen.lock().expect("seen").clone();
    // The terminal itself turns a line feed into two characters.
    let text = String::from_utf8(bytes.clone()).expect("UTF-8").replace("\r\n", "\n").replace("^D\u{8}\u{8}", "");
    super::assert_clean(text.as_bytes());
    bytes
}

const MENU: &str = "做什么？";
const AGAIN: &str = "做什么？直接回车列出可做的事。";

#[test]
fn a_person_types_behind_a_prompt_and_leaves() {
    let desk = Desk::new();
    sample(&desk);
    let turns = [
        (MENU, "ｎｅｘｔ\n"),
        ("这一格怎么办？", "fix\n"),
        ("只按回车不会执行。", "是\n"),
        ("这一格怎么办？直接回车列出可做的事。", "0\n"),
        (AGAIN, "tc\n"),
    ];
    let bytes = talked(&desk, "xterm-256color", &["open", "--plain", "gansu-2024.xlsx"], &turns);
    let said = String::from_utf8(bytes).expect("UTF-8");
    assert!(said.contains("修正 姓名 第6行 1 格。已保存。") && said.ends_with("已退出，工作都已保存。\r\n"), "{said}");
    assert!(!said.contains("TERM") && !said.contains("dumb"), "{said}");
}

#[test]
fn a_dumb_terminal_is_talked_to_by_itself_and_told_why() {
    let desk = Desk::new();
    sample(&desk);
    // The end of the input, as the terminal's own key gives it.
    let bytes = talked(&desk, "dumb", &["open", "gansu-2024.xlsx"], &[(MENU, "\u{4}")]);
    let said = String::from_utf8(bytes).expect("UTF-8");
    assert!(said.starts_with("终端类型是 dumb，不能显示整屏画面，因此用逐行模式。\r\n"), "{said}");
}
