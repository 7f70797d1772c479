//! Cases as text and as JSON; personal data masked unless asked for.

use serde_json::{Value, json};

use crate::cli::json::{self, document};
use crate::domain::ledger::Holder;
use crate::domain::ledger::audit::Stamp;
use crate::domain::ledger::case::{CaseRequest, CaseState, Item, NewValue, Remark, StoredCase, remarks};
use crate::domain::profile::Profile;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::locale::local_time;
use crate::words::Locale;

/// Masks a value of a record.
fn shown(field: Field, value: &str, masked: bool) -> String {
    if masked { field.masked(value) } else { value.to_string() }
}

/// Masks the new value of an item; the name of a photo's file often is that of the person.
fn shown_value(value: &NewValue, masked: bool) -> String {
    match value.item {
        Item::Field(field) => shown(field, &value.to, masked),
        Item::Photo if masked => text::masked_number(&value.to),
        Item::Photo => value.to.clone(),
    }
}

/// Lists cases, a line each.
pub fn list(cases: &[StoredCase], masked: bool, locale: &Locale) -> String {
    let line = |stored: &StoredCase| {
        let case = &stored.case;
        let places = [
            ("id", case.id.to_string()),
            ("kind", locale.case_kind(case.kind()).to_string()),
            ("state", locale.case_state(case.state).to_string()),
            ("code", case.code.to_string()),
            ("name", shown(Field::Name, &case.snapshot.name, masked)),
            ("day", case.application.applied_on.to_string()),
        ];
        locale.fill("case.entry", &places.each_ref().map(|(k, v)| (*k, v.as_str())))
    };
    if cases.is_empty() {
        return locale.text("case.none").to_string();
    }
    cases.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lists cases as JSON.
pub fn list_json(cases: &[StoredCase], masked: bool) -> Value {
    document(json::CASES, json!({ "cases": cases.iter().map(|c| facts(c, masked)).collect::<Vec<_>>() }))
}

/// Writes the page of one case.
pub fn page(stored: &StoredCase, profile: &Profile, masked: bool, locale: &Locale) -> String {
    let case = &stored.case;
    let application = &case.application;
    let mut lines = Vec::new();
    let mut line = |key: &str, places: &[(&str, &str)]| lines.push(locale.fill(&format!("case.{key}"), places));
    let (id, code) = (case.id.to_string(), case.code.to_string());
    let (kind, state) = (locale.case_kind(case.kind()), locale.case_state(case.state));
    let day = application.applied_on.to_string();
    let name = shown(Field::Name, &case.snapshot.name, masked);
    let number = shown(Field::IdNumber, &case.snapshot.id_number, masked);
    line("entry", &[("id", &id), ("kind", kind), ("state", state), ("code", &code), ("name", &name), ("day", &day)]);
    line("certificate", &[("code", &code)]);
    line("holder", &[("name", &name), ("number", &number)]);
    line("applied", &[("day", &day), ("reason", &application.reason)]);
    match &application.request {
        CaseRequest::Correct(values) => {
            for value in values {
                let to = shown_value(value, masked);
                match value.item {
                    Item::Photo => line("new-photo", &[("to", &to)]),
                    Item::Field(field) => {
                        let from = shown(field, case.snapshot.cell(field).unwrap_or_default(), masked);
                        let item = locale.case_item(value.item);
                        line("change", &[("item", &item), ("from", &from), ("to", &to)]);
                    }
                }
            }
        }
        CaseRequest::Reissue { on, cause, papers } => {
            line("reissue", &[("day", &on.to_string()), ("cause", locale.case_cause(*cause))]);
            if !papers.is_empty() {
                line("papers", &[("papers", &papers.join(locale.text("finding.comma")))]);
            }
        }
        CaseRequest::Revoke { benefits_cancelled_on, authority } => {
            if let Some(day) = benefits_cancelled_on {
                line("benefits", &[("day", &day.to_string())]);
            }
            if !authority.is_empty() {
                line("authority", &[("authority", authority)]);
            }
        }
    }
    if let Some(approval) = &case.approval {
        line("approval", &[("reference", &approval.reference), ("day", &approval.on.to_string())]);
    }
    if let Some(day) = case.withdrawn_on {
        line("withdrawn", &[("day", &day.to_string())]);
    }
    lines.extend(remarks(profile, &application.request).iter().map(|r| locale.case_remark(r)));
    lines.extend(steps(stored).into_iter().map(|(state, stamp)| {
        let time = local_time(&stamp.time);
        let places = [("time", time.as_str()), ("user", &stamp.user), ("what", locale.case_state(state))];
        let places = [&places[..], &[("reason", stamp.reason.as_str())]].concat();
        locale.fill("case.step", &places).trim_end().to_string()
    }));
    lines.join("\n")
}

/// Lists what happened to a case: the state it took, and the stamp.
fn steps(stored: &StoredCase) -> Vec<(CaseState, &Stamp)> {
    let mut steps = vec![(CaseState::Open, &stored.opened)];
    steps.extend(stored.approved.as_ref().map(|stamp| (CaseState::Approved, stamp)));
    steps.extend(stored.ended.as_ref().map(|stamp| (stored.case.state, stamp)));
    steps
}

/// Gives one case as JSON.
pub fn as_json(stored: &StoredCase, profile: &Profile, masked: bool) -> Value {
    let mut value = facts(stored, masked);
    let told = |remark: &Remark| match remark {
        Remark::Silent(_) => json!({ "kind": "silent" }),
        Remark::Attach(text, clause) => json!({ "kind": "attach", "text": text, "clause": clause }),
        Remark::SameCode(clause) => json!({ "kind": "same-code", "clause": clause }),
        Remark::Proof(clause) => json!({ "kind": "proof", "clause": clause }),
        Remark::TakeBack(clause) => json!({ "kind": "take-back", "clause": clause }),
    };
    value["remarks"] = remarks(profile, &stored.case.application.request).iter().map(told).collect();
    document(json::CASE, value)
}

fn facts(stored: &StoredCase, masked: bool) -> Value {
    let case = &stored.case;
    let day = |day: chrono::NaiveDate| day.to_string();
    let request = match &case.application.request {
        CaseRequest::Correct(values) => {
            let value = |v: &NewValue| json!({ "item": json::field(v.item.key()), "to": shown_value(v, masked) });
            json!({ "values": values.iter().map(value).collect::<Vec<_>>() })
        }
        CaseRequest::Reissue { on, cause, papers } => {
            json!({ "on": day(*on), "cause": cause.key(), "papers": papers })
        }
        CaseRequest::Revoke { benefits_cancelled_on, authority } => {
            json!({ "benefits_cancelled_on": benefits_cancelled_on.map(day), "authority": authority })
        }
    };
    let cell = |f: Field| (f.key().to_string(), shown(f, case.snapshot.cell(f).unwrap_or_default(), masked).into());
    let step = |(state, stamp): (CaseState, &Stamp)| {
        json!({ "state": state.key(), "entry": stamp.entry, "time": stamp.time, "user": stamp.user,
            "reason": stamp.reason })
    };
    json!({
        "id": case.id.0,
        "kind": case.kind().key(),
        "state": case.state.key(),
        "code": case.code.as_str(),
        "profile": stored.profile,
        "applied_on": day(case.application.applied_on),
        "reason": case.application.reason,
        "request": request,
        "snapshot": Holder::fields().map(cell).collect::<serde_json::Map<String, Value>>(),
        "approval": case.approval.as_ref().map(|a| json!({ "reference": a.reference, "on": day(a.on) })),
        "withdrawn_on": case.withdrawn_on.map(day),
        "steps": steps(stored).into_iter().map(step).collect::<Vec<_>>(),
    })
}
