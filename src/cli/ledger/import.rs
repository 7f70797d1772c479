//! `skillcert ledger import FILE…`: numbers that were issued before, each file whole or not at all.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::{ImportArgs, answer};
use crate::cli::args::SourceArgs;
use crate::cli::json::{self, document};
use crate::cli::load::{LoadError, SHOWN, load, today};
use crate::domain::ledger::adopt::Adopted;
use crate::domain::{numbering, text};
use crate::failure::Failure;
use crate::formats::read_back::digest;
use crate::store::{AdoptFile, Store};
use crate::words::Locale;

/// Adopts the numbers of files, and tells each as it is done: one that cannot be read does not hide what was taken before it.
/// Exit code 1 when one of them has conflicts; nothing of that one is taken.
pub fn run(args: &ImportArgs, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let mut code = 0;
    let mut list = Vec::new();
    let mut failed = None;
    for file in &args.files {
        let adopted = match one(args, file, store, locale) {
            Ok(adopted) => adopted,
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        code |= u8::from(!adopted.conflicts.is_empty());
        let name = file.to_string_lossy();
        list.push(to_json(&name, &adopted, locale));
        if !args.json {
            answer(locale, false, &Value::Null, |w| {
                text_of(w, &summary(args, &name, &adopted, locale), &adopted, locale)
            })?;
        }
    }
    if args.json {
        answer(locale, true, &document(json::IMPORT, json!({ "dry_run": args.dry_run, "files": list })), |_| Ok(()))?;
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

fn one(args: &ImportArgs, file: &Path, store: &Store, locale: &Locale) -> Result<Adopted, Failure> {
    let source = SourceArgs {
        home: store.path().parent().map(Path::to_path_buf),
        file: file.to_path_buf(),
        batch: None,
        profile: args.profile.clone(),
        sheet: args.sheet.clone(),
        today: args.today.clone(),
    };
    let name = file.to_string_lossy();
    let batch = match load(&source, locale) {
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
        on: today(args.today.as_deref(), locale)?,
        reason: &args.reason,
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
