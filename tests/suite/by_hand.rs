//! What the user says of how a file is read: its header row, its columns, its encoding.

use serde_json::json;
use skillcert::app::App;
use skillcert::app::command::Place;
use skillcert::app::import::{FirstRows, ImportStep};
use skillcert::app::msg::{Effect, Msg, ReadEnd, ReadJob};
use skillcert::domain::sheet::{Field, SkipReason, TextEncoding};
use skillcert::domain::text::{masked_name, masked_number};
use skillcert::words::Lang;

use crate::keys::{app_with, labels, new_app, opened, press, rows, three};
use crate::support::{Desk, LABELS, goods, root, text};

/// The first rows of a file without a header that is known, masked as they are read: a title, then people.
pub fn header_rows(job: u64) -> Msg {
    let masked = |(at, cell): (usize, &&str)| match at {
        0 => masked_name(cell),
        2 | 7 => masked_number(cell),
        _ => (*cell).to_string(),
    };
    let people = three();
    let people = people.iter().map(|row| row.iter().enumerate().map(masked).collect());
    let title = vec!["获奖选手名单".to_string()];
    let rows = [title, vec!["甲".into(), "乙".into(), "丙".into()]].into_iter().chain(people).collect();
    Msg::HeaderRows { job, rows: FirstRows { rows, sheet: String::new(), encoding: "GB18030".into() } }
}

/// Gives the options that match the columns of the form to those of a file in the same order.
fn mapped(sources: [&str; 11]) -> Vec<String> {
    let pairs = sources.iter().zip(LABELS);
    pairs.flat_map(|(source, field)| ["--map".to_string(), format!("{source}={field}")]).collect()
}

const LETTERS: [&str; 11] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"];
const TODAY: [&str; 2] = ["--today", "2026-11-29"];

/// A person who is made the header would be left out, and later files that begin with the same row would lose them too.
#[test]
fn a_person_is_no_header() {
    let desk = Desk::new();
    for file in ["l1_no_header.xlsx", "l1_no_header.csv"] {
        let file = root("tests/fixtures").join(file);
        for (row, kind) in [("1", json!("person-header")), ("3", json!("person-header")), ("0", json!(null))] {
            let (code, json) = desk.json(&file, &[&TODAY[..], &["--header-row", row]].concat());
            assert_eq!((code == 2, &json["rejected"]["kind"]), (row != "0", &kind), "{file:?} {row} {json}");
        }
        let told = desk.verb(&["check".as_ref(), file.as_os_str(), "--header-row".as_ref(), "2".as_ref()]).err;
        assert!(told.contains("第 2 行是人员") && told.contains("--header-row 0"), "{told}");
    }
}

#[test]
fn a_file_without_a_header_is_read_as_it_is_said_to_be() {
    let desk = Desk::new();
    let unknown = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子"];
    for (file, row, sources) in [
        ("l1_no_header.xlsx", "0", LETTERS),
        ("l1_no_header.csv", "0", LETTERS),
        ("l1_unknown_header.csv", "1", unknown),
        ("l1_unknown_header.csv", "1", LETTERS),
    ] {
        let file = root("tests/fixtures").join(file);
        let (code, json) = desk.json(&file, &TODAY);
        assert_eq!((code, &json["rejected"]["kind"]), (3, &json!("no-header")));
        let hint = json["rejected"]["hint"].as_str().expect("a hint");
        assert!(hint.contains("--header-row") && hint.contains("--map"), "{hint}");
        let map = mapped(sources);
        let options: Vec<&str> =
            TODAY.into_iter().chain(["--header-row", row]).chain(map.iter().map(String::as_str)).collect();
        let (code, json) = desk.json(&file, &options);
        assert_eq!((code, &json["row_count"], &json["findings"]), (0, &json!(12), &json!([])), "{file:?} {json}");
        assert_eq!(json["header_row"].to_string(), row);
        assert_eq!((&json["header_from"], &json["columns_from"]), (&json!("given"), &json!("hand")));
        assert_eq!(json["columns"][0]["by"], "hand");
        assert_eq!(json["table_findings"], json!([]), "what was said is no guess");
        // The copy is read back as the file was read.
        let copy = desk.path(if file.extension().is_some_and(|e| e == "csv") { "b.csv" } else { "b.xlsx" });
        let ran = desk.verb(
            &[&["fix", file.to_str().expect("UTF-8"), "-o", copy.to_str().expect("UTF-8"), "--force"][..], &options]
                .concat(),
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    let file = root("tests/fixtures/l1_no_header.csv");
    let told = desk.verb(&["check", file.to_str().expect("UTF-8"), "--header-row", "0"]);
    assert!(told.out.contains("没有表头，列名用字母"), "{}", told.out);
    assert!(!told.out.contains("620102199"), "{}", told.out);
}

#[test]
fn columns_are_given_by_label_or_letters_and_what_is_unknown_is_told_with_what_is_known() {
    let desk = Desk::new();
    let odd = text(",", &goods(3)).replace("证件号码", "号").replace("发证机构", "号");
    desk.put("odd.csv", odd);
    let run = |map: &[&str]| {
        let map: Vec<&str> = map.iter().flat_map(|m| ["--map", m]).collect();
        desk.verb(&[&["check", "odd.csv"][..], &map].concat())
    };
    let done = run(&["C=身份证号", "k＝发证机构"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.out.contains("栏目对应有手工指定的"), "{}", done.out);
    for (map, why) in [
        (&["号=证件号码"][..], "几列都叫"),
        (&["Z=证件号码"], "没有“Z”这一列"),
        (&["C=身高"], "没有“身高”这一栏"),
        (&["C=证件号码", "K=证件号码"], "给了两次"),
    ] {
        let ran = run(map);
        assert_eq!(ran.code, 2, "{map:?}");
        assert!(ran.err.contains(why) && ran.err.contains("C 号") && ran.err.contains("工种/职业方向"), "{}", ran.err);
    }
    assert_eq!(run(&["C"]).code, 2);
    let blank = desk.verb(&["check", "odd.csv", "--header-row", "40"]);
    assert!(blank.code == 2 && blank.err.contains("第 40 行是空的"), "{}", blank.err);
    assert_eq!(desk.verb(&["check", "odd.csv", "--header-row", "201"]).code, 2);
}

#[test]
fn the_header_may_stand_elsewhere_than_it_is_found() {
    let desk = Desk::new();
    // The lower one of two rows, and the upper one joined to it.
    let body: String = text(",", &goods(3)).split_once('\n').expect("rows").1.to_string();
    let two = format!(
        "名单,,,,,,,,,,\n姓名,证件,,所在单位,职业,工种/职业方向,职业技能等级,证书,发证日期,评价机构,发证机构\n,类型,号码,,名称,,,编号,,,\n{body}"
    );
    let file = desk.put("two.csv", two);
    for more in [&[][..], &["--header-row", "3"]] {
        let (code, json) = desk.json(&file, more);
        assert_eq!((code, &json["header_row"], &json["row_count"]), (0, &json!(3), &json!(3)), "{json}");
    }
    // A header that is named twice is taken where somebody says.
    let again = text(",", &goods(3));
    let file = desk.put("again.csv", format!("{again}{}", again.replace("张", "王")));
    let (_, json) = desk.json(&file, &["--header-row", "5"]);
    assert_eq!((&json["header_row"], &json["row_count"]), (&json!(5), &json!(3)));
    let ran = desk.verb(&["check", "--batch", "1", "--header-row", "5"]);
    assert!(ran.code == 2 && ran.err.contains("--header-row"), "{}", ran.err);
}

#[test]
fn an_encoding_is_taken_where_it_is_given_and_always_told() {
    let desk = Desk::new();
    let big5 = root("tests/fixtures/f7_big5.csv");
    for (more, from) in [(&[][..], "header"), (&["--encoding", "BIG5"], "given")] {
        let (_, json) = desk.json(&big5, more);
        assert_eq!((&json["encoding"], &json["encoding_from"]), (&json!("Big5"), &json!(from)), "{json}");
        assert_eq!(json["row_count"], json!(4));
    }
    let plain = text(",", &goods(3));
    let gbk = encoding_rs::GB18030.encode(&plain).0.into_owned();
    let japanese = encoding_rs::SHIFT_JIS.encode("氏名,証件号码\n").0.into_owned();
    for (name, bytes, more, told) in [
        ("a.csv", plain.clone().into_bytes(), &[][..], ("UTF-8", "bytes")),
        ("b.csv", format!("\u{FEFF}{plain}").into_bytes(), &["--encoding", "big5"], ("UTF-8", "mark")),
        ("c.csv", gbk, &["--encoding", "gbk"], ("gb18030", "given")),
    ] {
        let (code, json) = desk.json(&desk.put(name, bytes), more);
        assert_eq!(code, 0, "{name} {json}");
        assert_eq!((&json["encoding"], &json["encoding_from"]), (&json!(told.0), &json!(told.1)), "{name}");
    }
    desk.put("d.csv", japanese);
    let ran = desk.verb(&["check", "d.csv", "--encoding", "shift_jis"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let ran = desk.verb(&["check", "a.csv", "--encoding", "ebcdic"]);
    assert!(ran.code == 2 && ran.err.contains("windows-1252") && ran.err.contains("euc-kr"), "{}", ran.err);
    let (_, json) = desk.json(&root("tests/fixtures/l1_header_in_row_41.xlsx"), &[]);
    assert_eq!(json["encoding_from"], json!(null));
}

/// What was the encoding of the file written stays it, and says how it is written now.
#[test]
fn the_encoding_that_is_written_is_told_from_the_one_that_is_read() {
    let desk = Desk::new();
    let plain = text(",", &goods(3));
    desk.put("a.csv", &plain);
    desk.put("big5.csv", std::fs::read(root("tests/fixtures/f7_big5.csv")).expect("fixture"));
    let export = |file: &str, options: &[&str]| {
        let ran = desk.verb(&[&["export", file, "-o", "out.csv", "--force"][..], options].concat());
        assert_eq!(ran.code, 0, "{options:?} {}", ran.err);
        let is_utf8 = String::from_utf8(std::fs::read(desk.path("out.csv")).expect("written")).is_ok();
        (is_utf8, ran.err.contains("--output-encoding"))
    };
    assert_eq!(export("a.csv", &[]), (true, false));
    assert_eq!(export("a.csv", &["--encoding", "gb18030"]), (false, true));
    assert_eq!(export("a.csv", &["--output-encoding", "gb18030"]), (false, false));
    assert_eq!(export("a.csv", &["--output-encoding", "gb18030", "--encoding", "utf-8"]), (false, false));
    assert_eq!(export("big5.csv", &["--encoding", "big5"]), (true, false));
}

fn job(effects: &[Effect]) -> &ReadJob {
    let read = effects.iter().find_map(|effect| match effect {
        Effect::Read(job) => Some(job),
        _ => None,
    });
    read.unwrap_or_else(|| panic!("{effects:?}"))
}

#[test]
fn the_header_is_pointed_at_where_none_is_found() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(header_rows(1));
    assert_eq!((app.import.step(), app.import.at()), (ImportStep::Header, 0));
    let lines = app.import.row_lines();
    assert!(lines[1].contains("甲       | 乙  | 丙"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains(three()[0][2])), "an ID number is masked: {lines:?}");
    let asked = press(&mut app, "down enter");
    assert_eq!((job(&asked).given.header_row, job(&asked).points_at_header), (Some(2), false));
    // One without a header.
    app.update(header_rows(2));
    assert_eq!(job(&press(&mut app, "0")).given.header_row, Some(0));
    // Another encoding is read anew, and finds its header itself.
    app.update(header_rows(3));
    let asked = press(&mut app, "e down down down enter");
    assert_eq!(job(&asked).given.encoding, Some(TextEncoding::Big5), "{asked:?}");
    assert_eq!(job(&asked).given.header_row, None);
}

#[test]
fn the_columns_lead_to_the_header_and_back() {
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    let asked = press(&mut app, "C H");
    assert!(job(&asked).points_at_header, "{asked:?}");
    app.update(header_rows(job(&asked).job));
    assert_eq!(app.import.step(), ImportStep::Header);
    press(&mut app, "esc");
    assert_eq!((app.import.step(), app.import.columns().of(Field::Name)), (ImportStep::Columns, Some(0)));
    let asked = press(&mut app, "H");
    app.update(header_rows(job(&asked).job));
    assert_eq!(job(&press(&mut app, "down enter")).given.header_row, Some(2));
}

/// Work is not left behind without a yes, and where it is, is said.
#[test]
fn changes_are_told_before_the_file_is_read_otherwise() {
    let reads = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Read(_)));
    // Without a change it is only asked about the required column that is missing then.
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    assert_eq!(
        job(&press(&mut app, "C down down delete enter y")).columns.as_ref().and_then(|c| c.of(Field::IdNumber)),
        None
    );
    let changed = || {
        let mut app: App = app_with(Lang::Zh, (80, 24), &three());
        press(&mut app, "n n x y");
        app
    };
    // The columns, the header row, the encoding: each with the same question.
    let mut app = changed();
    assert!(!reads(&press(&mut app, "C enter")) && app.place() == Place::Grid, "as they are, nothing is read");
    assert!(!reads(&press(&mut app, "C down down delete enter")) && app.place() == Place::Confirm);
    let told = crate::screens::screen(&app);
    assert!(["还没有对应的必填栏目", "另成一批"].iter().all(|words| told.contains(words)), "{told}");
    assert!(!reads(&press(&mut app, "esc")) && app.import.step() == ImportStep::Columns);
    let asked = press(&mut app, "enter y");
    assert!(job(&asked).columns.as_ref().is_some_and(|columns| columns.of(Field::IdNumber).is_none()), "{asked:?}");
    let mut app = changed();
    let asked = press(&mut app, "C H");
    app.update(header_rows(job(&asked).job));
    assert!(!reads(&press(&mut app, "down enter")) && app.place() == Place::Confirm);
    press(&mut app, "esc");
    // What was not wanted is not kept.
    assert!(!reads(&press(&mut app, "e down down down enter")) && app.place() == Place::Confirm);
    let asked = press(&mut app, "y");
    assert_eq!((job(&asked).given.header_row, job(&asked).given.encoding), (None, Some(TextEncoding::Big5)));
}

#[test]
fn the_batch_that_was_changed_stays_with_its_changes() {
    let desk = Desk::new();
    desk.put("a.csv", text(",", &goods(3)));
    let script = "rows\n1\n4\n另一单位\nmatch-columns\n4\n2\nconfirm-columns\n";
    let left = crate::plain::talk(&desk, &["open", "a.csv"], &format!("{script}0\n0\nquit\n")).out;
    assert!(left.contains("第 1 批已有 1 步修改、取号 0 个。换一种读法要重新读文件"), "{left}");
    assert!(!left.contains("还在批次列表里"), "{left}");
    let again =
        crate::plain::talk(&desk, &["open", "a.csv"], "match-columns\n6\n2\nconfirm-columns\ny\nhistory\nquit\n").out;
    assert_eq!(again.matches("第 1 批连同 1 步修改、0 个号还在批次列表里。").count(), 1, "{again}");
    let listed = desk.verb(&["--home", "state", "batch", "list", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&listed.out).expect("JSON");
    let edits: Vec<_> = (0..2).map(|at| (&json["batches"][at]["batch"], &json["batches"][at]["edits"])).collect();
    assert_eq!(edits, [(&2.into(), &0.into()), (&1.into(), &1.into())], "{listed:?}", listed = listed.out);
}

/// Numbers that were given are said beside the changes, and which batch it is.
#[test]
fn the_question_before_a_file_is_read_otherwise_says_what_was_done() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.put("a.csv", text(",", &rows));
    desk.folder("state");
    let given = desk.verb(&[
        "--home",
        "state",
        "ledger",
        "allocate",
        "a.csv",
        "--prefix",
        "S000062010001",
        "--profile",
        "gansu-competition",
    ]);
    assert_eq!(given.code, 0, "{}{}", given.out, given.err);
    let asked = crate::plain::talk(&desk, &["open", "a.csv"], "match-columns\n4\n2\nconfirm-columns\n0\n0\nquit\n").out;
    assert!(asked.contains("第 1 批已有 0 步修改、取号 3 个。换一种读法要重新读文件"), "{asked}");
}

/// Whoever does not like how a file looks in another encoding is back where they were.
#[test]
fn esc_after_another_encoding_leads_back_to_where_one_was() {
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    let asked = press(&mut app, "C down e down down down enter");
    app.update(header_rows(job(&asked).job));
    assert_eq!((app.import.step(), app.place()), (ImportStep::Header, Place::Header));
    // A second try does not make one forget where that was.
    let asked = press(&mut app, "e down down enter");
    app.update(header_rows(job(&asked).job));
    press(&mut app, "esc");
    assert_eq!((app.import.step(), app.import.at(), app.place()), (ImportStep::Columns, 1, Place::Columns));
    assert_eq!(app.import.columns().of(Field::Name), Some(0));
    press(&mut app, "esc");
    assert_eq!(app.place(), Place::Grid);
    // Of a file that is no batch yet.
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(header_rows(1));
    let asked = press(&mut app, "down e down down down enter");
    app.update(header_rows(job(&asked).job));
    press(&mut app, "esc");
    assert_eq!((app.import.step(), app.import.at()), (ImportStep::Header, 1));
    assert_eq!(job(&press(&mut app, "enter")).given.encoding, None);
}

#[test]
fn line_by_line_the_header_is_chosen_by_its_number() {
    let desk = Desk::new();
    desk.put("a.csv", std::fs::read(root("tests/fixtures/l1_unknown_header.csv")).expect("fixture"));
    let script = "1\n1\n1\n0\n0\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "a.csv"], script);
    assert!(ran.out.contains("请看文件的前几行"), "{}", ran.out);
    assert!(ran.out.contains("  1  甲        | 乙"), "{}", ran.out);
    assert!(ran.out.contains("文件中的列“甲”"), "{}", ran.out);
}

#[test]
fn what_an_import_did_is_one_page_and_a_skipped_row_comes_back_from_it() {
    let desk = Desk::new();
    let plain = text(",", &goods(3)) + "样例大赛电工名单,,,,,,,,,,\n注：以上共三人,,,,,,,,,,\n";
    desk.put("a.csv", plain);
    let ran = crate::plain::talk(&desk, &["open", "a.csv"], "import-page\nquit\n");
    for told in ["a.csv，编码 UTF-8（按内容判断）", "表头在第 1 行", "证件号码（按列名）", "跳过第 5 行", "跳过第 6 行"]
    {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    let line = |out: &str| {
        let at = out.lines().find(|line| line.contains("跳过第 5 行")).expect("the row");
        at.split('.').next().expect("a number").to_string()
    };
    let number = line(&ran.out);
    let ran = crate::plain::talk(&desk, &["open", "a.csv"], &format!("import-page\n{number}\nimport-page\nquit\n"));
    assert!(ran.out.contains("共 4 行，跳过 1 行"), "{}", ran.out);
    assert!(ran.out.contains("收回当作数据的行：5"), "{}", ran.out);
    // It is what the file is from now on, in JSON as well.
    let file = desk.path("a.csv");
    let (_, json) = desk.json(&file, &["--keep-row", "5"]);
    assert_eq!((&json["kept_rows"], &json["row_count"]), (&json!([5]), &json!(4)));
}

#[test]
fn changes_are_told_before_a_row_is_taken_back() {
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    press(&mut app, "I down enter");
    assert!(app.status.is_bad, "a line that is no skipped row takes nothing back");
    assert!(app.overlays.is_open());
    // With a skipped row and a change.
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    app.update(opened(&labels(), None));
    let Msg::Rows { job: by, block, report, .. } = rows(&app, &three()) else { panic!("no rows") };
    app.update(Msg::Rows { job: by, block, report, skipped: vec![(3, SkipReason::Title), (4, SkipReason::Title)] });
    app.update(Msg::ReadDone(ReadEnd { job: 1, ..ReadEnd::default() }));
    press(&mut app, "I G enter");
    assert_eq!(app.place(), Place::ImportFacts, "two rows are listed one by one");
    let asked = press(&mut app, "G enter");
    assert_eq!(job_rows(&asked), [6]);
    press(&mut app, "n n x y I G enter G enter");
    assert_eq!(app.place(), Place::Confirm);
    let asked = press(&mut app, "y");
    assert_eq!(job_rows(&asked), [6]);
    assert!(job(&asked).columns.is_some());
}

fn job_rows(effects: &[Effect]) -> Vec<u32> {
    job(effects).given.keep_rows.iter().copied().collect()
}

#[test]
fn a_matching_made_by_hand_is_remembered_told_and_forgotten() {
    let desk = Desk::new();
    for (at, name) in ["a.csv", "b.csv", "c.csv"].into_iter().enumerate() {
        desk.put(name, text(",", &goods(at + 3)[at..]).replace("所在单位", "来处"));
    }
    let other = text(",", &goods(3)).replace("所在单位", "来处").replace("姓名", "选手");
    desk.put("other.csv", other);
    let check = |name: &str| {
        let ran = desk.verb(&["--home", "state", "check", name, "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        (json["columns_from"].clone(), json["columns"][3]["by"].clone(), json["columns"][3]["field"].clone())
    };
    let unknown = (json!("labels"), json!(null), json!(null));
    assert_eq!(check("b.csv"), unknown);
    let talked = crate::plain::talk(&desk, &["open", "a.csv"], "4\n1\nconfirm-columns\nquit\n");
    assert!(talked.out.contains("栏目对应有手工指定的"), "{}", talked.out);
    // The same header of another file, for everybody of the home and headless.
    assert_eq!(check("b.csv"), (json!("remembered"), json!("remembered"), json!("所在单位")));
    assert_eq!(check("other.csv"), unknown);
    let told = desk.verb(&["--home", "state", "check", "b.csv"]).out;
    assert!(told.contains("栏目按上次的对应"), "{told}");
    // A batch is taken as it was read, and says so.
    let ran = desk.verb(&["--home", "state", "export", "a.csv", "-o", "out.xlsx", "--header-row", "1"]);
    assert!(ran.err.contains("这次不起作用"), "{}", ran.err);
    let talked = crate::plain::talk(&desk, &["open", "b.csv"], "match-columns\nforget-columns\nquit\n");
    assert!(talked.out.contains("栏目按上次的对应"), "{}", talked.out);
    assert!(talked.out.contains("已忘掉这种表头的对应"), "{}", talked.out);
    assert_eq!(check("c.csv"), unknown);
}

/// What was forgotten is not remembered by the Enter that goes on; it is where something was changed since.
#[test]
fn a_matching_that_is_forgotten_is_used_for_the_file_in_hand_alone() {
    let desk = Desk::new();
    // A required column is missing, so the columns are shown each time.
    for (at, name) in ["a.csv", "b.csv", "c.csv", "d.csv"].into_iter().enumerate() {
        desk.put(name, text(",", &goods(at + 3)[at..]).replace("所在单位", "来处").replace("评价机构", "某栏"));
    }
    let from = |name: &str| {
        let ran = desk.verb(&["--home", "state", "check", name, "--format", "json"]);
        serde_json::from_str::<serde_json::Value>(&ran.out).expect("JSON")["columns_from"].clone()
    };
    let open = |name: &str, script: &str| crate::plain::talk(&desk, &["open", name], script).out;
    let told = open("a.csv", "4\n1\nconfirm-columns\ny\nquit\n");
    assert!(!told.contains("按上次的对应，"), "{told}");
    assert_eq!(from("b.csv"), "remembered");
    let told = open("b.csv", "forget-columns\nconfirm-columns\ny\nquit\n");
    assert!(told.contains("按上次的对应，forget-columns 忘掉"), "{told}");
    assert!(told.contains("只这一份照此对应") && told.contains("栏目对应有手工指定的"), "{told}");
    assert_eq!(from("c.csv"), "labels");
    open("c.csv", "forget-columns\n4\n1\nconfirm-columns\ny\nquit\n");
    assert_eq!(from("d.csv"), "remembered");
    // The same on the screen.
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    let asked = press(&mut app, "C down down delete F");
    assert!(matches!(asked[..], [Effect::ForgetColumns { .. }]), "{asked:?}");
    assert!(
        crate::screens::screen(&app).contains("已忘掉：按 Enter 只这一份照此对应"),
        "{}",
        crate::screens::screen(&app)
    );
    let asked = press(&mut app, "enter y");
    assert!(job(&asked).is_unremembered && job(&asked).columns.is_some(), "{asked:?}");
    let mut app: App = app_with(Lang::Zh, (80, 24), &three());
    assert!(!job(&press(&mut app, "C F down down delete enter y")).is_unremembered);
}

/// A column that the notice wants and the header names is left out of the file in hand, never of those to come.
#[test]
fn a_required_column_that_is_put_out_is_put_out_once() {
    let desk = Desk::new();
    for (at, name) in ["a.csv", "b.csv"].into_iter().enumerate() {
        desk.put(name, text(",", &goods(at + 3)[at..]));
    }
    let script = "match-columns\n4\nset-aside\nconfirm-columns\ny\nquit\n";
    let told = crate::plain::talk(&desk, &["open", "a.csv"], script).out;
    assert!(told.contains("还没有对应：所在单位"), "{told}");
    let ran = desk.verb(&["--home", "state", "check", "b.csv", "--format", "json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&ran.out).expect("JSON")["columns_from"], "labels");
}

#[test]
fn a_header_that_was_pointed_at_is_found_again() {
    let desk = Desk::new();
    let labels = "甲,乙,丙,丁,戊,己,庚,辛,壬,癸,子\n";
    for (at, name) in ["a.csv", "b.csv"].into_iter().enumerate() {
        let rows = text(",", &goods(at + 3)[at..]);
        let (_, people) = rows.split_once('\n').expect("rows");
        desk.put(name, format!("名单\n{labels}{people}"));
    }
    // Its row, then the columns that the contents do not tell.
    let columns: String = ["1", "4", "5", "6", "7", "10", "11"].map(|at| [at, "\n1\n"].concat()).concat();
    let talked = crate::plain::talk(&desk, &["open", "a.csv"], &format!("2\n{columns}confirm-columns\nquit\n"));
    assert!(talked.out.contains("表头在第 2 行（指定的）"), "{}", talked.out);
    let ran = desk.verb(&["--home", "state", "check", "b.csv", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&json["header_row"], &json["header_from"]), (&json!(2), &json!("remembered")), "{json}");
    assert_eq!((&json["columns_from"], &json["row_count"]), (&json!("remembered"), &json!(3)));
}
