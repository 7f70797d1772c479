//! Calendar dates as clerks and spreadsheets write them.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use self::words::{from_chinese_digits, month_named, named_month_apart};
use super::text;

mod clock;
mod words;

/// A day and Beijing's distance from UTC, in thousandths of a second.
const DAY: i64 = 86_400_000;
const BEIJING: i64 = 28_800_000;

/// How much later a day number is meant where days are counted from 1904.
pub const FROM_1904: TimeDelta = TimeDelta::days(1462);

/// The seconds from 1970 to 2000.
const CENTURY_BEGINS: i64 = 946_656_000;

/// How a text reads as a date (发证日期).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateReading {
    /// `YYYY-MM-DD`, the only form the upload file takes (GS-41).
    Iso(NaiveDate),
    /// Another form that can mean only this day.
    Other(NaiveDate),
    /// A number in which a program counts days or seconds, such as 43596, a year without its century, or a day beside a weekday
    /// that is not its own: probably this day.
    Serial(NaiveDate),
    /// Shaped like a date, but there is no such day.
    Impossible,
    /// Day and month or the century cannot be told apart.
    Ambiguous,
    /// No date at all.
    Unknown,
}

impl DateReading {
    /// Gives the day, in whatever form it is written.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            DateReading::Iso(day) | DateReading::Other(day) | DateReading::Serial(day) => Some(day),
            DateReading::Impossible | DateReading::Ambiguous | DateReading::Unknown => None,
        }
    }
}

/// Reads a text as a date; never fails and never guesses.
pub fn read(raw: &str) -> DateReading {
    match read_beside(raw) {
        (reading @ DateReading::Other(day), weekdays) if other_than(day, &weekdays).is_some() => {
            reading.day().map_or(reading, DateReading::Serial)
        }
        (reading, _) => reading,
    }
}

/// Gives the weekday that stands beside a day and is not its own.
pub fn other_weekday(raw: &str) -> Option<Weekday> {
    let (reading, weekdays) = read_beside(raw);
    other_than(reading.day()?, &weekdays)
}

fn other_than(day: NaiveDate, weekdays: &[Weekday]) -> Option<Weekday> {
    weekdays.iter().copied().find(|weekday| *weekday != day.weekday())
}

/// Reads a text as a date, and the weekdays that stand beside it.
fn read_beside(raw: &str) -> (DateReading, Vec<Weekday>) {
    let none = Vec::new();
    let bytes = raw.as_bytes();
    if bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && let (Some(y), Some(m), Some(d)) = (digits(&bytes[..4]), digits(&bytes[5..7]), digits(&bytes[8..]))
    {
        return (day(y, m, d).map_or(DateReading::Impossible, DateReading::Iso), none);
    }
    let tidy: String = text::trimmed(raw).chars().map(text::half_width).collect();
    if let Some(rest) = without_label(&tidy) {
        // What the label says may be about something else.
        let (reading, weekdays) = read_beside(rest);
        return (reading.day().map_or(DateReading::Unknown, DateReading::Serial), weekdays);
    }
    let tidy = tidy.strip_prefix("公元").unwrap_or(&tidy);
    if let Some((whole, part)) = tidy.split_once('.')
        && whole.len() == 5
        && digits(whole.as_bytes()).is_some()
        && part.bytes().all(|b| b.is_ascii_digit())
    {
        return (read_digits(whole), none);
    }
    if tidy.bytes().all(|b| b.is_ascii_digit()) && !tidy.is_empty() {
        return (read_digits(tidy), none);
    }
    match clock::without_time(tidy) {
        Some((day, weekdays)) => (read_day(&day), weekdays),
        None => (DateReading::Ambiguous, none),
    }
}

/// Reads what is left of a date without its time.
fn read_day(tidy: &str) -> DateReading {
    if tidy.bytes().all(|b| b.is_ascii_digit()) && !tidy.is_empty() {
        return read_digits(tidy);
    }
    let chinese = from_chinese_digits(&named_month_apart(tidy));
    let spans = |c: char| matches!(c, '~' | '—' | '–');
    let separates = |c: char| matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号' | ',' | '、' | '。' | '_' | '\\');
    // `2024.10—11` is no day: such a sign separates only where no other does.
    if chinese.contains(spans) && chinese.trim_end_matches(separates).contains(separates) {
        return DateReading::Unknown;
    }
    let parts: Vec<&str> =
        chinese.split(|c| separates(c) || spans(c) || c == ' ').filter(|part| !part.is_empty()).collect();
    let month = parts.iter().position(|part| month_named(part).is_some());
    if let (Some(at), [_, _, _]) = (month, parts.as_slice()) {
        let m = month_named(parts[at]).unwrap_or_default();
        let others: Vec<&str> = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, part)| *part).collect();
        return with_named_month(m, others[0], others[1]);
    }
    let numbers: Option<Vec<u32>> = parts.iter().map(|p| digits(p.as_bytes())).collect();
    match (parts.as_slice(), numbers.as_deref()) {
        ([year, _, _], Some([y, m, d])) if year.len() == 4 => {
            day(*y, *m, *d).map_or(DateReading::Impossible, DateReading::Other)
        }
        ([_, _, year], Some([a, b, y])) if year.len() == 4 && *a <= 31 && *b <= 31 => {
            if *y < 1900 {
                return DateReading::Impossible;
            }
            match only([day(*y, *a, *b), day(*y, *b, *a)]) {
                Readings::One(day) => DateReading::Other(day),
                Readings::Several => DateReading::Ambiguous,
                Readings::None => DateReading::Impossible,
            }
        }
        ([_, _, _], Some([x, y, z])) if parts.iter().all(|part| part.len() <= 2) => {
            // The century is supposed, whichever of them is the year.
            match only([day(2000 + x, *y, *z), day(2000 + z, *x, *y), day(2000 + z, *y, *x)]) {
                Readings::One(day) if (2000..2070).contains(&day.year()) => DateReading::Serial(day),
                _ => DateReading::Ambiguous,
            }
        }
        ([_, _, _] | [_, _], Some([..])) => DateReading::Ambiguous,
        ([year], Some([y])) if year.len() == 4 && chinese.contains('年') && CENTURY.contains(y) => {
            DateReading::Ambiguous
        }
        ([_, _], _) if month.is_some() && parts.iter().any(|part| digits(part.as_bytes()).is_some()) => {
            DateReading::Ambiguous
        }
        _ => DateReading::Unknown,
    }
}

/// The years of a certificate.
const CENTURY: std::ops::Range<u32> = 2000..2100;

/// Gives what stands behind a label: 发证日期：2024-10-21.
fn without_label(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(':')?;
    (label.chars().any(text::is_han) && !label.contains(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// Tells whether a text is a number of days, as spreadsheets count them.
pub fn counts_days(raw: &str) -> bool {
    let tidy = text::compact(raw);
    let whole = tidy.split('.').next().unwrap_or_default();
    whole.len() == 5 && tidy.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// How many days a text may mean.
enum Readings {
    None,
    One(NaiveDate),
    Several,
}

fn only<const N: usize>(readings: [Option<NaiveDate>; N]) -> Readings {
    let mut days = readings.into_iter().flatten();
    match days.next() {
        None => Readings::None,
        Some(first) if days.all(|other| other == first) => Readings::One(first),
        Some(_) => Readings::Several,
    }
}

/// Reads a day and a year, in either order, beside a month that is named.
fn with_named_month(month: u32, first: &str, second: &str) -> DateReading {
    let number = |part: &str| digits(part.as_bytes());
    let (Some(a), Some(b)) = (number(first), number(second)) else { return DateReading::Unknown };
    let (y, d) = match (first.len(), second.len()) {
        (4, 1 | 2) => (a, b),
        (1 | 2, 4) => (b, a),
        _ => return DateReading::Ambiguous,
    };
    day(y, month, d).map_or(DateReading::Impossible, DateReading::Other)
}

fn read_digits(text: &str) -> DateReading {
    match text.len() {
        8 => match (digits(&text.as_bytes()[..4]), digits(&text.as_bytes()[4..6]), digits(&text.as_bytes()[6..])) {
            (Some(y), Some(m), Some(d)) => day(y, m, d).map_or(DateReading::Impossible, DateReading::Other),
            _ => DateReading::Unknown,
        },
        // 36526 is 2000-01-01 and 73050 is 2099-12-31: outside them a number is no date of a certificate.
        5 => match text.parse::<i64>() {
            Ok(n @ 36_526..=73_050) => NaiveDate::from_ymd_opt(1899, 12, 30)
                .and_then(|zero| zero.checked_add_signed(TimeDelta::days(n)))
                .map_or(DateReading::Unknown, DateReading::Serial),
            _ => DateReading::Unknown,
        },
        4 if digits(text.as_bytes()).is_some_and(|year| CENTURY.contains(&year)) => DateReading::Ambiguous,
        6 => DateReading::Ambiguous,
        // A day and the time, as programs write them; it may be a number of something else.
        12 | 14 => {
            let mut pairs = text.as_bytes()[8..].chunks(2).zip([23, 59, 59]);
            let is_time = pairs.all(|(pair, most)| digits(pair).is_some_and(|n| n <= most));
            match read_digits(&text[..8]) {
                DateReading::Other(day) if is_time && CENTURY.contains(&day.year().unsigned_abs()) => {
                    DateReading::Serial(day)
                }
                _ => DateReading::Unknown,
            }
        }
        // Seconds since 1970 likewise.
        10 => match text.parse::<i64>() {
            Ok(n) if CENTURY_BEGINS <= n && (n * 1000 + BEIJING) % DAY == 0 => read_digits(&format!("{text}000")),
            _ => DateReading::Unknown,
        },
        // Thousandths of a second since 1970, as programs count: a day only if it begins where the clock is Beijing's.
        13 => match text.parse::<i64>() {
            Ok(n) if (n + BEIJING) % DAY == 0 => chrono::DateTime::from_timestamp_millis(n + BEIJING)
                .map_or(DateReading::Unknown, |time| DateReading::Serial(time.date_naive())),
            _ => DateReading::Unknown,
        },
        _ => DateReading::Unknown,
    }
}

/// Gives the whole years between two days, as an age is counted.
pub fn years_between(from: NaiveDate, to: NaiveDate) -> i32 {
    to.year() - from.year() - i32::from((to.month(), to.day()) < (from.month(), from.day()))
}

/// Builds a day from its parts; `None` when there is no such day.
pub fn day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Reads a year as it is typed, of four digits or its last two; gives the last two.
pub fn year(typed: &str) -> Option<u8> {
    let last = typed.strip_prefix("20").filter(|rest| rest.len() == 2).unwrap_or(typed);
    digits(last.as_bytes()).filter(|_| last.len() == 2)?.try_into().ok()
}

/// Writes a day, `YYYY-MM-DD`; nothing where there is none.
pub fn written(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// Reads ASCII digits as a number; `None` on anything else or nothing.
pub fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn reads_the_forms_clerks_write() {
        let day = on(2019, 5, 11);
        assert_eq!(read("2019-05-11"), DateReading::Iso(day));
        for text in [
            "2019/5/11",
            "2019.5.11",
            "20190511",
            "2019年5月11日",
            "2019 年 5 月 11 日",
            "2019-5-11",
            "2019-05-11 00:00:00",
            "二〇一九年五月十一日",
            "２０１９－０５－１１",
            " 2019-05-11\u{200B}",
            "二○一九年五月十一日",
            "二Ｏ一九年五月拾壹日",
            "贰零壹玖年零伍月壹拾壹日",
            "2019~5~11",
            "2019_05_11",
            "2019\\05\\11",
            "公元2019年5月11日",
        ] {
            assert_eq!(read(text), DateReading::Other(day), "{text}");
        }
        assert_eq!(read("二〇二四年十二月二十一日"), DateReading::Other(on(2024, 12, 21)));
        assert_eq!(read("二零二四年十月廿一日"), DateReading::Other(on(2024, 10, 21)));
        assert_eq!(read("二零二四年拾月卅日"), DateReading::Other(on(2024, 10, 30)));
        assert_eq!(read("43596"), DateReading::Serial(day));
    }

    #[test]
    fn reads_the_forms_programs_write() {
        let day = on(2024, 10, 21);
        for text in [
            "2024/10/21 0:00",
            "2024-10-21 00:00:00.0",
            "2024-10-21 23:59:59.99",
            "2024-10-21T00:00:00.000+08:00",
            "2024-10-21T04:00:00Z",
            "Mon Oct 21 00:00:00 CST 2024",
            "Mon Oct 21 2024 00:00:00 GMT+0800 (中国标准时间)",
            "Oct 21, 2024",
            "21 October 2024",
            "21-Oct-2024",
            "21-十月-2024",
            "10/21/2024",
            "21/10/2024",
            "2024、10、21",
            "2024-10-21日",
            "2024年10月21",
            "2024-10-21 星期一",
            "2024-10-21(周一)",
            "2024-10-21 上午",
            "2024年10月21日 下午3:05",
            "20241021 00:00:00",
            "2024年10月21日 15时20分",
            "2024年10月21日15时20分30秒",
            "2024年10月21日 下午3点整",
            "2024-10-21Z",
            "2024-10-21+08:00",
            "2024-10-21-12:30",
            "20241021T120000Z",
            "20241021T1200",
            "20241021T12+0800",
            "20241021T120000.000Z",
            "2024-10-21 3pm",
            "21OCT2024",
            "21Oct 2024",
            "Oct21,2024",
            "2024Oct21",
            "2024年10月21日12:00",
            "2024年10月21号12:00:05",
            "2024/10/21 (一)",
            "2024-10-21（星期一）12:00",
            "2024年10月21日礼拜一",
        ] {
            assert_eq!(read(text), DateReading::Other(day), "{text}");
        }
        for text in ["45586.0", "45586.6410532407", "1729440000000", "10/21/24", "发证日期：2024-10-21"] {
            assert_eq!(read(text), DateReading::Serial(day), "{text}");
        }
        for text in ["1729440000", "20241021120000", "202410211200"] {
            assert_eq!(read(text), DateReading::Serial(day), "{text}");
        }
        // The day in Beijing is another than that in the text.
        for text in [
            "2024-10-20T16:00:00.000Z",
            "2024-10-20 04:30:00 PM UTC",
            "2024-10-21 10:00 +0100",
            "20241020T160000Z",
            "21OCT24",
            "20241021T12000",
            "24.10.21",
            "24-10-21",
            "2024年10月",
            "Oct 2024",
        ] {
            assert_eq!(read(text), DateReading::Ambiguous, "{text}");
        }
        for text in [
            "1729440000001",
            "1729440001",
            "20241021250000",
            "13900001111",
            "O2024-10-21",
            "2024-10-21 25:00",
            "2024-10-21 25时",
            "10:30",
            "2024.10—11",
            "2024-10-21~2024-10-22",
            "备注：2024-13",
            "20241021T250000Z",
            "2024-10-21Q",
        ] {
            assert_eq!(read(text), DateReading::Unknown, "{text}");
        }
        // A weekday that is not that of the day: one of the two is wrong, and which one is not for a program to say.
        for text in
            ["2024-10-21 星期二", "2024年10月21日（周二）", "Tue Oct 21 2024", "2024-10-21(二)", "21 Oct 2024, Tuesday"]
        {
            assert_eq!((read(text), other_weekday(text)), (DateReading::Serial(day), Some(Weekday::Tue)), "{text}");
        }
        assert_eq!(other_weekday("2024-10-21 星期一"), None);
        for text in ["31/02/2024", "31 Feb 2024"] {
            assert_eq!(read(text), DateReading::Impossible, "{text}");
        }
        assert_eq!(read("5/5/2024"), DateReading::Other(on(2024, 5, 5)), "the same either way");
    }

    #[test]
    fn never_guesses() {
        for text in ["19.5.11", "5/11/2019", "190511", "2019年5月", "11-05-2019", "May-11", "2019", "二〇一九年"]
        {
            assert_eq!(read(text), DateReading::Ambiguous, "{text}");
        }
        for text in ["2019-02-30", "2019-13-01", "20190230", "2019/0/12", "2019-00-12"] {
            assert_eq!(read(text), DateReading::Impossible, "{text}");
        }
        for text in ["", "待定", "12", "99999", "1999", "年  月  日"] {
            assert_eq!(read(text), DateReading::Unknown, "{text}");
        }
    }

    #[test]
    fn a_year_has_two_digits_or_four_of_this_century() {
        for (typed, year) in [("2026", Some(26)), ("26", Some(26)), ("2020", Some(20)), ("20", Some(20))] {
            assert_eq!(super::year(typed), year, "{typed}");
        }
        for typed in ["", "1999", "+5", "206", "二六", " 26"] {
            assert_eq!(super::year(typed), None, "{typed}");
        }
    }

    #[test]
    fn counts_age_in_whole_years() {
        assert_eq!(years_between(on(2000, 2, 29), on(2016, 2, 28)), 15);
        assert_eq!(years_between(on(2000, 2, 29), on(2016, 2, 29)), 16);
    }
}
