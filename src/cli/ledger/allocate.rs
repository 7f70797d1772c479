//! `skillcert ledger allocate`: numbers for the rows of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::answer;
use crate::cli::consent::{DayArgs, ask};
use crate::cli::export;
use crate::cli::io::{Io, begin_numbers};
use crate::cli::json::{self, document};
use crate::cli::reading::ReadingArgs;
use crate::cli::stock::kinds as blank_kinds;
use crate::cli::table::{Alignment, table};
use crate::cli::typed::{Encoding, TextOrJson, filled, number, one_of, prefix, table_format};
use crate::cli::usage::unknown_ending;
use crate::domain::batch::Batch;
use crate::domain::ledger::plan::{Plan, PlanWish, Planned, RowOrder, RowRefusal, SeriesPlan, WrittenElsewhere};
use crate::domain::ledger::stock::{BlankKind, BlankRun, BlankStart};
use crate::domain::ledger::{BatchId, Run};
use crate::domain::numbering;
use crate::domain::roster::RowId;
use crate::domain::upload::{TableFormat, UploadPart};
use crate::failure::Failure;
use crate::office::{AllocateOrder, Allocated, ExportTarget, NumberOrder, Office, RosterAt, Session, Watch};

/// How many rows of a kind of refusal are named.
const NAMED: usize = 10;

#[derive(Debug, Args)]
pub struct LedgerAllocateArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "FILE", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[command(flatten)]
    reading: ReadingArgs,
    #[arg(long, value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "PREFIX", value_parser = prefix())]
    prefix: Option<String>,
    #[arg(long, value_name = "ORDER", default_value = RowOrder::Roster.key(), value_parser = one_of(&RowOrder::ALL, RowOrder::key))]
    sort: RowOrder,
    #[arg(long)]
    reserved: bool,
    #[arg(long)]
    also_held: bool,
    #[arg(long)]
    also_errors: bool,
    #[arg(long, value_name = "NUMBER")]
    blanks: Option<String>,
    #[arg(long, value_name = "KIND", default_value = "ordinary", requires = "blanks", value_parser = blank_kinds())]
    blank_kind: BlankKind,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, short, value_name = "FILE", help = "ledger-output")]
    output: Option<PathBuf>,
    #[arg(long, value_name = "NAME", value_enum)]
    output_encoding: Option<Encoding>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    day: DayArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Plans numbers for the rows that have none, takes them, and with `--output` writes the upload file. Exit code 1 when a row
/// got no number, or the file is refused.
pub fn run(mut args: LedgerAllocateArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let is_csv = |path: &Path| table_format(None, path, Encoding::Utf8) == Some(TableFormat::CsvUtf8);
    let given = (args.output_encoding, args.output.as_deref().is_some_and(is_csv));
    let encoding = args.reading.output_encoding(given, args.batch.is_some(), io, locale);
    if args.batch.is_some() {
        args.reading.is_of_file(locale)?;
    }
    let (args, output) = (&args, args.output.as_deref());
    let session = begin_numbers(io, office, args.dry_run || args.batch.is_some(), "ledger")?;
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    office.spare_source(file, output)?;
    let format = output
        .map(|target| table_format(None, target, encoding).ok_or_else(|| unknown_ending(locale, target)))
        .transpose()?;
    let blanks = args.blanks.as_deref().map(|typed| office.blank_number(typed)).transpose()?;
    let wish = PlanWish {
        order: args.sort,
        reserved: args.reserved,
        also_held: args.also_held,
        also_errors: args.also_errors,
        blanks: blanks.map(|from| BlankStart { kind: args.blank_kind, from }),
    };
    let order = AllocateOrder {
        wish: NumberOrder { wish, prefix: args.prefix.as_deref() },
        dry_run: args.dry_run,
        output: output.map(|target| (target, args.force)),
        may_restamp: args.yes,
        agreed: None,
        reason: args.reason.as_deref().unwrap_or_default(),
    };
    args.reading.must_be_of_one_sheet(office)?;
    args.day.check(office.or_today(args.reading.reading().today)?, args.dry_run, io, &session)?;
    let mut told = BTreeSet::new();
    let mut done = allocated(args, &order, &mut told, io, &session)?;
    // Somebody may have dated rows while it was asked.
    while let Some(dates) = done.to_agree.take() {
        drop(done);
        ask(&dates, "reach.say-yes", io, locale)?;
        told.insert(dates.clone());
        done = allocated(args, &AllocateOrder { agreed: Some(&dates), ..order }, &mut told, io, &session)?;
    }
    io.tell_left_out(&done.batch, locale);
    let mut code = tell(&done, args, io, office)?;
    let is_barred = done.errors_left != 0 && done.entry.is_none();
    if is_barred {
        let key = if args.dry_run { "ledger.would-not-write" } else { "ledger.none-taken" };
        io.message(&locale.fill(key, &[("n", &done.errors_left.to_string())]));
        code = 1;
    }
    if let (Some(target), Some(format), Some(id), false) = (output, format, done.id, args.dry_run || is_barred) {
        let (path, overwrite, watch) = (target, args.force, Watch::nobody());
        let target = ExportTarget { path, format, overwrite, source: None, watch };
        code |= export::of_batch((id, &done.batch), (&UploadPart::Whole, order.reason), &target, io, &session)?;
    }
    Ok(code)
}

/// Has numbers given; what was `told` before is not told again.
fn allocated(
    args: &LedgerAllocateArgs,
    order: &AllocateOrder<'_>,
    told: &mut BTreeSet<String>,
    io: &mut Io,
    session: &Session,
) -> Result<Allocated, Failure> {
    let file = args.file.as_deref().unwrap_or(Path::new(""));
    let at = args.batch.map_or(RosterAt::File(file), RosterAt::Batch);
    let mut tell = |words: String| {
        if told.insert(words.clone()) {
            io.message(&words);
        }
    };
    session.allocate(at, &args.reading.reading(), order, &mut tell)
}

/// Lists the kinds of refusals with their rows.
fn refusals<'a>(batch: &Batch, plan: &'a Plan, office: &Office) -> BTreeMap<(String, &'a str), Vec<RowId>> {
    let mut kinds: BTreeMap<(String, &str), Vec<RowId>> = BTreeMap::new();
    for (row, why) in &plan.refused {
        let words =
            office.locale().plan_refusal_in_shell(why, batch.context().sheet(), &|id| office.name_of_profile(id));
        kinds.entry((words, why.key())).or_default().push(*row);
    }
    kinds
}

/// Prints a plan. Gives 1 when a row that has no number gets none.
fn tell(done: &Allocated, args: &LedgerAllocateArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    answer(io, office.locale(), args.format, &to_json(done, args, office), |w| text_of(w, done, args, office))?;
    Ok(u8::from(done.plan.refused.iter().any(|(_, why)| *why != RowRefusal::HasCode)))
}

fn to_json(done: &Allocated, args: &LedgerAllocateArgs, office: &Office) -> Value {
    let locale = office.locale();
    let Allocated { batch, id, plan, entry, errors_left, .. } = done;
    let line = |row: RowId| batch.roster().line(row);
    let series: Vec<Value> = plan
        .series
        .iter()
        .map(|s| {
            let runs: Vec<Value> = s.runs.iter().map(|(first, last)| json!({ "first": first, "last": last })).collect();
            json!({ "series": s.key.as_str(), "high": s.high, "first": s.from(), "last": s.to(), "runs": runs,
                    "count": s.count(), "left": s.left })
        })
        .collect();
    let with_origin = |row: RowId, mut told: Value| {
        if let Some(origin) = json::origin(batch, row) {
            told["origin"] = origin;
        }
        told
    };
    let given = |(at, p): (usize, &Planned)| {
        let mut told = json!({ "row": line(p.row), "code": p.code.as_str() });
        if let Some(blank) = plan.blank_of(at) {
            told["blank"] = blank.to_string().into();
        }
        with_origin(p.row, told)
    };
    let rows: Vec<Value> = plan.rows.iter().enumerate().map(given).collect();
    let refused: Vec<Value> = plan
        .refused
        .iter()
        .map(|(row, why)| {
            let message = locale.plan_refusal_in_shell(why, batch.context().sheet(), &|id| office.name_of_profile(id));
            with_origin(*row, json!({ "row": line(*row), "refusal": why.key(), "message": message }))
        })
        .collect();
    let dates = numbering::restamp(batch, plan)
        .map(|restamp| json!({ "rows": restamp.rows, "from": restamp.from, "to": restamp.to }));
    let elsewhere = |other: &WrittenElsewhere| json!({ "batch": other.batch, "file": other.file, "count": other.count, "first": other.first.as_str() });
    let elsewhere: Vec<Value> = plan.elsewhere.iter().map(elsewhere).collect();
    let blank = |run: &BlankRun| json!({ "first": run.first.to_string(), "last": run.last.to_string() });
    let all = json!({
        "batch": id, "file": batch.origin.file, "profile": plan.profile, "dry_run": args.dry_run,
        "order": args.sort.key(), "reserved": plan.reserved, "series": series, "rows": rows, "refused": refused, "entry": entry,
        "issue_dates": dates, "errors_left": errors_left, "rows_put_aside": batch.roster().count_aside(),
        "written_elsewhere": elsewhere, "blanks": plan.blank_runs.iter().map(blank).collect::<Vec<_>>(),
    });
    document(json::ALLOCATION, all)
}

fn text_of(
    w: &mut dyn std::io::Write,
    done: &Allocated,
    args: &LedgerAllocateArgs,
    office: &Office,
) -> std::io::Result<()> {
    let locale = office.locale();
    let Allocated { batch, id, plan, entry, .. } = done;
    let fill = |key: &str, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale.fill(key, &places)
    };
    let head = [
        ("batch", id.map_or_else(|| "-".to_string(), |id| id.to_string())),
        ("file", locale.file_name(&batch.origin.file).into_owned()),
        ("id", plan.profile.clone()),
        ("rows", batch.roster().len().to_string()),
        ("order", locale.text(&format!("ledger.order.{}", args.sort.key())).to_string()),
    ];
    writeln!(w, "{}", fill("ledger.head", &head))?;
    if batch.roster().count_aside() != 0 {
        writeln!(w, "{}", fill("ui.plan.aside", &[("n", batch.roster().count_aside().to_string())]))?;
    }
    if !plan.series.is_empty() {
        let left = if plan.reserved { "reserved-left" } else { "left" };
        let heads = ["series", "from", "to", "count", left];
        let heads = heads.map(|key| locale.text(&format!("ledger.column.{key}")).to_string()).to_vec();
        // Reserved numbers need not stand together: a line for each run.
        let of_run = |s: &SeriesPlan, (first, last): &Run| {
            let numbers = [*first, *last, last - first + 1, s.left].map(|n| n.to_string());
            [&[s.key.to_string()], numbers.as_slice()].concat()
        };
        let lines = plan.series.iter().flat_map(|s| s.runs.iter().map(move |run| of_run(s, run)));
        let rows: Vec<Vec<String>> = std::iter::once(heads).chain(lines).collect();
        write!(w, "{}", table(&rows, Alignment::Numbers, ""))?;
    }
    if let Some(words) = locale.restamp(batch, plan) {
        writeln!(w, "{words}")?;
    }
    for words in locale.written_elsewhere(plan) {
        writeln!(w, "{words}")?;
    }
    if !plan.blank_runs.is_empty() {
        writeln!(w, "{}", locale.planned_blanks(plan))?;
        let kind = plan.blanks.map(|start| start.kind);
        if let Some(note) = kind.and_then(|kind| locale.other_blank_kind(kind, batch.context().profile())) {
            writeln!(w, "{note}")?;
        }
    }
    for ((words, _), rows) in refusals(batch, plan, office) {
        let named = locale.rows_in_parts(batch, &rows, NAMED);
        let places = [("number", rows.len().to_string()), ("why", words), ("rows", named)];
        writeln!(w, "{}", fill("ledger.refused-rows", &places))?;
    }
    let told = [("held", RowRefusal::is_held as fn(&RowRefusal) -> bool), ("errors", RowRefusal::is_error)];
    for (key, is) in told {
        let n = plan.refused.iter().filter(|(_, why)| is(why)).count();
        if n != 0 {
            writeln!(w, "{}", fill(&format!("ledger.left-out-{key}"), &[("n", n.to_string())]))?;
        }
    }
    let number = ("number", plan.rows.len().to_string());
    match entry {
        Some(entry) => writeln!(w, "{}", fill("ledger.given", &[number, ("entry", entry.to_string())])),
        None if plan.rows.is_empty() => writeln!(w, "{}", locale.text("ledger.nobody")),
        None if !args.dry_run => Ok(()),
        None => writeln!(w, "{}", fill("ledger.would-give", &[number])),
    }
}
