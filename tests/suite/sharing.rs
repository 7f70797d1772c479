//! A state folder that a group shares: its modes, its members, two workbenches at one roster, and locks that do not work.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use crate::pty::{edit_employer, sample};
use crate::support::harness::Harness;
use crate::support::shim::compiled;
use crate::support::{Desk, PROGRAM, goods};

const FIRST_SCHEMA: &str = include_str!("../../src/store/schema/0001_batches.sql");

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).mode() & 0o7777
}

/// Lists what lies in a folder, with the modes.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let mut all: Vec<(String, u32)> = fs::read_dir(folder)
        .expect("folder")
        .flatten()
        .map(|e| (e.file_name().to_string_lossy().into_owned(), mode(&e.path())))
        .collect();
    all.sort();
    all
}

/// The program under a umask.
fn under(umask: &str, desk: &Desk, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new("sh");
    command.args(["-c", "umask $1; shift; exec \"$@\"", "sh", umask, PROGRAM]).args(arguments);
    command.env_clear().env("HOME", desk.path("home")).current_dir(desk.folder.path()).output().expect("started")
}

/// A store as the first release left it.
fn first_release(home: &Path) {
    let db = Connection::open(home.join("skillcert.sqlite3")).expect("made");
    db.execute_batch(FIRST_SCHEMA).expect("tables");
    db.execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 1399538533").expect("marks");
}

#[test]
fn a_shared_folder_is_the_groups_under_any_umask() {
    for umask in ["0", "0077", "0777"] {
        let desk = Desk::new();
        let home = desk.path("above/ledger");
        let made = under(umask, &desk, &["init", "--shared", "above/ledger", "--format", "json"]);
        assert!(made.status.success(), "{made:?}");
        let told: Value = serde_json::from_slice(&made.stdout).expect("json");
        assert_eq!((&told["shared"], &told["head"]["count"]), (&true.into(), &0.into()));
        let home_arg = home.to_str().expect("UTF-8");
        let again = under(umask, &desk, &["--home", home_arg, "audit", "accept", "--reason", "x"]);
        assert!(again.status.success(), "{again:?}");
        let new = under(umask, &desk, &["--home", home_arg, "profile", "new", "a-b"]);
        assert!(new.status.success(), "{new:?}");
        // Locks are tried where numbers are taken.
        let reserve = ["reserve", "S000062010001", "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
        let reserved = under(umask, &desk, &[&["--home", home_arg, "ledger"], &reserve[..]].concat());
        assert!(reserved.status.success(), "{reserved:?}");
        assert_eq!(mode(&home), 0o2770, "umask {umask}");
        let expected = [
            ("profiles", 0o2770),
            ("skillcert.head", 0o660),
            ("skillcert.lockprobe", 0o660),
            ("skillcert.sqlite3", 0o660),
        ];
        assert_eq!(modes(&home), expected.map(|(name, mode)| (name.to_string(), mode)), "umask {umask}");
        assert_eq!(modes(&home.join("profiles")), [("a-b.toml".to_string(), 0o660)], "umask {umask}");
    }
}

#[test]
fn a_copy_of_an_older_file_is_the_groups_too() {
    let desk = Desk::new();
    let home = desk.path("ledger");
    fs::create_dir(&home).expect("made");
    first_release(&home);
    fs::set_permissions(&home, fs::Permissions::from_mode(0o2770)).expect("mode");
    let ran = desk.run(&["init", "--shared", "ledger"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(mode(&home.join("skillcert.sqlite3.v1.bak")), 0o660);
    assert_eq!(mode(&home.join("skillcert.sqlite3")), 0o660);
}

#[test]
fn a_folder_of_ones_own_becomes_shared_with_all_in_it_and_stays_so() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["--home", "ledger", "init"]).code, 0);
    assert_eq!(desk.run(&["--home", "ledger", "profile", "new", "a-b"]).code, 0);
    let home = desk.path("ledger");
    assert_eq!((mode(&home), mode(&home.join("skillcert.head"))), (0o700, 0o600));
    assert_eq!(desk.run(&["init", "--shared", "ledger"]).code, 0);
    for _ in 0..2 {
        assert_eq!(mode(&home), 0o2770);
        assert!(modes(&home).iter().all(|(name, mode)| *mode == if name == "profiles" { 0o2770 } else { 0o660 }));
        assert_eq!(mode(&home.join("profiles/a-b.toml")), 0o660);
        assert_eq!(desk.run(&["--home", "ledger", "init"]).code, 0);
    }
}

#[test]
fn a_folder_with_other_things_is_not_opened_to_the_group() {
    let desk = Desk::new();
    fs::create_dir(desk.path("letters")).expect("made");
    fs::set_permissions(desk.path("letters"), fs::Permissions::from_mode(0o700)).expect("mode");
    fs::write(desk.path("letters/letter.txt"), "x").expect("written");
    let ran = desk.run(&["init", "--shared", "letters"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("letters") && ran.err.contains("共享"), "{}", ran.err);
    assert_eq!(mode(&desk.path("letters")), 0o700);
    assert!(!desk.path("letters/skillcert.sqlite3").exists());
}

/// A program that another user may start, wherever the build lies.
pub fn program_for_all(desk: &Desk) -> PathBuf {
    fs::set_permissions(desk.folder.path(), fs::Permissions::from_mode(0o755)).expect("mode");
    let program = desk.path("skillcert");
    if fs::hard_link(PROGRAM, &program).is_err() {
        // By a process of its own: what another test starts while it is written here could not be started.
        assert!(Command::new("cp").arg(PROGRAM).arg(&program).status().expect("started").success());
    }
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("mode");
    program
}

#[test]
fn every_member_of_the_group_may_write() {
    const GROUP: u32 = 54_321;
    let desk = Desk::new();
    let home = desk.path("ledger");
    // Who is no administrator can only be the one member there is.
    let is_root = rustix::process::geteuid().is_root();
    let program = program_for_all(&desk);
    let members: &[Option<u32>] = if is_root { &[Some(40_001), Some(40_002), Some(40_001)] } else { &[None, None] };
    assert_eq!(desk.run(&["init", "--shared", "ledger"]).code, 0);
    if is_root {
        chown(&home, None, Some(GROUP)).expect("group");
        fs::set_permissions(&home, fs::Permissions::from_mode(0o2770)).expect("mode");
        assert_eq!(desk.run(&["init", "--shared", "ledger"]).code, 0);
    }
    for (number, member) in members.iter().enumerate() {
        let mut command = Command::new(&program);
        command.env_clear().env("HOME", desk.path("home")).env("USER", format!("member{number}"));
        command
            .args(["--home", "ledger", "audit", "show", "--unmask", "--reason", "核对"])
            .current_dir(desk.folder.path());
        if let Some(uid) = member {
            command.uid(*uid).gid(GROUP);
        }
        let ran = command.output().expect("started");
        assert!(ran.status.success(), "{ran:?}");
    }
    let (code, told) = entries(&desk, "ledger");
    assert_eq!((code, told.len()), (0, members.len()));
    let users: Vec<&Value> = told.iter().map(|e| &e["user"]).collect();
    assert!(!is_root || users == ["member0? (40001)", "member1? (40002)", "member2? (40001)"], "{users:?}");
    assert_eq!(desk.verb(&["--home", "ledger", "audit", "verify"]).code, 0);
    if is_root {
        let mut stranger = Command::new(&program);
        stranger.env_clear().args(["--home", "ledger", "audit", "verify"]).current_dir(desk.folder.path());
        let ran = stranger.uid(40_003).gid(40_003).output().expect("started");
        assert_eq!(ran.status.code(), Some(4), "{ran:?}");
    }
}

fn entries(desk: &Desk, home: &str) -> (i32, Vec<Value>) {
    let ran = desk.verb(&["--home", home, "audit", "show", "--format", "json"]);
    let told: Value = serde_json::from_slice(&ran.bytes).expect("json");
    (ran.code, told["entries"].as_array().expect("list").clone())
}

#[test]
fn where_locks_do_not_work_no_numbers_are_taken() {
    let desk = Desk::new();
    let library = compiled("locks", desk.folder.path());
    assert_eq!(desk.verb(&["--home", "state", "init"]).code, 0);
    let reserve =
        ["ledger", "reserve", "S000062010001", "--year", "24", "--level", "2", "--count", "1", "--reason", "x"];
    let mut command = desk.command(&[&["--home", "state"], &reserve[..]].concat());
    let ran = command.env("LD_PRELOAD", &library).output().expect("started");
    let err = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(4), "{err}");
    assert!(err.contains("不能加锁") && err.contains("本机磁盘"), "{err}");
    // Work that takes no numbers goes on.
    let mut command = desk.command(&["--home", "state", "audit", "show", "--unmask", "--reason", "核对"]);
    let ran = command.env("LD_PRELOAD", &library).output().expect("started");
    assert!(ran.status.success(), "{ran:?}");
}

#[test]
fn two_workbenches_see_each_other_and_one_of_them_edits() {
    let desk = Desk::new();
    let file = sample(&desk);
    let mut first = Harness::open(&desk, &file);
    first.sees(&["共 120 行", "已保存"]);
    let mut second = Harness::resumed(&desk);
    second.sees(&["只读", "正由他人编辑", &first.id()]);
    second.press("X");
    second.press("y");
    second.sees(&["只能看，正由他人编辑"]);
    second.press("#7\r");
    second.until("row 7", |s| s.contains("5/120"));

    // The other one's changes come without a key, and nothing comes when there are none.
    edit_employer(&mut first, 7, "酒泉样例甲公司");
    second.press("\x1b[Hlll");
    second.sees(&["酒泉样例甲公司", "只读"]);
    first.press("u");
    second.until("the undo", |s| !s.contains("酒泉样例甲公司"));
    first.press("\x12");
    second.sees(&["酒泉样例甲公司"]);
    // What was under way is on its way out still; then there is quiet.
    std::thread::sleep(std::time::Duration::from_millis(700));
    let [quiet, still] = [first.raw().len(), second.raw().len()];
    std::thread::sleep(std::time::Duration::from_millis(1300));
    assert_eq!([first.raw().len(), second.raw().len()], [quiet, still], "bytes while nothing happens");

    // A holder that dies leaves the roster to whoever watches.
    first.killed();
    second.until("the roster to be free", |s| s.contains("现在由您编辑") && !s.contains("只读"));
    edit_employer(&mut second, 8, "酒泉样例乙公司");

    // One who asks for it takes it over; the other is told and follows.
    let mut third = Harness::resumed(&desk);
    third.sees(&["酒泉样例甲公司", "酒泉样例乙公司", "只读", &second.id()]);
    third.press("T");
    third.sees(&["接手", &second.id()]);
    third.press("y");
    third.until("the roster to be taken", |s| s.contains("现在由您编辑") && !s.contains("只读"));
    second.sees(&["只读", "正由他人编辑", &third.id()]);
    edit_employer(&mut third, 9, "酒泉样例丙公司");
    second.sees(&["酒泉样例丙公司"]);
    third.leaves();
    second.until("the roster to be free", |s| s.contains("现在由您编辑") && !s.contains("只读"));
    second.leaves();

    let (_, told) = entries(&desk, "state");
    let actions: Vec<&str> = told.iter().map(|e| e["action"].as_str().expect("text")).collect();
    let expected = ["create", "complete", "change", "undo", "redo", "change", "take-over", "change"];
    assert_eq!(actions, expected.map(|a| format!("batch.{a}")));
    assert_eq!(desk.verb(&["--home", "state", "audit", "verify"]).code, 0);
}

#[test]
fn an_old_copy_is_opened_and_told() {
    let desk = Desk::new();
    let file = sample(&desk);
    let database = desk.path("state/skillcert.sqlite3");
    let workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 120 行", "已保存"]);
    workbench.leaves();
    let old = fs::read(&database).expect("read");
    let mut workbench = Harness::resumed(&desk);
    workbench.sees(&["接着上次的工作", "已保存"]);
    edit_employer(&mut workbench, 7, "酒泉样例甲公司");
    workbench.leaves();
    fs::write(&database, old).expect("put back");
    let mut workbench = Harness::resumed(&desk);
    workbench.sees(&["存储文件不是最新的", "已保存"]);
    workbench.press("\x0c");
    edit_employer(&mut workbench, 8, "酒泉样例乙公司");
    workbench.leaves();
    assert_eq!(desk.verb(&["--home", "state", "audit", "verify"]).code, 1);
}

#[test]
fn a_change_made_while_the_roster_was_taken_over_is_taken_back_and_told() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(5));
    let mut workbench = Harness::open(&desk, &file);
    workbench.sees(&["共 5 行", "已保存"]);
    let mut other = Harness::resumed(&desk);
    other.sees(&["只读"]);
    workbench.press("\x1b[Hlll\r\x15");
    workbench.press("甲公司");
    workbench.sees(&["甲公司"]);
    other.press("T");
    other.sees(&["接手"]);
    other.press("y");
    other.sees(&["现在由您编辑"]);
    workbench.press("\r");
    workbench.until("the refusal", |s| s.contains("只读") && s.contains(&other.id()));
    workbench.press("\x1b");
    workbench.until("the stored text", |s| !s.contains("甲公司"));
    assert!(!workbench.screen().contains("未保存"), "{}", workbench.screen());
    workbench.leaves();
    other.leaves();
}

#[test]
fn what_others_make_of_certificates_and_institutions_shows_at_the_rows() {
    let desk = Desk::new();
    let file = desk.roster("clean.csv", &goods(5));
    let name = file.to_str().expect("UTF-8");
    desk.folder("state");
    assert_eq!(desk.verb(&["--home", "state", "ledger", "import", name, "--status", "exported"]).code, 0);
    let first = Harness::open(&desk, &file);
    first.sees(&["共 5 行", "已保存"]);
    let mut second = Harness::resumed(&desk);
    second.sees(&["只读", "正由他人编辑"]);
    second.press("L");
    second.sees(&["S000062010001242J*****"]);
    second.press("2");
    second.sees(&["S000062010001242J00001"]);
    // Of what may follow an export the return is the last.
    second.press("s");
    second.sees(&["被退回"]);
    second.press("G\r");
    second.press("\r");
    second.press("照片不清\r");
    second.press("y");
    first.until("the reason of the return", |s| s.contains("U09") && s.contains("照片不清"));
    second.press("\x1b");
    second.until("the reason of its own return", |s| s.contains("U09") && s.contains("照片不清"));
    second.leaves();

    let add = ["institution", "add", "S000062010001", "--name", "别的组委会", "--profile", "gansu-competition"];
    let added = desk.verb(&[&["--home", "state"], &add[..]].concat());
    assert_eq!(added.code, 0, "{}", added.err);
    first.until("the other name at every row", |s| s.contains("错误 5"));
    first.leaves();
}
