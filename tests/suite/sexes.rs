//! A column 性别 beside the form: whose it is, what its cells say, and how it is put out of the way.

use serde_json::{Value, json};

use crate::plain::talk;
use crate::support::{Desk, found, goods, root};

const PEOPLE: usize = 12;

/// Tells by their numbers who is a man.
fn men() -> Vec<bool> {
    goods(PEOPLE).iter().map(|row| row[2].as_bytes()[16] % 2 == 1).collect()
}

/// A roster with more columns behind those of the form.
fn roster(labels: &[&str], cells: impl Fn(usize, bool) -> Vec<String>) -> String {
    let text = crate::support::text(",", &goods(PEOPLE));
    let mut lines = text.lines();
    let quoted = |label: &&str| format!("\"{label}\"");
    let mut all =
        format!("{},{}\n", lines.next().expect("a header"), labels.iter().map(quoted).collect::<Vec<_>>().join(","));
    for (i, (line, man)) in lines.zip(men()).enumerate() {
        all += &format!("{line},{}\n", cells(i, man).join(","));
    }
    all
}

fn sex(man: bool) -> String {
    if man { "男" } else { "女" }.to_string()
}

fn checked(desk: &Desk, text: String) -> (i32, Vec<u64>, Vec<String>) {
    let (code, json) = desk.json(&desk.put("a.csv", text), &[]);
    let of_rule = found(&json).into_iter().filter(|(_, rule, _)| rule == "D13");
    let table = json["table_findings"].as_array().expect("a list");
    let told = table.iter().map(|f| f["rule"].as_str().unwrap_or_default().to_string());
    (code, of_rule.map(|(row, ..)| row).collect(), told.collect())
}

#[test]
fn a_sex_behind_the_name_of_another_is_that_ones() {
    let desk = Desk::new();
    for labels in [["监护人", "性别"], ["带队教师姓名", "性别"], ["教练（签字）", "性别"], ["紧急联系人", "性别"]]
    {
        let told = checked(&desk, roster(&labels, |_, man| vec!["张某".to_string(), sex(!man)]));
        assert_eq!(told, (0, vec![], vec![]), "{labels:?}");
    }
    // The person's own stands before it.
    let told = checked(
        &desk,
        roster(&["性别", "监护人", "性别"], |i, man| vec![sex(man != (i == 4)), "张某".into(), sex(!man)]),
    );
    assert_eq!(told, (1, vec![6], vec![]));
}

#[test]
fn a_label_of_the_sex_is_known_with_what_stands_around_it() {
    let desk = Desk::new();
    for label in ["性 别", "性别（男/女）", "性别\n（必填）", "性别*", "性別", "Sex", "性别（下拉选择）", "学员性别"]
    {
        let told = checked(&desk, roster(&[label], |i, man| vec![sex(man != (i == 2))]));
        assert_eq!(told, (1, vec![4], vec![]), "{label}");
    }
    let code = |man: bool| if man { "1" } else { "2" }.to_string();
    assert_eq!(checked(&desk, roster(&["性别代码"], |i, man| vec![code(man != (i == 2))])), (1, vec![4], vec![]));
    for label in ["监护人性别", "性别（配偶）"] {
        assert_eq!(checked(&desk, roster(&[label], |_, man| vec![sex(!man)])), (0, vec![], vec![]), "{label}");
    }
}

#[test]
fn what_differs_in_very_many_rows_is_told_of_the_column() {
    let desk = Desk::new();
    for many in [1, 2, 3] {
        let told = checked(&desk, roster(&["性别"], |i, man| vec![sex(man != i.is_multiple_of(many))]));
        assert_eq!(told, (0, vec![], vec!["H07".to_string()]), "one of {many}");
    }
    assert_eq!(checked(&desk, roster(&["性别"], |i, man| vec![sex(man != (i % 5 == 0))])).1, [2, 7, 12]);
}

#[test]
fn a_cell_left_from_a_template_says_nothing() {
    let desk = Desk::new();
    let all = ["男/女", "男、女", "男女", "男□女□", "男√女", "女√男", "□男", "女（男）", "未知", "0", "", "男√女√"];
    assert_eq!(checked(&desk, roster(&["性别"], |i, _| vec![all[i].to_string()])), (0, vec![], vec![]));
    let ticked = |man: bool| if man { "男□女√" } else { "□女 ☑男" }.to_string();
    assert_eq!(
        checked(&desk, roster(&["性别"], |i, man| vec![if i == 7 { ticked(man) } else { String::new() }])).1,
        [9]
    );
    // All that are left open in this one are quiet; those that say a sex differ too often for one column.
    let (_, json) = desk.json(&root("tests/fixtures/c19_sex_templates.xlsx"), &[]);
    assert!(found(&json).iter().all(|(_, rule, _)| rule != "D13"), "{json}");
}

#[test]
fn a_column_of_the_sex_can_be_put_out() {
    let desk = Desk::new();
    let file = desk.put("a.csv", roster(&["性别"], |i, man| vec![sex(man != (i == 2))]));
    let before = desk.json(&file, &[]).1;
    let message = before["findings"][0]["message"].as_str().expect("a sentence");
    assert!(message.contains("栏目对应") && message.contains("按 -"), "{message}");
    let said = talk(&desk, &["--lang", "zh", "open", "a.csv"], "match-columns\n12\nset-aside\nconfirm-columns\nquit\n");
    // That is remembered with the header; once more takes it back.
    let keys = "match-columns\n12\nset-aside\nconfirm-columns\nquit\n";
    desk.put("b.csv", roster(&["性别"], |i, man| vec![sex(man != (i == 3))]));
    talk(&desk, &["--lang", "zh", "open", "b.csv"], keys);
    let home = |words: &[&str]| desk.verb(&[&["--home", "state", "--lang", "zh"], words].concat());
    let after: Value =
        serde_json::from_str(&home(&["check", "--batch", "2", "--format", "json"]).out).expect("JSON of the batch");
    let taken_back: Value =
        serde_json::from_str(&home(&["check", "--batch", "4", "--format", "json"]).out).expect("JSON of the batch");
    assert_eq!(found(&taken_back).iter().filter(|(row, rule, _)| (*row, rule.as_str()) == (5, "D13")).count(), 1);
    assert_eq!(after["findings"], json!([]), "{}\n{after}", said.out);
    let table = after["table_findings"].as_array().expect("a list");
    assert_eq!((table.len(), &table[0]["rule"], &table[0]["fields"]), (1, &json!("H03"), &json!([])), "{after}");
    assert!(
        table[0]["message"].as_str().is_some_and(|told| told.contains("“性别”") && told.contains("12 格")),
        "{after}"
    );
}
