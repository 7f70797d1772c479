//! What a change does to a text of which part is masked (打码的改动): each text is masked as it is anywhere else, blanks that come or
//! go are drawn, and of hidden characters that are others than before the places are told, so that nobody has to unmask a person to
//! see what is corrected.

use super::sheet::Field;
use super::text;

/// Longer texts are compared as wholes.
const LONGEST: usize = 300;

/// Both texts of a change as they are shown: `郭␣*` and `郭*`, `张*` and `张*` of which the second character changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ShownChange {
    pub texts: [String; 2],
    /// The runs of hidden characters in the later text that are others than before: the place of the first of each, from 1, and of
    /// its last. None where it is another text altogether, which is seen.
    pub hidden: Vec<(usize, usize)>,
    /// Of each character of the later text, as it is shown, whether it is new: by what stands there and not by its mask. Nothing where
    /// it is another text altogether.
    pub new: Vec<bool>,
}

impl From<[String; 2]> for ShownChange {
    fn from(texts: [String; 2]) -> ShownChange {
        let letters = texts.each_ref().map(|text| text.chars().collect::<Vec<char>>());
        let changed = changed_letters(&letters[0], &letters[1]);
        let new = if is_other(&letters, &changed) { Vec::new() } else { changed[1].clone() };
        ShownChange { texts, hidden: Vec::new(), new }
    }
}

/// Gives both texts masked, as they are shown beside each other.
pub fn masked_change(field: Field, before: &str, after: &str) -> ShownChange {
    masked_change_by(|text| field.masked(text), before, after)
}

/// Gives both texts as something else than their column masks them.
pub fn masked_change_by(mask: impl Fn(&str) -> String, before: &str, after: &str) -> ShownChange {
    let texts = [before, after].map(|text| text.chars().collect::<Vec<char>>());
    let changed = changed_letters(&texts[0], &texts[1]);
    let raw = [before, after];
    let mut hidden = [0, 1].map(|side| hidden(&mask(raw[side]), &texts[side]));
    let is_other = is_other(&texts, &changed);
    if !is_other {
        hide_across(&texts, &mut hidden, &changed);
    }
    let others = others(&texts, &changed[1]);
    let [(earlier, _), (later, new)] =
        [(0, &changed[0]), (1, &others)].map(|(side, new)| shown(&texts[side], &hidden[side], (&changed[side], new)));
    let shown = [earlier, later];
    // Of what is another text altogether nothing has to be told, if only it looks so.
    let is_new = is_other && shown[0] != shown[1];
    let hidden = if is_new { Vec::new() } else { runs(&hidden[1], &others) };
    ShownChange { texts: shown, hidden, new: if is_other { Vec::new() } else { new } }
}

/// Tells whether a text is another one rather than the one before mended: less than half of the shorter is in both.
fn is_other(texts: &[Vec<char>; 2], changed: &[Vec<bool>; 2]) -> bool {
    let common = changed[1].iter().filter(|changed| !**changed).count();
    common == 0 || 2 * common < texts[0].len().min(texts[1].len())
}

/// Tells of each character of the later text whether it is another than before. Numbers of one length are compared digit by digit:
/// what is swapped is two others.
fn others([before, after]: &[Vec<char>; 2], changed: &[bool]) -> Vec<bool> {
    let is_number = |text: &[char]| text.iter().all(char::is_ascii_alphanumeric);
    if before.len() == after.len() && is_number(before) && is_number(after) {
        return before.iter().zip(after).map(|(before, after)| before != after).collect();
    }
    changed.to_vec()
}

/// Gives the runs of characters that are hidden and others than before, by their places from 1.
fn runs(hidden: &[bool], changed: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in hidden.iter().zip(changed).enumerate().filter(|(_, (hidden, changed))| **hidden && **changed) {
        match runs.last_mut() {
            Some((_, last)) if *last == at => *last = at + 1,
            _ => runs.push((at + 1, at + 1)),
        }
    }
    runs
}

/// Hides more of a text where all that is hidden of the other could be read there: beside each other they must not tell who it is.
/// Short of that each is masked as it is by itself, so that nobody meets two masks of one name.
fn hide_across(texts: &[Vec<char>; 2], hidden: &mut [Vec<bool>; 2], changed: &[Vec<bool>; 2]) {
    if hidden.iter().all(|side| !side.contains(&true)) {
        return;
    }
    // What both have in common stands in one order.
    let kept = |side: usize| changed[side].iter().enumerate().filter(|(_, changed)| !**changed).map(|(at, _)| at);
    let mut partners: Vec<Option<usize>> = vec![None; texts[1].len()];
    kept(0).zip(kept(1)).for_each(|(i, j)| partners[j] = Some(i));
    // What went elsewhere is known by the letter; a digit is not.
    let is_same = |i: usize, j: usize| match partners[j] {
        Some(partner) => partner == i,
        None => {
            let letter = texts[0][i];
            changed[0][i] && letter == texts[1][j] && !letter.is_ascii_digit() && !text::is_blank(letter)
        }
    };
    for side in [0, 1] {
        let other = 1 - side;
        let same = |here: usize, there: usize| if side == 0 { is_same(here, there) } else { is_same(there, here) };
        let secret: Vec<usize> = (0..texts[side].len()).filter(|at| hidden[side][*at]).collect();
        let shows = |there: usize, hidden: &[Vec<bool>; 2]| !hidden[other][there];
        let is_read = |at: &usize| (0..texts[other].len()).any(|there| shows(there, hidden) && same(*at, there));
        if !secret.is_empty() && secret.iter().all(is_read) {
            for (there, is_hidden) in hidden[other].iter_mut().enumerate() {
                *is_hidden |= secret.iter().any(|at| same(*at, there));
            }
        }
    }
}

/// Tells of each character whether a mask hides it.
fn hidden(masked: &str, letters: &[char]) -> Vec<bool> {
    let masked: Vec<char> = masked.chars().collect();
    // The mask of a name leaves blanks and what is invisible out; all others stand character for character.
    let leaves_out = masked.len() != letters.len();
    let mut rest = masked.into_iter();
    let is_hidden = |c: &char| {
        let stays = leaves_out && (text::is_control(*c) || text::is_blank(*c));
        !stays && rest.next().is_some_and(|shown| shown != *c)
    };
    letters.iter().map(is_hidden).collect()
}

/// Writes a text as it is shown, and tells of each character written whether what it stands for is new.
fn shown(letters: &[char], hidden: &[bool], (changed, new): (&[bool], &[bool])) -> (String, Vec<bool>) {
    let (mut out, mut news) = (String::new(), Vec::new());
    for (((c, hidden), changed), is_new) in letters.iter().zip(hidden).zip(changed).zip(new) {
        let mut letter = [0; 4];
        let part = match c {
            _ if *hidden => "*".into(),
            c if *changed && text::is_blank(*c) && !c.is_control() => "␣".into(),
            c => text::visible(c.encode_utf8(&mut letter)),
        };
        news.extend(part.chars().map(|_| *is_new));
        out.push_str(&part);
    }
    (out, news)
}

/// Tells of each character of two texts whether it is none of those they have in common, in one order.
fn changed_letters(a: &[char], b: &[char]) -> [Vec<bool>; 2] {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let mut changed =
        [a, b].map(|all| (0..all.len()).map(|at| head <= at && at < all.len() - tail).collect::<Vec<_>>());
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    if LONGEST < a.len() || LONGEST < b.len() {
        return changed;
    }
    // How many letters the rests of both have in common from each place on.
    let mut common = vec![vec![0u16; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i][j] = if a[i] == b[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            changed[0][head + i] = false;
            changed[1][head + j] = false;
            (i, j) = (i + 1, j + 1);
        } else if common[i][j + 1] <= common[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    for (letters, changed) in [a, b].into_iter().zip(&mut changed) {
        join_runs(letters, &mut changed[head..head + letters.len()]);
    }
    changed
}

/// Moves runs of changed characters together where the same text is left: of `91` that became `1991` it is `19` that came, not a `1`
/// and the second `9`.
fn join_runs(letters: &[char], changed: &mut [bool]) {
    let mut from = 0;
    while let Some(start) = (from..letters.len()).find(|at| changed[*at]) {
        let run = |from: usize| (from..letters.len()).find(|at| !changed[*at]).unwrap_or(letters.len());
        let end = run(start);
        let Some(next) = (end..letters.len()).find(|at| changed[*at]) else { return };
        let (next_end, gap) = (run(next), next - end);
        if letters[start..start + gap] == letters[end..next] {
            changed[start..start + gap].fill(false);
            changed[start + gap..next].fill(true);
            from = start + gap;
        } else if letters[end..next] == letters[next_end - gap..next_end] {
            changed[end..next_end - gap].fill(true);
            changed[next_end - gap..next_end].fill(false);
            from = start;
        } else {
            from = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_marked_by_what_stands_behind_the_mask() {
        for (field, before, after, shown, new) in [
            (Field::Name, "李刚", "李小刚", "李**", " ^ "),
            (Field::Name, "欧阳娜", "欧阳娜娜", "欧**娜", "   ^"),
            (Field::Name, "李\u{200B}娜", "李娜", "李*", "  "),
            (Field::Name, "李娜", "李\u{200B}娜", "李<U+200B>*", " ^^^^^^^^ "),
            (Field::IdNumber, "620102199001011006", "620102199011121006", "620102********1006", "          ^ ^^    "),
            (Field::Employer, "兰州大学", "兰州理工大学", "兰州理工大学", "  ^^  "),
            (Field::IdNumber, "620102910101101", "62010219910101101X", "620102********101X", "      ^^         ^"),
            (Field::Employer, "甲乙丙", "甲乙甲乙丁丙", "甲乙甲乙丁丙", "  ^^^ "),
            // Another text altogether.
            (Field::Name, "张三", "李四", "李*", ""),
            (Field::Employer, "", "兰州大学", "兰州大学", ""),
        ] {
            let change = masked_change(field, before, after);
            let told: String = change.new.iter().map(|new| if *new { '^' } else { ' ' }).collect();
            assert_eq!((&*change.texts[1], &*told), (shown, new), "{before} {after}");
        }
    }

    #[test]
    fn what_changes_is_seen_and_who_it_is_is_not() {
        for (field, before, after, texts, hidden) in [
            (Field::Name, "郭 靖", "郭靖", ["郭␣*", "郭*"], &[][..]),
            (Field::Name, "张三", "张四", ["张*", "张*"], &[(2, 2)]),
            (Field::Name, "章三丰", "张三丰", ["章*丰", "张*丰"], &[]),
            (Field::Name, "张三", "张三丰", ["张*", "张*丰"], &[]),
            (Field::Name, "测试甲(男)", "测试甲", ["测**(男)", "测*甲"], &[]),
            (Field::Name, "李\u{200B}娜", "李娜", ["李<U+200B>*", "李*"], &[]),
            (
                Field::IdNumber,
                "620102 19900101 1006",
                "620102199001011006",
                ["620102␣********␣1006", "620102********1006"],
                &[],
            ),
            (
                Field::IdNumber,
                "620102199001011006",
                "620102199011121006",
                ["620102********1006", "620102********1006"],
                &[(11, 11), (13, 14)],
            ),
            (Field::Employer, "兰州大学 ", "兰州大学", ["兰州大学␣", "兰州大学"], &[]),
            (Field::Employer, "兰州大学", "兰州理工大学", ["兰州大学", "兰州理工大学"], &[]),
            (
                Field::Employer,
                "证 620102199001011006",
                "证 620102199001011014",
                ["证 620102********1006", "证 620102********1014"],
                &[],
            ),
            // All of it is new.
            (Field::Name, "", "张三", ["", "张*"], &[]),
            (Field::Name, "张三", "李四", ["张*", "李*"], &[]),
            (Field::Name, "张", "李", ["*", "*"], &[(1, 1)]),
            (Field::Name, "朱娟强", "马强娟", ["朱*强", "马*娟"], &[]),
            (Field::Name, "徐娟勇", "马强娟", ["徐*勇", "马*娟"], &[]),
            // Side by side they do not tell who it is.
            (Field::Name, "张三", "李张三", ["张*", "李**"], &[]),
            (Field::Name, "吴杰", "王吴杰", ["吴*", "王**"], &[]),
            (Field::Name, "李四丰", "四丰李", ["李*丰", "**李"], &[]),
            (Field::Name, "李张三", "张三", ["李*三", "**"], &[]),
            (Field::Name, "张三", "李张四", ["**", "李*四"], &[]),
        ] {
            let change = masked_change(field, before, after);
            assert_eq!(
                (change.texts.each_ref().map(|text| &**text), &*change.hidden),
                (texts, hidden),
                "{before} {after}"
            );
        }
    }
}
