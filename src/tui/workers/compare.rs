//! What the ledger knows of the rows on screen: asked on a thread of its own, so that the store stays free for changes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread;

use super::LoopEvent;
use super::desk::StoreDesk;
use crate::app::msg::{JobId, Msg, ToCompare};
use crate::domain::batch::all_asked;

/// Asks the ledger on a thread of its own. A ledger that cannot be read says so when something is to be stored.
pub(super) fn ask_beside(desk: &StoreDesk, job: JobId, ask: ToCompare, to: &Sender<LoopEvent>) {
    let (batch, office, to) = (desk.hand.shown(), desk.setup.office.clone(), to.clone());
    let is_all = matches!(ask, ToCompare::All(_));
    thread::spawn(move || {
        let asked = || match ask {
            ToCompare::All(roster) => all_asked(&roster),
            ToCompare::Some { codes, id_numbers } => (codes, id_numbers),
        };
        let known = || office.known(batch, asked);
        // The screen counts the answers, so there is one whatever happens.
        let known = catch_unwind(AssertUnwindSafe(known)).ok().and_then(Result::ok).map(Arc::new);
        let _ = to.send(LoopEvent::Msg(Msg::Compared { job, is_all, known }));
    });
}
