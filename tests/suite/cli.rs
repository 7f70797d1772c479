//! The command line through the built program: exit codes, formats, refusals, hostile input.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::Stdio;

use calamine::{Reader, Xlsx, open_workbook};
use encoding_rs::{GB18030, GBK};
use serde_json::{Value, json};

use crate::support::{Desk, LABELS, found, good, goods, raw_controls, resident, root, spoiled, text};

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
    code(&[&"export", &clean], 2);
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
    code(&[&"check", &desk.folder.path()], 3);
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
fn the_json_contract_field_by_field() {
    let desk = Desk::new();
    let file = root(SAMPLE);
    let (code, json) = desk.json(&file, &[]);
    assert_eq!(code, 1);
    assert_eq!(json["schema"], "skillcert-check-1");
    assert_eq!(json["file"], file.to_string_lossy().as_ref());
    assert_eq!(json["sheet"], "获奖选手");
    assert_eq!(json["profile"], "gansu-competition");
    assert_eq!(json["encoding"], "xlsx");
    assert_eq!(json["header_row"], 2);
    let columns = json["columns"].as_object().expect("columns");
    assert_eq!(columns.len(), 12);
    assert_eq!(
        (&columns["序号"], &columns["姓 名"], &columns["工作单位"]),
        (&Value::Null, &json!("姓名"), &json!("所在单位"))
    );
    assert_eq!(json["row_count"], 120);
    assert_eq!(json["skipped_rows"].as_array().expect("list").len(), 2);
    assert_eq!(json["skipped_rows"][0]["row"], 124);
    assert!(json["skipped_rows"][0]["reason"].as_str().is_some_and(|r| !r.is_empty()));
    assert_eq!(json["rejected"], false);
    assert!(json.get("rows").is_none());

    let findings = json["findings"].as_array().expect("findings");
    let keys = ["row", "column", "rule", "name", "severity", "message", "clause", "value", "fix"];
    for finding in findings {
        let object = finding.as_object().expect("object");
        assert_eq!(object.keys().collect::<Vec<_>>(), keys);
        assert!((3..=122).contains(&finding["row"].as_u64().expect("row")));
        assert!(LABELS.contains(&finding["column"].as_str().expect("column")));
        assert!(["error", "warning", "notice"].contains(&finding["severity"].as_str().expect("severity")));
        assert!(!finding["message"].as_str().expect("message").is_empty());
        assert!(!finding["clause"].as_str().expect("clause").is_empty());
        if let Some(fix) = finding["fix"].as_object() {
            assert_eq!(fix.keys().collect::<Vec<_>>(), ["to", "safety"]);
            assert!(["safe", "unsafe"].contains(&fix["safety"].as_str().expect("safety")));
        } else {
            assert_eq!(finding["fix"], Value::Null);
        }
    }
    let date = findings.iter().find(|f| f["row"] == 14 && f["rule"] == "A01").expect("the date of row 14");
    assert_eq!(date["column"], "发证日期");
    assert_eq!(date["name"], "date-form");
    assert_eq!(date["severity"], "error");
    assert_eq!(date["clause"], "GS-41");
    assert_eq!(date["value"], "2024.11.8");
    assert_eq!(date["fix"], json!({ "to": "2024-11-08", "safety": "safe" }));

    let count = |key: &str, value: &str| findings.iter().filter(|f| f[key] == value).count();
    for (severity, number) in json["summary"]["severities"].as_object().expect("severities") {
        assert_eq!(number, count("severity", severity), "{severity}");
    }
    let rules = json["summary"]["rules"].as_object().expect("rules");
    assert!(20 < rules.len());
    for (rule, number) in rules {
        assert_eq!(number, count("rule", rule), "{rule}");
    }

    let (_, json) = desk.json(&file, &["--with-rows", "--unmask"]);
    let rows = json["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 120);
    let keys: Vec<&str> = rows[0].as_object().expect("row").keys().map(String::as_str).collect();
    assert_eq!(keys[0], "row");
    assert_eq!(keys[1..], LABELS);
    assert_eq!((&rows[11]["row"], &rows[11]["发证日期"]), (&json!(14), &json!("2024.11.8")));
    // The source holds a date cell here.
    assert_eq!(rows[13]["发证日期"], "2024-11-08");
}

#[test]
fn every_format_tells_the_same_findings() {
    let desk = Desk::new();
    let file = root(SAMPLE);
    let (_, json) = desk.json(&file, &[]);
    let findings = json["findings"].as_array().expect("findings");

    let ran = desk.verb(&os(&[&"check", &file, &"--format", &"csv"]));
    assert_eq!(ran.code, 1);
    let csv = ran.out.trim_start_matches('\u{FEFF}');
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head: Vec<String> = reader.headers().expect("head").iter().map(String::from).collect();
    assert_eq!(head, ["row", "column", "rule", "name", "severity", "clause", "value", "message", "fix"]);
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("record")).collect();
    assert_eq!(records.len(), findings.len());
    for (record, finding) in records.iter().zip(findings) {
        assert_eq!(record[0], finding["row"].to_string());
        assert_eq!((&record[1], &record[2]), (finding["column"].as_str().unwrap(), finding["rule"].as_str().unwrap()));
    }

    let ran = desk.verb(&os(&[&"check", &file]));
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    for finding in findings {
        let head = format!(" {} ", finding["rule"].as_str().unwrap());
        assert!(ran.out.lines().any(|l| !l.starts_with(' ') && l.contains(&head)), "{head} is not told");
    }
    let counts = &json["summary"]["severities"];
    assert!(
        ran.out.contains(&format!("错误 {}, 警告 {}, 提示 {}", counts["error"], counts["warning"], counts["notice"]))
    );

    let list = desk.path("list.xlsx");
    let ran = desk.verb(&os(&[&"check", &file, &"--format", &"xlsx", &"--output", &list]));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let table = workbook(&list);
    let asked: BTreeSet<Option<u64>> =
        findings.iter().filter(|f| f["severity"] != "notice").map(|f| f["row"].as_u64()).collect();
    assert_eq!(table.len(), asked.len() + 1);
    assert_eq!((table[0][0].as_str(), table[0][2].as_str()), ("原行号", "姓 名"));

    // A file gets what stdout would have got.
    for format in ["text", "json", "csv"] {
        let target = desk.path(format);
        let to_stdout = desk.verb(&os(&[&"check", &file, &"--format", &format]));
        let to_file = desk.verb(&os(&[&"check", &file, &"--format", &format, &"--output", &target]));
        assert_eq!((to_file.code, to_file.bytes.len()), (1, 0));
        assert_eq!(std::fs::read(&target).expect("file"), to_stdout.bytes, "{format}");
    }
}

#[test]
fn the_text_shows_the_first_rows_of_each_rule() {
    let desk = Desk::new();
    let mut rows = goods(132);
    rows.iter_mut().for_each(|r| r[8] = "2024.11.8".into());
    let file = desk.roster("a.csv", &rows);
    let ran = desk.verb(&os(&[&"check", &file, &"--lang", &"en"]));
    assert!(ran.out.contains("showing 5 of 132"), "{}", ran.out);
    assert_eq!(ran.out.matches("2024.11.8").count(), 5, "{}", ran.out);
}

#[test]
fn personal_data_is_masked_unless_asked_for() {
    let desk = Desk::new();
    let sample = root(SAMPLE);
    // Rows of one ID with two names and of one person twice: their messages speak of the other row.
    let mut rows = goods(6);
    rows[1][2] = rows[0][2].clone();
    rows[3] = rows[2].clone();
    rows[4][2].insert(6, ' ');
    rows[5][2].pop();
    let other = desk.roster("other.csv", &rows);
    for file in [&sample, &other] {
        let (_, whole) = desk.json(file, &["--with-rows", "--unmask"]);
        let mut secrets = BTreeSet::new();
        for row in whole["rows"].as_array().expect("rows") {
            let name = row["姓名"].as_str().expect("name");
            let number = row["证件号码"].as_str().expect("number").trim();
            secrets.extend([name, number].into_iter().filter(|s| 1 < s.chars().count() && !s.contains('*')));
        }
        assert!(4 < secrets.len(), "{secrets:?}");
        let shown = serde_json::to_string(&whole["findings"]).expect("json");
        assert!(secrets.iter().any(|s| 14 < s.len() && shown.contains(*s)), "--unmask hides");

        let list = desk.path("list.xlsx");
        let fixed = desk.path("fixed.csv");
        let upload = desk.path("upload.csv");
        let mut outputs = Vec::new();
        for words in [
            os(&[&"check", file]),
            os(&[&"check", file, &"--lang", &"en"]),
            os(&[&"check", file, &"--format", &"json"]),
            os(&[&"check", file, &"--format", &"json", &"--with-rows"]),
            os(&[&"check", file, &"--format", &"csv"]),
            os(&[&"check", file, &"--format", &"xlsx", &"--output", &list, &"--force"]),
            os(&[&"fix", file, &"--dry-run", &"--unsafe"]),
            os(&[&"fix", file, &"--output", &fixed, &"--force"]),
            os(&[&"export", file, &"--output", &upload]),
        ] {
            let ran = desk.verb(&words);
            outputs.push((format!("{words:?}"), ran.out + &ran.err));
        }
        let cells = workbook(&list).concat().join("\n");
        outputs.push(("the error list".into(), cells));
        for (words, output) in &outputs {
            for secret in &secrets {
                assert!(!output.contains(*secret), "{words} shows {secret}:\n{output}");
            }
        }
    }
}

#[test]
fn warnings_fail_only_with_strict() {
    let desk = Desk::new();
    let mut rows = goods(2);
    rows[1][3] = "兰炼".into();
    let file = desk.roster("a.csv", &rows);
    let (code, json) = desk.json(&file, &[]);
    assert_eq!((code, &json["summary"]["severities"]["error"]), (0, &json!(0)));
    assert_eq!(found(&json), [(3, "W07".to_string(), "所在单位".to_string())]);
    assert_eq!(desk.verb(&os(&[&"check", &file, &"--strict"])).code, 1);
    let clean = desk.roster("b.csv", &goods(2));
    assert_eq!(desk.verb(&os(&[&"check", &clean, &"--strict"])).code, 0);
}

#[test]
fn sheet_profile_and_day_are_chosen_by_options() {
    let desk = Desk::new();
    let book = root("tests/fixtures/sheets.xlsx");
    let (_, first) = desk.json(&book, &[]);
    let name = first["sheet"].as_str().expect("sheet");
    let (_, named) = desk.json(&book, &["--sheet", name]);
    assert_eq!(first["findings"], named["findings"]);
    let (code, refused) = desk.json(&book, &["--sheet", "没有这张表"]);
    assert_eq!((code, &refused["rejected"]["kind"]), (2, &json!("no-sheet")));
    assert!(refused["rejected"]["hint"].as_str().is_some_and(|h| h.contains(name)), "{refused}");

    let file = desk.roster("a.csv", &goods(2));
    let (_, guessed) = desk.json(&file, &[]);
    let (_, given) = desk.json(&file, &["--profile", "gansu-competition"]);
    assert_eq!((&guessed["profile_from_codes"], &given["profile_from_codes"]), (&json!(true), &json!(false)));
    let ran = desk.verb(&os(&[&"check", &file, &"--profile", &"competition"]));
    assert!(ran.err.contains("gansu-competition"), "{}", ran.err);

    let (code, json) = desk.json(&file, &["--today", "2024-01-01"]);
    assert_eq!(code, 1);
    assert!(found(&json).iter().any(|(_, rule, _)| rule == "A03"), "{json}");
    let mut command = desk.command(&os(&[&"check", &file]));
    let output = command.env("SKILLCERT_TODAY", "2024-01-01").output().expect("run");
    assert_eq!(output.status.code(), Some(1));
    let output = command.env("SKILLCERT_TODAY", "morgen").output().expect("run");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn refused_files_say_what_they_are_and_what_to_do() {
    let desk = Desk::new();
    for (name, kind) in [
        ("blank.csv", "empty"),
        ("empty.xlsx", "empty"),
        // A million rows without a cell: on a busy machine the reader is given up before it has seen them all.
        ("hostile-blank-rows.xlsx", "empty or too-large"),
        ("cut-off.xlsx", "cut-off"),
        ("cut-off.xls", "cut-off"),
        ("password.xlsx", "encrypted"),
        ("web-page.xls", "web-page"),
        ("docx-named.xlsx", "foreign"),
        ("doc-named.xls", "foreign"),
        ("pdf-named.xlsx", "foreign"),
        ("epoch-1904.xlsx", "no-header"),
        ("hostile-broken-xml.xlsx", "damaged"),
        ("hostile-no-end.xlsx", "damaged"),
        ("hostile-deep.xlsx", "damaged"),
        ("hostile-disorder.xlsx", "damaged"),
        ("hostile-circle.xls", "damaged"),
        ("hostile-lying-size.xlsx", "damaged"),
        ("hostile-count.xlsx", "too-large"),
        ("hostile-far-row.xlsx", "too-large"),
        ("hostile-far-column.xlsx", "too-large"),
        ("hostile-strings-bomb.xlsx", "too-large"),
        ("hostile-text-bomb.xlsx", "too-large"),
        ("nobody-wrote-this.xlsx", "not-found"),
    ] {
        let file = root("tests/fixtures").join(name);
        let ran = desk.verb(&os(&[&"check", &file, &"--format", &"json"]));
        assert_eq!(ran.code, 3, "{name}: {}{}", ran.out, ran.err);
        let json: Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{name}: {e}: {}", ran.out));
        let rejected = json["rejected"].as_object().unwrap_or_else(|| panic!("{name}: {json}"));
        assert_eq!(rejected.keys().collect::<Vec<_>>(), ["kind", "message", "hint"]);
        let kinds: Vec<&str> = kind.split(" or ").collect();
        assert!(kinds.contains(&rejected["kind"].as_str().unwrap()), "{name}: {json}");
        let lines: Vec<&str> = ran.err.lines().collect();
        assert_eq!(lines, [rejected["message"].as_str().unwrap(), rejected["hint"].as_str().unwrap()], "{name}");
        assert!(lines.iter().all(|l| !l.is_empty()) && lines[0].contains(name), "{name}: {}", ran.err);
        assert!(raw_controls(&ran.err).is_empty());
        for words in [
            os(&[&"check", &file]),
            os(&[&"fix", &file, &"--dry-run"]),
            os(&[&"export", &file, &"--output", &desk.path("x.csv")]),
        ] {
            if kind == "too-large" || name.starts_with("hostile") {
                continue;
            }
            let ran = desk.verb(&words);
            assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{words:?}: {}", ran.err);
            assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
        }
    }
    assert!(!desk.path("x.csv").exists());
}

#[test]
fn fixes_are_told_written_and_then_done() {
    let desk = Desk::new();
    let file = root(SAMPLE);
    let before = std::fs::read(&file).expect("sample");
    let told = desk.verb(&os(&[&"fix", &file, &"--dry-run"]));
    assert_eq!(told.code, 1);
    assert!(told.out.contains("2024.11.8") && told.out.contains("2024-11-08"), "{}", told.out);
    let dry = desk.path("dry.xlsx");
    desk.verb(&os(&[&"fix", &file, &"--dry-run", &"--output", &dry]));
    assert!(!dry.exists(), "--dry-run has written");

    for (name, more, safety) in
        [("a.xlsx", None, "safe"), ("a.csv", None, "safe"), ("b.xlsx", Some("--unsafe"), "unsafe")]
    {
        let target = desk.path(name);
        let mut words = os(&[&"fix", &file, &"--output", &target]);
        words.extend(more.map(OsString::from));
        let ran = desk.verb(&words);
        assert_eq!(ran.code, 1, "{}", ran.err);
        // What could not be written is not told as done.
        let again = desk.verb(&words);
        assert_eq!((again.code, again.out.as_str()), (3, ""), "{}", again.err);
        let (_, was) = desk.json(&file, &["--with-rows", "--unmask"]);
        let (_, now) = desk.json(&target, &["--with-rows", "--unmask"]);
        assert_eq!(now["row_count"], 120, "{name}");
        let left: Vec<&Value> =
            now["findings"].as_array().unwrap().iter().filter(|f| f["fix"]["safety"] == safety).collect();
        assert!(left.is_empty(), "{name}: {left:?}");
        // Only cells that were told are different; in CSV, what begins like a formula was disarmed.
        let disarmed = |a: &Value, b: &Value| b.as_str() == Some(&format!("'{}", a.as_str().unwrap()));
        let cells =
            |json: &Value, i: usize| json["rows"][i].as_object().unwrap().values().skip(1).cloned().collect::<Vec<_>>();
        let changed: usize = (0..120)
            .map(|i| cells(&was, i).iter().zip(&cells(&now, i)).filter(|(a, b)| a != b && !disarmed(a, b)).count())
            .sum();
        let number = ran.out.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
        assert_eq!(number.collect::<String>(), changed.to_string(), "{name}: {}", ran.out);
    }
    assert_eq!(std::fs::read(&file).expect("sample"), before, "the source was touched");

    // A line break in a label or in a column of the organiser's own comes back as it was.
    let mut rows = goods(2);
    rows[0].push("第一行\n=第二行".into());
    let plain = text(",", &rows).replacen("工种/职业方向", "\"工种/\n职业方向\"", 1).replacen(
        "发证机构\n",
        "发证机构,备注\n",
        1,
    );
    let own = desk.put("own.csv", plain);
    for name in ["own.xlsx", "own-fixed.csv"] {
        let target = desk.path(name);
        assert_eq!(desk.verb(&os(&[&"fix", &own, &"--output", &target])).code, 0);
        let (code, json) = desk.json(&target, &["--with-rows", "--unmask"]);
        assert_eq!((code, &json["rows"][0]["工种/职业方向"]), (0, &json!("汽车机械维修工")), "{name}");
        if name == "own.xlsx" {
            assert_eq!(workbook(&target)[1][11], "第一行\n=第二行");
        } else {
            assert!(std::fs::read_to_string(&target).unwrap().contains("\"第一行\n=第二行\""));
        }
    }

    let target = desk.put("kept.csv", "mine");
    let ran = desk.verb(&os(&[&"fix", &file, &"--output", &target]));
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(std::fs::read(&target).expect("kept"), b"mine");
    assert_eq!(desk.verb(&os(&[&"fix", &file, &"--output", &target, &"--force"])).code, 1);
    assert_ne!(std::fs::read(&target).expect("replaced"), b"mine");
}

#[test]
fn the_roster_itself_is_never_overwritten() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &goods(2));
    let before = std::fs::read(&file).expect("roster");
    std::os::unix::fs::symlink(&file, desk.path("link.csv")).expect("link");
    for name in ["a.csv", "./a.csv", "link.csv"] {
        for words in [
            os(&[&"check", &file, &"--format", &"csv", &"--output", &name]),
            os(&[&"fix", &file, &"--force", &"--output", &name]),
            os(&[&"export", &file, &"--force", &"--output", &name]),
        ] {
            // The names are those of the working folder.
            let ran = desk.run(&words);
            assert_eq!(ran.code, 2, "{words:?}: {}", ran.err);
            assert!(ran.err.contains(name), "{}", ran.err);
        }
    }
    assert_eq!(std::fs::read(&file).expect("roster"), before);
}

#[test]
fn an_export_is_refused_with_its_first_blocking_row() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &spoiled());
    let target = desk.path("upload.xlsx");
    let ran = desk.verb(&os(&[&"export", &file, &"--output", &target, &"--lang", &"en"]));
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("row 3, 发证日期"), "{}", ran.err);
    assert!(!target.exists() && !desk.path("upload.xlsx.manifest.json").exists());
}

#[test]
fn a_clean_roster_is_exported_with_its_manifest_and_reads_back() {
    let desk = Desk::new();
    let mut rows = goods(40);
    rows[3][0] = "李𠮷".into();
    rows[4][5] = "--".into();
    let file = desk.roster("a.csv", &rows);
    for (name, more, encoding) in [
        ("u.xlsx", &[][..], None),
        ("u.csv", &[], None),
        ("g.csv", &["--encoding", "gb18030"], Some(GB18030)),
        ("named", &["--format", "csv"], None),
    ] {
        let target = desk.path(name);
        let mut words = os(&[&"export", &file, &"--output", &target]);
        words.extend(more.iter().map(OsString::from));
        let ran = desk.verb(&words);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
        let bytes = std::fs::read(&target).expect("upload");
        let table = if name == "u.xlsx" {
            workbook(&target)
        } else {
            let text = match encoding {
                Some(encoding) => {
                    encoding.decode_without_bom_handling_and_without_replacement(&bytes).expect("GB18030")
                }
                None => {
                    assert!(bytes.starts_with("\u{FEFF}".as_bytes()), "no BOM");
                    String::from_utf8(bytes[3..].to_vec()).expect("UTF-8").into()
                }
            };
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
            reader.records().map(|r| r.expect("record").iter().map(String::from).collect()).collect()
        };
        assert_eq!(table.len(), 41);
        assert_eq!(table[0], LABELS);
        for (row, source) in table[1..].iter().zip(&rows) {
            // Codes and IDs as they were; the type and level may be written out.
            for column in [0, 2, 3, 4, 5, 7, 8, 9, 10] {
                assert_eq!(row[column], source[column], "{name}");
            }
        }
        let manifest = std::fs::read(desk.path(&format!("{name}.manifest.json"))).expect("manifest");
        let manifest: Value = serde_json::from_slice(&manifest).expect("json");
        assert_eq!((&manifest["rows"], &manifest["bytes"]), (&json!(40), &json!(bytes.len())));
        let hash = sha256(&bytes);
        assert_eq!(manifest["sha256"], hash.as_str());
        assert!(ran.err.contains(&hash));
        if name == "named" {
            continue;
        }
        let (code, json) = desk.json(&target, &[]);
        assert_eq!((code, &json["row_count"], found(&json)), (0, &json!(40), vec![]), "{name}");

        let ran = desk.verb(&words);
        assert_eq!(ran.code, 3, "an upload was replaced");
        assert!(ran.err.contains("--force"), "{}", ran.err);
        assert_eq!(std::fs::read(&target).expect("upload"), bytes);
        words.push("--force".into());
        assert_eq!(desk.verb(&words).code, 0);
    }
}

#[test]
fn encodings_and_separators_make_no_difference() {
    let desk = Desk::new();
    let rows = spoiled();
    let (code, wanted) = desk.json(&desk.roster("utf8.csv", &rows), &["--with-rows", "--unmask"]);
    assert_eq!((code, &wanted["encoding"]), (1, &json!("UTF-8")));
    assert!(9 < found(&wanted).len());
    let plain = text(",", &rows);
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(plain.encode_utf16()).flat_map(unit).collect()
    };
    let files = [
        ("gbk.csv", GBK.encode(&plain).0.into_owned()),
        ("gb18030.csv", GB18030.encode(&plain).0.into_owned()),
        ("utf16le.csv", utf16(u16::to_le_bytes)),
        ("utf16be.csv", utf16(u16::to_be_bytes)),
        ("bom.csv", format!("\u{FEFF}{plain}").into_bytes()),
        ("crlf.csv", plain.replace('\n', "\r\n").into_bytes()),
        ("cr.csv", plain.replace('\n', "\r").into_bytes()),
        ("no-end.csv", plain.trim_end().as_bytes().to_vec()),
        ("tab.txt", text("\t", &rows).into_bytes()),
        ("semicolon.csv", text(";", &rows).into_bytes()),
        ("bar.csv", text("|", &rows).into_bytes()),
        ("wide.csv", text("，", &rows).into_bytes()),
        ("wide-gbk.csv", GBK.encode(&text("，", &rows)).0.into_owned()),
        ("quoted.csv", format!("\"{}\"\n", plain.trim_end().replace(',', "\",\"").replace('\n', "\"\n\"")).into()),
    ];
    for (name, bytes) in files {
        let (code, json) = desk.json(&desk.put(name, bytes), &["--with-rows", "--unmask"]);
        assert_eq!((code, &json["row_count"]), (1, &json!(12)), "{name}");
        assert_eq!(json["rows"], wanted["rows"], "{name}");
        assert_eq!(json["findings"], wanted["findings"], "{name}");
    }
    // Characters that only GB18030 has.
    let mut rows = goods(3);
    rows[1][0] = "李𠮷".into();
    let (code, json) =
        desk.json(&desk.put("rare.csv", GB18030.encode(&text(",", &rows)).0), &["--with-rows", "--unmask"]);
    assert_eq!((code, &json["rows"][1]["姓名"]), (0, &json!("李𠮷")));
}

/// Rows whose employer cell holds lines that look like rows of their own.
fn rows_with_breaks(count: usize) -> Vec<Vec<String>> {
    let decoy = good(0).join(",");
    let mut rows = goods(count);
    for row in &mut rows {
        row[3] = format!("a\nb\n{decoy}\n\nc");
    }
    rows
}

#[test]
fn line_ends_inside_quotes_lose_no_row() {
    let desk = Desk::new();
    let count = 16_000;
    let text = text(",", &rows_with_breaks(count));
    assert!(9 << 20 < text.len(), "{} bytes make too few pieces", text.len());
    for (name, bytes) in [("utf8.csv", text.clone().into_bytes()), ("gbk.csv", GBK.encode(&text).0.into_owned())] {
        let (_, json) = desk.json(&desk.put(name, bytes), &["--with-rows", "--unmask"]);
        assert_eq!(json["row_count"], count, "{name}");
        assert_eq!(json["skipped_rows"], json!([]), "{name}");
        for (i, row) in json["rows"].as_array().expect("rows").iter().enumerate() {
            let code = format!("S000062010001242J{:05}", i + 1);
            assert_eq!((&row["row"], &row["证书编号"]), (&json!(i + 2), &json!(code)), "{name}");
        }
        let stray = found(&json).into_iter().filter(|(_, rule, column)| rule == "T01" && column == "所在单位");
        assert!(stray.map(|(row, ..)| row).eq(2..count as u64 + 2), "{name}");
    }
}

#[test]
fn a_quotation_mark_that_never_closes_is_refused_with_its_row() {
    let desk = Desk::new();
    for (count, at) in [(5, 2), (16_000, 15_990)] {
        // No other quotation mark may stand behind the open one: it would close it.
        let mut rows = rows_with_breaks(count);
        rows.truncate(at);
        rows.extend((at..count).map(good));
        let plain = text(",", &rows);
        let code = format!("S000062010001242J{:05},", at + 1);
        assert_eq!(plain.matches(&code).count(), 1);
        let file = desk.put("a.csv", plain.replace(&code, &format!("\"{code}")));
        let (exit, json) = desk.json(&file, &[]);
        assert_eq!((exit, &json["rejected"]["kind"]), (3, &json!("open-quote")), "{json}");
        let message = json["rejected"]["message"].as_str().expect("message");
        assert!(message.contains(&format!(" {} ", at + 2)), "{message}");
    }
}

#[test]
fn a_bad_byte_is_found_in_its_cell() {
    let desk = Desk::new();
    let plain = text(",", &goods(6));
    let spoil = |mut bytes: Vec<u8>, mark: &[u8]| {
        let at = bytes.windows(mark.len()).enumerate().filter(|(_, w)| *w == mark).nth(3).expect("the fourth row").0;
        bytes.insert(at, 0xFF);
        bytes
    };
    for (name, bytes) in [
        ("utf8.csv", spoil(plain.clone().into_bytes(), "兰州".as_bytes())),
        ("gbk.csv", spoil(GBK.encode(&plain).0.into_owned(), &GBK.encode("兰州").0)),
    ] {
        let (code, json) = desk.json(&desk.put(name, bytes), &[]);
        assert_eq!((code, &json["row_count"]), (1, &json!(6)), "{name}");
        let all = found(&json);
        assert!(all.contains(&(5, "S04".into(), "所在单位".into())), "{name}: {all:?}");
        assert!(all.iter().all(|(row, _, column)| (*row, column.as_str()) == (5, "所在单位")), "{name}: {all:?}");
    }
}

#[test]
fn ragged_rows_are_findings_and_none_is_lost() {
    let desk = Desk::new();
    let mut rows = goods(5);
    rows[1].truncate(9);
    rows[3].push("13999999999".into());
    let (code, json) = desk.json(&desk.roster("a.csv", &rows), &["--with-rows", "--unmask"]);
    assert_eq!((code, &json["row_count"]), (1, &json!(5)));
    let all = found(&json);
    assert!(all.contains(&(3, "R01".into(), "评价机构".into())), "{all:?}");
    assert!(all.contains(&(3, "R01".into(), "发证机构".into())), "{all:?}");
    assert!(all.iter().any(|(row, rule, _)| *row == 5 && rule == "S01"), "{all:?}");
    assert!(all.iter().all(|(row, ..)| [3, 5].contains(row)), "{all:?}");
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(json["rows"][i]["证件号码"], row[2].as_str());
    }
    // A row of one cell is no data row, but it is told.
    let plain = text(",", &goods(2)) + "注：以上共两人\n";
    let (_, json) = desk.json(&desk.put("b.csv", plain), &[]);
    assert_eq!((&json["row_count"], &json["skipped_rows"][0]["row"]), (&json!(2), &json!(4)));
}

#[test]
fn fix_keeps_what_stands_beyond_the_header_and_rare_characters() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows[0][0] = "张\u{E832}".into();
    rows[1][0] = "张e\u{301}".into();
    rows[2].extend([String::new(), "13999999999".into(), "一\u{1b}".into()]);
    let file = desk.roster("a.csv", &rows);
    for name in ["fixed.csv", "fixed.xlsx"] {
        let fixed = desk.path(name);
        let ran = desk.verb(&os(&[&"fix", &file, &"--output", &fixed, &"--lang", &"en"]));
        assert!(ran.err.contains("1 cell with control characters"), "{}", ran.err);
        let (_, json) = desk.json(&fixed, &["--with-rows", "--unmask"]);
        let all = found(&json);
        assert!(all.iter().any(|(row, rule, _)| *row == 4 && rule == "S01"), "{name} {all:?}");
        assert_eq!((&json["rows"][0]["姓名"], &json["rows"][1]["姓名"]), (&json!("张\u{E832}"), &json!("张e\u{301}")));
    }
    let fixed = std::fs::read_to_string(desk.path("fixed.csv")).expect("fixed");
    assert!(fixed.ends_with(",,13999999999,一^[\r\n"), "{fixed}");
}

#[test]
fn check_replaces_a_file_only_by_force() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &goods(2));
    for format in ["text", "json", "csv", "xlsx"] {
        let target = desk.put(&format!("there.{format}"), "mine");
        let words = os(&[&"check", &file, &"--format", &format, &"--output", &target, &"--lang", &"en"]);
        let ran = desk.verb(&words);
        assert!(ran.code == 3 && ran.err.contains("--force replaces it"), "{format}: {}", ran.err);
        assert_eq!(std::fs::read(&target).expect("file"), b"mine");
        assert_eq!(desk.verb(&[words, os(&[&"--force"])].concat()).code, 0);
        assert_ne!(std::fs::read(&target).expect("file"), b"mine");
    }
}

#[test]
fn a_roster_without_rows_is_not_right() {
    let desk = Desk::new();
    let file = desk.roster("a.csv", &[]);
    let (code, json) = desk.json(&file, &[]);
    assert_eq!((code, &json["row_count"]), (1, &json!(0)));
    let target = desk.path("out.csv");
    for words in [os(&[&"check", &file]), os(&[&"export", &file, &"--output", &target])] {
        let ran = desk.verb(&words);
        assert!(ran.code == 1 && ran.err.contains("名册没有数据行"), "{}: {}", ran.code, ran.err);
    }
    assert!(!target.exists());
}

#[test]
fn id_numbers_in_another_column_are_masked() {
    let desk = Desk::new();
    let mut rows = goods(2);
    rows[1].insert(0, "x".into());
    let number = rows[1][3].clone();
    let file = desk.roster("a.csv", &rows);
    for format in ["text", "json", "csv"] {
        let ran = desk.verb(&os(&[&"check", &file, &"--format", &format]));
        assert!(!ran.out.contains(&number) && ran.code == 1, "{format}: {}", ran.out);
    }
    let (_, json) = desk.json(&file, &["--with-rows"]);
    assert!(!json.to_string().contains(&number), "{json}");
}

#[test]
fn hostile_cells_never_reach_an_output_raw() {
    let desk = Desk::new();
    let bad = [
        "\u{1b}[31m红\u{1b}]0;x\u{7}",
        "a\0b",
        "\u{202E}cod",
        "=cmd|' /C calc'!A0",
        "\r\u{8}\u{9b}2J",
        "+1",
        "@x",
        "-2+3",
    ];
    let mut rows = goods(11 * bad.len());
    for (i, row) in rows.iter_mut().enumerate() {
        row[i % 11] = bad[i / 11].into();
        row.push("\u{1b}[2J".into());
    }
    let plain = text(",", &rows).replacen("发证机构\n", "发证机构,\u{1b}[5m备注\u{202E},=1+1\n", 1);
    let file = desk.put("a\u{1b}[31m.csv", plain);
    let fixed = desk.path("fixed.csv");
    let list = desk.path("list.xlsx");
    for words in [
        os(&[&"check", &file]),
        os(&[&"check", &file, &"--unmask"]),
        os(&[&"check", &file, &"--format", &"csv"]),
        os(&[&"check", &file, &"--format", &"csv", &"--unmask"]),
        os(&[&"check", &file, &"--format", &"xlsx", &"--output", &list]),
        os(&[&"fix", &file, &"--dry-run", &"--unmask", &"--unsafe"]),
        os(&[&"fix", &file, &"--output", &fixed]),
        os(&[&"export", &file, &"--output", &desk.path("u.csv")]),
        os(&[&"check", &desk.path("missing\u{1b}[31m.csv")]),
        os(&[&"check", &file, &"--profile", &"\u{1b}[31m"]),
        os(&[&"check", &file, &"--today", &"\u{1b}[31m"]),
        os(&[&"explain", &"\u{1b}[31m"]),
        os(&[&"\u{1b}[31m"]),
        os(&[&"decode", &"\u{1b}[31mS0000\u{202E}\u{7}"]),
    ] {
        let ran = desk.verb(&words);
        assert!(ran.code != 5, "{words:?}: {}", ran.err);
        assert_eq!(raw_controls(&ran.out), [], "{words:?}");
        assert_eq!(raw_controls(&ran.err), [], "{words:?}");
    }
    let ran = desk.verb(&os(&[&"check", &file, &"--format", &"csv", &"--unmask"]));
    for bytes in [ran.bytes, std::fs::read(&fixed).expect("fixed")] {
        let table = String::from_utf8(bytes).expect("UTF-8");
        assert_eq!(raw_controls(&table), []);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
        let mut cells = 0;
        for record in reader.records() {
            for cell in &record.expect("record") {
                cells += 1;
                let cell = cell.trim_start_matches('\u{FEFF}');
                assert!(cell == "--" || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
            }
        }
        assert!(500 < cells);
    }
    for row in workbook(&list) {
        assert_eq!(raw_controls(&row.concat()), []);
    }
    // JSON is for programs: no control byte is in it, what it carries is escaped.
    let ran = desk.verb(&os(&[&"check", &file, &"--format", &"json", &"--with-rows", &"--unmask"]));
    assert!(ran.out.chars().all(|c| c == '\n' || !c.is_ascii_control()));
    let json: Value = serde_json::from_str(&ran.out).expect("json");
    assert_eq!(json["row_count"], rows.len());
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
        ("institution", &["add", "list", "show", "change", "merge", "absorb", "cancel", "scope", "seal"]),
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
        assert!(ran.code == 0 && ran.out.contains("skillcert") && ran.out.contains("allocate"), "{shell}");
    }
    assert_eq!(desk.verb(&["man", desk.path("nowhere").to_str().expect("a name")]).code, 3);
    let version = desk.verb(&["--version"]).out;
    assert!(version.starts_with(concat!("skillcert ", env!("CARGO_PKG_VERSION"), " (")) && version.contains("schema "));
}
