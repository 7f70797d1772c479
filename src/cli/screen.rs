//! `skillcert screen`: what in the ledger or a batch asks for a second look; it refuses nothing (BJ-69).

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::io::{Io, look};
use super::json::{self, document};
use super::typed::{TextOrJson, number};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::screening::{SCREENING_CLAUSE, ScreeningFinding};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{Office, Screening};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct ScreenArgs {
    #[arg(long, value_name = "N", help = "screen-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "N", help = "screen-levels", value_parser = number(0_u16, None))]
    levels: Option<u16>,
    #[arg(long, value_name = "N", help = "screen-occupations", value_parser = number(0_u16, None))]
    occupations: Option<u16>,
    #[arg(long, value_name = "N", help = "screen-certificates", value_parser = number(0_u16, None))]
    certificates: Option<u16>,
    #[arg(long, value_name = "DAYS", help = "screen-within", value_parser = number(1_u16, Some(366)))]
    within: Option<u16>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Screens. Exit code 0 whatever was found: these are hints, and only the centre suspends.
pub fn run(args: &ScreenArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let mut limits = office.screening_limits();
    limits.day_levels = args.levels.unwrap_or(limits.day_levels);
    limits.day_occupations = args.occupations.unwrap_or(limits.day_occupations);
    limits.burst = args.certificates.unwrap_or(limits.burst);
    limits.burst_days = args.within.unwrap_or(limits.burst_days);
    let found = match args.batch {
        Some(batch) => look(io, office, false, "screen")?.screen_batch(batch, limits, &mut |told| io.message(&told))?,
        None => office.screen(limits)?,
    };
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::SCREENING, as_json(&found)))?,
        TextOrJson::Text => io.text(locale, &page(&found, locale))?,
    }
    Ok(0)
}

fn page(found: &Screening, locale: &Locale) -> String {
    if found.findings.is_empty() {
        return locale.text("screen.nothing").to_string() + "\n";
    }
    let n = found.findings.len().to_string();
    let head = locale.fill("screen.found", &[("n", &n), ("clause", SCREENING_CLAUSE)]);
    let lines =
        found.findings.iter().map(|one| format!("  {}  {}\n", locale.screening_kind(one), locale.screening_told(one)));
    format!("{head}\n{}", lines.collect::<String>())
}

fn as_json(found: &Screening) -> Value {
    let limits = json!({
        "levels": found.limits.day_levels, "occupations": found.limits.day_occupations,
        "certificates": found.limits.burst, "days": found.limits.burst_days,
    });
    let all: Vec<Value> = found.findings.iter().map(finding_json).collect();
    json!({ "limits": limits, "clause": SCREENING_CLAUSE, "findings": all })
}

fn finding_json(finding: &ScreeningFinding) -> Value {
    let shown = |text: &str| text::visible(text).into_owned();
    match finding {
        ScreeningFinding::SameDay(one) => {
            let all = |texts: &std::collections::BTreeSet<String>| texts.iter().map(|t| shown(t)).collect::<Vec<_>>();
            json!({
                "kind": finding.key(), "person": one.person, "name": shown(&one.name), "day": shown(&one.day),
                "certificates": one.certificates, "levels": all(&one.levels), "occupations": all(&one.occupations),
                "codes": one.codes.iter().map(ToString::to_string).collect::<Vec<_>>(), "rows": one.lines,
            })
        }
        ScreeningFinding::Burst { prefix, institution, from, to, certificates } => json!({
            "kind": finding.key(), "prefix": shown(prefix), "institution": shown(institution), "from": from, "to": to,
            "certificates": certificates,
        }),
        ScreeningFinding::Watched { batch, file, lines, .. } => {
            json!({ "kind": finding.key(), "batch": batch.0, "file": shown(file), "rows": lines })
        }
    }
}
