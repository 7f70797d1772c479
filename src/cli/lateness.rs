//! `skillcert lateness`: the draft of the explanation why data of a batch are late.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;

use super::io::Io;
use super::typed::{filled, number};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::event::Thing;
use crate::domain::registry::typed_prefix;
use crate::failure::Failure;
use crate::office::Office;

#[derive(Debug, Args)]
pub struct LatenessArgs {
    #[arg(long, value_name = "N", help = "history-batch", value_parser = number(1_i64, None).map(BatchId),
          required_unless_present = "institution", conflicts_with = "institution")]
    batch: Option<BatchId>,
    #[arg(long, value_name = "PREFIX", help = "lateness-institution")]
    institution: Option<String>,
    #[arg(long, short, value_name = "FILE", help = "lateness-output")]
    output: PathBuf,
    #[arg(long, value_name = "TEXT", help = "lateness-reason", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long)]
    force: bool,
}

/// Writes the draft; without a reason whoever answers for the batch fills that in, too.
pub fn run(args: &LatenessArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let thing = match (args.batch, &args.institution) {
        (Some(batch), _) => Thing::Batch(batch),
        (None, prefix) => Thing::Institution(typed_prefix(prefix.as_deref().unwrap_or_default())),
    };
    office.draft_lateness(&thing, args.reason.as_deref(), (&args.output, args.force))?;
    io.note(&office.locale().lateness_written(&args.output, args.reason.is_some()));
    Ok(0)
}
