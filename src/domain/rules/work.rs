//! Rules about occupations, work types and employers (W).

use super::catalogue::{BLANK, RuleSpec};
use super::characters::has_markup;
use super::checks::{Check, Placeholder, when};
use super::organisations::ends_with_any;
use super::repair::{Broken, Repair};
use super::{Detail, Severity, Tables, clean, scope};
use crate::domain::name_list::NameList;
use crate::domain::sheet::Field;

pub(super) const RULES: &[RuleSpec] = &[
    // The work type is empty.
    RuleSpec {
        code: "W01",
        name: "work-type-empty",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.empty_work_type.clause,
        reads: &[Field::WorkType],
        checks: &[Check::Gap(|field, gap| when(gap == Placeholder::Empty && field == Field::WorkType))],
        repair: Some(Repair::Unsafe {
            because: "There may be a work type that was forgotten.",
            to: |cell| Some(cell.context.profile.empty_work_type.text.clone()),
        }),
        ..BLANK
    },
    // Another sign in place of the token for "no work type".
    RuleSpec {
        code: "W02",
        name: "work-type-dash",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.empty_work_type.clause,
        reads: &[Field::WorkType],
        checks: &[Check::Gap(|_, gap| when(gap == Placeholder::Dash))],
        repair: Some(Repair::Safe {
            because: "Every such sign says that there is no work type.",
            to: |cell| Some(cell.context.profile.empty_work_type.text.clone()),
        }),
        ..BLANK
    },
    // 同上 or the like in place of a value.
    RuleSpec {
        code: "W03",
        name: "ditto",
        severity: Severity::Error,
        cites: |profile, field, _| if field == Field::WorkType { &profile.empty_work_type.clause } else { "" },
        reads: &Field::ALL,
        checks: &[Check::Gap(|_, gap| when(gap == Placeholder::Ditto))],
        repair: Some(Repair::Unsafe { because: "Rows may have been sorted since it was written.", to: value_above }),
        ..BLANK
    },
    // The work type repeats the occupation.
    RuleSpec {
        code: "W04",
        name: "work-type-repeats",
        severity: Severity::Warning,
        clause: "GS-37",
        reads: &[Field::WorkType],
        checks: &[Check::Words(|cell| when(cell.tidy == cell.occupation))],
        ..BLANK
    },
    // The occupation is not in the user's catalogue.
    RuleSpec {
        code: "W05",
        name: "occupation-unlisted",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.words.occupation_clause,
        reads: &[Field::Occupation],
        checks: &[Check::Words(|cell| {
            let listed = &cell.context.tables.occupations;
            let is_unlisted = !listed.is_empty() && !listed.contains(cell.tidy);
            when(is_unlisted && entries_within(&cell.context.tables, cell.tidy).is_empty())
        })],
        repair: Some(Repair::Unsafe {
            because: "Another occupation may have been meant, or the catalogue may lack it.",
            to: |cell| nearest(&cell.context.tables.occupations, cell),
        }),
        ..BLANK
    },
    // Several values in one cell.
    RuleSpec {
        code: "W06",
        name: "several-values",
        severity: Severity::Warning,
        reads: &[Field::Occupation, Field::WorkType],
        checks: &[Check::Words(|cell| {
            let has_signs = cell.tidy.contains(['/', '／', ';', '；', ',', '，']) && !has_markup(cell);
            when(has_signs && entries_within(&cell.context.tables, cell.tidy).is_empty())
        })],
        ..BLANK
    },
    // The employer does not look like a full name.
    RuleSpec {
        code: "W07",
        name: "employer-short",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.words.employer_clause,
        reads: &[Field::Employer],
        checks: &[Check::Words(|cell| when(!ends_with_any(cell.tidy, &cell.context.profile.words.employer_endings)))],
        ..BLANK
    },
    // The occupation is of a major class that is not assessed.
    RuleSpec {
        code: "W08",
        name: "occupation-class",
        severity: Severity::Warning,
        cites: |profile, _, _| profile.words.major_classes.as_ref().map_or("", |list| list.clause.as_str()),
        reads: &[Field::Occupation],
        checks: &[Check::Words(|cell| {
            let classes = cell.context.profile.words.major_classes.as_ref()?;
            let code = cell.context.tables.occupation_codes.get(cell.tidy)?;
            when(!classes.words.iter().any(|class| code.starts_with(class.as_str())))
        })],
        ..BLANK
    },
    // The occupation is one with access control.
    RuleSpec {
        code: "W09",
        name: "occupation-controlled",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.words.controlled_clause,
        reads: &[Field::Occupation],
        checks: &[Check::Words(|cell| {
            let is_controlled = cell.context.tables.controlled.contains(cell.tidy);
            when(is_controlled && !cell.context.profile.words.controlled_clause.is_empty())
        })],
        ..BLANK
    },
    // The row lies outside the institution's filed scope.
    RuleSpec {
        code: "W10",
        name: "outside-scope",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.words.scope_clause,
        reads: &[Field::Code, Field::Occupation, Field::WorkType, Field::Level, Field::Institution],
        checks: &[Check::Row(scope::is_asked_for, |row| {
            row.is_outside_scope.then_some((Field::Occupation, Detail::None))
        })],
        ..BLANK
    },
    // The work type is not in the user's catalogue.
    RuleSpec {
        code: "W11",
        name: "work-type-unlisted",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.words.occupation_clause,
        reads: &[Field::WorkType],
        // Of whatever occupation: what was found clean beside one is not looked at again beside another.
        checks: &[Check::Words(|cell| {
            let listed = &cell.context.tables.work_types;
            let is_unlisted = !listed.is_empty() && !listed.contains(cell.tidy);
            when(is_unlisted && entries_within(&cell.context.tables, cell.tidy).is_empty())
        })],
        repair: Some(Repair::Unsafe {
            because: "Another work type may have been meant, or the catalogue may lack it.",
            to: |cell| {
                let occupation = clean::words(Field::Occupation, cell.roster.cell(cell.row, Field::Occupation));
                nearest(cell.context.tables.work_types_beside(&occupation), cell)
            },
        }),
        ..BLANK
    },
    // Two names of the user's catalogue in one cell.
    RuleSpec {
        code: "W12",
        name: "several-entries",
        severity: Severity::Error,
        cites: |profile, _, _| &profile.words.occupation_clause,
        reads: &[Field::Occupation, Field::WorkType],
        checks: &[Check::Words(|cell| when(!entries_within(&cell.context.tables, cell.tidy).is_empty()))],
        ..BLANK
    },
];

/// Lists the names of the user's catalogue that stand in a cell side by side, two at least, and nothing else; nothing where the
/// whole cell is such a name, or an occupation and one work type of its own: both are right, each in its column.
pub fn entries_within<'a>(tables: &Tables, cell: &'a str) -> Vec<&'a str> {
    const SIGNS: [char; 10] = ['/', '／', ';', '；', ',', '，', '、', ' ', '+', '＋'];
    let is_listed = |name: &str| tables.occupations.contains(name) || tables.work_types.contains(name);
    if !cell.contains(SIGNS) || is_listed(cell) {
        return Vec::new();
    }
    let mut entries: Vec<&str> = cell.split(SIGNS).filter(|part| !part.is_empty()).collect();
    if !entries.iter().all(|entry| is_listed(entry)) {
        return Vec::new();
    }
    entries.sort_unstable();
    entries.dedup();
    entries.sort_by_key(|entry| cell.find(entry));
    let is_under = |work_type: &str, name: &str| {
        tables.work_types_of.get(name).is_some_and(|own| own.contains(work_type)) && work_type != name
    };
    match entries[..] {
        [] | [_] => Vec::new(),
        [one, other] if is_under(one, other) || is_under(other, one) => Vec::new(),
        _ => entries,
    }
}

/// Gives the listed name that is nearer than any other to what stands in a cell.
fn nearest(listed: &NameList, cell: &Broken<'_>) -> Option<String> {
    listed.nearest(&clean::words(cell.field, cell.raw))
}

/// Gives the nearest text above in the same column that is a value of its own.
fn value_above(cell: &Broken<'_>) -> Option<String> {
    (0..cell.row)
        .rev()
        .take(10_000)
        .map(|row| cell.roster.cell(row, cell.field))
        .find(|text| !text.trim().is_empty() && !clean::is_ditto(text.trim()))
        .map(String::from)
}
