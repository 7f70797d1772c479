//! `skillcert audit show|verify|export|accept`: the audit chain (审计链).

mod show;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::io::Io;
use super::share::tell_share;
use super::typed::{Encoding, ReportLangArgs, TextOrJson, day, filled, number, table_format};
use crate::cli::io::{look, sign_on};
use crate::cli::typed::UnmaskArgs;
use crate::cli::usage::{unknown_ending, usage};
use crate::domain::ledger::audit::Head;
use crate::failure::Failure;
use crate::office::{AuditFile, Office, Session, WantedEntries};

/// The verb; the newest entries when none is given.
#[derive(Debug, Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    verb: Option<AuditVerb>,
}

#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    Show(AuditShowArgs),
    Verify(AuditVerifyArgs),
    Export(AuditExportArgs),
    Accept(AuditAcceptArgs),
}

/// Which entries, and how they are shown.
#[derive(Debug, Default, Args)]
pub struct AuditWantedArgs {
    #[arg(long, value_name = "OBJECT")]
    object: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<NaiveDate>,
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    #[command(flatten)]
    unmask: UnmaskArgs,
}

/// Lists the newest entries.
#[derive(Debug, Args)]
pub struct AuditShowArgs {
    #[command(flatten)]
    wanted: AuditWantedArgs,
    #[arg(long, value_name = "N", default_value = "20", value_parser = number(1_u32, None))]
    limit: u32,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Follows the chain and compares its end.
#[derive(Debug, Args)]
pub struct AuditVerifyArgs {
    #[arg(long, value_name = "COUNT:HASH")]
    head: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Writes the entries to a file.
#[derive(Debug, Args)]
pub struct AuditExportArgs {
    #[command(flatten)]
    wanted: AuditWantedArgs,
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    report_lang: ReportLangArgs,
}

/// Goes on with a database that is not the latest.
#[derive(Debug, Args)]
pub struct AuditAcceptArgs {
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

impl AuditWantedArgs {
    fn wanted(&self) -> WantedEntries<'_> {
        let AuditWantedArgs { object, since, user, unmask } = self;
        WantedEntries { object: object.as_deref(), since: *since, user: user.as_deref(), unmask: unmask.reason() }
    }
}

/// Does what was asked for. Exit code 1 when the chain is broken or its end is not the one noted.
pub fn run(args: AuditArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let newest = || {
        let wanted = AuditWantedArgs::default();
        AuditVerb::Show(AuditShowArgs { wanted, limit: 20, format: TextOrJson::Text })
    };
    match args.verb.unwrap_or_else(newest) {
        AuditVerb::Show(args) => {
            let wanted = args.wanted.wanted();
            let session = look(io, office, wanted.unmask.is_some(), "audit")?;
            let found = session.audit_entries(&wanted, args.limit as usize)?;
            match args.format {
                TextOrJson::Json => io.json(locale, &show::as_json(&found))?,
                TextOrJson::Text => io.text(locale, &show::text(&found, locale))?,
            }
            if found.is_empty() {
                io.note(locale.text("audit.nothing"));
            }
            Ok(0)
        }
        AuditVerb::Verify(args) => {
            let printed = args
                .head
                .map(|text| Head::read(&text).ok_or_else(|| usage(locale, "cli.bad-head", &[("value", &text)])));
            let printed = printed.transpose()?;
            let followed = look(io, office, false, "audit")?.verify_audit(printed.as_ref())?;
            match args.format {
                TextOrJson::Json => io.json(locale, &show::followed_as_json(&followed, locale))?,
                TextOrJson::Text => io.text(locale, &show::followed(&followed, locale))?,
            }
            followed.no_numbers.map_or_else(|| Ok(u8::from(!followed.faults.is_empty())), Err)
        }
        AuditVerb::Export(args) => {
            let session = look(io, office, args.wanted.unmask.reason().is_some(), "audit")?;
            export(&args, &session, io).map(|()| 0)
        }
        AuditVerb::Accept(args) => {
            let session = sign_on(io, office, "audit")?;
            let fault = session.accept_audit(&args.reason)?;
            let head = session.audit_head()?;
            match args.format {
                TextOrJson::Json => io.json(locale, &show::accepted_as_json(fault.as_ref(), &head, locale))?,
                TextOrJson::Text => io.text(locale, &show::accepted(fault.as_ref(), &head, locale))?,
            }
            Ok(0)
        }
    }
}

fn export(args: &AuditExportArgs, session: &Session, io: &mut Io) -> Result<(), Failure> {
    let locale = session.office().locale();
    let format = table_format(None, &args.output, Encoding::Utf8);
    let format = format.ok_or_else(|| unknown_ending(locale, &args.output))?;
    let file = AuditFile { path: &args.output, format, overwrite: args.force };
    let written = session.export_audit(&args.wanted.wanted(), &file)?;
    let (file, count) = (args.output.display().to_string(), written.entries.to_string());
    io.note(&locale.fill("audit.exported", &[("file", &file), ("count", &count)]));
    if let Some(share) = &written.share {
        tell_share(share, io, locale);
    }
    io.note(&locale.audit_head(&written.head));
    Ok(())
}
