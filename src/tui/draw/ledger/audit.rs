//! The audit chain: its entries and whether it is whole, and one with what stood before and after.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::cases::narrowed;
use super::{Line, Pane, WIDE, columns, joined, labelled};
use crate::app::ledger::audit::Page;
use crate::domain::ledger::action::ActionName;
use crate::domain::text;

/// What was done takes that much of a line at most.
const ACTION: usize = 30;

/// Draws the audit chain, newest first, and what its verification gave.
pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let (text, tone) = match &app.ledger.lists().audit.verified {
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
    // What was done is as wide as any action is called, so that nothing moves while one scrolls.
    let actions = ActionName::ALL.iter().map(|action| cells::width(&app.locale.audit_action(action.key())));
    let what = actions.max().unwrap_or(0).min(ACTION);
    // Of a narrow list's times the year is left to the line below: what was done needs the room.
    let (widths, year) = if width < WIDE { ([6, 11, 8, what], "YYYY-".len()) } else { ([7, 16, 12, what], 0) };
    let rest = width.saturating_sub(2 + widths.iter().sum::<usize>() + 4);
    // A wide list has room for the reasons.
    let reason = if width < WIDE { 0 } else { rest / 2 };
    let rest = if reason == 0 { rest } else { rest - reason - 1 };
    let mut heads = vec![
        ("ui.ledger.number.entry", widths[0]),
        ("ui.ledger.column.time", widths[1]),
        ("ui.ledger.column.user", widths[2]),
        ("ui.ledger.column.what", widths[3]),
        ("ui.ledger.column.object", rest),
    ];
    if reason != 0 {
        heads.push(("ui.ledger.column.reason", reason));
    }
    let tab = &app.ledger.lists().audit;
    narrowed(pane, 1, &tab.text);
    pane.head(&heads);
    let list = &tab.entries;
    if list.count() == 0 {
        let empty = if tab.text.is_empty() { "ui.ledger.empty.audit" } else { "ui.ledger.empty.narrowed" };
        return pane.nothing(list.is_empty(), empty);
    }
    pane.list(list.at, list.count(), |i| {
        let line = list.get(i)?;
        let object = app.locale.audit_object(&line.entry.object);
        let mut texts = vec![
            (line.when.get(year..).unwrap_or(&line.when), widths[1]),
            (text::signed_by(&line.entry.user), widths[2]),
            (line.what.as_str(), widths[3]),
            (object.as_str(), rest),
        ];
        if reason != 0 {
            texts.push((&line.entry.reason, reason));
        }
        let rest = columns(&texts);
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

/// Draws an entry of the audit chain with what stood before and what stood after.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let Page { line, at } = page;
    let entry = &line.entry;
    let number = pane.app.locale.fill("ui.ledger.entry", &[("n", &entry.seq.to_string())]);
    pane.heading(0, &joined(&[&number, &line.what]));
    let object = pane.app.locale.audit_object(&entry.object);
    let lines = [
        labelled(pane, &[("ui.ledger.column.time", &line.when), ("ui.ledger.column.user", &entry.user)]),
        labelled(pane, &[("ui.ledger.column.object", &object), ("ui.ledger.column.what", &line.what)]),
        labelled(pane, &[("ui.ledger.column.reason", &entry.reason)]),
        // As much of it as is compared by eye.
        labelled(pane, &[("ui.ledger.column.hash", entry.hash.get(..12).unwrap_or(&entry.hash))]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    let before = entry.before.lines().map(|text| (format!("- {text}"), Tone::Dim));
    let all: Vec<Line> = before.chain(entry.after.lines().map(|text| (format!("+ {text}"), Tone::Plain))).collect();
    let heading = (5, pane.text("ui.ledger.before-after"));
    if all.is_empty() {
        pane.heading(heading.0, heading.1);
        return pane.nothing(true, "ui.ledger.empty.entry");
    }
    pane.lines(heading, (*at, all.len()), |i| all.get(i).cloned());
    if let Some((text, _)) = all.get(*at) {
        pane.detail(text);
    }
}
