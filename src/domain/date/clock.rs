//! What stands beside a day and says little about it: the time, the zone, the weekday.

use chrono::Weekday;

/// Where a clock stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Beijing,
    Utc,
    Elsewhere,
}

const ZONES: [(&str, Zone); 11] = [
    ("z", Zone::Utc),
    ("utc", Zone::Utc),
    ("gmt", Zone::Utc),
    ("+00:00", Zone::Utc),
    ("+0000", Zone::Utc),
    ("cst", Zone::Beijing),
    ("+08:00", Zone::Beijing),
    ("+0800", Zone::Beijing),
    ("gmt+0800", Zone::Beijing),
    ("gmt+08:00", Zone::Beijing),
    ("中国标准时间", Zone::Beijing),
];

/// The halves of the day, in 汉字 wherever they stand.
const HALVES: [&str; 8] = ["凌晨", "清晨", "早上", "上午", "中午", "下午", "傍晚", "晚上"];

/// What stands before the 汉字 of a weekday; an opening bracket where one stands behind it, too.
const BEFORE_WEEKDAY: [&str; 4] = ["星期", "礼拜", "周", "("];

const WEEKDAYS: [(char, Weekday); 8] = [
    ('一', Weekday::Mon),
    ('二', Weekday::Tue),
    ('三', Weekday::Wed),
    ('四', Weekday::Thu),
    ('五', Weekday::Fri),
    ('六', Weekday::Sat),
    ('日', Weekday::Sun),
    ('天', Weekday::Sun),
];

/// From this hour on the day has changed in Beijing.
const NEXT_DAY: u32 = 16;

/// Takes time, zone and weekdays off a date, in half width, and gives the weekdays besides; `None` where the day in Beijing may
/// be another.
pub(super) fn without_time(text: &str) -> Option<(String, Vec<Weekday>)> {
    let mut small = text.to_ascii_lowercase();
    let is_word = |word: &str| small.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == word);
    let (is_afternoon, is_morning) =
        (["下午", "傍晚", "晚上"].iter().any(|w| small.contains(w)) || is_word("pm"), is_word("am"));
    for word in HALVES {
        if small.contains(word) {
            small = small.replace(word, " ");
        }
    }
    let mut weekdays = Vec::new();
    let spaced = time_apart(&with_colons(without_weekdays(small, &mut weekdays)));
    let (mut kept, mut hour, mut zone) = (Vec::new(), None, Zone::Beijing);
    for token in spaced.split([' ', ',']) {
        let token = token.trim_matches(['(', ')', '[', ']']);
        if token.is_empty() || token == "am" || token == "pm" {
            continue;
        }
        if let Some(weekday) = weekday_named(token) {
            weekdays.push(weekday);
            continue;
        }
        if let Some((read, rest)) = time(token) {
            hour = Some(match read {
                1..12 if is_afternoon => read + 12,
                12 if is_morning => 0,
                _ => read,
            });
            zone = if rest.is_empty() { zone } else { zone_of(rest) };
        } else if (hour.is_some() || !kept.is_empty())
            && (ZONES.iter().any(|(name, _)| *name == token) || token.starts_with('+'))
        {
            // What is behind a zone explains it.
            zone = if zone == Zone::Beijing { zone_of(token) } else { zone };
        } else {
            kept.push(token);
        }
    }
    let is_same_day = match (zone, hour) {
        (Zone::Beijing, _) | (_, None) => true,
        (Zone::Utc, Some(hour)) => hour < NEXT_DAY,
        (Zone::Elsewhere, _) => false,
    };
    is_same_day.then(|| (kept.join(" "), weekdays))
}

/// Takes weekdays in 汉字 off, wherever they stand.
fn without_weekdays(mut text: String, weekdays: &mut Vec<Weekday>) -> String {
    for before in BEFORE_WEEKDAY {
        let behind = if before == "(" { ")" } else { "" };
        for (name, weekday) in WEEKDAYS {
            let written = format!("{before}{name}{behind}");
            if text.contains(&written) {
                weekdays.push(weekday);
                text = text.replace(&written, " ");
            }
        }
    }
    text
}

/// Reads the English name of a weekday, whole or its first three letters.
fn weekday_named(token: &str) -> Option<Weekday> {
    // What chrono reads besides may be anything else.
    let is_name = token.len() == 3 || token.ends_with("day");
    token.parse().ok().filter(|_| is_name && token.bytes().all(|b| b.is_ascii_alphabetic()))
}

/// Puts a blank between a day and the time, or the zone, behind it: `20241021t1200z`, `2024-10-21z`, `10月21日12:00`.
fn time_apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let begins = behind.starts_with(|c: char| c.is_ascii_digit());
        match c {
            't' if begins && out.ends_with(|c: char| c.is_ascii_digit()) => {
                let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
                out.push(' ');
                rest = behind;
                if matches!(digits, 2 | 4 | 6) && !behind[digits..].starts_with(':') {
                    let minute = if 2 < digits { &behind[2..4] } else { "00" };
                    out.extend([&behind[..2], ":", minute]);
                    if digits == 6 {
                        out.extend([":", &behind[4..6]]);
                    }
                    rest = &behind[digits..];
                }
                continue;
            }
            '日' | '号' if begins => out.extend([c, ' ']),
            // A zone without a time: of the time behind it the reader of the time takes care.
            'z' | '+' if is_day(&out) => out.extend([' ', c]),
            '-' | '_' if is_day(&out) && time(behind).is_some() => out.push(' '),
            _ => out.push(c),
        }
        rest = behind;
    }
    out
}

/// Tells whether a text ends with a whole day: eight digits, or three numbers.
fn is_day(text: &str) -> bool {
    let token = text.rsplit(' ').next().unwrap_or_default();
    let numbers = token.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    token.ends_with(|c: char| c.is_ascii_digit()) && !token.contains(':') && (numbers == 3 || token.len() == 8)
}

/// Writes `15时20分30秒` as `15:20:30`, apart from what stands around it.
fn with_colons(text: String) -> String {
    let Some(at) = text.find(['时', '点']) else { return text };
    let (before, after) = (&text[..at], &text[at + '时'.len_utf8()..]);
    let date = before.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some((hour, "")) = number(&before[date.len()..], 23) else { return text };
    let (minute, after) = number(after, 59).unwrap_or((0, after));
    let after = after.strip_prefix('分').unwrap_or(after);
    let (second, after) = match number(after, 60) {
        Some((second, rest)) if rest.starts_with('秒') => (second, &rest['秒'.len_utf8()..]),
        _ => (0, after),
    };
    let after = after.strip_prefix('整').unwrap_or(after);
    format!("{date} {hour}:{minute:02}:{second:02} {after}")
}

fn zone_of(text: &str) -> Zone {
    ZONES.iter().find(|(name, _)| *name == text).map_or(Zone::Elsewhere, |(_, zone)| *zone)
}

/// Reads `h:mm`, with seconds and parts of them; gives the hour and what follows.
fn time(token: &str) -> Option<(u32, &str)> {
    let (hour, rest) = number(token, 23)?;
    if rest == "am" || rest == "pm" {
        return Some((hour, ""));
    }
    let (_, rest) = number(rest.strip_prefix(':')?, 59)?;
    let Some((_, rest)) = rest.strip_prefix(':').and_then(|rest| number(rest, 60)) else { return Some((hour, rest)) };
    let rest = rest.strip_prefix('.').map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    Some((hour, rest.strip_suffix("am").or_else(|| rest.strip_suffix("pm")).unwrap_or(rest)))
}

/// Reads one or two digits that are no more than a number.
fn number(text: &str, most: u32) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text[..length].parse().ok().filter(|value| length <= 2 && *value <= most)?;
    Some((value, &text[length..]))
}
