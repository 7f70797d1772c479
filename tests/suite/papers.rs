//! The papers of the house: READMEs, pages, pictures, recipes, licences.

mod licences;
mod pictures;
mod recipes;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::root;

/// How what is generated in the papers is made anew.
pub const WRITES: &str = "SKILLCERT_PAPERS=write cargo test --test suite -- papers readme";

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];

/// Papers for those who work on the program or script it: English only.
const ENGLISH_ONLY: [&str; 3] = ["architecture.md", "conventions.md", "json.md"];

/// The longest a README may be, in lines.
const LONGEST: usize = 200;

pub fn is_to_write() -> bool {
    std::env::var("SKILLCERT_PAPERS").is_ok_and(|value| value == "write")
}

fn read(path: &str) -> String {
    fs::read_to_string(root(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The pages under `docs`, by their names.
fn pages() -> BTreeSet<String> {
    let names = fs::read_dir(root("docs")).expect("docs").flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "md")).collect()
}

/// All papers, by their paths.
fn papers() -> Vec<String> {
    let others = ["CONTRIBUTING.md", "CHANGELOG.md"].map(String::from);
    let pages = pages().into_iter().map(|name| format!("docs/{name}"));
    READMES.map(String::from).into_iter().chain(others).chain(pages).collect()
}

/// The targets of the links and pictures of a paper, code left out.
fn links(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut all = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            all.extend(line.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_string())));
        }
    }
    all
}

/// The anchors that a paper's headings make.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings.map(|h| h.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn readmes_are_short_and_lead_to_every_page() {
    for (readme, other, tail) in [(READMES[0], READMES[1], ".md"), (READMES[1], READMES[0], ".zh-CN.md")] {
        let text = read(readme);
        assert!(text.lines().count() <= LONGEST, "{readme} has {} lines", text.lines().count());
        let links = links(&text);
        assert!(links.iter().any(|link| link == other), "{readme} does not lead to {other}");
        let is_read_here = |name: &&String| {
            ENGLISH_ONLY.contains(&name.as_str()) || (name.ends_with(".zh-CN.md") == (tail == ".zh-CN.md"))
        };
        for page in pages().iter().filter(is_read_here) {
            assert!(links.contains(&format!("docs/{page}")), "{readme} does not lead to docs/{page}");
        }
        assert!(
            3 <= links.iter().filter(|link| link.starts_with("docs/pictures/")).count(),
            "{readme} shows too little"
        );
    }
}

#[test]
fn every_page_is_there_in_both_languages_and_they_lead_to_each_other() {
    for page in pages().iter().filter(|page| !ENGLISH_ONLY.contains(&page.as_str())) {
        let (other, home) = match page.strip_suffix(".zh-CN.md") {
            Some(name) => (format!("{name}.md"), "../README.zh-CN.md"),
            None => (page.replace(".md", ".zh-CN.md"), "../README.md"),
        };
        let text = read(&format!("docs/{page}"));
        let head: String = text.lines().take(3).collect();
        assert!(head.contains(&format!("({other})")) && head.contains(&format!("({home})")), "docs/{page}: {head}");
        let headings = |text: &str| text.lines().filter(|line| line.starts_with("##")).count();
        assert_eq!(headings(&text), headings(&read(&format!("docs/{other}"))), "docs/{page} and docs/{other} differ");
    }
}

#[test]
fn no_link_leads_nowhere() {
    let mut count = 0;
    for paper in papers() {
        for link in links(&read(&paper)).iter().filter(|link| !link.starts_with("https://")) {
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let folder = Path::new(&paper).parent().expect("a folder");
            let path = if file.is_empty() { paper.clone() } else { folder.join(file).to_string_lossy().into_owned() };
            assert!(root(&path).exists(), "{paper}: {link}");
            assert!(anchor.is_empty() || anchors(&read(&path)).contains(anchor), "{paper}: {link}");
        }
    }
    assert!(100 < count, "{count}");
}

#[test]
fn every_picture_is_shown_in_its_own_language() {
    let mut shown = BTreeSet::new();
    for paper in papers() {
        for line in read(&paper).lines().filter(|line| line.contains("pictures/") && line.contains("![")) {
            assert!(!line.contains("![]"), "{paper}: a picture without words: {line}");
            let name = line.split("pictures/").nth(1).and_then(|rest| rest.split(')').next()).expect("a name");
            assert_eq!(name.ends_with(".zh-CN.svg"), paper.ends_with(".zh-CN.md"), "{paper}: {name}");
            shown.insert(name.to_string());
        }
    }
    for entry in fs::read_dir(root("docs/pictures")).expect("pictures").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(shown.contains(&name), "no page shows {name}");
    }
}

#[test]
fn the_papers_ask_for_the_rust_that_the_package_asks_for() {
    let package: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let version = package["package"]["rust-version"].as_str().expect("a version");
    for (readme, said) in READMES.iter().zip([format!("({version} or later)"), format!("（{version} 或更新）")]) {
        assert!(read(readme).contains(&said), "{readme} does not say {said}");
    }
    let toolchain: toml::Table = read("rust-toolchain.toml").parse().expect("TOML");
    let components = toolchain["toolchain"]["components"].as_array().expect("components");
    for component in ["rustfmt", "clippy"] {
        assert!(components.iter().any(|c| c.as_str() == Some(component)), "{component}");
    }
}

/// The page of the house names every room, and its journeys lead through functions and messages that there are.
#[test]
fn the_architecture_page_knows_the_house() {
    let page = read("docs/architecture.md");
    for room in read("src/lib.rs").lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')) {
        assert!(page.contains(&format!("\n| `{room}` | ")), "no row for {room}");
    }
    let sources: String = sources(&root("src")).concat();
    let mut count = 0;
    for quoted in page.split('`').skip(1).step_by(2).filter(|quoted| !quoted.contains('/')) {
        let Some((_, name)) = quoted.rsplit_once("::") else { continue };
        count += 1;
        let is_function = name.starts_with(|c: char| c.is_lowercase());
        let stands =
            |before: &str, after: &[&str]| after.iter().any(|a| sources.contains(&format!("{before}{name}{a}")));
        // An answer of the ledger stands behind its request.
        let is_variant = || stands("\n    ", &["(", " {", ","]) || stands("=> ", &["("]);
        let exists = if is_function { stands("fn ", &["(", "<"]) } else { is_variant() };
        assert!(exists, "there is no {quoted}");
    }
    assert!(15 < count, "{count}");
}

/// A journey goes down through rooms that may name each other, and back up once.
#[test]
fn journeys_turn_round_once() {
    let page = read("docs/architecture.md");
    let mut journeys: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        match cells[..] {
            ["", arrow @ ("↓" | "↑"), room, ..] => journeys.last_mut().expect("one").push((arrow, room)),
            _ if journeys.last().is_some_and(|steps| !steps.is_empty()) => journeys.push(Vec::new()),
            _ => {}
        }
    }
    journeys.retain(|steps| !steps.is_empty());
    assert_eq!(journeys.len(), 6);
    for steps in &journeys {
        assert!(is_one_way(steps), "{steps:?}");
    }
    assert!(!is_one_way(&[("↓", "`app`"), ("↓", "`tui`"), ("↑", "`tui`"), ("↓", "`tui`"), ("↑", "`app`")]));
    assert!(!is_one_way(&[("↓", "`app`"), ("↓", "`tui`"), ("↓", "`domain`"), ("↓", "`office`"), ("↑", "`app`")]));
}

/// The rooms of a journey stand in the order in which a wish of the screen is passed on, and its answer returns to the screen.
fn is_one_way(steps: &[(&str, &str)]) -> bool {
    let floors = ["`app`", "`tui`", "`office`", "`formats`", "`store`", "`domain`"];
    let floor = |room: &str| floors.iter().position(|name| *name == room);
    let down = steps.iter().take_while(|(arrow, _)| *arrow == "↓").count();
    let (down, up) = steps.split_at(down);
    let is_falling = down.windows(2).all(|pair| floor(pair[0].1) < floor(pair[1].1));
    is_falling && !up.is_empty() && up.iter().all(|(arrow, room)| *arrow == "↑" && floor(room) < Some(2))
}

/// What the office passes up as it is stands on the page.
#[test]
fn the_page_says_what_the_office_passes_up() {
    let (page, office) = (read("docs/architecture.md"), read("src/office/mod.rs"));
    let passed: Vec<&str> = office
        .lines()
        .filter_map(|line| line.strip_prefix("pub use crate::")?.strip_suffix(';'))
        .flat_map(|path| path.split(['{', '}', ',', ' ']))
        .filter_map(|path| path.rsplit("::").next())
        .filter(|name| name.starts_with(|c: char| c.is_uppercase()))
        .collect();
    assert!(15 < passed.len(), "{passed:?}");
    for name in passed {
        assert!(page.contains(&format!("`{name}`")), "nothing is said of {name}");
    }
}

fn sources(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("folder").flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![fs::read_to_string(path).expect("a source")] })
        .collect()
}

#[test]
fn the_changelog_tells_of_this_version() {
    let package: toml::Table = read("Cargo.toml").parse().expect("TOML");
    let version = package["package"]["version"].as_str().expect("a version");
    let changes = read("CHANGELOG.md");
    let heads: Vec<&str> = changes.lines().filter(|line| line.starts_with("## ")).collect();
    assert!(heads[0] == "## Unreleased" && heads.iter().any(|h| h.starts_with(&format!("## {version}"))), "{heads:?}");
}
