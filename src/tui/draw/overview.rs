//! The summary beside the findings: column by column how much is filled in, how much of it is at fault and how much is mended.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;

/// How wide a number is.
const NUMBER: usize = 8;

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(batch) = app.roster.batch() else { return };
    canvas.heading(area, app.locale.text("ui.overview.title"), theme.of(Tone::Dim));
    for y in 1..area.height {
        canvas.line(area, y, "", theme.of(Tone::Plain));
    }
    let label = usize::from(area.width).saturating_sub(3 * (NUMBER + 1) + 2);
    let line = |name: &str, numbers: [&str; 3]| {
        let numbers = numbers.map(|number| cells::right(number, NUMBER));
        format!(" {} {}", cells::fit(name, label), numbers.join(" "))
    };
    let heads = ["ui.overview.filled", "ui.overview.found", "ui.overview.mended"].map(|key| app.locale.text(key));
    canvas.line(area, 1, &line(app.locale.text("ui.overview.column"), heads), theme.of(Tone::Dim));
    for (y, field) in (2..area.height).zip(app.roster.grid().fields.iter().copied()) {
        let state = batch.column_state(field);
        let numbers = [state.filled, state.found, state.mended].map(|n| n.to_string());
        let text = line(batch.context().sheet().label(field), numbers.each_ref().map(String::as_str));
        let tone = match state {
            state if state.found != 0 => Tone::Plain,
            state if state.mended != 0 => Tone::Good,
            _ => Tone::Dim,
        };
        canvas.line(area, y, &text, theme.of(tone));
    }
}
