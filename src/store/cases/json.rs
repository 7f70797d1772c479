//! Records and requests as JSON, in the file and in the audit chain.

use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::domain::ledger::Holder;
use crate::domain::ledger::case::{CaseKind, Cause, Item, NewValue, Request};

/// Writes a record: every column under its stable name.
pub fn holder(holder: &Holder) -> Value {
    let cells = Holder::fields().map(|field| (field.key().to_string(), holder.cell(field).unwrap_or_default().into()));
    Value::Object(cells.collect::<Map<String, Value>>())
}

/// Reads a record; `None` unless every column is there.
pub fn read_holder(text: &str) -> Option<Holder> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut holder = Holder::default();
    for field in Holder::fields() {
        *holder.cell_mut(field)? = value.get(field.key())?.as_str()?.to_string();
    }
    Some(holder)
}

/// Writes what a case asks for; its kind stands beside it.
pub fn request(request: &Request) -> Value {
    match request {
        Request::Correct(values) => {
            let value = |v: &NewValue| json!({ "item": v.item.key(), "to": v.to });
            json!({ "values": values.iter().map(value).collect::<Vec<_>>() })
        }
        Request::Reissue { on, cause, papers } => {
            json!({ "on": on.to_string(), "cause": cause.key(), "papers": papers })
        }
        Request::Revoke { benefits_cancelled_on, authority } => {
            json!({ "benefits-cancelled-on": benefits_cancelled_on.map(|d| d.to_string()), "authority": authority })
        }
    }
}

/// Reads what a case of a kind asks for.
pub fn read_request(kind: CaseKind, text: &str) -> Option<Request> {
    let value: Value = serde_json::from_str(text).ok()?;
    let text = |value: &Value, key: &str| value.get(key)?.as_str().map(String::from);
    Some(match kind {
        CaseKind::Correct => {
            let one = |v: &Value| Some(NewValue { item: Item::read(&text(v, "item")?)?, to: text(v, "to")? });
            Request::Correct(value.get("values")?.as_array()?.iter().map(one).collect::<Option<_>>()?)
        }
        CaseKind::Reissue => {
            let papers = value.get("papers")?.as_array()?.iter().map(|p| p.as_str().map(String::from));
            let cause = Cause::read(&text(&value, "cause")?)?;
            Request::Reissue { on: day(&text(&value, "on")?)?, cause, papers: papers.collect::<Option<_>>()? }
        }
        CaseKind::Revoke => {
            let benefits_cancelled_on = match value.get("benefits-cancelled-on")? {
                Value::Null => None,
                value => Some(day(value.as_str()?)?),
            };
            Request::Revoke { benefits_cancelled_on, authority: text(&value, "authority")? }
        }
    })
}

/// Reads a day as the file has it.
pub fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::from_str(text).ok()
}
