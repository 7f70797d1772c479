//! What stands above a table (表头上方的栏目): `大赛名称：…`, read by the labels that the same form is printed with.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::text;

/// So many characters of a value are kept.
const KEPT: usize = 200;

/// The part of a printed form that is above its table.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct SheetHead {
    #[serde(default, rename = "field")]
    fields: Vec<HeadField>,
}

/// What one label asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct HeadField {
    /// The id of the fact.
    pub id: String,
    pub label: String,
    /// What else organisers call it.
    #[serde(default)]
    synonyms: Vec<String>,
    #[serde(default)]
    personal: bool,
    #[serde(default, rename = "type")]
    kind: String,
}

impl HeadField {
    /// Tells whether what stands there may be somebody's.
    pub fn is_personal(&self) -> bool {
        self.personal || self.kind == "telephone"
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.label).chain(&self.synonyms).map(String::as_str)
    }
}

/// A label that was found in a row: where it begins, where its value does, and what it asks for.
struct Found<'a> {
    at: usize,
    end: usize,
    field: &'a HeadField,
}

impl SheetHead {
    /// Tells whether anything is looked for.
    pub fn has_labels(&self) -> bool {
        !self.fields.is_empty()
    }

    pub fn field(&self, id: &str) -> Option<&HeadField> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// Reads what stands above a table, by the ids of the facts; of a label that stands twice the first counts.
    pub fn read(&self, above: &[Vec<String>]) -> BTreeMap<String, String> {
        let mut values = BTreeMap::new();
        for row in above.iter().filter(|_| !self.fields.is_empty()) {
            // A label and its value may stand in one cell, or beside each other.
            let text = row.join("\t");
            let mut found: Vec<Found<'_>> = self.fields.iter().filter_map(|field| find(&text, field)).collect();
            found.sort_by_key(|one| one.at);
            for (nth, one) in found.iter().enumerate() {
                let until = found.get(nth + 1).map_or(text.len(), |next| next.at);
                let value = text.get(one.end..until).map(value_of).unwrap_or_default();
                if !value.is_empty() {
                    values.entry(one.field.id.clone()).or_insert(value);
                }
            }
        }
        values
    }
}

/// Finds the first place where a name of a field is a label: at the beginning of a cell or behind a blank, and before a colon or the
/// end of its cell. What stands in brackets behind it is a remark.
fn find<'a>(text: &str, field: &'a HeadField) -> Option<Found<'a>> {
    let is_blank = |c: char| c.is_whitespace() || matches!(c, ';' | '；' | ',' | '，');
    field.names().find_map(|name| {
        text.match_indices(name).find_map(|(at, _)| {
            let is_begun = text[..at].chars().next_back().is_none_or(is_blank);
            let mut end = at + name.len();
            let rest = |end: usize| text[end..].trim_start_matches([' ', '\u{3000}']);
            if let Some(close) = rest(end).find([')', '）']).filter(|_| rest(end).starts_with(['(', '（'])) {
                let begin = text.len() - rest(end).len();
                end = begin + close + rest(end)[close..].chars().next().map_or(0, char::len_utf8);
            }
            let rest = rest(end);
            let begin = text.len() - rest.len();
            let is_label = rest.starts_with([':', '：', '\t']);
            (is_begun && is_label).then(|| Found {
                at,
                end: begin + rest.chars().next().map_or(0, char::len_utf8),
                field,
            })
        })
    })
}

/// Takes blanks, colons and lines to write on off a value.
fn value_of(text: &str) -> String {
    let is_frame = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '_' | '＿' | ';' | '；' | '，' | ',');
    let inner = text.trim_matches(is_frame).replace(['\t', '\n', '\r'], " ");
    let hidden = inner.chars().any(|c| text::is_hidden(c) && !text::is_blank(c));
    if hidden {
        String::new()
    } else {
        inner.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(KEPT).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[&[&str]]) -> Vec<(String, String)> {
        let head: SheetHead = toml::from_str(
            "[[field]]\nid = 'contest'\nlabel = '大赛名称'\n[[field]]\nid = 'organiser'\nlabel = '大赛牵头主办单位名称'\nsynonyms = ['主办单位']\n\
             [[field]]\nid = 'telephone'\nlabel = '联系电话'\ntype = 'telephone'\n[[field]]\nid = 'responsible'\nlabel = '大赛牵头主办单位负责人'\n",
        )
        .expect("a head");
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|c| (*c).to_string()).collect()).collect();
        head.read(&rows).into_iter().collect()
    }

    fn pair(id: &str, value: &str) -> (String, String) {
        (id.to_string(), value.to_string())
    }

    #[test]
    fn a_head_is_read_as_organisers_fill_it() {
        let told = read(&[
            &["四川省省级职业技能竞赛获奖选手获取职业证书申报汇总表"],
            &["大赛名称：2021年四川省焊工大赛", "", ""],
            &["大赛牵头主办单位名称（盖章）：四川省总工会", "", "联系电话: 028-86123456"],
            &["大赛牵头主办单位负责人：", "王建国"],
        ]);
        let wanted = [
            pair("contest", "2021年四川省焊工大赛"),
            pair("organiser", "四川省总工会"),
            pair("responsible", "王建国"),
            pair("telephone", "028-86123456"),
        ];
        assert_eq!(told, wanted);
        // In one cell, in cells of their own, under another name.
        let told = read(&[&["大赛名称", "焊工大赛"], &["主办单位：总工会　联系电话：028-1"]]);
        assert_eq!(told, [pair("contest", "焊工大赛"), pair("organiser", "总工会"), pair("telephone", "028-1")]);
    }

    #[test]
    fn what_is_not_filled_in_or_no_label_says_nothing() {
        assert_eq!(read(&[&["大赛名称：________", "联系电话："]]), []);
        assert_eq!(read(&[&["请核对联系电话：无误", "某大赛名称：甲"]]), []);
        assert_eq!(read(&[&["大赛名称：a\u{202E}b"]]), []);
    }
}
