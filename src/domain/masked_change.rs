//! What a change does to a text of which part is masked (打码的改动): stars that stand for other letters than before are marked,
//! and blanks that come or go are drawn, so that nobody has to unmask a person to see what is corrected.

use super::sheet::Field;
use super::text;

/// Longer texts are compared as wholes.
const LONGEST: usize = 300;

/// Gives both texts masked, as they are shown beside each other: `郭␣*` and `郭*`, `张<*>` and `张<*>`.
pub fn masked_change(field: Field, before: &str, after: &str) -> [String; 2] {
    masked_change_by(|text| field.masked(text), before, after)
}

/// Gives both texts as something else than their column masks them.
pub fn masked_change_by(mask: impl Fn(&str) -> String, before: &str, after: &str) -> [String; 2] {
    let texts = [before, after].map(|text| text.chars().collect::<Vec<char>>());
    let changed = changed_letters(&texts[0], &texts[1]);
    let raw = [before, after];
    let mut hidden = [0, 1].map(|side| hidden(&mask(raw[side]), &texts[side]));
    hide_across(&texts, &mut hidden, &changed);
    [0, 1].map(|side| shown(&texts[side], &hidden[side], &changed[side]))
}

/// Hides what one text would show of the other: together they must tell no more than each alone.
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
    let all = |side: usize| 0..texts[side].len();
    let of_before: Vec<usize> = all(0).filter(|i| hidden[0][*i]).collect();
    for j in all(1) {
        hidden[1][j] |= of_before.iter().any(|i| is_same(*i, j));
    }
    let of_after: Vec<usize> = all(1).filter(|j| hidden[1][*j]).collect();
    let is_seen = |j: usize| all(0).any(|i| !hidden[0][i] && is_same(i, j));
    if !of_after.is_empty() && of_after.iter().all(|j| is_seen(*j)) {
        for i in all(0) {
            hidden[0][i] |= of_after.iter().any(|j| is_same(i, *j));
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

fn shown(letters: &[char], hidden: &[bool], changed: &[bool]) -> String {
    let mut out = String::new();
    let mut is_marking = false;
    for ((c, hidden), changed) in letters.iter().zip(hidden).zip(changed) {
        if (*hidden && *changed) != is_marking {
            is_marking = !is_marking;
            out.push(if is_marking { '<' } else { '>' });
        }
        match c {
            _ if *hidden => out.push('*'),
            c if *changed && text::is_blank(*c) && !c.is_control() => out.push('␣'),
            c => out.push_str(&text::visible(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if is_marking {
        out.push('>');
    }
    out
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
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_seen_and_who_it_is_is_not() {
        for (field, before, after, shown) in [
            (Field::Name, "郭 靖", "郭靖", ["郭␣*", "郭*"]),
            (Field::Name, "张三", "张四", ["张<*>", "张<*>"]),
            (Field::Name, "章三丰", "张三丰", ["章*丰", "张*丰"]),
            (Field::Name, "张三", "张三丰", ["张*", "张*丰"]),
            (Field::Name, "李\u{200B}娜", "李娜", ["李<U+200B>*", "李*"]),
            (
                Field::IdNumber,
                "620102 19900101 1006",
                "620102199001011006",
                ["620102␣********␣1006", "620102********1006"],
            ),
            (
                Field::IdNumber,
                "620102199001011006",
                "620102199001021006",
                ["620102*******<*>1006", "620102*******<*>1006"],
            ),
            (Field::Employer, "兰州大学 ", "兰州大学", ["兰州大学␣", "兰州大学"]),
            (Field::Employer, "兰州大学", "兰州理工大学", ["兰州大学", "兰州理工大学"]),
            (
                Field::Employer,
                "证 620102199001011006",
                "证 620102199001011014",
                ["证 620102********1006", "证 620102********1014"],
            ),
            (Field::Name, "", "张三", ["", "张<*>"]),
            // Side by side they do not tell who it is.
            (Field::Name, "张三", "李张三", ["张*", "李**"]),
            (Field::Name, "吴杰", "王吴杰", ["吴*", "王**"]),
            (Field::Name, "李四丰", "四丰李", ["李*丰", "**李"]),
            (Field::Name, "李张三", "张三", ["李*三", "**"]),
            (Field::Name, "张三", "李张四", ["*<*>", "李*四"]),
        ] {
            assert_eq!(masked_change(field, before, after), shown, "{before} {after}");
        }
    }
}
