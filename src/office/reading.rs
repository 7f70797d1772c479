//! How a roster is to be read (读法), where not as usual, and the first rows of a file whose header somebody has to point at.

use std::collections::HashMap;
use std::path::Path;
use std::thread;

use chrono::NaiveDate;

use super::{Office, Opening, PIPE, RosterRefused};
use crate::data;
use crate::domain::recipe::{RecipeColumn, columns_to_assign};
use crate::domain::sheet::{
    ColumnMap, GivenReading, MapFault, RememberedColumns, SheetLine, SheetSpec, column_letters,
};
use crate::domain::text;
use crate::failure::Failure;
use crate::formats::FileRefusal;
use crate::formats::read::{self, FirstRows, OpenedTable, ReadOptions};

/// How a roster is read and checked, where not as usual.
#[derive(Debug, Clone, Default)]
pub struct RosterReading {
    /// The profile's id; else the codes tell it, or the columns.
    pub profile: Option<String>,
    pub sheet: Option<String>,
    /// The day that counts as today.
    pub today: Option<NaiveDate>,
    /// Whether the profile was picked in the workbench, and is to be remembered for such files.
    pub is_answered: bool,
    /// What is said of the table.
    pub given: GivenReading,
    /// What a recipe says of the file's columns; what is said of them besides goes first.
    pub assigned: Vec<RecipeColumn>,
}

impl RosterReading {
    pub(super) fn day(&self, office: &Office) -> Result<NaiveDate, Failure> {
        office.or_today(self.today)
    }

    /// Matches the columns of an opened table as a recipe says, where nobody has said otherwise. It has not been said of this
    /// header for good.
    pub(super) fn assign(&self, opened: &mut OpenedTable, form: &SheetSpec) {
        let map = columns_to_assign(&self.assigned, &self.given.map, &opened.columns, form);
        if !map.is_empty() {
            let mut columns = opened.columns.clone();
            // What is listed is there.
            if columns.give(&map, form).is_ok() {
                opened.match_columns(columns);
            }
        }
    }
}

/// The first rows of a file whose header somebody has to point at.
#[derive(Debug, Clone, Default)]
pub struct HeaderRows {
    pub rows: Vec<Vec<String>>,
    /// Empty for a text file.
    pub sheet: String,
    pub encoding: String,
}

impl Office {
    /// Reads the first rows of a file, whether there is a header among them or not. Of a workbook with several sheets one must be
    /// chosen first.
    pub fn header_rows(&self, path: &Path, name: &str, reading: &RosterReading) -> Result<Opening, RosterRefused> {
        let first = self.first_profile()?;
        let form = self.upload_form(&first)?;
        let refused = |refusal: FileRefusal| self.refused(&refusal, name);
        let found = self.first_rows(path, reading, &form)?.map_err(refused)?;
        if reading.sheet.is_none() && 1 < found.sheets.iter().filter(|s| s.is_visible()).count() {
            return self.sheets(path, name).map(Opening::Sheets);
        }
        let (rows, sheet, encoding) = (found.rows, found.sheet, found.encoding);
        Ok(Opening::Header(HeaderRows { rows, sheet, encoding }))
    }

    /// Lists the sheets of a workbook: what each looks like, and how many rows it has.
    pub fn sheets(&self, path: &Path, name: &str) -> Result<Vec<SheetLine>, RosterRefused> {
        let first = self.first_profile()?;
        let form = self.upload_form(&first)?;
        let (given, none) = (GivenReading::default(), HashMap::new());
        let options = self.read_options(None, (&given, &none), &form)?;
        read::sheets_of(&self.place_of(path), &options).map_err(|refusal| self.refused(&refusal, name))
    }

    /// Gives how the columns of headers were matched before, by their fingerprints; nothing where the store cannot be read, which
    /// is told where it is needed.
    pub(super) fn remembered_columns(&self) -> HashMap<String, RememberedColumns> {
        let reader = self.reader().ok().flatten();
        reader.and_then(|reader| reader.remembered_columns().ok()).unwrap_or_default()
    }

    /// Says why the columns are not matched as was said: which columns the file has, and which the form.
    pub(super) fn map_fault(&self, fault: &MapFault, columns: &ColumnMap, form: &SheetSpec) -> Failure {
        let comma = self.locale().text("finding.comma");
        let fields: Vec<&str> = form.columns.iter().map(|c| c.label.as_str()).collect();
        let known: Vec<String> = (0..columns.source.len())
            .map(|i| {
                let (letters, label) = (column_letters(i), columns.source[i].label_in_line());
                if label.is_empty() || label == letters { letters } else { format!("{letters} {label}") }
            })
            .collect();
        let named = match fault {
            MapFault::NoColumn(name) | MapFault::SeveralColumns(name) | MapFault::NoField(name) => {
                text::visible(name).into_owned()
            }
            MapFault::Twice(field) => form.label(*field).to_string(),
        };
        let key = match fault {
            MapFault::NoColumn(_) => "cli.map-no-column",
            MapFault::SeveralColumns(_) => "cli.map-several-columns",
            MapFault::NoField(_) => "cli.map-no-field",
            MapFault::Twice(_) => "cli.map-twice",
        };
        self.usage(key, &[("named", &named), ("columns", &known.join(comma)), ("fields", &fields.join(comma))])
    }
}

impl Office {
    /// Opens a file and finds the table in which a form's columns stand.
    pub(super) fn open_table(
        &self,
        path: &Path,
        sheet: Option<&str>,
        said: (&GivenReading, &HashMap<String, RememberedColumns>),
        form: &SheetSpec,
    ) -> Result<Result<read::OpenedTable, FileRefusal>, Failure> {
        let mut opened = read::open(&self.place_of(path), &self.read_options(sheet, said, form)?);
        if let Ok(opened) = &mut opened
            && self.is_piped(path)
        {
            opened.origin.file = PIPE.into();
        }
        Ok(opened)
    }

    /// Reads the first rows of a file, of a workbook those of the sheet that is given or the first one.
    pub(super) fn first_rows(
        &self,
        path: &Path,
        reading: &RosterReading,
        form: &SheetSpec,
    ) -> Result<Result<FirstRows, FileRefusal>, Failure> {
        let none = HashMap::new();
        let options = self.read_options(reading.sheet.as_deref(), (&reading.given, &none), form)?;
        Ok(read::first_rows_of(&self.place_of(path), &options))
    }

    pub(super) fn read_options<'a>(
        &'a self,
        sheet: Option<&'a str>,
        (given, remembered): (&'a GivenReading, &'a HashMap<String, RememberedColumns>),
        spec: &'a SheetSpec,
    ) -> Result<ReadOptions<'a>, Failure> {
        let (titles, words, program) = (data::group_titles(), data::row_words(), self.program()?);
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let budget = Some(u64::from(self.settings().memory_mb) << 20);
        let limits = self.settings().limits;
        Ok(ReadOptions { sheet, given, remembered, spec, titles, words, program, threads, budget, limits })
    }
}
