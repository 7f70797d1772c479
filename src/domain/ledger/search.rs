//! What is searched for in the ledger: the shape of what was typed decides where it is looked for.

use super::{BatchId, Certificate, SeriesKey, Status};
use crate::domain::sound::initials;
use crate::domain::text;

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateQuery {
    pub text: String,
    /// Only certificates of this status.
    pub status: Option<Status>,
    /// Only certificates of this series.
    pub series: Option<SeriesKey>,
    /// Only certificates given to rows of this batch.
    pub batch: Option<BatchId>,
    /// Only certificates whose code has the last two digits of this year.
    pub year: Option<u8>,
    /// Only certificates whose code or whose holder's ID number ends so.
    pub ending: Option<String>,
    /// Only certificates of an institution; of any where nothing is said.
    pub institution: Option<NamedInstitution>,
}

/// What was typed of an institution's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedInstitution {
    pub name: String,
    /// The prefixes of the registered ones that are called so.
    pub prefixes: Vec<String>,
}

impl NamedInstitution {
    /// Tells whether a certificate is under one of the prefixes, or names such an institution itself: not all are registered.
    fn has(&self, certificate: &Certificate) -> bool {
        self.prefixes.iter().any(|prefix| certificate.code.as_str().starts_with(&**prefix))
            || certificate.holder.institution.contains(&self.name)
    }
}

/// A way in which a text may name certificates: as the beginning of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchWay {
    Code(String),
    /// Of the ID number.
    IdNumber(String),
    Name(String),
    /// Of the name's first letters (拼音首字母).
    Initials(String),
    /// Nothing was typed: every certificate.
    All,
}

impl CertificateQuery {
    /// Searches for a text among all certificates.
    pub fn new(text: &str) -> CertificateQuery {
        CertificateQuery { text: text.to_string(), ..CertificateQuery::default() }
    }

    /// Lists the ways in which the text may be meant, the narrowest first.
    pub fn ways(&self) -> Vec<SearchWay> {
        let typed = text::trimmed(&self.text);
        let compact: String = text::compact(&typed).chars().filter(|c| *c != '-').collect();
        if typed.is_empty() {
            return vec![SearchWay::All];
        }
        let mut ways = Vec::new();
        if compact.bytes().all(|b| b.is_ascii_alphanumeric()) && !compact.is_empty() {
            let upper = compact.to_ascii_uppercase();
            let digits = upper.bytes().any(|b| b.is_ascii_digit());
            if upper.len() <= 22 {
                ways.push(SearchWay::Code(upper.clone()));
            }
            ways.push(SearchWay::IdNumber(upper));
            if !digits {
                ways.push(SearchWay::Initials(compact.to_ascii_lowercase()));
            }
        }
        if !compact.bytes().all(|b| b.is_ascii_digit()) {
            ways.push(SearchWay::Name(typed.into_owned()));
        }
        ways
    }

    /// Tells whether a certificate passes the filters.
    pub fn wants(&self, certificate: &Certificate) -> bool {
        self.status.is_none_or(|status| certificate.status == status)
            && self.series.is_none_or(|series| certificate.series == series)
            && self.batch.is_none_or(|batch| certificate.row.is_some_and(|(of, _)| of == batch))
            && self.year.is_none_or(|year| certificate.code.as_str().get(13..15) == Some(&*format!("{year:02}")))
            && self.ending.as_ref().is_none_or(|ending| {
                certificate.code.as_str().ends_with(&**ending) || certificate.holder.id_number.ends_with(&**ending)
            })
            && self.institution.as_ref().is_none_or(|institution| institution.has(certificate))
    }
}

impl SearchWay {
    /// Tells whether this way finds a certificate.
    pub fn finds(&self, certificate: &Certificate) -> bool {
        let holder = &certificate.holder;
        match self {
            SearchWay::Code(prefix) => certificate.code.as_str().starts_with(prefix.as_str()),
            SearchWay::IdNumber(prefix) => holder.id_number.starts_with(prefix.as_str()),
            SearchWay::Name(prefix) => holder.name.starts_with(prefix.as_str()),
            SearchWay::Initials(prefix) => initials(&holder.name).starts_with(prefix.as_str()),
            SearchWay::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_decides_where_to_look() {
        let ways = |text: &str| CertificateQuery::new(text).ways();
        let (code, id) = (|t: &str| SearchWay::Code(t.into()), |t: &str| SearchWay::IdNumber(t.into()));
        assert_eq!(ways("s0000"), [code("S0000"), id("S0000"), SearchWay::Name("s0000".into())]);
        assert_eq!(ways("6201 02"), [code("620102"), id("620102")]);
        assert_eq!(ways("zw"), [code("ZW"), id("ZW"), SearchWay::Initials("zw".into()), SearchWay::Name("zw".into())]);
        assert_eq!(ways("张 伟"), [SearchWay::Name("张 伟".into())]);
        assert_eq!(ways("Ｓ００"), [code("S00"), id("S00"), SearchWay::Name("Ｓ００".into())]);
        assert_eq!(ways(" \u{200B}"), [SearchWay::All]);
    }
}
