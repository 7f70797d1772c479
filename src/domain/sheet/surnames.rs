//! Surnames (姓氏), by which names are told from other words.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::Deserialize;

/// How much a surname says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SurnameKind {
    /// In a sentence, too, a name begins here.
    Common,
    /// Only where a name is due.
    Rare,
}

/// So many 汉字 has a surname at most.
const LONGEST: usize = 2;

#[derive(Debug, Clone, Default)]
pub struct Surnames(HashMap<String, SurnameKind, FixedState>);

impl Surnames {
    pub fn new(rows: impl IntoIterator<Item = (String, SurnameKind)>) -> Surnames {
        Surnames(rows.into_iter().collect())
    }

    /// Tells whether a text begins with a surname and goes on: who is called by that alone is no person.
    pub fn begin(&self, text: &str) -> bool {
        self.beginnings(text).any(|(_, end)| end < text.len())
    }

    /// Tells whether a text begins with one that is common.
    pub fn begin_commonly(&self, text: &str) -> bool {
        self.beginnings(text).any(|(kind, _)| kind == SurnameKind::Common)
    }

    /// Lists the surnames that a text begins with, each with where it ends.
    fn beginnings(&self, text: &str) -> impl Iterator<Item = (SurnameKind, usize)> {
        let ends = text.char_indices().take(LONGEST).map(|(at, c)| at + c.len_utf8());
        ends.filter_map(|end| Some((*self.0.get(&text[..end])?, end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_behind_its_surname() {
        let rows = [("王", SurnameKind::Common), ("欧阳", SurnameKind::Common), ("有", SurnameKind::Rare)];
        let surnames = Surnames::new(rows.map(|(text, kind)| (text.to_string(), kind)));
        let told = |text: &str| (surnames.begin(text), surnames.begin_commonly(text));
        assert_eq!(["王强", "欧阳明", "有误"].map(told), [(true, true), (true, true), (true, false)]);
        assert_eq!(
            ["王", "欧阳", "欧", "不是人", ""].map(told),
            [(false, true), (false, true), (false, false), (false, false), (false, false)]
        );
    }
}
