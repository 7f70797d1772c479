//! What the decoder found, in words.

use std::sync::Arc;

use super::{Lang, Locale};
use crate::domain::code::{CODE_LENGTH, Doubt, Meaning, Segment, SegmentFault, SegmentReader};
use crate::domain::decoder::{
    Candidate, Certainty, Decoder, Examination, NumberKind, NumberProblem, NumberRepair, PartName, Proposal, Says,
    SpellingOddities,
};
use crate::domain::level::{Level, LevelForm};
use crate::domain::profile::Profile;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::text;

/// Where the mark of a competition stands, counted from 1.
const MARK: usize = 17;

impl Locale {
    /// Names a kind of number.
    pub fn kind(&self, kind: NumberKind) -> String {
        self.keyed("decode.kind", kind.key())
    }

    /// Tells how sure a reading is.
    pub fn verdict(&self, verdict: Certainty) -> &str {
        self.text(match verdict {
            Certainty::Right => "decode.verdict.right",
            Certainty::Doubtful => "decode.verdict.doubtful",
            Certainty::Form => "decode.verdict.form",
            Certainty::Incomplete => "decode.verdict.incomplete",
            Certainty::Wrong => "decode.verdict.wrong",
            Certainty::Unchecked => "decode.verdict.unchecked",
        })
    }

    /// Tells how sure a candidate is, and by how many characters it is too short or too long.
    pub fn verdict_of(&self, candidate: &Candidate) -> String {
        let verdict = self.verdict(candidate.verdict);
        if candidate.is_only_misspelt() {
            return self.text("decode.verdict.misspelt").to_string();
        }
        let length = candidate.problems.iter().find_map(|p| match p {
            NumberProblem::Length(length) => Some(*length),
            _ => None,
        });
        let Some(length) = length.filter(|_| candidate.kind == NumberKind::Certificate) else {
            return verdict.to_string();
        };
        let by = length.abs_diff(CODE_LENGTH).to_string();
        let key = match (candidate.verdict, length < CODE_LENGTH) {
            (Certainty::Incomplete, _) => "decode.verdict.lacks-only",
            (_, true) => "decode.verdict.lacks",
            (_, false) => "decode.verdict.has-more",
        };
        self.fill(key, &[("verdict", self.verdict(Certainty::Wrong)), ("number", &by)])
    }

    /// Names the profiles a candidate may be a code of; `None` where it is of none.
    pub fn fits(&self, decoder: &Decoder, candidate: &Candidate) -> Option<String> {
        let profiles = candidate.possible.iter().map(|i| &*decoder.profiles()[*i]);
        let key = match candidate.verdict {
            _ if candidate.is_only_misspelt() => "decode.fits-once-written",
            Certainty::Incomplete => "decode.fits-so-far",
            _ => "decode.fits",
        };
        (!candidate.possible.is_empty()).then(|| self.fitting(profiles, key))
    }

    /// Says of a code under which profiles it stands, why it does not under the one that is worked with, and where it fails under the
    /// others; each with whether it stands there. A code that is of none says as whose it is read.
    pub fn by_profile(&self, decoder: &Decoder, found: &Examination, own: Option<&Profile>) -> Vec<(bool, String)> {
        let best = found.best();
        let name = |i: usize| self.profile_name(&decoder.profiles()[i]);
        match (self.fits(decoder, best), best.profile) {
            (Some(fits), _) => {
                let is_own = |i: usize| own.is_some_and(|own| own.id == decoder.profiles()[i].id);
                let (own, others): (Vec<_>, Vec<_>) =
                    decoder.refusals(&found.text).into_iter().partition(|(i, _)| is_own(*i));
                let own = own.into_iter().map(|(i, problem)| {
                    let places = [("profile", name(i)), ("why", &self.problem(decoder, &problem))];
                    (false, self.fill("decode.refused", &places))
                });
                let others: Vec<String> = others.into_iter().map(|(i, p)| self.refused_at(decoder, i, &p)).collect();
                let comma = self.text("finding.comma");
                let others = (!others.is_empty())
                    .then(|| (false, self.fill("decode.refused-by", &[("profiles", &others.join(comma))])));
                std::iter::once((true, fits)).chain(own).chain(others).collect()
            }
            (None, Some(profile)) => vec![(false, self.fill("decode.read-as", &[("profile", name(profile))]))],
            (None, None) => Vec::new(),
        }
    }

    /// Names a profile with the place at which it refuses a code.
    fn refused_at(&self, decoder: &Decoder, profile: usize, problem: &NumberProblem) -> String {
        let segments = decoder.profiles()[profile].layout.segments();
        let place = match problem {
            NumberProblem::Segment(_, segment, ..) => segments.get(*segment),
            _ => segments.iter().find(|segment| segment.range().contains(&(MARK - 1))),
        };
        let name = self.profile_name(&decoder.profiles()[profile]);
        match place {
            Some(segment) => {
                self.fill("decode.refused-at", &[("profile", name), ("positions", &self.places_of(segment))])
            }
            None => name.to_string(),
        }
    }

    /// Names profiles as those a code is of, or may become one of, as the sentence of a key says it.
    pub fn fitting<'a>(&self, profiles: impl Iterator<Item = &'a Profile>, key: &str) -> String {
        let names = profiles.map(|profile| self.profile_name(profile)).collect::<Vec<_>>();
        self.fill(key, &[("profiles", &names.join(self.text("finding.comma")))])
    }

    /// Says what a profile was chosen by.
    pub fn chosen_by(&self, by: ChosenBy) -> String {
        self.keyed("profile.by", by.key())
    }

    /// Says it in a word or two, for a line with little room.
    pub fn chosen_by_in_short(&self, by: ChosenBy) -> String {
        self.keyed("profile.by-short", by.key())
    }

    /// Says how many rows have codes of which profile.
    pub fn profile_votes(&self, votes: &[(Arc<Profile>, usize)]) -> String {
        let told = |(profile, n): &(Arc<Profile>, usize)| {
            self.fill("profile.vote", &[("n", &n.to_string()), ("profile", self.profile_name(profile))])
        };
        votes.iter().map(told).collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Says that the codes of a roster are not all of the profile it is checked under.
    pub fn mixed_codes(&self, votes: &[(Arc<Profile>, usize)], chosen: &Profile) -> String {
        let places = [("votes", &*self.profile_votes(votes)), ("profile", self.profile_name(chosen))];
        self.fill("status.mixed-codes", &places)
    }

    /// Says that most codes of a file which is to be added to a batch are of another place than the batch is checked for.
    pub fn codes_of_another_place(&self, votes: &[(Arc<Profile>, usize)], batch: &Profile) -> String {
        let places = [("votes", &*self.profile_votes(votes)), ("profile", self.profile_name(batch))];
        self.fill("add.other-place", &places)
    }

    /// Gives what a profile is called where there is little room.
    pub fn profile_short<'a>(&self, profile: &'a Profile) -> &'a str {
        if self.lang == Lang::Zh { &profile.short } else { &profile.short_en }
    }

    pub fn profile_name<'a>(&self, profile: &'a Profile) -> &'a str {
        if self.lang == Lang::Zh { &profile.name } else { &profile.name_en }
    }

    /// Names a part of a number.
    pub fn part_name(&self, decoder: &Decoder, name: PartName) -> String {
        match name {
            PartName::Segment(profile, segment) => {
                decoder.profiles()[profile].layout.segments().get(segment).map_or_else(String::new, |s| self.named(s))
            }
            PartName::Key(key) => self.keyed("decode.part", key),
        }
    }

    /// Tells what a part says; empty when it stands for itself.
    pub fn says(&self, decoder: &Decoder, says: &Says) -> String {
        match says {
            Says::Segment(meaning) => self.meaning(meaning),
            Says::Area(divisions) => {
                let names: String = divisions.iter().map(|d| d.name.as_str()).collect();
                let province = divisions.first().map_or_else(String::new, |d| format!("{:02}", d.code / 10_000));
                let [_, en] = decoder.tables().regions.name("province", &province).unwrap_or_default();
                let names = self.place_named([&names, &en]);
                match divisions.last().map(|d| (d.first_year, d.last_year)) {
                    Some((Some(first), Some(last))) => self.fill(
                        "decode.used",
                        &[("name", &names), ("from", &first.to_string()), ("to", &last.to_string())],
                    ),
                    Some((None, Some(last))) => {
                        self.fill("decode.used-until", &[("name", &names), ("to", &last.to_string())])
                    }
                    _ => names,
                }
            }
            Says::Born(day, age) => {
                self.fill("decode.age", &[("date", &day.format("%Y-%m-%d").to_string()), ("age", &age.to_string())])
            }
            Says::Key(key) => self.keyed("decode.says", key),
            Says::Expected(c) => self.fill("decode.expected", &[("expected", &c.to_string())]),
        }
    }

    /// Tells what the characters of a segment mean; empty when they stand for themselves.
    pub fn meaning(&self, meaning: &Meaning) -> String {
        match meaning {
            Meaning::Plain => String::new(),
            // These may come from a user's file.
            Meaning::Named([zh, en]) => text::visible(if self.lang == Lang::Zh { zh } else { en }).into_owned(),
            Meaning::Region([zh, en]) => self.place_named([&text::visible(zh), en]),
            Meaning::Number(number) => self.fill("decode.number", &[("number", &number.to_string())]),
            Meaning::Year(year) => year.to_string(),
            Meaning::Level(level) => self.level_words(*level),
        }
    }

    /// Names a place: in English with its Chinese name behind, which is what stands in rosters.
    fn place_named(&self, [zh, en]: [&str; 2]) -> String {
        match (self.lang, en) {
            (Lang::Zh, _) => zh.to_string(),
            (Lang::En, "") => self.fill("decode.place", &[("name", zh)]),
            (Lang::En, en) => self.fill("decode.place-named", &[("own", en), ("name", zh)]),
        }
    }

    /// Writes a level as `三级/高级工`, in English with that behind.
    pub fn level_words(&self, level: Level) -> String {
        let name = format!("{}/{}", level.written(LevelForm::Grade), level.written(LevelForm::Title));
        self.fill(&format!("decode.level.{}", level.digit()), &[("name", &name)])
    }

    /// Tells what is wrong or doubtful.
    pub fn problem(&self, decoder: &Decoder, problem: &NumberProblem) -> String {
        let segment_of = |profile: usize, segment: usize| decoder.profiles()[profile].layout.segments().get(segment);
        match problem {
            NumberProblem::Spelling(spelling) => self.spelling(*spelling),
            NumberProblem::Length(n) => self.fill("decode.problem.length", &[("number", &n.to_string())]),
            NumberProblem::Segment(profile, segment, fault, value) => segment_of(*profile, *segment)
                .map_or_else(String::new, |s| self.fault(&decoder.profiles()[*profile], s, *fault, value)),
            NumberProblem::Doubt(profile, segment, doubt, value) => segment_of(*profile, *segment)
                .map_or_else(String::new, |s| self.doubt(&decoder.profiles()[*profile], s, *doubt, value)),
            NumberProblem::Elsewhere(profile, segment) => {
                segment_of(*profile, *segment).map_or_else(String::new, |s| {
                    let name = self.profile_name(&decoder.profiles()[*profile]);
                    let places = [("profile", name), ("positions", &self.places_of(s)), ("clause", s.clause.as_str())];
                    self.fill("decode.problem.elsewhere", &places)
                })
            }
            NumberProblem::AmbiguousLookAlike(at) => {
                self.fill("decode.problem.look-alike", &[("position", &at.to_string())])
            }
            NumberProblem::CompetitionCode => self.text("decode.problem.competition").to_string(),
            NumberProblem::OrdinaryCode => self.text("decode.problem.ordinary").to_string(),
            NumberProblem::CheckCharacter(c) => self.fill("decode.problem.check", &[("expected", &c.to_string())]),
            NumberProblem::Character(at, found, due) => {
                let places =
                    [("position", &*at.to_string()), ("found", &*found.to_string()), ("expected", &*due.to_string())];
                self.fill("decode.problem.character", &places)
            }
            NumberProblem::BirthDate => self.text("decode.problem.birth").to_string(),
            NumberProblem::UnknownArea => self.text("decode.problem.area").to_string(),
            NumberProblem::OldCard => self.text("decode.problem.old-card").to_string(),
            NumberProblem::Key(key) => self.keyed("decode.problem", key),
        }
    }

    /// Tells what was repaired to get a proposal.
    pub fn repair(&self, decoder: &Decoder, proposal: &Proposal) -> String {
        let words = self.keyed("decode.repair", repair_key(proposal.repair));
        match proposal.profile.and_then(|i| decoder.profiles().get(i)) {
            Some(profile) => {
                self.fill("decode.repair.under", &[("repair", &words), ("profile", self.profile_name(profile))])
            }
            None => words,
        }
    }

    /// Names the ID types a candidate may be a number of.
    pub fn id_types(&self, decoder: &Decoder, candidate: &Candidate) -> String {
        let types = decoder.tables().id_types.all();
        let named = candidate.id_types.iter().filter_map(|i| types.get(*i));
        named.map(|t| format!("{}={}", t.code, t.name)).collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    fn keyed(&self, group: &str, key: &str) -> String {
        self.text(&format!("{group}.{key}")).to_string()
    }

    fn named(&self, segment: &Segment) -> String {
        text::visible(if self.lang == Lang::Zh { &segment.name } else { &segment.name_en }).into_owned()
    }

    fn places_of(&self, segment: &Segment) -> String {
        let key = if segment.from == segment.to { "finding.position" } else { "finding.positions" };
        self.fill(key, &[("from", &segment.from.to_string()), ("to", &segment.to.to_string())])
    }

    fn spelling(&self, spelling: SpellingOddities) -> String {
        let counted = [
            ("decode.spelling.blanks", spelling.blanks),
            ("decode.spelling.hyphens", spelling.hyphens),
            ("decode.spelling.invisible", spelling.invisible),
            ("decode.spelling.full-width", spelling.full_width),
            ("decode.spelling.small", spelling.small),
        ];
        let counted = counted.iter().filter(|(_, n)| *n != 0);
        let mut told: Vec<String> = counted.map(|(key, n)| self.fill(key, &[("number", &n.to_string())])).collect();
        if spelling.is_cut {
            told.push(self.text("decode.spelling.cut").to_string());
        }
        self.fill("decode.problem.spelling", &[("what", &told.join(self.text("finding.comma")))])
    }

    fn fault(&self, profile: &Profile, segment: &Segment, fault: SegmentFault, value: &str) -> String {
        let at = match fault {
            SegmentFault::NotDigit(at) => at,
            _ => segment.from,
        };
        let found = match fault {
            SegmentFault::NotDigit(at) => value.chars().nth(at - segment.from).map(String::from).unwrap_or_default(),
            _ => value.to_string(),
        };
        let width = segment.range().len();
        let range = |a: &str, b: &str| self.fill("finding.range", &[("from", a), ("to", b)]);
        let allowed = match &segment.reader {
            SegmentReader::Fixed { values, .. } => values.join(" / "),
            SegmentReader::Level => range("1", "5"),
            SegmentReader::Serial { first, last, .. } => range(&format!("{first:0width$}"), &format!("{last:0width$}")),
            SegmentReader::Year => self.fill("decode.from-year", &[("from", &profile.year.first.to_string())]),
            _ => String::new(),
        };
        let clause = if fault == SegmentFault::Year { &profile.year.clause } else { &segment.clause };
        let (position, positions) = (at.to_string(), self.places_of(segment));
        let places = [
            ("name", self.named(segment)),
            ("positions", positions),
            ("position", position),
            ("value", text::visible(&found).into_owned()),
            ("allowed", allowed),
            ("clause", clause.clone()),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.fill(
            match fault {
                SegmentFault::NotDigit(_) => "decode.problem.not-digit",
                SegmentFault::NotPrinted => "decode.problem.not-printed",
                SegmentFault::NotOneOf | SegmentFault::OutOfRange | SegmentFault::Year => "decode.problem.not-one-of",
            },
            &places,
        )
    }

    fn doubt(&self, profile: &Profile, segment: &Segment, doubt: Doubt, value: &str) -> String {
        let width = segment.range().len();
        let (key, what, clause) = match (doubt, &segment.reader) {
            (Doubt::NotPrinted, _) => ("decode.problem.in-no-table", String::new(), &segment.clause),
            (Doubt::Unassigned, _) => ("decode.problem.unassigned", String::new(), &segment.clause),
            (Doubt::Category, SegmentReader::Ranges { ranges, category_clause }) => {
                let number = value.parse().unwrap_or(0);
                let range = ranges.iter().find(|r| (r.first..=r.last).contains(&number));
                let name = range
                    .map(|r| format!("{} {}", r.category, if self.lang == Lang::Zh { &r.name } else { &r.name_en }));
                let clause = if category_clause.is_empty() { &segment.clause } else { category_clause };
                ("decode.problem.category", name.unwrap_or_default(), clause)
            }
            (Doubt::UnusualSerial, SegmentReader::Serial { usual, .. }) => {
                ("decode.problem.unusual-serial", format!("{usual:0width$}"), &segment.clause)
            }
            _ => ("decode.problem.early-year", profile.year.usual.to_string(), &profile.year.clause),
        };
        let places = [
            ("positions", self.places_of(segment)),
            ("name", self.named(segment)),
            ("value", text::visible(value).into_owned()),
            ("what", what),
            ("clause", clause.clone()),
        ];
        let places: Vec<(&str, &str)> = places.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.fill(key, &places)
    }
}

/// Gives the stable name of a repair, as JSON writes it.
pub fn repair_key(repair: NumberRepair) -> &'static str {
    match repair {
        NumberRepair::Spelling => "spelling",
        NumberRepair::LookAlike => "look-alike",
        NumberRepair::AssumedYear => "assumed-year",
        NumberRepair::UnknownYear => "unknown-year",
        NumberRepair::LostZero => "lost-zero",
        NumberRepair::CompetitionMark => "competition-mark",
        NumberRepair::OrdinaryMark => "ordinary-mark",
        NumberRepair::Eighteen => "eighteen-digits",
    }
}
