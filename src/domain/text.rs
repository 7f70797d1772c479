//! Characters: what is invisible, what is full width, how wide a text counts, and how personal data is masked.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Tells whether a character shows nothing but may spoil a comparison (zero width, bidirectional control, BOM, filler, selector
/// of a variant): the default-ignorable code points of Unicode.
pub fn is_invisible(c: char) -> bool {
    if matches!(c, '\u{4E00}'..='\u{9FFF}') || c.is_ascii() {
        return false;
    }
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Tells whether a character is any kind of blank, line breaks, NBSP and the ideographic space included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{00A0}' || c == '\u{3000}'
}

/// Tells whether a character must never reach a terminal, a log or a file as it is.
pub fn is_control(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Tells whether a character must not stand raw in what the program writes: what [`is_control`] tells, the separators of lines
/// and paragraphs, the signs of annotations, and what is no character.
pub fn is_hidden(c: char) -> bool {
    is_control(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Tells whether a character is a private-use code point, which every computer draws differently.
pub fn is_private_use(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// Tells whether a character is a 汉字, extensions and the ideographic zero included.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{F900}'..='\u{FAFF}' | '〇')
}

/// Gives the ASCII character a full-width form stands for (`Ａ` → `A`, `　` → space), or the character itself.
pub fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Gives the full-width form of an ASCII character (`A` → `Ａ`, space → `　`), or the character itself.
pub fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        ' ' => '\u{3000}',
        _ => c,
    }
}

/// Counts a text as GBK does: one for ASCII, two for everything else (clause X-24).
pub fn gbk_width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Removes invisible characters, controls and outer blanks; inner line breaks and tabs, which part what they stand between,
/// become one space. Other controls stand for nothing: a NUL in 张伟 makes no two words of it.
///
/// Returns the text itself when there was nothing to remove.
pub fn trimmed(text: &str) -> Cow<'_, str> {
    let clean = |c: char| !is_control(c) && (c == ' ' || !is_blank(c));
    if text.chars().all(clean) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let kept: String =
        text.chars().filter(|c| is_blank(*c) || !is_control(*c)).map(|c| if is_blank(c) { ' ' } else { c }).collect();
    Cow::Owned(kept.trim_matches(' ').split(' ').filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" "))
}

/// Removes every blank and invisible character and turns full-width forms into ASCII: the form of codes and numbers.
pub fn compact(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c.is_ascii_graphic() || !c.is_ascii() && half_width(c) == c && !is_control(c) && !is_blank(c);
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(half_width).filter(|c| !is_control(*c) && !is_blank(*c)).collect())
}

/// Brings a name to the form in which two spellings of it are the same: no blanks, one width, one case.
pub fn folded_name(name: &str) -> String {
    compact(&name.nfkc().collect::<String>()).to_lowercase()
}

/// Tells whether one name is perhaps the other with a slip: one sign more, less or other. A name of two signs of which one is other
/// is somebody else's.
pub fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (folded_name(one), folded_name(other));
    2 < one.chars().count().max(other.chars().count()) && strsim::levenshtein(&one, &other) == 1
}

/// Gives a number without the zeros behind its point: `201.00`.
pub fn whole_number(text: &str) -> &str {
    let stem = text.trim_end_matches('0');
    stem.strip_suffix('.').filter(|stem| stem.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(text)
}

/// Brings a header cell to the form synonyms are compared in: no blanks, half width, brackets and slashes unified.
pub fn squeezed_label(text: &str) -> String {
    compact(text).trim_start_matches(['*', '★']).trim_end_matches(['*', ':', '：']).replace(['／', '\\'], "/")
}

/// Tells whether a spreadsheet that opens a text file may take a cell for a formula.
///
/// Leading blanks and the full-width signs count: some programs trim the one and fold the other.
pub fn starts_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell.trim_start().starts_with(['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'])
}

/// Draws the blanks at the ends of a text, which nobody sees otherwise: `兰州大学␣`.
pub fn ends_drawn(text: &str) -> Cow<'_, str> {
    let is_drawn = |c: char| is_blank(c) && !c.is_control();
    let inner = text.trim_matches(is_drawn);
    if inner.len() == text.len() {
        return Cow::Borrowed(text);
    }
    let before = text.chars().take_while(|c| is_drawn(*c)).count();
    let all = text.chars().count() - inner.chars().count();
    Cow::Owned(format!("{}{inner}{}", "␣".repeat(before), "␣".repeat(all - before)))
}

/// Gives the name in a signature such as `wang (1000)`: the number of the system says who it is where only the environment
/// claims a name, or there is none.
pub fn signed_by(signature: &str) -> &str {
    let Some((name, number)) = signature.rsplit_once(" (") else { return signature };
    let is_number = number.strip_suffix(')').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if is_number && !name.is_empty() && !name.ends_with('?') { name } else { signature }
}

/// Makes a text safe to show: what a terminal may not draw, or not in the columns that are counted for it, becomes visible
/// ASCII. Those are control, bidirectional, zero-width, combining, right-to-left and private-use characters, and all beyond
/// the first plane, which many fonts do not have.
pub fn visible(text: &str) -> Cow<'_, str> {
    spelled(text, |c| !c.is_ascii_graphic() && (is_control(c) || is_private_use(c) || is_unsteady(c)))
}

/// Tells whether terminals disagree about the place a character takes among its neighbours.
fn is_unsteady(c: char) -> bool {
    // Line and paragraph separators, jamo and sound marks that join, annotations, and what stands for no character.
    let joins = matches!(c, '\u{2028}' | '\u{2029}' | '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}'
        | '\u{3164}' | '\u{FF9E}'..='\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}');
    // Scripts that run from right to left, and those from India to Mongolia whose letters join.
    let turns = matches!(c, '\u{0590}'..='\u{109F}' | '\u{1700}'..='\u{1AFF}' | '\u{1B00}'..='\u{1CFF}' | '\u{2D30}'..='\u{2D7F}'
        | '\u{A4D0}'..='\u{A4FF}' | '\u{A800}'..='\u{AAFF}' | '\u{ABC0}'..='\u{ABFF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}');
    '\u{FFFF}' < c || joins || turns || is_combining_mark(c)
}

/// Makes a text safe to keep in a file: control, bidirectional, zero-width and other hidden characters become visible ASCII.
///
/// Everything else stays as it is, tabs, line breaks and private-use characters included: the file is what the organiser
/// goes on working with.
pub fn harmless(text: &str) -> Cow<'_, str> {
    spelled(text, |c| is_hidden(c) && !matches!(c, '\t' | '\n' | '\r'))
}

/// Makes JSON safe to show, and leaves its meaning as it is: hidden characters, which stand in its strings only, are escaped.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    use std::fmt::Write as _;
    let bad = |c: char| is_hidden(c) && !matches!(c, '\t' | '\n' | '\r');
    if !json.chars().any(bad) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if bad(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Spells the characters that are `bad` in visible ASCII.
fn spelled(text: &str, bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    use std::fmt::Write as _;
    if !text.chars().any(&bad) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !bad(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1F' => out.extend(['^', char::from(c as u8 ^ 0x40)]),
            c => {
                let _ = write!(out, "<U+{:04X}>", c as u32);
            }
        }
    }
    Cow::Owned(out)
}

/// Masks a personal name as the notices print it: first and last character kept (`李*刚`, `刘*`).
///
/// Two characters keep the first only, one keeps nothing. Blanks and invisible characters are left out, signs between the
/// parts stay; whatever else there is counts as a letter, private-use characters too: they stand for rare 汉字.
pub fn masked_name(name: &str) -> String {
    let squeezed: String = name.chars().filter(|c| !is_control(*c) && !is_blank(*c)).collect();
    let is_letter = |c: char| !c.is_ascii_punctuation() && !matches!(c, '·' | '•' | '‧' | '∙' | '・' | '．' | '。');
    let letters = squeezed.chars().filter(|c| is_letter(*c)).count();
    let kept = |i: usize| (1 < letters && i == 0) || (2 < letters && i + 1 == letters);
    masked_letters(&squeezed, is_letter, kept)
}

/// Puts a star for every letter that is not kept, by its place among the letters.
fn masked_letters(text: &str, is_letter: impl Fn(char) -> bool, kept: impl Fn(usize) -> bool) -> String {
    let mut seen = 0;
    let shown = |c: char| {
        if !is_letter(c) {
            return c;
        }
        seen += 1;
        if kept(seen - 1) { c } else { '*' }
    };
    text.chars().map(shown).collect()
}

/// Masks an ID number: the first six and the last four characters stay, shorter numbers keep a third at each end.
///
/// Blanks and signs stay as they are: they identify nobody, and are what is to be corrected.
pub fn masked_number(number: &str) -> String {
    let letters = number.chars().filter(|c| c.is_alphanumeric()).count();
    let (head, tail) = if letters > 12 { (6, 4) } else { (letters / 3, letters / 3) };
    masked_letters(number, char::is_alphanumeric, |i| i < head || letters <= i + tail)
}

/// Tells whether a text has the form of a resident's ID number, blanks and width apart: 17 digits and a digit or X, or 15
/// digits.
pub fn looks_like_id(text: &str) -> bool {
    let compact = compact(text);
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    match compact.as_bytes() {
        number if number.len() == 15 => digits(number),
        [number @ .., b'0'..=b'9' | b'X' | b'x'] if number.len() == 17 => digits(number),
        _ => false,
    }
}

/// Tells whether digits are those of a mobile telephone.
pub fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

/// Tells whether digits are those of a telephone with the number of its area.
pub fn is_fixed_line(digits: &str) -> bool {
    digits.starts_with('0') && (10..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Tells whether digits are a telephone number: a mobile one, that of its country before it or not, or one with its area.
pub fn is_phone(digits: &str) -> bool {
    is_mobile(digits) || digits.strip_prefix("86").is_some_and(is_mobile) || is_fixed_line(digits)
}

/// Masks every ID number and every telephone number in a sentence, also where signs and blanks part it; the words around it stay.
pub fn masked_sentence(sentence: &str) -> String {
    let mut masked = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(start) = rest.find(is_number_letter) {
        masked.push_str(&rest[..start]);
        let behind = &rest[start..];
        let number = end_of_number(behind);
        let end = number.unwrap_or_else(|| end_of_word(behind));
        if number.is_some() {
            masked.push_str(&masked_number(&behind[..end]));
        } else {
            masked.push_str(&behind[..end]);
        }
        rest = &behind[end..];
    }
    masked + rest
}

fn is_number_letter(c: char) -> bool {
    half_width(c).is_ascii_alphanumeric()
}

fn end_of_word(text: &str) -> usize {
    text.find(|c| !is_number_letter(c)).unwrap_or(text.len())
}

/// A number is written in no more parts: 138 0013 8002, (0931) 886 7002, 620102 1990 0101 001X.
const MOST_PARTS: usize = 5;

/// Finds the end of the number of somebody that a text begins with, in one part or several: the longest there is.
pub(in crate::domain) fn end_of_number(text: &str) -> Option<usize> {
    let is_between = |c: char| is_blank(c) || matches!(half_width(c), '-' | '.' | ')' | '‐' | '–' | '—');
    let (mut digits, mut end, mut found) = (String::new(), 0, None);
    for _ in 0..MOST_PARTS {
        let part = &text[end..end + end_of_word(&text[end..])];
        digits.extend(part.chars().map(half_width));
        end += part.len();
        if looks_like_id(&digits) || is_phone(&digits) {
            found = Some(end);
        }
        let sign = text[end..].find(is_number_letter).unwrap_or_default();
        let is_parted = (1..=2).contains(&text[end..end + sign].chars().count());
        if !is_parted || !text[end..end + sign].chars().all(is_between) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        end += sign;
    }
    found
}

/// Gives a sentence without its full stop, to stand in another that has its own; an ellipsis stays.
pub fn unstopped(sentence: &str) -> &str {
    match sentence.strip_suffix(['。', '.']) {
        Some(rest) if !rest.ends_with('.') => rest,
        _ => sentence,
    }
}

/// Gives a quotation to be put between quotation marks: its own are made single ones.
pub fn quotation(text: &str) -> String {
    text.replace('“', "‘").replace('”', "’")
}

/// Gives the names that come near to what was typed, the nearest first.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = compact(typed).to_ascii_uppercase();
    let far = |name: &str| {
        let name = name.to_ascii_uppercase();
        // Part of a name says more than a few letters in common with it.
        if 3 <= typed.len() && name.contains(&typed) { 1 } else { strsim::levenshtein(&typed, &name) }
    };
    let mut near: Vec<(usize, &str)> = names.into_iter().map(|name| (far(name), name)).collect();
    near.retain(|(distance, _)| *distance <= 2.max(typed.len() / 4));
    near.sort_by_key(|(distance, _)| *distance);
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_are_slips_and_parts_but_nothing_far() {
        let names = ["national", "beijing", "guangdong-schools"];
        assert_eq!(nearest("natoinal", names), ["national"]);
        assert_eq!(nearest("guangdong", names), ["guangdong-schools"]);
        assert_eq!(nearest("mars", names), [""; 0]);
    }

    #[test]
    fn what_goes_into_a_sentence_brings_no_stop_and_no_quotation_marks() {
        let stopped = ["请先保存。", "Save it first.", "正在读取...", "Reading..", "a.csv", ""];
        assert_eq!(stopped.map(unstopped), ["请先保存", "Save it first", "正在读取...", "Reading..", "a.csv", ""]);
        assert_eq!(quotation("填写“--”，不得为空"), "填写‘--’，不得为空");
    }

    #[test]
    fn a_name_is_one_however_it_is_spelled_and_a_slip_comes_near() {
        assert!(["李　敏", "李 敏", "李\u{200B}敏"].iter().all(|name| folded_name(name) == "李敏"));
        assert_eq!(folded_name("Ｗang　WEI"), folded_name("wang wei"));
        assert!(is_slip("Wang Wei", "wang we") && is_slip("欧阳敏", "欧阳明") && is_slip("李敏", "李敏敏"));
        assert!(!is_slip("李敏", "李明") && !is_slip("李 敏", "李敏") && !is_slip("Wang Wei", "Wang Wie"));
    }

    #[test]
    fn removes_what_nobody_can_see() {
        assert_eq!(trimmed("  张伟\u{200B} "), "张伟");
        assert_eq!(trimmed("张\r\n伟"), "张 伟");
        for parting in ["\t", "\n", "\u{B}", "\u{C}", "\r", "\u{85}", "\u{2028}", "\u{3000}"] {
            assert_eq!(trimmed(&format!("张{parting}伟")), "张 伟", "{parting:?}");
        }
        for nothing in ["\0", "\u{7}", "\u{1B}", "\u{1F}", "\u{7F}", "\u{80}", "\u{9F}", "\u{200B}", "\0\0"] {
            assert_eq!(trimmed(&format!("张{nothing}伟")), "张伟", "{nothing:?}");
        }
        assert_eq!(trimmed("\0"), "");
        assert_eq!(trimmed("王\u{3164}小\u{115F}明\u{1160}\u{FFA0}\u{34F}\u{17B4}\u{FE0F}\u{E0100}"), "王小明");
        assert_eq!(compact(" ６２01 02\u{202E}"), "620102");
    }

    #[test]
    fn knows_what_a_spreadsheet_takes_for_a_formula() {
        for cell in ["=cmd", "+86 931", "-1", "@x", "\t=1", "\r1", " =1", "＝1", "--"] {
            assert!(starts_formula(cell), "{cell:?}");
        }
        for cell in ["", "张伟", "a=b", "'=1", "201"] {
            assert!(!starts_formula(cell), "{cell:?}");
        }
    }

    #[test]
    fn shows_escape_sequences_as_text() {
        assert_eq!(visible("a\x1b[2Jb\u{202E}c\u{E000}"), "a^[[2Jb<U+202E>c<U+E000>");
        assert!(matches!(visible("买买提·张伟 é①"), Cow::Borrowed(_)));
        assert_eq!(visible("李\u{20BB7}e\u{301}\u{FE0F}\u{2028}"), "李<U+20BB7>e<U+0301><U+FE0F><U+2028>");
    }

    #[test]
    fn keeps_in_files_what_harms_nobody() {
        assert_eq!(harmless("a\x1b[2J\0\u{9b}\u{202E}\u{FEFF}"), "a^[[2J^@<U+009B><U+202E><U+FEFF>");
        let kept = "张\u{E832}\te\u{301}\r\n𠮷\n";
        assert!(matches!(harmless(kept), Cow::Borrowed(same) if same == kept));
        assert_eq!(harmless("a\u{2028}b\u{2029}\u{FFF9}"), "a<U+2028>b<U+2029><U+FFF9>");
    }

    #[test]
    fn json_means_the_same_once_it_is_escaped() {
        let all = (0..=0x10_FFFF).filter_map(char::from_u32).filter(|c| is_hidden(*c)).collect::<String>() + "张\"\\\n";
        let json = serde_json::to_string_pretty(&[&all]).expect("JSON");
        let escaped = escaped_json(&json);
        assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).expect("JSON"), [all]);
        assert!(escaped.chars().all(|c| c == '\n' || !is_hidden(c)));
        assert_eq!(escaped_json("[\"\u{9b}\u{E0001}\u{2028}\"]"), "[\"\\u009b\\udb40\\udc01\\u2028\"]");
        assert!(matches!(escaped_json("[\n\t\"张\"]\r\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn knows_the_form_of_an_id() {
        assert!(["11010519491231002X", "110105 19491231 002x", "１10105491231002"].into_iter().all(looks_like_id));
        assert!(
            !["", "1", "S000062010001242J00001", "1101054912310021", "11010549123100X"].into_iter().any(looks_like_id)
        );
    }

    #[test]
    fn masks_as_the_notices_do() {
        assert_eq!(masked_name("李小刚"), "李*刚");
        assert_eq!(masked_name("刘伟"), "刘*");
        assert_eq!(masked_number("11010519491231002X"), "110105********002X");
        assert_eq!(masked_number("H12345678"), "H12***678");
        assert_eq!([masked_name(""), masked_name("刘"), masked_name("张 三")], ["", "*", "张*"]);
        assert_eq!([masked_name("李\u{3000}娜\u{200B}"), masked_name(" 欧阳 娜 娜")], ["李*", "欧**娜"]);
        assert_eq!([masked_name("张\u{E832}"), masked_name("李e\u{301}")], ["张*", "李*\u{301}"]);
        assert_eq!(masked_name("买买提.艾力"), "买**.*力");
        assert_eq!(masked_number("\u{3000}11010519491231002X "), "\u{3000}110105********002X ");
    }

    #[test]
    fn masks_the_numbers_in_a_sentence() {
        let masked = "证件号码 110105********002X 与照片不符";
        assert_eq!(masked_sentence("证件号码 11010519491231002X 与照片不符"), masked);
        assert_eq!(masked_sentence("11010519491231002X，１10105491231002"), "110105********002X，１10105*****1002");
        for (written, masked) in [
            ("电话 138 0013 8002", "电话 138 **** *002"),
            ("138-0013-8002，家里 0931-8867002", "138-****-*002，家里 093*-****002"),
            ("（0931）8867002", "（093*）****002"),
            ("+86 13800138002", "+86 1380***8002"),
            ("１３８００１３８００２", "１３８*****００２"),
            ("620102 19900101 001X", "620102 ******** 001X"),
        ] {
            assert_eq!(masked_sentence(written), masked, "{written}");
        }
        for kept in [
            "",
            "照片不清",
            "S000062010001242J00001 第 3 张",
            "2024-10-21 12:34:56",
            "6-18-02-04",
            "2024.10.21 - 2024.11.08",
            "第 1 2 3 4 5 6 行",
            "12345678",
        ] {
            assert_eq!(masked_sentence(kept), kept);
        }
    }
}
