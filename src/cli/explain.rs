//! `skillcert explain [TOPIC]`: the handbook of rules and clauses.

use std::io::Write;

use serde_json::{Value, json};

use super::args::ExplainArgs;
use super::json::{self, document};
use super::out;
use crate::data;
use crate::domain::rules::{RULES, RuleSpec};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::locale::{ClauseFacts, RuleFacts, clause_list, handbook};
use crate::words::Locale;

/// Longer topics are cut: nothing in the handbook has a name like that.
const TOPIC: usize = 64;

/// Prints the handbook, one rule, one clause, or the clauses of one notice. An unknown topic is a usage failure.
pub fn run(args: &ExplainArgs, locale: &Locale) -> Result<u8, Failure> {
    let json = args.format == "json";
    let page = match &args.topic {
        None if json => all(locale).to_string(),
        None => handbook(locale),
        Some(topic) => {
            let topic: String = topic.chars().take(TOPIC).collect();
            page(&topic, json, locale).ok_or_else(|| unknown(&topic, locale))?
        }
    };
    let mut stdout = out::stdout();
    let written = writeln!(stdout, "{}", page.trim_end()).and_then(|()| stdout.flush());
    out::settled(written).map_err(|e| locale.untold(&e))?;
    Ok(0)
}

fn page(topic: &str, json: bool, locale: &Locale) -> Option<String> {
    if let Some(rule) = RuleFacts::find(locale, topic) {
        return Some(if json { document(json::RULE, json!(rule)).to_string() } else { rule.text(locale) });
    }
    if let Some(clause) = data::find_clause(topic) {
        let clause = ClauseFacts::of(locale, clause);
        return Some(if json { document(json::CLAUSE, json!(clause)).to_string() } else { clause.text(locale) });
    }
    if json {
        let clauses = data::clauses_of(topic);
        let brief: Value = clauses.iter().map(|c| in_brief(c)).collect();
        return (!clauses.is_empty()).then(|| document(json::CLAUSES, json!({ "clauses": brief })).to_string());
    }
    clause_list(locale, topic)
}

/// Lists every rule and every clause in brief.
fn all(locale: &Locale) -> Value {
    let rule = |r: &RuleSpec| {
        let title = locale.rule(r.code).map_or("", |page| page.title.as_str());
        json!({ "code": r.code, "name": r.name, "severity": r.severity.key(), "title": title })
    };
    let rules: Vec<Value> = RULES.iter().map(rule).collect();
    let clauses: Vec<Value> = data::clauses().iter().map(in_brief).collect();
    document(json::HANDBOOK, json!({ "rules": rules, "clauses": clauses }))
}

fn in_brief(clause: &data::Clause) -> Value {
    json!({ "id": clause.id, "document": clause.document, "kind": clause.kind.key(), "quote": clause.quote })
}

fn unknown(topic: &str, locale: &Locale) -> Failure {
    let names = RULES.iter().flat_map(|r| [r.code, r.name]).chain(data::clauses().iter().map(|c| c.id.as_str()));
    let told = locale.fill("cli.unknown-topic", &[("topic", &text::visible(topic))]);
    Failure::new(FailureKind::Usage, told, locale.near(topic, names, "name.topics"))
}
