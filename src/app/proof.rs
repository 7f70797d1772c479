//! Certificates that are printed: the proof (校样) of one as a page of bare text, and the questions before print data (打印数据) are
//! written.

use std::path::PathBuf;

use super::App;
use super::context::context;
use super::ledger::request::LedgerRequest;
use super::ledger::{FormKind, FormSubject};
use super::overlay::{Overlay, TextPage};
use super::place::Screen;
use crate::domain::code::CertCode;
use crate::domain::ledger::{BatchId, Holder};
use crate::domain::numbering;
use crate::domain::sheet::Field;

/// The certificate that is proved.
#[derive(Debug)]
pub struct ProofSubject {
    pub code: CertCode,
    /// What the row of a roster says of it; nothing for one of the ledger.
    pub row: Option<ProvedRow>,
}

/// A row that is proved.
#[derive(Debug)]
pub struct ProvedRow {
    pub batch: Option<BatchId>,
    pub holder: Box<Holder>,
    /// The profile's id.
    pub profile: String,
}

/// Print data that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintWish {
    pub of: PrintedThing,
    pub reason: String,
    /// The folder with the photos.
    pub photos: Option<PathBuf>,
    /// The size of the photo as it was typed.
    pub photo_size: Option<String>,
    pub file: PathBuf,
    /// Whether it was refused because it was printed before, and is wanted all the same.
    pub again: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintedThing {
    Batch(BatchId),
    Certificate(CertCode),
}

impl App {
    /// Asks what must be known before print data are written: of the certificate in hand, or of the batch on screen.
    pub(super) fn ask_to_print(&mut self) {
        let subject = match self.screen {
            Screen::Ledger => {
                let certificate = self.ledger.content().certificate();
                certificate.map(|one| FormSubject::Certificate(one.code, one.status))
            }
            _ => self.roster.id().map(FormSubject::Batch),
        };
        match subject {
            Some(subject) => self.begin_form(FormKind::PrintData, subject),
            None => context!(self).warn("status.nothing-chosen"),
        }
    }

    /// Asks for the proof of the certificate in hand, masked as everything is that is only looked at.
    pub(super) fn show_proof(&mut self) {
        let subject = match self.screen {
            Screen::Ledger => self.ledger.content().certificate().map(|one| ProofSubject { code: one.code, row: None }),
            _ => self.proved_row(),
        };
        let columns = usize::from(self.size.0);
        let to = context!(self);
        match subject {
            Some(subject) => self.ledger.request(LedgerRequest::Proof { subject: Box::new(subject), columns }, to),
            None => to.warn("status.no-proof"),
        }
    }

    /// Tells what came of print data: in the status line, and as a page where there is more to read.
    pub(super) fn take_printed(&mut self, lines: Vec<String>) {
        context!(self).say(lines.first().cloned().unwrap_or_default());
        if 1 < lines.len() {
            self.take_proof(lines);
        }
    }

    /// Gives the row under the cursor, once it has a number.
    fn proved_row(&self) -> Option<ProofSubject> {
        let (batch, row) = (self.roster.batch()?, self.roster.row()?);
        let code = CertCode::new(batch.roster().cell(row, Field::Code).trim())?;
        let holder = Box::new(numbering::holder(batch, row));
        let profile = batch.context().profile().id.clone();
        Some(ProofSubject { code, row: Some(ProvedRow { batch: self.roster.id(), holder, profile }) })
    }

    /// Shows the proof that was asked for; whoever went on to something else is shown nothing.
    pub(super) fn take_proof(&mut self, lines: Vec<String>) {
        if self.is_bare() {
            self.overlays.lay(Overlay::Text(TextPage::of_lines(lines)));
        }
    }
}
