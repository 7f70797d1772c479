//! Forms: which there are for a thing, one as it is filled, and a template of the user's own.

use std::path::Path;

use super::line;
use crate::app::ledger::paper::{FormAsk, PaperField, PaperLine, PaperMark, PaperPage};
use crate::domain::form::{Form, FormField};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::event::Thing;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FilledForm, FormOrder, FormThing, Office, Session, TemplateOrder};
use crate::tui::cells;
use crate::words::Locale;

/// So wide the names of forms are in a list.
const NAME: usize = 32;

/// So wide a clause is, and whether something is missing.
const CLAUSE: usize = 6;
const STATE: usize = 9;

/// Gives what a form is filled for: a thing, and the cases that stand on it beside that one.
pub(super) fn thing_of(of: &Thing, also: &[CaseId]) -> FormThing {
    match of {
        Thing::Institution(prefix) => FormThing::Institution(prefix.clone()),
        Thing::Batch(batch) => FormThing::Batch(*batch),
        Thing::Case(case) => FormThing::Cases([&[*case], also].concat()),
    }
}

/// Names what a form is filled for.
fn named_thing(of: &Thing, also: &[CaseId], locale: &Locale) -> String {
    if also.is_empty() {
        return locale.thing(of);
    }
    let more: Vec<String> = also.iter().map(ToString::to_string).collect();
    let more = more.join(locale.text("finding.comma"));
    locale.fill("papers.with-cases", &[("first", &locale.thing(of)), ("more", &more)])
}

pub(super) fn order_of(ask: &FormAsk, values: Vec<(String, String)>) -> FormOrder {
    FormOrder { form: ask.form.clone(), thing: thing_of(&ask.of, &ask.also), values, blanks: true }
}

/// Lists the forms for a thing and for the institution that it is of; without a thing those for every institution.
pub(super) fn list(session: &Session, of: Option<&Thing>, also: &[CaseId]) -> Result<PaperPage, Failure> {
    let (office, locale) = (session.office(), session.office().locale());
    let registry = session.registry()?;
    let in_force = || registry.institutions().filter(|one| one.retired.is_none());
    let mut lines = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    match of {
        Some(of) => {
            let profile = session.fact_sheet(of)?.profile.map(|profile| profile.id.clone()).unwrap_or_default();
            for form in office.forms(Some(of.kind()), Some(&profile)) {
                let (line, prefix) = form_line(session, &form, (of, also));
                // Of what is in time nothing is to be explained.
                if form.layout.late && line.mark == PaperMark::Wrong {
                    continue;
                }
                lines.push(line);
                prefixes.extend(prefix.filter(|prefix| prefixes.is_empty() && !prefix.is_empty()));
            }
        }
        None => prefixes.extend(in_force().map(|one| one.prefix.clone())),
    }
    // Whose batch or case it is.
    let is_itself = matches!(of, Some(Thing::Institution(_)));
    for one in in_force().filter(|one| !is_itself && prefixes.contains(&one.prefix)) {
        let thing = Thing::Institution(one.prefix.clone());
        let forms = office.forms(Some(thing.kind()), Some(&one.profile));
        lines.extend(forms.iter().map(|form| form_line(session, form, (&thing, &[])).0));
    }
    let head = if lines.is_empty() { vec![locale.text("papers.no-form").to_string()] } else { Vec::new() };
    let title = of.map_or_else(|| locale.text("ui.place.institutions").to_string(), |of| named_thing(of, also, locale));
    Ok(PaperPage { title, head, lines, ..PaperPage::default() })
}

/// Names a form, its clause and what it is filled for, and says what is missing, or why it cannot be filled; gives the prefix of
/// the institution as well.
fn form_line(session: &Session, form: &Form, (thing, also): (&Thing, &[CaseId])) -> (PaperLine, Option<String>) {
    let locale = session.office().locale();
    let order = FormOrder { form: form.id.clone(), thing: thing_of(thing, also), values: Vec::new(), blanks: true };
    // Nothing of what it is filled with is shown here.
    let filled = session.fill_form(&order, false);
    let prefix = filled.as_ref().ok().map(|filled| filled.values.value("prefix").to_string());
    let (state, mark) = match filled {
        Ok(filled) if filled.missing.is_empty() => (locale.text("papers.ready").to_string(), PaperMark::Done),
        Ok(filled) => {
            let n = filled.missing.len().to_string();
            (locale.fill("papers.missing", &[("n", &n)]), PaperMark::Lacking)
        }
        Err(failure) => (failure.message, PaperMark::Wrong),
    };
    // A sentence stands last: where it is cut it is told in full below the list.
    let thing_told = named_thing(thing, also, locale);
    let rest = match mark {
        PaperMark::Wrong => format!("{thing_told}  {state}"),
        _ => format!("{} {thing_told}", cells::fit(&state, STATE)),
    };
    let name = cells::fit(&text::visible(&form.name), NAME);
    let told = format!("{name} {} {rest}", cells::fit(&text::visible(&form.clause), CLAUSE));
    (PaperLine { name: form.id.clone(), of: Some(thing.clone()), ..line(told, mark) }, prefix)
}

/// Fills a form and draws it.
pub(super) fn filled(session: &Session, ask: &FormAsk) -> Result<PaperPage, Failure> {
    let (office, locale) = (session.office(), session.office().locale());
    let filled = session.fill_form(&order_of(ask, Vec::new()), ask.why.is_none())?;
    let asked = filled.missing.iter().chain(&filled.open);
    let missing: Vec<PaperField> = asked.map(|field| field_of(office, &filled, field)).collect();
    let mut head = Vec::new();
    if !filled.missing.is_empty() {
        let labels: Vec<String> = filled.missing.iter().map(named).collect();
        head.push(locale.fill("form.lacks", &[("fields", &labels.join(locale.text("finding.comma")))]));
    }
    let layout = &filled.form.layout;
    let mut told = Vec::new();
    if 1 < layout.copies {
        told.push(locale.fill("papers.copies", &[("n", &layout.copies.to_string())]));
    }
    let to = filled.values.value("addressee");
    if !to.is_empty() {
        let places = [("to", &*text::visible(to)), ("phone", &text::visible(filled.values.value("addressee-phone")))];
        told.push(locale.fill("papers.addressee", &places));
    }
    if ask.why.is_none() && filled.form.is_personal() {
        told.push(locale.text("papers.masked").to_string());
    }
    if !told.is_empty() {
        head.push(told.join(locale.text("finding.semicolon")));
    }
    if !filled.notes.is_empty() {
        head.push(filled.notes.join(locale.text("finding.semicolon")));
    }
    let drawn = filled.filled.drawn(ask.columns).into_iter();
    let lines = drawn.map(|text| line(text, PaperMark::Plain)).collect();
    let title = format!("{}  {}  {}", filled.form.name, filled.form.clause, named_thing(&ask.of, &ask.also, locale));
    let file = file_of(&filled, (&ask.of, &ask.also));
    Ok(PaperPage { title: text::visible(&title).into_owned(), head, lines, missing, is_masked: layout.masked, file })
}

/// Proposes what the file of a form is called: the form and the thing.
fn file_of(filled: &FilledForm, (of, also): (&Thing, &[CaseId])) -> String {
    let of = match (of, also.last()) {
        (Thing::Institution(prefix), _) => prefix.clone(),
        (Thing::Batch(batch), _) => batch.to_string(),
        (Thing::Case(case), None) => case.to_string(),
        (Thing::Case(case), Some(last)) => format!("{case}-{last}"),
    };
    let name: String = filled.form.name.chars().map(|c| if c == '/' || c == '\\' { '-' } else { c }).collect();
    format!("{name}-{of}.xlsx")
}

/// Names a field, with its clause where the notice asks for it.
fn named(field: &FormField) -> String {
    let label = text::visible(&field.label);
    if field.clause.is_empty() { label.into_owned() } else { format!("{label} {}", text::visible(&field.clause)) }
}

fn field_of(office: &Office, filled: &FilledForm, field: &FormField) -> PaperField {
    let def = office.fact_of_field(&filled.form, field);
    let choices = office.locale().fact_choices_told(&def, "/");
    let label = if choices.is_empty() { named(field) } else { format!("{} ({choices})", named(field)) };
    PaperField { id: field.id.clone(), label, is_strict: field.strict }
}

/// Shows which columns of a template the batch fills.
pub(super) fn template(session: &Session, batch: BatchId, template: &Path) -> Result<PaperPage, Failure> {
    let locale = session.office().locale();
    let order = TemplateOrder {
        batch,
        template,
        sheet: None,
        target: template,
        overwrite: false,
        takes_new: false,
        share: None,
    };
    let found = session.template_columns(&order)?;
    let wide = found.columns.iter().map(|(label, _)| cells::width(&text::visible(label))).max().unwrap_or_default();
    let lines = found.columns.iter().map(|(label, field)| {
        let (told, mark) = match field {
            Some(field) => (locale.field_name(*field), PaperMark::Done),
            None => (locale.text("papers.not-filled").to_string(), PaperMark::Lacking),
        };
        line(format!("{}  {told}", cells::fit(&text::visible(label), wide)), mark)
    });
    let lines: Vec<PaperLine> = lines.collect();
    let n = found.rows.to_string();
    let mut head = vec![locale.fill("papers.template", &[("n", &n), ("sheet", &text::visible(&found.sheet))])];
    head.extend(found.differs.map(|failure| failure.message));
    let name = template.file_stem().unwrap_or_default().to_string_lossy();
    let title = format!("{}  {}", text::visible(&name), locale.thing(&Thing::Batch(batch)));
    let file = format!("{name}-{batch}.xlsx");
    Ok(PaperPage { title, head, lines, file, ..PaperPage::default() })
}
