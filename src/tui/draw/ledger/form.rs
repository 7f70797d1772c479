//! A form on one page, and what a question is about: a line each, what it is on the left and what it becomes on the right.

use super::super::super::cells::{self, Canvas};
use super::super::super::theme::{Theme, Tone};
use crate::app::App;
use crate::app::LinePurpose;
use crate::app::layout::Area;
use crate::app::ledger::FormQuestion;
use crate::app::overlay::Fact;

/// A label is that wide at most.
const LABEL: usize = 26;
/// A form is that wide at most.
const WIDE: u16 = 84;

/// Lays facts out in lines, each with its place among the facts; long ones go on below themselves.
pub fn fact_lines<'a>(facts: impl Iterator<Item = &'a Fact> + Clone, width: usize) -> Vec<(usize, String)> {
    let label = facts.clone().map(|fact| cells::width(&fact.what)).max().unwrap_or(0).min(LABEL);
    let room = width.saturating_sub(label + 2).max(8);
    let mut lines = Vec::new();
    for (i, fact) in facts.enumerate() {
        for (n, part) in cells::wrap(&fact.told(), room).iter().enumerate() {
            let what = if n == 0 { fact.what.as_str() } else { "" };
            lines.push((i, format!("{}  {part}", cells::fit(what, label))));
        }
    }
    lines
}

/// Draws the form whose question is answered with a line of text: all its fields, the answer typed where it belongs, and below
/// it what is wrong with it.
pub fn draw_form(canvas: &mut Canvas<'_>, app: &App, theme: Theme, body: Area) {
    let (Some(question), Some(form)) = (&app.line_question, app.ledger.form()) else { return };
    let LinePurpose::Ledger(asked) = question.purpose else { return };
    let fields = app.form_fields();
    let wide = body.width.min(WIDE);
    let room = usize::from(wide.saturating_sub(4));
    let fault = if app.status.is_bad { app.status.text.as_str() } else { "" };
    // Without a fault what the question says beyond the label.
    let asked_for = app.locale.text(asked.key()).trim_end_matches(['：', ':']);
    let beyond = asked_for.strip_prefix(app.locale.text(asked.label_key())).unwrap_or("");
    let beyond = beyond.trim_matches(|c: char| c == ' ' || "，,（）()".contains(c));
    let asked_for = Some(beyond.to_string()).filter(|text| !text.is_empty());
    let shape = app.ledger.form_profile(&app.profiles).filter(|_| asked == FormQuestion::Prefix);
    let asked_for = shape.map(|profile| app.locale.prefix_shape(profile)).or(asked_for);
    let said = if fault.is_empty() { asked_for } else { Some(format!("! {fault}")) };
    let said = said.map_or_else(Vec::new, |text| cells::wrap(&text, room.saturating_sub(2)));
    let label = fields.iter().map(|field| cells::width(&field.fact.what)).max().unwrap_or(0).min(LABEL);
    // A line a field, the question or the fault below the one that is here, and the keys below all.
    let lines = (fields.len() + said.len()) as u16 + 4;
    let height = lines.min(body.height);
    let area = Area { x: (body.width - wide) / 2, y: body.y + (body.height - height) / 2, width: wide, height };
    let inside = canvas.frame(area, &form.title(&app.locale), theme.of(Tone::Plain));
    let here = fields.iter().position(|field| field.is_here).unwrap_or(0);
    // In a low window the field that is here stays in sight.
    let most = usize::from(inside.height).saturating_sub(said.len() + 1).max(1);
    let top = (here + 1).saturating_sub(most);
    let mut y = 0;
    for field in fields.iter().skip(top).take(most) {
        let what = cells::fit(&field.fact.what, label);
        if !field.is_here {
            let tone = if field.fact.to.is_empty() { Tone::Dim } else { Tone::Plain };
            canvas.line(inside, y, &format!("  {what}  {}", field.fact.told()), theme.of(tone));
            y += 1;
            continue;
        }
        canvas.line(inside, y, "", theme.of(Tone::Plain));
        let from = field.fact.from.as_deref().map_or_else(String::new, |from| format!("{from} -> "));
        let mut x = canvas.put(inside.x, inside.y + y, inside.width, &format!("> {what}"), theme.of(Tone::Heading)) + 2;
        x = canvas.put(x, inside.y + y, (inside.x + inside.width).saturating_sub(x), &from, theme.of(Tone::Dim));
        let left = (inside.x + inside.width).saturating_sub(x).max(1);
        canvas.prompt(x, inside.y + y, left, &question.prompt, theme.of_prompt(&question.prompt));
        y += 1;
        let tone = if fault.is_empty() { Tone::Dim } else { Tone::Bad };
        for line in &said {
            canvas.line(inside, y, &format!("  {line}"), theme.of(tone));
            y += 1;
        }
    }
    let keys = app.told("ui.ledger.form-keys", &[]);
    canvas.line(inside, inside.height.saturating_sub(1), &keys, theme.of(Tone::Key));
}
