//! The institution registry from the command line: what is filed, changed and ended is what checks and the decoder know.

use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, LABELS, Ran, root};

const A: &str = "S000044012001";
const B: &str = "S000044012002";
const C: &str = "S000044012003";

fn institution(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.verb(&[&["institution", "--home", &desk.name("state")], arguments].concat())
}

/// Runs a verb that must do what it is told.
fn done(desk: &Desk, arguments: &[&str]) -> String {
    let ran = institution(desk, arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?} {}", ran.out);
    ran.out
}

/// Runs a verb that must be refused by a rule; gives what is said.
fn refused(desk: &Desk, arguments: &[&str]) -> String {
    failed(desk, arguments, 1)
}

/// Runs a verb that names what is not there; gives what is said.
fn misnamed(desk: &Desk, arguments: &[&str]) -> String {
    failed(desk, arguments, 2)
}

fn failed(desk: &Desk, arguments: &[&str], code: i32) -> String {
    let ran = institution(desk, arguments);
    assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?} {}", ran.err);
    ran.err
}

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let out = done(desk, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}"))
}

fn add(desk: &Desk, prefix: &str, name: &str) -> String {
    done(desk, &["add", prefix, "--name", name, "--profile", "guangdong-technical", "--reason", "备案"])
}

/// A row of the Guangdong form without findings but those the registry makes.
fn row(desk: &Desk, file: &str, code: &str, day: &str, institution: &str) -> std::path::PathBuf {
    let cells =
        ["张伟", "201", "62010219900307123X", "样例机械有限公司", "汽车维修工", "汽车机械维修工", "3", code, day];
    let text = format!("{}\n{},{institution},{institution}\n", LABELS.join(","), cells.join(","));
    desk.put(file, text)
}

/// Lists the rules that a check finds, that about weekends apart.
fn found(desk: &Desk, file: &Path) -> Vec<String> {
    let home = desk.path("state");
    let home = home.to_str().expect("a path");
    let (_, value) = desk.json(file, &["--home", home, "--profile", "guangdong-technical"]);
    let findings = value["findings"].as_array().expect("findings").iter();
    findings.map(|f| f["rule"].as_str().expect("rule").to_string()).filter(|rule| rule != "A07").collect()
}

#[test]
fn checks_and_the_decoder_know_what_happened_to_an_institution() {
    let desk = Desk::new();
    let old = row(&desk, "old.csv", "S000044012001253000001", "2025-05-31", "样例技师学院");
    let new = row(&desk, "new.csv", "S000044012001253000002", "2025-06-01", "样例职业技术大学");
    let stale = row(&desk, "stale.csv", "S000044012001253000003", "2025-06-01", "样例技师学院");
    let late = row(&desk, "late.csv", "S000044012001263000001", "2026-07-01", "样例职业技术大学");
    let into = row(&desk, "into.csv", "S000044012003263000001", "2026-07-01", "联合大学");
    for file in [&old, &new, &stale, &late, &into] {
        assert_eq!(found(&desk, file), Vec::<String>::new(), "nothing is filed yet");
    }
    assert!(!desk.path("state").exists(), "a check leaves no trace");

    add(&desk, A, "样例技师学院");
    assert_eq!(found(&desk, &old), Vec::<String>::new());
    assert_eq!(found(&desk, &new), ["I01"]);
    assert_eq!(found(&desk, &into), ["I02"]);

    done(&desk, &["change", A, "--name", "样例职业技术大学", "--from", "2025-06-01", "--reason", "升格"]);
    for file in [&old, &new, &late] {
        assert_eq!(found(&desk, file), Vec::<String>::new(), "{}", file.display());
    }
    assert_eq!(found(&desk, &stale), ["I01"]);
    let told = desk.verb(&["check", "stale.csv", "--home", "state", "--profile", "guangdong-technical"]).out;
    assert!(told.contains("样例【技师学院】") && told.contains("样例【职业技术大学】"), "{told}");

    add(&desk, B, "另一所技师学院");
    let merge =
        ["merge", C, "--name", "联合大学", "--of", A, "--of", B, "--on", "2026-06-30", "--reason", "合并", "--yes"];
    assert!(done(&desk, &merge).contains("联合大学"));
    assert_eq!(found(&desk, &late), ["I03"]);
    assert_eq!(found(&desk, &new), Vec::<String>::new(), "what was issued before stays right");
    assert_eq!(found(&desk, &into), Vec::<String>::new());

    let decode = |more: &[&str]| desk.verb(&[&["decode", "--home", &desk.name("state")], more].concat()).out;
    let ruler = decode(&["S000044012001253000001"]);
    for part in ["样例职业技术大学", "2025-05-31 以前名为 样例技师学院", "2026-06-30 废置", C] {
        assert!(ruler.contains(part), "{part}\n{ruler}");
    }
    assert!(decode(&[C, "S000044012001253000001"]).lines().next().is_some_and(|l| l.ends_with("联合大学")));
    let value: Value = serde_json::from_str(&decode(&["--format", "json", A])).expect("JSON");
    assert_eq!(value["institution"]["retired"]["successor"], C);
    assert!(!decode(&["S000011084001222000001"]).contains("评价机构："), "one the registry does not know");

    done(&desk, &["cancel", C, "--on", "2026-09-30", "--reason", "注销", "--yes"]);
    assert!(done(&desk, &["list"]).lines().count() == 1, "none may issue any more");
    assert_eq!(json(&desk, &["list", "--all"])["institutions"].as_array().map(Vec::len), Some(3));
    for prefix in [A, B, C] {
        let again = ["add", prefix, "--name", "别家", "--profile", "guangdong-technical"];
        let told = refused(&desk, &again);
        assert!(told.contains("废置") && !told.contains("BJ-"), "{told}");
    }
}

#[test]
fn a_page_tells_the_whole_life_of_an_institution() {
    let desk = Desk::new();
    add(&desk, A, "样例技师学院");
    add(&desk, B, "另一所技师学院");
    let facts = ["change", A, "--kind", "技师学院", "--filed-on", "2024-05-20", "--contact", "招生办"];
    done(&desk, &facts);
    done(&desk, &["seal", A, "--name", "样例技师学院职业技能等级认定专用章", "--from", "2024-06-01"]);
    done(&desk, &["seal", A, "--name", "样例技师学院职业技能等级认定专用章", "--electronic-from", "2025-01-01"]);
    done(&desk, &["absorb", A, "--of", B, "--on", "2026-01-31", "--reason", "并校", "--yes"]);
    let page = done(&desk, &["show", A]);
    for part in ["技师学院", "2024-05-20", "招生办", "2024-06-01 启用", "电子印章 2025-01-01 启用", B, "备案"]
    {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let gone = json(&desk, &["show", B]);
    assert_eq!(gone["institution"]["retired"]["on"], "2026-01-31");
    assert_eq!(gone["institution"]["retired"]["successor"], A);
    let actions: Vec<&str> =
        gone["entries"].as_array().expect("entries").iter().filter_map(|e| e["action"].as_str()).collect();
    assert_eq!(actions, ["institution.add", "institution.absorb"]);
    let stays = json(&desk, &["show", A]);
    assert_eq!(stays["predecessors"][0], B);
    assert_eq!(stays["entries"][4]["action"], "institution.absorb", "{stays}");
    let english = institution(&desk, &["show", B, "--lang", "en"]).out;
    for part in ["retired after 2026-01-31", "into S000044012001", "absorbed", "Names"] {
        assert!(english.contains(part), "{part}\n{english}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_clause_and_stores_nothing() {
    let desk = Desk::new();
    add(&desk, A, "样例技师学院");
    done(&desk, &["change", A, "--name", "样例职业技术大学", "--from", "2025-06-01"]);
    let (gd, bj) = (["--profile", "guangdong-technical"], ["--profile", "beijing"]);
    for (arguments, clause) in [
        (&["add", "S00004401200", "--name", "x", gd[0], gd[1]][..], "13 位"),
        (&["add", "S00001102300", "--name", "x", bj[0], bj[1]], "BJ-54"),
        (&["add", "S000044992001", "--name", "x", gd[0], gd[1]], "GD-38"),
        (&["add", "S000012023001", "--name", "x", bj[0], bj[1]], "BJ-43"),
        (&["add", A, "--name", "x", gd[0], gd[1]], "已有机构"),
        (&["add", B, "--name", " ", gd[0], gd[1]], "GD-20"),
        (&["change", A, "--name", "y", "--from", "2025-06-01"], "GD-21"),
        (&["change", A, "--name", "样例职业技术大学"], "GD-21"),
        (&["change", A], "没有任何变化"),
        (&["merge", C, "--name", "x", "--of", A], "--of"),
        (&["absorb", A, "--of", A], A),
        (&["cancel", A, "--on", "2026-01-01"], "原因"),
        (&["cancel", A, "--on", "2025-01-01", "--reason", "x"], "2025-06-01"),
    ] {
        let told = refused(&desk, arguments);
        assert!(told.contains(clause), "{arguments:?}: {told}");
        // What another notice says is no reason here.
        assert!(arguments.contains(&"beijing") || !told.contains("BJ-"), "{arguments:?}: {told}");
    }
    for arguments in [&["show", B][..], &["change", B, "--kind", "x"]] {
        assert!(misnamed(&desk, arguments).contains(B), "{arguments:?}");
    }
    let page = json(&desk, &["show", A]);
    assert_eq!(page["entries"].as_array().map(Vec::len), Some(2), "{page}");
    for arguments in [
        &["cancel", A, "--on", "yesterday", "--reason", "x"][..],
        &["change", A, "--from", "2026-01-01"],
        &["add", A],
        &["add", B, "--name", "x", "--profile", "nowhere"],
    ] {
        assert_eq!(institution(&desk, arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn a_filed_scope_comes_from_a_workbook_whole_or_not_at_all() {
    let desk = Desk::new();
    let annex = root("tests/fixtures/scope-annex.xlsx");
    let annex = annex.to_str().expect("a path");
    add(&desk, A, "样例技师学院");
    let good = row(&desk, "good.csv", "S000044012001253000001", "2025-06-01", "样例技师学院");
    assert!(done(&desk, &["scope", A, annex, "--reason", "附件1"]).contains('4'));
    assert_eq!(found(&desk, &good), Vec::<String>::new());
    let scope = json(&desk, &["show", A])["institution"]["scope"].clone();
    let brief: Vec<(String, String, String)> = scope
        .as_array()
        .expect("scope")
        .iter()
        .map(|i| {
            (i["occupation"].as_str().expect("text").into(), i["work_type"].as_str().expect("text").into(), {
                i["levels"].to_string()
            })
        })
        .collect();
    let expected = [
        ("汽车维修工", "汽车机械维修工", "[3,4]"),
        ("汽车维修工", "汽车电器维修工", "[3,4,5]"),
        ("电工", "", "[2,3]"),
        ("茶艺师", "", "[5]"),
    ];
    assert_eq!(brief, expected.map(|(o, w, l)| (o.to_string(), w.to_string(), l.to_string())));
    assert_eq!(scope[1]["occupation_code"], "4-12-01-01", "merged with the cell above");

    let ran = institution(&desk, &["scope", A, annex, "--sheet", "有误"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    for part in ["有误 第 3 行 认定等级", "第 4 行 职业名称", "第 5 行 职业编码", "第 6 行 认定等级", "4 处"]
    {
        assert!(ran.out.contains(part), "{part}\n{}", ran.out);
    }
    assert_eq!(json(&desk, &["show", A])["institution"]["scope"], scope, "nothing half taken");
    let faults = institution(&desk, &["scope", A, annex, "--sheet", "有误", "--format", "json"]);
    let faults: Value = serde_json::from_str(&faults.out).expect("JSON");
    assert_eq!((&faults["problems"][0]["row"], &faults["problems"][0]["sheet"]), (&3.into(), &"有误".into()));
    assert_eq!(institution(&desk, &["scope", A, "nothing.xlsx"]).code, 3);

    let narrow = desk.put("narrow.csv", "职业名称,认定等级\n汽车维修工,四级\n");
    done(&desk, &["scope", A, narrow.to_str().expect("a path")]);
    assert_eq!(found(&desk, &good), ["W10"]);
    assert!(misnamed(&desk, &["scope", B, narrow.to_str().expect("a path")]).contains(B));
}

#[test]
fn a_registry_that_cannot_be_read_is_told_of_and_stops_no_check() {
    let desk = Desk::new();
    let file = row(&desk, "a.csv", "S000044012001253000001", "2025-06-01", "样例技师学院");
    add(&desk, A, "样例技工学院");
    let store = desk.path("state/skillcert.sqlite3");
    assert_eq!(found(&desk, &file), ["I01"]);
    std::fs::write(&store, "something else, and long enough to be looked at as the head of a database file").unwrap();
    let arguments = ["check", "a.csv", "--home", "state", "--profile", "guangdong-technical"];
    let ran = desk.verb(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("机构登记读不出来"), "{}", ran.err);
    let ran = desk.verb(&["decode", "--home", &desk.name("state"), "S000044012001253000001"]);
    assert_eq!((ran.code, ran.err.contains("机构登记读不出来")), (0, true));
    assert_eq!(institution(&desk, &["list"]).code, 4);
    assert_eq!(institution(&desk, &["change", A, "--kind", "x"]).code, 4);
}

#[test]
fn a_fix_puts_the_filed_name() {
    let desk = Desk::new();
    row(&desk, "a.csv", "S000044012001253000001", "2025-06-01", "样例技师学院");
    add(&desk, A, "样例技工学院");
    let fix = ["fix", "a.csv", "--home", "state", "--profile", "guangdong-technical", "-o"];
    assert_eq!(desk.verb(&[&fix[..], &["safe.csv"]].concat()).code, 1, "a safe fix leaves the name alone");
    let ran = desk.verb(&[&fix[..], &["b.csv", "--unsafe"]].concat());
    let text = std::fs::read_to_string(desk.path("b.csv")).unwrap();
    assert!(text.contains("2025-06-01,样例技工学院,样例技师学院"), "{text}\n{}", ran.err);
}

/// Numbers go to whom the check takes them from: the name that the institution had on the day of the certificate.
#[test]
fn a_plan_goes_by_the_name_of_the_day_of_the_certificate() {
    let desk = Desk::new();
    add(&desk, A, "样例技师学院");
    done(&desk, &["change", A, "--name", "样例职业技术大学", "--from", "2025-06-01", "--reason", "升格"]);
    let cases = [
        ("2025-05-30", "样例技师学院", ""),
        ("2025-05-30", "样例职业技术大学", "“样例职业技术大学”从 2025-06-01 起才是"),
        ("2025-06-03", "样例职业技术大学", ""),
        ("2025-06-03", "样例技师学院", "没有登记"),
    ];
    for (i, (day, name, refused)) in cases.into_iter().enumerate() {
        let file = row(&desk, &format!("{i}.csv"), "", day, name);
        let file = file.to_string_lossy();
        let words = ["--home", "state", "ledger", "allocate", &file, "--profile", "guangdong-technical", "--dry-run"];
        let ran = desk.verb(&words);
        assert_eq!(ran.out.contains("可给出 1 个编号"), refused.is_empty(), "{day} {name}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(refused), "{day} {name}: {}{}", ran.out, ran.err);
    }
}

/// All committees of contests that are not filed issue under 9999 (SC-17): the name belongs to the batch.
#[test]
fn a_prefix_that_committees_share_bars_none_of_them() {
    let desk = Desk::new();
    let shared = "S000051009999";
    let names = ["第一届样例技能大赛组委会", "第二届样例技能大赛组委会"];
    done(&desk, &["add", shared, "--name", names[0], "--profile", "sichuan-competition", "--reason", "竞赛"]);
    let roster = |file: &str, name: &str, ids: &[&str]| {
        let row = |id: &&str| {
            format!(
                "张伟,201,{id},样例机械有限公司,汽车维修工,汽车机械维修工,3,,2026-11-20,{name},{name}（省职鉴中心代章）\n"
            )
        };
        let text = format!("{}\n{}", LABELS.join(","), ids.iter().map(row).collect::<String>());
        desk.put(file, text)
    };
    let ids =
        ["62010219900307123X", "110105199003072039", "11010519491231002X", "310101199003070051", "440106199003070079"];
    roster("a.csv", names[0], &ids[..3]);
    roster("b.csv", names[1], &ids[3..]);
    let home = desk.name("state");
    let mut codes = Vec::new();
    for file in ["a.csv", "b.csv"] {
        let output = format!("up-{file}");
        let profile = ["--profile", "sichuan-competition", "--home", &home, "--today", "2026-11-20"];
        let ran = desk.verb(&[&["ledger", "allocate", file], &profile[..]].concat());
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
        let batch = if file == "a.csv" { "1" } else { "2" };
        let ran = desk.verb(&["export", "--batch", batch, "-o", &output, "--home", &home]);
        assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
        let written = std::fs::read_to_string(desk.path(&output)).expect("a file");
        codes.extend(written.lines().skip(1).map(|line| line.split(',').nth(7).expect("a code").to_string()));
        let (_, checked) = desk.json(&desk.path(&output), &["--home", &home, "--profile", "sichuan-competition"]);
        let found = checked["findings"].as_array().expect("findings");
        assert!(found.iter().all(|f| f["rule"] != "I01" && f["rule"] != "I02"), "{file}: {found:?}");
    }
    let serials: Vec<String> = (1..=5).map(|n| format!("{shared}263J{n:05}")).collect();
    assert_eq!(codes, serials);
    // Nor does the decoder name one of them.
    let decoded = desk.verb(&["decode", &codes[4], "--home", &home]).out;
    assert!(!decoded.contains(names[0]), "{decoded}");
}

/// GD-45: the seal says the institution's name, that of the day it is used from, and 职业技能等级认定专用章.
#[test]
fn a_seal_with_another_text_is_pointed_out_and_kept() {
    let desk = Desk::new();
    add(&desk, A, "样例技师学院");
    done(&desk, &["change", A, "--name", "样例职业技术大学", "--from", "2025-06-01"]);
    for (name, from, is_due) in [
        ("样例职业技术大学职业技能等级认定专用章", "2025-07-01", true),
        ("样例技师学院职业技能等级认定专用章", "2025-05-01", true),
        ("样例技师学院职业技能等级认定专用章", "2025-08-01", false),
        ("样例职业技术大学公章", "2025-08-01", false),
    ] {
        let ran = institution(&desk, &["seal", A, "--name", name, "--from", from]);
        assert_eq!((ran.code, ran.err.is_empty()), (0, is_due), "{name} {from}: {}", ran.err);
        assert!(
            is_due || ran.err.contains("“样例职业技术大学职业技能等级认定专用章”") && ran.err.contains("GD-45"),
            "{}",
            ran.err
        );
    }
    assert_eq!(json(&desk, &["show", A])["institution"]["seals"].as_array().map(Vec::len), Some(3));
}
