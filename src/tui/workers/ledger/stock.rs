//! Blank certificates as the pane shows them, and what it has done with them.

use super::super::desk::StoreDesk;
use crate::app::ledger::request::{StockDeed, StockLine, StockOrder};
use crate::domain::ledger::stock::BlankNumber;
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
        StockDeed::Pass { way, runs, to, place } => {
            let to = (to.as_deref(), place.as_deref());
            session.pass_blanks(&act, *way, WhichBlanks::Runs(runs), to).map(|done| done.entry)
        }
        StockDeed::Print { from, whom } => {
            session.use_blanks(&act, *from, *whom, &[]).map(|printed| printed.used.entry)
        }
        StockDeed::Spoil { runs, after } => session.spoil_blanks(&act, runs, *after).map(|done| done.entry),
        StockDeed::Destroy { runs, witness, record } => {
            session.destroy_blanks(&act, WhichBlanks::Runs(runs), (witness, record)).map(|done| done.entry)
        }
        StockDeed::Count { keeper, found } => {
            session.count_blanks(&act, keeper.as_deref(), None, found).map(|count| count.entry.seq)
        }
        StockDeed::Close(count) => session.close_count(*count, order.on, &order.reason).map(|end| end.entry),
        StockDeed::Demand { year, estimates } => {
            let (kind, estimates) = (order.kind, *estimates);
            let wanted = DemandOrder { kind, year: *year, institution: None, estimates, allowance: None, as_of: None };
            let calculated = session.office().demand(wanted)?;
            session.note_demand(&calculated, None, &order.reason)
        }
    }
}
