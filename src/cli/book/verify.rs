//! `skillcert ledger verify`: every invariant of the ledger, checked on what stands in the file.

use std::io::{self, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::reader;
use crate::cli::json::{self, document};
use crate::cli::out;
use crate::domain::ledger::audit::{Fault, Head};
use crate::domain::ledger::verify::{ProblemKind, Report};
use crate::domain::text;
use crate::failure::Failure;
use crate::words::Locale;

/// How many problems of a kind are listed as text.
const SHOWN: usize = 20;

/// Checks the ledger and tells what is wrong and what to do. Exit code 1 when anything is.
pub fn run(json: bool, home: Option<&Path>, locale: &Locale) -> Result<u8, Failure> {
    let told = |e| locale.store_failure(&e);
    let (head, report, fault) = match reader(home, locale)? {
        Some(reader) => {
            let (head, report) = reader.verify().map_err(told)?;
            (head, report, reader.head_fault().map_err(told)?)
        }
        None => (Head::default(), Report::default(), None),
    };
    let found = Found { head, report, fault };
    let mut stdout = out::stdout();
    let written = if json { as_json(&found, locale, &mut stdout) } else { as_text(&found, locale, &mut stdout) };
    let written = written.and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))?;
    Ok(u8::from(!found.is_sound()))
}

/// What was found: the end of the chain, what is wrong inside the file, and what its end as noted outside says besides.
struct Found {
    head: Head,
    report: Report,
    fault: Option<Fault>,
}

impl Found {
    fn is_sound(&self) -> bool {
        self.report.is_sound() && self.fault.is_none()
    }
}

fn as_json(found: &Found, locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    let Found { head, report, fault } = found;
    let problem = |p: &crate::domain::ledger::verify::Problem| json!({ "kind": p.kind.key(), "object": text::visible(&p.object), "detail": text::visible(&p.detail) });
    let problems: Vec<Value> = report.problems().iter().map(problem).collect();
    let counts: Vec<Value> =
        report.counts().iter().map(|(kind, n)| json!({ "kind": kind.key(), "count": n })).collect();
    let fault = fault.as_ref().map(|fault| locale.audit_fault(fault));
    let value = json!({ "head": head, "counts": counts, "problems": problems, "noted_head": fault });
    writeln!(out, "{}", document(json::VERIFY, value))
}

fn as_text(found: &Found, locale: &Locale, out: &mut impl Write) -> io::Result<()> {
    let Found { head, report, fault } = found;
    for kind in ProblemKind::ALL {
        let Some(count) = report.counts().get(&kind) else { continue };
        let text = |part: &str| locale.text(&format!("verify.{}.{part}", kind.key())).to_string();
        writeln!(out, "{} ({}, {count})", text("title"), kind.key())?;
        for problem in report.problems().iter().filter(|p| p.kind == kind).take(SHOWN) {
            writeln!(out, "  {}  {}", text::visible(&problem.object), text::visible(&problem.detail))?;
        }
        if (SHOWN as u64) < *count {
            let places = [("shown", SHOWN.to_string()), ("total", count.to_string())];
            writeln!(out, "  {}", locale.fill("check.showing", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        }
        writeln!(out, "  {}", text("todo"))?;
    }
    if let Some(fault) = fault {
        writeln!(out, "{}", text::visible(&locale.audit_fault(fault)))?;
    }
    let places = [("count", head.count.to_string()), ("hash", head.hash.clone())];
    let key = if found.is_sound() { "verify.sound" } else { "verify.unsound" };
    writeln!(out, "{}", locale.fill(key, &places.each_ref().map(|(k, v)| (*k, v.as_str()))))
}
