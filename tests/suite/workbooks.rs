//! Workbooks written by real programs, and hostile ones, through the child process of the built binary.

#![allow(clippy::unwrap_used)]

use skillcert::domain::roster::MarkKind::{
    self, Date, DateWithTime, Error, FormulaWithoutValue, LongNumber, Merged, MergedAside, Number,
};
use skillcert::formats::limits::Limits;
use skillcert::formats::sniff::{FileKind, sniff};
use skillcert::formats::workbook::{SheetInfo, VERB, WorkbookReader};
use skillcert::formats::{FileRefusal, RefusalKind};
use skillcert::words::{Lang, Locale};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A refusal takes two seconds at most on a machine that has nothing else to do; this only tells it from a hang.
const PATIENCE: Duration = Duration::from_secs(8);

const PROGRAM: &str = env!("CARGO_BIN_EXE_skillcert");

const HEADER: [&str; 11] = [
    "姓名",
    "证件类型",
    "证件号码",
    "所在单位",
    "职业名称",
    "工种/职业方向",
    "职业技能等级",
    "证书编号",
    "发证日期",
    "评价机构",
    "发证机构",
];

/// A sheet as it was read: rows of a line number and cells.
#[derive(Debug)]
struct Book {
    kind: String,
    sheets: Vec<SheetInfo>,
    sheet: String,
    date_1904: bool,
    rows: Vec<(u32, Vec<Cell>)>,
}

type Cell = (String, Option<MarkKind>);

impl Book {
    fn row(&self, line: u32) -> &[Cell] {
        self.rows.iter().find(|row| row.0 == line).map_or(&[], |row| &row.1)
    }

    fn cell(&self, line: u32, column: usize) -> (&str, Option<MarkKind>) {
        self.row(line).get(column).map_or(("", None), |cell| (cell.0.as_str(), cell.1))
    }

    fn texts(&self, line: u32) -> Vec<&str> {
        self.row(line).iter().map(|cell| cell.0.as_str()).collect()
    }

    fn lines(&self) -> Vec<u32> {
        self.rows.iter().map(|row| row.0).collect()
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn read_path(path: &Path, sheet: Option<&str>) -> Result<Book, FileRefusal> {
    let mut file = File::open(path).map_err(|error| FileRefusal::from_io(&error))?;
    let kind = sniff(&mut file)?;
    let mut reader = WorkbookReader::open(Path::new(PROGRAM), path, kind, (sheet, Limits::default()))?;
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row()? {
        rows.push((row.line, row.cells.iter().map(|cell| (cell.text().to_owned(), cell.mark)).collect()));
    }
    assert!(reader.next_row()?.is_none(), "the end stays the end");
    Ok(Book {
        kind: reader.kind().to_owned(),
        sheets: reader.sheets().to_vec(),
        sheet: reader.sheet().to_owned(),
        date_1904: reader.date_1904(),
        rows,
    })
}

fn read(name: &str) -> Book {
    read_path(&fixture(name), None).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

#[test]
fn the_same_roster_reads_the_same_from_every_program() {
    for (name, kind) in [
        ("openpyxl.xlsx", "xlsx"),
        ("wps-dimension.xlsx", "xlsx"),
        ("libreoffice.xlsx", "xlsx"),
        ("libreoffice.xls", "xls"),
        ("libreoffice.ods", "ods"),
    ] {
        let book = read(name);
        assert_eq!((book.kind.as_str(), book.sheet.as_str(), book.date_1904), (kind, "名册", false), "{name}");
        assert_eq!(book.lines(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14], "{name}");
        assert_eq!(book.cell(1, 0), ("附件3", None), "{name}");
        // A cell beside the first one of its range belongs to another column: it is empty, and noted so.
        assert_eq!(book.row(1)[1..], vec![(String::new(), Some(MergedAside)); 10], "{name}");
        assert_eq!(book.cell(3, 5), ("工种/职业\n方向", None), "{name}");
        let first = book.texts(4);
        assert_eq!(first[..4], ["测试甲", "201", "620102198001100119", "兰州样例一厂"], "{name}");
        assert_eq!(
            first[4..9],
            ["汽车维修工", "汽车机械维修工", "3", "S000062010001243J00001", "2024-11-08"],
            "{name}"
        );
        assert_eq!((first.len(), book.cell(4, 1).1, book.cell(4, 2).1), (11, Some(Number), None), "{name}");
        assert_eq!(book.cell(5, 2), ("6.2010219810211E+17", Some(LongNumber)), "{name}");
        assert_eq!(book.cell(6, 8), ("2024-11-08", Some(Date)), "{name}");
        assert_eq!(book.cell(7, 8), ("2024-11-08 10:30:00", Some(DateWithTime)), "{name}");
        assert_eq!([8, 9, 10, 11].map(|line| book.cell(line, 3).1), [None, Some(Merged), Some(Merged), None], "{name}");
        assert_eq!([8, 9, 11].map(|line| book.cell(line, 3).0), ["兰州样例三厂", "", "兰州样例四厂"], "{name}");
        assert_eq!(book.texts(13), ["注：证件类型填写代码。"], "{name}");
        assert_eq!(book.texts(14), ["填表人："], "{name}");
    }
    let mut csv = File::open(fixture("libreoffice.csv")).unwrap();
    assert_eq!(sniff(&mut csv), Ok(FileKind::Text));
}

#[test]
fn xlsxwriter_reads_with_shared_and_with_inline_texts() {
    for name in ["xlsxwriter.xlsx", "xlsx-named.xls", "xlsxwriter-inline.xlsx"] {
        let book = read(name);
        assert_eq!(book.kind, "xlsx", "{name}");
        assert_eq!(book.texts(1), HEADER, "{name}");
        assert_eq!(book.lines(), [1, 2, 3, 4, 5, 6, 7, 8, 9], "{name}");
        assert_eq!(book.cell(2, 0), ("测试甲", None), "{name}");
        assert_eq!(book.cell(3, 2), ("6.201021981021102E+17", Some(LongNumber)), "{name}");
        let levels = [2, 4, 5, 6, 7, 8].map(|line| book.cell(line, 6));
        let expected = [
            ("3", None),
            ("3.5", Some(Number)),
            ("TRUE", None),
            ("3", Some(Number)),
            ("", Some(FormulaWithoutValue)),
            ("#DIV/0!", Some(Error)),
        ];
        assert_eq!(levels, expected, "{name}");
        assert_eq!(book.cell(9, 8), ("2024-11-08", Some(Date)), "{name}");
        assert_eq!(book.row(9).len(), 11, "{name}: an empty cell far out does not count");
    }
}

#[test]
fn xlwt_reads_under_both_names() {
    for name in ["xlwt.xls", "xls-named.xlsx", "hostile-count.xls"] {
        let book = read(name);
        assert_eq!((book.kind.as_str(), book.sheet.as_str()), ("xls", "名册"), "{name}");
        assert_eq!(book.texts(2), HEADER, "{name}");
        assert_eq!(book.cell(1, 10), ("", Some(MergedAside)), "{name}");
        assert_eq!(book.cell(3, 1), ("201", Some(Number)), "{name}");
        assert_eq!(book.cell(3, 8), ("2024-11-08", Some(Date)), "{name}");
        assert_eq!(book.cell(4, 2), ("6.201021981021102E+17", Some(LongNumber)), "{name}");
        assert_eq!([7, 8].map(|line| book.cell(line, 3)), [("兰州样例三厂", None), ("", Some(Merged))], "{name}");
        assert_eq!(book.sheets.iter().map(SheetInfo::is_visible).collect::<Vec<_>>(), [true, false], "{name}");
    }
}

#[test]
fn odfpy_reads() {
    let book = read("odfpy.ods");
    assert_eq!((book.kind.as_str(), book.lines()), ("ods", vec![1, 2, 3, 4]));
    assert_eq!(book.texts(1), HEADER);
    assert_eq!(book.cell(3, 2), ("62010219810211013X", None));
    assert_eq!(book.row(4)[..2], [("样例丙".to_owned(), None), (String::new(), Some(MergedAside))]);
    assert_eq!(book.cell(4, 2), ("6.201021990010112E+17", Some(LongNumber)));
}

#[test]
fn formulas_errors_and_the_1904_calendar_are_marked() {
    let book = read("formulas.xlsx");
    assert_eq!([1, 2].map(|column| book.cell(2, column)), [("", Some(FormulaWithoutValue)); 2]);
    assert_eq!(book.cell(2, 3), ("#N/A", Some(Error)));
    assert_eq!(book.cell(3, 3), ("TRUE", None));
    let book = read("errors.ods");
    assert_eq!([1, 2].map(|column| book.cell(2, column)), [("测试甲1", None), ("S1", None)]);
    assert_eq!(book.cell(2, 3), ("#N/A", Some(Error)));
    assert_eq!([1, 2].map(|column| book.cell(3, column)), [("#DIV/0!", Some(Error)), ("#REF!", Some(Error))]);
    let book = read("epoch-1904.xlsx");
    assert!(book.date_1904);
    assert_eq!([2, 3].map(|line| book.cell(line, 1)), [("2024-11-08", Some(Date)), ("44142", Some(Number))]);
}

#[test]
fn the_first_visible_sheet_with_cells_is_read_and_others_by_name() {
    for name in ["sheets.xlsx", "sheets.ods"] {
        let book = read(name);
        let tabs: Vec<_> = book.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.is_visible())).collect();
        assert_eq!(tabs, [("说明", true), ("名册", true), ("旧名册", false), ("底表", false)], "{name}");
        assert_eq!((book.sheet.as_str(), book.cell(2, 0).0), ("名册", "名册一"), "{name}");
        for sheet in ["旧名册", "底表"] {
            let book = read_path(&fixture(name), Some(sheet)).unwrap();
            assert_eq!((book.sheet.as_str(), book.cell(2, 0).0.to_owned()), (sheet, format!("{sheet}一")), "{name}");
        }
        assert!(read_path(&fixture(name), Some("说明")).unwrap().rows.is_empty(), "{name}");
        let refusal = read_path(&fixture(name), Some("名 册")).unwrap_err();
        assert_eq!(refusal, FileRefusal::new(RefusalKind::NoSheet, "说明, 名册, 旧名册, 底表"), "{name}");
    }
}

/// How long one may be waited for does not grow with the size of the file.
#[test]
fn a_large_hostile_file_is_refused_as_soon_as_a_small_one() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    for name in ["hostile-deep.xlsx", "hostile-strings-bomb.xlsx", "hostile-text-bomb.xlsx"] {
        let path = folder.path().join(name);
        std::fs::copy(fixture(name), &path).unwrap();
        let file = std::fs::File::options().read(true).write(true).open(&path).unwrap();
        let mut zip = zip::ZipWriter::new_append(file).unwrap();
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file("docProps/noise.bin", stored).unwrap();
        zip.write_all(&vec![7; 10 << 20]).unwrap();
        zip.finish().unwrap();
        let start = Instant::now();
        let refusal = read_path(&path, None).unwrap_err();
        assert!(matches!(refusal.kind, RefusalKind::Damaged | RefusalKind::TooLarge), "{name}: {refusal}");
        assert!(start.elapsed() < PATIENCE, "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn what_cannot_be_read_is_refused_in_time() {
    use RefusalKind::{CutOff, Damaged, Empty, Encrypted, Foreign, NotFound, TooLarge, WebPage};
    for (name, kind, detail) in [
        ("no-such-file.xlsx", NotFound, ""),
        ("empty.xlsx", Empty, ""),
        ("blank.csv", Empty, ""),
        ("cut-off.xlsx", CutOff, ""),
        ("cut-off.xls", CutOff, ""),
        ("password.xlsx", Encrypted, ""),
        ("web-page.xls", WebPage, ""),
        ("docx-named.xlsx", Foreign, "Word"),
        ("doc-named.xls", Foreign, "Word"),
        ("pdf-named.xlsx", Foreign, "PDF"),
        ("hostile-text-bomb.xlsx", TooLarge, ""),
        ("hostile-strings-bomb.xlsx", TooLarge, "cell"),
        ("hostile-many-rows.xlsx", TooLarge, ""),
        ("hostile-far-row.xlsx", TooLarge, "rows"),
        ("hostile-far-column.xlsx", TooLarge, "columns"),
        ("hostile-count.xlsx", TooLarge, "memory"),
        ("hostile-lying-size.xlsx", Damaged, ""),
        ("hostile-broken-xml.xlsx", Damaged, ""),
        ("hostile-no-end.xlsx", Damaged, ""),
        ("hostile-deep.xlsx", Damaged, ""),
        ("hostile-disorder.xlsx", Damaged, "row 2"),
        ("hostile-circle.xls", Damaged, ""),
        ("w01_no_sheets.xlsx", Damaged, "no sheet"),
        ("w01_no_sheets.ods", Damaged, "no sheet"),
        ("w02_relation_gone.xlsx", Damaged, ""),
        ("w02_sheet_part_gone.xlsx", Damaged, ""),
        ("w02_strings_gone.xlsx", Damaged, ""),
        ("w03a_checksum.xlsx", Damaged, ""),
        ("w03b_checksum.xlsx", Damaged, ""),
        ("w03c_checksum.xlsx", Damaged, ""),
        ("w03d_checksum.xlsx", Damaged, ""),
        ("w03e_changed_bytes.xlsx", Damaged, ""),
        ("w03f_checksum.ods", Damaged, ""),
    ] {
        let start = Instant::now();
        let refusal = read_path(&fixture(name), None).unwrap_err();
        assert_eq!(refusal.kind, kind, "{name}: {refusal}");
        assert!(refusal.detail.contains(detail), "{name}: {refusal}");
        assert!(start.elapsed() < PATIENCE, "{name}: {:?}", start.elapsed());
    }
    // A quick machine reads a million blank rows as none, a busy one gives up on them.
    match read_path(&fixture("hostile-blank-rows.xlsx"), None) {
        Ok(book) => assert!(book.rows.is_empty()),
        Err(refusal) => assert_eq!(refusal.kind, RefusalKind::TooLarge, "{refusal}"),
    }
}

#[test]
fn bent_bytes_never_hang_or_crash_the_parent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bent");
    let mut random = 12_345_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    for name in ["xlwt.xls", "libreoffice.xls", "sheets.xlsx", "odfpy.ods"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        for round in 0..25 {
            let mut bent = whole.clone();
            for _ in 0..=round % 5 {
                let at = next(bent.len());
                bent[at] = next(256) as u8;
            }
            std::fs::write(&path, &bent).unwrap();
            let start = Instant::now();
            let _ = read_path(&path, None);
            assert!(start.elapsed() < PATIENCE, "{name}, round {round}: {:?}", start.elapsed());
        }
    }
}

fn child(name: &str) -> Child {
    Command::new(PROGRAM)
        .args([VERB, "xlsx"])
        .stdin(File::open(fixture(name)).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn hostile_files_stay_within_their_memory() {
    for name in ["hostile-text-bomb.xlsx", "hostile-strings-bomb.xlsx", "hostile-many-rows.xlsx", "hostile-count.xlsx"]
    {
        let mut child = child(name);
        let mut out = child.stdout.take().unwrap();
        let drain = std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let mut peak = 0;
        while !drain.is_finished() {
            let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            peak = peak.max(kib.unwrap_or(0));
            std::thread::sleep(Duration::from_millis(1));
        }
        child.wait().unwrap();
        assert!(peak > 0 && peak < 400 << 10, "{name}: {peak} KiB");
    }
}

#[test]
fn the_child_ends_with_its_parent_and_stays_quiet() {
    let mut child = child("hostile-many-rows.xlsx");
    let mut first = [0; 1];
    let mut out = child.stdout.take().unwrap();
    out.read_exact(&mut first).unwrap();
    drop(out);
    let start = Instant::now();
    let status = child.wait().unwrap();
    assert!(!status.success() && start.elapsed() < PATIENCE, "{status} {:?}", start.elapsed());
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    assert!(words.chars().all(|sign| sign == '.'), "signs of life and nothing else: {words}");
}

#[test]
fn another_program_in_the_childs_place_is_a_refusal() {
    for program in ["/bin/true", "/bin/echo", "/no/such/program"] {
        let refusal = WorkbookReader::open(
            Path::new(program),
            &fixture("sheets.xlsx"),
            FileKind::Xlsx,
            (None, Limits::default()),
        );
        let refusal = refusal.unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Program, "{program}");
        for lang in [Lang::Zh, Lang::En] {
            let told = Locale::load(lang).refusal(&refusal, "sheets.xlsx");
            assert!(!told.hint.contains("Excel") && !told.message.contains('{'), "{program}: {told:?}");
        }
    }
}

#[test]
fn every_fixture_is_described() {
    let described = std::fs::read_to_string(fixture("README.md")).unwrap();
    for entry in std::fs::read_dir(fixture("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (stem, extension) = name.rsplit_once('.').unwrap();
        let is_named = described.contains(&name) || described.contains(&format!("{stem}.xlsx, .xls, .ods, .csv"));
        assert!(name == "README.md" || is_named, "{stem}.{extension} is not in README.md");
    }
}
