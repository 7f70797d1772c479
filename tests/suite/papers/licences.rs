//! The licences of what the program is built with: only those named here, and their texts go into every release.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::root;

/// A crate must be usable under these. Another one is a decision, not an upgrade.
const ALLOWED: [&str; 6] = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "Unicode-3.0", "Zlib"];

/// Crates that are used unchanged under a licence of their own, and why that is all right.
const ALSO: [(&str, &str); 1] = [
    // Weak copyleft by file: our own sources are not touched by it.
    ("option-ext", "MPL-2.0"),
];

/// The platform that releases are made for; the sources of others need not be here.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

struct Package {
    name: String,
    version: String,
    licence: String,
    folder: PathBuf,
    /// Whether it is built into the program, and not just used to build or to test it.
    is_inside: bool,
}

fn cargo(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root("")).output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// All packages but our own.
fn packages() -> Vec<Package> {
    let json = cargo(&["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", PLATFORM]);
    let all: Value = serde_json::from_slice(&json).expect("JSON");
    let inside = inside();
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_string();
    let listed = all["packages"].as_array().expect("packages").iter().filter(|p| !p["source"].is_null());
    listed
        .map(|p| Package {
            name: text(p, "name"),
            version: text(p, "version"),
            licence: text(p, "license"),
            folder: Path::new(&text(p, "manifest_path")).parent().expect("a folder").to_path_buf(),
            is_inside: inside.contains(&(text(p, "name"), format!("v{}", text(p, "version")))),
        })
        .collect()
}

/// The names and versions of what is built into the program: what it depends on, and what `build.rs` packs.
fn inside() -> BTreeSet<(String, String)> {
    let tree = ["tree", "--locked", "--offline", "--target", PLATFORM, "--prefix", "none", "--no-dedupe"];
    let parts = [&["--edges", "normal"][..], &["--edges", "build", "--depth", "1"]];
    let told = parts.map(|parts| cargo(&[&tree[..], parts].concat()));
    let told = String::from_utf8(told.concat()).expect("UTF-8");
    let named = told.lines().filter_map(|line| line.split_once(' '));
    named.map(|(name, rest)| (name.to_string(), rest.split(' ').next().unwrap_or_default().to_string())).collect()
}

/// Whether an SPDX expression can be met with licences that are allowed; `/` is an old way to write `OR`.
fn is_met(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any_of(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "{expression}");
    met
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at, allowed);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut met = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at, allowed);
    }
    met
}

fn one(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at = words.len().min(*at + 1);
    if word == "(" {
        let met = any_of(words, at, allowed);
        assert_eq!(words.get(*at), Some(&")"));
        *at += 1;
        return met;
    }
    let mut name = word.to_string();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{word} WITH {}", words.get(*at + 1).copied().unwrap_or_default());
        *at += 2;
    }
    allowed.contains(&name.as_str())
}

#[test]
fn expressions_are_read_as_they_are_meant() {
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND (GPL-3.0-only OR LGPL-3.0-only)", false),
        ("Unlicense/MIT", true),
        ("Apache-2.0 WITH LLVM-exception", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &ALLOWED), met, "{expression}");
    }
}

#[test]
fn every_crate_stands_under_a_licence_that_is_allowed() {
    let all = packages();
    assert!(100 < all.len(), "{}", all.len());
    for Package { name, version, licence, .. } in &all {
        let is_exempt = ALSO.iter().any(|(also, by)| name == also && licence == by);
        assert!(is_exempt || is_met(licence, &ALLOWED), "{name} {version} stands under {licence:?}");
    }
    for (name, _) in ALSO {
        assert!(all.iter().any(|p| p.name == name), "{name} is no longer used: take it off the list");
    }
    for readme in [super::read("README.md"), super::read("README.zh-CN.md")] {
        for licence in ALLOWED.iter().chain(ALSO.iter().map(|(_, licence)| licence)) {
            let said = if licence.starts_with("BSD-") { "BSD" } else { licence };
            assert!(readme.contains(said), "{licence}");
        }
    }
}

/// What lies in a crate's folder and is a licence by its name.
fn licence_texts(folder: &Path) -> Vec<String> {
    let beginnings = ["licen", "copying", "copyright", "notice", "unlicense"];
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        path.is_file() && beginnings.iter().any(|b| name.starts_with(b))
    };
    let files = fs::read_dir(folder).expect("folder").flatten().map(|entry| entry.path()).filter(is_licence);
    files.map(|path| String::from_utf8_lossy(&fs::read(path).expect("a text")).replace('\r', "")).collect()
}

#[test]
fn a_release_brings_the_texts_of_everything_inside() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("THIRD-PARTY");
    let mut script = Command::new(root("scripts/third-party"));
    script.arg(&file).env("CARGO", env!("CARGO")).env("CARGO_NET_OFFLINE", "true");
    let output = script.output().expect("the script");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&fs::read(&file).expect("the list")).into_owned();
    let mut count = 0;
    for Package { name, version, licence, folder, .. } in packages().iter().filter(|p| p.is_inside) {
        count += 1;
        assert!(told.contains(&format!("\n{name} v{version}: {licence}\n")), "{name} {version}");
        for text in licence_texts(folder) {
            assert!(told.contains(text.trim()), "{name} {version}");
        }
    }
    assert!(80 < count, "{count}");
    assert!(!told.contains(env!("CARGO_MANIFEST_DIR")) && !told.contains("/registry/src"), "a machine's paths");
    let release = fs::read_to_string(root("scripts/release")).expect("the script");
    assert!(release.contains("\nscripts/third-party \"$tree/THIRD-PARTY\"\n"));
}
