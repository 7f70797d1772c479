//! Cases as text and as JSON. Whoever calls has masked them, unless they are asked for whole.

use serde_json::{Value, json};

use crate::cli::json::{self, document};
use crate::domain::ledger::Holder;
use crate::domain::ledger::audit::Stamp;
use crate::domain::ledger::case::{CaseRequest, CaseState, NewValue, Remark, StoredCase, remarks};
use crate::domain::profile::Profile;
use crate::domain::sheet::Field;
use crate::locale::local_time;
use crate::words::Locale;

/// Lists cases, a line each.
pub fn list(cases: &[StoredCase], locale: &Locale) -> String {
    let line = |stored: &StoredCase| {
        let case = &stored.case;
        let places = [
            ("id", case.id.to_string()),
            ("kind", locale.case_kind(case.kind()).to_string()),
            ("state", locale.case_state(case.state).to_string()),
            ("code", case.code.to_string()),
            ("name", case.snapshot.name.clone()),
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
pub fn list_json(cases: &[StoredCase]) -> Value {
    document(json::CASES, json!({ "cases": cases.iter().map(facts).collect::<Vec<_>>() }))
}

/// Writes the page of one case; what it asks for is worded already.
pub fn page(stored: &StoredCase, request: Vec<String>, profile: &Profile, locale: &Locale) -> String {
    let case = &stored.case;
    let application = &case.application;
    let mut lines = Vec::new();
    let mut line = |key: &str, places: &[(&str, &str)]| lines.push(locale.fill(&format!("case.{key}"), places));
    let (id, code) = (case.id.to_string(), case.code.to_string());
    let (kind, state) = (locale.case_kind(case.kind()), locale.case_state(case.state));
    let day = application.applied_on.to_string();
    let Holder { name, id_number: number, .. } = &case.snapshot;
    line("entry", &[("id", &id), ("kind", kind), ("state", state), ("code", &code), ("name", name), ("day", &day)]);
    line("certificate", &[("code", &code)]);
    line("holder", &[("name", name), ("number", number)]);
    line("applied", &[("day", &day), ("reason", &application.reason)]);
    lines.extend(request);
    let mut line = |key: &str, places: &[(&str, &str)]| lines.push(locale.fill(&format!("case.{key}"), places));
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
pub fn as_json(stored: &StoredCase, profile: &Profile) -> Value {
    let mut value = facts(stored);
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

fn facts(stored: &StoredCase) -> Value {
    let case = &stored.case;
    let day = |day: chrono::NaiveDate| day.to_string();
    let request = match &case.application.request {
        CaseRequest::Correct(values) => {
            let value = |v: &NewValue| json!({ "item": json::field(v.item.key()), "to": v.to });
            json!({ "values": values.iter().map(value).collect::<Vec<_>>() })
        }
        CaseRequest::Reissue { on, cause, papers } => {
            json!({ "on": day(*on), "cause": cause.key(), "papers": papers })
        }
        CaseRequest::Revoke { benefits_cancelled_on, authority } => {
            json!({ "benefits_cancelled_on": benefits_cancelled_on.map(day), "authority": authority })
        }
    };
    let cell = |f: Field| (f.key().to_string(), case.snapshot.cell(f).unwrap_or_default().into());
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
