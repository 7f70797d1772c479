//! How much memory a roster may take (内存): counted while it is read, so that too much of it is refused in words; what cannot be
//! allocated ends a program.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::{Resource, getrlimit};

use super::{FileRefusal, RefusalKind};
use crate::domain::roster::Block;

/// How often the system is asked, in bytes taken.
const STEP: u64 = 32 << 20;

/// What is left for everything that is no roster.
const RESERVE: u64 = 64 << 20;

/// What a file that is read may take.
#[derive(Debug)]
pub struct Budget {
    /// Bytes that may be held; `None` where nothing is.
    most: Option<u64>,
    held: u64,
    /// How much was held when the system was asked last.
    asked: u64,
    /// The rows so far, those above the table among them, and how many there may be.
    rows: u64,
    most_rows: u32,
}

impl Budget {
    pub fn new(most: Option<u64>, (most_rows, header_rows): (u32, u32)) -> Budget {
        Budget { most, held: 0, asked: 0, rows: header_rows.into(), most_rows }
    }

    /// Takes a block that is kept.
    ///
    /// # Errors
    /// More rows than a sheet has, more bytes than are allowed, or fewer left than the rest of the work takes.
    pub fn take(&mut self, block: &Block) -> Result<(), FileRefusal> {
        self.rows += u64::from(block.line_count());
        if u64::from(self.most_rows) < self.rows {
            return Err(too_large(format!("> {} rows", self.most_rows)));
        }
        let Some(most) = self.most else { return Ok(()) };
        self.held += block.size() as u64;
        if most < self.held {
            return Err(too_large(format!("> {} MB", most >> 20)));
        }
        if STEP <= self.held - self.asked {
            self.asked = self.held;
            // Findings, keys and what is written take about half as much again.
            return has_room(self.held / 2);
        }
        Ok(())
    }
}

/// Asks whether so many bytes are left.
pub fn has_room(bytes: u64) -> Result<(), FileRefusal> {
    match left() {
        Some(left) if left < bytes.saturating_add(RESERVE) => Err(too_large("memory".into())),
        _ => Ok(()),
    }
}

fn too_large(detail: String) -> FileRefusal {
    FileRefusal::new(RefusalKind::TooLarge, detail)
}

/// Gives how many bytes this process can still take; nothing where the system does not tell.
fn left() -> Option<u64> {
    let limits = [limited(Resource::As, "VmSize:"), limited(Resource::Data, "VmData:"), of_group(), of_machine()];
    limits.into_iter().flatten().min()
}

/// Gives what a limit of the process leaves.
fn limited(resource: Resource, used: &str) -> Option<u64> {
    let most = getrlimit(resource).current?;
    Some(most.saturating_sub(field(Path::new("/proc/self/status"), used)? << 10))
}

fn of_machine() -> Option<u64> {
    let of = |name| field(Path::new("/proc/meminfo"), name).map(|kilobytes| kilobytes << 10);
    Some(of("MemAvailable:")? + of("SwapFree:").unwrap_or(0))
}

/// Gives what the process's control group leaves, and those it lies in.
fn of_group() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let root = PathBuf::from("/sys/fs/cgroup");
    let number = |path: PathBuf| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let left = |folder: &Path| {
        let most = number(folder.join("memory.max"))?;
        // What files left in memory is given back when it is wanted.
        let idle = field(&folder.join("memory.stat"), "inactive_file").unwrap_or(0);
        Some(most.saturating_sub(number(folder.join("memory.current"))?.saturating_sub(idle)))
    };
    root.join(own).ancestors().take_while(|folder| folder.starts_with(&root)).filter_map(left).min()
}

/// Gives the number behind a name in a file of the system's.
fn field(path: &Path, name: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::BlockBuilder;

    fn block(lines: u32, text: &str) -> Block {
        let mut builder = BlockBuilder::new();
        builder.cell(text);
        builder.end_row(0);
        builder.finish(lines)
    }

    #[test]
    fn the_rows_of_a_sheet_and_the_bytes_of_the_budget_are_the_end() {
        let mut rows = Budget::new(None, (1_048_576, 1));
        assert_eq!(rows.take(&block(1_048_575, "x")), Ok(()));
        let refused = rows.take(&block(1, "x")).expect_err("a row too many");
        assert_eq!((refused.kind, refused.detail.as_str()), (RefusalKind::TooLarge, "> 1048576 rows"));
        let mut bytes = Budget::new(Some(3 << 20), (100, 1));
        let megabyte = "x".repeat(1 << 20);
        assert_eq!([bytes.take(&block(1, &megabyte)), bytes.take(&block(1, &megabyte))], [Ok(()), Ok(())]);
        assert_eq!(bytes.take(&block(1, &megabyte)).expect_err("too much").detail, "> 3 MB");
    }

    #[test]
    fn what_the_system_leaves_is_known_and_is_not_nothing() {
        let left = left().expect("Linux tells");
        assert!(RESERVE < left && has_room(0).is_ok());
        assert_eq!(has_room(u64::MAX).expect_err("nobody has that").detail, "memory");
    }
}
