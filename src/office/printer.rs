//! Who prints (印制机构): what is kept of an institution that says how its certificates are printed.

use std::collections::BTreeMap;

use super::print_data::Wanted;
use super::{Office, Session};
use crate::data::facts;
use crate::domain::fact::FactDef;
use crate::domain::identity::IdTypes;
use crate::domain::ledger::BatchId;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::printed::Medium;
use crate::domain::print::{Laid, PrintRecord, PrintTerms, lay};
use crate::domain::profile::Profile;
use crate::domain::registry::Institution;
use crate::failure::{Failure, FailureKind};
use crate::words::{Lang, Locale};

/// The facts that say how certificates are printed.
const PHOTO_SIZE: &str = "photo-size";
const NAME_EN: &str = "name-en";
const STAND_IN: &str = "seal-stand-in";

/// What is known of an institution that prints.
#[derive(Default)]
pub(super) struct Printer {
    pub(super) institution: Option<Institution>,
    pub(super) name_en: String,
    pub(super) stand_in: String,
    pub(super) photo_size: String,
}

impl Session {
    /// Finds what is known of each institution that certificates are of, by its prefix. A size of the photo that was typed is kept
    /// later, once all of it is printed: [`Session::keep_photo_sizes`] is given what is to be kept.
    pub(super) fn printers(
        &self,
        wanted: &[Wanted],
        batch: Option<BatchId>,
        size: Option<&str>,
    ) -> Result<(BTreeMap<String, Printer>, Vec<Thing>), Failure> {
        let mut all = BTreeMap::new();
        let mut keepers = Vec::new();
        for one in wanted {
            let prefix = one.prefix();
            if all.contains_key(prefix) {
                continue;
            }
            let (mut printer, owner) = self.printer(one, batch)?;
            if let Some(typed) = size {
                let value = self.office.fact_value(photo_size_fact()?, typed)?;
                let is_new = |owner: &Thing| value != printer.photo_size && !keepers.contains(owner);
                if let Some(owner) = owner.clone().filter(is_new) {
                    keepers.push(owner);
                }
                printer.photo_size = value;
            }
            printer.photo_size = self.office.photo_size(&one.profile, &printer.photo_size, owner.as_ref())?;
            all.insert(prefix.to_string(), printer);
        }
        Ok((all, keepers))
    }

    /// The same for a proof, which shows every size where none was chosen.
    pub(super) fn printers_or_unsure(
        &self,
        wanted: &[Wanted],
        batch: Option<BatchId>,
    ) -> Result<BTreeMap<String, Printer>, Failure> {
        let mut all = BTreeMap::new();
        for one in wanted {
            let mut printer = self.printer(one, batch)?.0;
            let sizes = one.profile.certificate.photo.iter().flat_map(|spec| &spec.sizes);
            let chosen = sizes.clone().find(|size| size.id == printer.photo_size).map(|size| size.text.clone());
            let told = || sizes.map(|size| size.text.as_str()).collect::<Vec<_>>().join("/");
            printer.photo_size = chosen.unwrap_or_else(told);
            all.insert(one.prefix().to_string(), printer);
        }
        Ok(all)
    }

    /// Finds what is known of the institution of a certificate, with the id of the photo's size, and what that is noted of.
    fn printer(&self, one: &Wanted, batch: Option<BatchId>) -> Result<(Printer, Option<Thing>), Failure> {
        let prefix = one.prefix();
        let institution = self.registry()?.get(prefix).cloned();
        let thing = institution.as_ref().map(|_| Thing::Institution(prefix.to_string()));
        let things = batch.map(Thing::Batch).into_iter().chain(thing.clone());
        let facts = things.map(|thing| self.with(|store| store.facts(&thing))).collect::<Result<Vec<_>, Failure>>()?;
        let fact = |id: &str| facts.iter().find_map(|facts| facts.get(id)).cloned().unwrap_or_default();
        let is_allowed = !one.profile.certificate.stand_in_clause.is_empty();
        let printer = Printer {
            photo_size: fact(PHOTO_SIZE),
            name_en: fact(NAME_EN),
            stand_in: if is_allowed { fact(STAND_IN) } else { String::new() },
            institution,
        };
        Ok((printer, thing.or(batch.map(Thing::Batch))))
    }

    /// Keeps the size of the photo that was typed, with those that it is new for.
    pub(super) fn keep_photo_sizes(&self, keepers: &[Thing], typed: Option<&str>, reason: &str) -> Result<(), Failure> {
        let Some(typed) = typed else { return Ok(()) };
        for keeper in keepers {
            self.note_facts(keeper, &[(PHOTO_SIZE.to_string(), typed.to_string())], reason)?;
        }
        Ok(())
    }
}

/// Finds the fact that says which size of photos an institution uses.
fn photo_size_fact() -> Result<&'static FactDef, Failure> {
    facts().iter().find(|def| def.id == PHOTO_SIZE).ok_or_else(|| super::bug("no fact of the photo's size"))
}

impl Office {
    /// Lays one certificate out.
    pub(super) fn lay_one(
        &self,
        one: &Wanted,
        (printers, id_types): (&BTreeMap<String, Printer>, &IdTypes),
        medium: Medium,
    ) -> Laid {
        let none = Printer::default();
        let printer = printers.get(one.prefix()).unwrap_or(&none);
        let zh = Locale::load(Lang::Zh);
        let reissued_on = one.state.as_ref().and_then(|state| state.certificate.reissued_on);
        let record = PrintRecord { code: one.code, holder: &one.holder, reissued_on };
        let terms = PrintTerms {
            profile: &one.profile,
            id_types,
            institution: printer.institution.as_ref(),
            institution_en: &printer.name_en,
            stand_in: &printer.stand_in,
            photo_size: &printer.photo_size,
            qr: &self.settings().qr_text,
            medium: (medium, zh.medium(medium)),
        };
        lay(&record, &terms)
    }

    /// Gives the size of the photo: the only one that the notice names, or that which was chosen among several.
    fn photo_size(&self, profile: &Profile, kept: &str, owner: Option<&Thing>) -> Result<String, Failure> {
        let Some(spec) = &profile.certificate.photo else { return Ok(String::new()) };
        if let [only] = spec.sizes.as_slice() {
            return Ok(only.text.clone());
        }
        if let Some(size) = spec.sizes.iter().find(|size| size.id == kept) {
            return Ok(size.text.clone());
        }
        let locale = self.locale();
        let told: Vec<String> = spec.sizes.iter().map(|size| format!("{}（{}）", size.text, size.clause)).collect();
        let sizes = told.join(locale.text("finding.comma"));
        let first = spec.sizes.first().map_or("", |size| size.text.as_str());
        let hint = match owner {
            Some(_) => locale.fill("print.photo-size-hint", &[("size", first)]),
            None => locale.fill("print.photo-size-each", &[("size", first)]),
        };
        Err(Failure::new(FailureKind::Rule, locale.fill("print.photo-size", &[("sizes", &sizes)]), hint))
    }
}
