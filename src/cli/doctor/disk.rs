//! The state folder and the store in it.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Datelike, Utc};
use rustix::fs::{Access, access, statfs, statvfs};
use rustix::process::{Resource, getrlimit};

use super::Verdict::{Attention, Bad, Ok};
use super::{Line, Words};
use crate::data::Settings;
use crate::domain::ledger::audit::Fault;
use crate::failure::Failure;
use crate::store::{Loose, Places, Reader, StoreError, Unsaved, try_locks};

/// With less room than this nothing can be stored for long.
const LITTLE: u64 = 16 << 20;

/// Room for a day's work besides copies of the store.
const ENOUGH: u64 = 256 << 20;

/// So many open files are enough for a workbench, its store, a source and a copy.
const FILES: u64 = 64;

/// File systems by the number that `statfs` gives, and what is to be said of them: from Linux' `magic.h` and the drivers' own.
const SYSTEMS: [(u64, &str, &str); 22] = [
    (0xef53, "ext", "local"),
    (0x5846_5342, "xfs", "local"),
    (0x9123_683e, "btrfs", "local"),
    (0x2fc1_2fc1, "zfs", "local"),
    (0xf2f5_2010, "f2fs", "local"),
    (0x794c_7630, "overlay", "local"),
    (0x4d44, "vfat", "no-modes"),
    (0x2011_bab0, "exfat", "no-modes"),
    (0x5346_544e, "ntfs", "no-modes"),
    (0x0102_1994, "tmpfs", "memory"),
    (0x8584_58f6, "ramfs", "memory"),
    (0x6969, "nfs", "network"),
    (0x517b, "smb", "network"),
    (0xff53_4d42, "cifs", "network"),
    (0xfe53_4d42, "smb2", "network"),
    (0x0102_1997, "9p", "network"),
    (0x00c3_6400, "ceph", "network"),
    (0x0bd0_0bd0, "lustre", "network"),
    (0x4750_4653, "gpfs", "network"),
    (0x5346_414f, "afs", "network"),
    (0x6573_5546, "fuse", "network"),
    (0x7461_636f, "ocfs2", "network"),
];

/// Makes the line of what the store refuses.
pub fn refused(name: &'static str, failure: &Failure) -> Line {
    let (found, hint) = (failure.message.clone(), failure.hint.clone());
    Line { name, verdict: Bad, found, hint, stops_store: true }
}

/// Looks at the state folder and the store.
pub fn lines(words: Words<'_>, places: &Places, settings: &Settings) -> Vec<Line> {
    let home = places.home();
    let shown = home.to_string_lossy();
    let path = [("path", &*shown)];
    let Some(nearest) = home.ancestors().find(|folder| folder.exists()) else { return Vec::new() };
    let can = |what: Access| access(nearest, what).is_ok();
    let mut lines = Vec::new();
    if !nearest.is_dir() {
        lines.push(Line { stops_store: true, ..words.line("folder", Bad, "no-folder", &path) });
        return lines;
    }
    if !can(Access::WRITE_OK | Access::EXEC_OK) {
        let key = if nearest == home { "read-only" } else { "cannot-make" };
        lines.push(Line { stops_store: true, ..words.line("folder", Bad, key, &path) });
    } else if nearest != home {
        lines.push(words.line("folder", Ok, "none-yet", &path));
    } else {
        lines.push(words.line("folder", Ok, if places.is_shared() { "shared" } else { "own" }, &path));
    }
    lines.push(system(words, nearest));
    lines.push(space(words, nearest, places));
    lines.push(files(words));
    if nearest == home {
        lines.push(permissions(words, places));
        lines.extend(store(words, places, settings));
    }
    lines
}

fn system(words: Words<'_>, folder: &Path) -> Line {
    // The number is signed on some machines.
    let Some(kind) = statfs(folder).ok().map(|found| found.f_type as u64 & 0xffff_ffff) else {
        return words.line("system", Attention, "unknown", &[("name", "?")]);
    };
    let number = format!("0x{kind:x}");
    match SYSTEMS.iter().find(|(magic, ..)| *magic == kind) {
        Some((_, name, "local")) => words.line("system", Ok, "local", &[("name", name)]),
        Some((_, name, key)) => words.line("system", Attention, key, &[("name", name)]),
        None => words.line("system", Attention, "unknown", &[("name", &number)]),
    }
}

fn space(words: Words<'_>, folder: &Path, places: &Places) -> Line {
    let Some(free) = statvfs(folder).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize)) else {
        return words.line("space", Attention, "unknown", &[]);
    };
    let size = fs::metadata(places.database()).map_or(0, |found| found.len());
    let megabytes = |bytes: u64| (bytes >> 20).to_string();
    // A backup is copied, packed and read back beside the store.
    let wanted = ENOUGH + 3 * size;
    let (have, need) = (megabytes(free), megabytes(wanted));
    let numbers = [("free", &*have), ("wanted", &*need)];
    match free {
        free if free < LITTLE => words.line("space", Bad, "none", &numbers),
        free if free < wanted => words.line("space", Attention, "little", &numbers),
        _ => words.line("space", Ok, "enough", &numbers),
    }
}

fn files(words: Words<'_>) -> Line {
    match getrlimit(Resource::Nofile).current {
        Some(most) if most < FILES => words.line("files", Attention, "few", &[("n", &most.to_string())]),
        _ => words.line("files", Ok, "enough", &[]),
    }
}

fn permissions(words: Words<'_>, places: &Places) -> Line {
    let loose = places.loose();
    let Some(Loose { path, mode }) = loose.first() else {
        return words.line("permissions", Ok, if places.is_shared() { "group" } else { "owner" }, &[]);
    };
    let (path, mode, n) = (path.to_string_lossy(), format!("{mode:o}"), loose.len().to_string());
    words.line("permissions", Bad, "loose", &[("path", &path), ("mode", &mode), ("n", &n)])
}

fn store(words: Words<'_>, places: &Places, settings: &Settings) -> Vec<Line> {
    let failed = |name, error: &StoreError| refused(name, &words.0.store_failure(error));
    if !places.database().exists() {
        return vec![words.line("store", Ok, "none-yet", &[])];
    }
    let mut lines = vec![match try_locks(places) {
        Result::Ok(true) => words.line("locks", Ok, "work", &[]),
        Result::Ok(false) => words.line("locks", Attention, "untried", &[]),
        Err(error) => failed("locks", &error),
    }];
    let reader = match Reader::open(places) {
        Result::Ok(Some(reader)) => reader,
        Result::Ok(None) => {
            lines.push(words.line("store", Ok, "old", &[]));
            return lines;
        }
        Err(error) => {
            lines.push(failed("store", &error));
            return lines;
        }
    };
    let schema = crate::store::SCHEMA.to_string();
    lines.push(words.line("store", Ok, "opens", &[("schema", &schema)]));
    lines.push(match (reader.number_fault(), reader.last_entry()) {
        (Err(error), _) | (_, Err(error)) => failed("chain", &error),
        (Result::Ok(Some(fault)), _) => {
            let key = if matches!(fault, Fault::Restored(_)) { "restored" } else { "fault" };
            words.line("chain", Bad, key, &[("fault", &words.0.audit_fault(&fault))])
        }
        (Result::Ok(None), Result::Ok(last)) => {
            words.line("chain", Ok, "same", &[("count", &last.map_or(0, |(count, _)| count).to_string())])
        }
    });
    lines.push(clock(words, &reader));
    lines.push(match reader.unsaved() {
        Err(error) => failed("backup", &error),
        Result::Ok(unsaved) => backup(words, unsaved.as_ref(), settings),
    });
    lines
}

fn clock(words: Words<'_>, reader: &Reader) -> Line {
    let now = Utc::now();
    let last = reader.last_entry().ok().flatten().map(|(_, time)| time);
    let is_behind = last.as_deref().and_then(|time| DateTime::parse_from_rfc3339(time).ok()).is_some_and(|t| now < t);
    let shown = words.0.moment(&now.to_rfc3339());
    let key = if is_behind { "behind" } else { "odd" };
    if is_behind || !(2024..2100).contains(&now.year()) {
        return words.line("clock", Bad, key, &[("now", &shown)]);
    }
    words.line("clock", Ok, "fine", &[("now", &shown)])
}

fn backup(words: Words<'_>, unsaved: Option<&Unsaved>, settings: &Settings) -> Line {
    let Some(Unsaved { at, was_made, days }) = unsaved else { return words.line("backup", Ok, "nothing", &[]) };
    let (shown, days_shown) = (words.0.moment(at), days.to_string());
    let is_old = settings.backup_days != 0 && i64::from(settings.backup_days) <= *days;
    let key = if *was_made { "made" } else { "never" };
    words.line("backup", if is_old { Attention } else { Ok }, key, &[("at", &shown), ("days", &days_shown)])
}
