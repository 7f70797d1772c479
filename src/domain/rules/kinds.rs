//! Rules about the kinds of certificates (K): which one a row asks for, and what goes with it.

use super::catalogue::{BLANK, RuleSpec};
use super::checks::{Check, RowFacts};
use super::{CheckContext, Detail, Finding, Severity, clean};
use crate::domain::fact::CertificateKind;
use crate::domain::profile::KindTerms;
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // A certificate of a special skill with a level.
    RuleSpec {
        code: "K01",
        name: "special-with-level",
        severity: Severity::Error,
        cites: |profile, _, _| {
            profile.certificate_kinds.of(CertificateKind::SpecialSkill).map_or("", |terms| &terms.no_level_clause)
        },
        reads: &[Field::Level],
        checks: &[Check::Row(are_told, |row| {
            let has_level = terms(row)?.no_level_clause.is_empty() || row.cell(Field::Level)?.trim().is_empty();
            (!has_level).then_some((Field::Level, Detail::None))
        })],
        ..BLANK
    },
    // A certificate of another issuing body than the notice names for its kind.
    RuleSpec {
        code: "K02",
        name: "kind-issuer",
        severity: Severity::Warning,
        cites: |profile, _, _| {
            profile.certificate_kinds.of(CertificateKind::SpecialSkill).map_or("", |terms| &terms.issuer_clause)
        },
        reads: &[Field::IssuingBody],
        checks: &[Check::Row(are_told, |row| {
            let (terms, body) = (terms(row)?, row.cell(Field::IssuingBody)?.trim());
            let is_it = terms.issuers.is_empty() || terms.issuers.iter().any(|word| body.contains(word.as_str()));
            (!is_it && !body.is_empty()).then_some((Field::IssuingBody, Detail::None))
        })],
        ..BLANK
    },
    // An occupation of the qualification catalogue, prepared as a skill level.
    RuleSpec {
        code: "K03",
        name: "occupation-of-qualifications",
        severity: Severity::Warning,
        cites: |profile, _, _| {
            profile.certificate_kinds.of(CertificateKind::Qualification).map_or("", |terms| &terms.list_clause)
        },
        reads: &[Field::Occupation],
        checks: &[Check::Row(
            |context| asks_list(context, CertificateKind::Qualification) && !context.tables.qualifications.is_empty(),
            |row| {
                let is_listed = row.context.tables.qualifications.contains(&*occupation(row)?);
                (is_listed && row.kind.0.has_code()).then_some((Field::Occupation, Detail::None))
            },
        )],
        ..BLANK
    },
    // A special skill on the user's list, prepared as something else.
    RuleSpec {
        code: "K04",
        name: "occupation-of-special-skills",
        severity: Severity::Warning,
        cites: |profile, _, _| {
            profile.certificate_kinds.of(CertificateKind::SpecialSkill).map_or("", |terms| &terms.list_clause)
        },
        reads: &[Field::Occupation],
        checks: &[Check::Row(
            |context| asks_list(context, CertificateKind::SpecialSkill) && !context.tables.special_skills.is_empty(),
            |row| {
                let is_listed = row.context.tables.special_skills.contains(&*occupation(row)?);
                let is_other = row.kind.0 != CertificateKind::SpecialSkill;
                (is_listed && is_other).then_some((Field::Occupation, Detail::None))
            },
        )],
        ..BLANK
    },
    // What the column of the kind says is no kind.
    RuleSpec {
        code: "K05",
        name: "kind-unread",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.certificate_kinds.clause,
        reads: &[Field::Occupation],
        checks: &[Check::Row(are_told, |row| row.kind.1.then_some((Field::Occupation, Detail::None)))],
        ..BLANK
    },
];

fn are_told(context: &CheckContext) -> bool {
    context.profile.certificate_kinds.are_told()
}

fn asks_list(context: &CheckContext, kind: CertificateKind) -> bool {
    context.profile.certificate_kinds.of(kind).is_some_and(|terms| !terms.list_clause.is_empty())
}

/// Gives what the notice says of the row's kind.
fn terms<'a>(row: &RowFacts<'a>) -> Option<&'a KindTerms> {
    row.context.profile.certificate_kinds.of(row.kind.0)
}

fn occupation<'a>(row: &RowFacts<'a>) -> Option<std::borrow::Cow<'a, str>> {
    Some(clean::words(Field::Occupation, row.cell(Field::Occupation)?))
}

/// Tells whether a finding says nothing of a row of this kind: its number is kept as a text, it is of no institution's series, and
/// what has no level lacks none.
pub(super) fn spares(kind: CertificateKind, finding: &Finding) -> bool {
    if kind.has_code() {
        return false;
    }
    let code = finding.rule.spec().code;
    match finding.field {
        Field::Code => true,
        Field::Level => kind == CertificateKind::SpecialSkill && code != "K01",
        Field::Institution | Field::IssuingBody => code.starts_with(['O', 'I']),
        _ => code == "W10",
    }
}
