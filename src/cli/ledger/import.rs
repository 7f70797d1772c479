//! `skillcert ledger import FILE…`: numbers that were issued before, each file whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::{MARKS, answer, or_today, sign_on};
use crate::cli::args::SourceArgs;
use crate::cli::io::Io;
use crate::cli::json::{self, document};
use crate::cli::load::{Keep, LoadError, SHOWN, load};
use crate::cli::values::{TextOrJson, day, filled, one_of};
use crate::domain::ledger::Status;
use crate::domain::ledger::adopt::Adopted;
use crate::domain::{numbering, text};
use crate::failure::Failure;
use crate::formats::read_back::digest;
use crate::office::{Office, Session};
use crate::store::AdoptFile;
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct ImportArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(id = "file", value_name = "FILE", help = "ledger-files", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_name = "STATUS", default_value = Status::Published.key(), value_parser = one_of(&MARKS, Status::key))]
    status: Status,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Adopts the numbers of files, and tells each as it is done: one that cannot be read does not hide what was taken before it.
/// Exit code 1 when one of them has conflicts; nothing of that one is taken.
pub fn run(args: &ImportArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = sign_on(io, office, "ledger")?;
    let mut code = 0;
    let mut list = Vec::new();
    let mut failed = None;
    for file in &args.files {
        let adopted = match one(args, file, &session) {
            Ok(adopted) => adopted,
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        code |= u8::from(!adopted.conflicts.is_empty());
        let name = file.to_string_lossy();
        list.push(to_json(&name, &adopted, locale));
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
    for (line, conflict) in adopted.conflicts.iter().take(4 * SHOWN) {
        let places = [("row", line.to_string()), ("why", locale.conflict(*conflict))];
        let places = places.each_ref().map(|(k, v)| (*k, v.as_str()));
        writeln!(w, "  {}", locale.fill("ledger.conflict-row", &places))?;
    }
    Ok(())
}

fn one(args: &ImportArgs, file: &Path, session: &Session) -> Result<Adopted, Failure> {
    let (office, store) = (session.office(), &session.store);
    let locale = office.locale();
    let source = SourceArgs {
        home: store.path().parent().map(Path::to_path_buf),
        file: file.to_path_buf(),
        batch: None,
        profile: args.profile.clone(),
        sheet: args.sheet.clone(),
        today: args.today.map(|day| day.to_string()),
    };
    let name = file.to_string_lossy();
    let batch = match load(&source, Keep::All, locale) {
        Ok(loaded) => loaded.batch,
        Err(LoadError::Failed(failure)) => return Err(failure),
        Err(LoadError::Refused(refusal)) => return Err(locale.refusal(&refusal, &name)),
    };
    let (sha256, _) = digest(file).map_err(|e| locale.unread(file, &e))?;
    let adopt = AdoptFile {
        name: &batch.origin.file,
        sha256: &sha256,
        profile: &batch.context().profile(),
        status: args.status,
        on: or_today(args.today, office)?,
        reason: args.reason.as_deref().unwrap_or_default(),
    };
    let holder = |row| numbering::holder(&batch, row);
    store.adopt(&adopt, numbering::issued_rows(&batch), &holder, args.dry_run).map_err(|e| locale.store_failure(&e))
}

fn summary(args: &ImportArgs, file: &str, adopted: &Adopted, locale: &Locale) -> String {
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

fn to_json(file: &str, adopted: &Adopted, locale: &Locale) -> Value {
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
        "series": series,
    })
}
