//! The proof of a certificate (校样): what will stand on it, as a page and as a sheet in the sizes of the notice, with what only eyes
//! can check.

use std::path::Path;
use std::sync::Arc;

use super::export::now;
use super::print_data::Wanted;
use super::{PrintOf, Session};
use crate::domain::batch::Batch;
use crate::domain::code::CertCode;
use crate::domain::form::{Filled, Form, FormFault, FormRecord, FormValues};
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::printed::Medium;
use crate::domain::ledger::share::{Share, ShareId};
use crate::domain::ledger::{BatchId, Holder};
use crate::domain::print::{Laid, PrintColumn};
use crate::domain::profile::{PrintItem, Profile};
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{StagedFile, WriteError};
use crate::formats::write_form::{FormFile, write_form};
use crate::words::{Lang, Locale};

/// The form of a proof where the profile names none.
const PLAIN: &str = "proof-plain";

/// The certificate that is proved.
#[derive(Debug, Clone, Copy)]
pub enum ProofOf<'a> {
    Code(CertCode),
    /// A row of a roster, and the batch of the store that it is.
    Row(Option<BatchId>, &'a Batch, RowId),
    /// What a row says, under a profile.
    Holder(CertCode, &'a Holder, (Option<BatchId>, &'a str)),
}

/// A proof.
#[derive(Debug)]
pub struct FilledProof {
    pub form: Arc<Form>,
    pub filled: Filled,
    /// The texts by their columns, as they are shown.
    pub texts: Vec<(PrintColumn, String)>,
    /// What is to be looked at, each with its clause; what cannot be printed first.
    pub looks: Vec<(String, String)>,
    code: CertCode,
}

impl Session {
    /// Fills the proof of a certificate; masked, as it is shown.
    pub fn proof(&self, of: &ProofOf<'_>, masked: bool, locale: &Locale) -> Result<FilledProof, Failure> {
        let office = &self.office;
        office.must_know_places()?;
        let (one, batch) = self.proved(of)?;
        let wanted = [one];
        let printers = self.printers_or_unsure(&wanted, batch)?;
        let tables = office.tables(self.registry()?);
        let [one] = &wanted;
        let laid = office.lay_one(one, (&printers, &tables.id_types), Medium::Paper);
        let mut line = laid.line.clone();
        let blank = one.state.as_ref().and_then(|state| state.blank);
        line.put(PrintColumn::Blank, blank.map(|number| number.to_string()).unwrap_or_default());
        let texts =
            line.texts().map(|(column, text)| (column, if masked { shown(column, text) } else { text.to_string() }));
        let texts: Vec<(PrintColumn, String)> = texts.collect();
        let mut values = FormValues::default();
        for (column, text) in &texts {
            values.put(column.key(), text.as_str());
        }
        put_beside(&mut values, &one.profile, &texts, locale);
        let looks = looks_of(one, &laid, locale);
        let record = |(look, clause): &(String, String)| {
            let record: FormRecord = [("look", look.clone()), ("clause", clause.clone())].into_iter().collect();
            record
        };
        values.lists.insert("looks", looks.iter().map(record).collect());
        let id = one.profile.certificate.proof.as_str();
        let catalogue = office.catalogue();
        let form = catalogue.form(id).or_else(|| catalogue.form(PLAIN)).filter(|form| form.layout.proof).cloned();
        let form = form.ok_or_else(|| office.usage("print.no-proof", &[("form", &text::visible(id))]))?;
        let filled = form.fill(&values).map_err(|FormFault::TooLong { label, most, found, .. }| {
            let column =
                PrintColumn::read(&label).map_or(label.as_str(), |column| office.locale().print_column(column));
            let places = [
                ("form", form.name.as_str()),
                ("label", column),
                ("most", &most.to_string()),
                ("found", &found.to_string()),
            ];
            let hint = office.locale().text("form.too-long-hint");
            Failure::new(FailureKind::Rule, office.locale().fill("form.too-long", &places), hint)
        })?;
        Ok(FilledProof { form, filled, texts, looks, code: one.code })
    }

    /// Notes that a proof is about to be shown whole.
    pub fn unmask_proof(&self, proof: &FilledProof, reason: &str) -> Result<(), Failure> {
        self.unmask(&UnmaskedObject::Certificate(proof.code), reason)
    }

    /// Writes the proof as a sheet; masked where nobody says why it should not be.
    pub fn write_proof(
        &self,
        of: &ProofOf<'_>,
        (path, overwrite): (&Path, bool),
        (reason, share): (Option<&str>, Option<ShareId>),
    ) -> Result<(FilledProof, Option<Share>), Failure> {
        let office = &self.office;
        self.may_hand_out(share)?;
        let proof = self.proof(of, reason.is_none(), &office.report_locale())?;
        let failed = |e: WriteError| office.locale().write_failure(&e);
        office.spare_state(path).map_err(failed)?;
        let form = &proof.form;
        let file = FormFile { name: &form.name, layout: &form.layout, filled: &proof.filled, created: now() };
        let mut staged = StagedFile::new(path, overwrite, None).map_err(failed)?;
        staged.write(|out| write_form(out, path, &file)).map_err(failed)?;
        if let Some(reason) = reason {
            self.unmask_proof(&proof, reason)?;
        }
        staged.commit().map_err(failed)?;
        let holds = office.report_locale().fill("print.proof-holds", &[("code", proof.code.as_str())]);
        let share = reason.map(|reason| self.note_handed_out(path, (&holds, reason), share)).transpose()?;
        Ok((proof, share))
    }

    /// Finds the certificate that is proved, whatever stands against printing it.
    fn proved(&self, of: &ProofOf<'_>) -> Result<(Wanted, Option<BatchId>), Failure> {
        let office = &self.office;
        match *of {
            ProofOf::Code(code) => {
                let (mut all, left_out) = self.wanted(&PrintOf::Codes(&[code]), Medium::Paper)?;
                let one = all.pop().ok_or_else(|| {
                    let status = left_out.first().and_then(|one| one.status);
                    let told = office.locale().not_printed(code.as_str(), status);
                    let told = office.locale().fill("print.nothing", &[("why", &told)]);
                    Failure::new(FailureKind::Rule, told, "")
                })?;
                Ok((one, None))
            }
            ProofOf::Row(batch, roster, row) => {
                let place = office.locale().row_named(roster.roster(), row);
                let code = CertCode::new(roster.roster().cell(row, Field::Code).trim()).ok_or_else(|| {
                    let told = office.locale().not_printed(&place, None);
                    Failure::new(FailureKind::Rule, office.locale().fill("print.nothing", &[("why", &told)]), "")
                })?;
                let mut state = self.with(|store| store.print_states(&[code], Medium::Paper))?;
                let mut holder = crate::domain::numbering::holder(roster, row);
                let state = state.remove(&code);
                if let Some(known) = state.as_ref().filter(|state| !state.certificate.status.is_open()) {
                    holder = known.certificate.holder.clone();
                }
                let profile = Arc::clone(roster.context().profile());
                Ok((Wanted { place, code, holder, profile, state }, batch))
            }
            ProofOf::Holder(code, row, (batch, profile)) => {
                let state = self.with(|store| store.print_states(&[code], Medium::Paper))?.remove(&code);
                let known = state.as_ref().filter(|state| !state.certificate.status.is_open());
                let holder = known.map_or(row, |state| &state.certificate.holder).clone();
                let profile = office.profile(profile)?;
                Ok((Wanted { place: code.to_string(), code, holder, profile, state }, batch))
            }
        }
    }
}

/// Puts what is told beside the texts: the seals with their places, and the sizes of the notice.
fn put_beside(values: &mut FormValues, profile: &Profile, texts: &[(PrintColumn, String)], locale: &Locale) {
    let text = |column: PrintColumn| texts.iter().find(|(of, _)| *of == column).map_or("", |(_, text)| text.as_str());
    let seals = [
        (text(PrintColumn::Seal), text(PrintColumn::SealPlace)),
        (text(PrintColumn::SecondSeal), text(PrintColumn::SecondSealPlace)),
    ];
    let told = seals.into_iter().filter(|(seal, _)| !seal.is_empty());
    let told: Vec<String> =
        told.map(|(seal, place)| locale.fill("print.seal", &[("seal", seal), ("place", place)])).collect();
    values.put("seals", told.join(locale.text("print.between")));
    for (name, item) in [("sizes", PrintItem::Sizes), ("font", PrintItem::Font)] {
        let told = profile.print.get(&item).map(|token| format!("{}（{}）", token.text, token.clause));
        values.put(name, told.unwrap_or_default());
    }
    let reissued = values.value("reissued").to_string();
    if !reissued.is_empty() {
        values.put("reissued", locale.fill("print.reissued", &[("day", &reissued)]));
    }
    if values.value("qr").is_empty() {
        values.put("qr", locale.text("print.no-qr"));
    }
}

/// Lists what is to be looked at: what cannot be printed, what deserves a look, where the notice contradicts itself, what only eyes see.
fn looks_of(one: &Wanted, laid: &Laid, locale: &Locale) -> Vec<(String, String)> {
    let zh = locale.lang == Lang::Zh;
    let profile = &one.profile;
    let faults = laid.faults.iter().chain(&laid.notices);
    let told = |fault: &crate::domain::print::PrintFault| {
        let bare = crate::domain::print::PrintFault { clause: String::new(), ..fault.clone() };
        (locale.print_fault(None, &bare), fault.clause.clone())
    };
    let mut all: Vec<(String, String)> = faults.map(told).collect();
    let style = profile.certificate.style_of(one.code.as_str());
    for clause in style.iter().flat_map(|style| &style.notes) {
        let notes = profile.notes.iter().filter(|note| note.clause == *clause);
        all.extend(notes.map(|note| (if zh { &note.text } else { &note.text_en }.clone(), note.clause.clone())));
    }
    let looks = profile.certificate.looks.iter();
    all.extend(looks.map(|look| (if zh { &look.text } else { &look.text_en }.clone(), look.clause.clone())));
    all
}

/// Gives a text as it is shown: what is somebody's masked.
fn shown(column: PrintColumn, text: &str) -> String {
    match column {
        PrintColumn::Name => Field::Name.masked(text),
        PrintColumn::IdNumber => Field::IdNumber.masked(text),
        PrintColumn::Qr | PrintColumn::Photo => text::masked_sentence(text),
        _ => text.to_string(),
    }
}
