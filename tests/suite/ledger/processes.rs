//! Many processes at one ledger, some of them killed.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use skillcert::domain::ledger::{BatchId, SeriesKey, Status};

use super::{PROCESSES, ROUNDS, SERIES, allocation, json, roster, store};
use crate::support::Desk;

/// Waits for a process; gives its answer, or nothing when it was killed.
fn answer_of(child: Child) -> Option<(i32, Value, String)> {
    let output = child.wait_with_output().expect("ended");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!err.contains("panicked"), "{err}");
    if output.status.signal().is_some() {
        return None;
    }
    let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    Some((output.status.code().expect("a code"), value, err))
}

/// Eight processes give numbers at once, again and again, and a fifth of them is killed at some moment: no number is given
/// twice, every one up to the largest is a certificate, a killed one's batch has all of its numbers or none.
#[test]
fn no_number_is_given_twice_or_lost_while_processes_are_killed() {
    let desk = Desk::new();
    let rows = 40;
    let mut seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut killed = BTreeSet::new();
    for round in 0..ROUNDS {
        let files: Vec<PathBuf> = (0..PROCESSES)
            .map(|p| roster(&desk, &format!("{round}-{p}.csv"), (round * PROCESSES + p) * rows, rows))
            .collect();
        let victims: BTreeSet<usize> = (0..PROCESSES).filter(|_| random(5) == 0).collect();
        let start = |file: &PathBuf| {
            let mut command = desk.command(&allocation(file));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started")
        };
        let mut children: Vec<(usize, Child)> = files.iter().map(start).enumerate().collect();
        for victim in &victims {
            std::thread::sleep(Duration::from_micros(random(120_000)));
            // One that is done already is not killed; then its numbers were acknowledged.
            let _ = children[*victim].1.kill();
        }
        for (process, child) in children.drain(..) {
            let name = files[process].file_name().unwrap().to_string_lossy().into_owned();
            let Some((code, value, err)) = answer_of(child) else {
                assert!(victims.contains(&process), "{name} was killed by nobody");
                killed.insert(name);
                continue;
            };
            // Whoever could not wait any longer says who holds the lock.
            if code == 4 {
                assert!(err.contains("pid "), "{err}");
                continue;
            }
            assert_eq!((code, value["rows"].as_array().map(Vec::len)), (0, Some(rows)), "{name}: {value} {err}");
            for row in value["rows"].as_array().unwrap() {
                let code = row["code"].as_str().unwrap().to_string();
                let other = acknowledged.insert(code.clone(), name.clone());
                assert_eq!(other, None, "{code} was given twice");
            }
        }
    }

    let store = store(&desk);
    store.examine().unwrap();
    let key = SeriesKey::read(SERIES).unwrap();
    let high = store.series_state(key).unwrap().map_or(0, |s| s.high);
    assert!(store.gaps(key).unwrap().is_empty());
    let mut by_batch: BTreeMap<BatchId, usize> = BTreeMap::new();
    for serial in 1..=high {
        let found = store.certificate(key.code(serial).unwrap()).unwrap();
        let found = found.unwrap_or_else(|| panic!("{serial} of {high} is lost without a trace"));
        assert_eq!(found.status, Status::Allocated);
        *by_batch.entry(found.row.expect("a row").0).or_default() += 1;
        acknowledged.remove(found.code.as_str());
    }
    assert!(acknowledged.is_empty(), "acknowledged and not there: {acknowledged:?}");
    for batch in store.batches().unwrap() {
        let given = by_batch.get(&batch.id).copied().unwrap_or(0);
        assert!(given == 0 || given == rows, "{}: {given} of {rows} numbers", batch.origin.file);
        let (steps, applied) = store.history(batch.id).unwrap();
        assert_eq!((steps.iter().filter(|s| s.lasting).count(), applied), (usize::from(given != 0), steps.len()));
    }
    // What was killed before its end can be done once more, and only once.
    for name in killed {
        let again = desk.verb(&allocation(&desk.path(&name)));
        assert_eq!(again.code, 0, "{}", again.err);
        let batch = json(&again)["batch"].as_i64().unwrap();
        assert_eq!(store.certificates_of_batch(BatchId(batch)).unwrap().len(), rows);
    }
}

/// Whoever finds the ledger locked waits five seconds at most and then says who has it open.
#[test]
fn a_waiting_process_answers_in_time_and_names_the_holder() {
    let desk = Desk::new();
    let holder = store(&desk);
    let lock = rusqlite::Connection::open(holder.path()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    assert_eq!(desk.verb(&["ledger", "series"]).code, 0, "whoever only looks need not wait");
    let reserve =
        ["ledger", "reserve", "S000062010001", "--year", "2024", "--level", "2", "--count", "1", "--reason", "x"];
    let ran = desk.verb(&[&reserve[..], &["--lang", "en"]].concat());
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains(&format!("pid {}", std::process::id())), "{}", ran.err);
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    lock.execute_batch("COMMIT").unwrap();
    assert_eq!(desk.verb(&["ledger", "series"]).code, 0);
}
