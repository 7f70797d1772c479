//! `skillcert profile list | show ID | check FILE | new ID`: the rules of places, built in and the user's own.

mod facts;
mod show;

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::args::ProfileVerb;
use super::json::{self, document};
use super::note::note;
use super::{find_profile, out, usage};
use crate::data::{self, DataProblem, Source};
use crate::domain::profile::Profile;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic;
use crate::store::Places;
use crate::words::{Lang, Locale};

/// Runs a verb about profiles. Exit code 1 when a checked file has faults.
pub fn run(verb: ProfileVerb, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    match verb {
        ProfileVerb::List { format } => list(&format, locale),
        ProfileVerb::Show { id, format } => show(&id, &format, locale),
        ProfileVerb::Check { file } => check(&file, locale),
        ProfileVerb::New { id, from, replaces, output } => {
            let from = begun_with(&id, from.as_deref(), replaces, locale)?;
            new(&id, from.as_deref(), output.as_deref(), home, locale).map(|()| 0)
        }
    }
}

fn print(text: &str, locale: &Locale) -> Result<(), Failure> {
    let mut stdout = out::stdout();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))
}

fn name_of<'a>(profile: &'a Profile, locale: &Locale) -> &'a str {
    if locale.lang == Lang::Zh { &profile.name } else { &profile.name_en }
}

/// Tells where a profile comes from.
fn origin(source: &Source, locale: &Locale) -> String {
    let key = match (&source.file, source.replaces) {
        (None, _) => "profile.built-in",
        (Some(_), false) => "profile.user-file",
        (Some(_), true) => "profile.replaces",
    };
    let file = source.file.as_deref().map(Path::to_string_lossy).unwrap_or_default();
    locale.fill(key, &[("file", &file)])
}

/// Gives what every listing says of a profile, as JSON.
fn head(profile: &Profile, source: &Source) -> Value {
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

fn list(format: &str, locale: &Locale) -> Result<u8, Failure> {
    let all = data::catalogue();
    let entries = || all.profiles.iter().zip(&all.sources);
    if format == "json" {
        let profiles: Vec<Value> = entries().map(|(p, source)| head(p, source)).collect();
        let problem = |p: &DataProblem| {
            json!({ "file": p.file, "line": p.place.map(|(line, _)| line), "column": p.place.and_then(|(_, c)| c),
                "message": locale.data_fault(p) })
        };
        let problems: Vec<Value> = all.problems.iter().map(problem).collect();
        let value = document(json::PROFILES, json!({ "profiles": profiles, "problems": problems }));
        return print(&format!("{value}\n"), locale).map(|()| 0);
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
    print(&shown(&text), locale).map(|()| 0)
}

fn show(id: &str, format: &str, locale: &Locale) -> Result<u8, Failure> {
    let profile = find_profile(id, locale)?;
    let all = data::catalogue();
    let Some(source) = all.source(id) else { return Err(Failure::new(FailureKind::Bug, "no source", "")) };
    match format {
        // What the user wrote goes out as it is, like any file that is copied.
        "toml" => print(&source.text, locale)?,
        "json" => print(&format!("{}\n", document(json::PROFILE, show::as_json(&profile, source, all))), locale)?,
        _ => print(&shown(&show::text(&profile, source, all, locale)), locale)?,
    }
    Ok(0)
}

fn check(file: &Path, locale: &Locale) -> Result<u8, Failure> {
    let program = std::env::current_exe().map_err(|e| locale.bug(&e))?;
    let problems = data::inspect(file, data::catalogue(), &program);
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
    print(&shown(&format!("{text}\n")), locale)?;
    Ok(u8::from(!faults.is_empty()))
}

/// Tells which profile a new one begins with. The id of a built-in one is refused unless its place is to be taken, and then
/// the new one begins with what it replaces: an empty form would leave the place without rules.
fn begun_with(id: &str, from: Option<&str>, replaces: bool, locale: &Locale) -> Result<Option<String>, Failure> {
    let built_in = data::profile(id).zip(data::catalogue().source(id)).filter(|(_, s)| s.file.is_none() || s.replaces);
    match (built_in, from) {
        (Some((profile, _)), _) if !replaces => {
            let places = [("id", id), ("name", name_of(&profile, locale)), ("document", &profile.document)];
            let (told, hint) =
                (locale.fill("profile.is-built-in", &places), locale.fill("profile.is-built-in-hint", &places));
            Err(Failure::new(FailureKind::Usage, told, hint))
        }
        (None, _) if replaces => Err(usage(locale, "profile.replaces-nothing", &[("id", id)])),
        (Some(_), None) => Ok(Some(id.to_string())),
        (_, from) => Ok(from.map(String::from)),
    }
}

fn new(
    id: &str,
    from: Option<&str>,
    output: Option<&Path>,
    home: Option<&Path>,
    locale: &Locale,
) -> Result<(), Failure> {
    if !data::is_valid_id(id) {
        return Err(usage(locale, "profile.bad-id", &[("id", id)]));
    }
    let text = match from {
        None => data::template(id),
        Some(from) => {
            let profile = find_profile(from, locale)?;
            let source = data::catalogue().source(&profile.id).map(|s| s.text.as_ref()).unwrap_or_default();
            data::with_id(source, id)
        }
    };
    let exists = |path: &Path| usage(locale, "profile.exists", &[("file", &path.to_string_lossy())]);
    let path = match output {
        Some(path) if path == Path::new("-") => return print(&text, locale),
        Some(path) => {
            let put = |w: &mut std::io::BufWriter<&mut std::fs::File>| {
                w.write_all(text.as_bytes()).map_err(atomic::WriteError::io(path))
            };
            atomic::write(path, false, None, put).map_err(|e| match e {
                atomic::WriteError::Exists(path) => exists(&path),
                other => locale.write_failure(&other),
            })?;
            path.to_path_buf()
        }
        None => {
            let places = Places::from_environment(home).map_err(|e| locale.store_failure(&e))?;
            let name = format!("{id}.toml");
            let path = places.home().join(data::FOLDERS[0]).join(&name);
            if path.symlink_metadata().is_ok() {
                return Err(exists(&path));
            }
            let written = places.new_file(data::FOLDERS[0], &name, text.as_bytes());
            written.map_err(|e| locale.store_failure(&e))?
        }
    };
    note(&locale.fill("profile.written", &[("file", &path.to_string_lossy())]));
    Ok(())
}

/// Makes texts of the user's files safe for a terminal, line by line.
fn shown(text: &str) -> String {
    text.lines().map(|line| text::visible(line).into_owned() + "\n").collect()
}
