//! `skillcert ledger reserve`, `void` and `mark`.

use serde_json::{Value, json};

use super::show::{Named, named};
use super::{MarkArgs, ReserveArgs, answer, code};
use crate::cli::json::{self, document};
use crate::cli::load::today;
use crate::cli::usage;
use crate::domain::code::CertCode;
use crate::domain::ledger::{Barred, BatchId, Marked, Marking, Reservation, Selection, Status, Wanted};
use crate::failure::Failure;
use crate::store::{Store, StoreError};
use crate::words::Locale;

/// How many refused certificates are listed.
const LISTED: usize = 20;

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
        "series": state.key.as_str(), "first": first, "last": last, "count": number, "entry": entry,
    });
    let value = document(json::RESERVATION, value);
    answer(locale, args.series.json, &value, |w| {
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

/// Marks certificates, or makes them void. Exit code 1 when nothing was marked: where one of those that are named may not
/// take the status none does, of a batch those do that may. Exit code 2 when one that is named is in no ledger.
pub fn mark(args: &MarkArgs, store: &Store, locale: &Locale) -> Result<u8, Failure> {
    let selection = selection(args, store, locale)?;
    let on = today(args.date.as_deref(), locale)?;
    if today(None, locale)? < on {
        return Err(usage(locale, "ledger.future", &[("day", &on.to_string())]));
    }
    let marked = if args.status == Status::Void {
        store.void(&selection, on, &args.reason)
    } else {
        store.mark(&selection, &Marking { status: args.status, on, reason: &args.reason })
    };
    let marked = marked.map_err(|e| locale.store_failure(&e))?;
    let (count, entry, refused) = match &marked {
        Marked::Done(count, entry, left) => (*count, Some(*entry), left.as_slice()),
        Marked::Refused(refused) => (0, None, refused.as_slice()),
        Marked::Nothing => (0, None, [].as_slice()),
    };
    let told = |barred: &Barred| {
        let (status, since) = barred.stands.as_ref().map_or(("unknown", None), |(s, since)| (s.key(), Some(since)));
        json!({ "code": barred.code.as_str(), "status": status, "since": since })
    };
    let list: Vec<Value> = refused.iter().map(told).collect();
    let value = json!({ "status": args.status.key(), "count": count, "entry": entry, "refused": list });
    let value = document(json::MARK, value);
    let status = locale.status(args.status);
    answer(locale, args.json, &value, |w| {
        if let Some(entry) = entry {
            let places = [("number", count.to_string()), ("status", status.to_string()), ("entry", entry.to_string())];
            writeln!(w, "{}", locale.fill("ledger.marked", &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        } else if refused.is_empty() {
            writeln!(w, "{}", locale.text("ledger.nothing-there"))?;
        }
        if refused.is_empty() {
            return Ok(());
        }
        let key = if entry.is_some() { "ledger.mark-left" } else { "ledger.mark-refused" };
        let places = [("number", refused.len().to_string()), ("status", status.to_string())];
        writeln!(w, "{}", locale.fill(key, &places.each_ref().map(|(k, v)| (*k, v.as_str()))))?;
        for Barred { code, stands } in refused.iter().take(LISTED) {
            match stands {
                Some((is, since)) => writeln!(w, "  {code}  {}  {since}", locale.status(*is))?,
                None => writeln!(w, "  {code}  {}", locale.text("ledger.status.unknown"))?,
            }
        }
        Ok(())
    })?;
    // A code that no certificate has is a wrong name, as it would be for any other verb.
    match refused.iter().find(|barred| entry.is_none() && barred.stands.is_none()) {
        Some(unknown) => Err(locale.store_failure(&StoreError::NoCertificate(unknown.code))),
        None => Ok(u8::from(entry.is_none())),
    }
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
