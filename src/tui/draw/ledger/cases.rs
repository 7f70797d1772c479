//! Cases: the list, and one with what is asked for and what happened.

use super::super::super::cells;
use super::super::super::theme::Tone;
use super::{Pane, WIDE, columns, event_line, joined, labelled};
use crate::app::ledger::cases::Page;
use crate::app::ledger::request::CaseLine;
use crate::domain::ledger::case::{Case, CaseState};
use crate::domain::sheet::Field;
use crate::domain::text;

/// Gives a case's approval and its day; empty until it is approved.
fn approval_of(case: &Case) -> String {
    case.approval.as_ref().map(|a| joined(&[&a.reference, &a.on.to_string()])).unwrap_or_default()
}

/// Says in a line above a list what it is narrowed by, where it is.
pub(super) fn narrowed(pane: &mut Pane<'_, '_>, row: u16, text: &str) {
    if !text.is_empty() {
        let text = Field::Occupation.masked(&text::visible(text));
        let told = pane.app.told("ui.ledger.narrowed", &[("text", &text)]);
        pane.above(row, &told, Tone::Heading);
    }
}

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let width = pane.width();
    let tab = &app.ledger.lists().cases;
    let list = &tab.lines;
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
    narrowed(pane, 0, &tab.text);
    pane.head(&heads);
    if list.count() == 0 {
        let empty = if !tab.text.is_empty() {
            "ui.ledger.empty.narrowed"
        } else if tab.open_only {
            "ui.ledger.empty.open-cases"
        } else {
            "ui.ledger.empty.cases"
        };
        return pane.nothing(list.is_empty(), empty);
    }
    let line = |line: &CaseLine| {
        let CaseLine { case, opened, user, .. } = line;
        let user = text::signed_by(user);
        let head = columns(&[
            (app.locale.case_kind(case.kind()), widths[1]),
            (app.locale.case_state(case.state), widths[2]),
            (case.code.as_str(), widths[3]),
            (&app.ledger.shown_case(line).case.snapshot.name, widths[4]),
        ]);
        let more = columns(&[(opened, widths[5]), (user, widths[6])]);
        let more = if is_wide { format!("{more} ") } else { String::new() };
        let tone = if matches!(case.state, CaseState::Closed | CaseState::Refused) { Tone::Dim } else { Tone::Plain };
        let number = format!("{}{}", if tab.marks.contains(&case.id) { "*" } else { "" }, case.id);
        (format!("{} {head} {more}{}", cells::right(&number, widths[0]), case.application.reason), tone)
    };
    pane.list(list.at, list.count(), |i| list.get(i).map(line));
    if let Some(CaseLine { case, opened, user, .. }) = list.current() {
        pane.detail(&joined(&[opened, text::signed_by(user), &case.application.reason, &approval_of(case)]));
    }
}

/// Draws a case: what is asked for and what happened.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let app = pane.app;
    let number = app.locale.fill("ui.ledger.case-number", &[("n", &page.id.to_string())]);
    let Some(file) = page.file.lines().first() else {
        pane.heading(0, &number);
        return pane.nothing(false, "ui.ledger.waiting");
    };
    let CaseLine { case, opened, user, .. } = &file.line;
    let shown = app.ledger.shown_case(&file.line);
    let words = [number.as_str(), app.locale.case_kind(case.kind()), app.locale.case_state(case.state)];
    pane.heading(0, &joined(&words));
    let lines = [
        labelled(
            pane,
            &[("ui.ledger.column.code", case.code.as_str()), ("ui.ledger.column.name", &shown.case.snapshot.name)],
        ),
        labelled(pane, &[("ui.ledger.column.opened", opened), ("ui.ledger.column.user", user)]),
        labelled(pane, &[("ui.ledger.column.reason", &case.application.reason)]),
        labelled(pane, &[("ui.ledger.column.approval", &approval_of(case))]),
    ];
    for (row, line) in (1..).zip(&lines) {
        pane.above(row, line, Tone::Plain);
    }
    let count = shown.request.len() + file.life.len();
    let asked = |i: usize| {
        let (label, value) = shown.request.get(i)?;
        Some((columns(&[(label, 16)]) + " " + value, Tone::Plain))
    };
    let line = |i: usize| asked(i).or_else(|| file.life.get(i - shown.request.len()).map(event_line));
    pane.lines((5, pane.text("ui.ledger.request")), (page.at, count), line);
    if !file.asks.is_empty() {
        pane.detail(&file.asks);
    } else if let Some((text, _)) = line(page.at) {
        pane.detail(&text);
    }
}
