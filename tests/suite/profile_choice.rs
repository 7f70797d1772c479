//! What a roster's profile is chosen by, told in every front, asked for where nothing tells, remembered and changed.

use serde_json::Value;
use skillcert::app::msg::Msg;
use skillcert::data;
use skillcert::domain::profile_choice::{ChosenBy, ProfileChoices, ProfileEvidence};
use skillcert::domain::registry::{DatedName, Institution, Registry};
use skillcert::domain::sheet::{ColumnEvidence, ColumnMap, Field};
use skillcert::words::Lang;

use crate::keys::{labels, new_app, opened, rows as arrived, three};
use crate::plain::talk;
use crate::screens::screen;
use crate::support::{Desk, goods, spoiled};

const HOME: [&str; 2] = ["--home", "state"];

fn json(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&HOME[..], arguments, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err))
}

/// A roster without numbers whose employers, institution and issuing body have these names.
fn unnumbered(desk: &Desk, name: &str, names: [&str; 3]) {
    let mut rows = goods(4);
    for row in &mut rows {
        row[7] = String::new();
        (row[3], row[9], row[10]) = (names[0].into(), names[1].into(), names[2].into());
    }
    desk.roster(name, &rows);
}

fn told(desk: &Desk, file: &str) -> (String, String) {
    let checked = json(desk, &["check", file]);
    let text = |key: &str| checked[key].as_str().unwrap_or_else(|| panic!("{checked}")).to_string();
    (text("profile"), text("profile_from"))
}

#[test]
fn a_filed_institution_tells_the_profile_of_rows_without_numbers() {
    let desk = Desk::new();
    unnumbered(&desk, "a.csv", ["样例单位"; 3]);
    assert_eq!(told(&desk, "a.csv").1, "nothing");
    let add = ["institution", "add", "S000011113001", "--profile", "beijing", "--name", "样例单位"];
    let added = desk.verb(&[&HOME[..], &add].concat());
    assert_eq!(added.code, 0, "{}", added.err);
    assert_eq!(told(&desk, "a.csv"), ("beijing".into(), "registry".into()));
    let text = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "a.csv"]].concat());
    assert!(text.out.contains("由机构备案判断"), "{}", text.out);
    assert_eq!(text.err, "");
}

#[test]
fn places_in_names_tell_the_profile() {
    let desk = Desk::new();
    for (names, profile, by) in [
        (["样例厂", "样例协会", "北京市样例中心"], "beijing", "issuing-body"),
        (["样例厂", "贵阳样例协会", "样例中心"], "guizhou", "region"),
        (["成都样例厂", "", ""], "sichuan-competition", "region"),
        (["样例厂", "天水样例大赛组委会", "天水样例大赛组委会"], "gansu-competition", "issuing-body"),
        (["样例厂", "上海样例公司", "上海样例公司"], "national", "issuing-body"),
    ] {
        unnumbered(&desk, "a.csv", names);
        assert_eq!(told(&desk, "a.csv"), (profile.into(), by.into()), "{names:?}");
    }
}

#[test]
fn what_nothing_tells_is_said_without_a_screen() {
    let desk = Desk::new();
    unnumbered(&desk, "a.csv", ["样例单位"; 3]);
    std::fs::create_dir(desk.path("state")).expect("a folder");
    for format in ["text", "json", "csv"] {
        let ran = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "a.csv", "--format", format]].concat());
        assert!(ran.err.contains("--profile"), "{format}: {}", ran.err);
    }
    let named = desk.verb(&[&HOME[..], &["check", "a.csv", "--profile", "beijing"]].concat());
    assert_eq!(named.err, "");
}

#[test]
fn what_nothing_tells_is_asked_once_in_the_workbench_and_remembered_by_all() {
    let desk = Desk::new();
    unnumbered(&desk, "a.csv", ["样例单位"; 3]);
    unnumbered(&desk, "b.csv", ["样例单位", "别的单位", "别的单位"]);
    let asked = talk(&desk, &["--lang", "zh", "open", "a.csv"], "4\nquit\n");
    assert!(asked.out.contains("用哪一种检查依据") && asked.out.contains("北京市"), "{}", asked.out);
    assert_eq!(told(&desk, "a.csv"), ("beijing".into(), "remembered".into()));
    // Another institution is another question.
    assert_eq!(told(&desk, "b.csv").1, "nothing");
    // The same header and institution in another file.
    let mut rows = goods(2);
    for row in &mut rows {
        row[7] = String::new();
        (row[3], row[9], row[10]) = ("别厂".into(), "样例单位".into(), "样例单位".into());
    }
    desk.roster("c.csv", &rows);
    let again = talk(&desk, &["--lang", "zh", "open", "c.csv"], "quit\n");
    assert!(!again.out.contains("用哪一种检查依据"), "{}", again.out);
    assert_eq!(json(&desk, &["batch", "show", "2"])["batch"]["profile"], "beijing");
}

#[test]
fn another_profile_checks_the_batch_again_and_keeps_what_was_changed() {
    let desk = Desk::new();
    desk.roster("a.csv", &spoiled());
    let changed = talk(&desk, &["--lang", "zh", "open", "a.csv"], "fix-all\ny\nprofile\n4\nquit\n");
    assert!(changed.out.contains("北京市（已选定）"), "{}", changed.out);
    assert!(changed.out.contains("检查依据由“甘肃省职业技能竞赛”换成“北京市”"), "{}", changed.out);
    // Whoever opens the file under the other profile goes on with the same batch.
    let again = talk(&desk, &["--lang", "zh", "open", "a.csv", "--profile", "gansu-competition"], "profile\nquit\n");
    assert!(again.out.contains("已是第 1 批，定的检查依据是“北京市”"), "{}", again.out);
    let batch = json(&desk, &["batch", "list"]);
    assert_eq!(batch["batches"].as_array().map(Vec::len), Some(1), "no batch of its own: {batch}");
    let checked = json(&desk, &["check", "--batch", "1", "--with-rows", "--unmask", "--reason", "x"]);
    assert_eq!(checked["profile"], "beijing");
    assert_eq!(checked["rows"][1]["发证日期"], "2024-11-08", "{}", changed.out);
    assert!(checked["summary"]["severities"]["error"].as_u64() != Some(0), "codes of Gansu under Beijing: {checked}");
    let audit = json(&desk, &["audit", "show"]);
    let entries = audit["entries"].as_array().expect("entries");
    let entry = entries.iter().find(|entry| entry["action"] == "batch.profile").expect("an entry");
    let after = entry["after"].to_string();
    assert!(after.contains("answered") && after.contains("beijing"), "{entry}");
    assert_eq!(desk.verb(&[&HOME[..], &["ledger", "verify"]].concat()).code, 0);
}

#[test]
fn another_profile_settles_no_claim_on_a_column() {
    let form = data::sheet("upload-11").expect("form");
    let beijing = data::sheet("beijing-data-9").expect("form");
    let labels = ["姓名", "证件号码", "姓名", "证件号码", "所在单位", "备注"].map(String::from);
    let column =
        |group: &str, is_filled| ColumnEvidence { group: group.into(), is_filled, ..ColumnEvidence::default() };
    let coach = |_| column("指导教师", true);
    let evidence: Vec<_> = (0..2).map(coach).chain((2..6).map(|_| column("参赛选手", true))).collect();
    let mut columns = ColumnMap::settled(&labels, &form, data::group_titles(), &evidence);
    // What somebody took away by hand stays away.
    columns.assign(4, None);
    for (old, new) in [(&form, &form), (&form, &beijing), (&beijing, &form)] {
        let fitted = columns.fitted(old, new);
        assert_eq!([Field::Name, Field::IdNumber].map(|field| fitted.of(field)), [Some(2), Some(3)]);
        assert!(fitted.source[0].lost.is_some() && fitted.source[1].lost.is_some(), "the coach's columns gave way");
    }
    assert_eq!(columns.fitted(&form, &beijing).of(Field::Employer), None);
}

#[test]
fn a_batch_with_numbers_stays_under_its_notice() {
    let desk = Desk::new();
    let mut rows = goods(3);
    rows.iter_mut().for_each(|row| row[7].clear());
    desk.roster("a.csv", &rows);
    let institution = rows[0][9].clone();
    let add = ["institution", "add", "S000062010001", "--profile", "gansu-competition", "--name", &institution];
    assert_eq!(desk.verb(&[&HOME[..], &add].concat()).code, 0);
    desk.folder("state");
    let taken = desk.verb(&[&HOME[..], &["ledger", "allocate", "a.csv"]].concat());
    assert_eq!(taken.code, 0, "{}", taken.err);
    let refused = talk(&desk, &["--lang", "zh", "open", "--batch", "1"], "profile\n4\nquit\n");
    assert!(!refused.out.contains("北京市（已选定）"), "{}", refused.out);
    assert_eq!(json(&desk, &["batch", "show", "1"])["batch"]["profile"], "gansu-competition");
    // Nothing of it is remembered.
    assert_eq!(told(&desk, "a.csv").1, "registry");
}

#[test]
fn codes_of_two_places_are_counted_and_told() {
    let desk = Desk::new();
    let mut rows = goods(15);
    for (i, row) in rows.iter_mut().enumerate().skip(12) {
        row[7] = format!("S000051009999213J{i:05}");
    }
    desk.roster("a.csv", &rows);
    let told = "12 行是甘肃省职业技能竞赛、3 行是四川省省级职业技能竞赛";
    let ran = desk.verb(&[&HOME[..], &["--lang", "zh", "check", "a.csv"]].concat());
    assert!(ran.err.contains(told) && ran.err.contains("按“甘肃省职业技能竞赛”检查"), "{}", ran.err);
    assert!(ran.out.contains(&format!("由证书编号判断：{told}")), "{}", ran.out);
    let votes = &json(&desk, &["check", "a.csv"])["profile_votes"];
    assert_eq!(
        *votes,
        serde_json::json!([
            { "profile": "gansu-competition", "rows": 12 }, { "profile": "sichuan-competition", "rows": 3 }
        ])
    );
    let opened = talk(&desk, &["--lang", "zh", "open", "a.csv"], "quit\n");
    assert!(opened.out.contains(told), "{}", opened.out);
    // Of one place there is nothing to be said.
    desk.roster("b.csv", &goods(3));
    assert_eq!(desk.verb(&[&HOME[..], &["check", "b.csv"]].concat()).err, "");
}

#[test]
fn a_long_file_name_leaves_room_for_the_profile() {
    let mut app = new_app(Lang::Zh, (80, 24));
    app.start(Some("/data/名册.csv".into()), None);
    let mut msg = opened(&labels(), None);
    if let Msg::Opened(head) = &mut msg {
        head.origin.file =
            "2026年甘肃省职业技能竞赛获奖选手职业技能等级证书信息汇总表（第二次修改）-最终稿.xlsx".into();
    }
    app.update(msg);
    let msg = arrived(&app, &three());
    app.update(msg);
    let painted = screen(&app);
    let title = painted.lines().next().expect("a line");
    assert!(title.contains(&app.roster.profile_told_in_short(&app.locale)), "{title}");
    assert!(title.contains('~') && title.contains(".xlsx"), "{title}");
}

const SOME_LABELS: [&str; 4] = ["姓名", "评价机构", "发证机构", "证书编号"];

fn chosen(evidence: &ProfileEvidence, registry: &Registry, remembered: Option<&str>) -> (String, ChosenBy) {
    let choices = ProfileChoices {
        profiles: data::profiles(),
        form: &|id| data::sheet(id),
        registry,
        remembered: &|| remembered.map(String::from),
    };
    let choice = choices.choose(None, evidence).expect("a choice");
    (choice.profile.id.clone(), choice.by)
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn rows(institutions: &[&str], issuing_bodies: &[&str]) -> ProfileEvidence {
    ProfileEvidence {
        labels: texts(&SOME_LABELS),
        institutions: texts(institutions),
        issuing_bodies: texts(issuing_bodies),
        ..ProfileEvidence::default()
    }
}

#[test]
fn the_surest_sign_tells_the_profile() {
    let filed = Registry::new([Institution {
        prefix: "Y000052000001".into(),
        profile: "guizhou".into(),
        names: vec![DatedName { name: "样例公司".into(), ..DatedName::default() }],
        ..Institution::default()
    }]);
    let none = Registry::default();
    let mut all = rows(&["样例公司"; 3], &["北京市样例中心"; 3]);
    all.codes = texts(&["S000062010001243J00001"]);
    assert_eq!(chosen(&all, &filed, Some("beijing")), ("gansu-competition".into(), ChosenBy::Codes));
    all.codes.clear();
    assert_eq!(chosen(&all, &filed, Some("beijing")), ("guizhou".into(), ChosenBy::Registry));
    assert_eq!(chosen(&all, &none, Some("national")), ("national".into(), ChosenBy::Remembered));
    assert_eq!(chosen(&all, &none, Some("gone")), ("beijing".into(), ChosenBy::IssuingBody));
    let region = rows(&["兰州样例大赛组委会"; 3], &[]);
    assert_eq!(chosen(&region, &none, None), ("gansu-competition".into(), ChosenBy::Region));
    let elsewhere = rows(&["杭州样例公司", "浙江样例公司", "浙江样例公司"], &[]);
    assert_eq!(chosen(&elsewhere, &none, None), ("national".into(), ChosenBy::Region));
    assert_eq!(chosen(&rows(&["样例公司"], &[]), &none, None).1, ChosenBy::Nothing);
}

#[test]
fn rules_for_competitions_are_not_chosen_for_others() {
    let mut company = rows(&["兰州样例有限公司"; 3], &["兰州样例有限公司"; 3]);
    // Nor is the place of their employers taken for theirs.
    company.employers = texts(&["北京样例股份有限公司"; 3]);
    assert_eq!(chosen(&company, &Registry::default(), None).1, ChosenBy::Nothing);
}

#[test]
fn places_of_two_profiles_tell_nothing() {
    let mixed = rows(&["北京样例公司", "贵阳样例公司"], &[]);
    assert_eq!(chosen(&mixed, &Registry::default(), None).1, ChosenBy::Nothing);
}

#[test]
fn a_form_that_no_other_profile_has_tells_the_profile() {
    let told = |labels| chosen(&ProfileEvidence { labels, ..ProfileEvidence::default() }, &Registry::default(), None);
    for id in ["beijing-data-9", "beijing-correction-14"] {
        let form = data::sheet(id).expect("form");
        let labels = form.columns.iter().map(|column| column.label.clone()).collect();
        assert_eq!(told(labels), ("beijing".into(), ChosenBy::Columns), "{id}");
    }
    // As many columns in the words of everybody's form.
    let form = data::sheet("upload-11").expect("form");
    let labels = form.columns.iter().map(|column| column.label.clone()).filter(|label| label != "所在单位").collect();
    assert_eq!(told(labels).1, ChosenBy::Nothing);
}

#[test]
fn the_fingerprint_is_that_of_header_and_institution() {
    let a = rows(&["甲 公司", "乙公司", "甲公司"], &[]);
    assert_eq!(a.fingerprint(), rows(&["甲公司"], &["别的"]).fingerprint());
    assert_ne!(a.fingerprint(), rows(&["乙公司"], &[]).fingerprint());
    assert_eq!(a.fingerprint().len(), 64);
}

/// Rows without numbers, of an institution that nobody has registered: what a check goes by is good enough to plan by.
#[test]
fn numbers_are_planned_under_the_profile_that_a_check_picks() {
    let desk = Desk::new();
    assert_eq!(desk.verb(&[&HOME[..], &["init"]].concat()).code, 0);
    unnumbered(&desk, "a.csv", ["样例厂", "天水样例大赛组委会", "天水样例大赛组委会"]);
    unnumbered(&desk, "b.csv", ["样例厂", "样例协会", "样例中心"]);
    let (profile, by) = told(&desk, "a.csv");
    assert_eq!(by, "issuing-body");
    let plan = |file| desk.verb(&[&HOME[..], &["ledger", "allocate", file, "--dry-run"]].concat());
    let planned = plan("a.csv");
    let name = data::built_in().profile(&profile).expect("a profile").name.clone();
    assert!(planned.code == 1 && planned.out.contains(&format!("规则 {profile}")), "{}{}", planned.out, planned.err);
    assert!(planned.err.contains("规则同 check 一样选了") && planned.err.contains(&name), "{}", planned.err);
    assert_eq!(told(&desk, "b.csv").1, "nothing");
    let refused = plan("b.csv");
    assert!(refused.code == 2 && refused.err.contains("请给 --profile"), "{}{}", refused.out, refused.err);
}
