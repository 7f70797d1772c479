//! Facts (资料): one typed value about an institution, a batch or a case that stands in no roster: who organised the contest,
//! under which number the award was decided, where the institution has its seat.
//!
//! Which facts there are is data, and so is what a notice demands of them. A value is a text in the one form of its type.

mod checklist;
mod credit_code;
mod demand;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::date;
use super::sheet::Field;
use super::text;
use super::vocabulary::vocabulary;

pub use checklist::{Checklist, ChecklistItem, PaperForm, TICK_SIGN};
pub use credit_code::{CREDIT, credit_check};
pub use demand::{
    CertificateDay, CodeYears, FactCondition, FactDemand, FactLack, FactTerms, LackKind, OfCategory, Strength, lacks,
};

/// The values of a thing, each by the id of its fact; none of them is empty.
pub type FactValues = BTreeMap<String, String>;

/// The longest text of a fact that says nothing of its own.
pub const USUAL_MOST: usize = 200;

/// How many digits a SHA-256 has.
const DIGEST: usize = 64;

vocabulary! {
    /// The kinds of things that facts are kept of and that events happen to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum ThingKind {
        Institution = "institution",
        Batch = "batch",
        Case = "case",
    }
}

vocabulary! {
    /// What a value is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum FactType {
        #[default]
        Text = "text",
        Date = "date",
        /// A whole number.
        Number = "number",
        /// A year of four digits.
        Year = "year",
        /// One of some words.
        Choice = "choice",
        YesNo = "yes-no",
        Telephone = "telephone",
        CreditCode = "credit-code",
        /// A file on disk: its SHA-256, a blank, its path.
        File = "file",
    }
}

/// A fact that there may be of things of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactDef {
    /// Stable, such as `award-number`.
    pub id: String,
    pub of: ThingKind,
    pub kind: FactType,
    /// The longest value, in characters.
    pub most: usize,
    /// What may be chosen.
    pub choices: Vec<String>,
    /// As what a value is masked, for it may be somebody's.
    pub personal: Option<Field>,
    /// What it is called, in Chinese and in English; of a built-in one the locales say it.
    pub label: Option<[String; 2]>,
}

vocabulary! {
    /// Why a text is no value of a fact.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum FactFault {
        TooLong { most: usize, has: usize } = "too-long",
        /// A character that nobody sees, by its number.
        Hidden(char) = "hidden",
        NoDate = "no-date",
        NoNumber = "no-number",
        NoYear = "no-year",
        NoChoice = "no-choice",
        NoYesNo = "no-yes-no",
        NoTelephone = "no-telephone",
        /// Not 18 characters of those a credit code is made of.
        NoCreditCode = "no-credit-code",
        /// The check character, as it must be.
        CreditCheck(char) = "credit-check",
        NoFile = "no-file",
    }
}

vocabulary! {
    /// Who issues the certificates of a contest (颁证方式): the value of the fact `route`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Route {
        /// The committee, with a stamp remark of the authority.
        Committee = "committee",
        /// An institution that is filed.
        Filed = "filed",
    }
}

impl Route {
    /// The fact that says it.
    pub const FACT: &str = "route";

    /// The fact that says which filed institution it is.
    pub const FILED_BODY: &str = "filed-body";
}

vocabulary! {
    /// The kinds of certificates that there are (证书类型): the value of the fact `certificate-kind`. Only the first has a code.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum CertificateKind {
        /// 职业技能等级证书
        #[default]
        SkillLevel = "skill-level",
        /// 职业资格证书
        Qualification = "qualification",
        /// 专项职业能力证书
        SpecialSkill = "special-skill",
    }
}

impl CertificateKind {
    /// The fact of a batch that says it.
    pub const FACT: &str = "certificate-kind";

    /// Tells whether such a certificate has a code of 22 characters.
    pub fn has_code(self) -> bool {
        self == CertificateKind::SkillLevel
    }
}

/// The two values of [`FactType::YesNo`].
pub const YES: &str = "yes";
pub const NO: &str = "no";

impl FactDef {
    /// Reads a value as it was typed into the form it is kept in; an empty one takes the fact back. `words` gives what a choice
    /// is called.
    ///
    /// # Errors
    /// [`FactFault`]: it is no value of the type.
    pub fn read(&self, typed: &str, words: &dyn Fn(&str) -> Vec<String>) -> Result<String, FactFault> {
        if let Some(hidden) = typed.chars().find(|c| text::is_hidden(*c) && !text::is_blank(*c)) {
            return Err(FactFault::Hidden(hidden));
        }
        let typed = text::trimmed(typed);
        if typed.is_empty() {
            return Ok(String::new());
        }
        let value = self.value(&typed, words)?;
        let has = value.chars().count();
        if self.most < has { Err(FactFault::TooLong { most: self.most, has }) } else { Ok(value) }
    }

    fn value(&self, typed: &str, words: &dyn Fn(&str) -> Vec<String>) -> Result<String, FactFault> {
        let compact = text::compact(typed);
        let is_called = |key: &str| *key == *typed || words(key).iter().any(|word| text::compact(word) == compact);
        let digits = compact.bytes().all(|b| b.is_ascii_digit());
        match self.kind {
            FactType::Text => Ok(typed.to_string()),
            FactType::Date => match date::read(typed) {
                date::DateReading::Iso(day) | date::DateReading::Other(day) => Ok(day.to_string()),
                _ => Err(FactFault::NoDate),
            },
            FactType::Number if digits => Ok(compact.into_owned()),
            FactType::Number => Err(FactFault::NoNumber),
            FactType::Year => {
                let year = compact.trim_end_matches('年');
                let is_year = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
                let is_year = is_year && year.bytes().all(|b| b.is_ascii_digit());
                if is_year { Ok(year.to_string()) } else { Err(FactFault::NoYear) }
            }
            FactType::Choice => {
                self.choices.iter().find(|choice| is_called(choice)).cloned().ok_or(FactFault::NoChoice)
            }
            FactType::YesNo => {
                let found = [YES, NO].into_iter().find(|key| is_called(key));
                found.map(String::from).ok_or(FactFault::NoYesNo)
            }
            FactType::Telephone => {
                let fits =
                    |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | ' ' | '/' | ',' | '、' | '转');
                let typed: String = typed.chars().map(text::half_width).collect();
                let count = typed.chars().filter(char::is_ascii_digit).count();
                if typed.chars().all(fits) && 5 <= count { Ok(typed) } else { Err(FactFault::NoTelephone) }
            }
            FactType::CreditCode => {
                let code = compact.to_ascii_uppercase();
                match credit_check(code.as_bytes()) {
                    None => Err(FactFault::NoCreditCode),
                    Some(due) if code.ends_with(due) => Ok(code),
                    Some(due) => Err(FactFault::CreditCheck(due)),
                }
            }
            FactType::File => match AttachedFile::read(typed) {
                Some(file) => Ok(file.written()),
                None => Err(FactFault::NoFile),
            },
        }
    }

    /// Gives a value with what is somebody's masked.
    pub fn masked(&self, value: &str) -> String {
        match (self.kind, self.personal) {
            // A day or one of some words tells nobody's number.
            (FactType::Date | FactType::Year | FactType::Choice | FactType::YesNo, _) => value.to_string(),
            (_, Some(field)) => field.masked(value),
            (_, None) => text::masked_sentence(value),
        }
    }
}

/// A file on disk that belongs to a thing, as it was when it was attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    pub sha256: String,
    pub path: String,
}

impl AttachedFile {
    /// Reads the value of a fact.
    pub fn read(value: &str) -> Option<AttachedFile> {
        let (sha256, path) = value.split_once(' ')?;
        let is_digest = sha256.len() == DIGEST && sha256.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (is_digest && !path.trim().is_empty())
            .then(|| AttachedFile { sha256: sha256.to_string(), path: path.to_string() })
    }

    /// Gives it as the value of a fact.
    pub fn written(&self) -> String {
        format!("{} {}", self.sha256, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: FactType, typed: &str) -> Result<String, FactFault> {
        let def = FactDef {
            id: "x".into(),
            of: ThingKind::Batch,
            kind,
            most: 20,
            choices: vec!["class-one".into(), "class-two".into()],
            personal: None,
            label: None,
        };
        let words = |key: &str| match key {
            "class-two" => vec!["省级二类".to_string()],
            YES => vec!["是".to_string()],
            _ => Vec::new(),
        };
        def.read(typed, &words)
    }

    #[test]
    fn a_value_is_kept_in_the_one_form_of_its_type() {
        for (kind, typed, value) in [
            (FactType::Text, "  甘人社通〔2025〕1号 ", "甘人社通〔2025〕1号"),
            (FactType::Text, "  ", ""),
            (FactType::Date, "2025年3月9日", "2025-03-09"),
            (FactType::Date, "2025/3/9", "2025-03-09"),
            (FactType::Number, "０１２", "012"),
            (FactType::Year, "2025年", "2025"),
            (FactType::Choice, "省级二类", "class-two"),
            (FactType::Choice, "class-one", "class-one"),
            (FactType::YesNo, "是", "yes"),
            (FactType::Telephone, "（0931）8867002", "(0931)8867002"),
            (FactType::CreditCode, "91350100m000100y43", "91350100M000100Y43"),
        ] {
            assert_eq!(read(kind, typed), Ok(value.to_string()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused_with_why() {
        for (kind, typed, fault) in [
            (FactType::Text, "二十一个字二十一个字二十一个字二十一个字多", FactFault::TooLong { most: 20, has: 21 }),
            (FactType::Text, "a\u{202E}b", FactFault::Hidden('\u{202E}')),
            (FactType::Text, "a\u{1b}[31m", FactFault::Hidden('\u{1b}')),
            (FactType::Date, "2025-02-30", FactFault::NoDate),
            (FactType::Date, "3/4/25", FactFault::NoDate),
            (FactType::Number, "十二", FactFault::NoNumber),
            (FactType::Year, "25", FactFault::NoYear),
            (FactType::Choice, "省级三类", FactFault::NoChoice),
            (FactType::YesNo, "也许", FactFault::NoYesNo),
            (FactType::Telephone, "王老师", FactFault::NoTelephone),
            (FactType::CreditCode, "91350100M000100Y4", FactFault::NoCreditCode),
            (FactType::CreditCode, "91350100M000100Y44", FactFault::CreditCheck('3')),
            (FactType::File, "附件.pdf", FactFault::NoFile),
        ] {
            assert_eq!(read(kind, typed), Err(fault), "{typed}");
        }
    }
}
