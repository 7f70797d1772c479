//! Rules about occupations, work types and employers (W).

use super::catalogue::{BLANK, RuleSpec};
use super::characters::has_markup;
use super::checks::{Check, Placeholder, when};
use super::organisations::ends_with_any;
use super::repair::{Broken, Repair};
use super::several::{WORDS, several};
use super::{CheckContext, Detail, Severity, Tables, clean, scope};
use crate::domain::name_list::NameList;
use crate::domain::roster::RowId;
use crate::domain::sheet::{Field, Looks};
use crate::domain::text;

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
            to: |cell| beside(cell).or_else(|| Some(cell.context.profile.empty_work_type.text.clone())),
        }),
        looks_at: (NEAR, NEAR),
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
        looks_at: (ABOVE, 0),
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
            let is_several = has_signs || !several(cell.context, cell.column.field, cell.raw).is_empty();
            when(is_several && entries_within(&cell.context.tables, cell.tidy).is_empty())
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
        checks: &[Check::Registry(scope::is_asked_for, |row| {
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
    // Several employers in one cell.
    RuleSpec {
        code: "W13",
        name: "several-employers",
        severity: Severity::Warning,
        reads: &[Field::Employer],
        checks: &[Check::Words(|cell| when(!several(cell.context, Field::Employer, cell.raw).is_empty()))],
        ..BLANK
    },
    // A body where an occupation should be.
    RuleSpec {
        code: "W14",
        name: "occupation-is-body",
        severity: Severity::Warning,
        reads: &[Field::Occupation, Field::WorkType],
        checks: &[Check::Words(|cell| {
            when(!is_listed(&cell.context.tables, cell.tidy) && cell.context.sheet.is_body(cell.tidy))
        })],
        ..BLANK
    },
    // Two cells of a row hold what is due in the other.
    RuleSpec {
        code: "W15",
        name: "cells-crosswise",
        severity: Severity::Error,
        reads: &[Field::Name, Field::Employer, Field::Occupation],
        checks: &[Check::Row(
            |_| true,
            |row| {
                let (first, _) = crosswise(row.context, |field| row.bytes(field).unwrap_or_default())?;
                Some((first, Detail::None))
            },
        )],
        ..BLANK
    },
    // A blank within the name of an occupation, or a letter as it is no longer written.
    RuleSpec {
        code: "W16",
        name: "occupation-spelling",
        severity: Severity::Warning,
        cites: |profile, _, _| &profile.words.occupation_clause,
        reads: &[Field::Occupation, Field::WorkType],
        checks: &[Check::Words(|cell| {
            let tables = &cell.context.tables;
            let has_catalogue = match cell.column.field {
                Field::Occupation => !tables.occupations.is_empty(),
                _ => !tables.work_types.is_empty(),
            };
            // A catalogue of one's own says it better.
            let is_several = || !several(cell.context, cell.column.field, cell.raw).is_empty();
            when(!has_catalogue && !is_several() && as_written_today(tables, cell.tidy) != cell.tidy)
        })],
        repair: Some(Repair::Unsafe {
            because: "Two names may stand there, or a letter may be meant as it is.",
            to: |cell| Some(as_written_today(&cell.context.tables, &clean::words(cell.field, cell.raw))),
        }),
        ..BLANK
    },
];

fn is_listed(tables: &Tables, name: &str) -> bool {
    tables.occupations.contains(name) || tables.work_types.contains(name)
}

/// Writes a name without blanks between its 汉字, and those as they are written today.
fn as_written_today(tables: &Tables, name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let is_han = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| text::is_han(*c));
    let kept = (0..chars.len())
        .filter(|at| !(text::is_blank(chars[*at]) && is_han(at.checked_sub(1)) && is_han(Some(at + 1))));
    kept.map(|at| tables.spellings.of_today(chars[at])).collect()
}

/// Finds two columns of a row, whose cells are given as bytes of UTF-8, of which each holds what is due in the other.
pub fn crosswise<'a>(context: &CheckContext, cell: impl Fn(Field) -> &'a [u8]) -> Option<(Field, Field)> {
    let sheet = &context.sheet;
    let looks = |field: Field| sheet.looks_of(super::checker::text(cell(field)));
    let is_due = |field: Field| match field {
        Field::Name => Looks::Name,
        Field::Employer => Looks::Organisation,
        _ => Looks::Occupation,
    };
    let pairs =
        [(Field::Name, Field::Employer), (Field::Name, Field::Occupation), (Field::Employer, Field::Occupation)];
    pairs.into_iter().find(|(one, other)| {
        // Nearly none ends so.
        sheet.may_look(is_due(*other), cell(*one))
            && looks(*one) == Some(is_due(*other))
            && looks(*other) == Some(is_due(*one))
    })
}

/// Lists the names of the user's catalogue that stand in a cell side by side, two at least, and nothing else; nothing where the
/// whole cell is such a name, or an occupation and one work type of its own: both are right, each in its column.
pub fn entries_within<'a>(tables: &Tables, cell: &'a str) -> Vec<&'a str> {
    const SIGNS: [char; 10] = ['/', '／', ';', '；', ',', '，', '、', ' ', '+', '＋'];
    let is_listed = |name: &str| tables.occupations.contains(name) || tables.work_types.contains(name);
    if !cell.contains(SIGNS) && !cell.contains(WORDS) || is_listed(cell) {
        return Vec::new();
    }
    // A word may stand within a name.
    let parts = |has_words: bool| cell.split(move |c| SIGNS.contains(&c) || has_words && WORDS.contains(&c));
    let listed = |has_words: bool| -> Option<Vec<&str>> {
        let entries: Vec<&str> = parts(has_words).filter(|part| !part.is_empty()).collect();
        entries.iter().all(|entry| is_listed(entry)).then_some(entries)
    };
    let Some(mut entries) = listed(false).or_else(|| listed(true)) else { return Vec::new() };
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

/// So many rows above and below a row are its neighbours, and so many of them have to agree.
const NEAR: RowId = 20;
const AGREEING: usize = 3;

/// A value of its own is sought so many rows above.
const ABOVE: RowId = 10_000;

/// Gives the work type of the neighbours with the same occupation, where they agree.
fn beside(cell: &Broken<'_>) -> Option<String> {
    let word = |row, field| clean::words(field, cell.roster.cell(row, field));
    let own = word(cell.row, Field::Occupation);
    let last = (cell.row + NEAR + 1).min(cell.roster.len());
    let near = (cell.row.saturating_sub(NEAR)..cell.row).chain(cell.row + 1..last);
    let alike =
        near.filter(|row| !own.is_empty() && word(*row, Field::Occupation) == own && !cell.roster.is_aside(*row));
    let mut said = alike.map(|row| word(row, Field::WorkType)).filter(|text| !text.is_empty());
    let first = said.next()?;
    let others = said.try_fold(1, |n, text| (text == first).then_some(n + 1))?;
    (AGREEING <= others).then(|| first.into_owned())
}

/// Gives the nearest text above in the same column that is a value of its own.
fn value_above(cell: &Broken<'_>) -> Option<String> {
    (cell.row.saturating_sub(ABOVE)..cell.row)
        .rev()
        .map(|row| cell.roster.cell(row, cell.field))
        .find(|text| !text.trim().is_empty() && !clean::is_ditto(text.trim()))
        .map(String::from)
}
