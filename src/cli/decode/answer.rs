//! One answer, in words: by the plain road for anything, by the quick one for codes in their plain form.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;

use super::held::LedgerMatch;
use super::mask::{echoed, is_personal, masked_numbers, masked_words, split_label};
use super::write::{self, AnswerFormat};
use crate::domain::code::{
    CODE_LENGTH, CertCode, Doubt, Meaning, PREFIX_LENGTH, ReadingState, Segment, SegmentFault, SegmentReader,
    read_segment,
};
use crate::domain::decoder::{
    Candidate, Certainty, CodeGlance, Decoder, NumberKind, NumberProblem, PartState, Says, Scratch, is_plain,
};
use crate::domain::ledger::KnownCertificates;
use crate::domain::registry::Institution;
use crate::domain::sheet::{Field, SheetSpec};
use crate::domain::text;
use crate::words::{Locale, repair_key};

/// What is told of one input.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The input as it is echoed: visible, short, masked where it is a person's number.
    pub input: Cow<'a, str>,
    pub kind: NumberKind,
    /// The kind in words.
    pub kind_words: &'a str,
    pub ok: bool,
    /// How sure that is, in words.
    pub verdict: Cow<'a, str>,
    pub profile: Option<&'a str>,
    /// The ids of the profiles under which nothing is wrong so far.
    pub possible: Vec<&'a str>,
    /// The same profiles by their names.
    pub fits: Option<String>,
    /// What else it may be.
    pub also: Vec<NumberKind>,
    /// The ID types it may be a number of.
    pub id_types: String,
    pub parts: Vec<PartOut<'a>>,
    pub problems: Vec<Cow<'a, str>>,
    pub warnings: Vec<Cow<'a, str>>,
    /// Whose prefix it begins with, where the registry knows it.
    pub filed: Option<&'a FiledInstitution>,
    /// What the ledger has under the code.
    pub held: Option<LedgerMatch>,
    /// The nearest valid readings: text, kind of repair, the repair in words.
    pub nearest: Vec<(String, &'static str, String)>,
}

/// What the registry says of a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledInstitution {
    /// The institution in words: its names, and that the prefix is retired.
    pub words: String,
    /// The institution as JSON.
    pub json: String,
}

/// A part as it is told.
#[derive(Debug, PartialEq, Eq)]
pub struct PartOut<'a> {
    pub from: usize,
    pub to: usize,
    pub name: Cow<'a, str>,
    pub text: Cow<'a, str>,
    /// Whether they can stand there.
    pub state: PartState,
    /// What they say; empty for nothing.
    pub says: Cow<'a, str>,
    /// Which column of the csv file it fills, if any.
    pub column: Option<CsvColumn>,
    /// The part as JSON, where an earlier code held the same; empty where it is still to be written.
    pub json: &'a [u8],
}

/// The columns of the csv file that parts fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvColumn {
    Year,
    Level,
    Region,
    Serial,
}

/// What a segment's characters say under a profile, kept for the next code that holds them.
struct Fragment {
    state: PartState,
    says: String,
    told: Option<(String, bool)>,
    json: Vec<u8>,
}

/// Profile, segment, character at position 1, characters of the segment.
type FragmentKey = (u8, u8, u8, u128);

pub struct NumberReader<'a> {
    decoder: &'a Decoder,
    locale: &'a Locale,
    masked: bool,
    kinds: Vec<String>,
    /// The words for a code that is right, doubtful, wrong.
    verdicts: [&'a str; 3],
    /// What stands before and behind a number that is counted.
    number: (String, String),
    names: Vec<Vec<(String, Option<CsvColumn>)>>,
    fragments: Vec<Fragment>,
    places: HashMap<FragmentKey, u32, foldhash::fast::FixedState>,
    elsewhere: HashMap<(usize, usize), String>,
    /// What the ledger has of the inputs, where it was asked.
    pub known: KnownCertificates,
    /// Where the blanks are whose numbers the inputs may be, by number.
    pub blanks: HashMap<String, LedgerMatch>,
    /// What the column holds that the inputs come from, where that is known.
    pub field: Option<Field>,
    /// The form whose labels are known before a number.
    pub form: Option<Arc<SheetSpec>>,
    /// The institutions of the registry by their prefix.
    filed: HashMap<&'a str, FiledInstitution, foldhash::fast::FixedState>,
    scratch: Scratch,
    with_names: bool,
    with_json: bool,
    with_repairs: bool,
    /// Whether what each part says is written, what is only counted included.
    with_says: bool,
    /// The fragments that were used last, by a few bits of their key.
    recent: Vec<Option<(FragmentKey, u32)>>,
}

/// How many fragments are kept: more than any roster has different segments, less than fills the memory.
const KEPT: usize = 1 << 16;
/// How many of them are found without hashing.
const RECENT: usize = 1 << 12;
/// The most segments the quick road takes; no layout can have more than positions.
const SEGMENTS: usize = CODE_LENGTH;

impl<'a> NumberReader<'a> {
    pub fn locale(&self) -> &'a Locale {
        self.locale
    }

    /// Prepares what every answer needs.
    pub fn new(decoder: &'a Decoder, locale: &'a Locale, masked: bool, format: AnswerFormat) -> NumberReader<'a> {
        let names = decoder.profiles().iter().enumerate().map(|(p, profile)| {
            let segments = profile.layout.segments().iter().enumerate();
            let name = |s: usize| locale.part_name(decoder, crate::domain::decoder::PartName::Segment(p, s));
            segments.map(|(i, s)| (name(i), column_of(&s.reader))).collect()
        });
        NumberReader {
            decoder,
            locale,
            masked,
            kinds: NumberKind::ALL.map(|k| locale.kind(k)).to_vec(),
            verdicts: [Certainty::Right, Certainty::Doubtful, Certainty::Wrong].map(|v| locale.verdict(v)),
            number: {
                let around = locale.fill("decode.number", &[("number", "\0")]);
                around.split_once('\0').map(|(a, b)| (a.to_string(), b.to_string())).unwrap_or_default()
            },
            names: names.collect(),
            fragments: Vec::new(),
            places: HashMap::default(),
            recent: vec![None; RECENT],
            elsewhere: HashMap::new(),
            filed: decoder
                .tables()
                .registry
                .institutions()
                .filter(|i| decoder.is_own(i))
                .map(|i| (i.prefix.as_str(), filed(i, locale)))
                .collect(),
            known: KnownCertificates::default(),
            blanks: HashMap::new(),
            field: None,
            form: None,
            scratch: Scratch::default(),
            with_names: format != AnswerFormat::Csv,
            with_json: format == AnswerFormat::Json,
            with_repairs: format == AnswerFormat::Ruler,
            with_says: matches!(format, AnswerFormat::Ruler | AnswerFormat::Json),
        }
    }

    pub fn answer<'s>(&'s mut self, input: &'s [u8]) -> Answer<'s> {
        if let Some(code) = is_plain(input)
            && let Some(glance) = self.decoder.glance(code, &mut self.scratch)
            && self.decoder.profiles()[glance.profile].layout.segments().iter().all(|s| s.range().len() <= 16)
        {
            return self.quick(code, &glance);
        }
        self.slow(input)
    }

    /// Answers a code in its plain form from what earlier codes said.
    fn quick<'s>(&'s mut self, code: &'s [u8; CODE_LENGTH], glance: &CodeGlance) -> Answer<'s> {
        let p = glance.profile;
        let decoder = self.decoder;
        let segments = decoder.profiles()[p].layout.segments();
        if KEPT < self.fragments.len() {
            self.fragments.clear();
            self.places.clear();
            self.recent.fill(None);
        }
        let mut kept = [None; SEGMENTS];
        for ((i, segment), place) in segments.iter().enumerate().zip(&mut kept) {
            let is_wrong = (glance.marks.wrong | glance.marks.doubtful) >> i & 1 == 1;
            // A csv line has no room for what most segments say; only what is wrong in them counts.
            let is_told = self.with_names || self.names[p][i].1.is_some() || is_wrong;
            if is_told && (is_wrong || needs_fragment(&segment.reader, self.with_says)) {
                *place = Some(self.place_of(p, i, code, glance));
            }
        }
        if let Some((profile, segment)) = glance.elsewhere
            && !self.elsewhere.contains_key(&(profile, segment))
        {
            let words = self.locale.problem(decoder, &NumberProblem::Elsewhere(profile, segment));
            self.elsewhere.insert((profile, segment), words);
        }
        let this: &'s NumberReader<'a> = self;
        let whole = std::str::from_utf8(code).unwrap_or_default();
        let (mut problems, mut warnings) = (Vec::new(), Vec::new());
        let mut parts = Vec::with_capacity(segments.len());
        for (i, segment) in segments.iter().enumerate() {
            let (name, column) = &this.names[p][i];
            let fragment = kept.get(i).copied().flatten().and_then(|at| this.fragments.get(at as usize));
            if let Some((words, is_warning)) = fragment.and_then(|f| f.told.as_ref()) {
                if *is_warning { &mut warnings } else { &mut problems }.push(Cow::Borrowed(words.as_str()));
            }
            if !this.with_names && column.is_none() {
                continue;
            }
            parts.push(PartOut {
                from: segment.from,
                to: segment.to,
                name: Cow::Borrowed(name),
                text: Cow::Borrowed(&whole[segment.range()]),
                state: fragment.map_or(PartState::Good, |f| f.state),
                says: match fragment {
                    Some(fragment) => Cow::Borrowed(fragment.says.as_str()),
                    None if this.with_says => Cow::Owned(this.counted(&whole[segment.range()])),
                    None => Cow::Borrowed(""),
                },
                column: *column,
                json: fragment.map_or(&[], |f| &f.json),
            });
        }
        if let Some(words) = glance.elsewhere.and_then(|key| this.elsewhere.get(&key)) {
            warnings.push(Cow::Borrowed(words));
        }
        let nearest = glance.swapped.map(|(other, letter)| {
            let text = format!("{}{}{}", &whole[..16], char::from(letter), &whole[17..]);
            let repair = if letter == b'J' {
                crate::domain::decoder::NumberRepair::CompetitionMark
            } else {
                crate::domain::decoder::NumberRepair::OrdinaryMark
            };
            let proposal = crate::domain::decoder::Proposal { text, repair, profile: Some(other) };
            let words = if this.with_repairs { this.locale.repair(decoder, &proposal) } else { String::new() };
            (proposal.text, repair_key(repair), words)
        });
        let verdict = match (glance.marks.wrong, warnings.is_empty()) {
            (0, true) => this.verdicts[0],
            (0, false) => this.verdicts[1],
            _ => this.verdicts[2],
        };
        let bits = glance.possible;
        let with_possible = this.with_names;
        let possible = decoder.profiles().iter().enumerate().filter(|(i, _)| with_possible && bits >> i & 1 == 1);
        Answer {
            input: Cow::Borrowed(whole),
            kind: NumberKind::Certificate,
            kind_words: &this.kinds[0],
            ok: glance.marks.wrong == 0,
            verdict: Cow::Borrowed(verdict),
            profile: Some(&decoder.profiles()[p].id),
            fits: (this.with_repairs && bits != 0)
                .then(|| this.locale.fitting(possible.clone().map(|(_, p)| &**p), "decode.fits")),
            possible: possible.map(|(_, p)| p.id.as_str()).collect(),
            also: Vec::new(),
            id_types: String::new(),
            filed: this.filed_of(whole),
            held: this.held_of(whole),
            parts,
            problems,
            warnings,
            nearest: nearest.into_iter().collect(),
        }
    }

    /// Finds what the registry says of the prefix a text begins with.
    fn filed_of(&self, text: &str) -> Option<&FiledInstitution> {
        if self.filed.is_empty() { None } else { self.filed.get(text.get(..PREFIX_LENGTH)?) }
    }

    /// Finds what the ledger has under a code, or a blank's number.
    fn held_of(&self, code: &str) -> Option<LedgerMatch> {
        if let Some(blank) = self.blanks.get(code) {
            return Some(blank.clone());
        }
        if self.known.is_empty() {
            return None;
        }
        let (_, held) = self.known.of_code(CertCode::new(code)?)?;
        Some(LedgerMatch::certificate(held, self.locale))
    }

    /// Says what a right serial counts.
    fn counted(&self, serial: &str) -> String {
        let number = serial.trim_start_matches('0');
        [&self.number.0, number, &self.number.1].concat()
    }

    /// Finds what a segment's characters say, or reads them for the first time.
    fn place_of(&mut self, p: usize, i: usize, code: &[u8; CODE_LENGTH], glance: &CodeGlance) -> u32 {
        let key = key_of(p, i, code, &self.decoder.profiles()[p].layout.segments()[i]);
        let (profile, segment, category, part) = key;
        let bits = (part as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let slot =
            (bits as usize ^ usize::from(segment) << 8 ^ usize::from(profile) << 5 ^ usize::from(category)) % RECENT;
        match self.recent[slot] {
            Some((used, place)) if used == key => return place,
            _ => {}
        }
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None => {
                let fragment = self.fragment(p, i, code, glance);
                self.fragments.push(fragment);
                let place = (self.fragments.len() - 1) as u32;
                self.places.insert(key, place);
                place
            }
        };
        self.recent[slot] = Some((key, place));
        place
    }

    /// Reads one segment in words.
    fn fragment(&self, p: usize, i: usize, code: &[u8; CODE_LENGTH], glance: &CodeGlance) -> Fragment {
        let profile = &self.decoder.profiles()[p];
        let segment = &profile.layout.segments()[i];
        let whole = std::str::from_utf8(code).unwrap_or_default();
        let regions = |table: &str, code: &str| self.decoder.tables().regions.name(table, code);
        let part = &whole[segment.range()];
        let (mut state, meaning) = read_segment(segment, part, &whole[..1], &regions);
        if matches!(segment.reader, SegmentReader::Year) && state == ReadingState::Good {
            let has = |bits: u32| bits >> i & 1 == 1;
            state = match (has(glance.marks.wrong), has(glance.marks.doubtful)) {
                (true, _) => ReadingState::Wrong(SegmentFault::Year),
                (_, true) => ReadingState::Doubtful(Doubt::EarlyYear),
                _ => state,
            };
        }
        let told = self.decoder.segment_problem(p, i, state, part);
        let told = told.map(|problem| (self.locale.problem(self.decoder, &problem), problem.is_warning()));
        let mut fragment =
            Fragment { state: state.into(), says: self.locale.meaning(&meaning), told, json: Vec::new() };
        // The rest of an ordinary serial with a J is not part of the key.
        if self.with_json && !matches!(segment.reader, SegmentReader::Serial { .. }) {
            let (name, column) = &self.names[p][i];
            let part = PartOut {
                from: segment.from,
                to: segment.to,
                name: Cow::Borrowed(name),
                text: Cow::Borrowed(part),
                state: fragment.state,
                says: Cow::Borrowed(&fragment.says),
                column: *column,
                json: &[],
            };
            let mut json = Vec::new();
            write::part(&mut json, &part);
            fragment.json = json;
        }
        fragment
    }

    fn slow<'s>(&'s self, input: &[u8]) -> Answer<'s> {
        let input = String::from_utf8_lossy(input);
        let examination = self.decoder.examine(&input);
        let best = examination.best();
        let is_masked = self.masked && is_personal(&input, &examination);
        let (problems, warnings): (Vec<&NumberProblem>, Vec<&NumberProblem>) =
            best.problems.iter().partition(|p| !p.is_warning());
        let words =
            |all: Vec<&NumberProblem>| all.iter().map(|p| self.locale.problem(self.decoder, p).into()).collect();
        let ids = self.decoder.profiles();
        let kind_words = NumberKind::ALL.iter().position(|k| *k == best.kind).map_or("", |i| self.kinds[i].as_str());
        let (label, value) = split_label(&input, self.form.as_deref());
        let value = echoed(value, self.field, self.masked, is_masked, best.is_ok());
        Answer {
            input: Cow::Owned(text::visible(label).into_owned() + &value),
            kind: best.kind,
            kind_words,
            ok: best.is_ok(),
            verdict: Cow::Owned(self.locale.verdict_of(best)),
            profile: best.profile.map(|i| ids[i].id.as_str()),
            possible: best.possible.iter().map(|i| ids[*i].id.as_str()).collect(),
            fits: self.locale.fits(self.decoder, best),
            also: examination.candidates[1..].iter().map(|c| c.kind).collect(),
            id_types: self.locale.id_types(self.decoder, best),
            filed: matches!(best.kind, NumberKind::Certificate | NumberKind::InstitutionPrefix)
                .then(|| self.filed_of(&examination.text))
                .flatten(),
            held: self.held_of(&examination.text.to_ascii_uppercase()),
            parts: self.parts(best, is_masked),
            problems: words(problems),
            warnings: words(warnings),
            nearest: best
                .nearest
                .iter()
                .map(|near| {
                    let text = if is_masked { text::masked_number(&near.text) } else { near.text.clone() };
                    let text = text::visible(&text).into_owned();
                    (text, repair_key(near.repair), self.locale.repair(self.decoder, near))
                })
                .collect(),
        }
    }

    fn parts<'s>(&'s self, candidate: &Candidate, is_masked: bool) -> Vec<PartOut<'s>> {
        let part = |part: &crate::domain::decoder::NumberPart| {
            let hidden = is_masked && 6 < part.from && part.to < 18;
            // A birth date would give the hidden positions away.
            let says = match &part.says {
                Says::Born(..) if is_masked => String::new(),
                says => self.locale.says(self.decoder, says),
            };
            let text = if hidden { "*".repeat(part.text.len()) } else { text::visible(&part.text).into_owned() };
            let text = if is_masked && !hidden && 6 < part.to + 1 - part.from { masked_numbers(&text) } else { text };
            let text = if self.masked { masked_words(&text, false) } else { text };
            let column = match (&part.says, part.name) {
                (_, crate::domain::decoder::PartName::Segment(p, s)) => self.names[p][s].1,
                (Says::Segment(Meaning::Level(_)), _) => Some(CsvColumn::Level),
                _ => None,
            };
            PartOut {
                from: part.from,
                to: part.to,
                name: self.locale.part_name(self.decoder, part.name).into(),
                text: text.into(),
                state: part.state,
                says: says.into(),
                column,
                json: &[],
            }
        };
        candidate.parts.iter().map(part).collect()
    }
}

fn filed(institution: &Institution, locale: &Locale) -> FiledInstitution {
    let shown = |value: &str| text::visible(value).into_owned();
    let retired = institution
        .retired
        .as_ref()
        .map(|r| json!({ "on": r.on, "reason": shown(&r.reason), "successor": r.successor.as_deref().map(shown) }));
    let json = json!({ "prefix": institution.prefix, "name": shown(institution.name()), "retired": retired });
    FiledInstitution {
        words: locale.fill("institution.known", &[("told", &locale.institution(institution))]),
        json: json.to_string(),
    }
}

/// Tells whether the reading in words of a segment that is right is kept: a serial is seldom seen twice.
fn needs_fragment(reader: &SegmentReader, with_says: bool) -> bool {
    match reader {
        SegmentReader::Serial { .. } => false,
        SegmentReader::Digits { .. } => with_says,
        _ => true,
    }
}

fn key_of(profile: usize, segment: usize, code: &[u8; CODE_LENGTH], of: &Segment) -> FragmentKey {
    // What follows the J of an ordinary serial changes nothing in what is said of it.
    let is_serial = matches!(of.reader, SegmentReader::Serial { .. });
    let range = if is_serial && of.from == 17 && code[16] == b'J' { 16..17 } else { of.range() };
    let part = code[range].iter().fold(0u128, |all, byte| all << 8 | u128::from(*byte));
    (profile as u8, segment as u8, code[0], part)
}

fn column_of(reader: &SegmentReader) -> Option<CsvColumn> {
    match reader {
        SegmentReader::Year => Some(CsvColumn::Year),
        SegmentReader::Level => Some(CsvColumn::Level),
        SegmentReader::Region { .. } => Some(CsvColumn::Region),
        SegmentReader::Serial { .. } => Some(CsvColumn::Serial),
        _ => None,
    }
}
