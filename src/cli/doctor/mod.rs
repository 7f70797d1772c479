//! `skillcert doctor`: looks at what the program stands on, and says what to do about what is wrong.

mod terminal;

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::escape::Written;
use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use crate::failure::Failure;
use crate::office::{Inspection, Office, Verdict};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[arg(long)]
    clipboard: bool,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Looks at everything. Exit code 1 where something is wrong, 4 where the store cannot be used.
pub fn run(args: &DoctorArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let mut looks = terminal::looks(io.is_on_terminal(), office);
    looks.extend(office.look_at_state());
    match args.format {
        TextOrJson::Json => {
            let of = |l: &Inspection| json!({ "name": l.name, "verdict": l.verdict.key(), "found": l.found, "hint": l.hint });
            let checks: Vec<_> = looks.iter().map(of).collect();
            let all = json!({ "version": env!("CARGO_PKG_VERSION"), "checks": checks });
            io.json(locale, &document(json::DOCTOR, all))?;
        }
        TextOrJson::Text => io.answer(locale, |w| tell(w, &looks, locale))?,
    }
    if args.clipboard {
        let tried = terminal::clip(io.is_on_terminal(), office);
        // Signs for the terminal itself, and words of our own.
        io.answer_as(Written::File, locale, |w| w.write_all(tried.as_bytes()))?;
    }
    Ok(match looks.iter().map(|look| look.verdict).max() {
        _ if looks.iter().any(|look| look.stops_store) => 4,
        Some(Verdict::Bad) => 1,
        _ => 0,
    })
}

fn tell(w: &mut dyn Write, looks: &[Inspection], locale: &Locale) -> std::io::Result<()> {
    for look in looks {
        let verdict = locale.text(match look.verdict {
            Verdict::Good => "doctor.ok",
            Verdict::Attention => "doctor.attention",
            Verdict::Bad => "doctor.bad",
        });
        let title = format!("doctor.title.{}", look.name);
        let places = [("verdict", verdict), ("title", locale.text(&title)), ("found", &look.found)];
        writeln!(w, "{}", locale.fill("doctor.line", &places))?;
        for hint in look.hint.lines() {
            writeln!(w, "        {hint}")?;
        }
    }
    Ok(())
}
