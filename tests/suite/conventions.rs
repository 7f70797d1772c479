//! `docs/conventions.md` names tests; each of them must exist, and every convention must name one.

use std::fs;
use std::path::Path;

use crate::support::root;

const PAGE: &str = include_str!("../../docs/conventions.md");

/// Whether a module of the suite holds a test of a name; `keys/ways.rs` is `ways`.
fn exists(folder: &Path, module: &str, name: &str) -> bool {
    fs::read_dir(folder).expect("folder").flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return exists(&path, module, name);
        }
        path.file_stem().is_some_and(|stem| stem == module)
            && fs::read_to_string(&path).expect("source").contains(&format!("fn {name}("))
    })
}

#[test]
fn every_test_the_page_names_exists() {
    let mut rows = 0;
    for row in PAGE.lines().filter(|line| line.starts_with("| ")).skip(1) {
        rows += 1;
        let tried = row.trim_end_matches(" |").rsplit(" | ").next().expect("a last column");
        let tests: Vec<(&str, &str)> =
            tried.split('`').skip(1).step_by(2).filter_map(|quoted| quoted.rsplit_once("::")).collect();
        assert!(!tests.is_empty(), "nothing tries: {row}");
        for (module, name) in tests {
            let module = module.rsplit("::").next().unwrap_or(module);
            assert!(["tests/suite", "src"].iter().any(|f| exists(&root(f), module, name)), "{module}::{name}");
        }
    }
    assert!(25 <= rows, "{rows}");
}
