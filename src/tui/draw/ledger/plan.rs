//! Numbers before they are taken: what is taken of each series, which rows get none and why, and which number each row gets.

use super::super::super::cells::{self, Canvas};
use super::super::super::theme::{Theme, Tone};
use super::Line;
use crate::app::App;
use crate::app::layout::Area;
use crate::app::overlay::{PlanPane, order_key};
use crate::domain::ledger::plan::{Plan, Planned};
use crate::domain::ledger::stock::BlankNumber;
use crate::domain::sheet::Field;

/// The reasons for refusals that are counted above the list.
const REASONS: usize = 3;

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
    let others = pane.reasons().iter().skip(REASONS).filter(|_| !is_told_below).map(|(_, n)| n).sum::<usize>();
    if others != 0 {
        let told = app.locale.text("ui.plan.other-reasons");
        head.push((format!("{} {told}", cells::right(&others.to_string(), 7)), Tone::Plain));
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
    let series: Vec<String> = series.collect();
    let count = pane.count();
    let first_row = series.len() + pane.refused().len();
    let row_wide = widest_row(app, plan);
    // Above the rows that get a number stands what they are.
    let lines = |i: usize| match (series.get(i), i.checked_sub(first_row).map(|at| (at, &plan.rows[at]))) {
        (Some(taken), _) => cells::wrap(taken, width),
        (_, Some((at, planned))) => {
            let row = told_row(app, planned, plan.blank_of(at), row_wide);
            let heading = [String::new(), app.locale.text("ui.plan.rows").to_string()];
            heading.into_iter().filter(|_| at == 0).chain([row]).collect()
        }
        (None, None) => cells::wrap(&pane.refused()[i - series.len()], width),
    };
    // Nothing of a line is cut, and all of the one that is here stands in sight.
    let height = usize::from(rest.height);
    let mut top = pane.at().min(count.saturating_sub(1));
    let mut used = if top < count { lines(top).len() } else { 0 };
    while let Some(before) = top.checked_sub(1) {
        used += lines(before).len();
        if height < used {
            break;
        }
        top = before;
    }
    let (mut y, mut shown) = (0, top);
    for i in top..count {
        let lines = lines(i);
        if i != top && height < y + lines.len() {
            break;
        }
        let tone = match (i == pane.at(), (series.len()..first_row).contains(&i)) {
            (true, _) => Tone::Cursor,
            (_, true) => Tone::Bad,
            _ => Tone::Plain,
        };
        for (n, line) in lines.iter().enumerate().take(height - y) {
            let is_heading = i == first_row && n < 2;
            canvas.line(
                rest,
                y as u16,
                &cells::fit(line, width),
                theme.of(if is_heading { Tone::Heading } else { tone }),
            );
            y += 1;
        }
        shown = i + 1;
    }
    // The list ends a line above the keys.
    super::super::overlay::more_below(canvas, app, theme, area, count - shown);
    if pane.can_be_taken() {
        super::super::overlay::answer(canvas, app, theme, area, "ui.plan.keys");
    } else {
        canvas.line(area, area.height.saturating_sub(1), &app.told("ui.plan.keys-none", &[]), theme.of(Tone::Key));
    }
}

/// Says which row gets which number, and is printed on which blank; `row_wide` columns are kept for the row.
fn told_row(app: &App, planned: &Planned, blank: Option<BlankNumber>, row_wide: usize) -> String {
    let Some(batch) = app.roster.batch() else { return String::new() };
    let cell = |field: Field| field.masked(batch.roster().cell(planned.row, field));
    let row = app.locale.fill("finding.row", &[("row", &app.locale.row_in_part(batch, planned.row))]);
    let (row, occupation) = (cells::fit(&row, row_wide), cell(Field::Occupation));
    let places = [("row", &*row), ("name", &cells::fit(&cell(Field::Name), 8)), ("code", planned.code.as_str())];
    match blank {
        Some(blank) => app.locale.fill("ui.plan.row-blank", &[&places[..], &[("blank", &blank.to_string())]].concat()),
        None => app.locale.fill("ui.plan.row", &[&places[..], &[("occupation", &occupation)]].concat()),
    }
}

/// So wide is the longest number of a row.
fn widest_row(app: &App, plan: &Plan) -> usize {
    let last = plan.rows.iter().map(|planned| planned.row).max();
    let row = app.roster.batch().zip(last).map(|(batch, row)| app.locale.row_in_part(batch, row));
    cells::width(&app.locale.fill("finding.row", &[("row", &row.unwrap_or_default())]))
}

fn draw_head(canvas: &mut Canvas<'_>, theme: Theme, area: Area, lines: &[Line]) {
    for (row, (text, tone)) in (0..area.height).zip(lines) {
        canvas.line(area, row, text, theme.of(*tone));
    }
}
