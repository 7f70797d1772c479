//! `skillcert ledger reserve`, `void` and `mark`.

use serde_json::{Value, json};

use super::show::{Named, named};
use super::{MarkArgs, ReserveArgs, SCHEMA, answer, code};
use crate::cli::load::today;
use crate::cli::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::{Status, Wanted};
use crate::failure::Failure;
use crate::locale::Locale;
use crate::store::{BatchId, Marked, Marking, Reservation, Selection, Store};

/// How many refused certificates are listed.
const LISTED: usize = 20;

/// Reserves numbers.
pub fn reserve(args: &ReserveArgs, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let Named { profile, prefix, year, level, state } = named(&args.series, store, locale)?;
    let wanted = match (args.count, args.from, args.to) {
        (Some(count), ..) => Wanted::Next(count),
        (None, Some(from), Some(to)) => Wanted::Run((from, to)),
        _ => return Err(usage(locale, "ledger.no-numbers", &[])),
    };
    let on = today(args.today.as_deref(), locale)?;
    let reservation = Reservation { profile: &profile, prefix: &prefix, year, level, wanted, on, reason: &args.reason };
    let ((first, last), entry) = store.reserve(&reservation).map_err(|e| locale.store_failure(&e))?;
    let number = last - first + 1;
    let value = json!({
        "schema": SCHEMA, "series": state.key.as_str(), "first": first, "last": last, "count": number, "entry": entry,
    });
    answer(args.series.json, &value, |w| {
        let places = [
            ("series", state.key.to_string()),
            ("first", first.to_string()),
            ("last", last.to_string()),
            ("number", number.to_string()),
            ("entry", entry.to_string()),
        ];
        writeln!(w, "{}", locale.fill("ledger.reserved", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))
    })?;
    Ok(0)
}

/// Marks certificates, or makes them void. Exit code 1 when one of them may not take the status; then none does.
pub fn mark(args: &MarkArgs, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let selection = selection(args, store, locale)?;
    let on = today(args.date.as_deref(), locale)?;
    let marked = if args.status == Status::Void {
        store.void(&selection, on, &args.reason)
    } else {
        store.mark(&selection, &Marking { status: args.status, on, reason: &args.reason })
    };
    let marked = marked.map_err(|e| locale.store_failure(&e))?;
    let (count, entry, refused) = match &marked {
        Marked::Done(count, entry) => (*count, Some(*entry), [].as_slice()),
        Marked::Refused(refused) => (0, None, refused.as_slice()),
        Marked::Nothing => (0, None, [].as_slice()),
    };
    let told = |status: &Option<Status>| status.map_or("unknown", Status::key);
    let list: Vec<Value> =
        refused.iter().map(|(code, status)| json!({ "code": code.as_str(), "status": told(status) })).collect();
    let value = json!({
        "schema": SCHEMA, "status": args.status.key(), "count": count, "entry": entry, "refused": list,
    });
    let status = locale.status(args.status);
    answer(args.json, &value, |w| match &marked {
        Marked::Done(count, entry) => {
            let places = [("number", count.to_string()), ("status", status.to_string()), ("entry", entry.to_string())];
            writeln!(w, "{}", locale.fill("ledger.marked", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))
        }
        Marked::Nothing => writeln!(w, "{}", locale.text("ledger.nothing-there")),
        Marked::Refused(refused) => {
            let places = [("number", refused.len().to_string()), ("status", status.to_string())];
            writeln!(w, "{}", locale.fill("ledger.mark-refused", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
            for (code, is) in refused.iter().take(LISTED) {
                let is = is
                    .map_or_else(|| locale.text("ledger.status.unknown").to_string(), |s| locale.status(s).to_string());
                writeln!(w, "  {code}  {is}")?;
            }
            Ok(())
        }
    })?;
    Ok(u8::from(entry.is_none()))
}

/// Reads which certificates are meant: codes, a run from one code to another, or a batch.
fn selection(args: &MarkArgs, store: &Store, locale: &Locale) -> Result<Selection, Failure> {
    if let Some(batch) = args.batch {
        store.batch(BatchId(batch)).map_err(|e| locale.store_failure(&e))?;
        return Ok(Selection::Batch(BatchId(batch)));
    }
    let codes = args.codes.iter().map(|typed| code(typed, locale)).collect::<Result<Vec<CertCode>, Failure>>()?;
    let Some(to) = &args.to else { return Ok(Selection::Codes(codes)) };
    let to = code(to, locale)?;
    let find = |code| store.certificate(code).map_err(|e| locale.store_failure(&e));
    match codes.as_slice() {
        [from] => match (find(*from)?, find(to)?) {
            (Some(a), Some(b)) if a.series == b.series && a.serial <= b.serial => {
                Ok(Selection::Run(a.series, (a.serial, b.serial)))
            }
            _ => Err(usage(locale, "ledger.no-run", &[("from", from.as_str()), ("to", to.as_str())])),
        },
        _ => Err(usage(locale, "ledger.one-code", &[])),
    }
}
