//! What the institution registry refuses, in the user's words.

use super::{Lang, Locale};
use crate::domain::registry::{PrefixFault, Refusal};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};

impl Locale {
    /// Tells why the registry does not allow an event, with the clause that forbids it.
    pub fn registry_refusal(&self, refusal: &Refusal) -> Failure {
        let text = |value: &dyn std::fmt::Display| value.to_string();
        let mut places: Vec<(&str, String)> = Vec::new();
        match refusal {
            Refusal::Prefix(PrefixFault::Shape { length }) => places.push(("length", text(length))),
            Refusal::Prefix(PrefixFault::Segment { name, from, to, found, .. }) => {
                let [zh, en] = name;
                places.push(("segment", if self.lang == Lang::Zh { zh } else { en }.clone()));
                let key = if from == to { "finding.position" } else { "finding.positions" };
                places.push(("positions", self.fill(key, &[("from", &text(from)), ("to", &text(to))])));
                places.push(("found", found.clone()));
            }
            Refusal::Taken(prefix)
            | Refusal::Retired(prefix)
            | Refusal::Unknown(prefix)
            | Refusal::Twice(prefix)
            | Refusal::OtherProfile(prefix) => places.push(("prefix", text::visible(prefix).into_owned())),
            Refusal::NameOrder { from, since } => places.extend([("from", text(from)), ("since", text(since))]),
            Refusal::EndOrder { prefix, on, since } => {
                places.extend([("prefix", prefix.clone()), ("on", text(on)), ("since", text(since))]);
            }
            Refusal::TooFew { needed } => places.push(("needed", text(needed))),
            Refusal::EmptyName
            | Refusal::SameName
            | Refusal::NothingChanges
            | Refusal::EmptyScope
            | Refusal::NoReason => {}
        }
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let told = self.fill(&format!("institution.refusal.{}", refusal.key()), &places);
        let told = match refusal.clause() {
            "" => told,
            clause => self.fill("institution.refused-by", &[("told", &told), ("clause", clause)]),
        };
        Failure::new(FailureKind::Data, told, "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_told_whole_in_both_languages() {
        let day = |text: &str| text.parse().unwrap();
        let prefix = || "Y000111021001".to_string();
        let segment = PrefixFault::Segment {
            name: ["省级代码".into(), "municipality".into()],
            from: 6,
            to: 7,
            found: "12".into(),
            clause: "BJ-43".into(),
        };
        let all = [
            Refusal::Prefix(PrefixFault::Shape { length: 12 }),
            Refusal::Prefix(segment),
            Refusal::Taken(prefix()),
            Refusal::Retired(prefix()),
            Refusal::Unknown(prefix()),
            Refusal::EmptyName,
            Refusal::SameName,
            Refusal::NameOrder { from: day("2024-01-01"), since: day("2024-02-01") },
            Refusal::EndOrder { prefix: prefix(), on: day("2024-01-01"), since: day("2024-02-01") },
            Refusal::NothingChanges,
            Refusal::EmptyScope,
            Refusal::TooFew { needed: 2 },
            Refusal::Twice(prefix()),
            Refusal::OtherProfile(prefix()),
            Refusal::NoReason,
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for refusal in &all {
                let told = locale.registry_refusal(refusal).message;
                assert!(!told.contains("institution.") && !told.contains('{'), "{told}");
                assert!(told.contains(refusal.clause()), "{told}");
            }
        }
    }
}
