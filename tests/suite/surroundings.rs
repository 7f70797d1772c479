//! The program in surroundings that are not as they should be: for every verb a sentence and the right exit code.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::harness::{Harness, PATIENCE};
use crate::support::shim::compiled;
use crate::support::{Desk, PROGRAM, TODAY, goods, raw_controls, spoiled, verbs};

/// Every verb, called so that it does what it is for in a new folder; `{n}` is another number for each run.
const VERBS: &[&[&str]] = &[
    &["check", "roster.csv"],
    &["fix", "roster.csv", "--output", "fixed{n}.csv"],
    &["merge", "good.csv", "roster.csv", "--output", "merged{n}.csv"],
    &["compare", "good.csv", "roster.csv"],
    &["summary", "roster.csv"],
    &["values", "roster.csv", "--column", "所在单位", "--groups"],
    &["replace", "roster.csv", "市", "", "--output", "replaced{n}.csv"],
    &["reshape", "upper", "roster.csv", "--column", "职业名称", "--output", "reshaped{n}.csv"],
    &["unify", "roster.csv", "--column", "所在单位", "--output", "unified{n}.csv"],
    &["fill", "roster.csv", "--from", "good.csv", "--output", "filled{n}.csv"],
    &["template", "gansu-competition", "--output", "template{n}.xlsx"],
    &["recipe", "save", "r", "roster.csv", "--force", "--map", "所在单位=所在单位"],
    &["recipe", "list"],
    &["recipe", "show", "r"],
    &["recipe", "apply", "r", "roster.csv", "--dry-run"],
    &["recipe", "delete", "r", "--yes"],
    &["export", "good.csv", "--output", "out{n}.xlsx"],
    &["explain"],
    &["decode", "S000062010001242J00001"],
    &["lookup", "汽车"],
    &["profile", "list"],
    &["profile", "show", "beijing"],
    &["profile", "check", "none.toml"],
    &["profile", "new", "a-b", "--output", "p{n}.toml"],
    &["ledger", "import", "good.csv", "--profile", "gansu-competition", "--status", "published"],
    &["ledger", "series"],
    &["ledger", "next", "S000062010001", "--year", "24", "--level", "2"],
    &["ledger", "allocate", "good.csv", "--prefix", "S000062010001"],
    &["ledger", "reserve", "S000062010001", "--year", "24", "--level", "2", "--count", "3", "--reason", "x"],
    &["ledger", "void", "S000062010001242J00001", "--reason", "x", "--yes"],
    &["ledger", "gaps"],
    &["ledger", "mark", "submitted", "S000062010001242J00001"],
    &["ledger", "reply", "good.csv", "--map", "职业名称=审核结果"],
    &["statistics"],
    &["screen"],
    &[
        "share",
        "add",
        "--receiver",
        "x",
        "--purpose",
        "x",
        "--scene",
        "x",
        "--approver",
        "x",
        "--expires",
        "2026-12-31",
    ],
    &["share", "list"],
    &["share", "show", "1"],
    &["share", "change", "1", "--scope", "x"],
    &["share", "end", "1", "--reason", "x"],
    &["two-people"],
    &["ledger", "show", "张"],
    &["ledger", "verify"],
    &["ledger", "export", "--year", "2024", "--output", "year{n}.xlsx"],
    &["batch", "list"],
    &["batch", "show", "1"],
    &["batch", "submit", "1"],
    &["batch", "archive", "1"],
    &["batch", "restore", "1"],
    &["answers", "good.csv", "--batch", "1"],
    &["rows", "note", "2", "--text", "x", "--batch", "1"],
    &["history", "--batch", "1"],
    &["carry-over", "good.csv", "--batch", "1", "--output", "carried{n}.csv"],
    &["institution", "add", "S000062010001", "--name", "样例学校", "--profile", "gansu-competition"],
    &["institution", "list"],
    &["institution", "show", "S000062010001"],
    &["institution", "change", "S000062010001", "--name", "新校"],
    &["institution", "merge", "S000062010003", "--of", "S000062010001", "--name", "合校", "--yes"],
    &["institution", "absorb", "S000062010001", "--of", "S000062010001", "--yes"],
    &["institution", "scope", "S000062010001", "good.csv"],
    &["institution", "seal", "S000062010001", "--name", "章"],
    &["institution", "cancel", "S000062010001", "--on", "2026-11-20", "--yes"],
    &["institution", "rectify", "S000062010001", "--on", "2026-11-20", "--paper", "x"],
    &["institution", "rectified", "S000062010001", "--on", "2026-11-20", "--paper", "x"],
    &["stock", "receive", "00000001-00000010", "--keeper", "x"],
    &["stock", "draw", "00000001", "--to", "y"],
    &["stock", "hand-over", "00000001", "--to", "y", "--yes"],
    &["stock", "return", "00000001"],
    &["stock", "use", "00000001", "S000062010001242J00001", "--yes"],
    &["stock", "spoil", "00000001", "--reason", "x", "--yes"],
    &["stock", "destroy", "00000001", "--witness", "x", "--yes"],
    &["stock", "count", "--number", "00000001"],
    &["stock", "close", "1", "--reason", "x", "--yes"],
    &["stock", "take-back", "--count", "1", "--reason", "x"],
    &["stock", "compare", "good.csv"],
    &["stock", "demand", "--year", "2027"],
    &["stock", "list"],
    &["stock", "show"],
    &["due"],
    &["event", "note", "receipt", "S000062010001", "2026-01-22"],
    &["event", "take-back", "receipt", "S000062010001", "--reason", "x"],
    &["event", "list"],
    &["fact", "set", "S000062010001", "address=x"],
    &["fact", "list", "S000062010001"],
    &["checklist", "S000062010001"],
    &["lateness", "--batch", "1", "--output", "late{n}.txt"],
    &["archive", "write", "--batch", "1", "--output", "a{n}.zip", "--reason", "x"],
    &["archive", "verify", "good.csv"],
    &["form", "list"],
    &["form", "show", "hand-out-list", "--batch", "1"],
    &["form", "fill", "r.xlsx", "--batch", "1", "--output", "fill{n}.xlsx"],
    &["form", "write", "hand-out-list", "--batch", "1", "--output", "form{n}.xlsx"],
    &["print", "data", "good.csv", "--output", "print{n}.xlsx", "--reason", "x"],
    &["print", "proof", "S000062010001242J00001"],
    &["print", "photos", ".", "good.csv"],
    &["case", "open", "correct", "S000062010001242J00001", "--set", "name=张三", "--reason", "x"],
    &["case", "open", "reissue", "S000062010001242J00001", "--cause", "lost", "--reason", "x"],
    &["case", "open", "revoke", "S000062010001242J00001", "--reason", "x"],
    &["case", "approve", "1", "--reference", "x"],
    &["case", "refuse", "1", "--reason", "x"],
    &["case", "close", "1", "--yes"],
    &["case", "list"],
    &["case", "show", "1"],
    &["case", "export", "1", "--output", "cases{n}.xlsx"],
    &["audit", "show"],
    &["audit", "verify"],
    &["audit", "export", "--output", "audit{n}.csv"],
    &["audit", "accept", "--reason", "x"],
    &["init"],
    &["backup"],
    &["keys"],
    &["restore", "none.zip", "--yes"],
    &["doctor"],
    &["man"],
    &["completions", "bash"],
    &["open", "roster.csv"],
    &["--help"],
    &["--version"],
];

/// Verbs that write to the disk nothing but what they are told to, and need no state folder.
fn needs_no_store(verb: &[&str]) -> bool {
    let all = [
        "check",
        "fix",
        "merge",
        "compare",
        "summary",
        "values",
        "replace",
        "reshape",
        "unify",
        "fill",
        "template",
        "explain",
        "decode",
        "lookup",
        "profile",
        "man",
        "completions",
        "--help",
        "--version",
    ];
    all.contains(&verb[0])
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("roster.csv", &spoiled());
    desk.roster("good.csv", &goods(3));
    desk
}

fn arguments(verb: &[&str]) -> Vec<OsString> {
    static RUN: AtomicUsize = AtomicUsize::new(0);
    let n = RUN.fetch_add(1, Ordering::Relaxed).to_string();
    verb.iter().map(|word| word.replace("{n}", &n).into()).collect()
}

/// What is asked of every end: an exit code of the contract, words where something went wrong, and nothing raw.
#[track_caller]
fn look(told: &str, mut command: Command) -> (i32, String, String) {
    let output = command.output().unwrap_or_else(|e| panic!("{told}: {e}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let Some(code) = output.status.code() else { panic!("{told}: {}", output.status) };
    assert!((0..=4).contains(&code), "{told}: exit {code}\n{out}{err}");
    assert!(!err.contains("panicked"), "{told}: {err}");
    assert_eq!(raw_controls(&format!("{out}{err}")), [], "{told}");
    (code, out.into_owned(), err.into_owned())
}

/// Runs every verb in changed surroundings; those that leave with 2 or more must have said why.
#[track_caller]
fn every_verb(
    told: &str,
    desk: &Desk,
    says: bool,
    change: impl Fn(&mut Command),
) -> Vec<(&'static [&'static str], i32)> {
    let mut codes = Vec::new();
    for verb in VERBS {
        let told = format!("{told}, {verb:?}");
        let mut command = desk.command(&arguments(verb));
        change(&mut command);
        let (code, _, err) = look(&told, command);
        // What doctor has to say is its output.
        let is_told = verb[0] == "doctor" || !err.is_ascii();
        assert!(!says || code < 2 || is_told, "{told}: exit {code} without a sentence: {err}");
        codes.push((*verb, code));
    }
    codes
}

/// Runs a command line by the shell after a beginning such as `exec <&-;`.
fn shelled(desk: &Desk, before: &str, verb: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{before} exec \"$@\""), "sh", PROGRAM]).args(arguments(verb));
    command.env_clear().current_dir(desk.folder.path()).stdin(Stdio::null());
    command.env("HOME", desk.path("home")).env("SKILLCERT_TODAY", TODAY).env("PATH", "/usr/bin:/bin");
    command
}

#[test]
fn the_table_of_verbs_is_whole() {
    let is_called = |name: &str| {
        let words: Vec<&str> = name.split(' ').collect();
        VERBS.iter().any(|verb| verb.starts_with(&words))
    };
    let missing: Vec<&str> = verbs().map(|(verb, _)| verb).filter(|verb| !is_called(verb)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_home_that_is_not_there_or_cannot_be_written() {
    let desk = desk();
    let nobody = compiled("nobody", desk.folder.path());
    fs::write(desk.path("file"), "").expect("written");
    let codes = every_verb("HOME unset", &desk, true, |c| {
        c.env_remove("HOME").env("LD_PRELOAD", &nobody);
    });
    for (verb, code) in codes {
        assert!(code != 4 || !needs_no_store(verb), "{verb:?}: {code}");
        let stores =
            ["backup", "init", "audit"].contains(&verb[0]) || verb[..2.min(verb.len())] == ["ledger", "reserve"];
        assert!(!stores || code == 4, "{verb:?}: {code}");
    }
    every_verb("HOME missing", &desk, true, |c| {
        c.env("HOME", desk.path("new/home"));
    });
    every_verb("HOME below a file", &desk, true, |c| {
        c.env("HOME", desk.path("file/home"));
    });
    every_verb("HOME nowhere", &desk, true, |c| {
        c.env("HOME", "/proc/nowhere");
    });
    // An administrator may write anywhere, so this is done as somebody else.
    let closed = desk.path("closed");
    fs::create_dir(&closed).expect("made");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("mode");
    let program = crate::sharing::program_for_all(&desk);
    for verb in VERBS {
        let mut command = Command::new(&program);
        command.args(arguments(verb)).env_clear().env("HOME", &closed).current_dir(desk.folder.path());
        command.env("SKILLCERT_TODAY", TODAY).stdin(Stdio::null());
        if rustix::process::geteuid().is_root() {
            command.uid(40_001).gid(40_001);
        }
        let told = format!("HOME read-only, {verb:?}");
        let (code, out, err) = look(&told, command);
        assert!(code < 2 || !err.is_empty() || !out.is_empty(), "{told}: {code}");
        if verb[0] == "init" {
            assert_eq!(code, 4, "{told}: {err}");
        }
    }
}

#[test]
fn a_state_folder_of_every_odd_kind() {
    let desk = desk();
    fs::write(desk.path("file"), "").expect("written");
    let codes = every_verb("relative", &desk, true, |c| {
        c.env("SKILLCERT_HOME", "state");
    });
    assert!(desk.path("state/skillcert.sqlite3").exists());
    assert!(codes.contains(&(&["backup"], 0)), "{codes:?}");
    let misread: Vec<_> = codes.iter().filter(|(verb, code)| *code == 2 && verb[0] != "open").collect();
    assert!(misread.is_empty(), "calls that the program does not take: {misread:?}");
    every_verb("empty", &desk, true, |c| {
        c.env("SKILLCERT_HOME", "");
    });
    assert!(desk.path("home").exists(), "an empty variable counts as unset");
    let codes = every_verb("a file", &desk, true, |c| {
        c.env("SKILLCERT_HOME", desk.path("file"));
    });
    for verb in [&["backup"][..], &["init"], &["doctor"], &["audit", "verify"], &["ledger", "allocate"]] {
        let code = codes.iter().find(|(v, _)| v.starts_with(verb)).expect("the verb").1;
        assert_eq!(code, 4, "{verb:?}");
    }
    assert_eq!(fs::read(desk.path("file")).expect("read"), b"", "it is left alone");
}

#[test]
fn any_language_and_any_terminal() {
    let desk = desk();
    for (name, value) in [("LANG", "C"), ("LANG", "zh_CN.GBK"), ("LC_ALL", "POSIX"), ("TERM", "dumb"), ("TERM", "x?y")]
    {
        let codes = every_verb(value, &desk, true, |c| {
            c.env(name, value);
        });
        assert_eq!(codes[0].1, 1, "the check finds its errors");
    }
    let mut command = desk.command(&["doctor"]);
    command.env("LANG", "zh_CN.GBK");
    let (code, out, _) = look("GBK", command);
    assert_eq!(code, 1);
    assert!(out.contains("zh_CN.GBK") && out.contains("LANG=zh_CN.UTF-8"), "{out}");
    let mut command = desk.command(&["doctor", "--format", "json"]);
    command.env("LANG", "C");
    let (code, out, _) = look("C", command);
    assert_eq!(code, 0);
    let told: serde_json::Value = serde_json::from_str(&out).expect("json");
    assert_eq!(told["checks"][0]["name"], "charset");
    assert_eq!(told["checks"][0]["verdict"], "attention");
}

#[test]
fn streams_that_are_closed_or_full() {
    let desk = desk();
    for before in ["exec <&-;", "exec >&-;", "exec 2>&-;", "exec <&- >&- 2>&-;"] {
        for verb in VERBS {
            look(&format!("{before} {verb:?}"), shelled(&desk, before, verb));
        }
    }
    for verb in VERBS {
        let told = format!("full, {verb:?}");
        let (code, _, err) = look(&told, shelled(&desk, "exec >/dev/full;", verb));
        // Only what has nothing to write to stdout may leave as if all were well.
        assert!(code != 0 || WITHOUT_OUTPUT.iter().any(|quiet| verb.starts_with(quiet)), "{told}: {err}");
        assert!(code == 0 || !err.is_empty(), "{told}: exit {code} without a sentence");
        look(&format!("both full, {verb:?}"), shelled(&desk, "exec >/dev/full 2>&1;", verb));
    }
}

/// Verbs whose words all go to stderr, or that have nothing to say in a new folder.
const WITHOUT_OUTPUT: &[&[&str]] = &[
    &["form", "write"],
    &["form", "fill"],
    &["fix"],
    &["export"],
    &["profile", "new"],
    &["audit", "export"],
    &["ledger", "export"],
    &["case", "export"],
];

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let desk = desk();
    for verb in VERBS {
        let mut command = desk.command(&arguments(verb));
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap_or_else(|e| panic!("{verb:?}: {e}"));
        let mut first = [0];
        let mut stdout = child.stdout.take().expect("stdout");
        let _ = stdout.read(&mut first);
        drop(stdout);
        let output = child.wait_with_output().expect("ended");
        let err = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code().unwrap_or_else(|| panic!("{verb:?}: {}", output.status));
        assert!((0..=4).contains(&code) && !err.contains("panicked"), "{verb:?}: {code} {err}");
        assert!(!err.contains("Broken pipe"), "{verb:?}: {err}");
    }
}

#[test]
fn low_limits_of_files_and_of_their_size() {
    let desk = desk();
    for before in ["ulimit -n 16;", "ulimit -n 9;"] {
        for verb in VERBS {
            let (code, out, err) = look(&format!("{before} {verb:?}"), shelled(&desk, before, verb));
            // What doctor finds is its answer.
            let said = if verb[0] == "doctor" { &out } else { &err };
            assert!(code < 2 || !said.is_empty(), "{before} {verb:?}: {code}");
        }
    }
    // Blocks of 512 bytes: the store cannot grow, nor any file that is written.
    for verb in VERBS {
        let (code, _, err) = look(&format!("small files, {verb:?}"), shelled(&desk, "ulimit -f 2;", verb));
        assert!(code < 2 || !err.is_empty(), "small files, {verb:?}: {code}");
    }
    let (code, _, err) = look("a new store", {
        let mut command = shelled(&desk, "ulimit -f 2;", &["init"]);
        command.env("SKILLCERT_HOME", desk.path("small"));
        command
    });
    assert_eq!(code, 4, "{err}");
    let (code, _, err) = look("an upload file", {
        let mut command = shelled(&desk, "ulimit -f 2;", &["export", "good.csv", "--output", "o.xlsx"]);
        command.env("SKILLCERT_HOME", desk.path("none"));
        command
    });
    assert!(code == 3 || code == 4, "{code} {err}");
    assert!(!desk.path("o.xlsx").exists(), "half a file was left");
    let parts = fs::read_dir(desk.folder.path()).expect("folder").flatten();
    let parts: Vec<OsString> =
        parts.map(|e| e.file_name()).filter(|n| n.to_string_lossy().ends_with(".part")).collect();
    assert_eq!(parts, Vec::<OsString>::new());
}

#[test]
fn any_year_on_the_clock() {
    let desk = desk();
    let clock = compiled("clock", desk.folder.path());
    for (year, seconds) in [("1970", "86400"), ("9999", "253402214400"), ("2038", "2147483650")] {
        every_verb(year, &desk, true, |c| {
            c.env("SKILLCERT_TODAY", format!("{year}-01-02"));
        });
        let codes = every_verb(year, &desk, true, |c| {
            let home = desk.path(&format!("state{year}"));
            c.env_remove("SKILLCERT_TODAY").env("LD_PRELOAD", &clock).env("SKILLCERT_CLOCK", seconds);
            c.env("SKILLCERT_HOME", home);
        });
        assert!(codes.contains(&(&["backup"], 0)), "{year}: {codes:?}");
        let ran = desk.run(&["--home", &format!("state{year}"), "ledger", "verify"]);
        assert_eq!(ran.code, 0, "{year}: {}{}", ran.out, ran.err);
    }
    let (code, out, _) = look("doctor in 1970", {
        let mut command = desk.command(&["doctor"]);
        command.env("LD_PRELOAD", &clock).env("SKILLCERT_CLOCK", "86400");
        command
    });
    assert!(code == 1 && out.contains("校准时钟"), "{code}: {out}");
}

#[test]
fn a_working_directory_that_is_gone() {
    let desk = desk();
    for verb in VERBS {
        let before = "mkdir -p gone && cd gone && rmdir ../gone;";
        let (code, out, err) = look(&format!("gone, {verb:?}"), shelled(&desk, before, verb));
        assert!(code < 2 || !(out + &err).is_empty(), "{verb:?}: {code}");
        let mut command = shelled(&desk, before, verb);
        command.env("SKILLCERT_HOME", "state");
        let (code, out, err) = look(&format!("gone and relative, {verb:?}"), command);
        assert!(code < 2 || !(out + &err).is_empty(), "{verb:?}: {code}");
    }
}

#[test]
fn arguments_that_are_not_utf8() {
    let desk = desk();
    let odd = OsString::from_vec(b"\xc4\xe3\xff\x1b[2J.xlsx".to_vec());
    fs::write(desk.folder.path().join(&odd), "no workbook").expect("written");
    for verb in VERBS {
        let mut more = arguments(verb);
        more.push(odd.clone());
        look(&format!("one more, {verb:?}"), desk.command(&more));
        for at in 0..verb.len() {
            let mut words = arguments(verb);
            words[at].clone_from(&odd);
            let (code, _, err) = look(&format!("in place of {}, {verb:?}", verb[at]), desk.command(&words));
            assert!(code < 2 || !err.is_empty(), "{verb:?}: {code}");
        }
        let home = [OsStr::new("--home"), &odd].map(OsStr::to_os_string);
        look(&format!("as home, {verb:?}"), desk.command(&[home.to_vec(), arguments(verb)].concat()));
    }
}

/// The workbench itself, on a terminal of an unknown kind, in a language of another character set.
#[test]
fn the_workbench_opens_on_an_unknown_terminal() {
    let cases =
        [(&[("TERM", "x?y"), ("LANG", "zh_CN.GBK")][..], "LANG=zh_CN.GBK: not UTF-8!"), (&[("LANG", "C")], "共 3 行")];
    for (variables, told) in cases {
        let desk = desk();
        let mut bench = Harness::with(&desk, &[Path::new("open"), Path::new("good.csv")], variables);
        bench.sees(&["张*伟", told]);
        bench.press("\x03");
        assert_eq!(bench.ends_within(PATIENCE), 0);
    }
    let desk = desk();
    fs::write(desk.path("state"), "").expect("written");
    // Without a state folder work goes on, and what is not stored is told.
    let bench = Harness::with(&desk, &[Path::new("open"), Path::new("good.csv")], &[]);
    bench.sees(&["张*伟", "未保存"]);
}
