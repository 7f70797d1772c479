//! What is known of a thing that a form is filled for: its own record, its rows, and what stands beside them.

use chrono::NaiveDate;

use super::{FormThing, Purpose, RosterReading, Session};
use crate::domain::batch::Batch;
use crate::domain::date;
use crate::domain::due;
use crate::domain::fact::{FactValues, ThingKind};
use crate::domain::form::{Form, FormRecord, FormValues};
use crate::domain::ledger::case::{CaseId, CaseKind, CaseRequest, CaseState, StoredCase, may_export};
use crate::domain::ledger::event::Thing;
use crate::domain::ledger::stock::BlankKind;
use crate::domain::ledger::{BatchId, Status};
use crate::domain::level::{self, Level, LevelForm};
use crate::domain::profile::Profile;
use crate::domain::registry::Institution;
use crate::domain::roster::RowId;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::upload::{correction_row, of};
use crate::failure::{Failure, FailureKind};
use crate::words::{Lang, Locale};

/// The type of the resident ID card (居民身份证).
const RESIDENT: &str = "201";

/// How a level is written on forms: with its grade.
fn grade(level: Level) -> String {
    level.written(LevelForm::Grade)
}

fn written_day(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// Puts a value that is there; one that is not leaves the place to what is known beside it.
fn put(record: &mut FormRecord, name: &'static str, value: impl Into<String>) {
    let value = value.into();
    if !value.is_empty() {
        record.insert(name, value);
    }
}

/// Puts what a form says of a person, of the columns of a record.
fn put_cell(record: &mut FormRecord, field: Field, value: &str) {
    if field == Field::Level
        && let Some(level) = level::read(value).level()
    {
        put(record, "level-print", format!("{}/{}", grade(level), level.written(LevelForm::Title)));
        return put(record, "level", grade(level));
    }
    put(record, field.key(), value);
}

/// Tells the sex that a resident number says.
fn sex_of(number: &str) -> &'static str {
    match number.as_bytes() {
        [digits @ .., _] if digits.len() == 17 && digits.iter().all(u8::is_ascii_digit) => {
            if digits[16] % 2 == 1 {
                "男"
            } else {
                "女"
            }
        }
        _ => "",
    }
}

impl Session {
    /// Gathers what a form is filled with besides its fields, and the things it is about, its own first.
    pub(super) fn values_of(
        &self,
        form: &Form,
        thing: &FormThing,
        typed: &FactValues,
    ) -> Result<(FormValues, Vec<Thing>), Failure> {
        let mut values = FormValues::default();
        values.put("today", written_day(self.office.today()?));
        self.put_addressee(form, &mut values);
        let own = match thing {
            FormThing::Institution(prefix) => {
                self.put_institution_form(form, prefix, typed, &mut values)?;
                Thing::Institution(prefix.clone())
            }
            FormThing::Batch(batch) => {
                self.put_batch(form, *batch, &mut values)?;
                Thing::Batch(*batch)
            }
            FormThing::Cases(cases) => {
                self.put_cases(form, cases, &mut values)?;
                Thing::Case(cases.first().copied().unwrap_or(CaseId(0)))
            }
        };
        let is_institution = own.kind() == ThingKind::Institution;
        let mut things = vec![own];
        let prefix = values.value("prefix").to_string();
        if !is_institution && self.registry()?.get(&prefix).is_some() {
            things.push(Thing::Institution(prefix));
        }
        Ok((values, things))
    }

    /// Puts whom the form is sent to, as the table of contacts has it.
    fn put_addressee(&self, form: &Form, values: &mut FormValues) {
        let Some(wanted) = &form.layout.addressee else { return };
        let printed = self.office.catalogue().contacts();
        let is_it = |about: &str| wanted.about.is_empty() || about == wanted.about;
        let found = printed.iter().find(|one| one.clause == wanted.clause && is_it(&one.about));
        // The user's own stand in the place of the printed ones of their province.
        let place = || {
            let all = crate::data::Catalogue::built_in().contacts();
            all.into_iter().find(|one| one.clause == wanted.clause).map(|one| one.place)
        };
        let found = found.or_else(|| {
            let place = place()?;
            printed
                .iter()
                .find(|one| one.place == place && is_it(&one.about))
                .or_else(|| printed.iter().find(|one| one.place == place))
        });
        let Some(contact) = found else { return };
        values.put("addressee", format!("{}{}", contact.place, contact.office));
        values.put("addressee-phone", contact.phone.as_str());
        // A line may hold an electronic address as well.
        let is_postal = |part: &&str| !part.contains('@');
        values.put("addressee-address", contact.address.split('；').find(is_postal).unwrap_or_default());
    }

    fn put_institution(&self, prefix: &str, values: &mut FormValues) -> Result<Option<Institution>, Failure> {
        let registry = self.registry()?;
        values.put("prefix", prefix);
        let Some(found) = registry.get(prefix) else { return Ok(None) };
        values.put("institution", found.name());
        values.put("filed-on", found.filed_on.map(written_day).unwrap_or_default());
        Ok(Some(found.clone()))
    }

    fn must_be_of(&self, form: &Form, profile: &str) -> Result<(), Failure> {
        let wanted = &form.layout.profile;
        if wanted.is_empty() || wanted == profile {
            return Ok(());
        }
        let office = &self.office;
        let named = |id: &str| office.name_of_profile(id).unwrap_or_else(|| id.to_string());
        let places = [("form", form.name.as_str()), ("wanted", &named(wanted)), ("profile", &named(profile))];
        Err(office.usage("form.other-profile", &places))
    }

    fn put_profile(&self, id: &str, values: &mut FormValues) {
        if let Some(profile) = self.office.catalogue().profile(id) {
            values.put("profile", profile.name.as_str());
            values.put("document", profile.document.as_str());
        }
    }

    fn put_institution_form(
        &self,
        form: &Form,
        prefix: &str,
        typed: &FactValues,
        values: &mut FormValues,
    ) -> Result<(), Failure> {
        let Some(institution) = self.put_institution(prefix, values)? else {
            return Err(self.office.unknown_institution(prefix, &self.registry()?));
        };
        self.must_be_of(form, &institution.profile)?;
        self.put_profile(&institution.profile, values);
        values.put("kind", institution.kind.as_str());
        let went_into = self.registry()?.predecessors(prefix).map(|one| one.prefix.clone()).collect::<Vec<_>>();
        values.put("predecessors", went_into.join("、"));
        let scope = institution.scope.iter().map(|item| {
            let mut record = FormRecord::new();
            put(&mut record, "occupation", item.occupation.as_str());
            put(&mut record, "occupation-code", item.occupation_code.as_str());
            put(&mut record, "work-type", item.work_type.as_str());
            put(&mut record, "levels", item.levels.iter().map(|level| grade(*level)).collect::<Vec<_>>().join("、"));
            put(&mut record, "standard", item.standard.as_str());
            record
        });
        values.lists.insert("scope", scope.collect());
        let seals = institution.seals.iter().map(|seal| {
            let mut record = FormRecord::new();
            put(&mut record, "seal", seal.name.as_str());
            put(&mut record, "seal-from", seal.from.map(written_day).unwrap_or_default());
            put(&mut record, "seal-electronic", seal.electronic_from.map(written_day).unwrap_or_default());
            record
        });
        values.lists.insert("seals", seals.collect());
        // What was noted for the year, or else for the latest there is.
        if form.field("passes-5").is_some() {
            let year = typed.get("demand-year").and_then(|year| year.parse().ok());
            let asked = year.map_or_else(|| self.office.today().map(|day| chrono::Datelike::year(&day)), Ok)?;
            let years = if year.is_some() { vec![asked] } else { vec![asked + 1, asked] };
            for year in years {
                // The annex is about ordinary blanks.
                let noted = self.office.demands(year, BlankKind::Ordinary)?.noted;
                if let Some((found, _)) = noted.iter().find(|(one, _)| one.told.institution == prefix) {
                    values.put("demand-year", year.to_string());
                    for (level, passes) in (1..=5).rev().zip(found.told.estimates) {
                        values.put(&format!("passes-{level}"), passes.to_string());
                    }
                    break;
                }
            }
        }
        Ok(())
    }

    fn put_batch(&self, form: &Form, id: BatchId, values: &mut FormValues) -> Result<(), Failure> {
        let stored = self.batch(id)?;
        self.must_be_of(form, &stored.profile)?;
        let batch = self.reopen(&stored, &RosterReading::default(), Purpose::Look, &mut |_| ())?;
        self.office.is_settled(&batch)?;
        values.put("batch", id.to_string());
        values.put("file", stored.origin.file.as_str());
        values.put("rows", batch.roster().count_left().to_string());
        self.put_profile(&stored.profile, values);
        let first = of(&batch).row_ids().next();
        let cell = |field: Field| first.map_or("", |row| batch.roster().cell(row, field));
        values.put("institution", cell(batch.context().sheet().institution_field()));
        if let Some(prefix) = cell(Field::Code).get(..13)
            && let Some(found) = self.put_institution(prefix, values)?
            && form.field("organiser").is_some_and(|field| field.optional)
        {
            // Who hands certificates out is the institution, where nobody else is noted.
            values.put("organiser", found.name());
        }
        values.lists.insert("rows", of(&batch).row_ids().map(|row| record_of(&batch, row)).collect());
        let coded = of(&batch).row_ids().filter(|row| batch.kind_of(*row).has_code());
        values.lists.insert("coded-rows", coded.map(|row| record_of(&batch, row)).collect());
        let others = batch.roster().left().filter(|row| !batch.kind_of(*row).has_code());
        values.lists.insert("other-rows", others.map(|row| other_record_of(&batch, row)).collect());
        // Who has organised a contest hands its certificates out, and else who has assessed.
        let kept = self.with(|store| store.facts(&Thing::Batch(id)))?;
        let organiser = kept.get("organiser").map_or_else(|| values.value("institution"), String::as_str).to_string();
        values.put("handed-out-by", organiser);
        self.put_lateness(form, id, batch.context().profile(), values)
    }

    /// Puts what of a batch is late; a form that is about that is none of a batch of which nothing is.
    fn put_lateness(
        &self,
        form: &Form,
        id: BatchId,
        profile: &Profile,
        values: &mut FormValues,
    ) -> Result<(), Failure> {
        let today = self.office.today()?;
        let known = self.ledger()?.known_batch(id)?;
        let Some(found) = known.batches.first() else { return Ok(()) };
        let Some(late) =
            due::late((&Thing::Batch(id), &found.file, &found.groups), profile, &self.office.calendar(), today)
        else {
            return if form.layout.late { Err(self.not_late(id)?) } else { Ok(()) };
        };
        let locale = Locale::load(Lang::Zh);
        values.put("late-count", late.count.to_string());
        values.put("late-issued", written_day(late.issued));
        values.put("late-due", written_day(late.end.due));
        values.put("late-handed-in", late.handed_in.map(written_day).unwrap_or_default());
        values.put("late-days", (late.handed_in.unwrap_or(today) - late.end.due).num_days().to_string());
        values.put("late-clause", late.deadline.clause.as_str());
        values.put("late-length", locale.deadline_length(late.deadline));
        if let Some(prefix) = late.prefixes.first() {
            self.put_institution(prefix, values)?;
        }
        Ok(())
    }

    /// Tells that nothing of a batch is late, and when it was handed in.
    fn not_late(&self, id: BatchId) -> Result<Failure, Failure> {
        let locale = self.office.locale();
        let handed = self.with(|store| store.handed_in(id))?;
        let day = handed.iter().find(|one| one.noted.status == Status::Submitted).map(|one| one.noted.on.to_string());
        let key = if day.is_some() { "due.not-late-handed-in" } else { "due.not-late" };
        let places = [("thing", &*locale.thing(&Thing::Batch(id))), ("day", &day.unwrap_or_default())];
        Ok(Failure::new(FailureKind::Rule, locale.fill(key, &places), ""))
    }

    fn put_cases(&self, form: &Form, ids: &[CaseId], values: &mut FormValues) -> Result<(), Failure> {
        let locale = Locale::load(Lang::Zh);
        let cases = ids.iter().map(|id| self.case(*id)).collect::<Result<Vec<StoredCase>, Failure>>()?;
        let Some(first) = cases.first() else { return Err(self.office.usage("case.none", &[])) };
        for (at, stored) in cases.iter().enumerate() {
            self.must_be_of(form, &stored.profile)?;
            self.may_be_on(form, stored)?;
            let is_apart = stored.case.code.as_str().get(..13) != first.case.code.as_str().get(..13);
            if is_apart || stored.profile != first.profile {
                let places = [("first", &*first.case.id.to_string()), ("other", &*stored.case.id.to_string())];
                return Err(self.office.usage("form.other-institution", &places));
            }
            if cases[..at].iter().any(|earlier| earlier.case.id == stored.case.id) {
                return Err(self.office.usage("case.twice", &[("id", &stored.case.id.to_string())]));
            }
        }
        let profile = self.office.profile(&first.profile)?;
        self.put_profile(&first.profile, values);
        let snapshot = &first.case.snapshot;
        values.put(
            "institution",
            if snapshot.institution.is_empty() { &*snapshot.issuing_body } else { &*snapshot.institution },
        );
        self.put_institution(first.case.code.as_str().get(..13).unwrap_or_default(), values)?;
        let mut own = record_of_case(&first.case.snapshot, first);
        if let Some(code) = own.get("id-type").cloned() {
            // A person reads the name of the paper, not its number.
            let tables = self.office.catalogue().tables();
            let named = tables.id_types.all().iter().find(|one| one.code == code).map(|one| one.name.clone());
            own.extend(named.map(|name| ("id-type", name)));
        }
        own.remove("institution");
        if own.get("work-type").is_none_or(String::is_empty) {
            put(&mut own, "work-type", profile.empty_work_type.text.as_str());
        }
        for (name, value) in own {
            values.put(name, value);
        }
        self.put_request(first, &profile, values);
        if form.lists("changes") {
            let mut changes = Vec::new();
            for stored in &cases {
                for value in stored.case.application.request.values() {
                    let mut record = record_of_case(&stored.case.snapshot, stored);
                    put(&mut record, "item", locale.case_item(value.item));
                    put(&mut record, "new-value", value.to.as_str());
                    put(&mut record, "attachment", form.papers_of(value.item.key()));
                    let kept = self.with(|store| store.facts(&Thing::Case(stored.case.id)))?;
                    put(&mut record, "evaluation-batch", kept.get("evaluation-batch").map_or("", String::as_str));
                    changes.push(record);
                }
            }
            values.lists.insert("changes", changes);
        }
        if form.lists("corrections") {
            let context = self.context_of(&first.profile)?;
            let sheet = self.office.sheet(&form.id).ok_or_else(|| super::bug("no columns"))?;
            let corrected = cases.iter().map(|stored| {
                let row = correction_row(&stored.case, &sheet, &context);
                let mut record = FormRecord::new();
                for (column, cell) in sheet.columns.iter().zip(row) {
                    put(&mut record, column.field.key(), cell);
                }
                record
            });
            values.lists.insert("corrections", corrected.collect());
        }
        Ok(())
    }

    /// Puts what a case asks for, and until when.
    fn put_request(&self, stored: &StoredCase, profile: &Profile, values: &mut FormValues) {
        let (case, locale) = (&stored.case, Locale::load(Lang::Zh));
        let application = &case.application;
        values.put("case", case.id.to_string());
        values.put("reason", application.reason.as_str());
        values.put("received", written_day(application.applied_on));
        if let CaseRequest::Reissue { cause, papers, .. } = &application.request {
            values.put("cause", cause.key());
            values.put("cause-told", locale.case_cause(*cause));
            values.put("papers", papers.join("、"));
        }
        if let Some(approval) = &case.approval {
            values.put("reference", approval.reference.as_str());
            values.put("approved-on", written_day(approval.on));
        }
        let is_of_it = |deadline: &&crate::domain::profile::Deadline| {
            deadline.from == "received" && deadline.of_case == case.kind().key()
        };
        let deadline = profile.deadlines.iter().find(is_of_it);
        if let Some(end) = deadline.and_then(|d| d.due(application.applied_on, &self.office.calendar())) {
            values.put("due", written_day(end.due));
        }
    }

    /// Refuses a case that the form is not for: one of another kind, one that was refused, one of a record that is not online.
    fn may_be_on(&self, form: &Form, stored: &StoredCase) -> Result<(), Failure> {
        let (office, case) = (&self.office, &stored.case);
        let wanted = CaseKind::read(&form.layout.case);
        if let Some(kind) = wanted.filter(|kind| *kind != case.kind()) {
            let places = [
                ("form", form.name.as_str()),
                ("id", &*case.id.to_string()),
                ("wanted", office.locale().case_kind(kind)),
                ("kind", office.locale().case_kind(case.kind())),
            ];
            return Err(office.usage("form.other-case", &places));
        }
        if form.layout.online {
            let (certificate, _) = self.with(|store| store.certificate_with_profile(case.code))?;
            let sheet = office.sheet(&form.id);
            let profile = office.profile(&stored.profile)?;
            may_export(case, certificate.status, sheet.as_deref(), &profile)
                .map_err(|refusal| super::CaseRefused::Rule(refusal).failure(office))?;
        }
        if case.state == CaseState::Refused {
            let places = [("form", form.name.as_str()), ("id", &*case.id.to_string())];
            return Err(Failure::new(FailureKind::Rule, office.locale().fill("form.refused-case", &places), ""));
        }
        Ok(())
    }
}

/// Gives a row of a batch as forms have it.
fn record_of(batch: &Batch, row: RowId) -> FormRecord {
    let mut record = FormRecord::new();
    for field in Field::ALL {
        let cell = batch.roster().cell(row, field);
        match field {
            Field::IssueDate => put(
                &mut record,
                field.key(),
                date::read(cell).day().map_or_else(|| cell.to_string(), |day| day.to_string()),
            ),
            Field::Sex if cell.is_empty() => put(&mut record, "sex", sex_of(batch.roster().cell(row, Field::IdNumber))),
            _ => put_cell(&mut record, field, cell),
        }
    }
    // Of whoever has a resident number it is known which paper that is of.
    let is_resident = text::looks_like_id(batch.roster().cell(row, Field::IdNumber));
    if is_resident {
        record.entry("id-type").or_insert_with(|| RESIDENT.to_string());
    }
    let no_work_type = &batch.context().profile().empty_work_type.text;
    record.entry("work-type").or_insert_with(|| no_work_type.clone());
    record
}

/// Gives the record of a row for a certificate without a code: with its kind, and its number as it stands.
fn other_record_of(batch: &Batch, row: RowId) -> FormRecord {
    let mut record = record_of(batch, row);
    put(&mut record, "certificate-kind", Locale::load(Lang::Zh).fact_choice(batch.kind_of(row).key()));
    record
}

/// Gives the record that a case is about, as it was when the case was opened.
fn record_of_case(holder: &crate::domain::ledger::Holder, stored: &StoredCase) -> FormRecord {
    let mut record = FormRecord::new();
    for field in crate::domain::ledger::Holder::fields() {
        put_cell(&mut record, field, holder.cell(field).unwrap_or_default());
    }
    put(&mut record, "code", stored.case.code.as_str());
    record
}
