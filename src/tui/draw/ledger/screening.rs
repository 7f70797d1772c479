//! What asks for a second look, a line for each; and one of it in full.

use super::super::super::theme::Tone;
use super::{Pane, columns};
use crate::app::ledger::screening::Page;
use crate::domain::rules::Severity;
use crate::domain::wrap::wrap;

/// How wide the kind of a finding is.
const KIND: usize = 14;

/// So many lines a finding has above what it names.
const TOLD: usize = 4;

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let rest = pane.width().saturating_sub(2 + KIND + 1).max(8);
    let of = app.ledger.lists().screening.of;
    let (screened, n) = match of {
        Some(batch) => ("ui.ledger.screened-batch", batch.to_string()),
        None => ("ui.ledger.screened-ledger", String::new()),
    };
    pane.above(0, &app.told(screened, &[("batch", &n)]), Tone::Heading);
    pane.head(&[("screen.column.kind", KIND), ("screen.column.what", rest)]);
    let list = &app.ledger.lists().screening.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.screening");
    }
    pane.list(list.at, list.lines().len(), |i| {
        let finding = list.lines().get(i)?;
        let told = app.locale.screening_told(finding);
        let texts = [(app.locale.screening_kind(finding), KIND), (&*told, rest)];
        Some((columns(&texts), Tone::Of(Severity::Warning)))
    });
    if let Some(finding) = list.current() {
        pane.detail(&app.locale.screening_told(finding));
    }
}

/// Draws a finding: the sentence, then each number or row that it names.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let app = pane.app;
    pane.heading(0, app.locale.screening_kind(&page.finding));
    let told = app.locale.screening_told(&page.finding);
    for (row, line) in (1..).zip(wrap(&told, pane.width().saturating_sub(2)).into_iter().take(TOLD)) {
        pane.above(row, &format!(" {line}"), Tone::Plain);
    }
    let parts = page.parts();
    if parts.is_empty() {
        return pane.nothing(true, "screen.no-parts");
    }
    pane.list(page.at, parts.len(), |i| parts.get(i).map(|line| (line.clone(), Tone::Plain)));
}
