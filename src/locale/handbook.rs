//! The handbook: one page per rule, and the list of them.

use serde::Serialize;
use std::fmt::Write as _;

use crate::data::{Carrier, Catalogue, NOTICES};
use crate::domain::rules::{Detail, RULES, RuleId, Safety, Severity, TableFault, clause_of};
use crate::domain::sheet::Field;
use crate::words::{Lang, Locale, filled_by};

/// What has a page: what a rule finds in rows, or what is found about a table as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Rule(RuleId),
    Table(TableFault),
}

/// A line of the handbook's list.
#[derive(Debug, Clone, Copy)]
pub struct ListedRule {
    pub code: &'static str,
    pub name: &'static str,
    pub severity: Severity,
    topic: Topic,
}

impl ListedRule {
    fn of(topic: Topic) -> ListedRule {
        let (code, name, severity) = match topic {
            Topic::Rule(rule) => (rule.spec().code, rule.spec().name, rule.spec().severity),
            Topic::Table(fault) => (fault.code(), fault.key(), fault.severity()),
        };
        ListedRule { code, name, severity, topic }
    }

    /// Lists everything that has a page, in the order of the families.
    pub fn all() -> Vec<ListedRule> {
        let rules = RULES.iter().map(|spec| Topic::Rule(spec.id));
        let mut all: Vec<ListedRule> = rules.chain(TableFault::ALL.map(Topic::Table)).map(ListedRule::of).collect();
        all.sort_by_key(|listed| &listed.code[..1]);
        all
    }
}

impl Topic {
    fn fix_safeties(self) -> &'static [Safety] {
        match self {
            Topic::Rule(rule) => rule.fix_safeties(),
            Topic::Table(_) => &[],
        }
    }
}

/// A rule's page: what, why, examples, fix and safety, and the clauses it stands on.
#[derive(Debug, Serialize)]
pub struct RuleFacts {
    /// Stable code, such as `D05`.
    pub code: &'static str,
    /// Stable name in kebab case.
    pub name: &'static str,
    /// Key of the severity.
    pub severity: &'static str,
    pub title: String,
    /// What a finding says, its places left open.
    pub what: String,
    pub why: String,
    /// A value that breaks the rule.
    pub bad: String,
    /// A value that keeps it.
    pub good: String,
    /// What the fix does; empty when there is none.
    pub fix: String,
    /// Keys of the safeties the fix may have.
    pub safety: Vec<&'static str>,
    /// What a person does about it; of findings about a table as a whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub todo: String,
    pub clauses: Vec<Citation>,
    #[serde(skip)]
    listed: ListedRule,
}

/// A clause that a rule stands on.
#[derive(Debug, Serialize)]
pub struct Citation {
    pub id: String,
    /// The segment or column it is about; may be empty.
    pub place: String,
    pub document: &'static str,
    /// The notice's own words.
    pub quote: &'static str,
}

impl RuleFacts {
    /// Finds a rule by its code or name; `None` when there is none.
    pub fn find(locale: &Locale, catalogue: &Catalogue, code_or_name: &str) -> Option<RuleFacts> {
        let typed = code_or_name.trim();
        let rule = RuleId::find(typed).map(Topic::Rule);
        let topic = rule.or_else(|| TableFault::find(typed).map(Topic::Table))?;
        RuleFacts::of(locale, catalogue, ListedRule::of(topic))
    }

    fn of(locale: &Locale, catalogue: &Catalogue, listed: ListedRule) -> Option<RuleFacts> {
        let page = locale.rule(listed.code)?;
        let safeties = if page.fix.is_empty() { &[] } else { listed.topic.fix_safeties() };
        Some(RuleFacts {
            code: listed.code,
            name: listed.name,
            severity: listed.severity.key(),
            title: page.title.clone(),
            what: filled_by(&page.message, |_| Some("…".to_string())),
            why: page.why.clone(),
            bad: page.bad.clone(),
            good: page.good.clone(),
            fix: page.fix.clone(),
            safety: safeties.iter().map(|s| s.key()).collect(),
            todo: page.todo.clone(),
            clauses: citations(listed, catalogue, locale.lang),
            listed,
        })
    }

    /// Writes the page as plain text.
    pub fn text(&self, locale: &Locale) -> String {
        let mut out = format!("{} {}\n{}\n\n", self.code, self.title, self.name);
        let mut line = |key: &str, text: &str| {
            let _ = writeln!(out, "{}{text}", locale.text(key));
        };
        line("finding.page.what", &self.what);
        line("finding.page.severity", locale.severity(self.listed.severity));
        line("finding.page.why", &self.why);
        line("finding.page.bad", &self.bad);
        if !self.good.is_empty() {
            line("finding.page.good", &self.good);
        }
        if !self.todo.is_empty() {
            line("finding.page.todo", &self.todo);
        } else if self.fix.is_empty() {
            line("finding.page.fix", locale.text("finding.page.no-fix"));
        } else {
            let safeties: Vec<&str> = self.listed.topic.fix_safeties().iter().map(|s| locale.safety(*s)).collect();
            line("finding.page.fix", &self.fix);
            line("finding.page.safety", &safeties.join(locale.text("finding.or")));
        }
        out += locale.text("finding.page.clauses");
        out.push('\n');
        for Citation { id, place, document, quote } in &self.clauses {
            let place = if place.is_empty() { String::new() } else { format!(" [{place}]") };
            let _ = writeln!(out, "  {id}{place} {document}{}{quote}", locale.text("clause.colon"));
        }
        out
    }
}

/// Lists all rules by family, as plain text, and the notices below.
pub fn handbook(locale: &Locale, catalogue: &Catalogue) -> String {
    let mut out = String::new();
    let mut family = "";
    for listed in ListedRule::all() {
        if family != &listed.code[..1] {
            if !family.is_empty() {
                out.push('\n');
            }
            family = &listed.code[..1];
            let _ = writeln!(out, "{family} {}", locale.text(family_key(family)));
        }
        let _ = writeln!(out, "  {}", entry(locale, listed));
    }
    let _ = writeln!(out, "\n{}", locale.text("clause.notices"));
    for (letters, _) in NOTICES {
        let clauses = catalogue.clauses_of(letters);
        let document = clauses.first().map_or("", |c| &c.document);
        let _ = writeln!(out, "  {letters:<2}  {:>3}  {document}", clauses.len());
    }
    out
}

fn entry(locale: &Locale, listed: ListedRule) -> String {
    let title = locale.rule(listed.code).map_or("", |page| page.title.as_str());
    // The severities have equally many characters in Chinese; English ones are padded. Titles, which are wide, stand last.
    format!("{}  {:<7}  {:<22}  {title}", listed.code, locale.severity(listed.severity), listed.name)
}

fn family_key(family: &str) -> &'static str {
    match family {
        "A" => "finding.family.A",
        "B" => "finding.family.B",
        "C" => "finding.family.C",
        "D" => "finding.family.D",
        "G" => "finding.family.G",
        "H" => "finding.family.H",
        "I" => "finding.family.I",
        "L" => "finding.family.L",
        "N" => "finding.family.N",
        "O" => "finding.family.O",
        "P" => "finding.family.P",
        "R" => "finding.family.R",
        "S" => "finding.family.S",
        "T" => "finding.family.T",
        "U" => "finding.family.U",
        "V" => "finding.family.V",
        _ => "finding.family.W",
    }
}

/// Lists the clauses a rule stands on: first those its findings cite, then those that name it as their carrier.
fn citations(listed: ListedRule, catalogue: &Catalogue, lang: Lang) -> Vec<Citation> {
    let mut found = match listed.topic {
        Topic::Rule(rule) => cited(rule, catalogue, lang),
        Topic::Table(fault) => cited_of_table(fault, catalogue),
    };
    for clause in catalogue.clauses() {
        let carried = clause.carriers().any(|c| c == Carrier::Rule(listed.code));
        if carried && !found.iter().any(|(id, _)| *id == clause.id) {
            found.push((clause.id.clone(), String::new()));
        }
    }
    let citation = |(id, place): (String, String)| {
        let (document, quote) = catalogue.clause(&id).map_or(("", ""), |c| (c.document.as_str(), c.quote.as_str()));
        Citation { id, place, document, quote }
    };
    found.into_iter().map(citation).collect()
}

/// Lists the clauses that set the form, where it is about a whole table, or its columns.
fn cited_of_table(fault: TableFault, catalogue: &Catalogue) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut add = |id: &str, place: &str| {
        if !id.is_empty() && !found.iter().any(|(known, _)| known == id) {
            found.push((id.to_string(), place.to_string()));
        }
    };
    for profile in &catalogue.profiles {
        let Some(sheet) = catalogue.sheet(profile.upload_sheet()) else { continue };
        match fault {
            TableFault::SideBySide | TableFault::RowNumbers | TableFault::AnswersList => {
                add(profile.form_clause(sheet), "");
            }
            TableFault::SexColumn => add(profile.column_clause(sheet, Field::IdNumber), sheet.label(Field::IdNumber)),
            TableFault::ClaimedTwice | TableFault::GaveWay | TableFault::Guessed | TableFault::Contradicted => {
                sheet.columns.iter().for_each(|c| add(profile.column_clause(sheet, c.field), &c.label));
            }
        }
    }
    found
}

/// Lists the clauses a rule may cite, each with the segment or column it comes from; nothing there for the rule's own.
/// Columns are cited where nothing speaks of the rule itself.
fn cited(rule: RuleId, catalogue: &Catalogue, lang: Lang) -> Vec<(String, String)> {
    let spec = rule.spec();
    let mut found: Vec<(String, String)> = Vec::new();
    let of_profiles = catalogue
        .profiles
        .iter()
        .flat_map(|profile| spec.reads.iter().map(move |field| (spec.cites)(profile, *field, Detail::None)));
    for id in std::iter::once(spec.clause).chain(of_profiles).filter(|id| !id.is_empty()) {
        if !found.iter().any(|(known, _)| known == id) {
            found.push((id.to_string(), String::new()));
        }
    }
    if !found.is_empty() {
        return found;
    }
    for profile in &catalogue.profiles {
        let Some(sheet) = catalogue.sheet(profile.upload_sheet()) else { continue };
        let mut add = |detail: Detail, field: Field, place: &str| {
            let id = clause_of(profile, sheet, rule, field, detail).to_string();
            if !id.is_empty() && !found.iter().any(|(known, _)| *known == id) {
                found.push((id, place.to_string()));
            }
        };
        let of_segment = [
            RuleId::CodeSegment,
            RuleId::CodeRegion,
            RuleId::CodeSerialUnusual,
            RuleId::CodeRangeUnassigned,
            RuleId::CodeCategory,
        ];
        if of_segment.contains(&rule) {
            use crate::domain::code::SegmentReader::{Fixed, Level, Ranges, Region, Serial};
            for (i, segment) in profile.layout.segments().iter().enumerate() {
                let cited = match &segment.reader {
                    Region { closed, .. } => rule == if *closed { RuleId::CodeSegment } else { RuleId::CodeRegion },
                    Ranges { ranges, .. } => match rule {
                        RuleId::CodeCategory => ranges.iter().any(|r| !r.category.is_empty()),
                        rule => rule == RuleId::CodeRangeUnassigned,
                    },
                    Serial { last, usual, .. } if usual < last => {
                        [RuleId::CodeSegment, RuleId::CodeSerialUnusual].contains(&rule)
                    }
                    Fixed { .. } | Level | Serial { .. } => rule == RuleId::CodeSegment,
                    _ => false,
                };
                if cited {
                    let name = if lang == Lang::Zh { &segment.name } else { &segment.name_en };
                    add(Detail::Segment(i as u8), Field::Code, name);
                }
            }
            continue;
        }
        for field in spec.reads {
            add(Detail::None, *field, sheet.label(*field));
        }
    }
    found
}
