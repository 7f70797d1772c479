//! The JSON of every verb: fields in one spelling, each document with its kind and version, and all of them on one page.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::support::{Desk, goods, root, spoiled, verbs};

const PAGE: &str = include_str!("../../docs/json.md");

/// Calls in their order, each with the kind of its document; `{home}` is the desk's folder.
pub const CALLS: &[(&str, &[&str])] = &[
    ("skillcert-check-3", &["check", "roster.csv"]),
    ("skillcert-check-3", &["check", "roster.csv", "--with-rows"]),
    ("skillcert-check-3", &["check", "missing.csv"]),
    ("skillcert-merge-1", &["merge", "good.csv", "roster.csv", "--output", "merged.csv"]),
    ("skillcert-compare-1", &["compare", "good.csv", "roster.csv"]),
    ("skillcert-fill-1", &["fill", "open.csv", "--from", "good.csv", "--dry-run"]),
    ("skillcert-summary-1", &["summary", "roster.csv"]),
    ("skillcert-recipe-1", &["recipe", "save", "天水", "roster.csv", "--map", "所在单位=所在单位"]),
    ("skillcert-recipes-1", &["recipe", "list"]),
    ("skillcert-forms-1", &["form", "list"]),
    ("skillcert-recipe-1", &["recipe", "show", "天水"]),
    ("skillcert-values-1", &["values", "roster.csv", "--column", "所在单位", "--groups"]),
    ("skillcert-handbook-1", &["explain"]),
    ("skillcert-rule-1", &["explain", "D05"]),
    ("skillcert-clause-1", &["explain", "BJ-25"]),
    ("skillcert-clauses-1", &["explain", "BJ"]),
    ("skillcert-decode-1", &["decode", "S000062010001242J00001", "620102197501010001", "x"]),
    ("skillcert-lookup-1", &["lookup", "兰州"]),
    ("skillcert-profiles-1", &["profile", "list"]),
    ("skillcert-profile-1", &["profile", "show", "beijing"]),
    ("skillcert-profile-1", &["profile", "show", "gansu-competition"]),
    ("skillcert-profile-1", &["profile", "show", "guangdong-technical"]),
    ("skillcert-profile-1", &["profile", "show", "national"]),
    ("skillcert-import-1", &["ledger", "import", "good.csv", "--profile", "gansu-competition"]),
    (
        "skillcert-institution-change-1",
        &[
            "institution",
            "add",
            "S000062010001",
            "--name",
            "样例学校",
            "--profile",
            "gansu-competition",
            "--filed-on",
            "2024-01-01",
        ],
    ),
    ("skillcert-institution-change-1", &["institution", "change", "S000062010001", "--name", "新校"]),
    (
        "skillcert-institution-change-1",
        &["institution", "seal", "S000062010001", "--name", "章", "--electronic-from", "2025-01-01"],
    ),
    ("skillcert-scope-1", &["institution", "scope", "S000062010001", "good.csv"]),
    ("skillcert-institution-change-1", &["institution", "scope", "S000062010001", "scope.csv"]),
    (
        "skillcert-institution-change-1",
        &["institution", "add", "S000062010002", "--name", "二校", "--profile", "gansu-competition"],
    ),
    (
        "skillcert-institution-change-1",
        &["institution", "add", "S000062010003", "--name", "三校", "--profile", "gansu-competition"],
    ),
    (
        "skillcert-institution-change-1",
        &["institution", "absorb", "S000062010001", "--of", "S000062010002", "--reason", "并", "--yes"],
    ),
    (
        "skillcert-institution-change-1",
        &[
            "institution",
            "merge",
            "S000062010005",
            "--name",
            "合",
            "--of",
            "S000062010001",
            "--of",
            "S000062010003",
            "--reason",
            "合",
            "--yes",
        ],
    ),
    (
        "skillcert-institution-change-1",
        &["institution", "cancel", "S000062010005", "--on", "2026-11-21", "--reason", "销", "--yes"],
    ),
    ("skillcert-institutions-2", &["institution", "list", "--all"]),
    ("skillcert-institution-2", &["institution", "show", "S000062010001"]),
    ("skillcert-event-1", &["event", "note", "receipt", "S000062010001", "2026-01-22"]),
    ("skillcert-event-1", &["event", "take-back", "receipt", "S000062010001", "--reason", "错"]),
    (
        "skillcert-rectification-1",
        &["institution", "rectify", "S000062010001", "--on", "2026-01-05", "--paper", "整1号"],
    ),
    (
        "skillcert-rectification-1",
        &["institution", "rectified", "S000062010001", "--on", "2026-01-06", "--paper", "验1号"],
    ),
    ("skillcert-events-1", &["event", "list"]),
    ("skillcert-fact-1", &["fact", "set", "S000062010001", "address=样例路1号", "contact-name=王强"]),
    ("skillcert-facts-1", &["fact", "list", "S000062010001"]),
    ("skillcert-checklists-1", &["checklist", "S000062010001"]),
    ("skillcert-due-1", &["due"]),
    ("skillcert-due-day-1", &["due", "--rule", "BJ-22", "--from", "2025-08-31"]),
    ("skillcert-stock-move-1", &["stock", "receive", "00000001-00000050", "--keeper", "李敏", "--place", "三号柜"]),
    ("skillcert-stock-move-1", &["stock", "draw", "00000001-00000020", "--to=王强", "--reason", "打印"]),
    ("skillcert-stock-move-1", &["stock", "return", "00000011-00000020"]),
    ("skillcert-stock-move-1", &["stock", "hand-over", "00000021-00000050", "--to=赵静", "--place", "五号柜", "--yes"]),
    ("skillcert-stock-move-1", &["stock", "use", "00000003", "S000062010001242J00001", "--yes"]),
    ("skillcert-stock-move-1", &["stock", "spoil", "00000002", "--reason", "卡纸", "--yes"]),
    ("skillcert-stock-move-1", &["stock", "destroy", "--all", "--witness", "赵静", "--record", "记录", "--yes"]),
    ("skillcert-stock-count-1", &["stock", "count", "--number", "00000001,00000003-00000050", "--keeper", "王强"]),
    ("skillcert-stock-count-1", &["stock", "close", "1", "--reason", "说明", "--yes"]),
    ("skillcert-stock-count-1", &["stock", "take-back", "--count", "1", "--reason", "错"]),
    ("skillcert-stock-move-1", &["stock", "receive", "00000101-00000200", "--keeper", "李敏"]),
    ("skillcert-stock-move-1", &["stock", "take-back", "00000151-00000200", "--reason", "错"]),
    ("skillcert-stock-compare-1", &["stock", "compare", "blanks.csv"]),
    ("skillcert-stock-demand-1", &["stock", "demand", "--year", "2027", "--estimate", "三级=5", "--note"]),
    ("skillcert-stock-demand-1", &["stock", "demand", "--year", "2027"]),
    ("skillcert-stock-1", &["stock", "show"]),
    ("skillcert-blank-1", &["stock", "show", "00000002"]),
    ("skillcert-blanks-1", &["stock", "list"]),
    ("skillcert-series-1", &["ledger", "series"]),
    (
        "skillcert-next-1",
        &["ledger", "next", "S000062020001", "--year", "24", "--level", "2", "--profile", "gansu-competition"],
    ),
    (
        "skillcert-reservation-1",
        &[
            "ledger",
            "reserve",
            "S000062020001",
            "--year",
            "24",
            "--level",
            "2",
            "--from",
            "9",
            "--to",
            "9",
            "--reason",
            "纸",
            "--profile",
            "gansu-competition",
            "--yes",
        ],
    ),
    (
        "skillcert-allocation-1",
        &[
            "ledger",
            "allocate",
            "open.csv",
            "--prefix",
            "S000062020001",
            "--profile",
            "gansu-competition",
            "--also-held",
        ],
    ),
    ("skillcert-gaps-1", &["ledger", "gaps"]),
    ("skillcert-mark-1", &["ledger", "mark", "returned", "S000062020001242J00001", "--reason", "照片"]),
    ("skillcert-mark-1", &["ledger", "void", "S000062020001242J00002", "--yes", "--reason", "错"]),
    ("skillcert-archive-1", &["archive", "write", "--batch", "1", "--output", "a.zip", "--reason", "x"]),
    ("skillcert-archive-verify-1", &["archive", "verify", "a.zip"]),
    ("skillcert-reply-1", &["ledger", "reply", "reply.csv", "--dry-run"]),
    ("skillcert-mark-1", &["batch", "submit", "1", "--receipt", "R-1"]),
    ("skillcert-statistics-1", &["statistics"]),
    ("skillcert-screening-1", &["screen"]),
    ("skillcert-screening-1", &["screen", "--batch", "1"]),
    (
        "skillcert-share-change-1",
        &[
            "share",
            "add",
            "--receiver",
            "某局",
            "--purpose",
            "帮扶",
            "--scene",
            "核对",
            "--approver",
            "李主任",
            "--expires",
            "2026-12-31",
        ],
    ),
    ("skillcert-share-change-1", &["share", "change", "1", "--scope", "全部"]),
    ("skillcert-shares-1", &["share", "list"]),
    ("skillcert-share-1", &["share", "show", "1"]),
    ("skillcert-share-change-1", &["share", "end", "1", "--reason", "收回"]),
    ("skillcert-two-people-1", &["two-people"]),
    ("skillcert-answers-1", &["answers", "answers.csv", "--batch", "1"]),
    ("skillcert-carry-over-1", &["carry-over", "good.csv", "--batch", "1", "--dry-run"]),
    ("skillcert-batches-1", &["batch", "list"]),
    ("skillcert-batch-1", &["batch", "show", "1"]),
    (
        "skillcert-print-data-1",
        &["print", "data", "--code", "S000062010001242J00001", "--output", "print.xlsx", "--reason", "x"],
    ),
    ("skillcert-proof-1", &["print", "proof", "S000062010001242J00001"]),
    ("skillcert-photos-1", &["print", "photos", ".", "good.csv"]),
    ("skillcert-form-1", &["form", "show", "hand-out-list", "--batch", "1"]),
    ("skillcert-form-1", &["form", "write", "hand-out-list", "--batch", "1", "--output", "form.xlsx"]),
    (
        "skillcert-case-2",
        &[
            "case",
            "open",
            "correct",
            "S000062010001242J00001",
            "--set",
            "name=张三",
            "--set",
            "work_type=汽车电器维修工",
            "--reason",
            "错",
        ],
    ),
    ("skillcert-case-2", &["case", "refuse", "1", "--reason", "不符"]),
    ("skillcert-case-2", &["case", "open", "reissue", "S000062010001242J00001", "--cause", "lost", "--reason", "x"]),
    ("skillcert-case-2", &["case", "approve", "2", "--reference", "1号"]),
    ("skillcert-reach-1", &["case", "close", "2", "--dry-run"]),
    ("skillcert-case-2", &["case", "close", "2", "--yes"]),
    ("skillcert-case-2", &["case", "open", "revoke", "S000062010001242J00002", "--reason", "x"]),
    ("skillcert-case-2", &["case", "show", "1"]),
    ("skillcert-cases-2", &["case", "list"]),
    ("skillcert-life-2", &["ledger", "show", "S000062010001242J00001"]),
    ("skillcert-life-2", &["ledger", "show", "S000062010001242J00002"]),
    ("skillcert-certificates-1", &["ledger", "show", "张"]),
    ("skillcert-verify-2", &["ledger", "verify"]),
    ("skillcert-audit-1", &["audit", "show", "--limit", "99"]),
    ("skillcert-audit-verify-1", &["audit", "verify"]),
    ("skillcert-audit-accept-1", &["audit", "accept", "--reason", "x"]),
    ("skillcert-keys-1", &["keys"]),
    ("skillcert-backup-1", &["backup", "--output", "b.zip"]),
    ("skillcert-restore-1", &["restore", "b.zip", "--to", "copy", "--yes"]),
    ("skillcert-init-1", &["init"]),
    ("skillcert-doctor-1", &["doctor"]),
];

/// Fields below which the names are data: labels of the roster, and rules.
const DATA: [&str; 4] = ["rows", "rules", "warnings", "notices"];

/// Lists fields that are not spelt as fields are.
fn misspelt(value: &Value, schema: &str, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let own = ["skillcert-check-3", "skillcert-manifest-4"].contains(&schema)
                && DATA.iter().any(|name| path.ends_with(&format!(".{name}")) || path.ends_with(&format!(".{name}[]")));
            for (name, inner) in map {
                let is_snake = name.starts_with(|c: char| c.is_ascii_lowercase())
                    && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                if !own && !is_snake {
                    found.push(format!("{schema}{path}.{name}"));
                }
                misspelt(inner, schema, &format!("{path}.{name}"), found);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| misspelt(inner, schema, &format!("{path}[]"), found)),
        _ => {}
    }
}

#[track_caller]
fn look(told: &str, document: &Value, schema: &str) {
    let first = document.as_object().and_then(|map| map.iter().next()).expect("a document with fields");
    assert_eq!((first.0.as_str(), first.1.as_str()), ("schema", Some(schema)), "{told}: {document}");
    let mut found = Vec::new();
    misspelt(document, schema, "", &mut found);
    assert!(found.is_empty(), "{told}: {found:?}");
    assert!(PAGE.contains(&format!("| `{schema}` |")), "docs/json.md has no {schema}");
}

fn desk() -> Desk {
    let desk = Desk::new();
    desk.roster("roster.csv", &spoiled());
    let mut rows = goods(5);
    desk.roster("good.csv", &rows);
    rows.iter_mut().for_each(|row| row[7].clear());
    rows[4][6].clear();
    desk.roster("open.csv", &rows);
    desk.put("answers.csv", "定位（请勿改动）,姓名（请改为）\nskillcert 9/1 x,张三\n");
    desk.put("reply.csv", "证书编号,审核结果,退回原因\nS000062020001242J00001,退回,照片\nx,也许,\n");
    desk.put("blanks.csv", "00000003-00000050\n");
    desk.put("scope.csv", "职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工,4-12-01-01,,三级,国家标准\n");
    desk
}

#[test]
fn fields_are_spelt_alike_in_every_document_and_each_names_its_kind() {
    let desk = desk();
    for (schema, call) in CALLS {
        let ran = desk.verb(&[*call, &["--format", "json"]].concat());
        let told = format!("{call:?} {}", ran.err);
        let documents: Vec<Value> = match serde_json::from_str(&ran.out) {
            Ok(one) => vec![one],
            Err(_) => {
                ran.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{told}: {e}"))).collect()
            }
        };
        assert!(!documents.is_empty(), "{told}");
        documents.iter().for_each(|document| look(&told, document, schema));
    }
}

#[test]
fn manifests_are_documents_too() {
    let desk = desk();
    for call in [
        &["ledger", "import", "good.csv", "--profile", "gansu-competition"][..],
        &["export", "good.csv", "--output", "upload.csv"],
        &["case", "open", "correct", "S000062010001242J00001", "--set", "name=张三", "--reason", "错"],
        &["case", "approve", "1", "--reference", "1号"],
        &["case", "close", "1", "--yes"],
        &["case", "export", "1", "--output", "case.csv"],
        &["export", "roster.csv", "--masked", "--output", "public.csv"],
    ] {
        let ran = desk.verb(call);
        assert!(ran.code <= 1, "{call:?}: {}", ran.err);
    }
    for (file, schema) in [
        ("upload", "skillcert-manifest-4"),
        ("public", "skillcert-public-1"),
        ("case", "skillcert-correction-manifest-1"),
    ] {
        let text = fs::read_to_string(desk.path(&format!("{file}.csv.manifest.json"))).expect("a manifest");
        look(file, &serde_json::from_str(&text).expect("JSON"), schema);
    }
}

/// Whether a verb prints JSON.
fn prints(command: &clap::Command) -> bool {
    let mut formats = command.get_arguments().filter(|arg| arg.get_long() == Some("format"));
    formats.any(|arg| arg.get_possible_values().iter().any(|value| value.get_name() == "json"))
}

#[test]
fn no_verb_and_no_document_is_left_out() {
    let verbs: Vec<&str> = verbs().filter(|(_, command)| prints(command)).map(|(verb, _)| verb).collect();
    assert!(35 < verbs.len(), "{verbs:?}");
    for verb in &verbs {
        assert!(
            CALLS.iter().any(|(_, call)| format!("{} ", call.join(" ")).starts_with(&format!("{verb} "))),
            "{verb}"
        );
        assert!(PAGE.contains(&format!("`skillcert {verb}`")), "docs/json.md has no {verb}");
    }
    let listed: BTreeSet<&str> =
        PAGE.lines().filter_map(|line| line.strip_prefix("| `skillcert-")?.split('`').next()).collect();
    let source = fs::read_to_string(root("src/cli/json.rs")).expect("source");
    let known = source.split("\"skillcert-").skip(1).filter_map(|rest| rest.split('"').next());
    let of_files = ["correction-manifest-1", "manifest-4", "public-1"];
    let known: BTreeSet<&str> = known.chain(of_files).collect();
    assert_eq!(listed, known, "docs/json.md and src/cli/json.rs list different documents");
}
