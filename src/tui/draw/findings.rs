//! The findings pane: how many of which rule and in which column.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone, sign};
use super::record::focused_title;
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::{Area, Focus};
use crate::app::mouse::MouseTarget;
use crate::app::roster::grid::{FindingLine, entries, folded_key};

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(batch) = app.roster.batch() else { return };
    let is_focused = app.roster.grid().focus == Focus::Findings;
    let tone = if is_focused { Tone::Heading } else { Tone::Dim };
    let entries = entries(batch);
    let height = usize::from(area.height.saturating_sub(1));
    let at = app.roster.grid().chosen.min(entries.len().saturating_sub(1));
    let top = page_top(at, height);
    let mut title = focused_title(app.locale.text("ui.findings.title"), is_focused);
    let below = entries.len().saturating_sub(top + height);
    if below != 0 {
        title += &format!("  {}", app.told("ui.list.more", &[("n", &below.to_string())]));
    }
    canvas.heading(area, &title, theme.of(tone));
    for i in 0..height {
        let y = i as u16 + 1;
        let Some(entry) = entries.get(top + i) else {
            canvas.line(area, y, "", theme.of(Tone::Plain));
            continue;
        };
        let (n, text, tone) = match entry {
            FindingLine::All(n) => (n, format!("  {}", app.locale.text("ui.findings.all")), Tone::Plain),
            FindingLine::Table(fault, n) => {
                let title = app.locale.table_title(*fault);
                let text = format!("{} {} {title}", sign(fault.severity()), fault.code());
                (n, text, Tone::Of(fault.severity()))
            }
            FindingLine::Rule(rule, n) => {
                let spec = rule.spec();
                let title = app.locale.rule(spec.code).map_or(spec.name, |page| page.title.as_str());
                (n, format!("{} {} {title}", sign(spec.severity), spec.code), Tone::Of(spec.severity))
            }
            FindingLine::Folded(rule, field, by, n) => {
                let label = batch.context().sheet().label(*field);
                let words = app.locale.text(folded_key(*by));
                (n, format!("    {words} {label}"), Tone::Of(rule.spec().severity))
            }
            FindingLine::Column(field, n) => {
                let label = batch.context().sheet().label(*field);
                (n, format!("  {} {label}", app.locale.text("ui.findings.column")), Tone::Plain)
            }
        };
        let is_here = is_focused && top + i == at;
        let mark = if is_here { '>' } else { ' ' };
        let room = usize::from(area.width).saturating_sub(10);
        let line = format!("{mark}{} {}", cells::fit(&text, room), cells::right(&n.to_string(), 7));
        canvas.line(area, y, &line, theme.of(if is_here { Tone::Cursor } else { tone }));
        canvas.points(area, y, MouseTarget::Line(Place::Findings, top + i));
    }
}
