//! The command line's own words: no sentence of the parser's is left in either language's help and refusals.

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
        (&["chek"], "是不是 check？", "did you mean check?"),
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
