//! Who keeps blanks: a name is known however it is spelled, and one that comes near to a known one is told.

use super::Office;
use crate::domain::ledger::stock::{BlankKind, StockRefusal};
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{StoreError, StoreReader};

impl Office {
    /// Finds a keeper who ever had blanks, however the name is spelled.
    ///
    /// # Errors
    /// Nobody of that name ever had any; the hint names those that come near.
    pub fn must_be_keeper(&self, kind: Option<BlankKind>, name: &str) -> Result<String, Failure> {
        let keepers = self.keepers(kind)?;
        if let Some(known) = spelled_as(&keepers, name) {
            return Ok(known.to_string());
        }
        let told = self.told(&StoreError::Stock(StockRefusal::NothingThere(name.to_string())));
        let hint = self.locale().near(name, keepers.iter().map(String::as_str), "name.keepers");
        Err(Failure { hint, ..told })
    }

    /// Lists who ever had blanks.
    pub(super) fn keepers(&self, kind: Option<BlankKind>) -> Result<Vec<String>, Failure> {
        let balances = self.ledger()?.map_or_else(|| Ok(Vec::new()), |ledger| ledger.with(StoreReader::balances))?;
        let of_kind = balances.into_iter().filter(|(of, ..)| kind.is_none_or(|kind| kind == *of));
        let mut keepers: Vec<String> = of_kind.map(|(_, keeper, _)| keeper).collect();
        keepers.sort_unstable();
        keepers.dedup();
        Ok(keepers)
    }

    /// Tells of somebody who never had blanks which keeper comes near: the name may be a slip. Nothing where none does.
    pub fn new_keeper(&self, typed: &str) -> Result<Option<String>, Failure> {
        let keepers = self.keepers(None)?;
        if text::trimmed(typed).is_empty() || spelled_as(&keepers, typed).is_some() {
            return Ok(None);
        }
        let near: Vec<String> = keepers
            .iter()
            .filter(|known| text::is_slip(known, typed))
            .map(|name| text::visible(name).into_owned())
            .collect();
        if near.is_empty() {
            return Ok(None);
        }
        let locale = self.locale();
        let places = [("keeper", &*text::visible(typed)), ("near", &locale.alternatives(near))];
        Ok(Some(locale.fill("stock.new-keeper", &places)))
    }
}

/// Finds a keeper among those that are known: just as it is spelled, else but for blanks, width and case.
pub(super) fn spelled_as<'a>(known: &'a [String], typed: &str) -> Option<&'a str> {
    let folded = text::folded_name(typed);
    let same = || known.iter().find(|name| text::folded_name(name) == folded);
    known.iter().find(|name| *name == typed).or_else(same).map(String::as_str)
}
