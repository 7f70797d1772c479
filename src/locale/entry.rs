//! What stood before and after an entry of the audit chain, in words: a line for each thing that is said, masked as the screen is.
//!
//! The chain keeps it as JSON, whose names stay for good; people read it by the names of columns and acts.

use serde_json::{Map, Value};

use crate::domain::ledger;
use crate::domain::profile_choice::ChosenBy;
use crate::domain::text;
use crate::words::{Locale, NameOfProfile};

/// What says nothing to a person: sums over contents, how columns were recognised, how a series is counted, and what a
/// workbook had besides, which the import facts tell.
const UNTOLD: [&str; 10] =
    ["digest", "beside", "reading", "terms", "looks", "by", "is_person", "group", "lost", "previous"];

/// So many digits of a link of the chain are shown.
const HASH: usize = 12;

impl Locale {
    /// Tells what stood before or after an entry, a line for each thing.
    pub fn entry_side(&self, json: &str, profile: NameOfProfile<'_>) -> Vec<String> {
        let masked = ledger::masked(json);
        let lines = match serde_json::from_str::<Value>(&masked) {
            Ok(Value::Object(all)) => self.lines_of(&all, profile),
            // A side that nobody here can read is shown as it is.
            _ => masked.lines().map(String::from).collect(),
        };
        lines.iter().map(|line| text::visible(line).replace('\n', " ")).collect()
    }

    fn lines_of(&self, all: &Map<String, Value>, profile: NameOfProfile<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        for (key, value) in all.iter().filter(|(key, _)| is_told(key)) {
            match value {
                // What is said of a request, a record or a backup is said line by line.
                Value::Object(inner) if matches!(key.as_str(), "request" | "record" | "records" | "backup") => {
                    lines.extend(self.lines_of(inner, profile));
                }
                Value::Array(items) if !items.is_empty() && items.iter().all(is_line) => {
                    let told = items.iter().filter_map(|item| self.told(key, item, profile));
                    lines.extend(told.map(|told| self.labelled(&self.fact_name(key), &told)));
                }
                value => {
                    lines.extend(self.told(key, value, profile).map(|told| self.labelled(&self.fact_name(key), &told)));
                }
            }
        }
        lines
    }

    /// Tells a value on one line; nothing where it is empty.
    fn told(&self, key: &str, value: &Value, profile: NameOfProfile<'_>) -> Option<String> {
        let comma = self.text("finding.comma");
        let told = match value {
            Value::Null => return None,
            Value::Bool(is_so) => self.text(if *is_so { "audit.yes" } else { "audit.no" }).to_string(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.word(key, text, profile),
            Value::Array(items) => {
                let runs: Option<Vec<String>> = items.iter().map(|item| run_of(item.as_object()?)).collect();
                let of_pairs = || items.iter().map(pair_of).collect::<Option<Vec<String>>>();
                let told = runs.or_else(of_pairs);
                let told = told.unwrap_or_else(|| items.iter().filter_map(|i| self.told(key, i, profile)).collect());
                told.join(comma)
            }
            Value::Object(one) => self.object(one, profile),
        };
        Some(told).filter(|told| !told.is_empty())
    }

    /// Tells several things that belong together.
    fn object(&self, one: &Map<String, Value>, profile: NameOfProfile<'_>) -> String {
        if let Some(run) = run_of(one) {
            return run;
        }
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        if let (Some(row), Some(_)) = (one.get("row").and_then(Value::as_u64), one.get("after")) {
            let (n, what) = ((row + 1).to_string(), self.fact_name(text("field")));
            let places = [("row", &*n), ("what", &*what), ("before", text("before")), ("after", text("after"))];
            return self.fill("audit.edit", &places);
        }
        if let Some(to) = one.get("to").and_then(Value::as_str).filter(|_| one.contains_key("item")) {
            return self.labelled(&self.fact_name(text("item")), to);
        }
        if one.contains_key("label") {
            let field = one.get("field").and_then(Value::as_str);
            let is = field.map_or_else(|| self.text("ui.import.aside").to_string(), |field| self.fact_name(field));
            return format!("{} -> {is}", text("label"));
        }
        let facts = one.iter().filter(|(key, _)| is_told(key)).filter_map(|(key, value)| {
            let told = self.told(key, value, profile)?;
            Some(format!("{} {told}", self.fact_name(key)))
        });
        facts.collect::<Vec<_>>().join(self.text("finding.comma"))
    }

    /// Gives the word for what the chain names by a key.
    fn word(&self, key: &str, own: &str, profile: NameOfProfile<'_>) -> String {
        let word = match key {
            "profile" => profile(own),
            "profile_by" => ChosenBy::read(own).map(|by| self.chosen_by(by)),
            "field" | "item" => Some(self.fact_name(own)),
            "title" => Some(self.step_title(own).into_owned()),
            "hash" => own.get(..HASH).map(String::from),
            // The end of a chain as it is printed: how many entries, and the last link.
            "head" => own.split_once(':').and_then(|(n, hash)| Some(format!("{n}:{}", hash.get(..HASH)?))),
            "since" | "made" | "restored" | "clock" => Some(self.moment(own)),
            _ => self.fact_word(key, own).map(String::from),
        };
        word.unwrap_or_else(|| own.to_string())
    }
}

/// Tells whether a thing of a list needs a line of its own.
fn is_line(item: &Value) -> bool {
    item.as_object().is_some_and(|one| run_of(one).is_none())
}

/// Tells whether what stands under a key is for people.
fn is_told(key: &str) -> bool {
    !UNTOLD.contains(&key) && !key.ends_with("sha256")
}

/// Writes numbers of a series as a run.
fn run_of(one: &Map<String, Value>) -> Option<String> {
    let number = |key: &str| one.get(key).and_then(Value::as_u64);
    let series = one.get("series")?.as_str()?;
    if let Some(high) = number("high") {
        return Some(format!("{series} {high}"));
    }
    let (first, last) = (number("first")?, number("last")?);
    Some(if first == last { format!("{series} {first}") } else { format!("{series} {first}-{last}") })
}

/// Writes two numbers as a run.
fn pair_of(item: &Value) -> Option<String> {
    let [first, last] = item.as_array()?.as_slice() else { return None };
    Some(format!("{}-{}", first.as_u64()?, last.as_u64()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const RUN: &str = r#"{"series":"S000062010001242J*****","first":1,"last":2,"count":2}"#;

    /// A side of every shape that the chain has.
    fn sides() -> Vec<String> {
        let mut sides: Vec<String> = [
            r#"{"file":"名册.csv","sheet":"","profile":"beijing","profile_by":"codes","reading":3}"#,
            r#"{"part":1,"file":"名册.xlsx","sheet":"第二组","first_row":5,"rows":2,"sha256":null}"#,
            r#"{"columns":[{"label":"姓名","field":"name"},{"label":"号","field":null}]}"#,
            r#"{"title":"x","cells":1,"edits":[{"row":1,"field":"name","before":"张小伟","after":"张小炜"}],"rows_aside":1}"#,
            r#"{"title":"x","step":4}"#,
            r#"{"file":"a.csv","rows":2,"sha256":null,"changes":4}"#,
            r#"{"replaced-by":7}"#,
            r#"{"user":"wang","host":"pc-3","since":"2026-11-21T08:00:00Z"}"#,
            r#"{"state":"open","certificate":"S000062010001242J00001","kind":"correct","applied-on":"2026-11-20","request":{"values":[{"item":"name","to":"张小炜"}]}}"#,
            r#"{"state":"open","kind":"reissue","request":{"on":"2026-11-20","cause":"lost","papers":["申请表"]}}"#,
            r#"{"state":"open","kind":"revoke","request":{"benefits-cancelled-on":null,"authority":"某局"}}"#,
            r#"{"state":"approved","reference":"某发 1 号","on":"2026-11-20"}"#,
            r#"{"prefix":"S000062010001","profile":"beijing","kind":"","filed-on":"2024-01-01","contact":"","names":[{"name":"样例站","from":null,"to":null}],"seals":[{"name":"样例章","from":"2024-01-01","electronic-from":null}],"scope":[{"occupation":"焊工","occupation-code":"6-18","work-type":"","levels":[3,4],"standard":""}],"retired":{"on":"2026-01-01","reason":"并入","successor":null}}"#,
            r#"{"records":{"S000062010001242J00001":{"employer":"丙"}}}"#,
        ]
        .map(String::from)
        .into();
        sides.extend([
            format!(r#"{{"rows":2,"sha256":"{DIGEST}"}}"#),
            format!(r#"{{"count":7,"hash":"{DIGEST}","missing":1,"clock":"2026-11-21T08:00:00Z"}}"#),
            format!(
                r#"{{"file":"b.skillcert","sha256":"{DIGEST}","made":"2026-11-21T08:00:00Z","backup":{{"count":7,"hash":"{DIGEST}"}},"missing":1,"known":true,"gaps":[{RUN}],"void":1,"reason":"x"}}"#
            ),
            format!(r#"{{"exported":[{RUN}]}}"#),
            format!(r#"{{"status":"returned","on":"2026-11-21","count":2,"numbers":[{RUN}]}}"#),
            r#"{"series":[{"series":"S000062010001242J*****","high":9}]}"#.to_string(),
            format!(
                r#"{{"file":"名册.csv","profile":"beijing","count":2,"series":[{RUN}],"records_sha256":"{DIGEST}","reserved":true,"on":"2026-11-21"}}"#
            ),
            format!(r#"{{"file":"x.csv","sha256":"{DIGEST}","status":"published","count":2,"same":0,"numbers":[{RUN}]}}"#),
            format!(
                r#"{{"file":"x.xlsx","sha256":"{DIGEST}","year":2026,"lines":4,"masked":true,"head":"7:{DIGEST}"}}"#
            ),
            r#"{"first":3,"last":4,"count":2,"on":"2026-11-21"}"#.to_string(),
        ]);
        sides
    }

    #[test]
    fn no_name_of_the_chain_is_shown_to_anybody() {
        let profile = |id: &str| (id == "beijing").then(|| "北京市".to_string());
        for locale in [Lang::Zh, Lang::En].map(Locale::load) {
            for side in sides() {
                let told = locale.entry_side(&side, &profile);
                let all = told.join("\n");
                assert!(!told.is_empty(), "{side}");
                for wire in ["{", "[", "\"", "beijing", "_", "-on", "张小", &DIGEST[..20]] {
                    assert!(!all.contains(wire), "{wire}: {all}");
                }
                let keys = serde_json::from_str::<Value>(&side).unwrap();
                let parted = ["request", "record", "records", "backup"];
                for key in
                    keys.as_object().unwrap().keys().filter(|key| is_told(key) && !parted.contains(&key.as_str()))
                {
                    let is_word = locale.lang == Lang::En || locale.fact_name(key) != *key;
                    assert!(is_word && !locale.fact_name(key).contains("audit."), "{key}");
                }
            }
        }
    }

    #[test]
    fn it_is_told_as_people_say_it() {
        let locale = Locale::load(Lang::Zh);
        let told = |side: &str| locale.entry_side(side, &|_| None);
        let noted = format!(r#"{{"status":"returned","on":"2026-11-21","count":2,"numbers":[{RUN}]}}"#);
        assert_eq!(told(&noted), ["状态：被退回", "日期：2026-11-21", "个数：2", "编号：S000062010001242J***** 1-2"]);
        assert_eq!(told(&format!(r#"{{"exported":[{RUN}]}}"#)), ["已导出：S000062010001242J***** 1-2"]);
        let asked = r#"{"state":"open","request":{"values":[{"item":"name","to":"张小炜"}]}}"#;
        assert_eq!(told(asked), ["个案：待批准", "改为：姓名：张*炜"]);
        assert_eq!(told(""), [""; 0]);
        assert!(!told("11010519491231002X").concat().contains("19491231"));
    }
}
