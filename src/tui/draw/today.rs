//! The front page: a block for the open batches, the numbers, what waits, the backup; a line each, and the cursor's where Enter goes.

use super::super::bars::{self, Part};
use super::super::cells::{self, Canvas, page_top};
use super::super::theme::{Theme, Tone, sign};
use super::ledger::{series_bar, series_scale};
use crate::app::App;
use crate::app::command::Place;
use crate::app::import::{NextStep, TodayBatch, TodayDue, TodayFacts, TodayLine};
use crate::app::layout::{Area, ROOMY};
use crate::app::ledger::request::SeriesLine;
use crate::app::mouse::MouseTarget;
use crate::domain::due::Standing;
use crate::domain::ledger::SeriesState;
use crate::domain::rules::Severity;
use crate::domain::text;

/// The columns of a batch behind its name: rows, bar, what to do next, mended, who.
const COLUMNS: [usize; 5] = [10, 8, 12, 14, 13];

/// The line under the cursor in full takes so many lines below the rest, where there is room.
const FULL: u16 = 2;

/// What of a line stands where, in its tone.
type Piece = (String, Tone);

pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(facts) = app.import.today() else {
        return canvas.line(area, 0, app.locale.text("ui.today.waiting"), theme.of(Tone::Dim));
    };
    let lines = facts.lines(app.size.1);
    // A heading before every block; the cursor goes over them.
    let mut rows: Vec<Option<usize>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        if i == 0 || lines[i - 1].block_key() != line.block_key() {
            rows.push(None);
        }
        rows.push(Some(i));
    }
    let below = if area.height < 12 { 0 } else { FULL };
    if let Some(line) = lines.get(app.import.at()).filter(|_| below != 0) {
        let told = cells::wrap(&facts.told(*line, &app.locale), usize::from(area.width));
        for (y, text) in (area.height - below..).zip(told.iter().take(usize::from(FULL))) {
            canvas.line(area, y, text, theme.of(Tone::Plain));
        }
    }
    let area = Area { height: area.height - below, ..area };
    let height = usize::from(area.height);
    let at = rows.iter().position(|row| *row == Some(app.import.at())).unwrap_or(0);
    let top = page_top(at, height);
    for (y, (place, row)) in rows.iter().enumerate().skip(top).take(height).enumerate() {
        let y = y as u16;
        match row {
            None => {
                let key =
                    rows.get(place + 1).copied().flatten().and_then(|i| lines.get(i)).map(|line| line.block_key());
                let area = Area { y: area.y + y, height: 1, ..area };
                let title = app.locale.text(key.unwrap_or("ui.today.batches"));
                let title = match key {
                    // What a full bar stands for.
                    Some("ui.today.series") => {
                        let full = series_scale(facts.series.iter().map(|line| &line.state)).to_string();
                        app.locale.fill("ui.today.series-scale", &[("title", title), ("n", &full)])
                    }
                    _ => title.to_string(),
                };
                canvas.heading(area, &title, theme.of(Tone::Heading));
            }
            Some(i) => {
                let is_current = *i == app.import.at();
                let mut x =
                    canvas.put(area.x, area.y + y, 2, if is_current { "> " } else { "  " }, theme.of(Tone::Plain));
                let pieces = pieces(app, theme, (facts, lines[*i]), usize::from(area.width.saturating_sub(2)));
                for (n, (text, tone)) in pieces.iter().enumerate() {
                    let room = (area.x + area.width).saturating_sub(x);
                    let tone = if is_current && n == 0 { Tone::Cursor } else { *tone };
                    x = canvas.put(x, area.y + y, room, text, theme.of(tone));
                }
                canvas.points(area, y, MouseTarget::Line(Place::Today, *i));
            }
        }
    }
}

fn pieces(app: &App, theme: Theme, (facts, line): (&TodayFacts, TodayLine), width: usize) -> Vec<Piece> {
    let tone = match line {
        TodayLine::Batch(at) => {
            return facts.batches.get(at).map(|one| batch(app, theme, one, width)).unwrap_or_default();
        }
        TodayLine::Series(at) => {
            return facts.series.get(at).map(|one| series(app, theme, (facts, one), width)).unwrap_or_default();
        }
        TodayLine::Backup if facts.backup.as_ref().is_some_and(|backup| backup.is_old) => Tone::Of(Severity::Warning),
        TodayLine::Due(at) => return facts.due.get(at).map(|one| due(facts, one)).unwrap_or_default(),
        TodayLine::MoreBatches(_) | TodayLine::MoreSeries(_) => Tone::Dim,
        TodayLine::Shares => Tone::Of(Severity::Warning),
        TodayLine::DueCounts | TodayLine::Cases | TodayLine::Backup => Tone::Plain,
    };
    vec![(facts.told(line, &app.locale), tone)]
}

/// Draws something that is due: what is left stands in a column.
fn due(facts: &TodayFacts, one: &TodayDue) -> Vec<Piece> {
    let tone = match one.standing {
        Standing::TooLate | Standing::Overdue => Tone::Bad,
        Standing::Ask => Tone::Of(Severity::Warning),
        _ => Tone::Plain,
    };
    let shown = facts.due.iter().take(TodayFacts::DUE);
    let left = shown.map(|one| cells::width(&one.left)).max().unwrap_or(0);
    vec![(format!("{} {}  ", one.day, cells::fit(&one.left, left)), tone), (one.told.clone(), tone)]
}

fn batch(app: &App, theme: Theme, one: &TodayBatch, width: usize) -> Vec<Piece> {
    let locale = &app.locale;
    let [mut rows, mut bar, mut next, mut mended, mut who] = COLUMNS;
    if usize::from(ROOMY) <= width {
        (bar, who) = (20, 40);
    }
    // What is told of the batches takes what it needs, and the names have the rest.
    let facts = app.import.today();
    let all = || facts.into_iter().flat_map(|facts| &facts.batches);
    let widest = |told: &dyn Fn(&TodayBatch) -> String, most: usize| {
        all().map(|one| cells::width(&told(one))).max().unwrap_or(0).min(most)
    };
    rows = widest(&|one| locale.fill("ui.today.rows", &[("n", &one.line.rows.to_string())]), rows);
    next = widest(&|one| one.next_told(locale), next);
    mended = widest(&|one| one.mended_told(locale, "ui.today.mended"), mended);
    let needed = rows + bar + next + mended + who + 5;
    let digits = all().map(|one| one.line.batch.to_string().len()).max().unwrap_or_default();
    let named = |one: &TodayBatch| format!("{:>digits$} {}", one.line.batch.to_string(), one.line.full_name(locale));
    let longest = widest(&named, width);
    let name = width.saturating_sub(needed).min(longest.max(20));
    // What the names leave is the bar's, as far as it tells more then.
    bar += width.saturating_sub(needed + name).min(40);
    // Whatever is left: who holds a batch, where and since when, is long.
    who = who.max(width.saturating_sub(name + rows + bar + next + mended + 5));
    let name = cells::fit(&named(one), name);
    let told = locale.fill("ui.today.rows", &[("n", &one.line.rows.to_string())]);
    let mut pieces = vec![(name, Tone::Plain), (format!(" {} ", cells::right(&told, rows)), Tone::Plain)];
    pieces.extend(progress(theme, one, bar));
    let step = one.next_step();
    let tone = match step {
        NextStep::Mend(_) => Tone::Of(Severity::Error),
        NextStep::Number(_) | NextStep::Facts(_) | NextStep::ExportAnew => Tone::Of(Severity::Warning),
        NextStep::Export | NextStep::Nothing => Tone::Good,
        NextStep::Open => Tone::Dim,
    };
    pieces.push((format!(" {}", cells::fit(&one.next_told(locale), next)), tone));
    pieces.push((format!(" {}", cells::fit(&one.mended_told(locale, "ui.today.mended"), mended)), Tone::Good));
    let tone = if one.holder.is_some() { Tone::Of(Severity::Warning) } else { Tone::Dim };
    // Who it is stands in full below, where the line has no room for it.
    let words = match &one.holder {
        Some(_) if usize::from(ROOMY) <= width => one.who_told(locale),
        Some(_) => locale.text("ui.today.somebody").to_string(),
        None => format!("{} {}", one.line.when.get(5..10).unwrap_or_default(), text::visible(&one.line.user)),
    };
    pieces.push((format!(" {}", cells::fit(&words, who)), tone));
    pieces
}

/// Draws what stands in the way beside what is mended; blank where nobody knows. What bars nothing is told by the batch itself.
fn progress(theme: Theme, one: &TodayBatch, width: usize) -> Vec<Piece> {
    let Some((errors, (gone, _))) = one.line.errors.zip(one.mended) else {
        return vec![(" ".repeat(width), Tone::Plain)];
    };
    let part = |count: u32, sign: char, tone: Tone| Part { count: u64::from(count), sign, tone };
    // Where nothing stands in the way the bar is done.
    let gone = if errors == 0 { 1 } else { gone };
    let bad = part(errors, theme.filled(sign(Severity::Error)), Tone::Of(Severity::Error));
    bars::drawn(&[bad, part(gone, theme.strokes().rest, Tone::Good)], width)
}

fn series(app: &App, theme: Theme, (facts, one): (&TodayFacts, &SeriesLine), width: usize) -> Vec<Piece> {
    let scale = series_scale(facts.series.iter().map(|line| &line.state));
    let bar = if usize::from(ROOMY) <= width { 24 } else { 12 };
    let left = |state: &SeriesState| {
        let (left, next) = (state.left().to_string(), state.next().map_or_else(String::new, |n| n.to_string()));
        app.locale.fill("ui.today.series-left", &[("left", &left), ("next", &next)])
    };
    let told = left(&one.state);
    // The bars of all begin in one column.
    let widest = facts.series.iter().map(|line| cells::width(&left(&line.state))).max().unwrap_or(0);
    let name = width.saturating_sub(22 + bar + widest + 3).min(60);
    let mut pieces = vec![(format!("{} {} ", one.state.key, cells::fit(&one.institution, name)), Tone::Plain)];
    pieces.extend(series_bar(theme, &one.state, scale, bar));
    pieces.push((format!(" {told}"), if one.state.left() == 0 { Tone::Bad } else { Tone::Plain }));
    pieces
}
