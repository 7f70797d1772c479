//! Where a text is cut in two (分列): at a sign that was said, or at one of those that people put between two things.

use crate::domain::spared::LeftWhy;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

/// The signs that part two things, in half width; a run of one of them is one.
const SIGNS: [char; 10] = ['/', '\\', '|', '、', '-', '‐', '–', '—', '―', '─'];

/// What stands around the second of two things, in half width.
const BRACKETS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕'), ('〈', '〉')];

/// What stands around something else just as well: its other half goes with it where somebody names it.
const OTHERS: [(char, char); 7] =
    [('{', '}'), ('<', '>'), ('《', '》'), ('「', '」'), ('『', '』'), ('“', '”'), ('‘', '’')];

vocabulary! {
    /// Why a text is not cut.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Uncut {
        /// There is no sign.
        Missing = "missing",
        /// There are several: nobody knows where.
        Several = "several",
        /// On one side of it there is nothing.
        OneSided = "one-sided",
    }
}

impl Uncut {
    /// Says why the row is left.
    pub fn why(self) -> LeftWhy {
        match self {
            Uncut::Missing => LeftWhy::Missing,
            Uncut::Several => LeftWhy::Several,
            Uncut::OneSided => LeftWhy::OneSided,
        }
    }
}

/// What parts the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Separator {
    /// Whichever of the usual signs stands there alone, else the only blank.
    Found,
    /// A text as it was said, whatever its width.
    Said(Vec<char>),
    /// Brackets around the second.
    Around(char, char),
    /// The bracket before the second; the closing one goes with it where there is one.
    Opened(char, char),
}

/// A sign in a text: from where to where, and where what stands behind the second part begins, if anything may not.
struct Sign {
    from: usize,
    to: usize,
    /// The end of what brackets hold, and that of the closing one.
    held: Option<(usize, usize)>,
}

impl Separator {
    /// Reads what was said; a pair of brackets is put around the second part, and one that opens needs not be closed.
    pub fn read(said: &str) -> Separator {
        let folded: Vec<char> = said.chars().map(folded).collect();
        let mut pairs = BRACKETS.into_iter().chain(OTHERS);
        let said = match folded[..] {
            [] => Some(Separator::Found),
            [open, close] => pairs.find(|pair| *pair == (open, close)).map(|_| Separator::Around(open, close)),
            [sign] => pairs.find(|(open, _)| *open == sign).map(|(open, close)| Separator::Opened(open, close)),
            _ => None,
        };
        said.unwrap_or(Separator::Said(folded))
    }

    /// Cuts a text at the only sign in it; what is around the parts is taken off.
    ///
    /// # Errors
    /// There is none, or more than one, or nothing beside it.
    pub fn cut<'a>(&self, cell: &'a str) -> Result<(&'a str, &'a str), Uncut> {
        let cell = cell.trim_matches(text::is_blank);
        let signs = match self {
            Separator::Said(said) => runs(cell, said),
            Separator::Around(open, close) => signs(cell, &[(*open, *close)], |_| false),
            Separator::Opened(open, close) => signs(cell, &[(*open, *close)], |c| c == *open),
            Separator::Found => match signs(cell, &BRACKETS, |c| SIGNS.contains(&c)) {
                none if none.is_empty() => runs(cell, &[' ']),
                found => found,
            },
        };
        let sign = match &signs[..] {
            [] => return Err(Uncut::Missing),
            [sign] => sign,
            _ => return Err(Uncut::Several),
        };
        let (end, behind) = sign.held.unwrap_or((cell.len(), cell.len()));
        if !cell[behind..].trim_matches(text::is_blank).is_empty() {
            return Err(Uncut::Several);
        }
        match [&cell[..sign.from], &cell[sign.to..end]].map(|part| part.trim_matches(text::is_blank)) {
            ["", _] | [_, ""] => Err(Uncut::OneSided),
            [first, second] => Ok((first, second)),
        }
    }
}

/// Gives the half width of a character, and a space for every blank.
fn folded(c: char) -> char {
    if text::is_blank(c) { ' ' } else { text::half_width(c) }
}

/// Finds where a text stands; where it stands several times in a row that is one.
fn runs(cell: &str, said: &[char]) -> Vec<Sign> {
    let mut found: Vec<Sign> = Vec::new();
    let mut from = 0;
    while let Some(rest) = cell.get(from..).filter(|rest| !rest.is_empty()) {
        let mut letters = rest.chars();
        let length: Option<usize> =
            said.iter().map(|sign| letters.next().filter(|c| folded(*c) == *sign).map(char::len_utf8)).sum();
        match (length, found.last_mut()) {
            (Some(length), Some(last)) if last.to == from => last.to += length,
            (Some(length), _) => found.push(Sign { from, to: from + length, held: None }),
            (None, _) => {}
        }
        from += length.unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
    }
    found
}

/// Finds the signs and the brackets of a text; what stands in brackets is one of it.
fn signs(cell: &str, brackets: &[(char, char)], is_sign: impl Fn(char) -> bool) -> Vec<Sign> {
    let mut found: Vec<Sign> = Vec::new();
    let mut letters = cell.char_indices();
    while let Some((from, c)) = letters.next() {
        let (sign, to) = (folded(c), from + c.len_utf8());
        // Without its other half a bracket parts nothing, unless it is a sign by itself.
        let close = brackets.iter().find(|(open, _)| *open == sign).map(|(_, close)| *close);
        if let Some((end, closing)) = close.and_then(|close| letters.clone().find(|(_, c)| folded(*c) == close)) {
            let behind = end + closing.len_utf8();
            found.push(Sign { from, to, held: Some((end, behind)) });
            while letters.clone().next().is_some_and(|(at, _)| at < behind) {
                letters.next();
            }
        } else if is_sign(sign) {
            let is_again =
                |last: &&mut Sign| last.held.is_none() && last.to == from && cell[last.from..].starts_with(c);
            match found.last_mut().filter(is_again) {
                Some(last) => last.to = to,
                None => found.push(Sign { from, to, held: None }),
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_one_sign_says_so() {
        use Uncut::{Missing, OneSided, Several};
        for (said, cell, cut) in [
            ("", "汽车维修工（汽车机械维修工）", Ok(("汽车维修工", "汽车机械维修工"))),
            ("", "汽车维修工(钣金/喷漆) ", Ok(("汽车维修工", "钣金/喷漆"))),
            ("", "汽车维修工／钣金", Ok(("汽车维修工", "钣金"))),
            ("", "汽车 维修工 —— 钣金", Ok(("汽车 维修工", "钣金"))),
            ("", "汽车维修工\u{3000} 钣金", Ok(("汽车维修工", "钣金"))),
            ("", "汽车维修工", Err(Missing)),
            ("", "", Err(Missing)),
            ("", "a/b/c", Err(Several)),
            ("", "a-b（c）", Err(Several)),
            ("", "a（b）（c）", Err(Several)),
            ("", "a（b）c", Err(Several)),
            ("", "a b c", Err(Several)),
            ("", "（钣金）", Err(OneSided)),
            ("", "汽车维修工/", Err(OneSided)),
            ("", "汽车维修工（钣金", Err(Missing)),
            ("、", "a/b、c", Ok(("a/b", "c"))),
            ("->", "a －＞ b", Ok(("a", "b"))),
            (" ", "a \u{3000}b/c", Ok(("a", "b/c"))),
            ("（）", "a/b (c)", Ok(("a/b", "c"))),
            ("至", "a至b至c", Err(Several)),
            ("（", "汽车维修工（汽车机械维修工）", Ok(("汽车维修工", "汽车机械维修工"))),
            ("(", "汽车维修工（钣金", Ok(("汽车维修工", "钣金"))),
            ("（", "a（b）c", Err(Several)),
            ("（", "a（b）（c", Err(Several)),
            ("（", "a（b/c）", Ok(("a", "b/c"))),
            ("《", "a《b》", Ok(("a", "b"))),
            ("<", "a<b", Ok(("a", "b"))),
            ("）", "a（b）", Err(OneSided)),
        ] {
            assert_eq!(Separator::read(said).cut(cell), cut, "{said:?} {cell:?}");
        }
    }
}
