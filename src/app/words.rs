//! The sentence of a finding, in one place.

use crate::domain::batch::Batch;
use crate::domain::rules::{Detail, Finding};
use crate::locale::Locale;

/// Says what was found in a cell. `masked` hides personal data.
pub fn finding(locale: &Locale, batch: &Batch, finding: &Finding, masked: bool) -> String {
    let spec = finding.rule.spec();
    let title = locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
    let cell = batch.roster().cell(finding.row, finding.field);
    let value = if masked { finding.field.masked(cell) } else { cell.to_string() };
    let detail = match finding.detail {
        Detail::None => String::new(),
        Detail::Row(row) => format!(" #{}", batch.roster().line(row)),
        Detail::Number(n) => format!(" {n}"),
        Detail::Position(n) => format!(" @{n}"),
        Detail::Expected(c) => format!(" -> {c}"),
        Detail::Segment(i) => format!(" [{i}]"),
    };
    format!("{title}{detail}: {value}")
}
