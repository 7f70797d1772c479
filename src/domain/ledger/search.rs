//! What is searched for in the ledger: the shape of what was typed decides where it is looked for.

use super::{Certificate, SeriesKey, Status};
use crate::domain::sound::initials;
use crate::domain::text;

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    /// Only certificates of this status.
    pub status: Option<Status>,
    /// Only certificates of this series.
    pub series: Option<SeriesKey>,
    /// Only certificates given to rows of this batch.
    pub batch: Option<i64>,
}

/// A way in which a text may name certificates: as the beginning of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    Code(String),
    /// Of the ID number.
    IdNumber(String),
    Name(String),
    /// Of the name's first letters (拼音首字母).
    Initials(String),
    /// Nothing was typed: every certificate.
    All,
}

impl Query {
    /// Searches for a text among all certificates.
    pub fn new(text: &str) -> Query {
        Query { text: text.to_string(), ..Query::default() }
    }

    /// Lists the ways in which the text may be meant, the narrowest first.
    pub fn ways(&self) -> Vec<Way> {
        let typed = text::trimmed(&self.text);
        let compact: String = text::compact(&typed).chars().filter(|c| *c != '-').collect();
        if typed.is_empty() {
            return vec![Way::All];
        }
        let mut ways = Vec::new();
        if compact.bytes().all(|b| b.is_ascii_alphanumeric()) && !compact.is_empty() {
            let upper = compact.to_ascii_uppercase();
            let digits = upper.bytes().any(|b| b.is_ascii_digit());
            if upper.len() <= 22 {
                ways.push(Way::Code(upper.clone()));
            }
            ways.push(Way::IdNumber(upper));
            if !digits {
                ways.push(Way::Initials(compact.to_ascii_lowercase()));
            }
        }
        if !compact.bytes().all(|b| b.is_ascii_digit()) {
            ways.push(Way::Name(typed.into_owned()));
        }
        ways
    }

    /// Tells whether a certificate passes the filters.
    pub fn wants(&self, certificate: &Certificate) -> bool {
        self.status.is_none_or(|status| certificate.status == status)
            && self.series.is_none_or(|series| certificate.series == series)
            && self.batch.is_none_or(|batch| certificate.row.is_some_and(|(of, _)| of == batch))
    }
}

impl Way {
    /// Tells whether this way finds a certificate.
    pub fn finds(&self, certificate: &Certificate) -> bool {
        let holder = &certificate.holder;
        match self {
            Way::Code(prefix) => certificate.code.as_str().starts_with(prefix.as_str()),
            Way::IdNumber(prefix) => holder.id_number.starts_with(prefix.as_str()),
            Way::Name(prefix) => holder.name.starts_with(prefix.as_str()),
            Way::Initials(prefix) => initials(&holder.name).starts_with(prefix.as_str()),
            Way::All => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_decides_where_to_look() {
        let ways = |text: &str| Query::new(text).ways();
        let (code, id) = (|t: &str| Way::Code(t.into()), |t: &str| Way::IdNumber(t.into()));
        assert_eq!(ways("s0000"), [code("S0000"), id("S0000"), Way::Name("s0000".into())]);
        assert_eq!(ways("6201 02"), [code("620102"), id("620102")]);
        assert_eq!(ways("zw"), [code("ZW"), id("ZW"), Way::Initials("zw".into()), Way::Name("zw".into())]);
        assert_eq!(ways("张 伟"), [Way::Name("张 伟".into())]);
        assert_eq!(ways("Ｓ００"), [code("S00"), id("S00"), Way::Name("Ｓ００".into())]);
        assert_eq!(ways(" \u{200B}"), [Way::All]);
    }
}
