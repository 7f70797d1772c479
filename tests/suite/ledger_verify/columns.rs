//! Every column of every table altered in turn, past the program and its triggers: what is on record is vouched for by the
//! audit chain, and `ledger verify` tells where it is not so any more.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use skillcert::domain::ledger::verify::LedgerProblem;
use skillcert::store::{StatePaths, StoreReader};

use crate::support::{Desk, good, goods, has_option, verbs};

const PREFIX: &str = "S000062010001";

/// The tables of the register, and about what a problem with a row of theirs is.
const COVERED: [(&str, &[&str]); 19] = [
    ("audit", &["entry:"]),
    ("institution", &["institution:"]),
    ("institution_name", &["institution:"]),
    ("institution_seal", &["institution:"]),
    ("institution_scope", &["institution:"]),
    ("series", &["series:"]),
    ("touched", &["entry:"]),
    ("gap", &["series:"]),
    ("assessment", &["entry:", "certificate:", "certificate"]),
    ("certificate", &["certificate", "entry:", "series:"]),
    ("case_file", &["case:"]),
    ("event", &["institution:", "batch:", "case:"]),
    ("fact", &["institution:", "batch:", "case:"]),
    ("blank_move", &["stock:"]),
    ("blank", &["stock:"]),
    ("blank_balance", &["stock:"]),
    ("share", &["share:"]),
    ("share_file", &["share:"]),
    ("batch_count", &["batch:"]),
];

/// The tables that need not be vouched for, and why.
const NOT_COVERED: [(&str, &str); 13] = [
    ("setting", "marks of the program itself"),
    ("session", "who has the store open now"),
    ("claim", "who edits now"),
    ("view", "where somebody looked last"),
    ("batch_to_count", "empty whenever nobody is writing; a row in it is a problem of its batch"),
    (
        "batch",
        "work on a roster: its acts are entries (file, digest, rows, profile, columns), what was given for it stands in the certificates",
    ),
    ("block", "the roster as it was read, beside the user's own file"),
    ("skipped", "lines of the file that are no rows"),
    ("part", "files added to a roster: each is an entry with its name, rows and digest"),
    ("part_skipped", "lines of those files that are no rows"),
    (
        "change",
        "work on a roster: each step is an entry with its cells, or of many their digest; one that gave numbers is told by those",
    ),
    ("edit", "the cells of those steps"),
    ("row_edit", "what those steps say of rows"),
];

#[track_caller]
fn done(desk: &Desk, arguments: &[&str]) {
    let home = desk.name("home");
    let words = arguments[..2].join(" ");
    // What cannot be taken back asks.
    let agreed = verbs().any(|(path, command)| path == words && has_option(command, "yes"));
    let yes = if agreed { &["--yes"][..] } else { &[] };
    let ran = desk.verb(&[&["--home", &home], arguments, yes].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
}

fn code(serial: u32) -> String {
    format!("{PREFIX}242J{serial:05}")
}

/// A register with something in every column.
fn register(desk: &Desk) {
    let add = |prefix: &str, name: &str, more: &[&str]| {
        let of = ["institution", "add", prefix, "--name", name, "--profile", "gansu-competition"];
        done(desk, &[&of, more].concat());
    };
    let filed = ["--from", "2020-01-01", "--kind", "竞赛", "--filed-on", "2019-12-01", "--contact", "张三"];
    add(PREFIX, &good(0)[9], &filed);
    (2..5).for_each(|n| add(&format!("S00006201000{n}"), &format!("样例市第{n}竞赛组委会"), &[]));
    let second = "S000062010002";
    done(desk, &["institution", "change", second, "--name", "样例市新竞赛组委会", "--from", "2023-05-01"]);
    let seal = ["--name", "样例专用章", "--from", "2021-01-01", "--electronic-from", "2022-01-01"];
    done(desk, &[&["institution", "seal", second], &seal[..]].concat());
    desk.put(
        "scope.csv",
        "职业名称,职业编码,工种名称,认定等级,标准\n汽车维修工,4-12-01-01,汽车机械维修工,三级/二级,国家标准\n",
    );
    done(desk, &["institution", "scope", second, "scope.csv"]);
    done(desk, &["institution", "absorb", second, "--of", "S000062010003", "--on", "2024-07-31"]);
    done(desk, &["institution", "cancel", "S000062010004", "--on", "2023-12-31", "--reason", "停办"]);

    let reserve = ["ledger", "reserve", PREFIX, "--year", "24", "--level", "2", "--profile", "gansu-competition"];
    done(desk, &[&reserve[..], &["--count", "2", "--reason", "纸质名册"]].concat());
    done(desk, &[&reserve[..], &["--from", "5", "--to", "6", "--reason", "外来号段"]].concat());
    let without_codes = |rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
        rows.into_iter()
            .map(|mut row| {
                row[7].clear();
                row
            })
            .collect()
    };
    desk.roster("a.csv", &without_codes(goods(6)));
    done(desk, &["ledger", "allocate", "a.csv", "--profile", "gansu-competition", "--prefix", PREFIX]);
    desk.roster("b.csv", &without_codes(vec![good(20)]));
    let reserved = ["--profile", "gansu-competition", "--prefix", PREFIX, "--reserved"];
    done(desk, &[&["ledger", "allocate", "b.csv"], &reserved[..]].concat());
    let mut old = vec![good(30), good(31)];
    (old[0][7], old[1][7]) = (format!("{PREFIX}232J00003"), format!("{PREFIX}232J00004"));
    old.iter_mut().for_each(|row| row[8] = "2023-11-08".into());
    desk.roster("old.csv", &old);
    done(desk, &["ledger", "import", "old.csv", "--profile", "gansu-competition", "--status", "published"]);
    done(desk, &["ledger", "void", &code(5), "--reason", "退号"]);
    let all: Vec<String> = (7..=12).map(code).collect();
    for status in ["exported", "submitted", "accepted", "published"] {
        let codes = all.iter().map(String::as_str);
        done(desk, &["ledger", "mark", status].into_iter().chain(codes).collect::<Vec<_>>());
    }
    let open = |kind: &str, serial: u32, more: &[&str]| {
        let code = code(serial);
        let of = ["case", "open", kind, &code, "--reason", "申请", "--on", "2026-11-20"];
        done(desk, &[&of, more].concat());
    };
    open("correct", 7, &["--set", "姓名=张新"]);
    open("correct", 8, &["--set", "所在单位=丁公司"]);
    open("reissue", 9, &["--cause", "lost", "--paper", "身份证原件"]);
    open("revoke", 10, &["--benefits-cancelled", "2026-11-01", "--authority", "样例省厅"]);
    open("reissue", 11, &["--cause", "damaged"]);
    for case in ["1", "3", "4"] {
        done(desk, &["case", "approve", case, "--reference", "样人社函〔2026〕9号", "--on", "2026-11-20"]);
    }
    done(desk, &["case", "refuse", "2", "--reason", "材料不全"]);
    done(desk, &["case", "close", "1", "--reason", "已更正"]);
    done(desk, &["case", "close", "3", "--reason", "已补发"]);
    done(desk, &["case", "close", "4", "--reason", "已撤销", "--withdrawn", "2026-11-20"]);
    done(desk, &["event", "note", "receipt", second, "2026-01-22"]);
    done(desk, &["event", "note", "exam", "1", "2026-10-12"]);
    done(desk, &["event", "take-back", "exam", "1", "--reason", "改期"]);
    done(desk, &["event", "note", "received", "5", "2026-11-20"]);
    done(desk, &["fact", "set", second, "address=样例路1号", "contact-name=张三", "mail=a@b.cn"]);
    done(desk, &["fact", "set", "1", "award-number=样人社函〔2026〕9号", "handled-by=李四"]);
    done(desk, &["fact", "set", "1", "handled-by=", "--reason", "写错了"]);
    done(desk, &["fact", "set", "case:5", "collection=ems"]);
    let terms = ["--receiver", "某局", "--purpose", "帮扶", "--scene", "核对", "--approver", "李主任"];
    done(desk, &[&["share", "add"], &terms[..], &["--expires", "2026-12-31", "--file", "old.csv"]].concat());
    done(desk, &["share", "change", "1", "--scope", "两人"]);
    done(desk, &["share", "end", "1", "--reason", "收回"]);
    done(desk, &[&["share", "add"], &terms[..], &["--expires", "2026-12-31"]].concat());
    done(desk, &["stock", "receive", "00000101-00000150", "--keeper", "李敏", "--place", "三号柜"]);
    done(desk, &["stock", "draw", "00000101-00000120", "--to", "王强"]);
    done(desk, &["stock", "use", "00000101", &code(11)]);
    done(desk, &["stock", "spoil", "00000102", "--reason", "卡纸"]);
    done(desk, &["stock", "spoil", "00000103", "--reason", "卡纸"]);
    done(desk, &["stock", "destroy", "00000103", "--witness", "赵静"]);
    done(desk, &["stock", "spoil", "00000105", "--reason", "卡纸"]);
    done(desk, &["stock", "take-back", "00000105", "--of", "spoil", "--reason", "号看错了"]);
    let counted = ["--home", &desk.name("home"), "stock", "count", "--number", "00000104-00000149"];
    assert_eq!(desk.verb(&counted).code, 1);
    done(desk, &["stock", "close", "1", "--reason", "找不到"]);
}

fn problems(home: &Path) -> Vec<LedgerProblem> {
    let reader = StoreReader::open(&StatePaths::at(home).expect("a folder")).expect("a store").expect("a ledger");
    reader.verify().expect("a ledger that can be read").1.problems().to_vec()
}

/// Changes something with the triggers dropped and put back, so that the schema is as it was; tells how many rows changed.
fn past_the_program(home: &Path, statement: &str, values: &[Value]) -> usize {
    let db = Connection::open(home.join("skillcert.sqlite3")).expect("the database");
    // Nothing of it need outlive the test.
    let fast = "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY";
    db.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {fast}; BEGIN"))
        .expect("settings");
    let triggers: Vec<(String, String)> = db
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .expect("triggers");
    triggers.iter().for_each(|(name, _)| db.execute_batch(&format!("DROP TRIGGER {name}")).expect("dropped"));
    let changed = db.execute(statement, params_from_iter(values)).unwrap_or_else(|e| panic!("{statement}: {e}"));
    triggers.iter().for_each(|(_, sql)| db.execute_batch(sql).expect("put back"));
    db.execute_batch("COMMIT").expect("done");
    changed
}

/// Something else of the same kind.
fn altered(column: &str, value: &Value) -> Value {
    match value {
        Value::Null => Value::Integer(1),
        Value::Integer(n) if column == "gives" => Value::Integer(1 - n),
        Value::Integer(n) => Value::Integer(n + 1000),
        Value::Text(day) if day.parse::<chrono::NaiveDate>().is_ok() => Value::Text("2001-01-01".into()),
        Value::Text(text) => Value::Text(format!("{text}x")),
        other => other.clone(),
    }
}

/// A table with its columns, those of the primary key, and its rows.
struct Table {
    columns: Vec<String>,
    key: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Table {
    fn of(db: &Connection, name: &str) -> Table {
        let mut all = db.prepare("SELECT name, pk FROM pragma_table_info(?1)").expect("columns");
        let all: Vec<(String, i64)> =
            all.query_map([name], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect).expect("columns");
        let columns: Vec<String> = all.iter().map(|(column, _)| column.clone()).collect();
        let key = all.iter().filter(|(_, pk)| 0 < *pk).map(|(column, _)| column.clone()).collect();
        // One row of each kind; what no certificate says any more says nothing.
        let used = match name {
            "assessment" => "WHERE id IN (SELECT assessment FROM certificate)",
            "audit" => "WHERE seq % 11 = 0",
            "touched" => "GROUP BY batch, gives, entry % 4",
            "certificate" => "GROUP BY taken, status, reissued_on",
            _ => "",
        };
        let rows = db
            .prepare(&format!("SELECT {} FROM {name} {used}", columns.join(", ")))
            .and_then(|mut s| {
                let width = columns.len();
                s.query_map([], |r| (0..width).map(|at| r.get(at)).collect())?.collect()
            })
            .expect("rows");
        Table { columns, key, rows }
    }

    fn key_of(&self, row: &[Value]) -> (String, Vec<Value>) {
        let at = |column: &String| self.columns.iter().position(|c| c == column).expect("a column");
        let condition: Vec<String> = self.key.iter().map(|column| format!("{column} IS ?")).collect();
        (condition.join(" AND "), self.key.iter().map(|column| row[at(column)].clone()).collect())
    }
}

#[test]
fn every_column_of_the_register_is_vouched_for() {
    let desk = Desk::new();
    register(&desk);
    let (home, copy) = (desk.path("home"), desk.path("copy"));
    assert_eq!(problems(&home), []);
    fs::create_dir(&copy).expect("a folder");
    let fresh = || fs::copy(home.join("skillcert.sqlite3"), copy.join("skillcert.sqlite3")).expect("a copy");
    let db = Connection::open(home.join("skillcert.sqlite3")).expect("the database");
    let tables: BTreeSet<String> = db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("tables");
    let named = COVERED.iter().map(|(name, _)| *name).chain(NOT_COVERED.iter().map(|(name, _)| *name));
    assert_eq!(tables, named.map(String::from).collect(), "each table is covered, or a reason says why it need not be");

    let mut missed = Vec::new();
    for (name, places) in COVERED {
        let table = Table::of(&db, name);
        assert!(!table.rows.is_empty(), "{name}");
        let mut look = |what: String, statement: &str, values: &[Value]| {
            fresh();
            assert_ne!(past_the_program(&copy, statement, values), 0, "{what}");
            let found = problems(&copy);
            if !found.iter().any(|p| places.iter().any(|place| p.object.starts_with(place))) {
                missed.push(format!("{what}: {:?}", found.iter().map(|p| &p.object).collect::<Vec<_>>()));
            }
        };
        for row in &table.rows {
            let (condition, key) = table.key_of(row);
            for (column, value) in table.columns.iter().zip(row) {
                let values: Vec<Value> = [altered(column, value)].into_iter().chain(key.clone()).collect();
                let statement = format!("UPDATE {name} SET {column} = ? WHERE {condition}");
                look(format!("{name}.{column} of {key:?}"), &statement, &values);
            }
            look(format!("{name} without {key:?}"), &format!("DELETE FROM {name} WHERE {condition}"), &key);
        }
        look(format!("{name} without a row"), &format!("DELETE FROM {name}"), &[]);
    }
    assert!(missed.is_empty(), "{} of the register go unseen:\n{}", missed.len(), missed.join("\n"));
}
