//! What is left when the program is killed, or the disk fails, at each call that changes a file of the state folder; and
//! files that are not what they should be.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::Output;

use chrono::NaiveDate;
use rusqlite::Connection;
use skillcert::data;
use skillcert::domain::ledger::action::UnmaskedObject;
use skillcert::domain::ledger::adopt::{AdoptLeave, Issued};
use skillcert::domain::ledger::audit::ChainFault;
use skillcert::domain::ledger::stock::{BlankKind, BlankRun};
use skillcert::domain::ledger::{BatchId, Holder, Status};
use skillcert::domain::roster::BlockBuilder;
use skillcert::domain::sheet::ColumnMap;
use skillcert::store::{AdoptFile, BlankAct, CountOrder, NewBatch, StatePaths, Store, StoreReader};

use crate::support::shim::compiled;
use crate::support::{Desk, LABELS, goods};

const FIRST_SCHEMA: &str = include_str!("../../src/store/schema/0001_batches.sql");

/// A verb that changes the state, with the state it finds.
struct Verb {
    name: &'static str,
    /// Makes the state folder.
    seed: fn(&Path),
    arguments: &'static [&'static str],
    /// How many entries of the audit chain it makes: all of them or none.
    entries: u64,
    /// Whether the chain's end is not the one noted before the verb is done.
    heals: bool,
}

/// Every verb goes through every fault; a new one needs its line here only.
const VERBS: &[Verb] = &[
    Verb { name: "init", seed: nothing, arguments: &["init"], entries: 0, heals: false },
    Verb { name: "migrate", seed: first_release, arguments: &["init"], entries: 0, heals: false },
    Verb {
        name: "unmask",
        seed: one_batch,
        arguments: &["audit", "show", "--unmask", "--reason", "x"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "institution",
        seed: issued,
        arguments: &["institution", "add", "S000062010009", "--name", "样例学校", "--profile", "gansu-competition"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "allocate",
        seed: unnumbered,
        arguments: &["ledger", "allocate", "--batch", "1", "--prefix", "S000062010001"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "reserve",
        seed: issued,
        arguments: &[
            "ledger",
            "reserve",
            "S000062010001",
            "--year",
            "24",
            "--level",
            "2",
            "--count",
            "3",
            "--reason",
            "x",
        ],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "void",
        seed: issued,
        arguments: &["ledger", "void", "S000062010001242J00002", "--yes", "--reason", "x"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "case",
        seed: issued,
        arguments: &["case", "open", "correct", "S000062010001242J00001", "--set", "name=张三", "--reason", "x"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "blanks",
        seed: issued,
        arguments: &["stock", "receive", "00000101-00000150", "--keeper", "li"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "blanks-used",
        seed: with_blanks,
        arguments: &[
            "stock",
            "use",
            "00000101",
            "S000062010001242J00001",
            "--spoiled",
            "00000101-00000103",
            "--reason",
            "x",
            "--yes",
        ],
        entries: 2,
        heals: false,
    },
    Verb {
        name: "blanks-numbered",
        seed: unnumbered_with_blanks,
        arguments: &["ledger", "allocate", "--batch", "1", "--prefix", "S000062010001", "--blanks", "00000101"],
        entries: 2,
        heals: false,
    },
    Verb {
        name: "blanks-lost",
        seed: counted,
        arguments: &["stock", "close", "1", "--reason", "x", "--yes"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "blanks-back",
        seed: with_blanks,
        arguments: &["stock", "take-back", "00000121-00000150", "--reason", "x"],
        entries: 1,
        heals: false,
    },
    Verb {
        name: "blanks-count-back",
        seed: counted,
        arguments: &["stock", "take-back", "--count", "1", "--reason", "x"],
        entries: 1,
        heals: false,
    },
    Verb { name: "accept", seed: old_copy, arguments: &["audit", "accept", "--reason", "x"], entries: 1, heals: true },
];

/// How the call fails: the process dies, the disk is full, the disk is broken.
const KINDS: &[&str] = &["kill", "28", "5"];

fn open(home: &Path) -> Store {
    Store::open(&StatePaths::at(home).expect("a place"), "wang", "test").expect("open")
}

fn nothing(_: &Path) {}

fn one_batch(home: &Path) {
    open(home).create_batch(&NewBatch::default()).expect("a batch");
    open(home).set_setting("kept", "yes").expect("a setting");
}

/// A batch of three rows without a number, number 1 in the store.
fn unnumbered(home: &Path) {
    let store = open(home);
    store.set_setting("kept", "yes").expect("a setting");
    let sheet = data::sheet("upload-11").expect("the form");
    let columns = ColumnMap::matched(&LABELS.map(String::from), &sheet);
    let profile = "gansu-competition".to_string();
    let batch = store.create_batch(&NewBatch { columns, profile, ..NewBatch::default() }).expect("a batch");
    let mut rows = BlockBuilder::new();
    for (line, mut row) in goods(3).into_iter().enumerate() {
        row[7].clear();
        row.iter().for_each(|cell| rows.cell(cell));
        rows.end_row(line as u32);
    }
    store.add_block(batch, 0, &rows.finish(3), &[]).expect("rows");
    store.complete_batch(batch, 3, None).expect("complete");
}

/// A ledger with two numbers that were issued before, the first of them public.
fn issued(home: &Path) {
    let store = open(home);
    store.set_setting("kept", "yes").expect("a setting");
    let profile = data::profile("gansu-competition").expect("a profile");
    let on = NaiveDate::from_ymd_opt(2024, 11, 8).expect("a day");
    for (i, status) in [Status::Published, Status::Exported].into_iter().enumerate() {
        let row = goods(2).swap_remove(i);
        let holder = Holder {
            name: row[0].clone(),
            id_type: row[1].clone(),
            id_number: row[2].clone(),
            employer: row[3].clone(),
            occupation: row[4].clone(),
            work_type: row[5].clone(),
            level: row[6].clone(),
            issue_date: row[8].clone(),
            institution: row[9].clone(),
            issuing_body: row[10].clone(),
        };
        let file = AdoptFile { name: "2024.csv", sha256: "", profile: &profile, status, on, reason: "" };
        let rows = [Issued { line: 2, code: &row[7], is_wrong: false }].into_iter();
        assert_eq!(store.adopt(&file, rows, &|_| holder.clone(), AdoptLeave::Any).expect("adopted").new, 1);
    }
}

/// The same with blank certificates.
fn with_blanks(home: &Path) {
    issued(home);
    let run = BlankRun::read("00000101-00000150").expect("a run");
    open(home).receive_blanks(&of_blanks(), run, ("li", "")).expect("received");
}

/// A batch without numbers, and blanks for it.
fn unnumbered_with_blanks(home: &Path) {
    unnumbered(home);
    let run = BlankRun::read("00000101-00000150").expect("a run");
    open(home).receive_blanks(&of_blanks(), run, ("li", "")).expect("received");
}

/// The same with a stocktake at which some were missing.
fn counted(home: &Path) {
    with_blanks(home);
    let found = [BlankRun::read("00000111-00000150").expect("a run")];
    let order = CountOrder { keeper: "", institution: "", list: &found };
    open(home).count_blanks(&of_blanks(), &order).expect("counted");
}

fn of_blanks() -> BlankAct<'static> {
    let on = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    BlankAct { kind: BlankKind::Ordinary, on, reason: "" }
}

fn old_copy(home: &Path) {
    one_batch(home);
    let database = home.join("skillcert.sqlite3");
    let old = fs::read(&database).expect("read");
    open(home).note_unmask(&UnmaskedObject::Batch(BatchId(1)), "x").expect("noted");
    fs::write(database, old).expect("put back");
}

fn first_release(home: &Path) {
    fs::create_dir_all(home).expect("made");
    let db = Connection::open(home.join("skillcert.sqlite3")).expect("made");
    db.execute_batch(FIRST_SCHEMA).expect("tables");
    db.execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 1399538533").expect("marks");
    db.execute_batch("INSERT INTO setting VALUES ('kept', 'yes')").expect("a setting");
}

/// Copies a state folder, such as it is.
fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let Ok(entries) = fs::read_dir(from) else { return };
    fs::create_dir_all(to).expect("made");
    for entry in entries.flatten() {
        fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
    }
}

/// Runs a verb that fails at its `at`th call; gives what came of it and the call's name, if it came so far.
fn run(desk: &Desk, library: &Path, home: &Path, verb: &Verb, at: usize, kind: &str) -> (Output, Option<String>) {
    let mark = home.with_extension("mark");
    let _ = fs::remove_file(&mark);
    let mut command = desk.command(verb.arguments);
    command.env("SKILLCERT_HOME", home).env("LD_PRELOAD", library);
    command.env("SKILLCERT_FAULT_DIR", home).env("SKILLCERT_FAULT_AT", at.to_string());
    command.env("SKILLCERT_FAULT_KIND", kind).env("SKILLCERT_FAULT_MARK", &mark);
    let output = command.output().expect("started");
    (output, fs::read_to_string(&mark).ok())
}

/// Looks at what a fault has left: everything that was there, and of the verb's own doing all or nothing.
fn look(home: &Path, verb: &Verb, before: u64, acknowledged: bool, told: &str) {
    let store = open(home);
    store.examine().unwrap_or_else(|e| panic!("{told}: {e}"));
    if verb.name != "init" {
        assert_eq!(store.setting("kept").expect("read").as_deref(), Some("yes"), "{told}");
    }
    let (head, faults) = store.verify_audit(None).expect("read");
    let noted =
        |f: &ChainFault| matches!(f, ChainFault::Missing { .. } | ChainFault::Other { .. } | ChainFault::Unnoted(_));
    let may_differ = verb.heals && !acknowledged;
    assert!(faults.iter().all(|f| may_differ && noted(f)), "{told}: {faults:?}");
    if verb.name.starts_with("blanks") {
        let reader = StoreReader::open(&StatePaths::at(home).expect("a place")).expect("open").expect("a store");
        let (_, report) = reader.verify().expect("read");
        assert!(report.is_sound(), "{told}: {:?}", report.problems());
    }
    let all = before + verb.entries;
    assert!(head.count == all || (head.count == before && !acknowledged), "{told}: {} entries", head.count);
}

impl Verb {
    /// Of acts that go through the same transaction as others, each is killed at every call; what fails otherwise is tried of one.
    fn kinds(&self) -> &'static [&'static str] {
        if self.name.starts_with("blanks-") { &["kill"] } else { KINDS }
    }
}

fn survives(desk: &Desk, library: &Path, verb: &Verb) {
    let (seed, home) = (desk.path(&format!("{}-seed", verb.name)), desk.path(verb.name));
    (verb.seed)(&seed);
    let before = if seed.exists() { open(&seed).audit_head().expect("a head").count } else { 0 };
    // The seed itself may not be opened again: that would migrate it.
    let _ = fs::remove_dir_all(&seed);
    (verb.seed)(&seed);
    for kind in verb.kinds().iter().copied() {
        let mut calls = 0;
        for at in 1.. {
            copy(&seed, &home);
            let (output, struck) = run(desk, library, &home, verb, at, kind);
            let err = String::from_utf8_lossy(&output.stderr);
            let told = format!("{} {kind} at call {at} {struck:?}, {}: {err}", verb.name, output.status);
            assert!(!err.contains("panicked"), "{told}");
            let acknowledged = output.status.success();
            match (&struck, kind) {
                (Some(_), "kill") => assert_eq!(output.status.signal(), Some(9), "{told}"),
                // What fails after the change is on the disk is none of the change.
                (Some(_), _) if acknowledged => {}
                (Some(call), _) => {
                    assert_eq!(output.status.code(), Some(4), "{told}");
                    let full = kind == "28" && call.contains("write");
                    let words = ["磁盘已满", "读写存储时出错", "不可写"];
                    assert!(words[..if full { 1 } else { 3 }].iter().any(|w| err.contains(w)), "{told}");
                }
                (None, _) => assert!(acknowledged, "{told}"),
            }
            look(&home, verb, before, acknowledged, &told);
            if struck.is_none() {
                break;
            }
            if verb.heals {
                let again = desk.command(verb.arguments).env("SKILLCERT_HOME", &home).output().expect("started");
                assert!(again.status.success(), "{told}: {again:?}");
                assert_eq!(open(&home).verify_audit(None).expect("read").1, [], "{told}");
            }
            calls += 1;
        }
        assert!(10 < calls, "{} {kind}: only {calls} calls", verb.name);
    }
}

#[test]
fn nothing_acknowledged_is_lost_at_any_call() {
    let desk = Desk::new();
    let library = compiled("faults", desk.folder.path());
    std::thread::scope(|threads| {
        let (desk, library) = (&desk, &library);
        let all: Vec<_> = VERBS.iter().map(|verb| threads.spawn(move || survives(desk, library, verb))).collect();
        let failed = all.into_iter().map(std::thread::ScopedJoinHandle::join).filter(Result::is_err).count();
        assert_eq!(failed, 0, "verbs that did not survive");
    });
}

/// Lists the files of a folder with what is in them.
fn content(folder: &Path) -> Vec<(OsString, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("folder")
        .flatten()
        .map(|entry| (entry.file_name(), fs::read(entry.path()).expect("read")))
        .collect();
    all.sort();
    all
}

#[test]
fn files_that_are_no_store_of_this_release_are_told_and_left_alone() {
    let desk = Desk::new();
    let home = desk.path("state");
    let database = home.join("skillcert.sqlite3");
    one_batch(&home);
    let ours = fs::read(&database).expect("read");
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = ours.clone();
        change(&mut bytes);
        bytes
    };
    let made_by = |statements: &str| {
        let path = desk.path("other.sqlite3");
        let _ = fs::remove_file(&path);
        Connection::open(&path).and_then(|db| db.execute_batch(statements)).expect("made");
        fs::read(path).expect("read")
    };
    let newer = {
        fs::write(desk.path("newer.sqlite3"), &ours).expect("written");
        let db = Connection::open(desk.path("newer.sqlite3")).expect("open");
        db.pragma_update(None, "user_version", 99).expect("marked");
        drop(db);
        fs::read(desk.path("newer.sqlite3")).expect("read")
    };
    let cases: [(&str, Vec<u8>, &str); 7] = [
        ("a bent beginning", with(&|b| b[..16].fill(b'x')), "损坏"),
        ("a bent first page", with(&|b| b[100..140].iter_mut().for_each(|byte| *byte ^= 0xff)), "损坏"),
        ("half a file", with(&|b| b.truncate(b.len() / 2)), "损坏"),
        ("a text", "姓名,证书编号\n".repeat(100).into_bytes(), "损坏"),
        ("another program's", made_by("CREATE TABLE t (x)"), "损坏"),
        ("another's with a version", made_by("PRAGMA user_version = 2; CREATE TABLE t (x)"), "损坏"),
        ("a newer release's", newer, "更新版本"),
    ];
    for (name, bytes, words) in cases {
        fs::write(&database, &bytes).expect("written");
        let before = content(&home);
        for arguments in [&["audit", "show"][..], &["audit", "accept", "--reason", "x"], &["init"]] {
            let ran = desk.run(&[&["--home", "state"], arguments].concat());
            assert_eq!(ran.code, 4, "{name} {arguments:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(words) && ran.err.contains("skillcert.sqlite3"), "{name}: {}", ran.err);
            assert!(content(&home) == before, "{name}: the file was touched");
        }
    }
}

/// A byte that is turned over anywhere is told, or harms nothing; it never brings the program down.
#[test]
fn a_byte_turned_over_anywhere_never_passes_for_the_chain() {
    let desk = Desk::new();
    let home = desk.path("state");
    let database = home.join("skillcert.sqlite3");
    one_batch(&home);
    for reason in ["甲", "乙", "丙"] {
        open(&home).note_unmask(&UnmaskedObject::Batch(BatchId(1)), reason).expect("noted");
    }
    let head = open(&home).audit_head().expect("a head");
    let ours = fs::read(&database).expect("read");
    let mut noticed = 0;
    for at in (0..ours.len()).step_by(151) {
        let mut bytes = ours.clone();
        bytes[at] ^= 0x55;
        fs::write(&database, bytes).expect("written");
        let places = StatePaths::at(&home).expect("a place");
        let found =
            Store::open(&places, "wang", "test").and_then(|store| Ok((store.verify_audit(None)?, store.examine())));
        match found {
            Ok(((found, faults), whole)) if faults.is_empty() && whole.is_ok() => assert_eq!(found, head, "byte {at}"),
            _ => noticed += 1,
        }
    }
    assert!(10 < noticed, "{noticed} noticed");
}

#[test]
fn an_older_file_is_copied_first_and_then_brought_up() {
    let desk = Desk::new();
    let home = desk.path("state");
    first_release(&home);
    let before = fs::read(home.join("skillcert.sqlite3")).expect("read");
    let ran = desk.run(&["--home", "state", "init"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let copied = home.join("skillcert.sqlite3.v1.bak");
    let setting = |path: &Path| -> String {
        let db = Connection::open(path).expect("open");
        db.query_row("SELECT value FROM setting WHERE key = 'kept'", [], |r| r.get(0)).expect("a setting")
    };
    assert_eq!((setting(&copied), setting(&home.join("skillcert.sqlite3"))), ("yes".into(), "yes".into()));
    assert_eq!(fs::read(copied).expect("read").len(), before.len());
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let desk = Desk::new();
    let home = desk.path("state");
    one_batch(&home);
    let program = crate::sharing::program_for_all(&desk);
    // An administrator may write everywhere, so the program is started as somebody else, who owns the folder.
    let somebody = rustix::process::geteuid().is_root().then_some(40_001);
    for file in fs::read_dir(&home).expect("folder").flatten() {
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o400)).expect("mode");
        chown(file.path(), somebody, somebody).expect("owner");
    }
    chown(&home, somebody, somebody).expect("owner");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o500)).expect("mode");
    let before = fs::metadata(home.join("skillcert.sqlite3")).expect("file").mtime_nsec();
    let mut command = std::process::Command::new(&program);
    command
        .env_clear()
        .current_dir(desk.folder.path())
        .args(["--home", "state", "audit", "show", "--unmask", "--reason", "x"]);
    if let Some(id) = somebody {
        command.uid(id).gid(id);
    }
    let ran = command.output().expect("started");
    let err = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(4), "{err}");
    assert!(err.contains("不可写"), "{err}");
    assert_eq!(fs::metadata(home.join("skillcert.sqlite3")).expect("file").mtime_nsec(), before);
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).expect("mode");
}
