//! The catalogue of what is sent (tests/CATALOGUE.md): every line names tests and files that are there, and none is left out.

use std::path::Path;

use crate::support::{Desk, root};

/// The lines of DOMAIN.md, section 5, and the sentences of what any file may be.
fn lines() -> Vec<String> {
    let of = |letter: &str, count: usize| (1..=count).map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
    let mut all = [of("F", 15), of("L", 8), of("C", 22)].concat();
    all.extend(of("item ", 10));
    all.extend(["the import told", "limits", "many files", "sound people", "speed", "mutations"].map(String::from));
    all
}

/// Gives the cells of the rows of the table.
fn rows() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root("tests/CATALOGUE.md")).expect("the catalogue");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").map(|cell| cell.trim().to_string()).collect::<Vec<String>>());
    rows.filter(|row| row[0] != "Line" && !row[0].starts_with("---")).collect()
}

/// Gives what stands between backquotes.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Tells whether a test is there: the path of its module in the suite or in the sources, and its name.
fn is_test(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else { return false };
    let module = module.replace("::", "/");
    let (suite, source) = (format!("tests/suite/{module}.rs"), format!("src/{module}.rs"));
    let mut files = [suite, source].into_iter().filter_map(|file| std::fs::read_to_string(root(&file)).ok());
    files.any(|text| text.contains(&format!("fn {name}(")))
}

#[test]
fn every_line_names_tests_and_files_that_are_there() {
    let mut missing = Vec::new();
    let rows = rows();
    for row in &rows {
        let [line, what, tests, files] = &row[..] else { panic!("{row:?}") };
        assert!(!what.is_empty(), "{line}");
        let tests = named(tests);
        missing.extend(tests.iter().filter(|test| !is_test(test)).map(|test| format!("{line}: {test}")));
        let is_there = |file: &&str| root("tests/fixtures").join(file).exists() || root(file).exists();
        missing.extend(named(files).iter().filter(|file| !is_there(file)).map(|file| format!("{line}: {file}")));
        assert!(!tests.is_empty(), "{line} has no test");
    }
    assert!(missing.is_empty(), "{missing:#?}");
    let there: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(there, lines());
}

/// Files for which there is no test of their own: how the check ends, how many people it reads, the row of the header and the rules.
#[test]
fn small_files_of_the_catalogue_read_as_they_should() {
    let desk = Desk::new();
    for (file, exit, people, header, rules) in [
        ("f4_tabs_named.xls", 0, 12, 1, ""),
        ("f9_scientific.csv", 1, 12, 1, "D08"),
        ("f15_far_formats.xlsx", 0, 12, 1, ""),
        ("l1_titles.xlsx", 0, 12, 4, ""),
        ("l2_groups.xlsx", 0, 12, 2, ""),
        ("l4_more_columns.xlsx", 0, 12, 1, ""),
        ("l7_row_numbers.xlsx", 0, 12, 1, "H06"),
        ("l8_two_values.xlsx", 1, 3, 1, "N06 R05 W06"),
        ("e04_doubles.xlsx", 1, 12, 1, "D08"),
        ("w08_formulas.xlsx", 1, 12, 1, "R04 S02 S03"),
        ("c19_sex_age_type.csv", 1, 4, 1, "D10 D11 D13"),
        ("w11_shifted_rows.xlsx", 1, 12, 1, "S07"),
        ("w11_shifted_all.xlsx", 1, 12, 1, "S07 H05"),
        ("t01_left.xlsx", 1, 10, 1, "R04"),
        ("t02_examples.csv", 1, 5, 1, "N04 R04"),
        ("c08_separators.csv", 1, 9, 1, "N02"),
        ("c09_lengths.csv", 1, 3, 1, "R02 R03"),
        ("c11_variants.csv", 0, 5, 1, "N03"),
        ("c18_twice.csv", 1, 6, 1, "U01 U02 U03"),
        ("c20_formula_starts.csv", 1, 5, 1, "T04 W07"),
    ] {
        let (code, json) = desk.json(&root("tests/fixtures").join(file), &["--today", "2026-11-29"]);
        let found: Vec<&str> =
            json["summary"]["rules"].as_object().expect("rules").keys().map(String::as_str).collect();
        let told = (code, json["row_count"].as_u64(), json["header_row"].as_u64(), found.join(" "));
        assert_eq!(told, (exit, Some(people), Some(header), rules.to_string()), "{file}");
    }
    for file in ["f4_web_table_named.xls", "f4_xml_2003_named.xls"] {
        let (code, json) = desk.json(&root("tests/fixtures").join(file), &[]);
        assert_eq!((code, json["rejected"]["kind"].as_str()), (3, Some("web-page")), "{file}");
    }
}

/// WPS names both kinds of workbook .et; a workbook of the old kind says by a record that it is locked.
#[test]
fn workbooks_of_wps_are_read_and_locked_ones_refused() {
    let desk = Desk::new();
    let rows = |file: &Path| desk.json(file, &[]).1["row_count"].clone();
    for file in ["xlwt.xls", "libreoffice.xls", "openpyxl.xlsx"] {
        let source = root("tests/fixtures").join(file);
        let named = desk.put("名册.et", std::fs::read(&source).expect("a fixture"));
        assert_eq!(rows(&named), rows(&source), "{file}");
    }
    // The first record behind the beginning, as programs write it (MS-XLS 2.4.146), becomes that of a password (2.4.117).
    let mut bytes = std::fs::read(root("tests/fixtures/xlwt.xls")).expect("a fixture");
    let at = bytes.windows(6).position(|six| six == [0xE1, 0, 2, 0, 0xB0, 4]).expect("the record");
    bytes[at] = 0x2F;
    let (code, json) = desk.json(&desk.put("locked.xls", &bytes), &[]);
    assert_eq!((code, json["rejected"]["kind"].as_str()), (3, Some("encrypted")), "{json}");
}
