//! How names are written, by the built-in tables: other spellings of one, and what is two.

use std::sync::Arc;

use super::spellings;
use crate::domain::rules::{UsualTexts, usual_texts};
use crate::domain::sheet::Field;
use crate::domain::values::groups::{Standing, ValueGroup, kept_apart, value_groups};
use crate::domain::values::places::Places;

fn found(texts: &[(&str, usize)]) -> UsualTexts {
    let texts: Vec<(Arc<str>, usize)> = texts.iter().map(|(text, rows)| (Arc::from(*text), *rows)).collect();
    usual_texts(Field::Employer, &texts, spellings())
}

#[test]
fn spellings_of_one_name_are_found_and_names_of_two_are_not() {
    let usual = "天水麦积技工学校";
    for other in [
        "天水市麦积技工学校",
        "天水麦积技工学校（本部）",
        "天水麦积技校",
        "甘肃天水麦积技工学校",
        "天水麦积(技工)学校",
        "天水麦积继工学校",
    ] {
        let found = found(&[(usual, 7), (other, 1)]);
        assert_eq!(found.len(), 1, "{other}");
        assert_eq!((&*found[0].text, &*found[0].others[0].0), (usual, other));
    }
    for other in ["天水秦州技工学校", "天水麦积第二技工学校", "天水麦积东技工学校", "兰州大学", "--", "同", ""]
    {
        let found = found(&[(usual, 7), (other, 1)]);
        assert!(found.iter().all(|usual| usual.others.is_empty()), "{other}: {found:?}");
    }
    for (a, b) in [
        ("第六届样例技能大赛组委会", "第6届样例技能大赛组委会"),
        ("第十届样例技能大赛组委会", "第10届样例技能大赛组委会"),
        ("第二十一届样例技能大赛组委会", "第21届样例技能大赛组委会"),
    ] {
        assert_eq!(found(&[(a, 580), ("别的单位", 900), (b, 1)]).len(), 1, "{b}");
    }
    assert_eq!(found(&[("第六届样例技能大赛组委会", 9), ("第七届样例技能大赛组委会", 1)]), []);
}

#[test]
fn a_name_among_many_others_is_compared_more_strictly() {
    let many = [("兰州大学", 20), ("天水师范学院", 30), ("兰州理工大学", 2), ("兰州市（大学）", 2)];
    let found = found(&many);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].others, [(Arc::from("兰州市（大学）"), 2)]);
}

#[test]
fn two_spellings_of_the_same_weight_are_left_alone() {
    assert_eq!(found(&[("兰州市第一中学", 40), ("兰州第一中学", 30)]), []);
    assert_eq!(found(&[("兰州市第一中学", 4), ("兰州第一中学", 1)]), []);
}

#[test]
fn a_gap_is_one_where_the_others_agree() {
    assert!(found(&[("天水麦积技工学校", 119), ("", 1)])[0].has_gaps);
    assert_eq!(found(&[("天水麦积技工学校", 60), ("兰州大学", 59), ("", 1)]), []);
    assert_eq!(found(&[("天水麦积技工学校", 6), ("", 6)]), []);
}

fn texts(all: &[(&str, u32)]) -> Vec<(Arc<str>, u32)> {
    all.iter().map(|(text, rows)| (Arc::from(*text), *rows)).collect()
}

fn places() -> Places {
    let divisions = crate::data::divisions();
    Places::new(divisions.iter().map(|division| &*division.name), spellings())
}

#[test]
fn bodies_of_two_places_or_of_two_kinds_are_never_one() {
    for apart in [
        ["静宁县职业学校", "宁县职业学校"],
        ["武山县职业中学", "武威职业中学"],
        ["敦煌文物保护研究院", "敦煌文物保护研究所"],
        ["甘肃长城电工有限公司", "甘肃长城电工（集团）有限公司"],
    ] {
        assert_eq!(groups(&apart.map(|name| (name, 5)), &[]), [], "{apart:?}");
    }
    for one in [
        ["静宁县职业学校", "静宁职业学校"],
        ["甘肃省天水市麦积技工学校", "天水麦积技工学校"],
        ["天水市麦积区职业学校", "天水麦积职业学校"],
    ] {
        assert_eq!(groups(&one.map(|name| (name, 5)), &[]).len(), 1, "{one:?}");
    }
}

fn groups(values: &[(&str, u32)], known: &[(&str, Standing)]) -> Vec<ValueGroup> {
    let known: Vec<(Arc<str>, Standing)> = known.iter().map(|(text, by)| (Arc::from(*text), *by)).collect();
    value_groups(&texts(values), &known, (spellings(), &places()), &|| false).unwrap()
}

#[test]
fn sixty_rows_in_seven_spellings_of_three_employers_are_three_decisions() {
    let found = groups(
        &[
            ("天水麦积技工学校", 20),
            ("天水市麦积技工学校", 9),
            ("天水麦积技工学校 ", 1),
            ("兰州陇原机械有限公司", 15),
            ("蘭州隴原機械有限公司", 5),
            ("白银有色职业技能培训中心", 8),
            ("白银有色职业技能培训中心（本部）", 2),
        ],
        &[],
    );
    let proposed: Vec<(&str, u32)> = found.iter().map(|group| (&*group.proposed, group.rows())).collect();
    let expected = [("天水麦积技工学校", 10), ("兰州陇原机械有限公司", 5), ("白银有色职业技能培训中心", 2)];
    assert_eq!(proposed, expected);
    assert_eq!(
        found[0].values,
        texts(&[("天水麦积技工学校", 20), ("天水市麦积技工学校", 9), ("天水麦积技工学校 ", 1)])
    );
}

#[test]
fn names_of_one_body_are_a_group() {
    for (one, other) in [
        ("第六届样例技能大赛组委会", "第6届样例技能大赛组委会"),
        ("天水麦积技工学校", "天水麦积技校"),
        ("天水麦积技工学校", "天水麦积继工学校"),
        ("天水麦积技工学校", "甘肃天水麦积技工学校"),
        ("天水麦积（技工）学校", "天水麦积(技工)学校"),
        ("汽车机械维修工", "汽车机诫维修工"),
        ("样例技能大賽組委會", "样例技能大赛组委会"),
        ("兰州新区第一职业学校", "兰州新区第一职业学效"),
        // Neighbours that changed places.
        ("天水麦积技工学校", "天水积麦技工学校"),
        ("汽车修理工", "汽车理修工"),
        // Numbers beyond ten, behind 第 and elsewhere.
        ("兰州市第二十一中学", "兰州市第21中学"),
        ("二十一冶建设公司", "21冶建设公司"),
        ("第一百零三届样例大赛组委会", "第103届样例大赛组委会"),
        // Places at the beginning.
        ("张掖市甘州区职业教育中心", "甘州区职业教育中心"),
        ("甘肃省张掖市甘州区职业教育中心", "甘州区职业教育中心"),
        ("兰州市陇原机械厂", "陇原机械厂"),
    ] {
        let found = groups(&[(one, 5), (other, 2)], &[]);
        assert_eq!(found.len(), 1, "{one} {other}");
        assert_eq!((&*found[0].proposed, found[0].by, found[0].rows()), (one, Standing::Rows, 2));
    }
}

#[test]
fn names_of_two_bodies_are_none() {
    for (one, other) in [
        ("第六届样例技能大赛组委会", "第七届样例技能大赛组委会"),
        ("天水麦积第一技工学校", "天水麦积第二技工学校"),
        ("天水麦积东技工学校", "天水麦积西技工学校"),
        ("电工", "焊工"),
        ("西式面点师", "中式面点师"),
        ("兰州大学", "兰州理工大学"),
        ("兰州市第二十一中学", "兰州市第二十二中学"),
        ("天水东西技工学校", "天水西东技工学校"),
        ("张掖市甘州区职业教育中心", "张掖市高台县职业教育中心"),
        ("--", "-"),
    ] {
        assert_eq!(groups(&[(one, 5), (other, 2)], &[]), [], "{one} {other}");
    }
}

#[test]
fn a_name_without_a_place_is_nobodys_where_two_places_have_one() {
    let all = [("兰州市实验职业学校", 5), ("天水市实验职业学校", 4), ("实验职业学校", 2)];
    assert_eq!(groups(&all, &[]), []);
    assert_eq!(groups(&[all[0], all[2]], &[])[0].rows(), 2);
}

#[test]
fn forms_of_a_company_are_kept_apart_and_said() {
    let all = [("兰州陇原机械有限公司", 9), ("兰州市陇原机械有限公司", 3), ("兰州陇原机械有限责任公司", 2)];
    let found = groups(&all, &[]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].values, texts(&all[..2]));
    assert_eq!(found[0].kept_apart, texts(&all[2..]));
    assert_eq!(groups(&[all[0], all[2]], &[]), []);
    // Also where neither has other spellings.
    assert_eq!(kept_apart(&texts(&[all[0], all[2]]), &[], spellings()), [texts(&[all[0], all[2]])]);
    assert_eq!(kept_apart(&texts(&all), &found, spellings()), Vec::<Vec<_>>::new());
}

#[test]
fn of_as_many_rows_the_plainer_form_is_proposed_and_not_called_the_usual_one() {
    for (odd, plain) in [
        ("天水麦积 技工学校", "天水麦积技工学校"),
        ("第1届样例技能大赛组委会", "第一届样例技能大赛组委会"),
        ("（天水）麦积技工学校", "天水麦积技工学校"),
    ] {
        let found = groups(&[(odd, 3), (plain, 3)], &[]);
        assert_eq!((&*found[0].proposed, found[0].by), (plain, Standing::Plainer), "{odd}");
        assert_eq!((&*groups(&[(odd, 4), (plain, 3)], &[])[0].proposed), odd);
    }
}

#[test]
fn who_knows_a_name_goes_before_those_who_write_it() {
    let registry = [("天水市麦积技工学校", Standing::Registry)];
    let found = groups(&[("天水麦积技工学校", 580)], &registry);
    assert_eq!((&*found[0].proposed, found[0].by, found[0].rows()), ("天水市麦积技工学校", Standing::Registry, 580));
    let known = [("天水麦积技工学校", Standing::Ledger), ("天水市麦积技工学校", Standing::Registry)];
    let found = groups(&[("天水麦积技工学校", 580), ("天水麦积技校", 1)], &known);
    assert_eq!((&*found[0].proposed, found[0].rows()), ("天水市麦积技工学校", 581));
    // Two names on record are two bodies, however near they are.
    let two = [("天水麦积技工学校", Standing::Registry), ("天水麦积技师学校", Standing::Registry)];
    assert_eq!(groups(&[("天水麦积技工学校", 5), ("天水麦积技师学校", 1)], &two), []);
    assert_eq!(groups(&[("天水麦积技工学校", 5)], &two), []);
}

#[test]
fn it_ends_where_it_is_told_to() {
    let values = texts(&[("天水麦积技工学校", 5), ("天水麦积技校", 1)]);
    assert_eq!(value_groups(&values, &[], (spellings(), &places()), &|| true), None);
}
