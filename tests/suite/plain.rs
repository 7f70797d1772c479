//! The conversation line by line with the built program: scripts of answers against reviewed snapshots, a pseudo-terminal, a lost
//! line at each kind of question, a batch that somebody else holds, hostile files.

mod ends;
mod papers;
mod terminal;

use std::path::PathBuf;

use serde_json::Value;
use skillcert::words::{Lang, Locale};

use crate::pty::sample;
use crate::support::{Desk, Ran, good, goods, note_demanded, raw_controls, root, spoiled};

/// Answers, a line each. A line that begins with `#` says why the next are given; `\` alone is Enter.
fn answers(case: &str) -> String {
    let text = std::fs::read_to_string(root("tests/cases/plain").join(case)).expect(case);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| if line == "\\" { "\n".to_string() } else { format!("{line}\n") }).collect()
}

/// Talks to the program and gives what it says.
pub fn talk(desk: &Desk, arguments: &[&str], script: &str) -> Ran {
    desk.folder("state");
    let ran = desk.run_with_input(&[&["--home", "state", "--plain"], arguments].concat(), script.as_bytes());
    assert_clean(&ran.bytes);
    assert_eq!(ran.err, "");
    ran
}

/// Nothing but text and line feeds reaches the terminal.
#[track_caller]
pub fn assert_clean(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(bytes.iter().all(|b| 0x20 <= *b && *b != 0x7f || *b == b'\n'), "{text:?}");
    assert_eq!(raw_controls(text), Vec::<char>::new());
    assert!(!text.contains("plain.") && !text.contains('{'), "a text is missing or not filled: {text}");
}

/// Puts a name in place of a moment such as `2026-11-29 13:14`.
fn without_moments(said: &str) -> String {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let is_moment = |text: &str| {
        let parts = text.get(..16).map(|text| text.split(['-', ' ', ':']).collect::<Vec<_>>()).unwrap_or_default();
        parts.len() == 5 && parts.iter().zip([4, 2, 2, 2, 2]).all(|(part, long)| part.len() == long && digits(part))
    };
    let (mut told, mut at) = (String::new(), 0);
    while let Some(c) = said[at..].chars().next() {
        if is_moment(&said[at..]) {
            told += "MOMENT";
            // Who it was stands behind it.
            at += said[at..].find('\n').unwrap_or(16);
        } else {
            told.push(c);
            at += c.len_utf8();
        }
    }
    told
}

/// Puts names in place of what is different each time.
fn settled(desk: &Desk, said: &str) -> String {
    let folder = desk.folder.path().canonicalize().expect("folder");
    let said =
        said.replace(&*folder.to_string_lossy(), "FOLDER").replace(&*desk.folder.path().to_string_lossy(), "FOLDER");
    let said = without_moments(&said);
    let is_hash = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let word = |word: &str| if is_hash(word) { "HASH".to_string() } else { word.to_string() };
    said.split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            let end = part.chars().next_back().filter(|c| !c.is_ascii_alphanumeric()).map_or(0, char::len_utf8);
            let (head, tail) = part.split_at(part.len() - end);
            word(head) + tail
        })
        .collect()
}

/// Holds a conversation against its snapshot in a language.
fn picture(desk: &Desk, case: &str, lang: &str, arguments: &[&str]) -> String {
    let ran = talk(desk, &[&["--lang", lang], arguments].concat(), &answers(&format!("{case}.txt")));
    assert_eq!(ran.code, 0);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("plain-{case}-{lang}"), settled(desk, &ran.out)));
    ran.out
}

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&["--home", "state"], arguments, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err))
}

/// Lists what was done, oldest first.
fn actions(desk: &Desk) -> Vec<String> {
    let told = json(desk, &["audit", "show"]);
    told["entries"].as_array().expect("entries").iter().map(|e| e["action"].as_str().expect("text").into()).collect()
}

const LANGS: [&str; 2] = ["zh", "en"];

#[test]
fn findings_are_listed_fixed_undone_and_told_in_words() {
    for lang in LANGS {
        let desk = Desk::new();
        sample(&desk);
        picture(&desk, "fix", lang, &["open", "gansu-2024.xlsx"]);
        let expected = ["create", "complete", "change", "undo", "redo", "change", "change"];
        assert_eq!(actions(&desk), expected.map(|action| format!("batch.{action}")));
        // The workbench goes on where the conversation was left.
        let resumed = talk(&desk, &["--lang", lang], "history\n");
        let step =
            if lang == "zh" { "第 3 步：修改 所在单位 第7行" } else { "Step 3: Edit 所在单位 in row 7" };
        assert!(resumed.out.contains(step), "{}", resumed.out);
    }
}

#[test]
fn a_record_is_told_field_by_field_and_rows_are_found() {
    for lang in LANGS {
        let desk = Desk::new();
        desk.roster("spoiled.csv", &spoiled());
        picture(&desk, "record", lang, &["open", "spoiled.csv"]);
        assert_eq!(actions(&desk).last().expect("an entry"), "audit.unmask", "{:?}", actions(&desk));
    }
}

#[test]
fn a_file_is_picked_its_sheet_and_its_columns_too() {
    for lang in LANGS {
        let desk = Desk::new();
        // The folder that is listed first is there before the program starts and stays as it is.
        std::fs::create_dir_all(desk.path("state")).expect("made");
        std::fs::create_dir(desk.path("b")).expect("made");
        desk.put("b/sheets.xlsx", std::fs::read(root("tests/fixtures/sheets.xlsx")).expect("fixture"));
        let odd = crate::support::text(",", &goods(3)).replace("证件号码", "号");
        desk.put("b/odd.csv", odd);
        desk.put("b/notes.md", "no spreadsheet");
        picture(&desk, "import", lang, &[]);
        let batches = json(&desk, &["batch", "list"]);
        assert_eq!(batches["batches"].as_array().expect("batches").len(), 3, "{batches}");
    }
}

#[test]
fn codes_and_terms_are_read_out() {
    for lang in LANGS {
        let desk = Desk::new();
        desk.roster("clean.csv", &goods(3));
        picture(&desk, "decode", lang, &["open", "clean.csv"]);
    }
}

#[test]
fn numbers_are_planned_and_taken_by_the_word_alone() {
    for lang in LANGS {
        let desk = Desk::new();
        let institution = good(0)[9].clone();
        let added = desk.verb(&[
            "--home",
            "state",
            "institution",
            "add",
            "S000062010001",
            "--name",
            &institution,
            "--profile",
            "gansu-competition",
        ]);
        assert_eq!(added.code, 0, "{}", added.err);
        let mut rows = goods(14);
        rows.iter_mut().for_each(|row| row[7].clear());
        rows.iter_mut().skip(2).for_each(|row| row[6] = "七级".into());
        desk.roster("new.csv", &rows);
        picture(&desk, "allocate", lang, &["open", "--profile", "gansu-competition", "new.csv"]);
        assert_eq!(actions(&desk).last().expect("an entry"), "ledger.allocate");
        let entries = json(&desk, &["audit", "show"]);
        let last = entries["entries"].as_array().expect("entries").last().expect("an entry");
        assert_eq!(last["reason"], "第三批", "{entries}");
        let series = json(&desk, &["ledger", "series"]);
        assert_eq!(series["series"][0]["used"], 2, "{series}");
    }
}

#[test]
fn files_are_written_or_refused() {
    for lang in LANGS {
        let desk = Desk::new();
        let mut rows = goods(4);
        rows[3][8] = "2024-02-30".into();
        desk.roster("one.csv", &rows);
        // What its notice demands is known of the batch.
        talk(&desk, &["open", "one.csv"], "quit\n");
        note_demanded(&desk.path("state"));
        let said = picture(&desk, "export", lang, &["open", "one.csv"]);
        // Organisers get it: its name is Chinese whatever the screen says.
        let tail = Locale::load(Lang::Zh).text("ui.export.upload-tail").to_string();
        assert!(said.contains(&format!("one{tail}.xlsx")), "{said}");
        assert!(desk.path("list.csv").exists());
        assert_eq!(std::fs::read_to_string(desk.path("old.csv")).ok(), None);
    }
}

/// Every question there is explains itself in both languages.
#[test]
fn every_question_explains_itself() {
    for lang in LANGS {
        let desk = Desk::new();
        sample(&desk);
        picture(&desk, "explain", lang, &["open", "gansu-2024.xlsx"]);
    }
}

#[test]
fn a_list_too_long_for_an_ear_is_told_ten_lines_at_a_time() {
    let desk = Desk::new();
    let mut rows = goods(57);
    rows.iter_mut().for_each(|row| row[8] = "2024.11.8".into());
    desk.roster("many.csv", &rows);
    let said = talk(&desk, &["--lang", "en", "open", "many.csv"], "findings\n3\n\n\npage-up\n1\n").out;
    for part in ["Showing 1 to 10 of 57", "Showing 11 to 20 of 57", "Showing 21 to 30 of 57"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("Row 12 (11 of 57)"), "{said}");
}

#[test]
fn enter_alone_and_numbers_never_make_a_change() {
    let desk = Desk::new();
    sample(&desk);
    let said = talk(&desk, &["open", "gansu-2024.xlsx"], "查看问题\n0\nQBXZ\n\n\n1\nok\nquit\n").out;
    assert!(said.contains("只按回车不会执行"), "{said}");
    assert_eq!(actions(&desk), ["batch.create", "batch.complete"]);
    assert!(said.ends_with("已退出，工作都已保存。\n"), "{said}");
}

#[test]
fn every_text_of_the_conversation_is_used_and_there() {
    fn walk(folder: PathBuf, out: &mut String) {
        for entry in std::fs::read_dir(folder).expect("folder").flatten() {
            if entry.path().is_dir() {
                walk(entry.path(), out);
            } else {
                *out += &std::fs::read_to_string(entry.path()).expect("source");
            }
        }
    }
    let mut sources = std::fs::read_to_string(root("src/main.rs")).expect("source");
    walk(root("src/plain"), &mut sources);
    walk(root("src/app"), &mut sources);
    let locale = Locale::load(Lang::Zh);
    let quoted: Vec<&str> = sources.split('"').collect();
    for key in quoted.iter().filter(|p| p.starts_with("plain.") && !p.contains(['{', '/'])) {
        assert_ne!(locale.text(key), *key);
    }
    for key in locale.keys().into_iter().filter(|k| k.starts_with("plain.")) {
        // Those of a topic or an act are named by its name.
        let name = key.rsplit('.').next().expect("a name");
        let is_named = key.split('.').count() == 3 && quoted.contains(&name);
        assert!(quoted.contains(&key.as_str()) || is_named, "{key} is never said");
    }
}

#[test]
fn rows_are_filtered_sorted_and_marked_with_one_line_each() {
    let desk = Desk::new();
    let mut rows = goods(5);
    for (row, employer) in rows.iter_mut().zip(["天水某厂", "兰州某厂", "天水某厂", "", "天水技校"]) {
        row[3] = employer.into();
    }
    desk.roster("good.csv", &rows);
    let script = "filter 所在单位~天水\n筛选 所在单位!=天水技校\nsort 所在\n0\nfilter back\nfilter off\nsort szdw\nsort 证\n\
                  sort off\nmark 3\nmark 99\n标记 4\nfilter marked\nfilter 所在单位=\nmark off\nfilter off\nfind 技校\n";
    let said = talk(&desk, &["--lang", "zh", "open", "good.csv"], script).out;
    for told in [
        "所在单位~天水：3 行",
        "所在单位~天水、所在单位!=天水技校：2 行",
        "按“所在单位”升序",
        "筛选出 3 行",
        "显示全部行",
        "按“所在单位”降序",
        "不知道是哪一栏：证件类型、证件号码、证书编号",
        "按文件里的顺序",
        "已标记 1 行",
        "已标记 2 行",
        "筛选出 2 行",
        "没有标记的行",
        "“天水技校”",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(said.contains("99"), "{said}");
}

#[test]
fn hostile_files_are_told_and_never_sent() {
    let bad = "\u{1b}]0;PWNED\u{7}\u{1b}[5;7mx\u{8}\u{9b}2J\u{202E}\0y\n第二行";
    let mut rows = goods(4);
    (rows[0][0], rows[1][3], rows[2][2], rows[3][10]) = (bad.into(), bad.into(), bad.into(), bad.into());
    let desk = Desk::new();
    std::fs::create_dir(desk.path("state")).expect("made");
    let name = "a\u{1b}]0;PWNED\u{7}.csv";
    desk.put(name, crate::support::text(",", &rows).replace("所在单位", "所在单位\u{1b}[2J"));
    let script = "3\nconfirm\nrows\n1\nrecord\n1\nunmask\nedit\n\u{1b}[2J\u{7}新\nhistory\nundo\n0\n0\n0\nfix-all\n\n0\n\
                  search\nPWNED\n0\nfilter\n\u{1b}]0;\n\nno\u{1b}[5m\nmatch\n4\n0\nconfirm\nexport\n2\n2\n\u{1b}[2Jout.csv\n";
    let said = talk(&desk, &[], script).out;
    assert!(said.contains("^[]0;PWNED") && said.contains("\\n"), "{said}");
    for fixture in std::fs::read_dir(root("tests/fixtures")).expect("fixtures").flatten() {
        let desk = Desk::new();
        let path = fixture.path();
        let script = "1\n\nfindings\n1\n1\nrecord\n0\n0\nrows\n\nmatch\n0\nconfirm\nfix-all\n0\nexport\n2\n";
        let ran = talk(&desk, &["open", path.to_str().expect("UTF-8")], script);
        assert_eq!(ran.code, 0, "{}: {}", path.display(), ran.out);
    }
}
