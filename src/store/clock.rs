//! The clock (时钟) held against what does not go by it: how long the machine has been up, and the clock of the disk, which in a
//! shared folder is the server's. A machine that stood still over a weekend has nothing to answer for.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::error::Result;
use super::{PUT_SETTING, Store, session};

/// How far the clock may be from what else tells the time, in seconds.
const SLACK: i64 = 24 * 60 * 60;

/// A moment by the clock, and how long the machine had been up by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ClockNote {
    /// Tells one start of the machine from another.
    boot: String,
    /// Seconds since then, those in which it slept among them.
    up: i64,
    /// Seconds since 1970.
    clock: i64,
}

impl ClockNote {
    /// Looks at the clock; nothing where the system does not tell how long it has been up.
    fn now() -> Option<ClockNote> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_string();
        let up = fs::read_to_string("/proc/uptime").ok()?;
        let up = up.split('.').next()?.parse().ok()?;
        Some(ClockNote { boot, up, clock: seconds(SystemTime::now())? })
    }

    /// Gives what the clock must say now; nothing where the machine was started anew since.
    fn leads_to(&self, now: &ClockNote) -> Option<i64> {
        (self.boot == now.boot).then(|| self.clock + now.up - self.up)
    }
}

/// Gives what the clock should say, where something tells so and it says otherwise by more than a day.
fn doubted(noted: Option<&ClockNote>, now: &ClockNote, disk_ahead: i64) -> Option<i64> {
    let led = noted.and_then(|noted| noted.leads_to(now));
    let disk = now.clock + disk_ahead;
    led.into_iter().chain([disk]).find(|told| SLACK < (now.clock - told).abs())
}

fn seconds(time: SystemTime) -> Option<i64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs() as i64)
}

/// Names the setting that keeps the note of this host.
fn key() -> String {
    format!("clock:{}", session::host())
}

fn noted(db: &Connection) -> rusqlite::Result<Option<ClockNote>> {
    let found: Option<String> =
        db.query_row("SELECT value FROM setting WHERE key = ?1", [key()], |r| r.get(0)).optional()?;
    // What a later version has noted otherwise tells nothing here.
    Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Notes the clock: where somebody has answered for it, else only where the machine was started anew since it was noted.
pub(super) fn note(db: &Connection, is_answered_for: bool) -> rusqlite::Result<()> {
    let Some(now) = ClockNote::now() else { return Ok(()) };
    if is_answered_for || noted(db)?.is_none_or(|noted| noted.boot != now.boot) {
        db.execute(PUT_SETTING, [&key(), &serde_json::to_string(&now).unwrap_or_default()])?;
    }
    Ok(())
}

/// Tells by how many seconds the disk's clock is ahead of ours, by a file that was written just now.
pub(super) fn disk_ahead(written: &Path) -> i64 {
    let told = fs::metadata(written).and_then(|found| found.modified()).ok().and_then(seconds);
    told.zip(seconds(SystemTime::now())).map_or(0, |(disk, own)| disk - own)
}

impl Store {
    /// Gives what the clock should say and what it says, in seconds since 1970, where the two are more than a day apart.
    pub fn clock_doubt(&self) -> Result<Option<(i64, i64)>> {
        let Some(now) = ClockNote::now() else { return Ok(None) };
        // A clock before the last entry is refused, and accepted with a reason.
        if self.clock_fault()?.is_some() {
            return Ok(None);
        }
        let noted = self.read(noted)?;
        Ok(doubted(noted.as_ref(), &now, self.disk_ahead.get()).map(|told| (told, now.clock)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::batches::samples;

    const DAY: i64 = 86_400;

    fn at(boot: &str, up: i64, clock: i64) -> ClockNote {
        ClockNote { boot: boot.into(), up, clock }
    }

    #[test]
    fn a_clock_that_goes_otherwise_than_the_machine_by_more_than_a_day_is_doubted() {
        let noted = at("a", 1000, 100 * DAY);
        let doubt = |now: &ClockNote| doubted(Some(&noted), now, 0);
        // From Friday to Monday, and over a month in which nobody came: the machine has been up as long.
        assert_eq!(doubt(&at("a", 1000 + 3 * DAY, 103 * DAY)), None);
        assert_eq!(doubt(&at("a", 1000 + 40 * DAY, 140 * DAY)), None);
        // A day is what a time zone or a leap may do.
        assert_eq!(doubt(&at("a", 1000 + 60, 101 * DAY + 60)), None);
        assert_eq!(doubt(&at("a", 1000 + 60, 101 * DAY + 61)), Some(100 * DAY + 60));
        assert_eq!(doubt(&at("a", 1000 + 3 * DAY, 101 * DAY)), Some(103 * DAY), "it went back");
        // After another start nothing is known.
        assert_eq!(doubt(&at("b", 10, 500 * DAY)), None);
        assert_eq!(doubted(None, &at("a", 10, 500 * DAY), 0), None);
    }

    #[test]
    fn a_clock_that_is_not_that_of_the_disk_is_doubted() {
        let now = at("b", 10, 100 * DAY);
        assert_eq!(doubted(None, &now, DAY), None);
        assert_eq!(doubted(None, &now, DAY + 1), Some(101 * DAY + 1));
        assert_eq!(doubted(Some(&at("a", 0, 0)), &now, -1461 * DAY), Some(-1361 * DAY));
    }

    #[test]
    fn a_note_stays_until_the_next_start_or_until_somebody_answers_for_the_clock() {
        let dir = tempfile::tempdir().unwrap();
        let store = samples::open(dir.path(), "wang");
        let first = store.read(noted).unwrap().unwrap();
        assert_eq!(store.clock_doubt().unwrap(), None);
        let put = |note: &ClockNote| store.set_setting(&key(), &serde_json::to_string(note).unwrap()).unwrap();
        let early = ClockNote { clock: first.clock - 2 * DAY, ..first.clone() };
        put(&early);
        assert!(store.clock_doubt().unwrap().is_some_and(|(told, now)| 2 * DAY - 60 < now - told));
        drop(samples::open(dir.path(), "li"));
        assert_eq!(store.read(noted).unwrap(), Some(early), "signing on answers for nothing");
        store.write(|tx| note(tx, true)).unwrap();
        assert_eq!(store.clock_doubt().unwrap(), None);
        put(&ClockNote { boot: "before".into(), ..first.clone() });
        drop(samples::open(dir.path(), "li"));
        assert_eq!(store.read(noted).unwrap().unwrap().boot, first.boot);
        store.set_setting(&key(), "what a later version writes").unwrap();
        assert_eq!(store.clock_doubt().unwrap(), None);
    }
}
