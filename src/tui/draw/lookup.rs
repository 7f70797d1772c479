//! The look-up pane: the line that is typed, what was found, and the chosen entry in full.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{LookupPane, MOST_HITS};
use crate::domain::lookup::LookupEntry;

/// The lines the chosen entry may take below the list.
const FULL: usize = 3;

/// Draws the inside of the pane.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &LookupPane) {
    let kind = pane.kind().map_or(app.locale.text("ui.lookup.all"), |kind| app.locale.entry_kind(kind));
    let kind = app.locale.fill("ui.lookup.kind", &[("kind", kind)]);
    let wide = (cells::width(&kind) as u16).min(area.width / 2);
    let end = area.x + area.width;
    let x = canvas.put(area.x, area.y, area.width, app.locale.text("ui.lookup.prompt"), theme.of(Tone::Heading)) + 1;
    canvas.put(end - wide, area.y, wide, &kind, theme.of(Tone::Dim));
    canvas.prompt(x, area.y, (end - wide).saturating_sub(x + 1).max(1), pane.prompt(), theme.of(Tone::Typing));

    let full = pane.chosen().map(|entry| in_full(entry, usize::from(area.width))).unwrap_or_default();
    // In a low box the list needs the room.
    let full = if area.height < 10 { &[] } else { full.as_slice() };
    let height = usize::from(area.height).saturating_sub(2 + full.len());
    if pane.count() == 0 {
        let key = match (pane.is_prepared(), pane.prompt().text().trim()) {
            (false, _) => "ui.lookup.preparing",
            (true, "") => "ui.lookup.hint",
            _ => "ui.lookup.nothing",
        };
        for (i, line) in cells::wrap(app.locale.text(key), usize::from(area.width)).iter().enumerate().take(height) {
            canvas.line(area, i as u16 + 2, line, theme.of(Tone::Dim));
        }
    }
    let top = page_top(pane.at(), height);
    let shown = (top..pane.count()).take(height).filter_map(|i| pane.entry(i));
    let widest = shown.map(|entry| cells::width(&entry.code)).max().unwrap_or(0);
    let widths = widths(usize::from(area.width), widest);
    for i in (0..pane.count()).skip(top).take(height) {
        let Some(entry) = pane.entry(i) else { continue };
        let (mark, tone) = if i == pane.at() { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        let columns = [app.locale.entry_kind(entry.kind), &entry.code, &entry.text];
        // The mark stands before what Enter takes.
        let (before, behind) = if i == pane.at() && pane.takes_code() { (' ', mark) } else { (mark, ' ') };
        let mut text = format!("{before} ");
        for (n, (column, wide)) in columns.into_iter().zip(widths).enumerate() {
            text += &cells::fit(column, wide);
            text.push(if n == 0 { behind } else { ' ' });
        }
        canvas.line(area, (i - top) as u16 + 1, &(text + &entry.note), theme.of(tone));
        canvas.points(area, (i - top) as u16 + 1, MouseTarget::Line(Place::Lookup, i));
    }
    for (i, line) in full.iter().enumerate() {
        canvas.line(area, area.height.saturating_sub((full.len() - i) as u16), line, theme.of(Tone::Plain));
    }
    super::overlay::more_below(canvas, app, theme, area, pane.count().saturating_sub(top + height));
    if pane.count() == MOST_HITS && 2 <= area.height {
        let more = app.locale.fill("ui.lookup.more", &[("n", &MOST_HITS.to_string())]);
        canvas.line(area, area.height - 1 - full.len() as u16, &more, theme.of(Tone::Dim));
    }
}

/// Gives the columns of kind, code and text; the remark gets the rest. A code that is cut is none, and a telephone number is long.
fn widths(width: usize, widest: usize) -> [usize; 3] {
    let [least, text] = if width < 60 { [8, 16] } else { [12, width * 2 / 5] };
    let code = widest.clamp(least, (width / 3).max(least));
    [8, code, text.saturating_sub(code - least).max(16)]
}

/// Writes an entry in full, on as many lines as there are.
fn in_full(entry: &LookupEntry, width: usize) -> Vec<String> {
    let parts = [&entry.code, &entry.text, &entry.note].map(String::as_str);
    let all = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("  ");
    let mut lines = cells::wrap(&all, width);
    if FULL < lines.len() {
        lines = vec![lines[0].clone(), lines[1].clone(), cells::cut(&lines[2..].concat(), width).into_owned()];
    }
    lines
}
