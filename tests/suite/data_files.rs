//! The files under `data`: every text in both languages, and the handbook they make.

use std::collections::BTreeSet;

use skillcert::data::{Catalogue, NOTICES};
use skillcert::domain::rules::{RULES, Safety, Severity, TableFault};
use skillcert::domain::sheet::SkipReason;
use skillcert::failure::FailureKind;
use skillcert::formats::{FileRefusal, RefusalKind};
use skillcert::locale::{ListedRule, RuleFacts, handbook};
use skillcert::words::{Lang, Locale};

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

/// Lists the `{places}` of a text; `{n|one|more}` is the place `n`.
fn places(text: &str) -> BTreeSet<String> {
    text.split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name.split('|').next().unwrap_or_default().to_string())
        .collect()
}

#[test]
fn every_text_is_there_in_both_languages_with_the_same_places() {
    let [zh, en] = BOTH.map(Locale::load);
    assert!(!zh.keys().is_empty());
    assert_eq!(zh.keys(), en.keys());
    for key in zh.keys() {
        assert_eq!(places(zh.text(&key)), places(en.text(&key)), "{key}");
        assert!(!en.text(&key).is_empty() && !zh.text(&key).is_empty(), "{key}");
    }
}

#[test]
fn locale_files_are_valid_toml() {
    for file in ["zh-CN.toml", "en.toml", "zh-CN-rules.toml", "en-rules.toml"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/locales").join(file);
        let text = std::fs::read_to_string(path).expect("a readable file");
        let table: Result<toml::Table, _> = toml::from_str(&text);
        assert!(table.is_ok(), "{file}: {:?}", table.err());
    }
}

#[test]
fn every_refusal_says_what_it_is_and_what_to_do() {
    for locale in BOTH.map(Locale::load) {
        for kind in RefusalKind::ALL {
            let is_systems = matches!(kind, RefusalKind::Unreadable | RefusalKind::Program);
            let detail = if is_systems { "other 17" } else { "17" };
            let failure = locale.refusal(&FileRefusal::new(kind, detail), "名册\u{1b}.xlsx");
            let names_it = matches!(kind, RefusalKind::NoSheet | RefusalKind::BlankHeader | RefusalKind::PersonHeader);
            assert_eq!(failure.kind, if names_it { FailureKind::Usage } else { FailureKind::File });
            let told = failure.to_string();
            assert!(failure.message.contains("名册^[.xlsx"), "{}: {told}", kind.key());
            // What a parser says is for nobody who has the file.
            let tells = told.contains("17") || kind == RefusalKind::Damaged;
            assert!(tells && !told.contains('{') && !told.contains("refusal."), "{}: {told}", kind.key());
            assert!(!failure.hint.is_empty(), "{}", kind.key());
            let bare = locale.refusal(&FileRefusal::new(kind, ""), "a.csv").to_string();
            assert!(!bare.contains('{') && !bare.contains("()") && !bare.contains("（）"), "{}: {bare}", kind.key());
        }
        let too_large =
            |file: &str| locale.refusal(&FileRefusal::new(RefusalKind::TooLarge, "> 1048576 rows"), file).hint;
        let names_sheets = |hint: &str| hint.contains("工作表") || hint.contains("sheets");
        assert!(names_sheets(&too_large("a.xlsx")) && !names_sheets(&too_large("a.CSV")));
        let failure = locale.refusal(&FileRefusal::new(RefusalKind::OpenQuote, "17"), "a.csv");
        assert!(failure.message.contains("17"), "{}", failure.message);
    }
}

#[test]
fn every_closed_list_has_its_words() {
    for locale in BOTH.map(Locale::load) {
        let mut words: Vec<&str> = Severity::ALL.iter().map(|s| locale.severity(*s)).collect();
        words.extend([Safety::Safe, Safety::Unsafe].map(|s| locale.safety(s)));
        words.extend(SkipReason::ALL.map(|r| locale.skip_reason(r)));
        assert!(words.iter().all(|w| !w.contains('.')), "{words:?}");
    }
}

#[test]
fn the_handbook_lists_every_rule_and_its_pages_cite_clauses() {
    let all = Catalogue::built_in();
    for locale in BOTH.map(Locale::load) {
        let list = handbook(&locale, &all);
        assert!(!list.contains("finding.") && !list.contains("severity."), "{list}");
        let listed = ListedRule::all();
        assert_eq!(listed.len(), RULES.len() + TableFault::ALL.len());
        for spec in listed {
            assert!(list.contains(spec.code) && list.contains(spec.name), "{}", spec.code);
            let facts = RuleFacts::find(&locale, &all, spec.code).expect("a page");
            let page = facts.text(&locale);
            assert_eq!(RuleFacts::find(&locale, &all, spec.name).map(|f| f.text(&locale)).as_ref(), Some(&page));
            assert!(!page.contains("finding.") && !page.contains("severity.") && !page.contains('{'), "{page}");
            let told = [&facts.what, &facts.why, &facts.bad, &facts.good];
            assert!(told.iter().all(|t| !t.is_empty() && page.contains(t.as_str())), "{page}");
            assert_eq!(facts.fix.is_empty(), facts.safety.is_empty(), "{page}");
            assert!(page.contains(&facts.fix) && page.contains(&facts.todo), "{page}");
            assert_eq!(facts.todo.is_empty(), !spec.code.starts_with('H'), "{page}");
            let cited: Vec<&str> = page.lines().filter(|l| l.starts_with("  ")).collect();
            assert!(!cited.is_empty(), "{} cites nothing:\n{page}", spec.code);
            for line in cited {
                let id = line.split_whitespace().next().expect("an id");
                let clause = all.clause(id).unwrap_or_else(|| panic!("{}: no clause {id}", spec.code));
                assert!(line.ends_with(&clause.quote), "{line}");
            }
        }
        for (letters, _) in NOTICES {
            assert!(list.lines().any(|l| l.trim_start().starts_with(letters)), "{list}");
        }
        assert!(RuleFacts::find(&locale, &all, "Z99").is_none());
    }
}
