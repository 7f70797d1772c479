//! The values of a column and replacing, from the command line.

use serde_json::{Value, json};

use crate::support::{Desk, good, goods};

fn desk() -> Desk {
    let desk = Desk::new();
    let mut rows = goods(6);
    let names = ["天水麦积技工学校", "天水麦积技工学校", "天水市麦积技工学校", "兰州大学", "兰州大学", ""];
    rows.iter_mut().zip(names).for_each(|(row, name)| row[3] = name.into());
    rows[0][0] = "郭 靖".into();
    desk.roster("r.csv", &rows);
    desk
}

#[test]
fn values_have_their_rows_and_groups_their_proposed_form() {
    let desk = desk();
    let ran = desk.verb(&["values", "r.csv", "--column", "单位", "--groups", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let values: Vec<Value> = json["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|v| json!([v["value"], v["rows"], v["first_row"]]))
        .collect();
    assert_eq!(json!(values[..2]), json!([["兰州大学", 2, 5], ["天水麦积技工学校", 2, 2]]));
    let group = &json["groups"][0];
    assert_eq!([&group["proposed"], &group["standing"]], [&json!("天水麦积技工学校"), &json!("rows")]);
    assert_eq!((&group["rows_to_change"], json["groups"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let text = desk.verb(&["values", "r.csv", "--column", "所在单位"]).out;
    assert!(text.contains("所在单位：4 个取值\n") && text.contains("（空）"), "{text}");
    assert!(text.contains("有内容 5 行，空 1 行") && text.contains("4 至 9 个字"), "{text}");
    let days = desk.verb(&["values", "r.csv", "--column", "发证日期"]).out;
    assert!(days.contains("2024-11-") && days.contains(" 至 2024-"), "{days}");
    let csv = desk.verb(&["values", "r.csv", "--column", "所在单位", "--format", "csv", "--groups"]).out;
    assert!(csv.contains("1,天水麦积技工学校,天水市麦积技工学校,1\r\n"), "{csv}");
    let names = desk.verb(&["values", "r.csv", "--column", "姓名", "--groups"]);
    assert!(names.code == 2 && names.err.contains("不比较写法"), "{}", names.err);
}

#[test]
fn what_the_registry_has_is_proposed_before_what_most_rows_have() {
    let desk = desk();
    let add = ["institution", "add", "S000062010001", "--name", "天水市麦积技工学校", "--profile", "gansu-competition"];
    assert_eq!(desk.verb(&add).code, 0);
    let ran = desk.verb(&["values", "r.csv", "--column", "所在单位", "--groups"]);
    assert!(ran.out.contains("天水市麦积技工学校（机构登记中的名称），2 行另有写法"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_copy_has_what_was_replaced_and_the_preview_unmasks_nobody() {
    let desk = desk();
    let tried = desk.verb(&["replace", "r.csv", " ", "", "--column", "姓名", "--dry-run"]);
    assert!(tried.out.contains("会替换 1 个单元格\n") && tried.out.contains("“郭␣*” 改为 “郭*”"), "{}", tried.out);
    let ran = desk.verb(&["replace", "r.csv", "^天水市?", "天水市", "--regex", "--column", "所在单位", "-o", "o.csv"]);
    assert!(ran.code <= 1 && ran.out.contains("共替换 2 个单元格"), "{}{}", ran.out, ran.err);
    let written = std::fs::read_to_string(desk.path("o.csv")).expect("a copy");
    assert_eq!(written.matches("天水市麦积技工学校").count(), 3, "{written}");
    assert!(written.contains("郭 靖"), "other columns stay");
    let again = desk.verb(&["replace", "r.csv", "兰州", "", "-o", "r.csv"]);
    assert_eq!(again.code, 2, "the file itself is never written over: {}", again.err);
    desk.roster("one.csv", &[good(0)]);
    let none = desk.verb(&["replace", "one.csv", "没有", "", "--dry-run"]);
    assert!(none.code == 0 && none.out.contains("会替换 0 个单元格"), "{}", none.out);
}

/// The same line by line: groups of a column are decided, a text is replaced, a change is made by `y` alone.
#[test]
fn a_conversation_lists_merges_and_replaces() {
    let desk = desk();
    let script = "values 所在单位\n0\ngroups 单位\n1\ny\nreplace 所在单位\n/^兰(州)/\n金$1\ny\nvalues 门派\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "r.csv"], script);
    for said in [
        "所在单位：4 个取值",
        "“天水麦积技工学校”，2 行",
        "“天水市麦积技工学校” 改为 “天水麦积技工学校”",
        "“兰州大学” 改为 “金州大学”",
        "没有“门派”这一栏。",
    ] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    let again = crate::plain::talk(&desk, &[], "values 所在单位\nquit\n");
    assert!(again.out.contains("“金州大学”，2 行") && again.out.contains("“天水麦积技工学校”，3 行"), "{}", again.out);
}

/// A word that is wrong in its column is no name, though some are called so; a name is one in all rows where it is one row's own.
#[test]
fn what_may_be_a_name_is_masked_and_a_wrong_word_is_not() {
    let desk = Desk::new();
    let mut rows = goods(9);
    for (row, level) in rows.iter_mut().zip(["高中", "高中", "硕士", "合格", "男", "高工", "汉族", "张伟强"])
    {
        row[6] = level.into();
    }
    let employers = ["马小云", "马小云", "王家湾"];
    rows.iter_mut().zip(employers).for_each(|(row, employer)| row[3] = employer.into());
    rows[0][0] = "马小云".into();
    desk.roster("r.csv", &rows);
    let levels = desk.verb(&["values", "r.csv", "--column", "职业技能等级"]).out;
    for word in ["高中", "硕士", "合格", "男", "高工", "汉族"] {
        assert!(levels.contains(word), "{word}: {levels}");
    }
    assert!(!levels.contains("张伟强") && levels.contains("张*强"), "{levels}");
    let employers = desk.verb(&["values", "r.csv", "--column", "所在单位"]).out;
    assert!(!employers.contains("马小云") && employers.contains("王家湾"), "{employers}");
}

/// Headless as on the screen: each group becomes what is proposed, but for what is left out.
#[test]
fn groups_are_made_uniform_without_a_form_that_is_left_out() {
    let desk = desk();
    let call = ["unify", "r.csv", "--column", "所在单位", "-o", "o.csv"];
    let ran = desk.verb(&[&call[..], &["--without", "天水市麦积技工学校", "--dry-run"]].concat());
    assert!(ran.out.contains("会替换 0 个单元格"), "{} {}", ran.out, ran.err);
    let ran = desk.verb(&call);
    assert!(ran.out.contains("天水市麦积技工学校"), "{} {}", ran.out, ran.err);
    let written = std::fs::read_to_string(desk.path("o.csv")).expect("a copy");
    assert_eq!((written.matches("天水市麦积技工学校").count(), written.matches("天水麦积技工学校").count()), (0, 3));
    let ran = desk.verb(&[&call[..], &["--without", "没有的厂", "--force"]].concat());
    assert!(ran.code == 2 && ran.err.contains("没有的厂"), "{}", ran.err);
}

/// Several values become one, or are filtered by, line by line; a form is left out of its group by its number.
#[test]
fn a_conversation_takes_several_values_and_leaves_a_form_out() {
    let desk = desk();
    let script =
        "values 所在单位\n1,2\n丁公司\nn\n0\nvalues 所在单位\nfilter 1,2\nfilters\n1\ngroups 单位\nout 2\n1\n0\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "r.csv"], script);
    for said in ["改为 “丁公司”", "所在单位=天水麦积技工学校、兰州大学：剩 4 行", "显示全部行", "不统一，保持原样"]
    {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
}

/// Only the rows that a filter lets through are replaced, reshaped and exported.
#[test]
fn verbs_take_filters() {
    let desk = desk();
    let base = ["replace", "r.csv", "技工", "某", "--column", "所在单位", "--dry-run", "--where"];
    for (filter, n) in
        [("姓名=没有", None), ("所在单位~天水市", Some(1)), ("所在单位!~天水市", Some(2)), ("errors", Some(0))]
    {
        let ran = desk.verb(&[&base[..], &[filter]].concat());
        match n {
            Some(n) => assert!(ran.out.contains(&format!("会替换 {n} 个单元格")), "{filter} {}{}", ran.out, ran.err),
            None => assert_eq!(ran.code, 2, "{filter} {}{}", ran.out, ran.err),
        }
    }
    let ran = desk.verb(&[&base[..], &["status=还没有"]].concat());
    assert!(ran.code == 2 && ran.err.contains("还没有") && ran.err.contains("reserved"), "{}", ran.err);
    let call = ["export", "r.csv", "-o", "part.csv", "--where", "所在单位~天水市"];
    let ran = desk.verb(&call);
    assert!(ran.code <= 1, "{}{}", ran.out, ran.err);
}

/// Columns of the file that the form does not have are listed, sorted and filtered by as well, and masked.
#[test]
fn columns_beside_the_form_are_looked_at_too() {
    let desk = Desk::new();
    let mut rows = goods(4);
    let remarks = ["B1班", "A1班", "B1班", "13900000000"];
    rows.iter_mut().zip(remarks).for_each(|(row, remark)| row.push(remark.into()));
    let head = crate::support::LABELS.iter().copied().chain(["班级"]).collect::<Vec<_>>().join(",");
    let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    desk.put("r.csv", format!("{head}\n{}\n", lines.join("\n")));
    let ran = desk.verb(&["values", "r.csv", "--column", "班级"]);
    assert!(ran.out.contains("B1班") && ran.out.contains("3 个取值"), "{}{}", ran.out, ran.err);
    assert!(!ran.out.contains("13900000000"), "{}", ran.out);
    let call = ["export", "r.csv", "-o", "up.csv", "--where", "班级=B1班"];
    let ran = desk.verb(&call);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(std::fs::read_to_string(desk.path("up.csv")).expect("a file").lines().count(), 3);
    let script = "values 班级\n0\nsort 班级\nfilter 班级=A1班\nrows\n0\nkept-columns\n2\nquit\n";
    let ran = crate::plain::talk(&desk, &["open", "r.csv"], script).out;
    for said in ["3 个取值", "“B1班”，2 行", "班级", "按它排序"] {
        assert!(ran.contains(said), "{said}: {ran}");
    }
    assert!(!ran.contains("13900000000"), "{ran}");
}
