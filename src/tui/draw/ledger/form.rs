//! A form on one page, and what a question is about: a line each, what it is on the left and what it becomes on the right.

use super::super::super::cells::{self, Canvas};
use super::super::super::theme::{Theme, Tone};
use super::over::with_bar;
use crate::app::command::Place;
use crate::app::layout::{self, Area};
use crate::app::ledger::{FormQuestion, LedgerForm, form_day};
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{ChoosePane, Choosing, Fact, Overlay};
use crate::app::prompt::Prompt;
use crate::app::{App, LinePurpose, LineQuestion, Screen};

/// A label is that wide at most.
const LABEL: usize = 26;
/// A form is that wide at most.
pub const WIDE: u16 = 84;
/// A field has that many lines below it at least, so that most fields of a form have the same box.
const ROOM: usize = 4;
/// In a low window the field that is here has that many lines with those before it.
const LEAST: usize = 3;

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

/// What the field that is here is answered with.
enum Answer<'a> {
    Typed(&'a Prompt),
    Chosen(&'a ChoosePane),
}

/// A line below the field that is here, and the answer it is of.
struct Below {
    text: String,
    tone: Tone,
    of: Option<usize>,
}

/// Draws the form that is being filled in, if one is: all its fields, the answer where it belongs, below it what there is to choose
/// and what is wrong with it.
pub fn draw_form(canvas: &mut Canvas<'_>, app: &App, theme: Theme, body: Area) {
    let Some(form) = app.ledger.form() else { return };
    let (asked, answer) = match (app.overlays.open(), &app.line_question) {
        (Some(Overlay::Choose(choose)), _) => match choose.about() {
            Choosing::Form(question) => (question, Answer::Chosen(choose)),
            _ => return,
        },
        (_, Some(LineQuestion { purpose: LinePurpose::Ledger(question), prompt })) => {
            (*question, Answer::Typed(prompt))
        }
        _ => return,
    };
    let fields = app.form_fields();
    let wide = body.width.min(WIDE);
    let room = usize::from(wide.saturating_sub(4));
    let below = below(app, asked, &answer, room);
    let label = fields.iter().map(|field| cells::width(&field.fact.what)).max().unwrap_or(0).min(LABEL);
    // A line a field, what stands below the one that is here, and the keys below all: as high for a short field as for most.
    let lines = (fields.len() + below.len().max(ROOM)) as u16 + 4;
    let area = beside_row(app, body, (wide, lines.min(body.height)));
    let inside = canvas.frame(area, &form.title(&app.locale), theme.of(Tone::Plain));
    for y in 0..inside.height {
        canvas.line(inside, y, "", theme.of(Tone::Plain));
    }
    let here = fields.iter().position(|field| field.is_here).unwrap_or(0);
    // In a low window the field that is here stays in sight, and of what is below it a few lines.
    let height = usize::from(inside.height).saturating_sub(2);
    let most = height.saturating_sub(below.len()).max(height.min(LEAST).min(here + 1)).max(1);
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
        let from = field.fact.from.as_deref().map_or_else(String::new, |from| format!("{from} -> "));
        let mut x = canvas.put(inside.x, inside.y + y, inside.width, &format!("> {what}"), theme.of(Tone::Heading)) + 2;
        x = canvas.put(x, inside.y + y, (inside.x + inside.width).saturating_sub(x), &from, theme.of(Tone::Dim));
        if let Answer::Typed(prompt) = &answer {
            let left = (inside.x + inside.width).saturating_sub(x).max(1);
            canvas.prompt(x, inside.y + y, left, prompt, theme.of_prompt(prompt));
        }
        y += 1;
        let left = fields.len().min(top + most) - here - 1;
        let height = height.saturating_sub(usize::from(y) + left);
        let chosen =
            below.iter().rposition(|line| matches!(&answer, Answer::Chosen(choose) if line.of == Some(choose.at())));
        // The answer that the cursor is on stays in sight.
        let first = chosen.map_or(0, |last| (last + 1).saturating_sub(height));
        for line in below.iter().skip(first).take(height) {
            canvas.line(inside, y, &line.text, theme.of(line.tone));
            if let Some(i) = line.of {
                canvas.points(inside, y, MouseTarget::Line(Place::Choose, i));
            }
            y += 1;
        }
        let unseen = below.len().saturating_sub(first + height);
        let last = Area { height: inside.height, ..inside };
        super::super::overlay::more_below(canvas, app, theme, last, unseen);
    }
    let keys = match &answer {
        Answer::Typed(_) => "ui.ledger.form-keys",
        Answer::Chosen(choose) if choose.tick(0).is_some() => "ui.ledger.form-tick-keys",
        Answer::Chosen(_) => "ui.ledger.form-choose-keys",
    };
    canvas.line(inside, inside.height.saturating_sub(1), &app.told(keys, &[]), theme.of(Tone::Key));
}

/// Lists what stands below the field that is here: what is wrong with it, or what its question says beyond the label, and what there
/// is to choose.
fn below(app: &App, asked: FormQuestion, answer: &Answer<'_>, room: usize) -> Vec<Below> {
    let asked_for = app.locale.text(asked.key()).trim_end_matches(['：', ':', ' ']);
    let beyond = asked_for.strip_prefix(app.locale.text(asked.label_key())).unwrap_or("");
    let beyond = beyond.trim_matches(|c: char| c == ' ' || "，,（）()".contains(c));
    let may_be_empty = app.ledger.form().is_some_and(LedgerForm::is_optional);
    let demand = app.ledger.form().and_then(LedgerForm::demand).map(|refusal| app.locale.case_refusal(&refusal));
    let beyond = match &demand {
        Some(demand) => demand.as_str(),
        None if may_be_empty => app.locale.text("ui.ledger.may-be-empty"),
        None => beyond,
    };
    let shape = app.ledger.form_profile(&app.profiles).filter(|_| asked == FormQuestion::Prefix);
    let asked_for = shape.map_or_else(|| beyond.to_string(), |profile| app.locale.prefix_shape(profile));
    let note = if let Answer::Chosen(choose) = answer { choose.note() } else { "" };
    let (said, tone) = match (app.status.is_bad, answer) {
        (true, _) => (format!("! {}", app.status.text), Tone::Bad),
        // A day that is typed in another form stands there as it is read.
        (false, Answer::Typed(prompt)) => match form_day(asked, prompt.text()) {
            Some(day) => (app.locale.fill("ui.ledger.read-as", &[("day", &day)]), Tone::Dim),
            None => (asked_for, Tone::Dim),
        },
        (false, Answer::Chosen(_)) => (String::new(), Tone::Dim),
    };
    let mut lines = Vec::new();
    for (text, tone) in [(note, Tone::Heading), (&said, tone)].into_iter().filter(|(text, _)| !text.is_empty()) {
        let parts = cells::wrap(text, room.saturating_sub(2));
        lines.extend(parts.into_iter().map(|part| Below { text: format!("  {part}"), tone, of: None }));
    }
    let Answer::Chosen(choose) = answer else { return lines };
    for (i, (_, words)) in choose.options().iter().enumerate() {
        let (mark, tone) = match (i == choose.at(), choose.bar(i)) {
            (true, _) => ('>', Tone::Cursor),
            (_, Some(_)) => (' ', Tone::Dim),
            _ => (' ', Tone::Plain),
        };
        let tick = choose.tick(i).map_or("", |is_ticked| if is_ticked { "[x] " } else { "[ ] " });
        let words = format!("{mark} {tick}{}", with_bar(choose, i, words));
        // The one that the cursor is on stands in full, on several lines where it must.
        let parts = if i == choose.at() { cells::wrap(&words, room.saturating_sub(6)) } else { vec![words] };
        let line = |(n, part): (usize, String)| {
            let indent = if n == 0 { "    " } else { "      " };
            Below { text: format!("{indent}{part}"), tone, of: Some(i) }
        };
        lines.extend(parts.into_iter().enumerate().map(line));
    }
    lines
}

/// Places a box where it does not cover the row it is about: below it, or above it.
pub fn beside_row(app: &App, body: Area, (width, height): (u16, u16)) -> Area {
    let x = (body.width - width) / 2;
    let middle = Area { x, y: body.y + (body.height - height) / 2, width, height };
    if app.screen != Screen::Ledger {
        return middle;
    }
    let content = app.ledger.content();
    let list = layout::ledger(app.size, content.above()).list;
    let row = list.y + (content.at() % usize::from(list.height.max(1))) as u16;
    let foot = body.y + body.height - height;
    if row < foot || row < body.y + height { Area { y: foot, ..middle } } else { Area { y: body.y, ..middle } }
}
