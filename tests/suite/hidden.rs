//! What nobody can see in a file is seen, or escaped, wherever it goes out: every such character, in every column, through every
//! verb, and from names of files and sheets, labels and whatever is typed.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use encoding_rs::GB18030;
use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::json::CALLS;
use crate::support::{Desk, HIDDEN, LABELS, Ran, good, goods, raw_controls, text, verbs};

/// Every such character that a text file can hold.
fn all() -> String {
    HIDDEN.iter().flat_map(|(from, to)| *from..=*to).filter(|c| *c != '\0').collect()
}

/// One of each kind, for names.
fn kinds() -> String {
    HIDDEN.iter().skip(2).map(|(from, _)| *from).collect()
}

/// A row for each column and each sixty-four characters, which stand in the middle and at both ends of the cell.
fn hostile() -> Vec<Vec<String>> {
    let all: Vec<char> = all().chars().collect();
    let mut rows = Vec::new();
    for column in 0..LABELS.len() {
        for some in all.chunks(64) {
            let mut row = good(rows.len());
            let some: String = some.iter().collect();
            let (head, tail) = row[column].split_at(row[column].char_indices().nth(1).map_or(0, |(i, _)| i));
            row[column] = format!("{some}{head}{some}{tail}{some}");
            rows.push(row);
        }
    }
    rows
}

/// Puts a column whose label is full of them behind the others.
fn labelled(rows: &[Vec<String>]) -> String {
    let mut lines: Vec<String> = text(",", rows).lines().map(String::from).collect();
    for (i, line) in lines.iter_mut().enumerate() {
        *line += &if i == 0 { format!(",备注{}", kinds()) } else { format!(",{}", kinds()) };
    }
    lines.join("\n") + "\n"
}

fn sheet_name() -> String {
    let kept = |c: &char| !c.is_control();
    format!("名{}册", kinds().chars().filter(kept).take(16).collect::<String>())
}

fn workbook(rows: &[Vec<String>], path: &Path) {
    let mut book = Workbook::new();
    for name in [sheet_name(), format!("又{}", sheet_name())] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (x, label) in (0u16..).zip(LABELS) {
            sheet.write_string(0, x, label).expect("a label");
        }
        for (row, y) in rows.iter().zip(1u32..) {
            for (cell, x) in row.iter().zip(0u16..) {
                sheet.write_string(y, x, cell).expect("a cell");
            }
        }
    }
    book.save(path).expect("a workbook");
}

/// A desk whose files have such names, such labels and such cells; gives the names by which [`CALLS`] knows them.
fn desk() -> (Desk, Vec<(&'static str, String)>) {
    let desk = Desk::new();
    let name = |word: &str, ending: &str| format!("{word}{}.{ending}", kinds());
    let named = vec![
        ("roster.csv", name("roster", "csv")),
        ("good.csv", name("good", "csv")),
        ("open.csv", name("open", "csv")),
        ("scope.csv", name("scope", "csv")),
        ("missing.csv", name("missing", "csv")),
        ("book.xlsx", name("book", "xlsx")),
        ("b.zip", name("b", "zip")),
        ("copy", name("copy", "d")),
        ("upload.csv", name("upload", "csv")),
        ("out.csv", name("out", "csv")),
        ("answers.csv", name("answers", "csv")),
        ("list.xlsx", name("list", "xlsx")),
    ];
    let of = |plain: &str| named.iter().find(|(name, _)| *name == plain).map(|(_, name)| name.clone()).expect("a name");
    desk.put(&of("roster.csv"), labelled(&hostile()));
    desk.put("blanks.csv", "00000003-00000050\n");
    desk.put(&of("good.csv"), labelled(&goods(5)));
    let mut rows = goods(5);
    rows.iter_mut().for_each(|row| row[7].clear());
    rows[4][6].clear();
    desk.put(&of("open.csv"), labelled(&rows));
    let scope =
        format!("职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工{0},4-12-01-01,{0},三级{0},国家标准\n", kinds());
    desk.put(&of("scope.csv"), scope);
    desk.put(&of("answers.csv"), format!("定位（请勿改动）,姓名（请改为）\nskillcert 9/1 {0},张三{0}\n", kinds()));
    workbook(&hostile(), &desk.path(&of("book.xlsx")));
    (desk, named)
}

/// Calls of verbs that [`CALLS`] has not, for they print no JSON, and of the same with workbooks.
const MORE: &[&[&str]] = &[
    &["check", "book.xlsx", "--unmask"],
    &["check", "book.xlsx", "--with-rows"],
    &["check", "roster.csv", "--format", "xlsx", "--output", "list.xlsx", "--force"],
    &["check", "roster.csv", "--format", "xlsx", "--for-answers", "--output", "list.xlsx", "--force"],
    &["decode", "roster.csv", "--column", "姓名"],
    &["decode", "book.xlsx", "--column", "证书编号"],
    &["decode", "roster.csv", "--column", "备注"],
    &["compare", "roster.csv", "good.csv", "--unmask"],
    &["values", "roster.csv", "--column", "所在单位", "--groups"],
    &["values", "roster.csv", "--column", "姓名", "--format", "csv", "--unmask"],
    &["replace", "roster.csv", "市", "县", "--dry-run", "--unmask"],
    &["reshape", "half-width", "roster.csv", "--column", "姓名", "--column", "所在单位", "--dry-run", "--unmask"],
    &["reshape", "split", "roster.csv", "--column", "所在单位", "--into", "工种/职业方向", "--dry-run"],
    &["unify", "roster.csv", "--column", "所在单位", "--dry-run", "--unmask"],
    &["rows", "aside", "--where", "errors", "--text", "x", "--batch", "1", "--dry-run"],
    &["history", "--batch", "1"],
    &["compare", "roster.csv", "good.csv"],
    &["fill", "roster.csv", "--from", "good.csv", "--key", "证书编号", "--also-filled", "--dry-run", "--unmask"],
    &["template", "national", "--output", "template.xlsx", "--force"],
    &["recipe", "apply", "天水", "roster.csv", "--output", "out.csv", "--force"],
    &["recipe", "delete", "天水", "--yes"],
    &["fix", "roster.csv", "--dry-run", "--unsafe"],
    &["fix", "roster.csv", "--output", "out.csv", "--force"],
    &["export", "roster.csv", "--output", "upload.csv", "--force"],
    &["export", "good.csv", "--output", "upload.csv", "--force"],
    &["export", "roster.csv", "--masked", "--output", "out.csv", "--force"],
    &["ledger", "export", "--year", "2024", "--output", "out.csv", "--force"],
    &["ledger", "export", "--year", "2024", "--output", "list.xlsx", "--force"],
    &["audit", "export", "--output", "out.csv", "--force"],
    &["case", "export", "2", "--output", "out.csv", "--force"],
    &["due", "--rule", "GZ-09", "--from", "2026-10-12", "--steps"],
    &["due", "--output", "out.csv", "--force"],
    &["lateness", "--batch", "1", "--output", "late.txt", "--force"],
    &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "x", "--force"],
    &["form", "list"],
    &["form", "fill", "missing.xlsx", "--batch", "1", "--output", "out.xlsx", "--force"],
    &["form", "show", "hand-out-list", "--batch", "1"],
    &["form", "write", "hand-out-list", "--batch", "1", "--output", "form.xlsx", "--force"],
    &["print", "data", "good.csv", "--output", "print.xlsx", "--reason", "x", "--force"],
    &["print", "data", "roster.csv", "--output", "print.csv", "--reason", "x", "--force"],
    &["print", "proof", "S000062010001242J00001"],
    &["print", "photos", ".", "roster.csv", "--all"],
    &["stock", "use", "00000003", "S000062010001242J00001", "--reason", "印", "--yes"],
    &["stock", "list", "--format", "csv"],
    &["fact", "list", "1", "--all"],
    &["checklist", "1"],
    &["fact", "set", "1", "award-number=〔2025〕1号"],
    &["fact", "list", "1", "--format", "csv"],
    &["batch", "archive", "1"],
    &["batch", "restore", "1"],
    &["profile", "check", "roster.csv"],
    &["profile", "check", "missing.csv"],
    &["profile", "new", "我的", "--output", "-"],
    &["completions", "bash"],
    &["completions", "zsh"],
    &["man"],
    &["open", "missing.csv"],
];

/// Lists what must not stand in a file: a tab may, as any text has it.
fn kept(text: &str) -> Vec<char> {
    raw_controls(text).into_iter().filter(|c| *c != '\t').collect()
}

/// Looks at everything that came of a call; what was written is told by its ending.
#[track_caller]
fn look(desk: &Desk, told: &[String], ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        assert_eq!(raw_controls(text), [], "{told:?}:\n{text}");
    }
    for entry in fs::read_dir(desk.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let is_ours = ["out", "upload", "list"].iter().any(|word| name.starts_with(word));
        if !is_ours {
            continue;
        }
        let bytes = fs::read(&path).expect("a file");
        if bytes.starts_with(b"PK") {
            let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
            for i in 0..parts.len() {
                let mut part = String::new();
                parts.by_index(i).expect("a part").read_to_string(&mut part).expect("a text");
                assert_eq!(kept(&part), [], "{told:?} {name}");
            }
        } else {
            let text = String::from_utf8(bytes).unwrap_or_else(|e| GB18030.decode(e.as_bytes()).0.into_owned());
            assert_eq!(kept(&text), [], "{told:?} {name}");
            if path.extension().is_some_and(|ending| ending == "json") {
                serde_json::from_str::<Value>(&text).expect("JSON");
            }
        }
        fs::remove_file(&path).expect("removed");
    }
}

fn formats(words: &[String]) -> Vec<String> {
    let line = format!("{} ", words.join(" "));
    let Some((_, command)) = verbs().find(|(verb, _)| line.starts_with(&format!("{verb} "))) else { return Vec::new() };
    if words.iter().any(|word| word == "--format") {
        return Vec::new();
    }
    let formats = command.get_arguments().filter(|arg| arg.get_long() == Some("format"));
    formats.flat_map(clap::Arg::get_possible_values).map(|value| value.get_name().to_string()).collect()
}

fn unmasked(words: &[String]) -> Option<Vec<String>> {
    let line = format!("{} ", words.join(" "));
    let (_, command) = verbs().find(|(verb, _)| line.starts_with(&format!("{verb} ")))?;
    let has = |name: &str| command.get_arguments().any(|arg| arg.get_long() == Some(name));
    let is_free = |name: &str| has(name) && !words.iter().any(|word| word == &format!("--{name}"));
    let reason = ["--reason".to_string(), "看".to_string()];
    is_free("unmask").then(|| {
        let reason = if is_free("reason") { &reason[..] } else { &[] };
        [words, &["--unmask".to_string()], reason].concat()
    })
}

#[test]
fn every_hidden_character_is_escaped_in_every_verb_and_column() {
    // As it is typed, and with such characters in all that is free.
    for is_typed in [false, true] {
        let (desk, named) = desk();
        let is_free = |call: &&[&str]| call.iter().any(|word| !word.is_ascii());
        let all = CALLS.iter().map(|(_, call)| *call).chain(MORE.iter().copied());
        for call in all.filter(|call| !is_typed || is_free(call)) {
            let word = |word: &&str| match named.iter().find(|(plain, _)| plain == word) {
                Some((_, name)) => name.clone(),
                None if is_typed && !word.is_ascii() => format!("{word}{}", kinds()),
                None => (*word).to_string(),
            };
            let words: Vec<String> = call.iter().map(word).collect();
            for format in formats(&words).iter().map(Some).chain([None]) {
                let format = format.map_or_else(Vec::new, |format| vec!["--format".to_string(), format.clone()]);
                for words in std::iter::once(words.clone()).chain(unmasked(&words)) {
                    let words = [words, format.clone()].concat();
                    // Without a terminal the workbench says so.
                    let ran = if words[0] == "open" { desk.run(&words) } else { desk.verb(&words) };
                    assert_ne!(ran.code, 5, "{words:?}: {}", ran.err);
                    look(&desk, &words, &ran);
                }
            }
        }
    }
}

#[test]
fn no_verb_is_left_out() {
    let calls: Vec<String> =
        CALLS.iter().map(|(_, call)| *call).chain(MORE.iter().copied()).map(|c| c.join(" ") + " ").collect();
    let left: Vec<&str> = verbs()
        .map(|(verb, _)| verb)
        .filter(|verb| !calls.iter().any(|c| c.starts_with(&format!("{verb} "))))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn json_carries_them_to_a_program_that_asks() {
    let (desk, named) = desk();
    let file = desk.path(&named[0].1);
    let (_, json) = desk.json(&file, &["--unmask", "--with-rows"]);
    let rows = json["rows"].as_array().expect("rows");
    let mut lost: Vec<char> = all().chars().filter(|c| !c.is_control()).collect();
    for (row, wanted) in rows.iter().zip(hostile()) {
        for (label, cell) in LABELS.iter().zip(&wanted) {
            let told = row[*label].as_str().expect("a cell");
            assert!(told == cell || cell.contains(|c: char| c.is_control()), "{told:?} {cell:?}");
        }
        let cells = wanted.concat();
        lost.retain(|c| !cells.contains(*c));
    }
    assert_eq!(lost, []);
    let book = desk.path(&named.iter().find(|(plain, _)| *plain == "book.xlsx").expect("a workbook").1);
    assert_eq!(desk.json(&book, &[]).1["sheet"], sheet_name());
}
