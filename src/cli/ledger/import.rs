//! `skillcert ledger import FILE…`: numbers that were issued before, each file whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::answer;
use crate::cli::consent::{self, DayArgs};
use crate::cli::io::{Io, begin};
use crate::cli::json::{self, document};
use crate::cli::reading::ReadingArgs;
use crate::cli::values::{TextOrJson, filled, one_of};
use crate::domain::batch::Batch;
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::{AdoptLeave, Adopted};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{AdoptOrder, AdoptedFile, Office, RosterInput, Session};
use crate::words::Locale;

/// How many conflicts of a file are listed.
const LISTED: usize = 20;

#[derive(Debug, Args)]
pub struct LedgerImportArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(id = "file", value_name = "FILE", help = "ledger-files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, value_name = "STATUS", default_value = Status::Published.key(), value_parser = one_of(&Status::BY_HAND, Status::key))]
    status: Status,
    #[arg(long)]
    yes: bool,
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    day: DayArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Adopts the numbers of files, and tells each as it is done: one that cannot be read does not hide what was taken before it.
/// Exit code 1 when one of them has conflicts; nothing of that one is taken.
pub fn run(args: &LedgerImportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = begin(io, office, args.dry_run, "ledger")?;
    args.day.check(office.or_today(args.reading.reading().today)?, args.dry_run, io, &session)?;
    let mut code = 0;
    let mut list = Vec::new();
    let mut failed = None;
    for file in &args.files {
        let AdoptedFile { adopted, batch } = match import_one(args, file, io, &session) {
            Ok(done) => done,
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        code |= u8::from(!adopted.conflicts.is_empty());
        let name = file.to_string_lossy();
        io.tell_beside(&batch, locale);
        list.push(to_json(&name, &adopted, &batch, locale));
        if args.format == TextOrJson::Text {
            answer(io, locale, args.format, &Value::Null, |w| {
                text_of(w, &summary(args, &name, &adopted, locale), &adopted, locale)
            })?;
        }
    }
    if args.format == TextOrJson::Json {
        answer(
            io,
            locale,
            args.format,
            &document(json::IMPORT, json!({ "dry_run": args.dry_run, "files": list })),
            |_| Ok(()),
        )?;
    }
    failed.map_or(Ok(code), Err)
}

fn text_of(w: &mut dyn Write, summary: &str, adopted: &Adopted, locale: &Locale) -> io::Result<()> {
    writeln!(w, "{summary}")?;
    for (key, first, last, count, gaps) in &adopted.series {
        let places = [
            ("series", key.to_string()),
            ("first", first.to_string()),
            ("last", last.to_string()),
            ("number", count.to_string()),
            ("gaps", gaps.to_string()),
        ];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        writeln!(w, "  {}", locale.fill("ledger.adopted-series", &places))?;
    }
    for (line, conflict) in adopted.conflicts.iter().take(LISTED) {
        let places = [("row", line.to_string()), ("why", locale.conflict(*conflict))];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        writeln!(w, "  {}", locale.fill("ledger.conflict-row", &places))?;
    }
    Ok(())
}

fn import_one(args: &LedgerImportArgs, file: &Path, io: &mut Io, session: &Session) -> Result<AdoptedFile, Failure> {
    let reason = args.reason.as_deref().unwrap_or_default();
    let adopt = |leave, io: &mut Io| {
        let order = AdoptOrder { status: args.status, leave, reason };
        let (input, mut tell) = io.input_and_telling();
        session.adopt(RosterInput::named(file, input), &args.reading.reading(), &order, &mut tell)
    };
    match args {
        LedgerImportArgs { dry_run: true, .. } => return adopt(AdoptLeave::Try, io),
        LedgerImportArgs { yes: true, .. } => return adopt(AdoptLeave::Any, io),
        _ => {}
    }
    let locale = session.office().locale();
    let mut most = 0;
    loop {
        let done = adopt(AdoptLeave::AtMost(most), io)?;
        let adopted = &done.adopted;
        // Nobody has agreed to more than was told; the ledger may have moved while they thought about it.
        if !adopted.is_held_back() {
            return Ok(done);
        }
        let told = locale.reach(&adopted.reach(&file.to_string_lossy()));
        consent::ask(&told, "reach.say-yes", io, locale)?;
        most = adopted.passed_over();
    }
}

fn summary(args: &LedgerImportArgs, file: &str, adopted: &Adopted, locale: &Locale) -> String {
    let key = match adopted {
        Adopted { conflicts, .. } if !conflicts.is_empty() => "ledger.adopt-refused",
        _ if args.dry_run => "ledger.adopt-dry",
        _ => "ledger.adopted",
    };
    let places = [
        ("file", text::visible(file).into_owned()),
        ("new", adopted.new.to_string()),
        ("same", adopted.same.to_string()),
        ("number", adopted.conflicts.len().to_string()),
        ("status", locale.status(args.status).to_string()),
    ];
    locale.fill(key, &places.each_ref().map(|(k, v)| (*k, v.as_str())))
}

fn to_json(file: &str, adopted: &Adopted, batch: &Batch, locale: &Locale) -> Value {
    let conflicts: Vec<Value> = adopted
        .conflicts
        .iter()
        .map(|(row, why)| json!({ "row": row, "conflict": why.key(), "message": locale.conflict(*why) }))
        .collect();
    let series: Vec<Value> = adopted
        .series
        .iter()
        .map(|(key, first, last, count, gaps)| {
            json!({ "series": key.as_str(), "first": first, "last": last, "count": count, "gaps": gaps })
        })
        .collect();
    json!({
        "file": file, "entry": adopted.entry, "new": adopted.new, "same": adopted.same, "conflicts": conflicts,
        "series": series, "other_sheets": json::other_sheets(&batch.origin.beside.others),
        "hidden_rows": batch.hidden_lines(),
    })
}
