//! Looking things up in the tables as they are, and `skillcert lookup`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;
use skillcert::data::{Catalogue, Occupation, UserTables};
use skillcert::domain::lookup::{EntryKind, Index};
use skillcert::locale::lookup_entries;
use skillcert::words::{Lang, Locale};
use unicode_width::UnicodeWidthStr;

use crate::support::{Desk, raw_controls};

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    typed: String,
    kind: String,
    code: String,
    text: String,
    #[serde(default)]
    note: String,
}

fn today() -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2026, 11, 21)
}

/// What is built in, and an occupation of the user's.
fn catalogue() -> Catalogue {
    let electrician = Occupation { code: "6-31-01-03".into(), name: "电工".into(), work_type: String::new() };
    let user_tables = UserTables { occupations: vec![electrician], ..UserTables::default() };
    Catalogue { user_tables, ..Catalogue::built_in() }
}

#[test]
fn what_is_meant_comes_first() {
    let cases: Cases = toml::from_str(include_str!("../cases/lookup.toml")).expect("cases");
    let index = Index::build(lookup_entries(&Locale::load(Lang::Zh), &catalogue(), today()));
    for case in cases.case {
        let hits = index.search(&case.typed, None, 3);
        let first = hits.first().and_then(|hit| index.entry(hit.at)).unwrap_or_else(|| panic!("{}", case.typed));
        let is_meant = first.kind.key() == case.kind
            && first.code == case.code
            && first.text.contains(&case.text)
            && first.note.contains(&case.note);
        assert!(is_meant, "{} finds {first:?}", case.typed);
    }
}

#[test]
fn every_kind_is_there_and_named_in_both_languages() {
    for lang in [Lang::Zh, Lang::En] {
        let locale = Locale::load(lang);
        let entries = lookup_entries(&locale, &catalogue(), today());
        let kinds: BTreeSet<EntryKind> = entries.iter().map(|e| e.kind).collect();
        assert_eq!(kinds, EntryKind::ALL.into());
        let names: BTreeSet<&str> = EntryKind::ALL.iter().map(|k| locale.entry_kind(*k)).collect();
        assert!(names.len() == EntryKind::ALL.len() && !names.iter().any(|n| n.contains('.')), "{names:?}");
        for entry in &entries {
            assert!(!entry.text.is_empty() && !entry.table.is_empty(), "{entry:?}");
            assert!(![&entry.text, &entry.note].iter().any(|t| t.contains(['{', '}'])), "{entry:?}");
        }
    }
}

#[test]
fn lines_stand_in_columns_as_a_terminal_draws_them() {
    let desk = Desk::new();
    let ran = desk.verb(&["lookup", "兰州", "--limit", "3"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("地区      01      兰州市    "), "{}", ran.out);
    let column = |line: &str, word: &str| line.find(word).map(|at| line[..at].width());
    assert_eq!(column(lines[0], "兰州市"), column(lines[1], "兰州市"));
    assert_eq!(column(lines[0], "兰州市"), column(lines[2], "兰州新区"));
}

#[test]
fn one_area_code_finds_the_offices_of_its_province_and_the_users_own_replace_them() {
    let desk = Desk::new();
    let found = |typed: &str| {
        let ran = desk.verb(&["lookup", typed, "--kind", "contact"]);
        ran.out.lines().map(String::from).collect::<Vec<_>>()
    };
    let offices = found("0851");
    assert_eq!(offices.len(), 9, "{offices:?}");
    assert!(offices.iter().all(|line| line.contains("贵州省")), "{offices:?}");
    assert!(offices[..3].iter().all(|line| line.contains("0851-")), "{offices:?}");
    let table = "地区,单位,电话,事项\n贵州省,省职业技能鉴定中心,0851-00000000,证书数据\n";
    let tables = desk.path("home/.local/share/skillcert/tables");
    std::fs::create_dir_all(&tables).expect("a folder");
    std::fs::write(tables.join("contacts.csv"), table).expect("written");
    let offices = found("0851");
    assert!(offices.len() == 1 && offices[0].contains("省职业技能鉴定中心"), "{offices:?}");
    assert_eq!(found("0931").len(), 2, "other provinces stay as they are printed");
}

#[test]
fn json_has_a_list_with_five_texts_each() {
    let desk = Desk::new();
    let ran = desk.verb(&["lookup", "lzs", "--format", "json", "--kind", "region"]);
    assert_eq!(ran.code, 0);
    let found: Value = serde_json::from_str(&ran.out).expect("JSON");
    let found = &found["entries"];
    let first = found[0].as_object().expect("object");
    assert_eq!(first.keys().collect::<Vec<_>>(), ["kind", "code", "text", "note", "table"]);
    assert_eq!(
        (&first["kind"], &first["code"], &first["table"]),
        (&"region".into(), &"01".into(), &"gansu-competition".into())
    );
    assert!(found.as_array().expect("list").iter().all(|e| e["kind"] == "region"));
    let nothing = desk.verb(&["lookup", "没有这样的词", "--format", "json"]);
    assert_eq!(nothing.code, 1);
    let nothing: Value = serde_json::from_str(&nothing.out).expect("JSON");
    assert_eq!(nothing["entries"], Value::Array(Vec::new()));
}

#[test]
fn exit_codes_and_hostile_terms() {
    let desk = Desk::new();
    for (words, code) in [
        (vec!["lookup"], 2),
        (vec!["lookup", "201", "--kind", "nonsense"], 2),
        (vec!["lookup", "201", "--limit", "0"], 2),
        (vec!["lookup", "201", "--format", "csv"], 2),
        (vec!["lookup", "201"], 0),
        (vec!["lookup", ""], 1),
        (vec!["lookup", "", "--kind", "level"], 0),
        (vec!["lookup", "\u{1b}[2J\u{202E}"], 1),
        (vec!["--lang", "en", "lookup", "台账"], 0),
    ] {
        let ran = desk.verb(&words);
        assert_eq!(ran.code, code, "{words:?}\n{}{}", ran.out, ran.err);
        assert_eq!(code == 0, ran.err.is_empty(), "{words:?}\n{}", ran.err);
        assert!(raw_controls(&ran.out).is_empty() && raw_controls(&ran.err).is_empty(), "{words:?}");
    }
    let long = desk.verb(&["lookup", &"兰".repeat(30_000)]);
    assert_eq!(long.code, 1);
}
