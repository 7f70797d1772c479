//! Looking into the ledger (查台账): certificates and their lives, what is found, the audit chain, and whether all of it is whole.

use super::session::no_store;
use super::{Office, Session, bug};
use crate::domain::code::CertCode;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::{AuditEntry, ChainFault, Head};
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::life::Life;
use crate::domain::ledger::search::CertificateQuery;
use crate::domain::ledger::stock::BlankNumber;
use crate::domain::ledger::verify::VerifyReport;
use crate::domain::ledger::{Certificate, KnownCertificate, KnownCertificates};
use crate::failure::Failure;
use crate::store::{BlankLife, CertificatePage, Cursor, StoreError, StoreReader};

/// The ledger as it stands, opened for reading only: whoever looks leaves no trace.
#[derive(Debug)]
pub struct LedgerReader {
    pub(super) office: Office,
    pub(super) reader: StoreReader,
}

/// What came of checking the ledger and its audit chain.
#[derive(Debug, Default)]
pub struct LedgerCheck {
    /// The end of the chain.
    pub head: Head,
    /// What is wrong inside the file.
    pub report: VerifyReport,
    /// What the chain's end as noted outside says besides.
    pub fault: Option<ChainFault>,
}

impl LedgerCheck {
    pub fn is_sound(&self) -> bool {
        self.report.is_sound() && self.fault.is_none()
    }
}

impl Office {
    /// Opens the ledger for reading; nothing where the store is from before there was one.
    ///
    /// # Errors
    /// There is no store: somebody has mistyped its folder.
    pub fn ledger(&self) -> Result<Option<LedgerReader>, Failure> {
        let opened = self.places().and_then(|places| match StoreReader::open(&places)? {
            None if !places.database().exists() => Err(no_store(&places)),
            opened => Ok(opened),
        });
        let opened = opened.map_err(|e| self.told(&e))?;
        Ok(opened.map(|reader| LedgerReader { office: self.clone(), reader }))
    }

    /// Gives the ledger for reading where there is one; what keeps it from being read is told of and stops nothing.
    pub fn ledger_or_told(&self, tell: &mut dyn FnMut(String)) -> Option<LedgerReader> {
        let opened = self.places().and_then(|places| StoreReader::open(&places));
        let reader = opened.unwrap_or_else(|error| {
            tell(self.told(&error).to_string());
            None
        })?;
        Some(LedgerReader { office: self.clone(), reader })
    }

    /// Checks every invariant of the ledger on what stands in the file; takes many seconds on a large one.
    pub fn verify_ledger(&self) -> Result<LedgerCheck, Failure> {
        let Some(ledger) = self.ledger()? else { return Ok(LedgerCheck::default()) };
        let (head, report) = ledger.with(StoreReader::verify)?;
        Ok(LedgerCheck { head, report, fault: ledger.with(StoreReader::head_fault)? })
    }
}

impl LedgerReader {
    pub(super) fn with<T>(&self, read: impl Fn(&StoreReader) -> Result<T, StoreError>) -> Result<T, Failure> {
        read(&self.reader).map_err(|e| self.office.told(&e))
    }

    /// Gives a certificate and all that happened to it; nothing when its number was never taken.
    pub fn life(&self, code: CertCode) -> Result<Option<Life>, Failure> {
        self.with(|reader| reader.life(code))
    }

    /// Finds a page of certificates, which begins behind a place; it may be short although more follow.
    pub fn page(
        &self,
        query: &CertificateQuery,
        from: Option<&Cursor>,
        limit: usize,
    ) -> Result<CertificatePage, Failure> {
        self.with(|reader| reader.search(query, from, limit))
    }

    /// Tells whether certificates name an institution in whose name a text is.
    pub fn names_institution(&self, text: &str) -> Result<bool, Failure> {
        self.with(|reader| reader.names_institution(text))
    }

    /// Finds certificates, so many at most; tells whether there are more.
    pub fn find(&self, query: &CertificateQuery, limit: usize) -> Result<(Vec<Certificate>, bool), Failure> {
        let (mut all, mut next) = (Vec::new(), None);
        while all.len() < limit {
            let page = self.page(query, next.as_ref(), limit - all.len())?;
            all.extend(page.found);
            next = page.next;
            if next.is_none() {
                return Ok((all, false));
            }
        }
        let more = self.page(query, next.as_ref(), 1)?;
        Ok((all, !more.found.is_empty() || more.next.is_some()))
    }

    /// Gives what the ledger has under some codes.
    pub fn known(&self, codes: &[String]) -> Result<KnownCertificates, Failure> {
        self.with(|reader| reader.known(None, codes.to_vec(), Vec::new()))
    }

    /// Tells where a blank is and was, of each kind that has its number.
    pub fn blanks_of(&self, number: BlankNumber) -> Result<Vec<BlankLife>, Failure> {
        self.with(|reader| reader.blank_lives(number))
    }

    /// Gives what the ledger has under a code.
    pub fn held(&self, code: CertCode) -> Result<Option<KnownCertificate>, Failure> {
        let known = self.with(|reader| reader.known(None, vec![code.to_string()], Vec::new()))?;
        Ok(known.of_code(code).map(|(_, held)| held.clone()))
    }

    /// Lists what was done about a case, oldest first.
    pub fn entries_of_case(&self, id: CaseId) -> Result<Vec<AuditEntry>, Failure> {
        self.with(|reader| reader.entries_of(&format!("case:{id}")))
    }
}

impl Session {
    /// Gives the ledger for reading, opened when it is needed first.
    pub fn ledger(&self) -> Result<&LedgerReader, Failure> {
        if let Some(ledger) = self.ledger.get() {
            return Ok(ledger);
        }
        let ledger = self.office.ledger()?.ok_or_else(|| bug("store"))?;
        Ok(self.ledger.get_or_init(|| ledger))
    }

    /// Gives a certificate in full, once that is an entry of the chain.
    pub fn unmask_certificate(&self, code: CertCode, reason: &str) -> Result<Certificate, Failure> {
        self.with(|store| {
            let certificate = store.certificate(code)?.ok_or(StoreError::NoCertificate(code))?;
            store.note_unmask(&UnmaskedObject::Certificate(code), reason)?;
            Ok(certificate)
        })
    }

    /// Lists entries of the audit chain, newest first, from the one before a place on.
    pub fn entries_before(&self, place: Option<u64>, limit: usize) -> Result<Vec<AuditEntry>, Failure> {
        self.with(|store| store.entries_before(place, limit))
    }
}
