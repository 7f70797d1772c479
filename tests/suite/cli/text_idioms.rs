//! Texts as programs and people write them: every person is read, and what was no text says where.

use serde_json::json;

use super::os;
use crate::support::{Desk, found, good, goods, root, text};

#[test]
fn every_person_of_an_ill_written_text_is_read() {
    let desk = Desk::new();
    for (name, exit, encoding, rules) in [
        ("c05_mixed_ends.csv", 0, "UTF-8", &[][..]),
        ("c06_utf16_no_mark.csv", 0, "UTF-16LE", &[]),
        ("c07_nul.csv", 1, "UTF-8", &["T01"]),
        ("c08_open_quote.csv", 1, "UTF-8", &["S06"]),
        ("f7_utf16le_no_mark.csv", 0, "UTF-16LE", &[]),
        ("f7_utf16be_no_mark.txt", 0, "UTF-16BE", &[]),
        ("f7_utf16_excel_text.txt", 0, "UTF-16LE", &[]),
        ("f7_two_marks.csv", 0, "UTF-8", &[]),
        ("f7_bad_bytes.csv", 1, "UTF-8", &["S04"]),
        ("f8_sep_line.csv", 0, "gb18030", &[]),
        ("f8_sep_line_quoted.csv", 0, "UTF-8", &[]),
        ("f8_wide_commas.csv", 0, "gb18030", &[]),
        ("f8_mac_ends.csv", 0, "gb18030", &[]),
        ("f8_mac_break_in_cell.csv", 1, "gb18030", &[]),
        ("f8_mac_crlf_in_cell.csv", 1, "gb18030", &[]),
        ("f8_mixed_ends.csv", 0, "gb18030", &[]),
        ("f8_two_crs.csv", 0, "UTF-8", &[]),
        ("f8_nul_in_name.csv", 1, "UTF-8", &["T01"]),
        ("f8_nul_padding.csv", 1, "gb18030", &["T01"]),
        ("f8_dos_end.csv", 0, "gb18030", &[]),
        ("f8_dos_end_glued.csv", 0, "gb18030", &[]),
        ("f8_open_quote.csv", 1, "gb18030", &["S06"]),
        ("f8_open_quote_then_break.csv", 1, "UTF-8", &["S06"]),
        ("f8_stray_quotes.csv", 0, "gb18030", &[]),
        ("f8_formula_text.csv", 0, "gb18030", &[]),
        ("f8_formula_text_quoted.csv", 0, "UTF-8", &[]),
        ("f8_leading_marks.csv", 0, "UTF-8", &[]),
    ] {
        let file = root("tests/fixtures").join(name);
        let (code, json) = desk.json(&file, &["--today", "2026-11-29"]);
        assert_eq!((code, &json["row_count"], &json["encoding"]), (exit, &json!(12), &json!(encoding)), "{name}");
        assert_eq!(json["skipped_rows"], json!([]), "{name}");
        let all = found(&json);
        assert!(rules.iter().all(|rule| all.iter().any(|(_, code, _)| code == rule)), "{name}: {all:?}");
        let columns = json["columns"].to_string();
        assert!(!columns.contains("19800111"), "{name}: {columns}");
    }
    let nonsense = root("tests/fixtures/f8_quotes_nonsense.csv");
    assert_eq!(desk.json(&nonsense, &[]).0, 3);
}

#[test]
fn an_id_number_where_a_label_should_stand_is_masked() {
    let desk = Desk::new();
    let mut lines: Vec<String> = text(",", &goods(3)).lines().map(String::from).collect();
    let number = good(0)[2].clone();
    lines[0] = format!("{},{number},备注", lines[0]);
    let file = desk.put("a.csv", lines.join("\n"));
    for format in ["text", "json"] {
        let ran = desk.verb(&os(&[&"check", &file, &"--format", &format]));
        assert!(!ran.out.contains(&number) && ran.out.contains(&number[..6]), "{format}: {}", ran.out);
    }
    let (_, json) = desk.json(&file, &["--unmask"]);
    assert_eq!(json["columns"][11]["source"], json!(number));
}

#[test]
fn a_copy_keeps_the_ends_of_its_file() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows[1][3].push(' ');
    let plain = text(",", &rows);
    for (source, copied) in [
        (plain.replace('\n', "\r\r\n"), true),
        (format!("{plain}\u{1A}"), true),
        (format!("{}\u{1A}\0\0", plain.trim_end()), true),
        // Records that are not where the file's own signs put them are written anew.
        (plain.replacen(&rows[0][0], &format!("\"{}", rows[0][0]), 1), false),
    ] {
        let file = desk.put("a.csv", &source);
        let to = desk.path("b.csv");
        let ran = desk.verb(&os(&[&"fix", &file, &"--output", &to, &"--force"]));
        let written = std::fs::read_to_string(&to).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
        let wanted = source.replacen(&rows[1][3], rows[1][3].trim_end(), 1);
        assert_eq!(written == wanted, copied, "{source:?} {written:?}");
        assert!(copied || written.contains(&rows[2][0]), "{written:?}");
    }
}

/// What keeps a text a text in spreadsheets is no part of it: it is left out, told once for a column, and a copy has it still.
#[test]
fn what_keeps_a_text_a_text_is_told_once_for_a_column() {
    let desk = Desk::new();
    let cleaned = |file: &std::path::Path| {
        let (_, json) = desk.json(file, &["--today", "2026-11-29"]);
        let told = json["cleaned"].as_array().expect("a list").iter();
        told.map(|one| {
            format!("{} {} {} {}", one["field"], one["kind"], one["cells"], one["first_row"]).replace('"', "")
        })
        .collect::<Vec<String>>()
    };
    let fixture = |name: &str| root("tests/fixtures").join(name);
    let formulas = ["证件号码 formula-text 12 2", "证书编号 formula-text 12 2"];
    assert_eq!(cleaned(&fixture("f8_formula_text.csv")), formulas);
    assert_eq!(cleaned(&fixture("f8_formula_text_quoted.csv")), formulas);
    let marks = cleaned(&fixture("f8_leading_marks.csv"));
    assert!(marks.contains(&"证书编号 text-mark 12 2".to_string()), "{marks:?}");
    assert!(marks.iter().any(|one| one.starts_with("证件号码 tab ")), "{marks:?}");
    assert_eq!(cleaned(&fixture("d02_times.xlsx"))[0].split(' ').nth(1), Some("time"));

    let mut rows = goods(3);
    rows[0][3] = "某厂".into();
    rows[1][2] = format!("=\"{}\"", rows[1][2]);
    rows[2][0] = format!("\u{FEFF}{}", rows[2][0]);
    rows[2][3].push(' ');
    let text = text(",", &rows).replacen("某厂", "\"兰州\"样例厂", 1);
    let file = desk.put("a.csv", &text);
    let told = ["姓名 byte-order-mark 1 4", "证件号码 formula-text 1 3", "所在单位 quotes-kept 1 2"];
    assert_eq!(cleaned(&file), told);
    let (_, json) = desk.json(&file, &["--with-rows", "--unmask"]);
    assert_eq!(
        [&json["rows"][0]["所在单位"], &json["rows"][1]["证件号码"], &json["rows"][2]["姓名"]],
        [&json!("\"兰州\"样例厂"), &json!(good(1)[2]), &json!(good(2)[0])]
    );
    let said = desk.verb(&os(&[&"check", &file])).out;
    assert!(said.contains("证件号码” 有 1 格写成 =\"…\"（从第 3 行起）"), "{said}");
    // Of a stored batch it is known as well, and a copy keeps what nobody changed.
    let to = desk.path("b.csv");
    let ran = desk.verb(&os(&[&"fix", &file, &"--output", &to]));
    let written = std::fs::read_to_string(&to).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err));
    assert_eq!(written, text.replacen(&rows[2][3], rows[2][3].trim_end(), 1));
}

#[test]
fn what_stands_behind_the_last_column_of_a_table_is_in_no_column() {
    let desk = Desk::new();
    let mut lines: Vec<String> = text(",", &goods(3)).lines().map(String::from).collect();
    lines[2] += ",'620102,=\"1\"";
    let file = desk.put("wide.csv", lines.join("\n"));
    for format in ["text", "json"] {
        let ran = desk.verb(&os(&[&"check", &file, &"--format", &format]));
        assert_eq!(ran.code, 1, "{format}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains("S01"), "{format}: {}", ran.out);
    }
    let (_, json) = desk.json(&file, &[]);
    assert_eq!(json["cleaned"], serde_json::json!([]));
}
