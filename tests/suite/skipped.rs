//! Rows under the header that are no people: skipped with the reason, told in every format, and taken back where somebody says so.

use serde_json::{Value, json};

use crate::support::{Desk, goods, root, text};

/// Gives the skipped rows as runs with their kinds.
fn runs(json: &Value) -> String {
    let one = |skipped: &Value| {
        let row = |key: &str| skipped[key].as_u64().expect("a row");
        let (first, last, kind) = (row("row"), row("to"), skipped["kind"].as_str().expect("a kind"));
        if first == last { format!("{first} {kind}") } else { format!("{first}-{last} {kind}") }
    };
    json["skipped_rows"].as_array().expect("a list").iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn rows_that_are_nobody_are_skipped_with_the_reason() {
    let desk = Desk::new();
    for (file, rows, skipped) in [
        ("l5_feet.xlsx", 3, "5-28 note"),
        ("l5_people_like_feet.xlsx", 7, ""),
        ("l5_signers.xlsx", 6, "5-8 title, 12-19 note, 20 title"),
        ("l5_few_cells.xlsx", 14, ""),
        ("n06_far_below.xlsx", 5, "6-899 blank"),
        ("n8_blank_end.xlsx", 8, "10-40 blank"),
        ("n13_counted.xlsx", 8, "10-12 note"),
        ("n13_counted.xls", 8, "10-12 note"),
        ("n13_counted.ods", 8, "10-12 note"),
        ("l5_sections.xlsx", 12, "3 title, 8 note, 9 title, 14 note, 15 title, 20 note"),
        ("l5_codes_and_example.xlsx", 8, "2-3 template, 4 example"),
        ("l5_column_numbers.xlsx", 8, "2 template"),
        ("l5_header_on_each_page.xlsx", 12, "7 title, 8 repeated-header, 13 title, 14 repeated-header"),
        ("c21_blanks_in_every_cell.xlsx", 12, "8-10 blank, 17-56 blank"),
        ("b02_constants.csv", 5, "7-81 filling"),
        ("b02_stored_formulas.xlsx", 5, "7-201 filling"),
        ("b02_template_filled_down.xlsx", 5, "7-201 filling"),
        ("p28_example_row.xlsx", 12, "2 example"),
        ("c03_foot_4.xlsx", 3, "5 note"),
        ("c03_foot_7.xlsx", 3, "5-6 note"),
        ("m05_section_rows.xlsx", 9, "3 title, 7 note, 8 title, 12 note, 13 title, 17-18 note"),
    ] {
        let (_, json) = desk.json(&root("tests/fixtures").join(file), &["--today", "2026-11-29"]);
        assert_eq!((&json["row_count"], runs(&json).as_str()), (&json!(rows), skipped), "{file}");
    }
}

/// Names may end as the titles of blocks do, and what stands at a foot may be as short as a name.
#[test]
fn whoever_may_be_a_person_alone_in_a_row_is_one() {
    let desk = Desk::new();
    let people = ["买买提·库尔班", "阿依努尔·库尔班", "努尔班", "李分队", "石三级", "李明"];
    let feet = [
        "经办人 王强",
        "审核 李四",
        "制表人张三",
        "制表时间",
        "名单到此结束",
        "以此为准",
        "查无此人",
        "二〇二六年十一月",
        "完",
        "End",
    ];
    let titles = ["电工组", "第二批", "甲组", "高级班", "兰州队", "数控一班", "参赛选手"];
    let mut rows = goods(30);
    let columns = rows[0].len();
    let alone = |name: &&str| std::iter::once((*name).to_string()).chain((1..columns).map(|_| String::new())).collect();
    rows.splice(10..10, titles.iter().map(alone));
    rows.splice(20..20, people.iter().map(alone));
    rows.extend(feet.iter().map(alone));
    let (_, json) = desk.json(&desk.put("a.csv", text(",", &rows)), &[]);
    let skipped = |first: usize, all: &[&str], kind: &str| format!("{first}-{} {kind}", first + all.len() - 1);
    let last = 2 + 30 + titles.len() + people.len();
    let expected = [skipped(12, &titles, "title"), skipped(last, &feet, "note")].join(", ");
    assert_eq!((&json["row_count"], runs(&json)), (&json!(30 + people.len()), expected));
}

#[test]
fn runs_of_skipped_rows_are_one_line() {
    let desk = Desk::new();
    let file = root("tests/fixtures/b02_constants.csv");
    let told = desk.verb(&["check".as_ref(), file.as_os_str()]).out;
    assert!(told.contains("跳过第 7 至 81 行：只有每行都有的内容"), "{told}");
    assert!(!told.contains("共跳过"), "{told}");
}

/// What stands behind it would be read crosswise.
#[test]
fn a_header_in_another_order_refuses_the_file_by_its_row() {
    let desk = Desk::new();
    for (file, row) in [("x07_header_turned.xlsx", "9"), ("x07_header_turned.csv", "8"), ("x07_joined.csv", "9")] {
        let (code, json) = desk.json(&root("tests/fixtures").join(file), &[]);
        assert_eq!((code, &json["rejected"]["kind"]), (3, &json!("turned-header")), "{file} {json}");
        let message = json["rejected"]["message"].as_str().expect("a message");
        assert!(message.contains(&format!("第 {row} 行")), "{file}: {message}");
    }
}

#[test]
fn a_skipped_row_is_taken_back_by_its_number() {
    let desk = Desk::new();
    let plain = text(",", &goods(3)) + "样例大赛电工名单,,,,,,,,,,\n注：以上共三人,,,,,,,,,,\n";
    let file = desk.put("a.csv", plain);
    let (_, json) = desk.json(&file, &[]);
    assert_eq!((&json["row_count"], runs(&json).as_str()), (&json!(3), "5 title, 6 note"));
    let (_, json) = desk.json(&file, &["--keep-row", "5"]);
    assert_eq!((&json["row_count"], runs(&json).as_str()), (&json!(4), "6 note"));
    let told = desk.verb(&["check", "a.csv", "--keep-row", "5"]).out;
    assert!(told.contains("第 5 行") && told.contains("跳过第 6 行"), "{told}");
    let sections = root("tests/fixtures/l5_sections.xlsx");
    let (_, json) = desk.json(&sections, &["--keep-row", "9", "--keep-row", "15"]);
    assert_eq!((&json["row_count"], runs(&json).as_str()), (&json!(14), "3 title, 8 note, 14 note, 20 note"));
    // The copy is compared with what was read, kept rows and feet alike.
    for (source, copy) in [(sections.to_str().expect("UTF-8"), "b.xlsx"), (desk.name("a.csv").as_str(), "b.csv")] {
        let ran = desk.verb(&["fix", source, "--keep-row", "9", "--keep-row", "5", "-o", copy]);
        assert!(ran.code < 2 && desk.path(copy).exists(), "{source}: {} {}", ran.code, ran.err);
    }
    assert_eq!(desk.verb(&["check", "a.csv", "--keep-row", "0"]).code, 2);
}

/// Who is asked whether a row was rightly left out has to see what stands in it, in the file as in the batch made of it.
#[test]
fn what_stands_in_a_skipped_row_is_told_with_it() {
    let desk = Desk::new();
    let person = crate::support::good(0);
    let example = format!("例：张三,居民身份证,{},,,,,,,,\n", person[2]);
    let foot = "合计,,1800,,,,,,,,\n填表人：某某,,,,,,,,,,\n";
    let table = text(",", &goods(3));
    let (head, people) = table.split_once('\n').expect("a header");
    let file = desk.put("a.csv", format!("{head}\n{example}{people}{foot},,,,,,,,,,\n"));
    let told = desk.verb(&["check".as_ref(), file.as_os_str()]).out;
    assert!(told.contains("跳过第 6 至 7 行：注释、合计或签字行，第一行的内容：合计 | | 1800\n"), "{told}");
    assert!(told.contains("跳过第 2 行：示例行，内容：") && !told.contains(&person[2]), "{told}");
    let (_, json) = desk.json(&file, &[]);
    let of = |json: &Value| -> Vec<String> {
        let rows = json["skipped_rows"].as_array().expect("a list").clone();
        rows.iter().map(|row| row["text"].as_str().unwrap_or("-").to_string()).collect()
    };
    let texts = of(&json);
    assert_eq!((texts.len(), &*texts[1], &*texts[2]), (3, "合计 | | 1800", "-"), "{json}");
    assert!(texts[0].contains('*') && !json.to_string().contains(&person[2]), "{json}");
    // The batch says the same when it is taken from the store.
    crate::plain::talk(&desk, &["open", "a.csv"], "quit\n");
    let ran = desk.verb(&["--home", "state", "check", "--batch", "1", "--format", "json"]);
    let stored: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(of(&stored), texts);
    let page = crate::plain::talk(&desk, &["open"], "import-page\nquit\n").out;
    assert!(page.contains("第一行的内容：合计 | | 1800"), "{page}");
}

/// A signature has a name in any column, and a row that has moved has names and numbers under any label.
#[test]
fn names_in_rows_that_are_no_people_are_masked() {
    let desk = Desk::new();
    let table = text(",", &goods(3));
    let person = crate::support::good(4);
    let moved = format!(",{},{}\n", person[0], person[1..10].join(","));
    let feet = ",,经办人：李小龙,,,王 二小 13900000005,,,,,\n,合计,,1800,,,,,,,\n审核,言小五,,,,,,2026-11-20,,,\n";
    let file = desk.put("a.csv", format!("{table}{moved}{feet}"));
    for form in ["text", "json"] {
        let told = desk.verb(&["check", "a.csv", "--format", form]).out;
        for clear in ["李小龙", "二小", "13900000005", "言小五", &*person[0], &*person[2]] {
            assert!(!told.contains(clear), "{form}: {clear}: {told}");
        }
        assert!(told.contains("经办人：李*龙") && told.contains("S07"), "{form}: {told}");
        let told = desk.verb(&["check", "a.csv", "--format", form, "--unmask"]).out;
        assert!(told.contains("经办人：李小龙") && told.contains("13900000005"), "{form}: {told}");
    }
    let (_, json) = desk.json(&file, &["--with-rows"]);
    assert!(!json.to_string().contains(&person[0]), "{json}");
    // On the screen's lines likewise, before anybody looks at the columns and after.
    let alone = desk.put(
        "b.csv",
        format!(
            "{}\n{moved}{}",
            table.lines().next().expect("a header"),
            &table[table.find('\n').expect("rows") + 1..]
        ),
    );
    let said =
        crate::plain::talk(&desk, &["open", "b.csv"], "match-columns\nconfirm-columns\nrows\n1\nrecord\nquit\n").out;
    assert!(said.contains("S07") && !said.contains(&*person[0]) && !said.contains(&*person[2]), "{alone:?} {said}");
}

/// Whoever stands between people is one, however far below the header: the words before the name are of the roster.
#[test]
fn who_stands_between_people_far_below_the_header_is_read() {
    let desk = Desk::new();
    let people: Vec<Vec<String>> = goods(12).into_iter().cycle().take(260).collect();
    let row = |cells: &[(usize, &str)]| {
        let mut row = vec![String::new(); 11];
        cells.iter().for_each(|(at, text)| row[*at] = (*text).to_string());
        row
    };
    let mut rows = people;
    rows.insert(240, row(&[(0, "测试甲"), (5, "联系电话"), (6, "0931-8000000")]));
    rows.insert(240, row(&[(0, "金日期"), (8, "2024-11-20")]));
    rows.insert(230, row(&[(0, "小计"), (3, "1800")]));
    rows.push(row(&[(0, "审核"), (3, "经办人"), (4, "测试乙")]));
    rows.push(row(&[(0, "填报日期"), (8, "2024-11-20")]));
    let lines: Vec<String> = text(",", &rows).lines().map(String::from).collect();
    let csv = desk.put("a.csv", lines.join("\n") + "\n");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, line) in lines.iter().enumerate() {
        for (column, cell) in line.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(at as u32, column as u16, cell).expect("a cell");
        }
    }
    let xlsx = desk.put("a.xlsx", book.save_to_buffer().expect("a workbook"));
    for file in [csv, xlsx] {
        let (_, json) = desk.json(&file, &[]);
        let told = (&json["row_count"], runs(&json));
        assert_eq!(told, (&json!(262), "232 note, 265-266 note".to_string()), "{file:?}");
    }
}

/// What counts, measures or draws is nobody's wherever it stands, is listed with what stands in it, and can be taken back.
#[test]
fn figures_lines_and_instructions_are_listed_and_taken_back() {
    let desk = Desk::new();
    let row = |cells: &[&str]| (0..11).map(|at| (*cells.get(at).unwrap_or(&"")).to_string()).collect::<Vec<_>>();
    let lengths = row(&["40", "100", "18", "100", "80", "80", "2", "22", "10", "100", "100"]);
    let asked = row(&[
        "与身份证一致",
        "居民身份证等",
        "18位",
        "全称",
        "与国家职业标准一致",
        "没有填--",
        "三级/高级工",
        "22位",
        "YYYY-MM-DD",
        "全称",
        "全称",
    ]);
    for count in [3, 12] {
        let mut rows = goods(count);
        rows.splice(0..0, [asked.clone(), lengths.clone(), vec!["----".to_string(); 11]]);
        rows.insert(4, row(&["人数", "1"]));
        rows.extend([row(&["平均分", "85.5"]), row(&["最高分", "", "98"]), row(&["=COUNTA(A2:A9)", "", "=TODAY()"])]);
        rows.push(vec!["====".to_string(); 11]);
        let file = desk.put("a.csv", text(",", &rows));
        let (_, json) = desk.json(&file, &[]);
        let (feet, last) = (count + 6, count + 8);
        let expected = format!("2-3 template, 4 line, 6 note, {feet}-{last} note, {} line", last + 1);
        assert_eq!((&json["row_count"], runs(&json)), (&json!(count), expected));
        let (_, json) = desk.json(&file, &["--keep-row", "6", "--keep-row", "4", "--keep-row", "2"]);
        assert_eq!(json["row_count"], json!(count + 3), "{}", runs(&json));
    }
    let told = desk.verb(&["check", "a.csv"]).out;
    assert!(told.contains("跳过第 6 行：注释、合计或签字行，内容：人数 | 1\n"), "{told}");
    assert!(told.contains("跳过第 4 行：只有线条或符号"), "{told}");
}
