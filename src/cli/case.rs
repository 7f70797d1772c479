//! `skillcert case open | approve | refuse | close | list | show | export`: 更正, 补发, 撤销.

mod export;
mod shape;
mod show;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::Value;

pub use shape::{CaseVerb, read, shape};

use self::shape::{OpenArgs, Wish};
use super::{find_profile, open_store, out, today, usage};
use crate::data;
use crate::domain::code::CertCode;
use crate::domain::ledger::Holder;
use crate::domain::ledger::case::{
    Application, Approval, CaseFilter, CaseId, CaseKind, CaseState, Cause, Item, NewValue, Request, remarks,
};
use crate::domain::rules::{CheckContext, cleaned_code};
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::store::{Store, StoreError};
use crate::words::Locale;

/// The form whose labels name the columns of a record on the command line.
const UPLOAD_FORM: &str = "upload-11";

/// Runs a verb about cases. Exit code 1 when a rule refuses it.
pub fn run(verb: CaseVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let store = open_store(home, "case", locale)?;
    let desk = Desk { store, today: today(None, locale)?, locale };
    match verb {
        CaseVerb::Open(args) => desk.open(*args),
        CaseVerb::Approve { id, reference, on, reason, format } => {
            let on = desk.day(on.as_deref())?;
            let context = desk.context_of(id)?;
            let done = desk.store.approve_case(id, &Approval { reference, on }, &reason, &context);
            desk.moved(id, CaseState::Approved, done, &format)
        }
        CaseVerb::Refuse { id, reason, format } => {
            let done = desk.store.refuse_case(id, &reason);
            desk.moved(id, CaseState::Refused, done, &format)
        }
        CaseVerb::Close { id, withdrawn, reason, format } => {
            let withdrawn = withdrawn.map(|day| desk.day(Some(&day))).transpose()?;
            let context = desk.context_of(id)?;
            let done = desk.store.close_case(id, withdrawn, &reason, &context);
            desk.moved(id, CaseState::Closed, done, &format)
        }
        CaseVerb::List { live, kind, code, format, unmask } => {
            let code = code.map(|code| desk.code(&code)).transpose()?;
            let kind = kind.as_deref().and_then(CaseKind::read);
            if let Some(reason) = &unmask {
                desk.unmask(&code.map_or_else(|| "case".to_string(), |code| format!("certificate:{code}")), reason)?;
            }
            let filter = CaseFilter { live, kind, code, ..CaseFilter::default() };
            let cases = desk.store.cases(&filter).map_err(|e| desk.failed(&e))?;
            match format.as_str() {
                "json" => print_json(&show::list_json(&cases, unmask.is_none()), locale)?,
                _ => print(&show::list(&cases, unmask.is_none(), locale), locale)?,
            }
            Ok(0)
        }
        CaseVerb::Show { id, format, unmask } => {
            if let Some(reason) = &unmask {
                // What is not there is shown to nobody.
                desk.store.case(id).map_err(|e| desk.failed(&e))?;
                desk.unmask(&format!("case:{id}"), reason)?;
            }
            desk.show(id, &format, unmask.is_none()).map(|()| 0)
        }
        CaseVerb::Export(args) => export::run(&desk, &args),
    }
}

/// The open store, the day, and the words.
struct Desk<'a> {
    store: Store,
    today: NaiveDate,
    locale: &'a Locale,
}

impl Desk<'_> {
    fn open(&self, args: OpenArgs) -> Result<u8, Failure> {
        let code = self.code(&args.code)?;
        let (_, profile) = self.store.certificate_with_profile(code).map_err(|e| self.failed(&e))?;
        let context = self.context(&profile)?;
        let applied_on = self.day(args.on.as_deref())?;
        let request = match args.wish {
            Wish::Correct { set, photo } => {
                let mut values = set.iter().map(|pair| self.new_value(pair)).collect::<Result<Vec<_>, _>>()?;
                values.extend(photo.map(|to| NewValue { item: Item::Photo, to }));
                Request::Correct(values)
            }
            Wish::Reissue { cause, issued_on, papers } => {
                let cause = Cause::read(&cause).unwrap_or(Cause::Lost);
                Request::Reissue { on: self.day(issued_on.as_deref())?, cause, papers }
            }
            Wish::Revoke { benefits_cancelled, authority } => {
                let benefits_cancelled_on = benefits_cancelled.map(|day| self.day(Some(&day))).transpose()?;
                Request::Revoke { benefits_cancelled_on, authority }
            }
        };
        let application = Application { request, applied_on, reason: args.reason };
        let id = match self.store.open_case(code, &application, &context) {
            Ok(id) => id,
            Err(e) => return self.refused(e),
        };
        if args.format == "json" {
            return self.show(id, "json", true).map(|()| 0);
        }
        let kind = self.locale.case_kind(application.request.kind());
        let places = [("id", id.to_string()), ("kind", kind.to_string()), ("code", code.to_string())];
        let mut lines = vec![self.locale.fill("case.opened", &places.each_ref().map(|(k, v)| (*k, v.as_str())))];
        lines.extend(remarks(&context.profile(), &application.request).iter().map(|r| self.locale.case_remark(r)));
        print(&lines.join("\n"), self.locale).map(|()| 0)
    }

    fn moved(&self, id: CaseId, to: CaseState, done: Result<(), StoreError>, format: &str) -> Result<u8, Failure> {
        if let Err(e) = done {
            return self.refused(e);
        }
        if format == "json" {
            return self.show(id, "json", true).map(|()| 0);
        }
        let places = [("id", &*id.to_string()), ("state", self.locale.case_state(to))];
        print(&self.locale.fill("case.moved", &places), self.locale).map(|()| 0)
    }

    fn show(&self, id: CaseId, format: &str, masked: bool) -> Result<(), Failure> {
        let stored = self.store.case(id).map_err(|e| self.failed(&e))?;
        let profile = find_profile(&stored.profile, self.locale)?;
        match format {
            "json" => print_json(&show::as_json(&stored, &profile, masked), self.locale),
            _ => print(&show::page(&stored, &profile, masked, self.locale), self.locale),
        }
    }

    /// Tells a refusal of the rules with exit code 1; anything else is a failure.
    fn refused(&self, error: StoreError) -> Result<u8, Failure> {
        match error {
            StoreError::Case(refusal) => {
                let why = self.locale.case_refusal(&refusal);
                out::message(&self.locale.fill("case.refused", &[("why", &why)]));
                Ok(1)
            }
            other => Err(self.failed(&other)),
        }
    }

    /// Notes that personal data is about to be shown whole.
    fn unmask(&self, object: &str, reason: &str) -> Result<(), Failure> {
        self.store.note_unmask(object, reason).map(drop).map_err(|e| self.failed(&e))
    }

    fn failed(&self, error: &StoreError) -> Failure {
        self.locale.store_failure(error)
    }

    fn context_of(&self, id: CaseId) -> Result<CheckContext, Failure> {
        let stored = self.store.case(id).map_err(|e| self.failed(&e))?;
        self.context(&stored.profile)
    }

    fn context(&self, profile: &str) -> Result<CheckContext, Failure> {
        let profile = find_profile(profile, self.locale)?;
        let sheet = data::sheet(profile.upload_sheet()).ok_or_else(|| Failure::new(FailureKind::Bug, "no form", ""))?;
        Ok(CheckContext::new(profile, sheet, Arc::new(data::tables([])), self.today))
    }

    fn code(&self, typed: &str) -> Result<CertCode, Failure> {
        CertCode::new(&cleaned_code(typed)).ok_or_else(|| usage(self.locale, "case.bad-code", &[("value", typed)]))
    }

    fn day(&self, typed: Option<&str>) -> Result<NaiveDate, Failure> {
        typed.map_or(Ok(self.today), |typed| today(Some(typed), self.locale))
    }

    /// Reads `name=张伟` or `姓名=张伟`.
    fn new_value(&self, pair: &str) -> Result<NewValue, Failure> {
        let (name, to) = pair.split_once('=').ok_or_else(|| usage(self.locale, "case.no-equals", &[]))?;
        let labelled = || data::sheet(UPLOAD_FORM).and_then(|sheet| sheet.field_of(name));
        // The name as the JSON of a case spells it is taken, too.
        let field = Field::read(&name.trim().replace('_', "-")).or_else(labelled);
        let field = field.ok_or_else(|| {
            let known: Vec<&str> = Holder::fields().map(Field::key).collect();
            usage(self.locale, "case.unknown-item", &[("item", name), ("known", &known.join(", "))])
        })?;
        Ok(NewValue { item: Item::Field(field), to: to.to_string() })
    }
}

/// Prints lines; control characters in them become visible.
fn print(lines: &str, locale: &Locale) -> Result<(), Failure> {
    let shown: String = lines.lines().map(|line| text::visible(line).into_owned() + "\n").collect();
    written(&shown, locale)
}

fn print_json(value: &Value, locale: &Locale) -> Result<(), Failure> {
    written(&format!("{value}\n"), locale)
}

fn written(text: &str, locale: &Locale) -> Result<(), Failure> {
    let mut stdout = out::stdout();
    let done = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    out::settled(done).map_err(|e| locale.untold(&e))
}
