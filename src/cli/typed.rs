//! What is typed after an option (选项的值), read into types while the command line is parsed.

use std::error::Error;
use std::ffi::OsStr;
use std::fmt::{self, Display};
use std::ops::RangeInclusive;
use std::path::Path;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueEnum};

use crate::domain::code::CertCode;
use crate::domain::date;
use crate::domain::ledger::Status;
use crate::domain::level::{self, Level, LevelReading};
use crate::domain::registry::typed_prefix;
use crate::domain::rules::typed_code;
use crate::domain::sheet::TextEncoding;
use crate::domain::upload::TableFormat;
use crate::words::{Lang, Locale};

/// Why a value is refused: the key of the words and what stands in them. The parser cannot say it in the user's language.
#[derive(Debug, Clone)]
pub struct RefusedValue {
    pub key: String,
    pub places: Vec<(&'static str, String)>,
}

impl Display for RefusedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)
    }
}

impl Error for RefusedValue {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TextOrJson {
    #[default]
    Text,
    Json,
}

/// The kind of a table's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableKind {
    Xlsx,
    Csv,
}

/// The character set of a text file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Encoding {
    #[default]
    #[value(name = "utf-8")]
    Utf8,
    Gb18030,
}

/// Reads a whole number that is not below `least` nor above `most`.
pub fn number<T>(least: T, most: Option<T>) -> impl TypedValueParser<Value = T>
where
    T: FromStr + PartialOrd + Display + Clone + Send + Sync + 'static,
{
    move |typed: &str| {
        let fits = |number: &T| least <= *number && most.as_ref().is_none_or(|most| number <= most);
        typed.parse().ok().filter(fits).ok_or_else(|| {
            let least = ("least", least.to_string());
            match &most {
                Some(most) => {
                    RefusedValue { key: "cli.number-between".into(), places: vec![least, ("most", most.to_string())] }
                }
                None => RefusedValue { key: "cli.number-from".into(), places: vec![least] },
            }
        })
    }
}

/// Reads a text without the blanks around it; blanks alone say nothing, and the words under `cli.KEY` refuse them.
pub fn filled(key: &'static str) -> impl TypedValueParser<Value = String> {
    move |typed: &str| match typed.trim() {
        "" => Err(refused(&format!("cli.{key}"))),
        text => Ok(text.to_string()),
    }
}

/// The years of days that are typed: beyond them is a slip.
const YEARS: RangeInclusive<i32> = 1949..=2999;

/// Reads a day, `YYYY-MM-DD`.
pub fn day(typed: &str) -> Result<NaiveDate, RefusedValue> {
    // `26-11-21` would be a day of the year 26.
    let day = NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok().filter(|day| YEARS.contains(&day.year()));
    day.ok_or_else(|| refused("cli.needs-date"))
}

fn refused(key: &str) -> RefusedValue {
    RefusedValue { key: key.into(), places: Vec::new() }
}

/// Reads the code of a certificate.
pub fn code(typed: &str) -> Result<CertCode, RefusedValue> {
    typed_code(typed).ok_or_else(|| refused("cli.needs-code"))
}

/// Reads a year, of which a code has the last two digits.
pub fn year(typed: &str) -> Result<u8, RefusedValue> {
    date::year(typed).ok_or_else(|| refused("cli.needs-year"))
}

/// Reads a level in any of its forms.
pub fn level(typed: &str) -> Result<Level, RefusedValue> {
    match level::read(typed) {
        LevelReading::Exact(level) | LevelReading::Short(level) | LevelReading::Other(level) => Ok(level),
        _ => Err(refused("cli.needs-level")),
    }
}

/// Reads a prefix, or how one begins.
pub fn prefix() -> impl TypedValueParser<Value = String> {
    StringValueParser::new().map(|typed| typed_prefix(&typed))
}

/// Reads one of some values by its name; `all` is not empty.
pub fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    key: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let names = PossibleValuesParser::new(all.iter().map(|value| key(*value)));
    names.map(move |name| all.iter().copied().find(|value| key(*value) == name).unwrap_or(all[0]))
}

/// Reads one of some values by its name or by the words it is called by, in either language: what a list shows may be typed.
#[derive(Debug, Clone)]
pub struct OneOfWords<T: 'static> {
    pub all: &'static [T],
    pub key: fn(T) -> &'static str,
    pub words: fn(&Locale, T) -> &str,
}

impl<T: Copy + Send + Sync + 'static> TypedValueParser for OneOfWords<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, typed: &OsStr) -> Result<T, clap::Error> {
        let locales = || [Lang::Zh, Lang::En].map(Locale::load);
        if let Some(words) = typed.to_str().map(str::trim)
            && !self.all.iter().any(|value| (self.key)(*value) == words)
        {
            let called = |locale: &Locale| self.all.iter().find(|v| (self.words)(locale, **v) == words).copied();
            // The beginning of one alone is enough: 普通 for 普通空白证书.
            let begun = |locale: &Locale| {
                let mut all = self.all.iter().filter(|v| (self.words)(locale, **v).starts_with(words));
                all.next().filter(|_| all.next().is_none() && 1 < words.chars().count()).copied()
            };
            if let Some(value) = locales().iter().find_map(called).or_else(|| locales().iter().find_map(begun)) {
                return Ok(value);
            }
        }
        one_of(self.all, self.key).parse_ref(command, arg, typed)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let words = |value: T| [Lang::Zh, Lang::En].map(|lang| (self.words)(&Locale::load(lang), value).to_string());
        Some(Box::new(self.all.iter().map(move |value| PossibleValue::new((self.key)(*value)).aliases(words(*value)))))
    }
}

/// Reads what became of a certificate, by its name or its words.
pub fn status(all: &'static [Status]) -> OneOfWords<Status> {
    OneOfWords { all, key: Status::key, words: Locale::status }
}

/// Reads the name of an encoding that a text file can be read in.
pub fn text_encoding() -> impl TypedValueParser<Value = TextEncoding> {
    let value = |e: TextEncoding| PossibleValue::new(e.key()).aliases(e.aliases().iter().copied());
    let names = PossibleValuesParser::new(TextEncoding::ALL.map(value));
    names.map(|name| TextEncoding::named(&name).unwrap_or(TextEncoding::Utf8))
}

/// Gives the format of a table's file, by its kind or the ending of its name.
pub fn table_format(kind: Option<TableKind>, target: &Path, encoding: Encoding) -> Option<TableFormat> {
    let ending = target.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    let kind = kind.or_else(|| TableKind::from_str(&ending?, true).ok())?;
    Some(match (kind, encoding) {
        (TableKind::Xlsx, _) => TableFormat::Xlsx,
        (TableKind::Csv, Encoding::Gb18030) => TableFormat::CsvGb18030,
        (TableKind::Csv, Encoding::Utf8) => TableFormat::CsvUtf8,
    })
}

/// Shows personal data of the store whole: only with a reason, which the audit chain keeps.
#[derive(Debug, Default, Args)]
pub struct UnmaskArgs {
    #[arg(long, requires = "reason")]
    unmask: bool,
    #[arg(long, value_name = "TEXT", value_parser = filled("blank-reason"))]
    reason: Option<String>,
}

/// In which language the words of a list are that is written. It is found before anything is parsed, as `--lang` is.
#[derive(Debug, Default, Args)]
pub struct ReportLangArgs {
    #[arg(id = "report_lang", long = "report-lang", value_name = "LANG", value_parser = ["zh", "zh-CN", "en"])]
    _report_lang: Option<String>,
}

impl UnmaskArgs {
    /// Gives why personal data is shown whole; nothing where it stays masked.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.unmask)
    }
}
