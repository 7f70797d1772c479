//! Whose data a column holds, and what of a workbook is not read or not shown: told in every format, and nothing goes out before a
//! dispute is settled.

use serde_json::{Value, json};
use skillcert::app::command::Place;
use skillcert::app::msg::{Effect, ReadJob};
use skillcert::domain::sheet::Field;
use skillcert::words::Lang;

use crate::keys::{labels, new_app, opened, press, rows, three};
use crate::support::{Desk, LABELS, goods, root, text};

fn fixture(name: &str) -> std::path::PathBuf {
    root("tests/fixtures").join(name)
}

/// Gives the source column, from 1, that holds a field.
fn holder(json: &Value, field: &str) -> Option<u64> {
    json["columns"].as_array().expect("columns").iter().find(|c| c["field"] == field)?["index"].as_u64()
}

fn table(json: &Value) -> Vec<(&str, &str)> {
    let list = json["table_findings"].as_array().expect("findings about the table").iter();
    list.map(|f| (f["rule"].as_str().expect("code"), f["severity"].as_str().expect("severity"))).collect()
}

/// Export, the public list, numbers and adopting refuse a file, and leave nothing behind.
fn nothing_goes_out(desk: &Desk, file: &str) {
    for verb in [
        &["export", file, "-o", "out.xlsx"][..],
        &["export", file, "-o", "out.xlsx", "--without-errors"],
        &["export", file, "-o", "out.xlsx", "--masked"],
        &["ledger", "allocate", file, "--profile", "gansu-competition", "-o", "out.xlsx"],
        &["ledger", "import", file],
        &["fix", file, "-o", "out.xlsx"],
        &["fix", file, "--dry-run"],
    ] {
        let ran = desk.verb(verb);
        assert_eq!(ran.code, 1, "{verb:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("不导出，也不赋号"), "{verb:?}: {}", ran.err);
        assert!(!desk.path("out.xlsx").exists(), "{verb:?}");
    }
    assert_eq!(desk.verb(&["batch", "list", "--format", "json"]).out.matches("\"batch\"").count(), 0);
}

#[test]
fn the_title_over_the_columns_tells_the_coach_from_the_person() {
    let desk = Desk::new();
    let (code, json) = desk.json(&fixture("two-groups.xlsx"), &["--with-rows", "--unmask"]);
    assert_eq!((code, table(&json)), (0, vec![("H03", "notice")]), "{json}");
    assert_eq!([holder(&json, "姓名"), holder(&json, "证件号码")], [Some(4), Some(6)]);
    assert_eq!(json["columns"][0]["gave_way"], json!({ "field": "姓名", "to": "group" }));
    assert_eq!(
        json["table_findings"][0]["message"],
        "A 列“姓名”、B 列“证件号码” 在“指导教师”名下，不是持证人的，没有用"
    );
    assert_eq!(
        (&json["rows"][0]["姓名"], &json["rows"][0]["证件号码"]),
        (&json!("刘洋"), &json!("620102198903049973"))
    );
    assert_eq!(desk.verb(&["export", fixture("two-groups.xlsx").to_str().expect("path"), "-o", "out.csv"]).code, 0);
    let written = std::fs::read_to_string(desk.path("out.csv")).expect("written");
    assert!(written.contains("刘洋") && !written.contains("钱教练") && !written.contains("620102197001029979"));
}

#[test]
fn a_second_table_beside_the_first_is_named_and_nothing_goes_out() {
    let desk = Desk::new();
    let file = fixture("side-by-side.xlsx");
    let (code, json) = desk.json(&file, &[]);
    assert_eq!((code, table(&json)), (1, vec![("H02", "error")]), "{json}");
    let columns = json["table_findings"][0]["columns"].as_array().expect("columns");
    assert_eq!((columns.len(), &columns[0]), (11, &json!({ "source": "姓名", "index": 13 })));
    assert_eq!(json["summary"]["rules"]["H02"], 1);
    let told = desk.verb(&["check", file.to_str().expect("path")]);
    assert!(told.out.contains("H02 两张表并排") && told.out.contains("M 列“姓名”"), "{}", told.out);
    nothing_goes_out(&desk, file.to_str().expect("path"));
}

/// What the cells of a table without a header do not tell is taken in the order of the form, and said to be.
#[test]
fn a_table_without_a_header_is_matched_in_the_order_of_the_form() {
    let desk = Desk::new();
    let file = root("tests/fixtures/l1_no_header.csv");
    let (code, json) = desk.json(&file, &["--today", "2026-11-21", "--header-row", "0"]);
    assert_eq!((code, &json["row_count"], &json["findings"]), (0, &json!(12), &json!([])), "{json}");
    let by = |at: usize| json["columns"][at]["by"].as_str().expect("a word");
    assert_eq!([by(0), by(3), by(6), by(9), by(10)], ["order", "order", "contents", "order", "order"], "{json}");
    let told = desk.verb(&["check", file.to_str().expect("path"), "--header-row", "0"]);
    assert!(told.out.contains("按表样的次序当作"), "{}", told.out);
}

/// The list that came back is opened by whoever looks for the roster.
#[test]
fn a_list_for_organisers_is_no_roster() {
    let desk = Desk::new();
    let sample = root("data/samples/gansu-2024.xlsx");
    let sample = sample.to_str().expect("path");
    let written = desk.verb(&["check", sample, "--for-answers", "--format", "xlsx", "-o", "list.xlsx"]);
    assert_eq!(written.code, 1, "{}", written.err);
    let (code, json) = desk.json(&desk.path("list.xlsx"), &[]);
    assert_eq!(code, 1, "{json}");
    assert!(table(&json).contains(&("H08", "error")), "{json}");
    nothing_goes_out(&desk, "list.xlsx");
    let told = desk.verb(&["check", "list.xlsx"]);
    assert!(told.out.contains("skillcert answers"), "{}", told.out);
}

#[test]
fn what_is_found_of_a_table_has_a_page_like_every_rule() {
    let desk = Desk::new();
    let page = desk.verb(&["explain", "h01"]);
    assert_eq!(page.code, 0, "{}", page.err);
    for words in
        ["H01 一个栏目有两列\ncolumn-claimed-twice\n", "严重程度：错误", "怎么办：在工作台打开这个文件", "GS-40"]
    {
        assert!(page.out.contains(words), "{words}\n{}", page.out);
    }
    assert_eq!(desk.verb(&["explain", "column-claimed-twice"]).out, page.out);
    let english = desk.verb(&["explain", "H02", "--lang", "en"]).out;
    assert!(english.contains("What to do:") && english.contains("Put one table below the other"), "{english}");
    let json: Value = serde_json::from_str(&desk.verb(&["explain", "H03", "--format", "json"]).out).expect("JSON");
    assert_eq!((&json["schema"], &json["severity"]), (&json!("skillcert-rule-1"), &json!("notice")));
    assert!(json["todo"].as_str().is_some_and(|todo| !todo.is_empty()), "{json}");
    let all: Value = serde_json::from_str(&desk.verb(&["explain", "--format", "json"]).out).expect("JSON");
    let codes: Vec<&str> = all["rules"].as_array().expect("rules").iter().filter_map(|r| r["code"].as_str()).collect();
    assert_eq!(
        codes.iter().filter(|code| code.starts_with('H')).collect::<Vec<_>>(),
        [&"H01", &"H02", &"H03", &"H04", &"H05", &"H06", &"H07", &"H08"]
    );
    assert!(codes.is_sorted_by_key(|code| &code[..1]), "{codes:?}");
}

#[test]
fn a_hidden_column_gives_way_to_the_one_that_is_shown() {
    let desk = Desk::new();
    let (code, json) = desk.json(&fixture("hidden-column.xlsx"), &["--with-rows"]);
    assert_eq!((code, table(&json)), (0, vec![("H03", "notice")]), "{json}");
    assert_eq!((holder(&json, "证书编号"), &json["rows"][0]["证书编号"]), (Some(9), &json!("S000062010001243J00001")));
    assert_eq!(
        json["table_findings"][0]["message"],
        "H 列“证书编号” 在源文件里是隐藏的列，没有用；“证书编号”取自 I 列“证书编号”"
    );
}

#[test]
fn a_label_over_two_filled_columns_is_an_error_in_every_format() {
    let desk = Desk::new();
    let path = fixture("label-twice.xlsx");
    let file = path.to_str().expect("path");
    let (code, json) = desk.json(&path, &[]);
    assert_eq!((code, table(&json)), (1, vec![("H01", "error")]));
    let finding = &json["table_findings"][0];
    let two = json!([{ "source": "证书编号", "index": 8 }, { "source": "证书编号", "index": 9 }]);
    assert_eq!((&finding["fields"], &finding["columns"]), (&json!(["证书编号"]), &two));
    assert_eq!((&finding["name"], &finding["clause"]), (&json!("column-claimed-twice"), &json!("GS-40")));
    assert_eq!(json["summary"]["severities"]["error"], 1);
    let list = json["columns"].as_array().expect("columns");
    assert_eq!(list.iter().filter(|c| c["source"] == "证书编号").count(), 2);

    let told = desk.verb(&["check", file]);
    assert_eq!(told.code, 1);
    assert!(told.out.contains("“证书编号”有 2 列都填了内容：H 列“证书编号”、I 列“证书编号”"), "{}", told.out);
    let csv = desk.verb(&["check", file, "--format", "csv"]);
    assert_eq!(csv.code, 1);
    assert!(csv.out.contains(",证书编号,H01,column-claimed-twice,error,"), "{}", csv.out);
    let english = desk.verb(&["--lang", "en", "check", file]);
    assert!(english.out.contains("2 columns are filled in for \"证书编号\""), "{}", english.out);
    nothing_goes_out(&desk, file);
}

/// A roster with a second 证书编号 behind the columns of the form; `second` gives what stands in it.
fn with_second_code(count: usize, second: impl Fn(usize) -> &'static str) -> String {
    let mut heads = LABELS.join(",");
    heads += ",证书编号\n";
    let body = text(",", &goods(count));
    let body = body.split_once('\n').expect("a header").1;
    body.lines().enumerate().fold(heads, |all, (i, line)| format!("{all}{line},{}\n", second(i)))
}

#[test]
fn an_empty_column_gives_way_unless_it_fills_later() {
    let desk = Desk::new();
    let empty = desk.put("empty.csv", with_second_code(300, |_| ""));
    let (code, json) = desk.json(&empty, &[]);
    assert_eq!((code, table(&json), holder(&json, "证书编号")), (0, vec![("H03", "notice")], Some(8)), "{json}");
    let late = desk.put("late.csv", with_second_code(300, |i| if i == 299 { "X" } else { "" }));
    let (code, json) = desk.json(&late, &[]);
    assert_eq!((code, table(&json)), (1, vec![("H01", "error")]));
    let told = desk.verb(&["check", "late.csv"]);
    assert!(told.code == 1 && told.out.contains("H01"), "{}", told.out);
    nothing_goes_out(&desk, "late.csv");
}

#[test]
fn the_workbench_asks_which_column_and_keeps_the_pick() {
    let mut app = new_app(Lang::Zh, (100, 30));
    app.start(Some("/data/名册.csv".into()), None);
    let mut heads = labels();
    heads.push("证书编号".into());
    app.update(opened(&heads, None));
    let msg = rows(&app, &three());
    app.update(msg);
    assert_eq!(app.base_place(), Place::Columns);
    let painted = crate::screens::screen(&app);
    assert!(painted.contains("“证书编号”有 2 列都填了内容"), "{painted}");
    assert_eq!(painted.matches("两列都写着“证书编号”").count(), 2, "{painted}");
    // As it stands it is not taken.
    let reads = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Read(_)));
    assert!(!reads(&press(&mut app, "enter")));
    assert!(app.status.is_bad, "{}", app.status.text);
    press(&mut app, "G right");
    assert!(app.import.disputes().is_empty() && app.import.missing().is_empty());
    let effects = press(&mut app, "enter");
    let job = effects.iter().find_map(|e| if let Effect::Read(job) = e { Some(job) } else { None });
    let Some(ReadJob { columns: Some(columns), .. }) = job else { panic!("{effects:?}") };
    assert_eq!((columns.of(Field::Code), columns.disputes()), (Some(11), Vec::new()));
}

#[test]
fn other_sheets_are_told_and_whether_they_look_like_a_roster() {
    let desk = Desk::new();
    let path = fixture("two-rosters.xlsx");
    let (_, json) = desk.json(&path, &[]);
    assert_eq!((&json["sheet"], &json["row_count"]), (&json!("第一组"), &json!(7)));
    let others = &json["other_sheets"];
    let second = json!({ "sheet": "第二组", "visible": true, "row_count": 5, "looks_like_a_roster": true });
    assert_eq!((others[0].clone(), others[1]["looks_like_a_roster"].clone()), (second, json!(false)), "{others}");
    let told = desk.verb(&["check", path.to_str().expect("path")]);
    assert!(told.out.contains("工作表“第二组”没有读入：5 行，像是名册\n"), "{}", told.out);
    assert!(told.out.contains("工作表“汇总”没有读入"), "{}", told.out);
    let (_, second) = desk.json(&path, &["--sheet", "第二组"]);
    assert_eq!((&second["row_count"], &second["other_sheets"][0]["row_count"]), (&json!(5), &json!(7)));
    // The kinds of workbook that other programs write, hidden sheets too.
    for (name, hidden) in [("sheets.xlsx", 2), ("sheets.ods", 2), ("xlwt.xls", 1)] {
        let (_, json) = desk.json(&fixture(name), &[]);
        let others = json["other_sheets"].as_array().expect("sheets");
        assert_eq!(others.iter().filter(|s| s["visible"] == false).count(), hidden, "{name}: {others:?}");
    }
}

#[test]
fn people_in_hidden_rows_are_read_and_told() {
    let desk = Desk::new();
    let path = fixture("hidden-rows.xlsx");
    let (_, json) = desk.json(&path, &[]);
    assert_eq!((&json["row_count"], &json["hidden_rows"]), (&json!(12), &json!([4, 9])));
    let told = desk.verb(&["check", path.to_str().expect("path")]);
    assert!(told.out.contains("2 人所在的行在源文件里是隐藏的，照样读入：第 4、9 行"), "{}", told.out);
}

#[test]
fn choosing_the_columns_of_one_table_says_nothing_of_the_other() {
    let mut app = new_app(Lang::Zh, (100, 40));
    app.start(Some("/data/名册.csv".into()), None);
    let heads = [labels(), labels()].concat();
    app.update(opened(&heads, None));
    let msg = rows(&app, &three());
    app.update(msg);
    assert_eq!(app.base_place(), Place::Columns);
    assert_eq!(app.import.disputes().len(), 1, "{:?}", app.import.disputes());
    for (at, label) in heads.iter().take(11).enumerate() {
        let field = app.import.form().and_then(|form| form.field_of(label));
        app.import.assign(at, field);
    }
    let reads = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Read(_)));
    assert!(!reads(&press(&mut app, "enter")));
    assert!(app.status.is_bad && app.status.text.contains("不要的那张表"), "{}", app.status.text);
    press(&mut app, "G -");
    assert!(app.status.text.contains("11 列已定为不是名册的列"), "{}", app.status.text);
    assert!(crate::screens::screen(&app).contains("（不是名册的列，不导入）"));
    assert!(reads(&press(&mut app, "enter")));
}

#[test]
fn a_second_table_that_was_put_out_is_told_with_what_is_in_it() {
    let desk = Desk::new();
    let path = fixture("side-by-side.xlsx");
    let script = "1\n姓名\nconfirm-columns\n13\nset-aside\nconfirm-columns\nquit\n";
    let said = crate::plain::talk(&desk, &["--lang", "zh", "open", path.to_str().expect("path")], script).out;
    assert!(said.contains("并排着两张表：在不要的那张表里任选一列"), "{said}");
    let home = |words: &[&str]| desk.verb(&[&["--home", "state", "--lang", "zh"], words].concat());
    let json: Value =
        serde_json::from_str(&home(&["check", "--batch", "1", "--format", "json"]).out).expect("JSON of the batch");
    assert_eq!(table(&json), [("H03", "notice")], "{json}");
    let message = json["table_findings"][0]["message"].as_str().expect("a sentence");
    assert!(message.contains("M 列“姓名”") && message.contains("里面填了 44 格"), "{message}");
    assert_eq!(json["columns"][12]["gave_way"], json!({ "field": "姓名", "to": "left-out" }));
    assert!(home(&["check", "--batch", "1"]).out.contains("里面填了 44 格"));
    let ran = home(&["export", "--batch", "1", "-o", "out.csv"]);
    assert!(ran.code == 0 && ran.err.contains("里面填了 44 格"), "{}", ran.err);
    let manifest = std::fs::read_to_string(desk.path("out.csv.manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"cells_put_out\": 44"), "{manifest}");
}

#[test]
fn whoever_hands_rows_on_hears_of_the_others_in_the_file() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&["--home", "state", "init"]).code, 0);
    for (name, told) in [
        ("two-rosters.xlsx", "工作表“第二组”没有读入：5 行，像是名册"),
        ("hidden-rows.xlsx", "2 人所在的行在源文件里是隐藏的，照样读入：第 4、9 行"),
    ] {
        let path = fixture(name);
        let file = path.to_str().expect("path");
        for verb in [
            &["export", file, "-o", "out.csv", "--without-errors", "--force"][..],
            &["export", file, "-o", "list.csv", "--masked", "--force"],
            &["fix", file, "--dry-run"],
            &["check", file, "--format", "csv"],
            &["ledger", "allocate", file, "--dry-run"],
            &["ledger", "import", file, "--dry-run"],
        ] {
            let ran = desk.verb(&[&["--home", "state", "--quiet"], verb].concat());
            assert_eq!(ran.err.matches(told).count(), 1, "{verb:?} {}: {}", ran.code, ran.err);
        }
        let manifest: Value =
            serde_json::from_str(&std::fs::read_to_string(desk.path("out.csv.manifest.json")).expect("a manifest"))
                .expect("JSON");
        let ran = desk.verb(&["--home", "state", "ledger", "import", file, "--dry-run", "--format", "json"]);
        let import: Value = serde_json::from_str(&ran.out).expect("JSON");
        let (_, check) = desk.json(&path, &[]);
        for key in ["other_sheets", "hidden_rows"] {
            assert_eq!([&manifest[key], &import["files"][0][key]], [&check[key]; 2], "{name} {key}");
        }
    }
}
