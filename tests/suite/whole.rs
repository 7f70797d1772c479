//! What is found of a roster as a whole: spellings of one name, gaps, and what is doubtful about a person.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::support::{Desk, LABELS, root};

/// Lists what a check finds of some rules: the row and what is said. `config` holds the settings.
fn found(desk: &Desk, file: &Path, rules: &[&str], config: &str) -> Vec<(u64, String)> {
    let config = desk.put("config.toml", config);
    let mut command = desk.command(&["check", "--profile", "gansu-competition", "--format", "json"]);
    let output = command.arg(file).env("SKILLCERT_CONFIG", config).output().expect("started");
    let value: Value = serde_json::from_slice(&output.stdout).expect("json");
    let of = |f: &Value| {
        let text = |key: &str| f[key].as_str().unwrap_or_default().to_string();
        rules.contains(&text("rule").as_str()).then(|| (f["row"].as_u64().unwrap_or(0), text("message")))
    };
    value["findings"].as_array().expect("findings").iter().filter_map(of).collect()
}

#[test]
fn every_spelling_of_a_name_is_listed_with_the_usual_one() {
    let desk = Desk::new();
    let told = found(&desk, &root("tests/fixtures/c16_variants.xlsx"), &["V01"], "");
    let of = |usual: &str| told.iter().filter(|(_, said)| said.contains(usual)).collect::<Vec<_>>();
    let (employers, institutions) =
        (of("最多的是“天水麦积技工学校”（7行）"), of("最多的是“第六届样例技能大赛组委会”（9行）"));
    assert_eq!((employers.len(), institutions.len(), told.len()), (5, 3, 8), "{told:#?}");
    let employer = &employers[0].1;
    for part in [
        "6 种写法",
        "最多的是“天水麦积技工学校”（7行）",
        "天水市麦积技工学校",
        "天水麦积技工学校（本部）",
        "天水麦积技校",
        "甘肃天水麦积技工学校",
    ] {
        assert!(employer.contains(part), "{part}: {employer}");
    }
    let institution = &institutions[0].1;
    assert!(institution.contains("4 种写法") && institution.contains("第6届样例技能大赛组委会"), "{institution}");
    // What can be told of occupations without a catalogue.
    let told = found(&desk, &root("tests/fixtures/c16_variants.xlsx"), &["W16"], "");
    let is_of = |said: &str, meant: &str| said.ends_with(&format!("应当是“{meant}”，请核实"));
    assert!(
        matches!(&told[..], [(3, one), (4, other)] if is_of(one, "焊工") && is_of(other, "汽车维修工")),
        "{told:?}"
    );
}

#[test]
fn a_cell_that_was_forgotten_is_told_what_all_others_say() {
    let desk = Desk::new();
    let row = |i: usize| {
        let employer = if i == 60 { "" } else { "天水麦积技工学校" };
        format!(
            "张伟,201,E1234{i:04},{employer},电工,--,3,S000062010001243J{:05},2024-11-08,样例大赛组委会,样例大赛组委会（代章）\n",
            i + 1
        )
    };
    let file = desk.put("r.csv", format!("{}\n{}", LABELS.join(","), (0..120).map(row).collect::<String>()));
    let told = found(&desk, &file, &["V02"], "");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == 62 && told[0].1.contains("“天水麦积技工学校”（119行）"), "{told:?}");
}

/// BJ-33: one ID with eight certificates, four levels and five occupations on one day.
#[test]
fn a_person_with_more_than_people_get_on_a_day_is_doubted_as_the_settings_say() {
    let desk = Desk::new();
    let what = [("电工", 5), ("电工", 4), ("电工", 3), ("焊工", 3), ("车工", 2), ("钳工", 2), ("铣工", 3), ("铣工", 4)];
    let row = |(i, (occupation, level)): (usize, &(&str, u32))| {
        format!(
            "张伟,201,62010219900307123X,样例有限公司,{occupation},--,{level},S00006201000124{level}J{:05},2024-11-08,样例大赛组委会,样例大赛组委会（代章）\n",
            i + 1
        )
    };
    let file =
        desk.put("r.csv", format!("{}\n{}", LABELS.join(","), what.iter().enumerate().map(row).collect::<String>()));
    let counts = |config: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, message) in found(&desk, &file, &["B01", "B02", "B03"], config) {
            *counts.entry(message).or_default() += 1;
        }
        counts.into_iter().collect::<Vec<_>>()
    };
    let told = counts("");
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|(_, rows)| *rows == 8), "{told:?}");
    for part in ["4 个等级", "5 个职业", "8 本证书"] {
        assert!(told.iter().any(|(message, _)| message.contains(part)), "{part}: {told:?}");
    }
    let told = counts("person_day_levels = 5\nperson_day_occupations = 0\nperson_certificates = 8\n");
    assert!(told.len() == 1 && told[0].0.contains("8 本证书"), "{told:?}");
}

/// A large text file is checked with most of its text let go: what is proposed is what `fix` writes all the same, however the clean
/// rows beside tell it: by the way of a column, by the neighbours, by the rows above.
#[test]
fn what_a_check_proposes_is_what_a_fix_writes() {
    let desk = Desk::new();
    // By column: how the clean rows write it, what stands in one of them, and what it is to become.
    let one_of_many = [
        (1, "201", "身份证", "201"),
        (1, "居民身份证", "201 居民身份证", "居民身份证"),
        (6, "3", "三级工", "3"),
        (6, "三级", "3级", "三级"),
        (6, "高级工", "3级", "高级工"),
        (5, "汽车机械维修工", "", "汽车机械维修工"),
        (5, "汽车机械维修工", "同上", "汽车机械维修工"),
        (3, "兰州陇原机械有限公司", "同上", "兰州陇原机械有限公司"),
    ];
    for (n, (column, usual, odd, wanted)) in one_of_many.into_iter().enumerate() {
        let row = |i: usize| {
            let mut cells: Vec<String> = "张伟,居民身份证,,兰州陇原机械有限公司,汽车维修工,汽车机械维修工,3,,2024-11-08,样例大赛组委会,样例大赛组委会（代章）"
                .split(',')
                .map(String::from)
                .collect();
            cells[2] = with_check_digit(&format!("6201021990{:02}{:02}001", i / 28 % 12 + 1, i % 28 + 1));
            cells[7] = format!("S000062000001243J{:05}", i + 1);
            cells[column] = (if i == 40 { odd } else { usual }).to_string();
            cells.join(",") + "\n"
        };
        let rows = |most: usize| format!("{}\n{}", LABELS.join(","), (0..most).map(row).collect::<String>());
        let file = desk.put(&format!("{n}.csv"), rows(60));
        let path = file.to_string_lossy().into_owned();
        let told = desk.command(&["check", "--profile", "gansu-competition", &path]).output().expect("started");
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        let json = desk.command(&["check", "--profile", "gansu-competition", "--format", "json", &path]).output();
        let json: Value = serde_json::from_slice(&json.expect("started").stdout).expect("json");
        let label = LABELS[column];
        let in_json =
            json["findings"].as_array().expect("findings").iter().find(|f| f["row"] == 42 && f["column"] == label);
        let in_json = in_json.unwrap_or_else(|| panic!("nothing is found of “{odd}”: {json}"));
        assert_eq!(in_json["fix"]["to"], wanted, "“{odd}” among “{usual}”: {in_json}");
        assert!(text.contains(in_json["message"].as_str().expect("message")), "{in_json}\n{text}");
        let fixed = desk.path(&format!("{n}-fixed.csv"));
        let written = desk
            .command(&["fix", "--profile", "gansu-competition", "--unsafe", &path, "-o"])
            .arg(&fixed)
            .output()
            .expect("started");
        let table = std::fs::read_to_string(&fixed).unwrap_or_else(|e| panic!("{e}: {written:?}"));
        let cell = table.lines().nth(41).and_then(|line| line.split(',').nth(column)).map(String::from);
        assert_eq!(cell.as_deref(), Some(wanted), "{table}");
    }
}

/// Completes an ID number by its check digit.
fn with_check_digit(number: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = number.bytes().zip(weights).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    format!("{number}{}", &"10X98765432"[sum % 11..=sum % 11])
}
