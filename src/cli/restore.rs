//! `skillcert restore FILE`: a backup in the place of the store.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, value_parser};
use serde_json::json;

use super::load::today;
use super::shape::Shape;
use super::{out, passphrase, usage};
use crate::backup::{self, Manifest, Restored, Waiting};
use crate::domain::code::CertCode;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{Lacking, Places, user};
use crate::words::Locale;

/// `skillcert restore`
#[derive(Debug)]
pub struct RestoreArgs {
    pub file: PathBuf,
    /// The state folder it goes to; the one in use when not given.
    pub to: Option<PathBuf>,
    /// Whose first line is the passphrase.
    pub passphrase_file: Option<PathBuf>,
    /// Whether nothing is asked.
    pub yes: bool,
    /// Whether nothing may be asked: what would be is refused.
    pub no_input: bool,
    /// text or json.
    pub format: String,
}

/// Builds the verb's shape.
pub fn shape(shape: Shape<'_>) -> Command {
    shape
        .verb("restore")
        .args([
            shape.file().required(true).help(shape.text("restore-file")),
            shape.option("to", "DIR").help(shape.text("restore-to")).value_parser(value_parser!(PathBuf)),
            shape.option("passphrase-file", "FILE").value_parser(value_parser!(PathBuf)),
            shape.flag("yes"),
            shape.choice("format", &["text", "json"]).default_value("text"),
        ])
        .after_help(format!("\n{}", shape.text("about-restore-more")))
}

/// Reads what was asked for.
pub fn read(mut m: ArgMatches) -> RestoreArgs {
    RestoreArgs {
        file: m.remove_one("file").unwrap_or_default(),
        to: m.remove_one("to"),
        passphrase_file: m.remove_one("passphrase-file"),
        yes: m.get_flag("yes"),
        no_input: m.get_flag("no-input"),
        format: m.remove_one("format").unwrap_or_default(),
    }
}

/// Puts the backup back.
pub fn run(args: &RestoreArgs, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(passphrase::of_file(file, locale)?),
        None if !backup::is_locked(&args.file).unwrap_or(false) => None,
        None if args.no_input => return Err(usage(locale, "cli.no-input-passphrase", &[])),
        None => Some(passphrase::asked(locale)?),
    };
    let places = Places::from_environment(args.to.as_deref().or(home)).map_err(|e| locale.store_failure(&e))?;
    let told = |e| locale.backup_failure(&e);
    let waiting = backup::open(&args.file, passphrase.as_deref(), &places).map_err(told)?;
    if !args.yes && (waiting.replaces() || !waiting.elsewhere().is_empty()) {
        if args.no_input {
            return Err(usage(locale, "backup.say-yes", &[]));
        }
        agree(&waiting, places.home(), locale)?;
    }
    let (manifest, lacking) = (waiting.manifest.clone(), waiting.lacking.clone());
    let reason = locale.fill("backup.gap", &[("made", &locale.moment(&manifest.made))]);
    let restored = waiting.put(&user(), &reason, today(None, locale)?).map_err(told)?;
    let mut stdout = out::stdout();
    let written = if args.format == "json" {
        let all = told_as_json(places.home(), &manifest, &lacking, &restored);
        serde_json::to_writer_pretty(&mut stdout, &all).map_err(Into::into).and_then(|()| writeln!(stdout))
    } else {
        tell(&mut stdout, places.home(), &manifest, &lacking, &restored, locale)
    };
    out::settled(written.and_then(|()| stdout.flush())).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

/// Asks whether what is there may be replaced; only a `y` says so.
fn agree(waiting: &Waiting, home: &Path, locale: &Locale) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(usage(locale, "backup.say-yes", &[]));
    }
    let path = text::visible(&home.to_string_lossy()).into_owned();
    let made = locale.moment(&waiting.manifest.made);
    out::message(&locale.fill("backup.replaces", &[("path", &path), ("made", &made)]));
    locale.backup_lacking(&waiting.manifest, &waiting.lacking).iter().for_each(|line| out::message(line));
    for holder in waiting.elsewhere() {
        out::message(&locale.fill("backup.elsewhere", &[("holder", &holder)]));
    }
    out::message(locale.text("backup.agree"));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim(), "y" | "Y" | "ｙ" | "Ｙ") {
        return Ok(());
    }
    Err(usage(locale, "backup.nothing-changed", &[]))
}

fn told_as_json(home: &Path, manifest: &Manifest, lacking: &Lacking, restored: &Restored) -> serde_json::Value {
    let action = |(action, count): &(String, u64)| json!({ "action": action, "count": count });
    let run = |key: &str, (first, last): &(u32, u32)| json!({ "series": key, "first": first, "last": last });
    let all = json!({
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
            "gaps": lacking.marks.iter().flat_map(|m| m.given.iter().map(|r| run(m.key.as_str(), r))).collect::<Vec<_>>(),
        },
    });
    super::json::document(super::json::RESTORE, all)
}

fn tell(
    w: &mut impl Write,
    home: &Path,
    manifest: &Manifest,
    lacking: &Lacking,
    restored: &Restored,
    locale: &Locale,
) -> std::io::Result<()> {
    let path = text::visible(&home.to_string_lossy()).into_owned();
    writeln!(w, "{}", locale.fill("backup.restored", &[("path", &path), ("made", &locale.moment(&manifest.made))]))?;
    if let Some(kept) = &restored.kept {
        writeln!(w, "{}", locale.fill("backup.kept", &[("path", &text::visible(&kept.to_string_lossy()))]))?;
    }
    for line in locale.backup_lacking(manifest, lacking) {
        writeln!(w, "{line}")?;
    }
    if lacking.is_sure {
        for mark in &lacking.marks {
            let runs: Vec<String> = mark.given.iter().map(|(a, b)| format!("{a}-{b}")).collect();
            let places = [("series", mark.key.as_str()), ("runs", &*runs.join(", "))];
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
