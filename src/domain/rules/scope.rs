//! What an institution is on record for (备案范围), as the user's own table lists it.

use crate::domain::level::Level;

/// One row of the user's table: an institution, an occupation and the levels it may assess.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeRow {
    /// The institution's name, or the first characters of its codes; empty when the row is about every institution.
    pub institution: String,
    /// The occupation's name.
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

    /// Tells whether the row allows a level.
    pub fn allows(&self, level: Level) -> bool {
        self.levels.is_empty() || self.levels.contains(&level)
    }
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
        let third = Level::new(3).unwrap();
        assert!(row("").allows(third));
        assert!(!ScopeRow { levels: vec![Level::new(4).unwrap()], ..row("") }.allows(third));
    }
}
