//! What a notice says of the kinds of certificates: those without a code of 22 characters are told from those with one.

use serde::Deserialize;

use crate::domain::fact::CertificateKind;
use crate::domain::sheet::ColumnMap;
use crate::domain::text;

/// The kinds that a notice names; empty for one that knows one kind alone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateKinds {
    /// The labels of a column that says of which kind a row is.
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub kind: Vec<KindTerms>,
    /// The clause that names the kinds.
    #[serde(default)]
    pub clause: String,
}

/// What is said of one kind.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindTerms {
    pub kind: CertificateKind,
    /// What a cell says that means it.
    pub words: Vec<String>,
    /// What 发证机构 holds, one of these; empty for whatever.
    #[serde(default)]
    pub issuers: Vec<String>,
    #[serde(default)]
    pub issuer_clause: String,
    /// The clause by which it has no level; empty where it may have one.
    #[serde(default)]
    pub no_level_clause: String,
    /// The clause by which an occupation of the user's list asks for it.
    #[serde(default)]
    pub list_clause: String,
    /// The clause by which it is issued.
    pub clause: String,
}

impl CertificateKinds {
    /// Tells whether a notice tells kinds apart at all.
    pub fn are_told(&self) -> bool {
        !self.kind.is_empty()
    }

    /// Gives what is said of a kind.
    pub fn of(&self, kind: CertificateKind) -> Option<&KindTerms> {
        self.kind.iter().find(|terms| terms.kind == kind)
    }

    /// Gives the clause by which a kind is issued; empty where the notice does not speak of it.
    pub fn clause_of(&self, kind: CertificateKind) -> &str {
        self.of(kind).map_or("", |terms| &terms.clause)
    }

    /// Reads what a cell says of the kind.
    pub fn read(&self, cell: &str) -> Option<CertificateKind> {
        let compact = text::compact(cell);
        let is_it = |terms: &&KindTerms| terms.words.iter().any(|word| *word == *compact);
        self.kind.iter().find(is_it).map(|terms| terms.kind)
    }

    /// Finds the column that says it: one alone, and none that the form has.
    pub fn column(&self, columns: &ColumnMap) -> Option<usize> {
        let is_it = |at: &usize| {
            let column = &columns.source[*at];
            let label = text::squeezed_label(&column.label);
            column.field.is_none() && column.lost.is_none() && self.columns.iter().any(|known| *known == *label)
        };
        let mut found = (0..columns.source.len()).filter(is_it);
        found.next().filter(|_| found.next().is_none())
    }
}
