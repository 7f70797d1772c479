//! Backups from the workbench, and the reminder of them.

use super::Setup;
use crate::backup::{Order, make};
use crate::failure::Failure;
use crate::store::{Places, Store, StoreError, user};
use crate::words::Locale;

/// Backs the state folder up over a connection of its own; tells where the backup is.
pub(super) fn back_up(setup: &Setup, locale: &Locale) -> Result<String, Failure> {
    let failed = |e: StoreError| locale.store_failure(&e);
    let places = Places::from_environment(setup.home.as_deref()).map_err(failed)?;
    let store = Store::open(&places, &user(), "backup").map_err(failed)?;
    let order = Order { keep: setup.backup_keep.into(), ..Order::default() };
    let made = make(&store, &places, &order).map_err(|e| locale.backup_failure(&e))?;
    Ok(locale.backup_made(&made))
}

/// Tells what is to be known of a store at the start besides its work: that others can see it, or that its last backup is old.
pub(super) fn reminder(store: &Store, places: &Places, setup: &Setup, locale: &Locale) -> Option<String> {
    locale.loose(&places.loose()).or_else(|| {
        let unsaved = store.unsaved().ok().flatten()?;
        locale.backup_reminder(&unsaved, setup.backup_days)
    })
}
