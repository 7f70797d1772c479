//! The list of batches: a line for each, and the one under the cursor in full below.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::command::Place;
use crate::app::import::{BatchLine, Waiting};
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;

/// How many lines the batch under the cursor may take.
const FULL: usize = 2;

/// So wide the names of files are at least, so that the list does not change its shape while it is narrowed.
const NAMES: usize = 40;

/// The columns behind the file: the key of the heading, and how wide.
const COLUMNS: [(&str, usize); 7] = [
    ("ui.batches.day", 10),
    ("ui.batches.user", 8),
    ("ui.batches.rows", 6),
    ("ui.batches.errors", 6),
    ("ui.batches.edits", 6),
    ("ui.batches.numbers", 6),
    ("ui.batches.exported", 5),
];

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let (import, locale) = (&app.import, &app.locale);
    let x = canvas.put(area.x, area.y, area.width, locale.text("ui.batches.narrow"), theme.of(Tone::Dim)) + 1;
    canvas.prompt(x, area.y, area.width.saturating_sub(x).min(40), import.narrow(), theme.of(Tone::Typing));
    if let Some(key) = import.batches_waiting().key() {
        let told = locale.text(key);
        let wide = cells::width(told).min(usize::from(area.width)) as u16;
        canvas.put(area.x + area.width - wide, area.y, wide, told, theme.of(Tone::Heading));
    }
    let heads = COLUMNS.map(|(key, _)| locale.text(key).to_string());
    let shown = import.batches();
    let digits = shown.iter().map(|line| line.batch.to_string().len()).max().unwrap_or_default();
    let name = |line: &BatchLine| {
        let archived = if line.is_archived { locale.text("ui.batches.archived-mark") } else { "" };
        let lacking = if line.lacking == 0 { "" } else { locale.text("ui.batches.lacking-mark") };
        format!("{:>digits$} {archived}{lacking}{}", line.batch.to_string(), line.full_name(locale))
    };
    // As wide as the names are, so that the rest stands beside them.
    let taken: usize = COLUMNS.iter().map(|(_, wide)| wide + 1).sum();
    let widest = shown.iter().map(|line| cells::width(&name(line))).max().unwrap_or_default().max(NAMES);
    let widest = widest.min(usize::from(area.width).saturating_sub(taken + 2));
    canvas.line(
        area,
        2,
        &format!("  {}", row(locale.text("ui.batches.file"), &heads, widest)),
        theme.of(Tone::Heading),
    );
    let in_hand = import.batch_in_hand().map(|line| cells::wrap(&line.told(locale), usize::from(area.width)));
    let mut full = in_hand.unwrap_or_default();
    full.truncate(FULL);
    let below = Area { y: area.y + 3, height: area.height.saturating_sub(3 + FULL as u16), ..area };
    if shown.is_empty() && import.knows_batches() {
        let is_narrowed = !import.narrow().text().is_empty() || import.batches_waiting() != Waiting::Any;
        let words = match import.hidden_batches() {
            _ if is_narrowed => locale.text("ui.batches.none-of-these").to_string(),
            0 => locale.text("ui.batches.none").to_string(),
            n => app.told("ui.batches.all-archived", &[("n", &n.to_string())]),
        };
        canvas.line(below, 0, &words, theme.of(Tone::Dim));
    }
    let at = import.at();
    let height = super::overlay::room_above_more(canvas, app, theme, below, (at, shown.len()));
    let top = page_top(at, height);
    for (i, line) in shown.iter().enumerate().skip(top).take(height) {
        let (mark, tone) = match (i == at, line.is_archived) {
            (true, _) => ('>', Tone::Cursor),
            (false, true) => (' ', Tone::Dim),
            (false, false) => (' ', Tone::Plain),
        };
        let text = row(&name(line), &told(app, line), widest);
        canvas.line(below, (i - top) as u16, &format!("{mark} {text}"), theme.of(tone));
        canvas.points(below, (i - top) as u16, MouseTarget::Line(Place::Batches, i));
    }
    for (i, line) in full.iter().enumerate() {
        canvas.line(area, area.height.saturating_sub((full.len() - i) as u16), line, theme.of(Tone::Plain));
    }
}

/// Puts the file, which gets so much room, and what stands behind it on a line.
fn row(file: &str, columns: &[String; COLUMNS.len()], room: usize) -> String {
    let mut text = cells::fit(file, room);
    for (i, (column, (_, wide))) in columns.iter().zip(COLUMNS).enumerate() {
        text.push(' ');
        // Day and name are read, numbers are compared.
        text += &if i < 2 { cells::fit(column, wide) } else { cells::right(column, wide) };
    }
    text
}

fn told(app: &App, line: &BatchLine) -> [String; COLUMNS.len()] {
    let exported = if line.exported.is_some() { "ui.batches.yes" } else { "ui.batches.no" };
    [
        line.when.chars().take(10).collect(),
        crate::domain::text::visible(&line.user).into_owned(),
        line.rows.to_string(),
        line.errors.map_or_else(|| "?".to_string(), |n| n.to_string()),
        line.edits.to_string(),
        line.numbers.to_string(),
        app.locale.text(exported).to_string(),
    ]
}
