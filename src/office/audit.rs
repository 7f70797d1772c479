//! The audit chain (审计链): shown with personal data masked, followed to its end, accepted, written out.

use std::borrow::Cow;
use std::path::Path;

use chrono::{Local, NaiveDate, NaiveTime, Utc};

use super::Session;
use crate::domain::ledger::action::UnmaskedObject;
use crate::domain::ledger::audit::{AuditEntry, ChainFault, EntryFilter, Head};
use crate::domain::ledger::masked;
use crate::domain::ledger::share::Share;
use crate::domain::upload::{TableFormat, neutral};
use crate::failure::{Failure, FailureKind};
use crate::formats::atomic::{self, WriteError};
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::locale::local_time;
use crate::store::{Store, StoreError};
use crate::words::Locale;

/// How many entries are read at once.
const PAGE: usize = 2000;

/// Which entries are wanted, and how they are shown.
#[derive(Debug, Default)]
pub struct WantedEntries<'a> {
    pub object: Option<&'a str>,
    /// The first day, on the clock on the wall.
    pub since: Option<NaiveDate>,
    pub user: Option<&'a str>,
    /// Why personal data is shown whole, which is an entry itself; masked when not given.
    pub unmask: Option<&'a str>,
}

/// What following the chain to its end has found.
#[derive(Debug)]
pub struct Followed {
    pub head: Head,
    pub faults: Vec<ChainFault>,
    /// What keeps numbers from being taken besides, where the chain is whole.
    pub no_numbers: Option<Failure>,
}

/// The file that the chain is written to.
#[derive(Debug, Clone, Copy)]
pub struct AuditFile<'a> {
    pub path: &'a Path,
    pub format: TableFormat,
    /// Whether a file of that name is replaced.
    pub overwrite: bool,
}

/// What was written of the chain.
#[derive(Debug)]
pub struct AuditWritten {
    pub entries: u64,
    /// Where the chain stood.
    pub head: Head,
    /// The entry of the share register under which it went out, where it holds personal data whole.
    pub share: Option<Share>,
}

impl Session {
    /// Lists the newest entries, oldest first.
    pub fn audit_entries(&self, wanted: &WantedEntries<'_>, limit: usize) -> Result<Vec<AuditEntry>, Failure> {
        let filter = self.entry_filter(wanted)?;
        let found = self.with(|store| store.latest_entries(&filter, limit))?;
        Ok(found.into_iter().map(|entry| wanted.shown(entry)).collect())
    }

    /// Follows the chain and compares its end with the one noted outside, and with a printed one.
    pub fn verify_audit(&self, printed: Option<&Head>) -> Result<Followed, Failure> {
        let (head, faults) = self.with(|store| store.verify_audit(printed))?;
        let no_numbers = if faults.is_empty() { self.with(Store::may_take_numbers).err() } else { None };
        Ok(Followed { head, faults, no_numbers })
    }

    /// Goes on with a database that is not the latest; tells what was accepted.
    pub fn accept_audit(&self, reason: &str) -> Result<Option<ChainFault>, Failure> {
        self.with(|store| store.accept_audit(reason))
    }

    /// Writes the entries to a table, oldest first.
    pub fn export_audit(&self, wanted: &WantedEntries<'_>, file: &AuditFile<'_>) -> Result<AuditWritten, Failure> {
        let AuditFile { path, format, overwrite } = *file;
        let words = self.office.report_locale();
        let filter = self.entry_filter(wanted)?;
        let head = self.audit_head()?;
        let labels = ["seq", "time", "user", "action", "object", "before", "after", "reason", "previous", "hash"];
        let table = TableHead {
            format,
            sheet: words.text("audit.sheet"),
            labels: labels.map(|key| Cow::Owned(words.text(&format!("audit.column.{key}")).to_string())).to_vec(),
            widths: vec![8.0, 20.0, 14.0, 24.0, 34.0, 50.0, 50.0, 30.0, 20.0, 20.0],
            rows: head.count as u32,
            created: Local::now().fixed_offset(),
            is_filtered: true,
        };
        let mut entries = 0_u64;
        let mut trouble = None;
        let rows = pages(&self.store, &filter, &mut trouble).map(|entry| {
            entries += 1;
            Ok::<_, WriteError>(row(wanted.shown(entry?), format, &words))
        });
        let spared = self.office.spare_state(path);
        let written =
            spared.and_then(|()| atomic::write(path, overwrite, None, |out| write_table(out, path, &table, rows)));
        match (written, trouble) {
            (Err(_), Some(error)) => Err(self.office.told(&error)),
            (Err(error), None) => Err(self.office.locale().write_failure(&error)),
            (Ok(()), _) => {
                let out = |reason: &str| self.note_handed_out(path, (words.text("audit.sheet"), reason), None);
                Ok(AuditWritten { entries, head, share: wanted.unmask.map(out).transpose()? })
            }
        }
    }

    /// Gives the filter of what is wanted, once it is an entry that personal data will be shown.
    fn entry_filter(&self, wanted: &WantedEntries<'_>) -> Result<EntryFilter, Failure> {
        let since = wanted.since.map(|day| self.start_of(day)).transpose()?;
        if let Some(reason) = wanted.unmask {
            self.unmask(&UnmaskedObject::Chain(wanted.object.map(String::from)), reason)?;
        }
        Ok(EntryFilter { object: wanted.object.map(String::from), since, user: wanted.user.map(String::from) })
    }

    /// Gives the beginning of a day here as the chain writes times.
    fn start_of(&self, day: NaiveDate) -> Result<String, Failure> {
        let here = day.and_time(NaiveTime::MIN).and_local_timezone(Local).earliest().ok_or_else(|| {
            let told = self.office.locale().fill("cli.bad-date", &[("value", &day.to_string())]);
            Failure::new(FailureKind::Usage, told, "")
        })?;
        Ok(here.with_timezone(&Utc).format("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

impl WantedEntries<'_> {
    /// Gives an entry as it may be seen.
    fn shown(&self, entry: AuditEntry) -> AuditEntry {
        match self.unmask {
            Some(_) => entry,
            None => AuditEntry { before: masked(&entry.before), after: masked(&entry.after), ..entry },
        }
    }
}

/// Gives the entries page by page. A store that fails ends the file, which is then never seen, and is left in `trouble`.
fn pages<'a>(
    store: &'a Store,
    filter: &'a EntryFilter,
    trouble: &'a mut Option<StoreError>,
) -> impl Iterator<Item = Result<AuditEntry, WriteError>> + 'a {
    let mut last = 0;
    let mut page = Vec::new().into_iter();
    std::iter::from_fn(move || {
        if let Some(entry) = page.next() {
            return Some(Ok(entry));
        }
        match store.entries_after(last, filter, PAGE) {
            Ok(found) => {
                last = found.last().map_or(last, |entry: &AuditEntry| entry.seq);
                page = found.into_iter();
                page.next().map(Ok)
            }
            Err(error) => {
                *trouble = Some(error);
                Some(Err(WriteError::Incomplete))
            }
        }
    })
}

fn row(entry: AuditEntry, format: TableFormat, locale: &Locale) -> Vec<TableCell<'static>> {
    let action = locale.audit_action_in_full(&entry.action);
    let time = local_time(&entry.time);
    let texts =
        [entry.seq.to_string(), time, entry.user, action, entry.object, entry.before, entry.after, entry.reason];
    let texts = texts.into_iter().chain([entry.previous, entry.hash]);
    texts.map(|text| Cow::<'static, str>::Owned(neutral(&text, format).into_owned()).into()).collect()
}
