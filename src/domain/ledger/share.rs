//! The share register (共享登记): to whom personal data was given outside the upload, for what, how long, and by whose leave (BJ-31).

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::date;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// The clause by which sharing is decided and kept.
pub const SHARE_CLAUSE: &str = "BJ-31";

/// The number of an entry of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShareId(pub i64);

impl fmt::Display for ShareId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

vocabulary! {
    /// What an entry says.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ShareField {
        /// Who gets the data (接收方).
        Receiver = "receiver",
        /// What it is for (用途).
        Purpose = "purpose",
        /// Where it is used (使用场景).
        Scene = "scene",
        /// Which data it is (范围); may be left out.
        Scope = "scope",
        /// Who agreed (批准人).
        Approver = "approver",
        /// The last day on which it may be used (使用期限).
        Expires = "expires",
    }
}

/// What an entry says, each part as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareTerms {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub receiver: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scene: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub approver: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
}

/// A file that was handed out under an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedFile {
    /// Its name without its folder.
    pub file: String,
    pub sha256: String,
    /// What is in it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holds: String,
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub id: ShareId,
    pub terms: ShareTerms,
    /// When it was made, UTC, and by whom.
    pub made: (String, String),
    /// The last day on which the data were used, where that is over.
    pub ended_on: Option<NaiveDate>,
    /// The files that were handed out under it, oldest first, each with the time, UTC.
    pub files: Vec<(SharedFile, String)>,
}

vocabulary! {
    /// How an entry stands.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ShareState {
        /// The time has passed, and nobody said that the data are gone.
        Expired = "expired",
        /// Something is not said yet that decides on sharing.
        Incomplete = "incomplete",
        Open = "open",
        Ended = "ended",
    }
}

/// Why the register does not take something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareRefusal {
    Unknown(ShareId),
    /// It has ended; on which day.
    Ended(ShareId, NaiveDate),
    /// Its time has passed; on which day.
    Expired(ShareId, NaiveDate),
    NothingChanges,
    /// The time would have passed when the entry is made.
    Passed(NaiveDate),
    /// The day is still to come.
    Ahead(NaiveDate),
    /// The day is before the one on which the entry was made; both.
    BeforeMade(NaiveDate, NaiveDate),
    /// What was typed for a part holds a sign that nobody sees.
    Hidden(ShareField, char),
}

impl ShareRefusal {
    /// Gives the stable name used in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            ShareRefusal::Unknown(_) => "unknown",
            ShareRefusal::Ended(..) => "ended",
            ShareRefusal::Expired(..) => "expired",
            ShareRefusal::NothingChanges => "nothing-changes",
            ShareRefusal::Passed(_) => "passed",
            ShareRefusal::Ahead(_) => "ahead",
            ShareRefusal::BeforeMade(..) => "before-made",
            ShareRefusal::Hidden(..) => "hidden",
        }
    }
}

impl ShareTerms {
    /// Gives a part as a text.
    pub fn text(&self, field: ShareField) -> String {
        match field {
            ShareField::Receiver => self.receiver.clone(),
            ShareField::Purpose => self.purpose.clone(),
            ShareField::Scene => self.scene.clone(),
            ShareField::Scope => self.scope.clone(),
            ShareField::Approver => self.approver.clone(),
            ShareField::Expires => date::written(self.expires),
        }
    }

    /// Refuses signs that nobody sees: what is kept for good is what was typed.
    ///
    /// # Errors
    /// A part holds one.
    pub fn must_be_plain(&self) -> Result<(), ShareRefusal> {
        for field in ShareField::ALL {
            if let Some(hidden) = self.text(field).chars().find(|c| text::is_control(*c) && !text::is_blank(*c)) {
                return Err(ShareRefusal::Hidden(field, hidden));
            }
        }
        Ok(())
    }

    /// Puts a part there as it was typed, without blanks around it; a day as [`date::written`] writes it.
    pub fn put(&mut self, field: ShareField, typed: &str) {
        let typed = typed.split(text::is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match field {
            ShareField::Receiver => self.receiver = typed,
            ShareField::Purpose => self.purpose = typed,
            ShareField::Scene => self.scene = typed,
            ShareField::Scope => self.scope = typed,
            ShareField::Approver => self.approver = typed,
            ShareField::Expires => self.expires = typed.parse().ok(),
        }
    }

    /// Lists what decides on sharing and is not said.
    pub fn missing(&self) -> Vec<ShareField> {
        let decides = |field: &ShareField| *field != ShareField::Scope;
        ShareField::ALL.into_iter().filter(decides).filter(|field| self.text(*field).is_empty()).collect()
    }
}

impl Share {
    pub fn state(&self, today: NaiveDate) -> ShareState {
        if self.ended_on.is_some() {
            ShareState::Ended
        } else if self.terms.expires.is_some_and(|last| last < today) {
            ShareState::Expired
        } else if self.terms.missing().is_empty() {
            ShareState::Open
        } else {
            ShareState::Incomplete
        }
    }

    /// Refuses to have more handed out under it.
    ///
    /// # Errors
    /// It has ended, or its time has passed.
    pub fn may_be_used(&self, today: NaiveDate) -> Result<(), ShareRefusal> {
        match (self.ended_on, self.terms.expires) {
            (Some(day), _) => Err(ShareRefusal::Ended(self.id, day)),
            (None, Some(last)) if last < today => Err(ShareRefusal::Expired(self.id, last)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(expires: Option<&str>, ended_on: Option<&str>, receiver: &str) -> Share {
        let day = |text: &str| text.parse().ok();
        let terms = ShareTerms {
            receiver: receiver.into(),
            purpose: "就业帮扶".into(),
            scene: "内部核对".into(),
            scope: String::new(),
            approver: "主任".into(),
            expires: expires.and_then(day),
        };
        Share { id: ShareId(1), terms, made: Default::default(), ended_on: ended_on.and_then(day), files: Vec::new() }
    }

    #[test]
    fn an_entry_stands_until_its_time_has_passed_or_it_is_ended() {
        let today = "2026-11-21".parse().unwrap();
        for (one, state, may) in [
            (share(Some("2026-11-21"), None, "某局"), ShareState::Open, true),
            (share(Some("2026-11-20"), None, "某局"), ShareState::Expired, false),
            (share(None, None, "某局"), ShareState::Incomplete, true),
            (share(Some("2026-12-01"), None, ""), ShareState::Incomplete, true),
            (share(Some("2026-11-20"), Some("2026-11-19"), "某局"), ShareState::Ended, false),
        ] {
            assert_eq!((one.state(today), one.may_be_used(today).is_ok()), (state, may), "{one:?}");
        }
        let terms = share(None, None, "").terms;
        assert_eq!(terms.missing(), [ShareField::Receiver, ShareField::Expires]);
    }

    #[test]
    fn parts_are_put_and_told_by_name() {
        let mut terms = ShareTerms::default();
        ShareField::ALL.into_iter().for_each(|field| terms.put(field, " 2026-12-31 "));
        assert!(ShareField::ALL.into_iter().all(|field| terms.text(field) == "2026-12-31"));
    }
}
