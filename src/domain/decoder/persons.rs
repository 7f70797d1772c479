//! Numbers of persons: the resident ID card in both forms, and the other types of the upload standard.

use super::{
    Candidate, Certainty, Decoder, NumberKind, NumberPart, NumberProblem, NumberRepair, PartState, Proposal, Says, part,
};
use crate::domain::date::years_between;
use crate::domain::identity::{
    Division, IdProblem, IdReader, birth_date, check_character, check_number, eighteen_from_fifteen,
};
use crate::domain::text;

impl Decoder {
    /// Reads a text, already in capitals, as a number of a person.
    pub(super) fn person_numbers(&self, text: &str) -> Vec<Candidate> {
        let bytes = text.as_bytes();
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        match bytes {
            [body @ .., b'0'..=b'9' | b'X'] if body.len() == 17 && digits(body) => vec![self.eighteen(text)],
            _ if bytes.len() == 15 && digits(bytes) => vec![self.old_resident_id(text)],
            _ if bytes.len() == 15 => self.old_permanent(text).into_iter().collect(),
            _ => self.travel_documents(text),
        }
    }

    /// Reads 17 digits and a check character.
    fn eighteen(&self, text: &str) -> Candidate {
        let province =
            |at: usize| text[at..at + 2].parse::<u32>().is_ok_and(|p| self.tables.divisions.contains(p * 10_000));
        let kind = match text {
            _ if text.starts_with("810000") || text.starts_with("820000") => NumberKind::HkMacauResidence,
            _ if text.starts_with("830000") => NumberKind::TaiwanResidence,
            _ if text.starts_with('9') && province(1) => NumberKind::PermanentResidence,
            _ => NumberKind::ResidentId,
        };
        let mut candidate = Candidate::new(kind);
        candidate.id_types = self.types_of(|reader| reader == reader_of(kind));
        if kind == NumberKind::PermanentResidence {
            let region = self.division(&format!("{}0000", &text[1..3]));
            candidate.parts.push(part(text, 1, 1, "foreigner", PartState::Good, Says::Key("foreigner")));
            candidate.parts.push(part(text, 2, 3, "area", PartState::Good, Says::Area(region)));
            candidate.parts.push(part(text, 4, 6, "country", PartState::Partial, Says::Key("iso-3166")));
        } else {
            self.area(text, &mut candidate);
        }
        let born = birth_date(&text.as_bytes()[6..14], self.today);
        let (state, says) = match born {
            Some(day) => (PartState::Good, Says::Born(day, years_between(day, self.today))),
            None => {
                candidate.problems.push(NumberProblem::BirthDate);
                (PartState::Wrong, Says::Key("no-day"))
            }
        };
        candidate.parts.push(part(text, 7, 14, "born", state, says));
        let sex = Says::Key(if text.as_bytes()[16] % 2 == 1 { "male" } else { "female" });
        candidate.parts.push(part(text, 15, 17, "sequence", PartState::Good, sex));
        let expected = check_character(text.as_bytes()).map_or('?', char::from);
        let (state, says) = if text.ends_with(expected) {
            (PartState::Good, Says::Key("right"))
        } else {
            candidate.problems.push(NumberProblem::CheckCharacter(expected));
            (PartState::Wrong, Says::Expected(expected))
        };
        candidate.parts.push(part(text, 18, 18, "check", state, says));
        candidate.judged(Certainty::Right)
    }

    /// Reads a number of the first card generation: recognised with its 18-digit form, no longer valid.
    fn old_resident_id(&self, text: &str) -> Candidate {
        let mut candidate = Candidate::new(NumberKind::OldResidentId);
        candidate.id_types = self.types_of(|reader| reader == IdReader::Resident);
        candidate.problems.push(NumberProblem::OldCard);
        self.area(text, &mut candidate);
        let long = eighteen_from_fifteen(text).unwrap_or_default();
        let born = long.get(6..14).and_then(|day| birth_date(day.as_bytes(), self.today));
        let (state, says) = match born {
            Some(day) => (PartState::Good, Says::Born(day, years_between(day, self.today))),
            None => {
                candidate.problems.push(NumberProblem::BirthDate);
                (PartState::Wrong, Says::Key("no-day"))
            }
        };
        candidate.parts.push(part(text, 7, 12, "born", state, says));
        let sex = Says::Key(if text.as_bytes()[14] % 2 == 1 { "male" } else { "female" });
        candidate.parts.push(part(text, 13, 15, "sequence", PartState::Good, sex));
        if born.is_some() {
            candidate.nearest.push(Proposal { text: long, repair: NumberRepair::Eighteen, profile: None });
        }
        candidate.verdict = Certainty::Wrong;
        candidate
    }

    /// Adds the six digits of a division and what they have stood for.
    fn area(&self, text: &str, candidate: &mut Candidate) {
        let of = self.division(&text[..6]);
        let is_special = matches!(candidate.kind, NumberKind::HkMacauResidence | NumberKind::TaiwanResidence);
        let state = if of.is_empty() && !is_special { PartState::Doubtful } else { PartState::Good };
        let says = match of {
            _ if text.starts_with("810000") => Says::Key("hong-kong"),
            _ if text.starts_with("820000") => Says::Key("macau"),
            _ if text.starts_with("830000") => Says::Key("taiwan"),
            of if of.is_empty() => {
                candidate.problems.push(NumberProblem::UnknownArea);
                Says::Key("no-area")
            }
            of => Says::Area(of),
        };
        candidate.parts.push(part(text, 1, 6, "area", state, says));
    }

    /// Lists what six digits stand for: province, city and county, the last with its years.
    fn division(&self, code: &str) -> Vec<Division> {
        let Ok(code) = code.parse::<u32>() else { return Vec::new() };
        let divisions = &self.tables.divisions;
        let Some(own) = divisions.of(code).last() else { return Vec::new() };
        let above = [code / 10_000 * 10_000, code / 100 * 100];
        let above = above.into_iter().filter(|c| *c != code).filter_map(|c| divisions.of(c).last());
        // 市辖区 and 县 between a province and its district name nothing.
        above.filter(|d| !matches!(d.name.as_str(), "市辖区" | "县")).chain([own]).cloned().collect()
    }

    /// Reads three letters and twelve digits: the permanent residence card before 2023.
    fn old_permanent(&self, text: &str) -> Option<Candidate> {
        let report = check_number(IdReader::PermanentResidence, text, &self.tables.divisions, self.today);
        if report.problem == Some(IdProblem::Shape) {
            return None;
        }
        let mut candidate = Candidate::new(NumberKind::PermanentResidence);
        candidate.id_types = self.types_of(|reader| reader == IdReader::PermanentResidence);
        if report.problem.is_some() {
            candidate.problems.push(NumberProblem::BirthDate);
        }
        let born = if report.problem.is_some() { PartState::Wrong } else { PartState::Good };
        candidate.parts = vec![
            part(text, 1, 3, "country", PartState::Partial, Says::Key("iso-3166")),
            part(text, 4, 7, "region", PartState::Partial, Says::Key("as-given")),
            part(text, 8, 13, "born", born, Says::Key("year-month-day")),
            part(text, 14, 15, "sequence", PartState::Partial, Says::Key("as-given")),
        ];
        Some(candidate.judged(Certainty::Form))
    }

    /// Recognises the documents whose numbers have a form of their own.
    fn travel_documents(&self, text: &str) -> Vec<Candidate> {
        let strict = [IdReader::PassportCn, IdReader::HkMacauPermit, IdReader::TaiwanPermit];
        let reads = |reader: IdReader| {
            strict.contains(&reader) && check_number(reader, text, &self.tables.divisions, self.today).problem.is_none()
        };
        self.of_types(text, reads, Certainty::Form)
    }

    /// Lists the ID types whose numbers have no form of their own, for a text that is nothing else.
    pub(super) fn id_types_without_form(&self, number: &str, is_nothing_else: bool) -> Vec<Candidate> {
        let bytes = number.as_bytes();
        let looks = (6..=18).contains(&bytes.len())
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && 4 <= bytes.iter().filter(|b| b.is_ascii_digit()).count();
        if !is_nothing_else || !looks {
            return Vec::new();
        }
        let lax = |reader: IdReader| matches!(reader, IdReader::PassportForeign | IdReader::WorkPermit);
        let mut found = self.of_types(number, lax, Certainty::Unchecked);
        let is_mobile = text::is_mobile(number);
        for candidate in &mut found {
            candidate.problems.extend(is_mobile.then_some(NumberProblem::Key("mobile")));
            candidate.problems.push(NumberProblem::Key("not-checked"));
        }
        found
    }

    fn of_types(&self, text: &str, wanted: impl Fn(IdReader) -> bool, verdict: Certainty) -> Vec<Candidate> {
        let id_types = self.types_of(wanted);
        if id_types.is_empty() {
            return Vec::new();
        }
        let mut candidate = Candidate::new(NumberKind::OtherId);
        candidate.id_types = id_types;
        candidate.verdict = verdict;
        candidate.parts.push(whole(text));
        vec![candidate]
    }

    fn types_of(&self, wanted: impl Fn(IdReader) -> bool) -> Vec<usize> {
        let types = self.tables.id_types.all().iter().enumerate();
        types.filter(|(_, t)| wanted(t.reader)).map(|(i, _)| i).collect()
    }
}

fn whole(text: &str) -> NumberPart {
    part(text, 1, text.len(), "number", PartState::Partial, Says::Key("form-only"))
}

fn reader_of(kind: NumberKind) -> IdReader {
    match kind {
        NumberKind::HkMacauResidence => IdReader::HkMacauResidence,
        NumberKind::TaiwanResidence => IdReader::TaiwanResidence,
        NumberKind::PermanentResidence => IdReader::PermanentResidence,
        _ => IdReader::Resident,
    }
}
