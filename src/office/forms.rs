//! Forms (表单): which there are, what they are filled with, and the workbook that is printed and handed in.

use std::path::Path;
use std::sync::Arc;

use super::export::now;
use super::shares::HandOut;
use super::{Office, Session};
use crate::data::facts_of;
use crate::domain::fact::{FactDef, FactType, FactValues, ThingKind};
use crate::domain::form::{Filled, Form, FormFault, FormField, FormValues};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::share::ShareId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic;
use crate::formats::write_form::{FormFile, write_form};
use crate::store::NewFact;
use crate::words::{Lang, Locale};

/// What a form is filled for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormThing {
    /// By its prefix.
    Institution(String),
    Batch(BatchId),
    /// One case, or several about certificates of one institution.
    Cases(Vec<CaseId>),
}

impl FormThing {
    pub fn about(&self) -> ThingKind {
        match self {
            FormThing::Institution(_) => ThingKind::Institution,
            FormThing::Batch(_) => ThingKind::Batch,
            FormThing::Cases(_) => ThingKind::Case,
        }
    }

    fn object(&self) -> UnmaskedObject {
        match self {
            FormThing::Institution(prefix) => UnmaskedObject::Institution(prefix.clone()),
            FormThing::Batch(batch) => UnmaskedObject::Batch(*batch),
            FormThing::Cases(cases) => match cases[..] {
                [case] => UnmaskedObject::Case(case),
                _ => UnmaskedObject::Cases,
            },
        }
    }
}

/// A form that is wanted.
#[derive(Debug, Clone)]
pub struct FormOrder {
    pub form: String,
    pub thing: FormThing,
    /// Values as they are typed, each with the id of its field.
    pub values: Vec<(String, String)>,
    /// Whether fields without a value stay blank, for whoever fills them in by hand.
    pub blanks: bool,
}

/// A form filled with what is known.
#[derive(Debug)]
pub struct FilledForm {
    pub form: Arc<Form>,
    pub filled: Filled,
    /// The fields that nothing is known for.
    pub missing: Vec<FormField>,
    /// The fields that nothing is known for and that may stay blank.
    pub open: Vec<FormField>,
    /// What else is to be known of it, in words: fields that may stay blank and have no value, what is left for the pen.
    pub notes: Vec<String>,
    /// What it was filled with, by the names of its places.
    pub values: FormValues,
    /// What was typed for it, as it is kept, each with its thing.
    noted: Vec<(Thing, NewFact)>,
}

impl Office {
    /// Finds a printed form by its id.
    ///
    /// # Errors
    /// No such form; the hint names those that come near.
    pub fn form(&self, id: &str) -> Result<Arc<Form>, Failure> {
        let forms = &self.catalogue().forms;
        let found = forms.iter().find(|form| form.id == id && !form.layout.proof).cloned();
        found.ok_or_else(|| {
            let ids: Vec<&str> = forms.iter().filter(|form| !form.layout.proof).map(|form| form.id.as_str()).collect();
            let near = text::nearest(id, ids.iter().copied());
            let locale = self.locale();
            let hint = match near.first() {
                Some(near) => locale.fill("form.near", &[("near", near)]),
                None => locale.text("form.see-list").to_string(),
            };
            Failure::new(FailureKind::Usage, locale.fill("form.unknown", &[("id", &text::visible(id))]), hint)
        })
    }

    /// Lists the forms for things of a kind; those of other profiles are left out where one is named.
    pub fn forms(&self, about: Option<ThingKind>, profile: Option<&str>) -> Vec<Arc<Form>> {
        let fits = |form: &&Arc<Form>| {
            let of_profile = profile.is_none_or(|id| form.layout.profile.is_empty() || form.layout.profile == id);
            of_profile && !form.layout.proof && about.is_none_or(|about| form.layout.about == about)
        };
        self.catalogue().forms.iter().filter(fits).cloned().collect()
    }

    /// Gives the fact that a field of a form asks for: that of the tables where they have one of its id.
    pub fn fact_of_field(&self, form: &Form, field: &FormField) -> FactDef {
        let of = field.of.unwrap_or(form.layout.about);
        let profile = self.catalogue().profile(&form.layout.profile);
        let known = facts_of(of, profile.map(|profile| &**profile)).into_iter().find(|def| def.id == field.id);
        let label = Some([field.label.clone(), field.label.clone()]);
        known.map_or_else(|| field.def(of), |def| FactDef { label, ..def })
    }

    /// Reads the values that were typed for a form, each as it is kept.
    fn typed_values(&self, form: &Form, typed: &[(String, String)]) -> Result<FactValues, Failure> {
        let mut values = FactValues::new();
        for (id, value) in typed {
            let field = form.field(id).ok_or_else(|| {
                let known: Vec<&str> = form.layout.fields.iter().map(|field| field.id.as_str()).collect();
                let known = known.join(self.locale().text("finding.comma"));
                self.usage("form.no-field", &[("form", &form.name), ("id", &text::visible(id)), ("known", &known)])
            })?;
            values.insert(id.clone(), self.fact_value(&self.fact_of_field(form, field), value)?);
        }
        Ok(values)
    }
}

/// Writes the value of a fact as forms do, which are Chinese.
fn on_paper(def: &FactDef, value: &str) -> String {
    match def.kind {
        FactType::Choice | FactType::YesNo => Locale::load(Lang::Zh).fact_choice(value),
        _ => value.to_string(),
    }
}

impl Session {
    /// Fills a form with what is stored and what was typed; masked, as it is shown.
    pub fn fill_form(&self, order: &FormOrder, masked: bool) -> Result<FilledForm, Failure> {
        let office = &self.office;
        let form = office.form(&order.form)?;
        if form.layout.about != order.thing.about() {
            let about = office.locale().thing_kind(form.layout.about);
            return Err(office.usage("form.other-thing", &[("form", &form.name), ("about", about)]));
        }
        let typed = office.typed_values(&form, &order.values)?;
        let (mut values, things) = self.values_of(&form, &order.thing, &typed)?;
        let mut noted = Vec::new();
        for field in &form.layout.fields {
            let def = office.fact_of_field(&form, field);
            // Where the thing that it belongs to is not on record, it stays with the thing that the form is for.
            let owner = things.iter().find(|thing| thing.kind() == def.of).or_else(|| things.first());
            let Some(owner) = owner else { continue };
            let value = match typed.get(&field.id) {
                Some(value) => {
                    let fact =
                        NewFact { id: def.id.clone(), value: value.clone(), is_personal: def.personal.is_some() };
                    noted.push((owner.clone(), fact));
                    value.clone()
                }
                None => self.kept_value(&def.id, owner, &things)?,
            };
            if !value.is_empty() {
                values.put(&field.id, on_paper(&def, &value));
            }
        }
        add_up(&mut values);
        let missing: Vec<FormField> = form.missing(&values).cloned().collect();
        let open: Vec<FormField> = form.open(&values).cloned().collect();
        let notes = self.notes_of(&form, &open, &values);
        if masked {
            mask(&form, &mut values);
        }
        let filled = form.fill(&values).map_err(|fault| self.form_fault(&form, &fault))?;
        Ok(FilledForm { form, filled, missing, open, notes, values, noted })
    }

    /// Says which boxes of a form stay blank, and why.
    fn notes_of(&self, form: &Form, open: &[FormField], values: &FormValues) -> Vec<String> {
        let locale = self.office.locale();
        let comma = locale.text("finding.comma");
        let mut notes = Vec::new();
        if !open.is_empty() {
            let labels: Vec<&str> = open.iter().map(|field| field.label.as_str()).collect();
            notes.push(locale.fill("form.open", &[("fields", &labels.join(comma))]));
        }
        let has_no_seal = values.lists.get("seals").is_none_or(Vec::is_empty);
        if form.lists("seals") && has_no_seal {
            notes.push(locale.text("form.no-seals").to_string());
        }
        if !form.layout.by_hand.is_empty() {
            notes.push(locale.fill("form.by-hand", &[("boxes", &form.layout.by_hand.join(comma))]));
        }
        notes.into_iter().map(|note| text::visible(&note).into_owned()).collect()
    }

    /// Gives what is kept under the id of a fact: of the thing it belongs to, else of the one that the form is for.
    fn kept_value(&self, id: &str, owner: &Thing, things: &[Thing]) -> Result<String, Failure> {
        for thing in std::iter::once(owner).chain(things.first()) {
            let kept = self.with(|store| store.facts(thing))?;
            if let Some(value) = kept.get(id) {
                return Ok(value.clone());
            }
        }
        Ok(String::new())
    }

    fn form_fault(&self, form: &Form, fault: &FormFault) -> Failure {
        let FormFault::TooLong { label, record, most, found } = fault;
        let locale = self.office.report_locale();
        let of_column = Field::read(label).map(|field| locale.field_name(field));
        let place = format!("form.place.{label}");
        let label = of_column.as_deref().or_else(|| locale.find(&place)).unwrap_or(label);
        let (most, found) = (most.to_string(), found.to_string());
        let record = record.map(|n| n.to_string()).unwrap_or_default();
        let places =
            [("form", form.name.as_str()), ("label", label), ("n", &record), ("most", &most), ("found", &found)];
        let key = if record.is_empty() { "form.too-long" } else { "form.too-long-in-row" };
        Failure::new(
            FailureKind::Rule,
            self.office.locale().fill(key, &places),
            self.office.locale().text("form.too-long-hint"),
        )
    }

    /// Writes a form as a workbook. What of it is personal data goes out whole, which is an audit entry, but for a form that is
    /// masked where nobody says why it should not be.
    pub fn write_form(
        &self,
        order: &FormOrder,
        (path, overwrite): (&Path, bool),
        (reason, share): (Option<&str>, Option<ShareId>),
    ) -> Result<(FilledForm, Option<ShareId>), Failure> {
        let office = &self.office;
        self.may_hand_out(share)?;
        let is_masked = office.form(&order.form)?.layout.masked && reason.is_none();
        let filled = self.fill_form(order, is_masked)?;
        let form = &filled.form;
        let lacking = filled.missing.iter().filter(|field| field.strict || !order.blanks);
        let lacking: Vec<String> = lacking.map(|field| format!("{} (--set {}=…)", field.label, field.id)).collect();
        if !lacking.is_empty() {
            let fields = lacking.join(office.locale().text("finding.comma"));
            let told = office.locale().fill("form.missing", &[("form", &form.name), ("fields", &fields)]);
            let is_strict = filled.missing.iter().any(|field| field.strict);
            let hint = office.locale().text(if is_strict { "form.missing-strict" } else { "form.missing-hint" });
            return Err(Failure::new(FailureKind::Usage, told, hint));
        }
        let refused = |e: atomic::WriteError| office.locale().write_failure(&e);
        office.spare_state(path).map_err(refused)?;
        let file = FormFile { name: &form.name, layout: &form.layout, filled: &filled.filled, created: now() };
        let mut staged = atomic::StagedFile::new(path, overwrite, None).map_err(refused)?;
        staged.write(|out| write_form(out, path, &file)).map_err(refused)?;
        self.note_typed(&filled)?;
        let is_whole = !is_masked && form.is_personal();
        if is_whole {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let places =
                [("form", form.name.as_str()), ("file", &text::visible(&name)), ("reason", reason.unwrap_or_default())];
            let why = office
                .report_locale()
                .fill(if reason.is_some() { "form.unmasked-why" } else { "form.unmasked" }, &places);
            self.unmask(&order.thing.object(), &why)?;
        }
        staged.commit().map_err(refused)?;
        if let (true, FormThing::Batch(batch)) = (form.layout.bridge, &order.thing) {
            let file = self.office.attached(path)?.written();
            let fact = NewFact { id: "bridge".to_string(), value: file, is_personal: false };
            self.with(|store| store.note_facts(&Thing::Batch(*batch), std::slice::from_ref(&fact), &form.name))?;
        }
        // What stays in the house is given to nobody.
        if !is_whole || (form.layout.addressee.is_none() && share.is_none()) {
            return Ok((filled, None));
        }
        let receiver = filled.values.value("addressee").to_string();
        let purpose = reason.unwrap_or(&form.name);
        let out = HandOut { share, path, holds: &form.name, purpose, receiver: &receiver };
        let share = self.hand_out(out)?;
        Ok((filled, Some(share)))
    }

    /// Keeps what was typed for a form with the things that it belongs to; the form is not written.
    pub fn keep_form_values(&self, order: &FormOrder) -> Result<(), Failure> {
        let filled = self.fill_form(order, true)?;
        self.note_typed(&filled)
    }

    /// Keeps what was typed for a form with its things: what was asked once is not asked again.
    fn note_typed(&self, filled: &FilledForm) -> Result<(), Failure> {
        let mut things: Vec<&Thing> = Vec::new();
        for (thing, _) in &filled.noted {
            if !things.contains(&thing) {
                things.push(thing);
            }
        }
        for thing in things {
            let own = filled.noted.iter().filter(|(of, _)| of == thing).map(|(_, fact)| fact.clone());
            let facts: Vec<NewFact> = own.collect();
            self.with(|store| store.note_facts(thing, &facts, &filled.form.name))?;
        }
        Ok(())
    }

    /// Notes that a form is about to be shown whole.
    pub fn unmask_form(&self, thing: &FormThing, reason: &str) -> Result<(), Failure> {
        self.unmask(&thing.object(), reason)
    }
}

/// Adds up what is counted by levels, once all of them are known.
fn add_up(values: &mut FormValues) {
    let counted = |level: u8| values.value(&format!("passes-{level}")).parse::<u64>().ok();
    if let Some(sum) = (1..=5).map(counted).sum::<Option<u64>>() {
        values.put("passes", sum.to_string());
    }
}

/// Masks what a form is filled with as lists show it.
fn mask(form: &Form, values: &mut FormValues) {
    let masked = |name: &str, value: &str| match (form.field(name), Field::read(name)) {
        (Some(field), _) => field.def(form.layout.about).masked(value),
        (None, Some(field)) => field.masked(value),
        (None, None) if name == "new-value" => text::masked_number(value),
        _ => text::masked_sentence(value),
    };
    // Those to whom it goes are offices: their numbers are printed in the notices.
    for (name, value) in values.values.iter_mut().filter(|(name, _)| !name.starts_with("addressee")) {
        *value = masked(name, value);
    }
    for record in values.lists.values_mut().flatten() {
        for (name, value) in record.iter_mut() {
            *value = masked(name, value);
        }
    }
}
