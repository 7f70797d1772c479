//! What `fix` and `export` write, and what they refuse.

use std::ffi::OsString;

use encoding_rs::GB18030;
use serde_json::{Value, json};

use super::{SAMPLE, os, sha256, workbook};
use crate::support::{Desk, LABELS, found, goods, root, spoiled, text};

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
        let mut words = os(&[&"fix", &file, &"--output", &target, &"--yes"]);
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
    assert_eq!(desk.verb(&os(&[&"fix", &file, &"--output", &target, &"--force", &"--yes"])).code, 1);
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
    assert!(fixed.ends_with(",,13999999999,一^[\n"), "{fixed}");
}
