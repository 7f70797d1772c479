//! Several files and folders in one call: a line each, what they share, the total, and going on past what cannot be read.

use std::fs;

use serde_json::{Value, json};

use crate::support::harness::Harness;
use crate::support::{Desk, Ran, good, goods, root, spoiled};

/// A desk with two clean rosters of different people, and a file that is no roster.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("a.csv", &goods(3));
    desk.roster("b.csv", &(3..7).map(good).collect::<Vec<_>>());
    desk.put("broken.xlsx", "no workbook");
    desk
}

/// The JSON documents of a call, one on each line.
#[track_caller]
fn documents(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

#[test]
fn each_file_has_a_line_and_the_total_names_the_failures() {
    let desk = desk();
    let ran = desk.verb(&["check", "a.csv", "broken.xlsx", "b.csv"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ran.out);
    assert!(lines[0].contains("a.csv：3 行，错误 0，警告 0，gansu-competition，"), "{}", lines[0]);
    let digest = lines[0].rsplit('，').next().unwrap_or_default();
    assert!(digest.len() == 12 && digest.bytes().all(|b| b.is_ascii_hexdigit()), "{digest}");
    assert!(lines[1].ends_with("broken.xlsx：没有做成"), "{}", lines[1]);
    assert!(ran.err.contains("broken.xlsx 的前 200 行里找不到表头"), "{}", ran.err);
    assert!(lines[2].contains("b.csv：4 行"), "{}", lines[2]);
    let total = lines[3].strip_prefix("共 3 个文件，7 行，错误 0，警告 0；没有做成的 1 个：");
    assert!(total.is_some_and(|files| files.ends_with("broken.xlsx")), "{}", lines[3]);
    // The worst counts: errors are less than a file that cannot be read, and more than nothing.
    desk.roster("wrong.csv", &spoiled());
    assert_eq!(desk.verb(&["check", "a.csv", "wrong.csv", "broken.xlsx"]).code, 3);
    let ran = desk.verb(&["check", "wrong.csv", "b.csv"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("；有问题的 2 个：") && !ran.out.contains("没有做成"), "{}", ran.out);
    // What makes a file count as wrong names it: warnings with --strict, and a list with nobody in it.
    desk.roster("nobody.csv", &[]);
    let ran = desk.verb(&["check", "a.csv", "nobody.csv"]);
    assert!(ran.code == 1 && ran.out.trim_end().ends_with("nobody.csv"), "{}", ran.out);
    assert_eq!(desk.verb(&["check", "a.csv", "b.csv"]).code, 0);
}

#[test]
fn json_has_a_document_for_each_file_and_one_for_all() {
    let desk = desk();
    let ran = desk.verb(&["check", "a.csv", "broken.xlsx", "b.csv", "--format", "json", "--with-rows"]);
    assert_eq!(ran.code, 3);
    let all = documents(&ran);
    let schemas: Vec<&Value> = all.iter().map(|document| &document["schema"]).collect();
    assert_eq!(schemas, ["skillcert-check-3", "skillcert-check-3", "skillcert-check-3", "skillcert-many-1"]);
    // Each is what the file has alone.
    let (_, alone) = desk.json(&desk.path("a.csv"), &["--with-rows"]);
    assert_eq!(all[0], alone);
    assert!(all[1]["rejected"]["message"].is_string());
    let total = &all[3];
    let across = json!({ "errors": 0, "warnings": 0 });
    let failed = [desk.path("broken.xlsx")];
    let expected = json!({
        "files": 3, "rows": 7, "errors": 0, "warnings": 0, "across": across, "failed": 1, "failed_files": failed, "wrong_files": [],
    });
    assert_eq!(total["total"], expected);
    assert_eq!(total["exit_code"], 3);
    let files = total["files"].as_array().expect("files");
    let codes: Vec<&Value> = files.iter().map(|file| &file["exit_code"]).collect();
    assert_eq!(codes, [0, 3, 0]);
    assert_eq!((&files[0]["row_count"], &files[0]["profile"]), (&json!(3), &json!("gansu-competition")));
    assert_eq!(files[0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!((&total["repeated"], &total["left_out"]), (&json!([]), &json!([])));
}

#[test]
fn csv_has_the_file_in_front_and_one_line_of_labels() {
    let desk = desk();
    desk.roster("wrong, indeed.csv", &spoiled());
    desk.roster("a.csv", &(20..22).map(good).collect::<Vec<_>>());
    let ran = desk.verb(&["check", "a.csv", "wrong, indeed.csv", "wrong, indeed.csv", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(ran.out.trim_start_matches('\u{FEFF}').as_bytes());
    let head: Vec<String> = reader.headers().expect("head").iter().map(String::from).collect();
    assert_eq!(head[..3], ["file", "row", "column"]);
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("record")).collect();
    let of_one = records.iter().filter(|record| record[0].ends_with("wrong, indeed.csv"));
    let alone = desk.verb(&["check", "wrong, indeed.csv", "--format", "csv"]).out;
    assert_eq!((of_one.count(), records.len()), (alone.lines().count() - 1, alone.lines().count() - 1));
    assert!(ran.err.contains("前面给过"), "{}", ran.err);
}

#[test]
fn a_folder_is_read_by_name_and_what_is_no_roster_in_it_is_told() {
    let desk = desk();
    let folder = desk.path("in");
    fs::create_dir_all(folder.join("below")).expect("folder");
    for (name, rows) in [("b.csv", 3..5), ("a.csv", 5..7), ("c-上报.csv", 7..8), (".d.csv", 8..9), ("~$a.xlsx", 9..9)]
    {
        desk.roster(&format!("in/{name}"), &rows.map(good).collect::<Vec<_>>());
    }
    desk.put("in/notes.pdf", "x");
    desk.roster("in/up.csv", &goods(1));
    desk.put("in/up.csv.manifest.json", "{}");
    let ran = desk.verb(&["check", "in", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = documents(&ran);
    let name = |value: &Value| value.as_str().and_then(|path| path.rsplit('/').next()).map(String::from);
    let files: Vec<String> = all[..2].iter().filter_map(|document| name(&document["file"])).collect();
    assert_eq!((all.len(), files), (3, vec!["a.csv".to_string(), "b.csv".to_string()]));
    let left: Vec<(String, &str)> = all[2]["left_out"]
        .as_array()
        .expect("list")
        .iter()
        .map(|one| (name(&one["file"]).expect("name"), one["kind"].as_str().expect("kind")))
        .collect();
    let expected = [
        (".d.csv", "hidden"),
        ("below", "folder"),
        ("c-上报.csv", "own"),
        ("notes.pdf", "other-kind"),
        ("up.csv", "own"),
        ("up.csv.manifest.json", "other-kind"),
        ("~$a.xlsx", "lock"),
    ];
    assert_eq!(left, expected.map(|(file, kind)| (file.to_string(), kind)));
    assert!(ran.err.contains("没有读的 7 个"), "{}", ran.err);
    assert_eq!(desk.verb(&["check", "in", "--quiet"]).err, "");
    // What is in a folder and named besides is read once; a folder with nothing to read is refused.
    let twice = desk.verb(&["check", "in", "in/a.csv"]);
    assert!(twice.out.contains("共 2 个文件") && twice.err.contains("前面给过"), "{}{}", twice.out, twice.err);
    let empty = desk.verb(&["check", "in/below"]);
    assert_eq!(empty.code, 3);
    assert!(empty.err.contains("xlsx"), "{}", empty.err);
}

#[test]
fn codes_and_people_of_several_files_are_compared_as_within_one() {
    let desk = desk();
    // The code of somebody else, an award once more, a number under another name.
    let mut rows: Vec<Vec<String>> = (10..13).map(good).collect();
    rows[0][7] = good(0)[7].clone();
    rows[1][2] = good(1)[2].clone();
    rows[1][0] = good(1)[0].clone();
    rows[2][2] = good(2)[2].clone();
    rows[2][5] = "汽车电器维修工".into();
    desk.roster("c.csv", &rows);
    let ran = desk.verb(&["check", "a.csv", "b.csv", "c.csv", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let all = documents(&ran);
    // Each by itself is clean; between them each row counts, as it would in one roster.
    assert!(all[3]["files"].as_array().expect("files").iter().all(|file| file["errors"] == 0 && file["warnings"] == 0));
    let total = &all[3]["total"];
    assert_eq!(total["across"], json!({ "errors": 2, "warnings": 6 }));
    assert_eq!((&total["errors"], &total["warnings"]), (&json!(2), &json!(6)));
    assert_eq!(total["wrong_files"], json!([desk.path("a.csv"), desk.path("c.csv")]));
    let repeated = all[3]["repeated"].as_array().expect("list");
    let rules: Vec<(&str, &str, &str)> = repeated
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().expect("text");
            (text("rule"), text("severity"), text("column"))
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("U01", "error", "证书编号"),
            ("U02", "warning", "证件号码"),
            ("U02", "warning", "证件号码"),
            ("U03", "warning", "证件号码")
        ]
    );
    assert_eq!((&repeated[0]["value"], &repeated[0]["clause"]), (&json!("S000062010001242J00001"), &json!("GS-40")));
    let places: Vec<(&Value, &Value)> =
        repeated[0]["places"].as_array().expect("places").iter().map(|at| (&at["sheet"], &at["row"])).collect();
    assert_eq!(places, [(&json!(""), &json!(2)), (&json!(""), &json!(2))]);
    let masked = repeated[1]["value"].as_str().expect("value");
    assert!(masked.contains('*') && !ran.out.contains(&good(1)[2]), "{masked}");
    // Text tells them by their rules, masked, with file and row of each; a warning counts with --strict only.
    let words = desk.verb(&["check", "a.csv", "c.csv"]);
    assert!(words.out.contains("错误 U01 证书编号重复（几个文件之间） (code-twice)  GS-40"), "{}", words.out);
    let total = words.out.lines().nth(2).expect("total");
    assert!(
        total.starts_with("共 2 个文件，6 行，错误 2，警告 6（其中几个文件之间：错误 2，警告 6）；有问题的 2 个："),
        "{total}"
    );
    assert!(total.contains("a.csv") && total.ends_with("c.csv"), "{total}");
    assert!(words.out.contains("a.csv 第 2 行、") && words.out.contains("c.csv 第 2 行"), "{}", words.out);
    assert!(!words.out.contains(&good(1)[2]) && words.out.contains(masked), "{}", words.out);
    rows[0][7] = good(10)[7].clone();
    desk.roster("c.csv", &rows);
    assert_eq!(desk.verb(&["check", "a.csv", "c.csv"]).code, 0);
    assert_eq!(desk.verb(&["check", "a.csv", "c.csv", "--strict"]).code, 1);
    // In csv each row that shares something has a line.
    let csv = desk.verb(&["check", "a.csv", "c.csv", "--format", "csv"]).out;
    assert_eq!(csv.lines().filter(|line| line.contains(",U02,")).count(), 4, "{csv}");
}

#[test]
fn calls_that_cannot_be_meant_are_refused_before_anything_is_read() {
    let desk = desk();
    fs::create_dir_all(desk.path("other")).expect("folder");
    fs::create_dir_all(desk.path("out")).expect("folder");
    desk.roster("other/a.csv", &goods(1));
    for (call, says) in [
        (&["check", "a.csv", "-"][..], "标准输入"),
        (&["check", "a.csv", "b.csv", "--keep-row", "3"], "--keep-row"),
        (&["check", "a.csv", "b.csv", "--sheet", "一", "--sheet", "二"], "--sheet"),
        (&["ledger", "import", "a.csv", "--sheet", "一", "--sheet", "二"], "merge"),
        (&["check", "a.csv", "b.csv", "-o", "out"], "文件夹"),
        (&["check", "a.csv", "b.csv", "--format", "xlsx", "-o", "list.xlsx"], "文件夹"),
        (&["check", "a.csv", "b.csv", "-o", "b.csv"], "b.csv"),
        (&["fix", "a.csv", "b.csv", "-o", "fixed.csv"], "文件夹"),
        (&["fix", "a.csv", "other/a.csv", "-o", "out"], "a-修正.csv"),
        (&["export", "a.csv", "b.csv", "-o", "up.xlsx"], "文件夹"),
        (&["export", "a.csv", "other/a.csv", "-o", "out"], "a-上报.xlsx"),
        (&["ledger", "import", "a.csv", "-"], "标准输入"),
    ] {
        let ran = desk.verb(call);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{call:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{call:?}: {}", ran.err);
    }
    assert!(fs::read_dir(desk.path("out")).expect("folder").next().is_none());
}

#[test]
fn several_are_corrected_into_copies_of_their_own() {
    let desk = desk();
    desk.roster("wrong.csv", &spoiled());
    let before = fs::read(desk.path("wrong.csv")).expect("file");
    fs::create_dir_all(desk.path("out")).expect("folder");
    let tried = desk.verb(&["fix", "a.csv", "wrong.csv", "-o", "out", "--dry-run"]);
    assert!(tried.out.contains("wrong.csv：会改 ") && !desk.path("out/a-修正.csv").exists(), "{}", tried.out);
    let ran = desk.verb(&["fix", "a.csv", "broken.xlsx", "wrong.csv", "-o", "out"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("a.csv：改 0 格，还有错误 0"), "{}", ran.out);
    assert!(ran.out.contains("broken.xlsx：没有做成\n"), "{}", ran.out);
    assert_eq!(fs::read(desk.path("wrong.csv")).expect("file"), before);
    let alone = desk.path("alone.csv");
    desk.verb(&["fix".as_ref(), desk.path("wrong.csv").as_os_str(), "-o".as_ref(), alone.as_os_str()]);
    assert_eq!(fs::read(desk.path("out/wrong-修正.csv")).expect("copy"), fs::read(alone).expect("copy"));
    // Once more they would be written over, which only --force does; beside the files without a folder.
    assert_eq!(desk.verb(&["fix", "a.csv", "b.csv", "-o", "out"]).code, 3);
    assert!(desk.path("out/b-修正.csv").exists());
    assert_eq!(desk.verb(&["fix", "a.csv", "b.csv"]).code, 0);
    assert!(desk.path("a-修正.csv").exists());
    // What was written is none of the rosters of the folder.
    let folder = desk.verb(&["check", "out"]);
    assert_eq!(folder.code, 3);
}

#[test]
fn a_code_in_two_files_bars_both_and_no_other() {
    let desk = desk();
    let mut rows: Vec<Vec<String>> = (10..13).map(good).collect();
    rows[0][7] = good(0)[7].clone();
    desk.roster("c.csv", &rows);
    fs::create_dir_all(desk.path("out")).expect("folder");
    let ran = desk.verb(&["export", "a.csv", "b.csv", "c.csv", "-o", "out"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines[0].contains("a.csv：没有写出：") && lines[0].contains("c.csv 第 2 行"), "{}", lines[0]);
    assert!(lines[1].contains("b.csv：4 行，写在 "), "{}", lines[1]);
    assert!(lines[2].contains("c.csv：没有写出：") && lines[2].contains("a.csv 第 2 行"), "{}", lines[2]);
    assert!(desk.path("out/b-上报.xlsx.manifest.json").exists() && !desk.path("out/a-上报.xlsx").exists());
    // The row stays behind where only rows without errors are wanted; alone each may leave.
    let ran = desk.verb(&["export", "a.csv", "c.csv", "-o", "out", "--without-errors"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("a.csv：2 行，写在 "), "{}", ran.out);
    let ran = desk.verb(&["export", "a.csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    // The public list is stopped by nothing.
    let ran = desk.verb(&["export", "a.csv", "c.csv", "--masked", "-o", "out"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(desk.path("out/a-公示.xlsx").exists());
}

#[test]
fn a_folder_of_earlier_files_comes_into_the_ledger_past_those_that_cannot() {
    let desk = desk();
    fs::create_dir_all(desk.path("old")).expect("folder");
    desk.roster("old/a.csv", &goods(2));
    let mut theirs = goods(1);
    (theirs[0][0], theirs[0][2]) = ("李四".into(), good(8)[2].clone());
    desk.roster("old/b.csv", &theirs);
    desk.put("old/c.xlsx", "no workbook");
    desk.roster("old/d.csv", &(2..5).map(good).collect::<Vec<_>>());
    let call = ["ledger", "import", "old", "--profile", "gansu-competition"];
    assert_eq!(desk.verb(&["init"]).code, 0);
    // A trial tells what would come of it, although it leaves nothing that the next file could be held against.
    let tried = desk.verb(&[&call[..], &["--dry-run"]].concat());
    let ran = desk.verb(&call);
    assert_eq!((ran.code, tried.code), (3, 3), "{}", ran.err);
    let last = |ran: &Ran| ran.out.lines().last().map(String::from);
    assert_eq!(last(&tried), last(&ran));
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 5, "{}", ran.out);
    let failures = lines[4].strip_prefix("共 4 个文件，新收 5 个号，已有 0 个；有冲突").expect("total");
    assert!(failures.contains("b.csv；没有做成的 1 个：") && failures.ends_with("c.xlsx"), "{failures}");
    let ran = desk.verb(&[&call[..], &["--format", "json"]].concat());
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((told["files"].as_array().map(Vec::len), told["failed"].as_array().map(Vec::len)), (Some(3), Some(1)));
    assert_eq!(told["files"][2]["same"], 3);
}

#[test]
fn lists_of_findings_go_into_a_folder_for_those_that_need_one() {
    let desk = desk();
    desk.roster("wrong.csv", &spoiled());
    fs::create_dir_all(desk.path("out")).expect("folder");
    let ran = desk.verb(&["check", "a.csv", "wrong.csv", "--format", "xlsx", "-o", "out"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(desk.path("out/wrong-问题清单.xlsx").exists() && !desk.path("out/a-问题清单.xlsx").exists());
    let whole = desk.path("whole.json");
    let ran = desk.verb(&["check", "a.csv", "wrong.csv", "--format", "json", "-o", "whole.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(whole).expect("file").lines().count(), 3);
}

#[test]
fn one_file_is_told_as_ever_also_where_a_pattern_finds_one() {
    let desk = desk();
    let sample = root("data/samples/gansu-2024.xlsx");
    let ran = desk.verb(&["check".as_ref(), sample.as_os_str()]);
    assert!(ran.out.contains("A01") && !ran.out.contains("共 1 个文件"), "{}", ran.out);
}

#[test]
fn a_terminal_is_told_how_far_it_is_and_a_pipe_is_not() {
    let desk = desk();
    let ran = desk.run(&["check", "a.csv", "b.csv"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let mut call: Vec<std::path::PathBuf> = vec!["check".into(), desk.path("a.csv"), desk.path("b.csv")];
    let call_of = |call: &[std::path::PathBuf]| {
        let call: Vec<&std::path::Path> = call.iter().map(std::path::PathBuf::as_path).collect();
        let run = Harness::start(&desk, &call);
        run.sees(&["共 2 个文件"]);
        String::from_utf8_lossy(&run.raw()).into_owned()
    };
    assert!(call_of(&call).contains("第 2/2 个"));
    call.push("--quiet".into());
    assert!(!call_of(&call).contains("第 2/2 个"));
}
