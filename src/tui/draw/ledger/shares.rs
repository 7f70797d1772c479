//! The share register: to whom, for what, until when; and an entry in full.

use super::super::super::theme::Tone;
use super::{Pane, columns, joined};
use crate::app::ledger::shares::{Page, ShareLine};
use crate::domain::ledger::share::{ShareField, ShareState};
use crate::domain::rules::Severity;
use crate::domain::text;

/// How wide what stands in a column is: the number, how it stands, the receiver, the last day.
const NUMBER: usize = 4;
const STATE: usize = 10;
const RECEIVER: usize = 24;
const DAY: usize = 11;

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    let rest = pane.width().saturating_sub(2 + NUMBER + STATE + RECEIVER + DAY + 4).max(8);
    pane.head(&[
        ("share.column.number", NUMBER),
        ("share.column.state", STATE),
        ("share.field.receiver", RECEIVER),
        ("share.field.expires", DAY),
        ("share.field.purpose", rest),
    ]);
    let list = &app.ledger.lists().shares.lines;
    if list.lines().is_empty() {
        return pane.nothing(list.rows.is_some(), "ui.ledger.empty.shares");
    }
    pane.list(list.at, list.lines().len(), |i| {
        let ShareLine { share, state, .. } = list.lines().get(i)?;
        let said = |field: ShareField| text::visible(&share.terms.text(field)).into_owned();
        let (id, receiver) = (share.id.to_string(), said(ShareField::Receiver));
        let (expires, purpose) = (said(ShareField::Expires), said(ShareField::Purpose));
        let texts = [
            (&*id, NUMBER),
            (app.locale.share_state(*state), STATE),
            (&*receiver, RECEIVER),
            (&*expires, DAY),
            (&*purpose, rest),
        ];
        Some((columns(&texts), tone(*state)))
    });
    if let Some(line) = list.current() {
        let told: Vec<&str> = line.told.iter().skip(1).map(String::as_str).collect();
        pane.detail(&joined(&told));
    }
}

/// Draws an entry, a line for each part.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let told = &page.line.told;
    pane.heading(0, pane.text("ui.ledger.tab.shares"));
    pane.list(page.at, told.len(), |i| told.get(i).map(|line| (line.clone(), Tone::Plain)));
    if let Some(line) = told.get(page.at) {
        pane.detail(line);
    }
}

fn tone(state: ShareState) -> Tone {
    match state {
        ShareState::Expired => Tone::Bad,
        ShareState::Incomplete => Tone::Of(Severity::Warning),
        ShareState::Open => Tone::Plain,
        ShareState::Ended => Tone::Dim,
    }
}
