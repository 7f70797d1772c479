//! `skillcert doctor`: looks at what the program stands on, and says what to do about what is wrong.
//!
//! Nothing is made, migrated or closed by it, but for the file at which locks are tried.

mod disk;
mod terminal;

use std::io::Write;
use std::path::Path;

use clap::{ArgMatches, Command};
use serde_json::json;

use super::json::{self, document};
use super::out;
use super::shape::Shape;
use crate::data::Settings;
use crate::domain::text;
use crate::failure::Failure;
use crate::store::Places;
use crate::words::Locale;

/// `skillcert doctor`
#[derive(Debug)]
pub struct DoctorArgs {
    /// Whether a text is put into the clipboard of the user's terminal.
    pub clipboard: bool,
    /// text or json.
    pub format: String,
}

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Worth a look; nothing breaks.
    Attention,
    Bad,
}

impl Verdict {
    fn key(self) -> &'static str {
        match self {
            Verdict::Ok => "ok",
            Verdict::Attention => "attention",
            Verdict::Bad => "bad",
        }
    }
}

/// A thing that was looked at.
#[derive(Debug)]
pub struct Line {
    /// Its name in JSON; its title is in the locales under `doctor.title.<name>`.
    pub name: &'static str,
    pub verdict: Verdict,
    pub found: String,
    /// What to do; empty where there is nothing.
    pub hint: String,
    /// Whether the store cannot be used because of it.
    pub stops_store: bool,
}

/// Makes lines in the user's words.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a>(pub &'a Locale);

impl Words<'_> {
    /// Makes a line from the key of what was found, under `doctor.<name>`; what to do stands under `<key>-hint`.
    pub fn line(self, name: &'static str, verdict: Verdict, key: &str, places: &[(&str, &str)]) -> Line {
        let shown: Vec<_> = places.iter().map(|(key, value)| (*key, text::visible(value))).collect();
        let shown: Vec<(&str, &str)> = shown.iter().map(|(key, value)| (*key, &**value)).collect();
        let (found, hint) = (format!("doctor.{name}.{key}"), format!("doctor.{name}.{key}-hint"));
        let hint = if verdict == Verdict::Ok { String::new() } else { self.0.fill(&hint, &shown) };
        Line { name, verdict, found: self.0.fill(&found, &shown), hint, stops_store: false }
    }
}

/// Builds the verb's shape.
pub fn shape(shape: Shape<'_>) -> Command {
    shape
        .verb("doctor")
        .args([shape.flag("clipboard"), shape.choice("format", &["text", "json"]).default_value("text")])
}

/// Reads what was asked for.
pub fn read(mut m: ArgMatches) -> DoctorArgs {
    DoctorArgs { clipboard: m.get_flag("clipboard"), format: m.remove_one("format").unwrap_or_default() }
}

/// Looks at everything. Exit code 1 where something is wrong, 4 where the store cannot be used.
pub fn run(args: &DoctorArgs, home: Option<&Path>, settings: &Settings, locale: &Locale) -> Result<u8, Failure> {
    let words = Words(locale);
    let mut lines = terminal::lines(words, settings);
    match Places::from_environment(home) {
        Ok(places) => lines.extend(disk::lines(words, &places, settings)),
        Err(error) => lines.push(disk::refused("folder", &locale.store_failure(&error))),
    }
    let mut stdout = out::stdout();
    let written = if args.format == "json" {
        let of = |l: &Line| json!({ "name": l.name, "verdict": l.verdict.key(), "found": l.found, "hint": l.hint });
        let all = json!({ "version": env!("CARGO_PKG_VERSION"), "checks": lines.iter().map(of).collect::<Vec<_>>() });
        serde_json::to_writer_pretty(&mut stdout, &document(json::DOCTOR, all))
            .map_err(Into::into)
            .and_then(|()| writeln!(stdout))
    } else {
        tell(&mut stdout, &lines, locale)
    };
    let written = written.and_then(|()| if args.clipboard { terminal::clip(&mut stdout, locale) } else { Ok(()) });
    out::settled(written.and_then(|()| stdout.flush())).map_err(|e| locale.untold(&e))?;
    Ok(match lines.iter().map(|line| line.verdict).max() {
        _ if lines.iter().any(|line| line.stops_store) => 4,
        Some(Verdict::Bad) => 1,
        _ => 0,
    })
}

fn tell(w: &mut impl Write, lines: &[Line], locale: &Locale) -> std::io::Result<()> {
    for line in lines {
        let verdict = locale.text(match line.verdict {
            Verdict::Ok => "doctor.ok",
            Verdict::Attention => "doctor.attention",
            Verdict::Bad => "doctor.bad",
        });
        let title = format!("doctor.title.{}", line.name);
        let places = [("verdict", verdict), ("title", locale.text(&title)), ("found", &line.found)];
        writeln!(w, "{}", locale.fill("doctor.line", &places))?;
        for hint in line.hint.lines() {
            writeln!(w, "        {hint}")?;
        }
    }
    Ok(())
}
