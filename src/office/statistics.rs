//! Statistics that are handed upward (汇总统计、逐级上报): our own ledger and what others have counted, added up.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{Write, read_to_string};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::export::now;
use super::{Office, bug};
use crate::domain::ledger::Status;
use crate::domain::ledger::statistics::{CountedBy, CountedGroup, CountedTwice, Statistics, Sum};
use crate::domain::level::{self, LevelReading};
use crate::domain::text;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::small_table;
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::formats::{atomic, plain_file};
use crate::words::{Lang, Locale};

/// The document that holds them.
const STATISTICS: &str = "skillcert-statistics-1";

/// A file of more bytes is none of ours.
const MOST: u64 = 64 << 20;

/// The columns of the table, in their order.
const COLUMNS: [&str; 7] = ["prefix", "institution", "occupation", "level", "month", "status", "count"];

/// What is counted.
#[derive(Debug, Clone, Default)]
pub struct StatisticsOrder<'a> {
    /// What others have counted, as this program writes it: JSON, CSV or xlsx.
    pub files: &'a [PathBuf],
    /// Whether our own ledger is left out.
    pub files_only: bool,
    /// The first and the last month, `YYYY-MM`.
    pub from: Option<&'a str>,
    pub to: Option<&'a str>,
    /// How the prefixes of the institutions begin.
    pub prefix: Option<&'a str>,
}

impl StatisticsOrder<'_> {
    fn wants(&self, group: &CountedGroup) -> bool {
        let is_of = self.prefix.is_none_or(|prefix| group.prefix.starts_with(prefix));
        let is_bound = self.from.is_some() || self.to.is_some();
        // What has no date is of no month.
        let is_within = !is_bound
            || !group.month.is_empty()
                && self.from.is_none_or(|from| from <= &*group.month)
                && self.to.is_none_or(|to| &*group.month <= to);
        is_of && is_within
    }
}

impl Office {
    /// Counts what was issued by level, occupation, month and status, and adds what others have counted.
    ///
    /// # Errors
    /// A file that is none of these, or that counts an institution and month which another one has counted.
    pub fn statistics(&self, order: &StatisticsOrder<'_>) -> Result<Statistics, Failure> {
        let mut all = Statistics::default();
        let add = |all: &mut Statistics, source: &str, groups: Vec<(CountedGroup, u64)>| {
            let groups = groups.into_iter().filter(|(group, _)| order.wants(group));
            all.add(source, groups).map_err(|twice| self.counted_twice(&twice))
        };
        // Whoever counts the ledger means one that is there.
        if !order.files_only
            && let Some(ledger) = self.ledger()?
        {
            let own = ledger.reader.counted().map_err(|e| self.told(&e))?;
            add(&mut all, self.locale().text("statistics.own"), own)?;
        }
        for file in order.files {
            let groups = self.counted_in(file)?;
            add(&mut all, &file.to_string_lossy(), groups)?;
        }
        Ok(all)
    }

    fn counted_twice(&self, twice: &CountedTwice) -> Failure {
        let (prefix, name, month) = &twice.period;
        let name = text::visible(name);
        let month = if month.is_empty() { self.locale().text("statistics.no-month") } else { month };
        let [a, b] = twice.sources.each_ref().map(|source| text::visible(source));
        let places = [("prefix", &**prefix), ("name", &name), ("month", month), ("a", &a), ("b", &b)];
        let told = self.locale().fill("statistics.twice", &places);
        Failure::new(FailureKind::Rule, told, self.locale().text("statistics.twice-hint"))
    }

    /// Reads what another home has counted.
    fn counted_in(&self, path: &Path) -> Result<Vec<(CountedGroup, u64)>, Failure> {
        let refused = |refusal| self.locale().refusal(&refusal, &path.to_string_lossy());
        if is_json(path) {
            let text = plain_file::open(path).and_then(read_to_string).map_err(|e| self.locale().unread(path, &e))?;
            let document: Value = serde_json::from_str(&text).unwrap_or_default();
            if document["schema"] != STATISTICS {
                return Err(self.no_statistics(path, ""));
            }
            let lines = document["lines"].as_array().map_or(&[][..], Vec::as_slice);
            let read = |(nth, line): (usize, &Value)| {
                let text = |key: &str| line[key].as_str().unwrap_or_default().to_string();
                let group = Status::read(&text("status")).map(|status| CountedGroup {
                    prefix: text("prefix"),
                    institution: text("institution"),
                    occupation: text("occupation"),
                    level: text("level"),
                    month: text("month"),
                    status,
                });
                let read = group.filter(is_sound).zip(line["count"].as_u64());
                read.ok_or_else(|| self.no_statistics(path, &(nth + 1).to_string()))
            };
            return lines.iter().enumerate().map(read).collect();
        }
        let table = small_table::read(&self.place_of(path), self.program()?, MOST).map_err(refused)?;
        let locales = [Lang::Zh, Lang::En].map(Locale::load);
        let Some(header) = table.iter().position(|row| locales.iter().any(|l| is_header(&row.cells, l))) else {
            return Err(self.no_statistics(path, ""));
        };
        let read = |row: &small_table::TableRow| {
            let cell = |at: usize| row.cells.get(at).map_or("", String::as_str);
            let is_status = |status: &Status, word: &str| locales.iter().any(|l| l.status(*status) == word);
            let status = Status::ALL.into_iter().find(|status| is_status(status, cell(5)));
            let level = match level::read(cell(3)) {
                LevelReading::Exact(level) | LevelReading::Short(level) | LevelReading::Other(level) => {
                    level.digit().to_string()
                }
                _ => cell(3).to_string(),
            };
            let group = status.map(|status| CountedGroup {
                prefix: cell(0).to_string(),
                institution: cell(1).to_string(),
                occupation: cell(2).to_string(),
                level,
                month: cell(4).to_string(),
                status,
            });
            let read = group.filter(is_sound).zip(cell(6).parse().ok());
            read.ok_or_else(|| self.no_statistics(path, &row.line.to_string()))
        };
        table[header + 1..].iter().map(read).collect()
    }

    fn no_statistics(&self, path: &Path, row: &str) -> Failure {
        let file = path.to_string_lossy();
        let key = if row.is_empty() { "statistics.not-ours" } else { "statistics.bad-row" };
        let told = self.locale().fill(key, &[("file", &text::visible(&file)), ("row", row)]);
        Failure::new(FailureKind::File, told, self.locale().text("statistics.not-ours-hint"))
    }

    /// Makes the document of what was counted.
    pub fn statistics_document(&self, all: &Statistics) -> Value {
        let statuses = |statuses: &BTreeMap<Status, u64>| -> Value {
            statuses.iter().map(|(status, n)| (status.key().to_string(), Value::from(*n))).collect()
        };
        let sum =
            |(name, by): &Sum| json!({ "name": name, "count": by.values().sum::<u64>(), "statuses": statuses(by) });
        let sums: serde_json::Map<String, Value> = CountedBy::ALL
            .map(|by| (by.key().to_string(), all.sums(by).iter().map(sum).collect()))
            .into_iter()
            .collect();
        let line = |(group, count): (&CountedGroup, u64)| {
            json!({ "prefix": group.prefix, "institution": group.institution, "occupation": group.occupation,
                    "level": group.level, "month": group.month, "status": group.status.key(), "count": count })
        };
        json!({ "schema": STATISTICS, "total": all.total(), "sums": sums,
                "lines": all.groups().map(line).collect::<Vec<_>>() })
    }

    /// Makes a table of what was counted, a line for each group, as other homes can add it up.
    pub fn statistics_table(&self, all: &Statistics, format: TableFormat) -> Result<Vec<u8>, Failure> {
        let locale = self.report_locale();
        let rows: Vec<[String; 7]> = all.groups().map(|(group, count)| cells(group, count, &locale)).collect();
        let head = TableHead {
            format,
            sheet: locale.text("statistics.sheet"),
            labels: COLUMNS
                .map(|key| Cow::Owned(locale.text(&format!("statistics.column.{key}")).to_string()))
                .to_vec(),
            widths: vec![16.0, 30.0, 24.0, 10.0, 10.0, 10.0, 8.0],
            rows: rows.len() as u32,
            created: now(),
            is_filtered: true,
        };
        let rows = rows.iter().map(|row| {
            let cells = row.each_ref().map(|cell| TableCell::from(neutral(cell, format)));
            Ok::<Vec<TableCell<'_>>, Infallible>(cells.to_vec())
        });
        let mut out = Vec::new();
        write_table(&mut out, Path::new("statistics"), &head, rows).map_err(|e| self.locale().write_failure(&e))?;
        Ok(out)
    }

    /// Writes what was counted under a name, of which the ending says how.
    pub fn write_statistics(&self, all: &Statistics, path: &Path, overwrite: bool) -> Result<(), Failure> {
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let bytes = match ending.as_deref() {
            Some("json") => format!("{:#}\n", self.statistics_document(all)).into_bytes(),
            Some("csv") => self.statistics_table(all, TableFormat::CsvUtf8)?,
            Some("xlsx") => self.statistics_table(all, TableFormat::Xlsx)?,
            _ => return Err(bug("ending")),
        };
        let written = self.spare_state(path).and_then(|()| {
            atomic::write(path, overwrite, None, |out| out.write_all(&bytes).map_err(atomic::WriteError::io(path)))
        });
        written.map_err(|e| self.locale().write_failure(&e))
    }
}

/// Tells whether a group that was read can be one: a prefix, a digit for the level, a month.
fn is_sound(group: &CountedGroup) -> bool {
    let is_level = group.level.is_empty() || matches!(group.level.as_bytes(), [b'1'..=b'5']);
    !group.prefix.is_empty() && is_level && (group.month.is_empty() || is_month(&group.month))
}

/// Tells whether a text is a month, `YYYY-MM`.
pub fn is_month(text: &str) -> bool {
    text.len() == 7 && format!("{text}-01").parse::<NaiveDate>().is_ok()
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

fn is_header(cells: &[String], locale: &Locale) -> bool {
    COLUMNS
        .iter()
        .enumerate()
        .all(|(at, key)| cells.get(at).is_some_and(|cell| cell == locale.text(&format!("statistics.column.{key}"))))
}

fn cells(group: &CountedGroup, count: u64, locale: &Locale) -> [String; 7] {
    [
        group.prefix.clone(),
        group.institution.clone(),
        group.occupation.clone(),
        locale.counted_level(&group.level),
        group.month.clone(),
        locale.status(group.status).to_string(),
        count.to_string(),
    ]
}
