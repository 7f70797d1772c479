//! Batches of the store for headless verbs: a file imported once, or a batch by its number, with its history in force.

use std::path::Path;
use std::sync::Arc;

use super::args::SourceArgs;
use super::load::{compare, find_profile, ledger_of, sorted_keys, today};
use super::open_store;
use crate::data;
use crate::domain::batch::Batch;
use crate::domain::ledger::BatchId;
use crate::domain::profile::Choice;
use crate::domain::roster::History;
use crate::domain::rules::{CheckContext, Tables};
use crate::failure::{Failure, FailureKind};
use crate::store::{Store, StoreError, StoredBatch};
use crate::words::Locale;

/// Finds the batch that a verb names, and notes its file as the one that is worked on.
pub fn named(
    args: &mut SourceArgs,
    home: Option<&Path>,
    locale: &Locale,
) -> Result<Option<(Store, StoredBatch)>, Failure> {
    let Some(id) = args.batch.map(BatchId) else { return Ok(None) };
    let store = open_store(home, "batch", locale)?;
    let stored = store.batch(id).map_err(|e| locale.store_failure(&e))?;
    args.file.clone_from(&stored.source.path);
    Ok(Some((store, stored)))
}

/// Reads a stored batch with its history in force, with the profile and the day that are given.
pub fn reopen(store: &Store, stored: &StoredBatch, args: &SourceArgs, locale: &Locale) -> Result<Batch, Failure> {
    let told = |e: StoreError| locale.store_failure(&e);
    if !stored.complete {
        return Err(told(StoreError::Unfinished(stored.id.0)));
    }
    let profile = find_profile(args.profile.as_deref().unwrap_or(&stored.profile), locale)?;
    // The form is known again by the columns.
    let labels = stored.columns.labels();
    let choice = Choice::of(data::profiles(), &data::sheet, Some(&profile), &labels, &[]);
    let Choice { profile, form, .. } = choice.ok_or_else(|| Failure::new(FailureKind::Bug, "no form", ""))?;
    let today = today(args.today.as_deref(), locale)?;
    let tables = Arc::new(Tables { registry: store.registry().map_err(told)?, ..data::tables([]) });
    let context = CheckContext::new(profile, form, tables, today);
    let first_line = stored.origin.header_row + 1;
    let mut batch = Batch::new(stored.origin.clone(), stored.columns.clone(), first_line, context);
    let checker = batch.checker().clone();
    for block in store.blocks(stored.id) {
        let block = Arc::new(block.map_err(told)?);
        let report = checker.check_block(&block);
        batch.append(block, report);
    }
    let skipped = store.skipped(stored.id).map_err(told)?;
    batch.skipped = skipped.iter().flat_map(|s| (s.line..s.line + s.count).map(|line| (line, s.reason))).collect();
    batch.finish(sorted_keys);
    let (steps, applied) = store.history(stored.id).map_err(told)?;
    batch.restore(History::restored(steps.into_iter().map(Arc::new).collect(), applied));
    if let Some(ledger) = ledger_of(args, locale) {
        compare(&mut batch, &ledger, Some(stored.id.0), locale);
    }
    Ok(batch)
}
