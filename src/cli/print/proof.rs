//! `skillcert print proof`: what will stand on a certificate, as a page or as a sheet in the sizes of the notice.

use std::path::PathBuf;

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use crate::cli::io::{Io, look};
use crate::cli::json::{self, document};
use crate::cli::share::{UnderShareArgs, tell_share};
use crate::cli::typed::{TextOrJson, UnmaskArgs, code, number};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{FilledProof, Office, ProofOf, Purpose, RosterReading};

#[derive(Debug, Args)]
pub struct PrintProofArgs {
    #[arg(value_name = "CODE", help = "print-code", value_parser = code)]
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    code: Option<CertCode>,
    #[arg(long, value_name = "N", help = "print-batch", requires = "row", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "N", help = "print-row", requires = "batch", value_parser = number(1_u32, None))]
    row: Option<u32>,
    #[arg(long, short, value_name = "FILE", help = "print-proof-output")]
    output: Option<PathBuf>,
    #[arg(long)]
    force: bool,
    #[arg(long, value_name = "N", help = "form-columns", value_parser = number(80_usize, Some(400)))]
    columns: Option<usize>,
    #[command(flatten)]
    unmask: UnmaskArgs,
    #[command(flatten)]
    under: UnderShareArgs,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// The columns a proof is drawn in where nothing else is known.
const COLUMNS: usize = 100;

pub fn run(args: &PrintProofArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let reason = args.unmask.reason();
    let session = look(io, office, reason.is_some(), "print")?;
    let batch;
    let of = match (args.code, args.batch, args.row) {
        (Some(code), ..) => ProofOf::Code(code),
        (None, Some(id), Some(line)) => {
            let stored = session.batch(id)?;
            let tell = &mut |words: String| io.message(&words);
            batch = session.reopen(&stored, &RosterReading::default(), Purpose::Look, tell)?;
            let row = batch.roster().row_at_line(line);
            let row = row.ok_or_else(|| usage(locale, "print.no-row", &[("row", &line.to_string())]))?;
            ProofOf::Row(Some(id), &batch, row)
        }
        _ => return Err(usage(locale, "print.nobody", &[])),
    };
    if let Some(output) = &args.output {
        let (proof, share) = session.write_proof(&of, (output, args.force), (reason, args.under.share))?;
        if let Some(share) = &share {
            tell_share(share, io, locale);
        }
        let file = text::visible(&output.to_string_lossy()).into_owned();
        match args.format {
            TextOrJson::Json => io.json_line(locale, &document(json::PROOF, proof_json(&proof, None, Some(&file))))?,
            TextOrJson::Text => io.note(&locale.fill("print.proof-written", &[("file", &file)])),
        }
        return Ok(0);
    }
    let proof = session.proof(&of, reason.is_none(), locale)?;
    if let Some(reason) = reason {
        session.unmask_proof(&proof, reason)?;
    }
    let columns = args.columns.or_else(|| io.columns()).unwrap_or(COLUMNS).max(80);
    match args.format {
        TextOrJson::Json => io.json_line(locale, &document(json::PROOF, proof_json(&proof, Some(columns), None)))?,
        TextOrJson::Text => io.text(locale, &(proof.filled.drawn(columns).join("\n") + "\n"))?,
    }
    Ok(0)
}

fn proof_json(proof: &FilledProof, columns: Option<usize>, file: Option<&str>) -> Value {
    let texts: serde_json::Map<String, Value> =
        proof.texts.iter().map(|(column, text)| (column.key().replace('-', "_"), text.as_str().into())).collect();
    let look = |(look, clause): &(String, String)| json!({ "look": look, "clause": clause });
    json!({
        "form": proof.form.id, "file": file, "texts": texts, "looks": proof.looks.iter().map(look).collect::<Vec<_>>(),
        "lines": columns.map(|columns| proof.filled.drawn(columns)),
    })
}
