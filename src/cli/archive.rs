//! `skillcert archive`: all that explains the certificates of a batch in one file, and the same read back.

use std::path::PathBuf;

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::io::{Io, sign_on};
use super::json::{self, document};
use super::share::{UnderShareArgs, tell_share};
use super::typed::{TextOrJson, filled, number};
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{ArchiveFault, ArchiveList, ArchiveOrder, CheckedArchive, Office};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct ArchiveArgs {
    #[command(subcommand)]
    verb: ArchiveVerb,
}

#[derive(Debug, Subcommand)]
enum ArchiveVerb {
    Write(ArchiveWriteArgs),
    Verify(ArchiveVerifyArgs),
}

#[derive(Debug, Args)]
struct ArchiveWriteArgs {
    #[arg(long, value_name = "N", help = "history-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, short, value_name = "FILE", help = "archive-output")]
    output: PathBuf,
    #[arg(long, value_name = "FILE", help = "archive-with")]
    with: Vec<PathBuf>,
    #[arg(long, value_name = "TEXT", help = "archive-reason", value_parser = filled("blank-reason"))]
    reason: String,
    #[command(flatten)]
    under: UnderShareArgs,
    #[arg(long)]
    force: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
struct ArchiveVerifyArgs {
    #[arg(value_name = "FILE", help = "archive-file")]
    file: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Does what a verb says. Exit code 1 for an archive that is not what was archived, or of another ledger.
pub fn run(args: &ArchiveArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match &args.verb {
        ArchiveVerb::Write(args) => write(args, io, office),
        ArchiveVerb::Verify(args) => verify(args, io, office),
    }
}

fn write(args: &ArchiveWriteArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let ArchiveWriteArgs { batch, output, with, reason, under, force, format } = args;
    let order = ArchiveOrder { batch: *batch, with, path: output, overwrite: *force, reason, share: under.share };
    let session = sign_on(io, office, "archive")?;
    let (list, share) = session.write_archive(&order, &mut |told| io.message(&told))?;
    match format {
        TextOrJson::Json => io.json(locale, &document(json::ARCHIVE, list_json(&list)))?,
        TextOrJson::Text => {
            let file = output.to_string_lossy();
            let places = [
                ("batch", &*batch.to_string()),
                ("file", &text::visible(&file)),
                ("n", &list.parts.len().to_string()),
                ("rows", &list.rows.to_string()),
                ("certificates", &list.certificates.to_string()),
            ];
            io.print(locale, &(locale.fill("archive.written", &places) + "\n"))?;
        }
    }
    tell_share(&session.share(share)?.0, io, locale);
    list.missing.iter().for_each(|missing| io.message(&gone(missing, locale)));
    Ok(0)
}

fn verify(args: &ArchiveVerifyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let checked = office.check_archive(&args.file)?;
    let CheckedArchive { list, faults, is_of_ledger } = &checked;
    match args.format {
        TextOrJson::Json => {
            let mut all = list_json(list);
            let told = |(name, fault): &(String, ArchiveFault)| json!({ "name": name, "fault": key(*fault) });
            all["faults"] = faults.iter().map(told).collect();
            all["of_ledger"] = json!(is_of_ledger);
            io.json(locale, &document(json::ARCHIVE_VERIFY, all))?;
        }
        TextOrJson::Text => io.print(locale, &told(&checked, locale))?,
    }
    Ok(u8::from(!faults.is_empty() || *is_of_ledger == Some(false)))
}

fn told(CheckedArchive { list, faults, is_of_ledger }: &CheckedArchive, locale: &Locale) -> String {
    let places = [
        ("batch", &*list.batch.to_string()),
        ("file", &text::visible(&list.file)),
        ("made", &locale.moment(&list.made)),
        ("user", &text::visible(text::signed_by(&list.user))),
        ("n", &list.parts.len().to_string()),
        ("rows", &list.rows.to_string()),
        ("certificates", &list.certificates.to_string()),
    ];
    let mut lines = vec![locale.fill("archive.about", &places)];
    let fault = |(name, fault): &(String, ArchiveFault)| {
        locale.fill(&format!("archive.fault.{}", key(*fault)), &[("name", &text::visible(name))])
    };
    lines.extend(faults.iter().map(fault));
    lines.extend(list.missing.iter().map(|missing| gone(missing, locale)));
    lines.extend(faults.is_empty().then(|| locale.text("archive.whole").to_string()));
    let ledger = match is_of_ledger {
        Some(true) => "archive.of-ledger",
        Some(false) => "archive.not-of-ledger",
        None => "archive.no-ledger",
    };
    lines.push(locale.fill(ledger, &[("entry", &list.head.count.to_string())]));
    lines.join("\n") + "\n"
}

/// Tells that a file that belongs to the batch is not in the archive.
fn gone(name: &str, locale: &Locale) -> String {
    let key = match name.split_once('/') {
        Some(("upload", _)) => "archive.upload-gone",
        Some(("attached", _)) => "archive.attached-gone",
        _ => "archive.source-gone",
    };
    let file = name.rsplit('/').next().unwrap_or(name);
    locale.fill(key, &[("file", &text::visible(file))])
}

fn key(fault: ArchiveFault) -> &'static str {
    match fault {
        ArchiveFault::Changed => "changed",
        ArchiveFault::Missing => "missing",
        ArchiveFault::Unlisted => "unlisted",
    }
}

fn list_json(list: &ArchiveList) -> Value {
    json!({
        "batch": list.batch.0, "file": list.file, "profile": list.profile, "made": list.made, "user": list.user,
        "program": list.program, "rows": list.rows, "certificates": list.certificates,
        "head": { "count": list.head.count, "hash": list.head.hash },
        "parts": list.parts, "missing": list.missing,
    })
}
