//! What the ledger knows (台账已知) of the codes and persons of a roster: asked once, and again for what is edited.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use super::{BatchId, Holder, Status};
use crate::domain::code::CertCode;
use crate::domain::fact::{CertificateKind, Route};
use crate::domain::roster::RowId;
use crate::domain::text;

/// A certificate as rows are compared with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCertificate {
    pub code: CertCode,
    /// What became of it.
    pub status: Status,
    /// The day it came to that, as [`Certificate::status_on`](super::Certificate::status_on).
    pub status_on: Option<NaiveDate>,
    /// Why it was returned, in the words of whoever noted it; empty for one that is not.
    pub why: String,
    /// The export that wrote it last, where it was returned before and has not been handed in again.
    pub again: Option<ExportedAgain>,
    /// What it says; empty texts while it is only reserved.
    pub holder: Holder,
    /// The holder's ID number in the clean form in which the rules compare numbers; may be empty.
    pub person: String,
    /// The batch and row it was given to; `None` for one that was adopted from an earlier file or reserved.
    pub row: Option<(BatchId, RowId)>,
    /// The name of the file that the row is from; empty without one.
    pub file: String,
}

/// An export of what was returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedAgain {
    /// Its entry in the audit chain.
    pub entry: u64,
    /// The name of the file.
    pub file: String,
}

impl KnownCertificate {
    /// Gives the certificate with personal data masked.
    pub fn masked(&self) -> KnownCertificate {
        KnownCertificate {
            holder: self.holder.masked(),
            person: String::new(),
            why: text::masked_sentence(&self.why),
            ..self.clone()
        }
    }
}

/// The certificates a roster has to do with, by code and by person (台账已知).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownCertificates {
    /// The batch that is checked, where it is stored: what was given to its own rows is no finding.
    pub batch: Option<BatchId>,
    certificates: Vec<KnownCertificate>,
    by_code: HashMap<CertCode, u32, RandomState>,
    by_person: HashMap<String, Vec<u32>>,
    /// Codes that were asked for and never given, of series whose numbers the ledger gives.
    not_given: HashSet<CertCode, RandomState>,
    /// Who issues, where that is noted of the batch.
    pub route: Option<Route>,
    /// Which filed body that is, as somebody noted it.
    pub filed_body: Option<String>,
    /// The batches of the same people: the one it was made of, and those made of it.
    pub same_people: Vec<BatchId>,
    /// Of which kind the certificates are, where that is noted of the batch.
    pub kind: Option<CertificateKind>,
}

impl KnownCertificates {
    /// Takes what was found for a batch; `None` for a file that is no stored batch.
    pub fn new(batch: Option<BatchId>, certificates: impl IntoIterator<Item = KnownCertificate>) -> KnownCertificates {
        let mut known = KnownCertificates { batch, ..KnownCertificates::default() };
        certificates.into_iter().for_each(|certificate| known.add(certificate));
        known
    }

    /// Takes besides which codes were asked for in vain, of series whose numbers the ledger gives.
    #[must_use]
    pub fn without(self, codes: impl IntoIterator<Item = CertCode>) -> KnownCertificates {
        KnownCertificates { not_given: codes.into_iter().collect(), ..self }
    }

    /// Takes besides who issues, as it is noted of the batch.
    #[must_use]
    pub fn issued_by(self, route: Option<Route>, filed_body: Option<String>) -> KnownCertificates {
        KnownCertificates { route, filed_body, ..self }
    }

    /// Takes besides which other batches are of the same people.
    #[must_use]
    pub fn beside(self, same_people: Vec<BatchId>) -> KnownCertificates {
        KnownCertificates { same_people, ..self }
    }

    /// Tells whether a certificate was given to a row of another batch of the same people.
    pub fn is_beside(&self, certificate: &KnownCertificate) -> bool {
        certificate.row.is_some_and(|(batch, _)| self.same_people.contains(&batch))
    }

    /// Takes besides of which kind the certificates are, as it is noted of the batch.
    #[must_use]
    pub fn of_kind(self, kind: Option<CertificateKind>) -> KnownCertificates {
        KnownCertificates { kind, ..self }
    }

    /// Tells whether no certificate is known.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.not_given.is_empty()
    }

    /// Tells whether a code was asked for in vain although the ledger gives the numbers of its series.
    pub fn is_not_given(&self, code: CertCode) -> bool {
        self.not_given.contains(&code)
    }

    /// Lists the codes that were asked for in vain, and were not as an older answer has it.
    pub fn missed_since<'a>(&'a self, older: &'a KnownCertificates) -> impl Iterator<Item = CertCode> {
        self.not_given.difference(&older.not_given).copied()
    }

    /// Lists the certificates; their places stay the same for good.
    pub fn certificates(&self) -> &[KnownCertificate] {
        &self.certificates
    }

    /// Gives the certificate at a place, as a finding names it.
    pub fn at(&self, place: u32) -> Option<&KnownCertificate> {
        self.certificates.get(place as usize)
    }

    /// Finds a code: its place and the certificate.
    pub fn of_code(&self, code: CertCode) -> Option<(u32, &KnownCertificate)> {
        let place = *self.by_code.get(&code)?;
        Some((place, self.at(place)?))
    }

    /// Lists what a person holds, by the clean form of the ID number.
    pub fn of_person(&self, person: &str) -> impl Iterator<Item = (u32, &KnownCertificate)> {
        let places = self.by_person.get(person).into_iter().flatten();
        places.filter_map(|place| Some((*place, self.at(*place)?)))
    }

    /// Tells whether a newer answer about everything says nothing new.
    pub fn says_as(&self, newer: &KnownCertificates) -> bool {
        let is_known = |new: &KnownCertificate| self.of_code(new.code).is_some_and(|(_, old)| old == new);
        self.batch == newer.batch
            && (self.route, self.kind, &self.filed_body) == (newer.route, newer.kind, &newer.filed_body)
            && self.same_people == newer.same_people
            && self.by_code.len() == newer.by_code.len()
            && self.not_given == newer.not_given
            && newer.certificates.iter().all(is_known)
    }

    /// Takes a newer answer: what it tells of a code replaces what was known.
    pub fn learn(&mut self, newer: &KnownCertificates) {
        (self.batch, self.route, self.kind) = (newer.batch, newer.route, newer.kind);
        self.filed_body.clone_from(&newer.filed_body);
        self.same_people.clone_from(&newer.same_people);
        newer.certificates.iter().for_each(|certificate| self.add(certificate.clone()));
        self.not_given.extend(&newer.not_given);
    }

    /// Lists the certificates that a newer answer about everything does not have any more.
    pub fn gone_from<'a>(&'a self, newer: &'a KnownCertificates) -> impl Iterator<Item = &'a KnownCertificate> {
        let live = self.certificates.iter().filter(|c| self.by_code.contains_key(&c.code));
        live.filter(|c| !newer.by_code.contains_key(&c.code))
    }

    /// Forgets the certificates that a newer answer about everything does not have; the places of the others stay.
    pub fn forget_all_but(&mut self, newer: &KnownCertificates) {
        let gone: Vec<(CertCode, String)> = self.gone_from(newer).map(|c| (c.code, c.person.clone())).collect();
        for (code, person) in gone {
            let place = self.by_code.remove(&code);
            if let Some(places) = self.by_person.get_mut(&person) {
                places.retain(|p| Some(*p) != place);
            }
        }
        self.not_given.retain(|code| newer.is_not_given(*code));
    }

    fn add(&mut self, certificate: KnownCertificate) {
        let (code, person) = (certificate.code, certificate.person.clone());
        self.not_given.remove(&code);
        let place = match self.by_code.get(&code) {
            Some(place) => {
                let old = std::mem::replace(&mut self.certificates[*place as usize], certificate);
                if let Some(places) = self.by_person.get_mut(&old.person) {
                    places.retain(|p| p != place);
                }
                *place
            }
            None => {
                let place = self.certificates.len() as u32;
                self.certificates.push(certificate);
                self.by_code.insert(code, place);
                place
            }
        };
        if !person.is_empty() {
            let places = self.by_person.entry(person).or_default();
            places.insert(places.partition_point(|p| *p < place), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(serial: u32, person: &str) -> KnownCertificate {
        KnownCertificate {
            code: CertCode::new(&format!("S000062010001242J{serial:05}")).unwrap(),
            status: Status::Published,
            status_on: None,
            again: None,
            why: String::new(),
            holder: Holder::default(),
            person: person.to_string(),
            row: None,
            file: String::new(),
        }
    }

    #[test]
    fn a_newer_answer_replaces_what_was_known_at_its_place() {
        let mut known =
            KnownCertificates::new(Some(BatchId(1)), [certificate(1, "A"), certificate(2, "A"), certificate(3, "")]);
        let places = |known: &KnownCertificates, person: &str| {
            known.of_person(person).map(|(place, _)| place).collect::<Vec<_>>()
        };
        assert_eq!((places(&known, "A"), places(&known, "")), (vec![0, 1], vec![]));
        known.learn(&KnownCertificates::new(
            Some(BatchId(2)),
            [certificate(1, "B"), certificate(4, "A"), certificate(3, "A")],
        ));
        assert_eq!((places(&known, "A"), places(&known, "B")), (vec![1, 2, 3], vec![0]));
        assert_eq!(known.of_code(certificate(4, "").code).map(|(place, _)| place), Some(3));
        assert_eq!((known.batch, known.certificates().len()), (Some(BatchId(2)), 4));
        assert_eq!(known.of_code(certificate(5, "").code), None);
        let missed = certificate(5, "").code;
        known.learn(&KnownCertificates::new(Some(BatchId(2)), []).without([missed, certificate(6, "").code]));
        let mut since = known.clone();
        since.learn(&KnownCertificates::new(Some(BatchId(2)), [certificate(6, "")]));
        assert_eq!([5, 6].map(|n| since.is_not_given(certificate(n, "").code)), [true, false], "since given");
        known.forget_all_but(&KnownCertificates::new(Some(BatchId(2)), [certificate(1, "B"), certificate(3, "A")]));
        assert!(!known.is_not_given(missed), "the newer answer about everything does not have it");
        assert_eq!((places(&known, "A"), places(&known, "B")), (vec![2], vec![0]));
        assert_eq!(known.of_code(certificate(4, "").code), None);
        known.learn(&KnownCertificates::new(Some(BatchId(2)), [certificate(4, "A")]));
        assert_eq!(places(&known, "A"), [2, 4], "one that comes back has a new place");
    }
}
