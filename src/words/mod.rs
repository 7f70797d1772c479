//! The words: Simplified Chinese first, English second, from `data/locales`.
//!
//! Two files per language: `<lang>.toml` (screen and command texts) and `<lang>-rules.toml` (the handbook of rules).
//! A text may hold named places such as `{row}`; [`filled`] puts values into them. A place such as `{n|row|rows}` gives the
//! first word where `n` is filled with 1, the second otherwise.

mod action;
mod answers;
mod carry;
mod case;
mod changed;
mod charset;
mod checklist;
mod decoder;
mod due;
mod examples;
mod fact;
mod fill;
mod finding;
mod folded;
mod import;
mod ledger;
mod many;
mod print;
mod recipe;
mod registry;
mod reply;
mod reshape;
mod screening;
mod sections;
mod selection;
mod share;
mod sheets;
mod statistics;
mod step;
mod stock;
mod stock_done;
mod summary;
mod table;
mod values;
mod versions;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use answers::AnswersToAccept;
pub use charset::{Charset, charset};
pub use decoder::repair_key;
pub use examples::PROGRAM_EXAMPLES;
pub use fact::choice_words;
pub use fill::{FillLine, FillTrouble};
pub use import::{ImportFact, skipped_text};
pub use many::{ANSWERS_MASKED_TAIL, ANSWERS_TAIL, FINDINGS_TAIL, FIXED_TAIL, PUBLIC_TAIL, SUMMARY_TAIL};
use sections::Sections;

use crate::domain::sheet::Field;
use crate::packed;
pub use stock::{BlankStepTold, StockTold};
pub use stock_done::{DemandTold, level_at};
pub use versions::{DifferenceKind, DifferenceLine};

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 简体中文
    #[default]
    Zh,
    En,
}

/// A rule's page in the handbook.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulePage {
    pub title: String,
    /// The sentence shown with a finding; may hold `{places}`.
    pub message: String,
    pub why: String,
    /// A value that breaks the rule.
    pub bad: String,
    /// A value that keeps it.
    pub good: String,
    /// What the fix does and why it is safe or not; empty when there is none.
    #[serde(default)]
    pub fix: String,
    /// What a person does about what is found of a table; empty for the rules, whose sentences say it.
    #[serde(default)]
    pub todo: String,
}

/// Names a profile by its id.
pub type NameOfProfile<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All texts of one language.
#[derive(Debug, Clone)]
pub struct Locale {
    pub lang: Lang,
    texts: &'static Sections<HashMap<String, String>>,
    /// Divided when the first of them is asked for.
    rules: &'static LazyLock<Sections<RulePage>>,
}

impl Lang {
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// Reads a language as people and environments write it: `zh`, `zh-CN`, `zh_CN.UTF-8`, `en_US`.
    pub fn read(text: &str) -> Option<Lang> {
        let head = text.split(['-', '_', '.', '@']).next().unwrap_or("").to_ascii_lowercase();
        match head.as_str() {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }
}

impl Locale {
    /// Gives a language built into the program; what was read of it once serves the whole process.
    pub fn load(lang: Lang) -> Locale {
        static ZH: LazyLock<Sections<HashMap<String, String>>> =
            LazyLock::new(|| Sections::of(packed::text!("locales-zh-CN.toml")));
        static EN: LazyLock<Sections<HashMap<String, String>>> =
            LazyLock::new(|| Sections::of(packed::text!("locales-en.toml")));
        static ZH_RULES: LazyLock<Sections<RulePage>> =
            LazyLock::new(|| Sections::of(packed::text!("locales-zh-CN-rules.toml")));
        static EN_RULES: LazyLock<Sections<RulePage>> =
            LazyLock::new(|| Sections::of(packed::text!("locales-en-rules.toml")));
        match lang {
            Lang::Zh => Locale { lang, texts: &ZH, rules: &ZH_RULES },
            Lang::En => Locale { lang, texts: &EN, rules: &EN_RULES },
        }
    }

    /// Finds a text by its dotted key.
    pub fn find(&self, key: &str) -> Option<&str> {
        let (section, name) = key.rsplit_once('.')?;
        self.texts.get(section)?.get(name).map(String::as_str)
    }

    /// Gives a text by its dotted key, such as `status.saved`; a missing key shows itself (and fails a test).
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    /// Gives a text with its places filled.
    pub fn fill(&self, key: &str, places: &[(&str, &str)]) -> String {
        filled(self.text(key), places)
    }

    /// Names what a column holds, where no form is in hand that labels it.
    pub fn field_name(&self, field: Field) -> String {
        self.text(&format!("field.{}", field.key())).to_string()
    }

    /// Gives a rule's page by the rule's code.
    pub fn rule(&self, code: &str) -> Option<&RulePage> {
        self.rules.get(code)
    }

    /// Lists all keys, sorted.
    pub fn keys(&self) -> Vec<String> {
        let names = self.texts.names().into_iter();
        let read = names.filter_map(|section| Some((section, self.texts.get(section)?)));
        let mut keys: Vec<String> =
            read.flat_map(|(section, texts)| texts.keys().map(move |name| format!("{section}.{name}"))).collect();
        keys.sort_unstable();
        keys
    }

    /// Lists the codes of all rule pages, sorted.
    pub fn rule_codes(&self) -> Vec<&str> {
        self.rules.names()
    }
}

/// Puts values into the `{places}` of a text, once: a value that looks like a place is not filled again.
pub fn filled(text: &str, places: &[(&str, &str)]) -> String {
    filled_by(text, |name| places.iter().find(|(place, _)| *place == name).map(|(_, value)| (*value).to_string()))
}

/// Puts values into the `{places}` of a text, each asked for when the text names it; `None` leaves the place standing.
pub fn filled_by(text: &str, value_of: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out += &rest[..open];
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        let (name, words) = rest[1..close].split_once('|').map_or((&rest[1..close], None), |(n, w)| (n, Some(w)));
        match (value_of(name), words.and_then(|words| words.split_once('|'))) {
            (Some(value), Some((one, more))) => out += if value == "1" { one } else { more },
            (Some(value), None) => out += &value,
            (None, _) => out += &rest[..=close],
        }
        rest = &rest[close + 1..];
    }
    out + rest
}
