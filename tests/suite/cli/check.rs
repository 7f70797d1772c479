//! What `check` tells, in every format: the contract field by field, masked, chosen by options.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{SAMPLE, os, workbook};
use crate::support::{Desk, LABELS, found, good, goods, root};

#[test]
fn the_json_contract_field_by_field() {
    let desk = Desk::new();
    let file = root(SAMPLE);
    let (code, json) = desk.json(&file, &[]);
    assert_eq!(code, 1);
    assert_eq!(json["schema"], "skillcert-check-3");
    assert_eq!(json["file"], file.to_string_lossy().as_ref());
    assert_eq!(json["sheet"], "获奖选手");
    assert_eq!(json["profile"], "gansu-competition");
    assert_eq!(json["encoding"], "xlsx");
    assert_eq!(json["header_row"], 2);
    let columns = json["columns"].as_array().expect("columns");
    assert_eq!(columns.len(), 12);
    let field = |label: &str| columns.iter().find(|c| c["source"] == label).map(|c| &c["field"]);
    assert_eq!(
        (field("序号"), field("姓 名"), field("工作单位")),
        (Some(&Value::Null), Some(&json!("姓名")), Some(&json!("所在单位")))
    );
    assert_eq!(columns[1], json!({ "source": "姓 名", "index": 2, "field": "姓名", "gave_way": null, "by": "label" }));
    assert_eq!(json["table_findings"], json!([]));
    assert_eq!(json["row_count"], 120);
    assert_eq!(json["skipped_rows"].as_array().expect("list").len(), 2);
    assert_eq!(json["skipped_rows"][0]["kind"], "blank");
    assert_eq!((&json["skipped_rows"][1]["row"], &json["skipped_rows"][1]["to"]), (&json!(124), &json!(125)));
    assert!(json["skipped_rows"][1]["reason"].as_str().is_some_and(|r| !r.is_empty()));
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
    assert_eq!(head[..9], ["row", "column", "rule", "name", "severity", "clause", "value", "message", "fix"]);
    assert_eq!(head[9..], ["origin_file", "origin_sheet", "origin_row"]);
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
    rows.iter_mut().take(99).for_each(|r| r[8] = "2024.11.8".into());
    let file = desk.roster("a.csv", &rows);
    let ran = desk.verb(&os(&[&"check", &file, &"--lang", &"en"]));
    assert!(ran.out.contains("showing 5 of 99"), "{}", ran.out);
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
fn what_an_upload_file_may_not_begin_with_is_an_error_from_the_beginning() {
    let desk = Desk::new();
    let mut rows = Vec::new();
    for column in 0..LABELS.len() {
        for start in ["=", "+", "-", "@", "＝", "＋", "－", "＠", " =", "\u{3000}＝"] {
            let mut row = good(rows.len());
            row[column] = if column < 6 { format!("{start}1+1") } else { format!("{start}{}", row[column]) };
            rows.push(row);
        }
    }
    rows.push(good(rows.len()));
    let file = desk.roster("公式.csv", &rows);
    let (_, json) = desk.json(&file, &[]);
    let told = found(&json);
    for (row, line) in rows.iter().zip(2..) {
        for label in ["姓名", "所在单位", "职业名称", "评价机构", "发证机构"] {
            let at = LABELS.iter().position(|l| *l == label).expect("a label");
            let begins = row[at].trim().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            let is_told =
                told.iter().any(|(row, rule, column)| (*row, rule.as_str(), column.as_str()) == (line, "T04", label));
            assert_eq!(is_told, begins, "{line} {label} {}", row[at]);
        }
    }
    // No row without an error is refused for how it begins.
    let target = desk.path("上报.csv");
    let ran = desk.verb(&os(&[&"export", &file, &"--without-errors", &"--output", &target]));
    assert!(target.exists() && !ran.err.contains("公式"), "{}", ran.err);
}
