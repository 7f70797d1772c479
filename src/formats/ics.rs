//! Days for a calendar program (iCalendar, RFC 5545): whole days with a reminder, in lines that every program reads.

use chrono::{DateTime, Days, NaiveDate, Utc};

/// A line holds so many bytes without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// How long before the day one is reminded.
const REMINDER: &str = "-P3D";

/// A day with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// By which a calendar knows it again.
    pub uid: String,
    pub day: NaiveDate,
    pub summary: String,
    pub description: String,
}

/// Writes a calendar; `made` is when.
pub fn calendar_file(name: &str, days: &[CalendarDay], made: DateTime<Utc>) -> String {
    let mut file = String::new();
    let mut line = |text: &str| fold(&mut file, text);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//skillcert//due//EN");
    line("CALSCALE:GREGORIAN");
    line("METHOD:PUBLISH");
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    for day in days {
        let next = day.day.checked_add_days(Days::new(1)).unwrap_or(day.day);
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(&day.uid)));
        line(&format!("DTSTAMP:{}", made.format("%Y%m%dT%H%M%SZ")));
        line(&format!("DTSTART;VALUE=DATE:{}", day.day.format("%Y%m%d")));
        line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
        line(&format!("SUMMARY:{}", escaped(&day.summary)));
        line(&format!("DESCRIPTION:{}", escaped(&day.description)));
        line("TRANSP:TRANSPARENT");
        line("BEGIN:VALARM");
        line("ACTION:DISPLAY");
        line(&format!("TRIGGER:{REMINDER}"));
        line(&format!("DESCRIPTION:{}", escaped(&day.summary)));
        line("END:VALARM");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    file
}

/// Escapes a text (RFC 5545, 3.3.11); control characters have no place in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Appends a line, folded between characters.
fn fold(file: &mut String, text: &str) {
    let mut left = LINE;
    for c in text.chars() {
        if left < c.len_utf8() {
            *file += "\r\n ";
            left = LINE - 1;
        }
        file.push(c);
        left -= c.len_utf8();
    }
    *file += "\r\n";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_between_characters_and_texts_escaped() {
        let day = CalendarDay {
            uid: "bj-16.batch-3.2026-01-30@skillcert".into(),
            day: "2026-03-19".parse().unwrap(),
            summary: format!("{}; a, b\\c", "提交证书数据".repeat(9)),
            description: "一\r\n二".into(),
        };
        let file = calendar_file("到期", &[day], "2026-02-01T08:00:00Z".parse().unwrap());
        assert!(file.split_inclusive("\r\n").all(|line| line.ends_with("\r\n") && line.len() <= LINE + 2), "{file}");
        assert!(!file.replace("\r\n", "").contains(['\r', '\n']), "{file}");
        let whole = file.replace("\r\n ", "");
        for line in [
            "UID:bj-16.batch-3.2026-01-30@skillcert",
            "DTSTAMP:20260201T080000Z",
            "DTSTART;VALUE=DATE:20260319",
            "DTEND;VALUE=DATE:20260320",
            "DESCRIPTION:一\\n二",
        ] {
            assert!(whole.lines().any(|found| found == line), "{line}: {whole}");
        }
        assert!(whole.contains("\\; a\\, b\\\\c"), "{whole}");
    }
}
