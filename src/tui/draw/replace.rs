//! What is replaced by what: a line for each text and each choice, and what is wrong below the line in which it is.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{ReplaceLine, ReplacePane};

/// Draws the inside of the pane.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &ReplacePane) {
    let Some(batch) = app.roster.batch() else { return };
    let locale = &app.locale;
    let label_of = |line: ReplaceLine| match line {
        ReplaceLine::What => "ui.replace.what",
        ReplaceLine::By => "ui.replace.by",
        ReplaceLine::How => "ui.replace.how",
        ReplaceLine::Columns => "ui.replace.columns",
        ReplaceLine::Rows => "ui.replace.rows",
    };
    let chosen = |line: ReplaceLine| match line {
        ReplaceLine::What | ReplaceLine::By => String::new(),
        ReplaceLine::How if pane.is_expression() => locale.text("ui.replace.expression").to_string(),
        ReplaceLine::How => locale.text("ui.replace.text").to_string(),
        ReplaceLine::Columns if pane.in_every_column() => locale.text("ui.replace.every-column").to_string(),
        ReplaceLine::Columns => {
            locale.fill("ui.replace.column", &[("column", batch.context().sheet().label(pane.field()))])
        }
        ReplaceLine::Rows if pane.in_every_row() => {
            locale.fill("ui.replace.every-row", &[("n", &batch.roster().len().to_string())])
        }
        ReplaceLine::Rows => {
            locale.fill("ui.replace.rows-shown", &[("n", &app.roster.grid().count(batch).to_string())])
        }
    };
    let indent = ReplaceLine::ALL.map(|line| cells::width(locale.text(label_of(line)))).into_iter().max().unwrap_or(0);
    let mut y = 0;
    for line in ReplaceLine::ALL {
        let is_here = pane.line() == line;
        let (mark, tone) = if is_here { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        let label = format!("{mark} {} ", cells::fit(locale.text(label_of(line)), indent));
        canvas.line(area, y, &format!("{label}{}", chosen(line)), theme.of(tone));
        let x = area.x + cells::width(&label) as u16;
        let wide = (area.x + area.width).saturating_sub(x);
        match pane.typed(line) {
            Some(prompt) if is_here => canvas.prompt(x, area.y + y, wide, prompt, theme.of(Tone::Typing)),
            Some(prompt) => drop(canvas.put(x, area.y + y, wide, prompt.text(), theme.of(Tone::Plain))),
            None => {}
        }
        canvas.points(area, y, MouseTarget::Line(Place::Replace, line as usize));
        y += 1;
        if let Some((_, bad)) = pane.fault().filter(|(at, _)| *at == line) {
            let told = locale.pattern_fault(&bad);
            for part in cells::wrap(&told, usize::from(wide)) {
                canvas.put(x, area.y + y, wide, &part, theme.of(Tone::Bad));
                y += 1;
            }
        }
    }
    let words = if pane.is_waiting() { "ui.replace.working" } else { "ui.replace.hint" };
    canvas.line(area, area.height.saturating_sub(1), &app.told(words, &[]), theme.of(Tone::Dim));
}
