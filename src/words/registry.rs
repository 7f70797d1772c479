//! What the institution registry refuses, in the user's words.

use chrono::NaiveDate;

use super::{Lang, Locale};
use crate::domain::code::{PREFIX_LENGTH, SegmentReader};
use crate::domain::profile::Profile;
use crate::domain::registry::{Institution, InstitutionRefusal, PrefixFault, Rectification, Retired};
use crate::domain::text;
use crate::failure::{Failure, FailureKind};

impl Locale {
    /// Tells whose a prefix is: the name, the names before it, and that the prefix is retired.
    pub fn institution(&self, institution: &Institution) -> String {
        let mut told = text::visible(institution.name()).into_owned();
        for former in institution.names.iter().rev().skip(1) {
            let to = former.to.map(|day| day.to_string()).unwrap_or_default();
            let places = [("name", &*text::visible(&former.name)), ("to", &to)];
            told += self.text("institution.and");
            told += &self.fill("institution.formerly", &places);
        }
        if let Some(retired) = &institution.retired {
            told += self.text("institution.and");
            told += &self.retired(retired);
        }
        told
    }

    /// Tells what a prefix under a profile is made of, segment by segment.
    pub fn prefix_shape(&self, profile: &Profile) -> String {
        let segments = profile.layout.segments().iter().take_while(|segment| segment.to <= PREFIX_LENGTH);
        let told = segments.map(|segment| {
            let name = if self.lang == Lang::Zh { &segment.name } else { &segment.name_en };
            let is = match &segment.reader {
                SegmentReader::Fixed { values, .. } => values.join("/"),
                _ => self.fill("institution.places", &[("n", &(segment.to + 1 - segment.from).to_string())]),
            };
            format!("{is} {name}")
        });
        told.collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Tells when and why a prefix was retired.
    pub fn retired(&self, retired: &Retired) -> String {
        let on = retired.on.to_string();
        let mut told = self.fill("institution.retired", &[("on", &on)]);
        if let Some(successor) = &retired.successor {
            told += self.text("finding.comma");
            told += &self.fill("institution.went-into", &[("prefix", &text::visible(successor))]);
        }
        if !retired.reason.is_empty() {
            told += &self.fill("institution.because", &[("reason", &text::visible(&retired.reason))]);
        }
        told
    }

    /// Tells since when an institution puts things right, and by which paper.
    pub fn rectification(&self, order: &Rectification) -> String {
        let since = order.since.to_string();
        let mut told = self.fill("institution.rectifying", &[("since", &since)]);
        if !order.paper.is_empty() {
            told += &self.fill("institution.because", &[("reason", &text::visible(&order.paper))]);
        }
        told
    }

    /// Tells from when to when something holds.
    pub fn span(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
        let text = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
        let key = match (from, to) {
            (None, None) => "institution.span.always",
            (Some(_), None) => "institution.span.from",
            (None, Some(_)) => "institution.span.to",
            (Some(_), Some(_)) => "institution.span.both",
        };
        self.fill(key, &[("from", &text(from)), ("to", &text(to))])
    }

    /// Tells why the registry does not allow an event, with the clause of the institution's notice that forbids it.
    pub fn registry_refusal(&self, refusal: &InstitutionRefusal, profile: Option<&Profile>) -> Failure {
        let text = |value: &dyn std::fmt::Display| value.to_string();
        let mut places: Vec<(&str, String)> = Vec::new();
        match refusal {
            InstitutionRefusal::Prefix(PrefixFault::Shape { length }) => places.push(("length", text(length))),
            InstitutionRefusal::Prefix(PrefixFault::Segment { name, from, to, found, .. }) => {
                let [zh, en] = name;
                places.push(("segment", if self.lang == Lang::Zh { zh } else { en }.clone()));
                let key = if from == to { "finding.position" } else { "finding.positions" };
                places.push(("positions", self.fill(key, &[("from", &text(from)), ("to", &text(to))])));
                places.push(("found", found.clone()));
            }
            InstitutionRefusal::Taken(prefix)
            | InstitutionRefusal::Retired(prefix)
            | InstitutionRefusal::Unknown(prefix)
            | InstitutionRefusal::Twice(prefix)
            | InstitutionRefusal::NotRectifying(prefix)
            | InstitutionRefusal::OtherProfile(prefix) => places.push(("prefix", text::visible(prefix).into_owned())),
            InstitutionRefusal::NameOrder { from, since } => {
                places.extend([("from", text(from)), ("since", text(since))]);
            }
            InstitutionRefusal::EndOrder { prefix, on, since } => {
                places.extend([("prefix", prefix.clone()), ("on", text(on)), ("since", text(since))]);
            }
            InstitutionRefusal::Rectifying { prefix, since } => {
                places.extend([("prefix", text::visible(prefix).into_owned()), ("since", text(since))]);
            }
            InstitutionRefusal::RectifiedBefore { on, since } => {
                places.extend([("on", text(on)), ("since", text(since))]);
            }
            InstitutionRefusal::Ahead(day) => places.push(("on", text(day))),
            InstitutionRefusal::TooFew { needed } => places.push(("needed", text(needed))),
            InstitutionRefusal::EmptyName
            | InstitutionRefusal::SameName
            | InstitutionRefusal::NothingChanges
            | InstitutionRefusal::EmptyScope
            | InstitutionRefusal::NoPaper
            | InstitutionRefusal::NoReason => {}
        }
        let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let told = self.fill(&format!("institution.refusal.{}", refusal.key()), &places);
        let told = match profile.map_or("", |profile| refusal.clause(profile)) {
            "" => told,
            clause => self.fill("institution.refused-by", &[("told", &told), ("clause", clause)]),
        };
        match refusal {
            InstitutionRefusal::Rectifying { .. } => {
                Failure::new(FailureKind::Rule, told, self.text("institution.rectifying-hint"))
            }
            InstitutionRefusal::Unknown(_) => Failure::new(FailureKind::Usage, told, self.text("name.institutions")),
            _ => Failure::new(FailureKind::Rule, told, ""),
        }
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
            InstitutionRefusal::Prefix(PrefixFault::Shape { length: 12 }),
            InstitutionRefusal::Prefix(PrefixFault::Shape { length: 13 }),
            InstitutionRefusal::Prefix(segment),
            InstitutionRefusal::Taken(prefix()),
            InstitutionRefusal::Retired(prefix()),
            InstitutionRefusal::Unknown(prefix()),
            InstitutionRefusal::EmptyName,
            InstitutionRefusal::SameName,
            InstitutionRefusal::NameOrder { from: day("2024-01-01"), since: day("2024-02-01") },
            InstitutionRefusal::EndOrder { prefix: prefix(), on: day("2024-01-01"), since: day("2024-02-01") },
            InstitutionRefusal::Ahead(day("2027-01-01")),
            InstitutionRefusal::NothingChanges,
            InstitutionRefusal::EmptyScope,
            InstitutionRefusal::TooFew { needed: 2 },
            InstitutionRefusal::Twice(prefix()),
            InstitutionRefusal::OtherProfile(prefix()),
            InstitutionRefusal::NoReason,
            InstitutionRefusal::Rectifying { prefix: prefix(), since: day("2026-01-01") },
            InstitutionRefusal::NotRectifying(prefix()),
            InstitutionRefusal::RectifiedBefore { on: day("2026-01-01"), since: day("2026-02-01") },
            InstitutionRefusal::NoPaper,
        ];
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for refusal in &all {
                let told = locale.registry_refusal(refusal, None).message;
                assert!(!told.contains("institution.") && !told.contains('{'), "{told}");
            }
        }
    }
}
