//! Rules about 评价机构, 发证机构 and the employer beside them (O): what they are called, and whether they go with the code.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, when};
use super::{Detail, Severity, clean};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::fact::Route;
use crate::domain::registry::Registry;
use crate::domain::sheet::Field;
use crate::domain::text;

pub(super) const RULES: &[RuleSpec] = &[
    // The evaluation institution does not look like a competition committee.
    RuleSpec {
        code: "O01",
        name: "institution-form",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.organisations.clause,
        reads: &[Field::Institution],
        checks: &[Check::Words(|cell| {
            when(!ends_with_any(cell.tidy, &cell.context.profile.organisations.institution_endings))
        })],
        ..BLANK
    },
    // The issuing body lacks the stamp remark.
    RuleSpec {
        code: "O02",
        name: "issuing-body-form",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.organisations.clause,
        reads: &[Field::IssuingBody],
        checks: &[Check::Words(|cell| {
            let words = &cell.context.profile.organisations.issuing_body_words;
            when(!words.is_empty() && !words.iter().any(|w| cell.tidy.contains(w.as_str())))
        })],
        ..BLANK
    },
    // The institution's number and the issuing body do not go together.
    RuleSpec {
        code: "O03",
        name: "issuer-number",
        severity: Severity::Warning,
        cites: |profile, _, detail| {
            let route = match detail {
                Detail::Route(route) => Some(route),
                _ => None,
            };
            profile.organisations.issuer_number.as_ref().map_or("", |number| number.clause_of(route))
        },
        reads: &[Field::Code, Field::IssuingBody],
        checks: &[Check::Row(
            |context| context.profile.organisations.issuer_number.is_some(),
            |row| {
                let number = row.context.profile.organisations.issuer_number.as_ref()?;
                let code = row.code()?;
                let body = row.cell(Field::IssuingBody).filter(|body| !body.is_empty())?;
                let has_value = number.is_in(&code);
                let has_word = number.words.iter().any(|word| body.contains(word.as_str()));
                let route = row.context.known.route;
                let is_wrong = match route {
                    Some(Route::Committee) => !(has_value && has_word),
                    Some(Route::Filed) => has_value || has_word,
                    None => has_value != has_word,
                };
                is_wrong.then_some((Field::IssuingBody, route.map_or(Detail::None, Detail::Route)))
            },
        )],
        ..BLANK
    },
    // The employer is another than the institution, which assesses its own staff.
    RuleSpec {
        code: "O04",
        name: "employer-elsewhere",
        severity: Severity::Warning,
        cites: |profile, _, _| profile.organisations.own_staff.as_ref().map_or("", |staff| staff.clause.as_str()),
        reads: &[Field::Code, Field::Employer, Field::Institution],
        checks: &[Check::Row(
            |context| context.profile.organisations.own_staff.is_some(),
            |row| {
                let staff = row.context.profile.organisations.own_staff.as_ref()?;
                let (employer, institution) = (row.cell(Field::Employer)?, row.cell(Field::Institution)?);
                let code = row.code()?;
                let words = clean::words(Field::Employer, employer);
                let is_elsewhere = code.starts_with(&staff.category)
                    && ![employer, institution].contains(&"")
                    && words != clean::words(Field::Institution, institution)
                    && !belongs(&row.context.tables.registry, &code, &words);
                is_elsewhere.then_some((Field::Employer, Detail::None))
            },
        )],
        ..BLANK
    },
];

/// Tells whether the registry has an employer among those that belong to the institution of a code.
fn belongs(registry: &Registry, code: &str, employer: &str) -> bool {
    let affiliates = code.get(..PREFIX_LENGTH).map_or(&[][..], |prefix| registry.affiliates(prefix));
    affiliates.iter().any(|name| clean::words(Field::Employer, name) == employer)
}

/// Tells whether a name ends with one of the endings; brackets of either width count alike, and so does a bracketed remark
/// after the ending.
pub(super) fn ends_with_any(value: &str, endings: &[String]) -> bool {
    if endings.is_empty() || endings.iter().any(|e| value.ends_with(e.as_str())) {
        return true;
    }
    let half: String = value.chars().map(text::half_width).collect();
    let stem = half.strip_suffix(')').and_then(|h| h.rsplit_once('(')).map_or(half.as_str(), |(stem, _)| stem);
    endings.iter().any(|e| half.ends_with(e.as_str()) || stem.ends_with(e.as_str()))
}
