//! Series: the list with a bar each, and one with its gaps and its certificates.

use super::super::super::bars::{self, Part};
use super::super::super::cells;
use super::super::super::theme::{Theme, Tone};
use super::{Pane, certificates, joined};
use crate::app::App;
use crate::app::layout::Area;
use crate::app::ledger::series::{GAPS_SHOWN, Page};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::ledger::SeriesState;
use crate::domain::rules::Severity;

/// Below this width the list keeps only what tells one line from the other.
const NARROW: usize = 70;

/// Draws every series with its bar and its numbers.
pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    // Mark, key and six numbers with the blanks between them.
    let few = ["ui.ledger.number.void", "ui.ledger.number.reserved", "ui.ledger.number.gaps"];
    let [void, reserved, gaps] = few.map(|key| cells::width(app.locale.text(key)).max(4));
    let rest = width.saturating_sub(2 + 22 + 3 * 6 + void + reserved + gaps + 8);
    let bar_wide = (rest * 2 / 5).min(40);
    // As wide as the names are, so that the numbers stand beside them.
    let names =
        app.ledger.lists().series.lines.lines().iter().map(|line| cells::width(name_of(app, &line.institution)));
    let head = cells::width(app.locale.text("ui.ledger.column.institution"));
    let name_wide = names.max().unwrap_or_default().max(head).min(rest - bar_wide);
    let bar_head = if cells::width(app.locale.text("ui.ledger.bar")) <= bar_wide {
        "ui.ledger.bar"
    } else {
        "ui.ledger.bar-short"
    };
    let (used, left) = ("ui.ledger.number.used", "ui.ledger.number.left");
    if width < NARROW {
        pane.head(&[("ui.ledger.series", 22), (used, 6), (left, 6)]);
    } else {
        pane.head(&[
            ("ui.ledger.series", 22),
            ("ui.ledger.column.institution", name_wide),
            (bar_head, bar_wide),
            (used, 6),
            (few[0], void),
            (few[1], reserved),
            (few[2], gaps),
            (left, 6),
            ("ui.ledger.number.next", 6),
        ]);
    }
    let list = &app.ledger.lists().series.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.series");
    }
    let theme = pane.theme;
    let years: Vec<Option<u8>> = list.lines().iter().map(|line| year_of(app, &line.state)).collect();
    // What one year uses says nothing of what another does.
    let scale_of = |i: usize| {
        let of_year = list.lines().iter().zip(&years).filter(|(_, year)| **year == years[i]);
        scale(of_year.map(|(line, _)| &line.state))
    };
    pane.list(list.at, list.lines().len(), |i| {
        let line = list.lines().get(i)?;
        let state = &line.state;
        let number = |n: u32, wide: usize| cells::right(&n.to_string(), wide);
        let key = state.key.as_str();
        let text = if width < NARROW {
            format!("{key} {} {}", number(state.used, 6), number(state.left(), 6))
        } else {
            let next = state.next().map_or_else(|| app.locale.text("ui.ledger.full").to_string(), |n| n.to_string());
            let name = cells::fit(name_of(app, &line.institution), name_wide);
            let numbers = [
                number(state.used, 6),
                number(state.void, void),
                number(state.reserved, reserved),
                number(state.gaps, gaps),
            ];
            let (left, next) = (number(state.left(), 6), cells::right(&next, 6));
            format!(
                "{key} {name} {} {} {left} {next}",
                told_bar(theme, state, scale_of(i), bar_wide),
                numbers.join(" ")
            )
        };
        Some((text, if state.left() == 0 { Tone::Bad } else { Tone::Plain }))
    });
    let scale = if years.is_empty() { 1 } else { scale_of(list.at.min(years.len() - 1)) };
    let name = list.current().map_or("", |line| name_of(app, &line.institution));
    let legend = legend(app, theme, scale);
    pane.detail(&format!("{}{legend}", cells::fit(name, width)));
    in_full(pane, scale);
}

/// So many lines tell a series in full, with the blank one above them.
const IN_FULL: usize = 8;

/// Draws the series under the cursor in full below the list, where the list leaves that much room: its numbers, how much of the year's
/// most and how much of its own range is used, and how the other series of its institution stand.
fn in_full(pane: &mut Pane<'_, '_>, scale: u32) {
    let app = pane.app;
    let list = &app.ledger.lists().series.lines;
    let Some(line) = list.current() else { return };
    let area = pane.layout.list;
    if usize::from(area.height) < list.lines().len() + IN_FULL {
        return;
    }
    let state = &line.state;
    let y = list.lines().len() as u16 + 1;
    let at = |row: u16| Area { y: area.y + y + row, height: 1, ..area };
    let title = joined(&[state.key.as_str(), name_of(app, &line.institution)]);
    pane.canvas.heading(at(0), &title, pane.theme.of(Tone::Dim));
    pane.canvas.line(at(1), 0, &format!("  {}", numbers_told(app, state)), pane.theme.of(Tone::Plain));
    let range = state.last.saturating_sub(state.first).saturating_add(1);
    let told = |key: &str, n: u32| format!("  {}", app.locale.fill(key, &[("n", &n.to_string())]));
    let labels = [told("ui.ledger.of-most", scale), told("ui.ledger.of-range", range)];
    let wide = labels.iter().map(|label| cells::width(label)).max().unwrap_or_default() as u16 + 2;
    for (row, (label, full)) in (3..).zip(labels.iter().zip([scale, range])) {
        let area = at(row);
        pane.canvas.line(area, 0, label, pane.theme.of(Tone::Dim));
        let mut x = area.x + wide;
        for (text, tone) in bar(pane.theme, state, full, usize::from(area.width.saturating_sub(wide + 2))) {
            let room = (area.x + area.width).saturating_sub(x);
            x = pane.canvas.put(x, area.y, room, &text, pane.theme.of(tone));
        }
    }
    let year = year_of(app, state);
    let prefix = |state: &SeriesState| state.key.as_str().get(..PREFIX_LENGTH).unwrap_or_default().to_string();
    let same = || {
        let of_both = |other: &&SeriesState| prefix(other) == prefix(state) && year_of(app, other) == year;
        list.lines().iter().map(|line| &line.state).filter(of_both)
    };
    let used: u32 = same().map(|state| state.used).sum();
    let places = [("n", same().count().to_string()), ("used", used.to_string())];
    let sum = app.locale.fill("ui.ledger.same-year", &places.each_ref().map(|(name, text)| (*name, text.as_str())));
    pane.canvas.line(at(6), 0, &format!("  {sum}"), pane.theme.of(Tone::Plain));
}

/// Tells how many numbers of a series are used, void, reserved, missing and left, and the next one.
fn numbers_told(app: &App, state: &SeriesState) -> String {
    let next = state.next().map_or_else(|| app.locale.text("ui.ledger.full").to_string(), |n| n.to_string());
    let counts = [state.used, state.void, state.reserved, state.gaps, state.left()].map(|n| n.to_string());
    let [used, void, reserved, gaps, left] = counts.each_ref().map(String::as_str);
    let places = [
        ("used", used),
        ("void", void),
        ("reserved", reserved),
        ("gaps", gaps),
        ("left", left),
        ("next", next.as_str()),
    ];
    app.locale.fill("ui.ledger.numbers", &places)
}

/// Draws a bar without its tones, for the cursor may stand on it.
fn told_bar(theme: Theme, state: &SeriesState, scale: u32, width: usize) -> String {
    bar(theme, state, scale, width).into_iter().map(|(text, _)| text).collect()
}

fn year_of(app: &App, state: &SeriesState) -> Option<u8> {
    state.key.year(app.profiles.iter().find(|profile| profile.id == state.profile)?)
}

fn name_of<'a>(app: &'a App, institution: &'a str) -> &'a str {
    if institution.is_empty() { app.locale.text("ui.ledger.unregistered") } else { institution }
}

/// Gives how many numbers a full bar stands for: what the fullest of the series uses, rounded up so that it can be named.
pub fn scale<'a>(states: impl Iterator<Item = &'a SeriesState>) -> u32 {
    let most = states.map(|state| state.high.saturating_sub(state.first.saturating_sub(1))).max().unwrap_or(0).max(1);
    let tens = 10_u32.pow(most.ilog10());
    [1, 2, 5, 10].into_iter().map(|n| tens.saturating_mul(n)).find(|n| most <= *n).unwrap_or(most)
}

/// Draws how much of a series is used, void, reserved and missing, and how much of the scale is left; whatever there is of gets a
/// sign at least.
pub fn bar(theme: Theme, state: &SeriesState, scale: u32, width: usize) -> Vec<(String, Tone)> {
    let strokes = theme.strokes();
    let taken = state.used.saturating_add(state.void).saturating_add(state.reserved).saturating_add(state.gaps);
    let part = |count: u32, sign: char, tone: Tone| Part { count: u64::from(count), sign, tone };
    let parts = [
        part(state.used, strokes.full, Tone::Good),
        part(state.void, 'x', Tone::Bad),
        part(state.reserved, '=', Tone::Key),
        part(state.gaps, '?', Tone::Of(Severity::Warning)),
        part(scale.saturating_sub(taken).min(state.left()), strokes.rest, Tone::Dim),
    ];
    bars::drawn(&parts, width)
}

/// Says what stands for what in a bar, and how much a full one is.
fn legend(app: &App, theme: Theme, scale: u32) -> String {
    let strokes = theme.strokes();
    let places = [("full", strokes.full.to_string()), ("rest", strokes.rest.to_string()), ("n", scale.to_string())];
    app.locale.fill("ui.ledger.legend", &places.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// Draws a series: its numbers, its gaps, its certificates.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let app = pane.app;
    let state = &page.line.state;
    pane.heading(0, &format!("{} {}", pane.text("ui.ledger.series"), state.key));
    let numbers = numbers_told(app, state);
    pane.above(1, &joined(&[&numbers, &page.line.institution]), Tone::Plain);
    let all = page.gaps.lines();
    for (row, gap) in (2..).zip(all.iter().take(GAPS_SHOWN)) {
        let range = if gap.first == gap.last { gap.first.to_string() } else { format!("{}-{}", gap.first, gap.last) };
        let places = [("range", range), ("n", (gap.last - gap.first + 1).to_string()), ("reason", gap.reason.clone())];
        let text = app.locale.fill("ui.ledger.gap", &places.each_ref().map(|(name, text)| (*name, text.as_str())));
        pane.above(row, &text, Tone::Plain);
    }
    if GAPS_SHOWN < all.len() {
        let more = app.locale.fill("ui.ledger.more-gaps", &[("n", &(all.len() - GAPS_SHOWN).to_string())]);
        pane.above(2 + GAPS_SHOWN as u16, &more, Tone::Dim);
    }
    certificates::head(pane);
    let list = &page.certificates;
    if list.count() == 0 {
        return pane.nothing(list.is_empty(), "ui.ledger.empty.of-series");
    }
    let width = pane.width();
    pane.list(list.at, list.count(), |i| list.get(i).map(|one| certificates::line_of(app, one, width)));
    if let Some(one) = list.current() {
        certificates::detail(pane, one);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::SeriesKey;
    use crate::office::Background;

    #[test]
    fn a_bar_shows_all_there_is_and_how_much_one_series_uses_beside_another() {
        let state = |used, void, reserved, gaps| SeriesState {
            key: SeriesKey::read("S000062010001242J*****").unwrap(),
            profile: String::new(),
            first: 1,
            last: 99_999,
            high: used + void + reserved + gaps,
            used,
            void,
            reserved,
            gaps,
        };
        let drawn = |state: &SeriesState, scale, width| {
            let pieces = bar(Theme::new(Background::Dark), state, scale, width);
            pieces.into_iter().map(|(text, _)| text).collect::<String>()
        };
        let (few, many) = (state(9, 0, 0, 0), state(119, 0, 0, 0));
        let of = scale([&few, &many].into_iter());
        assert_eq!(of, 200);
        assert_eq!(drawn(&few, of, 20), "#...................");
        assert_eq!(drawn(&many, of, 20), "############........");
        assert_eq!(drawn(&state(1, 1, 1, 1), 5, 10), "##xx==??..");
        assert_eq!(drawn(&state(99_998, 0, 0, 1), 100_000, 8), "#######?");
        let scales = [0, 1, 2, 3, 9, 10, 11, 501].map(|used| scale([&state(used, 0, 0, 0)].into_iter()));
        assert_eq!(scales, [1, 1, 2, 5, 10, 10, 20, 1000]);
    }
}
