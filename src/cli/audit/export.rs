//! Writing the chain to a table.

use std::borrow::Cow;
use std::path::Path;

use super::Wanted;
use crate::cli::note::note;
use crate::cli::{export_old, usage};
use crate::domain::ledger::audit::{Entry, EntryFilter};
use crate::domain::upload::TableFormat;
use crate::failure::Failure;
use crate::formats::atomic::{self, WriteError};
use crate::formats::write_report::neutral;
use crate::formats::write_table::{TableCell, TableHead, write_table};
use crate::locale::local_time;
use crate::store::{Store, StoreError};
use crate::words::Locale;

/// How many entries are read at once.
const PAGE: usize = 2000;

/// Writes the entries to an xlsx or csv file, oldest first.
pub fn write(store: &Store, wanted: &Wanted, target: &Path, force: bool, locale: &Locale) -> Result<u8, Failure> {
    let format =
        export_old::format_of(None, target, "utf-8").ok_or_else(|| usage(locale, "cli.unknown-format", &[]))?;
    let filter = wanted.prepare(store, locale)?;
    let failed = |e: StoreError| locale.store_failure(&e);
    let chain = store.audit_head().map_err(failed)?;
    let labels = ["seq", "time", "user", "action", "object", "before", "after", "reason", "previous", "hash"];
    let head = TableHead {
        format,
        sheet: locale.text("audit.sheet"),
        labels: labels.map(|key| Cow::Owned(locale.text(&format!("audit.column.{key}")).to_string())).to_vec(),
        widths: vec![8.0, 20.0, 14.0, 24.0, 34.0, 50.0, 50.0, 30.0, 20.0, 20.0],
        rows: chain.count as u32,
        created: export_old::now(),
    };
    let mut count = 0_u64;
    let mut trouble = None;
    let rows = pages(store, &filter, &mut trouble).map(|entry| {
        count += 1;
        Ok::<_, WriteError>(row(wanted.shown(entry?), format, locale))
    });
    let written = atomic::write(target, force, None, |out| write_table(out, target, &head, rows));
    match (written, trouble) {
        (Err(_), Some(error)) => return Err(failed(error)),
        (written, _) => written.map_err(|e| locale.write_failure(&e))?,
    }
    let places = [("file", target.display().to_string()), ("count", count.to_string())];
    note(&locale.fill("audit.exported", &places.each_ref().map(|(k, v)| (*k, v.as_str()))));
    note(&locale.audit_head(&chain));
    Ok(0)
}

/// Gives the entries page by page. A store that fails ends the file, which is then never seen, and is left in `trouble`.
fn pages<'a>(
    store: &'a Store,
    filter: &'a EntryFilter,
    trouble: &'a mut Option<StoreError>,
) -> impl Iterator<Item = Result<Entry, WriteError>> + 'a {
    let mut last = 0;
    let mut page = Vec::new().into_iter();
    std::iter::from_fn(move || {
        if let Some(entry) = page.next() {
            return Some(Ok(entry));
        }
        match store.entries_after(last, filter, PAGE) {
            Ok(found) => {
                last = found.last().map_or(last, |entry: &Entry| entry.seq);
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

fn row(entry: Entry, format: TableFormat, locale: &Locale) -> Vec<TableCell<'static>> {
    let action = locale.audit_action(&entry.action);
    let time = local_time(&entry.time);
    let texts =
        [entry.seq.to_string(), time, entry.user, action, entry.object, entry.before, entry.after, entry.reason];
    let texts = texts.into_iter().chain([entry.previous, entry.hash]);
    texts.map(|text| Cow::<'static, str>::Owned(neutral(&text, format).into_owned()).into()).collect()
}
