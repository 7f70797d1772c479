//! What stands beside a day and says nothing about it: the time, the zone, the weekday.

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

/// The weekdays and the halves of the day, in 汉字 wherever they stand.
const GLUED: [&str; 20] = [
    "星期一",
    "星期二",
    "星期三",
    "星期四",
    "星期五",
    "星期六",
    "星期日",
    "星期天",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "周天",
    "上午",
    "下午",
    "中午",
    "晚上",
];

const WORDS: [&str; 16] = [
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "am",
    "pm",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// From this hour on the day has changed in Beijing.
const NEXT_DAY: u32 = 16;

/// Takes time, zone and weekday off a date, in half width; `None` where the day in Beijing may be another.
pub(super) fn without_time(text: &str) -> Option<String> {
    let mut small = text.to_ascii_lowercase();
    let is_word = |word: &str| small.split(|c: char| !c.is_ascii_alphabetic()).any(|part| part == word);
    let (is_afternoon, is_morning) =
        (["下午", "晚上"].iter().any(|w| small.contains(w)) || is_word("pm"), is_word("am"));
    for word in GLUED {
        if small.contains(word) {
            small = small.replace(word, " ");
        }
    }
    let chars: Vec<char> = with_colons(small).chars().collect();
    let is_digit = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(char::is_ascii_digit);
    let joins = |i: usize| chars[i] == 't' && is_digit(i.checked_sub(1)) && is_digit(Some(i + 1));
    let spaced: String = (0..chars.len()).map(|i| if joins(i) { ' ' } else { chars[i] }).collect();
    let (mut kept, mut hour, mut zone) = (Vec::new(), None, Zone::Beijing);
    for token in spaced.split([' ', ',']) {
        let token = token.trim_matches(['(', ')', '[', ']']);
        if token.is_empty() || WORDS.contains(&token) {
            continue;
        }
        if let Some((read, rest)) = time(token) {
            hour = Some(match read {
                1..12 if is_afternoon => read + 12,
                12 if is_morning => 0,
                _ => read,
            });
            zone = if rest.is_empty() { zone } else { zone_of(rest) };
        } else if hour.is_some() && (ZONES.iter().any(|(name, _)| *name == token) || token.starts_with('+')) {
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
    is_same_day.then(|| kept.join(" "))
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
