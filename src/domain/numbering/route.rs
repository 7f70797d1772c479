//! Who issues (颁证方式) decides the number of the institution in the codes: that of committees, or that of the filed body.

use std::sync::Arc;

use crate::domain::batch::Batch;
use crate::domain::fact::Route;
use crate::domain::ledger::plan::RowRefusal;
use crate::domain::profile::Profile;
use crate::domain::registry::Registry;
use crate::domain::text;

/// Who issues the certificates of a batch, as far as it is noted.
pub(super) struct Issuer<'a> {
    profile: &'a Profile,
    route: Option<Route>,
    /// The prefix of the filed body, or its number of four digits.
    body: Option<String>,
}

impl<'a> Issuer<'a> {
    pub(super) fn of(batch: &'a Batch) -> Issuer<'a> {
        let (profile, known) = (batch.context().profile(), batch.context().known());
        let is_filed = known.route == Some(Route::Filed);
        let body = known.filed_body.as_deref().filter(|_| is_filed).map(|body| text::compact(body).to_uppercase());
        // What is no number, such as a name, is compared with nothing.
        let is_number = |body: &String| {
            let mut bytes = body.bytes();
            let is_prefix = body.len() == 13 && bytes.next().is_some_and(|b| b.is_ascii_uppercase());
            is_prefix && bytes.all(|b| b.is_ascii_digit())
                || body.len() == 4 && body.bytes().all(|b| b.is_ascii_digit())
        };
        Issuer { profile, route: known.route, body: body.filter(is_number) }
    }

    /// Refuses a prefix that is not that of who issues.
    pub(super) fn must_fit(&self, prefix: &str) -> Result<(), RowRefusal> {
        let number = self.profile.organisations.issuer_number.as_ref();
        let clause = |route| number.map_or_else(String::new, |number| number.clause_of(Some(route)).to_string());
        let told = |must: &str, clause: String| (prefix.to_string(), must.to_string(), clause);
        match (self.route, number) {
            (Some(Route::Committee), Some(number)) if !number.is_in(prefix) => {
                let (prefix, must, clause) = told(&number.value, clause(Route::Committee));
                Err(RowRefusal::NotStamped(prefix, must, clause))
            }
            (Some(Route::Filed), Some(number)) if number.is_in(prefix) => {
                let (prefix, must, clause) = told(&number.value, clause(Route::Filed));
                Err(RowRefusal::Stamped(prefix, must, clause))
            }
            _ => match &self.body {
                Some(body) if !prefix.ends_with(body.as_str()) => {
                    let demand = self.profile.facts.iter().find(|demand| demand.id == Route::FILED_BODY);
                    let by = demand.map_or_else(|| clause(Route::Filed), |demand| demand.clause.clone());
                    let (prefix, body, clause) = told(body, by);
                    Err(RowRefusal::OtherBody(prefix, body, clause))
                }
                _ => Ok(()),
            },
        }
    }

    /// Gives the prefix of the filed body, where the registry has one such body alone.
    pub(super) fn prefix(&self, registry: &Registry) -> Option<Arc<str>> {
        let body = self.body.as_deref()?;
        let of_profile = registry.institutions().filter(|one| one.profile == self.profile.id);
        let mut found = of_profile.filter(|one| one.prefix.ends_with(body));
        found.next().filter(|_| found.next().is_none()).map(|one| Arc::from(one.prefix.as_str()))
    }
}
