//! `skillcert case open correct | reissue | revoke`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::{refuse, show_one};
use crate::cli::io::{Io, sign_on};
use crate::cli::typed::{OneOfWords, TextOrJson, code, day, filled};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::Holder;
use crate::domain::ledger::case::{Application, CaseRequest, Item, NewValue, ReissueCause, remarks};
use crate::domain::sheet::{Field, UPLOAD_FORM};
use crate::failure::Failure;
use crate::office::Office;
use crate::words::Locale;

#[derive(Debug, Subcommand)]
#[command(subcommand_required = true)]
pub enum OpenVerb {
    Correct(CaseOpenCorrectArgs),
    Reissue(CaseOpenReissueArgs),
    Revoke(CaseOpenRevokeArgs),
}

/// What every case begins with.
#[derive(Debug, Args)]
pub struct BeginArgs {
    #[arg(help = "case-code", value_parser = code)]
    code: CertCode,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<NaiveDate>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
pub struct CaseOpenCorrectArgs {
    #[command(flatten)]
    begin: BeginArgs,
    #[arg(long, value_name = "COLUMN=VALUE")]
    set: Vec<String>,
    #[arg(long, value_name = "FILE", value_parser = filled("blank-photo"))]
    photo: Option<String>,
}

#[derive(Debug, Args)]
pub struct CaseOpenReissueArgs {
    #[command(flatten)]
    begin: BeginArgs,
    #[arg(long, value_name = "CAUSE", value_parser = OneOfWords { all: &ReissueCause::ALL, key: ReissueCause::key, words: Locale::case_cause })]
    cause: ReissueCause,
    #[arg(long, value_name = "DATE", value_parser = day)]
    issued_on: Option<NaiveDate>,
    #[arg(long = "paper", id = "paper", value_name = "TEXT")]
    papers: Vec<String>,
}

#[derive(Debug, Args)]
pub struct CaseOpenRevokeArgs {
    #[command(flatten)]
    begin: BeginArgs,
    #[arg(long, value_name = "DATE", value_parser = day)]
    benefits_cancelled: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT")]
    authority: Option<String>,
}

/// Opens a case. Exit code 1 when a rule refuses it.
pub fn run(verb: OpenVerb, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let (begin, request) = match verb {
        OpenVerb::Correct(CaseOpenCorrectArgs { begin, set, photo }) => {
            let mut values = set.iter().map(|pair| new_value(pair, office, locale)).collect::<Result<Vec<_>, _>>()?;
            values.extend(photo.map(|to| NewValue { item: Item::Photo, to }));
            (begin, CaseRequest::Correct(values))
        }
        OpenVerb::Reissue(CaseOpenReissueArgs { begin, cause, issued_on, papers }) => {
            (begin, CaseRequest::Reissue { on: office.or_today(issued_on)?, cause, papers })
        }
        OpenVerb::Revoke(CaseOpenRevokeArgs { begin, benefits_cancelled, authority }) => {
            let authority = authority.unwrap_or_default();
            (begin, CaseRequest::Revoke { benefits_cancelled_on: benefits_cancelled, authority })
        }
    };
    let code = begin.code;
    let reason = begin.reason.unwrap_or_default();
    let application = Application { request, applied_on: office.or_today(begin.on)?, reason };
    let stored = match sign_on(io, office, "case")?.open_case(code, &application) {
        Ok(stored) => stored,
        Err(refused) => return refuse(refused, io, locale),
    };
    if begin.format == TextOrJson::Json {
        return show_one((&stored, None), begin.format, true, io, office).map(|()| 0);
    }
    let kind = locale.case_kind(application.request.kind());
    let places = [("id", &*stored.case.id.to_string()), ("kind", kind), ("code", code.as_str())];
    let mut lines = vec![locale.fill("case.opened", &places)];
    let profile = office.profile(&stored.profile)?;
    lines.extend(remarks(&profile, &application.request).iter().map(|r| locale.case_remark(r)));
    io.print(locale, &lines.join("\n")).map(|()| 0)
}

/// Reads `name=张伟` or `姓名=张伟`.
fn new_value(pair: &str, office: &Office, locale: &Locale) -> Result<NewValue, Failure> {
    let (name, to) = pair.split_once('=').ok_or_else(|| usage(locale, "case.no-equals", &[]))?;
    let labelled = || office.sheet(UPLOAD_FORM).and_then(|sheet| sheet.field_of(name));
    // The name as the JSON of a case spells it is taken, too.
    let field = Field::read(&name.trim().replace('_', "-")).or_else(labelled);
    let field = field.ok_or_else(|| {
        let known: Vec<&str> = Holder::fields().map(Field::key).collect();
        usage(locale, "case.unknown-item", &[("item", name), ("known", &known.join(", "))])
    })?;
    Ok(NewValue { item: Item::Field(field), to: to.to_string() })
}
