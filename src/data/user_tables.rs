//! The user's own tables: regions, occupations, licences, scope, calendar and contacts, as csv or workbook.

use std::path::Path;

use chrono::NaiveDate;
use serde::Deserialize;

use super::catalogue::check_file;
use super::lookup::{Contact, SpecialDayKind};
use super::problem::{DataFault, DataProblem};
use crate::domain::date::{self, DateReading};
use crate::domain::ledger::reply::ReplyWord;
use crate::domain::rules::ScopeRow;
use crate::domain::{level, text};
use crate::formats::small_table::{self, TableRow};

/// The endings of files that are read as tables.
pub const ENDINGS: [&str; 8] = [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et", ".ods"];

/// The most bytes of a table: the whole national list of occupations has a hundredth of them.
const MOST: u64 = 16 << 20;

/// Among so many first rows the header is looked for.
const HEADER_ROWS: usize = 10;

/// So many wrong rows of a file are told one by one.
const TOLD: usize = 3;

/// A row of a region table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegionRow {
    /// The table's name, as a profile names it.
    pub table: String,
    /// The code, as it stands in the certificate code.
    pub code: String,
    pub name: String,
    /// The same in English; a user's table has none.
    #[serde(default)]
    pub name_en: String,
}

/// An occupation of the user's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// The code, such as `4-12-01-01`; may be empty.
    pub code: String,
    pub name: String,
    /// A work type of the occupation; may be empty.
    pub work_type: String,
}

/// A day that is not what its weekday says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    pub date: NaiveDate,
    /// Off or worked.
    pub kind: SpecialDayKind,
    /// Why; may be empty.
    pub name: String,
}

/// The user's tables; each empty when there is no file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserTables {
    /// Regions, in addition to the printed ones or in their place.
    pub regions: Vec<RegionRow>,
    pub occupations: Vec<Occupation>,
    /// Names of occupations that need a licence to work in.
    pub controlled: Vec<String>,
    /// Names of occupations for which there is a qualification.
    pub qualifications: Vec<String>,
    /// Names of special skills that are on record.
    pub special_skills: Vec<String>,
    /// What institutions are on record for.
    pub scope: Vec<ScopeRow>,
    /// Days that are not what their weekday says.
    pub calendar: Vec<CalendarDay>,
    /// Offices to ask, in the place of the printed ones of their province.
    pub contacts: Vec<Contact>,
    /// What words of a site's reply say, in addition to those that are known or in their place.
    pub reply_words: Vec<(String, ReplyWord)>,
}

/// A column: its key, whether it must be there and be filled, and the header cells that name it, squeezed and in small
/// letters.
struct TableColumn {
    key: &'static str,
    needed: bool,
    labels: &'static [&'static str],
}

const fn column(key: &'static str, needed: bool, labels: &'static [&'static str]) -> TableColumn {
    TableColumn { key, needed, labels }
}

const OCCUPATION: &[&str] = &["occupation", "name", "职业名称", "职业", "名称", "职业(工种)名称"];
const CODE: &[&str] = &["code", "职业编码", "职业代码", "职业编号", "编码", "代码"];
const WORK_TYPE: &[&str] = &["work_type", "worktype", "工种", "工种名称", "工种/职业方向", "职业方向"];

const REGIONS: &[TableColumn] = &[
    column("table", true, &["table", "表", "表名", "代码表"]),
    column("code", true, &["code", "代码", "地区代码", "区划代码", "编码"]),
    column("name", true, &["name", "名称", "地区", "地区名称", "区划名称"]),
];
const OCCUPATIONS: &[TableColumn] =
    &[column("name", true, OCCUPATION), column("code", false, CODE), column("work_type", false, WORK_TYPE)];
const CONTROLLED: &[TableColumn] = &[column("name", true, OCCUPATION)];
const SPECIAL_SKILLS: &[TableColumn] = &[column(
    "name",
    true,
    &["name", "occupation", "专项职业能力", "专项职业", "专项能力", "专项名称", "名称", "职业名称"],
)];
const SCOPE: &[TableColumn] = &[
    column("occupation", true, OCCUPATION),
    column(
        "institution",
        false,
        &["institution", "prefix", "机构", "机构前缀", "机构名称", "评价机构", "评价机构名称", "机构备案号", "备案号"],
    ),
    column("code", false, CODE),
    column("work_type", false, WORK_TYPE),
    column("level", false, &["level", "levels", "认定等级", "等级", "级别", "技能等级", "职业技能等级"]),
];
const CALENDAR: &[TableColumn] = &[
    column("date", true, &["date", "日期"]),
    column("kind", true, &["kind", "type", "类型", "类别"]),
    column("name", false, &["name", "名称", "节日", "说明"]),
];
const CONTACTS: &[TableColumn] = &[
    column("office", true, &["office", "单位", "部门", "处室", "机构"]),
    column("phone", true, &["phone", "telephone", "电话", "联系电话", "电话号码"]),
    column("place", false, &["place", "地区", "省份", "省"]),
    column("about", false, &["about", "事项", "业务", "说明"]),
    column("address", false, &["address", "地址", "通讯地址", "邮箱"]),
];

const REPLY_WORDS: &[TableColumn] = &[
    column("word", true, &["word", "词", "用语", "审核结果", "结果", "状态"]),
    column("means", true, &["means", "含义", "意思", "记为"]),
];

/// The tables by the name of their file.
const TABLES: [(&str, &[TableColumn]); 9] = [
    ("regions", REGIONS),
    ("occupations", OCCUPATIONS),
    ("controlled", CONTROLLED),
    ("qualifications", CONTROLLED),
    ("special_skills", SPECIAL_SKILLS),
    ("scope", SCOPE),
    ("calendar", CALENDAR),
    ("contacts", CONTACTS),
    ("reply_words", REPLY_WORDS),
];

impl UserTables {
    /// Reads a file and adds its rows; the file's name says which table it is. A wrong row is left out.
    pub fn read(&mut self, path: &Path, program: &Path, problems: &mut Vec<DataProblem>) {
        if let Err(problem) = check_file(path, MOST) {
            return problems.push(problem);
        }
        let stem = path.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
        let Some((name, columns)) = TABLES.iter().find(|(name, _)| *name == stem) else {
            let known = TABLES.iter().map(|(name, _)| *name).collect();
            return problems.push(DataProblem::of_file(path, DataFault::UnknownTable(known)));
        };
        let rows = match small_table::read(path, program, MOST) {
            Ok(rows) => rows,
            Err(refusal) => return problems.push(DataProblem::of_file(path, DataFault::Refused(refusal))),
        };
        let Some((header, places)) = find_header(&rows, columns) else {
            let needed = columns.iter().filter(|c| c.needed).map(|c| c.key).collect();
            let line = rows.first().map_or(1, |r| r.line as usize);
            return problems.push(DataProblem::of_line(path, line, DataFault::NoHeader(needed)));
        };
        let mut wrong = Vec::new();
        for row in &rows[header + 1..] {
            let cell = |i: usize| places[i].and_then(|at| row.cells.get(at)).map_or("", String::as_str);
            let empty = (0..columns.len()).find(|i| columns[*i].needed && cell(*i).is_empty());
            let added = match empty {
                Some(i) => Err(DataFault::EmptyCell(columns[i].key)),
                None => self.add(name, &cell),
            };
            if let Err(fault) = added {
                wrong.push(DataProblem::of_line(path, row.line as usize, fault));
            }
        }
        let more = wrong.len().saturating_sub(TOLD);
        problems.extend(wrong.into_iter().take(TOLD));
        if 0 < more {
            problems.push(DataProblem::of_file(path, DataFault::MoreRows(more)));
        }
    }

    /// Adds a row of a table; `cell` gives the text of a column by its place in the table's list.
    fn add<'a>(&mut self, table: &str, cell: &impl Fn(usize) -> &'a str) -> Result<(), DataFault> {
        let own = |i: usize| cell(i).to_string();
        match table {
            "regions" => {
                if !cell(1).bytes().all(|b| b.is_ascii_alphanumeric()) {
                    return Err(DataFault::BadCell("code", own(1)));
                }
                self.regions.push(RegionRow { table: own(0), code: own(1), name: own(2), name_en: String::new() });
            }
            "occupations" => self.occupations.push(Occupation { name: own(0), code: own(1), work_type: own(2) }),
            "controlled" => self.controlled.push(own(0)),
            "qualifications" => self.qualifications.push(own(0)),
            "special_skills" => self.special_skills.push(own(0)),
            "scope" => {
                let levels = level::read_list(cell(4)).ok_or_else(|| DataFault::BadCell("level", own(4)))?;
                self.scope.push(ScopeRow {
                    occupation: own(0),
                    institution: own(1),
                    code: own(2),
                    work_type: own(3),
                    levels,
                });
            }
            "contacts" => self.contacts.push(Contact {
                office: own(0),
                phone: own(1),
                place: own(2),
                about: own(3),
                address: own(4),
                clause: String::new(),
            }),
            "reply_words" => {
                // A word may be explained by one that is known.
                let means = ReplyWord::read(cell(1)).or_else(|| super::built_in_reply_terms().word(cell(1)));
                let means = means.ok_or_else(|| DataFault::BadCell("means", own(1)))?;
                self.reply_words.push((own(0), means));
            }
            _ => {
                let (DateReading::Iso(date) | DateReading::Other(date)) = date::read(cell(0)) else {
                    return Err(DataFault::BadCell("date", own(0)));
                };
                let kind = SpecialDayKind::read(cell(1)).ok_or_else(|| DataFault::BadCell("kind", own(1)))?;
                self.calendar.push(CalendarDay { date, kind, name: own(2) });
            }
        }
        Ok(())
    }
}

/// Finds the first row that names every needed column; gives the place of each column in it.
fn find_header(rows: &[TableRow], columns: &[TableColumn]) -> Option<(usize, Vec<Option<usize>>)> {
    rows.iter().take(HEADER_ROWS).enumerate().find_map(|(nth, row)| {
        let labels: Vec<String> = row.cells.iter().map(|c| text::squeezed_label(c).to_lowercase()).collect();
        let place = |c: &TableColumn| c.labels.iter().find_map(|l| labels.iter().position(|cell| cell == l));
        let places: Vec<Option<usize>> = columns.iter().map(place).collect();
        let complete = columns.iter().zip(&places).all(|(c, place)| !c.needed || place.is_some());
        complete.then_some((nth, places))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Catalogue;
    use crate::formats::atomic;
    use std::io::Write;

    fn read(name: &str, text: &str) -> (UserTables, Vec<DataProblem>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        atomic::write(&path, false, None, |w| w.write_all(text.as_bytes()).map_err(atomic::WriteError::io(&path)))
            .unwrap();
        let (mut tables, mut problems) = (UserTables::default(), Vec::new());
        tables.read(&path, Path::new("no program"), &mut problems);
        (tables, problems)
    }

    #[test]
    fn headers_are_known_in_both_languages_and_any_order() {
        let (zh, problems) = read("regions.csv", "名称,表,代码\n海口市,hainan,01\n");
        assert_eq!(problems, []);
        let (en, _) = read("regions.csv", "# mine\ntable,code,name\nhainan,01,海口市\n");
        assert_eq!(zh, en);
        assert_eq!(zh.regions[0].name, "海口市");
        let (tables, problems) =
            read("occupations.csv", "职业编码,职业名称,工种\n4-12-01-01,汽车维修工,汽车机械维修工\n,焊工\n");
        assert_eq!((tables.occupations.len(), problems.len()), (2, 0));
        assert_eq!((&*tables.occupations[0].code, &*tables.occupations[1].name), ("4-12-01-01", "焊工"));
        assert_eq!(read("controlled.txt", "职业\n焊工\n").0.controlled, ["焊工"]);
        assert_eq!(read("qualifications.csv", "职业名称\n焊工\n").0.qualifications, ["焊工"]);
        assert_eq!(read("special_skills.csv", "专项职业能力\n川菜制作\n").0.special_skills, ["川菜制作"]);
    }

    #[test]
    fn scope_and_calendar_read_their_values() {
        let text =
            "机构,职业名称,职业编码,工种名称,认定等级\nS000046,焊工,,,三级/高级工、4-5\n,电工,,,\n,钳工,,,九级\n";
        let (tables, problems) = read("scope.csv", text);
        let digits: Vec<u8> = tables.scope[0].levels.iter().map(|l| l.digit()).collect();
        assert_eq!((digits, tables.scope[1].levels.len(), tables.scope.len()), (vec![3, 4, 5], 0, 2));
        assert_eq!(
            (problems[0].place, &problems[0].fault),
            (Some((4, None)), &DataFault::BadCell("level", "九级".into()))
        );
        let (tables, problems) = read(
            "calendar.csv",
            "日期,类型,名称\n2026-10-01,放假,国庆节\n2026/10/10,补班,\n2026-13-01,放假,\n2026-10-02,?,\n",
        );
        let kinds = |tables: &UserTables| -> Vec<SpecialDayKind> { tables.calendar.iter().map(|d| d.kind).collect() };
        assert_eq!(
            (kinds(&tables), problems.len()),
            (vec![SpecialDayKind::Off, SpecialDayKind::Work], 2),
            "{problems:?}"
        );
        // The program's own table read as a user's: the words are the same.
        let (tables, problems) = read("calendar.csv", include_str!("../../data/tables/calendar.csv"));
        let built_in: Vec<SpecialDayKind> = Catalogue::built_in().special_days().iter().map(|d| d.kind).collect();
        assert_eq!((kinds(&tables), problems.len()), (built_in, 0), "{problems:?}");
    }

    #[test]
    fn words_of_a_reply_are_explained_by_known_ones() {
        let (tables, problems) = read("reply_words.csv", "词,记为\n归档,通过\n打回,returned\n早,晚\n");
        assert_eq!(tables.reply_words, [("归档".into(), ReplyWord::Accepted), ("打回".into(), ReplyWord::Returned)]);
        assert_eq!(problems[0].fault, DataFault::BadCell("means", "晚".into()));
    }

    #[test]
    fn wrong_tables_are_told_with_their_row() {
        let fault = |name: &str, text: &str| read(name, text).1.into_iter().map(|p| (p.place.map(|p| p.0), p.fault));
        let first = |name: &str, text: &str| fault(name, text).next();
        assert!(matches!(first("region.csv", "a,b\n"), Some((None, DataFault::UnknownTable(_)))));
        assert!(matches!(first("regions.csv", "a,b\n1,2\n"), Some((Some(1), DataFault::NoHeader(_)))));
        assert_eq!(first("regions.csv", "table,code,name\nx,,y\n"), Some((Some(2), DataFault::EmptyCell("code"))));
        assert!(matches!(first("regions.csv", ""), Some((None, DataFault::Refused(_)))));
        let many = "table,code,name\n".to_string() + &"x,,y\n".repeat(8);
        assert_eq!(fault("regions.csv", &many).next_back(), Some((None, DataFault::MoreRows(5))));
    }
}
