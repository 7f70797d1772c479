//! `skillcert lateness`: the draft of the explanation why data of a batch are late.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;

use super::io::Io;
use super::typed::number;
use crate::domain::ledger::BatchId;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct LatenessArgs {
    #[arg(long, value_name = "N", help = "history-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, short, value_name = "FILE", help = "lateness-output")]
    output: PathBuf,
    #[arg(long)]
    force: bool,
}

/// Writes the draft, which whoever answers for the batch fills in.
pub fn run(args: &LatenessArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    office.draft_lateness(args.batch, &args.output, args.force)?;
    io.note(&office.locale().fill("lateness.written", &[("file", &args.output.to_string_lossy())]));
    Ok(0)
}
