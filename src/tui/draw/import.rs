//! The import pane: files, sheets, columns.

use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone};
use super::first_rows;
use crate::app::App;
use crate::app::import::{ColumnMemory, ImportStep, shown_sample};
use crate::app::layout::Area;
use crate::app::mouse::MouseTarget;
use crate::domain::roster::Block;
use crate::domain::rules::TableFinding;
use crate::domain::sheet::{Field, GaveWay, LostClaim, SourceColumn, column_letters};
use crate::domain::text;

/// So wide the names of files are at least, so that the list does not change its shape while it is narrowed.
const NAMES: usize = 55;

/// Draws the step in hand.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    for y in 0..area.height {
        canvas.line(area, y, "", theme.of(Tone::Plain));
    }
    match app.import.step() {
        ImportStep::Browse => browse(canvas, app, theme, area),
        ImportStep::Today => super::today::draw(canvas, app, theme, area),
        ImportStep::Batches => super::batches::draw(canvas, app, theme, area),
        ImportStep::Sheets => super::sheets::draw(canvas, app, theme, area),
        ImportStep::Versions => versions(canvas, app, theme, area),
        ImportStep::Header => header(canvas, app, theme, area),
        ImportStep::Columns => columns(canvas, app, theme, area),
    }
}

fn list(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area, lines: &[String]) {
    let at = app.import.at();
    let height = super::overlay::room_above_more(canvas, app, theme, area, (at, lines.len()));
    let top = page_top(at, height);
    for (i, line) in lines.iter().enumerate().skip(top).take(height) {
        let (mark, tone) = if i == at { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        canvas.line(area, (i - top) as u16, &format!("{mark} {line}"), theme.of(tone));
        canvas.points(area, (i - top) as u16, MouseTarget::Line(app.base_place(), i));
    }
}

fn below(area: Area, rows: u16) -> Area {
    Area { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn browse(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let import = &app.import;
    let folder = app.locale.fill("ui.import.folder", &[("path", &import.folder().to_string_lossy())]);
    canvas.line(area, 0, &folder, theme.of(Tone::Heading));
    if let Some(batch) = import.adds_to() {
        let words = app.locale.fill("ui.import.adds-to", &[("batch", batch)]);
        canvas.line(area, 2, &words, theme.of(Tone::Heading));
    }
    if let Some(heading) = import.wanted_for().heading_key() {
        canvas.line(area, 2, app.locale.text(heading), theme.of(Tone::Heading));
    }
    let x = canvas.put(area.x, area.y + 1, area.width, app.locale.text("ui.import.narrow"), theme.of(Tone::Dim)) + 1;
    canvas.prompt(x, area.y + 1, area.width.saturating_sub(x).min(40), import.narrow(), theme.of(Tone::Typing));
    let more = app.told("ui.import.batches", &[]);
    let wide = (cells::width(&more) as u16).min(area.width);
    canvas.put(area.x + area.width - wide, area.y + 1, wide, &more, theme.of(Tone::Dim));
    let entries = import.shown();
    let names: Vec<String> = entries
        .iter()
        .map(|e| {
            let ours = if e.is_ours { app.locale.text("ui.import.ours") } else { "" };
            format!("{}{}{ours}", text::visible(&e.name), if e.is_folder { "/" } else { "" })
        })
        .collect();
    // As wide as the names are, so that size and day stand beside them.
    let widest = names.iter().map(|name| cells::width(name)).max().unwrap_or_default().max(NAMES);
    let name_width = usize::from(area.width).saturating_sub(25).min(widest);
    let lines: Vec<String> = entries
        .iter()
        .zip(&names)
        .map(|(e, name)| {
            let size = if e.is_folder { String::new() } else { size(e.size) };
            format!("{} {} {}", cells::fit(name, name_width), cells::right(&size, 9), e.changed)
        })
        .collect();
    let rest = below(area, 3);
    if lines.is_empty() {
        let is_narrowed = !app.import.narrow().text().is_empty();
        let key = if is_narrowed { "ui.import.none-of-these" } else { "ui.import.nothing" };
        canvas.line(rest, 0, app.locale.text(key), theme.of(Tone::Dim));
    }
    list(canvas, app, theme, rest, &lines);
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

fn versions(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let width = usize::from(area.width);
    let told = app.import.version_lines(&app.locale);
    let told: Vec<String> = told.iter().flat_map(|line| cells::wrap(line, width)).collect();
    let mut y = 0;
    for line in told {
        canvas.line(area, y, &line, theme.of(Tone::Heading));
        y += 1;
    }
    y += 1;
    // Each answer in full: what is chosen between must be read to its end.
    let choices = app.import.version_choices(&app.locale);
    let lines = choices.iter().enumerate().flat_map(|(i, choice)| {
        let wrapped = cells::wrap(choice, width.saturating_sub(2));
        wrapped.into_iter().enumerate().map(move |(n, line)| (i, n == 0, line))
    });
    let lines: Vec<(usize, bool, String)> = lines.collect();
    // The one under the cursor is seen to its end as well.
    let height = usize::from(area.height.saturating_sub(y));
    let end = lines.iter().rposition(|(i, ..)| *i <= app.import.at()).map_or(0, |last| last + 1);
    for (i, is_first, line) in lines.into_iter().skip(end.saturating_sub(height)).take(height) {
        let (mark, tone) = if i == app.import.at() { ('>', Tone::Cursor) } else { (' ', Tone::Plain) };
        canvas.line(area, y, &format!("{} {line}", if is_first { mark } else { ' ' }), theme.of(tone));
        canvas.points(area, y, MouseTarget::Line(app.base_place(), i));
        y += 1;
    }
}

fn header(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let told = app.told("ui.import.header", &[]);
    let told = cells::wrap(&told, usize::from(area.width));
    let above = told.len() as u16;
    for (y, line) in (0..above).zip(&told) {
        canvas.line(area, y, line, theme.of(Tone::Heading));
    }
    if let Some(encoding) = app.import.text_encoding() {
        let line = app.told("ui.import.header-encoding", &[("encoding", encoding)]);
        canvas.line(area, above, &line, theme.of(Tone::Dim));
    }
    list(canvas, app, theme, below(area, above + 2), &app.import.row_lines());
}

fn columns(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let import = &app.import;
    let label = |field: Field| import.form().map_or("", |form| form.label(field));
    let missing: Vec<&str> = import.missing().into_iter().map(label).collect();
    let disputes = import.disputes();
    let (heading, tone) = if let (Some(form), false) = (import.form(), disputes.is_empty()) {
        let told = disputes.iter().map(|finding| app.locale.table_finding(form, import.columns(), finding));
        (told.collect::<Vec<_>>().join(app.locale.text("finding.semicolon")), Tone::Bad)
    } else if missing.is_empty() {
        (app.locale.text("ui.import.columns-all").to_string(), Tone::Good)
    } else {
        (
            app.locale
                .fill("ui.import.columns-missing", &[("columns", &missing.join(app.locale.text("finding.comma")))]),
            Tone::Bad,
        )
    };
    let beside = import.form().into_iter().flat_map(|form| {
        let told = |finding: TableFinding| app.locale.table_finding(form, import.columns(), &finding);
        app.locale.to_number(form, import.columns()).into_iter().chain(import.guesses().into_iter().map(told))
    });
    let memory = import.memory().map(|memory| match memory {
        ColumnMemory::AsLastTime => app.told("ui.import.columns-remembered", &[]),
        ColumnMemory::Forgotten => app.told("ui.import.columns-forgotten", &[]),
    });
    let heading: Vec<String> = std::iter::once(heading).chain(memory).chain(beside).collect();
    let heading = cells::wrap(&heading.join(app.locale.text("finding.semicolon")), usize::from(area.width));
    let above = heading.len().min(3) as u16;
    for (y, line) in (0..above).zip(&heading) {
        canvas.line(area, y, line, theme.of(tone));
    }
    // By its letters a column is named where it is told of.
    let letters = cells::width(&column_letters(import.columns().source.len().saturating_sub(1)));
    let texts: Vec<[String; 4]> = import
        .columns()
        .source
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let sample = shown_sample(import, (0, i));
            let field = match (column.field, column.lost) {
                (Some(field), _) => label(field).to_string(),
                (None, Some(LostClaim { field, to })) if to.is_open() => {
                    app.locale.fill("ui.import.claims", &[("field", label(field))])
                }
                (None, Some(LostClaim { to: GaveWay::LeftOut, .. })) => {
                    app.locale.text("ui.import.left-out").to_string()
                }
                (None, _) => app.locale.text("ui.import.aside").to_string(),
            };
            let arrow = if column.field.is_some() { "->" } else { "--" };
            let label = format!("{} {}", cells::fit(&column_letters(i), letters), column.label_in_line());
            [label, arrow.to_string(), field, sample]
        })
        .collect();
    let heads = ["ui.import.source", "ui.import.field", "ui.import.sample"].map(|key| app.locale.text(key));
    // As wide as their texts, up to a point; what stands in the first row has the rest.
    let room = usize::from(area.width.saturating_sub(10));
    let widest = |at: usize, head: &str| {
        texts.iter().map(|line| cells::width(&line[at])).chain([cells::width(head)]).max().unwrap_or_default()
    };
    let (label_wide, field_wide) = (widest(0, heads[0]).min(room / 3), widest(2, heads[1]).min(room * 9 / 20));
    let rest = usize::from(area.width).saturating_sub(2 + label_wide + 5 + field_wide + 1);
    let line = |[label, arrow, field, sample]: [&str; 4]| {
        let (label, field) = (cells::fit(label, label_wide), cells::fit(field, field_wide));
        format!("{label} {arrow}  {field} {}", cells::cut(sample, rest))
    };
    canvas.line(area, above, &format!("  {}", line([heads[0], "  ", heads[1], heads[2]])), theme.of(Tone::Heading));
    let lines: Vec<String> = texts.iter().map(|texts| line(texts.each_ref().map(String::as_str))).collect();
    let rest = below(area, above + 1);
    let height = (lines.len() as u16).min(rest.height);
    list(canvas, app, theme, Area { height, ..rest }, &lines);
    let rows = below(rest, height + 1);
    let labels: Vec<String> = import.columns().source.iter().map(SourceColumn::label_in_line).collect();
    let count = import.sample().map_or(0, Block::len).min(usize::from(rows.height));
    let cells = |row| (0..labels.len()).map(|at| shown_sample(import, (row, at))).collect();
    let shown: Vec<Vec<String>> = std::iter::once(labels.clone()).chain((0..count).map(cells)).collect();
    first_rows::draw(canvas, theme, rows, (app.locale.text("ui.import.first-rows"), &shown));
}
