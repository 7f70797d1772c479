//! Entries of the chain, and what was found on following it, as text and JSON.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::json::{self, document};
use crate::domain::ledger::audit::{AuditEntry, ChainFault, Head};
use crate::domain::text;
use crate::locale::local_time;
use crate::office::Followed;
use crate::words::Locale;

/// An entry as JSON: what stood before and what stands now as values, not as texts.
#[derive(Debug, Serialize)]
struct EntryJson<'a> {
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

/// Gives entries as JSON.
pub fn as_json(found: &[AuditEntry]) -> Value {
    let value = |text: &str| match text {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
    };
    let lines = found.iter().map(|e| EntryJson {
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
    document(json::AUDIT, json!({ "entries": lines.collect::<Vec<_>>() }))
}

pub fn text(found: &[AuditEntry], locale: &Locale) -> String {
    let mut told = String::new();
    for entry in found {
        let head = [
            local_time(&entry.time),
            entry.user.clone(),
            locale.audit_action(&entry.action),
            locale.audit_object(&entry.object),
        ];
        let _ = writeln!(told, "{:>6}  {}", entry.seq, text::visible(&head.join("  ")));
        let parts = [("audit.reason", &entry.reason), ("audit.before", &entry.before), ("audit.after", &entry.after)];
        for (key, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            let _ = writeln!(told, "        {} {}", locale.text(key), text::visible(part));
        }
    }
    told
}

/// Gives what following the chain has found as JSON.
pub fn followed_as_json(followed: &Followed, locale: &Locale) -> Value {
    let faults: Vec<Value> = followed.faults.iter().map(|fault| fault_as_json(fault, locale)).collect();
    document(json::AUDIT_VERIFY, json!({ "head": followed.head, "faults": faults }))
}

/// Tells what following the chain has found.
pub fn followed(followed: &Followed, locale: &Locale) -> String {
    let fault = |fault: &ChainFault| text::visible(&locale.audit_fault(fault)).into_owned() + "\n";
    let key = if followed.faults.is_empty() { "audit.whole" } else { "audit.broken" };
    let end = locale.fill(key, &[("head", &locale.audit_head(&followed.head))]);
    followed.faults.iter().map(fault).collect::<String>() + &end + "\n"
}

/// Gives what was accepted as JSON.
pub fn accepted_as_json(fault: Option<&ChainFault>, head: &Head, locale: &Locale) -> Value {
    let accepted = fault.map(|fault| fault_as_json(fault, locale));
    document(json::AUDIT_ACCEPT, json!({ "head": head, "accepted": accepted }))
}

/// Tells what was accepted.
pub fn accepted(fault: Option<&ChainFault>, head: &Head, locale: &Locale) -> String {
    let told = match fault {
        None => locale.text("audit.nothing-to-accept").to_string(),
        Some(fault) => locale.fill("audit.accepted", &[("what", &locale.audit_fault(fault))]),
    };
    format!("{told}\n{}\n", locale.audit_head(head))
}

fn fault_as_json(fault: &ChainFault, locale: &Locale) -> Value {
    json!({ "key": fault_key(fault), "message": locale.audit_fault(fault) })
}

fn fault_key(fault: &ChainFault) -> &'static str {
    match fault {
        ChainFault::Place { .. } => "place",
        ChainFault::Link(_) => "link",
        ChainFault::Content(_) => "content",
        ChainFault::Time(_) => "time",
        ChainFault::Missing { .. } => "missing",
        ChainFault::Other { .. } => "other",
        ChainFault::Unnoted(_) => "unnoted",
        ChainFault::Restored(_) => "restored",
        ChainFault::Ahead { .. } => "ahead",
        ChainFault::Doubted { .. } => "doubted",
    }
}
