//! Institutions as text and JSON.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::cli::json::{self, document};
use crate::cli::table::{Alignment, table};
use crate::cli::typed::TextOrJson;
use crate::domain::date;
use crate::domain::ledger::action::{Act, Action};
use crate::domain::ledger::audit::AuditEntry;
use crate::domain::level::LevelForm;
use crate::domain::registry::{Institution, Rectification, Registry, ScopeItem};
use crate::domain::text;
use crate::office::{InstitutionFile, ListedFact, Office};
use crate::words::Lang;

/// Lists the institutions, those with a retired prefix only when asked for.
pub fn list(registry: &Registry, all: bool, format: TextOrJson, office: &Office) -> String {
    let locale = office.locale();
    let listed: Vec<&Institution> = registry.institutions().filter(|i| all || i.retired.is_none()).collect();
    if format == TextOrJson::Json {
        let told = listed.iter().map(|one| with_order(one, registry.rectification(&one.prefix)));
        return format!("{}\n", document(json::INSTITUTIONS, json!({ "institutions": told.collect::<Vec<_>>() })));
    }
    if listed.is_empty() {
        return format!("{}\n", locale.text("institution.none"));
    }
    let profile = |id: &str| locale.profile_of(id, office.catalogue()).to_string();
    let row = |i: &&Institution| {
        let order = registry.rectification(&i.prefix).map(|order| locale.rectification(order));
        let told = order
            .into_iter()
            .fold(locale.institution(i), |told, order| format!("{told}{}{order}", locale.text("institution.and")));
        vec![i.prefix.clone(), profile(&i.profile), told]
    };
    table(&listed.iter().map(row).collect::<Vec<_>>(), Alignment::Texts, "")
}

/// Shows an institution with everything that ever happened to it.
pub fn page(file: &InstitutionFile, format: TextOrJson, office: &Office) -> String {
    if format == TextOrJson::Text {
        return text_of(file, office);
    }
    let entry = |e: &AuditEntry| json!({ "entry": e.seq, "time": e.time, "user": e.user, "action": e.action, "reason": e.reason });
    let entries: Vec<Value> = file.entries.iter().map(entry).collect();
    let fact = |fact: &ListedFact| {
        let value = fact.def.masked(&fact.value);
        json!({ "id": fact.def.id, "label": office.locale().fact_label(&fact.def), "value": value })
    };
    let facts: Vec<Value> = file.facts.iter().map(fact).collect();
    let institution = with_order(&file.institution, file.rectification.as_ref());
    let value = json!({ "institution": institution, "predecessors": file.predecessors, "affiliates": file.affiliates, "facts": facts, "entries": entries });
    format!("{}\n", document(json::INSTITUTION, value))
}

/// Tells an institution with the order that stands for it, where one does.
fn with_order(institution: &Institution, order: Option<&Rectification>) -> Value {
    let mut told = json!(institution);
    if let (Value::Object(told), Some(order)) = (&mut told, order) {
        told.insert("rectifying".into(), json!({ "since": order.since, "paper": order.paper }));
    }
    told
}

fn text_of(file: &InstitutionFile, office: &Office) -> String {
    let InstitutionFile { institution, predecessors, rectification, affiliates, facts: noted, entries } = file;
    let locale = office.locale();
    let word = |key: &str| locale.text(&format!("institution.page.{key}")).to_string();
    let day = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
    let profile = office.catalogue().profile(&institution.profile);
    let profile = profile.map(|p| if locale.lang == Lang::Zh { p.name.clone() } else { p.name_en.clone() });
    let state = match (&institution.retired, rectification) {
        (Some(retired), _) => locale.retired(retired),
        (None, Some(order)) => locale.rectification(order),
        (None, None) => word("active"),
    };
    let facts = [
        ("profile", profile.unwrap_or_else(|| institution.profile.clone())),
        ("kind", institution.kind.clone()),
        ("filed-on", day(institution.filed_on)),
        ("contact", institution.contact.clone()),
        ("predecessors", predecessors.join(locale.text("finding.comma"))),
        ("affiliates", text::visible(&affiliates.join(locale.text("finding.comma"))).into_owned()),
        ("state", state),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let mut told = format!("{}  {}\n", institution.prefix, text::visible(institution.name()));
    told += &table(&facts.map(|(key, value)| vec![word(key), value]).collect::<Vec<_>>(), Alignment::Texts, "  ");
    let mut part = |key: &str, rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            told += &format!("{}\n{}", word(key), table(&rows, Alignment::Texts, "  "));
        }
    };
    let fact = |fact: &ListedFact| vec![locale.fact_label(&fact.def), locale.fact_value(&fact.def, &fact.value, true)];
    part("facts", noted.iter().map(fact).collect());
    let names = institution.names.iter().map(|n| vec![locale.span(n.from, n.to), n.name.clone()]);
    part("names", names.collect());
    let seal = |key: &str, since: Option<NaiveDate>| {
        since
            .map(|since| locale.fill(&format!("institution.page.{key}"), &[("on", &since.to_string())]))
            .unwrap_or_default()
    };
    let seals = institution.seals.iter();
    part(
        "seals",
        seals.map(|s| vec![s.name.clone(), seal("used", s.from), seal("electronic", s.electronic_from)]).collect(),
    );
    let levels = |item: &ScopeItem| {
        let written = item.levels.iter().map(|l| l.written(LevelForm::Grade));
        if item.levels.is_empty() { word("all-levels") } else { written.collect::<Vec<_>>().join("、") }
    };
    let item = |i: &ScopeItem| {
        let work_type = if i.work_type.is_empty() { word("all-work-types") } else { i.work_type.clone() };
        vec![i.occupation_code.clone(), i.occupation.clone(), work_type, levels(i), i.standard.clone()]
    };
    part("scope", institution.scope.iter().map(item).collect());
    let entry = |e: &AuditEntry| {
        let action = match Action::of_entry(e) {
            Some(Action::EventNote(Act { after, .. })) => {
                format!("{} {}", locale.dated_event(after.event), date::written(after.day))
            }
            _ if e.action.starts_with("institution.") => locale.institution_action(&e.action).to_string(),
            _ => locale.audit_action(&e.action),
        };
        vec![e.seq.to_string(), locale.moment(&e.time), e.user.clone(), action, e.reason.clone()]
    };
    part("entries", entries.iter().map(entry).collect());
    told
}
