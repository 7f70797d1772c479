//! `skillcert backup`: the state folder as one file.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::io::Io;
use super::typed::TextOrJson;
use super::{json, passphrase};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{MadeBackup, Office};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(after_help = "about-backup-more")]
pub struct BackupArgs {
    #[arg(long, short, value_name = "FILE|DIR", help = "backup-output")]
    output: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[arg(long, conflicts_with = "passphrase_file")]
    pub encrypt: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

pub fn run(args: BackupArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(passphrase::of_file(file, locale)?),
        None if args.encrypt => Some(passphrase::asked_twice(locale)?),
        None => None,
    };
    let made = office.back_up(args.output, passphrase)?;
    match args.format {
        TextOrJson::Json => io.json(locale, &as_json(&made))?,
        TextOrJson::Text => io.answer(locale, |w| tell(w, &made, locale))?,
    }
    // What was written is told; that it is none to rely on is the end of it.
    locale.backup_unsound(&made).map_or(Ok(0), Err)
}

fn as_json(made: &MadeBackup) -> serde_json::Value {
    let counts = made.problems.counts().iter();
    let all = serde_json::json!({
        "problems": counts.map(|(kind, n)| serde_json::json!({ "kind": kind.key(), "count": n })).collect::<Vec<_>>(),
        "path": made.path.to_string_lossy(),
        "size": made.size,
        "sha256": made.sha256,
        "manifest": made.manifest,
        "left_out": made.left_out.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "removed": made.removed.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
    });
    json::document(json::BACKUP, all)
}

fn tell(w: &mut dyn Write, made: &MadeBackup, locale: &Locale) -> std::io::Result<()> {
    writeln!(w, "{}", locale.backup_made(made))?;
    writeln!(w, "{}", locale.backup_counts(&made.manifest))?;
    writeln!(w, "{}", locale.audit_head(&made.manifest.head()))?;
    writeln!(w, "SHA-256 {}", made.sha256)?;
    for path in &made.left_out {
        writeln!(w, "{}", locale.fill("backup.left-out", &[("path", &text::visible(&path.to_string_lossy()))]))?;
    }
    for path in &made.removed {
        writeln!(w, "{}", locale.fill("backup.removed", &[("path", &text::visible(&path.to_string_lossy()))]))?;
    }
    Ok(())
}
