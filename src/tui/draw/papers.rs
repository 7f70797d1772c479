//! What is handed in of a thing: a page of lines, with what is to be known above them and what is typed or asked below.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use super::overlay::{answer, more_below};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::ledger::paper::{PaperAsk, PaperLine, PaperMark};
use crate::app::mouse::MouseTarget;
use crate::app::overlay::PapersPane;
use crate::domain::rules::Severity;

/// So many lines what is to be known above the page takes at most; in a low window one.
const HEAD: usize = 4;

/// So many lines the line under the cursor takes below the page, where it is cut.
const FULL: usize = 2;

/// So many lines what is asked or typed takes at most.
const ASKED: usize = 4;

/// Draws the inside of the pane.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &PapersPane) {
    let width = usize::from(area.width);
    let Some(page) = pane.page() else {
        return canvas.line(area, 0, app.locale.text("papers.looking-up"), theme.of(Tone::Title));
    };
    let waits = if pane.is_waiting() { app.locale.text("papers.looking-up") } else { "" };
    canvas.line(area, 0, format!("{}  {waits}", page.title).trim_end(), theme.of(Tone::Title));
    let most = if area.height < 10 { 1 } else { HEAD };
    let mut y = 1;
    for line in page.head.iter().flat_map(|told| cells::wrap(told, width)).take(most) {
        canvas.line(area, y, &line, theme.of(Tone::Of(Severity::Notice)));
        y += 1;
    }
    let foot = foot(canvas, app, theme, area, pane);
    let below = Area { y: area.y + y, height: area.height.saturating_sub(y + foot), ..area };
    let (at, height) = (pane.at(), usize::from(below.height));
    // A form stands as it is; elsewhere a sign tells the line under the cursor.
    let is_drawn = matches!(pane.ask(), PaperAsk::Form(_));
    let top = page_top(at, height);
    for (i, line) in pane.lines().iter().enumerate().skip(top).take(height) {
        let tone = if i == at { Tone::Cursor } else { tone(line) };
        let sign = match (is_drawn, i == at) {
            (true, _) => "",
            (false, true) => "> ",
            (false, false) => "  ",
        };
        let text = format!("{sign}{}", cells::from_column(&line.text, pane.left()));
        canvas.line(below, (i - top) as u16, &text, theme.of(tone));
        canvas.points(below, (i - top) as u16, MouseTarget::Line(app.place(), i));
    }
    more_below(canvas, app, theme, area, pane.count().saturating_sub(top + height));
}

fn tone(line: &PaperLine) -> Tone {
    match line.mark {
        PaperMark::Plain => Tone::Plain,
        PaperMark::Head => Tone::Heading,
        PaperMark::Done => Tone::Good,
        PaperMark::Lacking => Tone::Of(Severity::Warning),
        PaperMark::Wrong => Tone::Bad,
    }
}

/// Draws what is asked or typed, else the line under the cursor in full where it is cut; gives how many lines it takes.
fn foot(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &PapersPane) -> u16 {
    let width = usize::from(area.width);
    if let Some(question) = pane.question() {
        let lines = asked(question, width);
        put(canvas, theme, area, &lines, (1, Tone::Plain));
        answer(canvas, app, theme, area, "ui.confirm.keys");
        return lines.len() as u16 + 1;
    }
    if let Some(text) = pane.text() {
        let lines = asked(&pane.text_label(&app.locale), width);
        put(canvas, theme, area, &lines, (1, Tone::Heading));
        let last = area.y + area.height.saturating_sub(1);
        canvas.line(area, area.height.saturating_sub(1), "", theme.of(Tone::Plain));
        canvas.prompt(area.x, last, area.width, &text.prompt, theme.of_prompt(&text.prompt));
        return lines.len() as u16 + 1;
    }
    let Some(line) = pane.lines().get(pane.at()).filter(|line| width < cells::width(&line.text) + 2) else { return 0 };
    if matches!(pane.ask(), PaperAsk::Form(_)) || area.height < 10 {
        return 0;
    }
    let mut lines = cells::wrap(&line.text, width);
    lines.truncate(FULL);
    put(canvas, theme, area, &lines, (0, Tone::Dim));
    lines.len() as u16
}

fn asked(text: &str, width: usize) -> Vec<String> {
    let mut lines = cells::wrap(text, width);
    lines.truncate(ASKED);
    lines
}

/// Puts lines at the foot of an area, so many above its last one.
fn put(canvas: &mut Canvas<'_>, theme: Theme, area: Area, lines: &[String], (above, tone): (usize, Tone)) {
    let first = usize::from(area.height).saturating_sub(lines.len() + above);
    for (i, line) in lines.iter().enumerate() {
        canvas.line(area, (first + i) as u16, line, theme.of(tone));
    }
}
