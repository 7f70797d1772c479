//! The user's own profiles, forms and tables: a new province without a line of Rust, and wrong files that stop nothing.

mod certificates;
mod template;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use skillcert::data::{self, Catalogue, DataFault, DataProblem, TomlFault, WantedValue};
use skillcert::domain::sheet::SheetSpec;
use skillcert::formats::{FileRefusal, RefusalKind};
use skillcert::words::{Lang, Locale};

use crate::support::{Desk, PROGRAM, found, good, goods, root};

const REGIONS: &str = "table,code,name\nhainan-test,01,海口市\nhainan-test,02,三亚市\n";
const EXAMPLE: &str = "S000046010001243000001";

/// The template with the values of an invented notice of Hainan in place of the blanks.
fn hainan() -> String {
    let mut text = data::template("hainan-test");
    for (blank, value) in [
        ("values = [\"00\"]", "values = [\"46\"]"),
        ("closed = false", "closed = true"),
        ("text = \"--\"", "text = \"无\""),
        ("某省职业技能等级证书", "海南省职业技能等级证书"),
        ("S000000010001243000001", EXAMPLE),
    ] {
        assert!(text.contains(blank), "{blank}");
        text = text.replace(blank, value);
    }
    text
}

/// A desk whose state folder holds files.
fn with_files(files: &[(&str, &str)]) -> (Desk, PathBuf) {
    let desk = Desk::new();
    let home = desk.path("state");
    for (name, text) in files {
        let path = home.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    (desk, home)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// Lists every folder and file below a folder with its mode.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    use std::os::unix::fs::PermissionsExt;
    let mut all = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let mode = entry.metadata().expect("metadata").permissions().mode() & 0o777;
        all.push((entry.file_name().to_string_lossy().into_owned(), mode));
        all.extend(modes(&entry.path()));
    }
    all
}

#[test]
fn a_sixth_province_needs_no_rust() {
    let desk = Desk::new();
    let home = desk.path("state");
    let run = |words: &[&str]| {
        let mut command = desk.command(words);
        let output = command.env("SKILLCERT_HOME", &home).output().expect("started");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("ended"), text(&output.stdout), text(&output.stderr))
    };
    let (code, _, err) = run(&["profile", "new", "hainan-test"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(modes(&home), [("profiles".to_string(), 0o700), ("hainan-test.toml".to_string(), 0o600)]);
    let file = home.join("profiles/hainan-test.toml");
    let path = file.to_str().expect("a path");
    assert_eq!(std::fs::read_to_string(&file).expect("written"), data::template("hainan-test"));
    let (code, out, err) = run(&["profile", "check", path]);
    assert_eq!(code, 0, "the template as it is written: {out}{err}");
    assert_eq!(run(&["profile", "new", "hainan-test"]).0, 2, "a file that is there is never replaced");

    std::fs::write(&file, hainan()).expect("written");
    let (code, out, _) = run(&["profile", "check", path]);
    assert_eq!(code, 1, "a closed region table that is nowhere: {out}");
    assert!(out.contains("hainan-test.toml 第 "), "{out}");
    std::fs::create_dir(home.join("tables")).expect("made");
    std::fs::write(home.join("tables/regions.csv"), REGIONS).expect("written");
    let (code, out, err) = run(&["profile", "check", path]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");

    let (code, out, err) = run(&["profile", "list"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("hainan-test  ") && out.contains("海南省") && out.contains(path), "{out}");

    let row = |code: &str, level: &str| {
        let mut row = good(code.bytes().map(usize::from).sum::<usize>());
        (row[5], row[6], row[7]) = ("无".into(), level.into(), code.into());
        row
    };
    let rows = [
        row(EXAMPLE, "3"),
        row("S000046020001244000002", "4"),
        row("S000046090001243000003", "3"),
        row("S000046010001243000004", "5"),
    ];
    let roster = desk.roster("roster.csv", &rows);
    let (code, out, err) = run(&["check", roster.to_str().expect("a path"), "--format", "json"]);
    let json = json(&out);
    assert_eq!(code, 1, "{err}");
    assert_eq!((&json["profile"], &json["profile_from_codes"]), (&"hainan-test".into(), &true.into()));
    let codes = |row: u64| -> BTreeSet<String> {
        found(&json).into_iter().filter(|(r, rule, _)| *r == row && rule.starts_with('C')).map(|f| f.1).collect()
    };
    assert_eq!(codes(2), BTreeSet::new(), "{out}");
    assert_eq!(codes(3), BTreeSet::new(), "{out}");
    assert_eq!(codes(4).len(), 1, "the region: {out}");
    assert_eq!(codes(5).len(), 1, "the level: {out}");
    assert_ne!(codes(4), codes(5));
    let in_row = |row: u64| json["findings"].as_array().expect("list").iter().filter(move |f| f["row"] == row);
    assert!(in_row(4).any(|f| f["clause"] == "附件第9项"), "{out}");
    assert!(!found(&json).iter().any(|(_, rule, _)| rule == "W01"), "the token of this place: {out}");

    let (code, out, _) = run(&["decode", EXAMPLE]);
    assert_eq!(code, 0);
    assert!(out.contains("海口市") && out.contains("hainan-test"), "{out}");
    let (code, out, _) = run(&["profile", "show", "hainan-test"]);
    assert_eq!(code, 0);
    for said in ["某人社发〔2024〕1号", "46", "hainan-test", EXAMPLE, "姓名", "附件第9项", "无"] {
        assert!(out.contains(said), "{said}: {out}");
    }
}

#[test]
fn a_built_in_profile_is_replaced_and_shown() {
    let text = std::fs::read_to_string(root("data/profiles/gansu-competition.toml")).expect("built in");
    let own = text.replace("甘肃省职业技能竞赛\"", "本单位用的规则\"");
    let (desk, home) = with_files(&[("profiles/any-name.toml", &own)]);
    let home = home.to_str().expect("a path");
    let list = json(&desk.verb(&["profile", "list", "--format", "json", "--home", home]).out);
    let gansu = &list["profiles"].as_array().expect("list")[0];
    assert_eq!((&gansu["origin"], &gansu["name"]), (&"replaces".into(), &"本单位用的规则".into()));
    assert_eq!(list["problems"], Value::Array(vec![]));
    let show = |format: &str| desk.verb(&["profile", "show", "gansu-competition", "--format", format, "--home", home]);
    assert_eq!(show("toml").out, own);
    let shown = json(&show("json").out);
    assert_eq!(shown["segments"].as_array().map(Vec::len), Some(9));
    assert_eq!(shown["sheets"][0]["columns"].as_array().map(Vec::len), Some(11));
    assert_eq!(shown["output"], serde_json::json!({ "id_type": "code", "level": "digit" }));
    assert_eq!(shown["organisations"]["issuing_body_words"], serde_json::json!(["代章"]));
    assert_eq!(shown["words"]["employer_clause"], "GS-34");
    let reads: Vec<bool> =
        shown["examples"].as_array().expect("list").iter().filter_map(|e| e["reads"].as_bool()).collect();
    assert_eq!(reads, [true, false]);
    assert!(desk.verb(&["profile", "show", "gansu-competition"]).out.contains("内置"));
    assert_eq!(desk.verb(&["profile", "show", "nowhere"]).code, 2);
}

#[test]
fn a_profile_tells_how_cases_are_handled_and_where_its_notice_is_silent() {
    let desk = Desk::new();
    let show = |id: &str| desk.verb(&["profile", "show", id]).out;
    let beijing = show("beijing");
    for part in
        ["可更正：姓名、证件号码、照片  BJ-24", "BJ-25", "BJ-26", "BJ-57", "先取消已享受的政策待遇  BJ-28", "BJ-38"]
    {
        assert!(beijing.contains(part), "{part}: {beijing}");
    }
    assert!(!beijing.contains("通知未规定"), "{beijing}");
    let guangdong = show("guangdong-technical");
    for part in
        ["出具证明", "申请人身份证原件  GD-49", "重新上传这一行，不另填更正表  GD-53", "写明宣布无效的机关  GD-17"]
    {
        assert!(guangdong.contains(part), "{part}: {guangdong}");
    }
    assert_eq!(show("guizhou").matches("通知未规定").count(), 3);
}

#[test]
fn every_built_in_profile_is_shown_in_both_languages() {
    for locale in [Lang::Zh, Lang::En] {
        let lang = if locale == Lang::Zh { "zh" } else { "en" };
        let desk = Desk::new();
        for profile in data::profiles() {
            let ran = desk.verb(&["profile", "show", &profile.id, "--lang", lang]);
            assert_eq!(ran.code, 0);
            assert!(!ran.out.contains("profile.") && !ran.out.contains('{'), "{}", ran.out);
            assert!(ran.out.contains(&profile.document), "{}", ran.out);
            let lines = ran.out.lines().filter(|l| l.contains("1-") || l.contains("-22")).count();
            assert!(0 < lines, "{}", ran.out);
            assert_eq!(json(&desk.verb(&["profile", "show", &profile.id, "--format", "json"]).out)["id"], *profile.id);
        }
    }
}

/// Of a deadline that begins with nothing there is nothing would ever be due, and nobody would know.
#[test]
fn a_deadline_that_would_never_count_is_told_with_its_line() {
    let built_in = std::fs::read_to_string(root("data/profiles/beijing.toml")).expect("built in");
    let line_of = |text: &str, words: &str| text[..text.find(words).expect("there")].matches('\n').count() + 1;
    let from = "from = \"receipt\"\nlength = 20\nuntil = \"specimen\"";
    for (to, line, words) in [
        ("from = \"reciept\"\nlength = 20\nuntil = \"specimen\"", 0, "reciept"),
        ("from = \"receipt\"\nlength = 20\nuntil = \"speciman\"", 2, "speciman"),
        ("from = \"receipt\"\nlength = 20\nof_case = \"renew\"", 2, "renew"),
        ("from = \"receipt\"\nlength = 20\nor_after = \"BJ-99\"", 2, "BJ-99"),
        ("from = \"receipt\"\non = \"13-01\"", 1, "length"),
        ("from = \"receipt\"\nuntil = \"specimen\"", -4, "length"),
        ("from = \"year\"\nlength = 20", 1, "length"),
    ] {
        assert!(built_in.contains(from));
        let own = built_in.replacen(from, to, 1);
        let at = line_of(&own, to) as isize + line;
        let (desk, folder) = with_files(&[("profiles/beijing.toml", &own)]);
        let file = folder.join("profiles/beijing.toml");
        for lang in ["zh", "en"] {
            let ran = desk.verb(&["profile", "check", file.to_str().expect("a path"), "--lang", lang]);
            assert_eq!(ran.code, 1, "{to}: {}{}", ran.out, ran.err);
            let told = ran.out + &ran.err;
            assert!(told.contains(words), "{to}: {told}");
            if line != -4 {
                assert!(told.contains(&format!("{at}")), "{to} {at}: {told}");
            }
        }
    }
}

/// Every file is wrong in one way; each is told with its line, in both languages, and nothing stops.
#[test]
fn wrong_files_stop_nothing_and_are_told_with_their_line() {
    let whole = hainan();
    let line_of = |text: &str, words: &str| text[..text.find(words).expect("there")].matches('\n').count() + 1;
    let second = line_of(&whole, "[[segment]]\nname = \"备案部门代码\"");
    let region = line_of(&whole, "[[segment]]\nname = \"市县代码\"");
    let with = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replacen(from, to, 1)
    };
    let form = std::fs::read_to_string(root("data/sheets/upload-11.toml")).expect("built in");
    let twice = form.replace("label = \"证件类型\"", "label = \"姓名\"");
    let twice_line = line_of(&form, "[[column]]\nfield = \"id-type\"");
    let wrong: Vec<(&str, String, Option<usize>)> = vec![
        ("profiles/a-broken.toml", with("name = \"海南", "name = 海南"), Some(line_of(&whole, "name = \"海南"))),
        ("profiles/b-gap.toml", with("from = 2\n", "from = 3\n"), Some(second)),
        ("profiles/c-overlap.toml", with("from = 2\n", "from = 1\n"), Some(second)),
        ("profiles/d-key.toml", with("document =", "dokument ="), Some(line_of(&whole, "document ="))),
        (
            "profiles/e-value.toml",
            with("[\"46\"]", "[\"460\"]"),
            Some(line_of(&whole, "[[segment]]\nname = \"省级代码\"")),
        ),
        (
            "profiles/f-reader.toml",
            with("reader = \"year\"", "reader = \"yaer\""),
            Some(line_of(&whole, "[[segment]]\nname = \"年份代码\"")),
        ),
        ("profiles/g-date.toml", with("2024-01-01", "2024-13-01"), Some(line_of(&whole, "date ="))),
        ("profiles/h-form.toml", with("[\"upload-11\"]", "[\"nowhere\"]"), Some(line_of(&whole, "sheets ="))),
        ("profiles/i-id.toml", with("id = \"hainan-test\"", "id = \"Hai Nan\""), Some(line_of(&whole, "id ="))),
        (
            "profiles/j-end.toml",
            with("to = 22\n", "to = 21\n"),
            Some(line_of(&whole, "[[segment]]\nname = \"证书序列码\"")),
        ),
        ("profiles/m-missing.toml", with("clause = \"附件第9项\"\n", ""), Some(region)),
        ("profiles/n-inner.toml", with("closed = true\n", "closet = true\n"), Some(line_of(&whole, "closed = true\n"))),
        ("profiles/o-kind.toml", with("closed = true\n", "closed = 1\n"), Some(line_of(&whole, "closed = true\n"))),
        ("profiles/p-taken.toml", with("closed = true\n", "values = []\n"), Some(region)),
        ("profiles/k-empty.toml", String::new(), Some(1)),
        (
            "profiles/l-far.toml",
            with("to = 22\n", "to = 9223372036854775807\n"),
            Some(line_of(&whole, "[[segment]]\nname = \"证书序列码\"")),
        ),
        ("profiles/z-twice.toml", whole.clone(), Some(line_of(&whole, "id ="))),
        ("sheets/twice.toml", twice, Some(twice_line)),
        (
            "profiles/q-corrections.toml",
            format!("{whole}\n[correction]\nsheet = \"nowhere\"\nclause = \"附件第28项\"\n"),
            Some(line_of(&format!("{whole}\n[correction]\n"), "\n[correction]\n") + 1),
        ),
        (
            "profiles/r-revocation.toml",
            format!("{whole}\n[revocation]\ntext = \"x\"\nbenefits = true\nclause = \"附件第16项\"\n"),
            Some(line_of(&format!("{whole}\n[revocation]\n"), "\n[revocation]\n") + 3),
        ),
        ("tables/regions.csv", format!("{REGIONS}hainan-test,,琼海市\n"), Some(4)),
        ("tables/calendar.csv", "日期,名称\n".into(), Some(1)),
        ("tables/scopes.csv", "a,b\n".into(), None),
    ];
    let mut files: Vec<(&str, &str)> = wrong.iter().map(|(name, text, _)| (*name, text.as_str())).collect();
    files.push(("profiles/y-good.toml", &whole));
    let (desk, home) = with_files(&files);
    let odd = |name: &str| home.join("profiles").join(name);
    std::fs::create_dir(odd("folder.toml")).expect("made");
    let sparse = std::fs::File::create(odd("sparse.toml")).expect("made");
    sparse.set_len(1 << 30).expect("sparse");
    std::fs::write(odd("binary.toml"), [0, 159, 146, 150, 255]).expect("written");
    std::os::unix::fs::symlink("/nowhere/at/all", odd("dangling.toml")).expect("linked");
    rustix::fs::mknodat(rustix::fs::CWD, odd("pipe.toml"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
        .expect("a pipe");
    std::fs::write(odd("notes.txt"), "not a profile").expect("written");

    let state = home.to_str().expect("a path");
    let clean = desk.roster("clean.csv", &goods(2));
    for lang in ["zh", "en"] {
        let ran =
            desk.verb(&["check", clean.to_str().expect("a path"), "--home", state, "--lang", lang, "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        json(&ran.out);
        assert_eq!(ran.err.lines().count(), wrong.len() + 5, "{}", ran.err);
        assert!(!ran.err.contains("data.") && !ran.err.contains('{'), "{}", ran.err);
        for (name, _, line) in &wrong {
            let told = ran.err.lines().find(|l| l.contains(name)).unwrap_or_else(|| panic!("{name}: {}", ran.err));
            if name.starts_with("tables/regions") {
                assert!(
                    told.contains(if lang == "zh" { "代码 一栏不能空" } else { "code must not be empty" }),
                    "{told}"
                );
            }
            if let Some(line) = line {
                let place = if lang == "zh" { format!("第 {line} 行") } else { format!(" line {line}") };
                assert!(told.contains(&place), "{place}: {told}");
            }
        }
        for name in ["folder", "sparse", "binary", "dangling", "pipe"] {
            assert!(ran.err.contains(&format!("{name}.toml")), "{name}: {}", ran.err);
        }
    }
    let ran = desk.verb(&["profile", "list", "--home", state, "--format", "json"]);
    assert_eq!(ran.code, 0);
    let list = json(&ran.out);
    assert_eq!(list["problems"].as_array().map(Vec::len), Some(wrong.len() + 5));
    let ids: Vec<&str> = list["profiles"].as_array().expect("list").iter().filter_map(|p| p["id"].as_str()).collect();
    assert_eq!(ids.len(), data::profiles().len() + 1);
    assert_eq!(ids.last(), Some(&"hainan-test"), "of two files with an id the first has it");

    for (name, code) in [
        ("profiles/b-gap.toml", 1),
        ("sheets/twice.toml", 1),
        ("tables/regions.csv", 1),
        ("profiles/y-good.toml", 0),
        ("profiles/z-twice.toml", 1),
        ("profiles/sparse.toml", 3),
        ("profiles/binary.toml", 3),
        ("profiles/folder.toml", 3),
        ("profiles/none.toml", 3),
        ("tables/none.csv", 3),
        ("tables/scopes.csv", 1),
    ] {
        let ran = desk.verb(&["profile", "check", home.join(name).to_str().expect("a path"), "--home", state]);
        assert_eq!(ran.code, code, "{name}: {}{}", ran.out, ran.err);
    }
}

#[test]
fn reading_verbs_make_no_state_folder() {
    let desk = Desk::new();
    let state = desk.path("state");
    for words in
        [&["profile", "list"][..], &["decode", EXAMPLE], &["explain"], &["profile", "new", "x", "--output", "-"]]
    {
        desk.verb(&[words, &["--home", state.to_str().expect("a path")]].concat());
        assert!(!state.exists(), "{words:?}");
    }
}

#[test]
fn every_fault_has_its_words() {
    let text = |s: &str| s.to_string();
    let faults = [
        DataFault::NotAFile,
        DataFault::TooLarge,
        DataFault::NotUtf8,
        DataFault::Refused(FileRefusal::new(RefusalKind::Encrypted, "")),
        DataFault::Toml(TomlFault::Twice(text("id")), text("id = 1")),
        DataFault::Toml(TomlFault::Other, text("= 1")),
        DataFault::Value(text("1"), WantedValue::OneOf(vec![text("a")])),
        DataFault::Value(text("1"), WantedValue::Other),
        DataFault::UnknownKey(text("colour"), vec![text("id")]),
        DataFault::MissingKey(text("id")),
        DataFault::Date(text("x")),
        DataFault::UnknownName(text("isued"), vec![text("issued")]),
        DataFault::NoDeadline,
        DataFault::NoSheet,
        DataFault::ColumnTwice(text("姓名")),
        DataFault::BadId(text("X")),
        DataFault::IdTwice(text("x"), "a.toml".into()),
        DataFault::UnknownSheet(text("x")),
        DataFault::UnknownTable(vec!["regions"]),
        DataFault::NoHeader(vec!["code"]),
        DataFault::EmptyCell("code"),
        DataFault::BadCell("code", text("\u{1b}[31m")),
        DataFault::MoreRows(3),
        DataFault::Example(text("S"), true),
        DataFault::Example(text("S"), false),
        DataFault::NoRegions(text("x"), true),
        DataFault::NoRegions(text("x"), false),
        DataFault::UnknownClauses(vec![text("附件")]),
        DataFault::SameCodes(vec![text("beijing")]),
    ];
    for locale in [Lang::Zh, Lang::En].map(Locale::load) {
        for fault in &faults {
            for place in [None, Some((3, None)), Some((3, Some(7)))] {
                let problem = DataProblem { file: "\u{202e}x.toml".into(), place, fault: fault.clone() };
                let told = locale.data_problem(&problem);
                assert!(
                    !told.contains("data.") && !told.contains('{') && !told.contains(['\u{1b}', '\u{202e}']),
                    "{told}"
                );
                assert!(place.is_none() || told.contains('3'), "{told}");
            }
        }
    }
}

#[test]
fn forms_and_workbook_tables_of_the_user_are_taken() {
    let form = std::fs::read_to_string(root("data/sheets/upload-11.toml")).expect("built in");
    let own = form.replace("id = \"upload-11\"", "id = \"own-form\"").replace("label = \"姓名\"", "label = \"持证人\"");
    let profile = hainan().replace("[\"upload-11\"]", "[\"own-form\"]");
    let (desk, home) = with_files(&[("sheets/own.toml", &own), ("profiles/h.toml", &profile)]);
    std::fs::create_dir(home.join("tables")).expect("made");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (r, line) in REGIONS.lines().enumerate() {
        for (c, cell) in line.split(',').enumerate() {
            sheet.write_string(r as u32, c as u16, cell).expect("written");
        }
    }
    book.save(home.join("tables/regions.xlsx")).expect("saved");
    std::fs::write(home.join("tables/occupations.csv"), "职业名称,职业编码\n汽车维修工,4-12-01-01\n").expect("written");
    let all = Catalogue::load(&home, Path::new(PROGRAM));
    assert_eq!(all.problems, []);
    let own = all.sheet("own-form").map(|s: &std::sync::Arc<SheetSpec>| s.columns[0].label.clone());
    assert_eq!(own.as_deref(), Some("持证人"));
    let tables = all.tables();
    assert_eq!(tables.regions.name("hainan-test", "02").map(|[zh, _]| zh).as_deref(), Some("三亚市"));
    assert_eq!(tables.occupation_codes.get("汽车维修工").map(String::as_str), Some("4-12-01-01"));

    // The header of this form names the first column in its own way; the profile is found by the codes all the same.
    let mut row = good(1);
    (row[5], row[6], row[7]) = ("无".into(), "3".into(), EXAMPLE.into());
    let roster = desk.roster("roster.csv", &[row]);
    let text = std::fs::read_to_string(&roster).expect("there").replacen("姓名", "持证人", 1);
    std::fs::write(&roster, text).expect("written");
    let (_, json) = desk.json(&roster, &["--home", home.to_str().expect("a path")]);
    assert_eq!(json["profile"], "hainan-test");
    assert!(!found(&json).iter().any(|(_, rule, column)| rule.starts_with('R') && column == "持证人"), "{json}");
}

/// The user's regions, occupations and calendar are looked up like the built-in ones.
#[test]
fn the_users_tables_are_looked_up() {
    let desk = Desk::new();
    let home = desk.path("state");
    let state = home.to_str().expect("a path");
    std::fs::create_dir_all(home.join("tables")).expect("a folder");
    let put = |name: &str, text: &str| std::fs::write(home.join("tables").join(name), text).expect("a table");
    put("regions.csv", "table,code,name\nsichuan-competition,03,自贡市\n");
    put("occupations.csv", "职业编码,职业名称\n6-31-01-03,样例电工\n");
    put("calendar.csv", "date,kind,name\n2027-02-08,off,春节\n2027-05-10,holiday,样例调休\n2027-10-01,off,国庆节\n");
    for (term, kind, wanted) in
        [("zgs", "region", "自贡市"), ("样例电工", "occupation", "6-31-01-03"), ("2027-05-10", "day", "样例调休")]
    {
        let told = desk.verb(&["lookup", term, "--kind", kind, "--home", state]);
        assert!(told.out.contains(wanted), "{term}: {}{}", told.out, told.err);
    }
    // The year is the user's now, so nothing in it is a guess any more.
    assert!(!desk.verb(&["lookup", "2027-10-01", "--kind", "day", "--home", state]).out.contains("推算"));
}
