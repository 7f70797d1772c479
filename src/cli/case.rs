//! `skillcert case open | approve | refuse | close | list | show | export`: 更正, 补发, 撤销.

mod export;
mod open;
mod show;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};

pub use export::CaseExportArgs;
pub use open::OpenVerb;

use super::io::Io;
use super::typed::{OneOfWords, TextOrJson, code, day, filled, number};
use crate::cli::consent::{ConsentArgs, preview};
use crate::cli::io::{look, sign_on};
use crate::cli::typed::UnmaskArgs;
use crate::domain::code::CertCode;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::case::{Approval, CaseFilter, CaseId, CaseKind, CaseState, StoredCase};
use crate::domain::ledger::stock::BlankNumber;
use crate::failure::Failure;
use crate::office::{CaseRefused, Office, Session};
use crate::words::Locale;

/// A verb about cases.
#[derive(Debug, Subcommand)]
#[command(subcommand_required = true)]
pub enum CaseVerb {
    #[command(subcommand)]
    Open(OpenVerb),
    Approve(CaseApproveArgs),
    Refuse(CaseRefuseArgs),
    Close(CaseCloseArgs),
    List(CaseListArgs),
    Show(CaseShowArgs),
    Export(CaseExportArgs),
}

/// Notes the authority's consent.
#[derive(Debug, Args)]
pub struct CaseApproveArgs {
    #[arg(help = "case-id", value_parser = number(1_i64, None).map(CaseId))]
    id: CaseId,
    #[arg(long, value_name = "TEXT")]
    reference: String,
    #[arg(long, value_name = "DATE", help = "approved-on", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
pub struct CaseRefuseArgs {
    #[arg(help = "case-id", value_parser = number(1_i64, None).map(CaseId))]
    id: CaseId,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Lets a case take effect.
#[derive(Debug, Args)]
pub struct CaseCloseArgs {
    #[arg(help = "case-id", value_parser = number(1_i64, None).map(CaseId))]
    id: CaseId,
    #[arg(long, value_name = "DATE", value_parser = day)]
    withdrawn: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    consent: ConsentArgs,
}

#[derive(Debug, Args)]
pub struct CaseListArgs {
    /// Only those still open.
    #[arg(long = "open", help = "open")]
    live: bool,
    #[arg(long, value_name = "KIND", help = "kind", value_parser = OneOfWords { all: &CaseKind::ALL, key: CaseKind::key, words: Locale::case_kind })]
    kind: Option<CaseKind>,
    #[arg(long, value_name = "CODE", value_parser = code)]
    code: Option<CertCode>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

#[derive(Debug, Args)]
pub struct CaseShowArgs {
    #[arg(help = "case-id", value_parser = number(1_i64, None).map(CaseId))]
    id: CaseId,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

/// Runs a verb about cases. Exit code 1 when a rule refuses it.
pub fn run(verb: CaseVerb, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    match verb {
        CaseVerb::Open(verb) => open::run(verb, io, office),
        CaseVerb::Approve(args) => {
            let on = office.or_today(args.on)?;
            let approval = Approval { reference: args.reference, on };
            let session = sign_on(io, office, "case")?;
            let done = session.approve_case(args.id, &approval, &args.reason.unwrap_or_default());
            moved(done, (CaseState::Approved, &session), args.format, io, office)
        }
        CaseVerb::Refuse(args) => {
            let session = sign_on(io, office, "case")?;
            let done = session.refuse_case(args.id, &args.reason);
            moved(done, (CaseState::Refused, &session), args.format, io, office)
        }
        CaseVerb::Close(args) => {
            let session = sign_on(io, office, "case")?;
            let (reach, reason) = (session.reach_of_close(args.id)?, args.reason.unwrap_or_default());
            let close = |session: &Session| session.close_case(args.id, args.withdrawn, &reason);
            let done = args.consent.act(&reach, io, &session, close);
            if args.consent.is_only_tried() && done.is_ok() {
                return preview(&reach, args.format, io, locale);
            }
            moved(done, (CaseState::Closed, &session), args.format, io, office)
        }
        CaseVerb::List(args) => {
            let code = args.code;
            let session = look(io, office, args.unmask.reason().is_some(), "case")?;
            let masked = args.unmask.reason().is_none();
            if let Some(reason) = args.unmask.reason() {
                let object = code.map_or(UnmaskedObject::Cases, UnmaskedObject::Certificate);
                session.unmask(&object, reason)?;
            }
            let filter = CaseFilter { live: args.live, kind: args.kind, code, ..CaseFilter::default() };
            let cases = session.cases(&filter)?;
            let cases = if masked { cases.iter().map(StoredCase::masked).collect() } else { cases };
            match args.format {
                TextOrJson::Json => io.json_line(locale, &show::list_json(&cases))?,
                TextOrJson::Text => io.print(locale, &show::list(&cases, locale))?,
            }
            Ok(0)
        }
        CaseVerb::Show(args) => {
            let session = look(io, office, args.unmask.reason().is_some(), "case")?;
            let stored = match args.unmask.reason() {
                Some(reason) => session.unmask_case(args.id, reason)?,
                None => session.case(args.id)?,
            };
            let blank = session.blank_to_replace(args.id)?;
            show_one((&stored, blank), args.format, args.unmask.reason().is_none(), io, office).map(|()| 0)
        }
        CaseVerb::Export(args) => export::run(&args, io, office),
    }
}

/// Tells that a case has come to another state, or why not.
fn moved(
    done: Result<StoredCase, CaseRefused>,
    (to, session): (CaseState, &Session),
    format: TextOrJson,
    io: &mut Io,
    office: &Office,
) -> Result<u8, Failure> {
    let locale = office.locale();
    let stored = match done {
        Ok(stored) => stored,
        Err(refused) => return refuse(refused, io, locale),
    };
    let blank = session.blank_to_replace(stored.case.id)?;
    if format == TextOrJson::Json {
        return show_one((&stored, blank), format, true, io, office).map(|()| 0);
    }
    let places = [("id", &*stored.case.id.to_string()), ("state", locale.case_state(to))];
    let mut told = locale.fill("case.moved", &places);
    told.extend(blank.map(|blank| format!("\n{}", asks_for_blank(stored.case.id, blank, locale))));
    io.print(locale, &told).map(|()| 0)
}

/// Asks for new paper, now that what is printed does not hold any more.
fn asks_for_blank(id: CaseId, blank: BlankNumber, locale: &Locale) -> String {
    locale.fill("stock.case-asks", &[("case", &id.to_string()), ("number", &blank.to_string())])
}

/// Shows a case; `blank` is what its old paper is printed on, while the new one is due.
fn show_one(
    (stored, blank): (&StoredCase, Option<BlankNumber>),
    format: TextOrJson,
    masked: bool,
    io: &mut Io,
    office: &Office,
) -> Result<(), Failure> {
    let (locale, profile) = (office.locale(), office.profile(&stored.profile)?);
    let hidden = masked.then(|| stored.masked());
    let shown = hidden.as_ref().unwrap_or(stored);
    match format {
        TextOrJson::Json => {
            let mut value = show::as_json(shown, &profile);
            value["blank_to_replace"] = blank.map(|blank| blank.to_string()).into();
            io.json_line(locale, &value)
        }
        TextOrJson::Text => {
            let request = locale.case_request_lines(&stored.case, masked);
            let mut page = show::page(shown, request, &profile, locale);
            page.extend(blank.map(|blank| format!("\n{}", asks_for_blank(stored.case.id, blank, locale))));
            io.print(locale, &page)
        }
    }
}

/// Tells a refusal of the rules with exit code 1; anything else is a failure.
fn refuse(refused: CaseRefused, io: &mut Io, locale: &Locale) -> Result<u8, Failure> {
    match refused {
        CaseRefused::Rule(refusal) => {
            let why = locale.case_refusal(&refusal);
            io.message(&locale.fill("case.refused", &[("why", &why)]));
            Ok(1)
        }
        CaseRefused::Failed(failure) => Err(failure),
    }
}
