//! Batches through both fronts: the list, what became of each, archiving, and going on with one by its number.

use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::Value;
use skillcert::app::import::BatchLine;
use skillcert::app::msg::{Effect, Msg};
use skillcert::domain::ledger::BatchId;
use skillcert::tui::{LoopEvent, Setup, Workers};

use crate::plain::talk;
use crate::support::{Desk, TODAY, goods, root, spoiled};

const HOME: [&str; 2] = ["--home", "state"];

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&HOME[..], arguments, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err))
}

/// Lists the batches, each by its number and file.
fn batches(desk: &Desk, more: &[&str]) -> Vec<(i64, String)> {
    let listed = json(desk, &[&["batch", "list"], more].concat());
    let all = listed["batches"].as_array().expect("batches").iter();
    all.map(|b| (b["batch"].as_i64().expect("number"), b["file"].as_str().expect("file").to_string())).collect()
}

fn actions(desk: &Desk) -> Vec<String> {
    let told = json(desk, &["audit", "show"]);
    told["entries"].as_array().expect("entries").iter().map(|e| e["action"].as_str().expect("text").into()).collect()
}

/// A home with two batches that were opened in the workbench: one with errors, safe fixes made, and a clean one.
fn two() -> Desk {
    let desk = Desk::new();
    desk.roster("spoiled.csv", &spoiled());
    desk.roster("clean.csv", &goods(3));
    talk(&desk, &["open", "spoiled.csv"], "fix-all\ny\nquit\n");
    talk(&desk, &["open", "clean.csv"], "quit\n");
    desk
}

/// Other sheets and hidden rows are told of a batch as of its file, which may be gone by then.
#[test]
fn a_batch_tells_what_stood_beside_its_rows() {
    let desk = Desk::new();
    for (number, name, typed) in [("1", "hidden-rows.xlsx", "quit\n"), ("2", "two-rosters.xlsx", "1\nquit\n")] {
        std::fs::copy(root("tests/fixtures").join(name), desk.path(name)).expect("copied");
        talk(&desk, &["open", name], typed);
        let of_file = json(&desk, &["check", name]);
        std::fs::remove_file(desk.path(name)).expect("removed");
        let of_batch = json(&desk, &["check", "--batch", number]);
        for key in ["row_count", "hidden_rows", "other_sheets"] {
            assert_eq!(of_batch[key], of_file[key], "{name}: {key}");
        }
        let told = |key: &str| of_batch[key].as_array().is_some_and(|list| !list.is_empty());
        assert!(told("hidden_rows") || told("other_sheets"), "{name}: {of_batch}");
    }
    let told = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "--batch", "2"]].concat());
    assert!(told.out.contains("工作表“第二组”没有读入：5 行，像是名册\n"), "{}", told.out);
    let opened = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "quit\n").out;
    assert!(opened.contains("2 人所在的行在源文件里是隐藏的，照样读入：第 4、9 行"), "{opened}");
    // What a batch has nothing of stands in no entry.
    desk.roster("clean.csv", &goods(3));
    talk(&desk, &["open", "clean.csv"], "quit\n");
    let entries = json(&desk, &["audit", "show"]);
    let made = entries["entries"].as_array().expect("entries").iter().filter(|e| e["action"] == "batch.create");
    assert_eq!(made.filter(|e| e["after"].get("beside").is_some()).count(), 2, "{entries}");
    assert_eq!(desk.verb(&[&HOME[..], &["audit", "verify"]].concat()).code, 0);
}

#[test]
fn the_list_tells_what_became_of_each_batch() {
    let desk = two();
    let listed = json(&desk, &["batch", "list"]);
    let [clean, spoiled] = [0, 1].map(|i| listed["batches"][i].clone());
    let checked = json(&desk, &["check", "--batch", "1"]);
    assert_eq!(spoiled["errors"], checked["summary"]["severities"]["error"], "{spoiled} {checked}");
    assert!(spoiled["edits"].as_u64().expect("edits") != 0, "{spoiled}");
    assert_eq!((&clean["errors"], &clean["edits"], &clean["exported"]), (&0.into(), &0.into(), &Value::Null));
    let written = desk.verb(&[&HOME[..], &["export", "--batch", "2", "-o", "up.csv", "--reason", "x"]].concat());
    assert_eq!(written.code, 0, "{}", written.err);
    let shown = json(&desk, &["batch", "show", "2"]);
    assert!(shown["batch"]["exported"].as_str().is_some_and(|at| at.len() == 20), "{shown}");
    let text = desk.verb(&[&HOME[..], &["--lang", "zh", "batch"]].concat()).out;
    let edits = format!("改了 {} 格", spoiled["edits"]);
    assert!(text.contains(&edits) && text.contains(" 导出"), "{text}");
}

#[test]
fn an_archived_batch_leaves_the_list_and_is_kept_and_comes_back() {
    let desk = two();
    let before = actions(&desk).len();
    let archived = desk.verb(&[&HOME[..], &["--lang", "zh", "batch", "archive", "2", "1"]].concat());
    assert_eq!((archived.code, archived.out.lines().count()), (0, 2), "{}{}", archived.out, archived.err);
    assert!(batches(&desk, &[]).is_empty());
    assert_eq!(batches(&desk, &["--all"]).len(), 2);
    let none = desk.verb(&[&HOME[..], &["--lang", "zh", "batch", "list"]].concat()).out;
    assert!(none.contains("2 批都已归档") && none.contains("--all") && none.contains("Ctrl-O"), "{none}");
    assert_eq!(json(&desk, &["batch", "show", "1"])["batch"]["closed"], true);
    let again = desk.verb(&[&HOME[..], &["--lang", "zh", "batch", "archive", "1"]].concat());
    assert!(again.code == 0 && again.out.contains("早已归档"), "{}{}", again.out, again.err);
    assert_eq!(actions(&desk)[before..], ["batch.close", "batch.close"]);
    // Started without a file there is nothing to go on with.
    let started = talk(&desk, &["--lang", "zh"], "quit\n");
    assert!(started.out.contains("打开哪个文件"), "{}", started.out);
    let restored = desk.verb(&[&HOME[..], &["batch", "restore", "1"]].concat());
    assert_eq!(restored.code, 0, "{}", restored.err);
    assert_eq!(batches(&desk, &[]), [(1, "spoiled.csv".to_string())]);
    assert_eq!(actions(&desk).last().map(String::as_str), Some("batch.reopen"));
    let started = talk(&desk, &["--lang", "zh"], "quit\n");
    assert!(started.out.contains("spoiled.csv"), "{}", started.out);
    assert_eq!(desk.verb(&[&HOME[..], &["ledger", "verify"]].concat()).code, 0);
    // All are looked for before one is put away.
    let wrong = desk.verb(&[&HOME[..], &["batch", "archive", "1", "99"]].concat());
    assert!(wrong.code == 2 && batches(&desk, &[]).len() == 1, "{}", wrong.err);
}

#[test]
fn a_batch_is_opened_by_its_number_and_what_was_in_hand_last_is_gone_on_with() {
    let desk = two();
    let opened = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "history\nquit\n");
    assert!(opened.out.contains("spoiled.csv") && opened.out.contains("第 1 步"), "{}", opened.out);
    // The newest is another one.
    let started = talk(&desk, &["--lang", "zh"], "quit\n");
    assert!(started.out.contains("spoiled.csv"), "{}", started.out);
    let none = desk.run(&[&HOME[..], &["--plain", "open", "--batch", "99"]].concat());
    assert!(none.code == 2 && none.err.contains("99"), "{}{}", none.code, none.err);
    let both = desk.verb(&[&HOME[..], &["open", "clean.csv", "--batch", "1"]].concat());
    assert_eq!(both.code, 2);
}

#[test]
fn a_batch_is_picked_from_the_list_line_by_line() {
    let desk = two();
    desk.verb(&[&HOME[..], &["batch", "archive", "1"]].concat());
    let told = talk(&desk, &["--lang", "zh"], "batches\nall-batches\n2\nhistory\nquit\n");
    assert!(told.out.contains("另有 1 批已归档"), "{}", told.out);
    assert!(told.out.contains("改了") && told.out.contains("已归档"), "{}", told.out);
    assert!(told.out.contains("第 1 步"), "{}", told.out);
    // Looking leaves it archived, working brings it back.
    assert_eq!(batches(&desk, &[]).len(), 1);
    talk(&desk, &["open", "--batch", "1"], "undo\nquit\n");
    assert_eq!(batches(&desk, &[]).len(), 2);
}

/// Has the workers do something and gives what they tell until the batches come.
fn at_the_workbench(desk: &Desk, effect: Effect) -> (Vec<String>, Result<Vec<BatchLine>, String>) {
    let (to, from) = channel();
    let office = desk.office();
    let setup = Setup { today: TODAY.parse().expect("a day"), profile: None, office };
    let workers = Workers::start(desk.office().locale(), setup, to).expect("workers");
    workers.take(effect);
    let mut told = Vec::new();
    loop {
        match from.recv_timeout(Duration::from_secs(20)).expect("an answer") {
            LoopEvent::Msg(Msg::Told(words)) => told.push(words),
            LoopEvent::Msg(Msg::Batches(listed)) => {
                workers.finish();
                return (told, listed.map_err(|failure| failure.message));
            }
            _ => {}
        }
    }
}

#[test]
fn the_workbench_lists_archives_and_brings_back_by_the_same_acts() {
    let desk = Desk::new();
    let (_, listed) = at_the_workbench(&desk, Effect::ListBatches);
    assert_eq!(listed.expect("no store is none of them"), []);
    let roster = desk.roster("r.csv", &goods(2));
    let kept = desk.verb(&["ledger".as_ref(), "allocate".as_ref(), roster.as_os_str()]);
    assert_eq!(kept.code, 0, "{}{}", kept.out, kept.err);
    let (_, listed) = at_the_workbench(&desk, Effect::ListBatches);
    let line = listed.expect("listed").remove(0);
    assert_eq!((line.batch, line.rows, line.user.as_str(), line.is_complete), (BatchId(1), 2, "zhang", true));
    assert_eq!((line.errors, line.edits, line.numbers, line.exported), (Some(0), 0, 0, None));
    for (archives, word) in [(true, "已归档"), (false, "已取回")] {
        let (told, listed) = at_the_workbench(&desk, Effect::PutAway { batch: BatchId(1), archives });
        assert!(told.concat().contains(word), "{told:?}");
        assert_eq!(listed.expect("listed")[0].is_archived, archives);
    }
    let (_, listed) = at_the_workbench(&desk, Effect::PutAway { batch: BatchId(2), archives: true });
    assert!(listed.expect_err("there is none").contains('2'));
}

/// Writes a file anew with the bytes it has, as a copy over it does.
fn touch(path: &std::path::Path) {
    let bytes = std::fs::read(path).expect("read");
    std::fs::remove_file(path).expect("removed");
    std::fs::write(path, bytes).expect("written");
}

#[test]
fn a_file_is_known_by_its_bytes_wherever_it_lies_and_whenever_it_was_written() {
    let desk = two();
    let edits = json(&desk, &["batch", "show", "1"])["batch"]["edits"].clone();
    let words = format!("动过 {edits} 格，接着做");
    touch(&desk.path("spoiled.csv"));
    std::fs::copy(desk.path("spoiled.csv"), desk.path("copy.csv")).expect("copied");
    for file in ["spoiled.csv", "copy.csv"] {
        let opened = talk(&desk, &["--lang", "zh", "open", file], "history\nquit\n");
        assert!(opened.out.contains(&words) && opened.out.contains("第 1 步"), "{file}: {}", opened.out);
    }
    assert_eq!(batches(&desk, &["--all"]).len(), 2, "no batch more");
    // Another profile leads to the work as well, and says so.
    let opened = talk(&desk, &["--lang", "zh", "open", "spoiled.csv", "--profile", "national"], "quit\n");
    assert!(opened.out.contains("已是第 1 批，定的检查依据是“甘肃省职业技能竞赛”"), "{}", opened.out);
    assert_eq!(batches(&desk, &[]).len(), 2);
    // What nobody has worked on is read anew.
    talk(&desk, &["open", "clean.csv", "--profile", "national"], "quit\n");
    assert_eq!(batches(&desk, &[]).len(), 3);
    let opened = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "quit\n");
    assert!(opened.out.contains(&words), "{}", opened.out);
    // Nothing is decided by whoever has archived it: the work is found all the same.
    desk.verb(&[&HOME[..], &["batch", "archive", "1", "3"]].concat());
    let opened = talk(&desk, &["--lang", "zh", "open", "copy.csv"], "quit\n");
    assert!(opened.out.contains(&words), "{}", opened.out);
}

#[test]
fn other_content_at_the_same_path_asks_only_where_there_is_work_to_lose() {
    let desk = two();
    // Nobody worked on the clean one.
    desk.roster("clean.csv", &goods(4));
    let opened = talk(&desk, &["--lang", "zh", "open", "clean.csv"], "quit\n");
    assert!(!opened.out.contains("不同") && opened.out.contains("4 行"), "{}", opened.out);
    assert_eq!(batches(&desk, &[]).len(), 3);

    let mut rows = spoiled();
    rows.remove(11);
    rows[0][3] = "兰州炼化机械有限公司".into();
    rows.extend(goods(14).split_off(12));
    let now = crate::support::text(",", &rows);
    desk.put("spoiled.csv", &now);
    let asked = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "1\nhistory\nquit\n");
    for words in ["和第 1 批读入时不同", "当时 12 行，现在 13 行；多了 2 人，少了 1 人，内容有变的 1 人", "第 1 步"]
    {
        assert!(asked.out.contains(words), "{words}: {}", asked.out);
    }
    assert_eq!(batches(&desk, &[]).len(), 3, "the older one was gone on with");
    let anew = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "2\nquit\n");
    assert!(anew.out.contains("13 行"), "{}", anew.out);
    assert_eq!(batches(&desk, &[]).len(), 4);
    // It is known now, and so is the content of before.
    let again = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "quit\n");
    assert!(!again.out.contains("不同") && again.out.contains("13 行"), "{}", again.out);
    desk.roster("spoiled.csv", &spoiled());
    let before = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "quit\n");
    assert!(before.out.contains("格，接着做"), "{}", before.out);
    // Whoever opened a path anew is not asked about the one before.
    rows.pop();
    desk.put("spoiled.csv", crate::support::text(",", &rows));
    let opened = talk(&desk, &["--lang", "zh", "open", "spoiled.csv"], "quit\n");
    assert!(!opened.out.contains("不同"), "{}", opened.out);
}

#[test]
fn numbers_are_given_to_the_batch_that_a_file_is_by_the_same_rule() {
    let desk = Desk::new();
    let without = |count| {
        let mut rows = goods(count);
        rows.iter_mut().for_each(|row| row[7] = String::new());
        rows[0][8] = "2024.11.8".into();
        rows
    };
    let name = goods(1)[0][9].clone();
    let add = ["institution", "add", "S000062010001", "--profile", "gansu-competition", "--name", &name];
    assert_eq!(desk.verb(&[&HOME[..], &add].concat()).code, 0);
    let path = desk.roster("r.csv", &without(3));
    talk(&desk, &["open", "r.csv", "--profile", "gansu-competition"], "fix-all\ny\nquit\n");
    touch(&path);
    let allocate =
        |dry: &[&str]| desk.verb(&[&HOME[..], &["--lang", "zh", "ledger", "allocate", "r.csv"], dry].concat());
    let tried = allocate(&["--dry-run"]);
    assert!(tried.err.contains("是第 1 批"), "{}{}", tried.out, tried.err);
    let given = allocate(&[]);
    assert_eq!(given.code, 0, "{}{}", given.out, given.err);
    assert_eq!(batches(&desk, &[]).len(), 1);
    assert_eq!(json(&desk, &["batch", "show", "1"])["batch"]["taken"], 3);
    desk.roster("r.csv", &without(5));
    let other = allocate(&["--dry-run"]);
    assert!(other.err.contains("--batch 1"), "{}{}", other.out, other.err);
}

#[test]
fn each_sheet_of_a_workbook_is_a_batch_of_its_own_after_it_was_copied_over() {
    let desk = Desk::new();
    let path = desk.put("b.xlsx", std::fs::read(crate::support::root("tests/fixtures/sheets.xlsx")).expect("fixture"));
    let sheets = |file: &str| {
        let told = talk(&desk, &["--lang", "zh", "open", file], "2\nquit\n");
        assert!(told.out.contains("读哪张工作表"), "{}", told.out);
    };
    sheets("b.xlsx");
    assert_eq!(batches(&desk, &[]).len(), 1);
    touch(&path);
    sheets("b.xlsx");
    assert_eq!(batches(&desk, &[]).len(), 1, "the same sheet of the same bytes");
    let other = talk(&desk, &["--lang", "zh", "open", "b.xlsx", "--sheet", "旧名册"], "quit\n");
    assert_eq!(batches(&desk, &[]).len(), 2, "{}", other.out);
}
