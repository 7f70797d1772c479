//! `skillcert restore FILE`: a backup in the place of the store.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::io::Io;
use super::typed::TextOrJson;
use super::{json, passphrase};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BackupManifest, Lacking, Office, PreparedRestore, RestoreConsent, Restored};
use crate::words::Locale;

#[derive(Debug, Args)]
#[command(after_help = "about-restore-more")]
pub struct RestoreArgs {
    #[arg(value_name = "FILE", help = "restore-file")]
    file: PathBuf,
    #[arg(long, value_name = "DIR", help = "restore-to")]
    to: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[arg(long)]
    yes: bool,
    #[arg(long, help = "restore-despite-sessions")]
    despite_sessions: bool,
    #[arg(long, help = "restore-despite-problems")]
    despite_problems: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Puts the backup back.
pub fn run(args: &RestoreArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(passphrase::of_file(file, locale)?),
        None if !office.is_locked(&args.file) => None,
        None if !io.may_ask() => return Err(usage(locale, "cli.no-input-passphrase", &[])),
        None => Some(passphrase::asked(locale)?),
    };
    let waiting = office.open_backup(&args.file, passphrase.as_deref(), args.to.as_deref(), args.despite_sessions)?;
    let mut consent = RestoreConsent { sessions: args.despite_sessions, problems: args.despite_problems };
    if !args.yes && (waiting.replaces() || !waiting.sessions().is_empty()) {
        ask_to_replace(&waiting, io, locale)?;
        // All of it was told and asked.
        consent = RestoreConsent { sessions: true, problems: true };
    }
    let home = waiting.home().to_path_buf();
    let (manifest, lacking) = (waiting.manifest.clone(), waiting.lacking.clone());
    let restored = office.restore(waiting, consent)?;
    match args.format {
        TextOrJson::Json => io.json(locale, &told_as_json(&home, &manifest, &lacking, &restored))?,
        TextOrJson::Text => io.answer(locale, |w| tell(w, &home, &manifest, &lacking, &restored, locale))?,
    }
    Ok(0)
}

/// Asks whether what is there may be replaced; only a `y` says so.
fn ask_to_replace(waiting: &PreparedRestore, io: &mut Io, locale: &Locale) -> Result<(), Failure> {
    if !io.may_ask() || !io.is_answered() {
        return Err(usage(locale, "backup.say-yes", &[]));
    }
    let path = text::visible(&waiting.home().to_string_lossy()).into_owned();
    let made = locale.moment(&waiting.manifest.made);
    io.message(&locale.fill("backup.replaces", &[("path", &path), ("made", &made)]));
    locale.backup_lacking(&waiting.manifest, &waiting.lacking).iter().for_each(|line| io.message(line));
    for holder in waiting.sessions() {
        io.message(&locale.fill("backup.elsewhere", &[("holder", &locale.holder(holder))]));
    }
    if !waiting.problems.is_sound() {
        io.message(locale.text("backup.problems"));
        locale.ledger_problems(&waiting.problems).iter().for_each(|line| io.message(&format!("  {line}")));
    }
    io.message(locale.text("backup.agree"));
    if io.is_agreed() { Ok(()) } else { Err(usage(locale, "backup.nothing-changed", &[])) }
}

fn told_as_json(home: &Path, manifest: &BackupManifest, lacking: &Lacking, restored: &Restored) -> serde_json::Value {
    let action = |(action, count): &(String, u64)| json!({ "action": action, "count": count });
    let run = |key: &str, (first, last): &(u32, u32)| json!({ "series": key, "first": first, "last": last });
    let counts = restored.problems.counts().iter();
    let all = json!({
        "problems": counts.map(|(kind, n)| json!({ "kind": kind.key(), "count": n })).collect::<Vec<_>>(),
        "home": home.to_string_lossy(),
        "made": manifest.made,
        "kept": restored.kept.as_ref().map(|path| path.to_string_lossy()),
        "own_files": restored.own_files,
        "counts": restored.now.counts,
        "head": restored.now.head,
        "lacking": {
            "known": lacking.is_sure,
            "may_go_on": lacking.may_go_on(),
            "void": lacking.spent.iter().map(CertCode::as_str).collect::<Vec<_>>(),
            "entries": lacking.entries,
            "actions": lacking.actions.iter().map(action).collect::<Vec<_>>(),
            "gaps": lacking.numbers.iter().flat_map(|m| m.given.iter().map(|r| run(m.key.as_str(), r))).collect::<Vec<_>>(),
        },
    });
    json::document(json::RESTORE, all)
}

fn tell(
    w: &mut dyn Write,
    home: &Path,
    manifest: &BackupManifest,
    lacking: &Lacking,
    restored: &Restored,
    locale: &Locale,
) -> std::io::Result<()> {
    let path = text::visible(&home.to_string_lossy()).into_owned();
    let key = if restored.problems.is_sound() { "backup.restored" } else { "backup.restored-unsound" };
    writeln!(w, "{}", locale.fill(key, &[("path", &path), ("made", &locale.moment(&manifest.made))]))?;
    for line in locale.ledger_problems(&restored.problems) {
        writeln!(w, "  {line}")?;
    }
    if let Some(kept) = &restored.kept {
        writeln!(w, "{}", locale.fill("backup.kept", &[("path", &text::visible(&kept.to_string_lossy()))]))?;
    }
    for line in locale.backup_lacking(manifest, lacking) {
        writeln!(w, "{line}")?;
    }
    if lacking.is_sure {
        for lacked in &lacking.numbers {
            let runs: Vec<String> = lacked.given.iter().map(|(a, b)| format!("{a}-{b}")).collect();
            let places = [("series", lacked.key.as_str()), ("runs", &*runs.join(", "))];
            writeln!(w, "{}", locale.fill("backup.gap-line", &places))?;
        }
    } else {
        writeln!(w, "{}", locale.text("backup.unsure"))?;
    }
    if lacking.is_sure && !lacking.may_go_on() {
        writeln!(w, "{}", locale.text("backup.institutions"))?;
    }
    writeln!(w, "{}", locale.audit_head(&restored.now.head))
}
