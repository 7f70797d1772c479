//! Answers (回答): which of the things that can be chosen a typed line means.

use crate::domain::sound::{SoundFit, Spellings};
use crate::domain::text;

/// A thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MenuItem<T> {
    /// Its stable name; empty for a line of a list.
    pub name: String,
    pub title: String,
    pub act: T,
    /// Whether it is listed with a number; others are known by name alone.
    pub numbered: bool,
}

/// What a line was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked<T> {
    One(T),
    /// Several things begin so: their words.
    Several(Vec<String>),
    Unknown,
}

/// Brings an answer to the form in which it is compared: no blanks around it, half width, small letters.
pub(super) fn folded(typed: &str) -> String {
    text::trimmed(typed).chars().map(text::half_width).collect::<String>().trim().to_lowercase()
}

/// Tells whether an answer says yes to a question that asks for the word. An empty one never does.
pub(super) fn is_yes(typed: &str) -> bool {
    matches!(&*folded(typed), "y" | "yes" | "是")
}

/// Finds what a folded answer means: a number, a name or words in full, their beginning, or the initials of their pinyin.
pub(super) fn pick<T: Clone + PartialEq>(choices: &[MenuItem<T>], typed: &str) -> Picked<T> {
    if let Ok(number) = typed.parse::<usize>() {
        let listed = choices.iter().filter(|c| c.numbered).nth(number.wrapping_sub(1));
        return listed.map_or(Picked::Unknown, |c| Picked::One(c.act.clone()));
    }
    let mut spellings = Spellings::default();
    let mut heard = |title: &str| {
        let sounds = spellings.sounds(title);
        let is_initials = matches!(spellings.heard(&sounds, typed.as_bytes()), Some((SoundFit::Initials, _)));
        (is_initials, title.chars().filter(|c| text::is_han(*c)).count() == typed.len())
    };
    let mut levels: [Vec<&MenuItem<T>>; 4] = Default::default();
    for choice in choices.iter().filter(|_| !typed.is_empty()) {
        let title = choice.title.to_lowercase();
        let (initials, all) = heard(&title);
        let level = if choice.name == typed || title == typed {
            0
        } else if choice.name.starts_with(typed) || title.starts_with(typed) {
            1
        } else if initials {
            if all { 2 } else { 3 }
        } else {
            continue;
        };
        levels[level].push(choice);
    }
    let Some(mut found) = levels.into_iter().find(|level| !level.is_empty()) else { return Picked::Unknown };
    // What is listed here goes before what can be done from anywhere.
    if found.iter().any(|c| c.numbered) {
        found.retain(|c| c.numbered);
    }
    match found.as_slice() {
        [first, rest @ ..] if rest.iter().all(|c| c.act == first.act) => Picked::One(first.act.clone()),
        several => Picked::Several(several.iter().map(|c| c.title.clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Vec<MenuItem<u8>> {
        let all =
            [("fix", "修正", true), ("fix-all", "全部修正", true), ("undo", "撤销", true), ("quit", "退出", false)];
        let choice = |(i, (name, title, numbered)): (usize, (&str, &str, bool))| MenuItem {
            name: name.into(),
            title: title.into(),
            act: i as u8,
            numbered,
        };
        all.into_iter().enumerate().map(choice).collect()
    }

    #[test]
    fn an_answer_is_a_number_a_name_its_beginning_or_initials() {
        let said = |typed: &str| pick(&choices(), &folded(typed));
        for (typed, act) in [
            ("2", 1),
            ("２ ", 1),
            ("fix", 0),
            ("ＦＩＸ", 0),
            ("fix-", 1),
            ("全部", 1),
            ("qbxz", 1),
            ("ｃｘ", 2),
            ("un", 2),
            ("退出", 3),
            ("tc", 3),
        ] {
            assert_eq!(said(typed), Picked::One(act), "{typed}");
        }
        for typed in ["", "0", "4", "99999999999999999999999", "删除", "\u{200B}"] {
            assert_eq!(said(typed), Picked::Unknown, "{typed}");
        }
        assert_eq!(said("fi"), Picked::Several(vec!["修正".into(), "全部修正".into()]));
    }

    #[test]
    fn only_the_word_says_yes() {
        assert!(["y", "Y", "ｙ", " yes ", "是"].into_iter().all(is_yes));
        assert!(!["", " ", "1", "ok", "yy", "不是"].into_iter().any(is_yes));
    }
}
