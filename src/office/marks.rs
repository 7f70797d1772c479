//! What became of certificates (去向): handed in, accepted, returned, published, void.

use super::{Office, Session, bug};
use crate::domain::code::CertCode;
use crate::domain::ledger::{Handed, Marked, Marking, Selection, Status};
use crate::domain::profile::Address;
use crate::domain::registry::InstitutionRefusal;
use crate::failure::Failure;
use crate::store::StoreError;

impl Session {
    /// Gives certificates a status, or makes them void for good (BJ-29): all or none of them, but of a batch those that may
    /// take it.
    ///
    /// # Errors
    /// A batch that is not there, a day that is still to come, a status that needs a reason without one.
    pub fn mark(&self, selection: &Selection, marking: &Marking<'_>) -> Result<Marked, Failure> {
        if let Selection::Batch(batch) = selection {
            self.with(|store| store.batch(*batch).map(drop))?;
        }
        let Marking { status, on, reason, .. } = *marking;
        if self.office.today()? < on {
            let day = on.to_string();
            return Err(self.office.usage("ledger.future", &[("day", &day)]));
        }
        if status.needs_reason() && reason.trim().is_empty() {
            return Err(self.office.usage("cli.blank-reason", &[]));
        }
        let past = self.must_be_accepted(selection, marking)?;
        let site = self.site_of(selection, marking)?;
        let to = if marking.handed.to.is_empty() { &*site } else { marking.handed.to };
        let marking = Marking { handed: Handed { to, past: &past, ..marking.handed }, ..*marking };
        let done = self.try_with(|store| match status {
            Status::Void => store.void(selection, on, reason),
            _ => store.mark(selection, &marking),
        });
        match done {
            Err(StoreError::Registry(refusal @ InstitutionRefusal::Rectifying { .. })) => {
                Err(self.of_rectification(&refusal)?)
            }
            done => done.map_err(|e| self.office.told(&e)),
        }
    }

    /// Tells by the notice of an institution why nothing of it is handed in.
    fn of_rectification(&self, refusal: &InstitutionRefusal) -> Result<Failure, Failure> {
        let InstitutionRefusal::Rectifying { prefix, .. } = refusal else { return Ok(bug("refusal")) };
        let profile = self.registry()?.get(prefix).and_then(|one| self.office.profile(&one.profile).ok());
        Ok(self.office.locale().registry_refusal(refusal, profile.as_deref()))
    }

    /// Gives the site where the notice of a batch has its data handed in; empty where it names none, or nothing is handed in.
    fn site_of(&self, selection: &Selection, marking: &Marking<'_>) -> Result<String, Failure> {
        let (Selection::Batch(batch), Status::Submitted) = (selection, marking.status) else {
            return Ok(String::new());
        };
        let id = self.with(|store| store.batch(*batch))?.profile;
        let profile = self.office.catalogue().profile(&id);
        let site = profile.and_then(|profile| profile.addresses.get(&Address::Upload));
        Ok(site.map(|site| site.text.clone()).unwrap_or_default())
    }

    /// Selects the certificates from one code to another of the same series.
    pub fn select_run(&self, from: CertCode, to: CertCode) -> Result<Selection, Failure> {
        let find = |code| self.with(|store| store.certificate(code));
        match (find(from)?, find(to)?) {
            (Some(a), Some(b)) if a.series == b.series && a.serial <= b.serial => {
                Ok(Selection::Run(a.series, (a.serial, b.serial)))
            }
            _ => Err(self.office.usage("ledger.no-run", &[("from", from.as_str()), ("to", to.as_str())])),
        }
    }
}

impl Office {
    /// Tells that the ledger has no certificate of a code.
    pub fn unknown_certificate(&self, code: CertCode) -> Failure {
        self.told(&StoreError::NoCertificate(code))
    }
}
