//! The forms of Guangdong, Beijing and Guizhou, each as its annex has it.

use skillcert::data;
use skillcert::domain::form::{Form, FormValues};

use super::reviewed::is_reviewed;
use super::{Printed, drawn, ok, people, refused, run};
use crate::cases::verbs::{BEIJING, GUANGDONG, desk as with_cases};
use crate::support::Desk;

const GUIZHOU: &str = "S000052010001";

#[test]
fn the_demand_of_guangdong_has_five_levels_their_sum_and_two_copies() {
    let desk = Desk::new();
    desk.folder("state");
    let prefix = &GUANGDONG[..13];
    ok(&desk, &["institution", "add", prefix, "--name", "广州样例技师学院", "--profile", "guangdong-technical"]);
    let demand = ["stock", "demand", "--year", "2027", "--institution", prefix, "--note"];
    ok(&desk, &[&demand[..], &["--estimate", "5=40,4=200,3=150,2=20,1=5"]].concat());
    let call = ["form", "write", "guangdong-blank-demand", "--institution", prefix, "-o", "demand.xlsx"];
    let of_it = ["--set", "contact-name=陈静", "--set", "telephone=020-12345678", "--set", "address=广州市样例路2号"];
    let told = ok(&desk, &[&call[..], &of_it].concat());
    assert!(told.contains("一式 2 份"), "{told}");
    is_reviewed(&desk, "guangdong-blank-demand", "demand.xlsx");
    let printed = Printed::of(&desk, "demand.xlsx");
    printed.is_on_a4(false, None);
    assert_eq!(printed.row(2), ["填报单位", "广州样例技师学院"]);
    assert_eq!(printed.row(3), ["联系人", "陈静", "联系电话", "020-12345678"]);
    assert_eq!(printed.row(4), ["详细地址", "广州市样例路2号"]);
    assert_eq!(printed.row(5), ["级别", "本年度预估评价合格人数（人次）"]);
    let rows: Vec<Vec<&str>> = (6..=11).map(|row| printed.row(row)).collect();
    let expected = [
        ["初级（五级）", "40"],
        ["中级（四级）", "200"],
        ["高级（三级）", "150"],
        ["技师（二级）", "20"],
        ["高级技师（一级）", "5"],
        ["合计", "415"],
    ];
    assert_eq!(rows, expected);
    assert!(printed.row(12)[1].contains("负责人签字（盖章）") && printed.row(13)[0] == "备注");
    drawn(
        &desk,
        "guangdong-blank-demand",
        &[&["form", "show", "guangdong-blank-demand", "--institution", prefix], &of_it[..]].concat(),
    );
    // What is typed goes before what was noted, and a count is a number.
    ok(&desk, &[&call[..], &of_it, &["--set", "passes-5=41", "--force"]].concat());
    Printed::of(&desk, "demand.xlsx").has("416");
    assert!(refused(&desk, 2, &[&call[..], &["--set", "passes-5=四十"]].concat()).contains("初级（五级）"));
    assert!(
        refused(&desk, 2, &["form", "show", "guangdong-blank-demand", "--institution", "S000044012009"])
            .contains("S000044012009")
    );
}

fn reissued() -> Desk {
    let desk = with_cases();
    let papers = ["--paper", "证书遗失、损坏补发证明申请表", "--paper", "申请人身份证原件"];
    let open = ["case", "open", "reissue", GUANGDONG, "--cause", "lost", "--reason", "搬家遗失"];
    ok(&desk, &[&open[..], &papers, &["--on", "2026-11-02"]].concat());
    desk
}

#[test]
fn the_papers_of_a_lost_certificate_of_guangdong() {
    let desk = reissued();
    let write = |form: &str, more: &[&str]| {
        let file = format!("{form}.xlsx");
        let call = ["form", "write", form, "--case", "1", "-o", &file, "--force"];
        run(&desk, &[&call[..], more].concat())
    };
    let request =
        ["--set", "collection=EMS", "--set", "ems-number=EA123456789CN", "--set", "holder-telephone=13800000000"];
    assert_eq!(write("guangdong-reissue-request", &request).code, 0);
    is_reviewed(&desk, "guangdong-reissue-request", "guangdong-reissue-request.xlsx");
    let printed = Printed::of(&desk, "guangdong-reissue-request.xlsx");
    printed.is_on_a4(false, None);
    assert_eq!(printed.row(2), ["申请人姓名", "李小刚", "身份证号", "11010519491231002X"]);
    assert_eq!(printed.row(3), ["证书基本信息", "职业名称", "电工"]);
    assert_eq!(printed.row(4), ["证书编号", GUANGDONG, "证书级别", "三级"]);
    assert_eq!(printed.row(5), ["申办事项", "☑ 遗失证书", "遗失声明"]);
    assert!(printed.row(6)[0].contains("本人证书遗失、损坏，现申请补发证明。") && printed.row(6)[0].contains("遗失"));
    let ways = "□ 到受理点领取\n□ 邮政快递（到付，邮费需要签收人支付。）\n☑ EMS 速递单号：EA123456789CN";
    assert_eq!(printed.row(7), ["取证方式", ways]);
    assert!(printed.row(8)[1].contains("申请人签名：") && printed.row(8)[1].contains("联系电话：13800000000"));
    assert_eq!(printed.row(9), ["以下栏目由受理部门填写"]);
    assert!(printed.row(10)[1].contains("受理日期：2026年11月2日") && printed.row(11)[0] == "备注");
    assert!(printed.is_merged("A3:A4") && printed.is_merged("A5:A6") && printed.is_merged("B5:B6"));
    let wrong = write("guangdong-reissue-request", &["--set", "collection=骑车来取"]);
    assert!(wrong.code == 2 && wrong.err.contains("受理点"), "{}", wrong.err);
    // The receipt is ours: the holder is masked, the day by which it is settled is counted.
    assert_eq!(write("guangdong-receipt", &[]).code, 0);
    is_reviewed(&desk, "guangdong-receipt", "guangdong-receipt.xlsx");
    let receipt = Printed::of(&desk, "guangdong-receipt.xlsx");
    for text in ["1", "2026年11月2日", "李*刚", "110105********002X", GUANGDONG] {
        receipt.has(text);
    }
    receipt.has("2026年11月9日 前（自收到申请材料起 5 个工作日内）");
    receipt.has("证书遗失、损坏补发证明申请表、申请人身份证原件");
    assert!(!receipt.texts().concat().contains("李小刚"));
    // The proof is not written before the record was looked up, not even to be filled in by hand.
    for more in [&[][..], &["--blanks"]] {
        let early = write("guangdong-proof", more);
        assert!(early.code == 2 && early.err.contains("网上查询核对日期"), "{}", early.err);
        assert!(!desk.path("guangdong-proof.xlsx").exists());
    }
    let checked = ["--set", "checked-online-on=2026-11-05", "--set", "proof-date=2026-11-06"];
    assert_eq!(write("guangdong-proof", &checked).code, 0);
    is_reviewed(&desk, "guangdong-proof", "guangdong-proof.xlsx");
    let proof = Printed::of(&desk, "guangdong-proof.xlsx");
    proof.is_on_a4(false, None);
    for text in [
        "姓名：李小刚\nName",
        "证件类型：居民身份证\nID Type",
        "证件号码：11010519491231002X\nID No.",
        "职业名称：电工\nOccupation",
        "工种/职业方向：--\nJob",
        "职业技能等级：三级/高级工\nSkill Level",
        "日期：2026年11月6日\nIssue date",
        "3.本证明各项内容涂改无效。",
    ] {
        proof.has(text);
    }
    proof.has(&format!("证书编号：{GUANGDONG}\nCertificate No."));
    for form in ["guangdong-reissue-request", "guangdong-receipt", "guangdong-proof"] {
        let more: &[&str] = match form {
            "guangdong-reissue-request" => &request,
            "guangdong-proof" => &checked,
            _ => &[],
        };
        drawn(&desk, form, &[&["form", "show", form, "--case", "1"], more].concat());
    }
    let kind = refused(&desk, 2, &["form", "show", "beijing-correction-request", "--case", "1"]);
    assert!(kind.contains("北京") && kind.contains("广东"), "{kind}");
}

#[test]
fn the_forms_of_a_correction_in_beijing() {
    let desk = with_cases();
    let open = ["case", "open", "correct", BEIJING, "--set", "姓名=张玮", "--photo", "p.jpg", "--reason", "登记时写错"];
    ok(&desk, &open);
    let prefix = &BEIJING[..13];
    ok(&desk, &["institution", "add", prefix, "--name", "北京某某技能培训学校", "--profile", "beijing"]);
    let more = [
        "--set",
        "address=北京市样例路3号",
        "--set",
        "district=海淀区",
        "--set",
        "contact-name=赵敏",
        "--set",
        "telephone=010-12345678",
    ];
    let told = ok(
        &desk,
        &[&["form", "write", "beijing-correction-request", "--case", "1", "-o", "a.xlsx"], &more[..]].concat(),
    );
    assert!(told.contains("010-64978614"), "{told}");
    is_reviewed(&desk, "beijing-correction-request", "a.xlsx");
    let printed = Printed::of(&desk, "a.xlsx");
    printed.is_on_a4(true, Some((5, 6)));
    assert_eq!(printed.row(2), ["评价机构名称", "北京某某技能培训学校", "机构备案号", prefix]);
    assert_eq!(printed.row(3), ["办公地址", "北京市样例路3号", "注册地辖区", "海淀区"]);
    assert_eq!(printed.row(4), ["经办人", "赵敏", "联系电话", "010-12345678"]);
    assert_eq!(printed.row(5), ["序号", "认定系统显示内容", "更正项", "更正后信息", "附件"]);
    assert_eq!(printed.row(6), ["认定批次", "证书编号", "姓名", "身份证号"]);
    let id = "11010519491231002X";
    let papers = ["身份证正反面图片或复印件，并加盖印章。", "证书复印件，并加盖印章。"];
    assert_eq!(printed.row(7), ["1", BEIJING, "李小刚", id, "姓名", "张玮", papers[0]]);
    assert_eq!(printed.row(8), ["2", BEIJING, "李小刚", id, "照片", "p.jpg", papers[1]]);
    assert_eq!((printed.row(9), printed.row(11)), (vec!["3"], vec!["5"]), "rows to be filled in by hand");
    assert!(printed.row(12)[1].starts_with("登记时写错") && printed.row(12)[1].contains("评价机构（盖章）"));
    assert!(printed.row(13)[1].contains("北京市朝阳区惠新东街3号，联系电话：010-64978614"), "{:?}", printed.row(13));
    assert!(printed.is_merged("A5:A6") && printed.is_merged("B5:E5") && printed.is_merged("H5:H6"));
    drawn(
        &desk,
        "beijing-correction-request",
        &[&["form", "show", "beijing-correction-request", "--case", "1"], &more[..]].concat(),
    );

    // The table of changes is what one asks for the consent with: written on an open case, which it does not close.
    let more = ["--set", "filler=赵敏", "--set", "telephone=010-12345678", "--set", "fill-date=2026-11-20"];
    ok(&desk, &[&["form", "write", "beijing-correction-14", "--case", "1", "-o", "b.xlsx"], &more[..]].concat());
    is_reviewed(&desk, "beijing-correction-14", "b.xlsx");
    let printed = Printed::of(&desk, "b.xlsx");
    printed.is_on_a4(true, Some((3, 3)));
    assert_eq!(printed.row(2), ["单位（公章）：北京某某技能培训学校"]);
    let row = [
        BEIJING,
        id,
        "李小刚",
        "张玮",
        "201",
        id,
        "某某机械有限公司",
        "电工",
        "——",
        "3",
        BEIJING,
        "2022-11-08",
        "某某技工学校",
        "某某技工学校",
    ];
    assert_eq!(printed.row(4), row);
    assert_eq!(printed.row(5), ["填表人：赵敏", "联系电话：010-12345678", "填表日期：2026年11月20日"]);
    assert_eq!(printed.row(6), ["说明："]);
    for n in 1..=5_u32 {
        assert!(printed.row(6 + n)[0].starts_with(&format!("{n}、")), "{n}");
    }
    drawn(
        &desk,
        "beijing-correction-14",
        &[&["form", "show", "beijing-correction-14", "--case", "1"], &more[..]].concat(),
    );
    let closing = refused(&desk, 1, &["case", "close", "1"]);
    assert!(closing.contains("BJ-26"), "{closing}");
    // A form goes to one institution about cases of its own kind.
    let twice = refused(&desk, 2, &["form", "show", "beijing-correction-14", "--case", "1", "--case", "1"]);
    assert!(twice.contains('1'), "{twice}");
    let reissue = refused(&desk, 2, &["form", "show", "guangdong-proof", "--case", "1"]);
    assert!(reissue.contains("广东"), "{reissue}");
    let batch = refused(&desk, 2, &["form", "show", "beijing-correction-14", "--batch", "1"]);
    assert!(batch.contains("个案"), "{batch}");
}

#[test]
fn the_filing_of_beijing_has_a_cover_contents_and_pages_left_open() {
    let desk = Desk::new();
    desk.folder("state");
    let prefix = &BEIJING[..13];
    ok(
        &desk,
        &[
            "institution",
            "add",
            prefix,
            "--name",
            "北京某某技能培训学校",
            "--profile",
            "beijing",
            "--filed-on",
            "2022-03-01",
        ],
    );
    ok(
        &desk,
        &[
            "institution",
            "seal",
            prefix,
            "--name",
            "北京某某技能培训学校职业技能等级认定专用章",
            "--from",
            "2022-04-01",
        ],
    );
    let more = ["--set", "parent-body=北京市样例局", "--set", "data-collection=证书数据由培训部每周归集一次。"];
    ok(&desk, &[&["form", "write", "beijing-filing", "--institution", prefix, "-o", "f.xlsx"], &more[..]].concat());
    is_reviewed(&desk, "beijing-filing", "f.xlsx");
    let printed = Printed::of(&desk, "f.xlsx");
    printed.is_on_a4(false, None);
    printed.has(&format!("机构备案号: {prefix}"));
    for text in [
        "北京市职业技能等级证书备案材料",
        "目　录",
        "一、评价机构备案情况简介",
        "2022年3月1日",
        "2022年4月1日",
        "四、职业技能等级证书管理工作依据",
    ] {
        printed.has(text);
    }
    assert_eq!(printed.sheet.matches("<brk ").count(), 5, "six parts, each on a page of its own");
    drawn(&desk, "beijing-filing", &[&["form", "show", "beijing-filing", "--institution", prefix], &more[..]].concat());
}

#[test]
fn the_page_of_lateness_says_which_data_and_since_when() {
    let desk = Desk::new();
    desk.folder("state");
    let prefix = &BEIJING[..13];
    let mut rows = people(2);
    for row in &mut rows {
        row[7].clear();
        row[8].clear();
        row[9] = "北京样例集团有限公司".into();
        row[10] = "北京样例集团有限公司".into();
    }
    desk.roster("beijing.csv", &rows);
    ok(&desk, &["institution", "add", prefix, "--name", "北京样例集团有限公司", "--profile", "beijing"]);
    let call =
        ["ledger", "allocate", "beijing.csv", "--profile", "beijing", "--prefix", prefix, "--today", "2026-09-01"];
    ok(&desk, &[&call[..], &["--day-is-right", "--output", "up.csv"]].concat());
    let more = [
        "--set",
        "late-why=印章送达较晚",
        "--set",
        "filler=赵敏",
        "--set",
        "telephone=010-12345678",
        "--set",
        "fill-date=2026-11-21",
    ];
    let told = ok(&desk, &[&["form", "write", "beijing-lateness", "--batch", "1", "-o", "l.xlsx"], &more[..]].concat());
    assert!(told.contains("北京市职业技能鉴定管理中心"), "{told}");
    is_reviewed(&desk, "beijing-lateness", "l.xlsx");
    let printed = Printed::of(&desk, "l.xlsx");
    printed.is_on_a4(false, None);
    for text in
        ["北京样例集团有限公司", prefix, "beijing.csv", "2", "2026年9月1日", "2026年10月19日", "33", "印章送达较晚"]
    {
        printed.has(text);
    }
    drawn(&desk, "beijing-lateness", &[&["form", "show", "beijing-lateness", "--batch", "1"], &more[..]].concat());
}

/// Of a batch in time there is nothing to explain.
#[test]
fn a_batch_in_time_has_no_page_of_lateness() {
    let desk = Desk::new();
    desk.folder("state");
    let prefix = &BEIJING[..13];
    let mut rows = people(1);
    rows[0][7].clear();
    rows[0][8].clear();
    rows[0][9] = "北京样例集团有限公司".into();
    rows[0][10] = "北京样例集团有限公司".into();
    desk.roster("beijing.csv", &rows);
    ok(&desk, &["institution", "add", prefix, "--name", "北京样例集团有限公司", "--profile", "beijing"]);
    ok(&desk, &["ledger", "allocate", "beijing.csv", "--profile", "beijing", "--prefix", prefix, "--output", "up.csv"]);
    let call = ["form", "write", "beijing-lateness", "--batch", "1", "-o", "l.xlsx", "--blanks"];
    assert!(refused(&desk, 1, &call).contains("没有逾期"));
    ok(&desk, &["ledger", "mark", "submitted", "--batch", "1", "--yes"]);
    let told = refused(&desk, 1, &call);
    assert!(told.contains("已按期上报") && told.contains("2026-11-21"), "{told}");
    assert!(!desk.path("l.xlsx").exists());
}

/// What is left for the pen is named.
#[test]
fn what_stays_blank_is_said_and_no_file_stands_on_what_is_handed_out() {
    let desk = Desk::new();
    desk.roster("r.csv", &people(1));
    crate::plain::talk(&desk, &["open", "r.csv"], "quit\n");
    let page = ok(&desk, &["form", "show", "hand-out-list", "--batch", "1"]);
    assert!(page.contains("领取人签名") && page.contains("留空"), "{page}");
    assert!(!page.contains("r.csv"), "no file name on what is handed out: {page}");
}

#[test]
fn the_filing_of_guizhou_ticks_one_of_four_boxes_and_grows_with_the_scope() {
    let desk = Desk::new();
    desk.folder("state");
    ok(&desk, &["institution", "add", GUIZHOU, "--name", "贵阳样例技工学校", "--profile", "guizhou"]);
    let head = "职业名称,职业编码,工种名称,认定等级,标准\n";
    let line = |n| format!("样例职业{n},6-31-01-0{n},样例工种{n},三级,国家职业标准\n");
    let scope = (1..=6).map(line).collect::<Vec<_>>().concat();
    desk.put("scope.csv", format!("{head}{scope}"));
    ok(&desk, &["institution", "scope", GUIZHOU, "scope.csv"]);
    let call = ["form", "write", "guizhou-filing", "--institution", GUIZHOU, "-o", "g.xlsx"];
    let wrong = refused(&desk, 2, &[&call[..], &["--set", "credit-code=91350100M000100Y44"]].concat());
    assert!(wrong.contains("统一社会信用代码") && wrong.contains('3'), "{wrong}");
    let more = [
        "--set",
        "address=贵阳市样例路4号",
        "--set",
        "registered-with=贵阳市市场监督管理局",
        "--set",
        "body-nature=院校",
        "--set",
        "credit-code=91350100M000100Y43",
        "--set",
        "legal-representative=王建国",
        "--set",
        "capital=500万元",
        "--set",
        "contact-name=赵敏",
        "--set",
        "contact-post=培训部主任",
        "--set",
        "telephone=0851-12345678",
        "--set",
        "mobile=13800000000",
        "--set",
        "mail=a@example.com",
    ];
    ok(&desk, &[&call[..], &more].concat());
    is_reviewed(&desk, "guizhou-filing", "g.xlsx");
    let printed = Printed::of(&desk, "g.xlsx");
    printed.is_on_a4(false, None);
    assert_eq!(printed.row(3), ["单位名称", "贵阳样例技工学校"]);
    assert_eq!(printed.row(5), ["注册登记\n机构名称", "贵阳市市场监督管理局", "机构\n性质", "□ 企业"]);
    assert_eq!(printed.row(6), ["□ 民办非企业单位"]);
    assert_eq!(printed.row(7), ["统一社会\n信用代码", "91350100M000100Y43", "□ 行业协会"]);
    assert_eq!(printed.row(8), ["☑ 院校"]);
    assert!(printed.is_merged("E5:E8") && printed.is_merged("A5:B6") && printed.is_merged("C7:D8"));
    let table = printed.at("序号");
    assert_eq!(printed.row(table + 6), ["6", "样例职业6", "6-31-01-06", "样例工种6", "三级", "国家职业标准"]);
    assert_eq!(
        printed.row(table + 7)[0],
        "三、人员场地、设施设备以及组织优势、专业优势（含参与国家职业技能标准编制、人才评价）等情况"
    );
    drawn(
        &desk,
        "guizhou-filing",
        &[&["form", "show", "guizhou-filing", "--institution", GUIZHOU], &more[..]].concat(),
    );
    // With less on record there are four rows, as it is printed.
    let blank =
        Form::fill(data::built_in().form("guizhou-filing").expect("the form"), &FormValues::default()).expect("filled");
    assert_eq!(blank.cells.iter().filter(|cell| ["1", "2", "3", "4", "5"].contains(&&*cell.text)).count(), 4);
}
