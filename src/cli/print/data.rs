//! `skillcert print data`: one row for each certificate, for the program of the printing office.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::reading::RosterArgs;
use crate::cli::share::UnderShareArgs;
use crate::cli::typed::{Encoding, OneOfWords, TextOrJson, code, filled, table_format};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::Status;
use crate::domain::ledger::printed::Medium;
use crate::failure::Failure;
use crate::office::{
    BatchTaken, KeptRows, NotPrinted, Office, PrintDataOrder, PrintDataWritten, PrintOf, Purpose, RosterRefused,
};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(mut_arg("file", |arg| arg.required_unless_present("code").help("file")))]
pub struct PrintDataArgs {
    #[command(flatten)]
    roster: RosterArgs,
    #[arg(long, value_name = "CODE", help = "print-code", value_parser = code, conflicts_with_all = ["file", "batch"])]
    code: Vec<CertCode>,
    #[arg(long, short, value_name = "FILE", help = "print-output")]
    output: PathBuf,
    #[arg(long, value_name = "NAME", value_enum)]
    output_encoding: Option<Encoding>,
    #[arg(long, value_name = "MEDIUM", help = "print-medium", default_value = "paper", value_parser = media())]
    medium: Medium,
    #[arg(long, value_name = "DIR", help = "print-photos")]
    photos: Option<PathBuf>,
    #[arg(long, value_name = "SIZE", help = "print-photo-size")]
    photo_size: Option<String>,
    #[arg(long, help = "print-again")]
    again: bool,
    #[arg(long, value_name = "TEXT", help = "print-reason", value_parser = filled("blank-reason"))]
    reason: String,
    #[command(flatten)]
    under: UnderShareArgs,
    #[arg(long)]
    force: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

fn media() -> OneOfWords<Medium> {
    OneOfWords { all: &Medium::ALL, key: Medium::key, words: Locale::medium }
}

/// Writes print data. Exit code 1 where some of it was left out.
pub fn run(args: &PrintDataArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let format = table_format(None, &args.output, args.output_encoding.unwrap_or_default())
        .ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    args.roster.reading.must_be_of_one_sheet(office)?;
    let order = |of, source| PrintDataOrder {
        of,
        path: &args.output,
        format,
        overwrite: args.force,
        source,
        medium: args.medium,
        photos: args.photos.as_deref(),
        photo_size: args.photo_size.as_deref(),
        reason: &args.reason,
        again: args.again,
        share: args.under.share,
    };
    let written = if args.code.is_empty() {
        if args.roster.several(io, office)?.is_some() {
            return Err(usage(locale, "print.one-file", &[]));
        }
        let roster = args.roster.find(true, io, office)?.or_worked_on(BatchTaken::Yes, io, office)?;
        office.spare_source(&roster.file, Some(&args.output))?;
        let batch = roster.load((KeptRows::All, Purpose::Work), io, office).map_err(RosterRefused::failure)?.batch;
        io.tell_left_out(&batch, locale);
        let signed;
        let (session, id) = match &roster.stored {
            Some((session, stored)) => (session, Some(stored.id)),
            None => {
                signed = sign_on(io, office, "print")?;
                (&signed, None)
            }
        };
        session.write_print_data(&order(PrintOf::Rows(id, &batch), Some(&roster.file)))?
    } else {
        args.roster.reading.is_of_no_file(locale)?;
        let session = sign_on(io, office, "print")?;
        session.write_print_data(&order(PrintOf::Codes(&args.code), None))?
    };
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::PRINT_DATA, told_json(&written, args)))?,
        TextOrJson::Text => io.print(locale, &office.print_data_told(&args.output, &written))?,
    }
    Ok(u8::from(!written.left_out.is_empty()))
}

fn told_json(written: &PrintDataWritten, args: &PrintDataArgs) -> Value {
    let left_out = |one: &NotPrinted| json!({ "place": one.place, "status": one.status.map(Status::key) });
    let spoiled: Vec<Value> =
        written.spoiled.iter().map(|(kind, moved)| json!({ "kind": kind.key(), "count": moved.count })).collect();
    json!({
        "file": args.output.to_string_lossy(), "sha256": written.sha256, "rows": written.rows, "medium": args.medium.key(),
        "entry": written.entry, "share": written.share.id.0, "again": written.again, "unknown": written.unknown,
        "without_blank": written.without_blank, "spoiled": spoiled,
        "left_out": written.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "notices": written.notices, "photos": written.photos,
    })
}
