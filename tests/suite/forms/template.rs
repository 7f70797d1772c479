//! A template of the user's own, filled in and compared with what it was, part by part.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::{Printed, ok, refused, with_summary};
use crate::support::{resident, root};

fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut package = zip::ZipArchive::new(File::open(path).expect("opened")).expect("a package");
    let names: Vec<String> = package.file_names().flatten().map(|name| name.to_string()).collect();
    let part = |name: String| {
        let mut bytes = Vec::new();
        package.by_name(name.as_str()).expect("a part").read_to_end(&mut bytes).expect("read");
        (name, bytes)
    };
    names.into_iter().map(part).collect()
}

#[test]
fn a_template_is_filled_under_its_header_and_nothing_else_of_it_changes() {
    let desk = with_summary(3);
    let template = root("tests/fixtures/import-template.xlsx");
    fs::copy(&template, desk.path("t.xlsx")).expect("copied");
    let call = ["form", "fill", "t.xlsx", "--batch", "1", "-o", "out.xlsx"];
    let told = ok(&desk, &call);
    assert!(told.contains("3 行填进") && told.contains("手机号码") && told.contains("记住"), "{told}");
    let filled = Printed::of(&desk, "out.xlsx");
    let number = resident(1);
    let sex = if number.as_bytes()[16] % 2 == 1 { "男" } else { "女" };
    assert_eq!(filled.row(4)[..2], ["李娜", sex]);
    assert_eq!(filled.row(4)[3..], [&*number, "成都样例机械有限公司", "电工", "3"]);
    assert_eq!((filled.row(2).len(), filled.row(6).len()), (8, 0));
    let (before, after) = (parts(&template), parts(&desk.path("out.xlsx")));
    let sheet = "xl/worksheets/sheet1.xml";
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (name, bytes) in &before {
        assert!(name == sheet || after[name] == *bytes, "{name} changed");
    }
    // Of the sheet all stands as it stood, but for the rows that were added and how far it reaches.
    let text = |parts: &BTreeMap<String, Vec<u8>>| String::from_utf8(parts[sheet].clone()).expect("UTF-8");
    let (before, after) = (text(&before), text(&after));
    let between = |text: &str, from: &str, to: &str| {
        let start = text.find(from).unwrap_or_else(|| panic!("no {from}: {text}"));
        text[start..start + text[start..].find(to).expect("an end") + to.len()].to_string()
    };
    for (from, to) in [
        ("<cols>", "</cols>"),
        ("<row r=\"1\"", "</row>"),
        ("<row r=\"2\"", "</row>"),
        ("<mergeCells", "</mergeCells>"),
        ("<dataValidations", "</dataValidations>"),
    ] {
        assert_eq!(between(&before, from, to), between(&after, from, to), "{from}");
    }
    let entry = ok(&desk, &["audit", "show", "--limit", "1"]);
    assert!(entry.contains("out.xlsx"), "{entry}");
    // The same template is filled again; one that is full is not.
    ok(&desk, &["form", "fill", "t.xlsx", "--batch", "1", "-o", "again.xlsx"]);
    let full = refused(&desk, 2, &["form", "fill", "out.xlsx", "--batch", "1", "-o", "more.xlsx"]);
    assert!(full.contains("空白的模板"), "{full}");
    assert!(refused(&desk, 3, &call).contains("out.xlsx"));
}

#[test]
fn a_template_whose_header_changed_is_refused_until_it_is_said_to_be_a_new_one() {
    let desk = with_summary(2);
    fs::copy(root("tests/fixtures/import-template.xlsx"), desk.path("t.xlsx")).expect("copied");
    ok(&desk, &["form", "fill", "t.xlsx", "--batch", "1", "-o", "out.xlsx"]);
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, label) in (0..).zip(["姓名", "证件类型", "证件号码", "所在单位", "职业名称"]) {
        sheet.write_string(0, column, label).expect("a cell");
    }
    book.save(desk.path("new.xlsx")).expect("a workbook");
    let call = ["form", "fill", "new.xlsx", "--batch", "1", "-o", "two.xlsx"];
    let told = refused(&desk, 1, &call);
    for part in ["new.xlsx", "第 2 栏", "手机号码", "--new-header"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!desk.path("two.xlsx").exists(), "nothing half done");
    ok(&desk, &[&call[..], &["--new-header"]].concat());
    assert_eq!(Printed::of(&desk, "two.xlsx").row(2)[0], "张伟");
    assert!(refused(&desk, 1, &["form", "fill", "t.xlsx", "--batch", "1", "-o", "three.xlsx"]).contains("表头"));
    desk.put("no.csv", "姓名,证件类型,证件号码,所在单位\n");
    assert!(refused(&desk, 1, &["form", "fill", "no.csv", "--batch", "1", "-o", "n.xlsx"]).contains("no.csv"));
    let text = ["form", "fill", "no.csv", "--batch", "1", "-o", "n.xlsx", "--new-header"];
    assert!(refused(&desk, 2, &text).contains("xlsx"));
}
