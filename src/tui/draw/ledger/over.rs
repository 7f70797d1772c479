//! What lies over a pane for the ledger's sake: a plan of numbers, a choice, and what a question is about.

use std::borrow::Cow;

use super::super::super::cells::{self, Canvas, page_top};
use super::super::super::theme::{Theme, Tone};
use super::Line;
use super::form::fact_lines;
use crate::app::App;
use crate::app::command::Place;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{ChoosePane, Choosing, PlanPane, order_key};

/// The reasons for refusals that are counted above the list.
const REASONS: usize = 3;

/// The lines that a choice has which is longer than one.
pub const CHOSEN: u16 = 3;

/// Draws a plan: what is taken of each series, what is left, which rows get no number and why.
pub fn draw_plan(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &PlanPane) {
    let width = usize::from(area.width);
    let mut head: Vec<Line> = Vec::new();
    if pane.is_overtaken() {
        head.push((app.locale.text("ui.plan.again").to_string(), Tone::Bad));
    }
    let order = app.locale.text(order_key(pane.order()));
    let numbers = app.locale.text(if pane.is_reserved() { "ui.plan.reserved" } else { "ui.plan.new" });
    head.push((app.told("ui.plan.order-is", &[("numbers", numbers), ("order", order)]), Tone::Dim));
    let Some(plan) = pane.plan() else {
        head.push((app.locale.text("ui.plan.waiting").to_string(), Tone::Plain));
        return draw_head(canvas, theme, area, &head);
    };
    if plan.rows.is_empty() && plan.refused.is_empty() {
        head.push((app.locale.text("ui.plan.nothing").to_string(), Tone::Plain));
    } else {
        let (n, refused) = (plan.rows.len().to_string(), plan.refused.len().to_string());
        let summary = app.locale.fill("ui.plan.summary", &[("n", &n), ("refused", &refused)]);
        head.push((summary, Tone::Title));
    }
    // The list below counts equal reasons itself.
    let is_told_below = pane.refused().len() == pane.reasons().len();
    for (why, n) in pane.reasons().iter().filter(|_| !is_told_below).take(REASONS) {
        head.push((format!("{} {why}", cells::right(&n.to_string(), 7)), Tone::Plain));
    }
    for line in pane.notes().iter().flat_map(|note| cells::wrap(note, width)) {
        head.push((line, Tone::Key));
    }
    if pane.lacks_institution() {
        head.push((app.told("ui.plan.lacks-institution", &[]), Tone::Key));
    }
    for line in pane.barred().iter().flat_map(|why| cells::wrap(why, width)) {
        head.push((line, Tone::Bad));
    }
    draw_head(canvas, theme, area, &head);
    let used = (head.len() as u16 + 1).min(area.height);
    let rest = Area { y: area.y + used, height: area.height.saturating_sub(used + 2), ..area };
    let series = plan.series.iter().map(|taken| {
        let run =
            |(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
        let places = [
            ("key", taken.key.to_string()),
            ("runs", taken.runs.iter().map(run).collect::<Vec<_>>().join(app.locale.text("finding.comma"))),
            ("n", taken.count().to_string()),
            ("left", taken.left.to_string()),
        ];
        let key = if plan.reserved { "ui.plan.series-reserved" } else { "ui.plan.series" };
        app.locale.fill(key, &places.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let refused = pane.refused().iter().cloned();
    let height = usize::from(rest.height);
    let first = plan.series.len();
    for (row, (i, text)) in series.chain(refused).enumerate().skip(page_top(pane.at(), height)).take(height).enumerate()
    {
        let tone = match (i == pane.at(), first <= i) {
            (true, _) => Tone::Cursor,
            (_, true) => Tone::Bad,
            _ => Tone::Plain,
        };
        canvas.line(rest, row as u16, &cells::fit(&text, width), theme.of(tone));
    }
    // The list ends a line above the keys.
    let below = pane.count().saturating_sub(page_top(pane.at(), height) + height);
    super::super::overlay::more_below(canvas, app, theme, area, below);
    if pane.can_be_taken() {
        super::super::overlay::answer(canvas, app, theme, area, "ui.plan.keys");
    } else {
        canvas.line(area, area.height.saturating_sub(1), &app.told("ui.plan.keys-none", &[]), theme.of(Tone::Key));
    }
}

fn draw_head(canvas: &mut Canvas<'_>, theme: Theme, area: Area, lines: &[Line]) {
    for (row, (text, tone)) in (0..area.height).zip(lines) {
        canvas.line(area, row, text, theme.of(*tone));
    }
}

/// Tells whether answers are longer than a line of such a width.
pub fn cuts_choices(choose: &ChoosePane, width: usize) -> bool {
    let lines = choose.options().iter().enumerate().map(|(i, (_, words))| with_bar(choose, i, words));
    lines.into_iter().any(|words| width < cells::width(&words) + 2)
}

/// Puts behind an answer that cannot be given why it cannot.
fn with_bar<'a>(choose: &ChoosePane, at: usize, words: &'a str) -> Cow<'a, str> {
    choose.bar(at).map_or(Cow::Borrowed(words), |why| format!("{words}  ({why})").into())
}

/// Lists the fields of the form that a choice answers a question of, and whether each is that question.
pub fn of_form(app: &App, choose: &ChoosePane) -> Vec<(bool, String)> {
    if !matches!(choose.about(), Choosing::Form(_)) {
        return Vec::new();
    }
    let fields = app.form_fields();
    let lines = fact_lines(fields.iter().map(|field| &field.fact), usize::MAX);
    let mark = |i: usize| if fields[i].is_here { '>' } else { ' ' };
    lines.into_iter().map(|(i, line)| (fields[i].is_here, format!("{} {line}", mark(i)))).collect()
}

/// Draws a question with its answers.
pub fn draw_choose(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, choose: &ChoosePane) {
    canvas.line(area, 0, choose.title(), theme.of(Tone::Title));
    // Of a form its other fields stand above the list, where both find room.
    let fields = of_form(app, choose);
    let fields =
        if usize::from(area.height) < fields.len() + choose.options().len().min(5) + 4 { Vec::new() } else { fields };
    for (y, (is_here, line)) in (1..).zip(&fields) {
        canvas.line(area, y, line, theme.of(if *is_here { Tone::Heading } else { Tone::Dim }));
    }
    let area = Area { y: area.y + fields.len() as u16, height: area.height - fields.len() as u16, ..area };
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
    let keys = match (matches!(choose.about(), Choosing::Form(_)), choose.tick(0)) {
        (true, Some(_)) => "ui.ledger.form-tick-keys",
        (true, None) => "ui.ledger.form-choose-keys",
        (false, Some(_)) => "ui.ledger.tick-keys",
        (false, None) => "ui.ledger.choose-keys",
    };
    canvas.line(area, area.height.saturating_sub(1), &app.told(keys, &[]), theme.of(Tone::Key));
}
