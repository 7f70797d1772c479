//! The share register, in the user's words.

use super::Locale;
use crate::domain::ledger::share::{SHARE_CLAUSE, Share, ShareField, ShareId, ShareRefusal, ShareState};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};

impl Locale {
    pub fn share_field(&self, field: ShareField) -> &str {
        self.text(match field {
            ShareField::Receiver => "share.field.receiver",
            ShareField::Purpose => "share.field.purpose",
            ShareField::Scene => "share.field.scene",
            ShareField::Scope => "share.field.scope",
            ShareField::Approver => "share.field.approver",
            ShareField::Expires => "share.field.expires",
        })
    }

    pub fn share_state(&self, state: ShareState) -> &str {
        self.text(match state {
            ShareState::Expired => "share.state.expired",
            ShareState::Incomplete => "share.state.incomplete",
            ShareState::Open => "share.state.open",
            ShareState::Ended => "share.state.ended",
        })
    }

    /// Tells what of an entry is not said yet; nothing where all is.
    pub fn share_lacks(&self, share: &Share) -> Option<String> {
        let missing = share.terms.missing();
        let names: Vec<&str> = missing.iter().map(|field| self.share_field(*field)).collect();
        let names = names.join(self.text("finding.comma"));
        let places = [("id", &*share.id.to_string()), ("fields", &names), ("clause", SHARE_CLAUSE)];
        (!missing.is_empty()).then(|| self.fill("share.lacks", &places))
    }

    /// Tells under which entry a file went out, and what is to be completed there.
    pub fn share_noted(&self, share: &Share) -> String {
        let told = self.fill("share.noted", &[("id", &share.id.to_string()), ("clause", SHARE_CLAUSE)]);
        match self.share_lacks(share) {
            Some(lacks) => format!("{told}{}{lacks}", self.text("share.and")),
            None => told,
        }
    }

    /// Tells why the register does not take something, by the clause.
    pub fn share_refusal(&self, refusal: &ShareRefusal) -> Failure {
        let of = |id: &ShareId| ("id", id.to_string());
        let places: Vec<(&str, String)> = match refusal {
            ShareRefusal::Unknown(id) => vec![of(id)],
            ShareRefusal::Ended(id, day) | ShareRefusal::Expired(id, day) => vec![of(id), ("day", day.to_string())],
            ShareRefusal::NothingChanges => Vec::new(),
            ShareRefusal::BeforeMade(on, made) => vec![("day", on.to_string()), ("made", made.to_string())],
            ShareRefusal::Hidden(field, hidden) => {
                vec![("field", self.share_field(*field).to_string()), ("sign", format!("U+{:04X}", u32::from(*hidden)))]
            }
            ShareRefusal::Passed(day) | ShareRefusal::Ahead(day) => vec![("day", day.to_string())],
        };
        let mut places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        places.push(("clause", SHARE_CLAUSE));
        let told = self.fill(&format!("share.refused.{}", refusal.key()), &places);
        match refusal {
            ShareRefusal::Unknown(_) => Failure::new(FailureKind::Usage, told, self.text("share.unknown-hint")),
            ShareRefusal::Ended(..) | ShareRefusal::Expired(..) => {
                Failure::new(FailureKind::Rule, told, self.text("share.over-hint"))
            }
            ShareRefusal::Hidden(..) => Failure::new(FailureKind::Usage, told, ""),
            _ => Failure::new(FailureKind::Rule, told, ""),
        }
    }

    /// Tells an entry on a line: to whom, for what, until when.
    pub fn share_line(&self, share: &Share) -> Vec<String> {
        let shown = |field: ShareField| text::visible(&share.terms.text(field)).into_owned();
        vec![shown(ShareField::Receiver), shown(ShareField::Purpose), shown(ShareField::Expires)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_refusal_is_told_whole_in_both_languages() {
        let (id, day) = (ShareId(3), "2026-11-01".parse().unwrap());
        let all = [
            ShareRefusal::Unknown(id),
            ShareRefusal::Ended(id, day),
            ShareRefusal::Expired(id, day),
            ShareRefusal::NothingChanges,
            ShareRefusal::Passed(day),
            ShareRefusal::Ahead(day),
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for refusal in &all {
                let told = locale.share_refusal(refusal).message;
                assert!(!told.contains("share.") && !told.contains('{'), "{told}");
            }
        }
    }
}
