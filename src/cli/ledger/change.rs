//! `skillcert ledger reserve`, `void` and `mark`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use clap::builder::TypedValueParser;
use serde_json::{Value, json};

use super::{LedgerSeriesArgs, answer};
use crate::cli::consent::{ConsentArgs, DayArgs, preview};
use crate::cli::io::{Io, begin_numbers, sign_on};
use crate::cli::json::{self, document};
use crate::cli::typed::{TextOrJson, code, day, filled, number, status};
use crate::cli::usage::usage;
use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::ledger::{
    Bar, BarredCertificate, BatchId, Handed, Marked, Marking, Selection, Status, WantedNumbers,
};
use crate::failure::Failure;
use crate::office::{BlankLeft, Office, Session};

/// How many certificates are named that are refused for one reason.
const NAMED: usize = 3;

/// The same where they stand in a file, in which somebody looks for them.
const NAMED_OF_FILE: usize = 20;

#[derive(Debug, Args)]
pub struct LedgerReserveArgs {
    #[command(flatten)]
    series: LedgerSeriesArgs,
    #[arg(long, value_name = "N", value_parser = number(1_u32, None))]
    #[arg(conflicts_with_all = ["from", "to"], required_unless_present = "from")]
    count: Option<u32>,
    #[arg(long, value_name = "N", help = "ledger-from", requires = "to", value_parser = number(1_u32, None))]
    from: Option<u32>,
    #[arg(long, value_name = "N", requires = "from", value_parser = number(1_u32, None))]
    to: Option<u32>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[command(flatten)]
    consent: ConsentArgs,
    #[command(flatten)]
    day: DayArgs,
}

#[derive(Debug, Args)]
pub struct LedgerVoidArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "CODE", help = "ledger-codes", required = true, num_args = 1.., value_parser = code)]
    codes: Vec<CertCode>,
    #[arg(long, value_name = "CODE", help = "ledger-to-code", value_parser = code)]
    to: Option<CertCode>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: String,
    #[command(flatten)]
    consent: ConsentArgs,
}

#[derive(Debug, Args)]
pub struct BatchSubmitArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "N", help = "submit-batch", value_parser = number(1_i64, None).map(BatchId))]
    batch: BatchId,
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<NaiveDate>,
    #[command(flatten)]
    handed: HandedArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
    #[arg(long, requires = "reason")]
    past_deadline: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

#[derive(Debug, Args)]
pub struct LedgerMarkArgs {
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
    #[arg(value_name = "STATUS", help = "ledger-status", value_parser = status(&Status::BY_HAND))]
    status: Status,
    #[arg(value_name = "CODE", help = "ledger-codes", num_args = 1.., value_parser = code)]
    #[arg(required_unless_present_any = ["batch", "list"], conflicts_with = "batch")]
    codes: Vec<CertCode>,
    #[arg(long, value_name = "N", value_parser = number(1_i64, None).map(BatchId))]
    batch: Option<BatchId>,
    #[arg(long = "file", id = "list", value_name = "FILE", help = "mark-file", conflicts_with = "batch")]
    lists: Vec<PathBuf>,
    #[arg(long, value_name = "NAME", help = "mark-sheet", requires = "list")]
    sheet: Option<String>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<NaiveDate>,
    #[command(flatten)]
    handed: HandedArgs,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    #[arg(required_if_eq_any(Status::BY_HAND.into_iter().filter(|s| s.needs_reason()).map(|s| ("status", s.key()))))]
    reason: Option<String>,
    #[arg(long, requires = "reason")]
    past_deadline: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Where certificates were handed in, and what was given for it.
#[derive(Debug, Default, Args)]
pub struct HandedArgs {
    #[arg(long = "to", id = "handed-to", value_name = "TEXT", help = "handed-to", value_parser = filled("blank-reason"))]
    to: Option<String>,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    receipt: Option<String>,
}

impl HandedArgs {
    fn handed(&self) -> Handed<'_> {
        let (to, receipt) = (self.to.as_deref().unwrap_or_default(), self.receipt.as_deref().unwrap_or_default());
        Handed { to, receipt, ..Handed::default() }
    }
}

/// The row of a file that each code stands in, where it stands in one.
type CodeRows = HashMap<CertCode, (PathBuf, u32)>;

pub fn reserve(args: &LedgerReserveArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let locale = office.locale();
    let session = begin_numbers(io, office, args.consent.is_only_tried(), "ledger")?;
    let series = args.series.find(&session)?;
    let wanted = match (args.count, args.from, args.to) {
        (Some(count), ..) => WantedNumbers::Next(count),
        (None, Some(from), Some(to)) => WantedNumbers::Run((from, to)),
        _ => return Err(usage(locale, "ledger.no-numbers", &[])),
    };
    let reach = session.reach_of_reserve(&series, wanted)?;
    let on = office.or_today(args.today)?;
    args.day.check(on, args.consent.is_only_tried(), io, &session)?;
    let reserved = |session: &Session| session.reserve(&series, wanted, on, &args.reason);
    let ((first, last), entry) = args.consent.act(&reach, io, &session, reserved)?;
    if args.consent.is_only_tried() {
        return preview(&reach, args.series.format, io, locale);
    }
    let (key, number) = (series.state.key, last - first + 1);
    let value = json!({ "series": key.as_str(), "first": first, "last": last, "count": number, "entry": entry });
    let value = document(json::RESERVATION, value);
    answer(io, locale, args.series.format, &value, |w| {
        let places = [
            ("series", key.to_string()),
            ("first", first.to_string()),
            ("last", last.to_string()),
            ("number", number.to_string()),
            ("entry", entry.to_string()),
        ];
        writeln!(w, "{}", locale.fill("ledger.reserved", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))
    })?;
    Ok(0)
}

/// Makes certificates void; see [`tell`].
pub fn void(args: &LedgerVoidArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let session = sign_on(io, office, "ledger")?;
    let selection = selection(&args.codes, args.to, &session)?;
    let marking = Marking::new(Status::Void, office.or_today(args.date)?, &args.reason);
    mark_selected(&session, (&selection, &marking, &CodeRows::new()), (&args.consent, args.format), io)
}

/// Marks certificates; see [`tell`].
pub fn mark(args: &LedgerMarkArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    // The arguments know the status by its English name alone.
    if args.status.needs_reason() && args.reason.is_none() {
        let status = office.locale().status(args.status);
        return Err(usage(office.locale(), "ledger.reason-needed", &[("status", status)]));
    }
    let session = sign_on(io, office, "ledger")?;
    let mut rows = CodeRows::new();
    let selection = match args.batch {
        Some(batch) => Selection::Batch(batch),
        None => {
            let mut codes = args.codes.clone();
            for file in &args.lists {
                for (line, code) in office.listed_codes(file, args.sheet.as_deref())? {
                    rows.entry(code).or_insert_with(|| (file.clone(), line));
                    codes.push(code);
                }
            }
            let mut seen = HashSet::new();
            codes.retain(|code| seen.insert(*code));
            selection(&codes, None, &session)?
        }
    };
    let reason = args.reason.as_deref().unwrap_or_default();
    let (on, past_deadline) = (office.or_today(args.date)?, args.past_deadline);
    let marking = Marking { status: args.status, on, reason, past_deadline, handed: args.handed.handed() };
    mark_selected(&session, (&selection, &marking, &rows), (&args.consent, args.format), io)
}

/// Notes that a batch was handed in.
pub fn submit(args: &BatchSubmitArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let session = sign_on(io, office, "batch")?;
    let reason = args.reason.as_deref().unwrap_or_default();
    let (on, past_deadline) = (office.or_today(args.date)?, args.past_deadline);
    let marking = Marking { status: Status::Submitted, on, reason, past_deadline, handed: args.handed.handed() };
    let selection = Selection::Batch(args.batch);
    mark_selected(&session, (&selection, &marking, &CodeRows::new()), (&args.consent, args.format), io)
}

fn mark_selected(
    session: &Session,
    (selection, marking, rows): (&Selection, &Marking<'_>, &CodeRows),
    (consent, format): (&ConsentArgs, TextOrJson),
    io: &mut Io,
) -> Result<u8, Failure> {
    let reach = session.reach_of_mark(selection, marking.status)?;
    let owed = session.lateness_owed(selection, marking)?;
    let marked = consent.act(&reach, io, session, |session| session.mark(selection, marking))?;
    if let Some(owed) = owed.filter(|_| matches!(marked, Marked::Done(..))) {
        io.note(&owed);
    }
    if consent.is_only_tried() && matches!(marked, Marked::Done(..)) {
        return preview(&reach, format, io, session.office().locale());
    }
    let left = if matches!(marking.status, Status::Void) { session.blanks_left(selection)? } else { Vec::new() };
    tell(&marked, (marking.status, rows, &left), format, io, session.office())
}

/// Tells what was marked. Exit code 1 when nothing was: where one of those that are named may not take the status none does,
/// of a batch those do that may. Exit code 2 when one that is named is in no ledger.
fn tell(
    marked: &Marked,
    (status, rows, left): (Status, &CodeRows, &[BlankLeft]),
    format: TextOrJson,
    io: &mut Io,
    office: &Office,
) -> Result<u8, Failure> {
    let locale = office.locale();
    let (count, entry, refused) = match marked {
        Marked::Done(count, entry, left) => (*count, Some(*entry), left.as_slice()),
        Marked::Refused(refused) => (0, None, refused.as_slice()),
        Marked::Nothing => (0, None, [].as_slice()),
    };
    let told = |barred: &BarredCertificate| {
        let (status, since) =
            barred.stands.as_ref().map_or(("unknown", None), |(s, since)| (s.key(), Some(date::written(*since))));
        let mut told = json!({ "code": barred.code.as_str(), "status": status, "since": since });
        if barred.is_aside {
            told["put_aside"] = true.into();
        }
        if let Some((file, line)) = rows.get(&barred.code) {
            (told["file"], told["row"]) = (file.to_string_lossy().into(), (*line).into());
        }
        told
    };
    let list: Vec<Value> = refused.iter().map(told).collect();
    let value = json!({ "status": status.key(), "count": count, "entry": entry, "refused": list });
    let mut value = document(json::MARK, value);
    if status == Status::Void {
        let of = |left: &BlankLeft| json!({ "kind": left.kind.key(), "number": left.number.to_string(), "code": left.code.as_str() });
        value["blanks"] = left.iter().map(of).collect();
    }
    let (marked_as, status) = (status, locale.status(status));
    answer(io, locale, format, &value, |w| {
        if let Some(entry) = entry {
            let places = [("number", count.to_string()), ("status", status.to_string()), ("entry", entry.to_string())];
            writeln!(w, "{}", locale.fill("ledger.marked", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        } else if refused.is_empty() {
            writeln!(w, "{}", locale.text("ledger.nothing-there"))?;
        }
        for left in left.iter().take(NAMED_OF_FILE) {
            writeln!(w, "{}", locale.blank_left(left.number, left.status, &left.clause, false))?;
        }
        if refused.is_empty() {
            return Ok(());
        }
        let key = match entry {
            Some(_) => "ledger.mark-left",
            // Whatever status was meant, there is nothing to give it to.
            None if refused.iter().all(|barred| barred.stands.is_none()) => "ledger.mark-unknown",
            None => "ledger.mark-refused",
        };
        let places = [("number", refused.len().to_string()), ("status", status.to_string())];
        writeln!(w, "{}", locale.fill(key, &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        // What is true of many is said once, of so many.
        let mut why: BTreeMap<Bar, Vec<CertCode>> = BTreeMap::new();
        for barred in refused {
            why.entry(barred.bar(marked_as)).or_default().push(barred.code);
        }
        for (bar, codes) in why {
            let most = if rows.is_empty() { NAMED } else { NAMED_OF_FILE };
            let row_of = |code: &CertCode| match rows.get(code) {
                Some((_, line)) => {
                    locale.fill("reply.code-in-row", &[("row", &line.to_string()), ("code", code.as_str())])
                }
                None => code.to_string(),
            };
            let shown: Vec<String> = codes.iter().take(most).map(row_of).collect();
            let mut named = shown.join(locale.text("finding.comma"));
            if most < codes.len() {
                named = locale.fill("ledger.barred.many", &[("codes", &named), ("n", &codes.len().to_string())]);
            }
            writeln!(w, "  {}", locale.barred(&named, bar, marked_as))?;
        }
        Ok(())
    })?;
    // A code that no certificate has is a wrong name, as it would be for any other verb.
    match refused.iter().find(|barred| entry.is_none() && barred.stands.is_none()) {
        Some(unknown) => Err(office.unknown_certificate(unknown.code)),
        None => Ok(u8::from(entry.is_none())),
    }
}

/// Gives which certificates are named: by codes, or a run from one code to another.
fn selection(codes: &[CertCode], to: Option<CertCode>, session: &Session) -> Result<Selection, Failure> {
    let Some(to) = to else { return Ok(Selection::Codes(codes.to_vec())) };
    match codes {
        [from] => session.select_run(*from, to),
        _ => Err(usage(session.office().locale(), "ledger.one-code", &[])),
    }
}
