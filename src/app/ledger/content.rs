//! What fills the pane: the list of a tab, or one thing opened from it. Each tab has both in its own file.

use super::OpenPage;
use super::form::EventSubject;
use super::full_list::FullList;
use super::request::{CaseLine, LedgerAnswer, LedgerRequest, RequestKind, SeriesLine, StockLine};
use crate::app::command::Place;
use crate::domain::ledger::Certificate;

/// The list of a tab, or one thing opened from it.
pub trait Content {
    /// Gives the place whose keys count.
    fn place(&self) -> Place;

    /// Counts the lines between the tabs and the list.
    fn above(&self) -> u16;

    /// Counts the lines the cursor may stand on.
    fn count(&self) -> usize;

    /// Gives the lines known of and whether there may be more.
    fn known(&self) -> (usize, bool) {
        (self.count(), false)
    }

    fn at(&self) -> usize;

    fn cursor(&mut self) -> &mut usize;

    /// Gives the series in hand: the one that is shown, or under the cursor. So it is with certificates and cases.
    fn series(&self) -> Option<&SeriesLine> {
        None
    }

    /// Gives the certificate in hand, masked.
    fn certificate(&self) -> Option<&Certificate> {
        None
    }

    fn case(&self) -> Option<&CaseLine> {
        None
    }

    /// Gives what an event would be noted of.
    fn thing(&self) -> Option<EventSubject> {
        None
    }

    fn stock(&self) -> Option<&StockLine> {
        None
    }

    /// Makes the page of the line under the cursor.
    fn opens(&self) -> Option<OpenPage> {
        None
    }

    /// Tells how many lines there are of a list of which only a part is here, where that is known.
    fn whole(&self) -> Option<usize> {
        None
    }

    /// Has the cursor go on to the last line where not all is here, or no longer.
    fn seek_end(&mut self, _is_sought: bool) {}

    /// Tells once that the cursor was on its way to the end, and that more follows.
    fn take_stop(&mut self) -> bool {
        false
    }

    /// Has everything asked for anew; what is here stays in sight until it comes.
    fn renew(&mut self) {}

    /// Gives what is in sight and neither here nor asked for; `height` is the list's.
    fn wants(&mut self, _height: usize, _is_free: &dyn Fn(RequestKind) -> bool) -> Option<LedgerRequest> {
        None
    }

    /// Takes an answer where it is its own.
    fn take(&mut self, _answer: &LedgerAnswer, _height: usize) {}
}

/// Asks for a list that comes in one piece.
pub(super) fn stale<T>(
    list: &FullList<T>,
    is_free: &dyn Fn(RequestKind) -> bool,
    request: LedgerRequest,
) -> Option<LedgerRequest> {
    (list.is_stale && is_free(request.kind())).then_some(request)
}
