//! Facts of institutions, batches and cases (资料): noted, several at once, and listed with what is demanded and missing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Office, Session};
use crate::data::facts_of;
use crate::domain::fact::{
    AttachedFile, FactDef, FactLack, FactTerms, FactType, FactValues, Route, Strength, ThingKind, lacks,
};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::Thing;
use crate::domain::profile::Profile;
use crate::domain::registry::{InstitutionRefusal, typed_prefix};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::read_back::digest;
use crate::store::{NewFact, Store, StoreError};
use crate::words::{Lang, Locale, choice_words};

/// The facts of a thing, and what its notice demands of them.
#[derive(Debug, Clone)]
pub struct FactSheet {
    pub thing: Thing,
    /// What it is called: the name of an institution, the file of a batch, the code of a case.
    pub title: String,
    /// Nothing where the data has lost it.
    pub profile: Option<Arc<Profile>>,
    /// Those that the profile demands first, in the order of the table otherwise.
    pub facts: Vec<ListedFact>,
}

/// A fact of a thing.
#[derive(Debug, Clone)]
pub struct ListedFact {
    pub def: FactDef,
    /// Empty where it is not noted.
    pub value: String,
    /// What stands above the table of the batch's file, where nothing is noted and that can be a value; else empty.
    pub proposed: String,
    /// The clauses that demand it.
    pub clauses: Vec<String>,
    /// What is missing or disagrees, the gravest first.
    pub lacks: Vec<FactLack>,
}

impl FactSheet {
    /// Lists what is missing or disagrees, each with its fact, the gravest first.
    pub fn lacks(&self) -> Vec<(&FactDef, &FactLack)> {
        let mut all: Vec<_> =
            self.facts.iter().flat_map(|fact| fact.lacks.iter().map(|lack| (&fact.def, lack))).collect();
        all.sort_by_key(|(_, lack)| std::cmp::Reverse(lack.strength));
        all
    }

    /// Counts the facts of which something is missing that is more than asked for.
    pub fn missing(&self) -> usize {
        let is_wanted = |fact: &&ListedFact| fact.lacks.iter().any(|lack| lack.strength != Strength::Ask);
        self.facts.iter().filter(is_wanted).count()
    }

    /// Finds a fact by its id.
    pub fn fact(&self, id: &str) -> Option<&ListedFact> {
        self.facts.iter().find(|fact| fact.def.id == id)
    }

    fn new(
        (thing, title): (Thing, String),
        profile: Option<Arc<Profile>>,
        mut values: FactValues,
        terms: &FactTerms,
        asked: Vec<FactDef>,
    ) -> FactSheet {
        let demands = profile.as_ref().map_or(&[][..], |profile| &profile.facts);
        let mut defs = facts_of(thing.kind(), profile.as_deref());
        for def in asked {
            if !defs.iter().any(|known| known.id == def.id) {
                defs.push(def);
            }
        }
        let is_ours = |id: &str| defs.iter().any(|def| def.id == id);
        let found = lacks(demands.iter().filter(|demand| is_ours(&demand.id)), &values, terms);
        let place = |id: &str| demands.iter().position(|demand| demand.id == id && demand.holds(&values));
        defs.sort_by_key(|def| place(&def.id).unwrap_or(usize::MAX));
        let clauses_of = |id: &str| -> Vec<String> {
            let mut clauses: Vec<String> = Vec::new();
            for demand in demands.iter().filter(|demand| demand.id == id && demand.holds(&values)) {
                if !clauses.contains(&demand.clause) {
                    clauses.push(demand.clause.clone());
                }
            }
            clauses
        };
        let mut facts: Vec<ListedFact> = defs
            .into_iter()
            .map(|def| ListedFact {
                value: values.get(&def.id).cloned().unwrap_or_default(),
                proposed: String::new(),
                clauses: clauses_of(&def.id),
                lacks: found.iter().filter(|lack| lack.id == def.id).cloned().collect(),
                def,
            })
            .collect();
        // What another profile or a later release noted stands there by its id.
        values.retain(|id, _| !facts.iter().any(|fact| fact.def.id == *id));
        facts.extend(values.into_iter().map(|(id, value)| ListedFact {
            def: unknown(id, thing.kind()),
            value,
            proposed: String::new(),
            clauses: Vec::new(),
            lacks: Vec::new(),
        }));
        FactSheet { thing, title, profile, facts }
    }
}

/// Makes a fact of which nothing is known but its id; whose it is nobody knows.
fn unknown(id: String, of: ThingKind) -> FactDef {
    let label = Some([id.clone(), id.clone()]);
    let personal = Some(crate::domain::sheet::Field::Name);
    FactDef { id, of, kind: FactType::Text, most: usize::MAX, choices: Vec::new(), personal, label }
}

impl Office {
    /// Finds a thing as it was typed: a prefix, the number of a batch, or what the audit chain calls it, such as `case:3`.
    ///
    /// # Errors
    /// It is none of these.
    pub fn thing_typed(&self, typed: &str) -> Result<Thing, Failure> {
        let compact = text::compact(typed).replace('：', ":");
        let number = |text: &str| text.trim_start_matches(['#', ':']).parse::<i64>().ok().filter(|number| 0 < *number);
        let called = |kind: ThingKind| {
            let words = Lang::ALL.map(|lang| text::compact(Locale::load(lang).thing_kind(kind)).to_lowercase());
            let lower = compact.to_lowercase();
            let mut names = words.iter().map(String::as_str).chain([kind.key()]);
            names.find_map(|name| lower.strip_prefix(name).map(String::from))
        };
        let of_kind = |kind: ThingKind| {
            let rest = called(kind)?;
            Some(match kind {
                ThingKind::Institution => Thing::Institution(typed_prefix(rest.trim_start_matches(':'))),
                ThingKind::Batch => Thing::Batch(BatchId(number(&rest)?)),
                ThingKind::Case => Thing::Case(CaseId(number(&rest)?)),
            })
        };
        let is_prefix = |text: &str| {
            let mut bytes = text.bytes();
            bytes.next().is_some_and(|b| b.is_ascii_alphabetic()) && bytes.all(|b| b.is_ascii_digit())
        };
        let found = ThingKind::ALL.into_iter().find_map(of_kind);
        let found = found.or_else(|| number(&compact).map(|number| Thing::Batch(BatchId(number))));
        let found = found.or_else(|| is_prefix(&compact).then(|| Thing::Institution(typed_prefix(&compact))));
        found.ok_or_else(|| self.usage("fact.no-thing", &[("typed", &text::visible(typed))]))
    }

    /// Reads what was typed for a fact into the value it is kept as; a file is digested.
    ///
    /// # Errors
    /// It is no value of the fact, or the file cannot be read.
    pub fn fact_value(&self, def: &FactDef, typed: &str) -> Result<String, Failure> {
        let locale = self.locale();
        let typed = match def.kind {
            FactType::File if !typed.trim().is_empty() => self.attached(Path::new(typed.trim()))?.written(),
            _ => typed.to_string(),
        };
        def.read(&typed, &choice_words)
            .map_err(|fault| Failure::new(FailureKind::Usage, locale.fact_fault(def, &fault), ""))
    }

    /// Lists what forms ask for besides the facts of the tables: those of the profile's forms, and of whichever form asked for what is
    /// noted.
    fn asked_by_forms(&self, kind: ThingKind, values: &FactValues, profile: Option<&Profile>) -> Vec<FactDef> {
        let profile = profile.map_or("", |profile| &profile.id);
        let mut found: Vec<FactDef> = Vec::new();
        for form in &self.catalogue().forms {
            let about = form.layout.about;
            let is_its = form.layout.profile.is_empty() || form.layout.profile == profile;
            for field in form.layout.fields.iter().filter(|field| field.of.unwrap_or(about) == kind) {
                let is_wanted = is_its && about == kind || values.contains_key(&field.id);
                if is_wanted && !found.iter().any(|def| def.id == field.id) {
                    found.push(field.def(about));
                }
            }
        }
        found
    }

    /// Digests a file that is to be attached, as it is now.
    pub(super) fn attached(&self, path: &Path) -> Result<AttachedFile, Failure> {
        let (sha256, _) = digest(path).map_err(|e| self.locale().unread(path, &e))?;
        let whole = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
        Ok(AttachedFile { sha256, path: whole.to_string_lossy().into_owned() })
    }
}

impl Session {
    /// Gives the facts of a thing, with what is missing.
    ///
    /// # Errors
    /// The thing is not on record.
    pub fn fact_sheet(&self, thing: &Thing) -> Result<FactSheet, Failure> {
        let (title, profile) = self.titled(thing)?;
        let values = self.with(|store| store.facts(thing))?;
        let terms = match thing {
            Thing::Batch(batch) => self.with(|store| store.fact_terms(*batch))?,
            Thing::Institution(prefix) => {
                FactTerms { categories: prefix.chars().take(1).collect(), ..FactTerms::default() }
            }
            Thing::Case(_) => FactTerms::default(),
        };
        let profile = self.office.catalogue().profile(&profile).cloned();
        let asked = self.office.asked_by_forms(thing.kind(), &values, profile.as_deref());
        let mut sheet = FactSheet::new((thing.clone(), title), profile, values, &terms, asked);
        if let Thing::Batch(batch) = thing {
            self.propose(*batch, &mut sheet)?;
        }
        Ok(sheet)
    }

    /// Puts what the organiser has written above the table beside the facts of which nothing is noted.
    fn propose(&self, batch: BatchId, sheet: &mut FactSheet) -> Result<(), Failure> {
        let of_profile = sheet.profile.iter().flat_map(|profile| &profile.sheets);
        let mut forms = of_profile.filter_map(|id| self.office.sheet(id));
        if !forms.any(|form| form.head.has_labels()) {
            return Ok(());
        }
        let (beside, _) = self.with(|store| store.provenance(batch))?;
        for fact in sheet.facts.iter_mut().filter(|fact| fact.value.is_empty()) {
            let typed = beside.head.get(&fact.def.id);
            let value = typed.and_then(|typed| fact.def.read(typed, &choice_words).ok());
            fact.proposed = value.unwrap_or_default();
        }
        Ok(())
    }

    /// Notes what the organiser has written above the table, where nothing is noted yet; what is there stays. Gives the labels of
    /// what was noted.
    pub fn take_head(&self, thing: &Thing, reason: &str) -> Result<Vec<String>, Failure> {
        let sheet = self.fact_sheet(thing)?;
        let proposed: Vec<&ListedFact> = sheet.facts.iter().filter(|fact| !fact.proposed.is_empty()).collect();
        let facts: Vec<(String, String)> =
            proposed.iter().map(|fact| (fact.def.id.clone(), fact.proposed.clone())).collect();
        if !facts.is_empty() {
            self.note_facts(thing, &facts, reason)?;
        }
        Ok(proposed.iter().map(|fact| self.office.locale().fact_label(&fact.def)).collect())
    }

    /// Lists in words what of the facts of a batch is missing or disagrees, without what is only asked for.
    pub(super) fn lacks_of(&self, batch: BatchId) -> Result<Vec<String>, Failure> {
        let sheet = self.fact_sheet(&Thing::Batch(batch))?;
        let told = sheet.lacks().into_iter().filter(|(_, lack)| lack.strength != Strength::Ask);
        Ok(told.map(|(def, lack)| self.office.locale().fact_lack(def, lack)).collect())
    }

    /// Gives what a thing is called, and the profile it is under.
    fn titled(&self, thing: &Thing) -> Result<(String, String), Failure> {
        match thing {
            Thing::Institution(prefix) => {
                let registry = self.registry()?;
                let found = registry.get(prefix).ok_or_else(|| self.office.unknown_institution(prefix, &registry))?;
                Ok((found.name().to_string(), found.profile.clone()))
            }
            Thing::Batch(id) => self.batch(*id).map(|batch| (batch.origin.file, batch.profile)),
            Thing::Case(id) => self.case(*id).map(|stored| (stored.case.code.to_string(), stored.profile)),
        }
    }

    /// Notes facts of a thing, each by its id or name and as it was typed, all of them or none; an empty text takes one back.
    /// Gives the entry's place in the audit chain; nothing where all of it stood so already.
    ///
    /// # Errors
    /// The thing is not on record, there is no such fact of it, one is named twice, or a text is no value: every one that is
    /// not is told.
    pub fn note_facts(&self, thing: &Thing, typed: &[(String, String)], reason: &str) -> Result<Option<u64>, Failure> {
        let sheet = self.fact_sheet(thing)?;
        let (mut facts, mut refused) = (Vec::<NewFact>::new(), Vec::<Failure>::new());
        for (name, value) in typed {
            let read = self.fact_named(&sheet, name).and_then(|def| {
                if facts.iter().any(|fact| fact.id == def.id) {
                    let label = self.office.locale().fact_label(def);
                    return Err(self.office.usage("fact.twice", &[("fact", &label)]));
                }
                let value = self.office.fact_value(def, value)?;
                self.must_be_own_number(&sheet, def, &value)?;
                self.must_be_batch(thing, def, &value)?;
                Ok(NewFact { id: def.id.clone(), value, is_personal: def.personal.is_some() })
            });
            match read {
                Ok(fact) => facts.push(fact),
                Err(failure) => refused.push(failure),
            }
        }
        let mut refused = refused.into_iter();
        if let Some(first) = refused.next() {
            let all = refused.fold(first.message, |all, next| format!("{all} {}", next.message));
            return Err(Failure { message: all, ..first });
        }
        match self.try_with(|store| store.note_facts(thing, &facts, reason)) {
            Err(StoreError::Registry(InstitutionRefusal::Unknown(prefix))) => {
                Err(self.office.unknown_institution(&prefix, &self.with(Store::registry)?))
            }
            done => done.map_err(|e| self.office.told(&e)),
        }
    }

    /// Refuses to take facts over from a batch that is not there, or from the batch itself.
    fn must_be_batch(&self, thing: &Thing, def: &FactDef, value: &str) -> Result<(), Failure> {
        if def.id != "bridged-from" || value.is_empty() {
            return Ok(());
        }
        let of = BatchId(value.parse().unwrap_or_default());
        if *thing == Thing::Batch(of) {
            return Err(self.office.usage("fact.of-itself", &[("fact", &self.office.locale().fact_label(def))]));
        }
        self.batch(of).map(drop)
    }

    /// Refuses the number of committees as that of a filed body.
    fn must_be_own_number(&self, sheet: &FactSheet, def: &FactDef, value: &str) -> Result<(), Failure> {
        let organisations = sheet.profile.as_ref().map(|profile| &profile.organisations);
        let number = organisations.and_then(|all| all.issuer_number.as_ref());
        match number.filter(|number| def.id == Route::FILED_BODY && number.is_in(&text::compact(value))) {
            Some(number) => {
                let (locale, clause) = (self.office.locale(), number.clause_of(Some(Route::Filed)));
                let places = [("fact", &*locale.fact_label(def)), ("value", &number.value), ("clause", clause)];
                Err(Failure::new(FailureKind::Rule, locale.fill("fact.number-of-committees", &places), ""))
            }
            None => Ok(()),
        }
    }

    /// Finds a fact by its id or its name in any language.
    fn fact_named<'s>(&self, sheet: &'s FactSheet, typed: &str) -> Result<&'s FactDef, Failure> {
        let locales = Lang::ALL.map(Locale::load);
        let wanted = text::compact(typed).to_lowercase();
        let is_it = |def: &&FactDef| {
            def.id == wanted
                || locales.iter().any(|locale| text::compact(&locale.fact_label(def)).to_lowercase() == wanted)
        };
        sheet.facts.iter().map(|fact| &fact.def).find(is_it).ok_or_else(|| {
            let locale = self.office.locale();
            let places = [("fact", &*text::visible(typed)), ("kind", locale.thing_kind(sheet.thing.kind()))];
            let failure = self.office.usage("fact.unknown", &places);
            let labels: Vec<String> =
                sheet.facts.iter().flat_map(|fact| [fact.def.id.clone(), locale.fact_label(&fact.def)]).collect();
            let near = locale.near(typed, labels.iter().map(String::as_str), "name.facts");
            Failure { hint: near, ..failure }
        })
    }
}
