//! Cell values as text, with a mark where the text is not what was typed.

use crate::domain::roster::MarkKind;
use calamine::{Data, DataRef, ExcelDateTime};
use std::io::Write as _;

/// From here on a double cannot tell neighbouring whole numbers of 16 digits apart.
const LONG: f64 = 1e15;
/// Closer to the next midnight than this, nine microseconds, a day was reckoned and not typed.
const NOISE: f64 = 1e-10;
/// The day after 9999-12-31, the last one that spreadsheet programs show.
const LAST_DAY: f64 = 2_958_466.0;

/// Texts that `LibreOffice` stores in place of an error.
const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"];

/// Lends a value to the one writer below.
pub fn lend(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(n) => DataRef::Int(*n),
        Data::Float(n) => DataRef::Float(*n),
        Data::String(s) => DataRef::SharedString(s),
        Data::Bool(b) => DataRef::Bool(*b),
        Data::DateTime(d) => DataRef::DateTime(*d),
        Data::DateTimeIso(s) => DataRef::DateTimeIso(s.clone()),
        Data::DurationIso(s) => DataRef::DurationIso(s.clone()),
        Data::Error(e) => DataRef::Error(e.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Tells whether a text is one of the error texts, which `OpenDocument` stores as strings.
pub fn is_error_text(text: &str) -> bool {
    text.starts_with('#') && ERRORS.contains(&text)
}

/// Writes a value's text behind `out` and gives its mark.
pub fn write(out: &mut Vec<u8>, value: &DataRef<'_>, date_1904: bool) -> Option<MarkKind> {
    match value {
        DataRef::SharedString(s) => out.extend_from_slice(s.as_bytes()),
        DataRef::String(s) => out.extend_from_slice(s.as_bytes()),
        DataRef::Float(n) => return Some(number(out, *n)),
        DataRef::Int(n) => return Some(number(out, *n as f64)),
        DataRef::Bool(b) => out.extend_from_slice(if *b { b"TRUE" } else { b"FALSE" }),
        DataRef::DateTime(d) => return Some(date(out, d, date_1904)),
        DataRef::DateTimeIso(s) => return Some(iso_date(out, s)),
        DataRef::DurationIso(s) => {
            // Only OpenDocument has these: PT10H30M00S is a time of day or a span.
            match iso_span(s) {
                Some((h, m, s)) => put(out, format_args!("{h:02}:{m:02}:{s:02}")),
                None => out.extend_from_slice(s.as_bytes()),
            }
            return Some(MarkKind::Date);
        }
        DataRef::Error(e) => {
            put(out, format_args!("{e}"));
            return Some(MarkKind::Error);
        }
        DataRef::Empty => {}
    }
    None
}

/// Writing into memory cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

fn number(out: &mut Vec<u8>, n: f64) -> MarkKind {
    if !n.is_finite() {
        out.extend_from_slice(b"#NUM!");
        return MarkKind::Error;
    }
    if n.abs() >= LONG {
        let text = format!("{n:E}");
        let (digits, power) = text.split_once('E').unwrap_or((&text, "0"));
        put(out, format_args!("{digits}E+{power}"));
        return MarkKind::LongNumber;
    }
    if n.fract() == 0.0 {
        put(out, format_args!("{}", n as i64));
    } else {
        put(out, format_args!("{n}"));
    }
    MarkKind::Number
}

fn date(out: &mut Vec<u8>, date: &ExcelDateTime, date_1904: bool) -> MarkKind {
    let serial = date.as_f64();
    // A span, and a number no calendar has (an ID number in a cell formatted as a date), stay numbers.
    if date.is_duration() || !(0.0..LAST_DAY).contains(&serial) {
        return number(out, serial);
    }
    let (mut days, mut part) = (serial.floor(), serial.fract());
    if 1.0 - part < NOISE {
        (days, part) = (days + 1.0, 0.0);
    }
    // A second before midnight is of the same day, however it is rounded.
    let rest = ((part * 86_400.0).round() as u32).min(86_399);
    let (h, m, s) = (rest / 3600, rest / 60 % 60, rest % 60);
    if days < 1.0 && !date_1904 {
        put(out, format_args!("{h:02}:{m:02}:{s:02}"));
        return MarkKind::Date;
    }
    let day = ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, date_1904);
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    put(out, format_args!("{year:04}-{month:02}-{day:02}"));
    if rest == 0 {
        return MarkKind::Date;
    }
    put(out, format_args!(" {h:02}:{m:02}:{s:02}"));
    MarkKind::DateWithTime
}

/// `2024-11-08T10:30:00.000Z` without the letters, and without a time that is midnight.
fn iso_date(out: &mut Vec<u8>, text: &str) -> MarkKind {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    out.extend_from_slice(day.as_bytes());
    let time = time.trim_end_matches('Z').split('.').next().unwrap_or_default();
    if time.bytes().all(|b| matches!(b, b'0' | b':')) {
        return MarkKind::Date;
    }
    put(out, format_args!(" {time}"));
    MarkKind::DateWithTime
}

fn iso_span(text: &str) -> Option<(u32, u32, u32)> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?.split('.').next()?;
    Some((hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use calamine::{CellErrorType, ExcelDateTimeType};

    fn text(value: &DataRef<'_>, date_1904: bool) -> (String, Option<MarkKind>) {
        let mut out = Vec::new();
        let mark = write(&mut out, value, date_1904);
        (String::from_utf8(out).unwrap(), mark)
    }

    #[test]
    fn writes_numbers_without_inventing_digits() {
        for (n, expected, mark) in [
            (201.0, "201", MarkKind::Number),
            (-0.0, "0", MarkKind::Number),
            (0.1, "0.1", MarkKind::Number),
            (-2.5, "-2.5", MarkKind::Number),
            (1e-7, "0.0000001", MarkKind::Number),
            (110_105_491_231_002.0, "110105491231002", MarkKind::Number),
            (999_999_999_999_999.0, "999999999999999", MarkKind::Number),
            (1e15, "1E+15", MarkKind::LongNumber),
            (110_101_199_003_070_000.0, "1.1010119900307E+17", MarkKind::LongNumber),
            (-1.5e300, "-1.5E+300", MarkKind::LongNumber),
            (f64::INFINITY, "#NUM!", MarkKind::Error),
        ] {
            assert_eq!(text(&DataRef::Float(n), false), (expected.to_owned(), Some(mark)));
        }
        assert_eq!(text(&DataRef::Int(3), false), ("3".to_owned(), Some(MarkKind::Number)));
    }

    #[test]
    fn writes_dates_of_both_systems() {
        let date = |n, date_1904| {
            let cell = ExcelDateTime::new(n, ExcelDateTimeType::DateTime, date_1904);
            text(&DataRef::DateTime(cell), date_1904)
        };
        for (n, date_1904, expected, mark) in [
            (45604.0, false, "2024-11-08", MarkKind::Date),
            (44142.0, true, "2024-11-08", MarkKind::Date),
            (45_604.437_5, false, "2024-11-08 10:30:00", MarkKind::DateWithTime),
            (45_604.999_999_9, false, "2024-11-08 23:59:59", MarkKind::DateWithTime),
            (45_604.999_999_999, false, "2024-11-08 23:59:59", MarkKind::DateWithTime),
            (45_604.999_999_999_99, false, "2024-11-09", MarkKind::Date),
            (45_604.000_000_1, false, "2024-11-08", MarkKind::Date),
            (0.5, false, "12:00:00", MarkKind::Date),
            (0.0, true, "1904-01-01", MarkKind::Date),
            (1.0, false, "1900-01-01", MarkKind::Date),
            (-1.0, false, "-1", MarkKind::Number),
            (1.101_011_990_030_7e17, false, "1.1010119900307E+17", MarkKind::LongNumber),
        ] {
            assert_eq!(date(n, date_1904), (expected.to_owned(), Some(mark)));
        }
        for (iso, expected, mark) in [
            ("2024-11-08", "2024-11-08", MarkKind::Date),
            ("2024-11-08T00:00:00", "2024-11-08", MarkKind::Date),
            ("2024-11-08T10:30:00.000Z", "2024-11-08 10:30:00", MarkKind::DateWithTime),
            ("2024-11-08T23:59:59.999", "2024-11-08 23:59:59", MarkKind::DateWithTime),
        ] {
            let value = DataRef::DateTimeIso(iso.to_owned());
            assert_eq!(text(&value, false), (expected.to_owned(), Some(mark)));
        }
        let span = DataRef::DurationIso("PT10H30M00S".to_owned());
        assert_eq!(text(&span, false), ("10:30:00".to_owned(), Some(MarkKind::Date)));
    }

    #[test]
    fn writes_the_rest_as_it_is() {
        assert_eq!(text(&DataRef::Bool(true), false), ("TRUE".to_owned(), None));
        assert_eq!(text(&DataRef::SharedString("张\u{1}伟"), false), ("张\u{1}伟".to_owned(), None));
        let error = DataRef::Error(CellErrorType::NA);
        assert_eq!(text(&error, false), ("#N/A".to_owned(), Some(MarkKind::Error)));
        assert!(is_error_text("#DIV/0!") && !is_error_text("#1") && !is_error_text(""));
    }
}
