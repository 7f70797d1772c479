//! The recipes of `CONTRIBUTING.md`, followed for what is there already: a recipe that no longer fits the house fails.
//!
//! A numbered step begins with a path and, in parentheses, what stands in that file: ``1. `data/sheets/<form>.toml` (`id`): …``.
//! In the locales that is a key, elsewhere a text. `<form>` is filled in from an example; `<any>` stands for one name and
//! `<path>` for a path, and one file that fits is enough. A step that names what only some examples have is followed for those.

use std::collections::BTreeMap;
use std::fs;

use skillcert::app::ledger::Tab;
use skillcert::domain::rules::RULES;

use super::read;
use crate::support::{root, verbs};

/// Verbs without a family that have no file of their own: the workbench, and two that share a file.
const APART: [&str; 3] = ["open", "man", "completions"];

type Example = BTreeMap<&'static str, String>;

struct Recipe {
    title: String,
    steps: Vec<Step>,
}

struct Step {
    path: String,
    holds: Vec<String>,
}

fn recipes() -> Vec<Recipe> {
    let mut all: Vec<Recipe> = Vec::new();
    for line in read("CONTRIBUTING.md").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            all.push(Recipe { title: title.to_string(), steps: Vec::new() });
        }
        let Some((number, step)) = line.split_once(". `") else { continue };
        if number.parse::<usize>().is_err() {
            continue;
        }
        let recipe = all.last_mut().expect("a step below a heading");
        assert_eq!(number.parse(), Ok(recipe.steps.len() + 1), "{}: {line}", recipe.title);
        let (path, rest) = step.split_once('`').expect("a path");
        let holds = rest.strip_prefix(" (`").and_then(|rest| rest.split_once("`)")).map_or("", |(inside, _)| inside);
        let holds = holds.split("`, `").filter(|text| !text.is_empty()).map(String::from).collect();
        recipe.steps.push(Step { path: path.to_string(), holds });
    }
    all.retain(|recipe| !recipe.steps.is_empty());
    all
}

/// What is there of a recipe's kind.
fn examples(title: &str) -> Vec<Example> {
    let one = |name, value: &str| Example::from([(name, value.to_string())]);
    match title {
        "A rule" => RULES.iter().map(|rule| rule_example(rule.code, rule.name)).collect(),
        "A verb" => {
            let alone = verbs().map(|(verb, _)| verb).filter(|verb| !verb.contains(' ') && !APART.contains(verb));
            let names = |verb: &str| {
                let named: String = verb.split('-').map(capital).collect();
                [("verb", verb.to_string()), ("file", verb.replace('-', "_")), ("Verb", named)]
            };
            alone.map(|verb| Example::from(names(verb))).collect()
        }
        "A tab of the ledger pane" => {
            let names = Tab::ALL.iter().map(|tab| format!("{tab:?}"));
            names.map(|tab| Example::from([("tab", tab.to_lowercase()), ("Tab", tab)])).collect()
        }
        "A form" => stems("data/sheets").iter().map(|form| one("form", form)).collect(),
        "An event of the ledger" => read("src/domain/ledger/action/mod.rs").lines().filter_map(event_example).collect(),
        "A setting" => settings().iter().map(|setting| one("setting", setting)).collect(),
        other => panic!("no examples of a recipe for {other}"),
    }
}

/// A rule, with the name that code has for it where the words tell it from others.
fn rule_example(code: &str, name: &str) -> Example {
    let mut example = Example::from([("CODE", code.to_string()), ("name", name.to_string())]);
    let named = format!(": RuleId = RuleId::of(\"{code}\");");
    let catalogue = read("src/domain/rules/catalogue.rs");
    let constant = catalogue.lines().find_map(|line| line.trim().strip_prefix("pub const ")?.strip_suffix(&named));
    let is_worded = |constant: &&str| {
        let says = |stem: &String| has(&format!("src/words/{stem}.rs"), &format!("RuleId::{constant}"));
        stems("src/words").iter().any(says)
    };
    if let Some(constant) = constant.filter(is_worded) {
        example.insert("Constant", constant.to_string());
    }
    example
}

/// What happens to numbers and cases, from its line in the table of actions: `"case.open" CaseOpen(CaseId, (), CaseOpened);`.
fn event_example(line: &str) -> Option<Example> {
    let (key, rest) = line.trim().strip_prefix('"')?.split_once("\" ")?;
    let (action, payload) = rest.strip_suffix(");")?.split_once('(')?;
    let (room, verb) = key.split_once('.').filter(|(room, _)| ["ledger", "case"].contains(room))?;
    let (_, payload) = payload.rsplit_once(", ")?;
    let all = [("room", room), ("verb", verb), ("Action", action), ("Payload", payload)];
    Some(all.map(|(name, value)| (name, value.to_string())).into())
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

fn stems(folder: &str) -> Vec<String> {
    let files = fs::read_dir(root(folder)).expect("folder").flatten().map(|entry| entry.path());
    files.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect()
}

/// The settings that people write: the keys have a page of their own, and of the tour the program takes note itself.
fn settings() -> Vec<String> {
    let source: String = read("src/data/settings.rs").split_whitespace().collect();
    let table = source.split("constSETTINGS").nth(1).and_then(|rest| rest.split("];").next()).expect("the table");
    let names = table.split("(\"").filter_map(|rest| Some(rest.split_once("\",SettingKind::")?.0.to_string()));
    names.filter(|name| !["keys", "limits", "tour"].contains(&name.as_str())).collect()
}

fn filled(text: &str, example: &Example) -> String {
    example.iter().fold(text.to_string(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

/// The files that a path may mean: `x.rs` may be `x/mod.rs`.
fn meant(path: &str) -> Vec<String> {
    if let Some((before, after)) = path.split_once("<any>").or_else(|| path.split_once("<path>")) {
        let mut found = Vec::new();
        let mut open = vec![before.trim_end_matches('/').to_string()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(root(&folder)).into_iter().flatten().flatten() {
                let path_here = format!("{folder}/{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    open.extend(path.contains("<path>").then_some(path_here));
                } else if path_here.ends_with(after) {
                    found.push(path_here);
                }
            }
        }
        return found;
    }
    let inside = path.strip_suffix(".rs").map(|stem| format!("{stem}/mod.rs"));
    [Some(path.to_string()), inside].into_iter().flatten().filter(|path| root(path).is_file()).collect()
}

fn has(path: &str, text: &str) -> bool {
    if !path.starts_with("data/locales/") {
        return read(path).contains(text);
    }
    let table = toml::Value::Table(read(path).parse().expect("TOML"));
    text.split('.').try_fold(&table, |value, key| value.get(key)).is_some()
}

/// Whether an example has all that a step names.
fn is_followed(step: &Step, example: &Example) -> bool {
    let text = filled(&format!("{} {}", step.path, step.holds.concat()), example);
    !text.replace("<any>", "").replace("<path>", "").contains('<')
}

/// Whether a file that a step means holds all that the step says.
fn fits(step: &Step, example: &Example) -> bool {
    let holds: Vec<String> = step.holds.iter().map(|text| filled(text, example)).collect();
    let path = filled(&step.path, example);
    meant(&path).iter().any(|path| holds.iter().all(|text| has(path, text)))
}

#[test]
fn recipes_fit_what_is_there() {
    let all = recipes();
    let titles: Vec<&str> = all.iter().map(|recipe| recipe.title.as_str()).collect();
    let expected = ["A rule", "A verb", "A tab of the ledger pane", "A form", "An event of the ledger", "A setting"];
    assert_eq!(titles, expected);
    let mut wrong = Vec::new();
    for recipe in &all {
        let examples = examples(&recipe.title);
        assert!(3 < examples.len(), "{}: {examples:?}", recipe.title);
        assert!(3 <= recipe.steps.len(), "{}", recipe.title);
        for step in &recipe.steps {
            let Step { path, holds } = step;
            let followed: Vec<&Example> = examples.iter().filter(|example| is_followed(step, example)).collect();
            assert!(3 < followed.len(), "{}: no example says what to fill into {path} {holds:?}", recipe.title);
            let misfits = followed.into_iter().filter(|example| !fits(step, example));
            wrong.extend(misfits.map(|e| format!("{}: {path} {holds:?} does not fit {e:?}", recipe.title)));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A recipe that is wrong is seen.
#[test]
fn a_step_that_misleads_is_seen() {
    let fits = |path: &str, holds: &[&str], name: &'static str, value: &str| {
        let holds = holds.iter().map(ToString::to_string).collect();
        fits(&Step { path: path.into(), holds }, &Example::from([(name, value.to_string())]))
    };
    assert!(fits("data/sheets/<form>.toml", &["[[column]]"], "form", "upload-11"));
    assert!(!fits("data/sheets/<form>.toml", &[], "form", "upload-12"));
    assert!(!fits("data/sheets/<form>.toml", &["no such text"], "form", "upload-11"));
    assert!(fits("src/cli/<verb>.rs", &[], "verb", "doctor"));
    assert!(fits("data/profiles/<any>.toml", &["\"<form>\""], "form", "upload-11"));
    assert!(!fits("data/profiles/<any>.toml", &["\"<form>\""], "form", "upload-12"));
    assert!(fits("data/locales/en.toml", &["ui.ledger.tab.<tab>"], "tab", "series"));
    assert!(!fits("data/locales/en.toml", &["ui.ledger.tab.<tab>"], "tab", "lent"));
    let names = |holds: &str| Step { path: "src/cli/<any>.rs".into(), holds: vec![holds.into()] };
    let example = Example::from([("verb", "doctor".to_string())]);
    assert!(is_followed(&names("<verb>"), &example) && !is_followed(&names("<Verb>"), &example));
    let event = event_example("    \"case.open\" CaseOpen(CaseId, (), CaseOpened);").expect("an event");
    assert_eq!((&*event["verb"], &*event["Action"], &*event["Payload"]), ("open", "CaseOpen", "CaseOpened"));
    assert!(rule_example("D07", "x").contains_key("Constant") && !rule_example("D01", "x").contains_key("Constant"));
}
