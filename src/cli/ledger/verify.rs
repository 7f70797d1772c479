//! `skillcert ledger verify`: every invariant of the ledger, checked on what stands in the file.

use std::io::{self, Write};

use clap::Args;
use serde_json::{Value, json};

use super::answer;
use crate::cli::io::Io;
use crate::cli::json::{self, document};
use crate::cli::typed::TextOrJson;
use crate::domain::ledger::verify::{LedgerProblem, ProblemKind};
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{LedgerCheck, Office};
use crate::words::Locale;

/// How many problems of a kind are listed as text.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct LedgerVerifyArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Checks the ledger and tells what is wrong and what to do. Exit code 1 when anything is.
pub fn run(args: &LedgerVerifyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, found) = (office.locale(), office.verify_ledger()?);
    answer(io, locale, args.format, &as_json(&found, locale), |w| as_text(&found, locale, w))?;
    Ok(u8::from(!found.is_sound()))
}

fn as_json(found: &LedgerCheck, locale: &Locale) -> Value {
    let LedgerCheck { head, report, fault } = found;
    let problem = |p: &LedgerProblem| json!({ "kind": p.kind.key(), "object": text::visible(&p.object), "detail": text::visible(&p.detail) });
    let problems: Vec<Value> = report.problems().iter().map(problem).collect();
    let counts: Vec<Value> =
        report.counts().iter().map(|(kind, n)| json!({ "kind": kind.key(), "count": n })).collect();
    let fault = fault.as_ref().map(|fault| locale.audit_fault(fault));
    document(json::VERIFY, json!({ "head": head, "counts": counts, "problems": problems, "noted_head": fault }))
}

fn as_text(found: &LedgerCheck, locale: &Locale, out: &mut dyn Write) -> io::Result<()> {
    let LedgerCheck { head, report, fault } = found;
    for kind in ProblemKind::ALL {
        let Some(count) = report.counts().get(&kind) else { continue };
        let text = |part: &str| locale.text(&format!("verify.{}.{part}", kind.key())).to_string();
        writeln!(out, "{} ({}, {count})", text("title"), kind.key())?;
        for problem in report.problems().iter().filter(|p| p.kind == kind).take(SHOWN) {
            match kind {
                ProblemKind::StockDiffers => {
                    let object = locale.audit_object(&problem.object);
                    writeln!(out, "  {object}  {}", locale.stock_fault(&problem.detail))?;
                }
                _ => writeln!(out, "  {}  {}", text::visible(&problem.object), text::visible(&problem.detail))?,
            }
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
