//! Certificates that are printed, through the shell: print data read back cell by cell, proofs, photos, and what is printed again.

mod again;
mod photos;
mod proofs;

use std::collections::BTreeMap;

use calamine::{Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::stock_taken_back::agreed;
use crate::support::{Desk, good};

const GUANGDONG: &str = "S000044012001";
const SCHOOL: &str = "广州样例技师学院";

#[track_caller]
fn said(desk: &Desk, code: i32, arguments: &[&str]) -> String {
    let ran = desk.verb(&[&*agreed(arguments), &["--lang", "zh"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

#[track_caller]
fn told(desk: &Desk, code: i32, arguments: &[&str]) -> Value {
    let ran = desk.verb(&[&*agreed(arguments), &["--format", "json"]].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.out))
}

/// Rows with codes, all of one level, day and institution.
fn rows(codes: &[&str], institution: &str, empty: &str) -> Vec<Vec<String>> {
    let row = |(at, code): (usize, &&str)| {
        let mut row = good(at);
        row[5] = empty.into();
        row[6] = code[15..16].into();
        row[7] = (*code).into();
        row[8] = "2026-11-28".into();
        row[9] = institution.into();
        row[10] = institution.into();
        row
    };
    codes.iter().enumerate().map(row).collect()
}

/// Reads print data as another program does: the rows by the labels of their columns.
fn data(desk: &Desk, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut book: Xlsx<_> = open_workbook(desk.path(name)).expect("a workbook");
    let range = book.worksheet_range("打印数据").expect("the sheet");
    let mut lines = range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
    let labels = lines.next().expect("a header");
    lines.map(|line| labels.iter().cloned().zip(line).collect()).collect()
}

/// Writes print data of a roster of one province.
#[track_caller]
fn printed(desk: &Desk, profile: &str, rows: &[Vec<String>], more: &[&str]) -> Vec<BTreeMap<String, String>> {
    desk.verb(&["init"]);
    desk.roster("roster.csv", rows);
    let call = ["print", "data", "roster.csv", "--profile", profile, "--today", "2026-11-30", "-o", "print.xlsx"];
    said(desk, 0, &[&call[..], &["--reason", "发证", "--force"], more].concat());
    data(desk, "print.xlsx")
}

#[test]
fn guangdong_prints_as_its_guide_says_and_asks_once_for_the_photo() {
    let desk = Desk::new();
    said(&desk, 0, &["institution", "add", GUANGDONG, "--name", SCHOOL, "--profile", "guangdong-technical"]);
    let rows = rows(&["S000044012001263000001"], SCHOOL, "--");
    desk.roster("roster.csv", &rows);
    let call = ["print", "data", "roster.csv", "--profile", "guangdong-technical", "--today", "2026-11-30"];
    let call = [&call[..], &["-o", "print.xlsx", "--reason", "发证"]].concat();
    let refused = said(&desk, 1, &call);
    assert!(refused.contains("1寸（GD-31）、2寸（GD-61）") && refused.contains("--photo-size"), "{refused}");
    assert!(!desk.path("print.xlsx").exists());
    said(&desk, 0, &[&call[..], &["--photo-size", "2寸"]].concat());
    let facts = told(&desk, 0, &["fact", "list", GUANGDONG]);
    let kept = facts["facts"].as_array().expect("facts").iter().find(|fact| fact["id"] == "photo-size");
    assert_eq!(kept.expect("kept")["value"], "two-inch");
    // Asked once: the next time it is known.
    said(&desk, 0, &[&call[..], &["--force"]].concat());
    let line = &data(&desk, "print.xlsx")[0];
    for (column, text) in [
        ("证书编号", "S000044012001263000001"),
        ("职业技能等级", "三级/高级工"),
        ("发证日期（印）", "2026年11月28日"),
        ("发证日期", "2026-11-28"),
        ("工种/职业方向", "--"),
        ("印章一", "广州样例技师学院职业技能等级认定专用章"),
        ("印章二", ""),
        ("照片尺寸", "2寸"),
        ("介质", "纸质"),
        ("证件类型", "居民身份证"),
        ("证书名称", "职业技能等级证书"),
        ("证书名称（英文）", "Certificate of Occupational Skill Level"),
        ("二维码内容", ""),
        ("证书信息查询网址", "http://jndj.osta.org.cn"),
        ("空白证书编号", ""),
    ] {
        assert_eq!(line[column], text, "{column}");
    }
    let body = "本证书由广州样例技师学院颁发，表明持证人通过本机构组织的职业技能等级认定，具备该职业（工种）相应技能等级水平。";
    assert_eq!(line["正文"], body);
    assert!(
        line["正文（英文）"].contains("completion of the occupation skill level assessment organized by"),
        "{line:?}"
    );
    // The English name of the institution, once it is noted, stands in the English text.
    said(&desk, 0, &["fact", "set", GUANGDONG, "name-en=Guangzhou Example Technician College"]);
    said(&desk, 0, &[&call[..], &["--force"]].concat());
    let line = &data(&desk, "print.xlsx")[0];
    assert!(line["正文（英文）"].ends_with("organized by Guangzhou Example Technician College."), "{line:?}");
}

#[test]
fn beijing_has_two_styles_and_guizhou_its_own_sign_and_photo() {
    let desk = Desk::new();
    let city = rows(&["S000011082003265000001"], "北京样例职业学校", "——");
    let line = &printed(&desk, "beijing", &city, &[])[0];
    let seals = |line: &BTreeMap<String, String>| {
        ["样式", "印章一", "印章一位置", "印章二", "印章二位置"].map(|column| line[column].clone())
    };
    assert_eq!(seals(line), ["参考样式（一）", "北京样例职业学校", "左下，评价机构名称和发证日期处", "", ""]);
    assert_eq!((&*line["工种/职业方向"], &*line["照片尺寸"]), ("——", "1寸"));
    assert!(line["正文（英文）"].contains("the occupational skill level assessment"), "{line:?}");
    let mut ministry = rows(&["Y000111020001265000001"], "北京样例分公司", "——");
    ministry[0][10] = "样例集团有限公司".into();
    let line = &printed(&desk, "beijing", &ministry, &[])[0];
    assert_eq!(seals(line), ["参考样式（二）", "北京样例分公司", "右侧", "样例集团有限公司", "左侧"]);
    let guizhou = rows(&["S000052001001263000001"], "贵州样例技师学院", "—");
    let line = &printed(&desk, "guizhou", &guizhou, &[])[0];
    assert_eq!((&*line["工种/职业方向"], &*line["照片尺寸"]), ("—", "2寸"));
    assert_eq!((&*line["正文（英文）"], &*line["证书名称（英文）"]), ("", ""), "that notice is in Chinese only");
}

/// The seal on record goes before the one that is made of the name, and the personnel office may seal in Guizhou (GZ-27).
#[test]
fn seals_are_those_on_record_on_the_day() {
    let desk = Desk::new();
    let prefix = "S000052001001";
    said(&desk, 0, &["institution", "add", prefix, "--name", "贵州样例技师学院", "--profile", "guizhou"]);
    let guizhou = rows(&["S000052001001263000001"], "贵州样例技师学院", "—");
    said(&desk, 0, &["fact", "set", prefix, "seal-stand-in=贵州样例技师学院人事处"]);
    assert_eq!(printed(&desk, "guizhou", &guizhou, &[])[0]["印章一"], "贵州样例技师学院人事处（代章）");
    said(&desk, 0, &["fact", "set", prefix, "seal-stand-in="]);
    for (seal, from) in [("旧章", "2020-01-01"), ("新章", "2026-11-28"), ("以后的章", "2026-11-29")] {
        said(&desk, 0, &["institution", "seal", prefix, "--name", seal, "--from", from, "--reason", "换章"]);
    }
    assert_eq!(printed(&desk, "guizhou", &guizhou, &["--again"])[0]["印章一"], "新章");
}

#[test]
fn what_must_not_be_printed_is_refused_by_clause_and_cell_and_names_are_only_pointed_out() {
    let desk = Desk::new();
    let mut all = rows(&["S000044012001263000001", "S000044012001263000002"], "广东样例技师学院", "--");
    all[1][5] = "国家级电工".into();
    said(&desk, 0, &["init"]);
    desk.roster("roster.csv", &all);
    let call = ["print", "data", "roster.csv", "--profile", "guangdong-technical", "--today", "2026-11-30"];
    let call = [&call[..], &["-o", "print.xlsx", "--reason", "发证", "--photo-size", "1寸"]].concat();
    let refused = said(&desk, 1, &call);
    assert!(refused.contains("工种/职业方向里有“国家”（GD-22）"), "{refused}");
    assert!(!desk.path("print.xlsx").exists());
    all[1][5] = "--".into();
    desk.roster("roster.csv", &all);
    let written = said(&desk, 0, &call);
    assert!(written.contains("评价机构里有“广东”（GD-22）（2 本）"), "{written}");
    // The setting for the QR code is searched as well, and filled.
    let state = desk.folder("home/.local/share/skillcert");
    std::fs::write(state.join("config.toml"), "qr_text = \"{certificates-address}?c={code}&中国\"\n").expect("written");
    let refused = said(&desk, 1, &[&call[..], &["--force"]].concat());
    assert!(refused.contains("二维码内容里有“中国”（GD-22）"), "{refused}");
    std::fs::write(state.join("config.toml"), "qr_text = \"{passport}\"\n").expect("written");
    assert!(said(&desk, 2, &[&call[..], &["--force"]].concat()).contains("“passport”"));
    std::fs::write(state.join("config.toml"), "qr_text = \"{certificates-address}?c={code}\"\n").expect("written");
    said(&desk, 0, &[&call[..], &["--force"]].concat());
    let qr = &data(&desk, "print.xlsx")[1]["二维码内容"];
    assert_eq!(qr, "http://jndj.osta.org.cn?c=S000044012001263000002");
}

#[test]
fn rows_with_errors_are_not_printed_and_rows_without_a_number_are_named() {
    let desk = Desk::new();
    let mut all = rows(&["S000044012001263000001", "S000044012001263000002"], SCHOOL, "--");
    all[0][2] = "440105197205111330".into();
    said(&desk, 0, &["init"]);
    desk.roster("roster.csv", &all);
    let call = ["print", "data", "roster.csv", "--profile", "guangdong-technical", "--today", "2026-11-30"];
    let call = [&call[..], &["-o", "print.csv", "--reason", "发证", "--photo-size", "1寸"]].concat();
    let refused = said(&desk, 1, &call);
    assert!(refused.contains("处错误没有改好，不能打印"), "{refused}");
    let mut all = rows(&["S000044012001263000001", "S000044012001263000002"], SCHOOL, "--");
    all[1][7].clear();
    desk.roster("roster.csv", &all);
    let written = said(&desk, 1, &call);
    assert!(written.contains("没有写出 1 行") && written.contains("还没有证书编号"), "{written}");
    let text = std::fs::read_to_string(desk.path("print.csv")).expect("written");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(text.starts_with('\u{FEFF}') && lines[1].contains(",--,三级/高级工,2026年11月28日,"), "{text}");
    assert!(!lines[1].contains("'--"), "two hyphens are no formula");
}

#[test]
fn a_proof_shows_what_is_printed_and_what_only_eyes_can_check() {
    let desk = Desk::new();
    let mut all = rows(&["Y000111020001265000001"], "北京样例分公司", "——");
    all[0][10] = "样例集团有限公司".into();
    desk.roster("roster.csv", &all);
    let import = ["ledger", "import", "roster.csv", "--profile", "beijing", "--status", "exported", "--yes"];
    said(&desk, 0, &import);
    let page = said(&desk, 0, &["print", "proof", "Y000111020001265000001", "--columns", "100"]);
    for text in [
        "职业技能等级证书",
        "参考样式（二）",
        "右侧",
        "左侧",
        "（BJ-72）",
        "（BJ-04）",
        "五级/初级工",
        "——",
        "2026年11月28日",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(!page.contains(&all[0][0]) && !page.contains(&all[0][2]), "masked: {page}");
    assert!(page.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 100), "{page}");
    let whole = ["print", "proof", "Y000111020001265000001", "--unmask", "--reason", "看样"];
    let told = told(&desk, 0, &whole);
    assert_eq!(
        (&told["texts"]["name"], &told["texts"]["id_number"]),
        (&all[0][0].clone().into(), &all[0][2].clone().into())
    );
    let clauses: Vec<&str> =
        told["looks"].as_array().expect("looks").iter().filter_map(|look| look["clause"].as_str()).collect();
    assert_eq!(clauses, ["BJ-71", "BJ-72", "BJ-04", "BJ-04", "BJ-10"]);
    let audit = said(&desk, 0, &["audit", "show", "--limit", "1"]);
    assert!(audit.contains("看样"), "{audit}");
    said(&desk, 0, &["print", "proof", "Y000111020001265000001", "-o", "proof.xlsx", "--unmask", "--reason", "看样"]);
    let mut book: Xlsx<_> = open_workbook(desk.path("proof.xlsx")).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
    let texts: Vec<String> = range.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(texts.contains(&all[0][0]) && texts.contains(&"五级/初级工".to_string()), "{texts:?}");
    let part = |name: &str| {
        let mut package =
            zip::ZipArchive::new(std::fs::File::open(desk.path("proof.xlsx")).expect("opened")).expect("zip");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut package.by_name(name).expect(name), &mut text).expect("UTF-8");
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains("paperSize=\"9\"") && sheet.contains("orientation=\"landscape\""), "{sheet}");
    // One sheet of paper, with the certificate alone; what is to be looked at stands below what is printed.
    assert!(sheet.contains("<pageSetUpPr fitToPage=\"1\"/>") && !sheet.contains("fitToHeight"), "{sheet}");
    assert!(part("xl/workbook.xml").contains("$A$1:$D$13</definedName>"), "{}", part("xl/workbook.xml"));
    assert!(texts.contains(&"以下不印在证书上".to_string()), "{texts:?}");
    let styles = part("xl/styles.xml");
    for size in [
        "<sz val=\"30\"/>",
        "<sz val=\"16\"/>",
        "<sz val=\"12\"/>",
        "<sz val=\"11\"/>",
        "楷体",
        "仿宋",
        "Times New Roman",
    ] {
        assert!(styles.contains(size), "{size}");
    }
}

#[test]
fn every_profile_lays_its_proof_out() {
    for profile in skillcert::data::profiles() {
        let spec = &profile.certificate;
        let catalogue = skillcert::data::Catalogue::built_in();
        let form = catalogue.form(&spec.proof);
        assert!(
            spec.proof.is_empty() || form.is_some_and(|form| form.layout.proof && form.layout.landscape),
            "{}",
            profile.id
        );
        let cited = spec.styles.iter().map(|style| &style.clause);
        let cited = cited.chain(spec.looks.iter().map(|look| &look.clause));
        let cited = cited.chain(spec.styles.iter().flat_map(|style| &style.notes));
        let photo = spec.photo.iter().flat_map(|spec| spec.sizes.iter().map(|size| &size.clause).chain([&spec.clause]));
        let more =
            [&spec.items_clause, &spec.level_clause, &spec.stand_in_clause].into_iter().filter(|c| !c.is_empty());
        for clause in cited.chain(photo).chain(more) {
            assert!(skillcert::data::clause(clause).is_some(), "{}: {clause}", profile.id);
        }
        for clause in spec.styles.iter().flat_map(|style| &style.notes) {
            assert!(profile.notes.iter().any(|note| note.clause == *clause), "{}: {clause}", profile.id);
        }
    }
}
