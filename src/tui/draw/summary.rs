//! What the roster holds, counted, with bars.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::SummaryPane;
use crate::domain::summary::{SummaryBy, SummaryTable};

/// How wide the bars are.
const BAR: usize = 12;

/// Draws the inside of the pane: what is counted of the whole, then the tables one below the other.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &SummaryPane) {
    let Some(summary) = pane.summary() else {
        return canvas.line(area, 0, app.locale.text("summary.counting"), theme.of(Tone::Title));
    };
    canvas.line(area, 0, &app.locale.summary_told(summary), theme.of(Tone::Title));
    let below = Area { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let height = usize::from(below.height);
    // Where a line is drawn, with the heads and what parts the tables.
    let mut seen = 0;
    let heads = summary.tables.iter().take_while(|table| {
        let is_above = seen <= pane.at();
        seen += table.lines.len();
        is_above
    });
    let top = page_top(pane.at() + heads.count() * 2, height);
    // A head and a blank line part the tables.
    let all: usize = summary.tables.iter().map(|table| table.lines.len() + 2).sum();
    super::overlay::more_below(canvas, app, theme, area, all.saturating_sub(top + height));
    let (mut row, mut nth) = (0, 0);
    for table in &summary.tables {
        if top <= row + 1 && row + 1 < top + height {
            canvas.line(below, (row + 1 - top) as u16, &head(app, table), theme.of(Tone::Heading));
        }
        row += 2;
        let longest = table.longest();
        let hidden = top.saturating_sub(row).min(table.lines.len());
        for (i, line) in table.lines.iter().enumerate().skip(hidden) {
            if top + height <= row + i {
                return;
            }
            let is_here = nth + i == pane.at();
            let (mark, tone) = if is_here { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
            let (rows, errors) = (cells::right(&line.rows.to_string(), 7), cells::right(&line.errors.to_string(), 7));
            let bar = cells::fit(&app.locale.summary_bar(line, longest, (theme.strokes().full, BAR as u32)), BAR);
            let text = format!("{mark} {rows} {errors} {bar} {}", app.locale.summary_name(table.by, line));
            let y = (row + i - top) as u16;
            canvas.line(below, y, &text, theme.of(tone));
            canvas.points(below, y, MouseTarget::Line(app.place(), nth + i));
        }
        (row, nth) = (row + table.lines.len(), nth + table.lines.len());
    }
}

/// Names what a table counts, and over its numbers what they are.
fn head(app: &App, table: &SummaryTable) -> String {
    let of_rule = table.by == SummaryBy::Rule;
    let errors = if of_rule { "summary.column.cells" } else { "summary.column.errors" };
    let [rows, errors] = ["summary.column.rows", errors].map(|key| cells::right(app.locale.text(key), 7));
    format!("  {rows} {errors} {} {}", cells::fit("", BAR), app.locale.summary_title(table.by))
}
