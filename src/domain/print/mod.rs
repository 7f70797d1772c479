//! Print data (打印数据): what stands on a certificate, text by text, as the office's printing program takes it.
//!
//! [`lay`] is pure: the record and what is known around it come in, the texts and what is wrong with them go out. Nothing is cut,
//! put right or guessed.

mod photo;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::code::CertCode;
use super::date;
use super::identity::{IdTypeReading, IdTypes};
use super::ledger::Holder;
use super::ledger::printed::Medium;
use super::level::{self, LevelForm};
use super::profile::{Address, CertificateStyle, Profile, SealOwner};
use super::registry::Institution;
use super::text;
use super::vocabulary::vocabulary;

pub use photo::{FoundPhoto, ImageKind, PhotoAge, PhotoFolder, PhotoState, age_of};

vocabulary! {
    /// A column of print data, in the order of the file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum PrintColumn {
        /// 证书编号
        Code = "code",
        /// The number of the blank that it is printed on.
        Blank = "blank",
        /// Paper or electronic.
        Medium = "medium",
        Paper = "paper",
        Style = "style",
        Title = "title",
        TitleEn = "title-en",
        Body = "body",
        BodyEn = "body-en",
        Name = "name",
        IdType = "id-type",
        IdNumber = "id-number",
        Occupation = "occupation",
        WorkType = "work-type",
        Level = "level",
        /// The date as it is printed.
        Date = "date",
        /// The date as data has it.
        IssueDate = "issue-date",
        /// The day of the reissue (补换发) as it is printed; empty for a first certificate.
        Reissued = "reissued",
        Institution = "institution",
        IssuingBody = "issuing-body",
        Seal = "seal",
        SealPlace = "seal-place",
        SecondSeal = "second-seal",
        SecondSealPlace = "second-seal-place",
        PhotoSize = "photo-size",
        /// The name of the photo's file.
        Photo = "photo",
        /// What the QR code says.
        Qr = "qr",
        CertificatesAddress = "certificates-address",
        InstitutionsAddress = "institutions-address",
    }
}

/// The texts of one certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintLine {
    texts: [String; PrintColumn::COUNT],
}

/// Who is on a certificate, and when it was issued anew.
#[derive(Debug, Clone, Copy)]
pub struct PrintRecord<'a> {
    pub code: CertCode,
    pub holder: &'a Holder,
    pub reissued_on: Option<NaiveDate>,
}

/// What is known beside the record.
#[derive(Debug, Clone, Copy)]
pub struct PrintTerms<'a> {
    pub profile: &'a Profile,
    pub id_types: &'a IdTypes,
    /// The institution, where it is on record.
    pub institution: Option<&'a Institution>,
    /// Its English name; empty where none is noted.
    pub institution_en: &'a str,
    /// Who seals in its place; empty for itself.
    pub stand_in: &'a str,
    /// The size of the photo; empty where the notice names none.
    pub photo_size: &'a str,
    /// What the QR code says, with places.
    pub qr: &'a str,
    pub medium: (Medium, &'a str),
}

/// What is wrong with a text, or deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintFault {
    pub column: PrintColumn,
    pub kind: PrintFaultKind,
    /// Empty where no notice says it.
    pub clause: String,
}

vocabulary! {
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum PrintFaultKind {
        /// Nothing stands there.
        Missing = "missing",
        /// It reads as no level.
        Level = "level",
        /// It reads as no day.
        Date = "date",
        /// A word that no certificate may carry.
        Word(String) = "word",
    }
}

/// A certificate laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    pub line: PrintLine,
    /// What bars it from being printed.
    pub faults: Vec<PrintFault>,
    /// What is only pointed out: a name is printed as it was filed.
    pub notices: Vec<PrintFault>,
}

impl PrintLine {
    fn new() -> PrintLine {
        PrintLine { texts: std::array::from_fn(|_| String::new()) }
    }

    pub fn text(&self, column: PrintColumn) -> &str {
        &self.texts[column as usize]
    }

    pub fn put(&mut self, column: PrintColumn, text: impl Into<String>) {
        self.texts[column as usize] = text.into();
    }

    /// Lists the texts in the order of the file.
    pub fn texts(&self) -> impl Iterator<Item = (PrintColumn, &str)> {
        PrintColumn::ALL.into_iter().zip(self.texts.iter().map(String::as_str))
    }
}

impl std::fmt::Debug for PrintLine {
    // Personal data: an error text or a log must not show it by accident.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrintLine { .. }")
    }
}

/// The places that a QR text may have.
pub const QR_PLACES: [&str; 9] = [
    "code",
    "name",
    "id-number",
    "occupation",
    "work-type",
    "level",
    "issue-date",
    "institution",
    "certificates-address",
];

/// Finds a place of a QR text that nothing fills.
pub fn unknown_place(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some((_, behind)) = rest.split_once('{') {
        let (inside, after) = behind.split_once('}').unwrap_or((behind, ""));
        if !QR_PLACES.contains(&inside) {
            return Some(inside);
        }
        rest = after;
    }
    None
}

/// Writes a day as certificates have it.
pub fn printed_day(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

/// The type of the resident ID card (居民身份证), which is known by its number.
const RESIDENT: &str = "201";

/// Columns that hold a name as it was filed, or words around one.
const OF_NAMES: [PrintColumn; 9] = [
    PrintColumn::Body,
    PrintColumn::BodyEn,
    PrintColumn::IdType,
    PrintColumn::Institution,
    PrintColumn::IssuingBody,
    PrintColumn::Seal,
    PrintColumn::SealPlace,
    PrintColumn::SecondSeal,
    PrintColumn::SecondSealPlace,
];

/// Columns without which no certificate is printed.
const NEEDED: [PrintColumn; 8] = [
    PrintColumn::Name,
    PrintColumn::IdType,
    PrintColumn::IdNumber,
    PrintColumn::Occupation,
    PrintColumn::WorkType,
    PrintColumn::Level,
    PrintColumn::Date,
    PrintColumn::Institution,
];

/// Lays a certificate out. The blank and the photo's file are put in by whoever knows them.
pub fn lay(record: &PrintRecord<'_>, terms: &PrintTerms<'_>) -> Laid {
    let (profile, holder) = (terms.profile, record.holder);
    let spec = &profile.certificate;
    let mut line = PrintLine::new();
    let mut faults = Vec::new();
    line.put(PrintColumn::Code, record.code.as_str());
    line.put(PrintColumn::Medium, terms.medium.1);
    let paper = profile.print.get(&super::profile::PrintItem::Paper);
    line.put(PrintColumn::Paper, paper.map_or("", |token| token.text.as_str()));
    line.put(PrintColumn::Title, spec.title.as_str());
    line.put(PrintColumn::TitleEn, spec.title_en.as_str());
    let institution = holder.institution.as_str();
    let in_english = if terms.institution_en.is_empty() { institution } else { terms.institution_en };
    line.put(PrintColumn::Body, spec.body.replace("{institution}", institution));
    line.put(PrintColumn::BodyEn, spec.body_en.replace("{institution}", in_english));
    line.put(PrintColumn::Name, holder.name.as_str());
    line.put(PrintColumn::IdType, id_type(holder, terms.id_types));
    line.put(PrintColumn::IdNumber, holder.id_number.as_str());
    line.put(PrintColumn::Occupation, holder.occupation.as_str());
    let work_type = text::trimmed(&holder.work_type);
    line.put(PrintColumn::WorkType, if work_type.is_empty() { &profile.empty_work_type.text } else { &*work_type });
    match level::read(&holder.level).level() {
        Some(level) => {
            let printed = format!("{}/{}", level.written(LevelForm::Grade), level.written(LevelForm::Title));
            line.put(PrintColumn::Level, printed);
        }
        None if !holder.level.is_empty() => {
            faults.push(fault(PrintColumn::Level, PrintFaultKind::Level, &spec.level_clause));
        }
        None => {}
    }
    let issued = date::read(&holder.issue_date).day();
    match issued {
        Some(day) => {
            line.put(PrintColumn::Date, printed_day(day));
            line.put(PrintColumn::IssueDate, day.to_string());
        }
        None if !holder.issue_date.is_empty() => faults.push(fault(PrintColumn::Date, PrintFaultKind::Date, "X-18")),
        None => {}
    }
    line.put(PrintColumn::Reissued, record.reissued_on.map(printed_day).unwrap_or_default());
    line.put(PrintColumn::Institution, institution);
    line.put(PrintColumn::IssuingBody, holder.issuing_body.as_str());
    if let Some(style) = spec.style_of(record.code.as_str()) {
        put_seals(&mut line, style, (holder, issued), terms);
    }
    line.put(PrintColumn::PhotoSize, terms.photo_size);
    for (column, address) in [
        (PrintColumn::CertificatesAddress, Address::Certificates),
        (PrintColumn::InstitutionsAddress, Address::Institutions),
    ] {
        line.put(column, profile.addresses.get(&address).map_or("", |token| bare(&token.text)));
    }
    let qr = filled(terms.qr, &line);
    line.put(PrintColumn::Qr, qr);
    let is_told = |faults: &[PrintFault], column| faults.iter().any(|fault| fault.column == column);
    for column in NEEDED {
        if text::trimmed(line.text(column)).is_empty() && !is_told(&faults, column) {
            faults.push(fault(column, PrintFaultKind::Missing, &spec.items_clause));
        }
    }
    let mut notices = Vec::new();
    forbidden(&line, profile, [institution, in_english], (&mut faults, &mut notices));
    Laid { line, faults, notices }
}

fn fault(column: PrintColumn, kind: PrintFaultKind, clause: &str) -> PrintFault {
    PrintFault { column, kind, clause: clause.to_string() }
}

/// Names the type of an ID as it stands on paper; what is none of the table stands as it is.
fn id_type(holder: &Holder, types: &IdTypes) -> String {
    let raw = match holder.id_type.as_str() {
        "" if text::looks_like_id(&holder.id_number) => RESIDENT,
        raw => raw,
    };
    let named = |at: usize| types.all().get(at).map(|one| one.name.clone());
    let found = match types.read(raw) {
        IdTypeReading::Exact(at) | IdTypeReading::Alias(at) => named(at),
        IdTypeReading::Unknown(_) => None,
    };
    found.unwrap_or_else(|| raw.to_string())
}

/// Gives an address without what is said beside it.
fn bare(address: &str) -> &str {
    address.split('（').next().unwrap_or_default().trim()
}

fn put_seals(
    line: &mut PrintLine,
    style: &CertificateStyle,
    (holder, issued): (&Holder, Option<NaiveDate>),
    terms: &PrintTerms<'_>,
) {
    line.put(PrintColumn::Style, style.name.as_str());
    let columns =
        [(PrintColumn::Seal, PrintColumn::SealPlace), (PrintColumn::SecondSeal, PrintColumn::SecondSealPlace)];
    for (seal, (text, place)) in style.seals.iter().zip(columns) {
        let name = match seal.whose {
            SealOwner::Institution => seal_of(holder, issued, terms),
            SealOwner::IssuingBody => holder.issuing_body.clone(),
        };
        line.put(text, name);
        line.put(place, seal.place.as_str());
    }
}

/// Gives what the seal of the institution says: that on record since the latest day before the certificate, else its name and
/// the words of the notice.
fn seal_of(holder: &Holder, issued: Option<NaiveDate>, terms: &PrintTerms<'_>) -> String {
    if !terms.stand_in.is_empty() {
        return format!("{}（代章）", terms.stand_in);
    }
    let since = |seal: &super::registry::Seal| match terms.medium.0 {
        Medium::Paper => seal.from,
        Medium::Electronic => seal.electronic_from.or(seal.from),
    };
    let in_use = terms.institution.into_iter().flat_map(|one| &one.seals);
    let in_use = in_use.filter(|seal| since(seal).zip(issued).is_none_or(|(since, issued)| since <= issued));
    // Of two since the same day the one that was noted last.
    if let Some(seal) = in_use.max_by_key(|seal| since(seal)) {
        return seal.name.clone();
    }
    let words = terms.profile.organisations.seal.as_ref().map_or("", |seal| seal.words.as_str());
    format!("{}{words}", holder.institution)
}

/// Fills the places of a QR text; what a value looks like is not filled again.
fn filled(template: &str, line: &PrintLine) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        out += before;
        let Some((inside, after)) = behind.split_once('}') else {
            rest = &rest[before.len()..];
            break;
        };
        if let Some(column) = PrintColumn::read(inside).filter(|_| QR_PLACES.contains(&inside)) {
            out += line.text(column);
        }
        rest = after;
    }
    out + rest
}

/// Looks for the words that no certificate may carry in everything that is printed. In the name of an organisation, which may have
/// been filed so, and in that of a type of papers they are only pointed out.
fn forbidden(
    line: &PrintLine,
    profile: &Profile,
    names: [&str; 2],
    (faults, notices): (&mut Vec<PrintFault>, &mut Vec<PrintFault>),
) {
    let Some(list) = &profile.words.forbidden else { return };
    // What is printed of them is fixed by the notices or holds no words.
    let is_searched = |column: PrintColumn| {
        !matches!(
            column,
            PrintColumn::Paper | PrintColumn::Style | PrintColumn::Medium | PrintColumn::Photo | PrintColumn::Blank
        )
    };
    for (column, text) in line.texts().filter(|(column, _)| is_searched(*column)) {
        let tidy = text::compact(text);
        let Some(word) = first_word(&tidy, &list.words) else { continue };
        let is_name = OF_NAMES.contains(&column) && {
            // The text around the name is nobody's name.
            let is_around = matches!(column, PrintColumn::Body | PrintColumn::BodyEn);
            let rest = names.iter().filter(|name| !name.is_empty()).fold(text.to_string(), |t, n| t.replace(n, ""));
            !is_around || first_word(&text::compact(&rest), &list.words).is_none()
        };
        let told = fault(column, PrintFaultKind::Word(word.to_string()), &list.clause);
        if is_name { notices.push(told) } else { faults.push(told) }
    }
}

/// Finds the first of some words in a text; of several that begin there the longest.
fn first_word<'w>(text: &str, words: &'w [String]) -> Option<&'w str> {
    let found = words.iter().filter_map(|word| Some((text.find(word.as_str())?, word.as_str())));
    found.min_by_key(|(at, word)| (*at, std::cmp::Reverse(word.len()))).map(|(_, word)| word)
}
