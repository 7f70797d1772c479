//! The strip under the title (状态条): how many rows, how much of what was found is mended and what is left, and which rows are shown.

use super::super::bars::{self, Part};
use super::super::cells::{self, Canvas};
use super::super::theme::{Theme, Tone, sign};
use crate::app::App;
use crate::app::layout::{Area, ROOMY};
use crate::domain::batch::{Batch, Mended};
use crate::domain::rules::Severity;
use crate::domain::sheet::Field;
use crate::domain::text;

/// What stands between two things that are told.
const GAP: usize = 2;

/// A thing that is told in one go or not at all.
type Piece = Vec<(String, Tone)>;

/// So much of a column's label is told that rows are sorted by, and of a filter, where room is short.
const LABEL: usize = 10;
const FILTER: usize = 14;

/// Draws how the batch stands; nothing of it follows the cursor, which then costs nothing here.
///
/// What does not fit in full words is told in few; then the filter gives way at its end. Only in a window narrower than any
/// terminal begins with something is left out, the least asked for first.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, theme: Theme, area: Area) {
    let Some(batch) = app.roster.batch() else { return };
    canvas.line(area, 0, "", theme.of(Tone::Plain));
    let (filter, _) = app.roster.selection_words(&app.locale).unwrap_or_default();
    let room = usize::from(area.width);
    let wide = |piece: &Piece| piece.iter().map(|(text, _)| cells::width(text)).sum::<usize>();
    let needed = |shown: &[(u8, Piece)], gap: usize| shown.iter().map(|(_, piece)| wide(piece) + gap).sum::<usize>();
    let filter_wide = cells::width(&filter);
    let mut gap = GAP;
    let mut shown = told(app, theme, batch, false);
    if room + gap < needed(&shown, gap) + filter_wide + gap {
        gap = 1;
        shown = told(app, theme, batch, true);
    }
    let kept = if filter.is_empty() { 0 } else { filter_wide.min(FILTER) + gap };
    while room + gap < needed(&shown, gap) + kept {
        let Some(least) = (0..shown.len()).min_by_key(|i| shown[*i].0).filter(|i| shown[*i].0 < 7) else { break };
        shown.remove(least);
    }
    if !filter.is_empty() {
        let rest = room.saturating_sub(needed(&shown, gap));
        let cut = cut_filter(&filter, rest, app.locale.text("filter.and"));
        shown.push((7, vec![(cut, Tone::Heading)]));
    }
    let mut x = area.x;
    for (_, piece) in shown {
        for (text, tone) in piece {
            let room = (area.x + area.width).saturating_sub(x);
            x = canvas.put(x, area.y, room, &text, theme.of(tone));
        }
        x += gap as u16;
    }
}

/// Gives what is told of a batch, with how much it is asked for, in full or in few words; the filter stands behind it.
fn told(app: &App, theme: Theme, batch: &Batch, in_short: bool) -> Vec<(u8, Piece)> {
    let mut shown: Vec<(u8, Piece)> = Vec::new();
    let key = |full: &'static str, short: &'static str| if in_short { short } else { full };
    let count = |key: &str, n: usize, tone: Tone| vec![(app.locale.fill(key, &[("n", &n.to_string())]), tone)];
    let mended = batch.mended();
    if !app.roster.grid().is_filtered() {
        shown.push((3, count(key("ui.strip.rows", "ui.strip.rows-short"), batch.roster().len() as usize, Tone::Plain)));
    }
    if mended.found != 0 {
        let places = [("n", mended.gone.to_string()), ("found", mended.found.to_string())];
        let places = places.each_ref().map(|(name, text)| (*name, text.as_str()));
        let words = app.locale.fill(key("ui.strip.mended", "ui.strip.mended-short"), &places);
        shown.push((5, vec![(words, if mended.gone == 0 { Tone::Dim } else { Tone::Good })]));
    }
    let left = Severity::ALL.map(|severity| batch.count(severity));
    if left.iter().any(|n| *n != 0) || mended.found != 0 {
        let none = || vec![(app.locale.text("ui.strip.none-left").to_string(), Tone::Good)];
        shown.push((4, if left.iter().all(|n| *n == 0) { none() } else { counts(left) }));
        let wide = match in_short {
            true => 5,
            false if app.size.0 < ROOMY => 10,
            false => 24,
        };
        shown.push((1, bar(theme, left, mended, wide)));
    }
    if batch.context().sheet().column(Field::Code).is_some() {
        shown.push((
            2,
            count(key("ui.strip.numbered", "ui.strip.numbered-short"), batch.count_filled(Field::Code), Tone::Plain),
        ));
    }
    let aside = batch.roster().count_aside() as usize;
    if aside != 0 {
        shown.push((7, count("status.aside", aside, Tone::Dim)));
    }
    if in_short {
        let [rows, sorted, marked] =
            app.roster.selection_in_short(&app.locale, |label| cells::cut(label, LABEL).into());
        let others = [(7, rows), (6, sorted), (0, marked)];
        let others = others.into_iter().filter_map(|(asked, words)| words.map(|words| (asked, words)));
        shown.extend(others.map(|(asked, words)| (asked, vec![(words, Tone::Heading)])));
    } else if let Some((_, others)) = app.roster.selection_words(&app.locale).filter(|(_, others)| !others.is_empty()) {
        shown.push((6, vec![(others, Tone::Heading)]));
    }
    shown
}

/// Tells how many of each severity are left, those of which there are none left out; that none are is told as well.
fn counts(left: [usize; 3]) -> Piece {
    let mut piece: Piece = Vec::new();
    for (severity, n) in Severity::ALL.into_iter().zip(left).filter(|(_, n)| *n != 0) {
        let gap = if piece.is_empty() { "" } else { " " };
        piece.push((format!("{gap}{}{n}", sign(severity)), Tone::Of(severity)));
    }
    piece
}

/// Draws of what was found and what is left so much of each severity, and what is mended. A notice asks for nothing to be mended.
fn bar(theme: Theme, left: [usize; 3], mended: Mended, width: usize) -> Piece {
    let strokes = theme.strokes();
    let part = |(severity, n): (Severity, usize)| Part {
        count: n as u64,
        sign: theme.filled(sign(severity)),
        tone: Tone::Of(severity),
    };
    let counted = Severity::ALL.into_iter().zip(left).filter(|(severity, _)| *severity != Severity::Notice);
    let mut parts: Vec<Part> = counted.map(part).collect();
    parts.push(Part { count: mended.gone as u64, sign: strokes.rest, tone: Tone::Good });
    bars::drawn(&parts, width)
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
