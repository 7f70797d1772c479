//! Numbers of institutions, of older certificates, of blank forms and of occupations.

use super::{Candidate, Certainty, Decoder, NumberKind, NumberProblem, NumberRepair, PartState, Proposal, Says, part};
use crate::domain::date;
use crate::domain::fact::{CREDIT, credit_check};
use crate::domain::level::Level;

impl Decoder {
    /// Reads a text, already in capitals, as a number that is neither a code nor a person's.
    pub(super) fn numbers(&self, text: &str) -> Vec<Candidate> {
        let bytes = text.as_bytes();
        let digits = bytes.iter().all(u8::is_ascii_digit);
        match bytes.len() {
            18 => self.credit_code(text).into_iter().collect(),
            16 if digits => vec![qualification(text)],
            8 if digits => {
                let mut candidate = Candidate::new(NumberKind::BlankNumber);
                candidate.parts.push(part(text, 1, 8, "number", PartState::Partial, Says::Key("form-only")));
                candidate.verdict = Certainty::Form;
                vec![candidate]
            }
            10 if bytes
                .iter()
                .enumerate()
                .all(|(i, b)| if matches!(i, 1 | 4 | 7) { *b == b'-' } else { b.is_ascii_digit() }) =>
            {
                vec![occupation(text)]
            }
            _ => Vec::new(),
        }
    }

    /// Reads 18 characters as a unified social credit code. Digits alone are one only when the check character is right: a
    /// resident ID number has 18 as well.
    fn credit_code(&self, text: &str) -> Option<Candidate> {
        if let Some((at, due)) = wrong_character(text.as_bytes()) {
            return self.mistyped_credit_code(text, at, due);
        }
        let bytes = text.as_bytes();
        let expected = credit_check(bytes)?;
        let is_right = char::from(bytes[17]) == expected;
        // 17 digits and an X are a resident's.
        let letters = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
        let is_credit = 1 < letters || (letters == 1 && bytes[17] != b'X');
        if !bytes[2..8].iter().all(u8::is_ascii_digit) || !(is_right || is_credit) {
            return None;
        }
        let mut candidate = Candidate::new(NumberKind::CreditCode);
        let known = |known: bool| if known { PartState::Good } else { PartState::Partial };
        let authority = match bytes[0] {
            b'1' => "authority-1",
            b'5' => "authority-5",
            b'9' => "authority-9",
            b'Y' => "authority-y",
            _ => "authority-other",
        };
        candidate.parts.push(part(
            text,
            1,
            2,
            "authority",
            known(authority != "authority-other"),
            Says::Key(authority),
        ));
        let area = text[2..8].parse().ok().map(|code| self.tables.divisions.of(code).to_vec()).unwrap_or_default();
        let (state, says) = match area.last() {
            Some(last) => (PartState::Good, Says::Area(vec![last.clone()])),
            None => (PartState::Doubtful, Says::Key("no-area")),
        };
        if state == PartState::Doubtful {
            candidate.problems.push(NumberProblem::UnknownArea);
        }
        candidate.parts.push(part(text, 3, 8, "registered-in", state, says));
        candidate.parts.push(part(text, 9, 17, "organisation", PartState::Partial, Says::Key("as-given")));
        let (state, says) = if is_right {
            (PartState::Good, Says::Key("right"))
        } else {
            candidate.problems.push(NumberProblem::CheckCharacter(expected));
            (PartState::Wrong, Says::Expected(expected))
        };
        candidate.parts.push(part(text, 18, 18, "check", state, says));
        Some(candidate.judged(Certainty::Right))
    }
}

impl Decoder {
    /// Reads a credit code in which one character cannot stand where it does: with the one that the check character asks for.
    fn mistyped_credit_code(&self, text: &str, at: usize, due: u8) -> Option<Candidate> {
        let mut mended = text.as_bytes().to_vec();
        let found = char::from(std::mem::replace(&mut mended[at], due));
        let mended = String::from_utf8(mended).ok()?;
        let mut candidate = self.credit_code(&mended)?;
        let place = candidate.parts.iter_mut().find(|part| (part.from..=part.to).contains(&(at + 1)))?;
        place.text = text.get(place.from - 1..place.to)?.to_string();
        (place.state, place.says) = (PartState::Wrong, Says::Expected(char::from(due)));
        candidate.problems.insert(0, NumberProblem::Character(at + 1, found, char::from(due)));
        if LOOK_ALIKES.contains(&(found, char::from(due))) {
            candidate.nearest.push(Proposal { text: mended, repair: NumberRepair::LookAlike, profile: None });
        }
        Some(candidate.judged(Certainty::Right))
    }
}

/// Letters that a credit code has not, and the digits that are read for them.
const LOOK_ALIKES: [(char, char); 6] = [('O', '0'), ('I', '1'), ('Z', '2'), ('S', '5'), ('V', 'Y'), ('V', 'U')];

/// Finds the only character that cannot stand in a credit code where it does, and what the check character asks for there.
fn wrong_character(bytes: &[u8]) -> Option<(usize, u8)> {
    let in_area = |at: usize| (2..8).contains(&at);
    let stands = |at: usize, byte: u8| CREDIT.contains(&byte) && (byte.is_ascii_digit() || !in_area(at));
    let mut wrong = (0..bytes.len()).filter(|at| !stands(*at, bytes[*at]));
    let at = wrong.next().filter(|at| bytes[*at].is_ascii_alphanumeric())?;
    // A number of a person with a slip has one letter, and an X at its end at most.
    let letters =
        (0..bytes.len()).filter(|i| *i != at && bytes[*i].is_ascii_uppercase() && (*i, bytes[*i]) != (17, b'X'));
    let begins = at == 0 || matches!(bytes[0], b'1' | b'5' | b'9' | b'Y');
    if bytes.len() != 18 || wrong.next().is_some() || letters.count() == 0 || !begins {
        return None;
    }
    let fits = |due: &&u8| {
        let mut mended = bytes.to_vec();
        mended[at] = **due;
        stands(at, **due) && credit_check(&mended) == Some(char::from(mended[17]))
    };
    CREDIT.iter().find(fits).map(|due| (at, *due))
}

/// Reads `N-NN-NN-NN`; the major groups of the dictionary of occupations are 1 to 8.
fn occupation(text: &str) -> Candidate {
    let mut candidate = Candidate::new(NumberKind::OccupationCode);
    let major = text.as_bytes()[0];
    let (state, says) = match major {
        b'3'..=b'6' => (PartState::Good, Says::Key("major-skilled")),
        b'1'..=b'8' => (PartState::Doubtful, Says::Key("major-other")),
        _ => {
            candidate.problems.push(NumberProblem::Key("no-major"));
            (PartState::Wrong, Says::Key("no-major"))
        }
    };
    candidate.parts.push(part(text, 1, 1, "major", state, says));
    candidate.parts.push(part(text, 3, 4, "sub-major", PartState::Partial, Says::Key("as-given")));
    candidate.parts.push(part(text, 6, 7, "minor", PartState::Partial, Says::Key("as-given")));
    candidate.parts.push(part(text, 9, 10, "occupation", PartState::Partial, Says::Key("as-given")));
    candidate.judged(Certainty::Form)
}

/// Reads 16 digits as the number of a 职业资格证书. Positions 3 to 6 are a table of the labour administration's own, which is
/// not GB/T 2260 and not known here.
fn qualification(text: &str) -> Candidate {
    let mut candidate = Candidate::new(NumberKind::Qualification);
    let bytes = text.as_bytes();
    let as_given = || Says::Key("as-given");
    candidate.parts.push(part(text, 1, 2, "year", PartState::Partial, as_given()));
    candidate.parts.push(part(text, 3, 4, "labour-province", PartState::Partial, Says::Key("own-table")));
    candidate.parts.push(part(text, 5, 6, "labour-city", PartState::Partial, Says::Key("own-table")));
    let body = match bytes[6] {
        b'0' => "body-0",
        b'1' => "body-1",
        b'2' => "body-2",
        b'3' => "body-3",
        b'4' => "body-4",
        _ => "no-body",
    };
    if body == "no-body" {
        candidate.problems.push(NumberProblem::Key("no-body"));
    }
    let state = if body == "no-body" { PartState::Wrong } else { PartState::Good };
    candidate.parts.push(part(text, 7, 7, "body", state, Says::Key(body)));
    candidate.parts.push(part(text, 8, 10, "body-number", PartState::Partial, as_given()));
    let (state, says) = match Level::new(bytes[10] - b'0') {
        Some(level) => (PartState::Good, Says::Segment(crate::domain::code::Meaning::Level(level))),
        None => {
            candidate.problems.push(NumberProblem::Key("no-level"));
            (PartState::Wrong, Says::Key("no-level"))
        }
    };
    candidate.parts.push(part(text, 11, 11, "level", state, says));
    let state = if date::digits(&bytes[11..]) == Some(0) {
        candidate.problems.push(NumberProblem::Key("no-serial"));
        PartState::Wrong
    } else {
        PartState::Good
    };
    candidate.parts.push(part(text, 12, 16, "serial", state, as_given()));
    candidate.judged(Certainty::Form)
}
