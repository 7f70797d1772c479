//! The record view: one row with all its columns, and under each cell what was found in it.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use super::grid::cell_mark;
use crate::app::App;
use crate::app::layout::{Area, Focus};
use crate::app::roster::record::{BEFORE, LABEL, RecordPart};

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
    let lines = app.record_lines(usize::from(area.width));
    let height = usize::from(area.height.saturating_sub(1));
    let top = app.record_top(&lines, height);
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
        let is_focused = app.roster.grid().focus == Focus::Record;
        let (mark, tone) = match line.part {
            RecordPart::Said => (None, Tone::Title),
            RecordPart::Finding(severity) => (None, Tone::Of(severity)),
            RecordPart::Aid | RecordPart::Kept => (None, Tone::Dim),
            RecordPart::Cell(field) => {
                let mark = cell_mark(batch, batch.findings().of_row(row), row, field);
                let tone = match line.is_current {
                    true if is_focused => Tone::Cursor,
                    true => Tone::Current,
                    false if batch.roster().is_aside(row) => Tone::Dim,
                    // As in the grid: what was mended and is still at fault is not done.
                    false => mark.map_or(Tone::Plain, |(_, tone)| tone),
                };
                (mark, tone)
            }
        };
        let before = match &line.label {
            Some(label) => format!(" {}{}  ", mark.map_or(' ', |(sign, _)| sign), cells::fit(label, LABEL)),
            None => " ".repeat(if line.part == RecordPart::Said { 2 } else { BEFORE }),
        };
        canvas.line(area, y, &format!("{before}{}", line.text), theme.of(tone));
        if !(line.is_current && line.label.is_some()) {
            continue;
        }
        canvas.put(area.x, area.y + y, 1, ">", theme.of(Tone::Current));
        let is_typed_here = app.roster.edit().is_some_and(|e| e.row == row) && app.roster.grid().focus == Focus::Record;
        if let Some(prompt) = app.roster.typed().filter(|_| is_typed_here) {
            let x = area.x + BEFORE as u16;
            let room = (area.x + area.width).saturating_sub(x);
            canvas.prompt(x, area.y + y, room, &prompt, theme.of(Tone::Typing));
        }
    }
}

/// Gives the title of a pane; of the one that has the focus with a sign, for those who see no colours.
pub fn focused_title(title: &str, is_focused: bool) -> String {
    if is_focused { format!("> {title}") } else { title.to_string() }
}
