//! Blank certificates as the pane shows them, and what it has done with them.

use std::path::Path;

use super::super::desk::StoreDesk;
use crate::app::ledger::FormQuestion;
use crate::app::ledger::request::{Reached, RefusedAct, StockDeed, StockFound, StockLine, StockOrder, StockWhich};
use crate::app::overlay::Fact;
use crate::domain::ledger::stock::{AfterSpoiling, BlankKind, BlankNumber};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BlankAct, BlankFilter, BlanksDone, DemandOrder, Printed, Session, WhichBlanks};

/// Lists every piece, and what is to be known of the stock altogether.
pub(super) fn sheet(desk: &mut StoreDesk) -> Result<(Vec<StockLine>, Vec<String>), Failure> {
    let locale = desk.locale.clone();
    let office = desk.session()?.office();
    let pieces = office.blanks(&BlankFilter::default())?;
    let told = locale.stock_summary(&office.stock_page((None, None))?.told());
    Ok((pieces.into_iter().map(|(kind, piece, code)| StockLine { kind, piece, code }).collect(), told))
}

/// Tells where a blank is and was.
pub(super) fn way(desk: &mut StoreDesk, number: BlankNumber) -> Result<Vec<String>, Failure> {
    let locale = desk.locale.clone();
    let lives = desk.session()?.office().blank_lives(number)?;
    let told = lives.iter().flat_map(|life| {
        let head = locale.blank_line(life.kind, life.number, &life.standing);
        std::iter::once(head).chain(life.steps.iter().flat_map(|step| locale.blank_step(&step.told())))
    });
    Ok(told.collect())
}

/// What was done with blanks, or would be: its entry, and a line for each thing there is to know of it.
pub(super) struct StockDone {
    pub entry: u64,
    pub told: Vec<String>,
}

/// Does something with blanks.
pub(super) fn done(session: &Session, order: &StockOrder) -> Result<StockDone, Failure> {
    let act = BlankAct { kind: order.kind, on: order.on, reason: &order.reason };
    let locale = session.office().locale();
    let moved = |what: &str, done: &BlanksDone| StockDone {
        entry: done.entry,
        told: locale.blanks_done(what, order.kind, &done.moved),
    };
    Ok(match &order.what {
        StockDeed::Receive { run, keeper, place } => {
            let note = session.office().new_keeper(keeper)?;
            let done = moved("receive", &session.receive_blanks(&act, *run, (keeper, place))?);
            StockDone { told: done.told.into_iter().chain(note).collect(), ..done }
        }
        StockDeed::TakeBack(what, runs) => {
            let done = session.take_back_blanks(&act, *what, runs)?;
            StockDone { entry: done.entry, told: locale.blanks_taken_back(*what, order.kind, &done.moved) }
        }
        StockDeed::Pass { way, which, to, place } => {
            let to = (to.as_deref(), place.as_deref());
            let note = to.0.map_or(Ok(None), |to| session.office().new_keeper(to))?;
            let done = moved(way.key(), &session.pass_blanks(&act, *way, of(which), to)?);
            StockDone { told: done.told.into_iter().chain(note).collect(), ..done }
        }
        StockDeed::Print { from, whom, spoiled } => {
            let printed = session.use_blanks(&act, *from, *whom, spoiled)?;
            let note = session.other_blank_kind(order.kind, &printed)?;
            let Printed { spoiled, used, pairs } = printed;
            let spoiled = spoiled.as_ref().map(|done| &done.moved);
            let mut told = locale.blanks_printed((order.kind, spoiled), &used.moved, &pairs);
            told.extend(note);
            StockDone { entry: used.entry, told }
        }
        StockDeed::Spoil { runs, after } => {
            let done = session.spoil_blanks(&act, runs, *after)?;
            let mut told = moved("spoil", &done);
            if *after == AfterSpoiling::Nothing && done.moved.moves.iter().any(|one| one.had.is_some()) {
                told.told.push(locale.text("stock.done.freed-here").to_string());
            }
            told
        }
        StockDeed::Destroy { which, witness, record } => {
            let (done, away) = session.destroy_blanks(&act, of(which), (witness, record))?;
            let mut told = moved("destroy", &done);
            told.told.extend(Some(locale.blanks_away(&away)).filter(|told| !told.is_empty()));
            told
        }
        StockDeed::Count { keeper, institution, found } => {
            let listed = match found {
                StockFound::Typed(runs) => runs.clone(),
                StockFound::Listed(file) => session.office().blank_list(file, order.kind)?.runs(),
            };
            let count = session.count_blanks(&act, keeper.as_deref(), institution.as_deref(), &listed)?;
            let told = locale.stocktake_lines(&count.told, count.id, count.closed.is_some());
            StockDone { entry: count.entry.seq, told }
        }
        StockDeed::Close(count) => {
            let end = session.close_count(*count, order.on, &order.reason)?;
            StockDone { entry: end.entry, told: locale.count_end(*count, &end.lost, &end.left) }
        }
        StockDeed::Withdraw(count) => {
            let (entry, back) = session.withdraw_count(*count, order.on, &order.reason)?;
            StockDone { entry, told: locale.count_withdrawn(*count, &back) }
        }
        StockDeed::Demand { year, estimates, institution, allowance, as_of, ordered } => {
            let calculated = session.office().demand(DemandOrder {
                kind: order.kind,
                year: *year,
                institution: institution.clone(),
                estimates: *estimates,
                allowance: *allowance,
                as_of: *as_of,
            })?;
            let entry = session.note_demand(&calculated, *ordered, &order.reason)?;
            StockDone { entry, told: locale.demand_sum(calculated.as_of, &calculated.demand) }
        }
    })
}

/// Tells what would be done, without doing it; a refusal leads back to the question that it is about.
pub(super) fn ahead(session: &Session, order: &StockOrder) -> Reached {
    let locale = session.office().locale();
    match session.tried(|session| done(session, order)) {
        Ok(StockDone { told, .. }) => {
            let then = |(at, line): (usize, String)| Fact {
                what: if at == 0 { locale.text("ui.reach.then").to_string() } else { String::new() },
                from: None,
                to: line.trim().to_string(),
            };
            Reached { facts: told.into_iter().enumerate().map(then).collect(), ..Reached::default() }
        }
        Err(why) => {
            let question = match &order.what {
                StockDeed::Receive { .. } => Some(FormQuestion::Range),
                StockDeed::Print { .. } => Some(FormQuestion::From),
                StockDeed::Count { keeper: Some(_), found: StockFound::Typed(_), .. } => Some(FormQuestion::Counted),
                StockDeed::Count { found: StockFound::Listed(_), .. } => Some(FormQuestion::File),
                StockDeed::Count { .. } => Some(FormQuestion::Institution),
                StockDeed::Close(_) | StockDeed::Withdraw(_) => Some(FormQuestion::CountNumber),
                StockDeed::Demand { .. } => Some(FormQuestion::Ordered),
                StockDeed::Pass { which: StockWhich::AllOf(_), .. } => Some(FormQuestion::AllOf),
                StockDeed::Pass { .. }
                | StockDeed::Spoil { .. }
                | StockDeed::Destroy { .. }
                | StockDeed::TakeBack(..) => Some(FormQuestion::Ranges),
            };
            Reached { refused: Some(RefusedAct { why, question }), ..Reached::default() }
        }
    }
}

fn of(which: &StockWhich) -> WhichBlanks<'_> {
    match which {
        StockWhich::Runs(runs) => WhichBlanks::Runs(runs),
        StockWhich::AllOf(keeper) => WhichBlanks::AllOf(keeper),
        StockWhich::Spoiled => WhichBlanks::Spoiled,
    }
}

/// Compares the blanks with another system's list: the title, and what differs.
pub(super) fn compared(
    desk: &mut StoreDesk,
    kind: BlankKind,
    keeper: Option<&str>,
    file: &Path,
) -> Result<(String, Vec<String>), Failure> {
    let locale = desk.locale.clone();
    let states = desk.session()?.office().compare_blanks(kind, keeper, file)?;
    let lines: Vec<String> = states.iter().flat_map(|of| locale.compared_blanks(of.state, &of.difference)).collect();
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let title =
        locale.fill("stock.compared-with", &[("file", &text::visible(&name)), ("kind", locale.blank_kind(kind))]);
    Ok((title, lines))
}
