//! Blanks whose certificate holds no more: what is to be done with the sheet.

use super::{LedgerReader, Session};
use crate::domain::code::CertCode;
use crate::domain::ledger::stock::{BlankKind, BlankNumber};
use crate::domain::ledger::{Selection, Status};
use crate::failure::Failure;

/// A blank with a certificate on it that is void or revoked: it is good for nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlankLeft {
    pub kind: BlankKind,
    pub number: BlankNumber,
    pub code: CertCode,
    pub status: Status,
    /// The clause by which it is noted what becomes of it; may be empty.
    pub clause: String,
}

impl LedgerReader {
    /// Gives the blank of a certificate that holds no more.
    pub fn blank_left(&self, code: CertCode) -> Result<Option<BlankLeft>, Failure> {
        let Some((kind, number)) = self.blank_of(code)? else { return Ok(None) };
        let Some(certificate) = self.with(|reader| reader.certificate(code))? else { return Ok(None) };
        let status = certificate.status;
        if !matches!(status, Status::Void | Status::Revoked) {
            return Ok(None);
        }
        let profile = self.with(|reader| reader.profile_of(certificate.series))?;
        let profile = profile.and_then(|profile| self.office.catalogue().profile(&profile));
        let clause = profile.map_or_else(String::new, |profile| profile.blanks.spoiled_clause.clone());
        Ok(Some(BlankLeft { kind, number, code, status, clause }))
    }
}

impl Session {
    /// Lists the blanks of certificates among some that hold no more.
    pub fn blanks_left(&self, selection: &Selection) -> Result<Vec<BlankLeft>, Failure> {
        let (codes, ledger) = (self.with(|store| store.codes_with_blanks(selection))?, self.ledger()?);
        let found: Vec<Option<BlankLeft>> =
            codes.into_iter().map(|code| ledger.blank_left(code)).collect::<Result<_, Failure>>()?;
        Ok(found.into_iter().flatten().collect())
    }
}
