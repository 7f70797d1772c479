//! What the program stands on (自检): the state folder, its disk, and the store in it.
//!
//! Nothing is made, migrated or closed by a look, but for the file at which locks are tried.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Datelike, Utc};
use rustix::fs::{Access, access, statfs, statvfs};
use rustix::io::Errno;
use rustix::process::{Resource, getrlimit};

use self::Verdict::{Attention, Bad, Good};
use super::Office;
use crate::domain::ledger::audit::ChainFault;
use crate::domain::text;
use crate::store::{ExposedPath, SCHEMA, StatePaths, StoreError, StoreReader, Unsaved, try_locks};
use crate::words::Locale;

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

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Worth a look; nothing breaks.
    Attention,
    Bad,
}

impl Verdict {
    /// Gives the name used in JSON and in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Verdict::Good => "ok",
            Verdict::Attention => "attention",
            Verdict::Bad => "bad",
        }
    }
}

/// A thing that was looked at.
#[derive(Debug)]
pub struct Inspection {
    /// Its name in JSON; its title is in the locales under `doctor.title.<name>`.
    pub name: &'static str,
    pub verdict: Verdict,
    pub found: String,
    /// What to do; empty where there is nothing.
    pub hint: String,
    /// Whether the store cannot be used because of it.
    pub stops_store: bool,
}

/// Words what looks have found.
#[derive(Debug, Clone, Copy)]
pub struct InspectionWords<'a>(pub &'a Locale);

impl InspectionWords<'_> {
    /// Makes a look from the key of what was found, under `doctor.<name>`; what to do stands under `<key>-hint`.
    pub fn look(self, name: &'static str, verdict: Verdict, key: &str, places: &[(&str, &str)]) -> Inspection {
        let shown: Vec<_> = places.iter().map(|(key, value)| (*key, text::visible(value))).collect();
        let shown: Vec<(&str, &str)> = shown.iter().map(|(key, value)| (*key, &**value)).collect();
        let (found, hint) = (format!("doctor.{name}.{key}"), format!("doctor.{name}.{key}-hint"));
        let hint = if verdict == Verdict::Good { String::new() } else { self.0.fill(&hint, &shown) };
        Inspection { name, verdict, found: self.0.fill(&found, &shown), hint, stops_store: false }
    }

    /// Makes a look from what the store refuses.
    fn refused(self, name: &'static str, error: &StoreError) -> Inspection {
        let failure = self.0.store_failure(error, &|_| None);
        Inspection { name, verdict: Bad, found: failure.message, hint: failure.hint, stops_store: true }
    }
}

impl Office {
    /// Looks at the state folder and the store.
    pub fn look_at_state(&self) -> Vec<Inspection> {
        let words = InspectionWords(&self.0.locale);
        match self.places() {
            Ok(places) => folder(words, &places, self.settings().backup_days),
            Err(error) => vec![words.refused("folder", &error)],
        }
    }
}

fn folder(words: InspectionWords<'_>, places: &StatePaths, backup_days: u16) -> Vec<Inspection> {
    let home = places.home();
    let shown = home.to_string_lossy();
    let path = [("path", &*shown)];
    let Some(nearest) = home.ancestors().find(|folder| folder.exists()) else { return Vec::new() };
    let mut lines = Vec::new();
    if !nearest.is_dir() {
        lines.push(Inspection { stops_store: true, ..words.look("folder", Bad, "no-folder", &path) });
        return lines;
    }
    if let Err(error) = access(nearest, Access::WRITE_OK | Access::EXEC_OK) {
        let key = match error {
            Errno::ROFS => "read-only-disk",
            _ if nearest == home => "read-only",
            _ => "cannot-make",
        };
        lines.push(Inspection { stops_store: true, ..words.look("folder", Bad, key, &path) });
    } else if nearest != home {
        lines.push(words.look("folder", Good, "none-yet", &path));
    } else {
        lines.push(words.look("folder", Good, if places.is_shared() { "shared" } else { "own" }, &path));
    }
    lines.push(system(words, nearest));
    lines.push(space(words, nearest, places));
    lines.push(files(words));
    if nearest == home {
        lines.push(permissions(words, places));
        lines.extend(store(words, places, backup_days));
    }
    lines
}

fn system(words: InspectionWords<'_>, folder: &Path) -> Inspection {
    // The number is signed on some machines.
    let Some(kind) = statfs(folder).ok().map(|found| found.f_type as u64 & 0xffff_ffff) else {
        return words.look("system", Attention, "unknown", &[("name", "?")]);
    };
    let number = format!("0x{kind:x}");
    match SYSTEMS.iter().find(|(magic, ..)| *magic == kind) {
        Some((_, name, "local")) => words.look("system", Good, "local", &[("name", name)]),
        Some((_, name, key)) => words.look("system", Attention, key, &[("name", name)]),
        None => words.look("system", Attention, "unknown", &[("name", &number)]),
    }
}

fn space(words: InspectionWords<'_>, folder: &Path, places: &StatePaths) -> Inspection {
    let Some(free) = statvfs(folder).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize)) else {
        return words.look("space", Attention, "unknown", &[]);
    };
    let size = fs::metadata(places.database()).map_or(0, |found| found.len());
    let megabytes = |bytes: u64| (bytes >> 20).to_string();
    // A backup is copied, packed and read back beside the store.
    let wanted = ENOUGH + 3 * size;
    let (have, need) = (megabytes(free), megabytes(wanted));
    let numbers = [("free", &*have), ("wanted", &*need)];
    match free {
        free if free < LITTLE => words.look("space", Bad, "none", &numbers),
        free if free < wanted => words.look("space", Attention, "little", &numbers),
        _ => words.look("space", Good, "enough", &numbers),
    }
}

fn files(words: InspectionWords<'_>) -> Inspection {
    match getrlimit(Resource::Nofile).current {
        Some(most) if most < FILES => words.look("files", Attention, "few", &[("n", &most.to_string())]),
        _ => words.look("files", Good, "enough", &[]),
    }
}

fn permissions(words: InspectionWords<'_>, places: &StatePaths) -> Inspection {
    let loose = places.exposed_paths();
    let Some(ExposedPath { path, mode }) = loose.first() else {
        return words.look("permissions", Good, if places.is_shared() { "group" } else { "owner" }, &[]);
    };
    let (path, mode, n) = (path.to_string_lossy(), format!("{mode:o}"), loose.len().to_string());
    words.look("permissions", Bad, "loose", &[("path", &path), ("mode", &mode), ("n", &n)])
}

fn store(words: InspectionWords<'_>, places: &StatePaths, backup_days: u16) -> Vec<Inspection> {
    let opened = StoreReader::open(places);
    if let Ok(None) = &opened
        && !places.database().exists()
    {
        return vec![words.look("store", Good, "none-yet", &[])];
    }
    let mut lines = vec![locks(words, &try_locks(places))];
    let reader = match opened {
        Ok(Some(reader)) => reader,
        Ok(None) => {
            lines.push(words.look("store", Good, "old", &[]));
            return lines;
        }
        Err(error) => {
            lines.push(words.refused("store", &error));
            return lines;
        }
    };
    let schema = SCHEMA.to_string();
    lines.push(words.look("store", Good, "opens", &[("schema", &schema)]));
    lines.push(match (reader.number_fault(), reader.last_entry()) {
        (Err(error), _) | (_, Err(error)) => words.refused("chain", &error),
        (Ok(Some(fault)), _) => {
            let key = match fault {
                ChainFault::Restored(_) => "restored",
                ChainFault::Unnoted(_) => "unnoted",
                _ => "fault",
            };
            words.look("chain", Bad, key, &[("fault", &words.0.audit_fault(&fault))])
        }
        (Ok(None), Ok(last)) => {
            words.look("chain", Good, "same", &[("count", &last.map_or(0, |(count, _)| count).to_string())])
        }
    });
    lines.push(ledger(words, &reader));
    lines.push(clock(words, &reader));
    lines.push(match reader.unsaved() {
        Err(error) => words.refused("backup", &error),
        Ok(unsaved) => backup(words, unsaved.as_ref(), backup_days),
    });
    lines
}

fn locks(words: InspectionWords<'_>, tried: &Result<bool, StoreError>) -> Inspection {
    match tried {
        Ok(true) => words.look("locks", Good, "work", &[]),
        Ok(false) => words.look("locks", Attention, "untried", &[]),
        // What cannot be written is no fault of the locks; it stops the store all the same.
        Err(StoreError::ReadOnly { path, .. })
            if path.parent().is_none_or(|folder| access(folder, Access::WRITE_OK).is_err()) =>
        {
            let path = path.to_string_lossy();
            let look = words.look("locks", Attention, "read-only", &[("path", &path)]);
            Inspection { stops_store: true, ..look }
        }
        Err(error) => words.refused("locks", error),
    }
}

/// Verifies the ledger as a backup does, so that what stands in the way of one is told before it is wanted.
fn ledger(words: InspectionWords<'_>, reader: &StoreReader) -> Inspection {
    match reader.verify() {
        Err(error) => words.refused("ledger", &error),
        Ok((_, report)) if report.is_sound() => words.look("ledger", Good, "sound", &[]),
        Ok((_, report)) => {
            let problems = words.0.ledger_problems(&report).join(words.0.text("store.and"));
            words.look("ledger", Bad, "unsound", &[("problems", &problems)])
        }
    }
}

fn clock(words: InspectionWords<'_>, reader: &StoreReader) -> Inspection {
    let now = Utc::now();
    let last = reader.last_entry().ok().flatten().map(|(_, time)| time);
    let is_behind = last.as_deref().and_then(|time| DateTime::parse_from_rfc3339(time).ok()).is_some_and(|t| now < t);
    let shown = words.0.moment(&now.to_rfc3339());
    let key = if is_behind { "behind" } else { "odd" };
    if is_behind || !(2024..2100).contains(&now.year()) {
        return words.look("clock", Bad, key, &[("now", &shown)]);
    }
    words.look("clock", Good, "fine", &[("now", &shown)])
}

fn backup(words: InspectionWords<'_>, unsaved: Option<&Unsaved>, backup_days: u16) -> Inspection {
    let Some(Unsaved { at, was_made, days }) = unsaved else { return words.look("backup", Good, "nothing", &[]) };
    let (shown, days_shown) = (words.0.moment(at), days.to_string());
    let is_old = backup_days != 0 && i64::from(backup_days) <= *days;
    let key = if *was_made { "made" } else { "never" };
    words.look("backup", if is_old { Attention } else { Good }, key, &[("at", &shown), ("days", &days_shown)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cause::OwnFileFault;
    use crate::words::Lang;

    #[test]
    fn a_disk_that_cannot_be_written_is_not_called_a_failure_of_its_locks() {
        let cause = OwnFileFault::Unwritable.into();
        let read_only = Err(StoreError::ReadOnly { path: "/state/skillcert.lockprobe".into(), cause });
        for (lang, told) in [(Lang::Zh, "写不进去"), (Lang::En, "cannot be written")] {
            let locale = Locale::load(lang);
            let look = locks(InspectionWords(&locale), &read_only);
            assert!(look.found.contains(told) && look.found.contains("/state/skillcert.lockprobe"), "{}", look.found);
            assert!(look.stops_store && look.verdict == Attention && !look.hint.is_empty(), "{}", look.hint);
            let broken = locks(InspectionWords(&locale), &Err(StoreError::NoLocks { path: "/state".into() }));
            assert_eq!(broken.verdict, Bad);
        }
    }
}
