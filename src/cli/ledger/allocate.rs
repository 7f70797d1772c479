//! `skillcert ledger allocate`: numbers for the rows of a batch.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::{answer, sign_on};
use crate::cli::args::SourceArgs;
use crate::cli::io::Io;
use crate::cli::json::{self, document};
use crate::cli::stored::{self, Opened};
use crate::cli::table::{Cells, table};
use crate::cli::values::{Encoding, TextOrJson, day, filled, number, one_of, table_format};
use crate::cli::{export, spare_source, usage};
use crate::domain::batch::Batch;
use crate::domain::ledger::plan::{Order, Plan, Refusal, SeriesPlan};
use crate::domain::ledger::{BatchId, Run};
use crate::domain::roster::RowId;
use crate::domain::upload::Part;
use crate::domain::{numbering, text};
use crate::failure::Failure;
use crate::formats::write_upload::may_write;
use crate::office::{NumberOrder, Office, Session};
use crate::store::StoreError;
use crate::words::Locale;

/// How many rows of a kind of refusal are named.
const NAMED: usize = 10;

#[derive(Debug, Args)]
pub struct AllocateArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "FILE", required_unless_present = "batch", conflicts_with = "batch")]
    file: Option<PathBuf>,
    #[arg(long, value_name = "ID")]
    profile: Option<String>,
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<String>,
    #[arg(long, value_name = "ORDER", default_value = Order::Roster.key(), value_parser = one_of(&Order::ALL, Order::key))]
    sort: Order,
    #[arg(long)]
    reserved: bool,
    #[arg(long)]
    dry_run: bool,
    #[arg(long, short, value_name = "FILE", help = "ledger-output")]
    output: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    encoding: Encoding,
    #[arg(long)]
    force: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// Plans numbers for the rows that have none, takes them, and with `--output` writes the upload file. Exit code 1 when a row
/// got no number, or the file is refused.
pub fn run(args: &AllocateArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = sign_on(io, office, "ledger")?;
    let asked = SourceArgs {
        home: session.store.path().parent().map(Path::to_path_buf),
        file: args.file.clone().unwrap_or_default(),
        batch: args.batch.map(|batch| batch.0),
        profile: args.profile.clone(),
        sheet: args.sheet.clone(),
        today: args.today.map(|day| day.to_string()),
    };
    spare_source(&asked.file, args.output.as_deref(), locale)?;
    let format = match &args.output {
        Some(target) => {
            Some(table_format(None, target, args.encoding).ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?)
        }
        None => None,
    };
    let told = |e: StoreError| locale.store_failure(&e);
    let prefix = args.prefix.as_deref().map(|p| text::compact(p).to_ascii_uppercase());
    let source_of = |id| session.store.batch(id).map(|stored| stored.source.path);
    if let (Some(target), false) = (&args.output, args.dry_run) {
        let source = args.batch.map_or_else(|| Ok(asked.file.clone()), source_of).map_err(told)?;
        may_write(target, args.force, Some(&source)).map_err(|e| locale.write_failure(&e))?;
    }
    let (source, opened) = open(&asked, prefix.as_deref(), &session)?;
    let wish = NumberOrder { order: args.sort, reserved: args.reserved, prefix: prefix.as_deref() };
    let first = session.plan(opened.batch(), &wish)?;
    // Before anything is kept, and also where it is only tried: whoever tries asks what the real call would do.
    if !first.rows.is_empty() {
        session.may_take_numbers()?;
    }
    let is_for_nothing = first.rows.is_empty() && first.refused.iter().any(|(_, why)| *why != Refusal::HasCode);
    if args.dry_run || (opened.id().is_none() && is_for_nothing) {
        return tell(&Told { batch: opened.batch(), id: opened.id(), plan: &first, entry: None, args }, io, locale);
    }
    let store = &session.store;
    let (id, mut batch) = opened.keep(store, &source, locale)?;
    // Nobody else changes the rows between here and the end; what was changed before the claim is read again.
    let _claim = store.claim(id).map_err(told)?;
    let (steps, applied) = store.history(id).map_err(told)?;
    if !steps.iter().take(applied).eq(batch.history().applied().iter().map(|step| &**step)) {
        let again = SourceArgs { batch: Some(id.0), sheet: None, ..source };
        batch = stored::open(store, &again, locale)?.keep(store, &again, locale)?.1;
    }
    let plan = session.plan(&batch, &wish)?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let (plan, entry) = if plan.rows.is_empty() {
        (plan, None)
    } else {
        let (plan, entry) = session.take_planned(id, &mut batch, plan, &wish, reason)?;
        (plan, Some(entry))
    };
    let mut code = tell(&Told { batch: &batch, id: Some(id), plan: &plan, entry, args }, io, locale)?;
    if let (Some(target), Some(format)) = (&args.output, format) {
        let source = store.batch(id).map_err(told)?.source.path;
        spare_source(&source, Some(target), locale)?;
        let head = session.audit_head()?;
        let (source, audit) = (Some(&*source), Some(&head));
        let job = export::Job { target, format, force: args.force, source, reason, audit, part: Part::Whole };
        code |= export::of_batch(&batch, id, &job, store, locale)?;
    }
    Ok(code)
}

/// Opens what the verb works on. A roster without codes says nothing of its profile: then that of the prefix counts, else
/// that of the one institution the rows name, as they are registered.
fn open(asked: &SourceArgs, prefix: Option<&str>, session: &Session) -> Result<(SourceArgs, Opened), Failure> {
    let (store, locale) = (&session.store, session.office().locale());
    let mut source = asked.clone();
    let opened = stored::open(store, &source, locale)?;
    let Opened::New(file) = &opened else { return Ok((source, opened)) };
    if source.profile.is_some() || file.profile_from_codes {
        return Ok((source, opened));
    }
    let context = opened.batch().context();
    let registry = &context.tables().registry;
    let profiles: BTreeSet<&str> = match prefix.and_then(|prefix| registry.get(prefix)) {
        Some(institution) => BTreeSet::from([institution.profile.as_str()]),
        None => {
            let names = numbering::institutions(opened.batch());
            let registered = registry.institutions().filter(|i| names.contains(i.name()));
            registered.map(|institution| institution.profile.as_str()).collect()
        }
    };
    let mut profiles = profiles.into_iter();
    let (Some(profile), None) = (profiles.next(), profiles.next()) else {
        return Err(usage(locale, "ledger.no-profile-rows", &[]));
    };
    let (is_as_read, profile) = (profile == context.profile().id, profile.to_string());
    drop(profiles);
    source.profile = Some(profile);
    let opened = if is_as_read { opened } else { stored::open(store, &source, locale)? };
    Ok((source, opened))
}

/// Lists the kinds of refusals with their rows, as the spreadsheet numbers them.
fn refusals<'a>(batch: &Batch, plan: &'a Plan, locale: &Locale) -> BTreeMap<(String, &'a str), Vec<u32>> {
    let mut kinds: BTreeMap<(String, &str), Vec<u32>> = BTreeMap::new();
    for (row, why) in &plan.refused {
        let words = locale.plan_refusal(why, &batch.context().sheet());
        kinds.entry((words, why.key())).or_default().push(batch.roster().line(*row));
    }
    kinds
}

/// What is told of a plan.
struct Told<'a> {
    batch: &'a Batch,
    id: Option<BatchId>,
    plan: &'a Plan,
    /// The entry that took the numbers.
    entry: Option<u64>,
    args: &'a AllocateArgs,
}

/// Prints a plan. Gives 1 when a row that has no number gets none.
fn tell(told: &Told<'_>, io: &mut Io, locale: &Locale) -> Result<u8, Failure> {
    answer(io, locale, told.args.format, &to_json(told, locale), |w| text_of(w, told, locale))?;
    Ok(u8::from(told.plan.refused.iter().any(|(_, why)| *why != Refusal::HasCode)))
}

fn to_json(told: &Told<'_>, locale: &Locale) -> Value {
    let Told { batch, id, plan, entry, args } = *told;
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
    let rows: Vec<Value> = plan.rows.iter().map(|p| json!({ "row": line(p.row), "code": p.code.as_str() })).collect();
    let refused: Vec<Value> = plan
        .refused
        .iter()
        .map(|(row, why)| {
            let message = locale.plan_refusal(why, &batch.context().sheet());
            json!({ "row": line(*row), "refusal": why.key(), "message": message })
        })
        .collect();
    let all = json!({
        "batch": id.map(|id| id.0), "file": batch.origin.file, "profile": plan.profile, "dry_run": args.dry_run,
        "order": args.sort.key(), "reserved": plan.reserved, "series": series, "rows": rows, "refused": refused, "entry": entry,
    });
    document(json::ALLOCATION, all)
}

fn text_of(w: &mut dyn std::io::Write, told: &Told<'_>, locale: &Locale) -> std::io::Result<()> {
    let Told { batch, id, plan, entry, args } = *told;
    let fill = |key: &str, places: &[(&str, String)]| {
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        locale.fill(key, &places)
    };
    let head = [
        ("batch", id.map_or_else(|| "-".to_string(), |id| id.0.to_string())),
        ("file", text::visible(&batch.origin.file).into_owned()),
        ("id", plan.profile.clone()),
        ("rows", batch.roster().len().to_string()),
        ("order", locale.text(&format!("ledger.order.{}", args.sort.key())).to_string()),
    ];
    writeln!(w, "{}", fill("ledger.head", &head))?;
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
        write!(w, "{}", table(&rows, Cells::Numbers, ""))?;
    }
    for ((words, _), lines) in refusals(batch, plan, locale) {
        let mut named: Vec<String> = lines.iter().take(NAMED).map(u32::to_string).collect();
        if NAMED < lines.len() {
            named.push("..".to_string());
        }
        let places =
            [("number", lines.len().to_string()), ("why", words), ("rows", named.join(locale.text("finding.comma")))];
        writeln!(w, "{}", fill("ledger.refused-rows", &places))?;
    }
    let number = ("number", plan.rows.len().to_string());
    match entry {
        Some(entry) => writeln!(w, "{}", fill("ledger.given", &[number, ("entry", entry.to_string())])),
        None if plan.rows.is_empty() => writeln!(w, "{}", locale.text("ledger.nobody")),
        None => writeln!(w, "{}", fill("ledger.would-give", &[number])),
    }
}
