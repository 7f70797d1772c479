//! Rows that count, measure, draw or ask, told from people with odd cells.

use super::row_tests::{kind, kinds, row};
use crate::domain::sheet::{CellNote, SkipReason};

/// Columns are called by their order, wherever such a row stands.
#[test]
fn names_of_columns_are_nobody() {
    let person = row(&[(0, "测试甲"), (1, "居民身份证"), (2, "620102199001033053"), (4, "电工"), (6, "三级")]);
    let seen = kinds(std::slice::from_ref(&person));
    let of = |cells: &[&str]| row(&cells.iter().copied().enumerate().collect::<Vec<_>>());
    for cells in [
        &["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"][..],
        &["a", "b", "c"],
        &["甲", "乙", "丙", "1", "2", "3"],
        &["（1）", "（2）", "（3）", "（4）"],
        &["①", "②", "③"],
    ] {
        assert_eq!(kind(&seen, &of(cells)), Some(SkipReason::Template), "{cells:?}");
    }
    for cells in [
        &["A", "B"][..],
        &["甲", "乙", "丁"],
        &["A", "B", "D"],
        &["丁", "戊", "己"],
        &["Z", "A", "B"],
        &["甲", "1", "3"],
    ] {
        assert_eq!(kind(&seen, &of(cells)), None, "{cells:?}");
    }
}

/// Counts and averages are nobody's wherever they stand; lines and formulas neither.
#[test]
fn figures_lines_and_formulas_are_nobody() {
    use SkipReason::{Line, Note};
    let person = row(&[(0, "测试甲"), (1, "居民身份证"), (2, "620102199001033053"), (4, "电工"), (6, "三级")]);
    let seen = kinds(std::slice::from_ref(&person));
    let notes: [&[(usize, &str)]; 22] = [
        &[(0, "人数"), (1, "4")],
        &[(0, "人数"), (7, "4")],
        &[(3, "合格人数"), (4, "4人")],
        &[(0, "平均分"), (1, "85.5")],
        &[(0, "平均分"), (2, "12345.5")],
        &[(0, "理论平均分"), (6, "85.5")],
        &[(0, "平均分：85.5")],
        &[(0, "最高分"), (1, "98")],
        &[(0, "最高分98")],
        &[(0, "及格率"), (1, "95%")],
        &[(0, "通过率"), (1, "90％"), (2, "合格率"), (3, "95.5%")],
        &[(0, "标准差"), (1, "3.2")],
        &[(0, "男"), (1, "2"), (2, "女"), (3, "2")],
        &[(0, "三级"), (1, "4"), (2, "四级"), (3, "2")],
        &[(0, "合计"), (1, "4"), (2, "4"), (3, "4"), (4, "4"), (5, "4"), (6, "4"), (7, "4")],
        &[(0, "4"), (1, "4"), (2, "4"), (3, "4"), (4, "3"), (5, "4"), (6, "4"), (7, "4"), (8, "4")],
        &[(0, "=MAX(A2:A4)")],
        &[(7, "=MAX(H2:H5)"), (8, "=TODAY()")],
        &[(0, "合计"), (2, "=COUNTA(C2:C5)")],
        &[(2, "=counta(C2:C5)"), (8, "2024-11-20")],
        &[(0, "=COUNTA(A2:A5)"), (2, "=COUNTA(C2:C5)"), (3, "=COUNTA(D2:D5)"), (7, "=COUNTA(H2:H5)")],
        &[(0, "=SUBTOTAL(103,A2:A5)"), (6, "=AVERAGE(G2:G5)"), (7, "4")],
    ];
    for cells in notes {
        assert_eq!(kind(&seen, &row(cells)), Some(Note), "{cells:?}");
    }
    for sign in ["----", "====", "____", "————", "······", "-", "/", "--", "+---", "***"] {
        let mut line = row(&[]);
        line.fill(sign.into());
        assert_eq!(kind(&seen, &line), Some(Line), "{sign}");
        assert_eq!(kind(&seen, &row(&[(0, sign), (2, sign)])), Some(Line), "{sign}");
    }
    // Formulas whose values nobody stored: of whoever has a name it is one of them.
    let unknown = |at: &[usize]| {
        let note = |i: usize| if at.contains(&i) { CellNote::NoValue } else { CellNote::Nothing };
        seen.kind(11, |_| &b""[..], note)
    };
    let told = [&[7, 8][..], &[2, 7], &[0, 7], &[0, 2, 8], &[2, 3, 4, 5, 6, 8]].map(unknown);
    assert_eq!(told, [Some(Note), None, None, None, None]);
    // Formulas whose values were stored, as each cell's own would be: all of the row is theirs, or a foot's.
    let stored = |cells: &[(usize, &str)], counted: &[usize]| {
        let row = row(cells);
        seen.is_counted_foot(row.len(), |i| row[i].as_bytes(), counted)
    };
    let (number, day) = ((7, "S000062010001243J00004"), (8, "2024-11-20"));
    assert!(
        stored(&[number, day], &[7, 8])
            && stored(&[(0, "最大值"), number], &[7])
            && stored(&[(0, "4"), number], &[0, 7])
    );
    assert!(
        !stored(&[(0, "王芳"), number], &[7]) && !stored(&[number, (3, "兰州样例厂")], &[7]) && !stored(&[number], &[])
    );
}

#[test]
fn what_a_template_asks_for_is_known_in_many_words() {
    let every = |cells: [&str; 11]| cells.map(String::from).to_vec();
    let lines = [
        every([
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
        ]),
        every([
            "真实姓名",
            "下拉选择",
            "18位",
            "单位全称",
            "按大典填写",
            "无则填--",
            "1-5",
            "系统自动生成",
            "YYYY-MM-DD",
            "与公章一致",
            "与公章一致",
        ]),
        ["*必填"; 11].map(String::from).to_vec(),
        ["（必填）"; 11].map(String::from).to_vec(),
        ["Required"; 11].map(String::from).to_vec(),
        every(["40", "100", "18", "100", "80", "80", "2", "22", "10", "100", "100"]),
        every(["40字符", "3", "18", "100", "80", "80", "2", "22", "10", "100", "100"]),
        every(["C40", "C3", "C18", "C100", "C80", "C80", "C2", "C22", "D10", "C100", "C100"]),
        every([
            "字符型40",
            "字符型3",
            "字符型18",
            "字符型100",
            "字符型80",
            "字符型80",
            "字符型2",
            "字符型22",
            "日期型",
            "字符型100",
            "字符型100",
        ]),
        every([
            "VARCHAR(40)",
            "CHAR(3)",
            "CHAR(18)",
            "VARCHAR(100)",
            "VARCHAR(80)",
            "VARCHAR(80)",
            "CHAR(1)",
            "CHAR(22)",
            "DATE",
            "VARCHAR(100)",
            "VARCHAR(100)",
        ]),
        row(&[(0, "最长40"), (1, "不超过3个字"), (2, "18位")]),
    ];
    for line in lines {
        assert_eq!(kind(&kinds(std::slice::from_ref(&line)), &line), Some(SkipReason::Template), "{line:?}");
    }
}

/// Somebody who has a name, or anything of a number, is one whatever else is wrong with the row, at the head of it and below.
#[test]
fn people_with_odd_cells_are_never_skipped() {
    let person = row(&[(0, "测试甲"), (1, "居民身份证"), (2, "620102199001033053"), (4, "电工"), (6, "三级")]);
    let names = [
        "王伟",
        "王 伟",
        "高级",
        "任平均",
        "平均",
        "全称心",
        "单位",
        "人数",
        "限量",
        "项目",
        "王某（男）",
        "买买提·艾力",
        "JOHN SMITH",
        "王*",
        "王\u{E1A5}",
        "\u{E1A5}\u{E1A6}",
        "李?",
        "??",
        "王伟1",
        "1",
        "",
        "周",
        "与身份证一致",
        "----",
        "测试三、测试四",
        "C40",
        "男",
    ];
    let numbers = [
        "620102199001033053",
        "62010219900103305",
        "6.20102E+17",
        "6201**********3053",
        "E12345678",
        "身份证620102199001033053",
        "H01234567",
        "620102900103305",
        "１２３４５６７８９０１２３４５６７８",
    ];
    for name in names {
        for number in numbers {
            let codes = [(7, "S000062010001243J00001"), (8, "2024.10.21"), (6, "3")];
            for (at, other) in
                [(3, "--"), (4, "同上"), (6, "高中"), (8, "是"), (9, "必填"), (10, "40"), codes[0], codes[1], codes[2]]
            {
                let row = row(&[(0, name), (2, number), (at, other)]);
                for kinds in
                    [kinds(std::slice::from_ref(&person)), kinds(&[row.clone(), person.clone(), person.clone()])]
                {
                    assert_eq!(kind(&kinds, &row), None, "{row:?}");
                }
            }
        }
    }
    // Nothing but a name that is one, and little beside it.
    let few: [&[(usize, &str)]; 9] = [
        &[(0, "王伟"), (1, "4")],
        &[(0, "高级"), (1, "4")],
        &[(0, "王伟"), (1, "201"), (6, "3")],
        &[(0, "王伟"), (6, "--"), (8, "--")],
        &[(0, "王伟"), (3, "全称"), (4, "必填"), (6, "3"), (8, "必填")],
        &[(0, "王伟"), (4, "=COUNTA(A2:A4)")],
        &[(1, "201"), (3, "兰州样例厂"), (4, "电工"), (6, "3")],
        &[(1, "201"), (5, "--"), (6, "3")],
        &[(0, "1"), (1, "201"), (6, "3"), (8, "20241021")],
    ];
    for cells in few {
        let row = row(cells);
        for kinds in [kinds(std::slice::from_ref(&person)), kinds(&[row.clone(), person.clone(), person.clone()])] {
            assert_eq!(kind(&kinds, &row), None, "{row:?}");
        }
    }
}
