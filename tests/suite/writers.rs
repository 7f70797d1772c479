//! Upload files and tables, read back from the disk.

// A test that cannot set itself up has to stop.
#![allow(clippy::expect_used)]

mod error_list;

use std::cell::Cell;
use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::{DateTime, FixedOffset, NaiveDate};
use skillcert::data;
use skillcert::domain::batch::Batch;
use skillcert::domain::roster::{BlockBuilder, Origin};
use skillcert::domain::rules::{CheckContext, Finding, TableFinding, Tables};
use skillcert::domain::sheet::{ColumnMap, Field};
use skillcert::domain::upload::{self, TableFormat, UploadPart};
use skillcert::formats::atomic::{self, WriteError};
use skillcert::formats::watch::Watch;
use skillcert::formats::write_public::write_public;
use skillcert::formats::write_report::{FindingWords, ReportOptions, write_report};
use skillcert::formats::write_upload::{UploadOptions, UploadSummary, manifest_path, verify, write_upload};

use crate::support::LABELS;

static TABLES: LazyLock<Arc<Tables>> = LazyLock::new(|| Arc::new(data::tables([])));

const GOOD: [&str; 11] = [
    "张伟",
    "居民身份证",
    "11010519491231002X",
    "兰州陇原机械有限公司",
    "汽车维修工",
    "--",
    "技师",
    "S000062010001242J00001",
    "2024-11-08",
    "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)",
    "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)(甘肃省职业技能鉴定指导中心代章)",
];

/// The number and the code of another person each.
const PEOPLE: [(&str, &str); 3] = [
    ("11010519491231002X", "S000062010001242J00001"),
    ("11010519491231010X", "S000062010001242J00002"),
    ("110105194912310206", "S000062010001242J00003"),
];

fn context() -> CheckContext {
    CheckContext::new(
        data::profile("gansu-competition").expect("a profile"),
        data::sheet("upload-11").expect("a form"),
        Arc::clone(&TABLES),
        NaiveDate::from_ymd_opt(2025, 6, 1).expect("a day"),
    )
}

fn batch_of(labels: &[&str], rows: &[Vec<&str>]) -> Batch {
    let context = context();
    let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
    let columns = ColumnMap::matched(&labels, context.sheet());
    let origin = Origin { file: "名单.xlsx".into(), ..Origin::default() };
    let mut batch = Batch::new(origin, columns, 2, context);
    let mut builder = BlockBuilder::new();
    for (row, line) in rows.iter().zip(0..) {
        for cell in row {
            builder.cell(cell);
        }
        builder.end_row(line);
    }
    batch.check_and_append(Arc::new(builder.finish(rows.len() as u32)));
    batch.complete = true;
    batch
}

/// Gives the good row with some cells replaced.
fn with<'a>(changes: &[(Field, &'a str)]) -> Vec<&'a str> {
    let mut row = GOOD.to_vec();
    for (field, text) in changes {
        row[field.index()] = text;
    }
    row
}

/// Gives a batch without errors, in which two names hold characters outside the BMP and outside GBK.
fn good_batch() -> Batch {
    let row = |i: usize, name| with(&[(Field::Name, name), (Field::IdNumber, PEOPLE[i].0), (Field::Code, PEOPLE[i].1)]);
    let batch = batch_of(&LABELS, &[row(0, "张伟"), row(1, "李𠮷"), row(2, "王䶮")]);
    assert_eq!(batch.first_blocking(), None);
    batch
}

fn created() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2025-06-01T09:30:00+08:00").expect("a time")
}

fn options(format: TableFormat, overwrite: bool) -> UploadOptions<'static> {
    UploadOptions {
        format,
        overwrite,
        source: None,
        created_at: created(),
        user: "wang",
        audit: None,
        part: &UploadPart::Whole,
        watch: Watch::nobody(),
    }
}

fn export(batch: &Batch, target: &Path, format: TableFormat) -> Result<UploadSummary, WriteError> {
    write_upload(batch, target, &options(format, false))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

fn part(workbook: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(fs::File::open(workbook).expect("a file")).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("text");
    text
}

pub fn grid(workbook: &Path) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = open_workbook(workbook).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The good batch as the profile writes it: `201`, `2`.
fn expected() -> Vec<Vec<String>> {
    let batch = good_batch();
    let header = LABELS.map(String::from).to_vec();
    let rows = (0..3).map(|row| {
        let cell = |f: Field| match f {
            Field::IdType => "201".to_string(),
            Field::Level => "2".to_string(),
            f => batch.roster().cell(row, f).to_string(),
        };
        batch.context().sheet().columns.iter().map(|column| cell(column.field)).collect()
    });
    std::iter::once(header).chain(rows).collect()
}

#[test]
fn the_workbook_holds_eleven_columns_of_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("上报.xlsx");
    let summary = export(&good_batch(), &target, TableFormat::Xlsx).expect("a file");
    assert_eq!(summary.manifest.rows, 3);
    let texts: Vec<Vec<Data>> = expected().into_iter().map(|row| row.into_iter().map(Data::String).collect()).collect();
    assert_eq!(grid(&target), texts);
    let sheet = part(&target, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"ySplit="1""#) && sheet.contains(r#"state="frozen""#), "{sheet}");
    assert!(sheet.contains(r#"<ignoredError sqref="A1:K4" numberStoredAsText="1"/>"#), "{sheet}");
    assert!(!sheet.contains("<f>"));
    // Number format 49 is "@", text.
    assert!(part(&target, "xl/styles.xml").contains(r#"numFmtId="49""#));
    assert!(part(&target, "docProps/core.xml").contains("2025-06-01T01:30:00Z"));
    assert_eq!(names(folder.path()), ["上报.xlsx", "上报.xlsx.manifest.json"]);
    let mode = fs::metadata(&target).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn csv_reads_back_in_both_encodings() {
    for format in [TableFormat::CsvUtf8, TableFormat::CsvGb18030] {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("上报.csv");
        export(&good_batch(), &target, format).expect("a file");
        let bytes = fs::read(&target).expect("bytes");
        let text = if format == TableFormat::CsvUtf8 {
            assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
            String::from_utf8(bytes[3..].to_vec()).expect("UTF-8")
        } else {
            encoding_rs::GB18030
                .decode_without_bom_handling_and_without_replacement(&bytes)
                .expect("GB18030")
                .into_owned()
        };
        assert_eq!(text.matches("\r\n").count(), 4);
        assert_eq!(text.matches('\n').count(), 4);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let rows: Vec<Vec<String>> =
            reader.records().map(|r| r.expect("a record").iter().map(String::from).collect()).collect();
        assert_eq!(rows, expected());
    }
}

#[test]
fn the_manifest_tells_what_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out.csv");
    let mut batch = good_batch();
    let change = batch.change("改", [(0, Field::Employer, Arc::from("兰州"))]);
    batch.apply(change);
    let summary = export(&batch, &target, TableFormat::CsvUtf8).expect("a file");
    let text = fs::read_to_string(manifest_path(&target)).expect("a manifest");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(json["schema"], "skillcert-manifest-4");
    assert_eq!(json["file"], "out.csv");
    assert_eq!((json["format"].as_str(), json["encoding"].as_str()), (Some("csv"), Some("UTF-8")));
    assert_eq!((json["rows"].as_u64(), json["edited_cells"].as_u64()), (Some(3), Some(1)));
    assert_eq!(json["document"], "甘人社通〔2024〕302号");
    assert_eq!((json["profile"].as_str(), json["sheet"].as_str()), (Some("gansu-competition"), Some("upload-11")));
    assert_eq!(json["source_file"], "名单.xlsx");
    assert_eq!(json["warnings"]["W07"], 1);
    assert_eq!((json["created_at"].as_str(), json["user"].as_str()), (Some("2025-06-01T09:30:00+08:00"), Some("wang")));
    let bytes = fs::read(&target).expect("bytes");
    assert_eq!(json["bytes"].as_u64(), Some(bytes.len() as u64));
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    assert_eq!((json["sha256"].as_str(), &summary.manifest.sha256), (Some(digest.as_str()), &digest));
}

#[test]
fn an_export_is_refused_while_a_finding_blocks_it_or_rows_are_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out.csv");
    let batch = batch_of(&LABELS, &[with(&[]), with(&[(Field::Code, ""), (Field::IdNumber, PEOPLE[1].0)])]);
    match export(&batch, &target, TableFormat::CsvUtf8) {
        Err(e @ WriteError::Blocking(Finding { row: 1, field: Field::Code, .. })) => assert_eq!(e.key(), "blocking"),
        other => panic!("{other:?}"),
    }
    let mut batch = good_batch();
    batch.complete = false;
    assert!(matches!(export(&batch, &target, TableFormat::CsvUtf8), Err(WriteError::Incomplete)));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_file_that_is_stopped_at_any_row_leaves_nothing_and_replaces_nothing() {
    let batch = good_batch();
    let rows = batch.roster().len() as usize;
    for format in [TableFormat::Xlsx, TableFormat::CsvUtf8, TableFormat::CsvGb18030] {
        for is_public in [false, true] {
            // Each row is written and compared.
            for last in 1..=2 * rows {
                let folder = tempfile::tempdir().expect("a folder");
                let target = folder.path().join("out");
                fs::write(&target, "before").expect("a file");
                let (seen, stop) = (Cell::new(0), AtomicBool::new(false));
                let step = || {
                    seen.set(seen.get() + 1);
                    stop.store(seen.get() == last, Ordering::Relaxed);
                };
                let options = UploadOptions { watch: Watch { step: &step, stop: &stop }, ..options(format, true) };
                let stopped = if is_public {
                    write_public(&batch, &target, &options).map(drop)
                } else {
                    write_upload(&batch, &target, &options).map(drop)
                };
                assert!(matches!(stopped, Err(WriteError::Stopped)), "{format:?} {last}: {stopped:?}");
                assert_eq!(seen.get(), last, "{format:?}");
                assert_eq!(fs::read_to_string(&target).expect("a file"), "before", "{format:?} {last}");
                assert_eq!(names(folder.path()), ["out"], "{format:?} {last}");
            }
        }
    }
}

#[test]
fn what_was_stopped_before_it_began_asks_nothing_about_the_files_that_are_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out");
    fs::write(&target, "before").expect("a file");
    let stop = AtomicBool::new(true);
    let watch = Watch { step: &|| {}, stop: &stop };
    let upload = UploadOptions { watch, ..options(TableFormat::CsvUtf8, false) };
    let list = ReportOptions { watch, ..report(TableFormat::CsvUtf8, true) };
    let ends = [
        write_upload(&good_batch(), &target, &upload).map(drop),
        write_public(&good_batch(), &target, &upload).map(drop),
        write_report(&bad_batch(), &target, false, &list, &WORDS).map(drop),
    ];
    for end in ends {
        assert!(matches!(end, Err(WriteError::Stopped)), "{end:?}");
    }
}

/// The rule T04 knows the ASCII signs; the writer also refuses their full-width forms, which some programs fold.
#[test]
fn an_empty_roster_is_not_exported_and_the_roster_itself_never_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("a.csv");
    assert!(matches!(export(&batch_of(&LABELS, &[]), &target, TableFormat::CsvUtf8), Err(WriteError::Empty)));
    assert_eq!(names(folder.path()), [""; 0]);

    fs::write(&target, "roster").expect("a file");
    let link = folder.path().join("b.csv");
    fs::hard_link(&target, &link).expect("a link");
    let upload = UploadOptions { source: Some(&target), ..options(TableFormat::CsvUtf8, true) };
    let list = ReportOptions { source: Some(&target), ..report(TableFormat::CsvUtf8, true) };
    for path in [&target, &link] {
        assert!(matches!(write_upload(&good_batch(), path, &upload), Err(WriteError::Source(_))));
        assert!(matches!(write_report(&bad_batch(), path, true, &list, &WORDS), Err(WriteError::Source(_))));
    }
    assert_eq!(fs::read_to_string(&target).expect("a file"), "roster");
    assert_eq!(names(folder.path()), ["a.csv", "b.csv"]);
}

#[test]
fn upload_data_that_looks_like_a_formula_is_refused_not_altered() {
    let folder = tempfile::tempdir().expect("a folder");
    let batch = batch_of(&LABELS, &[with(&[(Field::Employer, "＝甲有限公司")])]);
    match export(&batch, &folder.path().join("out.csv"), TableFormat::CsvUtf8) {
        Err(WriteError::Blocking(finding)) => assert_eq!((finding.row, finding.rule.spec().code), (0, "T04")),
        other => panic!("{other:?}"),
    }
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn a_file_that_is_there_stays_unless_overwriting_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out.csv");
    fs::write(&target, "old").expect("a file");
    let batch = good_batch();
    assert!(matches!(export(&batch, &target, TableFormat::CsvUtf8), Err(WriteError::Exists(p)) if p == target));
    assert_eq!(fs::read(&target).expect("bytes"), b"old");
    write_upload(&batch, &target, &options(TableFormat::CsvUtf8, true)).expect("a file");
    assert_ne!(fs::read(&target).expect("bytes"), b"old");

    fs::remove_file(&target).expect("removed");
    let beside = manifest_path(&target);
    assert!(matches!(export(&batch, &target, TableFormat::CsvUtf8), Err(WriteError::Exists(p)) if p == beside));
    assert!(!target.exists());
}

#[test]
fn a_write_that_fails_leaves_everything_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("out.csv");
    fs::write(&target, "old").expect("a file");
    let failed = atomic::write(&target, true, None, |out| {
        out.write_all(b"half").map_err(WriteError::io(&target))?;
        Err(WriteError::Xlsx("broken".into()))
    });
    assert_eq!(failed.map_err(|e| e.key()), Err("xlsx"));
    assert_eq!(fs::read(&target).expect("bytes"), b"old");
    assert_eq!(names(folder.path()), ["out.csv"]);

    let missing = folder.path().join("no such folder").join("out.csv");
    assert!(
        matches!(export(&good_batch(), &missing, TableFormat::Xlsx), Err(WriteError::Io { path, .. }) if path == missing)
    );
    assert_eq!(names(folder.path()), ["out.csv"]);

    // The superuser may write anywhere, so this part says something only for others.
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).expect("permissions");
    if fs::File::create(locked.join("probe")).is_err() {
        let error = export(&good_batch(), &locked.join("out.csv"), TableFormat::CsvUtf8).expect_err("refused");
        assert_eq!(error.key(), "io");
        assert_eq!(names(&locked), [""; 0]);
    }
}

#[test]
fn a_file_that_was_tampered_with_does_not_read_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let batch = good_batch();
    let upload = upload::of(&batch);
    for format in [TableFormat::CsvUtf8, TableFormat::CsvGb18030] {
        let target = folder.path().join(format.key());
        export(&batch, &target, format).expect("a file");
        let good = fs::read(&target).expect("bytes");
        let at = good.windows(5).position(|w| w == b"00002").expect("the second code") + 4;
        let mut bent = good.clone();
        bent[at] = b'7';
        fs::write(&target, &bent).expect("written");
        match verify(&target, format, upload) {
            Err(WriteError::ReadBack { row: 3, column }) => assert_eq!(column, "证书编号"),
            other => panic!("{other:?}"),
        }
        for changed in [[&good[..], b"x\r\n"].concat(), good[..good.len() - 2 - 40].to_vec(), b"x".to_vec()] {
            fs::write(&target, changed).expect("written");
            verify(&target, format, upload).expect_err("a difference");
        }
        fs::write(&target, good).expect("written");
        verify(&target, format, upload).expect("no difference");
    }
    // A number of the same look is no text.
    let target = folder.path().join("bent.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in expected().iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if cell == "201" {
                sheet.write_number(row as u32, column as u16, 201)
            } else {
                sheet.write_string(row as u32, column as u16, cell)
            }
            .expect("a cell");
        }
    }
    book.save(&target).expect("saved");
    match verify(&target, TableFormat::Xlsx, upload) {
        Err(WriteError::ReadBack { row: 2, column }) => assert_eq!(column, "证件类型"),
        other => panic!("{other:?}"),
    }
}

fn report(format: TableFormat, masked: bool) -> ReportOptions<'static> {
    ReportOptions {
        format,
        source: None,
        severities: &ReportOptions::ASKED,
        masked,
        created_at: created(),
        watch: Watch::nobody(),
    }
}

fn message(finding: &Finding) -> String {
    format!("{}有问题。", finding.rule.spec().code)
}

fn clause(finding: &Finding) -> String {
    finding.rule.spec().clause.to_string()
}

fn of_table(finding: &TableFinding) -> String {
    format!("{}有问题。", finding.fault.code())
}

const WORDS: FindingWords<'static> = FindingWords {
    message: &message,
    clause: &clause,
    folded: &|_| None,
    table: &of_table,
    aside: &|why| format!("移出：{why}"),
};

/// The organiser's own columns in their own order, without 发证日期, and with two columns the form does not have.
fn bad_batch() -> Batch {
    let labels = [
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
    ];
    let row = |remark, employer, work_type, id| {
        let mut row = with(&[(Field::Employer, employer), (Field::WorkType, work_type), (Field::IdNumber, id)]);
        row.remove(Field::IssueDate.index());
        row.insert(4, remark);
        row.insert(0, "1");
        row
    };
    batch_of(
        &labels,
        &[
            row("=cmd|' /C calc'!A0", "兰州", "--", "11010519491231002X"),
            row("+86 931", "@x", "汽车\u{202E}维修", "110105194912310021"),
            row("\t=1", "-5", "--", "11010519491231002X"),
        ],
    )
}
