//! Forms (表单): which there are, what they are filled with, and the workbook that is printed and handed in.

use std::path::Path;
use std::sync::Arc;

use super::export::now;
use super::{Office, Session};
use crate::domain::form::{About, Filled, Form, FormFault, FormField, FormValues, ValueFault};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::case::CaseId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic;
use crate::formats::write_form::{FormFile, write_form};

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
    pub fn about(&self) -> About {
        match self {
            FormThing::Institution(_) => About::Institution,
            FormThing::Batch(_) => About::Batch,
            FormThing::Cases(_) => About::Case,
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
    /// What its fields were filled with, by their ids.
    pub values: FormValues,
}

impl Office {
    /// Finds a printed form by its id.
    ///
    /// # Errors
    /// No such form; the hint names those that come near.
    pub fn form(&self, id: &str) -> Result<Arc<Form>, Failure> {
        let forms = &self.catalogue().forms;
        let found = forms.iter().find(|form| form.id == id).cloned();
        found.ok_or_else(|| {
            let ids: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
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
    pub fn forms(&self, about: Option<About>, profile: Option<&str>) -> Vec<Arc<Form>> {
        let fits = |form: &&Arc<Form>| {
            let of_profile = profile.is_none_or(|id| form.layout.profile.is_empty() || form.layout.profile == id);
            of_profile && about.is_none_or(|about| form.layout.about == about)
        };
        self.catalogue().forms.iter().filter(fits).cloned().collect()
    }

    /// Reads the values that were typed for a form.
    pub(super) fn form_values(&self, form: &Form, typed: &[(String, String)]) -> Result<FormValues, Failure> {
        let mut values = FormValues::default();
        for (id, value) in typed {
            let field = form.field(id).ok_or_else(|| {
                let known: Vec<&str> = form.layout.fields.iter().map(|field| field.id.as_str()).collect();
                let known = known.join(self.locale().text("finding.comma"));
                self.usage("form.no-field", &[("form", &form.id), ("id", &text::visible(id)), ("known", &known)])
            })?;
            let read = field.read(value).map_err(|fault| self.bad_form_value(form, field, &fault))?;
            values.put(id, read);
        }
        Ok(values)
    }

    /// Words why a value is not what a field takes.
    pub fn bad_form_value(&self, form: &Form, field: &FormField, fault: &ValueFault) -> Failure {
        let locale = self.locale();
        let (key, n, what) = match fault {
            ValueFault::Empty => ("empty", 0, String::new()),
            ValueFault::Hidden => ("hidden", 0, String::new()),
            ValueFault::TooLong(most) => ("too-long", *most, String::new()),
            ValueFault::NotADate => ("date", 0, String::new()),
            ValueFault::NotANumber => ("number", 0, String::new()),
            ValueFault::NotOneOf(known) => ("one-of", 0, known.join(locale.text("finding.comma"))),
            ValueFault::NotATelephone => ("telephone", 0, String::new()),
            ValueFault::NotACreditCode(Some(due)) => ("credit-check", 0, due.to_string()),
            ValueFault::NotACreditCode(None) => ("credit-code", 0, String::new()),
        };
        let why = locale.fill(&format!("form.value.{key}"), &[("n", &n.to_string()), ("what", &what)]);
        let places = [("form", form.name.as_str()), ("label", &field.label), ("id", &field.id), ("why", &why)];
        self.usage("form.bad-value", &places)
    }
}

impl Session {
    /// Fills a form with what is stored and what was typed; masked, as it is shown.
    pub fn fill_form(&self, order: &FormOrder, masked: bool) -> Result<FilledForm, Failure> {
        let office = &self.office;
        let form = office.form(&order.form)?;
        if form.layout.about != order.thing.about() {
            let about = office.locale().form_about(form.layout.about);
            return Err(office.usage("form.other-thing", &[("form", &form.name), ("about", about)]));
        }
        let typed = office.form_values(&form, &order.values)?;
        let mut values = self.values_of(&form, &order.thing, typed)?;
        let missing: Vec<FormField> = form.missing(&values).cloned().collect();
        if masked {
            mask(&form, &mut values);
        }
        let filled = form.fill(&values).map_err(|fault| self.form_fault(&form, &fault))?;
        Ok(FilledForm { form, filled, missing, values })
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
        reason: Option<&str>,
    ) -> Result<FilledForm, Failure> {
        let office = &self.office;
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
        if !is_masked && form.is_personal() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let places =
                [("form", form.name.as_str()), ("file", &text::visible(&name)), ("reason", reason.unwrap_or_default())];
            let why = office
                .report_locale()
                .fill(if reason.is_some() { "form.unmasked-why" } else { "form.unmasked" }, &places);
            self.unmask(&order.thing.object(), &why)?;
        }
        staged.commit().map_err(refused)?;
        Ok(filled)
    }

    /// Notes that a form is about to be shown whole.
    pub fn unmask_form(&self, thing: &FormThing, reason: &str) -> Result<(), Failure> {
        self.unmask(&thing.object(), reason)
    }
}

/// Masks what a form is filled with as lists show it.
fn mask(form: &Form, values: &mut FormValues) {
    let masked = |name: &str, value: &str| match (form.field(name), Field::read(name)) {
        (Some(field), _) => field.masked(value),
        (None, Some(field)) => field.masked(value),
        (None, None) if name == "new-value" => text::masked_number(value),
        _ => text::masked_sentence(value),
    };
    for (name, value) in &mut values.values {
        *value = masked(name, value);
    }
    for record in values.lists.values_mut().flatten() {
        for (name, value) in record.iter_mut() {
            *value = masked(name, value);
        }
    }
}
