//! What lies over a pane for the ledger's sake: a choice, and what a question is about.

use std::borrow::Cow;

use super::super::super::cells::{self, Canvas, page_top};
use super::super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::ChoosePane;

/// The lines that a choice has which is longer than one.
pub const CHOSEN: u16 = 3;

/// Tells whether answers are longer than a line of such a width.
pub fn cuts_choices(choose: &ChoosePane, width: usize) -> bool {
    let lines = choose.options().iter().enumerate().map(|(i, (_, words))| with_bar(choose, i, words));
    lines.into_iter().any(|words| width < cells::width(&words) + 2)
}

/// Puts behind an answer that cannot be given why it cannot.
pub(super) fn with_bar<'a>(choose: &ChoosePane, at: usize, words: &'a str) -> Cow<'a, str> {
    choose.bar(at).map_or(Cow::Borrowed(words), |why| format!("{words}  ({why})").into())
}

/// Draws a question with its answers.
pub fn draw_choose(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, choose: &ChoosePane) {
    canvas.line(area, 0, choose.title(), theme.of(Tone::Title));
    canvas.line(area, 1, &app.told(choose.question_key(), &[]), theme.of(Tone::Heading));
    // Where lines are cut, the one that is chosen stands below in full.
    let below = if cuts_choices(choose, usize::from(area.width)) { CHOSEN + 1 } else { 0 };
    let rest = Area { y: area.y + 2, height: area.height.saturating_sub(4 + below), ..area };
    let height = usize::from(rest.height);
    let top = page_top(choose.at(), height);
    if let Some((_, chosen)) = choose.options().get(choose.at()).filter(|_| below != 0) {
        let lines = cells::wrap(&with_bar(choose, choose.at(), chosen), usize::from(area.width));
        for (y, line) in (area.height.saturating_sub(below + 1)..).zip(lines.iter().take(usize::from(CHOSEN))) {
            canvas.line(area, y, line, theme.of(Tone::Plain));
        }
    }
    for (i, (_, words)) in choose.options().iter().enumerate().skip(top).take(height) {
        let (mark, tone) = match (i == choose.at(), choose.bar(i)) {
            (true, _) => ('>', Tone::Cursor),
            (_, Some(_)) => (' ', Tone::Dim),
            _ => (' ', Tone::Plain),
        };
        let tick = choose.tick(i).map_or("", |is_ticked| if is_ticked { "[x] " } else { "[ ] " });
        let words = with_bar(choose, i, words);
        canvas.line(rest, (i - top) as u16, &format!("{mark} {tick}{words}"), theme.of(tone));
        canvas.points(rest, (i - top) as u16, MouseTarget::Line(Place::Choose, i));
    }
    super::super::overlay::more_below(canvas, app, theme, area, choose.options().len().saturating_sub(top + height));
    let keys = if choose.tick(0).is_some() { "ui.ledger.tick-keys" } else { "ui.ledger.choose-keys" };
    canvas.line(area, area.height.saturating_sub(1), &app.told(keys, &[]), theme.of(Tone::Key));
}
