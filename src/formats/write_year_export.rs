//! The yearly ledger (年度台账) as a table: every cell a text, read back before it gets its name.

use std::borrow::Cow;
use std::path::Path;

use chrono::{DateTime, FixedOffset};

use super::atomic::{StagedFile, WriteError};
use super::read_back::{digest, verify};
use super::write_table::{TableCell, TableHead, write_table};
use crate::domain::date;
use crate::domain::ledger::year_export::YearLine;
use crate::domain::ledger::{Holder, Status};
use crate::domain::sheet::Field;
use crate::domain::upload::{TableFormat, neutral};

/// The labels before the columns of the record, in the language of the authorities it is kept for (GZ-14).
const BEFORE: [&str; 5] = ["证书编号", "序列", "序列号", "状态", "状态日期"];

/// The labels behind them.
const BEHIND: [&str; 15] = [
    "批次",
    "来源文件",
    "取号时间",
    "取号人",
    "审计序号",
    "导出日期",
    "上报日期",
    "退回日期",
    "受理日期",
    "公布日期",
    "补（换）发日期",
    "更正、补发、撤销",
    "作废、退回或撤销原因",
    "缺号原因",
    "备注",
];

/// Which cells a line about missing numbers leaves empty: up to 取号时间, and up to 缺号原因.
const TO_TIME: usize = BEFORE.len() + Holder::COUNT + 2;
const TO_GAP: usize = BEFORE.len() + Holder::COUNT + BEHIND.len() - 2;

/// Lists the labels of all columns; those of the record are the upload form's.
fn labels() -> Vec<&'static str> {
    BEFORE.into_iter().chain(Holder::fields().filter_map(Field::upload_label)).chain(BEHIND).collect()
}

/// How a yearly ledger is written.
#[derive(Clone, Copy)]
pub struct YearExportOptions<'a> {
    pub format: TableFormat,
    /// Whether an existing file is replaced.
    pub overwrite: bool,
    /// Whether names and ID numbers are masked.
    pub masked: bool,
    /// About how many lines will come.
    pub lines: u32,
    /// The sheet's name in a workbook.
    pub sheet: &'a str,
    /// The workbook's time of creation.
    pub created: DateTime<FixedOffset>,
    /// Names what became of a certificate.
    pub status: &'a dyn Fn(Status) -> String,
    /// Tells a case in a few words: its kind, state and reason.
    pub case: &'a dyn Fn(&[String; 3]) -> String,
    /// Tells a time of the store, UTC, in the user's own.
    pub time: &'a dyn Fn(&str) -> String,
    /// The remark of a line about numbers that nobody took.
    pub gap: &'a str,
}

/// Writes the lines that `lines` reads, and reads them a second time to compare; returns how many there are and the file's
/// SHA-256.
pub fn write_year_export<E: Into<WriteError>, L: Iterator<Item = Result<YearLine, E>>>(
    target: &Path,
    options: &YearExportOptions<'_>,
    lines: impl Fn() -> Result<L, E>,
) -> Result<(u64, String), WriteError> {
    let mut staged = StagedFile::new(target, options.overwrite, None)?;
    let labels = labels();
    let texts: Vec<Cow<'_, str>> = labels.iter().copied().map(Cow::Borrowed).collect();
    let head = TableHead {
        format: options.format,
        sheet: options.sheet,
        labels: texts.clone(),
        widths: labels.iter().copied().map(width).collect(),
        rows: options.lines,
        created: options.created,
        is_filtered: false,
    };
    let mut count = 0;
    let rows = lines().map_err(Into::into)?.map(|line| {
        count += 1;
        Ok::<_, E>(cells(&line?, options).into_iter().map(TableCell::from).collect::<Vec<_>>())
    });
    staged.write(|out| write_table(out, target, &head, rows))?;
    // What cannot be read the second time differs: the comparison ends there.
    let again = lines().map_err(Into::into)?.map_while(Result::ok);
    let again = again.map(|line| cells(&line, options).into_iter().map(Cow::Owned).collect());
    verify(staged.path(), options.format, std::iter::once(texts).chain(again))?;
    let (sha256, _) = digest(staged.path()).map_err(WriteError::io(target))?;
    staged.commit()?;
    Ok((count, sha256))
}

fn width(label: &str) -> f64 {
    match label {
        "证书编号" | "序列" | "证件号码" => 26.0,
        "所在单位" | "评价机构" | "发证机构" => 36.0,
        "职业名称" | "工种/职业方向" | "来源文件" | "取号时间" => 22.0,
        "更正、补发、撤销" | "作废、退回或撤销原因" | "缺号原因" => 30.0,
        _ => 12.0,
    }
}

fn cells(line: &YearLine, options: &YearExportOptions<'_>) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    match line {
        YearLine::Number(line) => {
            let c = &line.certificate;
            let shown = |field: Field| {
                let text = c.holder.cell(field).unwrap_or_default();
                if options.masked { field.masked(text) } else { text.to_string() }
            };
            cells.extend([c.code.to_string(), c.series.to_string(), c.serial.to_string()]);
            cells.extend([(options.status)(c.status), date::written(c.status_on)]);
            cells.extend(Holder::fields().map(shown));
            cells.extend([c.row.map_or(String::new(), |(batch, _)| batch.to_string()), line.file.clone()]);
            cells.extend([(options.time)(&line.taken_at), line.taken_by.clone(), c.taken.to_string()]);
            cells.extend(line.days.map(date::written));
            let cases: Vec<String> = line.cases.iter().map(|case| (options.case)(case)).collect();
            cells.extend([
                date::written(c.reissued_on),
                cases.join("；"),
                line.reason.clone(),
                String::new(),
                String::new(),
            ]);
        }
        YearLine::Gap(gap) => {
            let serials =
                if gap.first == gap.last { gap.first.to_string() } else { format!("{}-{}", gap.first, gap.last) };
            cells.extend([String::new(), gap.series.to_string(), serials]);
            cells.resize(TO_TIME, String::new());
            cells.extend([(options.time)(&gap.noted_at), gap.noted_by.clone()]);
            cells.resize(TO_GAP, String::new());
            cells.extend([gap.reason.clone(), options.gap.to_string()]);
        }
    }
    cells.into_iter().map(|cell| neutral(&cell, options.format).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_cell_for_every_label() {
        let options = YearExportOptions {
            format: TableFormat::CsvUtf8,
            overwrite: false,
            masked: true,
            lines: 1,
            sheet: "台账",
            created: DateTime::UNIX_EPOCH.fixed_offset(),
            status: &|status| status.key().to_string(),
            case: &|case| case.join(" "),
            time: &|time| time.to_string(),
            gap: "缺号",
        };
        let series = crate::domain::ledger::SeriesKey::read("S000062010001243J*****").unwrap();
        let gap = crate::domain::ledger::year_export::GapLine {
            series,
            first: 3,
            last: 9,
            reason: "=HYPERLINK(1)".into(),
            noted_at: "2026-11-21T08:00:00Z".into(),
            noted_by: "wang".into(),
        };
        let told = cells(&YearLine::Gap(gap), &options);
        assert_eq!(told.len(), labels().len());
        let at = |label: &str| told[labels().iter().position(|l| *l == label).unwrap()].as_str();
        assert_eq!((at("序列号"), at("取号人"), at("缺号原因")), ("3-9", "wang", "'=HYPERLINK(1)"));
        assert_eq!(at("备注"), "缺号");
    }
}
