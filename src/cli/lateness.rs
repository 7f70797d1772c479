//! `skillcert lateness`: the draft of the explanation why data of a batch are late.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;

use super::io::Io;
use super::typed::{filled, number};
use crate::domain::ledger::BatchId;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct LatenessArgs {
    #[arg(long, value_name = "N", help = "history-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, short, value_name = "FILE", help = "lateness-output")]
    output: PathBuf,
    #[arg(long, value_name = "TEXT", help = "lateness-reason", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long)]
    force: bool,
}

/// Writes the draft; without a reason whoever answers for the batch fills that in, too.
pub fn run(args: &LatenessArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    office.draft_lateness(args.batch, args.reason.as_deref(), (&args.output, args.force))?;
    io.note(&office.locale().lateness_written(&args.output, args.reason.is_some()));
    Ok(0)
}
