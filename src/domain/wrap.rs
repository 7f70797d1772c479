//! Lines broken to fit (折行): how a text stands on a screen of so many columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::text;

/// What must not begin a line (避头标点).
const CLOSING: &str = "，。、；：？！）》”’】」』〉…％,.;:?!)]}%";
/// What must not end a line (避尾标点).
const OPENING: &str = "（《“‘【「『〈([{";
/// What is counted: the number before it stays with it, with a blank between or not.
const COUNTED: &str = "个张人行格条件批年月日天次处本项名列页";
/// What belongs to the words before it.
const PARTICLES: &str = "吗呢吧么";

/// Gives the end of a full line that goes to the next one together with what follows: the beginning of a word in letters, with
/// its hyphens, or the characters that a closing sign or a particle belongs to; and whatever opens before them.
fn moved_on<'a>(line: &'a str, next: &str) -> &'a str {
    // A day is one word, and so is a time: 2026-11-29, 04:45.
    let is_word = |c: char| c.is_ascii_alphanumeric() || ['-', ':'].contains(&c);
    let all: Vec<(usize, &str)> = line.grapheme_indices(true).collect();
    let is_in = |signs: &str, at: usize| all.get(at).is_some_and(|(_, one)| signs.contains(one));
    let mut first = all.len();
    // Gives where the word begins that ends before a place.
    let is_inside = |c: char| is_word(c) || ['.', '_'].contains(&c);
    let word = |end: usize| (0..end).rev().take_while(|at| all[*at].1.starts_with(is_inside)).last();
    if PARTICLES.contains(next) {
        first = word(first).unwrap_or(first.saturating_sub(2));
    } else if CLOSING.contains(next) {
        while 0 < first && is_in(CLOSING, first - 1) {
            first -= 1;
        }
        let behind = if 0 < first && is_in(PARTICLES, first - 1) { 3 } else { 1 };
        first = word(first).unwrap_or(first.saturating_sub(behind));
    } else if COUNTED.contains(next) && line.trim_end().ends_with(|c: char| c.is_ascii_digit()) {
        let blanks = line[line.trim_end().len()..].chars().count();
        first = word(first - blanks).unwrap_or(first);
    } else if next.starts_with(is_word) {
        first = word(first).unwrap_or(first);
    }
    while 0 < first && is_in(OPENING, first - 1) {
        first -= 1;
    }
    // A line is not left empty.
    if first == 0 { "" } else { all.get(first).map_or("", |(start, _)| &line[*start..]) }
}

/// Breaks a text into lines of at most a number of columns, not inside a word in letters and not before a closing sign. The blank
/// that a line is broken at stands in neither.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let text = text::visible(text);
    let mut lines = vec![String::new()];
    let mut used = 0;
    let mut is_at_blank = false;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        let is_full = columns.max(2) < used + wide;
        if is_full && grapheme == " " {
            is_at_blank = true;
            continue;
        }
        if is_at_blank && !COUNTED.contains(grapheme) {
            (used, is_at_blank) = (0, false);
            lines.push(String::new());
        } else if is_full || is_at_blank {
            // What is counted goes on together with its number and the blank between.
            let blank = if std::mem::take(&mut is_at_blank) { " " } else { "" };
            let line = lines.last_mut();
            let moved = line.map(|line| {
                let moved = moved_on(line, grapheme);
                // What would not fit there with what follows stays.
                let moved = if columns.max(2) < moved.width() + wide { 0 } else { moved.len() };
                line.split_off(line.len() - moved)
            });
            let moved = moved.filter(|moved| !moved.is_empty()).map(|moved| moved + blank).unwrap_or_default();
            used = moved.width();
            lines.push(moved);
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
        used += wide;
    }
    lines
}

/// Gives what of a text stands behind the first of its lines.
pub fn rest_after<'a>(text: &'a str, lines: &[String]) -> &'a str {
    let behind = |rest: &'a str, line: &String| {
        rest.strip_prefix(line.as_str()).or_else(|| rest.trim_start_matches(' ').strip_prefix(line.as_str()))
    };
    lines.iter().fold(text, |rest, line| behind(rest, line).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_by_columns_and_not_inside_a_word_or_before_a_closing_sign() {
        assert_eq!(wrap("甘肃省a", 4), ["甘肃", "省a"]);
        assert_eq!(wrap("甘肃省，兰州", 6), ["甘肃", "省，兰", "州"]);
        assert_eq!(wrap("甘，。肃", 4), ["甘，", "。肃"]);
        assert_eq!(wrap("甘，", 2), ["甘", "，"]);
        assert_eq!(wrap("a甘，", 3), ["a甘", "，"], "no line has room for it");
        assert_eq!(wrap("is being edited", 10), ["is being ", "edited"]);
        assert_eq!(wrap("到 2026-11-29 止", 8), ["到 ", "2026-11-", "29 止"], "no line has room for it");
        assert_eq!(wrap("截止 2026-11-29", 10), ["截止 ", "2026-11-29"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn no_line_begins_with_the_blank_it_is_broken_at_and_numbers_stand_with_what_is_counted() {
        assert_eq!(wrap("marks an edited", 8), ["marks an", "edited"]);
        assert_eq!(wrap("2026-11-30 08:11 起", 10), ["2026-11-30", "08:11 起"]);
        assert_eq!(wrap("  ab cd", 4), ["  ab", "cd"], "what a text begins with stays");
        assert_eq!(wrap("标记已导出 39 个", 13), ["标记已导出 ", "39 个"]);
        assert_eq!(wrap("标记已导出39个", 12), ["标记已导出", "39个"]);
        assert_eq!(wrap("ab ", 2), ["ab"]);
        assert_eq!(rest_after("ab cd ef", &wrap("ab cd ef", 2)[..2]), " ef");
        assert_eq!(rest_after("甘肃省", &wrap("甘肃省", 4)[..1]), "省");
    }

    #[test]
    fn signs_stand_with_what_they_belong_to() {
        assert_eq!(wrap("甘肃（兰州）", 6), ["甘肃", "（兰", "州）"]);
        assert_eq!(wrap("已填的（可空）", 8), ["已填的", "（可空）"]);
        assert_eq!(wrap("作废一个，确定吗？", 14), ["作废一个，", "确定吗？"]);
        assert_eq!(wrap("作废一个，确定吗？", 16), ["作废一个，", "确定吗？"]);
        assert_eq!(wrap("现在的状态：已导出", 10), ["现在的状", "态：已导出"]);
        assert_eq!(wrap("see list.csv, then", 12), ["see ", "list.csv, ", "then"]);
        for (text, columns) in
            [("甘肃省（兰州）吗？", 4), ("（（（（", 4), ("））））", 2), ("abc）", 3), ("吗？吗？", 2)]
        {
            let lines = wrap(text, columns);
            assert_eq!(lines.concat(), text);
            assert!(lines.iter().all(|line| !line.is_empty() && line.width() <= columns), "{lines:?}");
        }
    }
}
