//! Answers as text, JSON lines and csv, into a buffer.

use std::io::Write as _;

use unicode_width::UnicodeWidthStr;

use super::answer::{Answer, CsvColumn, PartOut};
use crate::cli::json::DECODE;
use crate::domain::code::CODE_LENGTH;
use crate::domain::decoder::{NumberKind, PartState};
use crate::domain::upload::{TableFormat, neutral};

/// The forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFormat {
    /// A ruler and a line for each part.
    Ruler,
    /// A line for each input.
    Line,
    /// A JSON object on each line.
    Json,
    /// Comma separated, with a header.
    Csv,
}

const CSV_HEAD: &[u8] = b"input,kind,ok,profile,year,level,region,serial,problems,nearest\r\n";

impl AnswerFormat {
    /// Writes what comes before the first answer; answers about a file have a column for its rows.
    pub fn head(self, out: &mut Vec<u8>, with_rows: bool) {
        if self == AnswerFormat::Csv {
            out.extend_from_slice("\u{FEFF}".as_bytes());
            out.extend_from_slice(if with_rows { b"row," } else { b"" });
            out.extend_from_slice(CSV_HEAD);
        }
    }

    /// Writes an answer. `row` is the spreadsheet row, when the input comes from a file.
    pub fn write(self, out: &mut Vec<u8>, answer: &Answer<'_>, row: Option<u32>) {
        match self {
            AnswerFormat::Ruler => ruler(out, answer),
            AnswerFormat::Line => line(out, answer, row),
            AnswerFormat::Json => json(out, answer, row),
            AnswerFormat::Csv => csv(out, answer, row),
        }
    }
}

fn ruler(out: &mut Vec<u8>, answer: &Answer<'_>) {
    let mut say = |text: &str| {
        out.extend_from_slice(text.trim_end().as_bytes());
        out.push(b'\n');
    };
    say(&answer.input);
    say(&format!("{}: {}", answer.kind_words, answer.verdict));
    if answer.kind == NumberKind::Certificate {
        let units: String = (1..=CODE_LENGTH).map(|n| char::from(b'0' + (n % 10) as u8)).collect();
        let tens: String =
            (1..=CODE_LENGTH).map(|n| if n % 10 == 0 { char::from(b'0' + (n / 10) as u8) } else { ' ' }).collect();
        let typed: String = answer.parts.iter().map(|p| p.text.as_ref()).collect();
        let brackets: String = answer.parts.iter().map(|p| bracket(p.to + 1 - p.from)).collect();
        for text in [tens, units, typed, brackets] {
            say(&format!("    {text}"));
        }
    }
    for part in &answer.parts {
        let places = if part.from == part.to { part.from.to_string() } else { format!("{}-{}", part.from, part.to) };
        let name_gap = " ".repeat(20usize.saturating_sub(part.name.width()));
        let text_gap = " ".repeat(8usize.saturating_sub(part.text.width()));
        say(&format!(
            "  {} {places:>5}  {}{text_gap} {}{name_gap} {}",
            sign(part.state),
            part.text,
            part.name,
            part.says
        ));
    }
    for problem in &answer.problems {
        say(&format!("  ! {problem}"));
    }
    for warning in &answer.warnings {
        say(&format!("  ? {warning}"));
    }
    for (text, _, words) in &answer.nearest {
        say(&format!("  > {text}  {words}"));
    }
    if let Some(fits) = &answer.fits {
        say(&format!("  = {fits} ({})", answer.possible.join(", ")));
    }
    if !answer.id_types.is_empty() {
        say(&format!("  = {}", answer.id_types));
    }
    if let Some(filed) = answer.filed {
        say(&format!("  = {}", filed.words));
    }
    if let Some(held) = &answer.held {
        say(&format!("  = {}", held.words));
    }
    for kind in &answer.also {
        say(&format!("  ~ {}", kind.key()));
    }
}

fn bracket(width: usize) -> String {
    match width {
        0 | 1 => "|".to_string(),
        n => format!("[{}]", "-".repeat(n - 2)),
    }
}

/// Gives the sign that stands for a state, so that nothing depends on colour.
fn sign(state: PartState) -> char {
    match state {
        PartState::Wrong => '!',
        PartState::Doubtful => '?',
        PartState::Empty => '.',
        PartState::Good | PartState::Partial => ' ',
    }
}

fn line(out: &mut Vec<u8>, answer: &Answer<'_>, row: Option<u32>) {
    let mark: &[u8] = match (answer.ok, answer.warnings.is_empty()) {
        (true, true) => b"  ",
        (true, false) => b"? ",
        _ => b"! ",
    };
    out.extend_from_slice(mark);
    if let Some(row) = row {
        number(out, row as usize);
        out.extend_from_slice(b": ");
    }
    out.extend_from_slice(answer.input.as_bytes());
    out.extend_from_slice(b"  ");
    out.extend_from_slice(answer.profile.unwrap_or(answer.kind_words).as_bytes());
    let said = answer.parts.iter().filter(|p| !p.says.is_empty()).map(|p| p.says.as_bytes());
    for said in said {
        out.extend_from_slice("  ".as_bytes());
        out.extend_from_slice(said);
    }
    let serial = answer.parts.iter().find(|p| p.column == Some(CsvColumn::Serial)).map_or("", |p| p.text.as_ref());
    let filed = answer.filed.map_or("", |filed| filed.words.as_str());
    let held = answer.held.as_ref().map_or("", |held| held.words.as_str());
    for more in [serial, filed, held] {
        if !more.is_empty() {
            out.extend_from_slice(b"  ");
            out.extend_from_slice(more.as_bytes());
        }
    }
    for told in answer.problems.iter().chain(&answer.warnings) {
        out.extend_from_slice(b"  | ");
        out.extend_from_slice(told.as_bytes());
    }
    for (text, ..) in &answer.nearest {
        out.extend_from_slice(b"  > ");
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'\n');
}

fn json(out: &mut Vec<u8>, answer: &Answer<'_>, row: Option<u32>) {
    out.extend_from_slice(b"{\"schema\":\"");
    out.extend_from_slice(DECODE.as_bytes());
    out.extend_from_slice(b"\",\"input\":");
    string(out, &answer.input);
    if let Some(row) = row {
        out.extend_from_slice(b",\"row\":");
        number(out, row as usize);
    }
    out.extend_from_slice(b",\"kind\":\"");
    out.extend_from_slice(answer.kind.key().as_bytes());
    out.extend_from_slice(if answer.ok { b"\",\"ok\":true" } else { b"\",\"ok\":false" });
    out.extend_from_slice(b",\"profile\":");
    match answer.profile {
        Some(id) => string(out, id),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\"profiles\":");
    list(out, answer.possible.iter(), |out, id| string(out, id));
    out.extend_from_slice(b",\"parts\":");
    list(out, answer.parts.iter(), part);
    out.extend_from_slice(b",\"problems\":");
    list(out, answer.problems.iter(), |out, words| string(out, words));
    out.extend_from_slice(b",\"warnings\":");
    list(out, answer.warnings.iter(), |out, words| string(out, words));
    out.extend_from_slice(b",\"nearest\":");
    list(out, answer.nearest.iter(), |out, (text, ..)| string(out, text));
    out.extend_from_slice(b",\"repairs\":");
    list(out, answer.nearest.iter(), |out, (_, key, _)| string(out, key));
    if !answer.id_types.is_empty() {
        out.extend_from_slice(b",\"id_types\":");
        string(out, &answer.id_types);
    }
    if let Some(filed) = answer.filed {
        out.extend_from_slice(b",\"institution\":");
        out.extend_from_slice(filed.json.as_bytes());
    }
    if let Some(held) = &answer.held {
        out.extend_from_slice(b",\"ledger\":");
        out.extend_from_slice(held.json.as_bytes());
    }
    if !answer.also.is_empty() {
        out.extend_from_slice(b",\"also\":");
        list(out, answer.also.iter(), |out, kind| string(out, kind.key()));
    }
    out.extend_from_slice(b"}\n");
}

/// Writes a part as JSON.
pub fn part(out: &mut Vec<u8>, part: &PartOut<'_>) {
    if !part.json.is_empty() {
        return out.extend_from_slice(part.json);
    }
    out.extend_from_slice(b"{\"from\":");
    number(out, part.from);
    out.extend_from_slice(b",\"to\":");
    number(out, part.to);
    out.extend_from_slice(b",\"name\":");
    string(out, &part.name);
    out.extend_from_slice(b",\"text\":");
    string(out, &part.text);
    out.extend_from_slice(b",\"meaning\":");
    if part.says.is_empty() {
        out.extend_from_slice(b"null");
    } else {
        string(out, &part.says);
    }
    out.extend_from_slice(b",\"state\":\"");
    out.extend_from_slice(match part.state {
        PartState::Empty => b"empty",
        PartState::Partial => b"partial".as_slice(),
        PartState::Good => b"good",
        PartState::Doubtful => b"doubtful",
        PartState::Wrong => b"wrong",
    });
    out.extend_from_slice(b"\"}");
}

fn list<T>(out: &mut Vec<u8>, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    out.push(b'[');
    for (i, item) in items.enumerate() {
        if i != 0 {
            out.push(b',');
        }
        write(out, item);
    }
    out.push(b']');
}

/// Writes a JSON string; what stands in it is visible already, so that quotes and backslashes are all there is to escape.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    // Looked at to the end, without a way out: the compiler makes a few wide steps of it.
    if text.bytes().filter(|b| matches!(b, b'"' | b'\\' | 0..0x20)).count() != 0 {
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
                0..0x20 => {
                    let _ = write!(out, "\\u{byte:04x}");
                }
                byte => out.push(byte),
            }
        }
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
}

fn number(out: &mut Vec<u8>, n: usize) {
    if 10 <= n {
        number(out, n / 10);
    }
    out.push(b'0' + (n % 10) as u8);
}

fn csv(out: &mut Vec<u8>, answer: &Answer<'_>, row: Option<u32>) {
    if let Some(row) = row {
        number(out, row as usize);
        out.push(b',');
    }
    let of = |column: CsvColumn| answer.parts.iter().find(|p| p.column == Some(column));
    let text = |column| of(column).map_or("", |p| p.text.as_ref());
    let says = |column| of(column).map_or("", |p| p.says.as_ref());
    cell(out, &answer.input);
    out.push(b',');
    out.extend_from_slice(answer.kind.key().as_bytes());
    out.extend_from_slice(if answer.ok { b",true,".as_slice() } else { b",false," });
    out.extend_from_slice(answer.profile.unwrap_or("").as_bytes());
    out.push(b',');
    out.extend_from_slice(says(CsvColumn::Year).as_bytes());
    out.push(b',');
    cell(out, text(CsvColumn::Level));
    out.push(b',');
    cell(out, says(CsvColumn::Region));
    out.push(b',');
    cell(out, text(CsvColumn::Serial));
    out.push(b',');
    if !answer.problems.is_empty() || !answer.warnings.is_empty() {
        let told: Vec<&str> = answer.problems.iter().chain(&answer.warnings).map(AsRef::as_ref).collect();
        cell(out, &told.join("; "));
    }
    out.push(b',');
    if !answer.nearest.is_empty() {
        let near: Vec<&str> = answer.nearest.iter().map(|(text, ..)| text.as_str()).collect();
        cell(out, &near.join(" "));
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes a cell, quoted where it has to be; what a spreadsheet would take for a formula gets a leading `'`.
fn cell(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return out.extend_from_slice(text.as_bytes());
    }
    let safe = neutral(text, TableFormat::CsvUtf8);
    if !safe.contains([',', '"', '\r', '\n']) {
        return out.extend_from_slice(safe.as_bytes());
    }
    out.push(b'"');
    for byte in safe.bytes() {
        out.extend_from_slice(if byte == b'"' { b"\"\"" } else { std::slice::from_ref(&byte) });
    }
    out.push(b'"');
}
