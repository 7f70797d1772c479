//! A batch of each province in the workbench on a real pseudo-terminal, over a real store, from the organiser's file to the archive:
//! opened, mended, numbered, its demanded facts noted, exported, handed in, the reply read back, put into an archive.

use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx, open_workbook};

use crate::support::harness::Harness;
use crate::support::{Desk, goods, resident};

const ROWS: usize = 3;

/// What the organisers write for no occupation direction, which no notice has.
const WRONG_TOKEN: &str = "-";

/// What differs from province to province.
struct Province {
    profile: &'static str,
    /// The name of its profile in the title.
    short: &'static str,
    prefix: &'static str,
    institution: &'static str,
    issuing_body: &'static str,
    /// As in the roster; empty where the day that numbers are given is the day of issue.
    issue_date: &'static str,
    /// Errors of the roster as it comes in.
    errors: usize,
    /// Certificate codes up to the serial.
    codes: &'static str,
    /// What the notice has for no occupation direction.
    token: &'static str,
    /// Facts in the order that they are proposed in, with what is typed: up to the last without which nothing leaves.
    facts: &'static [(&'static str, &'static str)],
    /// Whether the organiser hands in a summary, of which the roster is made.
    has_summary: bool,
}

const STAMPED: &str = "四川省样例职业技能大赛组委会（四川省职业技能鉴定指导中心代章）";

const PROVINCES: [Province; 5] = [
    Province {
        profile: "gansu-competition",
        short: "甘肃竞赛",
        prefix: "S000062010001",
        institution: "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)",
        issuing_body: "甘肃省第三届机械制造行业职业技能大赛组委会(办公室)(甘肃省职业技能鉴定指导中心代章)",
        issue_date: "2026-11-20",
        errors: 4,
        codes: "S000062010001262J",
        token: "--",
        facts: &[
            ("大赛牵头主办单位", "甘肃省样例行业协会"),
            ("竞赛通知文号", "甘人社〔2026〕1号"),
            ("竞赛通知日期", "2026-05-06"),
            ("奖励决定文号", "甘人社〔2026〕9号"),
            ("奖励决定日期", "2026-11-01"),
            ("竞赛计划年度", "2026"),
            ("授权文号", "甘人社〔2026〕2号"),
        ],
        has_summary: false,
    },
    Province {
        profile: "sichuan-competition",
        short: "四川竞赛",
        prefix: "S000051009999",
        institution: "四川省样例职业技能大赛组委会",
        issuing_body: STAMPED,
        issue_date: "2026-11-20",
        errors: 3,
        codes: "S000051009999263J",
        token: "--",
        facts: &[("审批文号", "川人社〔2026〕3号"), ("审批日期", "2026-10-09")],
        has_summary: true,
    },
    Province {
        profile: "guangdong-technical",
        short: "广东技校",
        prefix: "S000044012001",
        institution: "样例技师学院",
        issuing_body: "样例技师学院",
        issue_date: "2026-11-20",
        errors: 4,
        codes: "S000044012001262",
        token: "--",
        facts: &[],
        has_summary: false,
    },
    Province {
        profile: "beijing",
        short: "北京市",
        prefix: "S000011084001",
        institution: "样例技能培训学校",
        issuing_body: "样例技能培训学校",
        issue_date: "",
        errors: 7,
        codes: "S000011084001262",
        token: "——",
        facts: &[],
        has_summary: false,
    },
    Province {
        profile: "guizhou",
        short: "贵州省",
        prefix: "Y000052002008",
        institution: "贵州样例机械有限公司",
        issuing_body: "贵州样例机械有限公司",
        issue_date: "2026-11-20",
        errors: 4,
        codes: "Y000052002008262",
        token: "—",
        facts: &[],
        has_summary: false,
    },
];

/// Runs a verb in the state folder the workbench has.
#[track_caller]
fn told(desk: &Desk, words: &[&str]) -> String {
    let home = desk.path("state");
    let ran = desk.verb(&[words, &["--home", home.to_str().expect("a path")]].concat());
    assert_eq!(ran.code, 0, "{words:?} {}{}", ran.out, ran.err);
    ran.out
}

/// Answers the fields of a form in their order: a label, and what is typed into it.
#[track_caller]
fn answer(bench: &mut Harness, fields: &[(&str, &str)]) {
    for (label, typed) in fields {
        bench.sees(&[&format!("> {label}")]);
        if !typed.is_empty() {
            bench.press(&format!("\x15{typed}"));
        }
        bench.press("\r");
    }
}

/// Waits until some text is gone.
#[track_caller]
fn goes(bench: &Harness, text: &str) -> String {
    bench.until(&format!("{text} to go"), |screen| !screen.contains(text))
}

impl Province {
    /// The roster as its organiser fills it in, without numbers, one row with another token than the notice has.
    fn roster(&self, desk: &Desk) -> PathBuf {
        let mut rows = goods(ROWS);
        for row in &mut rows {
            row[7].clear();
            row[8] = self.issue_date.into();
            row[9] = self.institution.into();
            row[10] = self.issuing_body.into();
            // Employers assess their own staff (GZ-05).
            if self.prefix.starts_with('Y') {
                row[3] = self.institution.into();
            }
        }
        rows[ROWS - 1][5] = WRONG_TOKEN.into();
        desk.roster("名册.csv", &rows)
    }

    /// The summary that an organiser in Sichuan hands in becomes the roster by a form, filled in at the workbench.
    fn roster_of_summary(&self, desk: &Desk) -> PathBuf {
        let row = |i: usize| {
            let number = resident(i);
            let sex = if number.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
            format!("张伟,{sex},{number},成都样例机械有限公司,电工,三级,省级二类,金奖/第一名\n")
        };
        let head = "姓名,性别,身份证,工作单位,申报职业（工种）,申报等级,竞赛类别,奖牌类别/名次\n";
        let summary = desk.put("汇总.csv", head.to_string() + &(0..ROWS).map(row).collect::<String>());
        let mut bench = Harness::open(desk, &summary);
        bench.sees(&["汇总.csv", self.short, "错误 0", "已保存"]);
        bench.press("b");
        bench.sees(&["批次 1", "竞赛获奖选手证书数据", "SC-34"]);
        bench.press("j");
        bench.press("j");
        bench.sees(&["> 竞赛获奖选手证书数据"]);
        bench.press("\r");
        bench.sees(&["还缺：发证日期", "姓名和号码遮盖着"]);
        bench.press("f");
        let asked = [("发证日期", self.issue_date), ("评价机构", self.institution), ("发证机构", self.issuing_body)];
        for (label, typed) in asked {
            bench.sees(&[&format!("{label} SC-"), "留空跳过"]);
            bench.press(&format!("{typed}\r"));
            goes(&bench, &format!("还缺：{label}"));
        }
        goes(&bench, "还缺");
        bench.press("w");
        bench.sees(&["写到哪个文件"]);
        bench.press(&format!("\x15{}\r", desk.name("名册.xlsx")));
        // It goes the way of the upload: the register is for what goes another one.
        bench.sees(&["写在"]);
        bench.press("\x1b");
        bench.sees(&["批次 1", "SC-19"]);
        bench.press("\x1b");
        bench.sees(&["1/3"]);
        bench.leaves();
        desk.path("名册.xlsx")
    }

    /// Numbers are given; whatever else is wrong was mended before.
    fn gives_numbers(&self, bench: &mut Harness) {
        if !self.has_summary {
            bench.press("X");
            bench.sees(&["全部放心修正（1 格）", "W02", &format!("[{}]", self.token)]);
            bench.press("y");
            bench.sees(&["全部放心修正 1 格", &format!("错误 {}", self.errors - 1), "已保存"]);
        }
        bench.press("A");
        bench.sees(&["3 行得号，0 行不能", &format!("{}*", self.codes)]);
        if self.issue_date.is_empty() {
            bench.sees(&["BJ-17", "改为 2026-11-21"]);
        }
        bench.press("y");
        bench.sees(&["赋号 3 行", "有编号 3 行", "已保存"]);
        bench.until("no error to be left", |screen| !screen.contains("错误") || screen.contains("错误 0 "));
    }

    /// The upload file leaves once what the notice demands is noted, each by its key.
    fn exports(&self, bench: &mut Harness) {
        bench.press("e");
        bench.sees(&["上报表（采集标准表）", "名册-上报.xlsx"]);
        for (nth, (label, typed)) in self.facts.iter().enumerate() {
            bench.sees(&["通知要求的资料缺", &format!("缺“{label}”")]);
            bench.press("\x1b[18~");
            bench.sees(&["记资料", &format!("> {label}")]);
            bench.press("\r");
            answer(bench, &[("内容", typed)]);
            bench.sees(&["确定吗"]);
            bench.press("y");
            goes(bench, "确定吗");
            if nth + 1 != self.facts.len() {
                goes(bench, &format!("缺“{label}”"));
            }
        }
        goes(bench, "通知要求的资料缺");
        bench.press("\r");
        bench.sees(&["已导出 3 行", "台账记为已导出"]);
    }

    /// The file is handed in; of what comes back the second row is refused.
    fn is_answered(&self, desk: &Desk, bench: &mut Harness) {
        bench.press("O");
        bench.sees(&["上报与回执", "还没有上报过", "已导出 3"]);
        bench.press("a");
        answer(bench, &[("日期", ""), ("报到", "省平台"), ("回执号", "R-17"), ("原因", "")]);
        bench.sees(&["确定吗", "已上报 3 张", "R-17"]);
        bench.press("y");
        bench.sees(&["已记上报 3 个"]);
        let results = ["通过,", "退回,照片不清", "通过,"];
        let row = |(code, result): (String, &str)| format!("{code},{result}\n");
        let rows: String = self.all_codes().into_iter().zip(results).map(row).collect();
        let reply = desk.put("回执.csv", format!("证书编号,审核状态,退回原因\n{rows}"));
        bench.press("O");
        bench.sees(&["已上报 3", "R-17", "省平台"]);
        bench.press("r");
        answer(bench, &[("文件", &reply.to_string_lossy()), ("日期", "")]);
        // What would come of it stands in lines of its own.
        let asked = bench.sees(&["确定吗", "被退回 1、已受理 2", "退回 1 个：照片不清"]);
        assert!(!asked.contains("\\n"), "{asked}");
        bench.press("y");
        bench.sees(&["已办理"]);
        bench.press("O");
        bench.sees(&["被退回 1、已受理 2", "据 回执.csv：照片不清", &self.all_codes()[1]]);
        bench.press("\x1b");
        bench.sees(&["1/3"]);
    }

    fn all_codes(&self) -> Vec<String> {
        let width = 22 - self.codes.len();
        (1..=ROWS).map(|n| format!("{}{n:0width$}", self.codes)).collect()
    }

    /// The upload has the codes in the order of the roster, and the notice's token where there is no direction.
    fn look_at_upload(&self, file: &Path) {
        let mut book: Xlsx<_> = open_workbook(file).expect("a workbook");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        let rows: Vec<Vec<String>> =
            range.rows().skip(1).map(|row| row.iter().map(ToString::to_string).collect()).collect();
        let column = |at: usize| rows.iter().map(|row| row[at].clone()).collect::<Vec<_>>();
        assert_eq!(column(7), self.all_codes(), "{}", self.profile);
        assert_eq!(rows[ROWS - 1][5], self.token, "{}", self.profile);
        let day = if self.issue_date.is_empty() { "2026-11-21" } else { self.issue_date };
        assert!(column(8).iter().all(|on| on == day), "{}: {rows:?}", self.profile);
        assert!(rows.iter().all(|row| row[9] == self.institution && row[10] == self.issuing_body), "{rows:?}");
    }

    /// All that explains the batch goes into one file, which verifies here.
    fn is_archived(&self, desk: &Desk, batch: &str) {
        let written = told(
            desk,
            &[
                "archive",
                "write",
                "--batch",
                batch,
                "--output",
                "存档.zip",
                "--with",
                "回执.csv",
                "--reason",
                "发证后存档",
            ],
        );
        assert!(written.contains("3 行，3 份证书"), "{}: {written}", self.profile);
        let verified = told(desk, &["archive", "verify", "存档.zip"]);
        for verdict in ["每个文件都与存档时相同", "属于这里的台账"] {
            assert!(verified.contains(verdict), "{}: {verified}", self.profile);
        }
        let verified = told(desk, &["ledger", "verify"]);
        assert!(verified.contains("台账没有问题"), "{}: {verified}", self.profile);
    }

    fn walk(&self) {
        let desk = Desk::new();
        told(&desk, &["institution", "add", self.prefix, "--name", self.institution, "--profile", self.profile]);
        let (file, batch) =
            if self.has_summary { (self.roster_of_summary(&desk), "2") } else { (self.roster(&desk), "1") };
        let mut bench = Harness::open(&desk, &file);
        // Only numbers are missing, and what is put right at one go; in Beijing the days too.
        bench.sees(&["名册.", self.short, "按备案", &format!("错误 {}", self.errors), "有编号 0 行", "已保存"]);
        self.gives_numbers(&mut bench);
        self.exports(&mut bench);
        self.is_answered(&desk, &mut bench);
        bench.leaves();
        let noted = told(&desk, &["fact", "list", batch]);
        for (label, typed) in self.facts {
            assert!(noted.contains(label) && noted.contains(typed), "{label}: {noted}");
        }
        // Nor has the harness noted anything for the walk.
        assert!(!noted.contains("样例〔2024〕"), "{}: {noted}", self.profile);
        self.look_at_upload(&desk.path("名册-上报.xlsx"));
        self.is_archived(&desk, batch);
    }
}

#[test]
fn a_batch_of_each_province_goes_from_the_organisers_file_to_the_archive() {
    // Each has a store and a terminal of its own.
    std::thread::scope(|scope| {
        for province in &PROVINCES {
            scope.spawn(|| province.walk());
        }
    });
}
