//! How a file was read, and why so (读法): what the user said of it, and what its encoding, header and columns were known by.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Field;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// An encoding that a text file can be read in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum TextEncoding {
        Utf8 = "utf-8",
        Gb18030 = "gb18030",
        Big5 = "big5",
        Utf16Le = "utf-16le",
        Utf16Be = "utf-16be",
        ShiftJis = "shift_jis",
        EucKr = "euc-kr",
        Windows1252 = "windows-1252",
    }
}

impl TextEncoding {
    /// Gives what else the encoding is called.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            TextEncoding::Utf8 => &["utf8"],
            TextEncoding::Gb18030 => &["gbk", "gb2312"],
            TextEncoding::ShiftJis => &["shift-jis", "sjis"],
            _ => &[],
        }
    }

    /// Finds an encoding by any of its names.
    pub fn named(name: &str) -> Option<TextEncoding> {
        let name = name.to_ascii_lowercase();
        TextEncoding::ALL.into_iter().find(|e| e.key() == name || e.aliases().contains(&&*name))
    }
}

vocabulary! {
    /// What the encoding of a text file was taken by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum EncodingBy {
        /// The mark at its beginning.
        Mark = "mark",
        /// What its bytes are.
        #[default]
        Bytes = "bytes",
        /// Only in it there is a header.
        Header = "header",
        /// The user.
        Given = "given",
    }
}

vocabulary! {
    /// What the row of the header was taken by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum HeaderBy {
        /// Its labels.
        #[default]
        Found = "found",
        /// The user.
        Given = "given",
        /// It is as last time.
        Remembered = "remembered",
    }
}

vocabulary! {
    /// What the columns were matched by.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum ColumnsBy {
        /// What stands over and in them.
        #[default]
        Labels = "labels",
        /// The user, at least one of them.
        Hand = "hand",
        /// It is as last time.
        Remembered = "remembered",
    }
}

/// A word of a later version says nothing that is to be told here.
macro_rules! in_words {
    ($($name:ident)*) => {
        $(
            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.key())
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                    let word = String::deserialize(deserializer)?;
                    Ok($name::read(&word).unwrap_or_default())
                }
            }
        )*
    };
}

in_words! { EncodingBy HeaderBy ColumnsBy }

/// How a file was read, and why so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HowRead {
    pub encoding: EncodingBy,
    pub header: HeaderBy,
    pub columns: ColumnsBy,
    /// The rows that were taken back, numbered as the spreadsheet does.
    pub kept: BTreeSet<u32>,
}

impl HowRead {
    pub fn is_usual(&self) -> bool {
        *self == HowRead::default()
    }
}

/// How a file is to be read, where the user has said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenReading {
    /// The row of the header as a spreadsheet numbers it, of two the lower one; 0 where there is none.
    pub header_row: Option<u32>,
    /// Which column holds what: its label or its letters, and a label of the form or what else people write for it.
    pub map: Vec<(String, String)>,
    /// The encoding of a text file.
    pub encoding: Option<TextEncoding>,
    /// Rows to be read as data though they look like none, numbered as a spreadsheet does.
    pub keep_rows: BTreeSet<u32>,
}

/// Where the user has said nothing.
pub static NOTHING_GIVEN: GivenReading =
    GivenReading { header_row: None, map: Vec::new(), encoding: None, keep_rows: BTreeSet::new() };

impl GivenReading {
    pub fn is_empty(&self) -> bool {
        *self == GivenReading::default()
    }
}

/// Why the columns are not matched as the user said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MapFault {
    /// No column has such a label or such letters.
    NoColumn(String),
    /// Several columns have the label: only their letters tell them apart.
    SeveralColumns(String),
    /// The form has no such column.
    NoField(String),
    /// Two columns were given to one field, or two fields to one column.
    Twice(Field),
}
