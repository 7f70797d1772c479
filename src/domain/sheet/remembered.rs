//! How the columns of a header were matched last time (上次的对应).

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{ColumnMap, Field, FoundBy, GaveWay, LostClaim, SheetSpec, SourceColumn, label};
use crate::domain::text;

/// What a column of a header was matched to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedColumn {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// It was put out of the roster, with the table that it is of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

/// How the columns of a header were matched by the user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedColumns {
    /// Whether the user pointed at the header: it is none that is found.
    #[serde(default)]
    pub is_pointed_at: bool,
    /// In the order of the file.
    pub columns: Vec<RememberedColumn>,
    /// The fields that more than one column claimed, before somebody said which.
    #[serde(default)]
    pub disputed: Vec<Field>,
}

/// A header whose columns somebody has matched, with what that is remembered under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedHeader {
    pub fingerprint: String,
    pub columns: RememberedColumns,
}

/// Gives what the matching of a header is remembered under, in hexadecimal: a digest of its labels in their order.
pub fn header_fingerprint(labels: &[String]) -> String {
    let mut digest = Sha256::new();
    for label in labels {
        digest.update(text::squeezed_label(label).as_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

impl ColumnMap {
    /// Gives what is to be remembered of a matching that somebody has made of another one; nothing where it is the same.
    pub fn to_remember(&self, before: &ColumnMap, is_pointed_at: bool) -> Option<RememberedColumns> {
        if self.holds_as(before) && !is_pointed_at {
            return None;
        }
        let is_left_out = |lost: LostClaim| lost.to == GaveWay::LeftOut;
        let columns = self.source.iter();
        let columns = columns.map(|c| RememberedColumn { field: c.field, left_out: c.lost.is_some_and(is_left_out) });
        let disputed = before.disputes().into_iter().map(|(field, _)| field).collect();
        Some(RememberedColumns { is_pointed_at, columns: columns.collect(), disputed })
    }

    /// Matches the columns as somebody has matched those of the same header before; tells whether that makes a difference. What
    /// is in dispute now and was not then stays so.
    pub fn match_as(&mut self, remembered: &RememberedColumns, form: &SheetSpec) -> bool {
        if remembered.columns.len() != self.source.len() {
            return false;
        }
        let before = self.clone();
        let open: Vec<Field> = self.disputes().into_iter().map(|(field, _)| field).collect();
        let is_new = |field: Field| open.contains(&field) && !remembered.disputed.contains(&field);
        for (own, then) in self.source.iter_mut().zip(&remembered.columns) {
            let claimed = own.lost.filter(|lost| lost.to.is_open()).map(|lost| lost.field);
            let wanted = then.field.filter(|field| form.column(*field).is_some());
            if [own.field, claimed, wanted].into_iter().flatten().any(is_new) {
                continue;
            }
            let named = own.field.or(own.lost.map(|lost| lost.field));
            if own.field != wanted || claimed.is_some() || own.is_open_guess() {
                own.by = if wanted.is_some() { FoundBy::Remembered } else { FoundBy::Label };
                own.field = wanted;
                own.lost = named.filter(|_| then.left_out).map(|field| LostClaim { field, to: GaveWay::LeftOut });
            }
        }
        for (at, _) in remembered.columns.iter().enumerate().filter(|(_, then)| then.left_out) {
            if self.source[at].lost.is_none() {
                form.turn_aside(self, at);
            }
        }
        *self = ColumnMap::new(std::mem::take(&mut self.source));
        !self.holds_as(&before)
    }
}

impl SheetSpec {
    /// Tells whether a required column was put out although the header names it: that is about the file in hand.
    pub fn puts_out(&self, columns: &ColumnMap) -> bool {
        let names = |c: &SourceColumn, field| label::plain(&c.label) == label::plain(self.label(field));
        let is_named = |field| columns.source.iter().any(|c| c.field.is_none() && names(c, field));
        self.missing(columns).into_iter().any(is_named)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn form() -> SheetSpec {
        SheetSpec::parse(include_str!("../../../data/sheets/upload-11.toml")).unwrap()
    }

    fn map(labels: &[&str]) -> ColumnMap {
        ColumnMap::matched(&labels.iter().map(ToString::to_string).collect::<Vec<_>>(), &form())
    }

    #[test]
    fn a_header_is_matched_as_last_time() {
        let before = map(&["姓名", "号", "备注"]);
        let mut by_hand = before.clone();
        by_hand.assign(1, Some(Field::IdNumber));
        by_hand.assign(0, None);
        let remembered = by_hand.to_remember(&before, false).unwrap();
        assert_eq!(before.to_remember(&before, false), None);
        let mut again = map(&["姓名", "号", "备注"]);
        assert!(again.match_as(&remembered, &form()));
        assert_eq!((again.of(Field::Name), again.of(Field::IdNumber)), (None, Some(1)));
        assert_eq!(again.source[1].by, FoundBy::Remembered);
        assert!(!map(&["姓名", "号"]).match_as(&remembered, &form()));
        let json = serde_json::to_string(&remembered).unwrap();
        assert_eq!(serde_json::from_str::<RememberedColumns>(&json).unwrap(), remembered);
    }

    #[test]
    fn what_is_in_dispute_for_the_first_time_stays_so() {
        let labels = ["姓名", "证书编号", "证书编号"];
        // Then one of them was empty, and the other one was put out.
        let disputed = map(&labels);
        let is_open = |map: &ColumnMap| !map.disputes().is_empty();
        let mut chosen = disputed.clone();
        chosen.assign(2, Some(Field::Code));
        let settled = chosen.to_remember(&disputed, false).unwrap();
        let mut again = map(&labels);
        // Whoever said which one is asked no more.
        if is_open(&disputed) {
            assert!(again.match_as(&settled, &form()) && !is_open(&again));
            assert_eq!(again.of(Field::Code), Some(2));
            let unasked = RememberedColumns { disputed: Vec::new(), ..settled };
            let mut anew = map(&labels);
            anew.match_as(&unasked, &form());
            assert!(is_open(&anew));
        }
    }

    #[test]
    fn a_header_is_known_whatever_stands_around_its_labels() {
        let of = |labels: &[&str]| header_fingerprint(&labels.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(of(&["*姓 名", "号："]), of(&["姓名", "号"]));
        assert_ne!(of(&["姓名", "号"]), of(&["号", "姓名"]));
    }
}
