//! The values of a column, with bars, and those that mean the same.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{Decision, GroupList, ValueLine, ValuesPane};
use crate::domain::values::ValueOrder;
use crate::domain::values::groups::ValueGroup;

/// How wide the bars are.
const BAR: usize = 12;

/// Draws the inside of the pane.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &ValuesPane) {
    head(canvas, app, theme, area, pane);
    let below = Area { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    match pane.groups() {
        Some(groups) => draw_groups(canvas, app, theme, below, (groups, pane)),
        None => list(canvas, app, theme, below, pane),
    }
}

/// Names the column and how many values it has, or shows the line that is typed.
fn head(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &ValuesPane) {
    let (locale, n) = (&app.locale, |n: usize| n.to_string());
    let label = app.roster.batch().map_or_else(String::new, |batch| locale.cell_source(pane.column(), batch));
    let label = label.as_str();
    let order = match pane.order() {
        ValueOrder::Rows => "ui.values.by-rows",
        ValueOrder::Errors => "ui.values.by-errors",
        ValueOrder::Text => "ui.values.by-text",
    };
    let told = match (pane.groups(), pane.values()) {
        (Some(groups), _) => {
            let places = [("n", &*n(groups.groups().len())), ("open", &n(groups.open_count())), ("column", label)];
            locale.fill("ui.values.groups", &places)
        }
        (None, Some(values)) => {
            let places = [("column", label), ("n", &*n(values.all().len())), ("order", locale.text(order))];
            let mut told = locale.fill("ui.values.title", &places);
            if pane.count_marked() != 0 {
                told += &locale.fill("ui.values.marked", &[("n", &n(pane.count_marked()))]);
            }
            told += "   ";
            told += &locale.column_facts(values.facts());
            told
        }
        (None, None) => locale.fill("ui.values.counting", &[("column", label)]),
    };
    canvas.line(area, 0, &told, theme.of(Tone::Title));
    let (key, prompt) = match pane.line() {
        Some(ValueLine::Narrow) => ("ui.values.narrow", pane.narrow()),
        Some(ValueLine::Set(prompt)) => ("ui.values.set", prompt),
        Some(ValueLine::Form(prompt)) => ("ui.values.form", prompt),
        None if !pane.narrow().text().is_empty() => {
            let told = format!("{} {}", locale.text("ui.values.narrow"), pane.narrow().text());
            return canvas.line(area, 1, &told, theme.of(Tone::Dim));
        }
        None if pane.groups().is_some() => return,
        None => return canvas.line(area, 1, locale.text("ui.values.heads"), theme.of(Tone::Heading)),
    };
    let x = canvas.put(area.x, area.y + 1, area.width, locale.text(key), theme.of(Tone::Heading)) + 1;
    canvas.prompt(x, area.y + 1, (area.x + area.width).saturating_sub(x).max(1), prompt, theme.of_prompt(prompt));
}

/// Shows a value as the grid masks it, with the blanks at its ends; an empty one is named.
fn shown(app: &App, pane: &ValuesPane, text: &str, rows: u32) -> String {
    if text.is_empty() {
        return app.locale.text("ui.preview.blank").to_string();
    }
    crate::domain::text::ends_drawn(&pane.masked(text, rows)).into_owned()
}

fn list(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &ValuesPane) {
    let Some(values) = pane.values() else { return };
    if pane.count_shown() == 0 {
        canvas.line(area, 0, app.locale.text("ui.values.nothing"), theme.of(Tone::Dim));
    }
    let most = values.all().iter().map(|value| value.rows).max().unwrap_or(1).max(1);
    let height = usize::from(area.height);
    let top = page_top(pane.at(), height);
    for i in (top..pane.count_shown()).take(height) {
        let Some((value, is_marked)) = pane.shown(i) else { continue };
        let (mark, tone) = if i == pane.at() { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        let check = if is_marked { "[x]" } else { "[ ]" };
        let (rows, errors) = (cells::right(&value.rows.to_string(), 7), cells::right(&value.errors.to_string(), 6));
        // What there is at all is seen.
        let signs = (u64::from(value.rows) * BAR as u64).div_ceil(u64::from(most));
        let bar = cells::fit(&String::from(theme.strokes().full).repeat(signs as usize), BAR);
        let text = shown(app, pane, &value.text, value.rows);
        let line = format!("{mark} {check} {rows} {errors} {bar} {text}");
        canvas.line(area, (i - top) as u16, &line, theme.of(tone));
        canvas.points(area, (i - top) as u16, MouseTarget::Line(app.place(), i));
    }
    super::overlay::more_below(canvas, app, theme, area, pane.count_shown().saturating_sub(top + height));
}

/// The groups above, the one under the cursor in full below.
fn draw_groups(
    canvas: &mut Canvas<'_>,
    app: &App,
    theme: Theme,
    area: Area,
    (groups, pane): (&GroupList, &ValuesPane),
) {
    let (at, half) = (groups.at(), usize::from(area.height) / 2);
    let listed = groups.groups().len().min(half);
    let top = page_top(at, listed.max(1));
    for (i, group) in groups.groups().iter().enumerate().skip(top).take(listed) {
        let (mark, tone) = match (i == at, groups.decision(i)) {
            (true, _) => ('>', Tone::Cursor),
            (false, Decision::Open) => (' ', Tone::Plain),
            (false, _) => (' ', Tone::Dim),
        };
        let line = format!("{mark} {}", group_line(app, groups, (i, group), pane));
        canvas.line(area, (i - top) as u16, &line, theme.of(tone));
        canvas.points(area, (i - top) as u16, MouseTarget::Line(app.place(), i));
    }
    let Some(group) = groups.groups().get(at) else { return };
    let rest = Area { y: area.y + listed as u16 + 1, height: area.height.saturating_sub(listed as u16 + 1), ..area };
    for (y, (line, tone)) in (0..rest.height).zip(in_full(app, groups, (at, group), pane)) {
        canvas.line(rest, y, &line, theme.of(tone));
    }
}

/// Says of a group what it becomes and how many rows that changes.
fn group_line(app: &App, groups: &GroupList, (at, group): (usize, &ValueGroup), pane: &ValuesPane) -> String {
    let offered = groups.offered(at).map_or_else(String::new, |text| shown(app, pane, text, group.rows_of(text)));
    let key = match groups.decision(at) {
        Decision::Open => "ui.values.open",
        Decision::To(_) => "ui.values.decided",
        Decision::Left => "ui.values.left",
    };
    let rows: u32 = match groups.offered(at) {
        Some(to) => groups.rows_to(at, to),
        None => group.rows(),
    };
    format!("{} {} {offered}", cells::fit(app.locale.text(key), 8), cells::right(&rows.to_string(), 7))
}

/// Lists the forms of a group, who says that one is right, and what is kept apart.
fn in_full(app: &App, groups: &GroupList, (at, group): (usize, &ValueGroup), pane: &ValuesPane) -> Vec<(String, Tone)> {
    let offered = groups.offered(at);
    let mut lines: Vec<(String, Tone)> = Vec::new();
    for form in groups.forms(at) {
        let mark = if Some(form) == offered { '*' } else { ' ' };
        let rows = cells::right(&group.rows_of(form).to_string(), 7);
        let is_out = groups.is_out(at, form);
        let by = match is_out {
            true => app.locale.text("ui.values.form-out").to_string(),
            false if *form == group.proposed => app.locale.standing(group.by),
            false => String::new(),
        };
        let tone = if is_out { Tone::Dim } else { Tone::Plain };
        lines.push((format!("  {mark} {rows} {}  {by}", shown(app, pane, form, group.rows_of(form))), tone));
    }
    if let Some(typed) = offered.filter(|text| groups.forms(at).iter().all(|form| form != text)) {
        lines.push((format!("  * {} {}", cells::right("", 7), shown(app, pane, typed, 0)), Tone::Plain));
    }
    if !group.kept_apart.is_empty() {
        lines.push((app.locale.text("ui.values.kept-apart").to_string(), Tone::Dim));
        let apart = group.kept_apart.iter().map(|(text, rows)| {
            (format!("    {} {}", cells::right(&rows.to_string(), 7), shown(app, pane, text, *rows)), Tone::Dim)
        });
        lines.extend(apart);
    }
    lines
}
