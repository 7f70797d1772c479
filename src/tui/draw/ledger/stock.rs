//! Blank certificates: every piece of the stock below the balances, and the way of one blank.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Pane, WIDE, columns, joined};
use crate::app::ledger::request::StockLine;
use crate::app::ledger::stock::{About, Page};
use crate::domain::ledger::stock::BlankState;
use crate::domain::rules::Severity;

/// How wide what stands in a column is: the range, how many, the state, the keeper, since when.
const RANGE: usize = 17;
const COUNT: usize = 8;
const STATE: usize = 9;
const KEEPER: usize = 12;
const DAY: usize = 10;
/// The kind, and the certificate, where there is room.
const KIND: usize = 18;
/// The kind in a narrow window: how it begins.
const SHORT: usize = 4;
const CODE: usize = 22;

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let all = &app.ledger.lists().stock;
    for (row, line) in (0..).zip(all.summary()) {
        let tone = if line.starts_with(' ') { Tone::Dim } else { Tone::Plain };
        pane.above(row, &format!(" {line}"), tone);
    }
    if all.left_out() != 0 {
        let more = app.told("ui.list.more", &[("n", &all.left_out().to_string())]);
        pane.above(all.summary().len() as u16, &format!(" {more}"), Tone::Dim);
    }
    let is_wide = WIDE <= pane.width();
    let kind = if is_wide { KIND } else { SHORT };
    let others = 2 + RANGE + COUNT + STATE + KEEPER + DAY + kind + 6 + if is_wide { CODE + 1 } else { 0 };
    let place = pane.width().saturating_sub(others).max(8);
    let mut heads = vec![
        ("ui.ledger.column.range", RANGE),
        ("ui.ledger.number.blanks", COUNT),
        ("ui.ledger.column.blank-state", STATE),
        ("ui.ledger.column.keeper", KEEPER),
        ("ui.ledger.column.since", DAY),
        ("ui.ledger.column.place", place),
    ];
    heads.insert(0, ("ui.ledger.column.blank-kind", kind));
    if is_wide {
        heads.push(("ui.ledger.column.code", CODE));
    }
    pane.head(&heads);
    let list = &all.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.stock");
    }
    pane.list(list.at, list.lines().len(), |i| {
        let line = list.lines().get(i)?;
        let piece = &line.piece;
        let (range, since) = (piece.run.to_string(), piece.since.to_string());
        let count = cells::right(&piece.run.count().to_string(), COUNT);
        let code = line.code.map(|code| code.to_string()).unwrap_or_default();
        let mut texts = vec![
            (&*range, RANGE),
            (&*count, COUNT),
            (app.locale.blank_state(piece.state), STATE),
            (&*piece.keeper, KEEPER),
            (&*since, DAY),
            (&*piece.place, place),
        ];
        texts.insert(0, (begun(app.locale.blank_kind(line.kind), kind), kind));
        if is_wide {
            texts.push((&*code, CODE));
        }
        Some((columns(&texts), tone(line)))
    });
    if let Some(line) = list.current() {
        let code = line.code.map(|code| code.to_string()).unwrap_or_default();
        let piece = &line.piece;
        pane.detail(&joined(&[
            app.locale.blank_kind(line.kind),
            &piece.run.to_string(),
            app.locale.blank_state(piece.state),
            &piece.keeper,
            &piece.place,
            &code,
        ]));
    }
}

/// Draws the way of a blank, a line for each step, or how the stock differs from another list.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let Page { about, told, at } = page;
    let app = pane.app;
    match about {
        About::Blank(line, number) => {
            let piece = &line.piece;
            pane.heading(0, &joined(&[&number.to_string(), app.locale.blank_kind(line.kind)]));
            let since = piece.since.to_string();
            let state = joined(&[app.locale.blank_state(piece.state), &since, &piece.keeper, &piece.place]);
            pane.above(1, &format!(" {state}"), tone(line));
        }
        About::Comparison(title) => pane.heading(0, title),
    }
    let Some(told) = told else { return pane.nothing(false, "ui.ledger.empty.stock") };
    pane.list(*at, told.len(), |i| told.get(i).map(|line| (line.clone(), Tone::Plain)));
    // What a line has no room for stands below.
    if let Some(line) = told.get(*at) {
        pane.detail(line.trim());
    }
}

/// Gives how a word begins, as far as there is room.
fn begun(word: &str, room: usize) -> &str {
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take_while(|end| cells::width(&word[..*end]) <= room).last().map_or("", |end| &word[..end])
}

fn tone(line: &StockLine) -> Tone {
    match line.piece.state {
        BlankState::Stock => Tone::Plain,
        BlankState::Spoiled => Tone::Of(Severity::Warning),
        BlankState::Lost => Tone::Bad,
        BlankState::Used | BlankState::Destroyed => Tone::Dim,
    }
}
