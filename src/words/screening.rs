//! What screening found, in the user's words; the office has masked the people.

use super::Locale;
use crate::domain::ledger::screening::{SCREENING_CLAUSE, ScreeningFinding, Watched};
use crate::domain::level::{self, LevelForm};
use crate::domain::text;

/// So many lines and codes are named in a sentence.
const NAMED: usize = 8;

impl Locale {
    pub fn watched(&self, what: Watched) -> &str {
        self.text(match what {
            Watched::ExceptionalPromotion => "screen.exceptional-promotion",
            Watched::DirectRecognition => "screen.direct-recognition",
        })
    }

    /// Names the kind of a finding.
    pub fn screening_kind(&self, finding: &ScreeningFinding) -> &str {
        match finding {
            ScreeningFinding::SameDay(_) => self.text("screen.same-day"),
            ScreeningFinding::Burst { .. } => self.text("screen.burst"),
            ScreeningFinding::Watched { what, .. } => self.watched(*what),
        }
    }

    /// Tells a finding in a sentence, with its clause.
    pub fn screening_told(&self, finding: &ScreeningFinding) -> String {
        let comma = self.text("finding.comma");
        let joined = |all: Vec<String>| {
            let more = if NAMED < all.len() { "…" } else { "" };
            all.into_iter().take(NAMED).collect::<Vec<_>>().join(comma) + more
        };
        let (key, places): (&str, Vec<(&str, String)>) = match finding {
            ScreeningFinding::SameDay(one) => {
                let level = |raw: &String| {
                    level::read(raw).level().map_or_else(|| raw.clone(), |level| level.written(LevelForm::Grade))
                };
                let lines = one.lines.iter().map(ToString::to_string).collect();
                let codes = one.codes.iter().map(ToString::to_string).collect();
                let places = vec![
                    ("name", text::visible(&one.name).into_owned()),
                    ("person", one.person.clone()),
                    ("day", text::visible(&one.day).into_owned()),
                    ("n", one.certificates.to_string()),
                    ("levels", one.levels.len().to_string()),
                    ("which-levels", text::visible(&joined(one.levels.iter().map(level).collect())).into_owned()),
                    ("occupations", one.occupations.len().to_string()),
                    (
                        "which-occupations",
                        text::visible(&joined(one.occupations.iter().cloned().collect())).into_owned(),
                    ),
                    ("codes", joined(codes)),
                    ("lines", joined(lines)),
                ];
                (if one.lines.is_empty() { "screen.told.same-day" } else { "screen.told.same-day-lines" }, places)
            }
            ScreeningFinding::Burst { prefix, institution, from, to, certificates } => {
                let name = text::visible(institution).into_owned();
                let places = vec![
                    ("prefix", text::visible(prefix).into_owned()),
                    ("name", name),
                    ("from", from.to_string()),
                    ("to", to.to_string()),
                    ("n", certificates.to_string()),
                ];
                (if from == to { "screen.told.burst-day" } else { "screen.told.burst" }, places)
            }
            ScreeningFinding::Watched { what, batch, file, lines } => {
                let all = lines.iter().map(ToString::to_string).collect();
                let places = vec![
                    ("what", self.watched(*what).to_string()),
                    ("batch", batch.to_string()),
                    ("file", text::visible(file).into_owned()),
                    ("n", lines.len().to_string()),
                    ("lines", joined(all)),
                ];
                (if lines.is_empty() { "screen.told.watched" } else { "screen.told.watched-lines" }, places)
            }
        };
        let mut places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
        places.push(("clause", SCREENING_CLAUSE));
        self.fill(key, &places)
    }
}
