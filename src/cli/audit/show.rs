//! Showing the chain, and whether it is whole.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::Wanted;
use crate::cli::json::{self, document};
use crate::cli::note::note;
use crate::cli::out;
use crate::domain::ledger::audit::{Entry, Fault, Head};
use crate::domain::text;
use crate::failure::Failure;
use crate::locale::local_time;
use crate::store::Store;
use crate::words::Locale;

/// An entry as JSON: what stood before and what stands now as values, not as texts.
#[derive(Debug, Serialize)]
struct Line<'a> {
    seq: u64,
    time: &'a str,
    user: &'a str,
    action: &'a str,
    object: &'a str,
    before: Value,
    after: Value,
    reason: &'a str,
    hash: &'a str,
}

/// What is wrong with the chain, as JSON.
#[derive(Debug, Serialize)]
struct Told {
    key: &'static str,
    message: String,
}

/// Lists the newest entries, oldest first.
pub fn list(store: &Store, wanted: &Wanted, limit: usize, json: bool, locale: &Locale) -> Result<u8, Failure> {
    let filter = wanted.prepare(store, locale)?;
    let found = store.latest_entries(&filter, limit).map_err(|e| locale.store_failure(&e))?;
    let found: Vec<Entry> = found.into_iter().map(|entry| wanted.shown(entry)).collect();
    answer(locale, |w| {
        if json { to_json(w, &found) } else { found.iter().try_for_each(|entry| to_text(w, entry, locale)) }
    })?;
    if found.is_empty() {
        note(locale.text("audit.nothing"));
    }
    Ok(0)
}

fn to_json(w: &mut dyn Write, found: &[Entry]) -> io::Result<()> {
    let value = |text: &str| match text {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    };
    let lines = found.iter().map(|e| Line {
        seq: e.seq,
        time: &e.time,
        user: &e.user,
        action: &e.action,
        object: &e.object,
        before: value(&e.before),
        after: value(&e.after),
        reason: &e.reason,
        hash: &e.hash,
    });
    let entries = lines.collect::<Vec<_>>();
    serde_json::to_writer_pretty(&mut *w, &document(json::AUDIT, json!({ "entries": entries })))?;
    writeln!(w)
}

fn to_text(w: &mut dyn Write, entry: &Entry, locale: &Locale) -> io::Result<()> {
    let head = [local_time(&entry.time), entry.user.clone(), locale.audit_action(&entry.action), entry.object.clone()];
    writeln!(w, "{:>6}  {}", entry.seq, text::visible(&head.join("  ")))?;
    let parts = [("audit.reason", &entry.reason), ("audit.before", &entry.before), ("audit.after", &entry.after)];
    for (key, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        writeln!(w, "        {} {}", locale.text(key), text::visible(part))?;
    }
    Ok(())
}

/// Follows the chain; says where it is broken. What keeps numbers from being taken besides is a failure of the store.
pub fn verify(store: &Store, printed: Option<&Head>, json: bool, locale: &Locale) -> Result<u8, Failure> {
    let failed = |e| locale.store_failure(&e);
    let (head, faults) = store.verify_audit(printed).map_err(failed)?;
    let told: Vec<Told> =
        faults.iter().map(|fault| Told { key: fault_key(fault), message: locale.audit_fault(fault) }).collect();
    answer(locale, |w| {
        if json {
            let all = json!({ "head": head, "faults": told });
            serde_json::to_writer_pretty(&mut *w, &document(json::AUDIT_VERIFY, all))?;
            return writeln!(w);
        }
        told.iter().try_for_each(|t| writeln!(w, "{}", text::visible(&t.message)))?;
        let key = if told.is_empty() { "audit.whole" } else { "audit.broken" };
        writeln!(w, "{}", locale.fill(key, &[("head", &locale.audit_head(&head))]))
    })?;
    if told.is_empty() {
        store.may_take_numbers().map_err(failed)?;
    }
    Ok(u8::from(!told.is_empty()))
}

fn fault_key(fault: &Fault) -> &'static str {
    match fault {
        Fault::Place { .. } => "place",
        Fault::Link(_) => "link",
        Fault::Content(_) => "content",
        Fault::Time(_) => "time",
        Fault::Missing { .. } => "missing",
        Fault::Other { .. } => "other",
        Fault::Unnoted(_) => "unnoted",
        Fault::Restored(_) => "restored",
    }
}

/// Goes on with a database that is not the latest.
pub fn accept(store: &Store, reason: &str, json: bool, locale: &Locale) -> Result<u8, Failure> {
    let failed = |e| locale.store_failure(&e);
    let fault = store.accept_audit(reason).map_err(failed)?;
    let head = store.audit_head().map_err(failed)?;
    answer(locale, |w| {
        if json {
            let told = fault.as_ref().map(|f| Told { key: fault_key(f), message: locale.audit_fault(f) });
            let all = json!({ "head": head, "accepted": told });
            serde_json::to_writer_pretty(&mut *w, &document(json::AUDIT_ACCEPT, all))?;
            return writeln!(w);
        }
        match &fault {
            None => writeln!(w, "{}", locale.text("audit.nothing-to-accept"))?,
            Some(fault) => {
                writeln!(w, "{}", locale.fill("audit.accepted", &[("what", &locale.audit_fault(fault))]))?;
            }
        }
        writeln!(w, "{}", locale.audit_head(&head))
    })?;
    Ok(0)
}

/// Writes an answer to stdout.
fn answer(locale: &Locale, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut stdout = out::stdout();
    let written = write(&mut stdout).and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))
}
