//! Sichuan from the summary that an organiser fills in to the archive: what stands above its table, who issues, the bridge to the eleven
//! columns, the papers.

use std::fs::{self, File};
use std::io::Read;

use serde_json::Value;

use crate::plain::talk;
use crate::support::{Desk, resident};

const HOME: [&str; 2] = ["--home", "state"];
const SHARED: &str = "S000051009999";
const FILED: &str = "S000051001234";
const COMMITTEE: &str = "四川省样例职业技能大赛组委会";
const STAMPED: &str = "四川省样例职业技能大赛组委会（四川省职业技能鉴定指导中心代章）";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[&HOME[..], arguments, &["--lang", "en"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&HOME[..], arguments, &["--format", "json"]].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}{}", ran.out, ran.err))
}

fn value(desk: &Desk, batch: &str, fact: &str, key: &str) -> String {
    let all = told(desk, &["fact", "list", batch, "--all"]);
    let facts = all["facts"].as_array().expect("facts");
    let found = facts.iter().find(|one| one["id"] == fact).unwrap_or_else(|| panic!("no {fact}: {all}"));
    found[key].as_str().expect("a text").to_string()
}

/// A summary as organisers fill it in, of so many winners; batch 1 is made of it.
fn with_summary(rows: usize) -> Desk {
    let desk = Desk::new();
    let head = "四川省省级职业技能竞赛获奖选手获取职业证书申报汇总表,,,,,,,,\n大赛名称：样例焊工大赛,,,,,,,,\n\
                大赛牵头主办单位名称（盖章）：四川省样例协会,,,,单位地址：成都市样例路1号,,联系电话：028-86123456,,\n\
                大赛牵头主办单位负责人：王建国,,,,经办人：赵敏,,制表日期：2026年11月2日,,\n\
                序号,姓名,性别,身份证,工作单位,申报职业（工种）,申报等级,竞赛类别,奖牌类别/名次\n";
    let row = |i: usize| {
        let number = resident(i);
        let sex = if number.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
        format!("{},{},{sex},{number},成都样例公司,焊工,三级,省级二类,金奖/第一名\n", i + 1, ["张伟", "李娜"][i % 2])
    };
    desk.put("summary.csv", head.to_string() + &(0..rows).map(row).collect::<String>());
    talk(&desk, &["open", "summary.csv", "--profile", "sichuan-competition"], "quit\n");
    said(&desk, 0, &["institution", "add", SHARED, "--name", COMMITTEE, "--profile", "sichuan-competition"]);
    said(&desk, 0, &["institution", "add", FILED, "--name", "样例技师学院", "--profile", "sichuan-competition"]);
    desk
}

/// Writes the eleven columns of batch 1, and makes batch 2 of them.
fn bridged(desk: &Desk) {
    written(desk);
    talk(desk, &["open", "roster.xlsx", "--profile", "sichuan-competition"], "quit\n");
}

/// Writes the file that the bridge makes of the summary.
fn written(desk: &Desk) {
    let bodies = [format!("evaluation-body={COMMITTEE}"), format!("issuing-body-name={STAMPED}")];
    let call =
        ["form", "write", "sichuan-upload-11", "--batch", "1", "-o", "roster.xlsx", "--set", "issue-day=2026-11-20"];
    said(desk, 0, &[&call[..], &["--set", &bodies[0], "--set", &bodies[1]]].concat());
}

#[test]
fn what_stands_above_the_table_is_offered_and_replaces_nothing() {
    let desk = with_summary(2);
    assert_eq!(
        (value(&desk, "1", "contest", "value"), value(&desk, "1", "contest", "proposed")),
        (String::new(), "样例焊工大赛".into())
    );
    assert_eq!(value(&desk, "1", "table-date", "proposed"), "2026-11-02");
    assert!(!value(&desk, "1", "responsible", "proposed").contains("建国"), "masked");
    let page = said(&desk, 0, &["fact", "list", "1"]);
    assert!(page.contains("样例焊工大赛") && page.contains("--from-head"), "{page}");
    said(&desk, 0, &["fact", "set", "1", "organiser=四川省总工会"]);
    let taken = said(&desk, 0, &["fact", "set", "1", "--from-head"]);
    assert!(taken.contains("Noted from above the table"), "{taken}");
    assert_eq!(value(&desk, "1", "organiser", "value"), "四川省总工会", "what was typed stays");
    assert_eq!(value(&desk, "1", "contest", "value"), "样例焊工大赛");
    assert_eq!(value(&desk, "1", "contest", "proposed"), "");
    let again = said(&desk, 0, &["fact", "set", "1", "--from-head"]);
    assert!(again.contains("Nothing stands above the table"), "{again}");
    let whole = ["--home", "state", "fact", "list", "1", "--unmask", "--reason", "核对", "--format", "json"];
    assert!(desk.verb(&whole).out.contains("王建国"));
    // Nothing of it is told unmasked in the chain.
    assert!(!said(&desk, 0, &["audit", "show", "--limit", "50"]).contains("王建国"));
}

#[test]
fn the_bridge_takes_the_facts_along_and_nobody_is_told_of_himself() {
    let desk = with_summary(2);
    said(
        &desk,
        0,
        &["fact", "set", "1", "approval-number=川〔2026〕1号", "approval-date=2026-11-01", "route=committee"],
    );
    bridged(&desk);
    assert_eq!(value(&desk, "2", "approval-number", "value"), "川〔2026〕1号");
    assert_eq!(value(&desk, "2", "bridged-from", "value"), "1");
    let given = said(&desk, 0, &["ledger", "allocate", "--batch", "2", "--prefix", SHARED]);
    assert!(given.contains("S000051009999263J"), "{given}");
    // Both are the same people: of the summary nobody holds the certificate already.
    for batch in ["1", "2"] {
        let page = desk.verb(&["--home", "state", "check", "--batch", batch, "--format", "json"]).out;
        assert!(!page.contains("\"U06\""), "{batch}: {page}");
    }
    said(&desk, 0, &["export", "--batch", "2", "--output", "up.csv"]);
    // A fact of its own goes before, and one that is taken back stays so.
    said(&desk, 0, &["fact", "set", "2", "approval-number=", "--reason", "写错"]);
    assert_eq!(value(&desk, "2", "approval-number", "value"), "");
    assert_eq!(value(&desk, "1", "approval-number", "value"), "川〔2026〕1号");
    assert!(said(&desk, 2, &["fact", "set", "2", "bridged-from=2"]).contains("itself"));
    assert_ne!(desk.verb(&["--home", "state", "fact", "set", "2", "bridged-from=9"]).code, 0);
    said(&desk, 0, &["ledger", "verify"]);
}

#[test]
fn a_prefix_that_contradicts_who_issues_gets_no_number() {
    let desk = with_summary(2);
    bridged(&desk);
    let allocate = |prefix: &str| {
        let ran = desk.verb(&[
            "--home",
            "state",
            "ledger",
            "allocate",
            "--batch",
            "2",
            "--prefix",
            prefix,
            "--dry-run",
            "--lang",
            "en",
        ]);
        ran.out + &ran.err
    };
    said(&desk, 0, &["fact", "set", "2", "route=committee"]);
    assert!(allocate(FILED).contains("SC-09"), "{}", allocate(FILED));
    assert!(!allocate(SHARED).contains("SC-09"));
    said(&desk, 0, &["fact", "set", "2", "route=filed"]);
    assert!(allocate(SHARED).contains("SC-08"), "{}", allocate(SHARED));
    said(&desk, 0, &["fact", "set", "2", "filed-body=4321"]);
    assert!(allocate(FILED).contains("4321"), "{}", allocate(FILED));
    for number in ["9999", "S000051009999"] {
        let refused = said(&desk, 1, &["fact", "set", "2", &format!("filed-body={number}")]);
        assert!(refused.contains("SC-08"), "{refused}");
    }
    said(&desk, 0, &["fact", "set", "2", "filed-body=1234"]);
    assert!(!allocate(FILED).contains("SC-08"), "{}", allocate(FILED));
}

/// A file that the program made of a batch goes by what is known of that batch before it is a batch of its own, whether it is
/// tried or done.
#[test]
fn a_bridged_file_goes_by_the_route_of_its_batch() {
    let desk = with_summary(2);
    said(&desk, 0, &["fact", "set", "1", "route=committee"]);
    written(&desk);
    let given = |more: &[&str]| {
        let call = ["--home", "state", "ledger", "allocate", "roster.xlsx", "--prefix", FILED, "--lang", "en"];
        desk.verb(&[&call[..], more].concat())
    };
    for more in [&["--dry-run"][..], &["--yes"]] {
        let refused = given(more);
        assert!(refused.code != 0 && (refused.out + &refused.err).contains("SC-09"), "{more:?}");
    }
    assert!(!said(&desk, 0, &["ledger", "series"]).contains("S000051001234"));
    let call = ["ledger", "allocate", "roster.xlsx", "--prefix", SHARED, "--yes"];
    assert!(said(&desk, 0, &call).contains("S000051009999263J"));
}

#[test]
fn a_file_that_is_none_of_its_kind_is_not_attached() {
    let desk = with_summary(1);
    desk.put("words.txt", "hello");
    desk.put("empty.pdf", "");
    desk.put("notice.pdf", "%PDF-1.7\n%%EOF\n");
    let attach = |what: &str, file: &str| format!("{what}={}", desk.name(file));
    let refused = said(&desk, 2, &["checklist", "1", "--attach", &attach("papers.notice.paper", "notice.pdf")]);
    assert!(refused.contains("no file goes with that") && !refused.contains("papers.notice"), "{refused}");
    for (file, why) in [("words.txt", "none"), ("empty.pdf", "empty")] {
        let refused = said(&desk, 3, &["checklist", "1", "--attach", &attach("papers.notice.pdf", file)]);
        assert!(refused.contains(why), "{refused}");
    }
    said(&desk, 3, &["checklist", "1", "--attach", &attach("papers.notice.pdf", "gone.pdf")]);
    let left = told(&desk, &["checklist", "1"])["lists"][0]["left"].clone();
    said(&desk, 0, &["checklist", "1", "--attach", &attach("papers.notice.pdf", "notice.pdf")]);
    let now = told(&desk, &["checklist", "1"])["lists"][0]["left"].clone();
    assert_eq!(left.as_u64().map(|n| n - 1), now.as_u64());
    // The scan goes into the archive, and is named where it is gone.
    said(&desk, 0, &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "存档"]);
    let mut zip = zip::ZipArchive::new(File::open(desk.path("a.zip")).expect("there")).expect("a zip");
    let mut text = String::new();
    let name = "attached/papers.notice.pdf/notice.pdf";
    zip.by_name(name).expect("in it").read_to_string(&mut text).expect("text");
    assert!(text.starts_with("%PDF"));
    fs::write(desk.path("notice.pdf"), "%PDF-1.7 other").expect("written");
    let told = said(&desk, 0, &["archive", "write", "--batch", "1", "--output", "b.zip", "--reason", "存档"]);
    assert!(told.contains("attached file notice.pdf is gone"), "{told}");
    assert!(said(&desk, 0, &["archive", "verify", "b.zip"]).contains("attached file notice.pdf is gone"));
}

#[test]
fn an_approval_after_the_certificates_is_told() {
    let desk = with_summary(1);
    said(&desk, 0, &["fact", "set", "1", "approval-number=川〔2026〕1号", "approval-date=2026-11-21"]);
    bridged(&desk);
    said(&desk, 0, &["ledger", "allocate", "--batch", "2", "--prefix", SHARED]);
    let page = said(&desk, 0, &["fact", "list", "2"]);
    assert!(page.contains("is after 2026-11-20") && page.contains("SC-06"), "{page}");
    let exported = said(&desk, 0, &["export", "--batch", "2", "--output", "up.csv"]);
    assert!(exported.contains("is after 2026-11-20"), "{exported}");
}
