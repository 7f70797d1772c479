//! The READMEs and the pages they lead to, read as one paper in each language: what they say of keys, verbs and options is what the
//! program has.

use std::collections::BTreeSet;

use skillcert::app::command::{COMMANDS, CommandSpec, Keymap, Place};
use skillcert::app::key::Chord;
use skillcert::domain::rules::RULES;
use skillcert::words::{Lang, Locale};

use crate::papers;
use crate::support::{Desk, program, root, verbs};

const EN: &str = concat!(
    include_str!("../../README.md"),
    include_str!("../../docs/workbench.md"),
    include_str!("../../docs/keys.md"),
    include_str!("../../docs/line-mode.md"),
    include_str!("../../docs/verbs.md"),
    include_str!("../../docs/rules.md"),
    include_str!("../../docs/lookup.md"),
    include_str!("../../docs/ledger.md"),
    include_str!("../../docs/deadlines.md"),
    include_str!("../../docs/facts.md"),
    include_str!("../../docs/forms.md"),
    include_str!("../../docs/stock.md"),
    include_str!("../../docs/institutions.md"),
    include_str!("../../docs/profiles.md"),
    include_str!("../../docs/files.md"),
    include_str!("../../docs/state.md"),
    include_str!("../../docs/settings.md"),
    include_str!("../../docs/speed.md"),
    include_str!("../../docs/handover.md"),
);
const ZH: &str = concat!(
    include_str!("../../README.zh-CN.md"),
    include_str!("../../docs/workbench.zh-CN.md"),
    include_str!("../../docs/keys.zh-CN.md"),
    include_str!("../../docs/line-mode.zh-CN.md"),
    include_str!("../../docs/verbs.zh-CN.md"),
    include_str!("../../docs/rules.zh-CN.md"),
    include_str!("../../docs/lookup.zh-CN.md"),
    include_str!("../../docs/ledger.zh-CN.md"),
    include_str!("../../docs/deadlines.zh-CN.md"),
    include_str!("../../docs/facts.zh-CN.md"),
    include_str!("../../docs/forms.zh-CN.md"),
    include_str!("../../docs/stock.zh-CN.md"),
    include_str!("../../docs/institutions.zh-CN.md"),
    include_str!("../../docs/profiles.zh-CN.md"),
    include_str!("../../docs/files.zh-CN.md"),
    include_str!("../../docs/state.zh-CN.md"),
    include_str!("../../docs/settings.zh-CN.md"),
    include_str!("../../docs/speed.zh-CN.md"),
    include_str!("../../docs/handover.zh-CN.md"),
);
const BOTH: [(Lang, &str); 2] = [(Lang::En, EN), (Lang::Zh, ZH)];
/// Lists the lines of the fenced blocks that are commands.
fn commands(readme: &str) -> Vec<&str> {
    let heads = ["cargo ", "skillcert ", "hyperfine ", "/usr/bin/time ", "target/release/skillcert ", ".ci/run"];
    let blocks = readme.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.flat_map(str::lines).filter(|line| heads.iter().any(|head| line.starts_with(head))).collect()
}

/// Writes a command's lines of the key table: one for each set of keys.
fn key_lines(locale: &Locale, spec: &CommandSpec) -> Vec<String> {
    let mut sets: Vec<(Vec<&str>, BTreeSet<Place>)> = Vec::new();
    for place in Place::ALL {
        let keys = spec.keys_in(place);
        if !spec.is_in(place) {
            continue;
        }
        match sets.iter_mut().find(|(k, _)| *k == keys) {
            Some((_, places)) => drop(places.insert(place)),
            None => sets.push((keys, BTreeSet::from([place]))),
        }
    }
    let line = |(keys, places): &(Vec<&str>, BTreeSet<Place>)| {
        let shown = |k: &&str| Chord::read_all(k).iter().map(ToString::to_string).collect::<String>();
        let mut keys: Vec<String> = keys.iter().map(|k| format!("`{}`", shown(k))).collect();
        if keys.is_empty() {
            keys.push(format!("`:{}`", spec.name));
        }
        let comma = locale.text("finding.comma");
        let places: Vec<&str> = places.iter().map(|p| locale.text(p.key())).collect();
        let help = Keymap::default().help(locale, spec.id, &[]);
        format!("| {} | {} | `{}` | {help} |\n", keys.join(" "), places.join(comma), spec.name)
    };
    sets.iter().map(line).collect()
}

/// Whether a line belongs to the table of keys, of which there is one in each language.
fn is_key_line(line: &str) -> bool {
    line.starts_with("| `") && line.matches('|').count() == 5
}

#[test]
fn the_key_table_is_the_command_table() {
    for (lang, tail) in [(Lang::En, ""), (Lang::Zh, ".zh-CN")] {
        let locale = Locale::load(lang);
        let table: String = COMMANDS.iter().flat_map(|spec| key_lines(&locale, spec)).collect();
        let path = root(&format!("docs/keys{tail}.md"));
        let page = std::fs::read_to_string(&path).expect("the page");
        let (before, rest) = page.split_at(page.find("\n| `").expect("a table") + 1);
        let after = rest.find("\n\n").map_or("", |at| &rest[at..]);
        let current = format!("{before}{}{after}", table.trim_end());
        if papers::is_to_write() {
            std::fs::write(&path, &current).expect("written");
        } else {
            assert!(page == current, "{}: {}; the table should be\n{table}", path.display(), papers::WRITES);
        }
    }
    for (_, readme) in BOTH {
        let rows = readme.lines().filter(|line| is_key_line(line)).count();
        let listed: usize = COMMANDS.iter().map(|spec| key_lines(&Locale::load(Lang::En), spec).len()).sum();
        assert!(papers::is_to_write() || rows == listed, "lines that stand for no command");
    }
}

#[test]
fn both_readmes_give_the_same_commands_and_begin_with_the_same_two() {
    let [en, zh] = [EN, ZH].map(commands);
    assert_eq!(en, zh);
    assert_eq!(en[..2], ["cargo run --release -- open data/samples/gansu-2024.xlsx", "cargo test"]);
}

/// Lists the long options that a verb's help names.
fn options(command: &clap::Command) -> Vec<&str> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let found: Vec<&str> = shown.filter_map(clap::Arg::get_long).collect();
    assert!(found.contains(&"help"), "{found:?}");
    found
}

#[test]
fn every_verb_and_option_is_named() {
    for (_, readme) in BOTH {
        for (verb, command) in verbs().chain([("", program())]) {
            assert!(readme.contains(format!("`skillcert {verb}").trim_end()), "{verb}");
            for option in options(command) {
                assert!(readme.contains(&format!("`--{option}")), "{verb:?} {option}");
            }
        }
        for code in 0..=5 {
            assert!(readme.lines().any(|l| l.starts_with(&format!("| {code} | "))), "exit code {code}");
        }
    }
}

#[test]
fn every_family_of_rules_is_named() {
    let families: BTreeSet<char> = RULES.iter().filter_map(|spec| spec.code.chars().next()).collect();
    for (lang, readme) in BOTH {
        let locale = Locale::load(lang);
        for family in &families {
            let title = locale.text(&format!("finding.family.{family}")).to_string();
            assert!(readme.lines().any(|l| l.starts_with(&format!("| {family} | {title} |"))), "{family} {title}");
        }
        // The papers say how many there are by tens, so that a new rule need not touch them.
        let tens = RULES.len() / 10 * 10;
        let said = if lang == Lang::Zh { format!("{tens} 多条规则") } else { format!("more than {tens} rules") };
        assert!(readme.to_lowercase().contains(&said), "{said}");
    }
}

/// What a page shows as the answer of the program is what the program answers.
#[test]
fn what_the_pages_show_is_what_the_program_says() {
    let blocks = |page: &str| {
        let text = std::fs::read_to_string(root(page)).expect("a page");
        let blocks = text.split("```text\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default());
        blocks.map(String::from).collect::<Vec<String>>()
    };
    let desk = Desk::new();
    let sample = root("data/samples/gansu-2024.xlsx");
    for (page, language) in [("docs/verbs.md", "en"), ("docs/verbs.zh-CN.md", "zh")] {
        let said = desk.verb(&["check", sample.to_str().expect("a path"), "--lang", language]).out;
        let shown = blocks(page).remove(0);
        assert!(
            said.starts_with(&shown),
            "{page} shows\n{shown}\n\nthe program says\n{}",
            said.lines().take(shown.lines().count()).collect::<Vec<_>>().join("\n")
        );
    }
    assert_eq!(desk.verb(&["init"]).code, 0);
    for page in ["docs/ledger.md", "docs/ledger.zh-CN.md"] {
        for block in blocks(page).iter().filter(|block| block.starts_with("$ skillcert ledger reserve ")) {
            let (line, shown) = block.split_once('\n').expect("an answer");
            let arguments: Vec<&str> = line.split(' ').skip(2).collect();
            assert_eq!(desk.verb(&arguments).out.trim_end(), shown, "{page}");
        }
    }
}
