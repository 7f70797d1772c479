//! The grid: the name frozen, the other columns scrolled, a mark before every cell that has something to say.

use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone, sign};
use super::record::imported_told;
use crate::app::App;
use crate::app::layout::{Area, Focus, columns_in};
use crate::app::mouse::MouseTarget;
use crate::app::prompt::Prompt;
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

/// Draws what the rows are filtered and sorted by; how many are left is told in full.
pub fn draw_heading(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some((filter, others)) = app.roster.selection_words(&app.locale) else { return };
    let room = usize::from(area.width).saturating_sub(cells::width(&others) + 2);
    let filter = cut_filter(&filter, room, app.locale.text("filter.and"));
    let gap = if filter.is_empty() { "" } else { app.locale.text("filter.beside") };
    canvas.line(area, 0, &format!("{filter}{gap}{others}"), theme.of(Tone::Heading));
}

/// Cuts what is filtered by at its end, where a `…` stands then: a `~` would be an operator. A condition is never cut before its
/// operator, for without that it says the contrary; of the first one the column's label gives way, of a later one all.
fn cut_filter(filter: &str, room: usize, and: &str) -> String {
    let filter = text::visible(filter);
    if cells::width(&filter) <= room {
        return filter.into_owned();
    }
    let head = |condition: &str| {
        let at = condition.find(['=', '~'])?;
        let at = if condition[..at].ends_with('!') { at - 1 } else { at };
        let operator = condition[at..].find(|c| !"!=~".contains(c)).map_or(condition.len(), |end| at + end);
        Some((at, operator))
    };
    let mut begins = 0;
    let mut whole = None;
    for condition in filter.split(and) {
        let needed = head(condition).map_or(0, |(_, operator)| operator);
        if room <= cells::width(&filter[..begins + needed]) {
            break;
        }
        whole = Some(begins);
        begins += condition.len() + and.len();
    }
    let Some(last) = whole else {
        let (at, operator) = head(&filter).unwrap_or((filter.len(), filter.len()));
        let kept = room.saturating_sub(cells::width(&filter[at..operator]) + 2);
        return format!("{}…{}…", beginning(&filter, kept), &filter[at..operator]);
    };
    // As far as the next condition, which has no room for what it says.
    let end = filter[last..].find(and).map_or(filter.len(), |end| last + end + and.len());
    format!("{}…", beginning(&filter[..end], room - 1))
}

/// Gives as much of a text as has room.
fn beginning(text: &str, room: usize) -> &str {
    let fits = |end: &usize| cells::width(&text[..*end]) <= room;
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    &text[..ends.take_while(fits).last().unwrap_or(0)]
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
pub fn draw_detail(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let (Some(batch), Some(row)) = (app.roster.batch(), app.roster.row()) else { return };
    let field = app.roster.grid().field();
    let findings = batch.findings().of_row(row);
    let here = findings.iter().find(|f| f.field == field);
    let masked = app.roster.grid().unmasked != Some(row);
    let value = app.roster.shown_cell(row, field);
    let mut first = format!("{}: {value}", batch.context().sheet().label(field));
    if batch.roster().is_edited(row, field) {
        let imported = app.roster.shown(row, field, batch.roster().imported(row, field));
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
    if 1 < area.height || here.is_none() {
        canvas.line(area, 0, &first, theme.of(Tone::Plain));
    }
    if let Some(finding) = here.or(findings.first().filter(|_| 1 < area.height)) {
        let text = finding_line(app, batch, finding, masked);
        let line = area.height.saturating_sub(1);
        canvas.line(area, line, &text, theme.of(Tone::Of(finding.severity())));
    }
}

/// Writes what is said of a row on one line.
pub fn said_line(app: &App, what: RowWhat, text: &str) -> String {
    app.locale.said_of_row(what, Some(text))
}

/// Writes a finding on one line: sign, code, column when it is another one, sentence.
pub fn finding_line(app: &App, batch: &Batch, finding: &Finding, masked: bool) -> String {
    let column =
        if finding.field == app.roster.grid().field() { "" } else { batch.context().sheet().label(finding.field) };
    let gap = if column.is_empty() { "" } else { " " };
    let text = app.locale.finding(batch, finding, masked);
    format!("{} {}{gap}{column} {text}", sign(finding.severity()), finding.rule.spec().code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_cut_keeps_its_operator() {
        let cut = |filter: &str, room| {
            let cut = cut_filter(filter, room, "；");
            assert!(cells::width(&cut) <= room, "{cut}");
            cut
        };
        for (filter, room, told) in [
            ("筛选：所在单位!~天水", 22, "筛选：所在单位!~天水"),
            ("筛选：所在单位!~天水", 19, "筛选：所在单位!~天…"),
            ("筛选：所在单位!~天水", 17, "筛选：所在单位!~…"),
            ("筛选：所在单位!~天水", 14, "筛选：所在…!~…"),
            ("筛选：所在单位!=天水；姓名!~王", 27, "筛选：所在单位!=天水；…"),
            ("筛选：所在单位!=天水；姓名!~王五六", 30, "筛选：所在单位!=天水；姓名!~…"),
            ("有错；姓名!=王五六", 9, "有错；…"),
        ] {
            assert_eq!(cut(filter, room), told, "{filter} {room}");
        }
    }
}
