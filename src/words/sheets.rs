//! Words for the sheets of a workbook (工作表) among which one chooses.

use super::Locale;
use crate::domain::ledger::BatchId;
use crate::domain::sheet::{SheetKind, SheetLine, TabState};
use crate::domain::text;

impl Locale {
    /// Says how many rows a sheet has, as far as they were counted.
    pub fn sheet_rows(&self, sheet: &SheetLine) -> String {
        let key = match (sheet.rows, sheet.has_more) {
            (0, true) => "ui.sheets.not-counted",
            (_, true) => "ui.sheets.rows-and-more",
            (_, false) => "ui.sheets.rows",
        };
        self.fill(key, &[("n", &sheet.rows.to_string())])
    }

    /// Says what a sheet looks like, that its tab is not shown, and which batch holds its rows already.
    pub fn sheet_kind(&self, sheet: &SheetLine, held: Option<BatchId>) -> String {
        let kind = match sheet.kind {
            SheetKind::Roster => "ui.sheets.roster",
            SheetKind::Instructions => "ui.sheets.instructions",
            SheetKind::Other => "ui.sheets.other",
            SheetKind::Blank => "ui.sheets.blank",
            SheetKind::Unknown => "ui.sheets.unknown",
        };
        let tab = match sheet.tab {
            TabState::Visible => None,
            TabState::Hidden => Some("ui.sheets.hidden"),
            TabState::VeryHidden => Some("ui.sheets.very-hidden"),
        };
        let told = tab.into_iter().chain([kind]).map(|key| self.text(key).to_string());
        let held = held.map(|batch| self.fill("ui.sheets.held", &[("batch", &batch.to_string())]));
        told.chain(held).collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Tells of a sheet all that is known before it is read.
    pub fn sheet_told(&self, sheet: &SheetLine, held: Option<BatchId>) -> String {
        let name = text::visible(&sheet.name);
        let (rows, kind) = (self.sheet_rows(sheet), self.sheet_kind(sheet, held));
        self.fill("ui.sheets.told", &[("sheet", &name), ("rows", &rows), ("kind", &kind)])
    }
}
