//! A change that was acknowledged survives a kill -9 at any moment.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use skillcert::domain::ledger::BatchId;
use skillcert::domain::roster::{CellEdit, Change};
use skillcert::domain::sheet::Field;
use skillcert::store::{NewBatch, StatePaths, Store};

const CHILD: &str = "SKILLCERT_TEST_CHILD";
const HOME: &str = "SKILLCERT_TEST_HOME";
const ROUNDS: u32 = 8;

fn open(home: &Path) -> Store {
    Store::open(&StatePaths::at(home).unwrap(), "clerk", "kill test").unwrap()
}

/// How many cells change number `n` has: mostly few, now and then so many that the kill falls into its middle.
fn cells(n: usize) -> u32 {
    if n % 7 == 6 { 20_000 } else { n as u32 % 5 + 1 }
}

fn change(n: usize) -> Change {
    let (before, after): (Arc<str>, Arc<str>) = ("".into(), format!("新{n}").into());
    let edit = |row| CellEdit { row, field: Field::Name, before: before.clone(), after: after.clone() };
    Change { title: format!("{n}"), edits: (0..cells(n)).map(edit).collect(), ..Change::default() }
}

/// Acts only as the child of the next test: records changes until it is killed and prints each one's number.
#[test]
fn child_records_until_it_is_killed() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let home = std::env::var_os(HOME).unwrap();
    let store = open(Path::new(&home));
    let batch = store.latest_batch().unwrap().unwrap().id;
    let _claim = store.claim(batch).unwrap();
    let mut out = std::io::stdout();
    for n in store.history(batch).unwrap().0.len().. {
        store.record(batch, &change(n)).unwrap();
        writeln!(out, "\nack {n}").unwrap();
        out.flush().unwrap();
    }
}

/// Lets a child record for a while, kills it, and gives the last number it acknowledged.
fn acknowledged(home: &Path, wait: Duration) -> Option<usize> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::child_records_until_it_is_killed", "--nocapture"])
        .env(CHILD, "1")
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut numbers =
        out.lines().map_while(Result::ok).filter_map(|l| l.strip_prefix("ack ").and_then(|n| n.parse().ok()));
    // From the first one on, so that a slow start is not all there is to kill.
    let first = numbers.next();
    std::thread::sleep(wait);
    child.kill().unwrap();
    let last = numbers.last().or(first);
    child.wait().unwrap();
    last
}

#[test]
fn no_acknowledged_change_is_lost_by_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let batch: BatchId = open(&home).create_batch(&NewBatch::default()).unwrap();
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    for round in 0..ROUNDS {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = Duration::from_micros((seed >> 33) % 150_000);
        let last = acknowledged(&home, wait).unwrap();
        let store = open(&home);
        store.examine().unwrap();
        let (found, applied) = store.history(batch).unwrap();
        assert!(last < found.len(), "round {round}: {last} was acknowledged, {} are there", found.len());
        // The child may have died between storing a change and telling so.
        assert!(found.len() <= last + 2, "round {round}: {} changes, {last} acknowledged", found.len());
        assert_eq!(applied, found.len());
        for (n, stored) in found.iter().enumerate() {
            assert!(*stored == change(n), "round {round}: change {n} is not whole");
        }
        // The dead child's claim is no hindrance.
        store.claim(batch).unwrap().release().unwrap();
    }
}
