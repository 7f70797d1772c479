//! The handbook: one page per rule, and the list of them.

use std::fmt::Write as _;
use std::sync::Arc;

use super::Locale;
use crate::data;
use crate::domain::rules::{CheckContext, Detail, RULES, RuleId, RuleSpec, Tables};
use crate::domain::sheet::Field;

/// Writes a rule's page as plain text; `None` when no rule has that code or name.
pub fn rule_page(locale: &Locale, code_or_name: &str) -> Option<String> {
    let rule = RuleId::find(code_or_name.trim())?;
    let spec = rule.spec();
    let page = locale.rule(spec.code)?;
    let mut out = format!("{} {}\n{}\n\n", spec.code, page.title, spec.name);
    let mut line = |key: &str, text: &str| {
        let _ = writeln!(out, "{}{text}", locale.text(key));
    };
    line("finding.page.severity", locale.severity(spec.severity));
    line("finding.page.why", &page.why);
    let good = if page.good.is_empty() { String::new() } else { format!(" -> {}", page.good) };
    line("finding.page.example", &format!("{}{good}", page.bad));
    if page.fix.is_empty() {
        line("finding.page.fix", locale.text("finding.page.no-fix"));
    } else {
        let safeties: Vec<&str> = rule.fix_safeties().iter().map(|s| locale.safety(*s)).collect();
        line("finding.page.fix", &page.fix);
        line("finding.page.safety", &safeties.join(locale.text("finding.or")));
    }
    out += locale.text("finding.page.clauses");
    out.push('\n');
    for (id, place) in clauses(rule) {
        let place = if place.is_empty() { place } else { format!(" [{place}]") };
        match data::clause(&id) {
            Some(clause) => {
                let _ = writeln!(out, "  {id}{place} {}: {}", clause.document, clause.quote);
            }
            None => {
                let _ = writeln!(out, "  {id}{place}");
            }
        }
    }
    Some(out)
}

/// Lists all rules by family, as plain text.
pub fn handbook(locale: &Locale) -> String {
    let mut out = String::new();
    let mut family = "";
    for spec in RULES {
        if family != &spec.code[..1] {
            if !family.is_empty() {
                out.push('\n');
            }
            family = &spec.code[..1];
            let _ = writeln!(out, "{family} {}", locale.text(family_key(family)));
        }
        let _ = writeln!(out, "  {}", entry(locale, spec));
    }
    out
}

fn entry(locale: &Locale, spec: &RuleSpec) -> String {
    let title = locale.rule(spec.code).map_or("", |page| page.title.as_str());
    // The severities have equally many characters in Chinese; English ones are padded. Titles, which are wide, stand last.
    format!("{}  {:<7}  {:<22}  {title}", spec.code, locale.severity(spec.severity), spec.name)
}

fn family_key(family: &str) -> &'static str {
    match family {
        "A" => "finding.family.A",
        "C" => "finding.family.C",
        "D" => "finding.family.D",
        "L" => "finding.family.L",
        "N" => "finding.family.N",
        "O" => "finding.family.O",
        "R" => "finding.family.R",
        "S" => "finding.family.S",
        "T" => "finding.family.T",
        "U" => "finding.family.U",
        _ => "finding.family.W",
    }
}

/// The columns that rules without a clause of their own may point at.
fn fields(rule: RuleId) -> &'static [Field] {
    match rule {
        RuleId::InstitutionForm => &[Field::Institution],
        RuleId::IssuingBodyForm => &[Field::IssuingBody],
        RuleId::OccupationUnlisted => &[Field::Occupation],
        RuleId::EmployerShort => &[Field::Employer],
        RuleId::SeveralValues => &[Field::Occupation, Field::WorkType],
        RuleId::WorkTypeEmpty | RuleId::WorkTypeDash => &[Field::WorkType],
        RuleId::FullWidth => {
            &[Field::Employer, Field::Occupation, Field::WorkType, Field::Institution, Field::IssuingBody]
        }
        RuleId::StrayCharacters | RuleId::LostCharacter => {
            &[Field::Name, Field::Employer, Field::Occupation, Field::WorkType, Field::Institution, Field::IssuingBody]
        }
        _ => match &rule.spec().code[..1] {
            "A" => &[Field::IssueDate],
            "C" => &[Field::Code],
            "D" => &[Field::IdNumber],
            "L" => &[Field::Level],
            "N" => &[Field::Name],
            _ => &Field::ALL,
        },
    }
}

/// Lists the clauses a rule may cite, each with the segment or column it comes from; nothing there for the rule's own.
fn clauses(rule: RuleId) -> Vec<(String, String)> {
    if !rule.spec().clause.is_empty() {
        return vec![(rule.spec().clause.to_string(), String::new())];
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for profile in data::profiles() {
        let Some(sheet) = data::sheet(profile.upload_sheet()) else { continue };
        let today = profile.date;
        let context = CheckContext { profile: Arc::clone(profile), sheet, tables: Arc::new(Tables::default()), today };
        let mut add = |detail: Detail, field: Field, place: &str| {
            let id = context.clause(rule, field, detail).to_string();
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
                    add(Detail::Segment(i as u8), Field::Code, &segment.name);
                }
            }
            continue;
        }
        for field in fields(rule) {
            add(Detail::None, *field, context.sheet.label(*field));
        }
    }
    found
}
