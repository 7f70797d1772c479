//! The front page: read on a thread of its own, so that the first screen waits for nothing.

use std::sync::mpsc::Sender;
use std::thread;

use super::{LoopEvent, batches, guarded};
use crate::app::import::{TodayBackup, TodayBatch, TodayDue, TodayFacts};
use crate::app::ledger::request::SeriesLine;
use crate::app::msg::Msg;
use crate::office::{DueList, FrontPage, Office};

/// Reads the page, and tells the title how much presses: the page has all that is due already.
pub(super) fn read(office: &Office, to: &Sender<LoopEvent>) {
    let (office, to) = (office.clone(), to.clone());
    thread::spawn(move || tell(&office, &to));
}

fn tell(office: &Office, to: &Sender<LoopEvent>) {
    let locale = office.locale();
    let page = guarded(locale, || office.front_page());
    let due = page.as_ref().ok().and_then(|page| page.as_ref()?.due.as_ref());
    let pressing = due.map(DueList::pressing);
    let told = page.map(|page| page.map(|page| Box::new(facts(page, office))));
    let _ = to.send(LoopEvent::Msg(Msg::Today(told)));
    if let Some(count) = pressing.map_or_else(|| guarded(locale, || office.pressing()).ok(), Some) {
        let _ = to.send(LoopEvent::Msg(Msg::Pressing(count)));
    }
}

fn facts(page: FrontPage, office: &Office) -> TodayFacts {
    let locale = office.locale();
    let FrontPage { due, batches, others, latest, series, cases, shares, unsaved } = page;
    let due_counts = due.as_ref().map(|list| locale.due_counts(&list.items)).unwrap_or_default();
    let due = due.into_iter().flat_map(|DueList { on, items }| {
        let mut urgent: Vec<_> = items.into_iter().filter_map(|item| Some((item.urgency(on)?, item))).collect();
        urgent.sort_by_key(|(urgency, item)| (*urgency, item.end.map(|end| end.due)));
        urgent.into_iter().take(TodayFacts::DUE).map(move |(_, item)| TodayDue {
            standing: item.standing,
            day: item.end.map_or_else(String::new, |end| end.due.to_string()),
            left: locale.days_left(&item, on),
            told: locale.due_line(&item),
        })
    });
    let batches = batches.into_iter().map(|(worked, holder)| TodayBatch {
        mended: worked.1.mended,
        holder: holder.map(|by| locale.holder(&by)),
        line: batches::line(worked, office),
    });
    let backup = unsaved.map(|(unsaved, is_old)| TodayBackup {
        when: unsaved.was_made.then(|| locale.moment(&unsaved.at)),
        days: unsaved.days,
        is_old,
    });
    let series = series.into_iter().map(|(state, institution)| SeriesLine { state, institution });
    let (batches, series, due) = (batches.collect(), series.collect(), due.collect());
    TodayFacts { due, due_counts, batches, others, latest, series, cases, shares, backup }
}
