//! What the ledger knows of the rows on screen: asked on a thread of its own, so that the store stays free for changes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use super::desk::StoreDesk;
use super::{LoopEvent, guarded};
use crate::app::msg::{JobId, LackLine, Msg, ToCompare};
use crate::domain::batch::all_asked;
use crate::domain::ledger::BatchId;
use crate::domain::roster::Roster;
use crate::office::Office;

/// Tells what the notice demands to be known of a batch. Who cannot be told now is told by the export.
fn lacks(office: &Office, batch: BatchId, roster: &Roster, is_asked: bool) -> Msg {
    let lacks = guarded(office.locale(), || office.facts_lacking(batch, roster)).ok();
    let line = |(strength, told)| LackLine { told, strength };
    Msg::Lacks { batch, lacks: lacks.map(|lacks| lacks.into_iter().map(line).collect()), is_asked }
}

/// Does so on a thread of its own.
pub(super) fn lacks_beside(office: &Office, batch: BatchId, roster: Roster, to: &Sender<LoopEvent>) {
    let (office, to) = (office.clone(), to.clone());
    thread::spawn(move || drop(to.send(LoopEvent::Msg(lacks(&office, batch, &roster, true)))));
}

/// Asks the ledger on a thread of its own. A ledger that cannot be read says so when something is to be stored.
pub(super) fn ask_beside(desk: &StoreDesk, job: JobId, ask: ToCompare, to: &Sender<LoopEvent>) {
    let (batch, office, to) = (desk.hand.shown(), desk.setup.office.clone(), to.clone());
    let is_all = matches!(ask, ToCompare::All(_));
    thread::spawn(move || {
        let roster = match &ask {
            ToCompare::All(roster) => Some(roster.clone()),
            ToCompare::Some { .. } => None,
        };
        let asked = || match ask {
            ToCompare::All(roster) => all_asked(&roster),
            ToCompare::Some { codes, id_numbers } => (codes, id_numbers),
        };
        let known = || office.known(batch, asked);
        // The screen counts the answers, so there is one whatever happens.
        let known = catch_unwind(AssertUnwindSafe(known)).ok().and_then(Result::ok).map(Arc::new);
        let _ = to.send(LoopEvent::Msg(Msg::Compared { job, is_all, known }));
        if let Some((batch, roster)) = batch.zip(roster) {
            let _ = to.send(LoopEvent::Msg(lacks(&office, batch, &roster, false)));
        }
    });
}
