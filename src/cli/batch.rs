//! `skillcert batch`: the batches of the store.

use clap::builder::TypedValueParser;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::io::Io;
use super::json::{self, document};
use super::typed::{TextOrJson, number};
use crate::cli::io::{look, sign_on};
use crate::cli::ledger::change::{BatchSubmitArgs, submit};
use crate::domain::date;
use crate::domain::ledger::{BatchId, Certificate};
use crate::domain::roster::Part;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{BatchWaits, BatchWork, HandIn, ListedBatch, Office};
use crate::words::Locale;

/// Without a verb the batches are listed.
#[derive(Debug, Args)]
pub struct BatchArgs {
    #[command(subcommand)]
    verb: Option<BatchVerb>,
}

#[derive(Debug, Subcommand)]
enum BatchVerb {
    List {
        #[arg(long, help = "all-batches")]
        all: bool,
        #[arg(long)]
        unsent: bool,
        #[arg(long)]
        late: bool,
        #[arg(long, help = "returned-batches")]
        returned: bool,
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
    },
    Show {
        #[arg(long, value_enum, default_value_t)]
        format: TextOrJson,
        #[arg(value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
        batch: BatchId,
    },
    Submit(BatchSubmitArgs),
    Archive {
        #[arg(value_name = "N", required = true, help = "batches", value_parser = number(1_i64, None).map(BatchId))]
        batches: Vec<BatchId>,
    },
    Restore {
        #[arg(value_name = "N", required = true, help = "batches", value_parser = number(1_i64, None).map(BatchId))]
        batches: Vec<BatchId>,
    },
}

/// Does what a verb says.
pub fn run(args: &BatchArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let plain = BatchVerb::List { all: false, unsent: false, late: false, returned: false, format: TextOrJson::Text };
    let mut is_part = false;
    let (all, format, single) = match args.verb.as_ref().unwrap_or(&plain) {
        BatchVerb::List { all, unsent, late, returned, format } => {
            let asked = [(*unsent, BatchWaits::Unsent), (*late, BatchWaits::Late), (*returned, BatchWaits::Returned)];
            let waits: Vec<BatchWaits> = asked.into_iter().filter(|(is, _)| *is).map(|(_, waits)| waits).collect();
            is_part = !waits.is_empty();
            (look(io, office, false, "batch")?.batches_waiting(*all, &waits)?, *format, false)
        }
        BatchVerb::Show { batch, format } => {
            (vec![look(io, office, false, "batch")?.list_batch(*batch)?], *format, true)
        }
        BatchVerb::Submit(args) => return submit(args, io, office),
        BatchVerb::Archive { batches } => return put_away(batches, true, io, office),
        BatchVerb::Restore { batches } => return put_away(batches, false, io, office),
    };
    let answer = if format == TextOrJson::Json {
        let mut list: Vec<Value> = all.iter().map(to_json).collect();
        let value = if let (true, Some(one)) = (single, all.first()) {
            let (parts, returned) = (parts_to_json(one), returned_to_json(one));
            let handed: Vec<Value> = one.handed.iter().map(handed_to_json).collect();
            let value = json!({
                "batch": list.pop(), "parts": parts, "returned": returned, "lacks": one.lacks, "handed_in": handed,
            });
            document(json::BATCH, value)
        } else {
            document(json::BATCHES, json!({ "batches": list }))
        };
        value.to_string()
    } else {
        let lines: Vec<String> = all.iter().flat_map(|one| lines(one, office)).collect();
        if lines.is_empty() && is_part {
            locale.text("ledger.none-waiting").to_string()
        } else if lines.is_empty() {
            none_listed(io, office)?
        } else {
            lines.join("\n")
        }
    };
    io.answer_as(format.into(), locale, |w| writeln!(w, "{answer}"))?;
    Ok(0)
}

/// Says that there are no batches, or that all of them are archived.
fn none_listed(io: &mut Io, office: &Office) -> Result<String, Failure> {
    let archived = look(io, office, false, "batch")?.list_batches(true)?.len();
    let locale = office.locale();
    Ok(match archived {
        0 => locale.text("ledger.no-batches").to_string(),
        n => locale.fill("ledger.all-archived", &[("n", &n.to_string())]),
    })
}

/// Archives batches, or brings them back, and tells of each what came of it. All of them are looked for first.
fn put_away(batches: &[BatchId], archives: bool, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (session, locale) = (sign_on(io, office, "batch")?, office.locale());
    let files = batches.iter().map(|id| Ok(session.batch(*id)?.origin.file)).collect::<Result<Vec<_>, Failure>>()?;
    let mut told = String::new();
    for (id, file) in batches.iter().zip(&files) {
        let is_new = if archives { session.archive_batch(*id)? } else { session.bring_batch_back(*id)? };
        let key = match (archives, is_new) {
            (true, true) => "ledger.batch-archived",
            (true, false) => "ledger.batch-archived-before",
            (false, true) => "ledger.batch-restored",
            (false, false) => "ledger.batch-not-archived",
        };
        told += &locale.fill(key, &[("batch", &id.to_string()), ("file", &text::visible(file))]);
        told.push('\n');
    }
    io.print(locale, &told)?;
    Ok(0)
}

fn to_json(ListedBatch { batch, work, numbers, .. }: &ListedBatch) -> Value {
    let numbers: Map<String, Value> = numbers.iter().map(|(s, n)| (s.key().to_string(), (*n).into())).collect();
    json!({
        "batch": batch.id.0, "created": batch.created_at, "file": batch.origin.file, "sheet": batch.origin.sheet,
        "sha256": batch.sha256, "profile": batch.profile, "rows": batch.rows, "complete": batch.complete,
        "closed": batch.closed, "files": batch.parts + 1, "numbers": numbers, "user": work.user, "at": work.at, "edits": work.edits, "rows_put_aside": work.aside,
        "errors": work.errors, "unnumbered": work.unnumbered, "taken": work.numbers, "exported": work.exported_at,
        "second": work.second.as_ref().map(|waits| json!({ "yours": waits.is_yours, "by": waits.by.iter().map(|user| text::signed_by(user)).collect::<Vec<_>>() })),
        "changed_since": work.is_changed_since, "outdated": work.is_outdated, "lacking": work.lacking,
    })
}

/// Lists the files and sheets whose rows the batch holds; none for a batch of one.
fn parts_to_json(ListedBatch { batch, parts, .. }: &ListedBatch) -> Value {
    let ends = parts.iter().skip(1).map(|part| part.first).chain([batch.rows]);
    let told = |(part, end): (&Part, u32)| {
        json!({ "file": part.origin.file, "sheet": part.origin.sheet, "sha256": part.sha256,
                "row_count": end.saturating_sub(part.first), "header_row": part.origin.header_row })
    };
    parts.iter().zip(ends).map(told).collect()
}

/// Lists what came back: code, masked name, day and reason.
fn returned_to_json(one: &ListedBatch) -> Value {
    let told = |(certificate, why): &(Certificate, String)| {
        json!({
            "code": certificate.code.as_str(), "name": Field::Name.masked(&certificate.holder.name),
            "since": date::written(certificate.status_on), "reason": Locale::reason(why, true),
        })
    };
    one.returned.iter().map(told).collect()
}

/// Writes a batch on a line, and below it the files that it is of, where they are several, and what came back of it.
fn lines(
    ListedBatch { batch, work, numbers, returned, parts, lacks, handed }: &ListedBatch,
    office: &Office,
) -> Vec<String> {
    let locale = office.locale();
    let (file, sheet) = match batch.parts {
        0 => (locale.file_name(&batch.origin.file).into_owned(), text::visible(&batch.origin.sheet).into_owned()),
        more => (locale.files_place(&batch.origin.file, &batch.origin.sheet, more as usize + 1), String::new()),
    };
    let numbers: Vec<String> = numbers.iter().map(|(status, n)| format!("{} {n}", locale.status(*status))).collect();
    let places = [
        ("batch", batch.id.to_string()),
        ("file", file),
        ("sheet", sheet),
        ("created", locale.moment(&batch.created_at)),
        ("profile", locale.profile_of(&batch.profile, office.catalogue()).to_string()),
        ("rows", batch.rows.to_string()),
        ("work", work_told(batch.closed, work, locale)),
        ("numbers", numbers.join(locale.text("finding.comma"))),
    ];
    let head = locale.fill("ledger.batch", &places.each_ref().map(|(k, v)| (*k, v.as_str()))).trim_end().to_string();
    let told = |(certificate, why): &(Certificate, String)| {
        let name = Field::Name.masked(&certificate.holder.name);
        let why = if why.is_empty() { locale.text("finding.no-reason").to_string() } else { Locale::reason(why, true) };
        let places = [
            ("code", certificate.code.as_str()),
            ("name", &text::visible(&name)),
            ("day", &date::written(certificate.status_on)),
            ("reason", &why),
        ];
        locale.fill("ledger.batch-returned", &places)
    };
    let parts = locale.parts_told(parts, batch.rows).into_iter().map(|told| format!("  {told}"));
    let lacks = lacks.iter().map(|told| format!("  {told}"));
    let handed = handed.iter().map(|one| format!("  {}", locale.handed_in(&one.user, &one.noted, &one.reason)));
    std::iter::once(head).chain(parts).chain(handed).chain(returned.iter().map(told)).chain(lacks).collect()
}

/// Tells one step of a batch to the authority and back.
fn handed_to_json(one: &HandIn) -> Value {
    let noted = &one.noted;
    json!({
        "entry": one.entry, "user": text::signed_by(&one.user), "status": noted.status.key(), "on": noted.on.to_string(),
        "count": noted.count, "to": noted.to, "receipt": noted.receipt,
        "reply": noted.reply.as_ref().map(|reply| &reply.file), "reason": Locale::reason(&one.reason, true),
    })
}

/// Tells who worked on a batch last and what became of it.
fn work_told(is_archived: bool, work: &BatchWork, locale: &Locale) -> String {
    let (errors, edits) = (work.errors.map(|n| n.to_string()), work.edits.to_string());
    let user = text::visible(text::signed_by(&work.user));
    let mut parts = vec![(!user.is_empty()).then(|| user.into_owned())];
    parts.push(errors.map(|n| locale.fill("ledger.batch-errors", &[("n", &n)])));
    let unnumbered = work.unnumbered.filter(|n| *n != 0).map(|n| n.to_string());
    parts.push(unnumbered.map(|n| locale.fill("ledger.batch-unnumbered", &[("n", &n)])));
    parts.push((work.lacking != 0).then(|| locale.fill("ledger.batch-lacking", &[("n", &work.lacking.to_string())])));
    parts.push(work.is_outdated.then(|| locale.text("ledger.batch-outdated").to_string()));
    parts.push((work.edits != 0).then(|| locale.fill("ledger.batch-edits", &[("n", &edits)])));
    parts.push((work.aside != 0).then(|| locale.fill("ledger.batch-aside", &[("n", &work.aside.to_string())])));
    let key = if work.is_changed_since { "ledger.batch-changed-since" } else { "ledger.batch-exported" };
    let exported = |at: &String| locale.fill(key, &[("day", &locale.moment(at))]);
    parts.push(work.exported_at.as_ref().map(exported));
    parts.push(work.second.as_ref().map(|waits| locale.waits_for_second(waits)));
    parts.push(is_archived.then(|| locale.text("ledger.batch-is-archived").to_string()));
    parts.into_iter().flatten().collect::<Vec<_>>().join(locale.text("finding.comma"))
}
