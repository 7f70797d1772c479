//! What programs and people put around a text so that spreadsheets leave it alone: `="6201…"`, a leading `'` or tab, and byte order
//! marks that files brought with them when they were joined. None of it is meant.

use crate::domain::roster::MarkKind;
use crate::domain::text;

/// The signs by which a spreadsheet is told that a text follows.
const MARKS: [char; 5] = ['\'', '’', '‘', '＇', '`'];

/// Gives what a cell says without them, and what the outermost is; nothing where there is none. Names begin with such a sign in
/// other scripts.
pub fn within(cell: &str, is_name: bool) -> Option<(&str, MarkKind)> {
    if !cell.bytes().next().is_some_and(may_begin_one) {
        return None;
    }
    let mut inner = cell;
    let mut outermost = None;
    while let Some((rest, kind)) = without_one(inner, is_name) {
        outermost.get_or_insert(kind);
        inner = rest;
    }
    outermost.map(|kind| (inner, kind))
}

/// The first bytes of cells that may have one.
const FIRST: [u8; 6] = [b'=', b'\'', b'`', b'\t', 0xE2, 0xEF];

/// By byte, whether it is one of them: every cell is asked.
static IS_FIRST: [bool; 256] = {
    let mut is_first = [false; 256];
    let mut at = 0;
    while at < FIRST.len() {
        is_first[FIRST[at] as usize] = true;
        at += 1;
    }
    is_first
};

/// Tells by its first byte whether a cell may have one; most have not.
#[inline]
pub fn may_begin_one(first: u8) -> bool {
    IS_FIRST[usize::from(first)]
}

fn without_one(cell: &str, is_name: bool) -> Option<(&str, MarkKind)> {
    if let Some(rest) = cell.strip_prefix('\u{FEFF}') {
        return Some((rest, MarkKind::WithByteOrderMark));
    }
    if let Some(formula) = cell.strip_prefix("=\"") {
        let inner = formula.strip_suffix('"').filter(|inner| !inner.contains('"'))?;
        return Some((inner, MarkKind::AsFormula));
    }
    if cell.starts_with('\t') {
        let rest = cell.trim_start_matches('\t');
        return (!rest.trim().is_empty()).then_some((rest, MarkKind::WithTab));
    }
    let rest = cell.strip_prefix(MARKS)?.trim_start_matches(|c| text::is_blank(c) || text::is_invisible(c));
    // One of a pair is a quotation mark.
    let is_lone = !rest.contains(MARKS);
    let is_text = |c: char| c.is_ascii_digit() || text::is_han(c) || (c.is_ascii_alphabetic() && !is_name);
    // Programs that guard formulas guard what says that there is nothing, too.
    let is_dashes = !rest.is_empty() && rest.chars().all(|c| matches!(c, '-' | '—' | '－'));
    (is_lone && (is_dashes || rest.starts_with(is_text))).then_some((rest, MarkKind::WithTextMark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_put_around_a_text_goes() {
        for (cell, inner, kind) in [
            ("=\"62010219800101001X\"", "62010219800101001X", MarkKind::AsFormula),
            ("=\"\"", "", MarkKind::AsFormula),
            ("'62010219800101001X", "62010219800101001X", MarkKind::WithTextMark),
            ("’S000062010001243J00001", "S000062010001243J00001", MarkKind::WithTextMark),
            ("＇ 兰州样例厂", "兰州样例厂", MarkKind::WithTextMark),
            ("'\u{3000}李四", "李四", MarkKind::WithTextMark),
            ("'\u{A0}\u{200B}李四", "李四", MarkKind::WithTextMark),
            ("'\r\n样例厂", "样例厂", MarkKind::WithTextMark),
            ("'--", "--", MarkKind::WithTextMark),
            ("\t\t620102", "620102", MarkKind::WithTab),
            ("\t'620102", "620102", MarkKind::WithTab),
            ("\u{FEFF}张伟", "张伟", MarkKind::WithByteOrderMark),
        ] {
            assert_eq!(within(cell, false), Some((inner, kind)), "{cell:?}");
        }
        for cell in
            ["", "620102", "=1+1", "=\"a\"&\"b\"", "'兰州'样例", "‘兰州’样例厂", "'", "' ", "\t", "（样例）", "’’"]
        {
            assert_eq!(within(cell, false), None, "{cell:?}");
        }
        for name in ["’Ali", "O'Brien", "'ʿAbd"] {
            assert_eq!(within(name, true), None, "{name}");
        }
        assert_eq!(within("'张伟", true), Some(("张伟", MarkKind::WithTextMark)));
    }
}
