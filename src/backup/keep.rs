//! Which backups stay (保留规则): the newest few, and the first of each of the last months.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::LIST;
use crate::formats::age;

/// What the name of a backup begins with; the time follows.
pub(super) const BEGINS: &str = "skillcert-";

/// Of how many months, the one of the newest backup included, the first backup stays.
pub const MONTHS: usize = 12;

/// Removes the backups of a folder that the rule does not keep; gives those. The one that was just made stays in any case, and
/// nothing is removed that this program did not make for this user: another name, another beginning, another owner, a link.
pub(super) fn rotate(folder: &Path, newest: usize, made: &Path) -> Vec<PathBuf> {
    let mut ours: Vec<((String, u32), PathBuf)> =
        stamps(folder).into_iter().filter(|(_, path)| is_ours(path)).collect();
    ours.sort();
    let times: Vec<&str> = ours.iter().map(|((time, _), _)| time.as_str()).collect();
    let kept = kept(&times, newest);
    let goes = |(number, (_, path)): (usize, ((String, u32), PathBuf))| {
        // What cannot be removed stays; the next backup tries again.
        (path != made && !kept.contains(&number) && fs::remove_file(&path).is_ok()).then_some(path)
    };
    ours.into_iter().enumerate().filter_map(goes).collect()
}

/// Gives a number for a backup of a moment that no other one of it has or had while a later one is there.
pub(super) fn next_of(folder: &Path, moment: &str) -> u32 {
    let same = stamps(folder).into_iter().filter(|((time, _), _)| time == moment);
    same.map(|((_, number), _)| number + 1).max().unwrap_or(1)
}

/// Lists what is named as a backup, with its time and number.
fn stamps(folder: &Path) -> Vec<((String, u32), PathBuf)> {
    let all = fs::read_dir(folder).into_iter().flatten().flatten();
    all.filter_map(|entry| Some((time_of(entry.file_name().to_str()?)?, entry.path()))).collect()
}

/// Gives the places of those that stay, of times in ascending order.
fn kept(times: &[&str], newest: usize) -> BTreeSet<usize> {
    // The one that was just made stays in any case.
    let mut kept: BTreeSet<usize> = (times.len().saturating_sub(newest.max(1))..times.len()).collect();
    let mut months: Vec<(&str, usize)> = Vec::new();
    for (number, month) in times.iter().enumerate().map(|(number, time)| (number, &time[..6])) {
        if months.last().is_none_or(|(last, _)| *last != month) {
            months.push((month, number));
        }
    }
    kept.extend(months.iter().rev().take(MONTHS).map(|(_, number)| number));
    kept
}

/// Reads time and number in a name of ours, `skillcert-20261121-185834.zip`; with `-2` behind it for the second of a moment.
fn time_of(name: &str) -> Option<(String, u32)> {
    let rest = name.strip_prefix(BEGINS)?;
    let rest = rest.strip_suffix(".zip").or_else(|| rest.strip_suffix(".zip.age"))?;
    let (time, number) = rest.split_at_checked(15)?;
    let is_time = time.bytes().enumerate().all(|(at, b)| if at == 8 { b == b'-' } else { b.is_ascii_digit() });
    let number = if number.is_empty() { 1 } else { number.strip_prefix('-')?.parse().ok()? };
    is_time.then(|| (time.to_string(), number))
}

/// Tells whether a file begins as our backups do and is this user's.
fn is_ours(path: &Path) -> bool {
    let me = rustix::process::geteuid().as_raw();
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.uid() == me) {
        return false;
    }
    let mut head = Vec::new();
    if File::open(path).and_then(|file| file.take(64).read_to_end(&mut head)).is_err() {
        return false;
    }
    // The name of a zip's first entry stands behind 30 bytes.
    let is_zip = head.starts_with(b"PK\x03\x04") && head.get(30..30 + LIST.len()) == Some(LIST.as_bytes());
    is_zip || head.starts_with(age::INTRO.as_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_and_the_first_of_each_month() {
        let of =
            |times: &[&str], newest| kept(times, newest).into_iter().map(|n| times[n].to_string()).collect::<Vec<_>>();
        let times = ["20260930-1", "20261001-1", "20261015-1", "20261101-1", "20261102-1", "20261103-1"];
        assert_eq!(of(&times, 2), ["20260930-1", "20261001-1", "20261101-1", "20261102-1", "20261103-1"]);
        assert_eq!(of(&times, 0).last().unwrap(), "20261103-1");
        let years: Vec<String> = (0..20).map(|m| format!("{}{:02}01-1", 2025 + m / 12, m % 12 + 1)).collect();
        let years: Vec<&str> = years.iter().map(String::as_str).collect();
        assert_eq!(of(&years, 1).first().unwrap(), years[20 - MONTHS]);
    }

    #[test]
    fn nothing_goes_that_was_not_made_here() {
        let dir = tempfile::tempdir().unwrap();
        let zip = [b"PK\x03\x04".as_slice(), &[0; 26], LIST.as_bytes(), b"{}"].concat();
        let put = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).unwrap();
        for name in [
            "skillcert-20261101-000000.zip",
            "skillcert-20261102-000000.zip",
            "skillcert-20261103-000000-2.zip",
            "skillcert-20261104-000000.zip",
            "skillcert-before-restore-20261102-000000.zip",
            "skillcert-2026110a-000000.zip",
            "letter.zip",
        ] {
            put(name, &zip);
        }
        put("skillcert-20261102-000001.zip", b"PK\x03\x04 somebody else's");
        put("skillcert-20261102-000002.zip.age", b"age-encryption.org/v1\n");
        std::os::unix::fs::symlink("letter.zip", dir.path().join("skillcert-20261102-000003.zip")).unwrap();
        let names: Vec<String> = rotate(dir.path(), 1, Path::new(""))
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(next_of(dir.path(), "20261104-000000"), 2, "that of the newest stands");
        assert_eq!(next_of(dir.path(), "20261105-000000"), 1);
        assert_eq!(
            names,
            ["skillcert-20261102-000000.zip", "skillcert-20261102-000002.zip.age", "skillcert-20261103-000000-2.zip"]
        );
    }
}
