//! The five lists.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Line, Pane, columns, joined};
use crate::app::App;
use crate::app::ledger::ask::CaseLine;
use crate::domain::ledger::case::{Case, CaseState};
use crate::domain::ledger::{Certificate, SeriesState, Status};

/// Below this width the lists keep only what tells one line from the other.
const NARROW: usize = 70;
/// From this width on they show everything.
const WIDE: usize = 110;

/// What stands for what in a bar.
const SIGNS: [char; 5] = ['#', 'x', '=', '?', '.'];

/// Draws every series with its bar and its numbers.
pub fn series(pane: &mut Pane<'_, '_>) {
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
    let list = &app.ledger.series;
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

/// Draws the search line and the certificates found.
pub fn certificates(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let ledger = &app.ledger;
    let above = pane.layout.above;
    let label = pane.text("ui.ledger.search").to_string();
    pane.above(0, &label, Tone::Heading);
    let x = above.x + cells::width(&label) as u16 + 1;
    let room = (above.x + above.width).saturating_sub(x);
    if 0 < above.height && ledger.is_searching {
        pane.canvas.prompt(x, above.y, room, &ledger.search, pane.theme.of(Tone::Typing));
    } else if 0 < above.height {
        let typed = ledger.search.text();
        let (text, tone) = if typed.is_empty() {
            (app.told("ui.ledger.search-hint", &[]), Tone::Dim)
        } else {
            (typed.to_string(), Tone::Plain)
        };
        pane.canvas.put(x, above.y, room, &text, pane.theme.of(tone));
    }
    certificate_head(pane);
    let list = &ledger.certificates;
    if list.count() == 0 {
        let empty =
            if ledger.search.text().is_empty() { "ui.ledger.empty.certificates" } else { "ui.ledger.empty.search" };
        return pane.nothing(list.is_empty(), empty);
    }
    let width = pane.width();
    pane.list(list.at, list.count(), |i| list.get(i).map(|one| certificate_line(app, one, width)));
    if let Some(one) = list.current() {
        certificate_detail(pane, one);
    }
}

fn certificate_widths(width: usize) -> [usize; 6] {
    let rest = width.saturating_sub(2 + 22 + 10 + 18 + 9 + 4 + 5);
    [22, 10, 18, 9, 4, rest]
}

/// Draws the labels of a list of certificates.
pub fn certificate_head(pane: &mut Pane<'_, '_>) {
    let [code, name, id, status, level, occupation] = certificate_widths(pane.width());
    pane.head(&[
        ("ui.ledger.column.code", code),
        ("ui.ledger.column.name", name),
        ("ui.ledger.column.id-number", id),
        ("ui.ledger.column.status", status),
        ("ui.ledger.column.level-short", level),
        ("ui.ledger.column.occupation", occupation),
    ]);
}

/// Writes a certificate on one line.
pub fn certificate_line(app: &App, one: &Certificate, width: usize) -> Line {
    let one = app.ledger.shown(one);
    let [code, name, id, status, level, occupation] = certificate_widths(width);
    let holder = &one.holder;
    let text = columns(&[
        (one.code.as_str(), code),
        (&holder.name, name),
        (&holder.id_number, id),
        (app.locale.status(one.status), status),
        (&holder.level, level),
        (&holder.occupation, occupation),
    ]);
    (text, tone_of(one.status))
}

fn tone_of(status: Status) -> Tone {
    match status {
        Status::Void | Status::Revoked => Tone::Dim,
        Status::Returned => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// Draws what a list of certificates has no room for.
pub fn certificate_detail(pane: &mut Pane<'_, '_>, one: &Certificate) {
    let holder = &one.holder;
    let text =
        joined(&[&holder.occupation, &holder.work_type, &holder.employer, &holder.issue_date, &holder.institution]);
    pane.detail(&text);
}

/// Gives a case's approval and its day; empty until it is approved.
pub fn approval_of(case: &Case) -> String {
    case.approval.as_ref().map(|a| joined(&[&a.reference, &a.on.to_string()])).unwrap_or_default()
}

pub fn cases(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    let list = &app.ledger.cases;
    let is_wide = WIDE <= width;
    let widths = [5, 10, 9, 22, 8, if is_wide { 16 } else { 0 }, if is_wide { 10 } else { 0 }];
    let used: usize = widths.iter().sum::<usize>() + if is_wide { 7 } else { 5 };
    let rest = width.saturating_sub(2 + used);
    let mut heads = vec![
        ("ui.ledger.number.case", widths[0]),
        ("ui.ledger.column.kind", widths[1]),
        ("ui.ledger.column.state", widths[2]),
        ("ui.ledger.column.code", widths[3]),
        ("ui.ledger.column.name", widths[4]),
    ];
    if is_wide {
        heads.extend([("ui.ledger.column.opened", widths[5]), ("ui.ledger.column.user", widths[6])]);
    }
    heads.push(("ui.ledger.column.reason", rest));
    pane.head(&heads);
    if list.count() == 0 {
        let empty = if app.ledger.open_only { "ui.ledger.empty.open-cases" } else { "ui.ledger.empty.cases" };
        return pane.nothing(list.is_empty(), empty);
    }
    let line = |line: &CaseLine| {
        let CaseLine { case, opened, user } = line;
        let head = columns(&[
            (app.locale.case_kind(case.kind()), widths[1]),
            (app.locale.case_state(case.state), widths[2]),
            (case.code.as_str(), widths[3]),
            (&case.snapshot.name, widths[4]),
        ]);
        let more = columns(&[(opened, widths[5]), (user, widths[6])]);
        let more = if is_wide { format!("{more} ") } else { String::new() };
        let tone = if matches!(case.state, CaseState::Closed | CaseState::Refused) { Tone::Dim } else { Tone::Plain };
        (format!("{} {head} {more}{}", cells::right(&case.id.to_string(), widths[0]), case.application.reason), tone)
    };
    pane.list(list.at, list.count(), |i| list.get(i).map(line));
    if let Some(CaseLine { case, opened, user }) = list.current() {
        pane.detail(&joined(&[opened, user, &case.application.reason, &approval_of(case)]));
    }
}

/// Draws the audit chain, newest first, and what its verification gave.
pub fn audit(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let (text, tone) = match &app.ledger.verified {
        None => (app.told("ui.ledger.not-verified", &[]), Tone::Dim),
        Some(verified) => {
            let (count, hash) = (verified.head.count.to_string(), verified.head.hash.get(..12).unwrap_or_default());
            match verified.problems.as_slice() {
                [] => (app.locale.fill("ui.ledger.whole", &[("n", &count), ("hash", hash)]), Tone::Good),
                [first, rest @ ..] => {
                    let n = (rest.len() + 1).to_string();
                    (app.locale.fill("ui.ledger.broken", &[("n", &n), ("first", first)]), Tone::Bad)
                }
            }
        }
    };
    pane.above(0, &text, tone);
    let width = pane.width();
    // Of a narrow list's times the year is left to the line below: what was done needs the room.
    let (widths, year) = if width < WIDE { ([6, 11, 8, 18], "YYYY-".len()) } else { ([7, 16, 12, 24], 0) };
    let rest = width.saturating_sub(2 + widths.iter().sum::<usize>() + 4);
    pane.head(&[
        ("ui.ledger.number.entry", widths[0]),
        ("ui.ledger.column.time", widths[1]),
        ("ui.ledger.column.user", widths[2]),
        ("ui.ledger.column.what", widths[3]),
        ("ui.ledger.column.object", rest),
    ]);
    let list = &app.ledger.audit;
    if list.count() == 0 {
        return pane.nothing(list.is_empty(), "ui.ledger.empty.audit");
    }
    pane.list(list.at, list.count(), |i| {
        let line = list.get(i)?;
        // The action's own name, by which scripts know it, stands in the line below as well.
        let words = line.what.strip_suffix(&line.entry.action).map(str::trim_end).filter(|w| !w.is_empty());
        let what = words.filter(|_| width < WIDE).unwrap_or(&line.what);
        let rest = columns(&[
            (line.when.get(year..).unwrap_or(&line.when), widths[1]),
            (&line.entry.user, widths[2]),
            (what, widths[3]),
            (&app.locale.audit_object(&line.entry.object), rest),
        ]);
        Some((format!("{} {rest}", cells::right(&line.entry.seq.to_string(), widths[0])), Tone::Plain))
    });
    if let Some(line) = list.current() {
        pane.detail(&joined(&[
            &line.when,
            &line.what,
            &app.locale.audit_object(&line.entry.object),
            &line.entry.reason,
        ]));
    }
}

pub fn institutions(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    let rest = width.saturating_sub(2 + 13 + 10 + 10 + 6 + 4);
    pane.head(&[
        ("ui.ledger.column.prefix", 13),
        ("ui.ledger.column.institution", rest),
        ("ui.ledger.column.filed", 10),
        ("ui.ledger.column.retired", 10),
        ("ui.ledger.number.scope", 6),
    ]);
    let list = &app.ledger.institutions;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.institutions");
    }
    pane.list(list.at, list.lines().len(), |i| {
        let one = list.lines().get(i)?;
        let name = one.names.last().map_or("", |name| name.name.as_str());
        let filed = one.filed_on.map(|day| day.to_string()).unwrap_or_default();
        let retired = one.retired.as_ref().map(|r| r.on.to_string()).unwrap_or_default();
        let text = columns(&[(&one.prefix, 13), (name, rest), (&filed, 10), (&retired, 10)]);
        let tone = if one.retired.is_some() { Tone::Dim } else { Tone::Plain };
        Some((format!("{text} {}", cells::right(&one.scope.len().to_string(), 6)), tone))
    });
    if let Some(one) = list.current() {
        let name = one.names.last().map_or("", |name| name.name.as_str());
        pane.detail(&joined(&[name, &one.kind, &one.contact]));
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
