//! Filed scopes (备案范围) as tables: 职业名称 职业编码 工种名称 认定等级 标准, as annex 1 of the Guizhou notice has them (GZ-30).

use std::path::Path;

use super::FileRefusal;
use super::small_table::{self, TableRow};
use crate::domain::registry::ScopeItem;
use crate::domain::{level, text};

/// The most bytes of a file: no scope comes near.
const MOST: u64 = 16 << 20;

/// Among so many first rows the header is looked for: annex 1 is a form with other things above the table.
const HEADER_ROWS: usize = 100;

/// A column by the header cells that name it, squeezed and in small letters, the usual one first.
const LABELS: [&[&str]; 5] = [
    &["职业名称", "职业", "认定职业", "认定职业名称", "职业(工种)名称", "职业工种", "occupation"],
    &["职业编码", "职业代码", "职业编号", "编码", "代码", "code"],
    &["工种名称", "工种", "工种/职业方向", "职业方向", "认定工种", "work_type", "worktype"],
    &["认定等级", "等级", "级别", "技能等级", "职业技能等级", "认定级别", "备案等级", "level", "levels"],
    &["标准", "认定标准", "职业标准", "执行标准", "职业技能标准", "standard"],
];
/// Header cells of rosters: a table that has one of them is about persons.
const PERSONS: [&str; 8] =
    ["姓名", "持证人姓名", "证件类型", "证件号码", "证件号", "身份证号", "身份证号码", "证书编号"];

const OCCUPATION: usize = 0;
const CODE: usize = 1;
const WORK_TYPE: usize = 2;
const LEVELS: usize = 3;
const STANDARD: usize = 4;

/// A scope as it was read, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeTable {
    /// The sheet's name; empty for a text file.
    pub sheet: String,
    /// The rows that read, in order; a row that is there twice counts once.
    pub items: Vec<ScopeItem>,
    /// What does not read.
    pub problems: Vec<ScopeProblem>,
}

/// Something that is wrong with a row of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeProblem {
    /// The row as a spreadsheet program numbers it.
    pub line: u32,
    /// The column as the file names it.
    pub column: String,
    pub fault: ScopeFault,
}

/// What can be wrong with a row of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeFault {
    /// No row names an occupation and a level column.
    NoHeader,
    /// The header has a column of persons: a roster, whose occupations are not what was filed.
    Persons,
    /// There is a header and nothing below.
    NoRows,
    /// The cell is empty.
    Empty,
    /// The text is no level or list of levels.
    NotLevels(String),
    /// The text is no occupation code such as `6-31-01-03`.
    NotCode(String),
    /// An earlier row says something else about the same occupation and work type; its row number.
    Contradicts(u32),
}

impl ScopeFault {
    /// Gives the stable name used in JSON and in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            ScopeFault::NoHeader => "no-header",
            ScopeFault::Persons => "persons",
            ScopeFault::NoRows => "no-rows",
            ScopeFault::Empty => "empty",
            ScopeFault::NotLevels(_) => "not-levels",
            ScopeFault::NotCode(_) => "not-code",
            ScopeFault::Contradicts(_) => "contradicts",
        }
    }
}

/// Reads the scope table of a file: of a workbook the sheet of that name, else the first visible one.
///
/// `program` is our own binary, which reads workbooks as a child process. What is wrong inside the table is told in the
/// result.
pub fn read(path: &Path, program: &Path, sheet: Option<&str>) -> Result<ScopeTable, FileRefusal> {
    let table = small_table::read_sheet(path, program, MOST, sheet)?;
    Ok(ScopeTable { sheet: table.sheet, ..of_rows(&table.rows) })
}

/// The place and the label of each column.
type Places = [Option<(usize, String)>; LABELS.len()];

fn of_rows(rows: &[TableRow]) -> ScopeTable {
    let mut table = ScopeTable::default();
    let whole = |fault| ScopeProblem { line: rows.first().map_or(1, |r| r.line), column: String::new(), fault };
    let Some((header, places)) = find_header(rows) else {
        table.problems.push(whole(ScopeFault::NoHeader));
        return table;
    };
    if let Some(label) = rows[header].cells.iter().find(|c| PERSONS.contains(&&*text::squeezed_label(c))) {
        let column = text::trimmed(label).into_owned();
        table.problems.push(ScopeProblem { line: rows[header].line, column, fault: ScopeFault::Persons });
        return table;
    }
    let mut lines = Vec::new();
    for row in &rows[header + 1..] {
        let filled = row.cells.iter().filter(|c| !c.is_empty()).count();
        // A note below the table, a title in its midst, a numbered row that was left empty, or the header once more.
        if filled < 2 || places_of(row).is_some() {
            continue;
        }
        match item_of(row, &places) {
            Err(problem) => table.problems.push(problem),
            Ok(item) => {
                let same =
                    |known: &&ScopeItem| known.occupation == item.occupation && known.work_type == item.work_type;
                let at = table.items.iter().position(|known| same(&known));
                match at.map(|at| (&table.items[at], lines[at])) {
                    Some((known, line)) if *known != item => {
                        let differs = if known.levels == item.levels { CODE } else { LEVELS };
                        let column = label(&places, differs);
                        table.problems.push(ScopeProblem {
                            line: row.line,
                            column,
                            fault: ScopeFault::Contradicts(line),
                        });
                    }
                    Some(_) => {}
                    None => {
                        table.items.push(item);
                        lines.push(row.line);
                    }
                }
            }
        }
    }
    if table.items.is_empty() && table.problems.is_empty() {
        table.problems.push(ScopeProblem { line: rows[header].line, ..whole(ScopeFault::NoRows) });
    }
    table
}

fn label(places: &Places, column: usize) -> String {
    places[column].as_ref().map_or_else(|| LABELS[column][0].to_string(), |(_, label)| label.clone())
}

fn item_of(row: &TableRow, places: &Places) -> Result<ScopeItem, ScopeProblem> {
    let cell = |column: usize| {
        let place = places[column].as_ref();
        text::trimmed(place.and_then(|(at, _)| row.cells.get(*at)).map_or("", String::as_str)).into_owned()
    };
    let wrong = |column: usize, fault| ScopeProblem { line: row.line, column: label(places, column), fault };
    if let Some(empty) = [OCCUPATION, LEVELS].into_iter().find(|c| cell(*c).is_empty()) {
        return Err(wrong(empty, ScopeFault::Empty));
    }
    let levels = level::read_list(&cell(LEVELS)).filter(|levels| !levels.is_empty());
    let levels = levels.ok_or_else(|| wrong(LEVELS, ScopeFault::NotLevels(cell(LEVELS))))?;
    let occupation_code = text::compact(&cell(CODE)).into_owned();
    if !occupation_code.is_empty() && !is_occupation_code(&occupation_code) {
        return Err(wrong(CODE, ScopeFault::NotCode(cell(CODE))));
    }
    let work_type = cell(WORK_TYPE);
    // A dash says that there is no work type; for the scope that is every one of the occupation.
    let is_none = work_type.chars().all(|c| matches!(c, '-' | '—' | '/' | '无'));
    Ok(ScopeItem {
        occupation: cell(OCCUPATION),
        occupation_code,
        work_type: if is_none { String::new() } else { work_type },
        levels,
        standard: cell(STANDARD),
    })
}

/// Tells whether a text is an occupation code: four groups of digits, with a mark such as `(L)` or `L/S` behind them.
fn is_occupation_code(code: &str) -> bool {
    let digits = code.find(|c: char| !c.is_ascii_digit() && c != '-').map_or(code, |end| &code[..end]);
    let widths: Vec<usize> = digits.split('-').map(str::len).collect();
    let mark = &code[digits.len()..];
    widths == [1, 2, 2, 2] && mark.len() <= 8 && mark.chars().all(|c| matches!(c, 'L' | 'S' | '/' | '(' | ')'))
}

/// Finds the first row that names an occupation and a level column.
fn find_header(rows: &[TableRow]) -> Option<(usize, Places)> {
    rows.iter().take(HEADER_ROWS).enumerate().find_map(|(nth, row)| places_of(row).map(|places| (nth, places)))
}

fn places_of(row: &TableRow) -> Option<Places> {
    let labels: Vec<String> = row.cells.iter().map(|c| text::squeezed_label(c).to_lowercase()).collect();
    let place = |known: &[&str]| {
        let at = known.iter().find_map(|l| labels.iter().position(|cell| cell == l))?;
        Some((at, text::trimmed(&row.cells[at]).into_owned()))
    };
    let places = LABELS.map(place);
    (places[OCCUPATION].is_some() && places[LEVELS].is_some()).then_some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table_of(text: &str) -> ScopeTable {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, Path::new("no program"), None).unwrap()
    }

    fn brief(table: &ScopeTable) -> Vec<(&str, &str, String)> {
        let digits = |item: &ScopeItem| item.levels.iter().map(|l| l.digit().to_string()).collect();
        table.items.iter().map(|i| (i.occupation.as_str(), i.work_type.as_str(), digits(i))).collect()
    }

    #[test]
    fn reads_the_layout_of_the_annex_among_other_things() {
        let text = "职业技能等级认定机构备案申请表,,,,,\n单位名称,某某公司,,,,\n\
                    序号,职业名称,职业编码,工种名称,认定等级,标准\n\
                    1,电工,6-31-01-03,--,三级、四级,国家职业标准\n\
                    2,焊工,6-18-02-04,气焊工,3-5,\n3,,,,,\n注：等级可写多个,,,,,\n\
                    4,电工,6-31-01-03,--,三级、四级,国家职业标准\n";
        let table = table_of(text);
        assert_eq!(table.problems, []);
        assert_eq!(brief(&table), [("电工", "", "34".into()), ("焊工", "气焊工", "345".into())]);
        assert_eq!(table.items[0].standard, "国家职业标准");
        let wrong = table_of(&format!("{text}5,钳工,,,九级,\n"));
        assert_eq!((wrong.problems[0].line, wrong.problems[0].column.as_str()), (9, "认定等级"));
    }

    #[test]
    fn headers_have_other_names_and_orders() {
        let table = table_of("等级,工种,职业,代码\n高级工/技师,,电工,6-31-01-03(L)\n");
        assert_eq!((brief(&table), table.problems.len()), (vec![("电工", "", "23".into())], 0));
        assert_eq!(table.items[0].occupation_code, "6-31-01-03(L)");
    }

    #[test]
    fn what_is_wrong_is_told_with_row_and_column() {
        let text = "职业名称,职业编码,认定等级\n,6-31-01-03,三级\n电工,6-31-1,三级\n焊工,,九级\n钳工,6-18-01-04,\n\
                    车工,,三级\n车工,,三级、四级\n车工,6-18-01-01,三级\n单独一格,,\n";
        let table = table_of(text);
        let told: Vec<(u32, &str, &str)> =
            table.problems.iter().map(|p| (p.line, p.column.as_str(), p.fault.key())).collect();
        let expected = [
            (2, "职业名称", "empty"),
            (3, "职业编码", "not-code"),
            (4, "认定等级", "not-levels"),
            (5, "认定等级", "empty"),
            (7, "认定等级", "contradicts"),
            (8, "职业编码", "contradicts"),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn without_a_header_or_rows_there_is_one_problem() {
        let faults = |text: &str| table_of(text).problems.into_iter().map(|p| p.fault).collect::<Vec<_>>();
        assert_eq!(faults("姓名,证书编号\n张伟,1\n"), [ScopeFault::NoHeader]);
        assert_eq!(faults("职业名称,认定等级\n"), [ScopeFault::NoRows]);
        for person in ["姓 名", "身份证号码", "证件号码"] {
            let roster = table_of(&format!("{person},职业名称,职业技能等级\n张伟,电工,三级\n"));
            let problem = roster.problems.first().map(|p| (p.line, p.column.as_str(), p.fault.key()));
            assert_eq!((problem, roster.items.len()), (Some((1, person, "persons")), 0));
        }
    }
}
