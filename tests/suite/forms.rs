//! Printed forms: each of the notices' annexes filled from a store, read back cell by cell with the paper it prints on, and as it
//! is read on the screen.

mod annexes;
pub mod reviewed;
mod template;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use skillcert::data;
use skillcert::domain::fact::ThingKind;
use skillcert::domain::form::FormValues;

use reviewed::is_reviewed;

use crate::plain::talk;
use crate::support::{Desk, Ran, goods, resident};

const HOME: [&str; 2] = ["--home", "state"];

fn run(desk: &Desk, words: &[&str]) -> Ran {
    desk.verb(&[&HOME[..], words].concat())
}

#[track_caller]
fn ok(desk: &Desk, words: &[&str]) -> String {
    let ran = run(desk, words);
    assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn refused(desk: &Desk, code: i32, words: &[&str]) -> String {
    let ran = run(desk, words);
    assert_eq!(ran.code, code, "{words:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

/// A workbook as another program reads it: its texts by their places, and the parts that say how it prints.
struct Printed {
    cells: BTreeMap<(u32, u32), String>,
    sheet: String,
    book: String,
}

impl Printed {
    fn of(desk: &Desk, name: &str) -> Printed {
        let path = desk.path(name);
        let mut book: Xlsx<_> = open_workbook(&path).expect("a workbook");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        let (top, left) = range.start().expect("cells");
        let texts = range.used_cells().map(|(y, x, cell)| {
            assert!(matches!(cell, Data::String(_)), "{name}: {cell:?} is no text");
            ((top + y as u32, left + x as u32), cell.to_string())
        });
        let cells = texts.collect();
        let mut package = zip::ZipArchive::new(File::open(&path).expect("opened")).expect("a package");
        let mut part = |name: &str| {
            let mut text = String::new();
            package.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
            text
        };
        let (sheet, book) = (part("xl/worksheets/sheet1.xml"), part("xl/workbook.xml"));
        Printed { cells, sheet, book }
    }

    fn texts(&self) -> Vec<&str> {
        self.cells.values().map(String::as_str).collect()
    }

    /// Gives the texts of a row, from 1.
    fn row(&self, row: u32) -> Vec<&str> {
        self.cells.iter().filter(|((y, _), _)| *y == row - 1).map(|(_, text)| text.as_str()).collect()
    }

    /// Finds the row that begins with a text, from 1.
    fn at(&self, first: &str) -> u32 {
        let found = self.cells.iter().find(|(_, text)| text.as_str() == first);
        found.unwrap_or_else(|| panic!("no {first}: {:?}", self.texts())).0.0 + 1
    }

    #[track_caller]
    fn has(&self, text: &str) {
        assert!(self.cells.values().any(|cell| cell == text), "no {text}: {:?}", self.texts());
    }

    /// Looks at the paper: A4, its orientation, margins, the area that is printed, and which rows are printed again.
    #[track_caller]
    fn is_on_a4(&self, landscape: bool, repeated: Option<(u32, u32)>) {
        let sheet = &self.sheet;
        assert!(sheet.contains("paperSize=\"9\""), "{sheet}");
        assert_eq!(sheet.contains("orientation=\"landscape\""), landscape);
        assert!(sheet.contains("<pageMargins ") && sheet.contains("horizontalCentered=\"1\""), "{sheet}");
        assert!(self.book.contains("_xlnm.Print_Area"), "{}", self.book);
        match repeated {
            Some((first, last)) => {
                assert!(self.book.contains("_xlnm.Print_Titles"), "{}", self.book);
                assert!(self.book.contains(&format!("!${first}:${last}<")), "{}", self.book);
            }
            None => assert!(!self.book.contains("_xlnm.Print_Titles"), "{}", self.book),
        }
    }

    fn is_merged(&self, range: &str) -> bool {
        self.sheet.contains(&format!("<mergeCell ref=\"{range}\"/>"))
    }
}

/// Compares the page as it is drawn with the one that was looked at.
fn drawn(desk: &Desk, name: &str, words: &[&str]) {
    let page = ok(desk, &[words, &["--columns", "100"]].concat());
    insta::assert_snapshot!(format!("form-{name}"), page);
}

fn people(count: usize) -> Vec<Vec<String>> {
    goods(count)
}

const SUMMARY: &str = "姓名,性别,身份证,工作单位,申报职业（工种）,申报等级,竞赛类别,奖牌类别/名次\n";

/// A home whose batch 1 is a summary that an organiser has filled in.
fn with_summary(rows: usize) -> Desk {
    let desk = Desk::new();
    let row = |i: usize| {
        let number = resident(i);
        let sex = if number.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
        format!("{},{sex},{number},成都样例机械有限公司,电工,三级,省级二类,金奖/第一名\n", ["张伟", "李娜"][i % 2])
    };
    let rows: String = (0..rows).map(row).collect();
    desk.put("summary.csv", format!("{SUMMARY}{rows}"));
    talk(&desk, &["open", "summary.csv", "--profile", "sichuan-competition"], "quit\n");
    desk
}

const CONTEST: [&str; 14] = [
    "--set",
    "contest=四川省第三届样例职业技能大赛",
    "--set",
    "organiser=四川省样例行业协会",
    "--set",
    "organiser-address=成都市样例路1号",
    "--set",
    "organiser-telephone=028-12345678",
    "--set",
    "responsible=王建国",
    "--set",
    "handled-by=赵敏",
    "--set",
    "table-date=2026年11月28日",
];

#[test]
fn every_form_is_listed_reads_and_stands_on_a_clause() {
    let desk = Desk::new();
    let listed: Value = serde_json::from_str(&ok(&desk, &["form", "list", "--format", "json"])).expect("JSON");
    let ids: Vec<&str> = listed["forms"].as_array().expect("forms").iter().filter_map(|f| f["id"].as_str()).collect();
    let expected = [
        "sichuan-summary-9",
        "sichuan-other-certificates",
        "beijing-correction-14",
        "beijing-correction-request",
        "beijing-filing",
        "beijing-lateness",
        "guangdong-blank-demand",
        "guangdong-reissue-request",
        "guangdong-receipt",
        "guangdong-proof",
        "guizhou-filing",
        "sichuan-upload-11",
        "hand-out-list",
        "online-query-list",
    ];
    assert_eq!(ids, expected);
    for form in &data::built_in().forms {
        assert!(data::clause(&form.clause).is_some(), "{}: {}", form.id, form.clause);
        assert!(form.layout.profile.is_empty() || data::profile(&form.layout.profile).is_some(), "{}", form.id);
        for field in &form.layout.fields {
            assert!(data::clause(&field.clause).is_some(), "{}: {}", form.id, field.id);
        }
        // Empty it prints as well, and fits its paper without being made smaller by much.
        let filled = form.fill(&FormValues::default()).expect("a blank form");
        let width: f64 = filled.widths.iter().sum();
        assert!(width <= if form.layout.landscape { 150.0 } else { 94.0 }, "{}: {width}", form.id);
        for columns in [80, 100, 200] {
            use unicode_width::UnicodeWidthStr;
            assert!(filled.drawn(columns).iter().all(|line| line.width() <= columns), "{}", form.id);
        }
    }
    let of_beijing = ok(&desk, &["form", "list", "--profile", "beijing"]);
    assert!(of_beijing.contains("beijing-filing") && of_beijing.contains("hand-out-list"), "{of_beijing}");
    assert!(!of_beijing.contains("guizhou-filing"), "{of_beijing}");
    let wrong = refused(&desk, 2, &["form", "show", "hand-out-lst", "--batch", "1"]);
    assert!(wrong.contains("没有") && !wrong.contains("form.unknown"), "{wrong}");
}

#[test]
fn the_summary_of_sichuan_has_its_head_its_nine_columns_and_its_notes() {
    let desk = with_summary(3);
    let call = ["form", "write", "sichuan-summary-9", "--batch", "1", "-o", "summary.xlsx"];
    let lacking = refused(&desk, 2, &call);
    for part in ["大赛名称 (--set contest=…)", "制表日期", "--blanks"] {
        assert!(lacking.contains(part), "{part}: {lacking}");
    }
    assert!(!desk.path("summary.xlsx").exists());
    let told = ok(&desk, &[&call[..], &CONTEST].concat());
    assert!(told.contains("四川省职业技能鉴定指导中心") && told.contains("028-86712192"), "{told}");
    is_reviewed(&desk, "sichuan-summary-9", "summary.xlsx");
    let printed = Printed::of(&desk, "summary.xlsx");
    printed.is_on_a4(true, Some((5, 5)));
    assert!(printed.sheet.contains("fitToHeight=\"0\"") && printed.is_merged("A1:I1") && printed.is_merged("A2:I2"));
    assert_eq!(printed.row(1), ["四川省省级职业技能竞赛获奖选手获取职业证书申报汇总表"]);
    assert_eq!(printed.row(2), ["大赛名称：四川省第三届样例职业技能大赛"]);
    assert_eq!(
        printed.row(3),
        ["大赛牵头主办单位名称（盖章）：四川省样例行业协会", "单位地址：成都市样例路1号", "联系电话：028-12345678"]
    );
    assert_eq!(printed.row(4), ["大赛牵头主办单位负责人：王建国", "经办人：赵敏", "制表日期：2026年11月28日"]);
    let head =
        ["序号", "姓名", "性别", "身份证", "工作单位", "申报职业（工种）", "申报等级", "竞赛类别", "奖牌类别/名次"];
    assert_eq!(printed.row(5), head);
    let number = resident(0);
    let sex = if number.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
    assert_eq!(
        printed.row(6),
        ["1", "张伟", sex, &*number, "成都样例机械有限公司", "电工", "三级", "省级二类", "金奖/第一名"]
    );
    assert_eq!(printed.row(8)[0], "3");
    assert_eq!(printed.row(9), ["备注：1.申报等级是指参赛人员申请的职业证书等级。"]);
    assert!(printed.row(11)[0].contains("金奖/第一名或一等奖/第一名"));
    // What is shown is masked, what is handed in is not, and that is on record.
    drawn(&desk, "sichuan-summary-9", &[&["form", "show", "sichuan-summary-9", "--batch", "1"], &CONTEST[..]].concat());
    let shown = ok(&desk, &[&["form", "show", "sichuan-summary-9", "--batch", "1"], &CONTEST[..]].concat());
    assert!(!shown.contains(&number) && !shown.contains("王建国") && !shown.contains("12345678"), "{shown}");
    let chain = ok(&desk, &["audit", "show", "--limit", "1"]);
    assert!(chain.contains("申报汇总表") && chain.contains("summary.xlsx"), "{chain}");
    // A file that is there stays, and an unknown field or a bad value is told.
    assert!(refused(&desk, 3, &[&call[..], &CONTEST].concat()).contains("summary.xlsx"));
    let bad = refused(&desk, 2, &[&call[..], &["--set", "table-date=后天"]].concat());
    assert!(bad.contains("制表日期") && bad.contains("2025-03-09"), "{bad}");
    let unknown = refused(&desk, 2, &[&call[..], &["--set", "contst=x"]].concat());
    assert!(unknown.contains("contst") && unknown.contains("contest"), "{unknown}");
    let long = format!("contest={}", "赛".repeat(201));
    assert!(refused(&desk, 2, &[&call[..], &["--set", &long]].concat()).contains("200"));
    let other = refused(&desk, 2, &["form", "show", "beijing-lateness", "--batch", "1"]);
    assert!(other.contains("北京") && other.contains("四川"), "{other}");
}

/// What an organiser hands in has no number, no type of paper and no issuer: the bridge to the columns that are uploaded.
#[test]
fn the_summary_becomes_the_eleven_columns_and_gets_its_numbers() {
    let desk = with_summary(3);
    let call = ["form", "write", "sichuan-upload-11", "--batch", "1", "-o", "roster.xlsx"];
    assert!(refused(&desk, 2, &call).contains("评价机构 (--set evaluation-body=…)"));
    let committee = "四川省第三届样例职业技能大赛组委会（办公室）";
    let bodies = [
        format!("evaluation-body={committee}"),
        format!("issuing-body-name={committee}（四川省职业技能鉴定指导中心代章）"),
    ];
    let of_it = ["--set", "issue-day=2026-11-20", "--set", &bodies[0], "--set", &bodies[1]];
    ok(&desk, &[&call[..], &of_it].concat());
    is_reviewed(&desk, "sichuan-upload-11", "roster.xlsx");
    let printed = Printed::of(&desk, "roster.xlsx");
    let labels = &data::sheet("upload-11").expect("the form").columns;
    assert_eq!(printed.row(1), labels.iter().map(|column| column.label.as_str()).collect::<Vec<_>>());
    let row = printed.row(2);
    assert_eq!(row[..7], ["张伟", "201", &*resident(0), "成都样例机械有限公司", "电工", "--", "三级"]);
    assert_eq!(row[7..], ["2026-11-20", committee, &bodies[1]["issuing-body-name=".len()..]]);
    // It is a roster like any other: numbers under 9999 are given to it.
    let prefix = "S000051009999";
    let allocate = ["ledger", "allocate", "roster.xlsx", "--profile", "sichuan-competition", "--prefix", prefix];
    let given = ok(&desk, &allocate);
    assert!(given.contains("S000051009999263J") && given.contains("已给出 3 个编号"), "{given}");
}

#[test]
fn a_value_too_long_for_its_box_is_told_with_form_field_row_and_limit() {
    let desk = Desk::new();
    let long = "很长的单位名称".repeat(14);
    desk.put("s.csv", format!("{SUMMARY}张伟,男,{},{long},电工,三级,省级二类,金奖/第一名\n", resident(0)));
    talk(&desk, &["open", "s.csv", "--profile", "sichuan-competition"], "quit\n");
    let call = ["form", "write", "sichuan-summary-9", "--batch", "1", "-o", "s.xlsx", "--blanks"];
    let told = refused(&desk, 1, &call);
    for part in ["申报汇总表", "第 1 行", "所在单位", "98"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!desk.path("s.xlsx").exists(), "nothing half done");
}

#[test]
fn lists_of_a_batch_go_out_whole_or_masked_as_they_say() {
    let desk = Desk::new();
    let rows = people(3);
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv"], "quit\n");
    ok(&desk, &["form", "write", "hand-out-list", "--batch", "1", "-o", "h.xlsx"]);
    is_reviewed(&desk, "hand-out-list", "h.xlsx");
    let printed = Printed::of(&desk, "h.xlsx");
    printed.is_on_a4(true, Some((3, 3)));
    let head = ["序号", "姓名", "证件号码", "职业名称", "等级", "证书编号", "领取人签名", "领取日期"];
    assert_eq!(printed.row(3), head);
    assert_eq!(printed.row(4)[..3], ["1", rows[0][0].as_str(), rows[0][2].as_str()]);
    drawn(&desk, "hand-out-list", &["form", "show", "hand-out-list", "--batch", "1"]);
    // Whoever looks records up online needs the whole, and says why.
    let call = ["form", "write", "online-query-list", "--batch", "1", "-o"];
    ok(&desk, &[&call[..], &["masked.xlsx"]].concat());
    is_reviewed(&desk, "online-query-list", "masked.xlsx");
    let masked = Printed::of(&desk, "masked.xlsx");
    masked.is_on_a4(true, Some((3, 3)));
    assert!(!masked.texts().concat().contains(&rows[0][2]), "{:?}", masked.row(4));
    let before = ok(&desk, &["audit", "show", "--limit", "1"]);
    ok(&desk, &[&call[..], &["whole.xlsx", "--reason", "上网核对"]].concat());
    Printed::of(&desk, "whole.xlsx").has(&rows[0][2]);
    let after = ok(&desk, &["audit", "show", "--limit", "1"]);
    assert!(before != after && after.contains("上网核对") && after.contains("whole.xlsx"), "{after}");
    drawn(&desk, "online-query-list", &["form", "show", "online-query-list", "--batch", "1"]);
    let json: Value =
        serde_json::from_str(&ok(&desk, &["form", "show", "hand-out-list", "--batch", "1", "--format", "json"]))
            .expect("JSON");
    assert_eq!((&json["schema"], &json["id"]), (&"skillcert-form-1".into(), &"hand-out-list".into()));
    assert!(!json.to_string().contains(&rows[0][2]));
    // Who hands them out is the institution, once it is on record and nobody else is noted.
    let listed = ["form", "show", "hand-out-list", "--batch", "1"];
    assert!(!ok(&desk, &listed).contains("样例学校"));
    ok(&desk, &["institution", "add", &rows[0][7][..13], "--name", "兰州样例学校", "--profile", "gansu-competition"]);
    assert!(ok(&desk, &listed).contains("发放单位：兰州样例学校"));
    let whole = ["form", "show", "hand-out-list", "--batch", "1", "--unmask", "--reason", "核对", "--columns", "160"];
    let whole = ok(&desk, &whole);
    assert!(whole.contains(&rows[0][2]), "{whole}");
}

const OWN: &str = r#"
id = "own-list"
name = "本单位签到表"
clause = ""

[layout]
about = "batch"
widths = [8, 20, 30]

[[layout.row]]
cells = [{ text = "签到表", span = 3, look = "title" }]

[[layout.row]]
header = true
cells = [{ text = "序号", look = "head" }, { text = "姓名", look = "head" }, { text = "签名", look = "head" }]

[[layout.row]]
each = "rows"
cells = [{ text = "{n}" }, { text = "{name}" }, { text = "" }]
"#;

#[test]
fn a_form_of_ones_own_is_a_file_in_the_state_folder() {
    let desk = Desk::new();
    let rows = people(2);
    desk.roster("r.csv", &rows);
    talk(&desk, &["open", "r.csv"], "quit\n");
    desk.folder("state/sheets");
    desk.put("state/sheets/own.toml", OWN);
    ok(&desk, &["form", "write", "own-list", "--batch", "1", "-o", "o.xlsx"]);
    assert_eq!(Printed::of(&desk, "o.xlsx").row(3), ["1", rows[0][0].as_str()]);
    assert_eq!(Catalogued::of(&desk, "own-list"), Some(ThingKind::Batch));
    for (from, to, says) in [
        ("span = 3", "span = 2", "10"),
        ("{name}", "{nam}", "name"),
        ("widths", "width", "widths"),
        ("each = \"rows\"", "each = \"scope\"", "rows"),
    ] {
        desk.put("state/sheets/own.toml", OWN.replace(from, to));
        let told = run(&desk, &["form", "list"]);
        assert!(told.err.contains("own.toml") && told.err.contains(says), "{from}: {}", told.err);
        assert!(!told.out.contains("own-list"), "{from}");
        let checked = run(&desk, &["profile", "check", "state/sheets/own.toml"]);
        assert!(checked.code != 0 && (checked.out + &checked.err).contains(says), "{from}");
    }
}

struct Catalogued;

impl Catalogued {
    /// Tells what a form of the office is about.
    fn of(desk: &Desk, id: &str) -> Option<ThingKind> {
        desk.office_at("state").form(id).ok().map(|form| form.layout.about)
    }
}
