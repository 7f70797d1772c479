//! The language of lists that go out: Chinese whatever the screen speaks, English where that is asked for.

use std::path::Path;

use calamine::{Reader, open_workbook_auto};
use skillcert::words::{Lang, Locale};

use crate::cases::verbs::{BEIJING, desk};
use crate::support::{Desk, has_option, spoiled, verbs};

/// What tells in which language a list is.
enum Told {
    Key(&'static str),
    Words(&'static str, &'static str),
}

use Told::{Key, Words};

const DATES: Told = Words("日期要写成", "write the date as");

/// Every verb that writes a list in words, the file it is written to at the end, and what tells the language of it.
const LISTS: &[(&[&str], Told)] = &[
    (&["check", "r.csv", "--format", "xlsx", "-o", "a.xlsx"], DATES),
    (&["check", "r.csv", "--format", "csv", "-o", "a.csv"], DATES),
    (&["check", "r.csv", "-o", "a.txt"], DATES),
    (&["check", "r.csv", "s.csv", "-o", "a.txt"], Words("行", "rows")),
    (&["check", "r.csv", "s.csv", "--format", "csv", "-o", "a.csv"], DATES),
    (&["check", "r.csv", "--format", "xlsx", "--for-answers", "-o", "a.xlsx"], Key("answers.sheet")),
    (&["template", "gansu-competition", "-o", "a.xlsx"], Key("template.notes")),
    (&["summary", "r.csv", "--format", "xlsx", "-o", "a.xlsx"], Key("summary.sheet")),
    (&["compare", "r.csv", "s.csv", "--format", "xlsx", "-o", "a.xlsx"], Key("versions.sheet")),
    (&["ledger", "export", "--year", "2022", "-o", "a.xlsx"], Words("年台账", "2022")),
    (&["statistics", "-o", "a.xlsx"], Key("statistics.sheet")),
    (&["due", "--format", "csv", "-o", "a.csv"], Key("due.column.standing")),
    (&["audit", "export", "-o", "a.xlsx"], Key("audit.sheet")),
    (&["case", "export", "1", "-o", "a.xlsx"], Key("case.sheet-correction")),
];

fn filled_desk() -> Desk {
    let desk = desk();
    desk.roster("r.csv", &spoiled());
    desk.roster("s.csv", &spoiled()[..11]);
    let open = ["case", "open", "correct", BEIJING, "--set", "姓名=张玮", "--reason", "x", "--home", "state"];
    assert_eq!(desk.verb(&open).code, 0);
    desk
}

/// Everything a file says.
fn said(path: &Path) -> String {
    if path.extension().is_none_or(|ending| ending != "xlsx") {
        return std::fs::read_to_string(path).expect("a text");
    }
    let mut book = open_workbook_auto(path).expect("a workbook");
    let mut all = book.sheet_names().join("\n");
    for (_, range) in book.worksheets() {
        range.rows().flatten().for_each(|cell| all += &format!("\n{cell}"));
    }
    all
}

fn is_in(lang: Lang, told: &Told, said: &str) -> bool {
    match (told, lang) {
        (Key(key), _) => said.contains(Locale::load(lang).text(key)),
        (Words(zh, _), Lang::Zh) => said.contains(zh),
        (Words(zh, en), Lang::En) => said.contains(en) && !said.contains(zh),
    }
}

#[test]
fn lists_are_chinese_whatever_the_screen_speaks_and_english_where_asked_for() {
    let desk = filled_desk();
    let write = |words: &[&str], more: &[&str]| {
        let path = desk.path(words.last().expect("a file"));
        let name = words.last().expect("a file");
        for old in [path.clone(), desk.path(&format!("{name}.manifest.json"))] {
            let _ = std::fs::remove_file(old);
        }
        let ran = desk.verb(&[words, &["--home", "state"], more].concat());
        assert!(ran.code <= 1 && path.exists(), "{words:?}: {}", ran.err);
        (said(&path), ran.err)
    };
    for (words, told) in LISTS {
        for (more, lang) in [
            (&["--lang", "en"][..], Lang::Zh),
            (&["--lang", "zh"], Lang::Zh),
            (&["--lang", "zh", "--report-lang", "en"], Lang::En),
            (&["--lang", "en", "--report-lang", "zh"], Lang::Zh),
        ] {
            let (said, _) = write(words, more);
            assert!(is_in(lang, told, &said), "{words:?} {more:?}:\n{said}");
        }
    }
    // What is said of the file is for the clerk.
    let (_, err) = write(LISTS[0].0, &["--lang", "en", "--report-lang", "zh"]);
    assert!(err.is_ascii() && !err.is_empty(), "{err}");
}

#[test]
fn every_verb_with_words_in_its_list_takes_the_language() {
    for (verb, command) in verbs() {
        let is_listed = LISTS.iter().any(|(words, _)| words.join(" ").starts_with(&format!("{verb} ")));
        assert_eq!(has_option(command, "report-lang"), is_listed, "{verb}");
    }
}

#[test]
fn the_public_list_has_no_words_but_those_of_the_form() {
    let desk = filled_desk();
    let ran = desk.verb(&["export", "r.csv", "--masked", "-o", "p.xlsx", "--lang", "en"]);
    assert!(ran.code <= 1, "{}", ran.err);
    assert!(said(&desk.path("p.xlsx")).contains("公示名单"));
}

#[test]
fn the_setting_holds_where_no_option_is_given() {
    let desk = filled_desk();
    desk.put("state/config.toml", "report_lang = \"en\"\n");
    for (more, lang) in [(&[][..], Lang::En), (&["--report-lang", "zh"], Lang::Zh)] {
        let list = ["check", "r.csv", "--format", "xlsx", "-o", "a.xlsx", "--force", "--home", "state", "--lang", "zh"];
        assert_eq!(desk.verb(&[&list[..], more].concat()).code, 1);
        assert!(is_in(lang, &DATES, &said(&desk.path("a.xlsx"))), "{more:?}");
    }
    assert_eq!(desk.verb(&["check", "r.csv", "--report-lang", "de"]).code, 2);
}
