//! Personal values inside an audit entry, masked as on the screen: which they are is told by the JSON's keys.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error, StrDeserializer};
use serde_json::Value;

use crate::domain::sheet::Field;
use crate::domain::text;

/// Keys besides those of the fields that hold something personal, and the field that is masked the same way.
const KEYS: [(&str, Field); 7] = [
    ("pinyin", Field::Name),
    ("person", Field::Name),
    ("holder", Field::Name),
    ("contact", Field::Name),
    // Facts that are somebody's.
    ("people", Field::Name),
    ("phone", Field::IdNumber),
    // The file of a photo is often called like the person.
    ("photo", Field::IdNumber),
];

/// Keys under which an object names the field whose values stand in it.
const NAMING: [&str; 2] = ["field", "item"];

/// Keys under which these values stand.
const VALUES: [&str; 6] = ["before", "after", "old", "new", "value", "to"];

/// Keys under which institutions stand: their names and those of their seals are nobody's own.
const OF_INSTITUTIONS: [&str; 2] = ["names", "seals"];

/// Under which a workbook's other sheets stand: they have names as well, and are nobody.
const OF_SHEETS: &str = "others";

/// Masks the personal values of an entry's `before` or `after`; what is no JSON is masked where it looks like an ID number.
pub fn masked(json: &str) -> String {
    if json.is_empty() {
        return String::new();
    }
    match serde_json::from_str::<Value>(json) {
        Ok(mut value) => {
            mask(&mut value, None);
            value.to_string()
        }
        Err(_) => plain(json),
    }
}

/// Masks a value that stands under no key of its own.
fn plain(text: &str) -> String {
    if text::looks_like_id(text) { text::masked_number(text) } else { text::masked_sentence(text) }
}

fn field_of(key: &str) -> Option<Field> {
    let read = |key: &str| {
        let word: StrDeserializer<'_, Error> = key.into_deserializer();
        Field::deserialize(word).ok()
    };
    let known = |key: &str| KEYS.iter().find(|(k, _)| *k == key).map(|(_, field)| *field).or_else(|| read(key));
    let bare = ["old-", "new-", "previous-"].iter().find_map(|prefix| key.strip_prefix(prefix));
    known(key).or_else(|| bare.and_then(known))
}

/// Masks a value; `field` is what the keys above it say it is.
fn mask(value: &mut Value, field: Option<Field>) {
    match value {
        Value::Object(map) => {
            let named = NAMING.iter().find_map(|key| map.get(*key)?.as_str()).and_then(field_of);
            for (key, inner) in map.iter_mut().filter(|(key, _)| !OF_INSTITUTIONS.contains(&key.as_str())) {
                if key == OF_SHEETS {
                    mask_sheets(inner);
                    continue;
                }
                let own = if VALUES.contains(&key.as_str()) { named } else { field_of(key) };
                mask(inner, own.or(field));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| mask(inner, field)),
        Value::String(text) => *text = field.map_or_else(|| plain(text), |field| field.masked(text)),
        Value::Number(number) if field.is_some_and(Field::is_personal) => {
            *value = Value::String(field.map_or_else(String::new, |field| field.masked(&number.to_string())));
        }
        _ => {}
    }
}

/// Masks what looks like an ID number in what is told of sheets.
fn mask_sheets(value: &mut Value) {
    match value {
        Value::Object(map) => map.values_mut().for_each(mask_sheets),
        Value::Array(list) => list.iter_mut().for_each(mask_sheets),
        Value::String(text) => *text = plain(text),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_are_masked_wherever_they_stand() {
        let id = "11010519491231002X";
        let hidden = [
            format!(r#"{{"name":"欧阳建国","id-number":"{id}"}}"#),
            format!(r#"{{"edits":[{{"row":3,"field":"name","before":"欧阳建国","after":"{id}"}}]}}"#),
            r#"{"request":{"values":[{"item":"name","to":"欧阳建国"},{"item":"photo","to":"欧阳建国.jpg"}]}}"#
                .to_string(),
            format!(r#"{{"edits":[{{"field":"id-number","before":"{id}","after":"欧阳建国"}}]}}"#),
            format!(
                r#"{{"before":{{"old-name":"欧阳建国"}},"snapshot":{{"holder":{{"name":"欧阳建国","code":"{id}"}}}}}}"#
            ),
            format!(r#"{{"name":["欧阳建国",{{"text":"欧阳建国"}}],"employer":"{id}"}}"#),
            format!(r#"{{"facts":{{"address":"{id}"}},"people":{{"contact-name":"欧阳建国","mobile":"{id}"}}}}"#),
            format!(r#"{{"pinyin":"欧阳建国","contact":"欧阳建国 {id}"}}"#),
            id.to_string(),
            format!("\"{id}\""),
            r#"{"id-number":110105194912310027}"#.to_string(),
            format!(r#"{{"beside":{{"others":[{{"name":"{id}"}}]}}}}"#),
        ];
        for json in hidden {
            let masked = masked(&json);
            assert!(!masked.contains("欧阳建国") && !masked.contains(id), "{masked}");
            assert!(!masked.contains("110105194912310027"), "{masked}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for json in [
            "",
            "{}",
            r#"{"file":"名册.csv","rows":120,"sha256":"ab"}"#,
            r#"{"title":"修改 姓名 第7行","edits":[{"row":5,"field":"employer","before":"甲公司","after":"乙公司"}]}"#,
            r#"{"code":"S000062010001242J00001","status":"void"}"#,
            r#"{"file":"a.xlsx","sheet":"一班","beside":{"others":[{"name":"填表说明","rows":12},{"name":"二班"}]}}"#,
            r#"{"prefix":"S000062010001","names":[{"name":"样例大赛组委会"}],"seals":[{"name":"样例专用章"}]}"#,
        ] {
            assert_eq!(masked(json), json);
        }
    }
}
