//! What lies over a pane.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use super::grid::said_line;
use super::lookup;
use crate::app::App;
use crate::app::command::Place;
use crate::app::intent::Preview;
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::app::overlay::{Choosing, CommandList, HistoryPane, ImportPage, Overlay, PAGES, PreviewPane, TourPane};
use crate::domain::batch::Batch;
use crate::domain::masked_change::ShownChange;
use crate::domain::replace::MaskedValue;
use crate::domain::roster::{CellEdit, RowEdit, RowId};
use crate::domain::sheet::Field;
use crate::domain::text;

/// So many lines a remark on a preview takes at most.
const NOTE: usize = 2;
/// How many lines a command may take below the list that cuts it.
const FULL: usize = 2;
/// The least height of a box whose list changes under the keys: a whole screen of the smallest window.
const LOWEST: u16 = 22;
/// The width of what has little to say.
const SHORT: u16 = 64;

/// Draws an overlay over the body of the screen.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, (overlay, place): (&Overlay, Place), body: Area) {
    if matches!(overlay, Overlay::Choose(choose) if matches!(choose.about(), Choosing::Form(_))) {
        // The form shows it.
        return;
    }
    let style = theme.of(Tone::Plain);
    // What commands do is told in sentences.
    let most = match overlay {
        Overlay::Help(_) | Overlay::Palette(_) => 150,
        // A form is as wide as it is.
        Overlay::Papers(_) => body.width,
        _ => 110,
    };
    let wide = body.width.min(most);
    // What is asked of a form stands where the form stood, as wide.
    let is_form = app.ledger.form().is_some() && matches!(overlay, Overlay::Confirm(_));
    let short = if is_form { super::ledger::FORM_WIDE } else { SHORT };
    // A box is no higher than its list, nor so low that it jumps with every key.
    let listed = |lines: usize| u16::try_from(lines).unwrap_or(body.height).saturating_add(2).max(LOWEST);
    let lines = match overlay {
        Overlay::Confirm(asked) => {
            let room = usize::from(wide.min(short).saturating_sub(4));
            let facts = super::ledger::fact_lines(asked.facts().iter(), room).len();
            (question_lines(asked.question(), room).len() + facts + usize::from(facts != 0)) as u16 + 4
        }
        Overlay::Preview(pane) => {
            let preview = pane.preview();
            let lines = cells::wrap(&preview.note, usize::from(wide.saturating_sub(4))).len().min(NOTE);
            let note = if preview.note.is_empty() { 0 } else { lines as u16 };
            let open = open_lines(preview, usize::from(wide.saturating_sub(4)));
            let listed = preview.kinds.len() + open + edit_lines(app, preview, usize::from(wide.saturating_sub(4)));
            u16::try_from(listed).unwrap_or(body.height).saturating_add(note + 6)
        }
        Overlay::Replace(_) => 12,
        Overlay::Choose(choose) => {
            let listed = u16::try_from(choose.options().len()).unwrap_or(body.height).saturating_add(6);
            let is_cut = super::ledger::cuts_choices(choose, usize::from(wide.saturating_sub(4)));
            listed.saturating_add(if is_cut { super::ledger::CHOSEN + 1 } else { 0 })
        }
        Overlay::History(_) => listed(HistoryPane::count(&app.roster)),
        Overlay::Values(pane) if pane.groups().is_none() => {
            listed(pane.values().map_or(0, |values| values.all().len()) + 2)
        }
        Overlay::Decoder(pane) => listed(super::decoder::count_lines(app, pane, wide.saturating_sub(4))),
        _ => body.height,
    };
    let is_short = match overlay {
        Overlay::Confirm(_) => true,
        Overlay::Choose(choose) => {
            !choose.about().is_of_rows() && !super::ledger::cuts_choices(choose, usize::from(SHORT) - 4)
        }
        _ => false,
    };
    let wide = if is_short { wide.min(short) } else { wide };
    let height = lines.min(body.height);
    let middle = Area { x: (body.width - wide) / 2, y: body.y + (body.height - height) / 2, width: wide, height };
    let area = if is_form { super::ledger::beside_row(app, body, (wide, height)) } else { middle };
    let inside = canvas.frame(area, app.locale.text(place.key()), style);
    match overlay {
        // Drawn over the whole screen.
        Overlay::Text(_) => {}
        Overlay::Values(pane) => super::values::draw(canvas, app, theme, inside, pane),
        Overlay::Summary(pane) => super::summary::draw(canvas, app, theme, inside, pane),
        Overlay::Replace(pane) => super::replace::draw(canvas, app, theme, inside, pane),
        Overlay::Papers(pane) => super::papers::draw(canvas, app, theme, inside, pane),
        Overlay::Tour(pane) => tour(canvas, app, theme, inside, pane),
        Overlay::Help(list) => commands(canvas, app, theme, inside, (list, true)),
        Overlay::Palette(list) => commands(canvas, app, theme, inside, (list, false)),
        Overlay::Preview(pane) => draw_preview(canvas, app, theme, inside, pane),
        Overlay::History(pane) => history(canvas, app, theme, inside, pane.at()),
        Overlay::Import(page) => import_page(canvas, app, theme, inside, page),
        Overlay::Lookup(pane) => lookup::draw(canvas, app, theme, inside, pane),
        Overlay::Plan(pane) => super::ledger::draw_plan(canvas, app, theme, inside, pane),
        Overlay::Choose(choose) => super::ledger::draw_choose(canvas, app, theme, inside, choose),
        Overlay::Decoder(pane) => super::decoder::draw(canvas, app, theme, inside, pane),
        Overlay::Confirm(asked) => {
            let facts = super::ledger::fact_lines(asked.facts().iter(), usize::from(inside.width));
            let parted = facts.last().map(|_| String::new());
            let question = question_lines(asked.question(), usize::from(inside.width));
            // In a low window the question stays in sight.
            let most = usize::from(inside.height).saturating_sub(question.len() + 1);
            let lines: Vec<String> = facts.into_iter().map(|(_, line)| line).chain(parted).take(most).collect();
            let all = (lines.len() + question.len()) as u16;
            for (i, line) in lines.iter().chain(&question).enumerate() {
                canvas.line(inside, i as u16, line, theme.of(Tone::Plain));
            }
            answer(canvas, app, theme, Area { height: (all + 2).min(inside.height), ..inside }, "ui.confirm.keys");
        }
    }
}

/// Breaks a question where it has lines of its own, and where it is too wide.
fn question_lines(question: &str, width: usize) -> Vec<String> {
    question.lines().flat_map(|line| cells::wrap(line, width)).collect()
}

/// Draws in the last line of an area the keys of a question and the answer that Enter takes.
pub fn answer(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, keys: &str) {
    let chosen = app.locale.text(if app.overlays.is_yes() { "ui.answer.yes" } else { "ui.answer.no" });
    let line = format!("{}   {chosen}", app.told(keys, &[]));
    canvas.line(area, area.height.saturating_sub(1), &line, theme.of(Tone::Key));
}

/// Draws a screen of the tour: title, text, and which of how many it is.
fn tour(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &TourPane) {
    let (n, all) = ((pane.page() + 1).to_string(), PAGES.len().to_string());
    let title = app.locale.fill("ui.tour.head", &[("n", &n), ("all", &all), ("title", app.locale.text(pane.title()))]);
    canvas.line(area, 0, &title, theme.of(Tone::Title));
    let text = pane.text(&app.locale, &app.keymap, app.base_place());
    let lines = text.lines().skip(pane.at()).flat_map(|p| cells::wrap(p, usize::from(area.width)));
    // A blank line below the title and above the keys, where there is room.
    let gap = u16::from(10 <= area.height);
    for (row, line) in (1 + gap..area.height.saturating_sub(1)).zip(lines) {
        canvas.line(area, row, &line, theme.of(Tone::Plain));
    }
    let keys = app.told("ui.tour.keys", &[]);
    canvas.line(area, area.height.saturating_sub(1), &keys, theme.of(Tone::Key));
}

fn commands(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, (list, with_help): (&CommandList, bool)) {
    let at = list.at();
    let label = app.locale.text("ui.import.narrow");
    let x = canvas.put(area.x, area.y, area.width, label, theme.of(Tone::Dim)) + 1;
    canvas.prompt(x, area.y, (area.x + area.width).saturating_sub(x), list.prompt(), theme.of(Tone::Typing));
    let place = list.place(app.base_place());
    let lines = list.lines(&app.locale, &app.keymap, place);
    if lines.is_empty() {
        canvas.line(area, 1, app.locale.text("ui.commands.none-of-these"), theme.of(Tone::Dim));
    }
    let room = usize::from(area.width).saturating_sub(2);
    let texts: Vec<[String; 3]> = lines
        .iter()
        .map(|line| {
            let title = app.locale.text(&line.command.title_key()).to_string();
            let help = || app.keymap.help(&app.locale, line.command, &[place]);
            if with_help { [line.keys.clone(), title, help()] } else { [title, line.keys.clone(), help()] }
        })
        .collect();
    let columns: [usize; 2] = if with_help { [15, 14] } else { [18, 18] };
    let is_cut = |[first, second, third]: &[String; 3]| {
        let is_long = [first, second].into_iter().zip(columns).any(|(text, wide)| wide < cells::width(text));
        is_long || room < columns[0] + columns[1] + 2 + cells::width(third)
    };
    // What the list cuts stands in full below it, of the line under the cursor; in a low box the list needs the room.
    let full = if area.height < 10 || !texts.iter().any(is_cut) { 0 } else { FULL };
    let height = usize::from(area.height).saturating_sub(1 + full);
    let top = page_top(at, height);
    for (i, (line, text)) in lines.iter().zip(&texts).enumerate().skip(top).take(height) {
        let [first, second, third] = text;
        let text = format!("{} {} {third}", cells::fit(first, columns[0]), cells::fit(second, columns[1]));
        let tone = match (i == at, app.holds(line.command.spec().when)) {
            (true, _) => Tone::Cursor,
            (_, true) => Tone::Plain,
            _ => Tone::Dim,
        };
        let mark = if i == at { '>' } else { ' ' };
        let row = (i - top) as u16 + 1;
        canvas.line(area, row, &format!("{mark} {text}"), theme.of(tone));
        canvas.points(area, row, MouseTarget::Line(app.place(), i));
    }
    if let Some(chosen) = texts.get(at).filter(|_| full != 0) {
        let told = cells::wrap(&chosen.join("  "), usize::from(area.width));
        for (i, line) in told.iter().take(full).enumerate() {
            canvas.line(area, area.height - (full - i) as u16, line, theme.of(Tone::Dim));
        }
    }
    more_below(canvas, app, theme, area, lines.len().saturating_sub(top + height));
}

/// Gives how many lines a list has that stands in no box: where it is cut, its last one tells how many follow.
pub fn room_above_more(
    canvas: &mut Canvas<'_>,
    app: &App,
    theme: Theme,
    area: Area,
    (at, lines): (usize, usize),
) -> usize {
    let height = usize::from(area.height);
    if lines <= height || height < 3 {
        return height;
    }
    let height = height - 1;
    let below = lines.saturating_sub(page_top(at, height) + height);
    let more = if below == 0 { String::new() } else { app.told("ui.list.more", &[("n", &below.to_string())]) };
    canvas.line(area, area.height - 1, &format!("  {more}"), theme.of(Tone::Dim));
    height
}

/// Tells at the foot of a box how many lines of its list follow. The area reaches down to that foot.
pub fn more_below(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, lines: usize) {
    if lines != 0 {
        let more = app.told("ui.list.more", &[("n", &lines.to_string())]);
        canvas.put(area.x, area.y + area.height, area.width, &format!(" {more} "), theme.of(Tone::Plain));
    }
}

fn draw_preview(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, pane: &PreviewPane) {
    let Some(batch) = app.roster.batch() else { return };
    let preview = pane.preview();
    let (key, n) = match preview.change.edits.len() {
        0 => ("ui.preview.title-rows", preview.change.rows.len()),
        cells => ("ui.preview.title", cells),
    };
    let title = app.locale.fill(key, &[("title", &preview.change.title), ("n", &n.to_string())]);
    canvas.line(area, 0, &title, theme.of(Tone::Title));
    let mut y = 1;
    if !preview.note.is_empty() {
        for line in cells::wrap(&preview.note, usize::from(area.width)).iter().take(NOTE) {
            canvas.line(area, y, line, theme.of(Tone::Dim));
            y += 1;
        }
    }
    // The kinds may take a third of the box, or what the edits leave; in a low box the edits need it all.
    let height = usize::from(area.height);
    let width = usize::from(area.width);
    let beside = open_lines(preview, width) + edit_lines(app, preview, width) + usize::from(y) + 2;
    let is_low = height < 8.min(beside + preview.kinds.len());
    let most = if is_low { 0 } else { height.saturating_sub(beside).max(height / 3) };
    for (i, (kind, n)) in preview.kinds.iter().enumerate().take(most) {
        let more = preview.kinds.len() - most.min(preview.kinds.len());
        let rest = if i + 1 == most && more != 0 {
            format!("  {}", app.told("ui.preview.more-kinds", &[("n", &more.to_string())]))
        } else {
            String::new()
        };
        let n = if *n == 0 { String::new() } else { n.to_string() };
        canvas.line(area, y, &format!("{} {kind}{rest}", cells::right(&n, 7)), theme.of(Tone::Plain));
        y += 1;
    }
    y += u16::from(!is_low);
    let mut end = area.height.saturating_sub(1);
    let (open, at, told_from) = (&preview.open, pane.at(), y);
    for line in open.iter().skip(at).flat_map(|told| cells::wrap(told, width)).take(usize::from(end.saturating_sub(y)))
    {
        canvas.line(area, y, &line, theme.of(Tone::Plain));
        y += 1;
    }
    let unsaid: usize = open.iter().skip(at).map(|told| cells::wrap(told, width).len()).sum();
    let unsaid = unsaid.saturating_sub(usize::from(y - told_from));
    end = end.saturating_sub(y);
    // The last line stays at the foot.
    let last = edit_lines(app, preview, width).saturating_sub(usize::from(end));
    let at = at.saturating_sub(open.len()).min(last);
    let rest = Area { y: area.y + y, height: end, ..area };
    match preview.change.edits.as_slice() {
        _ if !preview.values.is_empty() => {
            draw_values(canvas, app, theme, rest, &preview.values[at.min(preview.values.len())..]);
        }
        [] => {
            let said = &preview.change.rows;
            draw_said(canvas, app, batch, theme, rest, &said[at.min(said.len())..]);
        }
        [only] => {
            for (i, line) in (0..rest.height).zip(one_in_full(app, only, usize::from(rest.width))) {
                canvas.line(rest, i, &line, theme.of(Tone::Plain));
            }
        }
        edits => draw_edits(canvas, app, batch, theme, rest, &edits[at.min(edits.len())..]),
    }
    let listed = edit_lines(app, preview, width).saturating_sub(if only_one(preview) { 0 } else { at });
    more_below(canvas, app, theme, area, unsaid + listed.saturating_sub(usize::from(rest.height)));
    answer(canvas, app, theme, area, "ui.preview.keys");
}

/// Tells whether a preview shows a single edit in full.
fn only_one(preview: &Preview) -> bool {
    preview.values.is_empty() && preview.change.edits.len() == 1
}

/// Gives both texts of an edit as they are shown.
fn change_shown(app: &App, edit: &CellEdit) -> ShownChange {
    let is_masked = app.roster.is_masked(edit.row);
    let texts = [&*edit.before, &*edit.after];
    match app.roster.batch() {
        Some(batch) => app.locale.edit_shown((batch, edit.row), edit.field, texts, is_masked),
        None => app.locale.change_shown(edit.field, texts, is_masked),
    }
}

/// Lists what becomes of values, each with how many cells have it.
fn draw_values(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, values: &[MaskedValue]) {
    let half = usize::from(area.width).saturating_sub(29) / 2;
    for (i, value) in values.iter().take(usize::from(area.height)).enumerate() {
        let label = app.roster.batch().map_or("", |batch| batch.context().sheet().label(value.field));
        let [before, after] = app.locale.becomes(&value.shown);
        let [before, after] = cells::cut_beside([&before, &after], half);
        // Of a value it is told how many cells have it, of a cell in which row it stands.
        let n = cells::right(&app.told("ui.preview.cells", &[("n", &value.cells.to_string())]), 10);
        let label = cells::fit(label, 13);
        let text = format!("{n} {label} {before} -> {after}");
        canvas.line(area, i as u16, &text, theme.of(Tone::Plain));
    }
}

/// Writes one edit in full, one text above the other: what differs stands in the same column.
fn one_in_full(app: &App, edit: &CellEdit, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let change = change_shown(app, edit);
    let shown = app.locale.becomes(&change);
    for (key, text) in ["ui.preview.before", "ui.preview.after"].into_iter().zip(&shown) {
        let label = app.locale.text(key);
        let indent = cells::width(label);
        for (i, part) in cells::wrap(text, width.saturating_sub(indent + 1)).iter().enumerate() {
            lines.push(format!("{} {part}", cells::fit(if i == 0 { label } else { "" }, indent)));
        }
    }
    let indent = cells::width(app.locale.text("ui.preview.after"));
    let marks = marks(&change);
    if !marks.is_empty() && cells::width(&shown[1]) + indent < width {
        // Below what is behind the bracket.
        lines.push(format!("{}{marks}", " ".repeat(indent + 2)));
    }
    if !change.hidden.is_empty() {
        lines.push(app.told("ui.preview.masked", &[]));
    }
    lines
}

/// Writes a sign below each character of the later text that is new.
fn marks(change: &ShownChange) -> String {
    let below =
        |(c, is_new): (char, &bool)| if *is_new { "^" } else { " " }.repeat(cells::width(c.encode_utf8(&mut [0; 4])));
    change.texts[1].chars().zip(&change.new).map(below).collect::<String>().trim_end().to_string()
}

/// Counts the lines that what is left as it is takes.
fn open_lines(preview: &Preview, width: usize) -> usize {
    preview.open.iter().map(|told| cells::wrap(told, width).len()).sum()
}

/// Counts the lines a preview's edits take.
fn edit_lines(app: &App, preview: &Preview, width: usize) -> usize {
    match preview.change.edits.as_slice() {
        _ if !preview.values.is_empty() => preview.values.len(),
        [only] => one_in_full(app, only, width).len(),
        [] => preview.change.rows.len(),
        edits => edits.len(),
    }
}

/// A row of several files is named with its file; so much of the line that may take at most.
const LINE: usize = 26;

/// Gives the room for the numbers of rows, where these are shown.
fn widest_line(app: &App, batch: &Batch, rows: impl Iterator<Item = RowId>) -> usize {
    rows.map(|row| cells::width(&app.locale.row_in_part(batch, row))).max().unwrap_or(0).clamp(7, LINE)
}

/// Draws what is said of rows from now on, each on a line.
fn draw_said(canvas: &mut Canvas<'_>, app: &App, batch: &Batch, theme: Theme, area: Area, said: &[RowEdit]) {
    let lines = widest_line(app, batch, said.iter().take(usize::from(area.height)).map(|edit| edit.row));
    for (i, edit) in said.iter().take(usize::from(area.height)).enumerate() {
        let line = cells::right(&app.locale.row_in_part(batch, edit.row), lines);
        let text = match &edit.after {
            Some(text) => said_line(app, edit.what, &app.roster.shown_said(edit.row, text)),
            None => app.locale.said_of_row(edit.what, None),
        };
        let name = app.roster.shown_cell(edit.row, Field::Name);
        canvas.line(area, i as u16, &format!("{line} {} {text}", cells::fit(&name, 13)), theme.of(Tone::Plain));
    }
}

fn draw_edits(canvas: &mut Canvas<'_>, app: &App, batch: &Batch, theme: Theme, area: Area, edits: &[CellEdit]) {
    // Both texts get the same room, so that what a cell becomes is never pushed off the screen by what it was.
    let lines = widest_line(app, batch, edits.iter().take(usize::from(area.height)).map(|edit| edit.row));
    let half = usize::from(area.width).saturating_sub(19 + lines) / 2;
    for (i, edit) in edits.iter().take(usize::from(area.height)).enumerate() {
        let line = cells::right(&app.locale.row_in_part(batch, edit.row), lines);
        let label = cells::fit(batch.context().sheet().label(edit.field), 13);
        let [before, after] = app.locale.becomes(&change_shown(app, edit));
        let [before, after] = cells::cut_beside([&before, &after], half);
        let text = format!("{line} {label} {before} -> {after}");
        canvas.line(area, i as u16, &text, theme.of(Tone::Plain));
    }
}

/// Draws what the import did; what is told stands in full.
fn import_page(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, page: &ImportPage) {
    let lines = page.lines(&app.locale);
    let at = page.at().min(lines.len().saturating_sub(1));
    let width = usize::from(area.width.saturating_sub(2)).max(1);
    let rows: Vec<Vec<String>> = lines.iter().map(|(text, _)| cells::wrap(text, width)).collect();
    let height = usize::from(area.height.saturating_sub(2));
    // As far up as the cursor's line is still in full.
    let (mut top, mut taken) = (at, rows.get(at).map_or(0, Vec::len));
    while 0 < top && taken + rows[top - 1].len() <= height {
        top -= 1;
        taken += rows[top].len();
    }
    let mut y = 0;
    for (i, row) in rows.iter().enumerate().skip(top) {
        for (n, line) in row.iter().enumerate() {
            if height <= usize::from(y) {
                break;
            }
            let tone = if i == at { Tone::Cursor } else { Tone::Plain };
            let mark = if i == at && n == 0 { '>' } else { ' ' };
            canvas.line(area, y, &format!("{mark} {line}"), theme.of(tone));
            canvas.points(area, y, MouseTarget::Line(app.place(), i));
            y += 1;
        }
    }
    let wrapped: usize = rows.iter().skip(top).map(Vec::len).sum();
    more_below(canvas, app, theme, area, wrapped.saturating_sub(height));
    canvas.line(area, area.height.saturating_sub(1), &app.told("import.keys", &[]), theme.of(Tone::Key));
}

fn history(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, at: usize) {
    let Some(batch) = app.roster.batch() else { return };
    let history = batch.history();
    let done = history.applied().iter().map(|step| (step, true));
    let steps: Vec<_> = done.chain(history.undone_steps().iter().map(|step| (step, false))).collect();
    if steps.is_empty() {
        canvas.line(area, 0, app.locale.text("ui.history.none"), theme.of(Tone::Dim));
    }
    let height = usize::from(area.height);
    let top = page_top(at, height);
    for (i, (step, done)) in steps.iter().enumerate().skip(top).take(height) {
        let mark = if i == at { '>' } else { ' ' };
        let number = cells::right(&(i + 1).to_string(), 5);
        let made = app.roster.steps_made().get(i);
        let made = made.map_or_else(String::new, |made| format!("{} {} ", made.at, text::signed_by(&made.user)));
        let (title, changed) = (app.locale.step_title(&step.title), app.locale.step_counts(step));
        let undone = if *done { "" } else { app.locale.text("ui.history.undone") };
        let tone = if *done { Tone::Plain } else { Tone::Dim };
        let text = format!("{mark}{number} {made}{title} {changed} {undone}");
        canvas.line(area, (i - top) as u16, &text, theme.of(tone));
    }
    more_below(canvas, app, theme, area, steps.len().saturating_sub(top + height));
}
