//! Certificate codes: under which profile a text reads best, what is wrong in it, and which valid codes are near.

use super::plan::Marks;
use super::{
    Candidate, Certainty, Decoder, NumberKind, NumberPart, NumberProblem, NumberRepair, PartName, Proposal, Says,
    Scratch, is_plain,
};
use crate::domain::code::{
    CODE_LENGTH, Decoding, Doubt, ReadingState, SegmentFault, SegmentReader, decode, digit_alike, look_alike,
};

/// How many proposals are made.
const PROPOSALS: usize = 5;
/// The positions that name the institution, counted from 1 (the length of 机构备案号).
const PREFIX: usize = 13;

impl Decoder {
    /// Reads a text as a certificate code or the beginning of one. `typed` is the text before small letters were raised.
    pub(super) fn certificate(&self, upper: &str, typed: &str) -> Vec<Candidate> {
        let chars: Vec<char> = upper.chars().collect();
        let mut found = Vec::new();
        if self.profiles.is_empty() {
            return found;
        }
        let special = two_letters(&chars);
        if let Some(at) = special {
            let mut candidate = Candidate::new(NumberKind::SpecialTechnician);
            candidate.verdict = Certainty::Unchecked;
            candidate.problems.push(NumberProblem::Key("not-checked"));
            let text = chars[at].to_string();
            let (from, to) = (at + 1, at + 1);
            let state = super::PartState::Partial;
            let says = Says::Key("second-letter");
            candidate.parts.push(NumberPart { from, to, name: PartName::Key("letter"), text, state, says });
            found.push(candidate);
        }
        if !looks_like_code(&chars) || special.is_some_and(|at| digit_alike(chars[at]).is_none()) {
            return found;
        }
        let decodings: Vec<Decoding> = (0..self.profiles.len()).map(|i| self.decoded(i, upper)).collect();
        if let Some(candidate) = self.prefix(&chars, &decodings) {
            found.push(candidate);
        }
        found.push(self.code(upper, typed, &chars, &decodings));
        found
    }

    /// Reads a text under one profile, the years that are possible included.
    fn decoded(&self, profile: usize, text: &str) -> Decoding {
        let layout = &self.profiles[profile].layout;
        let mut decoding = decode(layout, text, &|table, code| self.tables.regions.name(table, code));
        for (segment, reading) in layout.segments().iter().zip(&mut decoding.readings) {
            if let (SegmentReader::Year, true, Ok(year)) =
                (&segment.reader, reading.state == ReadingState::Good, reading.text.parse())
            {
                reading.state = match self.plans[profile].year(year) {
                    (false, _) => ReadingState::Wrong(SegmentFault::Year),
                    (true, false) => ReadingState::Doubtful(Doubt::EarlyYear),
                    (true, true) => ReadingState::Good,
                };
            }
        }
        decoding
    }

    /// Lists the profiles under which a text is no code nor the beginning of one, each with what is wrong first.
    pub fn refusals(&self, text: &str) -> Vec<(usize, NumberProblem)> {
        let upper = text.to_ascii_uppercase();
        let refusal = |profile: usize| {
            let decoding = self.decoded(profile, &upper);
            let mut wrong = decoding.readings.iter().enumerate().filter(|(_, r)| r.state.is_wrong());
            wrong
                .find_map(|(i, r)| self.segment_problem(profile, i, r.state, &r.text))
                .map(|problem| (profile, problem))
        };
        (0..self.profiles.len()).filter_map(refusal).collect()
    }

    fn code(&self, upper: &str, typed: &str, chars: &[char], decodings: &[Decoding]) -> Candidate {
        let marks: Vec<Marks> = decodings.iter().map(marks_of).collect();
        let profile = self.best_of(&marks).unwrap_or(0);
        let decoding = &decodings[profile];
        let mut candidate = Candidate::new(NumberKind::Certificate);
        candidate.profile = Some(profile);
        candidate.possible = (0..marks.len()).filter(|i| marks[*i].wrong == 0 && chars.len() <= CODE_LENGTH).collect();
        candidate.parts = self.parts_of(profile, decoding, CODE_LENGTH);
        candidate.nearest = self.nearest_codes(upper, typed, chars);
        if chars.len() != CODE_LENGTH {
            candidate.problems.push(NumberProblem::Length(chars.len()));
        }
        candidate.problems.extend(self.segment_problems(profile, decoding, CODE_LENGTH));
        if !candidate.nearest.iter().any(|p| p.repair == NumberRepair::LookAlike) {
            let wrong = |at: &usize| {
                let holds = |s: &crate::domain::code::Segment| s.range().contains(at);
                let segments = self.profiles[profile].layout.segments().iter().zip(&decoding.readings);
                segments.filter(|(s, _)| holds(s)).any(|(_, r)| r.state.is_wrong())
            };
            let letters = (1..chars.len()).filter(|at| digit_alike(chars[*at]).is_some() && wrong(at));
            candidate.problems.extend(letters.map(|at| NumberProblem::AmbiguousLookAlike(at + 1)));
        }
        if let Some(code) = is_plain(upper.as_bytes())
            && let Some((other, segment)) = self.glance(code, &mut Scratch::default()).and_then(|g| g.elsewhere)
        {
            candidate.problems.push(NumberProblem::Elsewhere(other, segment));
        }
        let is_begun = chars.len() < CODE_LENGTH && marks[profile].wrong == 0;
        let mut candidate = candidate.judged(Certainty::Right);
        if is_begun {
            candidate.verdict = Certainty::Incomplete;
        }
        candidate
    }

    /// Reads 13 characters as the key of an institution.
    fn prefix(&self, chars: &[char], decodings: &[Decoding]) -> Option<Candidate> {
        if chars.len() != PREFIX || !chars[1..].iter().all(char::is_ascii_digit) {
            return None;
        }
        let marks: Vec<Marks> = decodings.iter().map(marks_of).collect();
        let profile = self.best_of(&marks)?;
        let mut candidate = Candidate::new(NumberKind::InstitutionPrefix);
        candidate.profile = Some(profile);
        candidate.possible = (0..marks.len()).filter(|i| marks[*i].wrong == 0).collect();
        candidate.parts = self.parts_of(profile, &decodings[profile], PREFIX);
        candidate.problems = self.segment_problems(profile, &decodings[profile], PREFIX);
        Some(candidate.judged(Certainty::Right))
    }

    fn parts_of(&self, profile: usize, decoding: &Decoding, last: usize) -> Vec<NumberPart> {
        let segments = self.profiles[profile].layout.segments().iter().zip(&decoding.readings).enumerate();
        let shown = segments.filter(|(_, (s, _))| s.to <= last);
        let part =
            |(i, (s, r)): (usize, (&crate::domain::code::Segment, &crate::domain::code::SegmentReading))| NumberPart {
                from: s.from,
                to: s.to,
                name: PartName::Segment(profile, i),
                text: r.text.clone(),
                state: r.state.into(),
                says: Says::Segment(r.meaning.clone()),
            };
        shown.map(part).collect()
    }

    fn segment_problems(&self, profile: usize, decoding: &Decoding, last: usize) -> Vec<NumberProblem> {
        let segments = self.profiles[profile].layout.segments().iter().zip(&decoding.readings).enumerate();
        let told = segments.filter(|(_, (s, _))| s.to <= last);
        told.filter_map(|(i, (_, r))| self.segment_problem(profile, i, r.state, &r.text)).collect()
    }

    /// Tells what a segment's state means as a problem; `None` when there is none.
    pub fn segment_problem(
        &self,
        profile: usize,
        segment: usize,
        state: ReadingState,
        text: &str,
    ) -> Option<NumberProblem> {
        let of = self.profiles[profile].layout.segments().get(segment)?;
        match state {
            ReadingState::Doubtful(doubt) => Some(NumberProblem::Doubt(profile, segment, doubt, text.to_string())),
            // what position 17 holds tells the two families of codes apart.
            ReadingState::Wrong(SegmentFault::NotDigit(17)) if text.chars().nth(17 - of.from) == Some('J') => {
                Some(NumberProblem::CompetitionCode)
            }
            ReadingState::Wrong(SegmentFault::NotOneOf)
                if (of.from, of.to) == (17, 17) && text.parse::<u8>().is_ok() =>
            {
                Some(NumberProblem::OrdinaryCode)
            }
            ReadingState::Wrong(fault) => Some(NumberProblem::Segment(profile, segment, fault, text.to_string())),
            _ => None,
        }
    }

    /// Tells whether a text is a complete code under a profile, and whether with a doubt.
    fn reads(&self, profile: usize, text: &str) -> Option<Marks> {
        let code: &[u8; CODE_LENGTH] = text.as_bytes().try_into().ok()?;
        Some(self.plans[profile].read(code)).filter(|m| m.wrong == 0)
    }

    /// Lists the profiles, those that say most first.
    fn by_detail(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.profiles.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(self.plans[*i].fixed()));
        order
    }

    /// Lists the valid codes near a text, best first.
    fn nearest_codes(&self, upper: &str, typed: &str, chars: &[char]) -> Vec<Proposal> {
        let mut all: Vec<Proposal> = Vec::new();
        let mut add = |text: String, repair: NumberRepair, profile: usize| {
            if text != typed && !all.iter().any(|p| p.text == text) && all.len() < PROPOSALS {
                all.push(Proposal { text, repair, profile: Some(profile) });
            }
        };
        let order = self.by_detail();
        for &i in order.iter().filter(|_| chars.len() != CODE_LENGTH) {
            for text in self.profiles[i].short_forms.iter().filter_map(|form| form.completed(upper)) {
                if self.reads(i, &text).is_some() {
                    add(text, NumberRepair::AssumedYear, i);
                }
            }
        }
        match chars.len() {
            CODE_LENGTH => {
                let regions = |table: &str, code: &str| self.tables.regions.name(table, code);
                let is_right = order.iter().any(|i| self.reads(*i, upper).is_some());
                for &i in order.iter().filter(|_| !is_right) {
                    if let Some(text) = look_alike(&self.profiles[i].layout, typed, &regions)
                        && self.reads(i, &text).is_some()
                    {
                        add(text, NumberRepair::LookAlike, i);
                    }
                }
                if let Some(code) = is_plain(upper.as_bytes())
                    && let Some((i, letter)) = self.glance(code, &mut Scratch::default()).and_then(|g| g.swapped)
                {
                    let repair =
                        if letter == b'J' { NumberRepair::CompetitionMark } else { NumberRepair::OrdinaryMark };
                    add(format!("{}{}{}", &upper[..16], char::from(letter), &upper[17..]), repair, i);
                }
            }
            21 if upper.is_ascii() => {
                for &i in &order {
                    for at in 0..CODE_LENGTH {
                        let text = format!("{}0{}", &upper[..at], &upper[at..]);
                        // A doubtful code would make almost every insertion possible.
                        if self.reads(i, &text).is_some_and(|m| m.doubtful == 0) {
                            add(text, NumberRepair::LostZero, i);
                        }
                    }
                }
            }
            _ => {}
        }
        if chars.len() == CODE_LENGTH - 2 && upper.is_ascii() && all.is_empty() {
            self.shapes_without_year(upper, &order, &mut all);
        }
        all
    }

    /// Adds the shape of a code whose year is missing where some year would complete it; the year itself is not guessed.
    fn shapes_without_year(&self, upper: &str, order: &[usize], all: &mut Vec<Proposal>) {
        for &i in order {
            let Some((_, year)) = self.profiles[i].layout.find(|r| matches!(r, SegmentReader::Year)) else { continue };
            let range = year.range();
            if range.len() != 2 || upper.len() < range.start {
                continue;
            }
            let with = |year: &str| format!("{}{year}{}", &upper[..range.start], &upper[range.start..]);
            let mut years = (0..100).map(|n| format!("{n:02}"));
            let shape = with("??");
            if years.any(|y| self.reads(i, &with(&y)).is_some_and(|m| m.doubtful == 0))
                && !all.iter().any(|p| p.text == shape)
            {
                all.push(Proposal { text: shape, repair: NumberRepair::UnknownYear, profile: Some(i) });
            }
        }
        all.truncate(1);
    }
}

fn marks_of(decoding: &Decoding) -> Marks {
    let mut marks = Marks::default();
    for (i, reading) in decoding.readings.iter().enumerate() {
        let bit = 1u32 << (i % 32);
        marks.wrong |= if reading.state.is_wrong() { bit } else { 0 };
        marks.doubtful |= if matches!(reading.state, ReadingState::Doubtful(_)) { bit } else { 0 };
    }
    marks
}

/// Tells whether a text is, begins or damages a code: a letter and digits, or nearly so.
fn looks_like_code(chars: &[char]) -> bool {
    let Some((first, rest)) = chars.split_first() else { return false };
    let digits = rest.iter().filter(|c| c.is_ascii_digit()).count();
    let fits = |(i, c): (usize, &char)| c.is_ascii_digit() || digit_alike(*c).is_some() || (i == 15 && *c == 'J');
    let begins = first.is_ascii_uppercase()
        && rest.iter().enumerate().all(fits)
        && (rest.len() <= digits * 2 || chars.len() == CODE_LENGTH);
    (begins && chars.len() <= CODE_LENGTH + 2) || ((20..=24).contains(&chars.len()) && 15 <= digits)
}

/// Finds the second letter of the 特级技师 family: two letters and 20 digits, the second not the competition's J. A letter
/// that is nothing but a misread digit does not count.
fn two_letters(chars: &[char]) -> Option<usize> {
    if chars.len() != CODE_LENGTH || !chars[0].is_ascii_uppercase() {
        return None;
    }
    let mut letters = (1..CODE_LENGTH).filter(|at| !chars[*at].is_ascii_digit());
    let at = letters.next().filter(|at| chars[*at].is_ascii_uppercase() && letters.next().is_none())?;
    // A J that has slipped by a place is a competition code gone wrong.
    let is_known = matches!(chars[at], 'O' | 'I' | 'L' | 'J');
    (!is_known).then_some(at)
}
