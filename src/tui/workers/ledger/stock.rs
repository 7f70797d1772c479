//! Blank certificates as the pane shows them, and what it has done with them.

use std::path::Path;

use super::super::desk::StoreDesk;
use crate::app::ledger::request::{StockDeed, StockFound, StockLine, StockOrder, StockWhich};
use crate::domain::ledger::stock::{BlankKind, BlankNumber};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BlankAct, BlankFilter, DemandOrder, Session, WhichBlanks};

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

/// Does something with blanks; gives the audit entry's place.
pub(super) fn done(session: &Session, order: &StockOrder) -> Result<u64, Failure> {
    let act = BlankAct { kind: order.kind, on: order.on, reason: &order.reason };
    match &order.what {
        StockDeed::Receive { run, keeper, place } => {
            session.receive_blanks(&act, *run, (keeper, place)).map(|done| done.entry)
        }
        StockDeed::Pass { way, which, to, place } => {
            let to = (to.as_deref(), place.as_deref());
            session.pass_blanks(&act, *way, of(which), to).map(|done| done.entry)
        }
        StockDeed::Print { from, whom, spoiled } => {
            session.use_blanks(&act, *from, *whom, spoiled).map(|printed| printed.used.entry)
        }
        StockDeed::Spoil { runs, after } => session.spoil_blanks(&act, runs, *after).map(|done| done.entry),
        StockDeed::Destroy { which, witness, record } => {
            session.destroy_blanks(&act, of(which), (witness, record)).map(|done| done.entry)
        }
        StockDeed::Count { keeper, institution, found } => {
            let listed = match found {
                StockFound::Typed(runs) => runs.clone(),
                StockFound::Listed(file) => session.office().blank_list(file, order.kind)?.runs(),
            };
            let counted = session.count_blanks(&act, keeper.as_deref(), institution.as_deref(), &listed);
            counted.map(|count| count.entry.seq)
        }
        StockDeed::Close(count) => session.close_count(*count, order.on, &order.reason).map(|end| end.entry),
        StockDeed::Demand { year, estimates, institution, allowance, as_of, ordered } => {
            let calculated = session.office().demand(DemandOrder {
                kind: order.kind,
                year: *year,
                institution: institution.clone(),
                estimates: *estimates,
                allowance: *allowance,
                as_of: *as_of,
            })?;
            session.note_demand(&calculated, *ordered, &order.reason)
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
