//! The floor plan of `src/lib.rs`, held against the sources: who may name whom, and who may touch the outside.

mod seen;

use std::path::Path;

/// The rooms and what each may name besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &["packed"]),
    ("cause", &[]),
    ("failure", &[]),
    ("packed", &[]),
    ("words", &["domain", "failure", "packed"]),
    ("formats", &["cause", "domain"]),
    ("store", &["cause", "domain"]),
    ("app", &["domain", "failure", "words"]),
    ("plain", &["app", "domain", "words"]),
    ("backup", &["cause", "domain", "formats", "store"]),
    ("office", &["backup", "cause", "data", "domain", "failure", "formats", "locale", "store", "words"]),
    ("tui", &["app", "domain", "failure", "locale", "office", "plain", "words"]),
    ("cli", &["app::command", "domain", "failure", "locale", "office", "words"]),
    ("locale", &["backup", "cause", "domain", "formats", "store", "failure", "words", "data"]),
    ("data", &["cause", "domain", "formats", "packed"]),
    ("main", &["cli", "failure", "office", "tui"]),
];

/// The order inside the domain: each names only what stands before it.
const DOMAIN: &[&str] = &[
    "vocabulary",
    "text",
    "wrap",
    "leftovers",
    "sound",
    "spelling",
    "name_list",
    "calendar",
    "date",
    "level",
    "identity",
    "code",
    "sheet",
    "masked_change",
    "fact",
    "profile",
    "deadline",
    "roster",
    "registry",
    "profile_choice",
    "ledger",
    "due",
    "rules",
    "batch",
    "selection",
    "answers",
    "values",
    "spared",
    "replace",
    "reshape",
    "recipe",
    "matching",
    "summary",
    "upload",
    "public_list",
    "decoder",
    "lookup",
    "numbering",
    "form",
    "print",
];

/// Words and the only places in `src` where they may stand.
const ONLY_IN: &[(&[&str], &[&str])] = &[
    (&["calamine::"], &["formats/workbook/", "formats/read_back.rs", "formats/write_table.rs"]),
    (&["zip::"], &["formats/"]),
    (&["flate2::"], &["packed.rs"]),
    (&["rust_xlsxwriter"], &["formats/"]),
    (&["csv::"], &["formats/", "data/"]),
    (&["csv_core::", "encoding_rs"], &["formats/"]),
    (&["rusqlite"], &["store/"]),
    (&["ratatui", "crossterm"], &["tui/"]),
    (&["clap::"], &["cli/"]),
    (&["signal_hook"], &["tui/", "main.rs", "cli/abort.rs"]),
    (&["base64::"], &["tui/", "formats/"]),
    (&["chacha20poly1305", "scrypt::", "hkdf::", "hmac::"], &["formats/age.rs"]),
    (&["pinyin::"], &["domain/sound.rs"]),
    (&["strsim::"], &["domain/"]),
    (&["regex::", "regex_syntax::"], &["domain/replace.rs", "formats/workbook/merges.rs"]),
    (&["CheckContext::new"], &["office/mod.rs", "store/cases/tests.rs"]),
    (
        &["io::stdout", "io::stderr"],
        &[
            "main.rs",
            "cli/abort.rs",
            "cli/io.rs",
            "cli/doctor/terminal.rs",
            "tui/outlet.rs",
            "tui/plain.rs",
            "tui/terminal.rs",
        ],
    ),
];

/// Words that may not stand in a room, and the files of it where they may all the same.
const NOT_IN: &[(&str, &[&str], &[&str])] = &[
    (
        "domain/",
        &[
            "std::fs",
            "std::env",
            "std::thread",
            "std::io",
            "std::process",
            "SystemTime",
            "Instant::now",
            "Local::now",
            "Utc::now",
        ],
        &[],
    ),
    (
        "plain/",
        &["std::fs", "std::io", "std::thread", "std::env", "std::process", "SystemTime", "Instant::now", "Local::now"],
        &[],
    ),
    ("app/", &["std::fs", "std::thread", "std::env", "std::process", "SystemTime", "Instant::now", "Local::now"], &[]),
    (
        "tui/",
        &[
            "std::fs",
            "fs::read",
            "fs::write",
            "File::",
            "SELECT ",
            "INSERT ",
            "UPDATE ",
            "DELETE ",
            "crate::formats",
            "crate::store",
        ],
        &[],
    ),
    // A crash is told by the process itself, and its test is one; who says the last words stands ready from the start.
    ("cli/", &["std::env", "std::process", "std::thread", "SystemTime"], &["cli/abort.rs", "cli/crash.rs"]),
    ("cli/", &["io::stdin"], &["cli/io.rs"]),
    ("cli/", &["Instant::now"], &["cli/doctor/terminal.rs"]),
    // The terminal itself, a passphrase in a file, and the pages of the manual.
    ("cli/", &["std::fs"], &["cli/crash.rs", "cli/doctor/terminal.rs", "cli/passphrase.rs", "cli/handover.rs"]),
    ("cli/", &["Local::now", "Utc::now", "SELECT ", "INSERT ", "UPDATE ", "DELETE "], &[]),
    ("main.rs", &["std::fs", "std::thread", "SystemTime", "Instant::now", "Local::now"], &[]),
    ("formats/", &["std::env::var", "Local::now", "SELECT "], &[]),
    ("locale/", &["std::fs", "std::thread"], &[]),
    ("data/", &["std::fs", "std::thread"], &["data/catalogue.rs"]),
    ("", &["println!", "eprintln!", "print!(", "eprint!(", "dbg!"], &[]),
];

/// The longest a source file may be.
const LONGEST: usize = 500;

/// A source file: its path under `src` and its code, comments left out, with the depth of modules inside the file.
struct Source {
    path: String,
    lines: usize,
    code: Vec<(usize, String)>,
    tests_from: usize,
}

fn sources() -> Vec<Source> {
    sources_in("src")
}

/// The sources below a folder of the package, by their paths in it.
fn sources_in(folder: &str) -> Vec<Source> {
    fn walk(root: &Path, folder: &Path, all: &mut Vec<Source>) {
        for entry in std::fs::read_dir(folder).expect("folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(root, &path, all);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).expect("source");
                let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
                all.push(Source::new(name, &text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut all = Vec::new();
    walk(&root, &root, &mut all);
    all.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(50 < all.len(), "only {} sources found", all.len());
    all
}

impl Source {
    fn new(path: String, text: &str) -> Source {
        let lines: Vec<&str> = text.lines().collect();
        let tests_from = lines.iter().position(|l| l.starts_with("mod tests {")).unwrap_or(usize::MAX);
        let code = lines.iter().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//"));
        let code = code.map(|(i, l)| (i + 1, (*l).to_string())).collect();
        Source { path, lines: lines.len(), code, tests_from }
    }

    /// Gives the module path: `domain/rules/mod.rs` is `domain::rules`.
    fn module(&self) -> Vec<String> {
        let stem = self.path.strip_suffix(".rs").unwrap_or(&self.path);
        let mut parts: Vec<String> = stem.split('/').map(String::from).collect();
        if parts.last().is_some_and(|p| p == "mod" || p == "lib") {
            parts.pop();
        }
        parts
    }

    /// Lists every path from the root that the code names through `crate::` or `super::`, or from the binary by the name of
    /// the library, with the line.
    fn named(&self) -> Vec<(usize, Vec<String>)> {
        let mut text = String::new();
        let mut starts = Vec::new();
        for (number, line) in &self.code {
            starts.push((text.len(), *number));
            text.push_str(line);
            text.push('\n');
        }
        let line_at = |at: usize| starts[starts.partition_point(|(start, _)| *start <= at) - 1].1;
        let mut all = Vec::new();
        for word in ["crate::", "super::", "skillcert::"] {
            for (at, _) in text.match_indices(word) {
                let before = text[..at].chars().next_back().unwrap_or(' ');
                // The second `super` of `super::super` belongs to the path that began before it.
                // Nor is where a field may be seen a use of what stands there.
                let is_within = before.is_alphanumeric() || before == '_' || text[..at].ends_with("::");
                if is_within || text[..at].ends_with("pub(in ") {
                    continue;
                }
                let line = line_at(at);
                let mut rest = &text[at..];
                let mut base = self.module();
                if self.tests_from < line {
                    base.push("tests".into());
                }
                if let Some(after) = rest.strip_prefix("crate::").or_else(|| rest.strip_prefix("skillcert::")) {
                    base.clear();
                    rest = after;
                }
                while let Some(after) = rest.strip_prefix("super::") {
                    base.pop();
                    rest = after;
                }
                all.extend(ends(rest).into_iter().map(|end| (line, [base.clone(), end].concat())));
            }
        }
        all
    }
}

/// Reads a path, or every path of a group in braces, up to two names deep.
fn ends(text: &str) -> Vec<Vec<String>> {
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut from = 0;
        let mut all = Vec::new();
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => {
                    let last = group[from..i].trim();
                    // A comma may stand behind the last name.
                    all.extend(Some(last).filter(|l| !l.is_empty()).into_iter().flat_map(ends));
                    break;
                }
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    all.extend(ends(group[from..i].trim()));
                    from = i + 1;
                }
                _ => {}
            }
        }
        return all;
    }
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return vec![Vec::new()];
    }
    match text[name.len()..].strip_prefix("::") {
        Some(rest) => ends(rest).into_iter().map(|end| [vec![name.clone()], end].concat()).collect(),
        None => vec![vec![name]],
    }
}

fn complaint(source: &Source, line: usize, what: &str) -> String {
    format!("src/{}:{line}: {what}", source.path)
}

/// Lists where a source names a room it may not name.
fn rooms_crossed(source: &Source) -> Vec<String> {
    let module = source.module();
    let Some(room) = module.first() else { return Vec::new() };
    let Some((_, may)) = ROOMS.iter().find(|(name, _)| name == room) else {
        return vec![complaint(source, 1, "stands in no room of the floor plan")];
    };
    let crossed = |path: &Vec<String>| {
        let path = path.join("::");
        let is_in = |room: &str| path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with("::"));
        !is_in(room) && !may.iter().any(|room| is_in(room))
    };
    let named = source.named();
    named.iter().filter(|(_, p)| crossed(p)).map(|(l, p)| complaint(source, *l, &p.join("::"))).collect()
}

/// The rooms whose files may not come to other rooms through those they name either.
const CLOSED: &[(&str, &[&str])] = &[
    ("domain", &["domain", "packed"]),
    ("packed", &["packed"]),
    ("words", &["domain", "failure", "packed", "words"]),
    ("app", &["app", "domain", "failure", "packed", "words"]),
    ("plain", &["app", "domain", "failure", "packed", "plain", "words"]),
    ("formats", &["cause", "domain", "formats", "packed"]),
    ("store", &["cause", "domain", "packed", "store"]),
    (
        "office",
        &["backup", "cause", "data", "domain", "failure", "formats", "locale", "office", "packed", "store", "words"],
    ),
    ("cause", &["cause"]),
    ("failure", &["failure"]),
    ("data", &["cause", "data", "domain", "formats", "packed"]),
    ("backup", &["backup", "cause", "domain", "formats", "packed", "store"]),
    ("locale", &["backup", "cause", "data", "domain", "failure", "formats", "locale", "packed", "store", "words"]),
    (
        "cli",
        &[
            "app", "backup", "cause", "cli", "data", "domain", "failure", "formats", "locale", "office", "packed",
            "store", "words",
        ],
    ),
];

/// Rooms that lead to nearly all others.
const OPEN: &[&str] = &["tui", "main"];

/// Lists the ways by which files of a closed room come to a room that is not theirs to know, through whatever they name.
fn ways_out(all: &[Source]) -> Vec<String> {
    // What is named is a file, or something in it or in a module above.
    let modules: Vec<Vec<String>> = all.iter().map(Source::module).collect();
    let file_of = |path: &[String]| {
        (1..=path.len()).rev().find_map(|length| modules.iter().position(|module| *module == path[..length]))
    };
    let edges: Vec<Vec<usize>> = all
        .iter()
        .map(|source| {
            let named = source.named().into_iter().filter(|(line, _)| *line < source.tests_from);
            named.filter_map(|(_, path)| file_of(&path)).collect()
        })
        .collect();
    let mut found = Vec::new();
    for (room, may) in CLOSED {
        let is_in = |at: usize, rooms: &[&str]| modules[at].first().is_some_and(|name| rooms.contains(&name.as_str()));
        let mut from: Vec<Option<usize>> = vec![None; all.len()];
        let mut waiting: Vec<usize> = (0..all.len()).filter(|at| is_in(*at, &[*room])).collect();
        let mut seen: Vec<bool> = (0..all.len()).map(|at| is_in(at, &[*room])).collect();
        while let Some(at) = waiting.pop() {
            if !is_in(at, may) {
                let way = std::iter::successors(Some(at), |at| from[*at]).map(|at| all[at].path.as_str());
                found.push(way.collect::<Vec<_>>().join(" named by "));
                continue;
            }
            for next in edges[at].iter().copied().filter(|next| !std::mem::replace(&mut seen[*next], true)) {
                from[next] = Some(at);
                waiting.push(next);
            }
        }
    }
    found
}

/// Lists where a source of the domain names one that does not stand before it.
fn order_broken(source: &Source) -> Vec<String> {
    let module = source.module();
    if module.first().is_none_or(|room| room != "domain") || module.len() < 2 {
        return Vec::new();
    }
    let place = |name: &str| DOMAIN.iter().position(|d| *d == name);
    let Some(own) = place(&module[1]) else {
        return vec![complaint(source, 1, "has no place in the order of the domain")];
    };
    // What is outside is said by the rooms.
    let named = source.named();
    let inside = named.iter().filter(|(_, p)| p.first().is_some_and(|room| room == "domain"));
    let broken = inside.filter(|(_, p)| p.get(1).and_then(|name| place(name)).is_none_or(|other| own < other));
    broken.map(|(l, p)| complaint(source, *l, &p.join("::"))).collect()
}

/// Lists words that stand where they may not.
fn words_misplaced(source: &Source) -> Vec<String> {
    let is_in = |places: &[&str]| places.iter().any(|p| source.path.starts_with(p));
    let mut all = Vec::new();
    for (line, text) in &source.code {
        let stands = |word: &str| {
            text.match_indices(word)
                .any(|(at, _)| !text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
        };
        for (words, places) in ONLY_IN {
            all.extend(words.iter().filter(|w| stands(w) && !is_in(places)).map(|w| complaint(source, *line, w)));
        }
        for (room, words, but) in NOT_IN {
            if source.path.starts_with(room) && !is_in(but) {
                all.extend(words.iter().filter(|w| stands(w)).map(|w| complaint(source, *line, w)));
            }
        }
    }
    all
}

fn assert_none(find: impl Fn(&Source) -> Vec<String>) {
    let all: Vec<String> = sources().iter().flat_map(find).collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn no_room_names_a_room_it_may_not() {
    assert_none(rooms_crossed);
}

#[test]
fn no_closed_room_is_left_through_another() {
    let ways = ways_out(&sources());
    assert!(ways.is_empty(), "\n{}", ways.join("\n"));
}

#[test]
fn the_domain_keeps_its_order() {
    assert_none(order_broken);
    let doc = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/mod.rs")).expect("domain");
    assert!(doc.contains(&format!("`{}`", DOMAIN.join(" → "))), "src/domain/mod.rs tells another order");
    for name in DOMAIN {
        assert!(doc.contains(&format!("pub mod {name};")), "{name}");
    }
}

#[test]
fn the_outside_is_touched_only_where_it_may_be() {
    assert_none(words_misplaced);
}

fn too_long(source: &Source) -> Option<String> {
    (LONGEST < source.lines).then(|| format!("{} has {} lines", source.path, source.lines))
}

#[test]
fn no_source_is_longer_than_one_sitting() {
    for folder in ["src", "tests"] {
        let long: Vec<String> = sources_in(folder).iter().filter_map(too_long).collect();
        assert!(long.is_empty(), "{folder}: {long:?}");
    }
}

#[test]
fn nothing_speaks_to_a_network() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("Cargo.toml")).expect("Cargo.toml");
    let table: toml::Table = text.parse().expect("toml");
    for section in ["dependencies", "build-dependencies"] {
        let Some(all) = table.get(section).and_then(toml::Value::as_table) else { continue };
        for name in all.keys() {
            let bad = ["reqwest", "hyper", "ureq", "curl", "tokio", "socket", "async-std", "http", "tungstenite"];
            assert!(!bad.iter().any(|b| name.contains(b)), "{section}: {name}");
        }
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).expect("Cargo.lock");
    for name in ["reqwest", "hyper", "ureq", "curl", "tokio", "socket2", "rustls", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name} is in Cargo.lock");
    }
    assert_none(|source| {
        let words = ["std::net", "TcpStream", "UdpSocket", "UnixStream"];
        let hits = source.code.iter().filter(|(_, l)| words.iter().any(|w| l.contains(w)));
        hits.map(|(l, _)| complaint(source, *l, "network")).collect()
    });
}
