//! Completion: what the shells offer at a Tab, asked as their scripts ask, and by the script of bash itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::cases::verbs::{BEIJING, desk as ledger_desk};
use crate::support::harness::Harness;
use crate::support::{Desk, PROGRAM, goods, verbs};

const PREFIX: &str = "S000044012001";

/// A desk whose state folder knows something of every kind.
fn desk() -> Desk {
    let desk = ledger_desk();
    let done = |words: &[&str]| {
        let ran = desk.verb(&[words, &["--home", "state"]].concat());
        assert!(ran.code <= 1, "{words:?} {}", ran.err);
    };
    done(&["case", "open", "correct", BEIJING, "--set", "姓名=张玮", "--reason", "写错"]);
    done(&[
        "institution",
        "add",
        PREFIX,
        "--name",
        "样例技工学校",
        "--profile",
        "guangdong-technical",
        "--reason",
        "x",
    ]);
    desk.roster("张三丰的名册.csv", &goods(3));
    desk.roster("b.csv", &goods(2));
    done(&["ledger", "allocate", "张三丰的名册.csv"]);
    done(&["ledger", "allocate", "b.csv"]);
    done(&["batch", "archive", "2"]);
    done(&["profile", "new", "copy", "--from", "beijing"]);
    std::fs::create_dir_all(desk.path("state/recipes")).expect("folder");
    desk.put("state/recipes/天水.toml", "version = 1\n");
    desk
}

/// Asks what fits at the end of a line; gives the word for files, and each candidate with its remark.
fn asked(desk: &Desk, shell: &str, words: &[&str]) -> (String, Vec<(String, String)>) {
    let line = [&["complete-line", shell, "--", "skillcert"], words].concat();
    let ran = desk.verb(&line);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{words:?}");
    let mut lines = ran.out.lines();
    let files = lines.next().expect("the word for files").to_string();
    (files, lines.map(|l| l.split_once('\t').expect("a remark")).map(|(v, r)| (v.into(), r.into())).collect())
}

/// The same over the state folder, without the remarks.
fn offered(desk: &Desk, words: &[&str]) -> (String, Vec<String>) {
    let (files, all) = asked(desk, "fish", &[&["--home", "state"], words].concat());
    (files, all.into_iter().map(|(value, _)| value).collect())
}

/// Every file below a folder with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in folder.read_dir().expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.insert(path.to_string_lossy().into_owned(), std::fs::read(&path).unwrap_or_default());
        }
    }
    all
}

#[test]
fn what_the_state_folder_knows_is_offered_and_no_file() {
    let desk = desk();
    let before = files(&desk.path("state"));
    let none = |words: &[&str]| {
        let (files, all) = offered(&desk, words);
        assert_eq!(files, "none", "{words:?}");
        all
    };
    let profiles = none(&["check", "名册.xlsx", "--profile", ""]);
    assert!(["gansu-competition", "copy"].iter().all(|id| profiles.contains(&(*id).to_string())), "{profiles:?}");
    assert_eq!(none(&["check", "--profile", "gansu"]), ["gansu-competition"]);
    assert_eq!(none(&["check", "--profile=gansu"]), ["--profile=gansu-competition"]);
    assert_eq!(none(&["template", "bei"]), ["beijing"]);
    assert_eq!(none(&["check", "--batch", ""]), ["1"]);
    assert_eq!(none(&["batch", "archive", "1", ""]), ["1"]);
    assert_eq!(none(&["batch", "restore", ""]), ["2", "1"], "archived ones are meant");
    assert_eq!(none(&["case", "approve", ""]), ["1"]);
    assert_eq!(none(&["case", "export", "1", ""]), ["1"]);
    assert_eq!(none(&["ledger", "next", ""]), [PREFIX]);
    assert_eq!(none(&["ledger", "series", "--prefix", "S00004401"]), [PREFIX]);
    assert_eq!(none(&["institution", "add", ""]), [""; 0], "a new one");
    assert_eq!(none(&["recipe", "apply", ""]), ["天水"]);
    assert_eq!(none(&["explain", "D05"]), ["D05"]);
    assert_eq!(none(&["completions", ""]), ["bash", "elvish", "fish", "powershell", "zsh"]);
    assert_eq!(none(&["case", "open", "re"]), ["reissue", "revoke"]);
    assert_eq!(none(&["case", "refuse", "1", "--reason", ""]), [""; 0], "a text of one's own");
    assert_eq!(none(&["comp"]), ["compare", "completions"], "what only scripts call is not offered");
    assert_eq!(none(&["check", "--for"]), ["--format", "--for-answers", "--force"]);
    assert_eq!(none(&["check", "--strict", "--str"]), [""; 0], "once is enough");
    assert_eq!(offered(&desk, &["check", "--strict", ""]).0, "files");
    assert_eq!(offered(&desk, &["recipe", "apply", "天水", ""]).0, "files");
    assert_eq!(offered(&desk, &["check", "-o", ""]).0, "files");
    assert_eq!(offered(&desk, &["decode", ""]).0, "none");
    assert_eq!(offered(&desk, &["decode", "--column", "证书编号", ""]).0, "files");
    assert_eq!(offered(&desk, &["man", ""]).0, "folders");
    assert!(files(&desk.path("state")) == before, "asking writes nothing");
}

#[test]
fn remarks_say_what_a_number_is_and_name_no_certificate_holder() {
    let desk = desk();
    let remark = |words: &[&str]| asked(&desk, "zsh", &[&["--home", "state"], words].concat()).1.swap_remove(0).1;
    assert_eq!(remark(&["check", "--batch", ""]), "张三丰的名册.csv");
    assert_eq!(remark(&["institution", "show", ""]), "样例技工学校");
    let case = remark(&["case", "show", ""]);
    assert!(!case.is_empty() && !case.contains("李小刚") && !case.contains("张玮"), "{case}");
    assert!(remark(&["--lang", "en", "check", "--profile", "bei"]).contains("Beijing"));
}

#[test]
fn every_argument_offers_what_it_takes() {
    let desk = desk();
    let mut seen = BTreeMap::new();
    for (verb, command) in verbs() {
        let words: Vec<&str> = verb.split(' ').collect();
        let first = command.get_positionals().next();
        let options = command.get_arguments().filter(|arg| arg.get_long().is_some());
        for arg in options.chain(first).filter(|arg| arg.get_action().takes_values()) {
            let option = arg.get_long().map(|long| format!("--{long}"));
            let line: Vec<&str> = words.iter().copied().chain(option.as_deref()).chain([""]).collect();
            let (files, all) = offered(&desk, &line);
            let values = arg.get_possible_values();
            let name = arg.get_value_names().map_or(arg.get_id().as_str().to_uppercase(), |names| names[0].to_string());
            let is_new = ["institution add", "institution merge", "profile new"].contains(&verb) && option.is_none();
            let expected = match &*name {
                _ if !values.is_empty() => ("none", true),
                "FILE" | "FILE|DIR" | "OLD" | "NEW" | "OTHER" => ("files", false),
                "DIR" => ("folders", false),
                "ID" | "PREFIX" | "RECIPE" | "TOPIC" => ("none", !is_new),
                "N" if line.iter().any(|word| word.contains("batch") || *word == "--case") => ("none", true),
                "NAME" if verb == "recipe save" && option.is_none() => ("none", true),
                "FROM" if verb == "profile new" => ("none", true),
                _ => ("none", false),
            };
            assert_eq!((&*files, !all.is_empty()), expected, "{line:?} {name}: {all:?}");
            *seen.entry(name).or_insert(0) += 1;
        }
    }
    assert!(["PREFIX", "RECIPE", "FILE", "DIR", "N", "ID"].iter().all(|name| seen.contains_key(*name)), "{seen:?}");
}

#[test]
fn a_folder_that_cannot_be_read_offers_nothing_and_says_nothing() {
    let desk = Desk::new();
    desk.folder("state");
    desk.put("state/skillcert.db", b"no database");
    for words in
        [&["check", "--batch", ""][..], &["case", "show", ""], &["ledger", "next", ""], &["recipe", "show", ""]]
    {
        assert_eq!(asked(&desk, "bash", &[&["--home", "state"], words].concat()), ("none".into(), Vec::new()));
        assert_eq!(asked(&desk, "bash", &[&["--home", "nowhere"], words].concat()), ("none".into(), Vec::new()));
    }
    assert!(!desk.path("nowhere").exists());
    let nothing = ("none".to_string(), Vec::new());
    for words in [&["no-such-verb", "--no-such-option", "x", ""][..], &["check", "--no-such-option=x"]] {
        let (_, all) = asked(&desk, "bash", words);
        assert_eq!(all, nothing.1, "{words:?}");
    }
    assert!(asked(&desk, "bash", &[""]).1.iter().any(|(verb, _)| verb == "check"));
}

/// Runs the script of bash for a line as bash cuts it, the last word being the one at the cursor.
fn in_bash(desk: &Desk, words: &[&str]) -> Vec<String> {
    let script = desk.put("skillcert.bash", desk.verb(&["completions", "bash"]).out);
    let around = r#"compopt() { echo "compopt $*"; }; . "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _skillcert "$1"
        printf '%s\n' "${COMPREPLY[@]}""#;
    let mut command = Command::new("bash");
    command.args(["-c", around]).arg(script).arg(PROGRAM).args(words);
    let ran = command.current_dir(desk.folder.path()).output().expect("bash");
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "", "{words:?}");
    let out = String::from_utf8(ran.stdout).expect("UTF-8");
    out.lines().filter(|line| !line.is_empty()).map(String::from).collect()
}

#[test]
fn the_script_of_bash_offers_what_replaces_the_word_at_the_cursor() {
    let desk = desk();
    let home = desk.name("state");
    let given = |words: &[&str]| in_bash(&desk, &[&["--home", &home], words].concat());
    assert_eq!(given(&["check", "--batch", ""]), ["1"]);
    assert_eq!(given(&["check", "--profile", "gans"]), ["gansu-competition"]);
    // It cuts at `=`, and replaces what stands behind it alone.
    assert_eq!(given(&["check", "--profile", "=", "gans"]), ["gansu-competition"]);
    assert_eq!(given(&["check", "--batch", "="]), ["1"]);
    assert_eq!(given(&["check", "--stri"]), ["--strict"]);
    assert_eq!(given(&["recipe", "show", ""]), ["天水"]);
    assert_eq!(given(&["check", ""]), ["compopt -o default"]);
    assert_eq!(given(&["man", ""]), ["compopt -o dirnames"]);
}

#[test]
fn a_tab_in_bash_writes_on() {
    let desk = desk();
    let script = desk.put("skillcert.bash", desk.verb(&["completions", "bash"]).out);
    let line = [Path::new("bash"), Path::new("--noprofile"), Path::new("--rcfile"), &script, Path::new("-i")];
    let mut bash = Harness::running(&desk, &line, b"");
    bash.send(b"PS1='now '\r");
    bash.sees(&["\nnow "]);
    bash.send(format!("echo; PATH=$PATH:{}\r", Path::new(PROGRAM).parent().expect("a folder").display()).as_bytes());
    bash.send(b"skillcert template gans\t");
    bash.sees(&["skillcert template gansu-competition "]);
    bash.send(b"-o b.c\t");
    bash.sees(&["gansu-competition -o b.csv"]);
    bash.send(b"\x15exit\r");
}

#[test]
fn the_other_scripts_are_right_for_their_shells() {
    let desk = Desk::new();
    for shell in ["zsh", "fish"] {
        let script = desk.put(&format!("skillcert.{shell}"), desk.verb(&["completions", shell]).out);
        // Not every machine has them.
        if let Ok(ran) = Command::new(shell).arg("-n").arg(script).output() {
            assert!(ran.status.success(), "{shell}: {}", String::from_utf8_lossy(&ran.stderr));
        }
    }
}

#[test]
fn what_has_words_is_offered_in_the_language_of_the_user() {
    let desk = desk();
    let (_, zh) = asked(&desk, "fish", &["--lang", "zh", "ledger", "mark", ""]);
    assert!(zh.contains(&("被退回".to_string(), "returned".to_string())), "{zh:?}");
    assert!(zh.iter().all(|(value, _)| value != "returned"), "{zh:?}");
    // Whoever begins a name has it finished.
    let (_, named) = asked(&desk, "fish", &["--lang", "zh", "ledger", "mark", "ret"]);
    assert_eq!(named, [("returned".to_string(), String::new())]);
    let (_, begun) = asked(&desk, "fish", &["--lang", "zh", "ledger", "mark", "被"]);
    assert_eq!(begun, [("被退回".to_string(), "returned".to_string())]);
    let (_, en) = asked(&desk, "fish", &["--lang", "en", "ledger", "mark", ""]);
    assert!(en.contains(&("returned".to_string(), String::new())), "{en:?}");
}
