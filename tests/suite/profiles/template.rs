//! New profiles: what they begin with, and the template that explains every key.

use std::collections::BTreeSet;

use skillcert::data::{self, Catalogue};
use skillcert::domain::profile::Profile;

use crate::support::{Desk, root};

/// Tells whether nothing was written into the usual state folder.
fn is_untouched(desk: &Desk) -> bool {
    std::fs::read_dir(desk.path("home/.local/share/skillcert")).is_ok_and(|mut folder| folder.next().is_none())
}

#[test]
fn new_profiles_begin_with_the_template_or_another_profile() {
    let desk = Desk::new();
    let new = |more: &[&str]| desk.verb(&[&["profile", "new"], more].concat());
    let ran = new(&["copy", "--from", "beijing", "--output", "-"]);
    let beijing = std::fs::read_to_string(root("data/profiles/beijing.toml")).expect("built in");
    assert_eq!(ran.out, beijing.replace("id = \"beijing\"", "id = \"copy\""));
    assert_eq!(new(&["x", "--output", "-"]).out, data::template("x"));
    let file = desk.path("x.toml");
    let path = file.to_str().expect("a path");
    assert_eq!(new(&["x", "--output", path]).code, 0);
    assert_eq!(new(&["x", "--output", path]).code, 2, "never replaced");
    assert_eq!(std::fs::read_to_string(&file).expect("written"), data::template("x"));
    for wrong in [&["Big"][..], &["a/b"], &["../x"], &[""], &["x", "--from", "nowhere"]] {
        assert_eq!(new(wrong).code, 2, "{wrong:?}");
    }
    assert!(is_untouched(&desk));
}

#[test]
fn a_built_in_profile_is_replaced_only_when_asked_for() {
    let desk = Desk::new();
    let run = |words: &[&str]| desk.verb(words);
    for more in [&[][..], &["--from", "beijing"], &["--output", "-"]] {
        let refused = run(&[&["profile", "new", "national"], more].concat());
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{more:?}");
        let hint = ["--from national", "--replaces"];
        assert!(hint.iter().all(|word| refused.err.contains(word)), "{}", refused.err);
    }
    assert!(is_untouched(&desk));
    assert_eq!(run(&["profile", "new", "x", "--replaces", "--output", "-"]).code, 2, "there is nothing to replace");
    assert_eq!(run(&["profile", "new", "national", "--replaces"]).code, 0);
    let own = run(&["profile", "show", "national", "--format", "toml"]);
    let built_in = std::fs::read_to_string(root("data/profiles/national.toml")).expect("built in");
    assert_eq!(own.out, built_in, "it begins with what it replaces");
    let list = run(&["profile", "list", "--lang", "en"]).out;
    assert!(list.contains("national.toml, in place of the built-in one"), "{list}");
    // One that is replaced already is still no free id.
    assert_eq!(run(&["profile", "new", "national", "--output", "-"]).code, 2);
}

/// Puts a key nobody knows into every table of a profile and lists the keys the parser offers instead.
fn keys_of(text: &str, parse: &dyn Fn(&str) -> Option<String>) -> BTreeSet<String> {
    fn tables(value: &toml::Value, path: &[String], all: &mut Vec<Vec<String>>) {
        match value {
            toml::Value::Table(table) => {
                all.push(path.to_vec());
                for (key, inner) in table {
                    tables(inner, &[path, std::slice::from_ref(key)].concat(), all);
                }
            }
            toml::Value::Array(list) => {
                for (i, inner) in list.iter().enumerate() {
                    tables(inner, &[path, &[i.to_string()]].concat(), all);
                }
            }
            _ => {}
        }
    }
    let root = toml::Value::Table(text.parse().expect("toml"));
    let mut all = Vec::new();
    tables(&root, &[], &mut all);
    let mut keys = BTreeSet::new();
    for path in all {
        let mut value = root.clone();
        let mut at = &mut value;
        for step in &path {
            at = match at {
                toml::Value::Array(list) => &mut list[step.parse::<usize>().expect("a number")],
                other => &mut other[step.as_str()],
            };
        }
        at.as_table_mut().expect("a table").insert("zzz".into(), true.into());
        let message =
            parse(&toml::to_string(&value).expect("toml")).unwrap_or_else(|| panic!("{path:?} takes any key"));
        // Tables whose keys are a closed list of facts call them variants.
        let is_refused = ["unknown field `zzz`", "unknown variant `zzz`"].iter().any(|words| message.contains(words));
        assert!(is_refused, "{path:?}: {message}");
        keys.extend(message.split('`').skip(3).step_by(2).map(String::from));
    }
    keys
}

#[test]
fn the_template_explains_every_key_and_every_reader() {
    let template = data::template("x");
    let parse = |text: &str| Profile::parse(text).err().map(|e| e.to_string());
    let mut keys = keys_of(&template, &parse);
    for profile in Catalogue::built_in().sources {
        keys.extend(keys_of(&profile.text, &parse));
    }
    assert!(30 < keys.len(), "{keys:?}");
    for key in &keys {
        let is_set = template.lines().any(|l| {
            let l = l.trim_start_matches(['#', ' ', '{', '[']);
            l.strip_prefix(key.as_str()).is_some_and(|rest| rest.trim_start().starts_with(['=', ']']))
                || l.contains(&format!(" {key} = "))
                || l.contains(&format!("[{key}]"))
                || l.contains(&format!(".{key}]"))
        });
        assert!(is_set, "the template says nothing of {key}");
    }
    // With every optional key taken into use it still reads, but for the example's own proposal.
    let is_key = |l: &str| l.starts_with('[') || l.split_once(" = ").is_some_and(|(k, _)| !k.contains([' ', ':']));
    let taken = |l: &'_ str| l.strip_prefix("# ").filter(|l| is_key(l)).unwrap_or(l).to_string();
    // The keys of a segment depend on its reader; they are explained before the first.
    let (before, segments) = template.split_once("# 编码规则").expect("the part on segments");
    let behind = segments.find("# 可选").expect("the part behind them");
    let all = before.lines().map(taken).chain(segments[..behind].lines().skip(1).map(String::from));
    let all: Vec<String> = all.chain(segments[behind..].lines().map(taken)).collect();
    assert!(all.iter().any(|l| l == "[[deadline]]") && all.iter().any(|l| l == "[[short_form]]"));
    assert_eq!(parse(&all.join("\n")), None, "the template with every key");
    let unknown = parse(&template.replace("reader = \"year\"", "reader = \"zzz\"")).expect("refused");
    let readers = unknown.split("known are ").nth(1).expect("a list").lines().next().expect("a line").to_string();
    for reader in readers.split(", ") {
        assert!(template.contains(&format!("#     \"{}\"", reader.trim())), "the template says nothing of {reader}");
    }
}
