//! `skillcert backup`: the state folder as one file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, value_parser};

use super::shape::Shape;
use super::{json, out, passphrase};
use crate::backup::{self, MONTHS, Made, Order};
use crate::data::Settings;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::{Places, Store, user};
use crate::words::Locale;

/// `skillcert backup`
#[derive(Debug)]
pub struct BackupArgs {
    /// A file or a folder; the folder of backups in the state folder when not given.
    pub output: Option<PathBuf>,
    /// Whose first line is the passphrase.
    pub passphrase_file: Option<PathBuf>,
    /// Whether a passphrase is asked for.
    pub encrypt: bool,
    /// text or json.
    pub format: String,
}

/// Builds the verb's shape.
pub fn shape(shape: Shape<'_>) -> Command {
    let about = shape.0.fill("cli.about-backup-more", &[("months", &MONTHS.to_string())]);
    shape
        .verb("backup")
        .args([
            shape.output().value_name("FILE|DIR").help(shape.text("backup-output")),
            shape.option("passphrase-file", "FILE").value_parser(value_parser!(PathBuf)),
            shape.flag("encrypt").conflicts_with("passphrase-file"),
            shape.choice("format", &["text", "json"]).default_value("text"),
        ])
        .after_help(format!("\n{about}"))
}

/// Reads what was asked for.
pub fn read(mut m: ArgMatches) -> BackupArgs {
    BackupArgs {
        output: m.remove_one("output"),
        passphrase_file: m.remove_one("passphrase-file"),
        encrypt: m.get_flag("encrypt"),
        format: m.remove_one("format").unwrap_or_default(),
    }
}

pub fn run(args: &BackupArgs, home: Option<&Path>, settings: &Settings, locale: &Locale) -> Result<u8, Failure> {
    let passphrase = match &args.passphrase_file {
        Some(file) => Some(passphrase::of_file(file, locale)?),
        None if args.encrypt => Some(passphrase::asked_twice(locale)?),
        None => None,
    };
    let failed = |e| locale.store_failure(&e);
    let places = Places::from_environment(home).map_err(failed)?;
    let store = Store::open(&places, &user(), "backup").map_err(failed)?;
    let order = Order { output: args.output.clone(), passphrase, keep: settings.backup_keep.into() };
    let made = backup::make(&store, &places, &order).map_err(|e| locale.backup_failure(&e))?;
    let mut stdout = out::stdout();
    let written = if args.format == "json" {
        serde_json::to_writer_pretty(&mut stdout, &as_json(&made)).map_err(Into::into).and_then(|()| writeln!(stdout))
    } else {
        tell(&mut stdout, &made, locale)
    };
    out::settled(written.and_then(|()| stdout.flush())).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

fn as_json(made: &Made) -> serde_json::Value {
    let all = serde_json::json!({
        "path": made.path.to_string_lossy(),
        "size": made.size,
        "sha256": made.sha256,
        "manifest": made.manifest,
        "left_out": made.left_out.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "removed": made.removed.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
    });
    json::document(json::BACKUP, all)
}

fn tell(w: &mut impl Write, made: &Made, locale: &Locale) -> std::io::Result<()> {
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
