//! What the chain says of the work on batches.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::ledger::BatchId;
use crate::domain::ledger::audit::Deed;
use crate::domain::roster::Change;
use crate::store::changes::field_key;

/// How many cells of a change stand in its entry; of a larger change only a digest does, its cells are in the change log.
const CELLS: usize = 20;

/// Makes what is said of a batch; null for nothing to say.
pub(in crate::store) fn batch_deed(action: &'static str, batch: BatchId, before: &Value, after: &Value) -> Deed {
    let text = |value: &Value| if value.is_null() { String::new() } else { value.to_string() };
    let object = format!("batch:{}", batch.0);
    Deed { action, object, before: text(before), after: text(after), reason: String::new() }
}

/// Makes what is said of a change that is recorded.
pub(in crate::store) fn change_deed(batch: BatchId, change: &Change) -> Deed {
    let mut after = json!({ "title": change.title, "cells": change.edits.len() });
    if change.edits.len() <= CELLS {
        let edits = change
            .edits
            .iter()
            .map(|e| json!({ "row": e.row, "field": field_key(e.field), "before": &*e.before, "after": &*e.after }));
        after["edits"] = edits.collect();
    } else {
        after["digest"] = digest(change).into();
    }
    batch_deed("batch.change", batch, &Value::Null, &after)
}

/// Computes the SHA-256 over all cells of a change: of each the row, the field and both texts with their lengths.
fn digest(change: &Change) -> String {
    let mut hash = Sha256::new();
    for edit in &change.edits {
        hash.update(edit.row.to_be_bytes());
        for part in [field_key(edit.field), &*edit.before, &*edit.after] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
}
