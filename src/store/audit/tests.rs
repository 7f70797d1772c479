use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::EntryFilter;
use crate::domain::profile_choice::ChosenBy;
use crate::store::ChangedReading;
use std::fs;
use std::path::Path;

use super::*;
use crate::store::batches::samples;

fn actions(store: &Store) -> Vec<String> {
    store.latest_entries(&EntryFilter::default(), 1000).unwrap().into_iter().map(|e| e.action).collect()
}

fn faults(store: &Store) -> Vec<ChainFault> {
    store.verify_audit(None).unwrap().1
}

fn refused(store: &Store) -> &'static str {
    store.may_take_numbers().err().map_or("", |e| e.key())
}

/// Puts a bent entry into the chain behind the triggers' back.
fn bend(home: &Path, statements: &str) {
    let db = rusqlite::Connection::open(home.join("skillcert.sqlite3")).unwrap();
    db.execute_batch("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_in_order;")
        .unwrap();
    db.execute_batch(statements).unwrap();
}

#[test]
fn every_change_of_a_batch_is_an_entry_and_nothing_else_is() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
    let claim = store.claim(batch).unwrap();
    store.add_block(batch, 0, &samples::block("张伟"), &[]).unwrap();
    store.complete_batch(batch, 3, Some("ab12")).unwrap();
    store.set_digest(batch, "ab13").unwrap();
    let reading = ChangedReading {
        profile: "beijing",
        by: ChosenBy::Answered,
        columns: Some(&samples::new_batch("a.csv").columns),
        fingerprint: "0",
        is_remembered: false,
    };
    store.change_reading(batch, &reading).unwrap();
    store.record(batch, &samples::change(1, 2)).unwrap();
    store.record(batch, &samples::change(2, 21)).unwrap();
    assert!(store.undo(batch).unwrap() && store.redo(batch).unwrap() && !store.redo(batch).unwrap());
    store.save_view(batch, "{}").unwrap();
    store.set_setting("a", "b").unwrap();
    drop(claim);
    store.close_batch(batch).unwrap();
    store.reopen_batch(batch).unwrap();
    store.delete_batch(batch).unwrap();
    let expected = [
        "create", "complete", "digest", "columns", "profile", "change", "change", "undo", "redo", "close", "reopen",
        "delete",
    ];
    assert_eq!(actions(&store), expected.map(|a| format!("batch.{a}")));
    let entries = store.latest_entries(&EntryFilter::default(), 100).unwrap();
    assert!(entries.iter().all(|e| e.object == format!("batch:{}", batch.0) && e.user == "wang"));
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(json(&entries[0].after)["file"], "a.csv");
    assert_eq!(json(&entries[1].after), serde_json::json!({ "rows": 3, "sha256": "ab12" }));
    assert_eq!(
        (json(&entries[4].before)["profile"].clone(), json(&entries[4].after)["profile"].clone()),
        ("national".into(), "beijing".into())
    );
    let small = json(&entries[5].after);
    assert_eq!((small["cells"].clone(), small["edits"][1]["after"].clone()), (2.into(), "后1".into()));
    let large = json(&entries[6].after);
    assert!(large["edits"].is_null() && large["digest"].as_str().unwrap().len() == 64, "{large}");
    assert_eq!(json(&entries[7].after)["title"], "改 2");
    assert_eq!(
        json(&entries[11].before),
        serde_json::json!({ "file": "a.csv", "rows": 3, "sha256": "ab13", "changes": 2 })
    );
    assert_eq!(faults(&store), []);
}

#[test]
fn an_edit_with_its_entry_is_one_transaction() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
    // SQLite counts the transactions that changed the file at this place of its header.
    let counter = || {
        let bytes = fs::read(store.path()).unwrap();
        u32::from_be_bytes(bytes[24..28].try_into().unwrap())
    };
    for (number, cells) in [(1, 1), (2, 20), (3, 5000)] {
        let before = counter();
        store.record(batch, &samples::change(number, cells)).unwrap();
        assert_eq!(counter(), before + 1);
    }
}

#[test]
fn a_refused_change_leaves_no_entry_and_a_forced_claim_does() {
    let dir = tempfile::tempdir().unwrap();
    let (wang, li) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
    let batch = wang.create_batch(&samples::new_batch("a.csv")).unwrap();
    let _claim = wang.claim(batch).unwrap();
    assert!(li.claim(batch).is_err() && li.record(crate::domain::ledger::BatchId(99), &samples::change(1, 1)).is_err());
    assert_eq!(li.holder(batch).unwrap().unwrap().user, "wang");
    assert!(wang.holds(batch).unwrap() && wang.holder(batch).unwrap().is_none());
    assert_eq!(actions(&wang), ["batch.create"]);
    let _taken = li.take_over(batch).unwrap();
    assert!(!wang.holds(batch).unwrap());
    let entry = li.latest_entries(&EntryFilter::default(), 1).unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.user.as_str()), ("batch.take-over", "li"));
    assert!(entry.before.contains("wang"), "{}", entry.before);
}

#[test]
fn entries_are_found_by_object_time_and_user() {
    let dir = tempfile::tempdir().unwrap();
    let (wang, li) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
    for (store, from) in [(&wang, 0), (&li, 10)] {
        for number in from..from + 10 {
            store.create_batch(&samples::new_batch(&format!("{number}.csv"))).unwrap();
        }
    }
    let count = |filter: EntryFilter| wang.latest_entries(&filter, 100).unwrap().len();
    let some = |text: &str| Some(text.to_string());
    assert_eq!(count(EntryFilter { user: some("li"), ..EntryFilter::default() }), 10);
    assert_eq!(count(EntryFilter { object: some("batch:1"), ..EntryFilter::default() }), 1, "not batch:10 to batch:19");
    assert_eq!(count(EntryFilter { object: some("batch"), ..EntryFilter::default() }), 20);
    assert_eq!(count(EntryFilter { object: some("bat"), ..EntryFilter::default() }), 0);
    assert_eq!(count(EntryFilter { since: some("2999"), ..EntryFilter::default() }), 0);
    let latest = wang.latest_entries(&EntryFilter::default(), 3).unwrap();
    assert_eq!(latest.iter().map(|e| e.seq).collect::<Vec<_>>(), [18, 19, 20]);
}

#[test]
fn the_end_outside_follows_every_change_and_every_process() {
    let dir = tempfile::tempdir().unwrap();
    let (wang, li) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
    assert_eq!(wang.head_file().read(), Some(Head::default()));
    for store in [&wang, &li, &li, &wang] {
        store.create_batch(&samples::new_batch("a.csv")).unwrap();
        assert_eq!(store.head_file().read(), Some(store.audit_head().unwrap()));
    }
    assert_eq!((refused(&wang), faults(&li)), ("", vec![]));
    assert_eq!(Store::head_of(&wang.places).unwrap(), Some(li.audit_head().unwrap()));
    let nowhere = StatePaths::at(&dir.path().join("nowhere")).unwrap();
    assert_eq!(Store::head_of(&nowhere).unwrap(), None);
    assert!(!nowhere.home().exists());
}

#[test]
fn an_end_outside_that_is_behind_is_brought_up_at_the_next_opening() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    store.create_batch(&samples::new_batch("a.csv")).unwrap();
    let behind = fs::read(dir.path().join("skillcert.head")).unwrap();
    store.create_batch(&samples::new_batch("b.csv")).unwrap();
    fs::write(dir.path().join("skillcert.head"), behind).unwrap();
    assert_eq!((refused(&store), faults(&store)), ("", vec![]), "a killed process leaves it so");
    let store = samples::open(dir.path(), "wang");
    assert_eq!(store.head_file().read().unwrap().count, 2);
}

#[test]
fn an_old_copy_is_told_and_takes_no_numbers_until_it_is_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let database = dir.path().join("skillcert.sqlite3");
    let open = || samples::open(dir.path(), "wang");
    open().create_batch(&samples::new_batch("a.csv")).unwrap();
    let old = fs::read(&database).unwrap();
    let before = {
        let store = open();
        store.create_batch(&samples::new_batch("b.csv")).unwrap();
        store.create_batch(&samples::new_batch("c.csv")).unwrap();
        store.audit_head().unwrap()
    };
    fs::write(&database, old).unwrap();
    let store = open();
    assert_eq!(faults(&store), [ChainFault::Missing { noted: before.clone(), found: store.audit_head().unwrap() }]);
    let error = store.may_take_numbers().unwrap_err();
    assert!(
        matches!(&error, StoreError::OldCopy { noted, found, .. } if noted.count == 3 && found.count == 1),
        "{error}"
    );

    // Work goes on and must not hide it, not even when the chain has become longer than the one that is lost.
    for number in 0..4 {
        store.create_batch(&samples::new_batch(&format!("{number}.csv"))).unwrap();
    }
    drop(store);
    let store = open();
    let found = faults(&store);
    assert!(matches!(&found[..], [ChainFault::Other { noted, .. }] if *noted == before), "{found:?}");
    assert_eq!(refused(&store), "old-copy");

    assert!(store.accept_audit("磁盘损坏，从备份恢复").unwrap().is_some());
    assert_eq!((refused(&store), faults(&store)), ("", vec![]));
    let entry = store.latest_entries(&EntryFilter::default(), 1).unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.reason.as_str()), ("audit.accept", "磁盘损坏，从备份恢复"));
    assert!(entry.before.contains(&before.hash), "{}", entry.before);
    assert!(store.accept_audit("again").unwrap().is_none());
    assert_eq!(store.audit_head().unwrap().count, entry.seq);
    // What was printed before still tells that something is missing.
    assert_eq!(store.verify_audit(Some(&before)).unwrap().1.len(), 1);
    store.create_batch(&samples::new_batch("d.csv")).unwrap();
    assert_eq!(store.head_file().read(), Some(store.audit_head().unwrap()));
}

#[test]
fn without_the_end_outside_no_numbers_are_taken() {
    let dir = tempfile::tempdir().unwrap();
    samples::open(dir.path(), "wang").create_batch(&samples::new_batch("a.csv")).unwrap();
    for damage in [None, Some(""), Some("x"), Some("skillcert-head-1 9 9 9 9\n")] {
        let head = dir.path().join("skillcert.head");
        match damage {
            None => fs::remove_file(&head).unwrap(),
            Some(text) => fs::write(&head, text).unwrap(),
        }
        let store = samples::open(dir.path(), "wang");
        assert_eq!(refused(&store), "no-note", "{damage:?}");
        assert!(matches!(&faults(&store)[..], [ChainFault::Unnoted(_)]));
        assert!(store.accept_audit("moved to another machine").unwrap().is_some());
        assert_eq!(refused(&store), "");
    }
}

/// What cannot be read is none of the store's fault, and nothing to be accepted.
#[test]
fn an_end_outside_that_cannot_be_read_is_told_as_that() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    store.create_batch(&samples::new_batch("a.csv")).unwrap();
    let head = dir.path().join("skillcert.head");
    fs::set_permissions(&head, fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything is not kept out by a mode.
    if fs::read(&head).is_ok() {
        return;
    }
    assert_eq!(refused(&store), "note-unread");
    assert_eq!(store.accept_audit("x").unwrap_err().key(), "note-unread");
    fs::set_permissions(&head, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!((refused(&store), faults(&store)), ("", vec![]));
}

#[test]
fn a_chain_bent_by_hand_is_seen() {
    let hash = "UPDATE audit SET reason = 'x' WHERE seq = 2";
    let gone = "DELETE FROM audit WHERE seq = 2";
    let cut = "DELETE FROM audit WHERE seq = 3";
    let all = "DELETE FROM audit";
    for (statements, expected) in [(hash, 1), (gone, 2), (cut, 1), (all, 1)] {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "wang");
        for file in ["a.csv", "b.csv", "c.csv"] {
            store.create_batch(&samples::new_batch(file)).unwrap();
        }
        drop(store);
        bend(dir.path(), statements);
        let store = samples::open(dir.path(), "wang");
        assert_eq!(faults(&store).len(), expected, "{statements}: {:?}", faults(&store));
    }
}

#[test]
fn the_chain_itself_refuses_to_be_changed() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    store.create_batch(&samples::new_batch("a.csv")).unwrap();
    for statement in [
        "UPDATE audit SET reason = 'x'",
        "DELETE FROM audit",
        "INSERT INTO audit SELECT 9, time, user, action, object, before, after, reason, previous, hash FROM audit",
    ] {
        let error = store.db.execute_batch(statement).unwrap_err();
        assert!(error.to_string().contains("audit entry"), "{error}");
    }
}

#[test]
fn a_clock_set_back_stops_numbers_and_never_the_chain() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    for (ahead, expected) in [("+4 minutes", ""), ("+10 minutes", "clock-back")] {
        let time: String = store
            .db
            .query_row(&format!("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '{ahead}')"), [], |r| r.get(0))
            .unwrap();
        let head = store.audit_head().unwrap();
        let mut entry = AuditEntry {
            seq: head.count + 1,
            time: time.clone(),
            user: "li".into(),
            action: "ledger.reserve".into(),
            object: "series:x".into(),
            before: String::new(),
            after: String::new(),
            reason: String::new(),
            previous: head.hash,
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        store
            .db
            .execute(
                "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, '', '', '', ?6, ?7)",
                params![
                    entry.seq as i64,
                    entry.time,
                    entry.user,
                    entry.action,
                    entry.object,
                    entry.previous,
                    entry.hash
                ],
            )
            .unwrap();
        assert_eq!(refused(&store), expected);
        store.note_unmask(&UnmaskedObject::Batch(BatchId(1)), "核对").unwrap();
        let last = store.latest_entries(&EntryFilter::default(), 1).unwrap().remove(0);
        assert_eq!((last.time, last.action.as_str()), (time, "audit.unmask"), "times never run backwards");
        assert_eq!(faults(&store), []);
    }
    // Until somebody says that the clock was ahead: from there on times are the clock's again.
    let ahead = store.latest_entries(&EntryFilter::default(), 1).unwrap().remove(0).time;
    let accepted = store.accept_audit("主板电池没电").unwrap();
    assert!(matches!(&accepted, Some(ChainFault::Ahead { last, .. }) if *last == ahead), "{accepted:?}");
    let entry = store.latest_entries(&EntryFilter::default(), 1).unwrap().remove(0);
    assert!(entry.time < ahead && entry.sets_clock_back(), "{entry:?}");
    assert_eq!((refused(&store), faults(&store)), ("", vec![]));
    assert!(store.accept_audit("again").unwrap().is_none());
    store.note_unmask(&UnmaskedObject::Batch(BatchId(1)), "核对").unwrap();
    assert!(store.latest_entries(&EntryFilter::default(), 1).unwrap()[0].time < ahead);
    assert_eq!(faults(&store), []);
}

#[test]
fn a_clock_that_goes_far_on_is_asked_about() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    assert_eq!(store.clock_jump().unwrap(), None, "nothing is known yet");
    for (seq, days, is_far) in [(1, 30, false), (2, 32, true)] {
        let time = format!("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-{days} days')");
        let time: String = store.db.query_row(&time, [], |r| r.get(0)).unwrap();
        let put = "INSERT INTO audit VALUES (?1, ?2, 'li', 'audit.unmask', 'batch:1', '', '', '', '', '')";
        store.db.execute(put, params![seq, time]).unwrap();
        assert_eq!(store.clock_jump().unwrap().map(|(last, _)| last), Some(time).filter(|_| is_far));
    }
}

#[test]
fn another_process_is_noticed_and_oneself_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let (wang, li) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
    wang.changed().unwrap();
    wang.create_batch(&samples::new_batch("a.csv")).unwrap();
    assert!(!wang.changed().unwrap());
    li.create_batch(&samples::new_batch("b.csv")).unwrap();
    assert!(wang.changed().unwrap() && !wang.changed().unwrap());
}

#[test]
fn equal_marks_mean_equal_steps() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = store.create_batch(&samples::new_batch("a.csv")).unwrap();
    let mark = || store.steps_of(batch).unwrap();
    let empty = mark();
    store.record(batch, &samples::change(1, 1)).unwrap();
    let one = mark();
    store.undo(batch).unwrap();
    let undone = mark();
    store.redo(batch).unwrap();
    assert_eq!(mark(), one);
    store.undo(batch).unwrap();
    store.record(batch, &samples::change(2, 1)).unwrap();
    let other = mark();
    let all = [empty, one, undone, other];
    assert!((0..4).all(|i| (0..i).all(|j| all[i] != all[j])), "{all:?}");
}
