//! Lines broken to fit (折行): how a text stands on a screen of so many columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text;

/// What must not begin a line (避头标点).
const CLOSING: &str = "，。、；：？！）》”’";

/// Gives the end of a full line that goes to the next one together with what follows: the beginning of a word in letters, with
/// its hyphens, or the character a closing sign belongs to.
fn moved_on<'a>(line: &'a str, next: &str) -> &'a str {
    // A day is one word, and so is a time: 2026-11-29, 04:45.
    let is_word = |c: char| c.is_ascii_alphanumeric() || ['-', ':'].contains(&c);
    let start = if CLOSING.contains(next) {
        line.grapheme_indices(true)
            .next_back()
            .filter(|(_, last)| !CLOSING.contains(last))
            .map_or(line.len(), |(i, _)| i)
    } else if next.starts_with(is_word) {
        line.trim_end_matches(is_word).len()
    } else {
        line.len()
    };
    if start == 0 { "" } else { &line[start..] }
}

/// Breaks a text into lines of at most a number of columns, not inside a word in letters and not before a closing sign.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let text = text::visible(text);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = grapheme.width();
        if columns.max(2) < used + wide {
            let line = lines.last_mut();
            let moved =
                line.map(|line| line.split_off(line.len() - moved_on(line, grapheme).len())).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_by_columns_and_not_inside_a_word_or_before_a_closing_sign() {
        assert_eq!(wrap("甘肃省a", 4), ["甘肃", "省a"]);
        assert_eq!(wrap("甘肃省，兰州", 6), ["甘肃", "省，兰", "州"]);
        assert_eq!(wrap("甘，。肃", 4), ["甘，", "。肃"]);
        assert_eq!(wrap("甘，", 2), ["甘", "，"]);
        assert_eq!(wrap("is being edited", 10), ["is being ", "edited"]);
        assert_eq!(wrap("到 2026-11-29 止", 8), ["到 ", "2026-11-", "29 止"], "no line has room for it");
        assert_eq!(wrap("截止 2026-11-29", 10), ["截止 ", "2026-11-29"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }
}
