//! Error lists, findings and short tables.

use std::fs;
use std::path::Path;

use calamine::Data;
use skillcert::data;
use skillcert::domain::rules::{Finding, RuleId, Severity};
use skillcert::domain::sheet::Field;
use skillcert::domain::upload::TableFormat;
use skillcert::formats::atomic::WriteError;
use skillcert::formats::write_report::{FINDING_KEYS, FindingsOptions, findings_to, write_findings, write_report};
use skillcert::formats::write_rows::{RowsFile, write_rows};
use skillcert::formats::write_upload::manifest_path;

use super::{WORDS, bad_batch, created, grid, names, part, report};

#[test]
fn the_error_list_keeps_the_organisers_columns_and_disarms_formulas_in_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("问题清单.csv");
    let batch = bad_batch();
    let summary = write_report(&batch, &target, false, &report(TableFormat::CsvUtf8, false), &WORDS).expect("a file");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&target).expect("a file");
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    assert_eq!((rows.len(), summary.rows), (4, 3));
    assert_eq!(summary.findings, batch.findings().iter().filter(|f| f.severity() != Severity::Notice).count());
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>(),
        [
            "原行号",
            "序号",
            "选手姓名",
            "证件类型",
            "身份证号码",
            "所在单位",
            "备注",
            "职业名称",
            "工种",
            "等级",
            "证书编号",
            "评价机构",
            "发证机构",
            "问题说明"
        ]
    );
    let cells = |row: usize| [&rows[row][0], &rows[row][5], &rows[row][6], &rows[row][8]].map(str::to_string);
    assert_eq!(cells(1), ["2", "兰州", "'=cmd|' /C calc'!A0", "--"]);
    assert_eq!(cells(2), ["3", "'@x", "'+86 931", "汽车<U+202E>维修"]);
    assert_eq!(cells(3), ["4", "'-5", "'\t=1", "--"]);
    // The missing column is named in the standard's words, the others in the organiser's.
    assert!(rows[1][13].contains("【发证日期】R01有问题"), "{}", &rows[1][13]);
    assert!(rows[1][13].contains("所在单位：W07有问题；"), "{}", &rows[1][13]);
    assert!(rows[2][13].contains("身份证号码：D05有问题；"), "{}", &rows[2][13]);
    assert!(rows[3][13].contains("证书编号：U01有问题（GS-40）"), "{}", &rows[3][13]);
    assert_eq!(&rows[2][4], "110105194912310021");

    write_report(&batch, &target, true, &report(TableFormat::CsvGb18030, true), &WORDS).expect("a file");
    let bytes = fs::read(&target).expect("bytes");
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&bytes).expect("GB18030");
    assert!(text.contains("110105********0021") && !text.contains("110105194912310021"), "{text}");
    assert!(text.contains("张*") && !text.contains("张伟"), "{text}");
}

#[test]
fn the_error_list_colours_bad_cells_and_comments_on_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("问题清单.xlsx");
    write_report(&bad_batch(), &target, false, &report(TableFormat::Xlsx, false), &WORDS).expect("a file");
    let rows = grid(&target);
    // A workbook's cells are texts: nothing has to be disarmed.
    assert_eq!(rows[1][6], Data::String("=cmd|' /C calc'!A0".into()));
    assert_eq!(rows[2][8], Data::String("汽车<U+202E>维修".into()));
    let styles = part(&target, "xl/styles.xml");
    assert!(styles.contains("FFFFC7CE") && styles.contains("FFFFF2B3"), "{styles}");
    let comments = part(&target, "xl/comments1.xml");
    // E3: the check digit, an error. F2: the employer, a warning.
    assert!(comments.contains(r#"ref="E3""#) && comments.contains("D05有问题"), "{comments}");
    assert!(comments.contains(r#"ref="F2""#) && comments.contains("W07有问题"), "{comments}");
    let sheet = part(&target, "xl/worksheets/sheet1.xml");
    let style = |cell: &str| {
        let tail = sheet.split(&format!(r#"<c r="{cell}" s=""#)).nth(1).unwrap_or_else(|| panic!("{cell} in {sheet}"));
        tail.split('"').next().expect("a style").to_string()
    };
    let (red, yellow, plain) = (style("E3"), style("F2"), style("C2"));
    assert!(red != yellow && yellow != plain && red != plain);
    assert_eq!(style("K3"), red, "a code that stands twice");
}

#[test]
fn findings_are_a_line_each_and_masked() {
    let batch = bad_batch();
    let findings: Vec<Finding> = batch.findings().iter().copied().collect();
    let fix = |f: &Finding| batch.fix(f).map_or(String::new(), |fix| fix.to);
    let mut options = FindingsOptions {
        format: TableFormat::CsvUtf8,
        labels: FINDING_KEYS,
        masked: true,
        created_at: created(),
        fix: &fix,
    };
    let mut out = Vec::new();
    findings_to(&batch, &findings, &mut out, Path::new("-"), &options, &WORDS).expect("written");
    let mut reader = csv::Reader::from_reader(&out[3..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a record")).collect();
    assert_eq!(rows.len(), findings.len());
    let digit = rows.iter().find(|r| &r[2] == RuleId::IdCheckDigit.spec().code).expect("the wrong check digit");
    assert_eq!(
        digit.iter().take(8).collect::<Vec<_>>(),
        ["3", "证件号码", "D05", "id-check-digit", "error", "", "110105********0021", "D05有问题。"]
    );
    assert!(rows.iter().any(|r| &r[6] == "'@x"));

    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("findings.xlsx");
    options.format = TableFormat::Xlsx;
    options.masked = false;
    write_findings(&batch, &findings, &target, false, &options, &WORDS).expect("a file");
    let rows = grid(&target);
    assert_eq!(rows.len(), findings.len() + 1);
    assert!(rows.iter().any(|r| r[6] == Data::String("110105194912310021".into())));
}

#[test]
fn short_tables_are_read_back_too_and_hold_no_formula() {
    let folder = tempfile::tempdir().expect("a folder");
    let form = data::sheet("beijing-correction-14").expect("a form");
    let row = |name: &str| {
        let cell = |f: Field| if f == Field::Name { name } else { "——" };
        form.columns.iter().map(|c| cell(c.field).to_string()).collect::<Vec<_>>()
    };
    let put = |name: &str, format: TableFormat, rows: &[Vec<String>]| {
        let file = RowsFile {
            format,
            overwrite: false,
            sheet: "更正",
            columns: &form.columns,
            rows,
            empty_work_type: "——",
            created: created(),
        };
        write_rows(&folder.path().join(name), &file, |sha256, bytes| serde_json::json!([sha256, bytes]))
    };
    for format in TableFormat::ALL {
        let name = format!("{}.{}", format.key(), format.extension());
        let sha256 = put(&name, format, &[row("李𠮷"), row("王䶮")]).expect("a file");
        let manifest = fs::read_to_string(manifest_path(&folder.path().join(&name))).expect("a manifest");
        let bytes = fs::metadata(folder.path().join(&name)).expect("a file").len();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&manifest).expect("JSON"),
            serde_json::json!([sha256, bytes])
        );
    }
    let before = names(folder.path());
    let formula = put("x.csv", TableFormat::CsvUtf8, &[row("李"), row("=1+1")]).expect_err("a formula");
    assert!(matches!(formula, WriteError::Formula { row: 3, .. }), "{formula}");
    assert!(matches!(put("x.csv", TableFormat::CsvUtf8, &[]), Err(WriteError::Empty)));
    assert_eq!(names(folder.path()), before);
}
