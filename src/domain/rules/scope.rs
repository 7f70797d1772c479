//! What an institution is on record for (备案范围): as the registry has it, else as the user's own table lists it.

use super::{CheckContext, clean};
use crate::domain::code::PREFIX_LENGTH;
use crate::domain::level::Level;
use crate::domain::registry::ScopeItem;
use crate::domain::sheet::Field;

/// One row of the user's table: an institution, an occupation and the levels it may assess.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeRow {
    /// The institution's name, or the first characters of its codes; empty when the row is about every institution.
    pub institution: String,
    pub occupation: String,
    /// The occupation's code; may be empty.
    pub code: String,
    /// The work type; empty for every one of the occupation.
    pub work_type: String,
    /// The levels, each once; empty for every one.
    pub levels: Vec<Level>,
}

impl ScopeRow {
    /// Tells whether the row is about the institution of a certificate with this name and certificate code.
    pub fn is_about(&self, institution: &str, certificate_code: &str) -> bool {
        let is_prefix = self.institution.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_prefix { certificate_code.starts_with(&self.institution) } else { self.institution == institution }
    }
}

/// The last row that was compared with a registry's scope, and whether it lies inside. Rosters hold the same occupation many
/// times, and a scope may be long.
#[derive(Debug, Clone, Default)]
pub(super) struct ScopeMemo {
    prefix: String,
    occupation: String,
    work_type: String,
    level: Option<Level>,
    is_inside: bool,
}

/// Tells whether there is a scope to compare with, and a clause that asks for it.
pub(super) fn is_asked_for(context: &CheckContext) -> bool {
    let has_scope = !context.tables.scope.is_empty() || context.tables.registry.has_scope();
    has_scope && !context.profile.words.scope_clause.is_empty()
}

/// Tells whether occupation, work type and level lie outside what the institution is on record for.
///
/// The registry's scope of the code's prefix counts where it is known, else the user's table; nothing lies outside where
/// neither says anything about the institution.
pub(super) fn is_outside<'a>(
    context: &CheckContext,
    level: Option<Level>,
    of: impl Fn(Field) -> &'a str,
    memo: &mut ScopeMemo,
) -> bool {
    let occupation = clean::words(Field::Occupation, of(Field::Occupation));
    if occupation.is_empty() {
        return false;
    }
    let code = clean::code(of(Field::Code));
    let work_type = clean::words(Field::WorkType, of(Field::WorkType));
    let has_work_type = !work_type.is_empty()
        && work_type != context.profile.empty_work_type.text
        && !clean::is_dash(&work_type)
        && !clean::is_ditto(&work_type);
    let covers = |its_occupation: &str, its_work_type: &str, levels: &[Level]| {
        its_occupation == occupation
            && (its_work_type.is_empty() || !has_work_type || its_work_type == work_type)
            && level.is_none_or(|level| levels.is_empty() || levels.contains(&level))
    };
    let filed = context.owner_of(&code).map_or(&[][..], |institution| &institution.scope);
    let is_inside = if filed.is_empty() {
        let own = match of(Field::Institution) {
            "" => of(Field::IssuingBody),
            institution => institution,
        };
        let own = clean::words(Field::Institution, own);
        let mut rows = context.tables.scope.iter().filter(|row| row.is_about(&own, &code)).peekable();
        rows.peek().is_none() || rows.any(|row| covers(&row.occupation, &row.work_type, &row.levels))
    } else {
        let prefix = &code[..PREFIX_LENGTH];
        if memo.prefix != prefix || memo.occupation != occupation || memo.work_type != work_type || memo.level != level
        {
            let item = |item: &ScopeItem| covers(&item.occupation, &item.work_type, &item.levels);
            *memo = ScopeMemo {
                prefix: prefix.to_string(),
                occupation: occupation.to_string(),
                work_type: work_type.to_string(),
                level,
                is_inside: filed.iter().any(item),
            };
        }
        memo.is_inside
    };
    !is_inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_about_a_name_a_prefix_or_everybody() {
        let row = |institution: &str| ScopeRow { institution: institution.into(), ..ScopeRow::default() };
        let (name, code) = ("海南某职业学校", "S000046010001241000001");
        assert!(row(name).is_about(name, code) && !row(name).is_about("另一所学校", code));
        assert!(row("S000046010001").is_about(name, code) && !row("S000046010002").is_about(name, code));
        assert!(row("").is_about(name, code));
    }
}
