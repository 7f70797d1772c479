//! Rosters through pipes: `-` is stdin for what is read, and never the name of a file that is written.

use std::path::Path;

use rust_xlsxwriter::Workbook;

use crate::plain::talk;
use crate::support::harness::Harness;
use crate::support::{Desk, LABELS, PROGRAM, good, goods, root, spoiled, text, verbs};

#[test]
fn what_comes_through_a_pipe_is_checked_like_the_file() {
    let desk = Desk::new();
    let csv = text(",", &spoiled()).into_bytes();
    let workbook = std::fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample");
    let gbk = encoding(&text(",", &spoiled()));
    for (name, bytes) in [("a.csv", csv), ("a.xlsx", workbook), ("gbk.csv", gbk)] {
        let file = desk.put(name, &bytes);
        for format in ["text", "csv", "json"] {
            let of_file = desk.verb(&["check".as_ref(), file.as_os_str(), "--format".as_ref(), format.as_ref()]);
            let piped = desk.run_with_input(&["check", "-", "--format", format, "--output", "-"], &bytes);
            assert_eq!((piped.code, of_file.code), (1, 1), "{name} {format}: {}", piped.err);
            let unnamed =
                |out: &str| out.replace(file.to_str().expect("name"), "-").replace(name, "-").replace("标准输入", "-");
            assert_eq!(unnamed(&piped.out), unnamed(&of_file.out), "{name} {format}");
        }
    }
}

fn encoding(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn a_fixed_roster_goes_from_pipe_to_file_but_not_to_a_pipe() {
    let desk = Desk::new();
    let csv = text(",", &goods(3)).into_bytes();
    let fixed = desk.path("fixed.csv");
    let ran = desk.run_with_input(&["fix".as_ref(), "-".as_ref(), "-o".as_ref(), fixed.as_os_str()], &csv);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(desk.verb(&["check".as_ref(), fixed.as_os_str()]).code, 0);
    for verb in ["fix", "export"] {
        let ran = desk.run_with_input(&[verb, "-", "-o", "-", "--lang", "en"], &csv);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("cannot go to stdout"), "{}", ran.err);
    }
    assert!(!desk.path("-").exists());
}

#[test]
fn an_empty_pipe_is_refused_in_a_sentence() {
    let desk = Desk::new();
    let ran = desk.run_with_input(&["check", "-", "--lang", "en"], b"");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.err.starts_with('-'), "{}", ran.err);
}

/// A call for every argument that is said to take stdin, with `@` in its place.
const CALLS: [(&str, &str, &str); 26] = [
    ("check", "file", "check @"),
    ("check", "file", "check @ --sheet *"),
    ("fix", "file", "fix @ --dry-run"),
    ("export", "file", "export @ --output out.xlsx --force"),
    ("merge", "file", "merge @ other.csv --output merged.csv --force"),
    ("compare", "old", "compare @ other.csv"),
    ("compare", "new", "compare other.csv @"),
    ("fill", "file", "fill @ --from other.csv --dry-run"),
    ("fill", "from", "fill other.csv --from @ --dry-run"),
    ("carry-over", "new", "carry-over @ --batch 1 --dry-run"),
    ("answers", "file", "answers @ --batch 1 --dry-run"),
    ("summary", "file", "summary @"),
    ("values", "file", "values @ --column 所在单位"),
    ("values", "file", "values @ --column 所在单位 --groups"),
    ("replace", "file", "replace @ 公司 X --dry-run"),
    ("unify", "file", "unify @ --column 所在单位 --dry-run"),
    ("reshape", "file", "reshape suffix @ --column 所在单位 --text X --dry-run"),
    ("recipe save", "file", "recipe save r @ --force --map 所在单位=所在单位"),
    ("recipe apply", "file", "recipe apply r @ --dry-run"),
    ("print data", "file", "print data @ --output p.xlsx --force --reason x"),
    ("print photos", "file", "print photos . @"),
    ("decode", "codes", "decode @ --column 证书编号"),
    ("ledger mark", "list", "ledger mark submitted --file @ --dry-run"),
    ("ledger reply", "reply", "ledger reply @ --map 职业名称=审核结果 --dry-run"),
    ("ledger import", "file", "ledger import @ --dry-run --profile gansu-competition"),
    ("ledger allocate", "file", "ledger allocate @ --dry-run --prefix S000062010001 --profile gansu-competition"),
];

fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let labels = LABELS.map(String::from).to_vec();
    for (y, row) in std::iter::once(&labels).chain(rows).enumerate() {
        for (x, cell) in row.iter().enumerate() {
            sheet.write_string(y as u32, x as u16, cell).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// What the help says of stdin holds for each argument of which it does, for text and for a workbook.
#[test]
fn every_argument_that_is_said_to_take_stdin_takes_it() {
    let mut said: Vec<(String, String)> = Vec::new();
    for (verb, command) in verbs() {
        for arg in command.get_arguments() {
            if arg.get_help().is_some_and(|help| help.to_string().contains("for stdin")) {
                said.push((verb.to_string(), arg.get_id().to_string()));
            }
        }
    }
    let mut called: Vec<(String, String)> =
        CALLS.iter().map(|(verb, arg, _)| (verb.to_string(), arg.to_string())).collect();
    // The workbench has a test of its own below.
    called.push(("open".into(), "file".into()));
    for all in [&mut said, &mut called] {
        all.sort();
        all.dedup();
    }
    assert_eq!(said, called);
    let desk = Desk::new();
    let rows = spoiled();
    desk.put("roster.csv", text(",", &rows));
    desk.put("roster.xlsx", workbook(&rows));
    desk.roster("other.csv", &(10..13).map(good).collect::<Vec<_>>());
    talk(&desk, &["open", "other.csv"], "quit\n");
    let verb = |words: &[&str], input: &[u8]| {
        desk.verb_with_input(&[&["--home", "state", "--lang", "en"], words].concat(), input)
    };
    let add = ["institution", "add", "S000062010001", "--profile", "gansu-competition", "--name", "样例大赛组委会"];
    assert_eq!(verb(&add, b"").code, 0);
    // What is marked must be there.
    let issued = ["ledger", "import", "other.csv", "--profile", "gansu-competition", "--status", "exported", "--yes"];
    assert_eq!(verb(&issued, b"").code, 0);
    let list = ["check", "--batch", "1", "--for-answers", "--format", "xlsx", "--output", "list.xlsx"];
    verb(&list, b"");
    for (_, arg, call) in CALLS {
        let files = match call.split_once(' ') {
            Some(("answers", _)) => &["list.xlsx"][..],
            Some(("ledger", rest)) if rest.starts_with("mark") => &["other.csv"],
            _ => &["roster.csv", "roster.xlsx"],
        };
        for name in files {
            let bytes = std::fs::read(desk.path(name)).expect("written");
            let words =
                |file: &'static str| call.split(' ').map(|word| if word == "@" { file } else { word }).collect();
            let (of_file, piped): (Vec<&str>, Vec<&str>) = (words(name), words("-"));
            let (of_file, piped) = (verb(&of_file, b""), verb(&piped, &bytes));
            assert!(of_file.code < 2, "{call} {name}: {}", of_file.err);
            assert_eq!(piped.code, of_file.code, "{call} {arg} {name}: {}", piped.err);
            // What is written names its files.
            let unnamed = |out: &str| {
                let out = out.replace(desk.path(name).to_str().expect("UTF-8"), "-").replace(name, "-");
                let out = out.replace("标准输入", "-").replace("standard input", "-");
                out.split("SHA-256").next().unwrap_or_default().to_string()
            };
            assert_eq!(unnamed(&piped.out), unnamed(&of_file.out), "{call} {name}");
        }
    }
    let ran = verb(&["compare", "-", "-"], b"");
    assert!(ran.code == 2 && ran.err.contains("- is stdin and cannot stand with other files"), "{}", ran.err);
}

/// What comes through a pipe is a batch as a file is, known again by what is in it.
#[test]
fn numbers_are_given_and_adopted_from_a_pipe() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    let bytes = workbook(&rows);
    let prefix = ["--prefix", "S000062010001", "--profile", "gansu-competition"];
    let allocate =
        || desk.verb_with_input(&[&["--lang", "zh", "ledger", "allocate", "-"], &prefix[..]].concat(), &bytes);
    let ran = allocate();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = allocate();
    assert!(ran.err.contains("第 1 批") && ran.err.contains("接着用"), "{}", ran.err);
    let listed = desk.verb(&["batch", "list", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&listed.out).expect("JSON");
    let [batch] = &json["batches"].as_array().expect("a list")[..] else { panic!("{json}") };
    assert_eq!((&batch["file"], &batch["taken"]), (&"-".into(), &3.into()), "{batch}");
    // For people it has a name, in every list.
    let listed = desk.verb(&["--lang", "zh", "batch", "list"]).out;
    assert!(listed.contains("标准输入") && !listed.contains(" - "), "{listed}");
    assert!(ran.out.contains("标准输入"), "{}", ran.out);
    assert!(desk.verb(&["--lang", "en", "check", "--batch", "1"]).out.contains("standard input"));
    let adopted = goods(12)[10..].to_vec();
    let import = ["ledger", "import", "-", "--status", "published", "--yes"];
    let ran = desk.verb_with_input(&import, text(",", &adopted).as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(desk.verb(&["ledger", "show", &adopted[1][7]]).code, 0);
}

#[test]
fn the_workbench_takes_the_file_from_the_pipe_and_the_keys_from_the_terminal() {
    let desk = Desk::new();
    desk.put("a.xlsx", workbook(&goods(3)));
    let run = |line: &str| Harness::running(&desk, &["/bin/sh", "-c", line].map(Path::new), b"\x1b[1;2R");
    let mut bench = run(&format!("{PROGRAM} --lang zh open - < a.xlsx"));
    bench.sees(&["共 3 行", "1/3"]);
    bench.press("j");
    bench.sees(&["2/3"]);
    bench.leaves();
    let mut told = run(&format!("cat a.xlsx | {PROGRAM} --lang zh --plain open -"));
    told.sees(&["做什么？"]);
    told.press("quit\r");
    assert_eq!(told.ends_within(std::time::Duration::from_secs(10)), 0);
    assert!(String::from_utf8_lossy(&told.raw()).contains("共 3 行，表头在第 1 行"));
    // Where there is no terminal nobody could answer.
    let file = std::fs::File::open(desk.path("a.xlsx")).expect("a file");
    let mut alone = std::process::Command::new("setsid");
    alone.args(["--wait", PROGRAM, "--lang", "zh", "--plain", "open", "-"]).current_dir(desk.folder.path()).env_clear();
    let ran = alone.env("HOME", desk.path("home")).env("PATH", "/usr/bin:/bin").stdin(file).output().expect("started");
    let told = String::from_utf8(ran.stderr).expect("UTF-8");
    assert!(ran.status.code() == Some(2) && told.contains("没有终端（/dev/tty）可以按键"), "{told}");
}
