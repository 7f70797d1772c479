//! Giving numbers to the rows of a roster (赋号), all the way from its file or batch to what is stored.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::{Imported, NumberOrder, OpenedRoster, RosterReading, Session};
use crate::domain::batch::Batch;
use crate::domain::ledger::plan::{Plan, RowRefusal};
use crate::domain::ledger::{BatchId, KnownCertificates};
use crate::domain::numbering;
use crate::domain::profile_choice::ChosenBy;
use crate::failure::Failure;
use crate::formats::write_upload::may_write;
use crate::store::Claim;

/// The roster whose rows are to have numbers.
#[derive(Debug, Clone, Copy)]
pub enum RosterAt<'a> {
    /// A batch of the store.
    Batch(BatchId),
    File(&'a Path),
}

/// How numbers are given to the rows of a roster.
#[derive(Debug, Clone, Copy)]
pub struct AllocateOrder<'a> {
    pub wish: NumberOrder<'a>,
    /// Whether it is only told what would be given.
    pub dry_run: bool,
    /// The file that is to be written afterwards, and whether one of that name is replaced: where it could not be, no number is
    /// taken.
    pub output: Option<(&'a Path, bool)>,
    /// Whether it is agreed to that issue dates are written over, whichever they are.
    pub may_restamp: bool,
    /// What was told of the dates that are written over and agreed to; where it is something else by now, it is told anew.
    pub agreed: Option<&'a str>,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// What was given, or would be.
pub struct Allocated {
    /// The batch with its numbers in force.
    pub batch: Batch,
    /// Its place in the store; nothing for a file that was not kept.
    pub id: Option<BatchId>,
    pub plan: Plan,
    /// The entry that took the numbers.
    pub entry: Option<u64>,
    /// How many errors keep the file from being written that was asked for; then no number was taken, unless it was told to
    /// number rows with errors.
    pub errors_left: usize,
    /// The issue dates that would be written over, in words, where that must be agreed to first; then nothing was done.
    pub to_agree: Option<String>,
    /// Nobody else changes the rows while it is held.
    pub claim: Option<Claim>,
}

impl Session {
    /// Plans numbers for the rows of a roster that have none, keeps it as a batch and takes them. A file none of whose rows
    /// gets a number is not kept.
    pub fn allocate(
        &self,
        at: RosterAt<'_>,
        reading: &RosterReading,
        order: &AllocateOrder<'_>,
        tell: &mut dyn FnMut(String),
    ) -> Result<Allocated, Failure> {
        if let (Some((target, overwrite)), false) = (order.output, order.dry_run) {
            let source = match &at {
                RosterAt::Batch(id) => self.batch(*id)?.source.path,
                RosterAt::File(path) => path.to_path_buf(),
            };
            may_write(target, overwrite, Some(&source)).map_err(|e| self.office.locale().write_failure(&e))?;
        }
        let mut reading = reading.clone();
        let mut opened = self.open_for_numbers(at, &mut reading, order.wish.prefix, tell)?;
        let made_of = match &mut opened {
            OpenedRoster::New(file) => self.take_origin(file)?,
            OpenedRoster::Stored(..) => None,
        };
        let plan = self.plan(opened.batch(), &order.wish)?;
        // Before anything is kept, and also where it is only tried: whoever tries asks what the real call would do.
        if !plan.rows.is_empty() {
            self.may_take_numbers()?;
        }
        let left = |batch: &Batch, plan: &Plan| match order.output {
            Some(_) if !plan.rows.is_empty() => numbering::errors_left(batch, plan),
            _ => 0,
        };
        let errors_left = left(opened.batch(), &plan);
        let is_barred = |errors_left| errors_left != 0 && !order.wish.wish.also_errors;
        if order.output.is_some() && !plan.rows.is_empty() && !is_barred(errors_left) {
            self.office.facts_to_write(opened.id().or(made_of), opened.batch(), order.reason)?;
        }
        let id = opened.id();
        let is_for_nothing = plan.rows.is_empty() && plan.refused.iter().any(|(_, why)| *why != RowRefusal::HasCode);
        let restamp = |batch: &Batch, plan: &Plan| {
            let is_asked = numbering::restamp(batch, plan).is_some_and(|restamp| restamp.writes_over());
            let told = self.office.locale().restamp(batch, plan);
            told.filter(|told| is_asked && !order.may_restamp && order.agreed != Some(told))
        };
        let is_only_told = order.dry_run || is_barred(errors_left);
        let to_agree = restamp(opened.batch(), &plan).filter(|_| !is_only_told);
        if is_only_told || to_agree.is_some() || (id.is_none() && is_for_nothing) {
            let batch = opened.into_batch();
            return Ok(Allocated { batch, id, plan, entry: None, errors_left, to_agree, claim: None });
        }
        let (id, batch) = self.keep(opened, &reading, tell)?;
        // Nobody else changes the rows between here and the end.
        let (claim, mut batch) = self.claim_as_read(id, batch, &reading, tell)?;
        let mut plan = self.plan_afresh((Some(id), &mut batch), &order.wish)?;
        let errors_left = left(&batch, &plan);
        let mut entry = None;
        // Somebody may have dated rows since they were first looked at.
        let to_agree = restamp(&batch, &plan).filter(|_| !is_barred(errors_left));
        if !plan.rows.is_empty() && !is_barred(errors_left) && to_agree.is_none() {
            if let Some(words) = self.office.locale().restamp(&batch, &plan) {
                tell(words);
            }
            let taken = self.take_planned(id, &mut batch, plan, &order.wish, order.reason)?;
            (plan, entry) = (taken.0, Some(taken.1));
        }
        self.note_counts(id, &batch);
        Ok(Allocated { batch, id: Some(id), plan, entry, errors_left, to_agree, claim: Some(claim) })
    }

    /// Has a file that the program made of a batch go by the facts of that batch before it is kept: who issues decides which numbers
    /// its rows may get. Gives that batch.
    fn take_origin(&self, Imported { batch, sha256, .. }: &mut Imported) -> Result<Option<BatchId>, Failure> {
        let reader = self.office.reader().map_err(|e| self.office.told(&e))?;
        let (Some(reader), Some(sha256)) = (reader, sha256) else { return Ok(None) };
        let find = || {
            let Some(of) = reader.bridged_from(sha256)? else { return Ok(None) };
            let known = KnownCertificates::clone(batch.context().known());
            let known = known
                .issued_by(reader.route(Some(of))?, reader.filed_body(Some(of))?)
                .of_kind(reader.kind(Some(of))?)
                .beside(vec![of]);
            Ok(Some((of, known)))
        };
        let found = find().map_err(|e| self.office.told(&e))?;
        Ok(found.map(|(of, known)| {
            batch.renew_known(Arc::new(known));
            of
        }))
    }

    /// Opens a roster that is to have numbers. One without codes says nothing of its profile: then that of the prefix counts,
    /// else that of the one institution the rows name, as they are registered, else what a check picks by the places and columns;
    /// it is noted in `reading`.
    fn open_for_numbers(
        &self,
        at: RosterAt<'_>,
        reading: &mut RosterReading,
        prefix: Option<&str>,
        tell: &mut dyn FnMut(String),
    ) -> Result<OpenedRoster, Failure> {
        let path = match at {
            RosterAt::Batch(id) => return self.open_batch(id, reading, tell),
            RosterAt::File(path) => path,
        };
        let opened = self.open_file(path, reading, tell)?;
        let OpenedRoster::New(file) = &opened else { return Ok(opened) };
        if file.profile_by.is_some_and(ChosenBy::is_sure) {
            return Ok(opened);
        }
        let context = opened.batch().context();
        let registry = &context.tables().registry;
        let profiles: BTreeSet<&str> = match prefix.and_then(|prefix| registry.get(prefix)) {
            Some(institution) => BTreeSet::from([institution.profile.as_str()]),
            None => {
                let names = numbering::institutions(opened.batch());
                let registered = registry.institutions().filter(|i| names.contains(i.name()));
                registered.map(|institution| institution.profile.as_str()).collect()
            }
        };
        let mut profiles = profiles.into_iter();
        let (Some(profile), None) = (profiles.next(), profiles.next()) else {
            let locale = self.office.locale();
            // What a check takes it for is good enough to plan by, as long as something speaks for it.
            let Some(by) = file.profile_by.filter(|by| *by != ChosenBy::Nothing) else {
                return Err(self.office.usage("ledger.no-profile-rows", &[]));
            };
            let places = [("profile", locale.profile_name(context.profile())), ("by", &locale.chosen_by(by))];
            tell(locale.fill("ledger.profile-picked", &places));
            let picked = context.profile().id.clone();
            drop(profiles);
            reading.profile = Some(picked);
            return Ok(opened);
        };
        let is_as_read = profile == context.profile().id;
        reading.profile = Some(profile.to_string());
        drop(profiles);
        if is_as_read { Ok(opened) } else { self.open_file(path, reading, tell) }
    }
}
