//! What single cells say of the row they stand in: the words that tell rows from people, and the shapes of names and numbers.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Deserialize;

use super::Field;
use super::surnames::Surnames;
use crate::domain::text;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What a word says of the row it stands in; see the table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum RowWord {
        Total = "total",
        Role = "role",
        Head = "head",
        Ending = "ending",
        Alone = "alone",
        Seal = "seal",
        Below = "below",
        Asked = "asked",
        Asks = "asks",
        Flag = "flag",
        Example = "example",
        Title = "title",
        Block = "block",
        Office = "office",
        Guide = "guide",
        Remark = "remark",
        Opening = "opening",
        Closing = "closing",
        Figure = "figure",
        Sort = "sort",
        Function = "function",
        AskedEnd = "asked-end",
        Measure = "measure",
    }
}

/// The words that tell rows from people, as they stand in the table.
#[derive(Debug, Clone, Default)]
pub struct RowWords {
    of: HashMap<RowWord, Vec<String>>,
    pub(super) surnames: Arc<Surnames>,
}

impl RowWords {
    pub fn new(rows: impl IntoIterator<Item = (String, RowWord)>, surnames: Arc<Surnames>) -> RowWords {
        let mut of: HashMap<RowWord, Vec<String>> = HashMap::new();
        for (word, kind) in rows {
            of.entry(kind).or_default().push(word);
        }
        RowWords { of, surnames }
    }

    pub(super) fn any(&self, kind: RowWord, is: impl Fn(&str) -> bool) -> bool {
        self.of.get(&kind).is_some_and(|words| words.iter().any(|word| is(word)))
    }

    /// Tells whether a whole cell is one of a foot: a total, a signature line, a note. People's own cells only begin so.
    pub(super) fn is_foot(&self, cell: &str) -> bool {
        self.is_total(cell)
            || self.any(RowWord::Alone, |word| cell == word)
            || self.is_role(cell)
            || self.is_signature(cell)
            || self.is_before_colon(cell)
            || self.is_seal(cell)
            || is_page(cell)
            || self.any(RowWord::Below, |word| {
                cell.trim_matches(|c: char| matches!(c, '-' | '—' | '–' | '_' | '=' | '~' | '(' | ')' | '.' | '。'))
                    .eq_ignore_ascii_case(word)
            })
    }

    /// Tells whether a cell of a row without any number speaks of the table and not of a person: 审核人 where a kind of document is
    /// due, 合计. What people do is called so, too.
    pub fn speaks_of_table(&self, field: Field, cell: &str) -> bool {
        let says_work = matches!(field, Field::Occupation | Field::WorkType);
        let cell = text::compact(cell);
        // 审核员 signs below a table, and is what some people do.
        let is_work = says_work && (self.is_role(&cell) || self.is_signature(&cell));
        !cell.is_empty()
            && !is_work
            && (self.is_foot(&cell)
                || self.is_sentence(&cell)
                || !says_work && field != Field::Name && self.is_bare_label(&cell))
    }

    fn is_role(&self, cell: &str) -> bool {
        let ends = |rest: &str| matches!(rest, "" | "人" | "员" | "者");
        self.any(RowWord::Role, |word| cell.strip_prefix(word).is_some_and(ends))
    }

    /// Tells whether who signs and the name stand in one cell without a colon: 经办人王强, 制表时间.
    fn is_signature(&self, cell: &str) -> bool {
        let is_name = |rest: &str| (2..=LONGEST_PLAIN).contains(&rest.chars().count()) && rest.chars().all(is_letter);
        self.any(RowWord::Role, |word| {
            cell.strip_prefix(word).is_some_and(|rest| is_name(rest.strip_prefix(['人', '员', '者']).unwrap_or(rest)))
        })
    }

    /// Tells whether a cell is the title of a block: 电工组, 第二批, 参赛选手. Where a single letter ends it, people are called so,
    /// too (努尔班, 李分队, 石三级), unless it is longer than their names are or what stands before says of whom the block is.
    pub(super) fn is_title(&self, cell: &str) -> bool {
        let is_numeral = |c: char| c.is_ascii_alphanumeric() || NUMERALS.contains(c) || STEMS.contains(c);
        let is_counted = |rest: &str| rest.chars().all(|c| is_numeral(c) || matches!(c, '(' | ')' | '年' | '第'));
        self.any(RowWord::Title, |word| {
            cell.strip_suffix(word).is_some_and(|rest| {
                word.chars().count() != 1
                    || !may_be_name(cell)
                    || LONGEST_PLAIN < cell.chars().count() && !is_name_of_parts(cell)
                    || is_counted(rest)
                    || 2 < rest.chars().count() && rest.ends_with(is_numeral)
                    || rest.starts_with('第')
                    || self.any(RowWord::Block, |block| rest.ends_with(block))
            })
        })
    }

    /// Tells whether a whole cell is the label of what is filled in behind it: 审核人, 日期, 电话. Some are people's own texts, too.
    pub(super) fn is_bare_label(&self, cell: &str) -> bool {
        let is_short = cell.chars().count() <= 8 && cell.chars().all(text::is_han);
        self.is_role(cell)
            || self.any(RowWord::Head, |word| cell == word)
            || is_short && self.any(RowWord::Ending, |word| cell.ends_with(word))
    }

    /// Tells whether a whole cell says something of the table where a name would stand: 同意, 以上人员均已公示, 此表一式两份.
    pub(super) fn is_remark(&self, cell: &str) -> bool {
        self.any(RowWord::Remark, |word| bare(cell) == word) || self.is_sentence(cell)
    }

    /// Tells whether it is a sentence of such a kind, and not only a word that may be somebody's.
    pub(super) fn is_sentence(&self, cell: &str) -> bool {
        let cell = bare(cell);
        let long = cell.chars().count();
        LONGEST_PLAIN <= long && self.any(RowWord::Opening, |word| cell.starts_with(word))
            || LONGEST_PLAIN < long && self.any(RowWord::Closing, |word| cell.ends_with(word))
    }

    pub(super) fn is_total(&self, cell: &str) -> bool {
        let ends =
            |rest: &str| rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit() || ":(人名".contains(c));
        if self.any(RowWord::Total, |word| cell.strip_prefix(word).is_some_and(ends)) || self.is_figure_label(cell) {
            return true;
        }
        // 共12人, 以上共计十二人, 12人.
        let said = ["以上共计", "以上共", "总共", "共计", "共"].iter().find_map(|word| cell.strip_prefix(word));
        let is_numeral = |c: char| c.is_ascii_digit() || said.is_some() && NUMERALS.contains(c);
        let number = said.unwrap_or(cell).trim_start_matches(is_numeral);
        let is_number = number.len() < said.unwrap_or(cell).len();
        match said {
            Some(_) => is_number && number.starts_with(|c: char| "人名行条本份张".contains(c)),
            None => is_number && matches!(number, "人" | "名"),
        }
    }

    fn is_before_colon(&self, cell: &str) -> bool {
        let Some((before, _)) = cell.split_once(':') else { return false };
        // 单位负责人(签字):
        let before = before.strip_suffix(')').and_then(|b| b.split_once('(')).map_or(before, |(word, _)| word);
        let long = before.chars().count();
        if long == 0 || 14 < long || !before.chars().all(text::is_han) {
            return false;
        }
        let begins = |word: &str| before.strip_prefix(word).is_some_and(|rest| rest.chars().count() <= 4);
        self.any(RowWord::Head, begins)
            || self.any(RowWord::Role, begins)
            || self.any(RowWord::Ending, |word| before.contains(word))
            || self.any(RowWord::Office, |word| before.ends_with(word))
    }

    fn is_seal(&self, cell: &str) -> bool {
        let Some((before, inside)) = cell.trim_end_matches(':').strip_suffix(')').and_then(|c| c.rsplit_once('('))
        else {
            return false;
        };
        before.chars().count() <= 12 && self.any(RowWord::Seal, |word| inside == word)
    }

    /// Tells whether a name or an ID number is that of an example: 例：张三, 张三（示例）, 示例.
    pub(super) fn is_example(&self, cell: &str) -> bool {
        self.any(RowWord::Example, |word| {
            let brackets =
                || cell.split('(').skip(1).any(|part| part.split_once(')').is_some_and(|(in_it, _)| in_it == word));
            cell.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(':') || (rest.is_empty() && word.chars().count() > 1))
                || brackets()
        })
    }

    /// Tells whether a cell says yes or no, as a template does of what has to be filled in and many a column of people.
    pub(super) fn is_flag(&self, cell: &str) -> bool {
        self.any(RowWord::Flag, |word| cell == word)
    }

    /// Tells whether a template says in a cell what is to be filled in.
    pub(super) fn is_asked(&self, cell: &str) -> bool {
        let cell = unmarked(cell);
        let lower = cell.to_ascii_lowercase();
        let digits = cell.trim_start_matches(|c: char| c.is_ascii_digit());
        self.any(RowWord::Asked, |word| lower == word)
            || self.any(RowWord::Asks, |word| lower.starts_with(word))
            || self.any(RowWord::AskedEnd, |word| cell.ends_with(word))
            || (digits.len() < cell.len() && (digits.starts_with('位') || digits.starts_with("个字")))
    }
}

/// Leaves out what ends a sentence.
fn bare(cell: &str) -> &str {
    cell.trim_end_matches(['.', '。', '!', ',', ';', ':'])
}

/// Leaves out the star and the brackets that a template puts around what is to be filled in.
fn unmarked(cell: &str) -> &str {
    let is_star = |c: char| matches!(c, '*' | '★');
    let bare = cell.trim_matches(is_star);
    let inside = bare.strip_prefix(['(', '[', '【']).and_then(|rest| rest.strip_suffix([')', ']', '】']));
    inside.filter(|inside| !inside.contains(['(', '['])).unwrap_or(bare).trim_matches(is_star)
}

/// Tells whether a cell numbers a printed page: 第1页共3页, 第二页.
fn is_page(cell: &str) -> bool {
    let is_numeral = |c: char| c.is_ascii_digit() || NUMERALS.contains(c);
    cell.contains('页')
        && cell.contains(is_numeral)
        && cell.chars().all(|c| is_numeral(c) || "第页共总,/、-—()".contains(c))
}

/// Tells whether a cell names a field as programs do: XM, `id_number`, AAC003.
pub(super) fn is_field_code(cell: &str) -> bool {
    let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    1 < letters.len()
        && (cell.len() <= letters.len() + 1 || (letters.len(), cell.len()) == (3, 6))
        && letters.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

/// Tells whether a cell is the date of a signature, filled in or not: 2026.11.20, 年月日, 二〇二六年十一月.
pub(super) fn is_date(cell: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "年月日-./".contains(c);
    let signs = cell.chars().filter(|c| "-./".contains(*c)).count();
    let is_written = |c: char| NUMERALS.contains(c) || "○年月日".contains(c);
    if cell.contains('年') && cell.contains('月') && !cell.starts_with('年') && cell.chars().all(is_written) {
        return true;
    }
    cell.chars().all(is_part) && (cell.contains('月') || (signs == 2 && cell.starts_with(|c: char| c.is_ascii_digit())))
}

/// Tells whether a cell is a telephone number: a mobile one, or one with its area before a hyphen.
pub(super) fn is_phone(cell: &str) -> bool {
    match cell.split_once('-') {
        None => text::is_mobile(cell),
        Some((area, rest)) => (3..=4).contains(&area.len()) && text::is_fixed_line(&format!("{area}{rest}")),
    }
}

/// Tells whether a cell may be a telephone number without its area.
pub(super) fn is_local_phone(cell: &str) -> bool {
    (7..=8).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_digit())
}

/// Tells quickly whether a cell begins as an ID number or a certificate code does; names of fields have letters there.
pub(super) fn begins_a_number(cell: &[u8]) -> bool {
    15 <= cell.len() && cell[0].is_ascii_alphanumeric() && cell[5..10].iter().all(u8::is_ascii_digit)
}

/// Tells quickly whether a cell may be that of an example; the words for one are looked at later.
pub(super) fn may_be_example(cell: &[u8]) -> bool {
    const ABOUT: [u8; 3] = *b"\xE4\xBE\x8B"; // 例
    const LIKE: &[u8] = "如".as_bytes();
    // Its last byte is rarer than its first.
    let has_about = || cell.contains(&ABOUT[2]) && cell.windows(ABOUT.len()).any(|bytes| *bytes == ABOUT);
    !cell.is_ascii() && (cell.starts_with(LIKE) || has_about())
}

/// Tells whether a cell has an ID number or a certificate code in it.
pub(super) fn has_number(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    if bytes.iter().filter(|b| b.is_ascii_digit()).count() < 10 {
        return false;
    }
    let is_code = 18 <= bytes.len() && bytes[0].is_ascii_alphabetic() && bytes[1..11].iter().all(u8::is_ascii_digit);
    text::looks_like_id(cell) || is_code || bytes.windows(17).any(|run| run.iter().all(u8::is_ascii_digit))
}

/// How a number is written out before what it counts.
const NUMERALS: &str = "〇零一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾佰";

/// By what blocks are counted as well.
pub(super) const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";

/// Tells whether a cell is a name as people have them: two to four 汉字, parts with a dot between, or letters.
pub(super) fn is_plain_name(cell: &str) -> bool {
    let long = cell.chars().count();
    match cell.chars().next() {
        Some(first) if first.is_alphabetic() && !is_letter(first) => {
            1 < long && cell.chars().all(|c| c.is_alphabetic() || "·.-'’".contains(c))
        }
        _ => ((2..=LONGEST_PLAIN).contains(&long) && cell.chars().all(is_letter)) || is_name_of_parts(cell),
    }
}

/// Tells whether a cell may be a name where it is the only one of its row: one of any people, but not as long as titles are.
pub(super) fn may_be_name(cell: &str) -> bool {
    let long = cell.chars().count();
    is_plain_name(cell) || ((1..=LONGEST_NAME).contains(&long) && cell.chars().all(is_letter))
}

/// So many 汉字 have the names of most people at most, and a sentence at least.
const LONGEST_PLAIN: usize = 4;

/// So many 汉字 without a dot are still the name of a person.
const LONGEST_NAME: usize = 8;

fn is_letter(c: char) -> bool {
    text::is_han(c) || text::is_private_use(c)
}

fn is_name_of_parts(cell: &str) -> bool {
    const DOTS: [char; 5] = ['·', '•', '・', '‧', '.'];
    cell.contains(DOTS) && cell.split(DOTS).all(|part| !part.is_empty() && part.chars().all(is_letter))
}

/// Tells whether what stands in the column of ID numbers is one of any kind, be it masked or eaten by a spreadsheet.
pub(super) fn is_number_of_a_kind(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let signs = bytes.iter().filter(|b| b.is_ascii_alphanumeric() || **b == b'*').count();
    !is_phone(cell) && 5 <= signs && bytes.iter().any(u8::is_ascii_digit) && !cell.chars().any(text::is_han)
}
