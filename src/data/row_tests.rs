//! Rows under a header, told from people by the built-in words.

use super::{row_words, sheet};
use crate::domain::sheet::{CellNote, ColumnMap, Field, RowKinds, SkipReason, UPLOAD_FORM};

/// Gives the labels of the upload form, in its order.
fn labels() -> Vec<String> {
    sheet(UPLOAD_FORM).unwrap().columns.iter().map(|column| column.label.clone()).collect()
}

pub(super) fn row(cells: &[(usize, &str)]) -> Vec<String> {
    let mut row = vec![String::new(); labels().len()];
    cells.iter().for_each(|(i, text)| row[*i] = (*text).to_string());
    row
}

pub(super) fn kinds(sample: &[Vec<String>]) -> RowKinds {
    let spec = sheet(UPLOAD_FORM).unwrap();
    let labels = labels();
    let columns = ColumnMap::matched(&labels, &spec);
    RowKinds::new(&columns, &spec, row_words(), &[labels], (sample, false))
}

pub(super) fn kind(kinds: &RowKinds, row: &[String]) -> Option<SkipReason> {
    kinds.kind(row.len(), |i| row[i].as_bytes(), |_| CellNote::Nothing)
}

#[test]
fn what_stands_under_a_table_is_known_in_any_column() {
    use SkipReason::{Note, NumberOnly, Title};
    let feet: [(&[(usize, &str)], SkipReason); 52] = [
        (&[(0, "总人数：12")], Note),
        (&[(0, "人数合计"), (6, "12")], Note),
        (&[(0, "合计人数"), (1, "12人")], Note),
        (&[(0, "合计"), (3, "1800")], Note),
        (&[(1, "合计：12人")], Note),
        (&[(3, "共12人")], Note),
        (&[(0, "以上共计12人，情况属实。")], Note),
        (&[(0, "本页小计：12")], Note),
        (&[(0, "其中：三级5人，四级7人")], Note),
        (&[(1, "制表人："), (5, "审核人："), (9, "日期：")], Note),
        (&[(0, "单位负责人（签名）："), (6, "（公章）")], Note),
        (&[(0, "填表人：王某"), (3, "审核人：")], Note),
        (&[(1, "填表人：王某"), (3, "审核人：李某"), (9, "2026-11-27")], Note),
        (&[(0, "审核："), (7, "审批：李某")], Note),
        (&[(0, "批准人："), (3, "审核人："), (7, "填表人：")], Note),
        (&[(0, "经办人:李某 复核:王某")], Note),
        (&[(7, "经办人（签字）："), (10, "年  月  日")], Note),
        (&[(0, "职鉴中心审核（章）：")], Note),
        (&[(3, "甘肃省样例厂（盖章）")], Note),
        (&[(0, "（盖章）"), (8, "2026年11月20日")], Note),
        (&[(0, "主管部门意见："), (6, "同意"), (8, "2026/11/20")], Note),
        (&[(0, "审核意见：同意上报")], Note),
        (&[(0, "填报时间：2026年11月20日")], Note),
        (&[(8, "2026.11.20")], Note),
        (&[(9, "年　月　日")], Note),
        (&[(0, "备注：1.本表不得涂改")], Note),
        (&[(0, "说明"), (1, "等级按1—5填写")], Note),
        (&[(0, "附：获奖文件复印件1份")], Note),
        (&[(0, "制表单位：样例厂")], Note),
        (&[(0, "联系电话：0931-8000000")], Note),
        (&[(5, "共 2 页 第 1 页")], Note),
        (&[(0, "——以下空白——")], Note),
        (&[(4, "（以下无正文）")], Note),
        (&[(0, "12")], NumberOnly),
        (&[(0, "注①：等级填1-5")], Title),
        (&[(0, "*注：带*为必填")], Title),
        (&[(0, "以上名单经审核无误。")], Note),
        (&[(0, "一、电工（三级）")], Title),
        (&[(0, "第一组")], Title),
        (&[(3, "三、汽车维修工")], Title),
        (&[(0, "第二页")], Note),
        (&[(0, "第二页"), (2, "共3页")], Note),
        (&[(0, "（第三页）")], Note),
        (&[(0, "- 第4页 -")], Note),
        (&[(0, "教师组"), (1, "7人")], Title),
        (&[(0, "教师组"), (2, "7人")], Title),
        (&[(0, "第一批"), (6, "共12人")], Title),
        (&[(0, "教师组（7人）")], Title),
        (&[(0, "高级工班"), (1, "12"), (3, "15")], Title),
        (&[(0, "Page 2 of 3")], Title),
        (&[(0, "兰州样例技工学校"), (1, "12人")], Title),
        (&[(0, "电工"), (3, "共7人")], Title),
    ];
    let kinds = kinds(&[]);
    for (cells, expected) in feet {
        assert_eq!(kind(&kinds, &row(cells)), Some(expected), "{cells:?}");
    }
}

#[test]
fn people_of_whom_little_is_known_stay() {
    let people: [&[(usize, &str)]; 24] = [
        &[(0, "章公"), (3, "样例厂")],
        &[(0, "总计明"), (6, "三级")],
        &[(0, "共产")],
        &[(0, "李合计"), (3, "合计样例厂")],
        &[(0, "注成龙"), (3, "填表人培训学校")],
        &[(0, "意见"), (3, "兰州样例厂"), (4, "电工")],
        &[(0, "日期"), (3, "兰州样例厂"), (6, "三级")],
        &[(0, "田单位"), (3, "单位联合会"), (4, "电工")],
        &[(0, "买买提·艾力")],
        &[(0, "阿依古丽·吐尔逊·买买提")],
        &[(0, "John Smith")],
        &[(0, "欧阳娜娜")],
        &[(0, "测试三"), (3, "兰州样例一厂"), (6, "三级")],
        &[(0, "王某"), (3, "审核中心"), (4, "电工"), (6, "三级"), (8, "2024-10-21")],
        &[(0, "李某"), (4, "审核员"), (6, "三级")],
        &[(0, "合计"), (2, "620102199001033053")],
        &[(2, "620102199001033053")],
        &[(2, "62010219900101301X")],
        &[(7, "S000062010001243J00099")],
        &[(0, "填表人：王某"), (2, "620102 19900103 3053")],
        &[(3, "兰州样例厂"), (4, "电工"), (5, "--"), (6, "三级")],
        &[(0, "例丽"), (2, "620102199001033053")],
        &[(0, "示丽华"), (2, "620102199001033053")],
        &[(0, "样例丙"), (2, "620102199001033053")],
    ];
    let kinds = kinds(&[]);
    for cells in people {
        assert_eq!(kind(&kinds, &row(cells)), None, "{cells:?}");
    }
}

/// What is said of the table where a name would stand; and nobody whose name is alone in a row is taken for it.
#[test]
fn remarks_alone_under_the_names_are_nobody() {
    let number = "110105194912310021";
    let people = [row(&[(0, "测试甲"), (2, number)]), row(&[(0, "测试乙"), (2, number)])];
    let seen = kinds(&people);
    for remark in [
        "以上人员均已公示",
        "此表一式两份",
        "本表由考点填写",
        "填报日期",
        "同意",
        "已核对",
        "无",
        "同意上报",
        "情况属实",
        "以上情况属实",
        "公示无异议",
        "公示期无异议",
        "特此证明",
        "请勿涂改",
        "不得涂改",
        "名单如下",
        "详见附件",
        "准予上报",
        "以上共计壹拾贰人",
        "核对无误",
        "经审核合格",
        "加盖公章有效",
        "本表一式三份。",
        "如有涂改无效",
        "单位意见",
        "联系电话",
        "填写说明见背面",
    ] {
        assert_eq!(kind(&seen, &row(&[(0, remark)])), Some(SkipReason::Note), "{remark}");
        assert_eq!(row_words().masked_aside(Some(Field::Name), remark), remark);
    }
    // This may be a name for all that can be seen of it, and is masked as one.
    assert_eq!(kind(&seen, &row(&[(0, "共十二人")])), Some(SkipReason::Note));
    assert_eq!(kind(&seen, &row(&[(0, "以上人员均已公示"), (8, "2024-11-20")])), Some(SkipReason::Note));
    assert_eq!(kind(&seen, &row(&[(0, "无"), (5, "无"), (8, "无")])), Some(SkipReason::Note));
    for name in [
        "王芳",
        "李",
        "张伟",
        "欧阳娜娜",
        "司马相如",
        "公孙胜",
        "公西华",
        "上官婉儿",
        "同晓东",
        "经亨颐",
        "以力亚斯",
        "无名",
        "吴同意",
        "吴有效",
        "备查",
        "郑如下",
        "凡高",
        "请文君",
        "本田一郎",
        "此木",
        "特古斯",
        "如仙古丽",
        "阿不都热合曼",
        "买买提江吐尔逊",
        "努尔买买提",
        "扎西顿珠",
        "次仁旺姆",
        "孟和巴雅尔",
        "共产",
        "总计明",
        "章公",
        "注成龙",
        "严禁军",
        "可欣",
        "详文",
        "人大成",
        "准明",
        "加央",
        "表兰",
    ] {
        let said = [row(&[(0, name)]), row(&[(0, name), (3, "兰州样例厂")]), row(&[(0, name), (5, "无")])];
        for cells in &said {
            assert_eq!(kind(&seen, cells), None, "{cells:?}");
        }
    }
    // A name that is a label, too, is a person's between people, and in a list of names.
    let between = [people[0].clone(), row(&[(0, "金日期")]), people[1].clone(), row(&[(0, "常人数")])];
    let seen = kinds(&between);
    assert_eq!(between.each_ref().map(|row| kind(&seen, row)), [None, None, None, Some(SkipReason::Note)]);
    let names = ["测试甲", "金日期", "测试乙"].map(|name| row(&[(0, name)]));
    assert!(names.iter().all(|name| kind(&kinds(&names), name).is_none()));
    // A sum is none, wherever it stands.
    let sums = [people[0].clone(), row(&[(0, "小计"), (3, "1800")]), people[1].clone()];
    assert_eq!(kind(&kinds(&sums), &sums[1]), Some(SkipReason::Note));
}

/// Codes that fill only a part of the row, and what counts the people where its value is not stored.
#[test]
fn codes_of_a_part_and_formulas_of_a_foot_are_nobody() {
    let number = "110105194912310021";
    let codes = row(&[(0, "AAC003"), (1, "AAC058"), (2, "AAC147"), (3, "AAB004"), (4, "ACA111")]);
    let person = row(&[(0, "测试甲"), (2, number)]);
    let seen = kinds(&[codes.clone(), person.clone()]);
    assert_eq!([&codes, &person].map(|row| kind(&seen, row)), [Some(SkipReason::Template), None]);
    let counted = |kinds: &RowKinds, cells: &[(usize, &str)], unknown: &[usize]| {
        let row = row(cells);
        let note = |i: usize| if unknown.contains(&i) { CellNote::NoValue } else { CellNote::Nothing };
        kinds.kind(row.len(), |i| row[i].as_bytes(), note)
    };
    assert_eq!(counted(&seen, &[], &[0]), Some(SkipReason::Note));
    assert_eq!(counted(&seen, &[(1, "合计"), (8, "2024-11-20")], &[0, 3]), Some(SkipReason::Note));
    // Whoever is filled in by formulas is somebody.
    assert_eq!(counted(&seen, &[], &[0, 2, 3]), None);
    assert_eq!(counted(&seen, &[(3, "兰州样例厂")], &[0]), None);
    assert_eq!(counted(&kinds(&[]), &[], &[0]), None);
}

#[test]
fn a_list_of_names_alone_has_no_titles() {
    let names: Vec<Vec<String>> = ["测试甲", "样例大赛电工名单", "测试丙"].map(|name| row(&[(0, name)])).into();
    let listed = kinds(&names);
    assert_eq!(kind(&listed, &names[1]), None);
    assert_eq!(kind(&kinds(&[]), &names[1]), Some(SkipReason::Title));
}

#[test]
fn people_with_any_name_and_any_remark_stay() {
    let spec = sheet(UPLOAD_FORM).unwrap();
    let labels: Vec<String> = labels().into_iter().chain(["备注".to_string()]).collect();
    let columns = ColumnMap::matched(&labels, &spec);
    let kinds = RowKinds::new(&columns, &spec, row_words(), std::slice::from_ref(&labels), (&[], false));
    let told = |cells: &[(usize, &str)]| {
        let mut row = vec![String::new(); 12];
        cells.iter().for_each(|(i, text)| row[*i] = (*text).to_string());
        kind(&kinds, &row)
    };
    let people: [&[(usize, &str)]; 15] = [
        &[(0, "阿不都热合曼"), (11, "联系人：样例")],
        &[(0, "买买提江吐尔逊"), (11, "电话：0931-8000000")],
        &[(0, "周"), (11, "说明：外地")],
        &[(0, "测试（补）"), (11, "注：补报")],
        &[(0, "Ángel Gómez"), (11, "备注")],
        &[(0, "Иван Петров"), (3, "样例厂"), (11, "电话：0931-8000000")],
        &[(0, "测试三、测试四"), (11, "备注")],
        &[(0, "古丽巴哈尔汗"), (2, "6.20102E+17"), (4, "审核员")],
        &[(2, "E12345678"), (11, "注：外籍")],
        &[(0, "王*明"), (2, "6201**********0011"), (4, "校对员")],
        &[(0, "周")],
        &[(0, "阿不都热合曼")],
        &[(0, "O’Neil Sean")],
        &[(0, "王大赛"), (4, "电工"), (6, "三级")],
        &[(0, "测试五"), (11, "第1页")],
    ];
    for cells in people {
        assert_eq!(told(cells), None, "{cells:?}");
    }
    // Who signs stands behind a label that ends with a colon.
    let signed: [&[(usize, &str)]; 3] = [
        &[(0, "李霞"), (3, "审核人："), (4, "王刚")],
        &[(1, "制表人："), (2, "李霞"), (4, "审核人："), (5, "王刚")],
        &[(0, "样例大赛组委会"), (8, "2026年11月"), (11, "（盖章）")],
    ];
    assert_eq!(signed.map(told), [None, Some(SkipReason::Note), Some(SkipReason::Note)]);
}

#[test]
fn examples_and_what_a_template_asks_are_no_people() {
    let asked = row(&[(0, "必填"), (1, "必填，填代码或全称"), (5, "无则填--"), (7, "22位"), (8, "YYYY-MM-DD")]);
    let codes = row(&[(0, "XM"), (1, "ZJLX"), (2, "identity_number"), (7, "certificate_code")]);
    let mut numbered = row(&[]);
    numbered.iter_mut().zip(1..).for_each(|(cell, number)| *cell = number.to_string());
    let foreign = row(&[(0, "SMITH"), (1, "护照"), (2, "E12345678"), (3, "ACME")]);
    let yes = row(&[(0, "SMITH"), (1, "是"), (2, "E12345678"), (3, "否"), (4, "是"), (5, "是")]);
    assert_eq!(kind(&kinds(std::slice::from_ref(&yes)), &yes), None);
    let flags = row(&[(0, "是"), (1, "是"), (2, "必填"), (5, "否")]);
    assert_eq!(kind(&kinds(std::slice::from_ref(&flags)), &flags), Some(SkipReason::Template));
    let sample = [asked, codes, numbered];
    let seen = kinds(&sample);
    assert_eq!(sample.each_ref().map(|row| kind(&seen, row)), [Some(SkipReason::Template); 3]);
    assert_eq!(kind(&kinds(std::slice::from_ref(&foreign)), &foreign), None);
    for (name, id) in [
        ("例：张三", "110101199003070011"),
        ("张三（示例）", "110101199003070011"),
        ("张三", "110101199003070011（示例）"),
        ("（例）赵强", "110101199003070011"),
        ("填写示例：孙丽", "110101199003070011"),
        ("如：张三", "110101199003070011"),
        ("示例", "110101199003070011"),
    ] {
        assert_eq!(kind(&seen, &row(&[(0, name), (2, id)])), Some(SkipReason::Example), "{name} {id}");
    }
}

#[test]
fn a_template_filled_down_is_no_people() {
    let person = |name| row(&[(0, name), (1, "居民身份证"), (2, "620102199001033053"), (4, "电工"), (6, "三级")]);
    let filling = row(&[(1, "居民身份证"), (4, "电工"), (6, "三级")]);
    let other = row(&[(1, "居民身份证"), (4, "焊工"), (6, "三级")]);
    let (one, two) = (person("测试甲"), person("测试乙"));
    let mut aside = filling.clone();
    aside.push("测试丁".into());
    let seen = kinds(&[one.clone(), two.clone(), filling.clone(), filling.clone()]);
    let kept = [None, Some(SkipReason::Filling), None, None];
    assert_eq!([&one, &filling, &other, &aside].map(|r| kind(&seen, r)), kept);
    // One row alone may be a person somebody forgot to name.
    assert_eq!(kind(&kinds(&[one, two, filling.clone()]), &filling), None);
    // Formulas whose values nobody stored hold nothing; in a name one hides a person.
    let unknown = |at: usize| {
        seen.kind(11, |i| filling[i].as_bytes(), |i| if i == at { CellNote::NoValue } else { CellNote::Nothing })
    };
    assert_eq!((unknown(9), unknown(0)), (Some(SkipReason::Filling), None));
}

#[test]
fn a_header_further_down_is_known_by_its_labels() {
    let kinds = kinds(&[]);
    let again = labels();
    let (mut short, mut turned) = (again.clone(), again.clone());
    short[9..].fill(String::new());
    short[0] = "姓 名".into();
    turned.swap(0, 2);
    let expected = [SkipReason::RepeatedHeader, SkipReason::RepeatedHeader, SkipReason::TurnedHeader];
    assert_eq!([&again, &short, &turned].map(|row| kind(&kinds, row)), expected.map(Some));
    // A label of somebody else's, and a table of which half says something else, turn what stands below.
    let (mut guardians, mut ranks) = (again.clone(), again.clone());
    (guardians[0], guardians[2]) = ("监护人姓名".into(), "监护人身份证号".into());
    (3..11).for_each(|i| ranks[i] = format!("名次{i}"));
    assert_eq!([&guardians, &ranks].map(|row| kind(&kinds, row)), [Some(SkipReason::TurnedHeader); 2]);
}

#[test]
fn whoever_stands_between_people_is_one_and_feet_are_at_the_end() {
    let number = "110105194912310021";
    let person = |name: &str| row(&[(0, name), (2, number)]);
    let spec = sheet(UPLOAD_FORM).unwrap();
    let labels = [vec!["职务".to_string()], labels()].concat();
    let columns = ColumnMap::matched(&labels, &spec);
    let with_post = |post: &str, row: Vec<String>| [vec![post.to_string()], row].concat();
    let few = |post: &str, name: &str| with_post(post, row(&[(0, name)]));
    let middle = [
        with_post("", person("张三")),
        few("经办人", "宋伟平"),
        with_post("", person("李四")),
        few("审核人", "李小龙"),
    ];
    let kinds = RowKinds::new(&columns, &spec, row_words(), std::slice::from_ref(&labels), (&middle, false));
    assert_eq!([kind(&kinds, &middle[1]), kind(&kinds, &middle[3])], [None, Some(SkipReason::Note)]);
    let posts: Vec<Vec<String>> =
        [("负责人", "张三"), ("审核员", "李四"), ("经办人", "王五"), ("联系人", "赵六")].map(|(p, n)| few(p, n)).into();
    let kinds = RowKinds::new(&columns, &spec, row_words(), std::slice::from_ref(&labels), (&posts, false));
    assert!(posts.iter().all(|row| kind(&kinds, row).is_none()));
}

/// What stands under the ID numbers is no number where labels say what it is.
#[test]
fn a_day_or_a_sum_under_the_id_numbers_makes_no_person() {
    let kinds = kinds(&[]);
    for feet in [
        [(0, "审核人：李小龙"), (2, "2024-11-20")],
        [(0, "审核人：李小龙"), (2, "2024.11.20")],
        [(0, "合计"), (2, "18000")],
        [(0, "审核人："), (2, "2024/11/20")],
    ] {
        assert_eq!(kind(&kinds, &row(&feet)), Some(SkipReason::Note), "{feet:?}");
    }
    assert_eq!(kind(&kinds, &row(&[(0, "合计"), (1, "12"), (2, "18000")])), Some(SkipReason::Note));
    assert_eq!(kind(&kinds, &row(&[(0, "张三"), (2, "2024-11-20")])), None);
    assert_eq!(kind(&kinds, &row(&[(0, "张三"), (2, "18000")])), None);
}

#[test]
fn a_mark_of_an_example_leaves_no_value_in_any_column() {
    let all = super::tables([]).leftovers;
    for text in ["选择职业", "（示例）兰州样例厂", "（例）电工", "【样例】样例大赛组委会", "(范例) 焊工", "[例]三级"]
    {
        assert!(all.may_be_nothing(text.as_bytes()) && all.is_nothing(text), "{text}");
    }
    for text in ["兰州样例厂", "样例大赛组委会", "例行检验员", "优选择优公司", "（兰州）示例厂"]
    {
        assert!(!all.is_nothing(text), "{text}");
    }
}
