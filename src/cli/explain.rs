//! `skillcert explain [TOPIC]`: the handbook of rules and clauses.

use clap::Args;
use serde_json::{Value, json};

use super::io::Io;
use super::json::{self, document};
use super::typed::TextOrJson;
use crate::domain::text;
use crate::failure::{Failure, FailureKind};
use crate::locale::{ClauseFacts, ListedRule, RuleFacts, clause_list, handbook};
use crate::office::{Catalogue, Clause, Office};
use crate::words::Locale;

/// Longer topics are cut: nothing in the handbook has a name like that.
const TOPIC: usize = 64;

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A rule, a clause or a notice; the whole handbook when not given.
    #[arg(value_name = "TOPIC", help = "topic")]
    topic: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

/// Prints the handbook, one rule, one clause, or the clauses of one notice. An unknown topic is a usage failure.
pub fn run(args: &ExplainArgs, io: &mut Io, office: &Office) -> Result<u8, Failure> {
    let (locale, catalogue) = (office.locale(), office.catalogue());
    let json = args.format == TextOrJson::Json;
    let page = match &args.topic {
        None if json => all(locale, catalogue).to_string(),
        None => handbook(locale, catalogue),
        Some(topic) => {
            let topic: String = topic.chars().take(TOPIC).collect();
            page(&topic, json, locale, catalogue).ok_or_else(|| unknown(&topic, locale, catalogue))?
        }
    };
    io.page(locale, args.format, &format!("{}\n", page.trim_end())).map(|()| 0)
}

fn page(topic: &str, json: bool, locale: &Locale, catalogue: &Catalogue) -> Option<String> {
    if let Some(rule) = RuleFacts::find(locale, catalogue, topic) {
        return Some(if json { document(json::RULE, json!(rule)).to_string() } else { rule.text(locale) });
    }
    if let Some(clause) = catalogue.find_clause(topic) {
        let clause = ClauseFacts::of(locale, catalogue, clause);
        return Some(if json { document(json::CLAUSE, json!(clause)).to_string() } else { clause.text(locale) });
    }
    if json {
        let clauses = catalogue.clauses_of(topic);
        let brief: Value = clauses.iter().map(|c| in_brief(c)).collect();
        return (!clauses.is_empty()).then(|| document(json::CLAUSES, json!({ "clauses": brief })).to_string());
    }
    clause_list(locale, catalogue, topic)
}

/// Lists every rule and every clause in brief.
fn all(locale: &Locale, catalogue: &Catalogue) -> Value {
    let rule = |r: &ListedRule| {
        let title = locale.rule(r.code).map_or("", |page| page.title.as_str());
        json!({ "code": r.code, "name": r.name, "severity": r.severity.key(), "title": title })
    };
    let rules: Vec<Value> = ListedRule::all().iter().map(rule).collect();
    let clauses: Vec<Value> = catalogue.clauses().iter().map(in_brief).collect();
    document(json::HANDBOOK, json!({ "rules": rules, "clauses": clauses }))
}

fn in_brief(clause: &Clause) -> Value {
    json!({ "id": clause.id, "document": clause.document, "kind": clause.kind.key(), "quote": clause.quote })
}

fn unknown(topic: &str, locale: &Locale, catalogue: &Catalogue) -> Failure {
    let rules = ListedRule::all();
    let names = rules.iter().flat_map(|r| [r.code, r.name]).chain(catalogue.clauses().iter().map(|c| c.id.as_str()));
    let told = locale.fill("cli.unknown-topic", &[("topic", &text::visible(topic))]);
    Failure::new(FailureKind::Usage, told, locale.near(topic, names, "name.topics"))
}
