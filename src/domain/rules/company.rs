//! What stands in a cell beside the number or the name that is due there: a telephone number, a sex, a label, a remark.

use super::clean;
use super::names;
use super::repair::Broken;
use super::{CheckContext, Finding};
use crate::domain::roster::Roster;
use crate::domain::sheet::Field;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Company {
        Label = "label",
        Phone = "phone",
        Sex = "sex",
        Remark = "remark",
    }
}

/// Tells what stands beside the number or the name in the cell of a finding. What cannot be told from them is left out.
pub fn company_of(context: &CheckContext, roster: &Roster, finding: &Finding) -> Vec<Company> {
    let Finding { row, field, detail, .. } = *finding;
    let raw = roster.cell(row, field);
    let broken = Broken { context, roster, row, field, detail, raw };
    let own = match field {
        Field::Name => names::alone(&broken),
        _ => clean::number_within(raw),
    };
    let (mut found, mut has_words) = (Vec::new(), false);
    let tidy: String = raw.chars().map(text::half_width).collect();
    let mut rest = tidy.as_str();
    while let Some(first) = rest.chars().next() {
        let is_alike = |c: char| kind(c) == kind(first);
        let (run, behind) = rest.split_at(rest.find(|c| !is_alike(c)).unwrap_or(rest.len()));
        rest = behind;
        has_words |= kind(first) == Kind::Words;
        let is_own = |own: &String| own.as_str() == run;
        let company = match kind(first) {
            Kind::Digits => text::is_phone(&run.replace('-', "")).then_some(Company::Phone),
            Kind::Words if own.as_ref().is_some_and(is_own) => None,
            Kind::Words if context.tables().sexes.said(run).is_some() => Some(Company::Sex),
            Kind::Words if is_label(context, run) => Some(Company::Label),
            // Without the name or the number it cannot be told from it.
            Kind::Words => own.is_some().then_some(Company::Remark),
            Kind::Signs => None,
        };
        found.extend(company.filter(|company| !found.contains(company)));
    }
    // Alone it stands beside nothing.
    if own.is_none() && !has_words {
        found.clear();
    }
    found
}

#[derive(PartialEq, Eq)]
enum Kind {
    /// Those of a number, with the hyphen of an area.
    Digits,
    Words,
    Signs,
}

fn kind(c: char) -> Kind {
    match c {
        '0'..='9' | '-' => Kind::Digits,
        _ if text::is_han(c) || c == '·' => Kind::Words,
        _ => Kind::Signs,
    }
}

fn is_label(context: &CheckContext, word: &str) -> bool {
    context.sheet().knows(word)
}
