//! The command line through the built program: exit codes, help, languages, pages of the manual.

mod check;
mod fix;
mod fixed_copy;
mod input;
mod text_idioms;

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::Stdio;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::{Value, json};

use crate::support::{Desk, goods, raw_controls, resident, spoiled};

const SAMPLE: &str = "data/samples/gansu-2024.xlsx";

fn os(words: &[&dyn AsRef<OsStr>]) -> Vec<OsString> {
    words.iter().map(|w| w.as_ref().to_os_string()).collect()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |hex, b| hex + &format!("{b:02x}"))
}

/// Reads the first sheet of a workbook as texts.
pub fn workbook(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn exit_codes_of_every_verb() {
    let desk = Desk::new();
    let clean = desk.roster("clean.csv", &goods(3));
    let bad = desk.roster("bad.csv", &spoiled());
    let missing = desk.path("missing.csv");
    let out = desk.path("out.csv");
    let code = |words: &[&dyn AsRef<OsStr>], expected: i32| {
        let ran = desk.verb(&os(words));
        assert_eq!(ran.code, expected, "{:?}\n{}{}", os(words), ran.out, ran.err);
        if 2 <= expected {
            assert!(!ran.err.trim().is_empty(), "{:?} says nothing", os(words));
        }
    };
    for (file, expected) in [(&clean, 0), (&bad, 1), (&missing, 3)] {
        code(&[&"check", file], expected);
        code(&[&"fix", file, &"--output", &out, &"--force"], expected);
        code(&[&"export", file, &"--output", &out, &"--force"], expected);
    }
    for verb in ["check", "fix", "export", "nonsense", "--nonsense"] {
        code(&[&verb], 2);
    }
    code(&[&"check", &clean, &"--nonsense"], 2);
    code(&[&"check", &clean, &"--format", &"yaml"], 2);
    code(&[&"check", &clean, &"--format", &"xlsx"], 2);
    code(&[&"check", &clean, &"--profile", &"nowhere"], 2);
    code(&[&"check", &clean, &"--today", &"gestern"], 2);
    code(&[&"fix", &clean], 2);
    code(&[&"fix", &clean, &"--output", &desk.path("a.doc")], 2);
    code(&[&"export", &"-"], 2);
    code(&[&"export", &clean, &"--output", &desk.path("a.doc")], 2);
    code(&[&"explain"], 0);
    code(&[&"explain", &"D05"], 0);
    code(&[&"explain", &"Z99"], 2);
    code(&[&"explain", &"BJ-25"], 0);
    code(&[&"explain", &"BJ"], 0);
    code(&[&"explain", &"XX-99"], 2);
    code(&[&"explain", &""], 2);
    code(&[&"explain", &"BJ", &"--format", &"csv"], 2);
    code(&[&"decode", &resident(1)], 0);
    code(&[&"decode", &"x"], 1);
    code(&[&"decode", &"--format", &"xlsx", &"x"], 2);
    code(&[&"--help"], 0);
    code(&[&"--version"], 0);
    // No terminal here: the workbench does not open.
    for words in [os(&[]), os(&[&"open", &clean])] {
        assert_eq!(desk.run(&words).code, 2, "{words:?}");
    }
    code(&[&"check", &desk.folder.path()], 1);
    code(&[&"check", &clean, &"--output", &desk.path("no/such/folder.txt")], 3);
}

#[test]
fn without_a_terminal_no_screen_is_drawn() {
    let desk = Desk::new();
    let clean = desk.roster("clean.csv", &goods(1));
    for words in [os(&[]), os(&[&"open", &clean])] {
        let ran = desk.run(&words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.err);
        assert!(ran.err.lines().count() == 2 && raw_controls(&ran.err).is_empty(), "{}", ran.err);
    }
    assert!(!desk.path("home").exists(), "state was written");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &{
        let mut rows = goods(3000);
        rows.iter_mut().for_each(|r| r[8] = "2024.11.8".into());
        rows
    });
    let codes = desk.put("codes", (0..20_000).map(|i| resident(i) + "\n").collect::<String>());
    for words in [
        os(&[&"check", &file, &"--format", &"json", &"--with-rows"]),
        os(&[&"check", &file, &"--format", &"csv"]),
        os(&[&"decode"]),
        os(&[&"explain"]),
    ] {
        let mut command = desk.command(&words);
        let input =
            if words.len() == 1 { Stdio::from(std::fs::File::open(&codes).expect("codes")) } else { Stdio::null() };
        let mut child = command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let mut stdout = BufReader::with_capacity(64, child.stdout.take().expect("stdout"));
        let mut line = Vec::new();
        stdout.read_until(b'\n', &mut line).expect("a line");
        assert!(!line.is_empty());
        drop(stdout);
        let output = child.wait_with_output().expect("ended");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{words:?}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{words:?}: {:?}", output.status);
    }
}

#[test]
fn the_handbook_is_found_by_code_and_name() {
    let desk = Desk::new();
    let list = desk.verb(&["explain"]);
    assert!(list.out.contains("D05") && list.out.contains("id-check-digit"));
    let page = desk.verb(&["explain", "D05"]);
    assert_eq!(desk.verb(&["explain", "id-check-digit"]).out, page.out);
    assert_eq!(desk.verb(&["explain", "d05"]).out, page.out);
    assert!(page.out.contains("GS-33"), "{}", page.out);
    let unknown = desk.verb(&["explain", "Z99"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.contains("Z99"));
}

#[test]
fn numbers_are_decoded() {
    let desk = Desk::new();
    let number = resident(7);
    let good = desk.verb(&["decode", "--unmask", &number, "S000062010001242J00001"]);
    assert_eq!(good.code, 0, "{}", good.out);
    assert!(good.out.contains("1975-01-01") && good.out.contains("兰州市"), "{}", good.out);

    let expected = number.chars().last().expect("digit");
    let wrong = format!("{}{}", &number[..17], if expected == '5' { '6' } else { '5' });
    let ran = desk.verb(&["--lang", "en", "decode", &wrong]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains(&format!("give {expected}")), "{}", ran.out);

    let ran = desk.verb(&["decode", "--format", "json", "s000062010001242j00001", &wrong]);
    assert_eq!(ran.code, 1);
    let answers: Vec<Value> = ran.out.lines().map(|l| serde_json::from_str(l).expect("json")).collect();
    assert_eq!((answers.len(), &answers[0]["nearest"]), (2, &json!(["S000062010001242J00001"])));
    assert_eq!((&answers[1]["kind"], &answers[1]["ok"]), (&json!("resident-id"), &json!(false)));

    let million = vec![b'7'; 1 << 20];
    for input in [&million[..], b"\xff\xfe\x80\n", b"\x1b[2J\x07\x9b\n", "\u{202E}张伟\n".as_bytes(), b"\0\n"] {
        let ran = desk.verb_with_input(&["decode"], input);
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert_eq!(raw_controls(&ran.out), []);
        assert!(ran.bytes.len() < 4096, "{} bytes", ran.bytes.len());
    }
    let bad = OsString::from_vec(b"S0000\xff\x1b".to_vec());
    let ran = desk.verb(&[OsString::from("decode"), bad]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert_eq!(raw_controls(&ran.err), []);

    // Lines as Windows ends them, and blank ones.
    let ran = desk.verb_with_input(&["decode"], format!("{number}\r\n\r\n\n{number}").as_bytes());
    assert_eq!((ran.code, ran.out.matches("居民身份证号码").count()), (0, 2), "{}", ran.out);
}

#[test]
fn help_lists_every_option_in_both_languages() {
    let desk = Desk::new();
    let source = ["--profile", "--sheet", "--today", "--home", "--lang", "--help"];
    let verbs: [(&str, &[&str]); 21] = [
        ("open", &["--profile", "--sheet", "--home", "--lang", "--help"]),
        ("check", &["--format", "--output", "--with-rows", "--unmask", "--strict", "--force"]),
        ("fix", &["--output", "--unsafe", "--dry-run", "--force"]),
        ("export", &["--output", "--format", "--encoding", "--force"]),
        ("explain", &["--format", "--home", "--lang", "--help", "TOPIC"]),
        ("decode", &["--format", "--column", "--sheet", "--profile", "--unmask", "--home", "--lang", "--help", "CODE"]),
        ("profile", &["list", "show", "check", "new", "--home", "--lang", "--help"]),
        ("profile list", &["--format", "--home", "--lang", "--help"]),
        ("profile show", &["--format", "ID"]),
        ("profile check", &["FILE"]),
        ("profile new", &["--from", "--output", "ID"]),
        (
            "institution",
            &["add", "list", "show", "change", "merge", "absorb", "cancel", "scope", "seal", "rectify", "rectified"],
        ),
        ("institution add", &["--name", "--profile", "--kind", "--filed-on", "--contact", "--from", "--reason"]),
        ("institution list", &["--all", "--format"]),
        ("institution show", &["--format", "PREFIX"]),
        ("institution change", &["--name", "--from", "--kind", "--filed-on", "--contact", "--reason", "--format"]),
        ("institution merge", &["--of", "--on", "--name", "--from", "--profile", "--reason", "--format"]),
        ("institution absorb", &["--of", "--on", "--reason", "--format", "PREFIX"]),
        ("institution cancel", &["--on", "--reason", "--format", "PREFIX"]),
        ("institution scope", &["--sheet", "--reason", "--format", "PREFIX", "FILE"]),
        ("institution seal", &["--name", "--from", "--electronic-from", "--reason", "--format"]),
    ];
    let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    for lang in ["zh", "en"] {
        let all = desk.verb(&["--lang", lang, "--help"]).out;
        for (verb, options) in verbs {
            let words: Vec<&str> = verb.split(' ').collect();
            assert!(all.contains(words[0]), "{all}");
            let ran = desk.verb(&[&["--lang", lang][..], &words, &["--help"]].concat());
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            let reads = ["check", "fix", "export"].contains(&verb);
            let wanted = options.iter().chain(source.iter().filter(|_| reads));
            for option in wanted {
                let line = ran.out.lines().find(|l| l.contains(option));
                let line = line.unwrap_or_else(|| panic!("{verb} --help in {lang} has no {option}:\n{}", ran.out));
                assert!(line.trim().len() > option.len() + 4, "{line}");
            }
            assert!(!ran.out.contains("cli."), "a text is missing:\n{}", ran.out);
            assert_eq!(han(ran.out.lines().next().unwrap_or("")), lang == "zh", "{}", ran.out);
        }
        for code in ["0", "1", "2", "3", "4", "5"] {
            assert!(all.contains(code), "{all}");
        }
    }
}

#[test]
fn the_language_follows_the_option_then_the_environment() {
    let desk = Desk::new();
    let missing = |more: &[&str], env: &[(&str, &str)]| {
        let mut command = desk.command(&["check", "no.csv"]);
        let output = command.args(more).envs(env.iter().copied()).output().expect("run");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let en = |text: String| text.starts_with("there is no file no.csv");
    assert!(!en(missing(&[], &[])));
    assert!(en(missing(&[], &[("LANG", "en_US.UTF-8")])));
    assert!(!en(missing(&[], &[("LANG", "C")])));
    assert!(!en(missing(&[], &[("LANG", "zh_CN.UTF-8")])));
    assert!(!en(missing(&[], &[("LANG", "en_US.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")])));
    assert!(en(missing(&["--lang", "en"], &[("LANG", "zh_CN.UTF-8")])));
    assert!(en(missing(&["--lang=en"], &[])));
    assert!(!en(missing(&["--lang", "zh"], &[("LANG", "en_US.UTF-8")])));
}

#[test]
fn every_verb_has_a_manual_page_and_a_completion() {
    let desk = Desk::new();
    let folder = desk.path("man");
    std::fs::create_dir(&folder).expect("a folder");
    assert_eq!(desk.verb(&["man", folder.to_str().expect("a name"), "--lang", "en"]).code, 0);
    for (page, words) in
        [("skillcert", "workbench"), ("skillcert-ledger-allocate", "dry-run"), ("skillcert-case-open", "correct")]
    {
        let text = std::fs::read_to_string(folder.join(format!("{page}.1"))).expect(page);
        assert!(text.contains(".SH NAME") && text.replace("\\-", "-").contains(words), "{page}: {text}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let ran = desk.verb(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains(&format!("complete-line {shell}")), "{shell}");
    }
    for shell in ["elvish", "powershell"] {
        let ran = desk.verb(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("skillcert") && ran.out.contains("allocate"), "{shell}");
    }
    assert_eq!(desk.verb(&["man", desk.path("nowhere").to_str().expect("a name")]).code, 3);
    let version = desk.verb(&["--version"]).out;
    assert!(version.starts_with(concat!("skillcert ", env!("CARGO_PKG_VERSION"), " (")) && version.contains("schema "));
}
