//! Text files that other programs wrote badly: no row is lost, and what cannot be read says where.

use std::ops::ControlFlow;
use std::path::Path;

use skillcert::data;
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
    let options =
        ReadOptions { sheet: None, spec: &spec, titles, words: data::row_words(), program, threads: 2, budget: None };
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
fn an_open_quotation_mark_is_refused_by_its_row_at_once() {
    for lines in [3, 60_000] {
        let text = format!("{HEADER}\n{ROW}\n\"{ROW}\n{}", format!("{ROW}\n").repeat(lines));
        for bytes in [text.clone().into_bytes(), encoding_rs::GB18030.encode(&text).0.into_owned()] {
            assert_eq!(rows(&bytes), Err(FileRefusal::new(RefusalKind::OpenQuote, "3")), "{lines} lines");
        }
    }
}

#[test]
fn wide_commas_in_utf_16_are_separators() {
    let text = format!("\u{FEFF}{HEADER}\n{ROW}\n").replace(',', "，");
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(rows(&bytes), Ok((1, vec![(2, "张伟".to_string())])));
}
