//! The grid: the name frozen, the other columns scrolled, a mark before every cell that has something to say.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone, sign};
use crate::app::App;
use crate::app::command::When;
use crate::app::layout::{Area, Focus, columns_in};
use crate::app::mouse::MouseTarget;
use crate::app::prompt::Prompt;
use crate::app::roster::record::imported_told;
use crate::domain::batch::{Batch, Look};
use crate::domain::roster::{RowId, RowWhat};
use crate::domain::rules::Finding;
use crate::domain::sheet::Field;
use crate::domain::text;

/// Draws the header and the rows on screen.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(batch) = app.roster.batch() else { return };
    let gutter = app.roster.gutter();
    let grid = app.roster.grid();
    let columns = columns_in((&grid.fields, &grid.look), area.width.saturating_sub(gutter), grid.left);
    canvas.line(area, 0, "", theme.of(Tone::Plain));
    let line_label = cells::right(app.locale.text("ui.line"), usize::from(gutter));
    canvas.put(area.x, area.y, gutter, &line_label, theme.of(Tone::Heading));
    let mut x = area.x + gutter;
    for (field, wide) in &columns {
        let label = cells::fit(batch.context().sheet().label(*field), usize::from(*wide));
        let tone = if *field == app.roster.grid().field() { Tone::Cursor } else { Tone::Heading };
        canvas.put(x + 1, area.y, *wide, &label, theme.of(tone));
        x += wide + 1;
    }
    for offset in 1..area.height {
        let at = app.roster.grid().top + usize::from(offset) - 1;
        canvas.line(area, offset, "", theme.of(Tone::Plain));
        if let Some(row) = app.roster.grid().row_at(batch, at) {
            let line = Area { y: area.y + offset, height: 1, ..area };
            draw_row(canvas, app, theme, line, (at, row), &columns);
        }
    }
    if app.roster.grid().count(batch) == 0 {
        let key = if app.roster.is_reading() { "ui.grid.waiting" } else { "ui.grid.empty" };
        canvas.line(area, 1, app.locale.text(key), theme.of(Tone::Dim));
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    app: &App,
    theme: Theme,
    area: Area,
    (at, row): (usize, RowId),
    columns: &[(Field, u16)],
) {
    let Some(batch) = app.roster.batch() else { return };
    let is_current = at == app.roster.grid().at;
    let findings = batch.findings().of_row(row);
    let worst = findings.iter().map(Finding::severity).min();
    let gutter = app.roster.gutter();
    // Another look of all the text of a row is sent again with every step: where that is too much, the sign and the cell tell it.
    let on_row = |tone| if is_current && theme.whole_row { Tone::Row } else { tone };
    if is_current && theme.whole_row {
        canvas.line(area, 0, "", theme.of(Tone::Row));
    }
    canvas.put(area.x, area.y, 1, if is_current { ">" } else { " " }, theme.of(on_row(Tone::Plain)));
    let is_aside = batch.roster().is_aside(row);
    let said = || row_sign(batch, row).map(|mark| (mark, Tone::Dim));
    let looks = || batch.look(row, None).map(|look| (look_sign(look), Tone::Dim));
    let of = |severity| if is_current && theme.whole_row { Tone::Badge(severity) } else { Tone::Of(severity) };
    let worst = worst.map(|s| (sign(s), of(s)));
    let (mark, tone) = worst.or_else(said).or_else(looks).unwrap_or((' ', Tone::Plain));
    canvas.put(
        area.x + 1,
        area.y,
        1,
        mark.encode_utf8(&mut [0; 4]),
        theme.of(if mark == ' ' { on_row(tone) } else { tone }),
    );
    let marks = &app.roster.grid().marks;
    let before = 2 + u16::from(!marks.is_empty());
    if marks.has(row) {
        canvas.put(area.x + 2, area.y, 1, "+", theme.of(Tone::Key));
    }
    let number = cells::right(&batch.roster().line(row).to_string(), usize::from(gutter - before));
    canvas.put(area.x + before, area.y, gutter - before, &number, theme.of(on_row(Tone::Dim)));
    let mut x = area.x + gutter;
    for (field, wide) in columns {
        let (mark, tone) = cell_mark(batch, findings, row, *field).unwrap_or((' ', Tone::Plain));
        let tone = match tone {
            Tone::Of(severity) => of(severity),
            tone => on_row(tone),
        };
        canvas.put(x, area.y, 1, mark.encode_utf8(&mut [0; 4]), theme.of(tone));
        let is_cursor = is_current && *field == app.roster.grid().field();
        let style = theme.of(match tone {
            _ if is_cursor => Tone::Cursor,
            _ if is_aside => on_row(Tone::Dim),
            // What is wrong is seen in the cell, and what was mended.
            Tone::Of(_) | Tone::Badge(_) | Tone::Edited => tone,
            _ => on_row(Tone::Plain),
        });
        let column = app.roster.grid().fields.iter().position(|f| f == field).unwrap_or(0);
        canvas.points(Area { x, width: wide + 1, ..area }, 0, MouseTarget::Cell(at, column));
        let shown = app.roster.shown_cell(row, *field);
        let text = cells::cut(&shown, usize::from(*wide));
        // The cursor shows on an empty cell as well.
        let text = if is_cursor && text.is_empty() { "  ".into() } else { text };
        canvas.put(x + 1, area.y, *wide, &text, style);
        x += wide + 1;
    }
    // Painted last, as a long text may need the room of the cells to the right.
    let is_typed_here = is_current && app.roster.grid().focus != Focus::Record;
    let edit = app.roster.edit().filter(|e| e.row == row && is_typed_here);
    if let (Some(edit), Some(prompt)) = (edit, app.roster.typed()) {
        draw_edit(canvas, theme, area, gutter, columns, (edit.field, &prompt));
    }
}

fn draw_edit(
    canvas: &mut Canvas<'_>,
    theme: Theme,
    area: Area,
    gutter: u16,
    columns: &[(Field, u16)],
    (typed, prompt): (Field, &Prompt),
) {
    let mut x = area.x + gutter;
    for (field, wide) in columns {
        if *field == typed {
            let room = (area.x + area.width).saturating_sub(x + 1);
            let wanted = (cells::width(prompt.text()) as u16).saturating_add(2).max(*wide);
            canvas.prompt(x + 1, area.y, wanted.min(room), prompt, theme.of(Tone::Typing));
        }
        x += wide + 1;
    }
}

/// Gives the sign of what the source shows of a cell besides its text.
fn look_sign(look: Look) -> char {
    match look {
        Look::Struck => '-',
        Look::Greyed => '.',
        Look::Remark => '\'',
    }
}

fn look_key(look: Look) -> &'static str {
    match look {
        Look::Struck => "ui.grid.struck",
        Look::Greyed => "ui.grid.greyed",
        Look::Remark => "ui.grid.remark",
    }
}

/// Gives the sign of a row that was put aside, or of one with a note.
fn row_sign(batch: &Batch, row: RowId) -> Option<char> {
    let has = |what| batch.roster().said(row, what).is_some();
    has(RowWhat::Aside).then_some('x').or(has(RowWhat::Note).then_some('+'))
}

/// Gives the sign before a cell: its worst finding, `*` for an edited cell, or what the source shows of it besides its text.
pub fn cell_mark(batch: &Batch, findings: &[Finding], row: RowId, field: Field) -> Option<(char, Tone)> {
    let worst = findings.iter().filter(|f| f.field == field).map(Finding::severity).min();
    let edited = || batch.roster().is_edited(row, field).then_some(('*', Tone::Edited));
    let looks = || batch.look(row, Some(field)).map(|look| (look_sign(look), Tone::Dim));
    worst.map(|s| (sign(s), Tone::Of(s))).or_else(edited).or_else(looks)
}

/// Draws the current cell in full and what was found in it, or in its row.
///
/// Gives what of the sentence finds no room here, where it may go on in the status line.
pub fn draw_detail(
    canvas: &mut Canvas<'_>,
    app: &App,
    theme: Theme,
    area: Area,
    goes_on: bool,
) -> Option<(String, Tone)> {
    let (Some(batch), Some(row)) = (app.roster.batch(), app.roster.row()) else { return None };
    let field = app.roster.grid().field();
    let findings = batch.findings().of_row(row);
    // The worst first: what bars the export is not hidden by what does not.
    let here = findings.iter().filter(|f| f.field == field).min_by_key(|f| f.severity());
    let masked = app.roster.grid().unmasked != Some(row);
    // What is typed stands here in full where its cell has no room for it, and nothing of what was there before.
    let wide = usize::from(app.roster.grid().look.width_of(field));
    if let Some(typed) = app.roster.typed().filter(|typed| wide <= cells::width(typed.text())) {
        let lines = cells::wrap(
            &app.locale.labelled(batch.context().sheet().label(field), typed.text()),
            usize::from(area.width),
        );
        for y in 0..area.height {
            canvas.line(area, y, lines.get(usize::from(y)).map_or("", String::as_str), theme.of(Tone::Plain));
        }
        return None;
    }
    let value = app.roster.shown_cell(row, field);
    let mut first = app.locale.labelled(batch.context().sheet().label(field), &value);
    if let Some(imported) = app.roster.shown_imported(row, field, &app.locale) {
        first = format!("{first}   {}", imported_told(app, &imported));
    }
    for what in RowWhat::ALL {
        if let Some(text) = app.roster.said(row, what) {
            first += &format!("   {}", said_line(app, what, &text));
        }
    }
    if let Some(look) = batch.look(row, Some(field)) {
        first += &format!("   {}", app.locale.text(look_key(look)));
    }
    // How many more there are stands beside the value, or the sentence below would lose its end to it.
    let more = findings.len().saturating_sub(1);
    if more != 0 {
        first += &format!("   {}", app.locale.fill("ui.grid.more", &[("n", &more.to_string())]));
    }
    canvas.line(area, 0, "", theme.of(Tone::Plain));
    canvas.line(area, area.height.saturating_sub(1), "", theme.of(Tone::Plain));
    if findings.is_empty() {
        // A text that is longer than a line goes on over those that no finding needs.
        let lines = cells::wrap(&first, usize::from(area.width));
        let last = usize::from(area.height.saturating_sub(1));
        let first = text::visible(&first);
        let rest_after = |lines: &[String]| cells::rest_after(&first, lines).trim_start().to_string();
        for (y, line) in (0..area.height).zip(&lines) {
            let is_cut = usize::from(y) == last && !goes_on;
            canvas.line(
                area,
                y,
                &if is_cut { rest_after(&lines[..last]) } else { line.clone() },
                theme.of(Tone::Plain),
            );
        }
        let is_told = lines.len() <= last + 1 || !goes_on;
        return (!is_told).then(|| (rest_after(&lines[..=last]), Tone::Plain));
    }
    if 1 < area.height || here.is_none() {
        canvas.line(area, 0, &first, theme.of(Tone::Plain));
    }
    if let Some(finding) = here.or_else(|| findings.iter().min_by_key(|f| f.severity()).filter(|_| 1 < area.height)) {
        let text = finding_line(app, batch, finding, masked);
        let tone = Tone::Of(finding.severity());
        let style = theme.of(tone);
        let in_two = in_two(&text, &first, usize::from(area.width)).filter(|_| 1 < area.height);
        // What another cell has takes no room of the one under the cursor.
        if let (None, Some((0, head, rest)), true) = (here, &in_two, goes_on) {
            canvas.line(area, area.height - 1, head, style);
            return Some((rest.clone(), tone));
        }
        if let Some((at, head, rest)) = in_two.filter(|(at, ..)| here.is_some() || *at != 0) {
            let x = area.x + at as u16;
            canvas.put(x, area.y, area.width.saturating_sub(at as u16), &head, style);
            let lines = cells::wrap(&rest, usize::from(area.width));
            if !goes_on || lines.len() < 2 {
                canvas.line(area, area.height - 1, &rest, style);
                return None;
            }
            canvas.line(area, area.height - 1, &lines[0], style);
            return Some((rest[lines[0].len()..].trim_start().to_string(), tone));
        }
        canvas.line(area, area.height.saturating_sub(1), &text, style);
    }
    None
}

/// A sentence begins behind the value where so many columns are left there.
const BEHIND: usize = 12;

/// Breaks a sentence that is longer than a line: it begins on the line above, behind the value where both find room, else in
/// its place. Gives the column it begins in, and what stands on either line.
fn in_two(sentence: &str, value: &str, wide: usize) -> Option<(usize, String, String)> {
    let sentence = text::visible(sentence);
    if cells::width(&sentence) <= wide {
        return None;
    }
    let broken = |columns: usize| {
        let head = cells::wrap(&sentence, columns).swap_remove(0);
        let rest = sentence[head.len()..].trim_start().to_string();
        (head, rest)
    };
    let at = cells::width(value) + 2;
    let behind = wide.checked_sub(at).filter(|room| BEHIND <= *room).map(broken);
    let behind = behind.filter(|(_, rest)| cells::width(rest) <= wide);
    let (at, (head, rest)) = behind.map_or_else(|| (0, broken(wide)), |both| (at, both));
    Some((at, head, rest))
}

/// Writes what is said of a row on one line.
pub fn said_line(app: &App, what: RowWhat, text: &str) -> String {
    app.locale.said_of_row(what, Some(text))
}

/// Writes a finding on one line: sign, code, column when it is another one, sentence.
pub fn finding_line(app: &App, batch: &Batch, finding: &Finding, masked: bool) -> String {
    let column =
        if finding.field == app.roster.grid().field() { "" } else { batch.context().sheet().label(finding.field) };
    let text = app.locale.finding(batch, finding, masked);
    // A sentence that begins with the column names it.
    let column = if text.starts_with(column) { "" } else { column };
    let gap = if column.is_empty() { "" } else { " " };
    // A number is given, and by which key is not to be looked for.
    let key = if finding.wants_number() && app.holds(When::Editable) {
        app.told("ui.grid.give-number", &[])
    } else {
        String::new()
    };
    format!("{} {}{gap}{column} {text}{key}", sign(finding.severity()), finding.rule.spec().code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_is_longer_than_its_line_is_told_on_two() {
        assert_eq!(in_two("短句", "姓名: 王", 20), None);
        let long = "编号第14-15位是“23”，发证日期却在 2024 年";
        for (value, wide) in [("姓名: 王", 32), ("证书编号: S000062010001232J00001", 34), ("", 24)] {
            let (at, head, rest) = in_two(long, value, wide).expect("two lines");
            assert_eq!([head.as_str(), rest.as_str()].concat(), long, "nothing is left out");
            assert!(at + cells::width(&head) <= wide && cells::width(&rest) <= wide, "{at} {head} {rest}");
            assert!(at == 0 || cells::width(value) + 2 == at, "{at}");
        }
    }
}
