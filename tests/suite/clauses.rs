//! The clauses of the notices: every one is there, told in both languages, and carried by something that exists.

use std::collections::BTreeSet;

use serde_json::Value;
use skillcert::data::{self, Carrier, Catalogue, Clause, ClauseKind, NOTICES};
use skillcert::domain::rules::{Detail, RULES, RuleId, clause_of};
use skillcert::domain::text;
use skillcert::locale::{ClauseFacts, clause_list};
use skillcert::words::{Lang, Locale};

use crate::support::Desk;

const BOTH: [Lang; 2] = [Lang::Zh, Lang::En];

/// References to rules, forms and profile keys that are not part of the program yet, as `NOTICE reference`. The set is
/// exact: what has landed must be taken off.
const EXPECTED_SOON: &[&str] = &[];

/// Lists the profiles a clause may look into: its notice's own, or for one between the notices all of them.
fn profiles_of(clause: &Clause) -> Vec<String> {
    match NOTICES.iter().find(|(letters, _)| *letters == clause.notice()) {
        Some((_, Some(id))) => vec![(*id).to_string()],
        Some((_, None)) => data::profiles().iter().map(|p| p.id.clone()).collect(),
        None => panic!("{} belongs to no notice", clause.id),
    }
}

/// Tells whether a reference leads somewhere.
fn resolves(clause: &Clause, carrier: Carrier, locale: &Locale) -> bool {
    let told = |key: String| locale.text(&key) != key;
    let catalogue = Catalogue::built_in();
    match carrier {
        Carrier::Rule(code) => RuleId::find(code).is_some_and(|rule| rule.spec().code == code),
        Carrier::Sheet(id) => catalogue.sheet(id).is_some() || catalogue.form(id).is_some(),
        Carrier::Profile(key) => profiles_of(clause).iter().any(|id| catalogue.profile_value(id, key).is_some()),
        Carrier::Program(key) => told(format!("clause.program.{key}")),
        Carrier::Reason(key) => told(format!("clause.reason.{key}")),
    }
}

#[test]
fn every_clause_is_there_in_both_languages() {
    let counts = [("GS", 48), ("SC", 40), ("GD", 70), ("BJ", 73), ("GZ", 39), ("X", 25)];
    let all = Catalogue::built_in();
    assert_eq!(all.clauses().len(), 295);
    for (letters, count) in counts {
        let clauses = all.clauses_of(letters);
        assert_eq!(clauses.len(), count, "{letters}");
        for (i, clause) in clauses.iter().enumerate() {
            assert_eq!(clause.id, format!("{letters}-{:02}", i + 1));
            assert_eq!(clause.document, clauses[0].document, "{}", clause.id);
        }
    }
    let han = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    for clause in data::clauses() {
        for text in [&clause.document, &clause.quote, &clause.what, &clause.what_en] {
            assert_eq!((text.trim(), text.is_empty()), (text.as_str(), false), "{}", clause.id);
        }
        assert!(han(&clause.what) && clause.what.ends_with('。'), "{}: {}", clause.id, clause.what);
        assert!(clause.what_en.is_char_boundary(1) && clause.what_en.ends_with('.'), "{}", clause.id);
        assert!(clause.what_en.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()), "{}", clause.id);
    }
}

#[test]
fn every_clause_that_data_can_keep_names_what_carries_it() {
    let locale = Locale::load(Lang::Zh);
    let mut soon = BTreeSet::new();
    for clause in data::clauses() {
        let carriers: Vec<Carrier> = clause.carriers().collect();
        assert_eq!(
            carriers.len(),
            clause.carried_by.split_whitespace().count(),
            "{}: {}",
            clause.id,
            clause.carried_by
        );
        assert_eq!(carriers.len(), carriers.iter().collect::<BTreeSet<_>>().len(), "{}: twice", clause.id);
        assert!(!clause.kind.must_be_carried() || !carriers.is_empty(), "nothing carries {}", clause.id);
        for carrier in carriers {
            if !resolves(clause, carrier, &locale) {
                let (kind, key) = carrier.parts();
                // Texts are here, not elsewhere: a missing one is a slip.
                assert!(!matches!(carrier, Carrier::Program(_) | Carrier::Reason(_)), "{}: {kind}:{key}", clause.id);
                soon.insert(format!("{} {kind}:{key}", clause.notice()));
            }
        }
    }
    let expected: BTreeSet<String> = EXPECTED_SOON.iter().map(|s| (*s).to_string()).collect();
    let unknown: Vec<&String> = soon.difference(&expected).collect();
    assert!(unknown.is_empty(), "these lead nowhere: {unknown:#?}");
    let landed: Vec<&String> = expected.difference(&soon).collect();
    assert!(landed.is_empty(), "these have landed, take them off the list: {landed:#?}");
}

/// A reference that leads nowhere is seen as such.
#[test]
fn a_false_reference_is_seen() {
    let locale = Locale::load(Lang::En);
    let clause = data::clause("GS-37").expect("the clause");
    let leads = |word: &str| resolves(clause, Carrier::read(word).expect("a reference"), &locale);
    for good in ["rule:W01", "profile:empty_work_type.text", "sheet:upload-11", "program:mask", "reason:conduct"] {
        assert!(leads(good), "{good}");
    }
    for bad in ["rule:Z99", "rule:w01", "profile:empty_work_type.nothing", "profile:nothing", "sheet:upload-12"] {
        assert!(!leads(bad), "{bad}");
    }
    assert!(!leads("program:nothing") && !leads("reason:nothing"));
}

#[test]
fn every_text_about_clauses_is_used() {
    let used: BTreeSet<String> = data::clauses()
        .iter()
        .flat_map(Clause::carriers)
        .filter(|c| matches!(c, Carrier::Program(_) | Carrier::Reason(_)))
        .map(|c| format!("clause.{}.{}", c.parts().0, c.parts().1))
        .chain(ClauseKind::ALL.map(|kind| format!("clause.kind.{}", kind.key())))
        .collect();
    for locale in BOTH.map(Locale::load) {
        let parts = ["clause.program.", "clause.reason.", "clause.kind."];
        let told = locale.keys().into_iter().filter(|k| parts.iter().any(|p| k.starts_with(p)));
        assert_eq!(told.collect::<BTreeSet<_>>(), used);
    }
    let kinds: BTreeSet<&str> = data::clauses().iter().map(|c| c.kind.key()).collect();
    assert_eq!(kinds.len(), ClauseKind::ALL.len());
}

/// Each page tells the clause's own words, what is done and where; no key of a text shows through.
#[test]
fn every_clause_has_its_page() {
    let all = Catalogue::built_in();
    for locale in BOTH.map(Locale::load) {
        for clause in data::clauses() {
            let page = ClauseFacts::of(&locale, &all, clause).text(&locale);
            let what = if locale.lang == Lang::Zh { &clause.what } else { &clause.what_en };
            for text in [&clause.id, &clause.document, &text::quotation(&clause.quote), what] {
                assert!(page.contains(text.as_str()), "{page}");
            }
            assert!(!page.contains("clause.") && !page.contains('{'), "{page}");
            // A clause between the notices may find its key in several profiles, or so far in none.
            let lines = page.lines().filter(|l| l.starts_with("  ")).count();
            assert!(clause.notice() == "X" || clause.carriers().count().max(1) <= lines, "{page}");
        }
        let list = clause_list(&locale, &all, "sc").expect("a list");
        assert_eq!(list.lines().count(), 41, "{list}");
        assert!(clause_list(&locale, &all, "SD").is_none());
    }
}

#[test]
fn a_page_tells_where_a_clause_went() {
    let desk = Desk::new();
    let gs = desk.verb(&["explain", "GS-14"]).out;
    let note = &data::profile("gansu-competition").expect("a profile").notes[0];
    for part in ["GS-14", "甘人社通〔2024〕302号", "C01", "证书编号不是22位", note.text.as_str()] {
        assert!(gs.contains(part), "{part}\n{gs}");
    }
    let city = desk.verb(&["explain", "gs-19", "--lang", "en"]).out;
    for part in ["C04", "region in no table", "gansu-competition.toml, segment: positions 8-9 city or prefecture"] {
        assert!(city.contains(part), "{part}\n{city}");
    }
    assert!(!city.contains("serial"), "other segments are shown:\n{city}");
    let letter = desk.verb(&["explain", "GS-25"]).out;
    assert!(letter.contains("第17位 识别代码 = J"), "{letter}");
    let column = desk.verb(&["explain", "GS-44", "--lang", "en"]).out;
    assert!(column.contains("upload-11") && column.contains("发证机构"), "{column}");
}

#[test]
fn clauses_are_explained_on_the_command_line() {
    let desk = Desk::new();
    let zh = desk.verb(&["explain", "BJ-25"]);
    assert_eq!((zh.code, zh.err.as_str()), (0, ""));
    for part in ["BJ-25", "京职技鉴发〔2022〕10号", "姓名和证件号码，只能更正其中一项", "更正和补发", "程序怎么做"]
    {
        assert!(zh.out.contains(part), "{part}\n{}", zh.out);
    }
    let en = desk.verb(&["explain", "bj25", "--lang", "en"]);
    assert_eq!(en.code, 0);
    for part in ["BJ-25", "姓名和证件号码，只能更正其中一项", "What the program does", "only one"] {
        assert!(en.out.contains(part), "{part}\n{}", en.out);
    }
    for typed in ["bj-25", "BJ 25", "ＢＪ２５"] {
        assert_eq!(desk.verb(&["explain", typed]).out, zh.out, "{typed}");
    }
    let rule = desk.verb(&["explain", "D05", "--lang", "en"]).out;
    for part in ["id-check-digit", "What: ", "Why: ", "Bad example: ", "Good example: ", "Fix: ", "GS-33"] {
        assert!(rule.contains(part), "{part}\n{rule}");
    }
    let list = desk.verb(&["explain", "bj"]).out;
    assert_eq!(list.lines().count(), 74, "{list}");
    assert!(list.lines().any(|l| l.contains("BJ-25") && l.contains("只能更正其中一项")), "{list}");
}

#[test]
fn unknown_topics_name_what_comes_nearest() {
    let desk = Desk::new();
    for (typed, near) in [
        ("XX-99", "X-09"),
        ("BJ-99", "BJ-09"),
        ("D55", "D05"),
        ("id-chek-digit", "id-check-digit"),
        ("level", "level-form"),
    ] {
        let ran = desk.verb(&["explain", typed]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{typed}");
        assert!(ran.err.contains(typed) && ran.err.contains(near), "{}", ran.err);
    }
    for typed in [String::new(), "天".repeat(20_000), "-".to_string() + &"9".repeat(5000)] {
        let ran = desk.verb(&["explain", "--", &typed]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.len() < 1000, "{}", ran.err);
    }
}

#[test]
fn explanations_are_there_for_programs_too() {
    let desk = Desk::new();
    let json = |topic: &[&str]| -> Value {
        let ran = desk.verb(&[&["explain", "--format", "json"], topic].concat());
        assert_eq!(ran.code, 0, "{topic:?}");
        serde_json::from_str(&ran.out).expect("JSON")
    };
    let clause = json(&["GS-14"]);
    assert_eq!((&clause["id"], &clause["kind"]), (&"GS-14".into(), &"code".into()));
    let place = &clause["where"][0];
    assert_eq!((&place["kind"], &place["key"]), (&"rule".into(), &"C01".into()));
    assert_eq!(clause["notes"][0]["profile"], "gansu-competition");
    let rule = json(&["C05"]);
    assert_eq!((&rule["code"], &rule["name"]), (&"C05".into(), &"code-year".into()));
    let cited: Vec<&str> = rule["clauses"].as_array().expect("list").iter().filter_map(|c| c["id"].as_str()).collect();
    assert!(cited.contains(&"GS-23") && cited.contains(&"GD-41"), "{cited:?}");
    assert_eq!(json(&["BJ"])["clauses"].as_array().map(Vec::len), Some(73));
    assert_eq!(json(&[])["clauses"].as_array().map(Vec::len), Some(295));
}

/// Whoever checks a roster of Beijing is held to Beijing's notice, also on a form that comes from another one.
#[test]
fn no_finding_cites_another_notice_than_its_profile_names() {
    let all = Catalogue::built_in();
    let notice = |clause: &str| clause.split_once('-').map(|(letters, _)| letters.to_string());
    for profile in &all.profiles {
        let text = &all.source(&profile.id).expect("a source").text;
        let own = notice(&profile.empty_work_type.clause);
        let may_cite = |clause: &str| {
            [own.as_deref(), Some("X")].contains(&notice(clause).as_deref()) || text.contains(&format!("\"{clause}\""))
        };
        for sheet in profile.sheets.iter().filter_map(|id| all.sheet(id)) {
            for rule in RULES {
                for field in rule.reads {
                    let segments = 0..profile.layout.segments().len() as u8;
                    for detail in segments.map(Detail::Segment).chain([Detail::None]) {
                        let clause = clause_of(profile, sheet, rule.id, *field, detail);
                        let place = format!("{} on {} in {}", rule.code, field.key(), sheet.id);
                        assert!(clause.is_empty() || may_cite(clause), "{}: {place} cites {clause}", profile.id);
                        assert!(sheet.column(*field).is_none() || !clause.is_empty(), "{place} cites nothing");
                    }
                }
            }
            assert!(may_cite(profile.form_clause(sheet)), "{} on {}", profile.id, sheet.id);
        }
    }
}

#[test]
fn a_roster_and_an_institution_are_told_the_clauses_of_their_own_notice() {
    let desk = Desk::new();
    let table = "姓名,证件类型,证件号码,所在单位,职业名称,工种/职业方向,职业技能等级,证书编号,发证日期,评价机构,发证机构\n\
                 张伟,201,11010519491231002X,样例公司,电工,——,三级,S00001108400122300000,2022/11/08,样例学校,样例学校\n";
    std::fs::write(desk.path("r.csv"), table).expect("a file");
    let told = desk.verb(&["check", "r.csv", "--profile", "beijing", "--format", "json"]).out;
    let told: serde_json::Value = serde_json::from_str(&told).expect("json");
    let clauses: BTreeSet<(String, String)> = told["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|f| (f["rule"].as_str().unwrap_or_default().into(), f["clause"].as_str().unwrap_or_default().into()))
        .collect();
    assert!(clauses.contains(&("C01".into(), "BJ-40".into())), "{clauses:?}");
    assert!(clauses.contains(&("A01".into(), "BJ-64".into())), "{clauses:?}");
    assert!(clauses.iter().all(|(_, clause)| !clause.starts_with("GS")), "{clauses:?}");

    let filed = |profile: &str, prefix: &str| {
        let args = ["institution", "add", prefix, "--profile", profile, "--name", "样例学校", "--reason", "登记"];
        desk.verb(&args).err
    };
    let (gansu, beijing) = (filed("gansu-competition", "S00006201"), filed("beijing", "S00001108"));
    assert!(!gansu.contains("BJ-") && beijing.contains("BJ-54"), "{gansu}\n{beijing}");
    let page = desk.verb(&["explain", "U08"]).out;
    assert!(page.contains("BJ-17") && !page.contains("GS-"), "{page}");
}
