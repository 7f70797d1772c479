//! `skillcert ledger reply FILE`: what a site says became of certificates, taken into the ledger whole or not at all.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::answer;
use crate::cli::io::{Io, sign_on};
use crate::cli::json::{self, document};
use crate::cli::reading::map;
use crate::cli::typed::{TextOrJson, day, number};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::reply::{BarredRow, ReplyOrder, TakenReply};
use crate::failure::Failure;
use crate::office::{Office, ReplyReading, SiteReply};
use crate::words::Locale;

#[derive(Debug, Args)]
pub struct LedgerReplyArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "FILE", help = "reply-file")]
    reply: PathBuf,
    #[arg(long, value_name = "N", help = "reply-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "DATE", help = "reply-date", value_parser = day)]
    date: Option<NaiveDate>,
    #[arg(long, value_name = "NAME", help = "reply-sheet")]
    sheet: Option<String>,
    #[arg(long, value_name = "SOURCE=COLUMN", help = "reply-map", value_parser = map)]
    map: Vec<(String, String)>,
    #[arg(long)]
    leave_others: bool,
    #[arg(long, help = "reply-dry-run")]
    dry_run: bool,
}

/// Takes a reply. Exit code 1 where a row stands against it and nothing was taken.
pub fn run(args: &LedgerReplyArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = sign_on(io, office, "ledger")?;
    let reading = ReplyReading { sheet: args.sheet.clone(), map: args.map.clone() };
    let reply = office.read_reply(&args.reply, &reading)?;
    if !reply.others.is_empty() && args.sheet.is_none() {
        let others = reply.others.join(locale.text("finding.comma"));
        io.note(&locale.fill("reply.other-sheets", &[("sheet", &reply.sheet), ("others", &others)]));
    }
    let order = ReplyOrder { batch: args.batch, on: office.or_today(args.date)?, leaves: args.leave_others };
    let taken = if args.dry_run {
        session.tried(|session| session.take_reply(&reply, order))?
    } else {
        session.take_reply(&reply, order)?
    };
    let is_taken = taken.may_be_taken(order);
    let value = to_json(args, &reply, (&taken, is_taken), locale);
    answer(io, locale, args.format, &value, |w| {
        let lines = locale.reply_told(&reply.file.file, &taken, (args.dry_run, is_taken));
        lines.iter().try_for_each(|line| writeln!(w, "{line}"))
    })?;
    Ok(u8::from(!is_taken))
}

fn to_json(
    args: &LedgerReplyArgs,
    reply: &SiteReply,
    (taken, is_taken): (&TakenReply, bool),
    locale: &Locale,
) -> Value {
    let counts: serde_json::Map<String, Value> =
        taken.taken.iter().map(|(status, n)| (status.key().to_string(), (*n).into())).collect();
    let reasons: Vec<Value> =
        (taken.reasons.iter()).map(|(why, n)| json!({ "reason": Locale::reason(why, true), "count": n })).collect();
    let barred = |row: &BarredRow| {
        json!({ "row": row.line, "code": row.code.map(|code| code.to_string()), "fault": row.fault.key(),
                "message": locale.reply_fault(&row.fault) })
    };
    let entries: &[u64] = if args.dry_run { &[] } else { &taken.entries };
    document(
        json::REPLY,
        json!({
            "file": reply.file.file, "sha256": reply.file.sha256, "sheet": reply.sheet, "rows": reply.rows.len(),
            "batches": taken.batches.iter().map(|batch| batch.0).collect::<Vec<_>>(), "dry_run": args.dry_run,
            "taken": is_taken && !args.dry_run, "counts": counts, "reasons": reasons, "same": taken.same,
            "waiting": taken.waiting, "silent": taken.silent,
            "refused": taken.barred.iter().map(barred).collect::<Vec<_>>(), "entries": entries,
        }),
    )
}
