//! Series: the list with a bar each, and one with its gaps and its certificates.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Pane, certificates, joined};
use crate::app::App;
use crate::app::ledger::series::{GAPS_SHOWN, Page};
use crate::domain::ledger::SeriesState;

/// Below this width the list keeps only what tells one line from the other.
const NARROW: usize = 70;

/// What stands for what in a bar.
const SIGNS: [char; 5] = ['#', 'x', '=', '?', '.'];

/// Draws every series with its bar and its numbers.
pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    // Mark, key and six numbers with the blanks between them.
    let rest = width.saturating_sub(2 + 22 + 3 * 6 + 3 * 4 + 8);
    let bar_wide = (rest * 2 / 5).min(40);
    let name_wide = rest - bar_wide;
    let (used, left) = ("ui.ledger.number.used", "ui.ledger.number.left");
    if width < NARROW {
        pane.head(&[("ui.ledger.series", 22), (used, 6), (left, 6)]);
    } else {
        pane.head(&[
            ("ui.ledger.series", 22),
            ("ui.ledger.column.institution", name_wide),
            ("ui.ledger.bar", bar_wide),
            (used, 6),
            ("ui.ledger.number.void", 4),
            ("ui.ledger.number.reserved", 4),
            ("ui.ledger.number.gaps", 4),
            (left, 6),
            ("ui.ledger.number.next", 6),
        ]);
    }
    let list = &app.ledger.lists().series.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.series");
    }
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
            let numbers =
                [number(state.used, 6), number(state.void, 4), number(state.reserved, 4), number(state.gaps, 4)];
            let (left, next) = (number(state.left(), 6), cells::right(&next, 6));
            format!("{key} {name} {} {} {left} {next}", bar(state, bar_wide), numbers.join(" "))
        };
        Some((text, if state.left() == 0 { Tone::Bad } else { Tone::Plain }))
    });
    let name = list.current().map_or("", |line| name_of(app, &line.institution));
    let name = cells::fit(name, width);
    pane.detail(&format!("{name}{}", app.locale.text("ui.ledger.legend")));
}

fn name_of<'a>(app: &'a App, institution: &'a str) -> &'a str {
    if institution.is_empty() { app.locale.text("ui.ledger.unregistered") } else { institution }
}

/// Draws how much of a series is used, void, reserved, missing and left; whatever there is of gets a sign at least.
pub fn bar(state: &SeriesState, width: usize) -> String {
    let counts = [state.used, state.void, state.reserved, state.gaps, state.left()].map(u64::from);
    let total = counts.iter().sum::<u64>().max(1);
    let mut signs = counts.map(|n| if n == 0 { 0 } else { ((n * width as u64 / total) as usize).max(1) });
    while width < signs.iter().sum() {
        let Some(longest) = signs.iter_mut().max().filter(|n| 0 < **n) else { break };
        *longest -= 1;
    }
    // What rounding took goes where most of it is missing.
    while signs.iter().sum::<usize>() < width {
        let short = |i: usize| (counts[i] * width as u64) as i64 - (signs[i] as u64 * total) as i64;
        let most = (0..signs.len()).max_by_key(|i| short(*i)).unwrap_or(0);
        signs[most] += 1;
    }
    SIGNS.iter().zip(signs).flat_map(|(sign, n)| std::iter::repeat_n(*sign, n)).collect()
}

/// Draws a series: its numbers, its gaps, its certificates.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let app = pane.app;
    let state = &page.line.state;
    pane.heading(0, &format!("{} {}", pane.text("ui.ledger.series"), state.key));
    let next = state.next().map_or_else(|| pane.text("ui.ledger.full").to_string(), |n| n.to_string());
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
    let numbers = app.locale.fill("ui.ledger.numbers", &places);
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

    #[test]
    fn a_bar_has_its_width_and_shows_all_there_is() {
        let state = |high: u32, used, void, reserved, gaps| SeriesState {
            key: SeriesKey::read("S000062010001242J*****").unwrap(),
            profile: String::new(),
            first: 1,
            last: 99_999,
            high,
            used,
            void,
            reserved,
            gaps,
        };
        assert_eq!(bar(&state(0, 0, 0, 0, 0), 8), "........");
        assert_eq!(bar(&state(4, 1, 1, 1, 1), 8), "#x=?....");
        assert_eq!(bar(&state(50_000, 50_000, 0, 0, 0), 8), "####....");
        assert_eq!(bar(&state(99_999, 99_998, 0, 0, 1), 8), "#######?");
        assert_eq!(bar(&state(4, 1, 1, 1, 1), 0), "");
        for width in 0..40 {
            for n in [0, 1, 2, 33_333, 60_000] {
                assert_eq!(bar(&state(n + 3, n, 1, 1, 1), width).len(), width, "{width} {n}");
            }
        }
    }
}
