//! The limits of what is read (限度), a table of the settings.

use std::path::Path;

use toml::de::DeTable;

use super::problem::{DataFault, DataProblem, line_and_column};
use super::toml_fault::{WantedValue, quoted};
use crate::formats::limits::Limits;
use crate::formats::workbook::{MAX_COLUMNS, MAX_ROWS};

/// A limit: its name, from what to what it may be, and where it goes.
type Limit = (&'static str, u32, u32, fn(&mut Limits, u32));

const LIMITS: &[Limit] = &[
    ("rows", 1, MAX_ROWS, |limits, n| limits.rows = n),
    ("columns", 1, MAX_COLUMNS, |limits, n| limits.columns = n),
    ("cell_kb", 1, 4096, |limits, n| limits.cell_kb = n),
    ("file_mb", 1, 4096, |limits, n| limits.file_mb = n),
    ("texts", 1, 100_000_000, |limits, n| limits.texts = n),
    ("reader_mb", 256, 65_536, |limits, n| limits.reader_mb = n),
];

/// Reads the limits of a file, of whose text they are a table. What is wrong is told and left out.
pub(super) fn read(
    file: &Path,
    text: &str,
    wanted: &DeTable<'_>,
    limits: &mut Limits,
    problems: &mut Vec<DataProblem>,
) {
    for (name, value) in wanted {
        let line = line_and_column(text, name.span().start).0;
        let mut wrong = |fault| problems.push(DataProblem::of_line(file, line, fault));
        let name = name.get_ref();
        let Some((_, least, most, put)) = LIMITS.iter().find(|(known, ..)| known == name) else {
            let known = LIMITS.iter().map(|(known, ..)| format!("limits.{known}")).collect();
            wrong(DataFault::UnknownSetting(format!("limits.{name}"), known));
            continue;
        };
        let number = value.get_ref().as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        match number.filter(|n| (least..=most).contains(&n)) {
            Some(number) => put(limits, number),
            None => {
                let fault = (format!("limits.{name}"), quoted(text, value.span()), WantedValue::Whole(*least, *most));
                wrong(DataFault::Setting(Box::new(fault)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_goes_somewhere_and_what_is_wrong_is_left_out() {
        for (name, least, most, _) in LIMITS {
            for (number, is_taken) in [(*least, true), (*most, true), (least - 1, false), (most + 1, false)] {
                let text = format!("{name} = {number}\n");
                let table = DeTable::parse(&text).expect("TOML");
                let (mut limits, mut problems) = (Limits::default(), Vec::new());
                read(Path::new("config.toml"), &text, table.get_ref(), &mut limits, &mut problems);
                assert_eq!(problems.is_empty(), is_taken, "{text}");
                assert_eq!(limits != Limits::default(), is_taken && (*name != "rows" || number == *least), "{text}");
            }
        }
    }
}
