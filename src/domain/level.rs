//! Skill levels (职业技能等级) and the many ways they are written.

use serde::{Deserialize, Serialize};

use super::text;

/// One of the five levels of the upload standard: 1 is the highest (高级技师), 5 the lowest (初级工).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8")]
pub struct Level(u8);

/// The way a level is written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LevelForm {
    /// `2`
    Digit,
    /// `二级`
    Grade,
    /// `技师`
    Title,
}

/// How a text reads as a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelReading {
    /// One of the three forms the upload standard names (GS-39).
    Exact(Level),
    /// A title without 工, as annex 1 of the Gansu notice prints it: accepted with a warning.
    Short(Level),
    /// Another form that can mean only this level.
    Other(Level),
    /// Wording of the abolished vocational qualification levels (国家职业资格三级).
    Qualification(Level),
    /// A level that exists, but not in the upload table: 学徒工, 特级技师, 首席技师.
    Outside,
    /// Two levels or more, as in 三级/四级.
    Several,
    Unknown,
}

impl LevelReading {
    /// Gives the level, in whatever form it is written.
    pub fn level(self) -> Option<Level> {
        match self {
            LevelReading::Exact(l)
            | LevelReading::Short(l)
            | LevelReading::Other(l)
            | LevelReading::Qualification(l) => Some(l),
            LevelReading::Outside | LevelReading::Several | LevelReading::Unknown => None,
        }
    }
}

const GRADES: [&str; 5] = ["一级", "二级", "三级", "四级", "五级"];
impl TryFrom<u8> for Level {
    type Error = &'static str;

    fn try_from(digit: u8) -> Result<Level, &'static str> {
        Level::new(digit).ok_or("a level is a digit from 1 to 5")
    }
}

const TITLES: [&str; 5] = ["高级技师", "技师", "高级工", "中级工", "初级工"];
const SHORT: [&str; 3] = ["高级", "中级", "初级"];
const NUMERALS: [&str; 5] = ["一", "二", "三", "四", "五"];
const CAPITALS: [&str; 5] = ["壹", "贰", "叁", "肆", "伍"];
const ROMAN: [[&str; 2]; 5] = [["Ⅰ", "I"], ["Ⅱ", "II"], ["Ⅲ", "III"], ["Ⅳ", "IV"], ["Ⅴ", "V"]];

impl Level {
    /// Makes a level from its digit, 1 to 5.
    pub fn new(digit: u8) -> Option<Level> {
        (1..=5).contains(&digit).then_some(Level(digit))
    }

    /// Gives the digit, 1 to 5.
    pub fn digit(self) -> u8 {
        self.0
    }

    /// Tells in which of the standard's forms a text has this level.
    pub fn form_of(self, text: &str) -> Option<LevelForm> {
        [LevelForm::Digit, LevelForm::Grade, LevelForm::Title].into_iter().find(|form| self.written(*form) == text)
    }

    /// Writes the level in one of the standard's forms.
    pub fn written(self, form: LevelForm) -> String {
        let index = usize::from(self.0 - 1);
        match form {
            LevelForm::Digit => self.0.to_string(),
            LevelForm::Grade => GRADES[index].to_string(),
            LevelForm::Title => TITLES[index].to_string(),
        }
    }
}

/// Reads a text as a level; never fails.
pub fn read(raw: &str) -> LevelReading {
    let position =
        |list: &[&str; 5], text: &str| list.iter().position(|t| *t == text).and_then(|i| Level::new(i as u8 + 1));
    if let [digit @ b'1'..=b'5'] = raw.as_bytes() {
        return LevelReading::Exact(Level(digit - b'0'));
    }
    if let Some(level) = position(&GRADES, raw).or_else(|| position(&TITLES, raw)) {
        return LevelReading::Exact(level);
    }
    match raw {
        "高级" => return LevelReading::Short(Level(3)),
        "中级" => return LevelReading::Short(Level(4)),
        "初级" => return LevelReading::Short(Level(5)),
        _ => {}
    }
    let tidy = text::compact(raw);
    if ["学徒工", "特级技师", "首席技师"].contains(&tidy.as_ref()) {
        return LevelReading::Outside;
    }
    match one_level(&tidy) {
        Some(level) if tidy.contains(QUALIFICATION) => LevelReading::Qualification(level),
        Some(level) => LevelReading::Other(level),
        None if 1 < several(raw).len() => LevelReading::Several,
        None => LevelReading::Unknown,
    }
}

/// What stands before the level of an abolished vocational qualification, with 国家 before it or without.
const QUALIFICATION: &str = "职业资格";

/// Leaves that out.
fn without_qualification(part: &str) -> &str {
    part.strip_prefix("国家").unwrap_or(part).strip_prefix(QUALIFICATION).unwrap_or(part)
}

/// What stands between two levels in a cell, besides blanks.
const BETWEEN: [char; 16] = ['/', '(', ')', '、', ',', ';', '-', '—', '–', '|', '+', '~', '和', '或', '至', '及'];

/// Lists the different levels that a text names and nothing else, each as it is written first.
pub fn several(text: &str) -> Vec<String> {
    let plain: String = text::trimmed(text).chars().map(text::half_width).collect();
    let is_end = |c: char| BETWEEN.contains(&c) || text::is_blank(c) || text::is_control(c);
    let mut found: Vec<(Level, &str)> = Vec::new();
    let mut take = |level: Level, part| {
        if found.iter().all(|(known, _)| *known != level) {
            found.push((level, part));
        }
    };
    for part in plain.split(is_end).filter(|part| !part.is_empty()) {
        match (one_level(part), two_glued(without_qualification(part))) {
            (Some(level), _) => take(level, part),
            (None, Some([first, second])) => [first, second].into_iter().for_each(|(level, part)| take(level, part)),
            (None, None) => return Vec::new(),
        }
    }
    found.into_iter().map(|(_, part)| part.to_string()).collect()
}

/// Reads a list of levels: `3`, `三级/高级工`, `1-3`, `一级、二级`; each once, the highest first.
///
/// Nothing is an empty list; `None` when something of it is no level.
pub fn read_list(text: &str) -> Option<Vec<Level>> {
    let one = |word: &str| read(word.trim()).level();
    let mut all = Vec::new();
    let is_end = |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | '/' | '\n' | '\r') || text::is_blank(c);
    for word in text.split(is_end).filter(|w| !w.is_empty()) {
        match word.split_once(['-', '~', '～', '至', '—', '－']) {
            Some((from, to)) => {
                let (from, to) = (one(from)?.digit(), one(to)?.digit());
                all.extend((from.min(to)..=from.max(to)).filter_map(Level::new));
            }
            None => all.push(one(word)?),
        }
    }
    all.sort_unstable();
    all.dedup();
    Some(all)
}

/// Reads `三`, `3级`, `3.0`, `Ⅲ级`, `三级/高级工`, `高级工（三级）`, `三级高级工`, `高级工（国家职业资格三级）`: every part must name the same level.
fn one_level(text: &str) -> Option<Level> {
    let mut found = None;
    for part in text.split(['/', '(', ')', '、', ',', ';', '-', '—', '–']).filter(|p| !p.is_empty()) {
        let part = without_qualification(part);
        let glued = || two_glued(part).filter(|[first, second]| first.0 == second.0).map(|[first, _]| first.0);
        let level = simple(part).or_else(glued)?;
        if found.is_some_and(|l| l != level) {
            return None;
        }
        found = Some(level);
    }
    found
}

/// Reads a level that is written once.
fn simple(part: &str) -> Option<Level> {
    let stem = part.strip_suffix('级').unwrap_or_else(|| text::whole_number(part));
    let index = (0..5).find(|&i| {
        [NUMERALS[i], GRADES[i], TITLES[i]].contains(&part)
            || [NUMERALS[i], CAPITALS[i]].contains(&stem)
            || ROMAN[i].contains(&stem)
            || stem.as_bytes() == [b'1' + i as u8]
    });
    let short = match part {
        "高级" | "高级技能" => Some(2),
        "中级" | "中级技能" => Some(3),
        "初级" | "初级技能" => Some(4),
        _ => None,
    };
    Level::new(index.or(short)? as u8 + 1)
}

/// Reads 三级工, which may mean 三级, or a grade of pay as there were eight of, the lowest first.
pub fn of_worker(text: &str) -> Option<Level> {
    let tidy = text::compact(text);
    let grade = tidy.strip_suffix('工').filter(|grade| grade.ends_with('级') && !SHORT.contains(grade))?;
    simple(grade)
}

/// Reads two levels with nothing between them, of which one is a grade and the other a title; 中级技师 is none of the two.
fn two_glued(part: &str) -> Option<[(Level, &str); 2]> {
    let is_grade = |text: &str| text.ends_with('级') && simple(text).is_some() && !SHORT.contains(&text);
    let places = part.char_indices().skip(1).map(|(at, _)| part.split_at(at));
    let (first, second) = places.into_iter().find(|(first, second)| {
        is_grade(first) && simple(second).is_some_and(|_| second.ends_with(['级', '工', '师']))
            || is_grade(second) && simple(first).is_some_and(|_| first.ends_with(['级', '工', '师']))
    })?;
    Some([(simple(first)?, first), (simple(second)?, second)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_the_standard() {
        for (i, forms) in [
            ["1", "一级", "高级技师"],
            ["2", "二级", "技师"],
            ["3", "三级", "高级工"],
            ["4", "四级", "中级工"],
            ["5", "五级", "初级工"],
        ]
        .iter()
        .enumerate()
        {
            for form in forms {
                assert_eq!(read(form), LevelReading::Exact(Level(i as u8 + 1)), "{form}");
            }
        }
    }

    #[test]
    fn reads_lists_and_spans() {
        for (text, digits) in [
            ("", vec![]),
            ("3", vec![3]),
            ("三级、四级", vec![3, 4]),
            ("3-5", vec![3, 4, 5]),
            ("五级至三级", vec![3, 4, 5]),
            ("三级/高级工，四级/中级工", vec![3, 4]),
            ("高级工\n技师", vec![2, 3]),
        ] {
            let read = read_list(text).map(|all| all.iter().map(|l| l.digit()).collect::<Vec<u8>>());
            assert_eq!(read, Some(digits), "{text}");
        }
        for text in ["九级", "三级、特级技师", "3-", "全部"] {
            assert_eq!(read_list(text), None, "{text}");
        }
    }

    #[test]
    fn reads_other_forms_only_when_they_agree_with_themselves() {
        for text in
            ["三", "3级", "3.0", "3.00", "叁级", "Ⅲ", "Ⅲ级", "III级", "三级/高级工", "高级工（三级）", "３", " 三级 "]
                .into_iter()
                .chain([
                    "三级\n高级工",
                    "三级,高级工",
                    "三级，高级工",
                    "三级 高级工",
                    "三级高级工",
                    "高级工三级",
                    "三级高级",
                    "3级；高级工",
                ])
        {
            assert_eq!(read(text), LevelReading::Other(Level(3)), "{text}");
        }
        for text in
            ["国家职业资格三级", "高级工（国家职业资格三级）", "高级工/国家职业资格三级", "国家职业资格三级（高级工）"]
        {
            assert_eq!(read(text), LevelReading::Qualification(Level(3)), "{text}");
        }
        for text in ["三级（高级技能）", "三级—高级工", "三级——高级工"] {
            assert_eq!(read(text), LevelReading::Other(Level(3)), "{text}");
        }
        // A wage grade of old had eight steps, the lowest first.
        assert_eq!(read("三级工"), LevelReading::Unknown);
        let of_worker = |text| super::of_worker(text).map(Level::digit);
        assert_eq!(
            ["三级工", "3 级工", "高级工", "八级工", "三级"].map(of_worker),
            [Some(3), Some(3), None, None, None]
        );
        assert_eq!(read("高级"), LevelReading::Short(Level(3)));
        assert_eq!(read("特级技师"), LevelReading::Outside);
        for text in ["", "6", "中级技师", "高级高级工", "三级/特级", "/", "级", "33", "三三", "三级电工"]
        {
            assert_eq!(read(text), LevelReading::Unknown, "{text}");
        }
        for (text, parts) in [
            ("三级/中级工", ["三级", "中级工"]),
            ("三级、三级，4", ["三级", "4"]),
            ("3 4", ["3", "4"]),
            ("高级工（四级）", ["高级工", "四级"]),
            ("三级\n中级工", ["三级", "中级工"]),
            ("三级，四级", ["三级", "四级"]),
            ("三级中级工", ["三级", "中级工"]),
            ("三级高级技师", ["三级", "高级技师"]),
            ("三级四级", ["三级", "四级"]),
            ("三级或四级", ["三级", "四级"]),
            ("高级工（国家职业资格四级）", ["高级工", "国家职业资格四级"]),
            ("三级—四级", ["三级", "四级"]),
        ] {
            assert_eq!((read(text), several(text)), (LevelReading::Several, parts.map(String::from).into()), "{text}");
        }
    }
}
