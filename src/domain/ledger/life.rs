//! A certificate's whole life (证书全程): everything that happened to it, in order of time.

use serde_json::{Map, Value};

use super::Certificate;
use super::audit::Entry;
use crate::domain::sheet::Field;

/// A certificate and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// The certificate as it stands.
    pub certificate: Certificate,
    /// What happened, oldest first.
    pub events: Vec<Event>,
}

/// Something that happened to a certificate, or to the row it was given to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// When, UTC.
    pub time: String,
    pub user: String,
    /// The entry of the audit chain; `None` for a change of the row's cells.
    pub entry: Option<u64>,
    /// What was done, as the chain calls it; `row.change`, or `row.undone` for a change that was taken back.
    pub action: String,
    /// Why, in the user's words; may be empty. Of a change its title.
    pub reason: String,
    /// What it changed or tells.
    pub facts: Vec<Fact>,
}

/// One thing an event changed or tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    /// What, by its name in JSON, such as `status` or `id-number`.
    pub key: String,
    /// Before; empty for something that is only told.
    pub before: String,
    pub after: String,
}

impl Fact {
    /// Gives the fact with personal data masked.
    pub fn masked(&self) -> Fact {
        let field = match self.key.as_str() {
            "name" | "old-name" => Field::Name,
            "id-number" | "old-id-number" => Field::IdNumber,
            // Whatever looks like an ID number is masked in every column.
            _ => Field::Employer,
        };
        Fact { key: self.key.clone(), before: field.masked(&self.before), after: field.masked(&self.after) }
    }
}

impl Event {
    /// Reads what an entry of the chain tells of a certificate.
    pub fn of_entry(entry: &Entry, code: &str) -> Event {
        Event {
            time: entry.time.clone(),
            user: entry.user.clone(),
            entry: Some(entry.seq),
            action: entry.action.clone(),
            reason: entry.reason.clone(),
            facts: facts(&parts(&entry.before, code), &parts(&entry.after, code)),
        }
    }
}

/// What is said of many numbers at once, and of the row's certificate by the table anyway.
const LEFT_OUT: [&str; 8] = ["count", "same", "profile", "records-sha256", "certificate", "high", "first", "last"];

/// Lists the texts and numbers an entry tells of a certificate, in their order.
fn parts(json: &str, code: &str) -> Vec<(String, String)> {
    let Ok(Value::Object(all)) = serde_json::from_str(json) else { return Vec::new() };
    let mut parts = Vec::new();
    collect(&all, code, &mut parts);
    parts
}

fn collect(all: &Map<String, Value>, code: &str, parts: &mut Vec<(String, String)>) {
    for (key, value) in all.iter().filter(|(key, _)| !LEFT_OUT.contains(&key.as_str())) {
        match value {
            Value::String(text) => parts.push((key.clone(), text.clone())),
            Value::Number(number) => parts.push((key.clone(), number.to_string())),
            Value::Object(inner) if key == "records" => {
                if let Some(Value::Object(record)) = inner.get(code) {
                    collect(record, code, parts);
                }
            }
            Value::Object(inner) => collect(inner, code, parts),
            // What a case asks for: columns and their new values.
            Value::Array(list) if key == "values" => {
                let pair = |v: &Value| Some((v.get("item")?.as_str()?.to_string(), v.get("to")?.as_str()?.to_string()));
                parts.extend(list.iter().filter_map(pair));
            }
            _ => {}
        }
    }
}

/// Joins what stood before with what stands after, and leaves out what stayed.
fn facts(before: &[(String, String)], after: &[(String, String)]) -> Vec<Fact> {
    let of = |key: &str| before.iter().find(|(k, _)| k == key).map_or("", |(_, text)| text.as_str());
    let fact = |(key, text): &(String, String)| Fact { key: key.clone(), before: of(key).into(), after: text.clone() };
    let mut facts: Vec<Fact> = after.iter().map(fact).filter(|f| f.before != f.after).collect();
    let gone = before.iter().filter(|(key, text)| !text.is_empty() && after.iter().all(|(k, _)| k != key));
    facts.extend(gone.map(|(key, text)| Fact { key: key.clone(), before: text.clone(), after: String::new() }));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_tells_of_one_certificate_only() {
        let entry = |action: &str, before: &str, after: &str| Entry {
            seq: 4,
            time: "2026-11-21T08:00:00Z".into(),
            user: "wang".into(),
            action: action.into(),
            object: "batch:1".into(),
            before: before.into(),
            after: after.into(),
            reason: String::new(),
            previous: String::new(),
            hash: String::new(),
        };
        let told = |entry: &Entry| {
            let facts = Event::of_entry(entry, "A1").facts;
            facts.iter().map(|f| format!("{} {}>{}", f.key, f.before, f.after)).collect::<Vec<_>>()
        };
        let sync = entry(
            "ledger.sync",
            r#"{"records":{"A1":{"employer":"甲"},"A2":{"employer":"乙"}}}"#,
            r#"{"records":{"A1":{"employer":"丙"},"A2":{"employer":"丁"}},"numbers":[{"series":"s","first":1,"last":2}]}"#,
        );
        assert_eq!(told(&sync), ["employer 甲>丙"]);
        let mark = entry(
            "ledger.mark",
            r#"{"exported":[{"series":"s"}]}"#,
            r#"{"status":"returned","on":"2026-11-21","count":3}"#,
        );
        assert_eq!(told(&mark), ["status >returned", "on >2026-11-21"]);
        let case = entry(
            "case.close",
            r#"{"state":"approved","status":"published","record":{"name":"张伟","level":"2"}}"#,
            r#"{"state":"closed","status":"published","record":{"name":"张炜","level":"2"}}"#,
        );
        assert_eq!(told(&case), ["state approved>closed", "name 张伟>张炜"]);
        let open = entry("case.open", "", r#"{"kind":"correct","request":{"values":[{"item":"name","to":"张炜"}]}}"#);
        assert_eq!(told(&open), ["kind >correct", "name >张炜"]);
        assert!(told(&entry("ledger.void", "", "no JSON")).is_empty());
        let fact = Fact { key: "name".into(), before: "张小伟".into(), after: "张小炜".into() };
        assert_eq!(fact.masked(), Fact { key: "name".into(), before: "张*伟".into(), after: "张*炜".into() });
    }
}
