//! Every invariant of the ledger, broken by hand in the database on a copy: `ledger verify` names it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use skillcert::domain::ledger::verify::{ProblemKind, VerifyReport};
use skillcert::store::{StatePaths, StoreReader};
use skillcert::words::{Lang, Locale};

use crate::support::Desk;
use crate::support::raw_ledger::{Ledger, OLD, OURS};

#[path = "ledger_verify/columns.rs"]
mod columns;

/// A way to break a ledger: what it is, the statements, and a problem that must be named.
type Break = (&'static str, &'static str, ProblemKind, &'static str);

/// Serials and codes are those of [`Ledger::sound`]; `{ours}` and `{old}` are the ids of the series.
const BREAKS: &[Break] = &[
    (
        "code twice",
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, 'TEXT NOT NULL UNIQUE CHECK (length(code) = 22)', 'TEXT NOT NULL')
         WHERE name = 'certificate';
         DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_certificate_1';
         PRAGMA writable_schema = RESET;
         DROP TRIGGER certificate_keeps_number;
         UPDATE certificate SET code = 'S000062010001242J00005' WHERE code = 'S000062010001242J00006'",
        ProblemKind::CodeTwice,
        "certificate:S000062010001242J00005",
    ),
    (
        "serial twice",
        "PRAGMA legacy_alter_table = ON;
         CREATE TABLE copy (id INTEGER PRIMARY KEY, series INTEGER, serial INTEGER, code TEXT, status TEXT, status_on TEXT,
            batch INTEGER, row INTEGER, taken INTEGER, name TEXT, pinyin TEXT, id_type TEXT, id_number TEXT, employer TEXT,
            assessment INTEGER, reissued_on TEXT);
         INSERT INTO copy SELECT id, series, serial, code, status, status_on, batch, row, taken, name, pinyin, id_type,
            id_number, employer, assessment, reissued_on FROM certificate;
         DROP TABLE certificate;
         ALTER TABLE copy RENAME TO certificate;
         UPDATE certificate SET serial = 5 WHERE serial = 6 AND series = {ours}",
        ProblemKind::SerialTwice,
        "series:S000062010001242J*****",
    ),
    (
        "taken by two entries",
        "DROP TRIGGER audit_no_update;
         UPDATE audit SET after = replace(after, '\"first\":21', '\"first\":20') WHERE action = 'ledger.reserve'",
        ProblemKind::SerialTwice,
        "series:S000062010001242J*****",
    ),
    (
        "code not of its series",
        "DROP TRIGGER certificate_keeps_number;
         UPDATE certificate SET code = 'S000062010001242J00099' WHERE code = 'S000062010001242J00007'",
        ProblemKind::Shape,
        "certificate:S000062010001242J00099",
    ),
    (
        "serial outside",
        "UPDATE series SET last = 15 WHERE id = {ours}",
        ProblemKind::Outside,
        "certificate:S000062010001242J00016",
    ),
    (
        "serial above high",
        "DROP TRIGGER series_only_grows; UPDATE series SET high = 24 WHERE id = {ours}",
        ProblemKind::AboveHigh,
        "certificate:S000062010001242J00025",
    ),
    (
        "number not explained",
        "UPDATE series SET high = 30 WHERE id = {ours}",
        ProblemKind::Unexplained,
        "series:S000062010001242J*****",
    ),
    ("gap not explained", "DELETE FROM gap", ProblemKind::Unexplained, "series:S000062010001232J*****"),
    (
        "number set free",
        "DROP TRIGGER certificate_no_delete; DELETE FROM certificate WHERE code = 'S000062010001242J00020'",
        ProblemKind::Lost,
        "series:S000062010001242J*****",
    ),
    (
        "gap over a certificate",
        "UPDATE gap SET last = 6",
        ProblemKind::Gap,
        "series:S000062010001232J*****",
    ),
    (
        "gap beyond the last number",
        "INSERT INTO gap VALUES ({ours}, 40, 41, 1, 'x')",
        ProblemKind::Gap,
        "series:S000062010001242J*****",
    ),
    ("gap of no entry", "UPDATE gap SET entry = 99", ProblemKind::Gap, "series:S000062010001232J*****"),
    (
        "retired prefix",
        "INSERT INTO institution VALUES ('S000062010001', 'gansu-competition', '', NULL, '', '2024-10-01', 'x', NULL)",
        ProblemKind::Retired,
        "certificate:S000062010001242J00001",
    ),
    (
        "retired after the date of issue, before the number was given",
        "INSERT INTO institution VALUES ('S000062010001', 'gansu-competition', '', NULL, '', '2025-10-01', 'x', NULL)",
        ProblemKind::Retired,
        "certificate:S000062010001242J00021",
    ),
    (
        "unknown status",
        "PRAGMA ignore_check_constraints = ON; DROP TRIGGER certificate_stays_ended;
         UPDATE certificate SET status = 'lent' WHERE code = 'S000062010001242J00001'",
        ProblemKind::Status,
        "certificate:S000062010001242J00001",
    ),
    (
        "status past the program",
        "UPDATE certificate SET status = 'published' WHERE code = 'S000062010001242J00012'",
        ProblemKind::StatusDiffers,
        "certificate:S000062010001242J00012",
    ),
    (
        "void given again",
        "DROP TRIGGER certificate_stays_ended;
         UPDATE certificate SET status = 'allocated' WHERE code = 'S000062010001242J00003'",
        ProblemKind::StatusDiffers,
        "certificate:S000062010001242J00003",
    ),
    (
        "number without its entry",
        "UPDATE series SET high = 26 WHERE id = {ours};
         INSERT INTO certificate (id, code, status, status_on, taken)
         VALUES ({ours} << 30 | 26, 'S000062010001242J00026', 'reserved', '2026-11-20', 2)",
        ProblemKind::NoEntry,
        "certificate:S000062010001242J00026",
    ),
    (
        "another entry",
        "DROP TRIGGER certificate_keeps_number;
         UPDATE certificate SET taken = 3 WHERE code = 'S000062010001242J00004'",
        ProblemKind::NoEntry,
        "certificate:S000062010001242J00004",
    ),
    (
        "reserved with a holder",
        "UPDATE certificate SET name = '张伟' WHERE code = 'S000062010001242J00022'",
        ProblemKind::ReservedHeld,
        "certificate:S000062010001242J00022",
    ),
    (
        "record past the program",
        "UPDATE certificate SET id_number = '620102198805120027' WHERE code = 'S000062010001242J00009'",
        ProblemKind::RecordDiffers,
        "entry:1",
    ),
    (
        "a changed record past the program",
        "UPDATE certificate SET employer = '甲公司' WHERE code = 'S000062010001242J00002'",
        ProblemKind::RecordDiffers,
        "certificate:S000062010001242J00002",
    ),
    (
        "series counted under another profile",
        "UPDATE series SET profile = 'national' WHERE id = {ours}",
        ProblemKind::SeriesDiffers,
        "series:S000062010001242J*****",
    ),
    (
        "institution past the program",
        "INSERT INTO institution VALUES ('S000062010009', 'gansu-competition', '', NULL, '', NULL, '', NULL)",
        ProblemKind::InstitutionDiffers,
        "institution:S000062010009",
    ),
    (
        "case past the program",
        "INSERT INTO case_file (id, kind, state, certificate, snapshot, request, applied_on, reason, opened)
         VALUES (7, 'revoke', 'open', {ours} << 30 | 5, '{}', '{}', '2026-11-21', 'x', 6)",
        ProblemKind::CaseDiffers,
        "case:7",
    ),
    (
        "event past the program",
        "INSERT INTO event VALUES ('batch:1', 'uploaded', '2026-11-20', 6)",
        ProblemKind::EventDiffers,
        "batch:1",
    ),
    (
        "fact past the program",
        "INSERT INTO fact VALUES ('batch:1', 'award-number', 'x', 6)",
        ProblemKind::FactDiffers,
        "batch:1",
    ),
    (
        "share past the program",
        "INSERT INTO share VALUES (1, '某局', '核对', '', '', '', '', 6, 6, '', NULL)",
        ProblemKind::ShareDiffers,
        "share:1",
    ),
    (
        "blanks past the program",
        "DROP TRIGGER blank_move_goes_on;
         INSERT INTO blank_move VALUES (1, 6, 'ordinary', 1, 9, 'stock', '甲', '', NULL, '2026-11-20', NULL, 0, NULL)",
        ProblemKind::StockDiffers,
        "stock:ordinary",
    ),
    ("runs past the program", "DROP TRIGGER touched_no_delete; DELETE FROM touched WHERE entry = 2", ProblemKind::Count, "entry:2"),
    (
        "count",
        "DROP TRIGGER audit_no_update;
         UPDATE audit SET after = replace(after, '\"count\":5', '\"count\":6') WHERE seq = 2",
        ProblemKind::Count,
        "entry:2",
    ),
    (
        "entry that says something else",
        "DROP TRIGGER audit_no_update; UPDATE audit SET reason = 'y' WHERE seq = 2",
        ProblemKind::Chain,
        "entry:2",
    ),
    (
        "entry taken out",
        "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 3",
        ProblemKind::Chain,
        "entry:4",
    ),
    (
        "tail cut off",
        "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 6",
        ProblemKind::StatusDiffers,
        "certificate:S000062010001242J00003",
    ),
    (
        "entry of an action that nobody knows",
        "DROP TRIGGER audit_no_update; UPDATE audit SET action = 'ledger.lend' WHERE seq = 6",
        ProblemKind::Action,
        "entry:6",
    ),
    (
        "entry that cannot be read",
        "DROP TRIGGER audit_no_update; UPDATE audit SET after = 'x' WHERE seq = 5",
        ProblemKind::Entry,
        "entry:5",
    ),
    ("trigger gone", "DROP TRIGGER certificate_no_delete", ProblemKind::SchemaMissing, "trigger certificate_no_delete"),
    ("index gone", "DROP INDEX certificate_by_name", ProblemKind::SchemaMissing, "index certificate_by_name"),
    (
        "trigger weakened",
        "DROP TRIGGER series_only_grows;
         CREATE TRIGGER series_only_grows BEFORE UPDATE ON series BEGIN SELECT 1; END",
        ProblemKind::SchemaChanged,
        "trigger series_only_grows",
    ),
    ("table added", "CREATE TABLE notes (text TEXT)", ProblemKind::SchemaChanged, "table notes"),
    (
        "series gone",
        "DROP TRIGGER series_no_delete; DELETE FROM series WHERE id = {old}",
        ProblemKind::NoSeries,
        "certificate:S000062010001232J00005",
    ),
    ("series gone, told by the chain", "DROP TRIGGER series_no_delete; DELETE FROM series WHERE id = {old}", ProblemKind::NoSeries, "series:S000062010001232J*****"),
    ("batch gone", "DELETE FROM batch", ProblemKind::Reference, "certificate"),
    (
        "assessment gone",
        "DROP TRIGGER assessment_no_delete; DELETE FROM assessment WHERE id <> 1",
        ProblemKind::Reference,
        "certificate",
    ),
    (
        "an assessment past the program",
        "DROP TRIGGER assessment_no_update; UPDATE assessment SET issue_date = '2024-11-09' WHERE id <> 1",
        ProblemKind::RecordDiffers,
        "entry:1",
    ),
    (
        "a trigger under a name like SQLite's own",
        "PRAGMA writable_schema = ON;
         CREATE TRIGGER sqlite_x AFTER INSERT ON certificate BEGIN SELECT 1; END;
         PRAGMA writable_schema = RESET",
        ProblemKind::SchemaChanged,
        "trigger sqlite_x",
    ),
    (
        "letters of another name",
        "UPDATE certificate SET pinyin = 'x' WHERE code = 'S000062010001242J00007'",
        ProblemKind::RecordDiffers,
        "certificate:S000062010001242J00007",
    ),
    (
        "index that leads elsewhere",
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = replace(sql, '(pinyin, name)', '(pinyin, employer)') WHERE name = 'certificate_by_name';
         PRAGMA writable_schema = RESET",
        ProblemKind::Damaged,
        "file",
    ),
];

fn check(home: &Path) -> VerifyReport {
    let reader = StoreReader::open(&StatePaths::at(home).expect("a folder")).expect("a store").expect("a ledger");
    reader.verify().expect("a ledger that can be read").1
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    std::fs::copy(from.join("skillcert.sqlite3"), to.join("skillcert.sqlite3")).expect("a copy");
}

#[test]
fn a_sound_ledger_has_no_problem() {
    let desk = Desk::new();
    drop(Ledger::sound(&desk.path("home")));
    assert_eq!(check(&desk.path("home")).problems(), []);
}

#[test]
fn every_invariant_broken_by_hand_is_named() {
    let desk = Desk::new();
    drop(Ledger::sound(&desk.path("home")));
    let mut missed = Vec::new();
    for (number, (what, statements, kind, object)) in BREAKS.iter().enumerate() {
        let home = desk.path(&number.to_string());
        copy(&desk.path("home"), &home);
        let ledger = Ledger::open(&home);
        let id = |key: &str| -> String {
            let id: i64 =
                ledger.db.query_row("SELECT id FROM series WHERE key = ?1", [key], |r| r.get(0)).expect("an id");
            id.to_string()
        };
        let statements = statements.replace("{ours}", &id(OURS)).replace("{old}", &id(OLD));
        ledger.db.execute_batch(&statements).unwrap_or_else(|e| panic!("{what}: {e}"));
        drop(ledger);
        let report = check(&home);
        if !report.problems().iter().any(|p| p.kind == *kind && p.object == *object) {
            missed.push(format!("{what}: {:?}", report.problems()));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    let broken: BTreeSet<ProblemKind> = BREAKS.iter().map(|(_, _, kind, _)| *kind).collect();
    assert_eq!(broken.len(), ProblemKind::ALL.len(), "a kind that nothing breaks");
}

#[test]
fn the_program_tells_what_is_wrong_and_what_to_do() {
    let desk = Desk::new();
    let home = desk.path("named");
    let verify =
        |format: &str| desk.verb(&["--home", home.to_str().expect("a path"), "ledger", "verify", "--format", format]);
    let nothing_yet = verify("text");
    // A folder that is named wrongly is no ledger in which all is well.
    assert_eq!(nothing_yet.code, 2);
    assert!(nothing_yet.err.contains("--home"), "{}", nothing_yet.err);
    assert!(!home.exists(), "a check makes nothing");
    let ledger = Ledger::sound(&home);
    assert_eq!(verify("text").code, 0);
    ledger
        .db
        .execute_batch("DROP TRIGGER certificate_no_delete; DELETE FROM certificate WHERE serial = 20")
        .expect("broken");
    let told = verify("text");
    let text = told.out;
    assert_eq!(told.code, 1);
    assert!(text.contains("给过的编号不见了") && text.contains("series:S000062010001242J*****  20"), "{text}");
    assert!(text.contains("trigger certificate_no_delete"), "{text}");
    let told: Value = serde_json::from_str(&verify("json").out).expect("JSON");
    assert!(told["counts"].as_array().expect("counts").contains(&serde_json::json!({ "kind": "lost", "count": 1 })));
    assert_eq!(told["head"]["count"], 6);
    drop(ledger);
    std::fs::write(home.join("skillcert.sqlite3"), "no database at all").expect("written");
    assert_eq!(verify("text").code, 4);
}

#[test]
fn every_kind_of_problem_has_its_words() {
    for locale in [Lang::Zh, Lang::En].map(Locale::load) {
        for kind in ProblemKind::ALL {
            for part in ["title", "todo"] {
                let key = format!("verify.{}.{part}", kind.key());
                assert_ne!(locale.text(&key), key);
            }
        }
    }
}
