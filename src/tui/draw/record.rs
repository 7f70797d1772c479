//! The record view: one row with all its columns, and under each cell what was found in it.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone, sign};
use super::grid::{cell_mark, said_line};
use crate::app::App;
use crate::app::layout::{Area, Focus, WIDE};
use crate::domain::batch::Batch;
use crate::domain::roster::RowWhat;
use crate::domain::rules::Finding;

const LABEL: usize = 14;

struct RecordLine {
    text: String,
    tone: Tone,
    /// Whether the line belongs to the cursor's column.
    is_current: bool,
    /// Whether a cell begins here.
    begins: bool,
}

/// Draws the cursor's row.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let (Some(batch), Some(row)) = (app.roster.batch(), app.roster.row()) else {
        for line in 0..area.height {
            canvas.line(area, line, "", theme.of(Tone::Plain));
        }
        return;
    };
    let number = batch.roster().line(row).to_string();
    let tone = if app.roster.grid().focus == Focus::Record { Tone::Heading } else { Tone::Dim };
    let parts = batch.roster().parts();
    let title = match parts.get(batch.roster().part_of(row)) {
        Some(part) => {
            let place = app.locale.file_place(&part.origin.file, &part.origin.sheet);
            app.locale.fill("ui.record.title-from", &[("line", &number), ("place", &place)])
        }
        None => app.locale.fill("ui.record.title", &[("line", &number)]),
    };
    let mut title = focused_title(&title, app.roster.grid().focus == Focus::Record);
    let lines = lines(app, usize::from(area.width));
    let height = usize::from(area.height.saturating_sub(1));
    let from = lines.iter().position(|l| l.is_current).unwrap_or(0);
    let to = lines.iter().rposition(|l| l.is_current).unwrap_or(0) + 1;
    // As far down as the cursor's lines need, no further: what stands above stays still while the cursor moves.
    let top = to.saturating_sub(height).min(from);
    let below = lines.len().saturating_sub(top + height);
    if below != 0 {
        title += &format!("  {}", app.told("ui.list.more", &[("n", &below.to_string())]));
    }
    canvas.heading(area, &title, theme.of(tone));
    for i in 0..height {
        let y = i as u16 + 1;
        let Some(line) = lines.get(top + i) else {
            canvas.line(area, y, "", theme.of(Tone::Plain));
            continue;
        };
        canvas.line(area, y, &line.text, theme.of(line.tone));
        if !(line.is_current && line.begins) {
            continue;
        }
        canvas.put(area.x, area.y + y, 1, ">", theme.of(Tone::Current));
        let is_typed_here = app.roster.edit().is_some_and(|e| e.row == row) && app.roster.grid().focus == Focus::Record;
        if let Some(prompt) = app.roster.typed().filter(|_| is_typed_here) {
            let x = area.x + LABEL as u16 + 4;
            let room = (area.x + area.width).saturating_sub(x);
            canvas.prompt(x, area.y + y, room, &prompt, theme.of(Tone::Typing));
        }
    }
}

/// Writes the clause a finding stands on, and what its cell may become, masked as the cell is.
fn on_what_and_what_to(app: &App, batch: &Batch, finding: &Finding) -> String {
    let clause = match batch.context().clause(finding.rule, finding.field, finding.detail) {
        "" => None,
        clause => Some(app.locale.fill("ui.record.clause", &[("clause", clause)])),
    };
    // The key is named where it takes this proposal, and not another's.
    let is_meant = app.roster.means(finding);
    let proposal = batch.fix(finding).map(|fix| {
        let to = app.roster.shown(finding.row, fix.field, &fix.to);
        let key = if is_meant { "ui.record.proposal" } else { "ui.record.proposal-there" };
        app.told(key, &[("to", &app.locale.bracketed(&to))])
    });
    let aside = batch
        .may_go(finding)
        .then(|| app.told(if is_meant { "ui.record.proposal-aside" } else { "ui.record.proposal-aside-there" }, &[]));
    let number = finding.wants_number().then(|| app.told("ui.record.proposal-number", &[]));
    // What another finding makes of the same cell stands with that one.
    let is_elsewhere = || {
        let mut of_cell = batch.findings().of_row(finding.row).iter().filter(|f| f.field == finding.field);
        of_cell.any(|f| batch.fix(f).is_some())
    };
    let none = || (!is_elsewhere()).then(|| app.locale.text("ui.record.no-proposal").to_string());
    clause.into_iter().chain(proposal.or(aside).or(number).or_else(none)).collect::<Vec<_>>().join("  ")
}

/// Gives the title of a pane; of the one that has the focus with a sign, for those who see no colours.
pub fn focused_title(title: &str, is_focused: bool) -> String {
    if is_focused { format!("* {title}") } else { title.to_string() }
}

/// Tells what stood in a cell when it was imported; nothing is said to have been nothing.
pub fn imported_told(app: &App, imported: &str) -> String {
    let value = if imported.is_empty() { app.locale.text("ui.record.blank") } else { imported };
    app.locale.fill("ui.record.imported", &[("value", value)])
}

fn lines(app: &App, width: usize) -> Vec<RecordLine> {
    let (Some(batch), Some(row)) = (app.roster.batch(), app.roster.row()) else { return Vec::new() };
    let masked = app.roster.grid().unmasked != Some(row);
    let findings = batch.findings().of_row(row);
    let room = width.saturating_sub(LABEL + 4).max(2);
    let mut lines = Vec::new();
    let is_aside = batch.roster().is_aside(row);
    for what in RowWhat::ALL {
        let Some(text) = app.roster.said(row, what) else { continue };
        for part in cells::wrap(&said_line(app, what, &text), width.saturating_sub(2).max(2)) {
            lines.push(RecordLine { text: format!("  {part}"), tone: Tone::Title, is_current: false, begins: false });
        }
    }
    for field in app.roster.grid().fields.iter().copied() {
        let is_current = field == app.roster.grid().field();
        let mark = cell_mark(batch, findings, row, field);
        let label = cells::fit(batch.context().sheet().label(field), LABEL);
        let tone = match (is_current, batch.roster().is_edited(row, field)) {
            (true, _) => Tone::Current,
            _ if is_aside => Tone::Dim,
            (_, true) => Tone::Edited,
            _ => Tone::Plain,
        };
        for (i, part) in cells::wrap(&app.roster.shown_cell(row, field), room).into_iter().enumerate() {
            let text = if i == 0 {
                format!(" {}{label}  {part}", mark.map_or(' ', |(c, _)| c))
            } else {
                format!("{}{part}", " ".repeat(LABEL + 4))
            };
            lines.push(RecordLine { text, tone, is_current, begins: i == 0 });
        }
        let under = " ".repeat(LABEL + 4);
        if batch.roster().is_edited(row, field) {
            let imported = app.roster.shown(row, field, batch.roster().imported(row, field));
            let text = format!("{under}{}", imported_told(app, &imported));
            lines.push(RecordLine { text, tone: Tone::Dim, is_current, begins: false });
        }
        for finding in findings.iter().filter(|f| f.field == field) {
            let severity = finding.severity();
            let sentence = app.locale.finding(batch, finding, masked);
            let sentence = format!("{} {} {sentence}", sign(severity), finding.rule.spec().code);
            for part in cells::wrap(&sentence, room) {
                let text = format!("{under}{part}");
                lines.push(RecordLine { text, tone: Tone::Of(severity), is_current, begins: false });
            }
            // Beside the grid the pane has room for what the finding stands on and what may be done.
            if WIDE <= app.size.0 {
                for part in cells::wrap(&on_what_and_what_to(app, batch, finding), room) {
                    let text = format!("{under}{part}");
                    lines.push(RecordLine { text, tone: Tone::Dim, is_current, begins: false });
                }
            }
        }
    }
    for (column, source) in batch.roster().columns.source.iter().enumerate().filter(|(_, c)| c.field.is_none()) {
        let shown = app.roster.shown_aside(row, column);
        if !shown.is_empty() {
            let text = format!("  {}  {shown}", cells::fit(&source.label_in_line(), LABEL));
            lines.push(RecordLine { text, tone: Tone::Dim, is_current: false, begins: false });
        }
    }
    lines
}
