//! The list of batches: read on a thread of its own, so that the store stays free for changes.

use std::sync::mpsc::Sender;
use std::thread;

use super::desk::StoreDesk;
use super::{LoopEvent, Reports, guarded};
use crate::app::import::BatchLine;
use crate::app::msg::Msg;
use crate::domain::ledger::BatchId;
use crate::domain::text;
use crate::failure::Failure;
use crate::office::{KnownPart, Office, WorkedBatch};

/// Lists the batches as they stand when this is asked.
pub(super) fn list_beside(desk: &StoreDesk, to: &Sender<LoopEvent>) {
    let (office, to) = (desk.setup.office.clone(), to.clone());
    thread::spawn(move || {
        let locale = office.locale();
        let listed = guarded(locale, || office.batches());
        // Without its deadlines the list is worth as much.
        let late = guarded(locale, || office.late_batches()).unwrap_or_default();
        let listed = listed.map(|all| {
            let line = |batch| line(batch, &office);
            all.into_iter().map(line).map(|line| with_lateness(line, &late, &office)).collect()
        });
        let _ = to.send(LoopEvent::Msg(Msg::Batches(listed)));
    });
}

/// Archives a batch or brings it back; gives what is to be told of it.
pub(super) fn put_away(desk: &mut StoreDesk, batch: BatchId, archives: bool) -> Result<String, Failure> {
    let session = desk.session()?;
    let file = session.batch(batch)?.origin.file;
    let key = if archives { "status.batch-archived" } else { "status.batch-restored" };
    let _ = if archives { session.archive_batch(batch)? } else { session.bring_batch_back(batch)? };
    Ok(desk.locale.fill(key, &[("batch", &batch.to_string()), ("file", &desk.locale.file_name(&file))]))
}

/// Has the user asked whether a file is opened by itself or one of the batches that it is in.
pub(super) fn ask_which(held: Vec<KnownPart>, reports: &Reports, office: &Office) {
    let batches = held.into_iter().map(|(batch, number)| (line(batch, office), number)).collect();
    reports.send(Msg::InBatches { job: reports.job, batches });
}

/// Says of a batch whether it is late.
fn with_lateness(mut line: BatchLine, late: &[BatchId], office: &Office) -> BatchLine {
    if late.contains(&line.batch) {
        line.is_late = true;
        line.waits.push(office.locale().text("ui.batches.late").to_string());
    }
    line
}

pub(super) fn line((batch, work): WorkedBatch, office: &Office) -> BatchLine {
    let locale = office.locale();
    let counted = |n: u32, key: &str| (n != 0).then(|| locale.fill(key, &[("n", &n.to_string())]));
    let waits = [
        counted(work.unsent, "ui.batches.unsent"),
        counted(work.returned, "ui.batches.returned"),
        work.second.as_ref().map(|waits| locale.waits_for_second(waits)),
    ];
    let waits = waits.into_iter().flatten().collect();
    BatchLine {
        batch: batch.id,
        file: locale.file_name(&batch.origin.file).into_owned(),
        sheet: batch.origin.sheet,
        profile: locale.profile_of(&batch.profile, office.catalogue()).to_string(),
        when: locale.moment(&work.at),
        user: text::signed_by(&work.user).to_string(),
        rows: batch.rows,
        is_complete: batch.complete,
        errors: work.errors,
        edits: work.edits,
        said: work.aside + work.notes,
        numbers: work.numbers,
        unnumbered: work.unnumbered,
        is_changed_since: work.is_changed_since,
        is_outdated: work.is_outdated,
        lacking: work.lacking,
        unsent: work.unsent,
        returned: work.returned,
        is_late: false,
        exported: work.exported_at.map(|at| locale.moment(&at)),
        is_archived: batch.closed,
        parts: batch.parts,
        waits,
    }
}
