//! The clauses in words: what a notice asks, what the program does about it, and where.

use std::fmt::Write as _;

use serde::Serialize;
use toml::Value;

use crate::data::{Carrier, Catalogue, Clause, NOTICES};
use crate::domain::rules::RuleId;
use crate::domain::text;
use crate::words::{Lang, Locale};

/// A value of a profile is cut to this many characters.
const SHOWN: usize = 80;

#[derive(Debug, Serialize)]
pub struct ClauseFacts<'a> {
    pub id: &'a str,
    pub document: &'a str,
    /// Key of its kind.
    pub kind: &'static str,
    /// The notice's own words.
    pub quote: &'a str,
    /// What the program does.
    pub what: &'a str,
    /// What carries it, or why nothing can.
    #[serde(rename = "where")]
    pub places: Vec<CarrierFacts<'a>>,
    pub notes: Vec<NoteFacts<'a>>,
}

/// What carries a clause, in words.
#[derive(Debug, Serialize)]
pub struct CarrierFacts<'a> {
    /// `rule`, `profile`, `sheet`, `program` or `reason`.
    pub kind: &'static str,
    /// The rule's code, the profile's key, the form's id, or the key of the text.
    pub key: String,
    /// The ids of the profiles that say the same under the key; nothing for the other kinds.
    pub profiles: Vec<&'a str>,
    /// A title, a value or a sentence; may be empty.
    pub text: String,
}

/// A contradiction a profile records about a clause.
#[derive(Debug, Serialize)]
pub struct NoteFacts<'a> {
    pub profile: &'a str,
    pub text: &'a str,
}

impl<'a> ClauseFacts<'a> {
    /// Collects what is known of a clause.
    pub fn of(locale: &Locale, catalogue: &'a Catalogue, clause: &'a Clause) -> ClauseFacts<'a> {
        let zh = locale.lang == Lang::Zh;
        let notes = catalogue.profiles.iter().flat_map(|p| p.notes.iter().map(move |note| (p, note)));
        let notes = notes.filter(|(_, note)| note.clause == clause.id);
        ClauseFacts {
            id: &clause.id,
            document: &clause.document,
            kind: clause.kind.key(),
            quote: &clause.quote,
            what: if zh { &clause.what } else { &clause.what_en },
            places: clause.carriers().flat_map(|carrier| places(locale, catalogue, clause, carrier)).collect(),
            notes: notes
                .map(|(p, note)| NoteFacts { profile: &p.id, text: if zh { &note.text } else { &note.text_en } })
                .collect(),
        }
    }

    /// Writes the page as plain text.
    pub fn text(&self, locale: &Locale) -> String {
        let kind = format!("clause.kind.{}", self.kind);
        let quote = locale.fill("clause.quote", &[("quote", &text::quotation(self.quote))]);
        let mut out = format!("{} {}\n{}\n{quote}\n\n", self.id, locale.text(&kind), self.document);
        let _ = writeln!(out, "{}{}", locale.text("clause.what"), self.what);
        let _ = writeln!(out, "{}", locale.text("clause.where"));
        if self.places.is_empty() {
            let _ = writeln!(out, "  {}", locale.text("clause.nowhere"));
        }
        for place in &self.places {
            let _ = writeln!(out, "  {}", place.line(locale));
        }
        if !self.notes.is_empty() {
            let _ = writeln!(out, "{}", locale.text("clause.notes"));
        }
        for note in &self.notes {
            let _ = writeln!(out, "  {}{}{}", note.profile, locale.text("clause.colon"), note.text);
        }
        out
    }
}

impl CarrierFacts<'_> {
    fn line(&self, locale: &Locale) -> String {
        let files: Vec<String> = self.profiles.iter().map(|id| format!("{id}.toml")).collect();
        let files = files.join(locale.text("finding.comma"));
        let head = locale.fill(&format!("clause.at.{}", self.kind), &[("key", &self.key), ("files", &files)]);
        if self.text.is_empty() { head } else { head + locale.text("clause.colon") + &self.text }
    }
}

/// Lists the clauses of a notice, a line each; `None` when no notice begins with these letters.
pub fn clause_list(locale: &Locale, catalogue: &Catalogue, letters: &str) -> Option<String> {
    let clauses = catalogue.clauses_of(letters);
    let mut out = format!("{} {}\n", clauses.first()?.notice(), clauses.first()?.document);
    for clause in clauses {
        let kind = locale.text(&format!("clause.kind.{}", clause.kind.key())).to_string();
        let _ = writeln!(out, "  {:<5}  {}  [{kind}]", clause.id, clause.quote);
    }
    Some(out)
}

/// Tells where a carrier is found: once, or for a profile's key once for each thing the profiles say there.
fn places<'a>(
    locale: &Locale,
    catalogue: &'a Catalogue,
    clause: &Clause,
    carrier: Carrier<'_>,
) -> Vec<CarrierFacts<'a>> {
    let (kind, key) = carrier.parts();
    let place = |profiles, text| CarrierFacts { kind, key: key.to_string(), profiles, text };
    let text = match carrier {
        Carrier::Rule(code) => RuleId::find(code).and_then(|r| locale.rule(r.spec().code)).map(|p| p.title.clone()),
        Carrier::Sheet(id) if catalogue.sheet(id).is_none() => catalogue.form(id).map(|form| form.name.clone()),
        Carrier::Sheet(id) => catalogue.sheet(id).map(|sheet| {
            let own = sheet.columns.iter().filter(|c| c.clause == clause.id).map(|c| c.label.as_str());
            match own.collect::<Vec<_>>()[..] {
                [] => sheet.name.clone(),
                ref own => format!("{} ({})", sheet.name, own.join(locale.text("finding.comma"))),
            }
        }),
        Carrier::Program(_) | Carrier::Reason(_) => Some(locale.text(&format!("clause.{kind}.{key}")).to_string()),
        Carrier::Profile(key) => {
            let told = |id: &str| catalogue.profile_value(id, key).map(|value| shown(locale, &value, clause));
            let own = NOTICES.iter().find(|(letters, _)| *letters == clause.notice()).and_then(|(_, id)| *id);
            if let Some(id) = own {
                // The notes that cite the clause stand below with their words.
                return vec![place(vec![id], told(id).filter(|_| key != "note").unwrap_or_default())];
            }
            let mut all: Vec<CarrierFacts<'_>> = Vec::new();
            for id in catalogue.profiles.iter().map(|p| p.id.as_str()) {
                let Some(text) = told(id) else { continue };
                match all.iter_mut().find(|place| place.text == text) {
                    Some(same) => same.profiles.push(id),
                    None => all.push(place(vec![id], text)),
                }
            }
            return all;
        }
    };
    vec![place(Vec::new(), text.unwrap_or_default())]
}

/// Writes a profile's value on one line. Of a list of tables only those that cite the clause are told, and of a segment
/// its place, name and values.
fn shown(locale: &Locale, value: &Value, clause: &Clause) -> String {
    let line = match value {
        Value::Array(items) if items.iter().any(Value::is_table) => {
            let cites = |v: &&Value| v.get("clause").and_then(Value::as_str) == Some(&clause.id);
            let told = |v: &Value| segment(locale, v).unwrap_or_else(|| plain(v, locale.lang));
            items.iter().filter(cites).map(told).collect::<Vec<_>>().join("; ")
        }
        other => plain(other, locale.lang),
    };
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).collect::<String>() + " …" }
}

fn segment(locale: &Locale, item: &Value) -> Option<String> {
    let [from, to] = ["from", "to"].map(|key| item.get(key).and_then(Value::as_integer));
    let (from, to) = (from?.to_string(), to?.to_string());
    let name = item.get(if locale.lang == Lang::Zh { "name" } else { "name_en" })?.as_str()?;
    let key = if from == to { "finding.position" } else { "finding.positions" };
    let values = item.get("values").map(|v| format!(" = {}", plain(v, locale.lang))).unwrap_or_default();
    Some(format!("{} {name}{values}", locale.fill(key, &[("from", &from), ("to", &to)])))
}

/// Writes a value without the other language's texts and without the clauses it cites.
fn plain(value: &Value, lang: Lang) -> String {
    let inner = |value: &Value| match value {
        Value::Table(_) => format!("({})", plain(value, lang)),
        other => plain(other, lang),
    };
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(inner).collect::<Vec<_>>().join(", "),
        Value::Table(table) => {
            let wanted = |key: &str| match lang {
                Lang::Zh => !key.ends_with("_en"),
                Lang::En => !table.contains_key(&format!("{key}_en")),
            };
            let kept = table.iter().filter(|(key, _)| *key != "clause" && wanted(key));
            kept.map(|(key, v)| format!("{key} = {}", inner(v))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
