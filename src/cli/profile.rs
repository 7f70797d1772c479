//! `skillcert profile list | show ID | check FILE | new ID`: the rules of places, built in and the user's own.

mod facts;
mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::escape::Written;
use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use crate::domain::profile::Profile;
use crate::failure::{Failure, FailureKind};
use crate::office::{DataProblem, Office, ProfileSource};
use crate::words::{Lang, Locale};

/// The verb; the list when none is given.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    #[command(subcommand)]
    verb: Option<ProfileVerb>,
}

#[derive(Debug, Subcommand)]
pub enum ProfileVerb {
    List(ProfileListArgs),
    Show(ProfileShowArgs),
    Check(ProfileCheckArgs),
    New(ProfileNewArgs),
}

#[derive(Debug, Default, Args)]
pub struct ProfileListArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

#[derive(Debug, Args)]
pub struct ProfileShowArgs {
    #[arg(value_name = "ID", help = "profile-id")]
    id: String,
    #[arg(long, value_enum, default_value_t)]
    format: ProfileFormat,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum ProfileFormat {
    #[default]
    Text,
    Json,
    Toml,
}

/// Looks at the file of a profile, form or table.
#[derive(Debug, Args)]
pub struct ProfileCheckArgs {
    #[arg(value_name = "FILE", help = "profile-file")]
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct ProfileNewArgs {
    #[arg(value_name = "ID", help = "profile-id")]
    id: String,
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    #[arg(long)]
    replaces: bool,
    #[arg(long, short, value_name = "FILE", help = "new-output")]
    output: Option<PathBuf>,
}

impl ProfileArgs {
    /// Gives the file that is looked at, whose faults are the answer.
    pub fn checked(&self) -> Option<&Path> {
        match &self.verb {
            Some(ProfileVerb::Check(args)) => Some(&args.file),
            _ => None,
        }
    }
}

/// Runs a verb about profiles. Exit code 1 when a checked file has faults.
pub fn run(args: ProfileArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    match args.verb.unwrap_or(ProfileVerb::List(ProfileListArgs::default())) {
        ProfileVerb::List(args) => list(args.format, io, office).map(|()| 0),
        ProfileVerb::Show(args) => show(&args, io, office).map(|()| 0),
        ProfileVerb::Check(args) => check(&args.file, io, office),
        ProfileVerb::New(args) => new(&args, io, office).map(|()| 0),
    }
}

fn name_of<'a>(profile: &'a Profile, locale: &Locale) -> &'a str {
    if locale.lang == Lang::Zh { &profile.name } else { &profile.name_en }
}

/// Tells where a profile comes from.
fn origin(source: &ProfileSource, locale: &Locale) -> String {
    let key = match (&source.file, source.replaces) {
        (None, _) => "profile.built-in",
        (Some(_), false) => "profile.user-file",
        (Some(_), true) => "profile.replaces",
    };
    let file = source.file.as_deref().map(Path::to_string_lossy).unwrap_or_default();
    locale.fill(key, &[("file", &file)])
}

/// Gives what every listing says of a profile, as JSON.
fn head(profile: &Profile, source: &ProfileSource) -> Value {
    let origin = match (&source.file, source.replaces) {
        (None, _) => "built-in",
        (Some(_), false) => "user",
        (Some(_), true) => "replaces",
    };
    json!({
        "id": profile.id, "name": profile.name, "name_en": profile.name_en, "document": profile.document,
        "date": profile.date.to_string(), "origin": origin, "file": source.file,
        "sheet": profile.upload_sheet(), "segments": profile.layout.segments().len(),
    })
}

fn list(format: TextOrJson, io: &mut Io, office: &Office) -> Result<(), Failure> {
    let (locale, all) = (office.locale(), office.catalogue());
    let entries = || all.profiles.iter().zip(&all.sources);
    if format == TextOrJson::Json {
        let profiles: Vec<Value> = entries().map(|(p, source)| head(p, source)).collect();
        let problem = |p: &DataProblem| {
            json!({ "file": p.file, "line": p.place.map(|(line, _)| line), "column": p.place.and_then(|(_, c)| c),
                "message": locale.data_fault(p) })
        };
        let problems: Vec<Value> = all.problems.iter().map(problem).collect();
        let value = document(json::PROFILES, json!({ "profiles": profiles, "problems": problems }));
        return io.json_line(locale, &value);
    }
    let width = all.profiles.iter().map(|p| p.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (profile, source) in entries() {
        let segments = profile.layout.segments().len().to_string();
        let date = profile.date.to_string();
        let places = [
            ("document", profile.document.as_str()),
            ("date", &date),
            ("sheet", profile.upload_sheet()),
            ("segments", &segments),
            ("origin", &origin(source, locale)),
        ];
        let entry = locale.fill("profile.entry", &places);
        text += &format!("{:<width$}  {}\n{:width$}  {entry}\n", profile.id, name_of(profile, locale), "");
    }
    io.print(locale, &text)
}

fn show(args: &ProfileShowArgs, io: &mut Io, office: &Office) -> Result<(), Failure> {
    let locale = office.locale();
    let profile = office.profile(&args.id)?;
    let source = office.catalogue().source(&profile.id);
    let source = source.ok_or_else(|| Failure::new(FailureKind::Bug, "no source", ""))?;
    match args.format {
        // What the user wrote goes out as it is, like any file that is copied; a terminal is no place to copy it to.
        ProfileFormat::Toml => {
            let written = if io.is_on_terminal() { Written::Text } else { Written::File };
            io.page(locale, written, &source.text)
        }
        ProfileFormat::Json => {
            let value = document(json::PROFILE, show::as_json(&profile, source, office.catalogue()));
            io.json_line(locale, &value)
        }
        ProfileFormat::Text => io.print(locale, &show::text(&profile, source, office.catalogue(), locale)),
    }
}

fn check(file: &Path, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let problems = office.inspect(file)?;
    if let Some(unreadable) = problems.iter().find(|p| p.fault.is_unreadable()) {
        return Err(Failure::new(FailureKind::File, locale.data_problem(unreadable), ""));
    }
    let (warnings, faults): (Vec<_>, Vec<_>) = problems.iter().partition(|p| p.fault.is_warning());
    let mut text = String::new();
    for fault in &faults {
        text += &format!("{}\n", locale.data_problem(fault));
    }
    for warning in &warnings {
        text += &format!("{}\n", locale.fill("profile.warning", &[("what", &locale.data_problem(warning))]));
    }
    let (key, number) = match (faults.len(), warnings.len()) {
        (0, 0) => ("profile.sound", 0),
        (0, n) => ("profile.with-warnings", n),
        (n, _) => ("profile.wrong", n),
    };
    text += &locale.fill(key, &[("file", &file.to_string_lossy()), ("number", &number.to_string())]);
    io.print(locale, &text)?;
    Ok(u8::from(!faults.is_empty()))
}

fn new(args: &ProfileNewArgs, io: &mut Io, office: &Office) -> Result<(), Failure> {
    let locale = office.locale();
    let text = office.new_profile(&args.id, args.from.as_deref(), args.replaces)?;
    if args.output.as_deref() == Some(Path::new("-")) {
        return io.text(locale, &text);
    }
    let path = office.write_profile(&args.id, &text, args.output.as_deref())?;
    io.note(&locale.fill("profile.written", &[("file", &path.to_string_lossy())]));
    Ok(())
}
