#![allow(clippy::unwrap_used)]

use super::*;

fn texts(at: &[(&str, &str)]) -> CellTexts {
    let at = at.iter().map(|(cell, text)| (place::place(cell).unwrap(), (*text).to_string())).collect();
    CellTexts { at, ..CellTexts::default() }
}

fn copied(sheet: &str, texts: &CellTexts, recalculates: bool) -> String {
    let facts = SheetFacts::gather(sheet.as_bytes(), texts).unwrap();
    let mut out = Vec::new();
    copy(sheet.as_bytes(), &mut out, &facts, texts, recalculates).unwrap();
    String::from_utf8(out).unwrap()
}

fn inline(cell: &str, text: &str) -> String {
    format!("<c {cell} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
}

#[test]
fn only_the_cells_with_a_text_are_others() {
    let sheet = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<worksheet><dimension ref='A1:C4'/><sheetData>\
        <row r=\"1\" spans=\"1:3\"><c r=\"A1\" s=\"7\" t=\"s\"><v>0</v></c><c r=\"C1\" s='2' cm=\"1\" vm=\"2\"><f>1&lt;2</f><v>1</v></c></row>\n \
        <row r=\"4\"><c r=\"A4\" s=\"3\"/><c r=\"B4\" t=\"inlineStr\"><is><r><t>x</t></r></is></c></row></sheetData>\
        <dataValidations/></worksheet>";
    let wanted = texts(&[("A1", " a<b "), ("C1", "c"), ("A4", "d"), ("B4", "")]);
    let expected = sheet
        .replace("<c r=\"A1\" s=\"7\" t=\"s\"><v>0</v></c>", &inline("r=\"A1\" s=\"7\"", " a&lt;b "))
        .replace("<c r=\"C1\" s='2' cm=\"1\" vm=\"2\"><f>1&lt;2</f><v>1</v></c>", &inline("r=\"C1\" s='2'", "c"))
        .replace("<c r=\"A4\" s=\"3\"/>", &inline("r=\"A4\" s=\"3\"", "d"))
        .replace("<c r=\"B4\" t=\"inlineStr\"><is><r><t>x</t></r></is></c>", "<c r=\"B4\"/>");
    assert_eq!(copied(sheet, &wanted, false), expected);
    assert_eq!(copied(sheet, &CellTexts::default(), false), sheet);
    let facts = SheetFacts::gather(sheet.as_bytes(), &wanted).unwrap();
    assert!(facts.has_formulas && facts.replaces_formula && facts.first_new == 3);
}

#[test]
fn cells_and_rows_that_are_not_there_are_put_where_they_belong() {
    let sheet = "<x:worksheet><x:dimension ref=\"A1:C2\"/><x:cols><x:col min=\"2\" max=\"2\" style=\"5\"/></x:cols><x:sheetData>\
        <x:row r=\"2\" spans=\"1:3\"><x:c r=\"A2\"/><x:c r=\"D2\" s=\"4\"><x:v>1</x:v></x:c></x:row><x:row r=\"5\" s=\"9\" customFormat=\"1\"/>\
        </x:sheetData></x:worksheet>";
    let cell =
        |cell: &str, text: &str| inline(cell, text).replace("</", "</x:").replace("<c", "<x:c").replace("<is", "<x:is");
    let cell = |c: &str, text: &str| cell(c, text).replace("<t ", "<x:t ");
    let mut wanted = texts(&[("B2", "b"), ("C1", "c"), ("C5", "e"), ("B9", "f"), ("A9", "")]);
    wanted.beside = [((1, 0), "新".to_string())].into();
    let expected = format!(
        "<x:worksheet><x:dimension ref=\"A1:E9\"/><x:cols><x:col min=\"2\" max=\"2\" style=\"5\"/></x:cols><x:sheetData>\
        <x:row r=\"1\">{}</x:row><x:row r=\"2\" spans=\"1:5\"><x:c r=\"A2\"/>{}<x:c r=\"D2\" s=\"4\"><x:v>1</x:v></x:c>{}</x:row>\
        <x:row r=\"5\" s=\"9\" customFormat=\"1\">{}</x:row><x:row r=\"9\">{}</x:row></x:sheetData></x:worksheet>",
        cell("r=\"C1\"", "c"),
        cell("r=\"B2\" s=\"5\"", "b"),
        cell("r=\"E2\" s=\"4\"", "新"),
        cell("r=\"C5\" s=\"9\"", "e"),
        cell("r=\"B9\" s=\"5\"", "f"),
    );
    assert_eq!(copied(sheet, &wanted, false), expected);
    let empty = "<worksheet><sheetData/></worksheet>";
    let filled =
        format!("<worksheet><sheetData><row r=\"2\">{}</row></sheetData></worksheet>", inline("r=\"B2\"", "x"));
    assert_eq!(copied(empty, &texts(&[("B2", "x")]), false), filled);
    // Cells and rows that do not say where they are come one behind the other.
    let counted = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c><v>3</v></c></row></sheetData>";
    let expected = counted
        .replace("<c><v>2</v></c>", &inline("", "two").replace("<c  t", "<c t"))
        .replace("<v>3</v></c>", &format!("<v>3</v></c>{}", inline("r=\"C3\"", "new")));
    assert_eq!(copied(counted, &texts(&[("B1", "two"), ("C3", "new")]), false), expected);
}

#[test]
fn a_formula_that_others_share_is_left_to_them() {
    let sheet = "<sheetData><row r=\"2\"><c r=\"B2\"><f t=\"shared\" ref=\"B2:B4\" si=\"0\">A2&amp;$C$1</f><v>1</v></c></row>\
        <row r=\"3\"><c r=\"B3\"><f t=\"shared\" si=\"0\"/><v>2</v></c></row><row r=\"4\"><c r=\"B4\"><f t=\"shared\" si=\"0\"></f></c>\
        <c r=\"D4\"><f t=\"shared\" si=\"1\" ref=\"D4:D5\">X1</f></c></row><row r=\"5\"><c r=\"D5\"><f t=\"shared\" si=\"1\"/></c></row></sheetData>";
    let expected = sheet
        .replace(
            "<c r=\"B2\"><f t=\"shared\" ref=\"B2:B4\" si=\"0\">A2&amp;$C$1</f><v>1</v></c>",
            &inline("r=\"B2\"", "x"),
        )
        .replace("<f t=\"shared\" si=\"0\"/>", "<f>A3&amp;$C$1</f>")
        .replace("<f t=\"shared\" si=\"0\"></f>", "<f>A4&amp;$C$1</f>")
        .replace("</sheetData>", "</sheetData><sheetCalcPr fullCalcOnLoad=\"1\"/>");
    assert_eq!(copied(sheet, &texts(&[("B2", "x")]), true), expected);
    // A formula that fills a range of which a cell gets a text leaves its values there.
    let array = "<sheetData><row r=\"1\"><c r=\"A1\"><f t=\"array\" ref=\"A1:A2\">B1:B2</f><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>2</v></c>\
        </row></sheetData>";
    let expected = array
        .replace("<f t=\"array\" ref=\"A1:A2\">B1:B2</f>", "")
        .replace("<c r=\"A2\"><v>2</v></c>", &inline("r=\"A2\"", "y"));
    assert_eq!(copied(array, &texts(&[("A2", "y")]), false), expected);
}

#[test]
fn merged_ranges_are_taken_apart_where_a_cell_under_them_is_filled() {
    let sheet = "<worksheet><sheetData><row r=\"3\"><c r=\"A3\"/></row></sheetData><mergeCells count=\"3\"><mergeCell ref=\"A1:K1\"/>\
        <mergeCell ref=\"D3:D6\"/><mergeCell ref=\"F3:G6\"></mergeCell></mergeCells></worksheet>";
    let after = |wanted: &[(&str, &str)]| {
        let copy = copied(sheet, &texts(wanted), false);
        copy.split_once("</sheetData>").map(|(_, rest)| rest.replace("</worksheet>", "")).unwrap()
    };
    let kept = "<mergeCells count=\"3\"><mergeCell ref=\"A1:K1\"/><mergeCell ref=\"D3:D6\"/><mergeCell ref=\"F3:G6\"></mergeCell></mergeCells>";
    assert_eq!(after(&[("A1", "x"), ("D3", "x"), ("F3", "x"), ("D4", ""), ("E4", "x")]), kept);
    assert_eq!(
        after(&[("D4", "x"), ("D5", "x"), ("D6", "x")]),
        "<mergeCells count=\"2\"><mergeCell ref=\"A1:K1\"/><mergeCell ref=\"F3:G6\"></mergeCell></mergeCells>"
    );
    assert_eq!(
        after(&[("D5", "x"), ("F5", "x")]),
        "<mergeCells count=\"5\"><mergeCell ref=\"A1:K1\"/><mergeCell ref=\"D3:D4\"/><mergeCell ref=\"F3:G4\"/>\
        <mergeCell ref=\"F5:G5\"/><mergeCell ref=\"F6:G6\"/></mergeCells>"
    );
    let only = "<worksheet><sheetData/><mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/></mergeCells><x/></worksheet>";
    assert!(copied(only, &texts(&[("A2", "x")]), false).ends_with("</sheetData><x/></worksheet>"));
}

#[test]
fn what_is_no_sheet_is_refused() {
    for sheet in ["", "<worksheet/>", "<worksheet><sheetData><row>", "<!DOCTYPE x><worksheet><sheetData/></worksheet>"]
    {
        assert!(SheetFacts::gather(sheet.as_bytes(), &CellTexts::default()).is_err(), "{sheet}");
    }
}
