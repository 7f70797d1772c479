//! Months and numbers that are written in words.

/// Puts room around a month that is named, in 汉字 where there is no year in 汉字 beside it: `21-十月-2024`, `21OCT2024`.
pub(super) fn named_month_apart(text: &str) -> String {
    if text.contains('年') {
        return text.to_string();
    }
    let glued = text.split(|c: char| !c.is_ascii_alphabetic()).find(|part| month_named(part).is_some());
    if let Some(month) = glued {
        return text.replacen(month, &format!(" {month} "), 1);
    }
    // Longer names first: 十月 stands in no other, 一月 in 十一月.
    let names = ["十二月", "十一月", "十月", "九月", "八月", "七月", "六月", "五月", "四月", "三月", "二月", "一月"];
    match names.iter().zip((1..=12).rev()).find(|(name, _)| text.contains(**name)) {
        Some((name, month)) => text.replace(name, &format!("-{}-", MONTHS[month - 1])),
        None => text.to_string(),
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads the English name of a month, whole or its first letters.
pub(super) fn month_named(part: &str) -> Option<u32> {
    let small = part.to_ascii_lowercase();
    let is_it = |name: &&str| {
        small == **name
            || (small.len() == 3 && name.starts_with(&small))
            || (small == "sept" && name.starts_with("sept"))
    };
    (1..).zip(MONTHS).find(|(_, name)| is_it(name)).map(|(month, _)| month)
}

/// Turns 二〇一九年十一月八日 into digits, whatever 汉字 the numbers are written with; leaves everything else alone.
pub(super) fn from_chinese_digits(text: &str) -> String {
    if !text.contains('年') || !text.chars().any(|c| numeral(c).is_some()) {
        return text.to_string();
    }
    let mut out = String::new();
    for part in text.split_inclusive(['年', '月', '日', '号']) {
        let mut numerals: Vec<u32> = Vec::new();
        let mut rest = part;
        while let Some(c) = rest.chars().next() {
            match c {
                '廿' => numerals.extend([2, 10]),
                '卅' => numerals.extend([3, 10]),
                // A circle or the letter is typed for 〇, which not every keyboard has.
                '○' | '◯' | 'O' | 'o' if !numerals.is_empty() => numerals.push(0),
                _ => match numeral(c) {
                    Some(n) => numerals.push(n),
                    None => break,
                },
            }
            rest = &rest[c.len_utf8()..];
        }
        let counted = match numerals.as_slice() {
            [0, counted @ ..] if counted.contains(&10) => counted,
            all => all,
        };
        match counted {
            [] => {}
            [tens @ .., 10] if tens.len() < 2 => out += &(tens.first().unwrap_or(&1) * 10).to_string(),
            [10, unit] => out += &(10 + unit).to_string(),
            [tens, 10, unit] => out += &(tens * 10 + unit).to_string(),
            plain => plain.iter().for_each(|n| out += &n.to_string()),
        }
        out += rest;
    }
    out
}

/// Reads one 汉字 of a number, those of cheques among them.
fn numeral(c: char) -> Option<u32> {
    const DIGITS: [&str; 11] = ["〇零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖", "十拾"];
    (0..).zip(DIGITS).find(|(_, written)| written.contains(c)).map(|(n, _)| n)
}
