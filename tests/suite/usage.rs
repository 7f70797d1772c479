//! The command line's own words: no sentence of the parser's is left in either language's help and refusals.

use skillcert::cli;
use skillcert::words::{Lang, Locale, PROGRAM_EXAMPLES};
use unicode_width::UnicodeWidthStr;

use crate::support::{Desk, verbs_and_families};

/// What the parser would say by itself.
const PARSERS: [&str; 12] = [
    "[OPTIONS]",
    "[COMMAND]",
    "<COMMAND>",
    "Usage",
    "possible values",
    "Possible values",
    "default:",
    "error:",
    "tip:",
    "For more information",
    "SYNOPSIS",
    "SUBCOMMANDS",
];

#[test]
fn the_chinese_help_of_every_verb_is_chinese() {
    let desk = Desk::new();
    let verbs = verbs_and_families().iter().map(|(verb, _)| verb.as_str());
    for path in verbs.chain([""]) {
        let words: Vec<&str> = path.split_whitespace().collect();
        let arguments = [&words[..], &["--help", "--lang", "zh"]].concat();
        let help = desk.verb(&arguments);
        assert_eq!(help.code, 0, "{path:?}: {}", help.err);
        for words in PARSERS {
            assert!(!help.out.contains(words), "{path:?}: {words} in\n{}", help.out);
        }
    }
}

#[test]
fn refusals_are_in_the_users_words_and_name_what_is_wrong() {
    let desk = Desk::new();
    let refused: [(&[&str], &str, &str); 15] = [
        (&["check"], "缺少 <FILE>", "missing: <FILE>"),
        (&["check", "a", "--formt", "json"], "是不是 --format？", "did you mean --format?"),
        (&["check", "a", "--format", "foo"], "可选：text、json、csv、xlsx", "possible values: text, json, csv, xlsx"),
        (&["check", "a", "--format"], "--format <FORMAT> 后面要写值", "--format <FORMAT> needs a value"),
        (&["explain", "a", "b"], "没有“b”这个选项或参数", "there is no option or argument 'b'"),
        (&["check", "a", "--strict", "--strict"], "--strict 只能写一次", "--strict can be given only once"),
        (&["check", "a", "--batch", "3"], "不能和 --batch <N> 一起用", "cannot be used with --batch <N>"),
        (&["chek"], "是不是 check、checklist？", "did you mean check, checklist?"),
        (&["ledger"], "后面要写命令", "a command must follow"),
        (&["lookup", "a", "--limit", "0"], "应为不小于 1 的整数", "a whole number of at least 1 is needed"),
        (&["lookup", "a", "--limit", "many"], "--limit <N> 不能是“many”", "--limit <N> cannot be 'many'"),
        (
            &["ledger", "void", "S00", "--reason", "a"],
            "<CODE>... 不能是“S00”：应为22位的证书编号",
            "a certificate code of 22 characters is",
        ),
        (
            &["ledger", "next", "S", "--year", "199", "--level", "3"],
            "应为年份，如 2026 或 26",
            "--year <YEAR> cannot be '199'",
        ),
        (&["ledger", "next", "S", "--year", "26", "--level", "9"], "应为等级，1 至 5", "a level from 1 to 5 is needed"),
        (&["\u{1b}[31mred"], "没有“^[[31mred”这个命令", "there is no command '^[[31mred'"),
    ];
    for (arguments, chinese, english) in refused {
        for (lang, words) in [("zh", chinese), ("en", english)] {
            let ran = desk.verb(&[arguments, &["--lang", lang]].concat());
            assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
            assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
            assert!(lang == "en" || !PARSERS.iter().any(|words| ran.err.contains(words)), "{}", ran.err);
        }
    }
}

#[test]
fn manual_pages_have_headings_in_the_users_language() {
    let desk = Desk::new();
    let folder = desk.path("man");
    std::fs::create_dir(&folder).expect("folder");
    let ran = desk.verb(&["--lang".as_ref(), "zh".as_ref(), "man".as_ref(), folder.as_os_str()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut pages = 0;
    for entry in folder.read_dir().expect("folder").flatten() {
        let page = std::fs::read_to_string(entry.path()).expect("page");
        pages += 1;
        assert!(page.contains(".SH 名称") && page.contains(".SH 用法"), "{:?}", entry.path());
        for words in PARSERS {
            assert!(!page.contains(words), "{:?}: {words}", entry.path());
        }
    }
    assert!(40 < pages, "{pages}");
}

/// Cuts a line into words as a shell does, up to where what is written goes on elsewhere.
fn shell_words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            '>' | '|' if !quoted => break,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("a word").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Lists the program, its verbs and its families by their words.
fn all_verbs() -> impl Iterator<Item = &'static str> {
    verbs_and_families().iter().map(|(verb, _)| verb.as_str()).chain([""])
}

fn id_of(verb: &str) -> String {
    if verb.is_empty() { PROGRAM_EXAMPLES.to_string() } else { verb.replace(' ', "-") }
}

#[test]
fn every_verb_has_two_or_three_examples_that_call_it() {
    for locale in Lang::ALL.map(Locale::load) {
        for verb in all_verbs() {
            let id = id_of(verb);
            let examples = locale.examples(&id);
            assert!((2..=3).contains(&examples.len()), "{id}: {}", examples.len());
            for (line, remark) in examples {
                assert!(!remark.is_empty() && remark.width() <= 60, "{id}: {remark}");
                assert!(line.width() <= 116, "{id}: {line}");
                let called = cli::command(&locale).try_get_matches_from(shell_words(line));
                let called = called.unwrap_or_else(|error| panic!("{id}: {line}: {error}"));
                let mut path: Vec<&str> = Vec::new();
                let mut below = &called;
                while let Some((name, matches)) = below.subcommand() {
                    path.push(name);
                    below = matches;
                }
                let path = path.join(" ");
                let is_family =
                    verb.is_empty() || verbs_and_families().iter().any(|(v, c)| v == verb && c.has_subcommands());
                let calls_it = path == verb || is_family && path.starts_with(verb);
                assert!(calls_it, "{id}: {line} calls {path:?}");
            }
        }
        let of_verbs: Vec<String> = all_verbs().map(|verb| format!("examples.{}.", id_of(verb))).collect();
        for key in locale.keys().iter().filter(|key| key.starts_with("examples.")) {
            assert!(of_verbs.iter().any(|verb| key.starts_with(verb)), "{key} is of no verb");
        }
    }
}

#[test]
fn help_and_manual_pages_show_the_examples_first() {
    let desk = Desk::new();
    for (lang, heading, usage) in [(Lang::Zh, "示例：", "用法："), (Lang::En, "Examples:", "Usage:")] {
        let locale = Locale::load(lang);
        let lang = if lang == Lang::Zh { "zh" } else { "en" };
        let folder = desk.folder(&format!("man-{lang}"));
        assert_eq!(desk.verb(&["--lang", lang, "man", folder.to_str().expect("a name")]).code, 0);
        for verb in all_verbs() {
            let words: Vec<&str> = verb.split_whitespace().collect();
            let help = desk.verb(&[&words[..], &["--help", "--lang", lang]].concat()).out;
            let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{verb}: {text} in\n{help}"));
            assert!(at(heading) < at(usage), "{verb}:\n{help}");
            let of_other_width = if lang == "zh" { ":\n" } else { "：\n" };
            assert!(!help.contains(of_other_width), "{verb}:\n{help}");
            let name = ["skillcert", &*verb.replace(' ', "-")].join("-");
            let page = std::fs::read_to_string(folder.join(format!("{}.1", name.trim_end_matches('-')))).expect("page");
            for (line, remark) in locale.examples(&id_of(verb)) {
                // The help breaks lines where the terminal ends.
                let words = |text: &str| text.split_whitespace().collect::<String>();
                assert!(words(&help).contains(&words(line)) && words(&help).contains(&words(remark)), "{verb}: {line}");
                let bare = page.replace("\\-", "-").replace("\\(aq", "'").replace("\\(ti", "~");
                assert!(bare.contains(&format!("\\fB{line}\\fR\n{remark}\n")), "{verb}: {line} in\n{page}");
            }
            assert!(page.contains(locale.text("cli.man-examples")), "{verb}");
        }
    }
}

/// A text that names an option names one that there is, and the verb that it names before has it.
#[test]
fn every_option_that_a_text_names_is_one_of_the_verb_it_names() {
    fn texts(value: &toml::Value, path: &str, all: &mut Vec<(String, String)>) {
        match value {
            toml::Value::String(text) => all.push((path.to_string(), text.clone())),
            toml::Value::Table(table) => {
                table.iter().for_each(|(key, value)| texts(value, &format!("{path}.{key}"), all));
            }
            toml::Value::Array(list) => list.iter().for_each(|value| texts(value, path, all)),
            _ => {}
        }
    }
    let is_of_any = |option: &str| crate::support::verbs().any(|(_, verb)| crate::support::has_option(verb, option));
    let is_global = |option: &str| crate::support::has_option(crate::support::program(), option);
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut wrong = Vec::new();
    for file in ["zh-CN.toml", "en.toml", "zh-CN-rules.toml", "en-rules.toml"] {
        let read = std::fs::read_to_string(crate::support::root(&format!("data/locales/{file}"))).expect("a locale");
        let mut all = Vec::new();
        texts(&toml::Value::Table(read.parse().expect("TOML")), "", &mut all);
        for (path, text) in all {
            for (at, _) in text.match_indices("--") {
                let option: String = text[at + 2..].chars().take_while(|c| is_letter(*c)).collect();
                let is_begun = text[..at].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-');
                if !is_begun || !option.starts_with(|c: char| c.is_ascii_lowercase()) {
                    continue;
                }
                // The verb that is written out before it, if one is.
                let before = text[..at].rfind("skillcert ").map(|from| &text[from + "skillcert ".len()..at]);
                let is_call = |words: &&str| words.is_ascii() && !words.contains(['.', ';', '`', '(', ')', '"']);
                let named = before.filter(is_call).and_then(|words| {
                    let verbs = crate::support::verbs().filter(|(path, _)| {
                        words == *path || words.strip_prefix(path).is_some_and(|rest| rest.starts_with(' '))
                    });
                    verbs.max_by_key(|(path, _)| path.len())
                });
                let has = match named {
                    Some((_, verb)) => crate::support::has_option(verb, &option) || is_global(&option),
                    None => is_of_any(&option) || is_global(&option),
                };
                if !has {
                    wrong.push(format!("{file}{path}: --{option} {}", named.map_or("", |(verb, _)| verb)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Only the verb that has the option is told of it.
#[test]
fn whoever_cannot_take_a_file_as_it_is_is_not_told_how() {
    let desk = Desk::new();
    let mut rows = crate::support::goods(2);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    let said = |line: &[&str]| {
        let ran = desk.verb(line);
        ran.out + &ran.err
    };
    let prefix = "S000062010001";
    said(&["institution", "add", prefix, "--name", &rows[0][9], "--profile", "gansu-competition"]);
    said(&["ledger", "allocate", "a.csv", "--prefix", prefix]);
    desk.folder("pictures");
    let photos = said(&["print", "photos", &desk.name("pictures"), "a.csv"]);
    assert!(photos.contains("用的是这一批") && !photos.contains("--as-is"), "{photos}");
    let exported = said(&["export", "a.csv", "--output", "up.csv"]);
    assert!(exported.contains("--as-is"), "{exported}");
}
