//! Deadlines: how they stand, and how one was counted day by day.

use super::super::super::theme::Tone;
use super::cases::narrowed;
use super::{Pane, WIDE, columns, joined};
use crate::app::ledger::deadlines::Page;
use crate::domain::due::{DueItem, Standing};
use crate::domain::ledger::event::Thing;
use crate::domain::rules::Severity;

/// How wide what stands in a column is: the standing, the day, what is left, the thing, the clause.
const STANDING: usize = 8;
const DAY: usize = 11;
const LEFT: usize = 14;
/// An institution by its prefix alone.
const THING: usize = 13;
/// What is left and the thing where there is room: an event, an institution with its prefix.
const ROOMY: [usize; 2] = [30, 26];
const CLAUSE: usize = 6;
/// In less, the clause stands before what is left, so that it is there.
const NARROW: usize = 2 + STANDING + DAY + LEFT + CLAUSE + 3;
/// No name of a deadline is longer.
const NAME: usize = 44;

pub fn list(pane: &mut Pane<'_, '_>) {
    let app = pane.app;
    // A wide list names files and institutions as well.
    let is_wide = WIDE <= pane.width();
    let mut title = if is_wide { 30 } else { 0 };
    let [wait, of] = if is_wide { ROOMY } else { [LEFT, THING] };
    let others = 2 + STANDING + DAY + wait + of + CLAUSE + title + 5 + usize::from(is_wide);
    let mut name = pane.width().saturating_sub(others).max(8);
    if is_wide {
        // What no name of a deadline needs is for files and institutions.
        title += name.saturating_sub(NAME);
        name = name.min(NAME);
    }
    let mut heads = vec![
        ("ui.ledger.column.standing", STANDING),
        ("ui.ledger.column.due", DAY),
        ("ui.ledger.column.left", wait),
        ("ui.ledger.column.clause", CLAUSE),
        ("ui.ledger.column.deadline", name),
        ("ui.ledger.column.thing", of),
    ];
    if title != 0 {
        heads.push(("ui.ledger.column.of", title));
    }
    let is_narrow = pane.width() < NARROW;
    if is_narrow {
        heads.swap(2, 3);
    }
    let tab = &app.ledger.lists().deadlines;
    narrowed(pane, 0, &tab.text);
    pane.head(&heads);
    let (list, on) = (&tab.lines, tab.on);
    if list.lines().is_empty() {
        let empty = if tab.text.is_empty() { "ui.ledger.empty.deadlines" } else { "ui.ledger.empty.narrowed" };
        return pane.nothing(list.rows.is_some(), empty);
    }
    pane.list(list.at, list.lines().len(), |i| {
        let item = list.lines().get(i)?;
        let mark = if item.is_provisional() { "*" } else { "" };
        let day = item.end.map_or_else(String::new, |end| format!("{}{mark}", end.due));
        // That it waits stands before: for what is what is asked.
        let event = item.waits_for().map(|event| app.locale.dated_event(event).to_string());
        let left = event.or_else(|| on.map(|on| app.locale.days_left(item, on))).unwrap_or_default();
        let thing = match &item.thing {
            Thing::Institution(prefix) if !is_wide => prefix.clone(),
            thing => app.locale.thing(thing),
        };
        let (deadline, named) = (item.deadline(), app.locale.due_title(item));
        let mut texts = vec![
            (app.locale.due_standing_short(item.standing), STANDING),
            (&*day, DAY),
            (&*left, wait),
            (&*deadline.clause, CLAUSE),
            (app.locale.deadline_name(deadline), name),
            (&*thing, of),
        ];
        texts.extend(Some((&*named, title)).filter(|_| title != 0));
        if is_narrow {
            texts.swap(2, 3);
        }
        Some((columns(&texts), tone(item)))
    });
    if let Some(item) = list.current() {
        let told = app.locale.due_told(item);
        let named = app.locale.due_title(item);
        let told: Vec<&str> = std::iter::once(named.as_str()).chain(told.iter().map(String::as_str)).collect();
        pane.detail(&joined(&told));
    }
}

/// Draws how a deadline was counted: what is to be known of it, then a line for each day.
pub fn page(pane: &mut Pane<'_, '_>, page: &Page) {
    let Page { item, told, at } = page;
    let (app, deadline) = (pane.app, page.item.deadline());
    pane.heading(0, &joined(&[&deadline.clause, app.locale.deadline_name(deadline), &app.locale.thing(&item.thing)]));
    let day = item.end.map_or_else(String::new, |end| end.due.to_string());
    let left = app.ledger.lists().deadlines.on.map_or_else(String::new, |on| app.locale.days_left(item, on));
    pane.above(
        1,
        &format!(" {}", joined(&[app.locale.due_standing(item.standing), &day, &left, &app.locale.due_title(item)])),
        tone(item),
    );
    let Some(told) = told else { return pane.nothing(false, "ui.ledger.empty.deadlines") };
    pane.list(*at, told.len(), |i| told.get(i).map(|line| (line.clone(), Tone::Plain)));
}

fn tone(item: &DueItem) -> Tone {
    match item.standing {
        Standing::TooLate | Standing::Overdue => Tone::Bad,
        Standing::Ask => Tone::Of(Severity::Warning),
        Standing::Due => Tone::Plain,
        Standing::Expected | Standing::Renews | Standing::Waiting => Tone::Dim,
    }
}
