//! Of which kind the certificate of a row is: what its own column says, else what is noted of the batch.

use super::columns::RowRead;
use super::{Checker, text};
use crate::domain::fact::CertificateKind;
use crate::domain::roster::{Roster, RowId};

impl Checker {
    /// Gives the kind of a row as it stands.
    pub fn kind_of(&self, roster: &Roster, row: RowId) -> CertificateKind {
        self.kind_said(|column| roster.source_cell(row, column).as_bytes()).0
    }

    /// Tells whether rows may be of other kinds than the one with a code.
    pub fn tells_kinds(&self) -> bool {
        self.kind.is_some() || (self.context.known.kind.is_some() && self.context.profile.certificate_kinds.are_told())
    }

    /// Puts its kind to a row that is read.
    pub(super) fn of_kind<'a>(&self, mut read: RowRead<'a>, source: impl Fn(usize) -> &'a [u8]) -> RowRead<'a> {
        read.kind = self.kind_said(source);
        read
    }

    /// Gives the kind, and whether what stands in the column is none.
    fn kind_said<'a>(&self, source: impl Fn(usize) -> &'a [u8]) -> (CertificateKind, bool) {
        if !self.tells_kinds() {
            return Default::default();
        }
        let noted = self.context.known.kind.unwrap_or_default();
        let cell = self.kind.map_or("", |column| text(source(column)).trim());
        if cell.is_empty() {
            return (noted, false);
        }
        match self.context.profile.certificate_kinds.read(cell) {
            Some(kind) => (kind, false),
            None => (noted, true),
        }
    }
}
