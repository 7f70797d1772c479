//! `skillcert print data`: one row for each certificate, for the program of the printing office.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::io::{Io, begin};
use crate::cli::json::{self, document};
use crate::cli::reading::RosterArgs;
use crate::cli::typed::{Encoding, OneOfWords, TextOrJson, code, filled, table_format};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::printed::Medium;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KeptRows, NotPrinted, Office, PrintDataOrder, PrintDataWritten, PrintOf, Purpose, RosterRefused};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(mut_arg("file", |arg| arg.required_unless_present("code").help("print-files")))]
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
    #[arg(long, value_name = "FOLDER", help = "print-photos")]
    photos: Option<PathBuf>,
    #[arg(long, value_name = "SIZE", help = "print-photo-size")]
    photo_size: Option<String>,
    #[arg(long, help = "print-again")]
    again: bool,
    #[arg(long, value_name = "TEXT", help = "print-reason", value_parser = filled("blank-reason"))]
    reason: String,
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
    };
    let written = if args.code.is_empty() {
        if args.roster.several(io, office)?.is_some() {
            return Err(usage(locale, "print.one-file", &[]));
        }
        let roster = args.roster.find(true, io, office)?.or_worked_on(io, office)?;
        office.spare_source(&roster.file, Some(&args.output))?;
        let batch = roster.load((KeptRows::All, Purpose::Work), io, office).map_err(RosterRefused::failure)?.batch;
        io.tell_left_out(&batch, locale);
        let begun;
        let (session, id) = match &roster.stored {
            Some((session, stored)) => (session, Some(stored.id)),
            None => {
                begun = begin(io, office, false, "print")?;
                (&begun, None)
            }
        };
        session.write_print_data(&order(PrintOf::Rows(id, &batch), Some(&roster.file)))?
    } else {
        args.roster.reading.is_of_no_file(locale)?;
        let session = crate::cli::io::sign_on(io, office, "print")?;
        session.write_print_data(&order(PrintOf::Codes(&args.code), None))?
    };
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::PRINT_DATA, told_json(&written, args)))?,
        TextOrJson::Text => io.print(locale, &told(&written, args, locale))?,
    }
    Ok(u8::from(!written.left_out.is_empty()))
}

fn told(written: &PrintDataWritten, args: &PrintDataArgs, locale: &Locale) -> String {
    let file = text::visible(&args.output.to_string_lossy()).into_owned();
    let n = |n: u32| n.to_string();
    let places = [("file", &*file), ("n", &n(written.rows)), ("entry", &written.entry.to_string())];
    let mut lines = vec![locale.fill("print.written", &places)];
    let mut add = |is_so: bool, key: &str, n: u32| {
        lines.extend(is_so.then(|| locale.fill(key, &[("n", &n.to_string())])));
    };
    add(written.again != 0, "print.written-again", written.again);
    add(written.unknown != 0, "print.written-unknown", written.unknown);
    add(written.without_blank != 0, "print.without-blank", written.without_blank);
    for (kind, moved) in &written.spoiled {
        lines.extend(locale.blanks_done("spoil", *kind, moved));
    }
    let left_out = written.left_out.len().to_string();
    if !written.left_out.is_empty() {
        lines.push(locale.fill("print.left-out", &[("n", &left_out)]));
        lines.extend(written.left_out.iter().map(|one| format!("  {}", locale.not_printed(&one.place, one.status))));
    }
    lines.extend(written.notices.iter().cloned());
    if let Some(photos) = &written.photos {
        let key = if photos.is_empty() { "print.photos-whole" } else { "print.photos-wrong" };
        lines.push(locale.fill(key, &[("n", &photos.len().to_string())]));
        lines.extend(photos.iter().map(|told| format!("  {told}")));
    }
    lines.join("\n") + "\n"
}

fn told_json(written: &PrintDataWritten, args: &PrintDataArgs) -> Value {
    let left_out = |one: &NotPrinted| json!({ "place": one.place, "status": one.status.map(|status| status.key()) });
    let spoiled: Vec<Value> =
        written.spoiled.iter().map(|(kind, moved)| json!({ "kind": kind.key(), "count": moved.count })).collect();
    json!({
        "file": args.output.to_string_lossy(), "sha256": written.sha256, "rows": written.rows, "medium": args.medium.key(),
        "entry": written.entry, "again": written.again, "unknown": written.unknown,
        "without_blank": written.without_blank, "spoiled": spoiled,
        "left_out": written.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "notices": written.notices, "photos": written.photos,
    })
}
