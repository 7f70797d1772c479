//! Four eyes in the store: the rule stands in the audit chain, which nobody's settings change, and every act that approves asks here.

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::error::{Result, StoreError};
use super::{Store, StoreReader};
use crate::domain::ledger::BatchId;
use crate::domain::ledger::action::{Act, Action, ActionName, TheSite, TwoPeopleSaid};
use crate::domain::ledger::case::CaseId;
use crate::domain::ledger::two_people::{
    FirstAct, PreparedThing, SamePerson, SecondAct, TwoPeople, WaitsForSecond, is_same_person,
};
use crate::domain::text;

/// What was said last of the rule, and who said it.
const SAID: &str = "SELECT json_extract(after, '$.state'), user FROM audit WHERE object = 'site' AND action = ?1
    ORDER BY seq DESC LIMIT 1";

/// Who made a batch of files, and who changed it in a way that still stands. Numbers that were given are no change of theirs.
const PREPARED: &str = "
    SELECT 'imported', user, time FROM audit WHERE object = 'batch:' || ?1
        AND action IN ('batch.create', 'batch.add', 'batch.columns')
    UNION ALL SELECT 'edited', user, time FROM change WHERE batch = ?1 AND applied = 1 AND allocation IS NULL";

const OPENED: &str = "SELECT 'opened', user, time FROM audit WHERE object = 'case:' || ?1 AND action = 'case.open'";

/// Somebody's part: what they did, who they are, when.
type Part = (FirstAct, String, String);

fn said(db: &Connection) -> rusqlite::Result<(TwoPeople, String)> {
    let read = |r: &rusqlite::Row| Ok((TwoPeople::read(r.get_ref(0)?.as_str()?).unwrap_or_default(), r.get(1)?));
    let found = db.prepare_cached(SAID)?.query_row([ActionName::SiteTwoPeople.key()], read).optional()?;
    Ok(found.unwrap_or_default())
}

fn parts(db: &Connection, statement: &str, id: i64) -> rusqlite::Result<Vec<Part>> {
    let read = |r: &rusqlite::Row| {
        let did = FirstAct::read(r.get_ref(0)?.as_str()?).unwrap_or(FirstAct::Imported);
        Ok((did, r.get(1)?, r.get(2)?))
    };
    db.prepare_cached(statement)?.query_map([id], read)?.collect()
}

/// Finds what a user did to prepare a thing; nothing where the rule is off, or they had no part in it.
fn own_part(db: &Connection, user: &str, act: SecondAct, thing: PreparedThing) -> rusqlite::Result<Option<SamePerson>> {
    if !said(db)?.0.is_on() {
        return Ok(None);
    }
    let all = match thing {
        PreparedThing::Batch(batch) => parts(db, PREPARED, batch.0)?,
        PreparedThing::Case(case) => parts(db, OPENED, case.0)?,
    };
    let own = all.into_iter().find(|(_, by, _)| is_same_person(by, user));
    Ok(own.map(|(did, user, at)| SamePerson { act, thing, did, user, at }))
}

impl Store {
    /// Tells whether two people are asked for, and who said so last.
    pub fn two_people(&self) -> Result<(TwoPeople, String)> {
        self.read(said)
    }

    /// Has two people asked for from now on; tells whether that was not so before.
    pub fn require_two_people(&self, reason: &str) -> Result<bool> {
        if self.two_people()?.0 == TwoPeople::On {
            return Ok(false);
        }
        self.write_latest(|tx| {
            let stood = said(tx).map_err(|e| self.error(&e))?.0;
            if stood != TwoPeople::On {
                self.say_two_people(tx, stood, TwoPeople::On, reason)?;
            }
            Ok(stood != TwoPeople::On)
        })
    }

    /// Asks to be released from the rule, or agrees to what another person has asked; tells what holds then. Whoever has asked
    /// cannot agree.
    pub fn release_two_people(&self, reason: &str) -> Result<TwoPeople> {
        self.write_latest(|tx| {
            let (stood, by) = said(tx).map_err(|e| self.error(&e))?;
            let next = match stood {
                TwoPeople::On => TwoPeople::Asked,
                TwoPeople::Asked if !is_same_person(&by, &self.user) => TwoPeople::Off,
                stood => return Ok(stood),
            };
            self.say_two_people(tx, stood, next, reason)?;
            Ok(next)
        })
    }

    fn say_two_people(&self, tx: &Transaction, stood: TwoPeople, next: TwoPeople, reason: &str) -> Result<()> {
        let [before, after] = [stood, next].map(|state| TwoPeopleSaid { state });
        let action = Action::SiteTwoPeople(Act { object: TheSite, before: Some(before), after });
        self.append(tx, &action, reason).map(drop).map_err(|e| self.error(&e))
    }

    /// Refuses an act to whoever has prepared what it is about, where two people are asked for.
    pub(super) fn must_be_second(&self, db: &Connection, act: SecondAct, thing: PreparedThing) -> Result<()> {
        match own_part(db, &self.user, act, thing).map_err(|e| self.error(&e))? {
            Some(same) => Err(StoreError::SamePerson(Box::new(same))),
            None => Ok(()),
        }
    }

    /// Refuses to note who has checked a batch, where two people are asked for, to anybody else than them, and to whoever has
    /// prepared it. A word that is taken back is nobody's check.
    pub(super) fn must_be_checker(&self, db: &Connection, batch: BatchId, checker: &str) -> Result<()> {
        if checker.is_empty() || !said(db).map_err(|e| self.error(&e))?.0.is_on() {
            return Ok(());
        }
        self.must_be_second_of(db, SecondAct::Check, batch)?;
        let own = text::signed_by(&self.user);
        if text::folded_name(own) == text::folded_name(checker) {
            return Ok(());
        }
        Err(StoreError::OtherChecker(own.to_string()))
    }

    /// The same for a batch.
    pub(super) fn must_be_second_of(&self, db: &Connection, act: SecondAct, batch: BatchId) -> Result<()> {
        self.must_be_second(db, act, PreparedThing::Batch(batch))
    }

    /// The same for a case.
    pub(super) fn must_be_second_of_case(&self, db: &Connection, act: SecondAct, case: CaseId) -> Result<()> {
        self.must_be_second(db, act, PreparedThing::Case(case))
    }

    /// Tells whether a batch waits for a second person, who prepared it, and whether the user may be the second.
    pub(super) fn waits_for_second(&self, db: &Connection, batch: BatchId) -> rusqlite::Result<Option<WaitsForSecond>> {
        if !said(db)?.0.is_on() {
            return Ok(None);
        }
        let mut by: Vec<String> = Vec::new();
        for (_, user, _) in parts(db, PREPARED, batch.0)? {
            if !by.iter().any(|known| is_same_person(known, &user)) {
                by.push(user);
            }
        }
        let is_yours = !by.iter().any(|one| is_same_person(one, &self.user));
        Ok(Some(WaitsForSecond { by, is_yours }))
    }
}

impl StoreReader {
    /// Tells whether two people are asked for.
    pub fn asks_two_people(&self) -> Result<bool> {
        self.read(said).map(|(state, _)| state.is_on())
    }

    /// Refuses the upload file of a batch to whoever has prepared it, where two people are asked for.
    pub fn may_export(&self, user: &str, batch: BatchId) -> Result<()> {
        match self.read(|db| own_part(db, user, SecondAct::Export, PreparedThing::Batch(batch)))? {
            Some(same) => Err(StoreError::SamePerson(Box::new(same))),
            None => Ok(()),
        }
    }
}
