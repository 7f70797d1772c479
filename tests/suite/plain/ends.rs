//! The input ends, the line is lost, somebody else holds the batch: nothing that was answered goes away.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::{actions, assert_clean, talk};
use crate::pty::{edit_employer, sample};
use crate::support::harness::{Harness, Looks, PATIENCE};
use crate::support::{Desk, goods};

/// A conversation that goes on.
pub struct Talking {
    child: Child,
    input: Option<ChildStdin>,
    said: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
    /// How much of it has been waited for.
    mark: usize,
}

impl Talking {
    pub fn start(desk: &Desk, arguments: &[&str]) -> Talking {
        let mut command = desk.command(&[&["--home", "state", "--plain"], arguments].concat());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
        let (input, mut out) = (child.stdin.take(), child.stdout.take().expect("stdout"));
        let said = Arc::<Mutex<Vec<u8>>>::default();
        let to = Arc::clone(&said);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = out.read(&mut buffer) {
                to.lock().expect("said").extend_from_slice(&buffer[..count]);
            }
        });
        Talking { child, input, said, reader, mark: 0 }
    }

    pub fn answer(&mut self, text: &str) {
        let input = self.input.as_mut().expect("input");
        input.write_all(text.as_bytes()).and_then(|()| input.flush()).expect("answered");
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().expect("said")).into_owned()
    }

    /// Waits until something is said after what was waited for before.
    #[track_caller]
    pub fn says(&mut self, text: &str) {
        let mut looks = Looks::within(PATIENCE);
        loop {
            let said = self.text();
            if let Some(at) = said[self.mark..].find(text) {
                self.mark += at + text.len();
                return;
            }
            assert!(looks.wait(), "waited for {text}:\n{}", self.text());
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.child.id() as i32).expect("id"), signal).expect("signal");
    }

    /// Waits for a good end.
    #[track_caller]
    pub fn ends(mut self) -> String {
        let mut looks = Looks::within(PATIENCE);
        let code = loop {
            if let Some(status) = self.child.try_wait().expect("child") {
                break status.code();
            }
            assert!(looks.wait(), "still there:\n{}", self.text());
        };
        self.reader.join().expect("reader");
        let said = self.said.lock().expect("said").clone();
        assert_eq!(code, Some(0), "{}", String::from_utf8_lossy(&said));
        assert_clean(&said);
        String::from_utf8(said).expect("UTF-8")
    }
}

/// Answers that lead to each kind of question, and a part of what it asks.
const QUESTIONS: [(&str, &str); 16] = [
    ("", "做什么？"),
    ("findings\n", "看哪一类？"),
    ("findings\n2\n", "到哪一处？"),
    ("rows\n", "到哪一行？"),
    ("next\n", "这一格怎么办？"),
    ("next\nrecord\n", "到哪一格？"),
    ("next\nedit\n", "请输入新内容"),
    ("fix-all\n", "执行请输入 y"),
    ("next\nsame\n", "都改成什么？"),
    ("search\n", "请输入要查找的文字"),
    ("history\n", "撤销、重做"),
    ("decode\n", "要解码的"),
    ("look-up\n", "要查的词"),
    ("export\n2\n", "什么格式？"),
    ("open\n", "打开哪个文件？"),
    ("profile\n", "用哪一种检查依据？"),
];

#[test]
fn a_line_lost_at_any_question_loses_nothing() {
    for (i, (way, question)) in QUESTIONS.into_iter().enumerate() {
        let desk = Desk::new();
        sample(&desk);
        let mut talking = Talking::start(&desk, &["open", "gansu-2024.xlsx"]);
        talking.answer("go-to-row\n7\nrecord\n4\nedit\n酒泉样例公司\n0\n0\n");
        talking.says("修改 所在单位 第7行 1 格。已保存。");
        talking.answer(way);
        talking.says(question);
        // A part of an answer is on its way when the end comes.
        talking.answer("半途");
        match i % 3 {
            0 => talking.signal(Signal::HUP),
            1 => talking.signal(Signal::TERM),
            _ => talking.input = None,
        }
        talking.ends();
        let resumed = talk(&desk, &[], "history\n").out;
        let is_typing = way.ends_with("edit\n");
        assert!(resumed.contains("已有 1 步修改"), "{question}: {resumed}");
        // What was half typed for a cell is asked about; it went nowhere else.
        assert_eq!(resumed.contains("上次正在修改"), is_typing, "{question}: {resumed}");
        // The cell that is typed into is shown whole, and that is noted; afterwards it comes back masked.
        let mut noted = vec!["batch.create", "batch.complete", "batch.change"];
        noted.extend(is_typing.then_some("audit.unmask"));
        assert_eq!(actions(&desk), noted, "{question}");
        assert_eq!(desk.verb(&["--home", "state", "audit", "verify"]).code, 0);
    }
}

#[test]
fn what_was_half_typed_is_kept_until_it_is_taken_or_given_up() {
    let desk = Desk::new();
    desk.roster("clean.csv", &goods(5));
    talk(&desk, &["open", "clean.csv"], "go-to-row\n3\nrecord\n4\nedit\n酒泉样");
    let offered = talk(&desk, &[], "").out;
    assert!(offered.contains("“酒泉样”，还没有存入") && offered.contains("存入、重新输入，还是放弃？"), "{offered}");
    let taken = talk(&desk, &[], "1\n").out;
    assert!(taken.contains("修改 所在单位 第3行 1 格。已保存。"), "{taken}");
    talk(&desk, &[], "row\nedit\n丙");
    let left = talk(&desk, &[], "0\n").out;
    assert!(!talk(&desk, &[], "").out.contains("还没有存入"), "{left}");
}

#[test]
fn a_roster_somebody_else_edits_is_read_followed_and_taken_over() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut bench = Harness::open(&desk, &file);
    bench.sees(&["共 120 行", "已保存"]);
    let mut talking = Talking::start(&desk, &[]);
    talking.says("注意：只能看，正由他人编辑");
    talking.says(&bench.id());
    talking.answer("next\nedit\nhistory\n");
    talking.says("还没有修改");
    edit_employer(&mut bench, 7, "酒泉样例甲公司");
    talking.says("这份名册已被修改");
    talking.answer("0\ntake-over\n");
    talking.says("是请输入 y");
    talking.answer("\n1\ny\n");
    talking.says("现在由您编辑");
    bench.sees(&["只读"]);
    talking.answer("go-to-row\n8\nrecord\n4\nedit\n酒泉样例乙公司\n");
    talking.says("修改 所在单位 第8行 1 格。已保存。");
    bench.press("#8\r\x1b[Hlll");
    bench.sees(&["酒泉样例乙公司"]);
    talking.input = None;
    let said = talking.ends();
    assert!(said.contains("共 120 行") && !said.contains("panicked"), "{said}");
    bench.until("the roster to be free", |s| s.contains("现在由您编辑") && !s.contains("只读"));
    bench.leaves();
    let expected = ["create", "complete", "change", "take-over", "change"];
    assert_eq!(actions(&desk), expected.map(|action| format!("batch.{action}")));
}

#[test]
fn nothing_is_said_while_nothing_happens() {
    let desk = Desk::new();
    desk.roster("clean.csv", &goods(5));
    let mut talking = Talking::start(&desk, &["open", "clean.csv"]);
    talking.says("做什么？");
    let before = talking.text();
    thread::sleep(Duration::from_millis(1300));
    assert_eq!(talking.text(), before);
    talking.answer("quit\n");
    assert!(talking.ends().ends_with("已退出，工作都已保存。\n"));
}

#[test]
fn a_line_that_is_no_text_is_asked_for_again() {
    let desk = Desk::new();
    desk.roster("clean.csv", &goods(5));
    let script = [&b"rows\n\xff\xfe\n"[..], &vec![b'x'; 200_000], b"\n2\n"].concat();
    let ran = desk.run_with_input(&["--home", "state", "--plain", "open", "clean.csv"], &script);
    assert_eq!((ran.code, ran.out.matches("不是 UTF-8 文字").count()), (0, 2), "{}", ran.out);
    assert!(ran.out.contains("第 3 行（第 2 个，共 5 个）"), "{}", ran.out);
}
