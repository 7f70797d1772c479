//! Headers as people write them: labels with remarks around them, in halves, misspelt, left out, or over the wrong cells.

use std::sync::Arc;

use serde_json::{Value, json};
use skillcert::data;
use skillcert::domain::ledger::action::ColumnMatches;
use skillcert::domain::sheet::{
    ColumnEvidence, ColumnMap, Field, FoundBy, Looks, SheetSpec, SourceColumn, UPLOAD_FORM, find_header,
};

use crate::support::{Desk, LABELS, goods, root, text};

fn form() -> Arc<SheetSpec> {
    let known = &data::built_in().sheets;
    Arc::clone(known.iter().find(|form| form.id == UPLOAD_FORM).expect("the upload form"))
}

fn table(name: &str) -> Vec<(String, String)> {
    let text = std::fs::read(root("tests/fixtures").join(name)).expect("fixture");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&text[..]);
    let cell = |row: &csv::StringRecord, at: usize| row.get(at).unwrap_or_default().to_string();
    reader.records().map(|row| row.expect("row")).map(|row| (cell(&row, 0), cell(&row, 1))).collect()
}

/// Names the field of a label alone, by nearness where nothing else tells.
fn named(form: &SheetSpec, label: &str) -> String {
    form.field_of(label).or_else(|| form.near(label)).map_or_else(String::new, |field| form.label(field).to_string())
}

fn checked(desk: &Desk, file: &str) -> (i32, Value) {
    desk.json(&root("tests/fixtures").join(file), &["--today", "2026-11-29"])
}

/// Gives rule, fields and columns, from 1, of what is found about the table.
fn found(json: &Value) -> Vec<(String, String, u64)> {
    let list = json["table_findings"].as_array().expect("findings about the table").iter();
    let text = |value: &Value| value.as_str().expect("text").to_string();
    list.map(|f| (text(&f["rule"]), text(&f["fields"][0]), f["columns"][0]["index"].as_u64().expect("place"))).collect()
}

#[test]
fn labels_are_known_with_whatever_is_written_around_them() {
    let form = form();
    let mut missed = Vec::new();
    for file in ["header_labels.csv", "header_labels_more.csv", "header_no_labels.csv"] {
        let rows = table(file);
        assert!(39 <= rows.len(), "{file}");
        missed.extend(rows.into_iter().filter(|(label, field)| named(&form, label) != *field));
    }
    assert_eq!(missed, []);
}

#[test]
fn what_only_resembles_a_label_names_nothing() {
    let form = form();
    for label in [
        "证书类型",
        "证书名称",
        "专业名称",
        "获奖等级",
        "工作岗位",
        "领证日期",
        "选手编号",
        "职工编号",
        "竞赛级别",
        "姓名（拼音）",
        "证书编号（原）",
        "姓名\n拼音",
        "证件号码（监护人）",
        "姓名(指导教师)",
        "工种/职业",
        "原证件号码（18位）",
        "证件",
        "",
        "身份证号（父亲）",
        "姓名（家长签字）",
        "配偶\n身份证号",
        "证书编号（已取得）",
    ] {
        assert_eq!(named(&form, label), "", "{label:?}");
    }
    for (label, field) in [
        ("选手证书编号", "证书编号"),
        ("證件號碼", "证件号码"),
        ("参赛职业（工种）\n按国家职业标准", "职业名称"),
        ("申报等级【1-5】", "职业技能等级"),
    ] {
        assert_eq!(named(&form, label), field, "{label:?}");
    }
}

#[test]
fn files_with_headers_as_people_write_them_are_clean() {
    let desk = Desk::new();
    for (file, header, rows) in [
        ("h1_remarks.xlsx", 1, 12),
        ("h1_remarks.csv", 1, 12),
        ("c01_headers.xlsx", 1, 12),
        ("h03_instructions.xlsx", 6, 4),
        ("l1_header_in_row_41.xlsx", 41, 12),
        ("l2_halves.xlsx", 3, 12),
    ] {
        let (code, json) = checked(&desk, file);
        let fields: Vec<&Value> = json["columns"].as_array().expect("columns").iter().map(|c| &c["field"]).collect();
        assert_eq!((code, &json["header_row"], &json["row_count"]), (0, &json!(header), &json!(rows)), "{file} {json}");
        assert_eq!(fields, LABELS, "{file}");
        assert_eq!((found(&json), &json["summary"]["severities"]["error"]), (vec![], &json!(0)), "{file}");
    }
}

#[test]
fn cells_say_what_a_label_does_not() {
    let desk = Desk::new();
    // A label that says something nobody has understood is looked at before anything goes out.
    for (file, guessed, exit, severity) in [
        ("h1_contents_vote.xlsx", &[(1, 2), (2, 3), (6, 7), (7, 8), (8, 9)][..], 1, "error"),
        ("h1_blank_labels.xlsx", &[(2, 3), (7, 8), (8, 9)], 0, "warning"),
    ] {
        let (code, json) = checked(&desk, file);
        let wanted: Vec<_> = guessed.iter().map(|(at, n)| ("H04".to_string(), LABELS[*at].to_string(), *n)).collect();
        assert_eq!((code, found(&json)), (exit, wanted), "{file}: {json}");
        assert_eq!(json["table_findings"][0]["severity"], severity);
        assert_eq!((&json["columns"][7]["by"], &json["columns"][0]["by"]), (&json!("contents"), &json!("label")));
        // The codes tell the profile, though no label named them.
        assert_eq!(json["profile_from"], "codes", "{file}");
        assert_eq!(json["findings"], json!([]), "{file}");
    }
    let file = root("tests/fixtures/h1_blank_labels.xlsx");
    let told = desk.verb(&["check", file.to_str().expect("path"), "--today", "2026-11-29"]);
    let words = "C 列（没有列名） 不是已知的列名；里面都像身份证号，当作“证件号码”读入，请核对";
    assert!(told.out.contains(words) && told.out.contains("警告 H04"), "{}", told.out);
}

#[test]
fn a_column_that_is_not_what_its_label_says_is_told_once() {
    let desk = Desk::new();
    let (code, json) = checked(&desk, "h1_contradicted.xlsx");
    let contradicted = |at: usize, n| ("H05".to_string(), LABELS[at].to_string(), n);
    assert_eq!((code, found(&json)), (1, vec![contradicted(7, 3), contradicted(2, 8)]));
    let (code, json) = checked(&desk, "c22_phones_for_ids.xlsx");
    assert_eq!((code, found(&json)), (1, vec![contradicted(2, 3)]));
    assert_eq!(json["table_findings"][0]["message"], "C 列“证件号码” 里都像手机号码，不像“证件号码”，是不是填错了列");
}

#[test]
fn a_roster_without_numbers_is_to_be_numbered() {
    let desk = Desk::new();
    let file = root("tests/fixtures/h1_to_be_numbered.xlsx");
    let told = desk.verb(&["check", file.to_str().expect("path"), "--today", "2026-11-29"]);
    assert!(told.code == 1 && told.out.contains("没有“证书编号”一列：待赋号"), "{}", told.out);
    assert!(!told.out.contains("缺少的栏目"), "{}", told.out);
    let english = desk.verb(&["--lang", "en", "check", file.to_str().expect("path"), "--today", "2026-11-29"]);
    assert!(
        english.out.contains("There is no column 证书编号: its codes are still to be allocated"),
        "{}",
        english.out
    );
}

/// Matches labels to the form; every column is filled, `looks` tells with what.
fn settled(columns: &[(&str, Option<Looks>)]) -> ColumnMap {
    let labels: Vec<String> = columns.iter().map(|(label, _)| (*label).to_string()).collect();
    let evidence = |looks| ColumnEvidence { is_filled: true, looks, ..ColumnEvidence::default() };
    let evidence: Vec<_> = columns.iter().map(|(_, looks)| evidence(*looks)).collect();
    ColumnMap::settled(&labels, &form(), data::group_titles(), &evidence)
}

#[test]
fn a_slip_in_a_label_is_taken_where_the_cells_agree() {
    let map = settled(&[
        ("姓名", None),
        ("身份证号玛", Some(Looks::IdNumber)),
        ("证书编好", Some(Looks::Code)),
        ("发证曰期", Some(Looks::Date)),
    ]);
    assert_eq!(
        [Field::IdNumber, Field::Code, Field::IssueDate].map(|field| map.of(field)),
        [Some(1), Some(2), Some(3)]
    );
    assert!(map.source[1..].iter().all(|column| column.by == FoundBy::Nearness));
    // Neither where they are something else, nor where the field has its column, nor where two are as near.
    assert_eq!(settled(&[("证书编好", Some(Looks::Phone))]).matched_count(), 0);
    assert_eq!(settled(&[("证书编号", None), ("证书编好", Some(Looks::Code))]).source[1].field, None);
    assert_eq!(settled(&[("证书编好", Some(Looks::Code)), ("正书编号", Some(Looks::Code))]).matched_count(), 0);
}

#[test]
fn contents_give_no_field_that_is_taken_or_disowned() {
    let id = Some(Looks::IdNumber);
    assert_eq!(settled(&[("证件号码", id), ("甲", id)]).source[1].field, None);
    assert_eq!(settled(&[("甲", id), ("乙", id)]).matched_count(), 0);
    assert_eq!(settled(&[("监护人身份证号", id)]).matched_count(), 0);
    assert_eq!(settled(&[("家长证件号码", id)]).matched_count(), 0);
    assert_eq!(settled(&[("比赛时间", Some(Looks::Date))]).matched_count(), 0);
    let mut map = settled(&[("时间", Some(Looks::Date))]);
    assert_eq!((map.of(Field::IssueDate), map.source[0].by), (Some(0), FoundBy::Contents));
    // Whoever chooses the column has looked at it.
    map.assign(0, Some(Field::IssueDate));
    assert_eq!(map.source[0].by, FoundBy::Label);
}

#[test]
fn a_label_in_its_own_words_is_not_disputed_by_one_with_more_around_it() {
    for second in ["证书编号（系统生成）", "选手证书编号", "证书代码"] {
        let map = settled(&[(second, None), ("证书编号", None)]);
        assert_eq!((map.of(Field::Code), map.disputes()), (Some(1), vec![]), "{second}");
    }
    assert_eq!(settled(&[("证书编号", None), ("证书号", None)]).disputes().len(), 1);
}

#[test]
fn halves_are_joined_only_where_they_make_a_label() {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_string()).collect::<Vec<_>>();
    let labels = |rows: &[Vec<String>]| {
        let found = find_header(rows, &form()).expect("a header");
        (found.index, found.height, found.columns.labels())
    };
    let above = row(&["姓名", "证件", "", "", "原证书", "证书"]);
    let below = row(&["", "类型", "号码", "有效期", "编号", "编号"]);
    let joined = row(&["姓名", "证件类型", "证件号码", "证件有效期", "原证书编号", "证书编号"]);
    assert_eq!(labels(&[above, below, row(&["刘洋", "201", "620102198903049973"])]), (0, 2, joined));
    // A row of data is no half, and a group says nothing of a label that is whole.
    let header = row(&["姓名", "证件号码", "证书编号", "学校"]);
    let data = row(&["刘洋", "620102198903049973", "S000062010001242J00001", "名称"]);
    assert_eq!(labels(&[header.clone(), data.clone()]), (0, 1, header.clone()));
    assert_eq!(labels(&[row(&["单位", "", "", ""]), header.clone(), data]), (1, 1, header));
}

/// A label that may mean another day is taken where no column fits better, and told; it says less than any other.
#[test]
fn a_label_that_may_mean_something_else_is_taken_last_and_told() {
    let desk = Desk::new();
    let rows = goods(4);
    let with = |labels: &[&str], rows: &[Vec<String>]| {
        let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        desk.put("a.csv", format!("{}\n{}\n", labels.join(","), lines.join("\n")))
    };
    let mut labels = LABELS.to_vec();
    labels[8] = "制证日期";
    let (code, json) = desk.json(&with(&labels, &rows), &[]);
    assert_eq!((code, found(&json)), (0, vec![("H04".to_string(), "发证日期".to_string(), 9)]));
    assert_eq!(
        (&json["columns"][8]["by"], &json["table_findings"][0]["severity"]),
        (&json!("doubt"), &json!("warning"))
    );
    let words = "I 列“制证日期” 不一定就是“发证日期”，表里没有更合适的列，当作“发证日期”读入，请核对";
    assert_eq!(json["table_findings"][0]["message"], words);
    // Beside the day of issue it is a column of its own, whichever stands first.
    let mut both = LABELS.to_vec();
    both.insert(8, "制证日期");
    let beside: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row.insert(8, "2024-11-12".into());
            row
        })
        .collect();
    let (code, json) = desk.json(&with(&both, &beside), &[]);
    assert_eq!((code, found(&json)), (0, vec![]));
    assert_eq!((&json["columns"][8]["field"], &json["columns"][9]["field"]), (&json!(null), &json!("发证日期")));
}

/// A title that ends the labels below it: 机构 over 评价 and 发证.
#[test]
fn a_title_ends_the_labels_below_it() {
    let form = form();
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_string()).collect::<Vec<_>>();
    let above = row(&["【姓名】", "①证件号码", "证书编号", "机构", "", "日期", ""]);
    let below = row(&["", "", "", "评价", "发证", "出生", "发证"]);
    let header = find_header(&[above, below, row(&["张伟", "620102198903049973"])], &form).expect("a header");
    let labels = header.columns.labels();
    assert_eq!((header.height, &labels[3..]), (2, &row(&["评价机构", "发证机构", "出生", "发证日期"])[..]));
}

/// 所在单位 and 职业名称 that changed places: names of employers are no occupations.
#[test]
fn employers_under_the_occupations_are_told_of_the_column() {
    let desk = Desk::new();
    let mut rows = goods(6);
    rows.iter_mut().for_each(|row| row[3] = "兰州陇原机械有限公司".to_string());
    let told = |rows: &[Vec<String>]| {
        let (_, json) = desk.json(&desk.put("a.csv", text(",", rows)), &[]);
        let of_rule = json["table_findings"].as_array().expect("a list").iter().filter(|f| f["rule"] == "H05");
        of_rule.map(|f| f["message"].as_str().unwrap_or_default().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(told(&rows), Vec::<String>::new());
    rows.iter_mut().for_each(|row| row.swap(3, 4));
    let wrong = |column: &str, looks: &str, is: &str| format!("{column} 里都像{looks}，不像“{is}”，是不是填错了列");
    let both = [wrong("D 列“所在单位”", "职业名称", "所在单位"), wrong("E 列“职业名称”", "单位名称", "职业名称")];
    assert_eq!(told(&rows), both);
    // What is told of the columns is not told of their cells.
    let (_, json) = desk.json(&desk.put("a.csv", text(",", &rows)), &[]);
    assert_eq!(json["summary"]["rules"].as_object().expect("rules").keys().collect::<Vec<_>>(), ["H05"]);
}

/// Cells that changed places in one row: its name is masked wherever it stands.
#[test]
fn cells_that_changed_places_in_a_row_are_told_and_masked() {
    let desk = Desk::new();
    let mut rows = goods(6);
    rows[2][0] = "韩敏明".to_string();
    rows[2].swap(0, 4);
    let file = desk.put("a.csv", text(",", &rows));
    let (code, json) = desk.json(&file, &["--with-rows"]);
    let found: Vec<&Value> = json["findings"].as_array().expect("findings").iter().collect();
    let [found] = found[..] else { panic!("{json}") };
    assert_eq!((code, &found["rule"], &found["row"], &found["column"]), (1, &json!("W15"), &json!(4), &json!("姓名")));
    assert!(json["rows"][2]["职业名称"] == "韩*明" && !json.to_string().contains("韩敏明"), "{json}");
}

/// A name in any other column, a code in any but its own, and a row of people for a header.
#[test]
fn names_and_codes_are_masked_wherever_they_stand() {
    let desk = Desk::new();
    let told = |ran: crate::support::Ran| ran.out + &ran.err;
    let mut rows = goods(12);
    let columns = [1, 3, 4, 5, 6, 7, 8, 9, 10];
    for (row, column) in rows.iter_mut().zip(columns) {
        row[0] = "韩敏明".to_string();
        row.swap(0, column);
    }
    // Its own name once more, and the code elsewhere.
    (rows[9][0], rows[9][9]) = ("韩敏明".to_string(), "韩敏明".to_string());
    rows[10].swap(7, 8);
    let whole = rows[11].clone();
    let code = rows[10][8].clone();
    let file = desk.put("a.csv", text(",", &rows));
    let (_, json) = desk.json(&file, &["--with-rows"]);
    for (at, column) in columns.into_iter().enumerate() {
        assert_eq!(json["rows"][at][LABELS[column]], "韩*明", "{}", LABELS[column]);
    }
    for column in [3, 4, 5, 6, 9, 10] {
        assert_eq!(json["rows"][11][LABELS[column]], *whole[column]);
    }
    assert!(!json.to_string().contains("韩敏明"), "{json}");
    let verbs: [&[&str]; 5] = [
        &["check", "a.csv"],
        &["check", "a.csv", "--format", "csv"],
        &["summary", "a.csv", "--format", "json"],
        &["values", "a.csv", "--column", "评价机构"],
        &["values", "a.csv", "--column", "职业名称"],
    ];
    for verb in verbs {
        let told = told(desk.verb(verb));
        assert!(told.contains(LABELS[0]) || told.contains("韩*明"), "{told}");
        assert!(!told.contains("韩敏明"), "{verb:?} {told}");
    }
    assert_eq!(desk.verb(&["export", "a.csv", "--masked", "--output", "p.csv"]).code, 0);
    let list = std::fs::read_to_string(desk.path("p.csv")).expect("the list");
    assert!(
        !list.contains("韩敏明") && !list.contains(&code) && list.contains(&format!("{}*****", &code[..17])),
        "{list}"
    );
    // The whole column.
    let names = ["韩敏明", "郑平平", "施刚艳", "李强敏", "孔明秀", "许娟秀"];
    let mut rows = goods(6);
    for (row, name) in rows.iter_mut().zip(names) {
        (row[0], row[4]) = ("汽车维修工".to_string(), name.to_string());
    }
    let file = desk.put("b.csv", text(",", &rows));
    let (_, json) = desk.json(&file, &["--with-rows"]);
    let values = told(desk.verb(&["values", "b.csv", "--column", "职业名称"]));
    assert!(!json.to_string().contains("韩敏明") && values.contains("韩*明") && !values.contains("韩敏明"), "{values}");
    // No header at all.
    let mut rows = goods(6);
    rows.iter_mut().zip(names).for_each(|(row, name)| row[0] = name.to_string());
    // Whose ID number stands there is refused as a header.
    rows[0][2] = "另附".to_string();
    let file = desk.put("c.csv", text(",", &rows).split_once('\n').expect("a header").1);
    let (_, json) = desk.json(&file, &["--header-row", "1"]);
    assert_eq!(json["columns"][0]["source"], "韩*明", "{json}");
    assert!(!json.to_string().contains("韩敏明"), "{json}");
    // Nor does it become the label of a merged roster.
    rows[0].iter_mut().enumerate().for_each(|(at, cell)| drop(std::mem::replace(cell, LABELS[at].to_string())));
    rows[0].push("韩敏明".to_string());
    rows[0].push(whole[2].clone());
    rows[1..].iter_mut().for_each(|row| row.extend(["甲".to_string(), "乙".to_string()]));
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    desk.put("d.csv", lines.join("\n") + "\n");
    let merged = told(desk.verb(&["merge", "d.csv", "--output", "m.csv"]));
    let table = std::fs::read_to_string(desk.path("m.csv")).unwrap_or_else(|_| panic!("{merged}"));
    assert!(table.contains("无列名L") && table.contains("无列名M"), "{table}");
    assert!(![&*merged, &*table].iter().any(|text| text.contains("韩敏明") || text.contains(&whole[2])), "{table}");
    // It is not stored, and what was stored before it was known to be a name is shown masked.
    let label = |label: &str| SourceColumn { label: label.to_string(), ..SourceColumn::default() };
    let before = ColumnMap::new(vec![label("姓名"), label("韩敏明"), label(&whole[2])]);
    let shown = form().with_people(&before);
    let shown: Vec<_> = shown.source.iter().map(|column| column.shown_label().into_owned()).collect();
    assert!(shown[0] == "姓名" && shown[1] == "韩*明" && shown[2] != whole[2], "{shown:?}");
    let stored = ColumnMatches::of(&form().with_people(&before)).columns;
    assert_eq!(stored.iter().map(|column| column.label.clone()).collect::<Vec<_>>(), shown);
}

/// Columns that changed places stop what goes out, until somebody says that they are right.
#[test]
fn columns_that_changed_places_stop_what_goes_out() {
    let desk = Desk::new();
    let names = ["韩敏明", "郑平平", "施刚艳", "李强敏", "孔明秀", "许娟秀"];
    let mut rows = goods(6);
    rows.iter_mut().zip(names).for_each(|(row, name)| {
        row[0] = name.to_string();
        row[4] = "汽车维修工".to_string();
    });
    let told = |rows: &[Vec<String>], with: &[&str]| {
        let (_, json) = desk.json(&desk.put("a.csv", text(",", rows)), with);
        let of_rule = json["table_findings"].as_array().expect("a list").iter().filter(|f| f["rule"] == "H05");
        of_rule.map(|f| (f["fields"][0].clone(), f["severity"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(told(&rows, &[]), []);
    rows.iter_mut().for_each(|row| row.swap(0, 4));
    let both = |severity: &str| ["姓名", "职业名称"].map(|field| (json!(field), json!(severity))).to_vec();
    assert_eq!(told(&rows, &[]), both("error"));
    let file = desk.put("a.csv", text(",", &rows));
    let out = desk.path("out.csv");
    let export = |with: &[&str]| {
        let path = |path: &std::path::Path| path.to_str().expect("UTF-8").to_string();
        let arguments = ["export".to_string(), path(&file), "-o".to_string(), path(&out)];
        desk.verb(&arguments.into_iter().chain(with.iter().map(ToString::to_string)).collect::<Vec<_>>()).code
    };
    assert_eq!((export(&[]), out.exists()), (1, false));
    assert_eq!(told(&rows, &["--map", "姓名=姓名", "--map", "职业名称=职业名称"]), both("warning"));
}

/// A label that nobody knows, over names.
#[test]
fn names_vote_for_the_column_of_names() {
    let words = data::header_words();
    let looks = |cells: &[&str]| Looks::of(cells.iter().copied(), words);
    assert_eq!(looks(&["韩敏明", "欧阳平", "施刚艳", "李强"]), Some(Looks::Name));
    assert_eq!(looks(&["韩敏明", "韩敏明", "韩敏明", "韩敏明"]), None);
    assert_eq!(looks(&["电工", "焊工", "保育师"]), Some(Looks::Occupation));
    assert_eq!(looks(&["机械厂", "供电所", "第二小学", "电工"]), Some(Looks::Organisation));
    let map = settled(&[("甲", Some(Looks::Name)), ("证件号码", None)]);
    assert_eq!((map.of(Field::Name), map.source[0].by), (Some(0), FoundBy::Contents));
    assert_eq!(settled(&[("监护人", Some(Looks::Name))]).matched_count(), 0);
}
