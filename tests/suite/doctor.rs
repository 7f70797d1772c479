//! `skillcert doctor` of the built program: what it sees, what it says to do, and that it changes nothing.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::harness::{Harness, Looks, PATIENCE};
use crate::support::shim::compiled;
use crate::support::{Desk, Ran};

fn doctor(desk: &Desk, change: impl Fn(&mut std::process::Command)) -> (i32, Vec<(String, String)>, Value) {
    let mut command = desk.command(&["--home", "state", "doctor", "--format", "json"]);
    command.env("LANG", "zh_CN.UTF-8");
    change(&mut command);
    let output = command.output().expect("started");
    let told: Value = serde_json::from_slice(&output.stdout).expect("json");
    let checks = told["checks"].as_array().expect("checks").iter();
    let of = |check: &Value, key: &str| check[key].as_str().expect("text").to_string();
    let lines = checks.map(|check| (of(check, "name"), of(check, "verdict"))).collect();
    (output.status.code().expect("a code"), lines, told)
}

fn verdict<'a>(lines: &'a [(String, String)], name: &str) -> &'a str {
    &lines.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("no line {name}")).1
}

#[test]
fn a_sound_state_is_told_line_by_line_and_nothing_is_made() {
    let desk = Desk::new();
    let (code, lines, _) = doctor(&desk, |_| {});
    assert_eq!((code, verdict(&lines, "charset"), verdict(&lines, "folder")), (0, "ok", "ok"));
    assert!(!desk.path("state").exists(), "nothing is made");
    assert_eq!(desk.verb(&["--home", &desk.name("state"), "init"]).code, 0);
    let before = fs::read(desk.path("state/skillcert.sqlite3")).expect("read");
    let (code, lines, told) = doctor(&desk, |_| {});
    let names: Vec<&str> = lines.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "charset",
        "terminal",
        "folder",
        "system",
        "space",
        "files",
        "permissions",
        "locks",
        "store",
        "chain",
        "ledger",
        "clock",
        "backup",
    ];
    assert_eq!(names, expected);
    assert_eq!(code, 0, "{told}");
    for name in ["permissions", "locks", "store", "chain", "ledger", "clock", "backup"] {
        assert_eq!(verdict(&lines, name), "ok", "{told}");
    }
    assert_eq!(fs::read(desk.path("state/skillcert.sqlite3")).expect("read"), before);
    let text: Ran = desk.verb(&["--home", &desk.name("state"), "doctor", "--lang", "en"]);
    assert!(text.out.contains("state folder") && text.out.contains("audit chain: 0 entries"), "{}", text.out);
}

#[test]
fn what_is_wrong_is_told_with_what_to_do() {
    let desk = Desk::new();
    let library = compiled("locks", desk.folder.path());
    let state = desk.name("state");
    assert_eq!(desk.verb(&["--home", &state, "init"]).code, 0);
    let note = ["--home", &state, "audit", "show", "--unmask", "--reason", "x"];
    assert_eq!(desk.verb(&note).code, 0);
    let (code, lines, told) = doctor(&desk, |c| {
        c.env("LD_PRELOAD", &library);
    });
    assert_eq!((code, verdict(&lines, "locks")), (4, "bad"), "{told}");
    let old = fs::read(desk.path("state/skillcert.sqlite3")).expect("read");
    assert_eq!(desk.verb(&note).code, 0);
    fs::write(desk.path("state/skillcert.sqlite3"), old).expect("put back");
    let (code, lines, told) = doctor(&desk, |_| {});
    assert_eq!((code, verdict(&lines, "chain")), (1, "bad"), "{told}");
    fs::write(desk.path("state/skillcert.sqlite3"), "no database").expect("damaged");
    let (code, lines, told) = doctor(&desk, |_| {});
    assert_eq!((code, verdict(&lines, "store")), (4, "bad"), "{told}");
    let bad = told["checks"].as_array().expect("checks").iter().filter(|check| check["verdict"] != "ok");
    for check in bad {
        assert_ne!(check["hint"], "", "{check}");
    }
    let ran = desk.verb(&["--home", &state, "doctor"]);
    assert_eq!(ran.code, 4);
    assert!(ran.out.contains("[有误] 存储文件"), "{}", ran.out);
}

#[test]
fn a_terminal_is_asked_how_wide_it_draws() {
    for (answer, words) in [(&b"\x1b[1;2R"[..], "占 1 列"), (b"\x1b[1;3R", "占 2 列")] {
        let desk = Desk::new();
        let arguments = ["doctor", "--clipboard"].map(Path::new);
        let mut bench = Harness::on_terminal(&desk, &arguments, answer);
        bench.sees(&[words, "80 列 24 行", "256 色以上"]);
        assert_eq!(bench.ends_within(PATIENCE), 0);
        // What the program has written may still be on its way here.
        let mut looks = Looks::within(PATIENCE);
        while memchr::memmem::find(&bench.raw(), b"\x1b]52;c;c2tpbGxjZXJ0\x07").is_none() {
            assert!(looks.wait(), "the clipboard was not tried");
        }
    }
}
