//! Text files that other programs wrote badly: no row is lost, and what cannot be read says where.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use skillcert::data;
use skillcert::domain::sheet::NOTHING_GIVEN;
use skillcert::formats::limits::Limits;
use skillcert::formats::read::{self, ReadOptions};
use skillcert::formats::{FileRefusal, RefusalKind};

const HEADER: &str =
    "姓名,证件类型,证件号码,所在单位,职业名称,工种/职业方向,职业技能等级,证书编号,发证日期,评价机构,发证机构";
const ROW: &str =
    "张伟,201,11010519491231002X,兰州样例厂,电工,--,3,S000062010001243J00001,2024-11-08,甲组委会,甲组委会代章";

/// Reads a file's bytes; gives the header's row number and the first cell of every row with its spreadsheet row.
fn rows(bytes: &[u8]) -> Result<(u32, Vec<(u32, String)>), FileRefusal> {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("roster.csv");
    std::fs::write(&path, bytes).expect("file");
    let spec = data::sheet("upload-11").expect("form");
    let (titles, program) = (data::group_titles(), Path::new("-"));
    let (given, remembered, words) = (&NOTHING_GIVEN, &HashMap::new(), data::row_words());
    let (limits, threads, budget) = (Limits::default(), 2, None);
    let options =
        ReadOptions { sheet: None, given, remembered, spec: &spec, titles, words, program, threads, budget, limits };
    let opened = read::open(&path, &options)?;
    let header = opened.origin.header_row;
    let (mut first, mut found) = (opened.first_line, Vec::new());
    opened.read(&|block, _| (block, ()), &mut |piece, ()| {
        let block = piece.block;
        found.extend((0..block.len()).map(|r| (first + block.line(r), block.cell(r, 0).to_string())));
        first += block.line_count();
        ControlFlow::Continue(())
    })?;
    Ok((header, found))
}

#[test]
fn a_lone_cr_above_the_table_costs_no_row() {
    let text = format!("标题\r说明\n{HEADER}\n{ROW}\n{}\n", ROW.replace("张伟", "李娜"));
    let wanted = (2, vec![(3, "张伟".to_string()), (4, "李娜".to_string())]);
    assert_eq!(rows(text.as_bytes()), Ok(wanted));
}

#[test]
fn titles_of_several_lines_and_blank_lines_keep_the_numbers() {
    let text = format!("\n\"第一行\n第二行\"\n\n{HEADER}\r\n{ROW}\r\n\"王\n芳\"{}\r\n", ROW.trim_start_matches("张伟"));
    assert_eq!(rows(text.as_bytes()), Ok((4, vec![(5, "张伟".to_string()), (6, "王\n芳".to_string())])));
}

#[test]
fn an_open_quotation_mark_costs_no_row_and_no_time() {
    for lines in [3, 60_000] {
        let text = format!("{HEADER}\n{ROW}\n\"{ROW}\n{}", format!("{ROW}\n").repeat(lines));
        for bytes in [text.clone().into_bytes(), encoding_rs::GB18030.encode(&text).0.into_owned()] {
            let (header, found) = rows(&bytes).expect("rows");
            assert_eq!((header, found.len()), (1, lines + 2), "{lines} lines");
            assert_eq!(found[1], (3, "\"张伟".to_string()));
            assert!(found.iter().zip(2..).all(|((line, _), wanted)| *line == wanted));
        }
    }
}

#[test]
fn an_open_quotation_mark_in_every_row_costs_no_row_and_no_time() {
    // Each is closed by that of the next row, and the last one of a piece by none of the piece.
    let row = ROW.replace("兰州样例厂", "\"兰州样例厂");
    for count in [1, 2, 1_600, 20_001] {
        let text = format!("{HEADER}\n{}", format!("{row}\n").repeat(count));
        for bytes in [text.clone().into_bytes(), encoding_rs::GB18030.encode(&text).0.into_owned()] {
            let (_, found) = rows(&bytes).expect("rows");
            assert_eq!(found.len(), count);
            assert!(found.iter().zip(2..).all(|((line, name), wanted)| *line == wanted && name == "张伟"));
        }
    }
    assert!(rows("\"a\n".repeat(300_000).as_bytes()).is_err());
}

#[test]
fn nothing_but_open_quotation_marks_is_refused() {
    let open = format!("张,\"x\"y,\"{ROW}\n");
    let text = format!("{HEADER}\n{ROW}\n{}", open.repeat(3_000));
    assert_eq!(rows(text.as_bytes()).map_err(|refusal| refusal.kind), Err(RefusalKind::OpenQuote));
    let closed_at_last = format!("{text}\"\n");
    assert!(rows(closed_at_last.as_bytes()).is_ok_and(|(_, found)| !found.is_empty()));
}

#[test]
fn a_quotation_mark_that_closes_rows_later_costs_no_row() {
    let long = format!("{ROW}\n").repeat(9_000);
    for (open, close) in [("\"张伟", "李\"娜"), ("\"张伟", "\"李娜\""), ("\"张伟", "李娜\"")] {
        let first = ROW.replace("张伟", open);
        let later = ROW.replace("张伟", close);
        let text = format!("{HEADER}\n{ROW}\n{first}\n{long}{later}\n{ROW}\n");
        let (_, found) = rows(text.as_bytes()).expect("rows");
        assert_eq!((found.len(), found[1].1.as_str()), (9_004, open), "{close}");
    }
}

#[test]
fn rows_of_which_some_end_with_a_single_cr_are_apart() {
    let person = |n: usize| ROW.replace("张伟", &format!("张{n}"));
    // Among the first rows, with the header, and a megabyte further down.
    for quiet in [0, 12_000] {
        let plain = (0..quiet).map(|n| person(n) + "\n").collect::<String>();
        let glued =
            format!("{}\r{}\r\n{}\r{}\n", person(quiet), person(quiet + 1), person(quiet + 2), person(quiet + 3));
        for header_end in ["\n", "\r"] {
            let text = format!("{HEADER}{header_end}{ROW}\n{plain}{glued}");
            let (header, found) = rows(text.as_bytes()).expect("rows");
            assert_eq!((header, found.len()), (1, quiet + 5), "{quiet} {header_end:?}");
            assert!(found.iter().zip(2..).all(|((line, _), wanted)| *line == wanted));
            assert_eq!(found[quiet + 4].1, format!("张{}", quiet + 3));
        }
    }
    let inside = format!("{HEADER}\n{}\n{ROW}\n", ROW.replace("甲组委会代章", "甲组委会\r代章"));
    assert_eq!(rows(inside.as_bytes()).map(|(_, found)| found.len()), Ok(2));
}

#[test]
fn rows_that_end_with_a_single_cr_beside_a_quoted_cell_are_apart() {
    let person = |n: usize, employer: &str| ROW.replace("张伟", &format!("张{n}")).replace("兰州样例厂", employer);
    for quiet in [0, 250] {
        for employer in ["\"兰州,样例厂\"", "\"兰州\n样例厂\"", "\"兰州\r样例厂\"", "兰州\"样例\"厂"]
        {
            let plain = (0..quiet).map(|n| person(n, "兰州样例厂") + "\n").collect::<String>();
            let glued = format!(
                "{}\r{}\r\n{}\r{}\r{}\n{}\n",
                person(quiet, employer),
                person(quiet + 1, employer),
                person(quiet + 2, "厂"),
                person(quiet + 3, employer),
                person(quiet + 4, "厂"),
                person(quiet + 5, employer)
            );
            let (_, found) = rows(format!("{HEADER}\n{plain}{glued}").as_bytes()).expect("rows");
            let names: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
            let all: Vec<String> = (0..quiet + 6).map(|n| format!("张{n}")).collect();
            assert_eq!(names, all, "{quiet} {employer:?}");
        }
    }
}

#[test]
fn wide_commas_in_utf_16_are_separators() {
    let text = format!("\u{FEFF}{HEADER}\n{ROW}\n").replace(',', "，");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(rows(&bytes), Ok((1, vec![(2, "张伟".to_string())])));
}
