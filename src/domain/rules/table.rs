//! What is found about a table as a whole (H): whose data a column holds, and whether it is what its label says. It stands in no
//! row.

use super::Severity;
use crate::domain::profile::Profile;
use crate::domain::sheet::{ColumnMap, Field, GaveWay, SheetSpec};
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum TableFault {
        /// Two filled columns name one field, and nothing tells which one it is.
        ClaimedTwice = "column-claimed-twice",
        /// A second table stands beside the first.
        SideBySide = "tables-side-by-side",
        /// A column gave way to another, and why is known.
        GaveWay = "column-gave-way",
        /// A column was taken for a field that its label does not name.
        Guessed = "column-guessed",
        /// The cells of a column are not what its label says.
        Contradicted = "column-contradicts-label",
        /// The numbers of the rows break.
        RowNumbers = "row-numbers-broken",
        /// A column of the sex is that of somebody else, or the numbers are.
        SexColumn = "sex-column-disagrees",
        /// The table is a list that this program wrote for organisers to fill in, and no roster.
        AnswersList = "answers-list",
    }
}

impl TableFault {
    /// Gives the code it is cited by; codes are never given again.
    pub fn code(self) -> &'static str {
        match self {
            TableFault::ClaimedTwice => "H01",
            TableFault::SideBySide => "H02",
            TableFault::GaveWay => "H03",
            TableFault::Guessed => "H04",
            TableFault::Contradicted => "H05",
            TableFault::RowNumbers => "H06",
            TableFault::SexColumn => "H07",
            TableFault::AnswersList => "H08",
        }
    }

    /// Finds a kind by its code, in any case, or its name.
    pub fn find(code_or_name: &str) -> Option<TableFault> {
        let is_meant =
            |f: &TableFault| f.code().eq_ignore_ascii_case(code_or_name) || f.key().eq_ignore_ascii_case(code_or_name);
        TableFault::ALL.into_iter().find(is_meant)
    }

    pub fn severity(self) -> Severity {
        match self {
            TableFault::ClaimedTwice | TableFault::SideBySide | TableFault::AnswersList => Severity::Error,
            TableFault::Guessed | TableFault::Contradicted | TableFault::RowNumbers | TableFault::SexColumn => {
                Severity::Warning
            }
            TableFault::GaveWay => Severity::Notice,
        }
    }
}

/// Something found about a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFinding {
    pub fault: TableFault,
    /// The fields it is about.
    pub fields: Vec<Field>,
    /// The source columns: of a dispute all that claim the field, else those that are not read.
    pub columns: Vec<usize>,
    /// What the columns gave way to.
    pub to: GaveWay,
    /// How many cells are filled in columns that were put out, where the rows are known; or how often numbers break.
    pub cells: u64,
    pub severity: Severity,
    /// The row where it is seen first, as the spreadsheet numbers it; 0 where it is in none.
    pub line: u32,
    /// The number of the file it is seen in, where a batch holds several.
    pub part: usize,
}

impl TableFinding {
    /// Finds what there is to say about the columns of a table, errors first.
    pub fn of(columns: &ColumnMap) -> Vec<TableFinding> {
        let disputes = columns.disputes();
        let (to, cells) = (GaveWay::Disputed, 0);
        let mut found = if let Some(second) = columns.second_table() {
            let mut others: Vec<usize> = disputes.iter().flat_map(|(_, all)| all).copied().collect();
            others.retain(|at| second <= *at);
            others.sort_unstable();
            let fields = disputes.into_iter().map(|(field, _)| field).collect();
            let fault = TableFault::SideBySide;
            vec![TableFinding {
                fault,
                fields,
                columns: others,
                to,
                cells,
                severity: fault.severity(),
                line: 0,
                part: 0,
            }]
        } else {
            let fault = TableFault::ClaimedTwice;
            let severity = fault.severity();
            let of = |(field, columns)| TableFinding {
                fault,
                fields: vec![field],
                columns,
                to,
                cells,
                severity,
                line: 0,
                part: 0,
            };
            disputes.into_iter().map(of).collect()
        };
        if let Some(at) = columns.anchors() {
            found.insert(0, TableFinding::aside(TableFault::AnswersList, at, (cells, 0, 0)));
        }
        for (i, column) in columns.source.iter().enumerate() {
            let Some(field) = column.field else { continue };
            let faults = [
                (TableFault::Guessed, column.by.is_guess()),
                (TableFault::Contradicted, column.contradicted().is_some()),
            ];
            let told = faults.into_iter().filter(|(_, is_so)| *is_so);
            found.extend(told.map(|(fault, _)| TableFinding {
                fault,
                fields: vec![field],
                columns: vec![i],
                to,
                cells,
                // What goes out is what somebody has written, or has looked at.
                severity: match fault {
                    TableFault::Guessed if column.is_open_guess() => Severity::Error,
                    TableFault::Contradicted if column.is_open() => Severity::Error,
                    _ => fault.severity(),
                },
                line: 0,
                part: 0,
            }));
        }
        for (i, column) in columns.source.iter().enumerate() {
            let Some(lost) = column.lost.filter(|lost| !lost.to.is_open()) else { continue };
            let is_of_one = |f: &&mut TableFinding| {
                let first = f.columns.first().and_then(|at| columns.source.get(*at));
                f.fault == TableFault::GaveWay
                    && f.to == lost.to
                    && first.is_some_and(|first| first.group == column.group)
            };
            match found.iter_mut().find(is_of_one) {
                Some(known) => {
                    known.fields.push(lost.field);
                    known.columns.push(i);
                }
                None => {
                    let (fault, to) = (TableFault::GaveWay, lost.to);
                    let severity = fault.severity();
                    found.push(TableFinding {
                        fault,
                        fields: vec![lost.field],
                        columns: vec![i],
                        to,
                        cells,
                        severity,
                        line: 0,
                        part: 0,
                    });
                }
            }
        }
        found
    }

    /// Tells of the column that numbers the rows that its numbers break so often, and where first.
    pub fn of_row_numbers(column: usize, place: (u64, usize, u32)) -> TableFinding {
        TableFinding::aside(TableFault::RowNumbers, column, place)
    }

    /// Tells of a column of the sex in how many rows the ID number says another, and where first.
    pub fn of_sex(column: usize, place: (u64, usize, u32)) -> TableFinding {
        TableFinding::aside(TableFault::SexColumn, column, place)
    }

    fn aside(fault: TableFault, column: usize, (cells, part, line): (u64, usize, u32)) -> TableFinding {
        let to = GaveWay::Disputed;
        let (fields, columns, severity) = (Vec::new(), vec![column], fault.severity());
        TableFinding { fault, fields, columns, to, cells, severity, line, part }
    }

    /// Names the clause that sets the column, or the list of columns, under a profile.
    pub fn clause<'a>(&self, profile: &'a Profile, sheet: &'a SheetSpec) -> &'a str {
        match self.fault {
            TableFault::SideBySide | TableFault::RowNumbers | TableFault::AnswersList => profile.form_clause(sheet),
            TableFault::SexColumn => profile.column_clause(sheet, Field::IdNumber),
            _ => self.fields.first().map_or("", |field| profile.column_clause(sheet, *field)),
        }
    }
}
