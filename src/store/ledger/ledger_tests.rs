use super::*;
use crate::domain::code::CertCode;
use crate::domain::ledger::adopt::{AdoptLeave, Adopted, Conflict, Issued};
use crate::domain::ledger::plan::{Plan, Planned, SeriesPlan};
use crate::domain::ledger::{
    BarredCertificate, BatchId, Holder, Marked, Marking, Reservation, Selection, SeriesKey, Status, UploadChanges,
    WantedNumbers,
};
use crate::domain::level::Level;
use crate::domain::profile::Profile;
use crate::domain::roster::Change;
use crate::store::batches::samples;
use chrono::NaiveDate;
use serde_json::Value;

pub(super) const PREFIX: &str = "S000062010001";

pub(super) fn profile() -> Profile {
    Profile::parse(include_str!("../../../data/profiles/gansu-competition.toml")).unwrap()
}

pub(super) fn key(level: u8) -> SeriesKey {
    SeriesKey::read(&format!("{PREFIX}24{level}J*****")).unwrap()
}

pub(super) fn code(level: u8, serial: u32) -> CertCode {
    key(level).code(serial).unwrap()
}

pub(super) fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

pub(super) fn holder(name: &str) -> Holder {
    Holder { name: name.into(), id_number: format!("id {name}"), level: "3".into(), ..Holder::default() }
}

/// A plan for rows of one level after the largest number taken.
pub(super) fn plan(store: &Store, level: u8, rows: &[u32]) -> Plan {
    let high = store.series_state(key(level)).unwrap().map_or(0, |s| s.high);
    let (from, to) = (high + 1, high + rows.len() as u32);
    let series =
        vec![SeriesPlan { key: key(level), high, range: (1, 99_999), runs: vec![(from, to)], left: 99_999 - to }];
    let planned = |(i, row): (usize, &u32)| {
        let serial = from + i as u32;
        Planned { row: *row, code: code(level, serial), serial, series: 0, issue_date: None }
    };
    let rows = rows.iter().enumerate().map(planned).collect();
    Plan { profile: "gansu-competition".into(), series, rows, ..Plan::default() }
}

pub(super) fn allocate(store: &Store, batch: BatchId, plan: &Plan) -> Result<u64> {
    let change = Change { title: "赋号".into(), ..samples::change(1, 3) };
    let holder = |p: &Planned| holder(&format!("张{}", p.serial));
    store.allocate(batch, &Allocation { plan, change: &change, holder: &holder, on: today(), reason: "" })
}

pub(super) fn batch(store: &Store, file: &str) -> BatchId {
    let batch = store.create_batch(&samples::new_batch(file)).unwrap();
    store.complete_batch(batch, 100, Some(file)).unwrap();
    batch
}

pub(super) fn reserve(store: &Store, level: u8, wanted: WantedNumbers) -> Result<(Run, u64)> {
    let profile = profile();
    let level = Level::new(level).unwrap();
    store.reserve(&Reservation {
        profile: &profile,
        prefix: PREFIX,
        year: 24,
        level,
        wanted,
        on: today(),
        reason: "纸质名册",
    })
}

/// A row of a file: line, code and name.
pub(super) type IssuedRow = (u32, CertCode, String);

pub(super) fn issued(level: u8, serial: u32, name: &str) -> IssuedRow {
    (serial, code(level, serial), name.to_string())
}

pub(super) fn adopt(store: &Store, rows: &[IssuedRow], leave: AdoptLeave) -> Adopted {
    let profile = profile();
    let file = AdoptFile {
        name: "去年.xlsx",
        sha256: "ab",
        profile: &profile,
        status: Status::Published,
        on: today(),
        reason: "",
    };
    let issued = rows.iter().map(|(line, code, _)| Issued { line: *line, code: code.as_str(), is_wrong: false });
    store.adopt(&file, issued, &|row| holder(&rows[row as usize].2), leave).unwrap()
}

fn try_adopt(store: &Store, rows: &[IssuedRow], tried: &mut TriedFiles) -> Adopted {
    let profile = profile();
    let (status, on) = (Status::Published, today());
    let file = AdoptFile { name: "去年.xlsx", sha256: "ab", profile: &profile, status, on, reason: "" };
    let issued = rows.iter().map(|(line, code, _)| Issued { line: *line, code: code.as_str(), is_wrong: false });
    store.try_adopt(&file, issued, &|row| holder(&rows[row as usize].2), tried).unwrap()
}

#[test]
fn an_allocation_is_stored_whole_and_cannot_be_undone() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    store.record(batch, &samples::change(0, 2)).unwrap();
    let plan = plan(&store, 3, &[4, 2, 9]);
    let entry = allocate(&store, batch, &plan).unwrap();
    assert_eq!(store.audit_head().unwrap().count, entry);
    assert_eq!(store.batch(batch).unwrap().profile, plan.profile, "checked from now on as it was numbered");

    let found = store.certificates_of_batch(batch).unwrap();
    let rows: Vec<_> = found.iter().map(|c| (c.serial, c.row, c.status, c.taken)).collect();
    let of = |serial, row| (serial, Some((batch, row)), Status::Allocated, entry);
    assert_eq!(rows, [of(1, 4), of(2, 2), of(3, 9)]);
    assert_eq!(store.certificate(code(3, 2)).unwrap().unwrap().holder, holder("张2"));
    assert_eq!(store.certificate(code(3, 4)).unwrap(), None);
    let state = store.series_state(key(3)).unwrap().unwrap();
    assert_eq!((state.high, state.used, state.left()), (3, 3, 99_996));

    let (steps, applied) = store.history(batch).unwrap();
    assert_eq!((steps.len(), applied, steps[1].lasting), (2, 2, true));
    assert!(matches!(store.undo(batch), Err(StoreError::Lasting)));
    store.record(batch, &samples::change(2, 1)).unwrap();
    assert!(store.undo(batch).unwrap());
    assert!(matches!(store.undo(batch), Err(StoreError::Lasting)));
    assert!(matches!(store.delete_batch(batch), Err(StoreError::HasNumbers(_))));

    let after: String =
        store.read(|db| db.query_row("SELECT after FROM audit WHERE seq = ?1", [entry as i64], |r| r.get(0))).unwrap();
    let after: Value = serde_json::from_str(&after).unwrap();
    assert_eq!((&after["count"], &after["file"], &after["series"][0]["last"]), (&3.into(), &"a.csv".into(), &3.into()));
    assert_eq!(after["records-sha256"].as_str().unwrap().len(), 64);
    assert!(!after.to_string().contains('张'), "personal data is in the records, not in the entry");
}

#[test]
fn a_ledger_that_moved_means_a_new_plan() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (samples::open(dir.path(), "wang"), samples::open(dir.path(), "li"));
    let (a, b) = (batch(&first, "a.csv"), batch(&second, "b.csv"));
    let (mine, theirs) = (plan(&first, 3, &[1, 2]), plan(&second, 3, &[1]));
    allocate(&second, b, &theirs).unwrap();
    let head = first.audit_head().unwrap();
    assert!(matches!(allocate(&first, a, &mine), Err(StoreError::LedgerMoved(moved)) if moved == key(3)));
    assert_eq!((first.audit_head().unwrap(), first.history(a).unwrap().1), (head, 0), "nothing is half done");
    allocate(&first, a, &plan(&first, 3, &[1, 2])).unwrap();
    // The same rows ask again, in another series: they have their number.
    assert!(matches!(allocate(&first, a, &plan(&first, 4, &[2])), Err(StoreError::LedgerMoved(_))));
    allocate(&first, a, &plan(&first, 4, &[3])).unwrap();
}

#[test]
fn a_batch_that_is_unfinished_held_or_the_same_file_gets_no_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let open = store.create_batch(&samples::new_batch("a.csv")).unwrap();
    let asked = plan(&store, 3, &[1]);
    assert!(matches!(allocate(&store, open, &asked), Err(StoreError::Unfinished(_))));
    store.complete_batch(open, 100, Some("digest")).unwrap();
    allocate(&store, open, &asked).unwrap();
    let again = store.create_batch(&samples::new_batch("b.csv")).unwrap();
    store.complete_batch(again, 100, Some("digest")).unwrap();
    let same = allocate(&store, again, &plan(&store, 3, &[1]));
    assert!(matches!(same, Err(StoreError::SameFile(first)) if first == open), "{same:?}");

    let held = batch(&store, "c.csv");
    // A process on another host may live.
    let session = "INSERT INTO session (pid, user, host, since, what) VALUES (1, 'li', 'far', 't', '')";
    store.db.execute(session, []).unwrap();
    let id = store.db.last_insert_rowid();
    store.db.execute("INSERT INTO claim VALUES (?1, ?2, 't')", [held.0, id]).unwrap();
    assert!(matches!(allocate(&store, held, &plan(&store, 3, &[1])), Err(StoreError::Held(by)) if by.user == "li"));
}

#[test]
fn a_retired_prefix_issues_nothing_more() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    let insert =
        "INSERT INTO institution (prefix, profile, kind, contact, retired_on) VALUES (?1, 'p', '', '', '2026-01-01')";
    store.db.execute(insert, [PREFIX]).unwrap();
    let refused = StoreError::Refused(TakeError::Retired(PREFIX.into())).to_string();
    assert_eq!(allocate(&store, batch, &plan(&store, 3, &[1])).unwrap_err().to_string(), refused);
    assert_eq!(reserve(&store, 3, WantedNumbers::Next(1)).unwrap_err().to_string(), refused);
    assert_eq!(adopt(&store, &[issued(3, 1, "张伟")], AdoptLeave::Any).new, 1, "what it issued before is history");
    // Not only a check: the database says so too.
    let given = store.db.execute("INSERT INTO touched VALUES (1, 2, 2, 1, NULL, 1)", []);
    assert!(given.unwrap_err().to_string().contains("retired"));
}

#[test]
fn a_series_stays_with_its_profile_and_range() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    allocate(&store, batch, &plan(&store, 3, &[1])).unwrap();
    let other = |plan: Plan| match allocate(&store, batch, &plan) {
        Err(StoreError::Refused(TakeError::OtherProfile(profile, ..))) => profile,
        other => panic!("{other:?}"),
    };
    let mine = plan(&store, 4, &[2]);
    assert_eq!(other(Plan { profile: "national".into(), ..mine }), "gansu-competition", "the batch has numbers");
    let mut wide = plan(&store, 3, &[2]);
    wide.series[0].range = (1, 999_999);
    assert_eq!(other(wide), "gansu-competition");
    assert_eq!(store.series_state(key(3)).unwrap().unwrap().high, 1);
}

/// A plan that gives rows of one level the first of the numbers that are reserved.
pub(super) fn reserved_plan(store: &Store, level: u8, rows: &[u32]) -> Plan {
    let state = store.series_state(key(level)).unwrap();
    let reserved: Vec<u32> =
        store.reserved_codes().unwrap().iter().filter_map(|code| key(level).serial_of(*code)).collect();
    let planned = |(row, serial): (&u32, &u32)| Planned {
        row: *row,
        code: code(level, *serial),
        serial: *serial,
        series: 0,
        issue_date: None,
    };
    let rows: Vec<Planned> = rows.iter().zip(&reserved).map(planned).collect();
    let serials: Vec<u32> = rows.iter().map(|planned| planned.serial).collect();
    let (high, left) = (state.map_or(0, |state| state.high), (reserved.len() - rows.len()) as u32);
    let taken = SeriesPlan { key: key(level), high, range: (1, 99_999), runs: runs(&serials), left };
    let series = if rows.is_empty() { Vec::new() } else { vec![taken] };
    Plan { profile: "gansu-competition".into(), reserved: true, series, rows, ..Plan::default() }
}

#[test]
fn reserved_numbers_are_given_to_the_rows_of_a_batch() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    reserve(&store, 3, WantedNumbers::Next(2)).unwrap();
    reserve(&store, 3, WantedNumbers::Run((5, 6))).unwrap();
    allocate(&store, batch(&store, "a.csv"), &plan(&store, 3, &[0])).unwrap();
    let (id, plan) = (batch(&store, "b.csv"), reserved_plan(&store, 3, &[4, 2, 0]));
    assert_eq!(plan.series[0].runs, [(1, 2), (5, 5)]);
    let entry = allocate(&store, id, &plan).unwrap();
    let given = store.certificate(code(3, 5)).unwrap().unwrap();
    assert_eq!((given.status, given.row, given.holder.level.as_str()), (Status::Allocated, Some((id, 0)), "3"));
    assert!(given.taken < entry, "the number stays the reservation's");
    assert_eq!(store.certificates_of_batch(id).unwrap().len(), 3);
    let state = store.series_state(key(3)).unwrap().unwrap();
    assert_eq!((state.high, state.used, state.reserved, state.gaps), (7, 4, 1, 2));
    store.examine().unwrap();
    // Whoever planned with the same numbers plans anew, and one that is void is none of them.
    let other = batch(&store, "c.csv");
    assert!(matches!(allocate(&store, other, &plan), Err(StoreError::LedgerMoved(k)) if k == key(3)));
    let last = reserved_plan(&store, 3, &[0]);
    store.void(&Selection::Codes(vec![code(3, 6)]), today(), "写错").unwrap();
    assert!(matches!(allocate(&store, other, &last), Err(StoreError::LedgerMoved(_))));
    assert!(reserved_plan(&store, 3, &[0]).rows.is_empty());
    assert_eq!(store.certificate(code(3, 5)).unwrap(), Some(given));
}

#[test]
fn reserved_numbers_wait_for_their_holders() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    assert_eq!(reserve(&store, 3, WantedNumbers::Next(3)).unwrap().0, (1, 3));
    assert_eq!(reserve(&store, 3, WantedNumbers::Run((10, 12))).unwrap().0, (10, 12));
    let gaps = store.gaps(key(3)).unwrap();
    assert_eq!(gaps.iter().map(|g| (g.first, g.last, g.reason.as_str())).collect::<Vec<_>>(), [(4, 9, "纸质名册")]);
    assert_eq!(reserve(&store, 3, WantedNumbers::Run((6, 7))).unwrap().0, (6, 7));
    let gaps: Vec<Run> = store.gaps(key(3)).unwrap().iter().map(|g| (g.first, g.last)).collect();
    assert_eq!(gaps, [(4, 5), (8, 9)]);
    assert!(matches!(reserve(&store, 3, WantedNumbers::Run((9, 10))), Err(StoreError::Refused(TakeError::Taken(10)))));
    let state = store.series_state(key(3)).unwrap().unwrap();
    assert_eq!((state.high, state.used, state.reserved, state.gaps, state.next()), (12, 0, 8, 4, Some(13)));
    // The list comes back filled in.
    let adopted = adopt(&store, &[issued(3, 2, "张伟"), issued(3, 4, "李娜")], AdoptLeave::Any);
    assert_eq!((adopted.new, adopted.same), (2, 0));
    let state = store.series_state(key(3)).unwrap().unwrap();
    assert_eq!((state.used, state.reserved, state.gaps), (2, 7, 3));
}

#[test]
fn a_file_is_adopted_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let rows = || vec![issued(3, 3, "张伟"), issued(3, 5, "李娜"), issued(4, 1, "王芳")];
    let mut tried = TriedFiles::default();
    assert_eq!(try_adopt(&store, &rows(), &mut tried).series.len(), 2);
    // The next file is judged as if the first had been taken.
    let after = try_adopt(&store, &[issued(3, 3, "赵静"), issued(3, 5, "李娜"), issued(3, 7, "周海")], &mut tried);
    assert_eq!((after.same, &*after.conflicts), (1, &[(3, Conflict::OtherPerson)][..]));
    let after = try_adopt(&store, &[issued(3, 4, "赵静"), issued(3, 7, "周海")], &mut tried);
    assert_eq!((after.series[0], after.entry), ((key(3), 4, 7, 2, 1), None), "only 6 is passed over");
    assert_eq!((store.series("").unwrap().len(), store.audit_head().unwrap().count), (0, 0), "a trial stores nothing");
    // Three numbers are passed over: whoever agreed to two is asked again.
    let held = adopt(&store, &rows(), AdoptLeave::AtMost(2));
    assert!(held.is_held_back() && held.passed_over() == 3 && store.audit_head().unwrap().count == 0, "{held:?}");
    let adopted = adopt(&store, &rows(), AdoptLeave::AtMost(3));
    assert_eq!((adopted.new, adopted.entry, adopted.series[0]), (3, Some(1), (key(3), 3, 5, 2, 3)));
    let gaps: Vec<Run> = store.gaps(key(3)).unwrap().iter().map(|g| (g.first, g.last)).collect();
    assert_eq!(gaps, [(1, 2), (4, 4)]);
    assert!(store.gaps(key(3)).unwrap().iter().all(|g| g.reason == "去年.xlsx"));

    let again = adopt(&store, &rows(), AdoptLeave::Any);
    assert_eq!((again.new, again.same, again.entry), (0, 3, None));
    let conflict = adopt(&store, &[issued(3, 4, "赵静"), issued(3, 5, "赵静")], AdoptLeave::Any);
    assert_eq!(conflict.conflicts, [(5, Conflict::OtherPerson)]);
    assert_eq!(store.certificate(code(3, 4)).unwrap(), None, "nothing of a file with a conflict is taken");
    adopt(&store, &[issued(3, 4, "赵静")], AdoptLeave::Any);
    assert_eq!(store.series_state(key(3)).unwrap().unwrap().gaps, 2, "a later file fills a gap");
}

#[test]
fn a_status_changes_for_all_or_for_none_and_of_a_batch_for_those_that_may() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    allocate(&store, batch, &plan(&store, 3, &[1, 2, 3, 4])).unwrap();
    let mark = |selection: &Selection, status| store.mark(selection, &Marking::new(status, today(), "退回")).unwrap();
    let all = Selection::Batch(batch);
    let one = Selection::Codes(vec![code(3, 2)]);
    assert!(matches!(mark(&all, Status::Accepted), Marked::Refused(refused) if refused.len() == 4));
    assert!(matches!(mark(&all, Status::Exported), Marked::Done(4, ..)));
    assert!(matches!(store.void(&one, today(), "写错").unwrap(), Marked::Done(1, ..)));
    assert!(
        matches!(mark(&all, Status::Submitted), Marked::Done(3, ..)),
        "void ones are no part of the batch any more"
    );
    let barred = |serial, status| {
        let since = Some(today());
        vec![BarredCertificate { code: code(3, serial), stands: Some((status, since)), is_aside: false }]
    };
    assert_eq!(mark(&one, Status::Exported), Marked::Refused(barred(2, Status::Void)));
    let unknown = Selection::Codes(vec![code(3, 1), code(3, 99)]);
    let nobody = BarredCertificate { code: code(3, 99), stands: None, is_aside: false };
    assert_eq!(mark(&unknown, Status::Returned), Marked::Refused(vec![nobody]));
    let early = Marking::new(Status::Returned, today().pred_opt().unwrap(), "退回");
    let first = Selection::Codes(vec![code(3, 1)]);
    assert_eq!(store.mark(&first, &early).unwrap(), Marked::Refused(barred(1, Status::Submitted)));
    let run = Selection::Run(key(3), (3, 4));
    assert!(matches!(mark(&run, Status::Returned), Marked::Done(2, ..)));
    let statuses: Vec<Status> = store.certificates_of_batch(batch).unwrap().iter().map(|c| c.status).collect();
    assert_eq!(statuses, [Status::Submitted, Status::Void, Status::Returned, Status::Returned]);
    let counts = [(Status::Submitted, 1), (Status::Returned, 2), (Status::Void, 1)];
    assert_eq!(store.statuses_of_batch(batch).unwrap(), counts.into());
    assert_eq!(store.certificate(code(3, 3)).unwrap().unwrap().status_on, Some(today()));
    mark(&Selection::Codes(vec![code(3, 4)]), Status::Void);
    assert_eq!(mark(&all, Status::Accepted), Marked::Done(1, 9, barred(3, Status::Returned)));
}

#[test]
fn an_export_takes_along_what_the_rows_say_now() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    allocate(&store, batch, &plan(&store, 3, &[1, 2, 3])).unwrap();
    let file = ExportFile {
        name: "up.xlsx",
        sha256: "cd",
        rows: 4,
        path: "/up.xlsx",
        manifest_sha256: "ef",
        on: today(),
        reason: "",
    };
    let rows = vec![
        (1, code(3, 1), holder("张一")),
        (2, code(3, 2), holder("张2")),
        // The code of row 3 stands in row 5, with another person: not ours to take.
        (5, code(3, 3), holder("李四")),
        (6, code(4, 1), holder("别处的")),
    ];
    assert_eq!(store.exported(batch, &rows, &file).unwrap(), UploadChanges { marked: 2, changed: 1, unknown: 1 });
    assert_eq!(store.certificate(code(3, 1)).unwrap().unwrap().holder.name, "张一");
    assert_eq!(store.certificate(code(3, 3)).unwrap().unwrap().status, Status::Allocated);
    let one = Selection::Codes(vec![code(3, 1)]);
    for status in [Status::Submitted, Status::Accepted] {
        store.mark(&one, &Marking::new(status, today(), "")).unwrap();
    }
    let rows = vec![(1, code(3, 1), holder("张二"))];
    assert_eq!(store.exported(batch, &rows, &file).unwrap(), UploadChanges::default());
    assert_eq!(store.sync(batch, &rows, "").unwrap(), 0);
    assert_eq!(store.certificate(code(3, 1)).unwrap().unwrap().holder.name, "张一", "it is the authority's record now");
}

/// What the comments of the schema promise, the database keeps, whoever writes.
#[test]
fn the_database_itself_keeps_the_promises() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "wang");
    let batch = batch(&store, "a.csv");
    allocate(&store, batch, &plan(&store, 3, &[1, 2])).unwrap();
    store.void(&Selection::Codes(vec![code(3, 2)]), today(), "写错").unwrap();
    let one = id_of(1, 1);
    for statement in [
        format!("DELETE FROM certificate WHERE id = {one}"),
        format!("UPDATE certificate SET id = id + 5 WHERE id = {one}"),
        format!("UPDATE certificate SET code = 'S000062010001243J00009' WHERE id = {one}"),
        format!("UPDATE certificate SET status = 'allocated' WHERE id = {}", one + 1),
        format!("UPDATE certificate SET status = 'lost' WHERE id = {one}"),
        format!(
            "INSERT INTO certificate (id, code, status, status_on, taken) VALUES ({one}, 'S000062010001243J00009', 'void', '', 1)"
        ),
        format!(
            "INSERT INTO certificate (id, code, status, status_on, taken) VALUES ({}, 'S000062010001243J00001', 'void', '', 1)",
            one + 8
        ),
        format!(
            "INSERT INTO certificate (id, code, status, status_on, taken) VALUES ({}, 'S000062010001243J00009', 'void', '', 1)",
            id_of(77, 1)
        ),
        "UPDATE series SET high = high - 1".to_string(),
        "DELETE FROM series".to_string(),
        "DELETE FROM touched".to_string(),
        "INSERT INTO gap VALUES (1, 5, 4, 1, 'x')".to_string(),
        "INSERT INTO gap VALUES (1, 5, 6, 1, '')".to_string(),
        "INSERT INTO gap VALUES (1, 5, 6, 99, 'x')".to_string(),
    ] {
        assert!(store.db.execute(&statement, []).is_err(), "{statement}");
    }
}

/// Whatever happened to the numbers of a batch since, in however many runs.
#[test]
fn the_certificates_of_a_batch_are_found_by_their_index() {
    let dir = tempfile::tempdir().unwrap();
    let store = samples::open(dir.path(), "u");
    let of = |what: &str, rest: &str| {
        let statement = format!("SELECT {what} FROM certificate c {} {rest}", super::certificates::OF_BATCH);
        crate::store::records::samples::plan(&store, &statement)
    };
    assert!(of("c.code", "ORDER BY c.id").starts_with("SEARCH c USING INDEX certificate_of_batch (batch=?)"));
    assert_eq!(
        of("c.status, count(*)", "GROUP BY c.status"),
        "SEARCH c USING COVERING INDEX certificate_of_batch (batch=?)"
    );
}
