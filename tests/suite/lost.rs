//! A line that is lost, in every way it can be: the program is gone soon and quietly, and nothing it took is.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::pty::sample;
use crate::support::harness::{Harness, Looks, PATIENCE, place};
use crate::support::shim::compiled;
use crate::support::{Desk, PROGRAM, goods};

/// How long the program may live on, and the processor's time it may take meanwhile, in hundredths of a second.
const GONE_WITHIN: Duration = Duration::from_secs(2);
const TICKS: u64 = 10;

const HALF: &str = "半途而废";

/// An answer to the question how wide a dot is.
const NARROW: &[u8] = b"\x1b[1;2R";

/// Edits a cell of row 7, filters, goes to the record of row 10 and leaves a cell there half typed.
fn half_way(workbench: &mut Harness) -> String {
    workbench.sees(&["120 行", "已保存"]);
    crate::pty::edit_employer(workbench, 7, "酒泉样例甲公司");
    workbench.press("&公司\r");
    workbench.sees(&["筛选：", "56/120 行"]);
    workbench.press("#10\r");
    workbench.press("\t");
    workbench.sees(&["单条 第 10 行"]);
    workbench.press("\x1b[Hjjj\r");
    workbench.sees(&["Enter 确定"]);
    workbench.press("\x15");
    workbench.press(HALF);
    workbench.sees(&[HALF, "已保存"]);
    // The line as it is kept: all but what the status says.
    workbench.count();
    workbench.screen()
}

/// Gives what of a screen comes back: all but what the status line says.
fn kept(screen: &str) -> Vec<&str> {
    screen.lines().filter(|line| !line.contains("已保存")).collect()
}

/// The next start offers the same row, pane, filter and text, in a batch that is nobody else's.
fn comes_back(desk: &Desk, before: &str) {
    let mut workbench = Harness::resumed(desk);
    workbench.sees(&["接着上次的工作", HALF, "已保存"]);
    workbench.count();
    assert_eq!(kept(&workbench.screen()), kept(before));
    workbench.press("\r");
    workbench.sees(&["修改 所在单位 第10行 1 格", "已保存"]);
    workbench.press("H");
    workbench.sees(&["修改 所在单位 第7行", "修改 所在单位 第10行"]);
    workbench.press("\x1b");
    workbench.until("the history to close", |s| !s.contains("修改记录"));
    workbench.leaves();
}

/// Reads the state and the processor's time of a process, its threads included; also of one that has ended.
fn stat(id: &str) -> (char, u64) {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("still known");
    let fields: Vec<&str> = stat.rsplit_once(") ").expect("a name").1.split(' ').collect();
    let ticks = |at: usize| fields[at].parse::<u64>().expect("ticks");
    (fields[0].chars().next().expect("a state"), ticks(11) + ticks(12))
}

/// Does what loses the line; the program must end in time and take little of the processor's.
#[track_caller]
fn ends_by(workbench: &mut Harness, lose: impl FnOnce(&mut Harness)) {
    let id = workbench.id();
    let (_, before) = stat(&id);
    lose(workbench);
    let mut looks = Looks::within(GONE_WITHIN);
    let used = loop {
        match stat(&id) {
            ('Z', after) => break after - before,
            _ => assert!(looks.wait(), "still there:\n{}", workbench.screen()),
        }
    };
    assert!(used < TICKS, "{used} hundredths of a second");
    workbench.ends_within(PATIENCE);
}

#[test]
fn signals_end_the_program_and_keep_the_work() {
    for signal in [Signal::HUP, Signal::TERM, Signal::INT, Signal::QUIT] {
        let desk = Desk::new();
        let mut workbench = Harness::open(&desk, &sample(&desk));
        let before = half_way(&mut workbench);
        ends_by(&mut workbench, |workbench| workbench.signal(signal));
        workbench.left_as_found();
        comes_back(&desk, &before);
    }
}

#[test]
fn a_terminal_that_is_gone_ends_the_program_whatever_is_done_with_sighup() {
    let ways: [&[&str]; 3] = [
        &[],
        &["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"],
        // Not even delivered: only the terminal itself tells that it is gone.
        &["/usr/bin/env", "--block-signal=HUP"],
    ];
    for way in ways {
        let desk = Desk::new();
        let file = sample(&desk);
        let mut line: Vec<&Path> = way.iter().map(Path::new).collect();
        line.extend([Path::new(PROGRAM), Path::new("open"), &file]);
        let mut workbench = Harness::running(&desk, &line, NARROW);
        let before = half_way(&mut workbench);
        ends_by(&mut workbench, Harness::cut);
        comes_back(&desk, &before);
    }
}

#[test]
fn a_kill_leaves_the_batch_to_the_next_start() {
    let desk = Desk::new();
    let mut workbench = Harness::open(&desk, &sample(&desk));
    let before = half_way(&mut workbench);
    // A view is written when nothing more has been typed for a moment.
    thread::sleep(Duration::from_secs(1));
    workbench.killed();
    comes_back(&desk, &before);
}

/// Fills what lies between the program and a terminal that was stopped: the program can write no more.
fn fill(workbench: &mut Harness) {
    workbench.stop_reading();
    for _ in 0..100 {
        // Asked how far it is, such a terminal is made to answer: the program goes on until nothing fits in.
        workbench.send(b"\x0c\x1b[0n");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_terminal_that_takes_nothing_keeps_neither_the_keys_nor_the_end_waiting() {
    for signal in [Signal::HUP, Signal::TERM] {
        let desk = Desk::new();
        let mut workbench = Harness::open(&desk, &sample(&desk));
        let before = half_way(&mut workbench);
        fill(&mut workbench);
        // Typed blindly, and taken all the same.
        workbench.press("又半");
        thread::sleep(Duration::from_millis(100));
        ends_by(&mut workbench, |workbench| workbench.signal(signal));
        let before = before.replace(&format!("{HALF}    "), &format!("{HALF}又半"));
        comes_back(&desk, &before);
    }
}

#[test]
fn keys_typed_while_nothing_is_read_show_once_it_is() {
    let desk = Desk::new();
    let mut workbench = Harness::open(&desk, &sample(&desk));
    workbench.sees(&["120 行", "已保存"]);
    fill(&mut workbench);
    workbench.press("jjjjj");
    thread::sleep(Duration::from_millis(100));
    workbench.read_on();
    workbench.until("the last state", |s| place(s) == "6/120");
    workbench.leaves();
}

/// The signals of builds for tests.
#[cfg(debug_assertions)]
mod broken {
    use super::*;
    use crate::pty::secrets;

    #[test]
    fn a_loop_that_stands_still_is_ended_without_it() {
        let desk = Desk::new();
        let mut workbench = Harness::open(&desk, &sample(&desk));
        let before = half_way(&mut workbench);
        workbench.signal(Signal::USR2);
        thread::sleep(Duration::from_millis(50));
        ends_by(&mut workbench, |workbench| workbench.signal(Signal::TERM));
        workbench.left_as_found();
        comes_back(&desk, &before);
    }

    #[test]
    fn a_panic_gives_the_terminal_back_keeps_the_work_and_tells_nothing_of_anybody() {
        let desk = Desk::new();
        let mut workbench = Harness::open(&desk, &sample(&desk));
        let before = half_way(&mut workbench);
        workbench.signal(Signal::USR1);
        assert_eq!(workbench.ends_within(PATIENCE), 5);
        let told = workbench.left_as_found();
        assert!(told.contains("crash-"), "{told}");
        let report: Vec<_> = std::fs::read_dir(desk.path("state/logs")).expect("logs").flatten().collect();
        let report = std::fs::read_to_string(report[0].path()).expect("a report");
        assert!(report.contains("src/tui/mod.rs"), "{report}");
        for secret in secrets() {
            assert!(!report.contains(&secret) && !told.contains(&secret), "{secret}");
        }
        comes_back(&desk, &before);
    }
}

/// A terminal multiplexer, where there is one: a client that goes leaves the program alone, its session's end does not.
#[test]
fn a_multiplexer_keeps_the_program_until_its_session_ends() {
    let desk = Desk::new();
    let socket = desk.path("tmux");
    let tmux = |arguments: &[&str]| {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(&socket).args(["-f", "/dev/null"]).args(arguments).env_clear();
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("TERM", "xterm-256color").output()
    };
    if tmux(&["-V"]).is_err() {
        return;
    }
    let file = sample(&desk);
    let home = format!("SKILLCERT_HOME={}", desk.path("state").display());
    let mut line: Vec<&Path> = ["tmux", "-u", "-S"].map(Path::new).to_vec();
    line.extend([socket.as_path(), Path::new("-f"), Path::new("/dev/null"), Path::new("new-session")]);
    line.extend(["-e", home.as_str(), PROGRAM, "open"].map(Path::new));
    line.push(&file);
    let mut workbench = Harness::running(&desk, &line, NARROW);
    let before = half_way(&mut workbench);
    workbench.cut();
    workbench.ends_within(PATIENCE);
    let id = String::from_utf8(tmux(&["list-panes", "-F", "#{pane_pid}"]).expect("tmux").stdout).expect("a number");
    let id = id.trim().to_string();
    let (_, used) = stat(&id);
    thread::sleep(Duration::from_secs(1));
    assert!(stat(&id).1 - used < TICKS, "it works though nobody looks");
    tmux(&["kill-session"]).expect("tmux");
    let mut looks = Looks::within(GONE_WITHIN);
    while Path::new("/proc").join(&id).exists() {
        assert!(looks.wait(), "still there");
    }
    // The multiplexer's own line takes one of the screen.
    let mut workbench = Harness::resumed(&desk);
    let after = workbench.sees(&["接着上次的工作", HALF, "已保存"]);
    assert_eq!(place(&after), place(&before));
    workbench.press("\x1b");
    workbench.leaves();
}

#[test]
fn on_a_slow_disk_the_rows_are_there_before_they_are_stored() {
    let desk = Desk::new();
    let file = desk.roster("名册.csv", &goods(50));
    let slow = compiled("slow", desk.folder.path());
    let started = Instant::now();
    let preload = [("LD_PRELOAD", slow.to_str().expect("a path"))];
    let workbench = Harness::with(&desk, &[Path::new("open"), &file], &preload);
    let screen = workbench.sees(&["共 50 行", "兰州陇原机械有限公司"]);
    let took = started.elapsed();
    workbench.sees(&["已保存"]);
    assert!(!screen.contains("已保存") && took * 2 < started.elapsed(), "{took:?} of {:?}", started.elapsed());
    workbench.leaves();
    // The same where the work goes on in what is stored.
    let started = Instant::now();
    let mut workbench = Harness::with(&desk, &[], &preload);
    workbench.go_on();
    let screen = workbench.sees(&["共 50 行", "兰州陇原机械有限公司"]);
    let took = started.elapsed();
    workbench.sees(&["已保存"]);
    assert!(!screen.contains("已保存") && took * 2 < started.elapsed(), "{took:?} of {:?}", started.elapsed());
    workbench.leaves();
}
