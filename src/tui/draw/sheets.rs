//! The sheets of a workbook: each with its rows and what it looks like, and below them the first rows of the one under the cursor.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::domain::sheet::SheetLine;
use crate::domain::text;

/// So wide the name of a sheet becomes at most: spreadsheet programs allow 31 characters.
const NAME: usize = 40;
const ROWS: usize = 14;

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let sheets = app.import.sheets();
    let told = cells::wrap(&heading(app), usize::from(area.width));
    let above = told.len() as u16;
    for (y, line) in (0..above).zip(&told) {
        canvas.line(area, y, line, theme.of(Tone::Heading));
    }
    let rest = below(area, above + 1);
    // The list has what it needs, of a small screen half.
    let height = (sheets.len() as u16).min((rest.height / 2).max(1));
    let top = page_top(app.import.at(), usize::from(height));
    let widest = sheets.iter().map(|sheet| cells::width(&text::visible(&sheet.name))).max().unwrap_or_default();
    let name = widest.min(NAME).min(usize::from(area.width) / 3);
    for (i, sheet) in sheets.iter().enumerate().skip(top).take(usize::from(height)) {
        let (cursor, tone) = if i == app.import.at() { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        let y = (i - top) as u16;
        canvas.line(rest, y, &format!("{cursor} {}", line(app, i, sheet, name)), theme.of(tone));
        canvas.points(rest, y, MouseTarget::Line(app.base_place(), i));
    }
    let more = sheets.len().saturating_sub(top + usize::from(height));
    if more != 0 {
        canvas.line(
            rest,
            height,
            &format!("  {}", app.told("ui.list.more", &[("n", &more.to_string())])),
            theme.of(Tone::Dim),
        );
    }
    preview(canvas, app, theme, below(rest, height + 1));
}

fn below(area: Area, rows: u16) -> Area {
    Area { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

/// Says what is to be done, or what was marked.
fn heading(app: &App) -> String {
    let (count, rows, has_more) = app.import.marked_rows();
    let key = match (count, has_more) {
        (0, _) if app.import.sheets().len() == 1 => "ui.sheets.only",
        (0, _) => "ui.sheets.choose",
        (1, _) => "ui.sheets.marked-one",
        (_, false) => "ui.sheets.marked",
        (_, true) => "ui.sheets.marked-and-more",
    };
    app.locale.fill(key, &[("n", &count.to_string()), ("rows", &rows.to_string())])
}

fn line(app: &App, at: usize, sheet: &SheetLine, name: usize) -> String {
    let mark = if app.import.is_marked(at) { "[x]" } else { "[ ]" };
    let shown = cells::fit(&text::visible(&sheet.name), name);
    let rows = cells::right(&app.locale.sheet_rows(sheet), ROWS);
    format!("{mark} {shown} {rows}  {}", app.locale.sheet_kind(sheet, app.import.sheet_held(sheet)))
}

fn preview(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(sheet) = app.import.sheet_in_hand().filter(|_| 1 < area.height) else { return };
    let rows = app.import.sheet_rows();
    let key = if rows.is_empty() { "ui.sheets.no-rows" } else { "ui.sheets.first-rows" };
    let title = app.locale.fill(key, &[("sheet", &text::visible(&sheet.name))]);
    canvas.line(area, 0, &title, theme.of(Tone::Dim));
    for (y, row) in (1..area.height).zip(&rows) {
        canvas.line(area, y, row, theme.of(Tone::Plain));
    }
}
