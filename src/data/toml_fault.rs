//! What is wrong with a TOML text, taken from the parser's English messages: people are told by the locales.

use std::ops::Range;

use super::problem::DataFault;

/// What is wrong with a text that is no TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TomlFault {
    /// A key that stands there twice.
    Twice(String),
    /// A quotation mark that is never closed.
    OpenQuote,
    /// A bracket or brace that is never closed.
    OpenBracket,
    /// A key without its `=`.
    NoEquals,
    /// A key without its value.
    NoValue,
    /// A text without quotation marks.
    Unquoted,
    /// A comma too few or too many.
    Comma,
    Other,
}

/// What a value should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WantedValue {
    /// One of some words.
    OneOf(Vec<String>),
    Flag,
    /// A whole number, from the least to the most.
    Whole(u32, u32),
    /// A number, parts of one too, from the least to the most.
    Number(u16, u16),
    /// A whole number as large as its place allows.
    AnyWhole,
    Text,
    List,
    Table,
    /// Something else, which the example shows.
    Other,
}

impl TomlFault {
    /// Gives the stable name used in the locales.
    pub fn key(&self) -> &'static str {
        match self {
            TomlFault::Twice(_) => "twice",
            TomlFault::OpenQuote => "open-quote",
            TomlFault::OpenBracket => "open-bracket",
            TomlFault::NoEquals => "no-equals",
            TomlFault::NoValue => "no-value",
            TomlFault::Unquoted => "unquoted",
            TomlFault::Comma => "comma",
            TomlFault::Other => "other",
        }
    }
}

/// The longest piece of a file that is quoted, in characters.
const QUOTED: usize = 40;

/// Gives a piece of a text as it is quoted: its first line, cut where it is long.
pub(super) fn quoted(text: &str, range: Range<usize>) -> String {
    let piece = text.get(range).unwrap_or_default().lines().next().unwrap_or_default().trim();
    let mut shown: String = piece.chars().take(QUOTED).collect();
    if shown.len() < piece.len() {
        shown.push('…');
    }
    shown
}

/// Tells what an error of the parser means.
pub(super) fn fault_of(text: &str, error: &toml::de::Error) -> DataFault {
    let (message, span) = (error.message(), error.span().unwrap_or_default());
    let mut keys = message.split('`').skip(1).step_by(2).map(String::from);
    let mut first = || keys.next().unwrap_or_default();
    if message.starts_with("unknown field") {
        return DataFault::UnknownKey(first(), keys.collect());
    }
    if message.starts_with("missing field") {
        return DataFault::MissingKey(first());
    }
    if message.starts_with("unknown variant") {
        return DataFault::Value(first(), WantedValue::OneOf(keys.collect()));
    }
    if let Some(wanted) = wanted(message) {
        return DataFault::Value(quoted(text, span), wanted);
    }
    let line_start = text.get(..span.start).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
    let fault = match message {
        m if m.starts_with("duplicate key") => TomlFault::Twice(quoted(text, span)),
        m if m.starts_with("invalid") && m.contains("string, expected") => TomlFault::OpenQuote,
        m if m.starts_with("unclosed") => TomlFault::OpenBracket,
        m if m.starts_with("key with no value") => TomlFault::NoEquals,
        m if m.starts_with("string values must be quoted") && span.is_empty() => TomlFault::NoValue,
        m if m.starts_with("string values must be quoted") => TomlFault::Unquoted,
        m if m.contains("comma") => TomlFault::Comma,
        _ => TomlFault::Other,
    };
    DataFault::Toml(fault, quoted(text, line_start..text.len()))
}

/// Tells what a message asks for that is about the kind of a value; none for every other message.
fn wanted(message: &str) -> Option<WantedValue> {
    let about_value = ["invalid type", "invalid value", "invalid length", "wanted ", "data did not match"];
    about_value.iter().any(|begins| message.starts_with(begins)).then_some(())?;
    let expected = message.split_once("expected ").map_or("", |(_, expected)| expected);
    let begins = |words: &[&str]| words.iter().any(|word| expected.starts_with(word));
    Some(match () {
        () if begins(&["a boolean"]) => WantedValue::Flag,
        () if begins(&["a string", "a borrowed string", "a char"]) => WantedValue::Text,
        () if begins(&["a sequence", "an array", "a tuple"]) => WantedValue::List,
        () if begins(&["a map", "struct ", "internally tagged"]) => WantedValue::Table,
        () if begins(&["u8", "u16", "u32", "u64", "usize", "i32", "i64"]) => WantedValue::AnyWhole,
        () => WantedValue::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Sample {
        name: String,
        flag: Option<bool>,
        size: Option<u16>,
        list: Option<Vec<String>>,
        table: Option<std::collections::BTreeMap<String, String>>,
        side: Option<Side>,
        pair: Option<(String, String)>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Side {
        Left,
        Right,
    }

    fn fault(text: &str) -> DataFault {
        fault_of(text, &toml::from_str::<Sample>(text).unwrap_err())
    }

    #[test]
    fn messages_of_the_parser_are_told_apart() {
        let toml = |text: &str| match fault(text) {
            DataFault::Toml(fault, line) => (fault, line),
            other => panic!("{text}: {other:?}"),
        };
        let twice = TomlFault::Twice("name".into());
        assert_eq!(toml("name = \"a\"\nname = \"b\"\n"), (twice, "name = \"b\"".into()));
        assert_eq!(toml("name = \"a\n").0, TomlFault::OpenQuote);
        assert_eq!(toml("name = 'a\n").0, TomlFault::OpenQuote);
        assert_eq!(toml("list = [\"a\"\n").0, TomlFault::OpenBracket);
        assert_eq!(toml("[table\n").0, TomlFault::OpenBracket);
        assert_eq!(toml("name \"a\"\n").0, TomlFault::NoEquals);
        assert_eq!(toml("name\n").0, TomlFault::NoEquals);
        assert_eq!(toml("name =\n").0, TomlFault::NoValue);
        assert_eq!(toml("name = 张伟\n").0, TomlFault::Unquoted);
        assert_eq!(toml("name = left\n").0, TomlFault::Unquoted);
        assert_eq!(toml("list = [\"a\" \"b\"]\n").0, TomlFault::Comma);
        assert_eq!(toml("name = \"\"\"a\n").0, TomlFault::OpenQuote);
        assert_eq!(toml("name == \"a\"\n"), (TomlFault::Other, "name == \"a\"".into()));
    }

    #[test]
    fn values_of_the_wrong_kind_are_told_with_what_is_wanted() {
        let known = |keys: &[&str]| keys.iter().map(|k| (*k).to_string()).collect::<Vec<_>>();
        let cases = [
            ("name = 5", "5", WantedValue::Text),
            ("flag = \"yes\"", "\"yes\"", WantedValue::Flag),
            ("size = \"5\"", "\"5\"", WantedValue::AnyWhole),
            ("size = -1", "-1", WantedValue::AnyWhole),
            ("list = \"a\"", "\"a\"", WantedValue::List),
            ("table = 1", "1", WantedValue::Table),
            ("pair = [\"a\"]", "[\"a\"]", WantedValue::List),
            ("side = \"up\"", "up", WantedValue::OneOf(known(&["left", "right"]))),
        ];
        for (text, value, wanted) in cases {
            assert_eq!(fault(text), DataFault::Value(value.into(), wanted), "{text}");
        }
        let all = known(&["name", "flag", "size", "list", "table", "side", "pair"]);
        assert_eq!(fault("colour = 1"), DataFault::UnknownKey("colour".into(), all));
        assert_eq!(fault("size = 1"), DataFault::MissingKey("name".into()));
    }

    #[test]
    fn what_is_quoted_is_one_short_line() {
        assert_eq!(quoted("a = 1\nb = 2\n", 0..12), "a = 1");
        assert_eq!(quoted(&"长".repeat(50), 0..150), "长".repeat(40) + "…");
    }
}
