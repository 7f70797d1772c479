//! The words of failures: what the system, the parsers and the libraries say in English is told in the user's language.

use std::collections::BTreeMap;
use std::fs::File;
use std::process::Stdio;

use skillcert::data::Catalogue;
use skillcert::locale::{ClauseFacts, ListedRule, RuleFacts, handbook};
use skillcert::words::{Lang, Locale};

use crate::support::{Desk, goods, root};

/// The places of texts that count something; the size of a window is never one.
const COUNTS: [&str; 18] = [
    "n", "number", "rows", "count", "entries", "errors", "others", "skipped", "days", "marked", "changed", "new",
    "same", "gaps", "lines", "segments", "refused", "seq",
];

/// What a verb and its options are called, which is English in every language; more words than these in a row are a sentence.
const IN_A_ROW: usize = 2;

/// Finds a run of English words in a Chinese text, paths, options and names of commands left out.
fn english(text: &str) -> Option<String> {
    let is_name = |word: &str| word.contains(['/', '.', '_', '=']) || word.starts_with('-');
    for line in text.lines() {
        // What a library says is marked as such.
        let line = line.split("（程序库原文：").next().unwrap_or_default();
        let mut row: Vec<&str> = Vec::new();
        for piece in line.split(|c: char| !c.is_ascii()).chain([""]) {
            for word in piece.split_whitespace() {
                let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
                if is_name(word) || bare.is_empty() || !bare.chars().all(|c| c.is_ascii_alphabetic()) {
                    row.clear();
                    continue;
                }
                row.push(bare);
                if IN_A_ROW < row.len() && row[0] != "skillcert" {
                    return Some(row.join(" "));
                }
            }
            row.clear();
        }
    }
    None
}

#[test]
fn the_finder_of_english_finds_it() {
    for (text, found) in [
        ("写不了 a.csv：No space left on device (os error 28)", Some("No space left")),
        ("备份 Permission denied", None),
        ("格式不对（expected a string）", Some("expected a string")),
        ("见 skillcert institution show 1", None),
        ("执行 export LANG=zh_CN.UTF-8 再试", None),
        ("数据库错误 1（程序库原文：no such table here）", None),
        ("/a folder/no such thing/x.csv 不存在", None),
    ] {
        assert_eq!(english(text).as_deref(), found, "{text}");
    }
}

/// The endings and doublings that come of filling one sentence into another.
fn is_badly_filled(text: &str) -> bool {
    let twice =
        ["。。", "：。", "。：", "，。", "；。", "““", "””", "（（", "：：", "。；", " .\n", ".. ", "..\n", ":.", ",."];
    let alone = |text: &str| text.replace("...", "");
    twice.iter().any(|twice| alone(text).contains(twice))
        || text.trim_end().ends_with("..") && !text.trim_end().ends_with("...")
}

#[test]
fn no_failure_speaks_english_in_chinese() {
    let desk = Desk::new();
    let roster = desk.roster("名册.csv", &goods(3));
    let sample = std::fs::read(root("data/samples/gansu-2024.xlsx")).expect("sample");
    desk.put("截断.xlsx", &sample[..sample.len() / 2]);
    let mut broken = sample.clone();
    let middle = broken.len() / 2;
    broken[middle - 2000..middle + 2000].fill(0x55);
    desk.put("损坏.xlsx", &broken);
    desk.put("损坏.zip", b"PK\x03\x04 no more than this");
    desk.put("空.zip", b"");
    desk.put("口令.txt", b"\xff\xfe\n");
    desk.put("锁.age", b"age-encryption.org/v1\n-> scrypt AAAA 99\nAAAA\n--- AAAA\n");
    desk.put("坏.toml", "id = \"x\"\nname = 5\n");
    desk.put("形.toml", "id = \"x\"\nid = \"y\"\n");
    std::fs::create_dir(desk.path("文件夹")).expect("folder");
    std::fs::create_dir(desk.path("文件夹.xlsx")).expect("folder");
    let roster = roster.to_string_lossy().into_owned();
    let at = |name: &str| desk.path(name).to_string_lossy().into_owned();
    assert_eq!(desk.verb(&["init"]).code, 0);
    assert_eq!(desk.verb(&["backup", "-o", &at("好.zip")]).code, 0);
    let good = std::fs::read(desk.path("好.zip")).expect("backup");
    desk.put("截断.zip", &good[..good.len() / 2]);
    let mut altered = good.clone();
    let near_the_end = altered.len() * 2 / 3;
    altered[near_the_end..near_the_end + 64].fill(0x55);
    desk.put("改动.zip", &altered);
    let calls: &[&[&str]] = &[
        &["check", &at("没有.xlsx")],
        &["check", &at("文件夹")],
        &["check", &at("文件夹.xlsx")],
        &["check", &format!("{roster}/里面.csv")],
        &["check", &at("截断.xlsx")],
        &["check", &at("损坏.xlsx")],
        &["check", &at("损坏.zip")],
        &["check", &at(&"长".repeat(100))],
        &["check", &roster, "--format", "xlsx", "-o", &at("没有/报告.xlsx")],
        &["fix", &roster, "-o", &at("没有/改.csv")],
        &["fix", &roster, "-o", &at("文件夹")],
        &["fix", &roster, "-o", &at("文件夹"), "--force"],
        &["export", &roster, "-o", &at("没有/报.xlsx")],
        &["export", &roster, "-o", &format!("{roster}/报.xlsx")],
        &["export", &roster, "-o", "/proc/报.xlsx"],
        &["backup", "-o", &at("没有/备份.zip")],
        &["backup", "-o", &roster],
        &["backup", "-o", "/proc/备份.zip"],
        &["backup", "--passphrase-file", &at("没有.txt")],
        &["backup", "--passphrase-file", &at("文件夹")],
        &["backup", "--passphrase-file", &at("口令.txt")],
        &["restore", &at("没有.zip"), "--yes"],
        &["restore", &at("文件夹"), "--yes"],
        &["restore", &at("损坏.zip"), "--yes"],
        &["restore", &at("截断.zip"), "--yes"],
        &["restore", &at("改动.zip"), "--yes"],
        &["restore", &at("空.zip"), "--yes"],
        &["restore", &roster, "--yes"],
        &["restore", &at("锁.age"), "--yes", "--passphrase-file", &roster],
        &["restore", &at("好.zip"), "--yes", "--to", &format!("{roster}/里面")],
        &["man", &at("没有")],
        &["man", &roster],
        &["profile", "check", &at("没有.toml")],
        &["profile", "check", &at("坏.toml")],
        &["profile", "check", &at("形.toml")],
        &["profile", "check", &at("文件夹")],
        &["profile", "new", "新", "--output", &at("没有/新.toml")],
        &["profile", "new", "new", "--output", &at("没有/new.toml")],
        &["ledger", "import", &at("没有.csv")],
        &["ledger", "import", &at("损坏.xlsx")],
        &["ledger", "export", "--year", "2026", "-o", &at("没有/台账.xlsx")],
        &["audit", "export", "-o", &at("没有/审计.csv")],
        &["institution", "scope", "S000062000000", &at("没有.xlsx")],
        &["decode", "--column", "证书编号", &at("没有.csv")],
        &["case", "export", "1", "-o", &at("没有/更正.xlsx")],
        &["batch", "list", "--home", &roster],
        &["doctor", "--home", &roster],
        &["init", "--home", &format!("{roster}/状态")],
    ];
    for call in calls {
        let ran = desk.verb(&[&["--lang", "zh"], *call].concat());
        assert_ne!(ran.code, 0, "{call:?} does not fail: {}", ran.out);
        assert!(ran.code < 5, "{call:?} is a bug: {}", ran.err);
        assert_eq!(english(&ran.err), None, "{call:?}: {}", ran.err);
        assert!(!is_badly_filled(&ran.err), "{call:?}: {}", ran.err);
        let ran = desk.verb(&[&["--lang", "en"], *call].concat());
        assert!(!ran.err.contains("os error") && !is_badly_filled(&ran.err), "{call:?}: {}", ran.err);
    }
}

#[test]
fn a_full_stdout_is_told_in_chinese_by_every_verb() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["init"]).code, 0);
    let roster = desk.roster("a.csv", &goods(3)).to_string_lossy().into_owned();
    let calls: &[&[&str]] = &[
        &["man"],
        &["completions", "bash"],
        &["--help"],
        &["check", &roster],
        &["check", &roster, "--format", "json"],
        &["fix", &roster, "--dry-run"],
        &["explain"],
        &["explain", "D05"],
        &["decode", "S000062000000261000001"],
        &["lookup", "电工"],
        &["keys"],
        &["doctor"],
        &["backup"],
        &["profile", "list"],
        &["profile", "new", "x", "--output", "-"],
        &["ledger", "series"],
        &["ledger", "verify"],
        &["batch", "list"],
        &["case", "list"],
        &["institution", "list"],
        &["audit", "verify"],
        &["init"],
    ];
    for call in calls {
        let full = File::options().write(true).open("/dev/full").expect("a full device");
        let mut command = desk.command(&[&["--lang", "zh"], *call].concat());
        let output = command.stdout(full).stdin(Stdio::null()).output().expect("started");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{call:?} takes a full device for one that is written");
        assert!(told.contains("磁盘满了"), "{call:?}: {told}");
        assert_eq!(english(&told), None, "{call:?}: {told}");
        assert!(!is_badly_filled(&told), "{call:?}: {told}");
    }
}

#[test]
fn settings_that_are_partly_wrong_are_told_one_by_one_in_chinese() {
    let desk = Desk::new();
    let told = |text: &str, lang: &str| {
        let own = desk.put("own.toml", text);
        let output = desk.command(&["keys", "--lang", lang]).env("SKILLCERT_CONFIG", &own).output().expect("started");
        assert!(output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let partly = "maus = true\nlang = 5\ntheme = \"red\"\nunmask_seconds = 0\n[keys]\nsalve = \"x\"\nfix = \"bogus\"\n\
                  [keys.moon]\nfix = \"x\"\n[keys.grid]\nfix = \"ctrl-z\"\nback = []\nfix-all = \"n\"\n";
    let zh = told(partly, "zh");
    assert_eq!(english(&zh), None, "{zh}");
    assert!(!is_badly_filled(&zh), "{zh}");
    for part in [
        "第 1 行：没有 maus 这项设置",
        "是不是 mouse？",
        "第 2 行：设置 lang 未采用：不能写 5，应为 \"zh\"、\"zh-CN\"、\"en\" 之一",
        "第 3 行：设置 theme",
        "第 4 行：设置 unmask_seconds 未采用：不能写 0，应为 1 到 3600 的整数",
        "第 6 行",
        "第 9 行",
        "没有 moon 这个位置；位置有",
        "名册（grid）",
    ] {
        assert!(zh.contains(part), "{part}: {zh}");
    }
    assert!(!zh.contains("在 grid"), "{zh}");
    let en = told(partly, "en");
    assert!(en.contains("there is no setting maus") && en.contains("Did you mean mouse?"), "{en}");
    for (text, part) in [
        ("mouse = true\nmouse = false\n", "第 2 行第 1 列：不是合法的 TOML 写法，“mouse”重复了"),
        ("lang = \"zh\n", "引号没有成对"),
        ("[keys\n", "括号没有收尾"),
        ("lang = zh\n", "文字要加引号"),
        ("mouse\n", "键后面缺少 ="),
        ("<html>\u{1b}[31m\n", "<html>^["),
    ] {
        let zh = told(text, "zh");
        assert!(zh.contains(part), "{text}: {zh}");
        assert_eq!(english(&zh), None, "{text}: {zh}");
        let en = told(text, "en");
        assert!(en.contains("line ") && en.contains("this is no TOML"), "{text}: {en}");
    }
}

#[test]
fn no_page_and_no_picture_has_a_stop_or_a_quotation_mark_twice() {
    let all = Catalogue::built_in();
    let mut texts = Vec::new();
    for lang in [Lang::Zh, Lang::En] {
        let locale = Locale::load(lang);
        texts.push(handbook(&locale, &all));
        let rules = ListedRule::all().into_iter().filter_map(|listed| RuleFacts::find(&locale, &all, listed.code));
        texts.extend(rules.map(|facts| facts.text(&locale)));
        texts.extend(all.clauses().iter().map(|clause| ClauseFacts::of(&locale, &all, clause).text(&locale)));
    }
    for folder in ["tests/snapshots", "tests/snapshots/places"] {
        let pictures = std::fs::read_dir(root(folder)).expect("pictures").map(|picture| picture.expect("entry").path());
        let pictures = pictures.filter(|path| path.is_file());
        texts.extend(pictures.map(|path| std::fs::read_to_string(path).expect("text")));
    }
    assert!(300 < texts.len(), "{}", texts.len());
    for text in texts {
        assert!(!is_badly_filled(&text), "{text}");
    }
}

/// Lists the texts of a table by their dotted keys.
fn flattened(prefix: &str, table: toml::Table, all: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        match value {
            toml::Value::String(text) => drop(all.insert(format!("{prefix}{key}"), text)),
            toml::Value::Table(inner) => flattened(&format!("{prefix}{key}."), inner, all),
            other => panic!("{prefix}{key} is no text: {other}"),
        }
    }
}

/// A locale is divided at its headers by hand.
#[test]
fn every_text_of_a_file_of_words_is_found() {
    for (lang, name) in [(Lang::Zh, "zh-CN"), (Lang::En, "en")] {
        let locale = Locale::load(lang);
        let file = |name: &str| -> toml::Table {
            let text = std::fs::read_to_string(root(&format!("data/locales/{name}.toml"))).expect("a file of words");
            text.parse().expect("TOML")
        };
        let mut texts = BTreeMap::new();
        flattened("", file(name), &mut texts);
        assert!(2000 < texts.len(), "{}", texts.len());
        assert_eq!(locale.keys(), texts.keys().map(String::as_str).collect::<Vec<_>>());
        for (key, text) in &texts {
            assert_eq!(locale.text(key), text, "{key}");
        }
        let mut pages = BTreeMap::new();
        flattened("", file(&format!("{name}-rules")), &mut pages);
        for (key, text) in &pages {
            let (code, part) = key.split_once('.').expect("a part of a page");
            let page = locale.rule(code).unwrap_or_else(|| panic!("{code} has no page"));
            let parts = [
                ("title", &page.title),
                ("message", &page.message),
                ("why", &page.why),
                ("bad", &page.bad),
                ("good", &page.good),
                ("fix", &page.fix),
                ("todo", &page.todo),
            ];
            assert!(parts.contains(&(part, text)), "{key}");
        }
    }
}

#[test]
fn one_is_counted_as_one_in_english() {
    let locale = Locale::load(Lang::En);
    // What may stand behind a number without being counted by it.
    let uncounted = ["as", "does", "is", "less", "this", "was"];
    for key in locale.keys() {
        let text = locale.text(&key);
        let places = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(place, _)| place);
        let names: Vec<&str> = places.filter(|place| !place.contains([':', '|'])).collect();
        for name in names {
            let mark = "\u{1}1";
            let filled = locale.fill(&key, &[(name, "1")]).replacen('1', mark, 1);
            let behind = filled.split(mark).nth(1).unwrap_or_default().trim_start();
            let word: String = behind.chars().take_while(|c| c.is_ascii_alphabetic() || *c == '-').collect();
            let is_plural = word.ends_with('s') && !word.ends_with("ss") && !uncounted.contains(&word.as_str());
            let is_beside = filled.contains(&format!("{mark} {word}"));
            assert!(
                !(is_plural && is_beside && COUNTS.contains(&name)),
                "{key}: {}",
                locale.fill(&key, &[(name, "1")])
            );
        }
    }
    assert_eq!(locale.fill("status.cells", &[("n", "1")]), "1 cell");
    assert_eq!(locale.fill("status.cells", &[("n", "21")]), "21 cells");
}
