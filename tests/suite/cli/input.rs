//! What comes in: refused files, encodings, line ends, bad bytes, ragged rows, hostile cells.

use encoding_rs::{GB18030, GBK};
use serde_json::{Value, json};

use super::{os, workbook};
use crate::support::{Desk, found, good, goods, raw_controls, root, spoiled, text};

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

/// Rows whose employer cell has line ends, and whose remark holds lines that look like rows of their own.
fn rows_with_breaks(count: usize) -> Vec<Vec<String>> {
    // Ten lines that look like rows: what reads in pieces comes upon many of them. They stand where no rule looks, which would
    // take longer than the reading.
    let decoys = format!("{}\n", good(0).join(",")).repeat(10);
    let mut rows = goods(count);
    for row in &mut rows {
        row[3] = "a\nb\n\nc".into();
        row.push(format!("a\nb\n{decoys}\nc"));
    }
    rows
}

/// Gives such rows as text, the remark below a label of its own.
fn remarked(rows: &[Vec<String>]) -> String {
    text(",", rows).replacen("发证机构\n", "发证机构,备注\n", 1)
}

#[test]
fn line_ends_inside_quotes_lose_no_row() {
    let desk = Desk::new();
    let count = 2_700;
    let text = remarked(&rows_with_breaks(count));
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
fn a_quotation_mark_that_never_closes_costs_no_row() {
    let desk = Desk::new();
    for (count, at) in [(5, 2), (2_700, 2_690)] {
        // No other quotation mark may stand behind the open one: it would close it.
        let mut rows = rows_with_breaks(count);
        rows.truncate(at);
        rows.extend((at..count).map(good));
        let plain = remarked(&rows);
        let code = format!("S000062010001242J{:05},", at + 1);
        assert_eq!(plain.matches(&code).count(), 1);
        let file = desk.put("a.csv", plain.replace(&code, &format!("\"{code}")));
        let (exit, json) = desk.json(&file, &[]);
        assert_eq!((exit, &json["row_count"]), (1, &json!(count)));
        let open = found(&json).into_iter().filter(|(_, rule, _)| rule == "S06");
        assert_eq!(open.collect::<Vec<_>>(), [(at as u64 + 2, "S06".to_string(), "证书编号".to_string())]);
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
