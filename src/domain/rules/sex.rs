//! What a column beside the form and an ID number say of a person's sex.

use serde::Deserialize;

use crate::domain::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    Man,
    Woman,
}

const MAN: char = '男';
const WOMAN: char = '女';
/// Signs beside the one that was chosen, and beside the other.
const CHOSEN: [char; 6] = ['√', '✓', '✔', '☑', '■', '●'];
const OPEN: [char; 4] = ['□', '☐', '○', '◯'];

impl Sex {
    fn of(sign: char) -> Option<Sex> {
        match sign {
            MAN => Some(Sex::Man),
            WOMAN => Some(Sex::Woman),
            _ => None,
        }
    }
}

/// The words of other languages and the signs that say a sex where they are a whole cell, each with how it is named.
#[derive(Debug, Clone, Default)]
pub struct SexWords(Vec<(String, Sex, char)>);

impl SexWords {
    pub fn new(rows: impl IntoIterator<Item = (String, Sex, char)>) -> SexWords {
        SexWords(rows.into_iter().collect())
    }

    /// Gives what a cell says, with the character by which it is named.
    pub fn said(&self, cell: &str) -> Option<(char, Sex)> {
        if cell.is_empty() {
            return None;
        }
        said(cell).or_else(|| {
            let tidy = text::compact(cell);
            let known = self.0.iter().find(|(written, ..)| tidy.eq_ignore_ascii_case(written));
            known.map(|(_, sex, shown)| (*shown, *sex))
        })
    }

    /// Tells whether both the cell and the number say something.
    pub fn are_both_said(&self, cell: &str, number: &[u8]) -> bool {
        of_number(number).is_some() && self.said(cell).is_some()
    }
}

/// Gives what a cell says, with the character by which it says so. One that names both, as templates have it, says neither
/// unless one of them alone is ticked.
fn said(cell: &str) -> Option<(char, Sex)> {
    let bare = cell.trim();
    match bare {
        "男" => return Some((MAN, Sex::Man)),
        "女" => return Some((WOMAN, Sex::Woman)),
        "" => return None,
        // The codes of GB/T 2261.1; 0 and 9 stand for not known and not told.
        "1" => return Some(('1', Sex::Man)),
        "2" => return Some(('2', Sex::Woman)),
        _ => {}
    }
    let tidy = text::compact(bare);
    let signs: Vec<char> = tidy.chars().filter(|c| !matches!(c, '/' | '、' | ',' | '|')).collect();
    let has = |all: &[char]| signs.iter().any(|sign| all.contains(sign));
    if has(&[MAN]) && has(&[WOMAN]) {
        return ticked(&signs);
    }
    let first = signs.iter().copied().find(|sign| !CHOSEN.contains(sign))?;
    Some((first, Sex::of(first)?)).filter(|_| !has(&OPEN))
}

/// Reads a choice of two, each with its own sign before or behind it.
fn ticked(signs: &[char]) -> Option<(char, Sex)> {
    let &[a, b, c, d] = signs else { return None };
    let (first, second) = if Sex::of(a).is_some() { ((a, b), (c, d)) } else { ((b, a), (d, c)) };
    Sex::of(first.0).zip(Sex::of(second.0)).filter(|(one, other)| one != other)?;
    let chosen = match (first.1, second.1) {
        (one, other) if CHOSEN.contains(&one) && OPEN.contains(&other) => first.0,
        (one, other) if OPEN.contains(&one) && CHOSEN.contains(&other) => second.0,
        _ => return None,
    };
    Some((chosen, Sex::of(chosen)?))
}

/// Gives what the 17th place of a resident number says.
pub fn of_number(number: &[u8]) -> Option<Sex> {
    let digit = number.get(16).filter(|b| b.is_ascii_digit() && number.len() == 18)?;
    Some(if digit % 2 == 1 { Sex::Man } else { Sex::Woman })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_names_both_says_only_what_is_ticked() {
        for man in ["男", "男 ", "男性", "男生", "1", "☑男", "男√", "男√女□", "□女√男", "■男/□女", "男男"]
        {
            assert_eq!(said(man).map(|(_, sex)| sex), Some(Sex::Man), "{man}");
        }
        for woman in ["女", "\u{3000}女", "女性", "2", "男□女√", "□男☑女", "□男 ☑女"] {
            assert_eq!(said(woman).map(|(_, sex)| sex), Some(Sex::Woman), "{woman}");
        }
        for none in [
            "",
            "男/女",
            "男、女",
            "男女",
            "男□女□",
            "男√女",
            "女√男",
            "女（男）",
            "□男",
            "未知",
            "0",
            "9",
            "3",
            "男√女√",
        ] {
            assert_eq!(said(none), None, "{none}");
        }
    }
}
