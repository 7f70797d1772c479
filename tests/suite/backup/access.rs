//! Who can see the state folder and its backups, and what belongs to somebody else.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use super::on;
use crate::support::Desk;
use crate::support::shim::compiled;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).mode() & 0o7777
}

/// Lists every file and folder below one with its mode.
fn modes(folder: &Path, all: &mut Vec<(PathBuf, bool, u32)>) {
    for entry in fs::read_dir(folder).expect("folder").flatten() {
        let path = entry.path();
        all.push((path.clone(), path.is_dir(), mode(&path)));
        if path.is_dir() {
            modes(&path, all);
        }
    }
}

#[test]
fn whatever_the_umask_only_those_it_is_for_can_see_the_state() {
    let desk = Desk::new();
    let library = compiled("faults", desk.folder.path());
    for umask in ["000", "022", "077"] {
        for shared in [false, true] {
            let home = desk.path(&format!("state-{umask}-{shared}"));
            let name = home.to_str().expect("UTF-8");
            let run = |arguments: &[&str], variables: &[(&str, &str)]| {
                let mut command = std::process::Command::new("sh");
                command.args(["-c", "umask $1; shift; exec \"$@\"", "sh", umask, crate::support::PROGRAM]);
                command.args(["--home", name]).args(arguments).env_clear().env("HOME", desk.path("home"));
                command.envs(variables.iter().copied()).current_dir(desk.folder.path());
                command.output().expect("started")
            };
            let made = if shared { run(&["init", "--shared", name], &[]) } else { run(&["init"], &[]) };
            assert!(made.status.success(), "{made:?}");
            let of =
                ["ledger", "reserve", "S000062010001", "--year", "24", "--level", "2", "--reason", "x", "--count", "2"];
            assert!(run(&of, &[]).status.success());
            assert!(run(&["profile", "new", "a-b"], &[]).status.success());
            assert!(run(&["backup"], &[]).status.success());
            // A process that dies in the midst of a change leaves its journal behind.
            let journal = home.join("skillcert.sqlite3-journal");
            let left = (1..200).any(|at| {
                let at = at.to_string();
                let library = library.to_str().expect("UTF-8");
                let faults = [("LD_PRELOAD", library), ("SKILLCERT_FAULT_DIR", name), ("SKILLCERT_FAULT_AT", &at)];
                run(&of, &faults);
                journal.metadata().is_ok_and(|found| found.len() != 0)
            });
            assert!(left, "no journal was left");
            let (folder, file) = if shared { (0o2770, 0o660) } else { (0o700, 0o600) };
            let look = |told: &str| {
                let mut all = Vec::new();
                modes(&home, &mut all);
                assert!(6 <= all.len(), "{all:?}");
                assert_eq!(mode(&home), folder, "{told}");
                for (path, is_folder, found) in all {
                    let wanted = if is_folder { folder } else { file };
                    assert_eq!(found, wanted, "{told}: {} {found:o}", path.display());
                }
            };
            look(&format!("umask {umask}, shared {shared}"));
            // What somebody has opened since is closed when the next one writes; whoever only looks changes nothing.
            let mut all = Vec::new();
            modes(&home, &mut all);
            let inside = |path: &Path| path.parent().is_some_and(|p| p == home || p.ends_with("backups"));
            for (path, is_folder, found) in all.iter().filter(|(path, ..)| inside(path)) {
                let open = if *is_folder { 0o005 } else { 0o004 };
                fs::set_permissions(path, fs::Permissions::from_mode(found | open)).expect("opened");
            }
            let told = run(&of, &[]);
            assert!(told.status.success(), "{told:?}");
            let err = String::from_utf8_lossy(&told.stderr);
            // The user's own profiles lie in a folder that nobody else may enter, and are left as they are.
            assert!(!err.contains("别人也看得到"), "{err}");
            let mut all = Vec::new();
            modes(&home, &mut all);
            let open: Vec<_> = all.iter().filter(|(path, _, found)| inside(path) && found & 0o007 != 0).collect();
            let open: Vec<_> = open.iter().filter(|(path, ..)| !path.ends_with("profiles")).collect();
            assert!(open.is_empty(), "{open:?}");
        }
    }
}

#[test]
fn what_belongs_to_somebody_else_and_is_open_is_told() {
    // Only an administrator can give a file away.
    let is_root = rustix::process::geteuid().is_root();
    let desk = Desk::new();
    assert_eq!(on(&desk, "state", &["init"]).code, 0);
    assert_eq!(on(&desk, "state", &["backup"]).code, 0);
    let file = desk.path("state/backups/skillcert-letter.txt");
    fs::write(&file, "").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("mode");
    if is_root {
        chown(&file, Some(40_001), None).expect("given away");
    }
    let ran = on(&desk, "state", &["doctor"]);
    assert!(ran.code == 1 && ran.out.contains("别人也看得到"), "{} {}", ran.code, ran.out);
    let ran = on(&desk, "state", &["audit", "verify"]);
    assert_eq!((ran.code, ran.err.contains("别人也看得到")), (0, is_root), "{}", ran.err);
    assert_eq!(mode(&file), if is_root { 0o644 } else { 0o600 });
}
